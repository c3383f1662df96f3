"""The form that officers fill in: a sheet for each table, with drop-downs, units and notes."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from ..atomic import beside
from ..book import RuleBook
from ..dates import today
from ..ir import Kind
from ..screening.registry import SUBJECTS
from ..vocabulary import PLAIN_VALUE, FactDeclaration, SubjectDeclaration
from .sheets import MONEY, head_cells, lay_out

#: A row whose first cell begins so is no row of facts.
NOTE = "说明："
GUIDE, OPTIONS = "说明", "选项"
#: So many rows are made ready for facts.
ROWS = 5_000
#: Excel holds no more of a list inside a rule of validation.
_LIST = 255


def write_template(
    book: RuleBook,
    path: Path,
    *,
    subject: str = "enterprise",
    as_of: date | None = None,
) -> None:
    """
    Write an empty workbook for the facts that a book asks for.

    ``as_of`` decides for which years figures are asked: that year and two before it.
    Raises :class:`OSError` where the file cannot be written.
    """
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    year = (as_of or today()).year
    options: dict[str, tuple[str, ...]] = {}
    _guide(workbook.create_sheet(GUIDE), book)
    declared = book.vocabulary[subject]
    for title, facts in _tables(declared, subject):
        columns = dict(_columns(facts, year))
        _sheet(workbook.create_sheet(title), columns, options)
    _listed(workbook.create_sheet(OPTIONS), options)
    with beside(path) as part:
        workbook.save(part)


def _tables(
    declared: SubjectDeclaration, subject: str
) -> Iterator[tuple[str, Mapping[str, FactDeclaration]]]:
    yield SUBJECTS[subject][1], declared.facts
    whose = declared.facts["id"]
    for name, records in declared.records.items():
        fields = dict(records.fields)
        if records.plain:
            fields = {PLAIN_VALUE: fields[PLAIN_VALUE]}
        yield records.label or name, {"#whose": whose, **fields}


def _columns(
    facts: Mapping[str, FactDeclaration], year: int
) -> Iterator[tuple[str, FactDeclaration]]:
    """The columns by what stands over them; of yearly facts one for each year."""
    for name, fact in facts.items():
        label = fact.label or name
        if not fact.yearly:
            yield label, fact
            continue
        for each in range(year, year - 3, -1):
            yield f"{label}[{each}]", fact


def _guide(sheet: Any, book: RuleBook) -> None:
    sheet.column_dimensions["A"].width = 90
    for line in (
        book.policy.title,
        "每张表一行一个主体或一条记录；除编号外都可以不填，不填就是“不知道”，不是“没有”。",
        "金额以元为单位，也可以写单位，如 500万元；日期写成 2026-03-01。",
        "是写 TRUE，否写 FALSE。",
        "统一社会信用代码按文本填写；公式请粘贴为数值。",
        "表头的批注写明由谁认定。填好后：incentives screen 本文件.xlsx -o 结果.xlsx",
    ):
        sheet.append([line])


def _sheet(
    sheet: Any,
    columns: Mapping[str, FactDeclaration],
    options: dict[str, tuple[str, ...]],
) -> None:
    notes = [_note(fact) for fact in columns.values()]
    lay_out(sheet, list(columns), [min(2 * len(note), 24) for note in notes])
    last = get_column_letter(len(columns))
    sheet.auto_filter.ref = f"A1:{last}{ROWS}"
    for number, fact in enumerate(columns.values(), 1):
        letter = get_column_letter(number)
        rule = _validation(fact, options)
        if rule is not None:
            rule.add(f"{letter}3:{letter}{ROWS}")
            sheet.add_data_validation(rule)
        sheet.column_dimensions[letter].number_format = _FORMATS.get(fact.kind, "@")
    cells = head_cells(sheet, list(columns))
    for each, fact in zip(cells, columns.values(), strict=True):
        if fact.certified_by:
            each.comment = Comment(f"由{fact.certified_by}认定", "incentives")
    sheet.append(cells)
    notes[0] = f"{NOTE}{notes[0]}"
    sheet.append([_small(sheet, note) for note in notes])


def _small(sheet: Any, note: str) -> Any:
    (found,) = head_cells(sheet, [note])
    found.font = Font(italic=True, color="808080")
    found.alignment = Alignment(wrap_text=True, vertical="top")
    return found


_FORMATS = {
    Kind.MONEY: MONEY,
    Kind.DATE: "yyyy-mm-dd",
    Kind.NUMBER: "General",
    Kind.RATE: "0.00%",
    Kind.YEAR: "0",
    Kind.BOOLEAN: "General",
}
_KINDS = {
    Kind.TEXT: "文字",
    Kind.BOOLEAN: "TRUE 或 FALSE",
    Kind.DATE: "日期",
    Kind.MONEY: "元",
    Kind.NUMBER: "数",
    Kind.RATE: "比例",
    Kind.YEAR: "年份",
}


def _note(fact: FactDeclaration) -> str:
    """The unit of a fact, and what there is to know of it."""
    unit = "从列表选" if fact.values else fact.unit or _KINDS[fact.kind]
    return f"{unit}；{fact.note}" if fact.note else unit


def _validation(
    fact: FactDeclaration, options: dict[str, tuple[str, ...]]
) -> DataValidation | None:
    """What a cell may hold, as far as Excel can tell."""
    if fact.values:
        return _choice(fact.label, tuple(v.label for v in fact.values), options)
    match fact.kind:
        case Kind.BOOLEAN:
            return DataValidation("list", formula1='"TRUE,FALSE"', allow_blank=True)
        case Kind.DATE:
            first, last = "DATE(1900,1,1)", "DATE(9999,12,31)"
            return DataValidation("date", formula1=first, formula2=last)
        case Kind.YEAR:
            return DataValidation("whole", formula1="1900", formula2="9999")
        case _:
            return None  # an amount may be a number or `500万元`


def _choice(
    label: str, values: tuple[str, ...], options: dict[str, tuple[str, ...]]
) -> DataValidation:
    written = ",".join(values)
    if len(written) <= _LIST and not any("," in value for value in values):
        return DataValidation("list", formula1=f'"{written}"', allow_blank=True)
    options[label] = values
    letter = get_column_letter(list(options).index(label) + 1)
    where = f"{OPTIONS}!${letter}$2:${letter}${len(values) + 1}"
    return DataValidation("list", formula1=where, allow_blank=True)


def _listed(sheet: Any, options: Mapping[str, tuple[str, ...]]) -> None:
    """The lists that are too long to stand beside a cell, out of sight."""
    sheet.sheet_state = "hidden"
    sheet.append(list(options))
    for number in range(max(map(len, options.values()), default=0)):
        sheet.append([v[number] if number < len(v) else None for v in options.values()])
