"""The records of a subject taken together, and what is said of a list that nobody knows."""

from collections.abc import Sequence

import polars as pl

from ..engines.columns.column import FALSE, SEE
from ..engines.columns.frame import Frame, Path
from ..policy import Outcome, ReasonCode, Rule
from ..standards import Cash, Combination, Discretionary
from .places import shared
from .rows import (
    NOTHING,
    NOWHERE,
    looked_at,
    outcome,
    policy_bits,
    reason,
    record_bits,
)


def combined(
    rule: Rule, rows: pl.DataFrame, every: pl.DataFrame, frame: Frame
) -> pl.DataFrame:
    """
    What the records of one subject come to together.

    A row for each of ``every``, whose columns say which records belong together: those
    of one subject, or those of one subject under one rule. The rows are ranked and
    placed. Where more than one record lacks facts, ``marks`` has what each lacks.
    """
    whom = every.columns
    award = rule.award
    is_cash = isinstance(award, Cash)
    several = shared(rows, whom)
    alone = _alone(rows.filter(~several), whom, is_cash=is_cash, frame=frame)
    groups = alone
    if several.any():
        some = rows.filter(several)
        groups = pl.concat([alone, _groups(some, whom, is_cash=is_cash, frame=frame)])
    found = every.join(groups, on=whom, how="left", maintain_order="left")
    is_empty = pl.col("opens").is_null()
    is_open, is_due = pl.col("opens") > 0, pl.col("due")
    granted, code = Outcome.ELIGIBLE, ReasonCode.CONDITION_MET
    if isinstance(award, Discretionary):
        granted, code = Outcome.DISCRETIONARY, ReasonCode.NO_AMOUNT_IN_TEXT
    # Money is undetermined while any of it is; of a support one record is enough.
    decides = is_due & ~is_open if is_cash else is_due
    low = pl.when("low_open").then(None).otherwise("low")
    high = pl.when("high_open").then(None).otherwise("high")
    is_open &= ~decides
    is_decided = (low == high).fill_null(value=False)
    odd = (is_open == is_decided) if is_cash else FALSE
    untold = pl.when("untold").then(reason(ReasonCode.FACT_MISSING)).otherwise("why")
    return found.select(
        *whom,
        outcome=pl.when(is_empty)
        .then(outcome(Outcome.INELIGIBLE))
        .when(decides)
        .then(outcome(granted))
        .when(is_open)
        .then(outcome(Outcome.UNDETERMINED))
        .otherwise(outcome(Outcome.INELIGIBLE)),
        reason=pl.when(is_empty)
        .then(reason(ReasonCode.NO_RECORD))
        .when(decides)
        .then(reason(code))
        .when(is_open)
        .then(untold)
        .otherwise("lacks"),
        low=pl.when(is_empty).then(NOTHING).otherwise(low),
        high=pl.when(is_empty).then(NOTHING).otherwise(high),
        mask=pl.when(is_open).then("mask").otherwise(NOTHING),
        place="place",
        marks=pl.when(is_open & (pl.col("marks").list.len() > 1)).then("marks"),
        # Of several that are equally near, the facts of the records tell which is meant.
        see=~is_empty
        & (
            pl.col("see")
            | odd
            | (is_open & (pl.col("tied") | pl.col("keyless")))
            | (~decides & ~is_open & (pl.col("several") | pl.col("vague")))
        ),
        contending=pl.col("contending").fill_null(0),
    )


def _alone(
    rows: pl.DataFrame, whom: Sequence[str], *, is_cash: bool, frame: Frame
) -> pl.DataFrame:
    """What is said of records that are the only ones of their subjects."""
    untold = pl.col("asks") & ~pl.col("lacking") & ~policy_bits(frame) != 0
    mask = _owed().replace({0: None})
    return rows.select(
        *whom,
        due=_is_due(),
        opens=pl.col("open").cast(pl.UInt32),
        contending=_contends(is_cash=is_cash).cast(pl.UInt32),
        low="adds_low",
        low_open=pl.col("adds_low").is_null(),
        high="adds_high",
        high_open=pl.col("adds_high").is_null(),
        lacks="reason",
        several=FALSE,
        why=pl.when("open").then("why"),
        tied=FALSE,
        untold=untold,
        keyless=pl.col("key").is_null(),
        vague=FALSE,
        see="see",
        mask=mask,
        place=pl.when(mask.is_not_null()).then("place"),
        marks=pl.lit(None, dtype=_MARKS),
    )


_MARKS = pl.List(pl.Struct({"owes": pl.Int64, "place": pl.Int64}))


def _is_due() -> pl.Expr:
    return pl.col("met") & ~pl.col("open")


def _contends(*, is_cash: bool) -> pl.Expr:
    """Whether something may be due of a record."""
    return pl.col("high").ne_missing(0) if is_cash else pl.col("open") | pl.col("met")


def _owed() -> pl.Expr:
    """What a record lacks, for itself or for the sum."""
    return pl.col("asks") | pl.col("mask")


def _groups(
    rows: pl.DataFrame, whom: Sequence[str], *, is_cash: bool, frame: Frame
) -> pl.DataFrame:
    """What is said of several records that belong together, a row for each subject."""
    is_open = pl.col("open")
    first = pl.col("rank") == pl.col("rank").min().over(whom)
    rank = pl.when(is_open).then("rank").otherwise(None)
    leads = (rank == rank.min().over(whom)).fill_null(value=False)
    rows = rows.with_columns(
        due=_is_due(),
        contends=_contends(is_cash=is_cash),
        first=first,
        leads=leads,
        owes=_owed(),
    )
    # Of what leaves the rule open that is untold which the leading record does not say.
    told = pl.col("lacking").filter("leads").first().over(whom)
    apart = ~pl.col("leads") & (pl.col("asks") & record_bits(frame) != 0)
    untold = apart | (pl.col("asks") & ~told & ~policy_bits(frame) != 0)
    rows = rows.with_columns(untold=untold)
    why = pl.struct("why", "lacking").filter("leads")
    mark = pl.struct("owes", "place").filter(pl.col("owes") != 0)
    return rows.group_by(whom).agg(
        due=pl.col("due").any(),
        opens=is_open.sum(),
        contending=pl.col("contends").sum(),
        low=pl.col("adds_low").sum(),
        low_open=pl.col("adds_low").is_null().any(),
        high=pl.col("adds_high").sum(),
        high_open=pl.col("adds_high").is_null().any(),
        lacks=pl.col("reason").filter("first").first(),
        several=pl.col("reason").filter("first").n_unique() > 1,
        why=pl.col("why").filter("leads").first(),
        tied=why.n_unique() > 1,
        untold=pl.col("untold").any(),
        keyless=pl.col("key").is_null().any(),
        vague=(pl.col("lacking") & SEE != 0).any(),
        see=pl.col("see").any(),
        mask=mark.struct.field("owes").first(),
        place=mark.struct.field("place").first(),
        marks=mark,
    )


def of_unknown_list(rule: Rule, ghost: Frame) -> pl.DataFrame:
    """Nobody knows the records: what one could come to, as often as may be."""
    each, award = rule.each, rule.award
    assert each is not None  # noqa: S101  # the caller looked
    rows = looked_at(rule, ghost)
    is_once = not isinstance(award, Cash) or (
        award.combination is Combination.ONCE and award.per is None
    )
    most = 1 if is_once else each.at_most
    is_unmet = pl.col("unmet")
    path = ghost.bit(Path("", each.records))

    def times(end: str) -> pl.Expr:
        if most is None:
            return pl.when(pl.col(end) == 0).then(NOTHING).otherwise(None)
        return pl.col(end) * most

    least = pl.min_horizontal(pl.col("low"), NOTHING)
    low = pl.when(pl.col("low").is_null()).then(None).otherwise(least)
    rows = rows.with_columns(low=low)
    owing = pl.col("owing") | path if isinstance(award, Cash) else NOTHING
    mask = owing | pl.col("lacking")
    untold = owing & ~pl.col("lacking") & ~policy_bits(ghost) != 0
    why = pl.when(untold).then(reason(ReasonCode.FACT_MISSING)).otherwise("why")
    return rows.select(
        outcome=pl.when(is_unmet)
        .then(outcome(Outcome.INELIGIBLE))
        .otherwise(outcome(Outcome.UNDETERMINED)),
        reason=pl.when(is_unmet).then("first").otherwise(why),
        low=pl.when(is_unmet).then(NOTHING).otherwise(times("low")),
        high=pl.when(is_unmet).then(NOTHING).otherwise(times("high")),
        mask=pl.when(is_unmet).then(NOTHING).otherwise(mask),
        place=NOWHERE,
        see=pl.col("see") | pl.col("zero") | (~is_unmet & (mask & SEE != 0)),
    )
