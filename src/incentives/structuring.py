"""From a plain mapping to an Enterprise or a County, with every mistake at once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
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

from .errors import Mistake, RecordError, did_you_mean
from .facts import County, Enterprise, Given, Record, Subject
from .policy import RuleBook
from .vocabulary import (
    FactDeclaration,
    NotReadableError,
    RecordDeclaration,
    Vocabulary,
)

S = TypeVar("S", bound=Subject)

#: No honest list of records of one subject is longer.
MAX_RECORDS = 10_000


def structured(
    mapping: Mapping[str, Any], form: type[S], rules: RuleBook | None = None
) -> S:
    """
    The subject that a mapping describes.

    Raises :class:`RecordError` with every mistake, each with its path and a suggestion.
    """
    from .packs import bundled  # noqa: PLC0415  # only where no book is given

    vocabulary = (bundled() if rules is None else rules).vocabulary
    try:
        return _converter(vocabulary).structure(mapping, form)
    except (BaseValidationError, NotReadableError, RecordError) as error:
        raise RecordError(sorted(set(_mistakes(error, "")), key=str)) from None


def subject_of(record: object, rules: RuleBook) -> Enterprise | County:
    """
    The subject itself, or the one that a mapping describes, checked against rules.

    Raises :class:`RecordError`.
    """
    if isinstance(record, Enterprise | County):
        subject = _checked(record, rules)
    elif not isinstance(record, Mapping):
        kind = type(record).__name__
        raise RecordError(
            [
                Mistake(
                    "record",
                    f"expected an Enterprise, a County or a mapping, got {kind}",
                )
            ]
        )
    elif record.get("kind") in ("county", "县域"):
        subject = structured(record, County, rules)
    else:
        subject = structured(record, Enterprise, rules)
    _check_history(subject, rules)
    return subject


def _checked(subject: Enterprise | County, rules: RuleBook) -> Enterprise | County:
    """An object built by hand, whose further facts nobody has read yet."""
    lists = (value for _, value in _lists(subject))
    if subject.facts or any(record.facts for records in lists for record in records):
        return structured(subject.to_dict(), type(subject), rules)
    return subject


def _lists(subject: Record) -> Iterator[tuple[str, tuple[Record, ...]]]:
    for attribute in attrs.fields(type(subject)):
        value = getattr(subject, attribute.name)
        if attribute.name != "facts" and isinstance(value, tuple):
            yield attribute.name, value


def _check_history(subject: Enterprise | County, rules: RuleBook) -> None:
    """An award under a rule that nobody knows would be paid twice: refuse it."""
    known = [rule.id for rule in rules.rules]
    mistakes = [
        Mistake(
            f"awards[{index}].rule",
            f"unknown rule {award.rule!r}",
            did_you_mean(award.rule, known)
            or "an award under another policy names it: policy: …",
        )
        for index, award in enumerate(subject.awards)
        if award.rule is not None
        and award.rule not in known
        and award.policy in (None, rules.policy.id)
    ]
    if mistakes:
        raise RecordError(mistakes)


# --- cattrs: one converter for a vocabulary ------------------------------------

_Reader = Callable[[Any], Given]


@lru_cache(maxsize=16)
def _converter(vocabulary: Vocabulary) -> Converter:
    converter = Converter(detailed_validation=True)
    for form in (Enterprise, County):
        declared = vocabulary[form.subject]
        lists = {a.name: a.metadata.get("form", Record) for a in attrs.fields(form)}
        readers: dict[str, _Reader] = _value_readers(declared.facts)
        for name, records in declared.records.items():
            fields = _value_readers(records.fields)
            structure = _record_hook(converter, lists.get(name, Record), fields)
            readers[name] = _list_reader(records, structure)
        converter.register_structure_hook(form, _record_hook(converter, form, readers))
    return converter


def _value_readers(declared: Mapping[str, FactDeclaration]) -> dict[str, _Reader]:
    return {name: declaration.read for name, declaration in declared.items()}


def _record_hook(
    converter: Converter, form: type[Record], readers: Mapping[str, _Reader]
) -> Callable[..., Record]:
    """How a record is structured: core fields by cattrs, further facts beside them."""
    core = {a.name for a in attrs.fields(form)} - {"facts"}
    further = {name: read for name, read in readers.items() if name not in core}
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
        errors += _unknown_fields(raw, readers)
        rest = {name: value for name, value in raw.items() if name in core}
        try:
            record = structure_core(rest, form)
        except ClassValidationError as error:
            raise ClassValidationError("", [*error.exceptions, *errors], form) from None
        if errors:
            raise ClassValidationError("", errors, form)
        return attrs.evolve(record, facts=given)

    return structure


def _ignoring_type(read: _Reader) -> Callable[[Any, Any], Given]:
    """Cattrs passes the annotated type besides the value; declarations know better."""
    return lambda raw, _: read(raw)


def _unknown_fields(
    raw: Mapping[Any, Any], known: Mapping[str, object]
) -> Iterator[Exception]:
    for name in raw:
        if name not in known:
            error = NotReadableError("unknown field", did_you_mean(str(name), known))
            error.add_note(AttributeValidationNote("", str(name), object))
            yield error


def _further_facts(
    raw: Mapping[Any, Any], readers: Mapping[str, _Reader]
) -> tuple[dict[str, Given], list[Exception]]:
    values: dict[str, Given] = {}
    errors: list[Exception] = []
    for name in readers:
        try:
            values[name] = readers[name](raw.get(name))
        except (BaseValidationError, NotReadableError) as error:
            error.add_note(AttributeValidationNote("", name, object))
            errors.append(error)
    return {name: value for name, value in values.items() if value is not None}, errors


def _list_reader(
    declaration: RecordDeclaration, structure: Callable[..., Record]
) -> _Reader:
    def read(raw: object) -> Given:
        if raw is None:
            return () if declaration.closed else None
        if not isinstance(raw, list | tuple):
            raise NotReadableError(
                f"expected a list of records, got {type(raw).__name__}",
                "write [] if there is none",
            )
        if len(raw) > MAX_RECORDS:
            raise NotReadableError(f"more than {MAX_RECORDS} records")
        records: list[Record] = []
        errors: list[Exception] = []
        for index, entry in enumerate(raw):
            plain = entry.to_dict() if isinstance(entry, Record) else entry
            try:
                records.append(structure(plain))
            except (BaseValidationError, NotReadableError) as error:
                error.add_note(IterableValidationNote("", index, object))
                errors.append(error)
        if errors:
            raise IterableValidationError("", errors, tuple)
        _refuse_repeated(declaration.key, records)
        return tuple(records)

    return read


def _refuse_repeated(key: str | None, records: Sequence[Record]) -> None:
    """A key stands for one thing: two records with one key would share its cap."""
    seen: dict[Given, int] = {}
    errors: list[Exception] = []
    for index, record in enumerate(records):
        value = None if key is None else record.fact(key)
        if value is None:
            continue
        if value in seen:
            error = NotReadableError(
                f"the same {key} {value!r} as record {seen[value]}"
            )
            error.add_note(IterableValidationNote("", index, object))
            errors.append(error)
        seen.setdefault(value, index)
    if errors:
        raise IterableValidationError("", errors, tuple)


# --- the mistakes in a tree of errors ------------------------------------------


def _mistakes(error: Exception, path: str) -> Iterator[Mistake]:
    match error:
        case ClassValidationError() | IterableValidationError():
            noted, others = error.group_exceptions()
            for inner, note in noted:
                yield from _mistakes(inner, path + _step(note, first=not path))
            for inner in others:
                yield from _mistakes(inner, path)
        case KeyError():
            yield Mistake(path, "missing: every record has an id")
        case RecordError():
            for mistake in error.mistakes:
                yield Mistake(path or mistake.path, mistake.message, mistake.suggestion)
        case NotReadableError():
            yield Mistake(path or "record", str(error), error.suggestion)
        case _:
            raise error


def _step(
    note: AttributeValidationNote | IterableValidationNote, *, first: bool
) -> str:
    if isinstance(note, IterableValidationNote):
        return f"[{note.index}]"
    return note.name if first else f".{note.name}"
