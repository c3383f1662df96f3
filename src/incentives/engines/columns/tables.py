"""The facts of many subjects as typed columns, and the lists of their records."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

import polars as pl

from attrs import evolve, field, frozen

#: The place of a subject among the others, and of a record in its list.
SUBJECT = "#subject"
PLACE = "#place"


@frozen(eq=False)
class Table:
    """
    Facts as columns by their names: money in whole fen, texts, truths, days, years.

    A number or a rate is a whole number times its entry in ``scales``. Null is unknown;
    a column that is not there is unknown in every row. The figure of a year is in a
    column of its own, such as ``revenue[2024]``.
    """

    frame: pl.DataFrame
    scales: Mapping[str, Fraction] = field(factory=dict)

    @property
    def years(self) -> Mapping[str, tuple[int, ...]]:
        """The years for which a fact has columns."""
        found: dict[str, list[int]] = {}
        for name in self.frame.columns:
            stem, bracket, year = name.partition("[")
            if bracket:
                found.setdefault(stem, []).append(int(year.rstrip("]")))
        return {name: tuple(sorted(years)) for name, years in found.items()}

    def rows(self, numbers: pl.Series) -> "Table":
        """Some rows by their numbers."""
        return evolve(self, frame=self.frame[numbers])


@frozen(eq=False)
class Records:
    """
    A list of records of every subject, one row each, in the order of the subjects.

    The columns :data:`SUBJECT` and :data:`PLACE` say whose record it is, and its place
    in the list, both from 0. ``given`` is whether the list of a subject is known:
    for all of them, for none, or a column of truths.
    """

    table: Table
    given: bool | pl.Series = True

    @property
    def subjects(self) -> pl.Series:
        """Whose each record is."""
        return self.table.frame[SUBJECT]

    def slice(self, start: int, size: int) -> "Records":
        """The records of some subjects that follow each other, numbered anew."""
        subjects = self.subjects
        first, last = (subjects.search_sorted(n, "left") for n in (start, start + size))
        frame = self.table.frame.slice(first, last - first)
        frame = frame.with_columns(pl.col(SUBJECT).cast(pl.Int64) - start)
        given = self.given
        part = given if isinstance(given, bool) else given.slice(start, size)
        return Records(evolve(self.table, frame=frame), part)


@frozen(eq=False)
class Population:
    """Subjects of one kind with their lists of records; a row of ``table`` each."""

    table: Table
    lists: Mapping[str, Records]

    def __len__(self) -> int:
        return self.table.frame.height

    def slices(self, size: int) -> "Iterator[Population]":
        """The same in parts of so many subjects, in their order."""
        for start in range(0, max(len(self), 1), size):
            lists = {
                name: records.slice(start, size) for name, records in self.lists.items()
            }
            table = evolve(self.table, frame=self.table.frame.slice(start, size))
            yield Population(table, lists)

    def only(self, rows: pl.Series) -> "Population":
        """Some of the subjects, by the numbers of their rows, which ascend."""
        numbers = pl.DataFrame({SUBJECT: rows}).with_row_index("#new")
        lists = {}
        for name, records in self.lists.items():
            frame = records.table.frame.join(numbers, on=SUBJECT, how="inner")
            frame = frame.with_columns(pl.col("#new").cast(pl.Int64).alias(SUBJECT))
            given = records.given
            lists[name] = Records(
                evolve(records.table, frame=frame.drop("#new").sort(SUBJECT, PLACE)),
                given if isinstance(given, bool) else given[rows],
            )
        return Population(self.table.rows(rows), lists)

    def never_paid(self) -> "Population":
        """The same as if nothing had ever been paid to any of them."""
        awards = self.lists.get("awards")
        if awards is None:
            return self
        empty = Records(evolve(awards.table, frame=awards.table.frame.clear()))
        return evolve(self, lists={**self.lists, "awards": empty})
