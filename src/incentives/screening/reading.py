"""
A column of a data frame as the values of a fact, read as strictly as a record is.

Whatever type says what it means is taken over as a whole; of everything else each
distinct value is read once, by the very reader of records.
"""

import re

from collections.abc import Callable, Iterator, Mapping
from datetime import date
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
_EPOCH = date(1970, 1, 1)
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


def read(column: pl.Series, declared: FactDeclaration, *, texts: bool = False) -> Read:
    """
    The values of a fact in every row; null is unknown.

    Where all that there is are ``texts``, as in a file of them, a number and a truth
    are read as one.
    """
    if isinstance(column.dtype, pl.Categorical | pl.Enum):
        column = column.cast(pl.String)
    if column.dtype == pl.Null:
        return Read(column.cast(DTYPES[declared.kind]))
    natively = _NATIVE[declared.kind](column, declared)
    if natively is not None:
        return natively
    return _one_by_one(column, declared, texts=texts and column.dtype == pl.String)


Reader = Callable[[pl.Series, FactDeclaration], Read | None]


def _one_by_one(
    column: pl.Series, declared: FactDeclaration, *, texts: bool = False
) -> Read:
    """Every distinct value read by itself, as in a record."""
    # Which numbers stand together in a column is told by their order.
    ordered = declared.kind in {Kind.NUMBER, Kind.RATE}
    distinct = column.unique(maintain_order=ordered).drop_nulls()
    known: list[Any] = []
    wrong: dict[Any, NotReadableError] = {}
    for number, raw in enumerate(distinct.to_list()):
        try:
            plain = _meant(raw, declared.kind) if texts else _plain(raw)
            known.append(declared.read_one(plain))
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
    if column.dtype == pl.String:
        return column.cast(pl.Enum(distinct)).to_physical().cast(pl.Int64)
    if column.dtype.is_float():  # what is no number equals nothing, itself included
        column, distinct = column.cast(pl.String), distinct.cast(pl.String)
    table = pl.DataFrame({"value": distinct}).with_row_index("number")
    rows = pl.DataFrame({"value": column})
    joined = rows.join(table, on="value", how="left", maintain_order="left")
    return joined["number"].cast(pl.Int64)


def _refusals(
    numbers: pl.Series, wrong: Mapping[int, NotReadableError]
) -> Iterator[Refused]:
    found = [
        (row, error)
        for number, error in wrong.items()
        for row in (numbers == number).arg_true().to_list()
    ]
    for row, error in sorted(found, key=lambda each: each[0]):
        yield Refused(row, str(error), error.suggestion)


def _plain(raw: Any) -> Any:
    """A value as a record would give it: a float only where it is exact."""
    if isinstance(raw, float) and abs(raw) * 100 < _MOST_EXACT:
        if raw.is_integer():
            return int(raw)
        if (raw * 4).is_integer():
            return Decimal(raw)
    return raw


_WHOLE = re.compile(r"[+-]?\d{1,40}", re.ASCII)
_DECIMAL = re.compile(r"[+-]?\d{1,40}\.\d{1,40}", re.ASCII)
_TRUTHS = {"true": True, "false": False}


def _meant(raw: str, kind: Kind) -> Any:
    """What a text says in a file that has nothing but texts."""
    match kind:
        case Kind.NUMBER | Kind.YEAR | Kind.RATE if _WHOLE.fullmatch(raw):
            return int(raw)
        case Kind.NUMBER | Kind.RATE if _DECIMAL.fullmatch(raw):
            return Decimal(raw)
        case Kind.BOOLEAN:
            return _TRUTHS.get(raw.lower(), raw)
        case _:
            return raw


# --- what types say ------------------------------------------------------------------


def _texts(column: pl.Series, declared: FactDeclaration) -> Read | None:
    if column.dtype != pl.String or declared.values or declared.aliases:
        return None
    looked_at = column.unique() if _is_repeated(column) else column
    if not _odd(looked_at).any():
        return Read(column)
    rows = _odd(column).arg_true()
    found = _one_by_one(column.gather(rows), declared)
    refused = tuple(
        Refused(rows[each.row], each.message, each.suggestion) for each in found.refused
    )
    return Read(column.clone().scatter(rows, found.column), refused=refused)


#: So many rows tell whether the values of a column repeat themselves.
_SOME_ROWS = 1024


def _is_repeated(column: pl.Series) -> bool:
    """Whether it is likely cheaper to look at each distinct value once."""
    some = column.head(_SOME_ROWS)
    return some.n_unique() * 4 < len(some)


def _odd(texts: pl.Series) -> pl.Series:
    """Texts at which the reader of records must look."""
    odd = texts.str.contains(_ODD_TEXT)
    if (texts.str.len_bytes() > MAX_TEXT).any():
        odd |= texts.str.len_chars() > MAX_TEXT
    return odd.fill_null(value=False)


def _truths(column: pl.Series, declared: FactDeclaration) -> Read | None:
    return Read(column) if column.dtype == pl.Boolean else None


def _amounts(column: pl.Series, declared: FactDeclaration) -> Read | None:
    """Yuan in whole or decimal numbers, as whole fen."""
    if column.dtype.is_float():
        return _exact_floats(column, declared)
    most = MOST_FEN // 100
    if not column.dtype.is_integer() and (
        not isinstance(column.dtype, pl.Decimal) or (column.dtype.scale or 0) > 2  # noqa: PLR2004  # a fen is the second decimal
    ):
        return None
    if not _within(column, -most if declared.negative else 0, most):
        return None
    if isinstance(column.dtype, pl.Decimal):
        return Read((column.cast(pl.Decimal(38, 2)) * 100).cast(pl.Int64))
    return Read(column.cast(pl.Int64) * 100)


def _within(column: pl.Series, first: Any, last: Any) -> bool:
    """Whether all values are between two, inclusive."""
    least, greatest = column.min(), column.max()
    return least is None or (first <= least and greatest <= last)


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
    lowest = -(10**18) if declared.negative else 0
    return Read(column.cast(pl.Int64)) if _within(column, lowest, 10**18) else None


def _years(column: pl.Series, declared: FactDeclaration) -> Read | None:
    if not column.dtype.is_integer():
        return None
    within = _within(column, FIRST_DAY.year, LAST_DAY.year)
    return Read(column.cast(pl.Int64)) if within else None


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
    return Read(column) if _days_within(column) else None


def _days_within(column: pl.Series) -> bool:
    """Whether all days are of the calendar; those of other ones Python has not."""
    numbers = column.to_physical()
    first, last = ((day - _EPOCH).days for day in (FIRST_DAY, LAST_DAY))
    return _within(numbers, first, last)


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
