"""Results as a workbook: what it comes to, what is due to whom and why, what is missing."""

import re

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from attrs import frozen
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from ..atomic import beside
from ..book import RuleBook
from ..policy import Outcome, ReasonCode
from ..reports.phrases import code_words
from ..wording import Words
from .sheets import MOST_ROWS, cell, head_cells, lay_out

SUMMARY, AWARDS, MISSING = "汇总", "奖补", "待补"
_DECIDED = (Outcome.ELIGIBLE.value, Outcome.DISCRETIONARY.value)
_OUTCOMES = {
    Outcome.ELIGIBLE.value: "应享",
    Outcome.DISCRETIONARY.value: "由主管部门裁量",
}


@frozen(eq=False)
class About:
    """What results answer: which rules, whom, on what day, and of how many subjects."""

    book: RuleBook
    subject: str
    as_of: date
    subjects: int

    @cached_property
    def words(self) -> Words:
        """What facts are called."""
        return Words(self.book.vocabulary, self.subject)

    def certifier(self, path: str) -> str | None:
        """Who certifies a fact."""
        scope, _, name = re.sub(r"\[\d+\]", "", path).rpartition(".")
        declared = self.book.vocabulary[self.subject]
        if scope:
            facts = [declared.records[scope].fields[name]]
        elif name in declared.records:
            facts = list(declared.records[name].fields.values())
        else:
            facts = [declared.facts[name]]
        told = dict.fromkeys(fact.certified_by for fact in facts)
        return "、".join(filter(None, told)) or None


def write_results(possible: pl.DataFrame, about: About, path: Path) -> None:
    """
    Write a workbook of what is due or may be.

    ``possible`` is as :meth:`incentives.Screening.determinations` gives what is
    possible. A sheet that is full is gone on with on another. Raises :class:`OSError`
    where the file cannot be written.
    """
    workbook = Workbook(write_only=True)
    _summary(workbook, possible, about)
    decided = possible.filter(pl.col("outcome").cast(pl.String).is_in(_DECIDED))
    _pages(workbook, AWARDS, _AWARD_HEAD, _awards(decided, about))
    undecided = possible.filter(
        pl.col("outcome").cast(pl.String) == Outcome.UNDETERMINED.value
    )
    _pages(workbook, MISSING, _MISSING_HEAD, _missing(undecided, about))
    with beside(path) as part:
        workbook.save(part)


_AWARD_HEAD = (
    *("统一社会信用代码", "规则", "名称", "条款", "原文", "结果", "金额", "理由"),
)
_MISSING_HEAD = (
    *(
        "统一社会信用代码",
        "规则",
        "名称",
        "至少",
        "至多",
        "所缺事实",
        "由谁认定",
        "理由",
    ),
)
#: How wide what stands in a column is, where it is not the head that is wide.
_WIDTHS = {
    "统一社会信用代码": 20,
    "规则": 24,
    "名称": 30,
    "原文": 58,
    "金额": 20,
    "至少": 20,
    "至多": 20,
    "所缺事实": 40,
    "由谁认定": 24,
    "理由": 40,
}


def _awards(table: pl.DataFrame, about: About) -> Iterator[Sequence[object]]:
    columns = table.select("id", "rule", "outcome", "amount", "reason")
    for id_, rule, outcome, amount, reason in columns.iter_rows():
        found = about.book[rule]
        words = code_words(ReasonCode(reason), "zh")
        quoted = (found.title, found.clause.number, found.clause.quote)
        yield (id_, rule, *quoted, _OUTCOMES[outcome], amount, words)


def _missing(table: pl.DataFrame, about: About) -> Iterator[Sequence[object]]:
    columns = table.select("id", "rule", "low", "high", "missing", "reason")
    for id_, rule, low, high, missing, reason in columns.iter_rows():
        paths = missing or []
        facts = "；".join(about.words.path(path) for path in paths)
        whom = "；".join(dict.fromkeys(filter(None, map(about.certifier, paths))))
        title, words = about.book[rule].title, code_words(ReasonCode(reason), "zh")
        most = "不封顶" if high is None else high
        yield (id_, rule, title, low, most, facts, whom, words)


def _summary(workbook: Any, possible: pl.DataFrame, about: About) -> None:
    sheet = workbook.create_sheet(SUMMARY)
    head = ("规则", "名称", "条款", "应享", "待定", "应付", "至少", "至多")
    lay_out(sheet, head, [_WIDTHS.get(name, 20) for name in head])
    sheet.freeze_panes = None
    book = about.book
    readings = "；".join(f"{k}={v}" for k, v in book.readings.items())
    for line in (
        (book.policy.title,),
        ("基准日", about.as_of.isoformat()),
        ("主体", about.subjects),
        ("规则包", book.policy.id, book.digest),
        ("解读", readings),
        (),
    ):
        sheet.append([cell(sheet, each) for each in line])
    sheet.append(head_cells(sheet, head))
    whole = [Decimal(0)] * 3
    endless = False
    for rule in book:
        if rule.subject != about.subject:
            continue
        sums = _sums(possible.filter(pl.col("rule") == rule.id))
        counts, (due, low, high) = sums[:2], sums[2:]
        endless |= high is None
        whole = [a + (b or 0) for a, b in zip(whole, (due, low, high), strict=True)]
        most = "不封顶" if high is None else high
        named = (rule.id, rule.title, rule.clause.number)
        sheet.append([cell(sheet, e) for e in (*named, *counts, due, low, most)])
    most = "不封顶" if endless else whole[2]
    total = ("合计（未计叠加限制）", "", "", "", "", *whole[:2], most)
    sheet.append([cell(sheet, each) for each in total])


def _sums(of_rule: pl.DataFrame) -> tuple[int, int, Decimal, Decimal, Decimal | None]:
    outcome = of_rule["outcome"].cast(pl.String)
    due = outcome.is_in(_DECIDED)
    high = of_rule["high"]
    most = None if high.null_count() else _sum(high)
    counts = int(due.sum()), int((outcome == Outcome.UNDETERMINED.value).sum())
    return (*counts, _sum(of_rule["amount"].filter(due)), _sum(of_rule["low"]), most)


def _sum(column: pl.Series) -> Decimal:
    return sum((each for each in column if each is not None), Decimal(0))


def _pages(
    workbook: Any, title: str, head: Sequence[str], rows: Iterator[Sequence[object]]
) -> None:
    """Rows on as many sheets as they need."""
    number, left = 0, True
    while left:
        number += 1
        sheet = workbook.create_sheet(title if number == 1 else f"{title} {number}")
        lay_out(sheet, head, [_WIDTHS.get(name, 12) for name in head])
        sheet.append(head_cells(sheet, head))
        written, left = 1, False
        for row in rows:
            sheet.append([cell(sheet, each) for each in row])
            written += 1
            if written == MOST_ROWS:
                left = True
                break
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(head))}{written}"
