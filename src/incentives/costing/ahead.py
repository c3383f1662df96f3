"""The same registry on later days: what is there on one and not on the next."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from itertools import groupby, pairwise
from typing import Any

import polars as pl

from attrs import field, frozen

from ..assessment import Assessment
from ..book import RuleBook
from ..determination import Determination
from ..evaluation import evaluate
from ..policy import Outcome
from ..screening.rows import OUTCOMES
from ..screening.screen import OUTCOME, Screening
from ..standards import Cash
from .ledger import Ledger

_DAY = timedelta(days=1)
_ELIGIBLE = OUTCOMES.index(Outcome.ELIGIBLE)
_INELIGIBLE = OUTCOMES.index(Outcome.INELIGIBLE)
_OPEN = OUTCOMES.index(Outcome.UNDETERMINED)


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
    first = screenings[0]
    rules = [first.book[rule] for rule in first.rules]
    cash = [rule.id for rule in rules if isinstance(rule.award, Cash)]
    ids = first.registry.ids
    parts = [_between(old, new) for old, new in pairwise(screenings)]
    return _told(pl.concat(parts), ids, pl.Series(cash, dtype=pl.String))


def _told(moves: pl.DataFrame, ids: pl.Series, cash: pl.Series) -> pl.DataFrame:
    """Every change with what is lost or gained by it."""
    moves = moves.filter(_LAPSES | _COMES)
    is_cash = pl.col("rule").is_in(cash.implode())
    known = is_cash & (pl.col("outcome") != _OPEN) & (pl.col("new outcome") != _OPEN)
    lost = pl.when(known).then((pl.col("due") - pl.col("new due")).clip(0))
    high = (pl.col("high") - pl.col("new high").fill_null(0)).clip(0)
    gained = pl.when(is_cash).then((pl.col("new due") - pl.col("due")).clip(0))
    return moves.select(
        ids.gather(moves["row"]).alias("id"),
        "rule",
        "from",
        pl.col("outcome").cat.to(OUTCOME),
        lost.otherwise(None).alias("lost"),
        pl.when(is_cash).then(high).otherwise(0).alias("high"),
        gained.otherwise(None).alias("gained"),
        _LAPSES.alias("lapses"),
        _COMES.alias("comes"),
    )


_IS_GONE = (pl.col("outcome") != _INELIGIBLE) & (pl.col("new outcome") == _INELIGIBLE)
_IS_LESS = (pl.col("high") > pl.col("new high")).fill_null(value=False)
_IS_LESS |= pl.col("high").is_null() & pl.col("new high").is_not_null()
_LAPSES = _IS_GONE | _IS_LESS
_COMES = (pl.col("outcome") != _ELIGIBLE) & (pl.col("new outcome") == _ELIGIBLE)
_COMES |= pl.col("new due") > pl.col("due")


# --- from one day to another -------------------------------------------------------------

#: Outcome as a number, what is decided, and the most that is possible, in fen.
State = tuple[int, int, int | None]
_STATE = {"outcome": pl.UInt8, "due": pl.Int64, "high": pl.Int64}
_MOVE = {
    "row": pl.Int64,
    "rule": pl.String,
    "from": pl.Date,
    **_STATE,
    **{f"new {name}": dtype for name, dtype in _STATE.items()},
}


def _between(old: Screening, new: Screening) -> pl.DataFrame:
    """The changes between two days: before, after, and from which day on."""
    before, after = (
        Ledger.of(each).entries.select("row", "rule", *_STATE) for each in (old, new)
    )
    both = before.cast({"rule": pl.String}).hstack(
        after.select(pl.col(*_STATE).name.prefix("new "))
    )
    is_same = (pl.col(name).eq_missing(pl.col(f"new {name}")) for name in _STATE)
    changed = both.filter(~pl.all_horizontal(*is_same))
    if new.as_of - old.as_of == _DAY or not changed.height:
        day = pl.lit(new.as_of, dtype=pl.Date).alias("from")
        return changed.with_columns(day).select(*_MOVE)
    return pl.DataFrame(list(_steps(old, new, changed)), schema=_MOVE, orient="row")


def _steps(
    old: Screening, new: Screening, changed: pl.DataFrame
) -> Iterator[tuple[Any, ...]]:
    """Every change within a longer span, one after the other, record by record."""
    numbers = changed["row"].unique().sort()
    records = dict(zip(numbers, old.records(numbers), strict=True))
    by_row = changed.select("row", "rule").sort("row", maintain_order=True).iter_rows()
    for row, pairs in groupby(by_row, key=lambda pair: pair[0]):
        known = _Record(records[row], old.book)
        for _, rule in pairs:
            for day, start, then in _changes(
                old.as_of, new.as_of, partial(known.state, rule)
            ):
                yield row, rule, day, *start, *then


@frozen
class _Record:
    """A record, and what was found of it on days that were asked about."""

    record: Mapping[str, Any]
    book: RuleBook
    told: dict[date, Assessment] = field(factory=dict)

    def state(self, rule: str, day: date) -> State:
        """What a rule comes to on a day."""
        if day not in self.told:
            self.told[day] = evaluate(self.record, as_of=day, rules=self.book)
        return _state(self.told[day][rule])


def _changes(
    first: date, last: date, state: Callable[[date], State]
) -> Iterator[tuple[date, State, State]]:
    """Every day on which something is otherwise than before, until all is as at last."""
    end = state(last)
    while (start := state(first)) != end:
        first = _next(first, last, state)
        yield first, start, state(first)


def _next(first: date, last: date, state: Callable[[date], State]) -> date:
    """The first day on which something is otherwise, if it stays so for a while."""
    start = state(first)
    while last - first > _DAY:
        middle = first + (last - first) // 2
        if state(middle) == start:
            first = middle
        else:
            last = middle
    return last


def _state(determination: Determination) -> State:
    number = OUTCOMES.index(determination.outcome)
    if not determination.is_cash:
        return number, 0, 0
    low, high = determination.payable.low, determination.payable.high
    due = low if number == _ELIGIBLE else 0
    assert isinstance(due, int)  # noqa: S101  # what is due is known
    assert high is None or isinstance(high, int)  # noqa: S101  # fen
    return number, due, None if high is None else max(0, high)
