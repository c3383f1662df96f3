"""
Two screenings of one registry side by side: what changes by rule, and for whom.

A change is known where what is due is decided on both sides, or where the rule stayed
what it is, decided or not: what nobody knows is the same under both books. Where a rule
changes only by so much, so does what it comes to. All amounts are whole fen.
"""

from collections.abc import Iterator, Mapping
from math import ceil, floor

import polars as pl

from attrs import frozen

from ..book import RuleBook
from ..screening.screen import Screening
from .differing import spans
from .ledger import Ledger
from .spans import NOTHING
from .tables import in_yuan, most, total

_SIDES = ("before", "after")
_SAID = ("outcome", "due", "low", "high")


@frozen(eq=False)
class Changes:
    """
    What changes: ``pairs`` for every subject and rule, ``subjects`` in all.

    Both have ``before``, ``after`` (decided), ``low`` and ``high`` of the change (null:
    without limit), ``is_known``, ``gain`` and ``loss`` (nothing where it is not known).
    """

    pairs: pl.DataFrame
    subjects: pl.DataFrame

    @classmethod
    def between(cls, before: Screening, after: Screening) -> "Changes":
        """The changes from one screening to another, of the subjects that both have."""
        old, new = Ledger.of(before), Ledger.of(after)
        both = old.subjects.join(new.subjects, on="id", suffix=" after").sort("row")
        sides = [
            _side(ledger, both.select("id", numbers), side)
            for ledger, numbers, side in (
                (old, pl.col("row"), "before"),
                (new, pl.col("row after").alias("row"), "after"),
            )
        ]
        rules = list(dict.fromkeys((*before.rules, *after.rules)))
        ends = _ends(before.book, after.book)
        pairs = _paired(sides[0], sides[1], ends).cast({"rule": pl.Enum(rules)})
        return cls(pairs, _netted(pairs, both))

    # --- sums ------------------------------------------------------------------------

    def sum_of(self, column: str) -> int:
        """The exact sum over all subjects."""
        return int(self.subjects.select(total(column)).item())

    @property
    def unsettled(self) -> int:
        """
        What the change of the decided totals has besides gains and losses.

        It is of subjects that are open; or of whom a cap over several rules tells what
        they come to in all, while none of these rules is decided.
        """
        sums = total("after") - total("before") - total("gain") - total("loss")
        return int(self.subjects.select(sums).item())

    @property
    def open_bounds(self) -> tuple[int | None, int | None]:
        """Between what the changes lie together that are not known."""
        open_ = self.subjects.filter(~pl.col("is_known"))
        low, high = open_.select(most("low"), most("high")).row(0)
        return low, high

    @property
    def counts(self) -> Mapping[str, int]:
        """How many subjects gain, lose, and are undetermined."""
        row = self.subjects.select(*_counts).row(0, named=True)
        return {name: int(count) for name, count in row.items()}

    # --- tables in yuan ----------------------------------------------------------------

    def by_rule(self) -> pl.DataFrame:
        """Sums for every rule of either book."""
        return _summed(self.pairs, "rule")

    def by(self, dimension: str) -> pl.DataFrame:
        """Sums for every county or chain, of what its subjects gain or lose in all."""
        return _summed(self.subjects, dimension)

    def subjects_table(self) -> pl.DataFrame:
        """The subjects with a change: known ones from gain to loss, then open ones."""
        known = pl.when("is_known").then("low").otherwise(None)
        changed = self.subjects.filter(~_IS_STILL).with_columns(change=known)
        columns = ("before", "after", "change", "low", "high")
        shown = changed.select("id", "county", "chain", *columns)
        ordered = shown.sort(
            ["change", "id"], descending=[True, False], nulls_last=True
        )
        return in_yuan(ordered, *columns)


_IS_STILL = pl.col("is_known") & (pl.col("low") == 0)
_counts = (
    (pl.col("gain") > 0).sum().alias("gaining"),
    (pl.col("loss") < 0).sum().alias("losing"),
    (~pl.col("is_known")).sum().alias("undetermined"),
)


def _summed(rows: pl.DataFrame, by: str) -> pl.DataFrame:
    """Who gains and loses how much in all, and what is open, by a dimension."""
    gaining, losing, undetermined = _counts
    is_open = ~pl.col("is_known")
    ends = [
        pl.when((pl.col(end).is_null() & is_open).any())
        .then(None)
        .otherwise(pl.col(end).filter(is_open).cast(pl.Int128).sum())
        .alias(end)
        for end in ("low", "high")
    ]
    found = rows.group_by(by).agg(
        gaining,
        total("gain").alias("gains"),
        losing,
        total("loss").alias("losses"),
        (total("gain") + total("loss")).alias("change"),
        undetermined,
        *ends,
    )
    money = ("gains", "losses", "change", "low", "high")
    return in_yuan(found, *money).sort(by, nulls_last=True)


# --- pairs -----------------------------------------------------------------------------


def _side(ledger: Ledger, numbers: pl.DataFrame, side: str) -> pl.DataFrame:
    """What one book says of every subject and rule, by the id of the subject."""
    entries = ledger.entries.cast({"rule": pl.String}).join(numbers, on="row")
    renamed = {name: f"{side} {name}" for name in _SAID}
    return entries.select("id", "rule", *_SAID).rename(renamed)


def _paired(old: pl.DataFrame, new: pl.DataFrame, ends: pl.DataFrame) -> pl.DataFrame:
    """Both sides of every subject and rule; a rule that is not there gives nothing."""
    joined = old.join(
        new, on=["id", "rule"], how="full", coalesce=True, maintain_order="left_right"
    )
    filled: dict[str, pl.Expr] = {}
    for side in _SIDES:
        is_there = pl.col(f"{side} outcome").is_not_null()
        filled |= {
            f"{side} {end}": pl.when(is_there).then(f"{side} {end}").otherwise(0)
            for end in ("due", "low", "high")
        }
    rows = joined.with_columns(**filled).join(
        ends, on="rule", how="left", maintain_order="left"
    )
    low = pl.col("after low") - pl.col("before high")
    high = pl.col("after high") - pl.col("before low")
    return _told(
        rows.select(
            "id",
            "rule",
            pl.col("before due").alias("before"),
            pl.col("after due").alias("after"),
            pl.max_horizontal(low, "least").alias("low"),
            pl.min_horizontal(high, "most").alias("high"),
        )
    )


def _ends(old: RuleBook, new: RuleBook) -> pl.DataFrame:
    """What a rule can change for anybody: ``rule``, ``least``, ``most``, in fen."""
    found = dict(spans(old, new)) | dict.fromkeys(_unchanged(old, new), NOTHING)
    rows = [
        (
            rule,
            None if span.low is None else floor(span.low),
            None if span.high is None else ceil(span.high),
        )
        for rule, span in found.items()
    ]
    schema = {"rule": pl.String, "least": pl.Int64, "most": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _told(rows: pl.DataFrame) -> pl.DataFrame:
    """With what is known, and what is a gain or a loss of that."""
    is_known = (pl.col("low") == pl.col("high")).fill_null(value=False)
    change = pl.when(is_known).then("low").otherwise(0)
    return rows.with_columns(
        is_known=is_known,
        gain=change.clip(lower_bound=0),
        loss=change.clip(upper_bound=0),
    )


def _netted(pairs: pl.DataFrame, both: pl.DataFrame) -> pl.DataFrame:
    """
    What changes for every subject in all.

    Its bounds are the closer ones of two that both hold: of the changes by rule, and of
    what all rules together come to before and after.
    """
    sums = pairs.group_by("id").agg(
        total("before"), total("after"), most("low"), most("high")
    )
    rows = both.select(
        "id",
        "county",
        "chain",
        (pl.col("low after") - pl.col("high")).alias("least"),
        (pl.col("high after") - pl.col("low")).alias("most"),
    ).join(sums, on="id", how="left", maintain_order="left")
    filled = rows.with_columns(pl.col("before", "after").fill_null(0))
    return _told(
        filled.with_columns(
            low=pl.max_horizontal("low", "least"),
            high=pl.min_horizontal("high", "most"),
        ).drop("least", "most")
    )


def _unchanged(old: RuleBook, new: RuleBook) -> Iterator[str]:
    """The rules that are the same in both books, with all that bears on them."""
    if old.vocabulary != new.vocabulary:  # a record may not be read as the same facts
        return iter(())
    moved = {
        rule
        for book, other in ((old, new), (new, old))
        for group in book.groups
        if group not in other.groups
        for rule in group.members
    }
    changed = {r.id for r in old if r.id not in new or new[r.id] != r} | moved
    while True:  # what is paid of one rule bears on those that use or oppose it
        tied = {r.id for r in old if changed & set(r.uses)}
        tied |= {
            member
            for group in old.groups
            if changed & set(group.members)
            for member in group.members
        }
        if tied <= changed:
            break
        changed |= tied
    return (rule.id for rule in old if rule.id not in changed)
