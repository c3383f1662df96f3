"""What every sheet has: a head that stays, filters, widths, and texts that stay texts."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from wcwidth import wcswidth

#: Yuan as officers write them; Excel computes with 15 digits and no more.
MONEY = '#,##0.00"元"'
DIGITS = 15
#: The last row of a sheet.
MOST_ROWS = 1_048_576

_HEAD = PatternFill("solid", start_color="DDEBF7")
_NARROWEST, _WIDEST = 8, 60


def lay_out(sheet: Any, head: Sequence[str], widths: Sequence[int]) -> None:
    """Columns as wide as what stands in them, under a head that does not scroll away."""
    for number, (title, width) in enumerate(zip(head, widths, strict=True), 1):
        wide = max(wcswidth(title) + 4, width + 2, _NARROWEST)
        sheet.column_dimensions[get_column_letter(number)].width = min(wide, _WIDEST)
    sheet.freeze_panes = "A2"


def head_cells(sheet: Any, head: Sequence[str]) -> list[Any]:
    """The cells of a head."""
    cells = []
    for title in head:
        cell = WriteOnlyCell(sheet, title)
        cell.font, cell.fill = Font(bold=True), _HEAD
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        cells.append(cell)
    return cells


def cell(sheet: Any, value: object) -> Any:
    """
    A value as Excel holds it: yuan as numbers, texts as texts whatever they begin with.

    An amount of more digits than Excel computes with is a text.
    """
    if isinstance(value, Decimal):
        plain = f"{value:f}"
        digits = plain.replace(".", "").replace("-", "").strip("0")
        if len(digits) > DIGITS:
            return WriteOnlyCell(sheet, plain)
        found = WriteOnlyCell(sheet, value)
        found.number_format = MONEY
        return found
    found = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        found.data_type = "s"  # no formula, however it begins
        found.number_format = "@"
    return found
