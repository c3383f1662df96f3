"""The same registry on later days: what is there on one and not on the next."""

from collections.abc import Iterator
from datetime import date, timedelta

import polars as pl

from attrs import evolve

from ..determination import Determination
from ..evaluation import evaluate
from ..policy import Outcome
from ..screening.rows import OUTCOMES
from ..screening.screen import OUTCOME, Screening
from ..standards import Cash
from .ledger import entries_of
from .turning import turns

_ELIGIBLE = OUTCOMES.index(Outcome.ELIGIBLE)
_INELIGIBLE = OUTCOMES.index(Outcome.INELIGIBLE)
_OPEN = OUTCOMES.index(Outcome.UNDETERMINED)
#: Subjects that are looked at record by record rather than in columns.
_FEW = 500


def moved(screening: Screening, days: int) -> pl.DataFrame:
    """
    What changes for whom within so many days: ``id``, ``rule``, ``from``.

    ``lapses`` is whether something that was due or possible is gone, ``lost`` what is
    lost of what was decided, ``high`` the most that is lost; ``comes`` is whether
    something more is due, ``gained`` how much; all in fen. ``outcome`` is that before.

    Every day on which an answer may turn is looked at, of those for whom it may.
    """
    rules = [screening.book[rule] for rule in screening.rules]
    cash = [rule.id for rule in rules if isinstance(rule.award, Cash)]
    parts = [pl.DataFrame(schema=_MOVE), *_moves(screening, days)]
    ids = screening.registry.ids
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
_STATE = {"outcome": pl.UInt8, "due": pl.Int64, "high": pl.Int64}
_KEY = {"row": pl.Int64, "rule": pl.String}
_MOVE = {
    **_KEY,
    "from": pl.Date,
    **_STATE,
    **{f"new {name}": dtype for name, dtype in _STATE.items()},
}


def _moves(screening: Screening, days: int) -> Iterator[pl.DataFrame]:
    """What changes on each day on which anything may."""
    registry, first = screening.registry, screening.as_of
    turning = turns(
        screening.book,
        registry.kind,
        registry.population,
        first,
        first + timedelta(days=days),
    )
    states = _states(screening)
    if not turning.everybody:  # nobody else is looked at again
        states = states.join(turning.some.select("row").unique(), on="row", how="semi")
    for day in turning.days:
        changed = _changed(states, _told_on(day, turning.on(day), screening), day)
        if changed.height:
            yield changed
            now = changed.select(*_KEY, pl.col("^new .*$").name.replace("^new ", ""))
            states = states.update(now, on=list(_KEY), include_nulls=True)


def _told_on(day: date, rows: pl.Series | None, screening: Screening) -> pl.DataFrame:
    """What every rule comes to on another day, for everybody or for some rows."""
    if rows is None:
        return _states(screening.again(as_of=day))
    if rows.len() <= _FEW:
        return _one_by_one(day, rows, screening)
    registry = screening.registry
    ids, population = registry.ids.gather(rows), registry.population.only(rows)
    some = evolve(screening, registry=evolve(registry, ids=ids, population=population))
    told = _states(some.again(as_of=day))
    return told.with_columns(rows.gather(told["row"]).alias("row"))


def _one_by_one(day: date, rows: pl.Series, screening: Screening) -> pl.DataFrame:
    """The same record by record: for a few, expressions take longer to set up."""
    found = []
    for row, record in zip(rows, screening.records(rows), strict=True):
        told = evaluate(record, as_of=day, rules=screening.book)
        found += [(row, rule, *_state(told[rule])) for rule in screening.rules]
    return pl.DataFrame(found, schema={**_KEY, **_STATE}, orient="row")


def _state(determination: Determination) -> tuple[int, int, int | None]:
    number = OUTCOMES.index(determination.outcome)
    if not determination.is_cash:
        return number, 0, 0
    low, high = determination.payable.low, determination.payable.high
    due = low if number == _ELIGIBLE else 0
    assert isinstance(due, int)  # noqa: S101  # what is due is known
    assert high is None or isinstance(high, int)  # noqa: S101  # fen
    return number, due, None if high is None else max(0, high)


def _states(screening: Screening) -> pl.DataFrame:
    """What every rule comes to for every subject."""
    return entries_of(screening).select(*_KEY, *_STATE)


def _changed(states: pl.DataFrame, told: pl.DataFrame, day: date) -> pl.DataFrame:
    """What is told of a day and was not so before."""
    new = told.rename({name: f"new {name}" for name in _STATE})
    both = states.join(new, on=list(_KEY), maintain_order="left")
    is_same = (pl.col(name).eq_missing(pl.col(f"new {name}")) for name in _STATE)
    changed = both.filter(~pl.all_horizontal(*is_same))
    return changed.with_columns(pl.lit(day, dtype=pl.Date).alias("from")).select(*_MOVE)
