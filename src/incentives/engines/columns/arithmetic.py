"""Arithmetic on columns: sums, products, ratios, the least and the greatest of several."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import reduce
from operator import add, mul, or_
from typing import Any

import polars as pl

from attrs import evolve

from .column import (
    SEE,
    Column,
    Form,
    Truth,
    aligned,
    chosen,
    constant,
    fits,
    fitting,
    union,
    unseen,
    whole_number,
)


def _missing(columns: Sequence[Column]) -> pl.Expr:
    return union([column.lacking for column in columns if not column.sure])


def total_of(columns: Sequence[Column]) -> Column:
    """A sum: without end where any part is."""
    parts = aligned(columns)
    most = sum(part.most for part in parts)
    if not fits(most):
        return unseen(Form.WHOLE)

    def added(ends: Sequence[pl.Expr]) -> pl.Expr:
        return reduce(add, [fitting(end, most) for end in ends])

    low = added([part.low for part in parts])
    whole = all(part.is_whole for part in parts)
    high = low if whole else added([part.high for part in parts])
    return Column(
        Form.WHOLE,
        low,
        high,
        parts[0].scale,
        most,
        _missing(parts),
        sure=all(part.sure for part in parts),
        signed=any(part.signed for part in parts),
        by=parts[0].by,
        by_most=parts[0].by_most,
    )


def negative_of(column: Column) -> Column:
    """The same with the opposite sign."""
    low = opposite(column.high)
    if column.is_whole:
        return evolve(column, low=low, high=low, signed=True)
    return evolve(column, low=low, high=opposite(column.low), signed=True)


def least_of(columns: Sequence[Column]) -> Column:
    """The smallest: without low end where any part is."""
    return _extreme(columns, pl.min_horizontal, strict=0)


def greatest_of(columns: Sequence[Column]) -> Column:
    """The largest: without high end where any part is."""
    return _extreme(columns, pl.max_horizontal, strict=1)


def _extreme(
    columns: Sequence[Column],
    choose: Callable[[list[pl.Expr]], pl.Expr],
    *,
    strict: int,
) -> Column:
    """
    The extreme of several values.

    ``strict`` is the end, low or high, that is without end where that of any part is;
    the other one is that of the parts that have one.
    """
    parts = aligned(columns)

    def best(place: int) -> pl.Expr:
        every = [(part.low, part.high)[place] for part in parts]
        extreme = choose(every)
        pairs = zip(every, parts, strict=True) if place == strict else ()
        nowhere = [end.is_null() for end, part in pairs if not part.sure]
        if not nowhere:
            return extreme
        return pl.when(pl.any_horizontal(nowhere)).then(None).otherwise(extreme)

    sure = all(part.sure for part in parts)
    low = best(0)
    return Column(
        parts[0].form,
        low,
        low if sure else best(1),
        parts[0].scale,
        max(part.most for part in parts),
        _missing(parts),
        sure=sure,
        signed=any(part.signed for part in parts),
        by=parts[0].by,
        by_most=parts[0].by_most,
    )


def product_of(left: Column, right: Column) -> Column:
    """A product: between the least and the greatest of the products of the ends."""
    most = left.most * right.most
    by_most = left.by_most * right.by_most
    if not fits(most) or not fits(by_most):
        return unseen(Form.WHOLE)
    both = [by for by in (left.by, right.by) if by is not None]
    low, high = _product(left, right, most)
    sure = left.sure and right.sure
    return Column(
        Form.WHOLE,
        low,
        high,
        left.scale * right.scale,
        most,
        _missing([left, right]),
        sure=sure,
        signed=left.signed or right.signed,
        by=reduce(mul, both) if both else None,
        by_most=by_most,
    )


def _product(left: Column, right: Column, most: int) -> tuple[pl.Expr, pl.Expr]:
    """Both ends of a product; nothing times no end is nothing."""
    if left.sure and right.sure:
        one = fitting(left.low, most) * fitting(right.low, most)
        return one, one
    products, signs = [], []
    for a, sign_a in _ends(left, most):
        for b, sign_b in _ends(right, most):
            without = a.is_null() | b.is_null()
            sign = sign_a * sign_b
            endless = pl.when(without).then(sign).otherwise(0)
            nothing = without & (sign == 0)
            products.append(pl.when(nothing).then(whole_number(0)).otherwise(a * b))
            signs.append(endless)
    down = pl.any_horizontal([sign < 0 for sign in signs])
    up = pl.any_horizontal([sign > 0 for sign in signs])
    low = pl.when(down).then(None).otherwise(pl.min_horizontal(products))
    high = pl.when(up).then(None).otherwise(pl.max_horizontal(products))
    return low, high


def _ends(column: Column, most: int) -> list[tuple[pl.Expr, pl.Expr]]:
    """Both ends with their signs; what is without end has the sign of its side."""
    found = []
    for end, side in ((column.low, -1), (column.high, 1)):
        given = fitting(end, most)
        sign = given.sign().cast(pl.Int64).fill_null(side)
        found.append((given, sign))
    return found


def quotient_of(
    left: Column, right: Column, otherwise: Column, keep: Callable[[pl.Expr], pl.Expr]
) -> Column:
    """
    One value divided by another, or a third where that is zero.

    Of what is known in part columns tell only where nothing is below zero: anything
    may come of dividing by what may be next to nothing. ``keep`` makes columns.
    """
    if left.by is not None or right.by is not None:
        return unseen(Form.WHOLE)
    a, b, least, most = left.low, left.high, right.low, right.high
    known = keep(right.known)
    by = keep(pl.when(known & (least != 0)).then(least.abs()).otherwise(1))
    turned = keep(known & (least < 0) & left.known)
    low = keep(pl.when(turned).then(opposite(a)).otherwise(a))
    high = low if left.is_whole else keep(pl.when(turned).then(low).otherwise(b))
    ratio = Column(
        Form.WHOLE,
        low,
        high,
        left.scale / right.scale,
        left.most,
        signed=left.signed or right.signed,
        by=by,
        by_most=max(right.most, 1),
    )
    # Divided by what may be next to nothing, on one side of it or on both.
    both_sides = (least.is_null() | (least < 0)) & (most.is_null() | (most > 0))
    above = (least == 0) & most.is_null()
    falls = both_sides | a.is_null() | (a < 0)
    rises = both_sides | b.is_null() | (b > 0)
    zero = constant(0, Form.WHOLE)
    either = least_of([otherwise, zero]), greatest_of([otherwise, zero])
    anything = Column(
        Form.WHOLE,
        keep(pl.when(falls).then(None).otherwise(either[0].low)),
        keep(pl.when(rises).then(None).otherwise(either[1].high)),
        either[0].scale,
        either[0].most,
    )
    is_zero = (least == 0) & (most == 0)
    decided = (known & (least > 0)) | turned
    cases = [
        (Truth(keep(case.fill_null(value=False)), sure=True), column)
        for case, column in (
            (is_zero, otherwise),
            (decided, ratio),
            (~known & (both_sides | above), anything),
        )
    ]
    found = chosen(cases, unseen(Form.WHOLE))
    parts = _missing([left, right, otherwise])
    told = reduce(or_, [truth.value for truth, _ in cases])
    missing = pl.when(told).then(parts).otherwise(union([parts, SEE]))
    return evolve(found, missing=missing)


def opposite(value: pl.Expr) -> pl.Expr:
    """A number with the other sign, however large it is."""
    return whole_number(0) - value


def multiplied(column: Column, by: Fraction) -> Column:
    """A value times a number that is written in the rule."""
    if by == 0:
        return constant(0, Form.WHOLE)
    if by < 0:
        return multiplied(negative_of(column), -by)
    return evolve(column, scale=column.scale * by)


def applied(column: Column, change: Callable[[pl.Expr], pl.Expr], **to: Any) -> Column:
    """A function that never falls, of both ends; ``to`` is what else it changes."""
    low = change(column.low)
    high = low if column.is_whole else change(column.high)
    return evolve(column, low=low, high=high, missing=column.lacking, **to)
