"""Worked cases inside a rule file: facts given, and what they must come to."""

from collections.abc import Callable, Iterator
from collections.abc import Mapping as AbstractMapping
from collections.abc import Sequence as AbstractSequence
from typing import Any

from ..book import Case
from ..errors import Place, Placed, one_of
from ..ir import Kind
from ..money import parse_money
from ..policy import ReasonCode
from ..vocabulary import (
    PLAIN_VALUE,
    FactDeclaration,
    RecordDeclaration,
    SubjectDeclaration,
)
from .fact_files import recorded_value
from .forms.pack_forms import CASE, EXPECT, names
from .keys import Keys, as_date, as_mapping, as_scalar, meant_by
from .labels import ambiguous, by_label, fields_of, labels_of
from .nodes import Mapping, Node, Problems, Scalar, Sequence
from .words import VALUES

_CASE_KEYS = names(CASE)
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
        place = body.at("name")
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
            given=_given(given, declared, subject, problems),
            expected=_expected(expected, declared, problems),
            place=place,
            as_of=None if day is None else as_date(day, problems),
            readings=_texts(_scalars(keys.mapping("readings"), problems)),
        )


def _scalars(body: Mapping | None, problems: Problems) -> dict[str, Scalar]:
    """The values of a mapping, each of which must be one text."""
    entries = {} if body is None else body.entries
    found = {name: as_scalar(v, problems, repr(name)) for name, v in entries.items()}
    return {name: scalar for name, scalar in found.items() if scalar is not None}


def _expected(
    node: Node, declared: SubjectDeclaration, problems: Problems
) -> dict[str, Any]:
    """`300万元`, `undetermined`, or several of the keys of an answer."""
    if isinstance(node, Scalar):
        return dict([_outcome_or_amount(node, problems)])
    body = as_mapping(node, problems, "'expect'")
    if body is None:
        return {}
    if not body.entries:
        problems.add("empty-value", "'expect' expects nothing", body.place)
    keys = Keys(body, names(EXPECT), problems, "expect")
    found: dict[str, Any] = {}
    for key, read in _EXPECTED.items():
        scalar = keys.scalar(key)
        if scalar is not None:
            found[key] = read(scalar, problems)
    if (missing := keys.scalar("missing")) is not None:
        found["missing"] = _named_path(missing, declared, problems)
    others = {
        name: _outcome_or_amount(scalar, problems)[1]
        for name, scalar in _scalars(keys.mapping("otherwise"), problems).items()
    }
    return found | ({"otherwise": others} if others else {})


def _texts(scalars: AbstractMapping[str, Scalar]) -> dict[str, str]:
    return {name: scalar.text for name, scalar in scalars.items()}


def _outcome_or_amount(scalar: Scalar, problems: Problems) -> tuple[str, str]:
    """`outcome` or `amount`, whichever a text says, and what it says."""
    if any(character.isdecimal() for character in scalar.text):
        return "amount", _amount(scalar, problems)
    return "outcome", _outcome(scalar, problems)


def _amount(scalar: Scalar, problems: Problems) -> str:
    try:
        parse_money(scalar.text)
    except ValueError as error:
        problems.add("bad-value", str(error), scalar.place)
    return scalar.text


def _outcome(scalar: Scalar, problems: Problems) -> str:
    return _word(scalar, "outcome", _OUTCOMES, problems)


def _reason(scalar: Scalar, problems: Problems) -> str:
    return _word(scalar, "reason", _REASONS, problems)


def _word(scalar: Scalar, what: str, known: tuple[str, ...], problems: Problems) -> str:
    """The word that a text says, in English; the text itself where it says none."""
    word = VALUES.meant(scalar.text, known)
    if word is None:
        meant = meant_by(scalar.text, known, VALUES)
        lang = "en" if scalar.text.isascii() else "zh"
        expected = one_of(VALUES.said(each, lang) for each in known)
        help_ = f"did you mean {meant[0]!r}?" if meant else f"expected {expected}"
        message = f"no {what} {scalar.text!r}"
        problems.add("unknown-word", message, scalar.place, help_)
    return word or scalar.text


#: What a case may expect, and how it is read before anything is tried.
_EXPECTED: AbstractMapping[str, Callable[[Scalar, Problems], str]] = {
    "outcome": _outcome,
    "amount": _amount,
    "low": _amount,
    "high": _amount,
    "repayable": _amount,
    "reason": _reason,
}


def _named_path(
    scalar: Scalar, declared: SubjectDeclaration, problems: Problems
) -> str:
    """A path into the record by names, which may be written by labels."""
    first, dot, field = scalar.text.partition(".")
    list_, bracket, index = first.partition("[")
    name = _name(list_, labels_of(declared), scalar.place, problems)
    if dot and name in declared.records:
        fields = fields_of(declared.records[name])
        field = _name(field, fields, scalar.place, problems)
    return f"{name}{bracket}{index}{dot}{field}"


# --- the facts of a case, as a JSON record would hold them ---------------------


_Labels = AbstractSequence[tuple[str, str]]


def _given(
    node: Mapping, declared: SubjectDeclaration, subject: str, problems: Problems
) -> Placed:
    record: dict[str, Any] = {"id": "用例"}
    if subject == "county":
        record["kind"] = "county"
    places: dict[str, Place] = {}
    entries = _entries(node, labels_of(declared), problems)
    for name, (entry, place) in entries.items():
        places[name] = place
        if name in declared.records:
            records = declared.records[name]
            record[name] = _records(entry, records, name, places, problems)
        else:
            record[name] = _plain(entry, declared.facts.get(name))
            places |= dict(_places(entry, name))
    return Placed(record, places)


def _entries(
    node: Mapping, labels: _Labels, problems: Problems
) -> dict[str, tuple[Node, Place]]:
    """The entries of a record by name, each with the place of its name."""
    found: dict[str, tuple[Node, Place]] = {}
    for written, entry in node.entries.items():
        place = node.keys[written]
        name = _name(written, labels, place, problems)
        if name in found:
            problems.add(
                "duplicate-key",
                f"the key {written!r} says the same as {name!r}",
                place,
                None,
                ("first here", found[name][1]),
            )
        else:
            found[name] = entry, place
    return found


def _name(written: str, labels: _Labels, place: Place, problems: Problems) -> str:
    """The name of a fact that may be written by its label."""
    if written in {name for name, _ in labels}:
        return written
    if (named := ambiguous(labels).get(written)) is not None:
        problems.add(
            "ambiguous-label",
            f"several facts are called {written!r}",
            place,
            f"write {one_of(named)}",
        )
    return by_label(labels).get(written, written)


def _places(node: Node, path: str) -> Iterator[tuple[str, Place]]:
    """Where every name stands, and every item of a list, by its path in a record."""
    if isinstance(node, Sequence):
        for index, item in enumerate(node.items):
            yield f"{path}[{index}]", item.place
            yield from _places(item, f"{path}[{index}]")
    elif isinstance(node, Mapping):
        for name, entry in node.entries.items():
            inner = f"{path}.{name}"
            yield inner, node.keys[name]
            yield from _places(entry, inner)


def _records(
    node: Node,
    declared: RecordDeclaration,
    path: str,
    places: dict[str, Place],
    problems: Problems,
) -> object:
    if not isinstance(node, Sequence):
        places |= dict(_places(node, path))
        return _plain(node, None)
    found: list[object] = []
    for index, item in enumerate(node.items):
        inner = f"{path}[{index}]"
        places[inner] = item.place
        found.append(_record(item, declared, inner, places, problems))
    return found


def _record(
    node: Node,
    declared: RecordDeclaration,
    path: str,
    places: dict[str, Place],
    problems: Problems,
) -> object:
    if not isinstance(node, Mapping):
        return _plain(node, declared.fields.get(PLAIN_VALUE))
    record: dict[str, object] = {}
    entries = _entries(node, fields_of(declared), problems)
    for name, (entry, place) in entries.items():
        places[f"{path}.{name}"] = place
        places |= dict(_places(entry, f"{path}.{name}"))
        record[name] = _plain(entry, declared.fields.get(name))
    return record


def _plain(node: Node, declared: FactDeclaration | None) -> object:
    match node:
        case Scalar():
            kind = Kind.TEXT if declared is None else declared.kind
            return recorded_value(node.text, kind)
        case Sequence():
            return [_plain(item, None) for item in node.items]
        case _:
            figures = declared if declared is not None and declared.yearly else None
            return {n: _plain(entry, figures) for n, entry in node.entries.items()}
