"""Worked cases that nobody wrote yet: found by moving one fact of a case to an edge."""

import json
import re

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from math import floor
from typing import Any

from attrs import AttrsInstance, evolve, field, frozen

from ..book import Case, RuleBook
from ..dates import FIRST_DAY, LAST_DAY
from ..determination import Determination
from ..engines.meanings import work_out
from ..engines.world import World
from ..errors import IncentivesError
from ..evaluation import evaluate
from ..ir import AsOf, Extreme, Fact, Figure, Kind, Sum
from ..ir_walk import children
from ..money import rate_words, words
from ..policy import Outcome, ReasonCode
from ..standards import Cash
from ..structuring import subject_of
from ..value_words import number_words
from ..wording import Words
from .boundaries import Boundary, Side, Sight, Sort

#: How many cases are tried as a beginning, the nearest first.
_BASES = 4


def sight_of(case: Case, book: RuleBook) -> Sight | None:
    """What a case looks at, None where its record cannot be read."""
    try:
        chosen = book.under(case.readings)
        subject = subject_of(case.given, chosen)
        assessment = evaluate(subject, as_of=case.as_of, rules=chosen)
    except IncentivesError:
        return None
    due = {each.rule.id: each.entitlement for each in assessment.determinations}
    return Sight(subject, assessment.as_of, assessment[case.rule], due)


@frozen
class Proposal:
    """A case at a boundary, as the engine computes it: somebody must check it."""

    rule: str
    case: Case
    text: str


def proposed(
    boundary: Boundary,
    side: Side,
    seen: Sequence[tuple[Case, Sight]],
    book: RuleBook,
) -> Proposal | None:
    """A case on one side of a boundary, None where none was found."""
    for case, sight, world, distance in _nearest(boundary, seen):
        for fact in _movable(boundary):
            moving = _Moving(boundary, side, case, fact, world, book)
            found = moving.found(distance, sight.as_of)
            if found is not None:
                return found
    return None


def _nearest(
    boundary: Boundary, seen: Sequence[tuple[Case, Sight]]
) -> list[tuple[Case, Sight, World, Fraction]]:
    """The cases to begin with, the nearest to the boundary first."""
    known = [
        (case, sight, world, distance)
        for case, sight in seen
        for world, distance in sight.distances(boundary)
    ]
    return sorted(known, key=lambda found: abs(found[3]))[:_BASES]


_MOVABLE = frozenset({Kind.MONEY, Kind.NUMBER, Kind.RATE, Kind.DATE, Kind.YEAR})
#: By how much a value is moved to see where it leads, and the least that it moves.
_STEPS = {Kind.MONEY: Fraction(1_000_000), Kind.RATE: Fraction(1, 100)}
_GRID = {Kind.RATE: Fraction(1, 10_000)}
#: How many of the least steps from an edge are tried: rounding may swallow the first.
_NEAR = (0, 1, 2, 5, 10, 100, 10_000, 1_000_000, 10_000_000)


def _movable(boundary: Boundary) -> Iterator[Fact | AsOf]:
    """What could be changed in a case to bring it to a boundary."""
    found: dict[Fact | AsOf, None] = {}
    for node in (*_at_hand(boundary.left), *_at_hand(boundary.right)):
        if isinstance(node, AsOf) or (
            isinstance(node, Fact) and node.kind in _MOVABLE and node.scope != "award"
        ):
            found[node] = None
    yield from found


def _at_hand(node: AttrsInstance) -> Iterator[AttrsInstance]:
    """A node and those below it, without figures of years and records looked through."""
    yield node
    if not isinstance(node, Figure | Sum | Extreme):
        for child in children(node):
            yield from _at_hand(child)


@frozen
class _Moving:
    """A case in which one fact is moved until it stands where it is wanted."""

    boundary: Boundary
    side: Side
    case: Case
    fact: Fact | AsOf
    world: World = field(repr=False)
    book: RuleBook = field(repr=False)

    @property
    def kind(self) -> Kind:
        """What kind of value is moved."""
        return Kind.DATE if isinstance(self.fact, AsOf) else self.fact.kind

    @property
    def path(self) -> str:
        """Where the fact stands in the record."""
        assert isinstance(self.fact, Fact)  # noqa: S101  # the day is no fact
        if not self.fact.scope:
            return self.fact.name
        return f"{self.world.records[self.fact.scope].path}.{self.fact.name}"

    def found(self, distance: Fraction, as_of: date) -> Proposal | None:
        """The moved case, along a line as far as the rule is straight there."""
        value = self._value(as_of)
        step = _STEPS.get(self.kind, Fraction(1))
        further = None if value is None else self._distance(value + step)
        if value is None or further is None or further == distance:
            return None
        edge = value - distance * step / (further - distance)
        grid = _GRID.get(self.kind, Fraction(1))
        start = floor(edge / grid) * grid
        near = {start + sign * grid * n for n in _NEAR for sign in (-1, 1)}
        for candidate in sorted(near, key=lambda at: (abs(at - edge), at)):
            case = self._moved(candidate)
            sight = None if case is None else sight_of(case, self.book)
            if (
                case is not None
                and sight is not None
                and self.side in sight.sides(self.boundary)
            ):
                return self._proposal(case, sight)
        return None

    def _value(self, as_of: date) -> Fraction | None:
        if isinstance(self.fact, AsOf):
            return Fraction(as_of.toordinal())
        value = work_out(self.fact, self.world).known.value
        if isinstance(value, date):
            return None if value > LAST_DAY else Fraction(value.toordinal())
        return Fraction(value) if isinstance(value, int | Fraction) else None

    def _distance(self, value: Fraction) -> Fraction | None:
        case = self._moved(value)
        sight = None if case is None else sight_of(case, self.book)
        found = [] if sight is None else list(sight.distances(self.boundary))
        return found[0][1] if found else None

    def _moved(self, value: Fraction) -> Case | None:
        """The case with the value, and asked about on a day that has seen it."""
        if self.kind is not Kind.DATE:
            said = self._said(value)
            return None if said is None else self._with(said)
        if not FIRST_DAY.toordinal() <= value <= LAST_DAY.toordinal():
            return None
        day = date.fromordinal(int(value))
        if isinstance(self.fact, AsOf):
            return evolve(self.case, as_of=day)
        asked = max(day, self.case.as_of or day)
        return evolve(self._with(day.isoformat()), as_of=asked)

    def _said(self, value: Fraction) -> object:
        """A value as a record holds it, None where it cannot hold it."""
        match self.kind:
            case Kind.MONEY if value >= 0:
                return words(int(value)).replace(",", "")
            case Kind.YEAR:
                return int(value)
            case Kind.RATE:
                return rate_words(value)
            case Kind.NUMBER if value >= 0:
                scale = getattr(self.fact, "scale", 1)
                return number_words(value / Fraction(scale))
            case _:
                return None

    def _with(self, value: object) -> Case:
        return evolve(self.case, given=_replaced(self.case.given, self.path, value))

    def _proposal(self, case: Case, sight: Sight) -> Proposal:
        name = f"{_SIDES[self.boundary.sort, self.side]}：{said(self.boundary, self.book, case.rule)}"
        case = evolve(case, name=name, expected=_expected(sight.found))
        return Proposal(case.rule, case, case_text(case))


_SIDES = {
    (Sort.THRESHOLD, Side.AT): "恰在界上",
    (Sort.THRESHOLD, Side.BELOW): "刚好在界外",
    (Sort.THRESHOLD, Side.ABOVE): "刚好在界外",
    (Sort.CAP, Side.BELOW): "未及封顶",
    (Sort.CAP, Side.ABOVE): "超过封顶",
    (Sort.FLOOR, Side.BELOW): "不足保底",
    (Sort.FLOOR, Side.ABOVE): "超过保底",
}


def said(boundary: Boundary, book: RuleBook, rule: str) -> str:
    """A boundary in Chinese words: a condition, or a limit."""
    say = Words(book.vocabulary, book[rule].subject)
    if boundary.node is not None:
        return say.condition(boundary.node)
    return say.term(boundary.right)


_STEP = re.compile(r"(\w+)(?:\[(\d+)\])?(?:\.(.+))?")


def _replaced(given: Mapping[str, Any], path: str, value: object) -> dict[str, Any]:
    """The record with another value at a path such as `platforms[0].chain`."""
    found = _STEP.fullmatch(path)
    assert found is not None  # noqa: S101  # engines make such paths only
    name, index, rest = found.groups()
    if index is None:
        return {**given, name: value}
    records = list(given[name])
    records[int(index)] = _replaced(records[int(index)], rest, value)
    return {**given, name: records}


def _expected(found: Determination) -> dict[str, str]:
    """What the engine computes, as a case expects it."""
    cash = isinstance(found.rule.award, Cash)
    if found.outcome is Outcome.UNDETERMINED:
        low, high = found.bounds
        bounds = {"low": low, "high": high} if cash else {}
        amounts = {k: _amount(v) for k, v in bounds.items() if v is not None}
        return {"outcome": found.outcome.value, **amounts}
    if found.amount is not None and found.outcome is Outcome.ELIGIBLE:
        return {"amount": _amount(found.amount)}
    if found.outcome is not Outcome.INELIGIBLE:
        return {"outcome": found.outcome.value}
    reasons = (r.code.value for r in found.reasons if r.code is not _MET)
    said = {"amount": "0元"} if cash else {"outcome": found.outcome.value}
    return said | {"reason": next(reasons)}


_MET = ReasonCode.CONDITION_MET


def _amount(amount: Any) -> str:
    return words(int(amount * 100)).replace(",", "")


# --- as YAML -------------------------------------------------------------------


def case_text(case: Case) -> str:
    """A case as it stands in a rule file, with a request to check it."""
    lines = [f"  - name: {_scalar(case.name)}  # 请核对", f"    as of: {case.as_of}"]
    if case.readings:
        lines.append(f"    readings: {_flow(case.readings)}")
    lines.append("    given:")
    for name, value in case.given.items():
        if name in {"id", "kind"} and value in {"用例", "county"}:
            continue  # said of every case
        if isinstance(value, list) and value:
            lines.append(f"      {name}:")
            lines += [f"        - {_flow(item)}" for item in value]
        else:
            lines.append(f"      {name}: {_flow(value)}")
    if lines[-1] == "    given:":
        lines[-1] = "    given: {}"
    match list(case.expected.items()):
        case [("amount" | "outcome", value)]:
            lines.append(f"    expect: {_scalar(value)}")
        case pairs:
            lines.append("    expect:")
            lines += [f"      {key}: {_scalar(value)}" for key, value in pairs]
    return "\n".join(lines)


def _flow(value: object) -> str:
    match value:
        case Mapping():
            pairs = (f"{_scalar(k)}: {_flow(v)}" for k, v in value.items())
            return f"{{{', '.join(pairs)}}}"
        case list():
            return f"[{', '.join(map(_flow, value))}]"
        case _:
            return _scalar(value)


#: What YAML reads as one text, inside braces or not.
_PLAIN = re.compile(r"[\w.%‰][\w.%‰/ ≥≤<>=（）()，、：；·+−×-]*")


def _scalar(value: object) -> str:
    if isinstance(value, str):
        plain = _PLAIN.fullmatch(value) and value == value.strip()
        return value if plain else json.dumps(value, ensure_ascii=False)
    return json.dumps(value)
