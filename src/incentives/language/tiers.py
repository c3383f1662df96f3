"""Tiers that overlap, leave a gap or can never be reached."""

from collections.abc import Sequence

from attrs import frozen

from ..ir import (
    All,
    Branch,
    Compare,
    Comparison,
    Condition,
    Constant,
    Member,
    Term,
    Value,
)
from .keys import Keys
from .nodes import Mapping, Problems
from .nodes import Sequence as NodeSequence


@frozen
class _Interval:
    """What a tier covers of an ordered value; None is without end."""

    low: Value | None
    low_open: bool
    high: Value | None
    high_open: bool


def check_tiers(
    measured: Term, branches: Sequence[Branch], keys: Keys, problems: Problems
) -> None:
    """Report tiers that share values with an earlier one, and gaps between tiers."""
    node = keys.node.entries["tiers"]
    places = [
        item.keys.get("in", item.keys.get("is", item.place))
        for item in (node.items if isinstance(node, NodeSequence) else ())
        if isinstance(item, Mapping)
    ]
    seen: set[tuple[Value, ...]] = set()
    intervals: list[tuple[_Interval, int]] = []
    for index, branch in enumerate(branches):
        condition = branch.condition
        if isinstance(condition, Member):
            if condition.rows & seen:
                problems.add(
                    "overlapping-tiers", "this value has a tier already", places[index]
                )
            seen |= condition.rows
        elif (interval := _interval(condition)) is not None:
            for other, earlier in intervals:
                if _overlap(interval, other):
                    problems.add(
                        "overlapping-tiers",
                        "this tier overlaps an earlier one",
                        places[index],
                        "one end of two neighbours must be open: [a, b) and [b, c)",
                        ("the earlier tier", places[earlier]),
                    )
            intervals.append((interval, index))


def _interval(condition: Condition) -> _Interval | None:
    parts = condition.parts if isinstance(condition, All) else (condition,)
    interval = _Interval(None, False, None, False)  # noqa: FBT003  # nothing known yet
    for part in parts:
        if not isinstance(part, Compare) or not isinstance(part.right, Constant):
            return None
        value = part.right.value
        match part.comparison:
            case Comparison.GE | Comparison.GT:
                opened = part.comparison is Comparison.GT
                interval = _Interval(value, opened, interval.high, interval.high_open)
            case Comparison.LE | Comparison.LT:
                opened = part.comparison is Comparison.LT
                interval = _Interval(interval.low, interval.low_open, value, opened)
            case _:
                return None
    return interval


def _overlap(left: _Interval, right: _Interval) -> bool:
    return not (_before(left, right) or _before(right, left))


def _before(left: _Interval, right: _Interval) -> bool:
    if left.high is None or right.low is None:
        return False
    if left.high == right.low:
        return left.high_open or right.low_open
    return left.high < right.low  # type: ignore[operator]  # values of one kind
