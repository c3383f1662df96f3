"""Shares of time: how much of a year, or of another length, lies between two days."""

from datetime import date

from ...ir import Constant, Elapsed, Kind, Quotient, Span, Term
from ...units import Unit
from .slots import Slots, not_below_nothing, nothing

#: The units in which time is counted, and how each is counted.
_SPANS: dict[Unit, Span] = {((span.value, 1),): span for span in Span}


def share_of_time(slots: Slots, length: str) -> Term | None:
    """
    The time `from:` one day `to:` another as a share of a length, never negative.

    The first day counts and the last one does not, so that the parts of a time that
    is cut in two add up to the whole.
    """
    start = slots.value("from", Kind.DATE, required=True)
    end = slots.value("to", Kind.DATE, required=True)
    whole = slots.value(length, Kind.NUMBER, required=True)
    if start is None or end is None or whole is None:
        return None
    span = _SPANS.get(whole.unit) if isinstance(whole, Constant) else None
    if span is None or not isinstance(whole, Constant) or whole.value <= 0:  # type: ignore[operator]  # a number
        slots.problems.add(
            "bad-length",
            f"{slots.keys.shown(length)!r} needs a length of time above 0",
            slots.at(length),
            "write 365天 to count days, 12个月 to count whole months",
        )
        return None
    if _is_backwards(start, end):
        slots.problems.add(
            "empty-interval",
            "the time ends before it begins",
            slots.at("to"),
            None,
            ("the beginning", slots.at("from")),
        )
        return None
    passed = not_below_nothing(Elapsed(span, start, end))
    return Quotient(passed, whole, nothing(Kind.RATE))


def _is_backwards(start: Term, end: Term) -> bool:
    """Whether two days that are written in the rule leave no time between them."""
    days = [day.value for day in (start, end) if isinstance(day, Constant)]
    match days:
        case [date() as first, date() as last]:
            return last <= first
        case _:
            return False
