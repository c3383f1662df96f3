"""Worked cases inside a rule file: facts given, and what they must come to."""

from collections.abc import Callable, Iterator
from collections.abc import Mapping as AbstractMapping
from typing import Any

from ..errors import Place, Placed, did_you_mean, one_of
from ..ir import Kind
from ..money import parse_money
from ..policy import Case, ReasonCode
from ..vocabulary import (
    FactDeclaration,
    RecordDeclaration,
    SubjectDeclaration,
)
from .fact_files import recorded_value
from .keys import Keys, as_date, as_mapping, as_scalar
from .nodes import Mapping, Node, Problems, Scalar, Sequence

_CASE_KEYS = ("name", "as of", "readings", "given", "expect")
_OUTCOMES = ("eligible", "ineligible", "undetermined", "discretionary")
_REASONS = tuple(code.value for code in ReasonCode)


def cases_of(
    node: Mapping,
    rule: str,
    declared: SubjectDeclaration,
    subject: str,
    problems: Problems,
) -> Iterator[Case]:
    """The cases of a rule file."""
    outer = Keys(node, node.entries, problems, "a rule")
    named: dict[str, Place] = {}
    for item in outer.items("cases", empty="leave the key out"):
        body = as_mapping(item, problems, "a case")
        if body is None:
            continue
        keys = Keys(body, _CASE_KEYS, problems, "a case")
        given = keys.mapping("given", required=True)
        expected = keys.get("expect", required=True)
        name = keys.text("name", required=True)
        day = keys.scalar("as of", required=True)
        place = body.entries.get("name", body).place
        if name and named.setdefault(name, place) is not place:
            problems.add(
                "duplicate-case",
                f"two cases are called {name!r}",
                place,
                "say in the name what differs",
                ("the first", named[name]),
            )
        if given is None or expected is None:
            continue
        yield Case(
            name=name,
            rule=rule,
            given=_given(given, declared, subject),
            expected=_expected(expected, problems),
            place=place,
            as_of=None if day is None else as_date(day, problems),
            readings=_texts(_scalars(keys.mapping("readings"), problems)),
        )


def _scalars(body: Mapping | None, problems: Problems) -> dict[str, Scalar]:
    """The values of a mapping, each of which must be one text."""
    entries = {} if body is None else body.entries
    found = {name: as_scalar(v, problems, repr(name)) for name, v in entries.items()}
    return {name: scalar for name, scalar in found.items() if scalar is not None}


def _expected(node: Node, problems: Problems) -> dict[str, Any]:
    """`300万元`, `undetermined`, or several of the keys of an answer."""
    if isinstance(node, Scalar):
        return dict([_outcome_or_amount(node, problems)])
    body = as_mapping(node, problems, "'expect'")
    if body is None:
        return {}
    if not body.entries:
        problems.add("empty-value", "'expect' expects nothing", body.place)
    keys = Keys(body, (*_EXPECTED, "otherwise"), problems, "expect")
    found: dict[str, Any] = {}
    for key, check in _EXPECTED.items():
        scalar = keys.scalar(key)
        if scalar is not None:
            check(scalar, problems)
            found[key] = scalar.text
    others = _scalars(keys.mapping("otherwise"), problems)
    for scalar in others.values():
        _outcome_or_amount(scalar, problems)
    return found | ({"otherwise": _texts(others)} if others else {})


def _texts(scalars: AbstractMapping[str, Scalar]) -> dict[str, str]:
    return {name: scalar.text for name, scalar in scalars.items()}


def _outcome_or_amount(scalar: Scalar, problems: Problems) -> tuple[str, str]:
    """`outcome` or `amount`, whichever a text says, and the text."""
    if scalar.text in _OUTCOMES:
        return "outcome", scalar.text
    if any(character.isdecimal() for character in scalar.text):
        _check_amount(scalar, problems)
    else:
        _check_outcome(scalar, problems)
    return "amount", scalar.text


def _check_amount(scalar: Scalar, problems: Problems) -> None:
    try:
        parse_money(scalar.text)
    except ValueError as error:
        problems.add("bad-value", str(error), scalar.place)


def _check_outcome(scalar: Scalar, problems: Problems) -> None:
    _check_word(scalar, "outcome", _OUTCOMES, problems)


def _check_reason(scalar: Scalar, problems: Problems) -> None:
    _check_word(scalar, "reason", _REASONS, problems)


def _check_word(
    scalar: Scalar, what: str, known: tuple[str, ...], problems: Problems
) -> None:
    if scalar.text not in known:
        hint = did_you_mean(scalar.text, known) or f"expected {one_of(known)}"
        message = f"no {what} {scalar.text!r}"
        problems.add("unknown-word", message, scalar.place, hint)


def _any_path(scalar: Scalar, problems: Problems) -> None:
    """A path into the record: which facts are missing shows when the case is tried."""


#: What a case may expect, and how it is checked before anything is tried.
_EXPECTED: AbstractMapping[str, Callable[[Scalar, Problems], None]] = {
    "outcome": _check_outcome,
    "amount": _check_amount,
    "low": _check_amount,
    "high": _check_amount,
    "reason": _check_reason,
    "missing": _any_path,
}

# --- the facts of a case, as a JSON record would hold them ---------------------


def _given(node: Mapping, declared: SubjectDeclaration, subject: str) -> Placed:
    record: dict[str, Any] = {"id": "用例"}
    if subject == "county":
        record["kind"] = "county"
    for name, entry in node.entries.items():
        if name in declared.records:
            record[name] = _records(entry, declared.records[name])
        else:
            record[name] = _plain(entry, declared.facts.get(name))
    return Placed(record, dict(_places(node, "")))


def _places(node: Node, path: str) -> Iterator[tuple[str, Place]]:
    """Where every name stands, and every item of a list, by its path in a record."""
    if isinstance(node, Sequence):
        for index, item in enumerate(node.items):
            yield f"{path}[{index}]", item.place
            yield from _places(item, f"{path}[{index}]")
    elif isinstance(node, Mapping):
        for name, entry in node.entries.items():
            inner = f"{path}.{name}" if path else name
            yield inner, node.keys[name]
            yield from _places(entry, inner)


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
            return recorded_value(node.text, kind)
        case Sequence():
            return [_plain(item, None) for item in node.items]
        case _:
            return {name: _plain(entry, None) for name, entry in node.entries.items()}
