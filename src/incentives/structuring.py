"""From a plain mapping to an Enterprise or a County, with every mistake at once."""

import re

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
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

from .book import RuleBook
from .errors import Mistake, RecordError, did_you_mean
from .facts import (
    COUNTY,
    County,
    Enterprise,
    Entry,
    Given,
    Record,
    Subject,
)
from .fields import MISSING_ID, is_missing
from .readers import NotReadableError, shown
from .remembering import Remembered
from .vocabulary import PLAIN_VALUE, FactDeclaration, RecordDeclaration, Vocabulary

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

    book = bundled() if rules is None else rules
    awards: object = None
    if isinstance(mapping, Mapping):
        _refuse_other_kind(mapping.get("kind"), form, book.vocabulary)
        awards = mapping.get("awards")
    subject = None
    mistakes: list[Mistake] = []
    try:
        subject = _converter(book.vocabulary).structure(mapping, form)
    except (BaseValidationError, NotReadableError) as error:
        mistakes = list(dict.fromkeys(_mistakes(error, "")))
    if subject is not None:
        mistakes += _empty_awards(subject)
    told = {mistake.path for mistake in mistakes}
    if rules is not None:  # else the awards may be under any rules
        mistakes += [m for m in _unknown_rules(awards, rules) if m.path not in told]
    if subject is None or mistakes:
        raise RecordError(sorted(mistakes, key=_in_path_order))
    return subject


def _in_path_order(mistake: Mistake) -> tuple[list[object], str]:
    """By path, `listings[2]` before `listings[10]`."""
    steps = re.split(r"([0-9]{1,9})", mistake.path)
    return [int(s) if i % 2 else s for i, s in enumerate(steps)], mistake.message


def subject_of(record: object, rules: RuleBook) -> Enterprise | County:
    """
    The subject itself, or the one that a mapping describes, checked against rules.

    Raises :class:`RecordError`.
    """
    if isinstance(record, Enterprise | County):
        return _checked_once(record, rules)
    if not isinstance(record, Mapping):
        kind = type(record).__name__
        wrong = f"expected an Enterprise, a County or a mapping, got {kind}"
        raise RecordError([Mistake("record", wrong)])
    if _means_county(record.get("kind")):
        return structured(record, County, rules)
    return structured(record, Enterprise, rules)


_COUNTY_NAMES = (COUNTY.value, COUNTY.label)


def _means_county(kind: object) -> bool:
    """Whether a kind is that of a county, or a slip of the pen for it."""
    if not isinstance(kind, str) or len(kind) > 2 * len(COUNTY.value):
        return False
    close = get_close_matches(kind, [COUNTY.value], cutoff=0.8)
    return bool(close) or kind == COUNTY.label


def _refuse_other_kind(kind: object, form: type[S], vocabulary: Vocabulary) -> None:
    """A record of another kind of subject: its other fields are no mistakes."""
    enterprises = vocabulary[Enterprise.subject].facts["kind"]
    if form is Enterprise and kind in _COUNTY_NAMES:
        wrong = Mistake(
            "kind", "a county is no enterprise", "read it with County.from_dict"
        )
        raise RecordError([wrong])
    if form is County and isinstance(kind, str) and kind in enterprises.names():
        wrong = Mistake(
            "kind", "an enterprise is no county", "read it with Enterprise.from_dict"
        )
        raise RecordError([wrong])


#: Objects that were checked, with the book, and what they were read as where that is
#: another object: they cannot change.
_CHECKED: Remembered[
    Enterprise | County, tuple[RuleBook, Enterprise | County | None]
] = Remembered()


def _checked_once(subject: Enterprise | County, rules: RuleBook) -> Enterprise | County:
    """An object built by hand, checked when it is first met with."""
    known = _CHECKED.get(subject)
    if known is not None and known[0] is rules:
        return subject if known[1] is None else known[1]
    found = _checked(subject, rules)
    _CHECKED.keep(subject, (rules, None if found is subject else found))
    return found


def _checked(subject: Enterprise | County, rules: RuleBook) -> Enterprise | County:
    """An object built by hand, whose further facts nobody has read yet."""
    lists = dict(_lists(subject))
    if subject.facts or any(r.facts for records in lists.values() for r in records):
        return structured(subject.to_dict(), type(subject), rules)
    mistakes = [*_unknown_rules(subject.awards, rules), *_empty_awards(subject)]
    for name, declared in rules.vocabulary[subject.subject].records.items():
        mistakes += _repeated(declared, lists.get(name, ()))
    if mistakes:
        raise RecordError(sorted(mistakes, key=_in_path_order))
    return subject


def _lists(subject: Record) -> Iterator[tuple[str, tuple[Record, ...]]]:
    for attribute in attrs.fields(type(subject)):
        value = getattr(subject, attribute.name)
        if attribute.name != "facts" and isinstance(value, tuple):
            yield attribute.name, value


def _unknown_rules(awards: object, rules: RuleBook) -> Iterator[Mistake]:
    """An award under a rule that nobody knows would be paid twice: refuse it."""
    known = [rule.id for rule in rules.rules]
    given = awards if isinstance(awards, list | tuple) else ()
    for index, entry in enumerate(given):
        award = entry.to_dict() if isinstance(entry, Record) else entry
        if not isinstance(award, Mapping):
            continue
        rule, policy = award.get("rule"), award.get("policy")
        here = policy is None or policy == rules.policy.id
        if isinstance(rule, str) and rule not in known and here:
            hint = _meant(rule, known) or (
                "an award under another policy names it: policy: …"
            )
            yield Mistake(f"awards[{index}].rule", f"unknown rule {shown(rule)}", hint)


def _empty_awards(subject: Subject) -> Iterator[Mistake]:
    """An award of nothing would count as an award, and bar the real one: refuse it."""
    awards = subject.fact("awards")
    for index, award in enumerate(awards if isinstance(awards, tuple) else ()):
        if award.fact("amount") == 0:
            path = f"awards[{index}].amount"
            yield Mistake(path, "an award of nothing", "leave out what was not paid")


#: No name that somebody mistyped is longer; comparing longer ones takes long.
_LONGEST_NAME = 100


def _meant(name: str, known: Iterable[str]) -> str | None:
    return did_you_mean(name, known) if len(name) <= _LONGEST_NAME else None


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
    core = {a.name for a in attrs.fields(form)} - {"facts"}
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
            hint = hints.get(name) or _meant(name, known)
            error = NotReadableError("unknown field", hint)
            error.add_note(AttributeValidationNote("", _path_name(name), object))
            yield error


def _path_name(name: str) -> str:
    """A field's name as a path shows it: as it is, where that is short and clear."""
    plain = name.isprintable() and 0 < len(name) <= _LONGEST_NAME
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
        repeated = _repeated(declaration, records)
        if repeated:
            raise RecordError(repeated)
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


def _repeated(
    declaration: RecordDeclaration, records: Sequence[Record]
) -> list[Mistake]:
    """A key stands for one thing: two records with one key would share its cap."""
    if declaration.key is None:
        return []
    seen: dict[Given, str] = {}
    mistakes: list[Mistake] = []
    for index, record in enumerate(records):
        value = record.fact(declaration.key)
        path = f"{declaration.records}[{index}]"
        if value is not None and value in seen:
            if declaration.plain:
                wrong = f"{shown(value)} stands at {seen[value]} too"
                mistakes.append(Mistake(path, wrong, "say it once"))
            else:
                wrong = f"{shown(value)} is the {declaration.key} of {seen[value]} too"
                mistakes.append(Mistake(f"{path}.{declaration.key}", wrong))
        seen.setdefault(value, path)
    return mistakes


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
