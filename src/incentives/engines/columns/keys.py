"""Rows of tables by their keys: lookups, and whether values are a row of a set."""

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from math import lcm
from operator import and_

import polars as pl

from attrs import evolve

from ...ir import Lookup, Member, Value
from .column import (
    DTYPES,
    FALSE,
    NONE_MISSING,
    SEE,
    TRUE,
    Column,
    Form,
    Truth,
    chosen,
    constant,
    found,
    union,
    unseen,
)
from .frame import Frame


def looked_up(
    node: Lookup, keys: list[Column], otherwise: Column, frame: Frame
) -> Column:
    """The value of the row with these keys; any of them while a key is not known."""
    form = otherwise.form
    if not all(key.is_whole and key.by is None for key in keys) or any(
        key.form is Form.WHOLE and key.scale != 1 for key in keys
    ):
        return unseen(form)
    rows = list(node.rows.items())
    scale = (
        Fraction(1, _common([value for _, value in rows]))
        if form is Form.WHOLE
        else Fraction(1)
    )
    values = [_stored(value, scale) for _, value in rows]
    place = _row_of([row for row, _ in rows], keys)
    dtype = DTYPES[form]
    kept = frame.keep(place)
    listed = pl.Series(values, dtype=dtype)
    value = kept.replace_strict(
        pl.Series(range(len(rows)), dtype=pl.Int64),
        listed,
        default=None,
        return_dtype=dtype,
    )
    hit = frame.keep(kept.is_not_null())
    most = max((abs(v) for v in values), default=0) if form is Form.WHOLE else 0  # type: ignore[arg-type]  # whole numbers
    signed = form is Form.WHOLE and any(v < 0 for v in values)  # type: ignore[operator]  # whole numbers
    cell = frame.keep(value)
    inside = Column(form, cell, cell, scale, most, signed=signed)
    other = frame.kept(otherwise)
    either = frame.kept(chosen([(Truth(hit, sure=True), inside)], other))
    if all(key.sure for key in keys):
        return either
    # Of a key that is not known, any value of the table.
    known = reduce(and_, [key.known for key in keys])
    anything = other
    for extreme in (min, max):
        if form is Form.WHOLE and values:
            one = constant(extreme(values) * scale, form)  # type: ignore[type-var, operator]  # numbers
            anything = chosen([(_PERHAPS, one)], anything)
        elif values:
            anything = unseen(form)
    is_known = Truth(frame.keep(known), sure=True)
    found = chosen([(is_known, either)], frame.kept(anything))
    missing = [key.lacking for key in keys] + [other.lacking]
    if form is not Form.WHOLE:  # all its values may be one and the same
        missing.append(pl.when(is_known.value).then(NONE_MISSING).otherwise(SEE))
    return evolve(found, missing=union(missing))


#: A condition of which nobody knows whether it is met.
_PERHAPS = Truth(pl.lit(None, dtype=pl.Boolean))


def _common(values: Sequence[Value]) -> int:
    return lcm(*(Fraction(value).denominator for value in values))  # type: ignore[arg-type]  # numbers


def _stored(value: Value, scale: Fraction) -> object:
    if isinstance(value, int | Fraction) and not isinstance(value, bool):
        return int(value / scale)
    return value


def _row_of(rows: Sequence[tuple[Value, ...]], keys: Sequence[Column]) -> pl.Expr:
    """The number of the row with these keys; null where there is none."""
    place: pl.Expr = pl.lit(0, dtype=pl.Int64)
    codes: dict[int, int] = dict.fromkeys(range(len(rows)), 0)
    for cell, key in enumerate(keys):
        values = list(dict.fromkeys(row[cell] for row in rows))
        number = {value: code for code, value in enumerate(values)}
        code = key.low.replace_strict(
            pl.Series(
                [_stored(v, Fraction(1)) for v in values], dtype=DTYPES[key.form]
            ),
            pl.Series(range(len(values)), dtype=pl.Int64),
            default=None,
            return_dtype=pl.Int64,
        )
        place = place * len(values) + code
        codes = {
            row: known * len(values) + number[rows[row][cell]]
            for row, known in codes.items()
        }
    return place.replace_strict(
        pl.Series(list(codes.values()), dtype=pl.Int64),
        pl.Series(list(codes), dtype=pl.Int64),
        default=None,
        return_dtype=pl.Int64,
    )


def _distinct(rows: Sequence[tuple[Value, ...]], cell: int) -> list[tuple[Value]]:
    """The values in one cell of all rows, each once."""
    return list(dict.fromkeys((row[cell],) for row in rows))


def member(node: Member, parts: list[Column]) -> Truth:
    """Whether the values are a row of a set."""
    missing = union([part.lacking for part in parts])
    sure = all(part.sure for part in parts)
    if not all(part.is_whole and part.by is None for part in parts):
        return Truth(pl.lit(None, dtype=pl.Boolean), union([missing, SEE]))
    rows = list(node.rows)
    if len(parts) == 1:
        (part,) = parts
        values = [cell for (cell,) in rows]
        if part.form is Form.WHOLE:
            exact = [Fraction(v) / part.scale for v in values]  # type: ignore[arg-type]  # numbers
            values = [int(v) for v in exact if v.denominator == 1]
        listed = pl.Series(values, dtype=DTYPES[part.form])
        if not rows:
            return Truth(FALSE, sure=True)
        return found(part.low.is_in(listed.implode()), missing, sure=sure)
    if any(part.form is Form.WHOLE and part.scale != 1 for part in parts):
        return Truth(pl.lit(None, dtype=pl.Boolean), union([missing, SEE]))
    hit = _row_of(rows, parts).is_not_null()
    if sure:
        return Truth(hit, sure=True)
    known = reduce(and_, [part.known for part in parts])
    # What is known of a row must still be part of a row of the set.
    possible = [
        pl.when(part.known)
        .then(_row_of(_distinct(rows, n), [part]).is_not_null())
        .otherwise(TRUE)
        for n, part in enumerate(parts)
    ]
    decided = pl.when(known).then(hit).when(~reduce(and_, possible)).then(FALSE)
    if len(parts) > 2:  # noqa: PLR2004  # of two, one that is known tells enough
        missing = union([missing, SEE])
    return found(decided.otherwise(None), missing)
