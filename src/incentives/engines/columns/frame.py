"""Rows under construction: what is at hand in each, and the columns that follow."""

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from itertools import count

import polars as pl

from attrs import define, evolve, field, frozen

from ...ir import Fact, Figure
from .column import (
    FORMS,
    NONE_MISSING,
    SEE,
    Column,
    Form,
    Truth,
    chosen,
    constant,
    unknown,
    unseen,
    whole_number,
)
from .tables import PLACE, SUBJECT, Population, Records, Table

#: The record that stands for the values in which rules of one shape differ.
PARAMETERS = "§"

#: Bits of a mask that stand for facts of their own; the next one is `SEE`.
_BITS = 62


@frozen
class Path:
    """
    Where a record would say what is missing.

    ``records`` is the list that it stands in, empty for the subject itself; without a
    ``name`` it is the list as a whole. What ``policy`` says no record can.
    """

    name: str
    records: str = ""

    @property
    def is_of_policy(self) -> bool:
        """Whether the policy, and no record, would say it."""
        return not self.records and self.name.startswith("policy.")

    def at(self, place: int | None) -> str:
        """The path, given the place of the record in its list."""
        if not self.records:
            return self.name
        return f"{self.records}[{place}].{self.name}" if self.name else self.records


@frozen(eq=False)
class Source:
    """
    The records that a name stands for: a row of a table for every row of a frame.

    ``rows`` are the numbers of those rows, None where they are the same; without a
    ``table`` nobody knows anything of the record.
    """

    records: str
    table: Table | None
    rows: pl.Series | None = None

    def column(self, name: str) -> pl.Series:
        """A column of the table, row by row of the frame."""
        assert self.table is not None  # noqa: S101  # who asks knows that there is one
        series = self.table.frame[name]
        return series if self.rows is None else series.gather(self.rows)


#: The least and the most, in fen, that something comes to for every subject.
Ends = tuple[pl.Series, pl.Series]


@define(eq=False)
class Frame:
    """
    Rows with the records at hand in each, and all that was computed of them so far.

    What is kept is computed later, all columns that need no other of them at once.
    """

    population: Population
    as_of: date
    sources: Mapping[str, Source]
    subjects: pl.Series | None
    height: int
    due: Mapping[str, Ends] = field(factory=dict)
    root: "Frame | None" = None
    is_inner: bool = False
    totals: dict[object, object] = field(factory=dict, init=False)
    memo: dict[object, Column | Truth] = field(factory=dict, init=False)
    #: The bits of the facts that may be missing, in the order of their size.
    bits: dict[Path, pl.Expr] = field(factory=dict, init=False)
    data: pl.DataFrame = field(init=False)
    #: For each row the number of that row of another frame of which it is one.
    outer: pl.Series | None = field(default=None, init=False)
    _levels: dict[str, int] = field(factory=dict, init=False)
    _waiting: list[list[pl.Expr]] = field(factory=list, init=False)
    _names: "count[int]" = field(factory=count, init=False)
    #: What is missing, as expressions by their names: asked of few rows.
    _notes: dict[str, pl.Expr] = field(factory=dict, init=False)
    #: Literals in every row, with what they are of, which lives as long as they do.
    _literals: dict[int, tuple[pl.Expr, pl.Series]] = field(factory=dict, init=False)
    _inner: dict[tuple[str, str], "Frame"] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        # Without a column a table has no rows.
        numbers = pl.int_range(self.height, dtype=pl.Int64, eager=True)
        self.data = pl.DataFrame({"#": numbers})

    @classmethod
    def of_subjects(
        cls, population: Population, as_of: date, due: Mapping[str, Ends]
    ) -> "Frame":
        """A row for every subject."""
        sources = {"": Source("", population.table)}
        return cls(population, as_of, sources, None, len(population), due)

    # --- what is kept ----------------------------------------------------------------

    def keep(self, expression: pl.Expr) -> pl.Expr:
        """The same as a column, which is computed once."""
        if expression.meta.is_column() or expression.meta.is_literal():
            return expression
        name = f"#{next(self._names)}"
        roots = expression.meta.root_names()
        expression = _spread(expression)
        level = max((self._levels.get(root, 0) for root in roots), default=0)
        while len(self._waiting) <= level:
            self._waiting.append([])
        self._waiting[level].append(expression.alias(name))
        self._levels[name] = level + 1
        return pl.col(name)

    def kept(self, column: Column) -> Column:
        """The same with both ends kept."""
        missing = self.note(column.missing)
        low = self.keep(column.low)
        if column.is_whole:
            return evolve(column, low=low, high=low, missing=missing)
        high = self.keep(column.high)
        return evolve(column, low=low, high=high, missing=missing)

    def held(self, truth: Truth) -> Truth:
        """The same verdict, kept."""
        missing = self.note(truth.missing)
        return evolve(truth, value=self.keep(truth.value), missing=missing)

    def note(self, missing: pl.Expr) -> pl.Expr:
        """What is missing, under a name: worked out where somebody asks."""
        if missing.meta.is_column() or missing.meta.is_literal():
            return missing
        name = f"#missing {len(self._notes)}"
        self._notes[name] = missing
        return pl.col(name)

    def noted(self, rows: pl.Series, **named: pl.Expr) -> pl.DataFrame:
        """Some columns about what is missing, of some rows only, in their order."""
        needed: dict[str, None] = {}
        roots = {"#": None}
        waiting = [root for each in named.values() for root in each.meta.root_names()]
        while waiting:
            name = waiting.pop()
            note = self._notes.get(name)
            if note is None:
                roots[name] = None
            elif name not in needed:
                needed[name] = None
                waiting.extend(note.meta.root_names())
        self._compute()
        data = self.data.select(list(roots)).filter(rows)
        # A note is made of earlier ones: their order is that of the book.
        for name in sorted(needed, key=list(self._notes).index):
            data = _filled(data.with_columns(_spread(self._notes[name]).alias(name)))
        spread = {name: _spread(each) for name, each in named.items()}
        return _filled(data.with_columns(**spread).select(list(named)))

    def asked(self, **named: pl.Expr) -> Callable[[], pl.DataFrame]:
        """Some columns that are to be computed with all others, and then given back."""
        found: dict[str, pl.Expr] = {}
        own: list[str] = []
        for name, each in named.items():
            before = len(self._levels)
            found[name] = self.keep(each)
            if len(self._levels) > before:
                own.append(found[name].meta.output_name())

        def table() -> pl.DataFrame:
            self._compute()
            series = [self._series(each).alias(name) for name, each in found.items()]
            # Nobody else asks for what is kept here: it need not stay.
            for name in own:
                self.data.drop_in_place(name)
            return pl.DataFrame(series)

        return table

    def table(self, **named: pl.Expr) -> pl.DataFrame:
        """Some columns, computed, with all that was kept before."""
        return self.asked(**named)()

    def _compute(self) -> None:
        """Compute what waits, each column after those that it needs."""
        if any(self._waiting):
            data = self.data.lazy()
            for level in self._waiting:
                if level:
                    data = data.with_columns(level)
            self.data = _filled(data.collect())
        self._waiting.clear()

    def _series(self, expression: pl.Expr) -> pl.Series:
        """A column that is there, or a literal in every row."""
        if expression.meta.is_column():
            return self.data.get_column(expression.meta.output_name())
        key = id(expression)
        if key not in self._literals:
            cell = pl.select(expression).to_series()
            self._literals[key] = (expression, cell.new_from_index(0, self.height))
        return self._literals[key][1]

    def take(self, series: pl.Series) -> pl.Expr:
        """A column that was computed elsewhere, row for row."""
        return self.put(f"#{next(self._names)}", series)

    def put(self, name: str, series: pl.Series) -> pl.Expr:
        """The same under a name."""
        self.data = self.data.hstack([series.alias(name)])
        return pl.col(name)

    def bit(self, path: Path) -> pl.Expr:
        """The bit of a fact that may be missing."""
        if self.is_inner:
            return SEE
        if path not in self.bits:
            if len(self.bits) >= _BITS:
                return SEE
            self.bits[path] = whole_number(1 << len(self.bits))
        return self.bits[path]

    def names(self, mask: int, place: int | None) -> list[str]:
        """The facts, of those that records can supply, with bits in a mask."""
        found = (p for n, p in enumerate(self.bits) if mask >> n & 1)
        return sorted({p.at(place) for p in found if not p.is_of_policy})

    # --- facts -----------------------------------------------------------------------

    def fact(self, node: Fact) -> Column:
        """What is known of a fact in every row."""
        source = self.sources[node.scope]
        form = FORMS[node.kind]
        if source.table is None:
            whole_list = self.bit(Path("", source.records))
            return unknown(form, node.low, node.high, whole_list)
        missing = self._missing(source, node.name)
        value = self._column(node.scope, source, node.name)
        return self._known(node, source.table, node.name, value, missing)

    def figure(self, node: Figure, year: int) -> Column:
        """What is known of the figure of a year in every row."""
        fact = node.fact
        source = self.sources[fact.scope]
        form = FORMS[fact.kind]
        if source.table is None:
            whole_list = self.bit(Path("", source.records))
            return unknown(form, fact.low, fact.high, whole_list)
        name = f"{fact.name}[{year}]"
        missing = self._missing(source, name)
        value = self._column(fact.scope, source, name)
        return self._known(fact, source.table, name, value, missing)

    def _missing(self, source: Source, name: str) -> pl.Expr:
        # Nothing is missing of what is written in a rule.
        if source.records == PARAMETERS:
            return NONE_MISSING
        return self.bit(Path(name, source.records))

    def _column(self, scope: str, source: Source, name: str) -> pl.Expr | None:
        """A column of the table that a name stands for, row by row."""
        assert source.table is not None  # noqa: S101  # the callers looked
        if name not in source.table.frame.columns:
            return None
        alias = f"{scope}.{name}"
        if alias not in self.data.columns:
            self.put(alias, source.column(name))
        return pl.col(alias)

    def _known(
        self,
        node: Fact,
        table: Table,
        name: str,
        value: pl.Expr | None,
        missing: pl.Expr,
    ) -> Column:
        form = FORMS[node.kind]
        default = None if node.default is None else constant(node.default, form)
        if value is None:
            return default or unknown(form, node.low, node.high, missing)
        scale, most = Fraction(1), 0
        if form is Form.WHOLE:
            scale = table.scales.get(name, Fraction(1)) * node.scale
            most = self._most(table, name)
        series = table.frame[name]
        if default is not None:
            column = Column(form, value, value, scale, most, missing)
            return self._closed(column, default)
        sure = series.null_count() == 0
        if sure or (node.low is None and node.high is None):
            signed = node.low is None
            return Column(
                form, value, value, scale, most, missing, sure=sure, signed=signed
            )
        if node.high is not None or node.low != 0:
            return unseen(form)
        low = self.keep(value.fill_null(0))
        return Column(form, low, value, scale, most, missing, signed=False)

    def _closed(self, column: Column, default: Column) -> Column:
        given = column.known
        found = chosen([(Truth(given, NONE_MISSING, sure=True), column)], default)
        return self.kept(evolve(found, missing=NONE_MISSING, sure=True, high=found.low))

    def _most(self, table: Table, name: str) -> int:
        ends = (table.frame[name].min(), table.frame[name].max())
        return max(abs(int(end)) for end in ends) if None not in ends else 0  # type: ignore[arg-type]  # whole numbers

    # --- records ---------------------------------------------------------------------

    def records(self, name: str) -> Records:
        """A list of the subjects; nobody knows one that is not there."""
        known = self.population.lists.get(name)
        if known is not None:
            return known
        nobody = pl.DataFrame(schema={SUBJECT: pl.Int64, PLACE: pl.Int64})
        return Records(Table(nobody), given=False)

    def subject_of_row(self) -> pl.Series:
        """The row of the subject for every row."""
        if self.subjects is None:
            return pl.int_range(self.height, dtype=pl.Int64, eager=True)
        return self.subjects

    def each(self, records: str, binder: str, *, is_inner: bool) -> "Frame":
        """A row for every row of this one and every record that its subject has."""
        key = (records, binder)
        if key not in self._inner:
            self._inner[key] = self._each(records, binder, is_inner=is_inner)
        return self._inner[key]

    def _each(self, records: str, binder: str, *, is_inner: bool) -> "Frame":
        table = self.records(records).table
        rows = pl.DataFrame({SUBJECT: self.subject_of_row()}).with_row_index("#outer")
        theirs = table.frame.select(SUBJECT).with_row_index("#inner")
        pairs = rows.join(theirs, on=SUBJECT, how="inner", maintain_order="left_right")
        outer, inner = (pairs[name].cast(pl.Int64) for name in ("#outer", "#inner"))
        found = self.beside(outer, binder, Source(records, table, inner))
        found.is_inner = is_inner
        found.outer = outer
        return found

    def beside(self, rows: pl.Series, name: str, source: Source) -> "Frame":
        """Some rows, as often as they are named, each with a record of its own."""
        sources = {
            known: evolve(other, rows=_through(other.rows, rows))
            for known, other in self.sources.items()
        }
        sources[name] = source
        return self._with(sources, _through(self.subjects, rows), rows.len())

    def never_paid(self, rows: pl.Series) -> "Frame":
        """Some rows as if nothing had ever been paid to any subject."""
        sources = {
            name: evolve(source, rows=_through(source.rows, rows))
            for name, source in self.sources.items()
        }
        subjects = self.subject_of_row().gather(rows)
        never = self.population.never_paid()
        return Frame(never, self.as_of, sources, subjects, rows.len(), self.due)

    def ghost(self, records: str, binder: str, *, is_inner: bool) -> "Frame":
        """The same rows with a record of which nobody knows anything."""
        key = ("", binder)
        if key not in self._inner:
            sources = {**self.sources, binder: Source(records, None)}
            self._inner[key] = self._with(sources, self.subjects, self.height)
            self._inner[key].is_inner = is_inner
        return self._inner[key]

    def _with(
        self, sources: Mapping[str, Source], subjects: pl.Series | None, height: int
    ) -> "Frame":
        root = self if self.subjects is None else self.root
        return Frame(
            self.population, self.as_of, sources, subjects, height, self.due, root
        )


def _filled(data: pl.DataFrame) -> pl.DataFrame:
    """The same with a value in every row: of one for all, Polars makes one row."""
    return pl.DataFrame(data.get_columns())


def _spread(expression: pl.Expr) -> pl.Expr:
    """The same for every row: of no column, Polars would make one row."""
    if expression.meta.root_names():
        return expression
    return pl.when(pl.col("#") >= 0).then(expression)


def _through(rows: pl.Series | None, outer: pl.Series) -> pl.Series:
    return outer if rows is None else rows.gather(outer)
