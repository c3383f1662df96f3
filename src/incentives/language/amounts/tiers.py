"""`tiers`: one value for each interval, and tiers that overlap or leave a gap."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

from attrs import frozen

from ...errors import Place
from ...ir import (
    All,
    Branch,
    Choose,
    Compare,
    Comparison,
    Condition,
    Constant,
    Fact,
    Kind,
    Member,
    Term,
    Value,
)
from ...ir_kinds import kind_of, unit_of
from .. import expressions
from ..forms.award_forms import TIER
from ..forms.form_kinds import names
from ..nodes import Problems
from .slots import Slots


def tiers(slots: Slots, kind: Kind | None) -> Term | None:
    """`tiers:` over the value of `of:`, each `in:` an interval or list, or `is:`."""
    problems = slots.problems
    before = len(problems.found)
    slots.keys.get("otherwise", required=True)
    measured = slots.value("of", None, required=True)
    if measured is None and "of" not in slots.keys:
        return None
    branches: list[Branch] = []
    places: list[Place] = []
    for item in slots.items(
        "tiers", "a tier", names(TIER), empty="write a tier: {in: …, then: …}"
    ):
        found = _tier(item, measured, kind)
        if found is not None:
            branches.append(found[0])
            places.append(found[1])
            kind = kind_of(found[0].term)
            slots.is_in(unit_of(branches[0].term), found[0].term, item.at("then"))
    otherwise = None if measured is None else slots.value("otherwise", kind)
    if measured is None or otherwise is None:
        return None
    for branch in branches[:1]:
        slots.is_in(unit_of(branch.term), otherwise, slots.at("otherwise"))
    if len(problems.found) > before:
        return None
    check_tiers(measured, list(zip(branches, places, strict=True)), problems)
    return Choose(tuple(branches), otherwise)


def _tier(
    item: Slots, measured: Term | None, kind: Kind | None
) -> tuple[Branch, Place] | None:
    """One tier, and where it says what it covers."""
    keys, context = item.keys, item.context
    keys.get("then", required=True)
    test = keys.scalar("is") or keys.scalar("in", required="is" not in keys)
    if test is None or "then" not in keys or measured is None:
        return None
    stated = test.listed() if "is" in keys else test
    condition = expressions.test_of(stated, measured, context.scope, context.problems)
    term = item.value("then", kind)
    if condition is None or term is None:
        return None
    return Branch(condition, term), test.place


# --- checks ----------------------------------------------------------------------


@frozen
class _Interval:
    """What a tier covers of an ordered value; None is without end."""

    low: Value | None
    low_open: bool
    high: Value | None
    high_open: bool
    place: Place


def check_tiers(
    measured: Term, tiers: Sequence[tuple[Branch, Place]], problems: Problems
) -> None:
    """Report tiers that share values with an earlier one, and gaps between tiers."""
    tested = [(branch.condition, place) for branch, place in tiers]
    _check_values(tested, problems)
    if kind_of(measured).ordered:
        intervals = [i for tier in tested for i in _intervals(*tier)]
        _check_reach(measured, intervals, problems)
        _check_overlaps(intervals, problems)
        _check_gaps(kind_of(measured), intervals, problems)


def _check_values(
    tested: Sequence[tuple[Condition, Place]], problems: Problems
) -> None:
    """Report values that are listed in two tiers."""
    seen: dict[tuple[Value, ...], Place] = {}
    for condition, place in tested:
        rows = condition.rows if isinstance(condition, Member) else frozenset()
        earlier = [seen[row] for row in rows if row in seen]
        if earlier:
            problems.add(
                "overlapping-tiers",
                "this value has a tier already",
                place,
                None,
                ("the earlier tier", min(earlier, key=lambda p: (p.line, p.column))),
            )
        seen = {**dict.fromkeys(rows, place), **seen}


def _check_reach(
    measured: Term, intervals: Sequence[_Interval], problems: Problems
) -> None:
    """Report tiers below everything that a fact can be."""
    if not isinstance(measured, Fact) or measured.low is None:
        return
    possible = _Interval(measured.low, False, None, False, Place("", 0, 0, 0, ""))  # noqa: FBT003  # closed below, without end
    for interval in intervals:
        if not _overlap(interval, possible):
            problems.add(
                "unreachable-tier",
                f"{measured.path!r} is never below 0",
                interval.place,
            )


def _check_overlaps(intervals: Sequence[_Interval], problems: Problems) -> None:
    for index, interval in enumerate(intervals):
        for other in intervals[:index]:
            if _is_value(interval) and _is_value(other):
                continue  # compared with each other as the values of lists
            if _overlap(interval, other):
                problems.add(
                    "overlapping-tiers",
                    "this tier overlaps an earlier one",
                    interval.place,
                    "one end of two neighbours must be open: [a, b) and [b, c)",
                    ("the earlier tier", other.place),
                )


def _check_gaps(kind: Kind, intervals: Sequence[_Interval], problems: Problems) -> None:
    """Warn of values between two tiers, which only `otherwise` covers."""
    bounded = [i for i in intervals if i.low is not None]
    upwards = sorted(bounded, key=lambda i: (i.low, i.low_open))
    without_low = [i for i in intervals if i.low is None]
    for lower, upper in pairwise([*without_low, *upwards]):
        if _is_value(lower) and _is_value(upper):
            continue
        if not _overlap(lower, upper) and _apart(kind, lower, upper):
            problems.warn(
                "gap-between-tiers",
                "between this tier and the next one lower only 'otherwise' holds",
                upper.place,
                None,
                ("the next one lower", lower.place),
            )


def _apart(kind: Kind, lower: _Interval, upper: _Interval) -> bool:
    """Whether some value lies above one interval and below another."""
    high, low = lower.high, upper.low
    if high == low:
        return lower.high_open and upper.low_open
    if lower.high_open or upper.low_open:
        return True
    # Days and years are counted: nothing lies between two neighbours.
    if kind is Kind.YEAR and isinstance(high, int):
        return low != high + 1
    return not isinstance(high, date) or low != high + timedelta(days=1)


def _intervals(condition: Condition, place: Place) -> Iterator[_Interval]:
    """What a test of an ordered value covers; nothing where that is not written."""
    if isinstance(condition, Member):
        for (value,) in sorted(condition.rows):
            yield _Interval(value, False, value, False, place)  # noqa: FBT003  # a point
        return
    parts = condition.parts if isinstance(condition, All) else (condition,)
    low: tuple[Value | None, bool] = (None, False)
    high: tuple[Value | None, bool] = (None, False)
    for part in parts:
        if not isinstance(part, Compare) or not isinstance(part.right, Constant):
            return
        value = part.right.value
        if part.comparison in (Comparison.GE, Comparison.GT):
            low = (value, part.comparison is Comparison.GT)
        else:
            high = (value, part.comparison is Comparison.LT)
    yield _Interval(*low, *high, place)


def _is_value(interval: _Interval) -> bool:
    """Whether it is a single value."""
    return interval.low is not None and interval.low == interval.high


def _overlap(left: _Interval, right: _Interval) -> bool:
    return not (_before(left, right) or _before(right, left))


def _before(left: _Interval, right: _Interval) -> bool:
    if left.high is None or right.low is None:
        return False
    if left.high == right.low:
        return left.high_open or right.low_open
    return left.high < right.low  # type: ignore[operator]  # values of one kind
