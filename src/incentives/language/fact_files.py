"""facts.yaml: the wording, kinds and units of every fact that a pack reads."""

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as AbstractMapping

import attrs

from ..errors import did_you_mean, one_of
from ..ir import Kind
from ..readers import FactValue, NotReadableError
from ..tables import Table
from ..vocabulary import (
    PLAIN_VALUE,
    EnumerationValue,
    FactDeclaration,
    Label,
    RecordDeclaration,
    SubjectDeclaration,
    Vocabulary,
)
from .expressions.scope import check_name
from .forms.pack_forms import FACT, MEANING, RECORDS, TABLE, names
from .keys import Keys, as_mapping, as_scalar, as_whole_number
from .nodes import Mapping, Node, Problems, Scalar
from .words import VALUES

_FACT_KEYS = names(FACT)
_RECORD_KEYS = names(RECORDS)

SUBJECTS = ("enterprise", "county")

_Tables = AbstractMapping[str, Table]


def vocabulary_of(
    node: Mapping, core: Vocabulary, tables: _Tables, problems: Problems
) -> Vocabulary:
    """The core vocabulary with the wording and the further facts of a pack."""
    keys = Keys(node, (*core.subjects, "tables", "define"), problems, "facts.yaml")
    subjects = dict(core.subjects)
    for subject, declared in core.subjects.items():
        entries = keys.mapping(subject)
        if entries is not None:
            subjects[subject] = _subject(entries, declared, tables, problems)
    _check_definitions(keys, subjects)
    return Vocabulary(subjects, dict(_table_labels(keys, tables)))


def _check_definitions(keys: Keys, subjects: Iterable[str]) -> None:
    """Report definitions that belong to no kind of subject; rules tell the others."""
    body = keys.mapping("define")
    if body is None:
        return
    inner = Keys(body, subjects, keys.problems, repr(keys.shown("define")))
    for subject in subjects:
        inner.mapping(subject)


def shared_definitions(node: Mapping) -> dict[str, Mapping]:
    """Definitions that all rules for a kind of subject share: `define:` at the top."""
    body = node.named("define")
    if not isinstance(body, Mapping):
        return {}
    subjects = [subject for subject in SUBJECTS if body.written(subject) is not None]
    found = {subject: body.named(subject) for subject in subjects}
    return {s: inner for s, inner in found.items() if isinstance(inner, Mapping)}


def _table_labels(keys: Keys, tables: _Tables) -> Iterator[tuple[str, Label]]:
    """What the tables of the pack are called."""
    body = keys.mapping("tables")
    if body is None:
        return
    for name, entry in body.entries.items():
        what = f"the table {name!r}"
        words = as_mapping(entry, keys.problems, what)
        if name not in tables:
            hint = did_you_mean(name, tables) or f"put {name}.csv beside facts.yaml"
            message = f"unknown table {name!r}"
            keys.problems.add("unknown-table", message, body.keys[name], hint)
        elif words is not None:
            said = Keys(words, names(TABLE), keys.problems, what)
            label = said.text("label", required=True)
            yield name, Label(label, said.text("english", required=True))


def _subject(
    node: Mapping, core: SubjectDeclaration, tables: _Tables, problems: Problems
) -> SubjectDeclaration:
    facts = dict(core.facts)
    records = dict(core.records)
    for name, entry in node.entries.items():
        check_name(name, node.keys[name], problems)
        body = as_mapping(entry, problems, f"the fact {name!r}")
        if body is None:
            continue
        if name in records or body.written("fields") is not None:
            records[name] = _records(name, body, records.get(name), tables, problems)
        elif body.written("several") is not None and _is_several(name, body, problems):
            records[name] = _plain_list(name, body, tables, problems)
        else:
            facts[name] = _fact(name, body, facts.get(name), tables, problems)
    _check_names(node, facts, records, problems)
    return SubjectDeclaration(facts, records)


def _check_names(
    node: Mapping,
    facts: AbstractMapping[str, FactDeclaration],
    records: AbstractMapping[str, RecordDeclaration],
    problems: Problems,
) -> None:
    for name in facts.keys() & records.keys():
        message = f"{name!r} is both a fact and a list"
        problems.add("duplicate-name", message, node.keys[name])
    binders: dict[str, str] = {}
    for name, declared in records.items():
        other = binders.setdefault(declared.binder, name)
        if (other != name or declared.binder in facts) and name in node.keys:
            problems.add(
                "duplicate-name",
                f"the name {declared.binder!r} is taken",
                node.keys[name],
                "give the record another name",
            )


def _records(
    name: str,
    node: Mapping,
    core: RecordDeclaration | None,
    tables: _Tables,
    problems: Problems,
) -> RecordDeclaration:
    keys = Keys(node, _RECORD_KEYS, problems, f"the list {name!r}")
    if core is None:
        binder = keys.text("record", required=True) or name
        core = RecordDeclaration(name, binder, {})
    fields = dict(core.fields)
    body = keys.mapping("fields")
    for field, entry in (body.entries if body else {}).items():
        declared = as_mapping(entry, problems, f"the fact {field!r}")
        if declared is not None:
            check_name(field, body.keys[field], problems)  # type: ignore[union-attr]  # it has entries
            fields[field] = _fact(field, declared, fields.get(field), tables, problems)
    key = keys.scalar("key")
    if key is not None and key.text not in fields:
        problems.add(
            "unknown-fact",
            f"the key {key.text!r} is not a field of {name!r}",
            key.place,
            did_you_mean(key.text, fields),
        )
    at_most = keys.scalar("at most")
    return attrs.evolve(
        core,
        fields=fields,
        label=keys.text("label", required=True),
        english=keys.text("english", required=True),
        key=core.key if key is None else key.text,
        at_most=None if at_most is None else as_whole_number(at_most, problems),
        note=keys.text("note"),
    )


def _is_several(name: str, node: Mapping, problems: Problems) -> bool:
    return _flag(Keys(node, _FACT_KEYS, problems, f"the fact {name!r}"), "several")


def _flag(keys: Keys, key: str) -> bool:
    return keys.word(key, ("true", "false"), "false") == "true"


def _plain_list(
    name: str, node: Mapping, tables: _Tables, problems: Problems
) -> RecordDeclaration:
    """A fact that has several values at once: a list of single values."""
    value = _fact(name, node, None, tables, problems)
    keys = Keys(node, _FACT_KEYS, Problems(), f"the fact {name!r}")
    if value.yearly or value.closed:
        wrong = "series" if value.yearly else "closed"
        problems.add(
            "kind-mismatch",
            f"a fact with several values cannot be {keys.shown(wrong)!r}",
            node.place_of(wrong),
        )
    at_most = keys.scalar("at most")
    return RecordDeclaration(
        name,
        name,
        {
            PLAIN_VALUE: attrs.evolve(
                value, name=PLAIN_VALUE, closed=False, default=None, yearly=False
            )
        },
        label=value.label,
        english=value.english,
        key=PLAIN_VALUE,
        at_most=None if at_most is None else as_whole_number(at_most, problems),
        note=value.note,
        plain=True,
    )


def _fact(
    name: str,
    node: Mapping,
    core: FactDeclaration | None,
    tables: _Tables,
    problems: Problems,
) -> FactDeclaration:
    keys = Keys(node, _FACT_KEYS, problems, f"the fact {name!r}")
    kind = _kind(keys, core)
    for key in ("values", "aliases"):
        if key in keys and kind is not Kind.TEXT:
            message = f"only the type 'text' has {key}, not {kind.value!r}"
            problems.add("kind-mismatch", message, node.place_of(key))
    declaration = FactDeclaration(
        name,
        kind,
        label=keys.text("label", required=True),
        english=keys.text("english", required=True),
        values=_values(keys, core),
        aliases=_aliases(keys, tables),
        certified_by=keys.text("certified by"),
        note=keys.text("note"),
        unit=_unit(keys, kind),
        yearly=_flag(keys, "series"),
        negative=_flag(keys, "negative"),
        question=keys.text("question"),
        english_question=keys.text("english question"),
    )
    if core is not None and declaration.yearly:
        message = f"{core.name!r} has one value everywhere"
        problems.add("kind-mismatch", message, node.place_of("series"))
        declaration = attrs.evolve(declaration, yearly=False)
    if declaration.negative and kind not in {Kind.MONEY, Kind.NUMBER}:
        message = f"only amounts and numbers are negative, not {kind.value!r}"
        problems.add("kind-mismatch", message, node.place_of("negative"))
    closed = keys.scalar("closed")
    if closed is None:
        return declaration
    default = given_value(closed, declaration, problems)
    return attrs.evolve(declaration, closed=True, default=default)


def _kind(keys: Keys, core: FactDeclaration | None) -> Kind:
    known = [kind.value for kind in Kind]
    if core is None:
        if "type" not in keys and "values" not in keys:
            keys.get("type", required=True)
        return Kind(keys.word("type", known, Kind.TEXT.value))
    word = keys.word("type", known, core.kind.value)
    if word != core.kind.value:
        keys.problems.add(
            "kind-mismatch",
            f"{core.name!r} has the type {core.kind.value!r} everywhere",
            keys.node.at("type"),
        )
    return core.kind


def _unit(keys: Keys, kind: Kind) -> str:
    """The unit of a number, or of a price such as `元/平方米`."""
    scalar = keys.scalar("unit")
    if scalar is None or scalar.text == "元":
        return ""
    above, slash, below = scalar.text.partition("/")
    is_price = kind is Kind.MONEY and above == "元" and bool(below)
    is_count = (
        kind is Kind.NUMBER and above not in ("", "元") and bool(below) == bool(slash)
    )
    if not (is_price or is_count) or any(
        c.isspace() or c.isdigit() for c in scalar.text
    ):
        keys.problems.add(
            "bad-unit",
            f"{scalar.text!r} is no unit of the type {kind.value!r}",
            scalar.place,
            "a number has a unit such as 人 or 平方米, an amount one such as 元/平方米",
        )
        return ""
    return scalar.text


def _values(keys: Keys, core: FactDeclaration | None) -> tuple[EnumerationValue, ...]:
    node = keys.mapping("values")
    fixed = core.values if core is not None else ()
    if node is None:
        return fixed
    found = tuple(_value(value, entry, keys) for value, entry in node.entries.items())
    allowed = [entry.value for entry in fixed]
    for entry in found:
        if allowed and entry.value not in allowed:
            keys.problems.add(
                "unknown-value",
                f"{keys.what} has no value {entry.value!r}",
                node.keys[entry.value],
                f"expected {one_of(allowed)}",
            )
    said = {entry.value: entry for entry in found}
    return tuple(said.get(entry.value, entry) for entry in fixed) or found


def _value(value: str, node: Node, keys: Keys) -> EnumerationValue:
    if isinstance(node, Scalar):
        return EnumerationValue(value, node.text, value)
    body = as_mapping(node, keys.problems, f"the value {value!r}")
    if body is None:
        return EnumerationValue(value, value, value)
    words = Keys(body, names(MEANING), keys.problems, f"the value {value!r}")
    label = words.text("label", required=True) or value
    return EnumerationValue(value, label, words.text("english") or value)


def _aliases(keys: Keys, tables: _Tables) -> dict[str, str]:
    """Other names of values: a mapping, or a table of alias and value."""
    node = keys.get("aliases")
    if node is None:
        return {}
    if isinstance(node, Scalar):
        table = tables.get(node.text)
        if table is None or len(table.columns) < 2:  # noqa: PLR2004  # alias, value
            hint = did_you_mean(node.text, [t for t in tables if t != node.text])
            keys.problems.add(
                "unknown-table", f"unknown table {node.text!r}", node.place, hint
            )
            return {}
        alias, value = table.columns[:2]
        found: dict[str, str] = {}
        for row, place in zip(table.rows, table.places, strict=True):
            if found.setdefault(row[alias], row[value]) != row[value]:
                message = f"another value for {row[alias]!r} stands above"
                keys.problems.add("ambiguous-table", message, place)
        return found
    body = as_mapping(node, keys.problems, "'aliases'")
    entries = {} if body is None else body.entries
    scalars = {
        a: as_scalar(value, keys.problems, repr(a)) for a, value in entries.items()
    }
    return {alias: scalar.text for alias, scalar in scalars.items() if scalar}


# --- values given in a pack ----------------------------------------------------

_BOOLEANS = {
    form: word == "true" for word in ("true", "false") for form in VALUES.forms(word)
}
_UNKNOWN = ("", "null", *VALUES.forms("unknown"))


def raw_value(text: str, kind: Kind) -> object:
    """
    What a JSON record would hold for a cell of a table or a value of facts.yaml.

    Raises :class:`NotReadableError` for money without its unit: nobody could tell.
    """
    if kind is Kind.MONEY and text not in _UNKNOWN and "元" not in text:
        said = f"{text!r} is an amount without its unit"
        raise NotReadableError(said, "write it with 元, such as '10万元'")
    return recorded_value(text, kind)


def recorded_value(text: str, kind: Kind) -> object:
    """What a JSON record would hold for a text of a case, by the declared kind."""
    if text in _UNKNOWN:
        return None
    if kind is Kind.BOOLEAN:
        return _BOOLEANS.get(text, text)
    if kind is Kind.YEAR and text.isdecimal() and text.isascii():
        return int(text)
    if kind is Kind.DATE and VALUES.says(text, "false"):
        return False
    return text


def given_value(
    scalar: Scalar, declaration: FactDeclaration, problems: Problems
) -> FactValue | None:
    """The value of a fact that a pack states, or None with a diagnostic."""
    try:
        raw = raw_value(scalar.text, declaration.kind)
        return None if raw is None else declaration.read_one(raw)
    except NotReadableError as error:
        problems.add("bad-value", str(error), scalar.place, error.suggestion)
        return None
