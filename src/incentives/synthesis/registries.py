"""`synthesize()`: a registry of invented subjects, made from a rule book."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any

import polars as pl

from attrs import frozen

from ..book import RuleBook
from ..dates import read_date
from ..errors import UsageError, did_you_mean
from ..ir import Kind
from ..packs import bundled
from ..screening.registry import SUBJECTS
from ..vocabulary import RecordDeclaration
from .choices import Choice
from .codes import MOST, PREFIX, codes, is_valid
from .columns import (
    DECIMAL,
    NUMBER,
    PLACE,
    ROW,
    Column,
    drawn,
    mixed,
    slot,
    slots,
    word,
)
from .forms import MADE_FOR, Maker, known_ids
from .hints import hints_of
from .ranges import day_number

#: How often subjects have one record of a list, two, three; the others have none.
_RECORDS = (0.03, 0.012, 0.004)
_RECORDS_DENSE = (0.25, 0.15, 0.1)
#: The share of records that are made for no rule.
_FOR_NONE = 0.25


def synthesize(  # noqa: PLR0913  # what is made, and of what
    rules: RuleBook | None = None,
    *,
    rows: int,
    seed: int = 0,
    subject: str = "enterprise",
    boundary: bool = False,
    as_of: date | str | None = None,
) -> dict[str, pl.DataFrame]:
    """
    The tables of an invented registry: of the subjects, and of each list of records.

    Values are those that the rules tell apart and others beside them; with ``boundary``
    days, amounts and years lie on ends and next to them. Nobody in it exists. ``rows``
    is how many subjects there are; most of what happens to them has happened by
    ``as_of`` (default: halfway through the time that the rules are about). A row
    follows from its number and ``seed`` alone, however many there are.

    Money is in yuan. :func:`incentives.screen` reads the tables without a mistake.

    Raises :class:`UsageError` for a number of rows, a day or a kind of subject that
    makes no sense.
    """
    plan = plan_of(
        rules, rows=rows, seed=seed, subject=subject, boundary=boundary, as_of=as_of
    )
    return {name: plan.table(name, 0, rows) for name in plan.tables}


def plan_of(  # noqa: PLR0913  # the words of `synthesize`
    rules: RuleBook | None,
    *,
    rows: int,
    seed: int,
    subject: str,
    boundary: bool,
    as_of: date | str | None,
) -> "Plan":
    """What a registry is made by; raises :class:`UsageError` as `synthesize` does."""
    if subject not in SUBJECTS:
        hint = did_you_mean(str(subject), SUBJECTS) or "'enterprise' or 'county'"
        raise UsageError(f"subject: unknown kind {subject!r}, {hint}")
    if not 1 <= rows <= MOST:
        raise UsageError(f"rows: expected 1 to {MOST}, got {rows}")
    book = bundled() if rules is None else rules
    hints = hints_of(book, subject)
    try:
        day = hints.middle if as_of is None else read_date(as_of)
    except ValueError as error:
        raise UsageError(f"as_of: {error}") from None
    maker = Maker(book, subject, hints, boundary, day_number(day), day.year)
    return Plan(maker, seed)


@frozen(eq=False)
class Listing:
    """The records of one list: how many a subject has, by slot, and their columns."""

    counts: pl.Series
    keys: pl.Series | None
    columns: tuple[Column, ...]
    made_for: pl.Series


@frozen(eq=False, slots=False)
class Plan:
    """Makes any part of a registry."""

    maker: Maker
    seed: int

    @property
    def name(self) -> str:
        """What the table of the subjects is called."""
        return SUBJECTS[self.maker.kind][0]

    @property
    def lists(self) -> Mapping[str, RecordDeclaration]:
        """The lists of records that subjects have."""
        return self.maker.book.vocabulary[self.maker.kind].records

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of all tables."""
        return (self.name, *self.lists)

    def table(self, name: str, start: int, stop: int) -> pl.DataFrame:
        """The rows of a table that belong to some subjects."""
        rows = self._rows(start, stop)
        if name == self.name:
            return self._subjects(rows)
        whose = self._id().alias(f"{self.maker.kind}_id")
        records = self._records(rows, name)
        return records.select(whose, pl.all().exclude(NUMBER))

    def wide(self, start: int, stop: int) -> pl.DataFrame:
        """Some subjects with their records nested in lists, which may be empty."""
        rows = self._rows(start, stop)
        wide = self._subjects(rows).with_columns(rows[NUMBER])
        for name, declared in self.lists.items():
            records = self._records(rows, name)
            facts = [column for column in records.columns if column != NUMBER]
            cell = pl.col(facts[0]) if declared.plain else pl.struct(facts)
            lists = records.group_by(NUMBER, maintain_order=True).agg(cell.alias(name))
            wide = wide.join(lists, on=NUMBER, how="left", maintain_order="left")
            nothing = pl.lit([], dtype=lists[name].dtype)
            wide = wide.with_columns(pl.col(name).fill_null(nothing))
        return wide.drop(NUMBER)

    def _rows(self, start: int, stop: int) -> pl.DataFrame:
        numbers = pl.int_range(start, stop, dtype=pl.UInt64, eager=True).alias(NUMBER)
        return numbers.to_frame().with_columns(
            mixed(pl.col(NUMBER), f"{self.seed}/{self.maker.kind}").alias(ROW)
        )

    # --- subjects ------------------------------------------------------------------------

    @cached_property
    def _known(self) -> pl.Series:
        """Who comes first: those whom the rules name."""
        known = known_ids(self.maker.book, self.maker.kind)
        if self.maker.kind == "enterprise":
            # A code of another form may be anybody's.
            known = tuple(
                code for code in known if is_valid(code) and code[:10] != PREFIX
            )
        return pl.Series(known, dtype=pl.String)

    @cached_property
    def _facts(self) -> tuple[Column, ...]:
        return tuple(self.maker.subject())

    def _subjects(self, rows: pl.DataFrame) -> pl.DataFrame:
        facts = [column.expression(self.seed) for column in self._facts]
        names = []
        if "name" in self.maker.book.vocabulary[self.maker.kind].facts:
            names = [self._name().alias("name")]
        return rows.select(self._id().alias("id"), *names, *facts)

    def _id(self) -> pl.Expr:
        number = pl.col(NUMBER)
        if self.maker.kind == "enterprise":
            made = codes(number, self.seed)
        else:
            made = pl.format("虚构县{}", number)
        if not len(self._known):
            return made
        last = len(self._known) - 1
        named = pl.lit(self._known).gather(pl.min_horizontal(number, word(last)))
        return pl.when(number <= last).then(named).otherwise(made)

    def _name(self) -> pl.Expr:
        if self.maker.kind == "enterprise":
            return pl.format("虚构企业{}号", pl.col(NUMBER))
        return self._id()

    # --- records -------------------------------------------------------------------------

    @cached_property
    def _listings(self) -> Mapping[str, Listing]:
        return {name: self._listing(records) for name, records in self.lists.items()}

    def _listing(self, declared: RecordDeclaration) -> Listing:
        shares = _RECORDS_DENSE if self.maker.dense else _RECORDS
        most = len(shares) if declared.at_most is None else declared.at_most
        keys = None
        if declared.key is not None:
            values = self.maker.keys(declared)
            kind = declared.fields[declared.key].kind
            keys = _keys(values, kind).alias(declared.key)
            most = min(most, len(values))
        counts = [Choice(min(n + 1, most), share) for n, share in enumerate(shares)]
        counts.append(Choice(0, 1 - sum(shares)))
        rules = len(self.maker.rules(declared.records))
        aims = [Choice(n + 1, (1 - _FOR_NONE) / rules) for n in range(rules)]
        aims.append(Choice(0, _FOR_NONE))
        return Listing(
            _numbers(counts), keys, tuple(self.maker.record(declared)), _numbers(aims)
        )

    def _records(self, rows: pl.DataFrame, name: str) -> pl.DataFrame:
        listing = self._listings[name]
        salt = f"{self.seed}/{name}"
        count = pl.lit(listing.counts).gather(slot(f"{salt}/count"))
        having = rows.with_columns(count.alias(PLACE)).filter(pl.col(PLACE) > 0)
        whose = having.with_columns(
            drawn(f"{salt}/key").alias("#subject"),
            pl.int_ranges(0, pl.col(PLACE), dtype=pl.UInt64).alias(PLACE),
        ).explode(PLACE)
        apart = pl.col("#subject") + pl.col(PLACE)
        each = whose.with_columns(mixed(apart, salt).alias(ROW))
        aim = pl.lit(listing.made_for).gather(slot(f"{salt}/made for"))
        each = each.with_columns(aim.alias(MADE_FOR))
        keys = []
        if listing.keys is not None:
            turn = (pl.col("#subject") // word(1 << 40) + pl.col(PLACE)) % len(
                listing.keys
            )
            keys = [pl.lit(listing.keys).gather(turn).alias(listing.keys.name)]
        facts = [column.expression(self.seed) for column in listing.columns]
        return each.select(NUMBER, *keys, *facts)


def _numbers(choices: list[Choice]) -> pl.Series:
    return pl.Series([choice.value for choice in slots(choices)], dtype=pl.UInt64)


def _keys(values: tuple[object, ...], kind: Kind) -> pl.Series:
    """Keys as registries hold them; days are counted from 1970, numbers in hundredths."""
    if kind is Kind.DATE:
        return pl.Series(values, dtype=pl.Int32).cast(pl.Date)
    if kind in {Kind.MONEY, Kind.NUMBER}:
        hundredths: Any = pl.Series(values, dtype=pl.Decimal(38, 2))
        return pl.Series((hundredths / 100).cast(DECIMAL))
    return pl.Series(values)
