"""Tables of a rule pack: CSV files whose every cell is text."""

import csv
import io
import re

from collections.abc import Mapping, Sequence

from attrs import field, frozen

from .errors import Place


@frozen
class Table:
    """
    A named table; ``columns`` in the order of the file, one mapping a row.

    ``places`` says where each row stands.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...] = field(hash=False)
    places: tuple[Place, ...] = field(eq=False, repr=False)

    def column(self, name: str) -> tuple[str, ...]:
        """All cells of a column."""
        return tuple(row[name] for row in self.rows)


class TableError(ValueError):
    """A CSV text that is not a table; ``line`` counts from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def parse_table(name: str, text: str) -> Table:
    """The table in a CSV text with a header row; raises :class:`TableError`."""
    reader = csv.reader(io.StringIO(text), strict=True)
    try:
        lines = [(reader.line_num, row) for row in reader if row]
    except csv.Error as error:
        said = str(error).replace("unexpected end of data", "a quote is not closed")
        raise TableError(reader.line_num, f"not CSV: {said}") from None
    if not lines:
        raise TableError(1, "an empty table: the first row names the columns")
    (_, columns), *body = lines
    _check_header(columns)
    for line, row in body:
        if len(row) != len(columns):
            raise TableError(
                line,
                f"expected {len(columns)} cells as in the first row, got {len(row)}",
            )
    rows = tuple(dict(zip(columns, row, strict=True)) for _, row in body)
    places = tuple(_place(f"{name}.csv", line, text) for line, _ in body)
    return Table(name, tuple(columns), rows, places)


def _place(file: str, line: int, text: str) -> Place:
    shown = text.split("\n")[line - 1]
    return Place(file, line, 1, len(shown) + 1, shown)


#: What spreadsheets and keyboards write between cells instead of a comma.
_OTHER_SEPARATORS = re.compile(r"[，;；\t]")


def _check_header(columns: Sequence[str]) -> None:
    for index, column in enumerate(columns):
        if not column.strip():
            raise TableError(1, f"column {index + 1} has no name")
        if mark := _OTHER_SEPARATORS.search(column):
            raise TableError(1, f"{mark[0]!r} does not separate cells")
        if column in columns[:index]:
            raise TableError(1, f"two columns are called {column!r}")
