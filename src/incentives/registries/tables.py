"""Tables of columns in Parquet: read from the middle, one part after the other."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from attrs import field, frozen

from ..readers import shown
from ..screening.registry import SUBJECTS, key_of
from ..vocabulary import SubjectDeclaration
from .chunks import Chunk, Reject, SourceError

#: The number of a row in its table.
_ROW = "#row of the source"
#: So many records of nobody are told; of more only that there are.
_TOLD = 100


@frozen(eq=False)
class Tables:
    """
    Tables in Parquet files by their English names, of subjects and of their records.

    ``names`` are what to call the files for whoever must find a row, and ``header`` is
    how many lines come before the first row there; ``skipped`` are lines that are no
    rows, or ``lines`` has the line of every row. ``broken`` are rows that could not be
    read when the files were made of others.
    """

    files: Mapping[str, Path]
    subject: str
    declared: SubjectDeclaration
    texts: bool = False
    names: Mapping[str, str] = field(factory=dict)
    header: int = 0
    skipped: Mapping[str, Sequence[int]] = field(factory=dict)
    lines: Mapping[str, Sequence[int]] = field(factory=dict)
    broken: Sequence[Reject] = ()

    @property
    def main(self) -> str:
        """The table of the subjects."""
        return SUBJECTS[self.subject][0]

    @property
    def size(self) -> int:
        """How many subjects there are."""
        return self._height(self.main)

    def _height(self, table: str) -> int:
        with reading(self.files[table]):
            found = pl.scan_parquet(self.files[table]).select(pl.len()).collect()
        return int(found.item())

    def line(self, table: str, row: int) -> tuple[str, int]:
        """The file and the line, after lines that could not be read."""
        file = self.names.get(table, self.files[table].name)
        if table in self.lines:
            return file, self.lines[table][row]
        line = row + 1 + self.header
        for skipped in self.skipped.get(table, ()):
            line += skipped <= line
        return file, line

    # --- parts -----------------------------------------------------------------------

    def chunks(self, size: int, first: int) -> Iterator[Chunk]:
        """The parts, each with the records of its subjects."""
        height, main = self.size, self.main
        starts = range(0, max(height, 1), size)
        for number, start in enumerate(starts):
            if number < first:
                continue
            with reading(self.files[main]):
                table = pl.scan_parquet(self.files[main]).slice(start, size).collect()
            rows = pl.int_range(start, start + table.height, eager=True)
            tables, numbers = {main: table}, {main: rows}
            for name in self.files:
                if name != main:
                    tables[name], numbers[name] = self._records(name, table)
            broken = self.broken if number == 0 else ()
            yield Chunk(number, tables, numbers, broken)

    def _records(
        self, name: str, subjects: pl.DataFrame
    ) -> tuple[pl.DataFrame, pl.Series]:
        """The records of some subjects with the numbers of their rows."""
        with reading(self.files[name]):
            records = pl.scan_parquet(self.files[name])
            columns = records.collect_schema().names()
            key, id_ = (
                key_of(name, columns, self.subject, self.declared),
                self._id(subjects),
            )
            if key is None or id_ is None:  # the door says so
                return records.clear().collect(), pl.Series(dtype=pl.Int64)
            whose = subjects.select(pl.col(id_).cast(pl.String).unique()).lazy()
            numbered = records.with_row_index(_ROW).with_columns(
                pl.col(key).cast(pl.String)
            )
            some = numbered.join(
                whose, left_on=key, right_on=id_, how="semi", maintain_order="left"
            ).collect()
        return some.drop(_ROW), some[_ROW].cast(pl.Int64)

    def _id(self, subjects: pl.DataFrame) -> str | None:
        names = ("id", self.declared.facts["id"].label)
        return next((name for name in names if name in subjects.columns), None)

    def strays(self) -> Iterator[Reject]:
        """Records that belong to no subject at all."""
        main = pl.scan_parquet(self.files[self.main])
        id_ = self._id(main.clear().collect())
        if id_ is None:
            return
        whose = main.select(pl.col(id_).cast(pl.String))
        for name, file in self.files.items():
            if name == self.main:
                continue
            records = pl.scan_parquet(file)
            columns = records.collect_schema().names()
            key = key_of(name, columns, self.subject, self.declared)
            if key is None:  # the door has said so
                continue
            numbered = records.select(pl.col(key).cast(pl.String)).with_row_index(_ROW)
            lost = numbered.join(whose, left_on=key, right_on=id_, how="anti")
            found = lost.head(_TOLD + 1).collect(engine="streaming").sort(_ROW)
            for row, id in found.head(_TOLD).select(_ROW, key).iter_rows():  # noqa: A001  # whose it is
                why = f"{shown(id)} is in no row of {self.main}"
                yield Reject(*self.line(name, row), id, f"{name}[{row}].{key}", why)
            if found.height > _TOLD:
                why = f"more than {_TOLD} records belong to nobody"
                yield Reject(self.line(name, 0)[0], None, None, name, why)


@contextmanager
def reading(file: Path) -> Iterator[None]:
    """Whatever Polars says of a file that is none is told as a source that is wrong."""
    try:
        yield
    except (OSError, pl.exceptions.PolarsError) as error:
        why = getattr(error, "strerror", None) or str(error).partition("\n")[0]
        raise SourceError(f"{file}: cannot be read: {why}") from None
