"""
What is known of one value in every row: the arithmetic of intervals, on columns.

The same as :mod:`incentives.known`, of which this says nothing new: an end that is null
is without end, and a value is known where its ends meet. Whole numbers only: money is
in fen, and a number or a rate is a whole number times a scale that all rows share.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from fractions import Fraction
from functools import lru_cache, reduce
from math import lcm, prod
from operator import mul
from typing import Any, assert_never

import polars as pl

from attrs import evolve, field, frozen

from ...ir import Comparison, Kind, Value

#: Magnitudes that 64 and 128 bits hold, with a bit to spare.
_NARROW = 2**62
_WIDE = 2**126


class Form(Enum):
    """How the values of a column are stored."""

    TEXT = "text"
    TRUTH = "truth"
    DAY = "day"
    WHOLE = "whole"


#: The types of what is stored, as long as it is not too large.
DTYPES: Mapping[Form, Any] = {
    Form.TEXT: pl.String,
    Form.TRUTH: pl.Boolean,
    Form.DAY: pl.Date,
    Form.WHOLE: pl.Int64,
}

FORMS = {
    Kind.TEXT: Form.TEXT,
    Kind.BOOLEAN: Form.TRUTH,
    Kind.DATE: Form.DAY,
    Kind.MONEY: Form.WHOLE,
    Kind.NUMBER: Form.WHOLE,
    Kind.RATE: Form.WHOLE,
    Kind.YEAR: Form.WHOLE,
}

TRUE = pl.lit(True)  # noqa: FBT003  # a literal of a column
FALSE = pl.lit(False)  # noqa: FBT003  # likewise
_NEVER = pl.lit(None, dtype=pl.Boolean)
#: Bits of facts that are missing: none of them.
NONE_MISSING = pl.lit(0, dtype=pl.Int64)


@lru_cache(maxsize=4096)
def whole_number(value: int) -> pl.Expr:
    """A whole number of which the type is said: narrow ones overflow in silence."""
    return pl.lit(value, dtype=pl.Int64 if abs(value) < _NARROW else pl.Int128)


@frozen(eq=False)
class Column:
    """
    What is known of a value in every row.

    ``low`` and ``high`` are both ends, null where a row has none; the same object where
    a row either has the value or knows nothing of it (``is_whole``). ``most`` bounds
    the whole numbers, either sign. ``missing`` are the bits of the facts that would
    tell more, to be believed only where the value is not known; ``sure`` is whether
    every row knows the value, and ``signed`` whether it can be below zero. A ratio is
    divided by ``by``, positive whole numbers of at most ``by_most``.
    """

    form: Form
    low: pl.Expr
    high: pl.Expr
    scale: Fraction = Fraction(1)
    most: int = 0
    missing: pl.Expr = field(default=NONE_MISSING, repr=False)
    sure: bool = False
    signed: bool = True
    by: pl.Expr | None = None
    by_most: int = 1

    @property
    def is_whole(self) -> bool:
        """Whether a row knows all or nothing of it."""
        return self.low is self.high

    @property
    def known(self) -> pl.Expr:
        """Whether the value is known."""
        if self.sure:
            return TRUE
        if self.is_whole:
            return self.low.is_not_null()
        return (self.low == self.high).fill_null(value=False)

    @property
    def lacking(self) -> pl.Expr:
        """The bits of what is missing: none where the value is known."""
        if self.sure or self.missing is NONE_MISSING:
            return NONE_MISSING
        return pl.when(self.known).then(NONE_MISSING).otherwise(self.missing)


#: What columns cannot say exactly is not known, and must be seen record by record.
SEE = pl.lit(2**62, dtype=pl.Int64)


def unseen(form: Form) -> Column:
    """Any value at all: whoever depends on it must look at the record itself."""
    return _anything(form, SEE)


def _anything(form: Form, missing: pl.Expr) -> Column:
    """A value of which no row knows anything."""
    nowhere = pl.lit(None, dtype=DTYPES[form])
    return Column(form, nowhere, nowhere, missing=missing)


def constant(value: Value, form: Form) -> Column:
    """A value that every row knows."""
    if form is not Form.WHOLE:
        literal = pl.lit(value)
        return Column(form, literal, literal, sure=True)
    assert isinstance(value, int | Fraction)  # noqa: S101  # the form says so
    exact = Fraction(value)
    literal = whole_number(exact.numerator)
    scale = Fraction(1, exact.denominator)
    most = abs(exact.numerator)
    signed = exact < 0
    return Column(form, literal, literal, scale, most, sure=True, signed=signed)


def unknown(form: Form, low: Value | None, high: Value | None, bit: pl.Expr) -> Column:
    """A value of which no row knows more than between what ends it lies."""
    if low is None and high is None:
        return _anything(form, bit)
    nowhere = _anything(form, bit)
    first, last = (
        nowhere if end is None else constant(end, form) for end in (low, high)
    )
    if low is not None and high is not None:
        first, last = aligned([first, last])
    scale = last.scale if low is None else first.scale
    most = max(first.most, last.most)
    return Column(form, first.low, last.low, scale, most, bit)


def union(parts: Sequence[pl.Expr]) -> pl.Expr:
    """Every bit of several sets of facts."""
    found = [part for part in parts if part is not NONE_MISSING]
    if not found:
        return NONE_MISSING
    together = found[0]
    for part in found[1:]:
        together |= part
    return together


# --- whole numbers that all fit ------------------------------------------------------


def fits(most: int) -> bool:
    """Whether there are numbers that large."""
    return most < _WIDE


def fits_narrow(value: int) -> bool:
    """Whether a number is small enough for the usual ones."""
    return abs(value) < _NARROW


def fitting(expression: pl.Expr, most: int) -> pl.Expr:
    """The same in numbers that are large enough."""
    return expression.cast(pl.Int128) if most >= _NARROW else expression


def scaled(column: Column, scale: Fraction) -> Column:
    """The same value as so many times a finer scale."""
    factor = column.scale / scale
    if factor == 1:
        return column
    assert factor.denominator == 1  # noqa: S101  # finer
    found = _larger(column, whole_number(factor.numerator), factor.numerator)
    return evolve(found, scale=scale)


def _larger(column: Column, by: pl.Expr, most_by: int) -> Column:
    """Every end times a positive whole number, of at most so much."""
    most = column.most * most_by
    if not fits(most):
        return unseen(column.form)

    def larger(end: pl.Expr) -> pl.Expr:
        return fitting(end, most) * by

    low = larger(column.low)
    high = low if column.is_whole else larger(column.high)
    return evolve(column, low=low, high=high, most=most)


def aligned(columns: Sequence[Column]) -> list[Column]:
    """The same values on one scale, and divided by the same."""
    if any(column.form is not Form.WHOLE for column in columns):
        return list(columns)
    over = lcm(*(column.scale.denominator for column in columns))
    one = len({column.scale for column in columns}) == 1
    found = list(columns) if one else [scaled(c, Fraction(1, over)) for c in columns]
    ratios = {id(each.by): each for each in found if each.by is not None}
    if not ratios:
        return found
    # Each is divided by the product of all, and multiplied by what it was not yet
    # divided by.
    bys = {key: (_by(each), each.by_most) for key, each in ratios.items()}
    by = reduce(mul, [each for each, _ in bys.values()])
    most = prod(each for _, each in bys.values())
    for place, each in enumerate(found):
        for key, (other, most_other) in bys.items():
            if key != id(each.by):
                found[place] = _larger(found[place], other, most_other)
    return [evolve(each, by=by, by_most=most) for each in found]


def _by(column: Column) -> pl.Expr:
    assert column.by is not None  # noqa: S101  # it is a ratio
    return column.by


# --- comparison ----------------------------------------------------------------------


def compared(comparison: Comparison, left: Column, right: Column) -> pl.Expr:
    """The verdicts on two values: true, false, null where nobody knows."""
    left, right = aligned([left, right])
    match comparison:
        case Comparison.EQ:
            return _equal(left, right)
        case Comparison.NE:
            return ~_equal(left, right)
        case Comparison.LT:
            return ~_at_most(right, left)
        case Comparison.LE:
            return _at_most(left, right)
        case Comparison.GT:
            return ~_at_most(left, right)
        case Comparison.GE:
            return _at_most(right, left)
        case _:
            assert_never(comparison)


def _less(left: pl.Expr, right: pl.Expr, *, strictly: bool = False) -> pl.Expr:
    """Whether one end is below another: null where there is none."""
    return left < right if strictly else left <= right


def _at_most(left: Column, right: Column) -> pl.Expr:
    if left.is_whole and right.is_whole:
        return _less(left.low, right.low)
    met = _less(left.high, right.low)
    unmet = _less(right.high, left.low, strictly=True)
    return pl.when(met).then(TRUE).when(unmet).then(FALSE).otherwise(None)


def _equal(left: Column, right: Column) -> pl.Expr:
    if left.is_whole and right.is_whole:
        return left.low == right.low
    below = _less(left.high, right.low, strictly=True)
    above = _less(right.high, left.low, strictly=True)
    # As no low end is above its high end, all four are the same.
    same = left.known & right.known & _less(left.high, right.low)
    same &= _less(right.high, left.low)
    return pl.when(same).then(TRUE).when(below | above).then(FALSE).otherwise(None)


# --- one of several ------------------------------------------------------------------


def chosen(branches: Sequence[tuple["Truth", Column]], otherwise: Column) -> Column:
    """The first whose condition is met; any of several while that is not known."""
    terms = aligned([*(term for _, term in branches), otherwise])
    found = terms[-1]
    for (truth, _), term in zip(reversed(branches), reversed(terms[:-1]), strict=True):
        found = _either(truth, term, found)
    return found


def _either(truth: "Truth", one: Column, other: Column) -> Column:
    is_met = truth.value
    both = one.is_whole and other.is_whole
    ordered = one.form in {Form.DAY, Form.WHOLE}

    def picked(left: pl.Expr, right: pl.Expr, hull: Callable[..., pl.Expr]) -> pl.Expr:
        some = pl.when(left == right).then(left).otherwise(None)
        if ordered:
            nowhere = left.is_null() | right.is_null()
            some = pl.when(nowhere).then(None).otherwise(hull(left, right))
        # An unmet condition is false, not null.
        end = pl.when(is_met).then(left).when(~is_met).then(right)
        return end.otherwise(None if truth.sure else some)

    low = picked(one.low, other.low, pl.min_horizontal)
    whole = both and (truth.sure or not ordered)
    # Each part is named once: what is named twice doubles at every level.
    some = pl.when(~is_met).then(NONE_MISSING).otherwise(one.lacking)
    others = pl.when(is_met).then(NONE_MISSING).otherwise(other.lacking)
    return Column(
        one.form,
        low,
        low if whole else picked(one.high, other.high, pl.max_horizontal),
        one.scale,
        max(one.most, other.most),
        union([some, others, truth.missing]),
        sure=one.sure and other.sure and truth.sure,
        signed=one.signed or other.signed,
        by=one.by,
        by_most=one.by_most,
    )


@frozen(eq=False)
class Truth:
    """
    The verdict on a condition in every row: true, false, null where nobody knows.

    ``missing`` are the bits of what would tell, none where it is decided; ``sure`` is
    whether every row knows.
    """

    value: pl.Expr
    missing: pl.Expr = field(default=NONE_MISSING, repr=False)
    sure: bool = False


def found(value: pl.Expr, missing: pl.Expr, *, sure: bool = False) -> Truth:
    """A verdict, which misses something only where it is not known."""
    if sure or missing is NONE_MISSING:
        return Truth(value, NONE_MISSING, sure)
    lacking = pl.when(value.is_null()).then(missing).otherwise(NONE_MISSING)
    return Truth(value, lacking)
