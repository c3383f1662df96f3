"""
A screening as one long table: a row for every subject and rule, or for every event.

Amounts are whole fen. ``due`` is what is decided; ``low`` and ``high`` are what it can
still become once missing facts are known, null above without limit.
"""

from collections.abc import Iterator

import polars as pl

from attrs import frozen

from ..engines.columns.tables import PLACE, SUBJECT
from ..policy import Outcome, Rule
from ..screening.rows import OUTCOMES
from ..screening.screen import Screening
from ..screening.screened import Batch
from ..standards import Cash

#: By what the money of a registry can be told apart.
DIMENSIONS = ("rule", "county", "chain", "month", "year")
_ELIGIBLE = OUTCOMES.index(Outcome.ELIGIBLE)
_NONE = pl.lit(0, dtype=pl.Int64)
_NO_DAY = pl.lit(None, dtype=pl.Date)


@frozen(eq=False)
class Ledger:
    """
    What a screening comes to, row by row.

    ``entries`` has ``row``, ``rule``, ``outcome``, ``eligible``, ``due``, ``low``,
    ``high``, ``missing`` and ``day``; ``events`` has ``row``, ``rule``, ``day``,
    ``eligible``, ``due``, ``low``, ``high``; ``subjects`` has ``row``, ``id``,
    ``county``, ``chain`` and both ends of what all rules together come to.
    """

    entries: pl.DataFrame
    events: pl.DataFrame
    subjects: pl.DataFrame

    @classmethod
    def of(cls, screening: Screening) -> "Ledger":
        """The ledger of a screening."""
        parts = list(_parts(screening))
        grouped = {rule for g in screening.book.groups for rule in g.members}
        kind = pl.Enum(screening.rules)
        entries = [_said(*part) for part in parts]
        events = [
            _events(batch, rule, start, said, limited=rule.id in grouped)
            for (batch, rule, start), said in zip(parts, entries, strict=True)
        ]
        return cls(
            pl.concat([_EMPTY_ENTRIES, *entries]).cast({"rule": kind}),
            pl.concat([_EMPTY_EVENTS, *events]).cast({"rule": kind}),
            _subjects(screening),
        )


def entries_of(screening: Screening) -> pl.DataFrame:
    """Only the entries of a ledger; ``rule`` is a text."""
    parts = (_said(*part) for part in _parts(screening))
    return pl.concat([_EMPTY_ENTRIES, *parts])


def _parts(screening: Screening) -> Iterator[tuple[Batch, Rule, int]]:
    """Every batch with every rule, and the row of its first subject."""
    start = 0
    for batch in screening.whole:
        for rule in screening.rules:
            yield batch, screening.book[rule], start
        start += batch.totals.height


# --- entries ---------------------------------------------------------------------------

_EMPTY_ENTRIES = pl.DataFrame(
    schema={
        "row": pl.Int64,
        "rule": pl.String,
        "outcome": pl.UInt8,
        "eligible": pl.Boolean,
        "due": pl.Int64,
        "low": pl.Int64,
        "high": pl.Int64,
        "missing": pl.List(pl.String),
        "day": pl.Date,
    }
)


def _said(batch: Batch, rule: Rule, start: int) -> pl.DataFrame:
    """What a rule comes to for every subject of a batch."""
    is_cash = isinstance(rule.award, Cash)
    is_due = pl.col("outcome") == _ELIGIBLE
    due = pl.when(is_due).then("low").otherwise(_NONE)
    low = pl.col("low").fill_null(0).clip(0)
    return batch.said[rule.id].select(
        (pl.int_range(pl.len(), dtype=pl.Int64) + start).alias("row"),
        pl.lit(rule.id).alias("rule"),
        "outcome",
        is_due.alias("eligible"),
        due=due if is_cash else _NONE,
        low=low if is_cash else _NONE,
        high=pl.col("high").clip(0) if is_cash else _NONE,
        missing=pl.col("missing"),
        day=pl.col("day"),
    )


# --- events ----------------------------------------------------------------------------

_EVENT = ("row", "rule", "day", "eligible", "due", "low", "high")
_EMPTY_EVENTS = _EMPTY_ENTRIES.select(_EVENT)


def _events(
    batch: Batch, rule: Rule, start: int, said: pl.DataFrame, *, limited: bool
) -> pl.DataFrame:
    """
    What comes of a rule at the event of every subject, or of every record.

    Where a cap leaves less than the records come to, the earlier events are paid first.
    """
    items = batch.items.get(rule.id)
    if items is None:
        return said.select(_EVENT).filter(_SOME)
    records = items.select(
        (pl.col(SUBJECT).cast(pl.Int64) + start).alias("row"),
        pl.col(PLACE).alias("place"),
        pl.col("day").alias("day"),
        pl.col("low").fill_null(0).clip(0).alias("least"),
        pl.col("high").clip(0).alias("most"),
        pl.col("low").ne_missing(pl.col("high")).alias("open"),
        (pl.col("outcome") == _ELIGIBLE).alias("is_due"),
    )
    whole = said.select("row", "rule", "eligible", "due", "low", "high")
    placed = records.join(whole, on="row").sort("row", "day", "place", nulls_last=True)
    award = rule.award
    is_free = not limited and isinstance(award, Cash) and award.cap is None
    shared = _shared(placed, isinstance(award, Cash), is_free=is_free)
    told = shared.group_by("row").agg(pl.col("due").sum().alias("told"))
    rest = said.join(told, on="row", how="left")
    left = pl.col("due") - pl.col("told")
    more = rest.filter(left > 0).with_columns(_NO_DAY.alias("day"), due=left, low=left)
    nowhere = rest.filter(pl.col("told").is_null()).with_columns(_NO_DAY.alias("day"))
    parts = (shared, more.with_columns(high=pl.col("due")), nowhere)
    return pl.concat([part.select(_EVENT) for part in parts]).filter(_SOME)


#: Where there is something, or may be.
_SOME = pl.col("eligible") | pl.col("high").ne_missing(0)


def _shared(placed: pl.DataFrame, is_cash: bool, *, is_free: bool) -> pl.DataFrame:
    """What of the amount of a subject falls to each of its records, by their days."""
    if not is_cash:
        return placed.with_columns(eligible=pl.col("eligible") & pl.col("is_due"))
    before = pl.col("least").cum_sum().over("row") - pl.col("least")
    share = pl.min_horizontal("least", (pl.col("due") - before).clip(0))
    endless = pl.col("most").is_null()
    others_endless = endless.sum().over("row") - endless.cast(pl.UInt32) > 0
    others = pl.col("most").fill_null(0).sum().over("row") - pl.col("most").fill_null(0)
    is_closed = pl.col("low").eq_missing(pl.col("high"))
    is_closed &= ~pl.col("open").any().over("row")
    least = (pl.col("low") - others).clip(0)
    least = pl.when(others_endless).then(_NONE).otherwise(least)
    most = pl.min_horizontal("most", "high")
    if is_free:
        least, most = pl.col("least"), pl.col("most")
    return placed.with_columns(
        low=pl.when(is_closed).then(share).otherwise(least),
        high=pl.when(is_closed).then(share).otherwise(most),
        due=share,
        eligible=pl.col("eligible") & pl.col("is_due") & (share > 0),
    )


# --- subjects --------------------------------------------------------------------------


def _subjects(screening: Screening) -> pl.DataFrame:
    """Who everybody is, where, in which chain, and what they can come to together."""
    ends = pl.concat([batch.totals for batch in screening.batches])
    own = "id" if screening.registry.kind == "county" else "county"
    return pl.DataFrame({"id": screening.registry.ids}).select(
        pl.int_range(pl.len(), dtype=pl.Int64).alias("row"),
        "id",
        _fact(screening, own).alias("county"),
        _fact(screening, "chain").alias("chain"),
        ends["low"].fill_null(0).clip(0),
        ends["high"].clip(0),
    )


def _fact(screening: Screening, name: str) -> pl.Series:
    """A fact of every subject, by its own name where it is known by others too."""
    registry = screening.registry
    if name == "id":
        found = registry.ids
    else:
        frame = registry.population.table.frame
        if name not in frame.columns:
            return pl.Series(name, [None] * len(registry.ids), dtype=pl.String)
        found = frame[name].cast(pl.String)
    declared = screening.book.vocabulary[registry.kind].facts[name]
    other = {str(alias): str(value) for alias, value in declared.aliases.items()}
    return found.replace(other) if other else found
