"""From a plain mapping to a record by cattrs: whatever is wrong, all of it at once."""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, TypeVar

import attrs

from cattrs import Converter
from cattrs.errors import (
    AttributeValidationNote,
    BaseValidationError,
    ClassValidationError,
    IterableValidationError,
    IterableValidationNote,
)
from cattrs.gen import make_dict_structure_fn, override

from .errors import Mistake, RecordError
from .facts import FURTHER, County, Enterprise, Entry, Given, Record, Subject
from .fields import MISSING_ID, is_missing
from .readers import NotReadableError, shown
from .record_checks import LONGEST_NAME, MAX_RECORDS, meant, repeated
from .vocabulary import PLAIN_VALUE, FactDeclaration, RecordDeclaration, Vocabulary

S = TypeVar("S", bound=Subject)


def strictly(
    mapping: object, form: type[S], vocabulary: Vocabulary
) -> tuple[S | None, list[Mistake]]:
    """The subject that a mapping describes, or every mistake in it."""
    try:
        return _converter(vocabulary).structure(mapping, form), []
    except (BaseValidationError, NotReadableError) as error:
        return None, list(dict.fromkeys(_mistakes(error, "")))


# --- cattrs: one converter for a vocabulary ------------------------------------

_Reader = Callable[[Any], Given]
_Hints = Mapping[str, str]


@lru_cache(maxsize=16)
def _converter(vocabulary: Vocabulary) -> Converter:
    converter = Converter(detailed_validation=True)
    forms: tuple[type[Enterprise | County], ...] = (Enterprise, County)
    for form in forms:
        declared = vocabulary[form.subject]
        lists = {a.name: a.metadata.get("form", Record) for a in attrs.fields(form)}
        readers: dict[str, _Reader] = _value_readers(declared.facts)
        for name, records in declared.records.items():
            fields = _value_readers(records.fields)
            one = lists.get(name, Record)
            structure = (
                _entry_hook(records)
                if records.plain
                else _record_hook(converter, one, fields, _labels(records.fields))
            )
            readers[name] = _list_reader(records, one, structure)
        readers["id"] = _id_reader(declared.facts["id"])
        hints = _elsewhere(form, vocabulary) | _labels(declared.facts)
        hook = _record_hook(converter, form, readers, hints)
        converter.register_structure_hook(form, hook)
    return converter


def _labels(declared: Mapping[str, FactDeclaration]) -> dict[str, str]:
    """What to say of a field that is given by its Chinese label."""
    return {d.label: f"did you mean {name!r}?" for name, d in declared.items()}


def _elsewhere(
    form: type[Enterprise | County], vocabulary: Vocabulary
) -> dict[str, str]:
    """What to say of a field that only the other kind of subject has."""
    other = "county" if form is Enterprise else "enterprise"
    article = "a" if form is Enterprise else "an"
    hint = f"it belongs to {article} {other}: kind: {other}"
    return dict.fromkeys(vocabulary[other].names(), hint)


def _id_reader(declaration: FactDeclaration) -> _Reader:
    def read(raw: object) -> Given:
        if is_missing(raw):
            raise NotReadableError(MISSING_ID)
        return declaration.read(raw)

    return read


def _value_readers(declared: Mapping[str, FactDeclaration]) -> dict[str, _Reader]:
    return {name: declaration.read for name, declaration in declared.items()}


def _record_hook(
    converter: Converter,
    form: type[Record],
    readers: Mapping[str, _Reader],
    hints: _Hints,
) -> Callable[..., Record]:
    """How a record is structured: core fields by cattrs, further facts beside them."""
    core = {a.name for a in attrs.fields(form)} - FURTHER
    further = {name: read for name, read in readers.items() if name not in core}
    needed = {"id"} if issubclass(form, Subject) else set()
    overrides: dict[str, Any] = {
        name: override(struct_hook=_ignoring_type(readers[name])) for name in core
    }
    structure_core = make_dict_structure_fn(
        form, converter, **overrides, facts=override(omit=True)
    )

    def structure(raw: object, _: object = None) -> Record:
        if not isinstance(raw, Mapping):
            kind = type(raw).__name__
            raise NotReadableError(f"expected a mapping of facts, got {kind}")
        given, errors = _further_facts(raw, further)
        errors += _unknown_fields(raw, readers, hints)
        rest = {name: raw.get(name) for name in core if name in raw or name in needed}
        try:
            record = structure_core(rest, form)
        except ClassValidationError as error:
            raise ClassValidationError("", [*error.exceptions, *errors], form) from None
        if errors:
            raise ClassValidationError("", errors, form)
        return attrs.evolve(record, facts=tuple(sorted(given.items())))

    return structure


def _entry_hook(declared: RecordDeclaration) -> Callable[..., Record]:
    """How one value of a plain list is read."""
    read = declared.fields[PLAIN_VALUE].read_one

    def structure(raw: object, _: object = None) -> Record:
        if raw is None:
            raise NotReadableError("a value that is not known", "leave it out")
        return Entry(value=read(raw))

    return structure


def _ignoring_type(read: _Reader) -> Callable[[Any, Any], Given]:
    """Cattrs passes the annotated type besides the value; declarations know better."""
    return lambda raw, _: read(raw)


def _unknown_fields(
    raw: Mapping[Any, Any], known: Mapping[str, object], hints: _Hints
) -> Iterator[Exception]:
    for name in raw:
        if not isinstance(name, str):
            yield NotReadableError(f"field names are text, got {shown(name)}")
        elif name not in known:
            hint = hints.get(name) or meant(name, known)
            error = NotReadableError("unknown field", hint)
            error.add_note(AttributeValidationNote("", _path_name(name), object))
            yield error


def _path_name(name: str) -> str:
    """A field's name as a path shows it: as it is, where that is short and clear."""
    plain = name.isprintable() and 0 < len(name) <= LONGEST_NAME
    return name if plain else shown(name)


def _further_facts(
    raw: Mapping[Any, Any], readers: Mapping[str, _Reader]
) -> tuple[dict[str, Given], list[Exception]]:
    values: dict[str, Given] = {}
    errors: list[Exception] = []
    for name in readers:
        try:
            values[name] = readers[name](raw.get(name))
        except (BaseValidationError, NotReadableError, RecordError) as error:
            error.add_note(AttributeValidationNote("", name, object))
            errors.append(error)
    return {name: value for name, value in values.items() if value is not None}, errors


def _list_reader(
    declaration: RecordDeclaration,
    form: type[Record],
    structure: Callable[..., Record],
) -> _Reader:
    def read(raw: object) -> Given:
        if raw is None:
            return () if declaration.closed else None
        if not isinstance(raw, list | tuple):
            raise _no_list(declaration, raw)
        if len(raw) > MAX_RECORDS:
            what = "values" if declaration.plain else "records"
            raise NotReadableError(f"more than {MAX_RECORDS} {what}")
        records: list[Record] = []
        errors: list[Exception] = []
        for index, entry in enumerate(raw):
            try:
                records.append(structure(_plain(entry, form)))
            except (BaseValidationError, NotReadableError) as error:
                error.add_note(IterableValidationNote("", index, object))
                errors.append(error)
        if errors:
            raise IterableValidationError("", errors, tuple)
        mistakes = repeated(declaration, records)
        if mistakes:
            raise RecordError(mistakes)
        return tuple(records)

    return read


def _no_list(declaration: RecordDeclaration, raw: object) -> NotReadableError:
    """What is said of something that is no list where one is expected."""
    what = "values" if declaration.plain else "records"
    hint = "write [] if there is none"
    if declaration.plain and isinstance(raw, str):
        hint = f"write [{shown(raw)}]"
    elif isinstance(raw, Mapping) and not declaration.plain:
        hint = "write [{…}]"
    return NotReadableError(
        f"expected a list of {what}, got {type(raw).__name__}", hint
    )


def _plain(entry: object, form: type[Record]) -> object:
    """A record as a mapping: those built in Python are read like any other."""
    if isinstance(entry, Entry):
        return entry.value
    if not isinstance(entry, Record):
        return entry
    if not isinstance(entry, form):
        name = type(entry).__name__
        raise NotReadableError(f"expected {form.__name__}, got {name}")
    return entry.to_dict()


# --- the mistakes in a tree of errors ------------------------------------------


def _mistakes(error: Exception, path: str) -> Iterator[Mistake]:
    if isinstance(error, ClassValidationError | IterableValidationError):
        noted, others = error.group_exceptions()
        for inner, note in noted:
            yield from _mistakes(inner, path + _step(note, first=not path))
        for inner in others:
            yield from _mistakes(inner, path)
    elif isinstance(error, RecordError):
        yield from error.mistakes
    elif isinstance(error, NotReadableError):
        for step, inside in error.inside:
            yield from _mistakes(inside, path + step)
        if not error.inside:
            yield Mistake(path or "record", str(error), error.suggestion)
    else:
        # No reader raises it: a signal has come, whose handler broke off.
        raise error


def _step(
    note: AttributeValidationNote | IterableValidationNote, *, first: bool
) -> str:
    if isinstance(note, IterableValidationNote):
        return f"[{note.index}]"
    return note.name if first else f".{note.name}"
