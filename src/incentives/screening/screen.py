"""`screen()`: a registry, a day, a rule book; out comes what everybody is entitled to."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import count
from os import cpu_count
from typing import Any

import polars as pl
import pyarrow as pa

from attrs import evolve, field, frozen

from ..assessment import Assessment
from ..book import RuleBook
from ..budgeting.allocating import allocate
from ..budgeting.allocation import Allocation
from ..engines.columns.tables import PLACE, SUBJECT, Population
from ..errors import Mistake, RecordError, UsageError, did_you_mean
from ..evaluation import asked, evaluate
from ..facts import County, Enterprise
from ..money import yuan
from ..policy import Outcome
from ..standards import Cash
from ..structuring import subjects_of
from .alike import Alike, alike_in
from .frames import Back, tables_of
from .gathering import gathered, records_of
from .registry import SUBJECTS, Registry, Rejected, registry_of
from .rows import OUTCOMES, REASONS
from .screened import SOME, Batch, screened
from .together import RULE

#: Subjects that are looked at together: enough that what is said once for all of them
#: takes no time beside them, few enough that what is worked out of them fits in memory.
BATCH = 262_144

OUTCOME = pl.Enum([each.value for each in OUTCOMES])
REASON = pl.Enum([each.value for each in REASONS])
_ELIGIBLE, _INELIGIBLE = Outcome.ELIGIBLE, Outcome.INELIGIBLE


def screen(  # noqa: PLR0913  # the words of `evaluate`, and how to read
    registry: object,
    *,
    as_of: date | str | None = None,
    rules: RuleBook | None = None,
    readings: Mapping[str, str | date] | None = None,
    subject: str = "enterprise",
    strict: bool = True,
    ignore: Iterable[str] = (),
) -> "Screening":
    """
    What every subject of a registry is entitled to on a day.

    ``registry`` is a data frame with a row for every subject, a mapping of frames (one
    of the subjects, one for each list of records, keyed by ``enterprise_id``), or an
    iterable of records. Frames may be of Polars, pandas or PyArrow, relations of DuckDB,
    or anything that speaks the Arrow PyCapsule interface; columns are called as the
    facts are, in English or by their Chinese labels. ``subject`` is whom it lists:
    ``enterprise`` or ``county``. Columns in ``ignore`` are no facts. Not ``strict``,
    subjects with mistakes are left out and told in ``rejected``.

    Every answer is that of :func:`evaluate`, record by record, to the fen.

    Raises :class:`RecordError` with every mistake of the registry, and
    :class:`UsageError` for what is no registry, or a day, a book or a reading that
    makes no sense.
    """
    day, _, book = asked(as_of, rules, readings)
    if subject not in SUBJECTS:
        hint = did_you_mean(str(subject), SUBJECTS) or "'enterprise' or 'county'"
        raise UsageError(f"subject: unknown kind {subject!r}, {hint}")
    read, back = _read(registry, subject, book, strict=strict, ignore=ignore)
    return screening_of(read, book, day, back)


def screening_of(
    registry: Registry, book: RuleBook, as_of: date, back: Back | None = None
) -> "Screening":
    """What a registry, already read, is entitled to; tables come back as Polars has them."""
    batches = _batches(registry, book, as_of, alike_in(book, registry.kind))
    return Screening(registry, book, as_of, back or (lambda table: table), batches)


def _read(
    registry: object,
    kind: str,
    book: RuleBook,
    *,
    strict: bool,
    ignore: Iterable[str],
) -> tuple[Registry, Back]:
    if isinstance(registry, Sequence | Iterator) and not isinstance(registry, str):
        found = recorded(registry, kind, book, strict=strict)
        return found, lambda table: table
    tables, back = tables_of(registry, SUBJECTS[kind][0])
    return registry_of(tables, kind, book, strict=strict, ignore=ignore), back


def recorded(
    records: Iterable[object], kind: str, book: RuleBook, *, strict: bool
) -> Registry:
    """
    The registry that records make up, those left out told as rejected.

    Raises :class:`RecordError` with every mistake where it is ``strict``, and
    :class:`UsageError` for records of another kind, or two with one id.
    """
    subjects, wrong = subjects_of(records, book, "records")
    rejected = [Rejected(each, row) for row, told in wrong.items() for each in told]
    if rejected and strict:
        raise RecordError([each.mistake for each in rejected])
    if not strict:
        subjects, again = _each_once(subjects, wrong)
        rejected += again
    return evolve(_gathered(subjects, kind, book), rejected=tuple(rejected))


def _each_once(
    subjects: Sequence[Enterprise | County], wrong: Collection[int]
) -> tuple[list[Enterprise | County], list[Rejected]]:
    """The first record of each id, and the others as mistakes."""
    rows = (row for row in count() if row not in wrong)
    found: dict[str, Enterprise | County] = {}
    again = []
    for row, subject in zip(rows, subjects, strict=False):
        if found.setdefault(subject.id, subject) is not subject:
            mistake = Mistake(f"{subject.id}: id", "has another record too")
            again.append(Rejected(mistake, row))
    return list(found.values()), again


def _gathered(
    subjects: Sequence[Enterprise | County], kind: str, book: RuleBook
) -> Registry:
    others = [each.id for each in subjects if each.subject != kind]
    if others:
        raise UsageError(f"subject: {others[0]!r} is of another kind than {kind!r}")
    ids = pl.Series("id", [each.id for each in subjects], dtype=pl.String)
    again = ids.filter(~ids.is_first_distinct())
    if again.len():
        raise UsageError(f"two records with one id: {again[0]!r}")
    return Registry(kind, ids, gathered(subjects, book.vocabulary[kind]))


def _batches(
    registry: Registry, book: RuleBook, day: date, groups: Sequence[Alike]
) -> list[Batch]:
    population, kind = registry.population, registry.kind
    parts = list(population.slices(BATCH))

    def one(part: Population) -> Batch:
        return screened(part, kind, book, day, groups)

    if len(parts) == 1:
        return [one(parts[0])]
    with ThreadPoolExecutor(max_workers=cpu_count() or 1) as pool:
        return list(pool.map(one, parts))


@frozen(eq=False, repr=False)
class Screening:
    """
    What every subject of a registry is entitled to, as tables.

    Tables come back as the kind of frame that the registry was. Amounts and bounds are
    decimals of yuan; null above is without limit.

    Of many rules of one shape only what is due, or may be, is worked out at first; a
    table with a row for every rule and subject is worked out when it is asked for.
    """

    registry: Registry
    book: RuleBook
    as_of: date
    back: Back = field(repr=False)
    batches: Sequence[Batch] = field(repr=False)

    def __len__(self) -> int:
        return len(self.registry.ids)

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules for this kind of subject, in the order of the book."""
        kind = self.registry.kind
        return tuple(rule.id for rule in self.book if rule.subject == kind)

    @property
    def rejected(self) -> tuple[Rejected, ...]:
        """What is wrong with the subjects that were left out."""
        return self.registry.rejected

    # --- tables ----------------------------------------------------------------------

    def totals(self) -> Any:
        """One row for every subject: ``id``, ``total``, ``low``, ``high``."""
        return self.back(self._totals())

    def determinations(self, *, possible: bool = False) -> Any:
        """
        One row for every subject and rule.

        If only what is ``possible`` is asked for, one row where something is due or may
        be: of many rules that costs what the rows do, and all rows rules × subjects.

        ``id``, ``rule``, ``outcome``, ``amount`` (null where it is not decided, or not
        money), ``reason``, ``low`` and ``high``, and ``missing``, a list of facts.
        """
        found = self._possible() if possible else self._determinations()
        return self.back(found)

    def items(self) -> Any:
        """
        One row for every subject, rule and record that the rule looks at.

        As :meth:`determinations`, with ``record``, the path of the record; null where
        a rule looks at no record. Amounts of records are before what limits them all.
        """
        return self.back(self._items())

    def wide(self) -> Any:
        """One row for every subject, with four columns for every rule."""
        table = self._totals()
        for rule in self.rules:
            said = pl.concat([batch.said[rule] for batch in self.whole])
            shown = self._shown(said, rule).select(
                "outcome", "amount", "reason", "missing"
            )
            table = table.hstack(shown.select(pl.all().name.prefix(f"{rule}.")))
        return self.back(table)

    def _totals(self) -> pl.DataFrame:
        ends = pl.concat([batch.totals for batch in self.batches])
        decided = pl.concat([self._decided(batch) for batch in self.batches])
        total = as_yuan(decided)

        def shown(end: pl.Series) -> pl.Series:
            # Where all is known three columns are one.
            return total if end.equals(decided) else as_yuan(end)

        low, high = ends["low"].fill_null(0).clip(0), ends["high"].clip(0)
        table = {"id": self.registry.ids, "total": total}
        return pl.DataFrame({**table, "low": shown(low), "high": shown(high)})

    def _decided(self, batch: Batch) -> pl.Series:
        """What is decided, in fen, of every subject of a batch."""
        eligible = OUTCOMES.index(_ELIGIBLE)
        parts = [
            said.select(pl.when(pl.col("outcome") == eligible).then("low").otherwise(0))
            for said in batch.said.values()
        ]
        table = pl.DataFrame(
            [
                _due_of_some(batch),
                *(each.to_series().rename(str(n)) for n, each in enumerate(parts)),
            ]
        )
        return table.select(pl.sum_horizontal(pl.all())).to_series()

    @cached_property
    def whole(self) -> Sequence[Batch]:
        """The batches with a row for every rule and subject."""
        if all(batch.some.is_empty() for batch in self.batches) and all(
            rule in batch.said for batch in self.batches for rule in self.rules
        ):
            return self.batches
        return _batches(self.registry, self.book, self.as_of, ())

    def _possible(self) -> pl.DataFrame:
        out = OUTCOMES.index(_INELIGIBLE)
        place = {rule.id: n for n, rule in enumerate(self.book)}
        parts = []
        for batch, ids in zip(self.batches, self._ids(), strict=True):
            rules = [batch.some]
            for rule, said in batch.said.items():
                numbers = pl.int_range(pl.len(), dtype=pl.Int64).alias(SUBJECT)
                number = pl.lit(place[rule], dtype=pl.Int64).alias(RULE)
                some = said.with_columns(numbers, number)
                rules.append(some.filter(pl.col("outcome") != out).select(*SOME))
            some = pl.concat(rules).sort(RULE, SUBJECT)
            parts.append(some.with_columns(ids.gather(some[SUBJECT]).alias("id")))
        some = pl.concat(parts)
        names = pl.Series([rule.id for rule in self.book], dtype=pl.String)
        cash = [isinstance(rule.award, Cash) for rule in self.book]
        is_cash = pl.Series(cash, dtype=pl.Boolean).gather(some[RULE])
        shown = _in_words(some, pl.lit(is_cash))
        return shown.with_columns(names.gather(some[RULE]).alias("rule")).select(
            "id", "rule", *_COLUMNS
        )

    def _determinations(self) -> pl.DataFrame:
        parts = []
        for batch, ids in zip(self.whole, self._ids(), strict=True):
            for rule in self.rules:
                shown = self._shown(batch.said[rule], rule)
                parts.append(
                    shown.select(ids.alias("id"), pl.lit(rule).alias("rule"), *_COLUMNS)
                )
        return pl.concat(parts)

    def _items(self) -> pl.DataFrame:
        parts: list[pl.DataFrame] = []
        for batch, ids in zip(self.whole, self._ids(), strict=True):
            for rule in self.rules:
                parts.extend(self._items_of(batch, rule, ids))
        return pl.concat(parts)

    def _items_of(
        self, batch: Batch, rule: str, ids: pl.Series
    ) -> Iterator[pl.DataFrame]:
        named = pl.lit(rule).alias("rule")
        said = batch.said[rule].with_columns(ids.alias("id"))
        rows = batch.items.get(rule)
        each = self.book[rule].each
        if rows is not None and each is not None:
            record = pl.format(f"{each.records}[{{}}]", pl.col(PLACE)).alias("record")
            rows = rows.with_columns(ids.gather(rows[SUBJECT]).alias("id"), record)
            yield self._shown(rows, rule).select("id", named, "record", *_COLUMNS)
            listed = pl.Series(range(len(ids))).is_in(rows[SUBJECT].unique().implode())
            said = said.filter(~listed)
        nothing = pl.lit(None, dtype=pl.String).alias("record")
        yield self._shown(said, rule).select("id", named, nothing, *_COLUMNS)

    def _ids(self) -> Iterator[pl.Series]:
        offset = 0
        for batch in self.batches:
            height = batch.totals.height
            yield self.registry.ids.slice(offset, height)
            offset += height

    def _shown(self, said: pl.DataFrame, rule: str) -> pl.DataFrame:
        """With outcome and reason in words and amounts in yuan."""
        is_cash = isinstance(self.book[rule].award, Cash)
        return _in_words(said, pl.lit(is_cash))

    # --- sums ------------------------------------------------------------------------

    @property
    def total(self) -> Decimal:
        """Yuan that are decided, of all subjects together."""
        return yuan(
            sum(int(self._decided(b).cast(pl.Int128).sum()) for b in self.batches)
        )

    # --- one subject -----------------------------------------------------------------

    def explain(self, subject: str) -> Assessment:
        """
        The assessment of one subject, with every reason.

        Raises :class:`UsageError` for an id that the registry does not have.
        """
        rows = (self.registry.ids == subject).arg_true()
        if not rows.len():
            raise UsageError(f"no subject with the id {subject!r} in this registry")
        (record,) = self.records(rows)
        return evaluate(record, as_of=self.as_of, rules=self.book)

    def records(self, rows: Iterable[int]) -> list[dict[str, Any]]:
        """Some subjects as records, by the numbers of their rows, which ascend."""
        registry, vocabulary = self.registry, self.book.vocabulary
        return records_of(registry.population, rows, vocabulary, registry.kind)

    # --- other questions about the same registry -------------------------------------

    def again(
        self, *, book: RuleBook | None = None, as_of: date | None = None
    ) -> "Screening":
        """The same registry under another book that has the same facts, or on another day."""
        book = self.book if book is None else book
        as_of = self.as_of if as_of is None else as_of
        return screening_of(self.registry, book, as_of, self.back)

    def allocate(self) -> Allocation:
        """
        What everybody gets once the budgets of the book are shared out.

        Applications are the subjects for whom something is possible under the rules of
        a budget: of a budget the others get nothing and take nothing. Their grants are
        those of :func:`allocate` over all records of the registry.
        """
        budgeted = {rule for budget in self.book.budgets for rule in budget.rules}
        out = OUTCOMES.index(_INELIGIBLE)
        asking: list[int] = []
        start = 0
        for batch in self.whole:
            some = pl.zeros(batch.totals.height, dtype=pl.Boolean, eager=True)
            for rule in self.rules:
                if rule in budgeted:
                    some |= batch.said[rule]["outcome"] != out
            asking += [start + row for row in some.arg_true()]
            start += batch.totals.height
        records = self.records(asking) if asking else []
        return allocate(records, as_of=self.as_of, rules=self.book)

    def __repr__(self) -> str:
        return (
            f"Screening({len(self)} subjects, as_of={self.as_of.isoformat()!r}, "
            f"policy={self.book.policy.id!r}, total='{self.total:f}')"
        )


def _in_words(said: pl.DataFrame, is_cash: pl.Expr) -> pl.DataFrame:
    """With outcome and reason in words and amounts in yuan."""
    eligible = OUTCOMES.index(_ELIGIBLE)
    out = OUTCOMES.index(_INELIGIBLE)
    is_due = (pl.col("outcome") == eligible) & is_cash
    amount = pl.when(pl.col("outcome") == out).then(0).when(is_due).then("low")
    shown = said.with_columns(
        # The number of a word is what stands for it.
        outcome=pl.col("outcome").cat.to(OUTCOME),
        reason=pl.col("reason").cat.to(REASON),
        amount=amount.otherwise(None),
        low=pl.col("low").fill_null(0).clip(0),
        high=pl.col("high").clip(0),
    )
    return shown.with_columns(as_yuan(shown[n]) for n in ("amount", "low", "high"))


def _due_of_some(batch: Batch) -> pl.Series:
    """What is decided, in fen, of the rules that are judged together."""
    due = batch.some.filter(pl.col("outcome") == OUTCOMES.index(_ELIGIBLE))
    sums = due.group_by(SUBJECT).agg(pl.col("low").sum())
    numbers = pl.int_range(batch.totals.height, dtype=pl.Int64, eager=True)
    whom = pl.DataFrame({SUBJECT: numbers})
    found = whom.join(sums, on=SUBJECT, how="left", maintain_order="left")
    return found["low"].fill_null(0).alias("some")


_COLUMNS = ("outcome", "amount", "reason", "low", "high", "missing")


def as_yuan(fen: pl.Series) -> pl.Series:
    """Whole fen as decimals of yuan: the same numbers, with the point elsewhere."""
    whole: Any = fen.cast(pl.Decimal(38, 0)).to_arrow()
    moved = pa.Array.from_buffers(
        _YUAN, len(whole), whole.buffers(), offset=whole.offset
    )
    return pl.Series(fen.name, moved)


_YUAN = pa.decimal128(38, 2)
