"""
Which of several records is paid: the order among them, and where each then stands.

The same as :mod:`incentives.selection` and :func:`incentives.combining.places` say of
single subjects. Where nothing but the content of records tells them apart, and it
matters, the record itself must be seen.
"""

from collections.abc import Sequence

import polars as pl

from ..policy import Outcome, ReasonCode, Rule
from ..standards import Cash, Combination
from .rows import NOTHING, outcome, reason

#: What an item comes first by; what is equal in all of them is told apart by its facts.
_ORDER = (
    Outcome.ELIGIBLE,
    Outcome.DISCRETIONARY,
    Outcome.UNDETERMINED,
    Outcome.INELIGIBLE,
)


def ranked(rows: pl.DataFrame, whom: Sequence[str]) -> pl.DataFrame:
    """
    Records with their ``rank`` among those that belong together, equals with the same.

    What is due comes first, the highest before the lower, then what is nearest to being
    due, then what is dated first. Ranks of different subjects say nothing.

    ``adds_low`` and ``adds_high`` are what a record adds to those of its subject, and
    ``asks`` what is missing of that: at first all of it.
    """
    is_open = pl.col("open")
    rows = rows.with_columns(
        rank=NOTHING,
        adds_low="low",
        adds_high="high",
        asks=pl.when(is_open).then("owing").otherwise(NOTHING),
    )
    several = shared(rows, whom)
    if not several.any():
        return rows
    order = pl.lit(0, dtype=pl.UInt8)
    for place, each in enumerate(_ORDER):
        here = pl.lit(place, dtype=pl.UInt8)
        order = pl.when(pl.col("outcome") == outcome(each)).then(here).otherwise(order)
    keys = rows.select(
        *whom, order, -pl.col("low").fill_null(0), "distance", "dated"
    ).with_row_index("#row")
    some = keys.filter(several)
    columns = some.columns[1:]
    some = some.sort(columns, maintain_order=True)
    first = some.select(pl.struct(columns).rle_id().cast(pl.Int64)).to_series()
    return rows.with_columns(rows["rank"].scatter(some["#row"], first))


def shared(rows: pl.DataFrame, columns: Sequence[str]) -> pl.Series:
    """Whether another row has the same values."""
    return rows.select(pl.struct(columns).is_duplicated()).to_series()


def placed(rule: Rule, rows: pl.DataFrame, whom: Sequence[str]) -> pl.DataFrame:
    """Of the records with one key only the highest is paid, if it is known which."""
    award = rule.award
    if not isinstance(award, Cash) or award.combination is not Combination.ONCE:
        return rows
    numbered = rows.with_row_index("#row")
    contends = pl.col("high").ne_missing(0)
    some = numbered.filter(contends).select(
        "#row", *whom, "key", "rank", "low", "high", "open"
    )
    some = some.filter(shared(some, whom))
    if some.is_empty():
        return rows
    # Of what is paid over time, what can still be paid later is compared as well; a
    # key that is not known may be any.
    vague = pl.col("key").is_null().any().over(whom)
    if award.schedule is not None:
        vague = pl.lit(value=True)
    some = some.with_columns(vague=vague)
    doubt = some.filter("vague")["#row"]
    found = _rivals(some.filter(~pl.col("vague")), whom)
    both = numbered.join(found, on="#row", how="left", maintain_order="left")
    beaten = pl.col("beaten").fill_null(value=False)
    opened = pl.col("opened").fill_null(value=False)
    either = beaten | opened
    was_open = pl.col("open")
    return both.with_columns(
        outcome=pl.when(beaten)
        .then(outcome(Outcome.INELIGIBLE))
        .when(opened)
        .then(outcome(Outcome.UNDETERMINED))
        .otherwise("outcome"),
        reason=pl.when(beaten)
        .then(reason(ReasonCode.ONCE_ONLY))
        .when(opened & ~was_open)
        .then(reason(ReasonCode.EFFECTIVE_DATE_UNKNOWN))
        .otherwise("reason"),
        low=pl.when(either).then(NOTHING).otherwise("low"),
        high=pl.when(beaten).then(NOTHING).otherwise("high"),
        open=opened | (was_open & ~beaten),
        met=pl.col("met") & ~either,
        mask=pl.when(beaten).then(NOTHING).otherwise("mask"),
        adds_low=pl.when("rival").then("key_low").otherwise("adds_low"),
        adds_high=pl.when("rival").then("key_high").otherwise("adds_high"),
        see=pl.col("see")
        | pl.col("tied").fill_null(value=False)
        | pl.col("#row").is_in(doubt.implode()),
    ).drop("#row", "beaten", "opened", "tied", "rival", "key_low", "key_high")


def _rivals(some: pl.DataFrame, whom: Sequence[str]) -> pl.DataFrame:
    """
    Where each of the records with one key stands, and what they come to.

    What they come to stands in the first of them, the others add nothing.
    """
    where = [*whom, "key"]
    some = some.filter(shared(some, where))
    pairs = some.join(some, on=where, suffix=" other").filter(
        pl.col("#row") != pl.col("#row other")
    )
    low, high = pl.col("low").fill_null(0), pl.col("high")
    other_low, other_high = pl.col("low other").fill_null(0), pl.col("high other")
    before = pl.col("rank") < pl.col("rank other")
    after = pl.col("rank") > pl.col("rank other")

    def beats(least: pl.Expr, most: pl.Expr, is_before: pl.Expr) -> pl.Expr:
        exceeds = pl.when(is_before).then(least >= most).otherwise(least > most)
        return exceeds.fill_null(value=False)

    equal = (low == other_high) | (other_low == high)
    stands = pairs.group_by("#row").agg(
        beaten=beats(other_low, high, after).any(),
        paid=beats(low, other_high, before).all(),
        tied=(~before & ~after & equal.fill_null(value=False)).any(),
    )
    is_first = pl.int_range(pl.len()).over(where) == 0
    most = pl.when(high.is_null().any()).then(None).otherwise(high.max())
    sums = some.select(
        "#row",
        key_low=pl.when(is_first).then(low.max().over(where)).otherwise(NOTHING),
        key_high=pl.when(is_first).then(most.over(where)).otherwise(NOTHING),
        rival=True,
    )
    opened = ~pl.col("beaten") & ~pl.col("paid")
    return stands.with_columns(opened=opened).drop("paid").join(sums, on="#row")
