"""Where results go: a file in what its suffix says, or a table of a database."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import polars as pl

from attrs import frozen

from ..atomic import beside
from ..errors import UsageError, one_of
from .databases import Database, database_at, in_texts

WORKBOOK = ".xlsx"
#: Writes a table to a file, however large it is.
Write = Callable[[pl.LazyFrame, Path], None]


@frozen
class Target:
    """
    A file, or a table of a database.

    ``place`` is the file; beside it parts are kept until all of them are there.
    """

    address: str
    place: Path
    database: Database | None = None
    table: str = ""

    @property
    def is_workbook(self) -> bool:
        """Whether it is a workbook, which has sheets of its own."""
        return self.database is None and self.place.suffix.lower() == WORKBOOK

    def write(self, parts: Sequence[pl.LazyFrame]) -> None:
        """Put all parts of a table there: in whole, or not at all."""
        if self.database is not None:
            self.database.write(self.table, parts)
            return
        with beside(self.place) as part:
            WRITERS[self.place.suffix.lower()](pl.concat(parts), part)


def target_at(address: str, table: str) -> Target:
    """
    The target at an address; a database gets a ``table``.

    Raises :class:`UsageError` for a suffix that nothing is written as.
    """
    database = database_at(address)
    if database is not None:
        is_server = address.startswith("postgres")
        place = Path(f"{table}.table") if is_server else Path(_path(address))
        return Target(address, place, database, table)
    path = Path(address)
    if path.suffix.lower() not in {*WRITERS, WORKBOOK}:
        known = one_of([*WRITERS, WORKBOOK, ".duckdb", ".sqlite", "postgresql://…"])
        raise UsageError(f"{address}: results are written as {known}")
    return Target(address, path)


def _path(address: str) -> str:
    return address.partition(":///")[2] or address


def write_table(table: pl.DataFrame, path: Path) -> None:
    """
    Write a table of results: `.parquet`, `.csv` or `.jsonl`.

    Excel opens the CSV as it is. In CSV and JSON amounts are texts of decimal yuan,
    without zeros at their end. The file is written beside its place and moved there.

    Raises :class:`UsageError` for another suffix, and :class:`OSError` where the file
    cannot be written.
    """
    target_at(str(path), "").write([table.lazy()])


def _parquet(table: pl.LazyFrame, part: Path) -> None:
    table.sink_parquet(part)


def _csv(table: pl.LazyFrame, part: Path) -> None:
    in_texts(table).sink_csv(part, include_bom=True)


def _jsonl(table: pl.LazyFrame, part: Path) -> None:
    in_texts(table, lists=True).sink_ndjson(part)


WRITERS: Mapping[str, Write] = {
    ".parquet": _parquet,
    ".csv": _csv,
    ".jsonl": _jsonl,
}
