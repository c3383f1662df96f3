"""What passes between days, days moved, and values rounded, on columns."""

from fractions import Fraction
from functools import reduce
from operator import or_
from typing import assert_never

import polars as pl

from ...dates import FIRST_DAY, LAST_DAY, NEVER
from ...ir import Elapsed, Shift, Span
from ...money import Rounding
from .arithmetic import applied, opposite
from .column import SEE, Column, Form, fits, fitting, union, unseen, whole_number


def elapsed(node: Elapsed, days: list[Column]) -> Column:
    """
    What passes between two days, each of which is known in part.

    Where one of them never comes there is no such time, and the record says of which.
    """
    start, end = days
    never = [(each.high == NEVER).fill_null(value=False) for each in days]
    is_nowhere = reduce(or_, never)
    low, high = (
        pl.when(is_nowhere).then(None).otherwise(_spans(node.span, first, last))
        for first, last in ((start.high, end.low), (start.low, end.high))
    )
    whole = start.is_whole and end.is_whole
    missing = pl.when(is_nowhere).then(SEE)
    lacking = union([each.lacking for each in days if not each.sure])
    return Column(
        Form.WHOLE,
        low,
        low if whole else high,
        Fraction(1),
        _LONGEST_SPAN,
        missing.otherwise(lacking),
    )


#: More days than there are between the first and the last that Python knows.
_LONGEST_SPAN = 2**23


def _spans(span: Span, start: pl.Expr, end: pl.Expr) -> pl.Expr:
    if span is Span.DAYS:
        return (end - start).dt.total_days()
    months = (end.dt.year() - start.dt.year()).cast(pl.Int64) * 12
    months += end.dt.month().cast(pl.Int64) - start.dt.month().cast(pl.Int64)
    # The last day of a month that is shorter stands for the day itself.
    day = pl.min_horizontal(start.dt.day(), end.dt.month_end().dt.day())
    months = pl.when(end.dt.day() >= day).then(months).otherwise(months - 1)
    return months if span is Span.MONTHS else months // 12


def moved(day: pl.Expr, node: Shift) -> pl.Expr:
    """A day moved; what never comes stays away, the calendar has ends."""
    period = node.period
    sign = "-" if node.back else ""
    months = 12 * period.years + period.months
    inside = day.clip(FIRST_DAY, LAST_DAY)
    moved = inside.dt.offset_by(f"{sign}{months}mo") if months else inside
    moved = moved.dt.offset_by(f"{sign}{period.days}d") if period.days else moved
    moved = moved.clip(FIRST_DAY, LAST_DAY)
    return pl.when(day > LAST_DAY).then(day).otherwise(moved)


def rounded(part: Column, unit: Fraction, mode: Rounding) -> Column:
    """A value next to a multiple of a unit, in whole units."""
    ratio = part.scale / unit
    over, under = ratio.numerator, ratio.denominator
    most = (part.most * over + under * part.by_most) * 4
    if not fits(most):
        return unseen(Form.WHOLE)
    by = whole_number(under)
    if part.by is not None:
        by = fitting(part.by, most) * by

    def nearest(end: pl.Expr) -> pl.Expr:
        whole = fitting(end, most)
        if over != 1:
            whole *= whole_number(over)
        if under == 1 and part.by is None:
            return whole
        return _nearest(whole, by, mode, signed=part.signed)

    largest = part.most * over // under + 1
    return applied(part, nearest, scale=unit, most=largest, by=None, by_most=1)


def _nearest(over: pl.Expr, by: pl.Expr, mode: Rounding, *, signed: bool) -> pl.Expr:
    size = over.abs() if signed else over
    match mode:
        case Rounding.DOWN:
            count = size // by
        case Rounding.UP:
            count = (size + by - 1) // by
        case Rounding.HALF_UP:
            count = (size * 2 + by) // (by * 2)
        case _:
            assert_never(mode)
    return pl.when(over < 0).then(opposite(count)).otherwise(count) if signed else count
