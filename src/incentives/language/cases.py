"""Worked cases inside a rule file: facts given, and what they must come to."""

from collections.abc import Iterator
from collections.abc import Mapping as AbstractMapping
from typing import Any

from ..errors import did_you_mean, one_of
from ..ir import Kind
from ..policy import Case, Rule
from ..vocabulary import (
    FactDeclaration,
    RecordDeclaration,
    SubjectDeclaration,
    Vocabulary,
)
from .fact_files import raw_value
from .keys import Keys, as_date, as_mapping, as_scalar
from .nodes import Mapping, Node, Problems, Scalar, Sequence

_EXPECTED = ("outcome", "amount", "low", "high", "reason", "missing", "otherwise")
_CASE_KEYS = ("name", "as of", "readings", "given", "expect")
_OUTCOMES = ("eligible", "ineligible", "undetermined", "discretionary")


def cases_of(
    node: Mapping, rule: Rule, vocabulary: Vocabulary, problems: Problems
) -> Iterator[Case]:
    """The cases of a rule file."""
    outer = Keys(node, node.entries, problems, "a rule")
    for item in outer.items("cases"):
        body = as_mapping(item, problems, "a case")
        if body is None:
            continue
        keys = Keys(body, _CASE_KEYS, problems, "a case")
        given = keys.mapping("given", required=True)
        expected = keys.get("expect", required=True)
        name = keys.text("name", required=True)
        day = keys.scalar("as of")
        if given is None or expected is None:
            continue
        yield Case(
            name=name,
            rule=rule.id,
            given=_given(given, vocabulary[rule.subject], rule.subject),
            expected=_expected(expected, problems),
            place=body.place,
            as_of=None if day is None else as_date(day, problems),
            readings=_readings(keys, problems),
        )


def _readings(keys: Keys, problems: Problems) -> dict[str, str]:
    body = keys.mapping("readings")
    entries = {} if body is None else body.entries
    scalars = {name: as_scalar(v, problems, name) for name, v in entries.items()}
    return {name: scalar.text for name, scalar in scalars.items() if scalar is not None}


def _expected(node: Node, problems: Problems) -> dict[str, Any]:
    """`300万元`, `undetermined`, or several of the keys of an answer."""
    if isinstance(node, Scalar):
        word = "outcome" if node.text in _OUTCOMES else "amount"
        return {word: node.text}
    body = as_mapping(node, problems, "expect")
    if body is None:
        return {}
    keys = Keys(body, _EXPECTED, problems, "expect")
    found: dict[str, Any] = {
        key: keys.text(key) for key in _EXPECTED if key in keys and key != "otherwise"
    }
    if "outcome" in found and found["outcome"] not in _OUTCOMES:
        hint = (
            did_you_mean(found["outcome"], _OUTCOMES) or f"expected {one_of(_OUTCOMES)}"
        )
        place = body.entries["outcome"].place
        problems.add("unknown-word", f"no outcome {found['outcome']!r}", place, hint)
    otherwise = keys.mapping("otherwise")
    for reading, entry in ({} if otherwise is None else otherwise.entries).items():
        scalar = as_scalar(entry, problems, reading)
        if scalar is not None:
            found.setdefault("otherwise", {})[reading] = scalar.text
    return found


# --- the facts of a case, as a JSON record would hold them ---------------------


def _given(
    node: Mapping, declared: SubjectDeclaration, subject: str
) -> AbstractMapping[str, Any]:
    record: dict[str, Any] = {"id": "用例"}
    if subject == "county":
        record["kind"] = "county"
    for name, entry in node.entries.items():
        if name in declared.records:
            record[name] = _records(entry, declared.records[name])
        else:
            record[name] = _plain(entry, declared.facts.get(name))
    return record


def _records(node: Node, declared: RecordDeclaration) -> object:
    if not isinstance(node, Sequence):
        return _plain(node, None)
    return [_record(item, declared) for item in node.items]


def _record(node: Node, declared: RecordDeclaration) -> object:
    if not isinstance(node, Mapping):
        return _plain(node, None)
    return {
        name: _plain(entry, declared.fields.get(name))
        for name, entry in node.entries.items()
    }


def _plain(node: Node, declared: FactDeclaration | None) -> object:
    match node:
        case Scalar():
            kind = Kind.TEXT if declared is None else declared.kind
            return raw_value(node.text, kind)
        case Sequence():
            return [_plain(item, None) for item in node.items]
        case Mapping():
            return {name: _plain(entry, None) for name, entry in node.entries.items()}
