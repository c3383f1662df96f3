"""Workbooks: a form to fill in, a registry read from one, and results as officers read them."""

import json

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from openpyxl import Workbook, load_workbook
from typer.testing import CliRunner

import incentives

from incentives.commands.cli import app
from incentives.registries.chunks import SourceError
from incentives.registries.running import screen_into
from incentives.screening.registry import names_of
from incentives.workbooks import results, template
from incentives.workbooks.reading import WorkbookError, read_workbook
from incentives.workbooks.results import About, write_results
from incentives.workbooks.template import write_template

#: Invented firms; the codes have valid check digits (GB 32100-2015).
FIRM, OTHER = "91350582MA31ABCD0M", "91350500MA2XYW1234"
DAY = "2025-10-01"
BOOK = incentives.bundled()
NAMES = names_of("enterprise", BOOK.vocabulary["enterprise"])

CHAMPION = {
    "title": "制造业单项冠军企业",
    "level": "national",
    "first": True,
    "date": "2025-05-01",
}
RECORDS: list[dict[str, Any]] = [
    {
        "id": FIRM,
        "kind": "enterprise",
        "city": "泉州市",
        "county": "晋江市",
        "listings": [
            {
                "list": "中国民营企业500强",
                "publisher": "中华全国工商业联合会",
                "year": 2025,
                "published": "2025-08-28",
            }
        ],
        "recognitions": [CHAMPION],
        "platforms": [],
        "awards": [],
        "projects": [],
    },
    {
        "id": OTHER,
        "city": "泉州市",
        "listings": [],
        "recognitions": [],
        "platforms": [
            {
                "id": "p1",
                "stage": "中试熟化",
                "chain": "运动鞋",
                "market_operated": True,
                "recognised": "2025-03-01",
                "equipment_cost": "1234567.89",
                "software_cost": "0",
                "fiscal_funding": "0",
            }
        ],
        "awards": [],
        "projects": [],
    },
]


def filled(path: Path, records: Sequence[dict[str, Any]] = RECORDS) -> Path:
    """The form, filled in as a person would: labels, dates as dates, money as numbers."""
    write_template(BOOK, path, as_of=date(2025, 10, 1))
    workbook = load_workbook(path)
    declared = BOOK.vocabulary["enterprise"]
    for record in records:
        own = {k: v for k, v in record.items() if not isinstance(v, list)}
        _row(workbook["企业"], own, declared.facts)
        for name, rows in record.items():
            if isinstance(rows, list):
                fields = declared.records[name].fields
                for each in rows:
                    sheet = workbook[declared.records[name].label]
                    _row(sheet, each, fields, record["id"])
    workbook.save(path)
    return path


def _row(
    sheet: Any, values: dict[str, Any], facts: Any, whose: str | None = None
) -> None:
    head = [cell.value for cell in sheet[1]]
    row: list[Any] = [None] * len(head)
    if whose is not None:
        row[0] = whose
    for name, value in values.items():
        fact = facts[name]
        shown = value
        if fact.values:
            shown = next(v.label for v in fact.values if v.value == value)
        elif fact.kind.name == "DATE":
            shown = datetime.fromisoformat(value)
        elif fact.kind.name == "MONEY":
            shown = float(value)
        at = head.index(fact.label) if whose is None else head[1:].index(fact.label) + 1
        row[at] = shown
    sheet.append(row)


def test_template(tmp_path: Path) -> None:
    """The form has a sheet for each table, with heads that stay, filters and notes."""
    path = tmp_path / "form.xlsx"
    write_template(BOOK, path, as_of=date(2025, 10, 1))
    workbook = load_workbook(path)
    declared = BOOK.vocabulary["enterprise"]
    labels = [each.label for each in declared.records.values()]
    assert workbook.sheetnames == ["说明", "企业", *labels, "选项"]
    assert workbook["选项"].sheet_state == "hidden"
    sheet = workbook["企业"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref.startswith("A1:")
    head = {cell.value: cell for cell in sheet[1]}
    assert next(iter(head)) == declared.facts["id"].label
    assert sheet["A2"].value == "说明：文字"
    kinds = {
        validation.type: validation.formula1
        for validation in sheet.data_validations.dataValidation
    }
    choices = ",".join(each.label for each in declared.facts["kind"].values)
    assert kinds["list"] in {f'"{choices}"', '"TRUE,FALSE"'}
    certified = next(f for f in declared.facts.values() if f.certified_by)
    assert head[certified.label].comment.text == f"由{certified.certified_by}认定"


def test_long_lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list that Excel holds in no rule stands on a sheet of its own."""
    monkeypatch.setattr(template, "_LIST", 5)
    path = tmp_path / "form.xlsx"
    write_template(BOOK, path)
    workbook = load_workbook(path)
    kind = BOOK.vocabulary["enterprise"].facts["kind"]
    options = [cell.value for cell in workbook["选项"]["A"]]
    assert options[: len(kind.values) + 1] == [
        kind.label,
        *(v.label for v in kind.values),
    ]
    rules = workbook["企业"].data_validations.dataValidation
    assert f"选项!$A$2:$A${len(kind.values) + 1}" in {r.formula1 for r in rules}


def test_yearly_figures(tmp_path: Path) -> None:
    """Of a fact that has a figure for each year, three years are asked."""
    root = Path(__file__).parents[1] / "examples" / "packs" / "linjiang-2026"
    book = incentives.load(root)
    path = tmp_path / "form.xlsx"
    write_template(book, path, as_of=date(2026, 7, 1))
    heads = [cell.value for cell in load_workbook(path)["企业"][1]]
    fact = next(f for f in book.vocabulary["enterprise"].facts.values() if f.yearly)
    years = [f"{fact.label}[{year}]" for year in (2026, 2025, 2024)]
    assert [head for head in heads if head.startswith(f"{fact.label}[")] == years


def test_filled_in(tmp_path: Path) -> None:
    """What was filled in is answered as the same records are, one by one."""
    output = tmp_path / "out.parquet"
    found = screen_into(str(filled(tmp_path / "r.xlsx")), str(output), as_of=DAY)
    assert (found.subjects, found.rejected) == (2, 0)
    assert found.total == 5_500_000 + pl.Series([0]).sum()
    table = pl.read_parquet(output)
    for record in RECORDS:
        for d in incentives.evaluate(record, as_of=DAY):
            if d.rule.subject != "enterprise":
                continue
            row = table.row(
                by_predicate=(pl.col("id") == record["id"])
                & (pl.col("rule") == d.rule.id),
                named=True,
            )
            assert (row["outcome"], row["amount"]) == (d.outcome.value, d.amount)
            assert (row["low"], row["high"]) == d.bounds


def test_results(tmp_path: Path) -> None:
    """The results say what it comes to, what is due to whom and why, and what is missing."""
    output = tmp_path / "out.xlsx"
    screen_into(str(filled(tmp_path / "r.xlsx")), str(output), as_of=DAY)
    workbook = load_workbook(output)
    assert workbook.sheetnames == ["汇总", "奖补", "待补"]
    awards = workbook["奖补"]
    assert (awards.freeze_panes, awards.auto_filter.ref) == ("A2", "A1:H3")
    rows = {row[1].value: row for row in awards.iter_rows(min_row=2)}
    top = rows["private-top-500"]
    rule = BOOK["private-top-500"]
    assert [cell.value for cell in top[:6]] == [
        *(FIRM, rule.id, rule.title, rule.clause.number, rule.clause.quote, "应享")
    ]
    assert (top[6].value, top[6].number_format) == (5_000_000, '#,##0.00"元"')
    missing = {row[1].value: row for row in workbook["待补"].iter_rows(min_row=2)}
    low, high, *rest = (cell.value for cell in missing["pilot-platform"][3:7])
    assert (low, high) == (0, 370370.37)
    assert rest == ["单位类型", "市场监督管理部门、机构编制部门"]
    summary = [[cell.value for cell in row] for row in workbook["汇总"].iter_rows()]
    assert summary[1][:2] == ["基准日", DAY]
    assert summary[2][:2] == ["主体", 2]
    assert summary[3][2] == BOOK.digest
    (line,) = [row for row in summary if row[0] == "private-top-500"]
    assert line[3:] == [1, 0, 5_000_000, 5_000_000, 5_000_000]
    assert summary[-1][5] == 5_500_000


def test_many_awards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sheet that is full is gone on with on another."""
    monkeypatch.setattr(results, "MOST_ROWS", 2)
    output = tmp_path / "out.xlsx"
    screen_into(str(filled(tmp_path / "r.xlsx")), str(output), as_of=DAY)
    workbook = load_workbook(output)
    assert workbook.sheetnames[1:3] == ["奖补", "奖补 2"]
    assert workbook["奖补 2"].max_row == 2


def test_texts_stay_texts(tmp_path: Path) -> None:
    """A text that begins as a formula does is none, and no amount is rounded."""
    table = incentives.screen([{**RECORDS[0], "id": "=1+1"}], as_of=DAY).determinations(
        possible=True
    )
    large = pl.lit("12345678901234567.89").cast(pl.Decimal(38, 2)).alias("amount")
    path = tmp_path / "out.xlsx"
    about = About(BOOK, "enterprise", date.fromisoformat(DAY), 1)
    write_results(table.with_columns(large), about, path)
    row = next(load_workbook(path)["奖补"].iter_rows(min_row=2))
    assert (row[0].value, row[0].data_type) == ("=1+1", "s")
    assert row[6].value == "12345678901234567.89"


def test_certifiers() -> None:
    """Of a fact it is told who certifies it, of a list all who certify any of it."""
    about = About(BOOK, "enterprise", date.fromisoformat(DAY), 1)
    declared = BOOK.vocabulary["enterprise"]
    fields = declared.records["platforms"].fields
    told = {path: about.certifier(path) for path in ("kind", "platforms[1].chain")}
    assert told == {
        "kind": declared.facts["kind"].certified_by,
        "platforms[1].chain": fields["chain"].certified_by,
    }
    whole = about.certifier("platforms")
    assert whole is not None
    assert {f.certified_by for f in fields.values() if f.certified_by} == set(
        whole.split("、")
    ) or whole.count("、") >= 1


# --- cells that nobody can believe -------------------------------------------------------


def sheet_of(path: Path, *rows: Sequence[object], title: str = "企业") -> Path:
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    workbook.save(path)
    return path


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("=A1", "a formula, paste its value instead"),
        (1 / 3, "0.3333333333333333 was computed, round it"),
        (1234567890123456789, "more digits than Excel keeps"),
        (
            datetime.fromisoformat("2025-01-02 03:04"),
            "2025-01-02 03:04:00 is a time of day",
        ),
        (
            datetime.fromisoformat("2025-01-02 03:04").time(),
            "03:04:00 is a time of day, not a day",
        ),
        ("#N/A", "#N/A, a formula that failed"),
    ],
)
def test_odd_cells(value: object, said: str, tmp_path: Path) -> None:
    """What nobody can believe is told by its cell, and its row is left out."""
    label = BOOK.vocabulary["enterprise"].facts["id"].label
    path = sheet_of(tmp_path / "r.xlsx", (label, "city"), ("a", value), ("b", "泉州市"))
    sheets = read_workbook(path, NAMES)
    ((place, what),) = [(each.place, each.what) for each in sheets.odd]
    assert place == "企业!B2"
    assert said in what
    assert sheets.tables["enterprises"][label].to_list() == ["b"]
    found = screen_into(str(path), str(tmp_path / "o.csv"), as_of=DAY)
    assert (found.subjects, found.rejected) == (1, 1)
    assert found.rejects is not None
    rejects = pl.read_csv(found.rejects)
    assert rejects.row(0)[:2] == ("r.xlsx!企业", 2)


def test_values(tmp_path: Path) -> None:
    """Values are read as they were typed; rows and columns of nothing are none."""
    path = sheet_of(
        tmp_path / "r.xlsx",
        ("id", "city", None),
        ("说明：文字",),
        (7, 0.1),
        (None, None),
        (True, datetime.fromisoformat("2025-01-02")),
        (2.0, " x "),
    )
    sheets = read_workbook(path, NAMES)
    assert sheets.tables["enterprises"].rows() == [
        ("7", "0.1"),
        ("true", "2025-01-02"),
        ("2", "x"),
    ]
    assert sheets.rows["enterprises"] == [3, 5, 6]


def test_mistakes_by_row(tmp_path: Path) -> None:
    """A mistake in a sheet is told with the sheet and the row of Excel."""
    path = sheet_of(tmp_path / "r.xlsx", ("id", "kind"), (), ("a", "firm"))
    found = screen_into(str(path), str(tmp_path / "o.csv"), as_of=DAY)
    assert found.rejects is not None
    rejects = pl.read_csv(found.rejects)
    assert rejects.row(0)[:3] == ("r.xlsx!企业", 3, "a")


@pytest.mark.parametrize(
    ("rows", "title", "said"),
    [
        (
            [("id",), ("a",)],
            "企鹅",
            "unknown sheet '企鹅', one of 'enterprises', '企业'",
        ),
        ([("id", "id"), ("a", "b")], "企业", "企业!B1: column 'id' is there twice"),
        ([], "企业", "sheet '企业': no head in the first row"),
    ],
)
def test_wrong_sheets(
    rows: list[tuple[str, ...]], title: str, said: str, tmp_path: Path
) -> None:
    """What is wrong with sheets as a whole is told."""
    path = sheet_of(tmp_path / "r.xlsx", *rows, title=title)
    with pytest.raises(WorkbookError) as caught:
        read_workbook(path, NAMES)
    assert said in str(caught.value)


def test_two_sheets_of_one_table(tmp_path: Path) -> None:
    """One table in two sheets is refused, and so is a workbook without subjects."""
    path = sheet_of(tmp_path / "r.xlsx", ("id",))
    workbook = load_workbook(path)
    workbook.create_sheet("enterprises").append(["id"])
    workbook.save(path)
    with pytest.raises(WorkbookError, match="enterprises is there twice"):
        read_workbook(path, NAMES)
    sheet_of(path, ("id", "list"), title="listings")
    with pytest.raises(SourceError, match="no sheet '企业' of the subjects"):
        screen_into(str(path), str(tmp_path / "o.csv"), as_of=DAY)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0old"])
def test_no_workbook(content: bytes, tmp_path: Path) -> None:
    """An old, broken or encrypted workbook is told as none."""
    path = tmp_path / "r.xlsx"
    path.write_bytes(content)
    with pytest.raises(WorkbookError, match=r"save it as \.xlsx, without a password"):
        read_workbook(path, NAMES)
    with pytest.raises(WorkbookError, match="No such file"):
        read_workbook(tmp_path / "nowhere.xlsx", NAMES)


# --- commands ----------------------------------------------------------------------------


def test_commands(tmp_path: Path) -> None:
    """`facts --template` writes the form, and `screen` reads and writes workbooks."""
    form, output = tmp_path / "form.xlsx", tmp_path / "out.xlsx"
    run = CliRunner().invoke
    result = run(app, ["facts", "--template", str(form)])
    assert (result.exit_code, result.stdout) == (0, f"写入 {form}\n")
    assert load_workbook(form).sheetnames[1] == "企业"
    filled(form)
    result = run(app, ["screen", str(form), "-o", str(output), "--as-of", DAY])
    assert result.exit_code == 0, result.output
    assert (
        result.stdout
        == f"已评 2 个主体、9 条规则，合计应付 5,500,000 元，写入 {output}\n"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--template", "form.xls"], "a workbook is written as .xlsx"),
        (["--template", "form.xlsx", "--subject", "firm"], "unknown subject 'firm'"),
    ],
)
def test_no_template(words: list[str], said: str) -> None:
    """A form of another kind, or for nobody, is a mistake of usage."""
    result = CliRunner().invoke(app, ["facts", *words], env={"COLUMNS": "200"})
    assert result.exit_code == 2
    assert said in result.stderr


def test_json_is_not_touched() -> None:
    """The records of this test are what an integrator would send."""
    assert incentives.Enterprise.from_dict(json.loads(json.dumps(RECORDS[0])))
