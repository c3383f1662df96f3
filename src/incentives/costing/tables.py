"""Sums over a ledger as tables: how many subjects, how much, and between what."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import polars as pl

from ..errors import UsageError, did_you_mean, one_of
from ..money import yuan
from ..screening.screen import Screening, as_yuan
from .ledger import DIMENSIONS, Ledger


def summed(ledger: Ledger, *by: str) -> pl.DataFrame:
    """
    One row for each value of some dimensions: ``subjects``, ``amount``, ``low``, ``high``.

    Amounts are yuan; null above is without limit, and null of a dimension is unknown.

    Raises :class:`UsageError` for a dimension that there is not.
    """
    names = _checked(by)
    is_timed = bool({"month", "year"} & set(names))
    rows = ledger.events if is_timed else ledger.entries
    placed = _dimensions(rows, ledger).group_by(names)
    found = placed.agg(
        pl.col("row").filter("eligible").n_unique().alias("subjects"),
        total("due").alias("amount"),
        total("low"),
        most("high"),
    )
    if not is_timed and "rule" not in names:
        # What all rules come to together may be less than each of them by itself.
        ends = ledger.subjects.group_by(names).agg(total("low"), most("high"))
        found = found.drop("low", "high").join(ends, on=names, nulls_equal=True)
    shown = found.filter(_matters) if is_timed else found
    return in_yuan(shown, "amount", "low", "high").sort(names, nulls_last=True)


_matters = (pl.col("subjects") > 0) | pl.col("high").ne_missing(0)


def _checked(by: Sequence[str]) -> list[str]:
    """The dimensions asked for, each once."""
    for name in by:
        if name not in DIMENSIONS:
            hint = (
                did_you_mean(str(name), DIMENSIONS) or f"expected {one_of(DIMENSIONS)}"
            )
            raise UsageError(f"unknown dimension {name!r}, {hint}")
    if not by:
        raise UsageError(f"name a dimension: {one_of(DIMENSIONS)}")
    return list(dict.fromkeys(by))


def _dimensions(rows: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    """Rows with every dimension as a column."""
    where = ledger.subjects.select("row", "county", "chain")
    return rows.join(where, on="row", how="left").with_columns(
        month=pl.col("day").dt.strftime("%Y-%m"), year=pl.col("day").dt.year()
    )


# --- money -----------------------------------------------------------------------------


def total(name: str) -> pl.Expr:
    """The exact sum of a column of fen."""
    return pl.col(name).cast(pl.Int128).sum()


def most(name: str) -> pl.Expr:
    """The sum of a column of fen where null is without limit."""
    column = pl.col(name)
    return pl.when(column.is_null().any()).then(None).otherwise(total(name)).alias(name)


def in_yuan(table: pl.DataFrame, *names: str) -> pl.DataFrame:
    """Columns of whole fen as decimals of yuan."""
    return table.with_columns(as_yuan(table[name]) for name in names)


def yuan_of(amounts: Sequence[Decimal | None]) -> pl.Series:
    """Amounts in yuan as a column; None is null."""
    whole = [None if amount is None else fen(amount) for amount in amounts]
    column = pl.Series("fen", whole, dtype=pl.Int128)
    return in_yuan(pl.DataFrame({"fen": column}), "fen")["fen"]


def bounds_of(screening: Screening) -> tuple[Decimal, Decimal | None]:
    """Yuan that all subjects together can come to; None above is without limit."""
    ends = pl.concat([batch.totals for batch in screening.batches])
    known = ends.select(
        low=pl.col("low").fill_null(0).clip(0), high=pl.col("high").clip(0)
    )
    low, high = known.select(total("low"), most("high")).row(0)
    return yuan(low), None if high is None else yuan(high)


def left_out(screening: Screening) -> int:
    """How many subjects were left out for mistakes in their records."""
    return len({each.subject for each in screening.rejected} - {None})


def plain(table: pl.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table, ready for JSON: money as decimal strings, days as texts."""
    return [{k: _plain(v) for k, v in row.items()} for row in table.to_dicts()]


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return text(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def text(amount: Decimal | None) -> str | None:
    """Yuan as a decimal string; None stays None."""
    return None if amount is None else f"{yuan(fen(amount)):f}"


def fen(amount: Decimal) -> int:
    """Yuan in whole fen."""
    return int(amount * 100)
