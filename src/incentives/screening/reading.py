"""
A column of a data frame as the values of a fact, read as strictly as a record is.

Whatever type says what it means is taken over as a whole; of everything else each
distinct value is read once, by the very reader of records.
"""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl

from attrs import field, frozen

from ..dates import FIRST_DAY, LAST_DAY
from ..ir import Kind
from ..money import MOST_FEN
from ..readers import MAX_TEXT, NotReadableError
from ..vocabulary import FactDeclaration
from .gathering import DTYPES, FEWER, TOO_FINE, series, too_fine

#: What no text of a record holds, and what readers look at more closely.
_ODD_TEXT = r"^\s|\s$|^$|[\p{Z}\p{C}--[ ]]"
_SHANGHAI = "Asia/Shanghai"
#: Beyond this a float does not tell whole numbers apart.
_MOST_EXACT = 2**53


@frozen
class Refused:
    """What is wrong with a value: the row, what, and what to do."""

    row: int
    message: str
    suggestion: str | None = None


@frozen(eq=False)
class Read:
    """The values of a column, and what is wrong with some of them."""

    column: pl.Series
    scale: Fraction = Fraction(1)
    refused: tuple[Refused, ...] = field(default=())


def read(column: pl.Series, declared: FactDeclaration) -> Read:
    """The values of a fact in every row; null is unknown."""
    if isinstance(column.dtype, pl.Categorical | pl.Enum):
        column = column.cast(pl.String)
    if column.dtype == pl.Null:
        return Read(column.cast(DTYPES[declared.kind]))
    natively = _NATIVE[declared.kind](column, declared)
    return _one_by_one(column, declared) if natively is None else natively


Reader = Callable[[pl.Series, FactDeclaration], Read | None]


def _one_by_one(column: pl.Series, declared: FactDeclaration) -> Read:
    """Every distinct value read by itself, as in a record."""
    distinct = column.unique(maintain_order=True).drop_nulls()
    known: list[Any] = []
    wrong: dict[Any, NotReadableError] = {}
    for number, raw in enumerate(distinct.to_list()):
        try:
            known.append(declared.read_one(_plain(raw)))
        except NotReadableError as error:
            known.append(None)
            wrong[number] = error
    if declared.kind in {Kind.NUMBER, Kind.RATE}:
        for number in too_fine(known):
            known[number] = None
            wrong[number] = NotReadableError(TOO_FINE, FEWER)
    values, scale = series(known, declared.kind)
    numbers = _numbers(column, distinct)
    refused = tuple(_refusals(numbers, wrong)) if wrong else ()
    return Read(values.gather(numbers), scale, refused)


def _numbers(column: pl.Series, distinct: pl.Series) -> pl.Series:
    """For each row the number of its value among the distinct ones."""
    if column.dtype.is_float():  # what is no number equals nothing, itself included
        column, distinct = column.cast(pl.String), distinct.cast(pl.String)
    table = pl.DataFrame({"value": distinct}).with_row_index("number")
    rows = pl.DataFrame({"value": column})
    joined = rows.join(table, on="value", how="left", maintain_order="left")
    return joined["number"].cast(pl.Int64)


def _refusals(
    numbers: pl.Series, wrong: Mapping[int, NotReadableError]
) -> Iterator[Refused]:
    for number, error in wrong.items():
        for row in (numbers == number).arg_true().to_list():
            yield Refused(row, str(error), error.suggestion)


def _plain(raw: Any) -> Any:
    """A value as a record would give it: a float only where it is exact."""
    if isinstance(raw, float) and abs(raw) * 100 < _MOST_EXACT:
        if raw.is_integer():
            return int(raw)
        if (raw * 4).is_integer():
            return Decimal(raw)
    return raw


# --- what types say ------------------------------------------------------------------


def _texts(column: pl.Series, declared: FactDeclaration) -> Read | None:
    if column.dtype != pl.String or declared.values or declared.aliases:
        return None
    distinct = column.unique()
    if not _odd(distinct).any():
        return Read(column)
    rows = _odd(column).arg_true()
    looked_at = _one_by_one(column.gather(rows), declared)
    refused = tuple(
        Refused(rows[each.row], each.message, each.suggestion)
        for each in looked_at.refused
    )
    return Read(column.clone().scatter(rows, looked_at.column), refused=refused)


def _odd(texts: pl.Series) -> pl.Series:
    """Texts at which the reader of records must look."""
    odd = texts.str.contains(_ODD_TEXT) | (texts.str.len_chars() > MAX_TEXT)
    return odd.fill_null(value=False)


def _truths(column: pl.Series, declared: FactDeclaration) -> Read | None:
    return Read(column) if column.dtype == pl.Boolean else None


def _amounts(column: pl.Series, declared: FactDeclaration) -> Read | None:
    """Yuan in whole or decimal numbers, as whole fen."""
    if column.dtype.is_float():
        return _exact_floats(column, declared)
    most = MOST_FEN // 100
    if column.dtype.is_integer():
        column = column.cast(pl.Int128)
    elif not isinstance(column.dtype, pl.Decimal) or (column.dtype.scale or 0) > 2:  # noqa: PLR2004  # a fen is the second decimal
        return None
    if not column.is_between(-most if declared.negative else 0, most).all():
        return None
    if isinstance(column.dtype, pl.Decimal):
        return Read((column.cast(pl.Decimal(38, 2)) * 100).cast(pl.Int64))
    return Read(column.cast(pl.Int64) * 100)


def _exact_floats(column: pl.Series, declared: FactDeclaration) -> Read | None:
    """Floats that are exactly so many fen; others are refused one by one."""
    hundredfold = column.cast(pl.Float64) * 100
    exact = (hundredfold == hundredfold.floor()) & (hundredfold.abs() < _MOST_EXACT)
    # Times 4 is exact: quarters of a yuan are the only fen that a float holds.
    exact &= (column.cast(pl.Float64) * 4) == (column.cast(pl.Float64) * 4).floor()
    negative = pl.Series([False]) if declared.negative else column < 0
    if not exact.all() or negative.any():
        return None
    return Read(hundredfold.cast(pl.Int64))


def _counts(column: pl.Series, declared: FactDeclaration) -> Read | None:
    if not column.dtype.is_integer():
        return None
    wide = column.cast(pl.Int128)
    lowest = -(10**18) if declared.negative else 0
    return Read(wide.cast(pl.Int64)) if wide.is_between(lowest, 10**18).all() else None


def _years(column: pl.Series, declared: FactDeclaration) -> Read | None:
    if not column.dtype.is_integer():
        return None
    within = column.is_between(FIRST_DAY.year, LAST_DAY.year)
    return Read(column.cast(pl.Int64)) if within.all() else None


def _days(column: pl.Series, declared: FactDeclaration) -> Read | None:
    if isinstance(column.dtype, pl.Datetime):
        if column.dtype.time_zone is not None:
            column = column.dt.convert_time_zone(_SHANGHAI).dt.date()
        elif (column.dt.truncate("1d") == column).all():
            column = column.dt.date()
        else:
            return None
    if column.dtype != pl.Date:
        return None
    return Read(column) if column.is_between(FIRST_DAY, LAST_DAY).all() else None


def _never(column: pl.Series, declared: FactDeclaration) -> Read | None:
    return None


_NATIVE: Mapping[Kind, Reader] = {
    Kind.TEXT: _texts,
    Kind.BOOLEAN: _truths,
    Kind.MONEY: _amounts,
    Kind.NUMBER: _counts,
    Kind.RATE: _never,
    Kind.DATE: _days,
    Kind.YEAR: _years,
}
