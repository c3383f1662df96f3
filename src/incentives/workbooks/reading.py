"""A workbook as tables of texts, which are read as strictly as any."""

import zipfile

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from attrs import frozen
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from ..errors import IncentivesError, did_you_mean, one_of
from ..readers import shown
from .sheets import DIGITS
from .template import GUIDE, NOTE, OPTIONS


class WorkbookError(IncentivesError):
    """A workbook that cannot be read, with a line for everything that is wrong."""


@frozen
class OddCell:
    """A cell whose row cannot be read: where it stands, and why."""

    sheet: str
    row: int
    place: str
    what: str


@frozen(eq=False)
class Sheets:
    """
    Tables of texts by their names, with the rows where they stand.

    ``rows`` has for each table the row of Excel of each of its rows, ``titles`` what
    their sheets are called; ``odd`` are cells whose rows were left out.
    """

    tables: Mapping[str, pl.DataFrame]
    rows: Mapping[str, Sequence[int]]
    titles: Mapping[str, str]
    odd: Sequence[OddCell]


def read_workbook(path: Path, names: Mapping[str, str]) -> Sheets:
    """
    The sheets of a workbook that are tables, by what ``names`` makes of their titles.

    Numbers are read as they were typed: of more digits than Excel computes with nobody
    knows what was meant. A formula is not believed, nor an error: such a row is odd.

    Raises :class:`WorkbookError` with everything that is wrong as a whole.
    """
    try:
        workbook = load_workbook(path, read_only=True)
    except (
        OSError,
        zipfile.BadZipFile,
        InvalidFileException,
        KeyError,
        ValueError,
    ) as e:
        why = getattr(e, "strerror", None) or "no workbook of Excel (.xlsx)"
        hint = (
            "" if isinstance(e, OSError) else "; save it as .xlsx, without a password"
        )
        raise WorkbookError(f"{path}: cannot be read: {why}{hint}") from None
    wrong: list[str] = []
    tables, rows, titles = {}, {}, {}
    odd: list[OddCell] = []
    try:
        for sheet in workbook.worksheets:
            title = sheet.title
            if title in {GUIDE, OPTIONS}:
                continue
            name = names.get(title)
            if name is None:
                hint = did_you_mean(title, names) or one_of(list(names))
                wrong.append(f"{path}: unknown sheet {shown(title)}, {hint}")
            elif name in tables:
                wrong.append(f"{path}: sheet {shown(title)}: {name} is there twice")
            else:
                found = _Sheet.read(sheet)
                wrong += [f"{path}: {each}" for each in found.wrong]
                tables[name], rows[name] = found.table, found.rows
                titles[name] = title
                odd += found.odd
    finally:
        workbook.close()
    if wrong:
        raise WorkbookError("\n".join(wrong))
    return Sheets(tables, rows, titles, odd)


@frozen(eq=False)
class _Sheet:
    table: pl.DataFrame
    rows: Sequence[int]
    odd: Sequence[OddCell]
    wrong: Sequence[str]

    @classmethod
    def read(cls, sheet: Any) -> "_Sheet":
        """Every row that has something in it, under the first one."""
        numbered = enumerate(sheet.iter_rows(), 1)
        head = [_headed(cell.value) for cell in next(numbered, (1, ()))[1]]
        while head and head[-1] is None:
            head.pop()
        wrong = list(_wrong_head(sheet.title, head))
        rows, texts = [], []
        odd: list[OddCell] = []
        for number, cells in numbered:
            some = list(cells[: len(head)])
            if all(cell.value is None for cell in some) or _is_note(some[0].value):
                continue
            strange = list(_strange(sheet.title, number, some))
            odd += strange[:1]
            if not strange:
                rows.append(number)
                texts.append([_text(cell.value) for cell in some])
        names = [name or f"#{number}" for number, name in enumerate(head)]
        schema = dict.fromkeys(names, pl.String)
        full = [row + [None] * (len(names) - len(row)) for row in texts]
        table = (
            pl.DataFrame(full, schema, orient="row") if not wrong else pl.DataFrame()
        )
        return cls(table, rows, odd, wrong)


def _headed(value: object) -> str | None:
    return None if value is None else str(value).strip()


def _wrong_head(title: str, head: Sequence[str | None]) -> Iterator[str]:
    if not head:
        yield f"sheet {shown(title)}: no head in the first row"
    for number, name in enumerate(head):
        if name is not None and name in head[:number]:
            where = f"{title}!{get_column_letter(number + 1)}1"
            yield f"{where}: column {shown(name)} is there twice"


def _is_note(value: object) -> bool:
    return isinstance(value, str) and value.startswith(NOTE)


def _strange(title: str, row: int, cells: Sequence[Any]) -> Iterator[OddCell]:
    """What nobody can believe, cell by cell."""
    for number, cell in enumerate(cells, 1):
        what = _odd(cell)
        if what is not None:
            place = f"{title}!{get_column_letter(number)}{row}"
            yield OddCell(title, row, place, what)


def _odd(cell: Any) -> str | None:
    value = cell.value
    if cell.data_type == "f":
        return "a formula, paste its value instead"
    if cell.data_type == "e":
        return f"{value}, a formula that failed"
    match value:
        case int() | float() if abs(value) >= 10**DIGITS:
            return "a number of more digits than Excel keeps, write it as a text"
        case float() if _digits(value) > DIGITS:
            return f"{value!r} was computed, round it"
        case datetime() if value.time() != time.min:
            return f"{value.isoformat(' ')} is a time of day, give the day alone"
        case time():
            return f"{value.isoformat()} is a time of day, not a day"
        case _:
            return None


def _digits(value: float) -> int:
    written = repr(value).partition("e")[0]
    return len(written.replace(".", "").replace("-", "").strip("0"))


def _text(value: object) -> str | None:
    """A value as the text that a file of texts would have for it."""
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case float():
            plain = f"{Decimal(repr(value)):f}"
            return plain.removesuffix(".0")
        case datetime():
            return value.date().isoformat()
        case str():
            return value.strip() or None
        case _:
            return str(value)
