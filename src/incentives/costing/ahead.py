"""The same registry on later days: what is there on one and not on the next."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import polars as pl

from ..determination import Determination
from ..evaluation import evaluate
from ..policy import Outcome
from ..screening.judged import OUTCOMES
from ..screening.screen import OUTCOME, Screening
from ..standards import Cash
from .ledger import Ledger

_DAY = timedelta(days=1)
_ELIGIBLE = OUTCOMES.index(Outcome.ELIGIBLE)
_INELIGIBLE = OUTCOMES.index(Outcome.INELIGIBLE)
_OPEN = OUTCOMES.index(Outcome.UNDETERMINED)
_STATE = ("outcome", "due", "high")


def days_that_matter(screening: Screening, days: int) -> list[date]:
    """Within a horizon the two days at the end of every window, and the last day."""
    first, last = screening.as_of, screening.as_of + timedelta(days=days)
    ends = {screening.book[rule].window.last for rule in screening.rules}
    both = {day for end in ends for day in (end, min(end, date.max - _DAY) + _DAY)}
    return sorted({day for day in both if first < day < last} | {last})


def moved(screenings: Sequence[Screening]) -> pl.DataFrame:
    """
    What changes for whom from one day to the next: ``id``, ``rule``, ``from``.

    ``lapses`` is whether something that was due or possible is gone, ``lost`` what is
    lost of what was decided, ``high`` the most that is lost; ``comes`` is whether
    something more is due, ``gained`` how much; all in fen. ``outcome`` is that before.
    """
    cash = [
        rule
        for rule in screenings[0].rules
        if isinstance(screenings[0].book[rule].award, Cash)
    ]
    parts = [
        _between(old, new, pl.Series(cash, dtype=pl.String))
        for old, new in pairwise(screenings)
    ]
    return pl.concat(parts)


def _between(old: Screening, new: Screening, cash: pl.Series) -> pl.DataFrame:
    before, after = (_states(each) for each in (old, new))
    both = before.hstack(after.select(pl.col(_STATE).name.prefix("new ")))
    rows = both.filter(_LAPSES | _COMES)
    days = list(_days(old, new, rows)) if rows.height else []
    is_cash = pl.col("rule").cast(pl.String).is_in(cash.implode())
    known = is_cash & (pl.col("outcome") != _OPEN) & (pl.col("new outcome") != _OPEN)
    lost = pl.when(known).then((pl.col("due") - pl.col("new due")).clip(0))
    high = (pl.col("high") - pl.col("new high").fill_null(0)).clip(0)
    gained = pl.when(is_cash).then((pl.col("new due") - pl.col("due")).clip(0))
    return rows.select(
        pl.Series("id", old.registry.ids.gather(rows["row"])),
        pl.col("rule").cast(pl.String),
        pl.Series("from", days, dtype=pl.Date),
        pl.col("outcome").cat.to(OUTCOME),
        lost.otherwise(None).alias("lost"),
        pl.when(is_cash).then(high).otherwise(0).alias("high"),
        gained.otherwise(None).alias("gained"),
        _LAPSES.alias("lapses"),
        _COMES.alias("comes"),
    )


def _states(screening: Screening) -> pl.DataFrame:
    return Ledger.of(screening).entries.select("row", "rule", *_STATE)


_IS_GONE = (pl.col("outcome") != _INELIGIBLE) & (pl.col("new outcome") == _INELIGIBLE)
_IS_LESS = (pl.col("high") > pl.col("new high")).fill_null(value=False)
_IS_LESS |= pl.col("high").is_null() & pl.col("new high").is_not_null()
_LAPSES = _IS_GONE | _IS_LESS
_COMES = (pl.col("outcome") != _ELIGIBLE) & (pl.col("new outcome") == _ELIGIBLE)
_COMES |= pl.col("new due") > pl.col("due")


# --- the very day ------------------------------------------------------------------------


def _days(old: Screening, new: Screening, rows: pl.DataFrame) -> Iterator[date]:
    """The first day on which each rule comes to something else."""
    if new.as_of - old.as_of == _DAY:
        yield from [new.as_of] * rows.height
        return
    numbers = rows["row"].unique().sort()
    records = dict(zip(numbers, old.records(numbers), strict=True))
    told: dict[tuple[int, date], Mapping[str, Determination]] = {}

    def said(row: int, rule: str, day: date) -> tuple[Any, ...]:
        if (row, day) not in told:
            found = evaluate(records[row], as_of=day, rules=old.book)
            told[row, day] = {each.rule.id: each for each in found}
        each = told[row, day][rule]
        return each.outcome, each.payable.low, each.payable.high

    for row, rule in rows.select("row", pl.col("rule").cast(pl.String)).iter_rows():
        first, last = old.as_of, new.as_of
        start = said(row, rule, first)
        while last - first > _DAY:
            middle = first + (last - first) // 2
            if said(row, rule, middle) == start:
                first = middle
            else:
                last = middle
        yield last
