"""Registries for clusters, and results of any engine in one order."""

from typing import Any

import polars as pl

import incentives

from incentives.clusters.results import SCHEMAS
from tests.test_screening import DAY, FIRM, LISTINGS, NESTED, OTHER

SHAPES = ("totals", "determinations", "items")
KEYS = ["id", "rule", "record"]


def many(count: int) -> pl.DataFrame:
    """A wide registry of many firms; the first of each pair is paid something."""
    return pl.concat(
        NESTED.with_columns(id=pl.format(f"{n}-{{}}", "id")) for n in range(count)
    )


def tables(count: int) -> dict[str, pl.DataFrame]:
    """The same firms in tables; the place of each record is in a column."""
    firms = many(count).drop("listings")
    keyed = LISTINGS.with_row_index("#place").with_columns(pl.col("#place").cast(int))
    listings = pl.concat(
        keyed.with_columns(enterprise_id=pl.format(f"{n}-{{}}", "enterprise_id"))
        for n in range(count)
    )
    assert set(firms["id"].str.tail(18)) == {FIRM, OTHER}
    return {"enterprises": firms, "listings": listings}


def expected(registry: Any, shape: str, **words: Any) -> pl.DataFrame:
    """What `screen()` says on one machine."""
    screening = incentives.screen(registry, as_of=DAY, **words)
    return in_order(getattr(screening, shape)(), shape)


def in_order(results: Any, shape: str) -> pl.DataFrame:
    """Results by subject, rule and record, in plain texts."""
    frame = results if isinstance(results, pl.DataFrame) else pl.DataFrame(results)
    assert frame.columns == SCHEMAS[shape].names
    frame = frame.with_columns(pl.col(pl.Enum).cast(pl.String))
    return frame.sort([key for key in KEYS if key in frame.columns])
