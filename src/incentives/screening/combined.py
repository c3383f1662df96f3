"""The records of a subject taken together, and what is said of a list that nobody knows."""

from collections.abc import Sequence

import polars as pl

from ..engines.columns.column import SEE
from ..engines.columns.frame import Frame, Path
from ..policy import Outcome, ReasonCode, Rule
from ..standards import Cash, Combination, Discretionary
from .rows import NOTHING, NOWHERE, looked_at, outcome, policy_bits, reason


def combined(rule: Rule, rows: pl.DataFrame, every: pl.DataFrame) -> pl.DataFrame:
    """
    What the records of one subject come to together.

    A row for each of ``every``, whose columns say which records belong together: those
    of one subject, or those of one subject under one rule.
    """
    whom = every.columns
    award = rule.award
    open_, due = pl.col("open"), pl.col("met") & ~pl.col("open")
    contends = (
        (open_ | (pl.col("met")))
        if not isinstance(award, Cash)
        else pl.col("high").ne_missing(0)
    )
    nearest = pl.col("distance") * 2**32 + pl.col("dated")
    rows = rows.with_columns(due=due, contends=contends, nearness=nearest)
    is_nearest = pl.col("nearness") == pl.col("nearness").min().over(whom)
    first_open = {
        name: pl.col(name).filter(open_).first() for name in ("mask", "place")
    }
    groups = (
        rows.with_columns(nearest=is_nearest)
        .group_by(whom)
        .agg(
            due=pl.col("due").any(),
            opens=open_.sum(),
            contending=pl.col("contends").sum(),
            low=pl.col("low").sum(),
            low_open=pl.col("low").is_null().any(),
            high=pl.col("high").sum(),
            high_open=pl.col("high").is_null().any(),
            lacks=pl.col("reason").filter("nearest").first(),
            several=pl.col("reason").filter("nearest").n_unique() > 1,
            why=pl.col("reason").filter(open_).first(),
            keyless=pl.col("key").is_null().any(),
            vague=(pl.col("lacking") & SEE != 0).any() & (pl.len() > 1),
            see=pl.col("see").any(),
            **first_open,
        )
    )
    found = every.join(groups, on=whom, how="left", maintain_order="left")
    is_empty = pl.col("opens").is_null()
    is_open, is_due = pl.col("opens") > 0, pl.col("due")
    granted, code = Outcome.ELIGIBLE, ReasonCode.CONDITION_MET
    if isinstance(award, Discretionary):
        granted, code = Outcome.DISCRETIONARY, ReasonCode.NO_AMOUNT_IN_TEXT
    # Money is undetermined while any of it is; of a support one record is enough.
    decides = is_due if not isinstance(award, Cash) else is_due & ~is_open
    low = pl.when("low_open").then(None).otherwise("low")
    high = pl.when("high_open").then(None).otherwise("high")
    is_open &= ~decides
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
        .then("why")
        .otherwise("lacks"),
        low=pl.when(is_empty).then(NOTHING).otherwise(low),
        high=pl.when(is_empty).then(NOTHING).otherwise(high),
        mask=pl.when(is_open).then("mask").otherwise(NOTHING),
        place="place",
        # Of several that are open, or equally near to being due, one must be chosen.
        see=~is_empty
        & (
            pl.col("see")
            | (is_open & ((pl.col("opens") > 1) | pl.col("keyless")))
            | (~decides & ~is_open & (pl.col("several") | pl.col("vague")))
        ),
        contending=pl.col("contending").fill_null(0),
    )


def placed(rule: Rule, rows: pl.DataFrame, whom: Sequence[str]) -> pl.DataFrame:
    """Of the records with one key only the highest is paid, where all are known."""
    award = rule.award
    contends = pl.col("high").ne_missing(0)
    if not isinstance(award, Cash) or award.combination is not Combination.ONCE:
        return rows
    rivals = rows.filter(contends).select(whom)
    if rivals.n_unique() == rivals.height:
        return rows
    several = contends.sum().over(whom) > 1
    keyless = (pl.col("key").is_null() & contends).any().over(whom)
    doubt = several & (keyless | pl.col("open").any().over(whom))
    rows = rows.with_columns(rival=several & ~doubt & contends, doubt=doubt)
    # The highest is paid, and among equals the earliest.
    nearness = pl.struct(-pl.col("low"), pl.col("dated")).rank("min")
    where = [*whom, "key", "rival"]
    rows = rows.with_columns(order=nearness.over(where))
    ties = (pl.col("order") == 1).sum().over(where) > 1
    beaten = pl.col("rival") & (pl.col("order") > 1)
    return rows.with_columns(
        outcome=pl.when(beaten).then(outcome(Outcome.INELIGIBLE)).otherwise("outcome"),
        reason=pl.when(beaten).then(reason(ReasonCode.ONCE_ONLY)).otherwise("reason"),
        low=pl.when(beaten).then(NOTHING).otherwise("low"),
        high=pl.when(beaten).then(NOTHING).otherwise("high"),
        see=pl.col("see") | pl.col("doubt") | (pl.col("rival") & ties),
    ).drop("rival", "doubt", "order")


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
