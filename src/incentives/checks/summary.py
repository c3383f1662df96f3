"""What a check found: in a few lines, as cases to add, and as data."""

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from ..errors import Diagnostic, Place
from ..phrasebook import language_index
from .checking import Report
from .proposals import Proposal
from .source_checks import Coverage


def line_of(report: Report, lang: str = "zh") -> str:
    """`11 条规则，77 个用例：无错误`, and what of the source is covered."""
    chinese = language_index(lang) == 0
    errors = len(report.errors)
    warnings = len(report.diagnostics) - errors
    counts = [
        _count(number, *words, chinese=chinese)
        for number, words in (
            (errors, ("个错误", "error")),
            (warnings, ("个警告", "warning")),
        )
        if number
    ]
    comma, colon = ("，", "：") if chinese else (", ", ": ")
    found = comma.join(counts) or ("无错误" if chinese else "no errors")
    if report.book is None:
        return (
            ("规则包无法使用" if chinese else "the pack cannot be used") + colon + found
        )
    rules = _count(len(report.book), "条规则", "rule", chinese=chinese)
    cases = _count(len(report.book.cases), "个用例", "case", chinese=chinese)
    lines = [f"{rules}{comma}{cases}{colon}{found}"]
    if report.coverage is not None:
        lines += coverage_lines(report.coverage, chinese=chinese)
    return "\n".join(lines)


def coverage_lines(coverage: Coverage, *, chinese: bool) -> list[str]:
    """How many sentences that speak of money are taken care of, and by what."""
    total, percent = len(coverage.sentences), coverage.percent
    encoded, open_ = coverage.encoded, coverage.open
    reasons = total - encoded - open_
    head = (
        f"原文涉及奖补、金额的 {total} 句：规则编码 {encoded} 句，"
        f"清单注明理由 {reasons} 句，未处理 {open_} 句，覆盖 {percent}%"
        if chinese
        else f"{_count(total, '', 'sentence', chinese=False)} of the source "
        f"{'speaks' if total == 1 else 'speak'} of money: {encoded} encoded by rules, "
        f"{reasons} with a reason in the inventory, {open_} open; {percent} % covered"
    )
    return [
        head,
        *_counts("规则" if chinese else "rule", coverage.by_rule),
        *_counts("清单" if chinese else "inventory", coverage.by_kind),
    ]


def _counts(what: str, numbers: Mapping[str, int]) -> list[str]:
    return [f"  {what} {name}: {number}" for name, number in sorted(numbers.items())]


def _count(number: int, chinese_words: str, english: str, *, chinese: bool) -> str:
    if chinese:
        return f"{number} {chinese_words}"
    return f"{number} {english}{'' if number == 1 else 's'}"


def proposed_cases(report: Report) -> str:
    """The cases to add, by rule, as they stand in its file; empty where none lack."""
    every = [proposal for _, proposals in report.proposals for proposal in proposals]
    return "\n\n".join(
        f"# {rule}\ncases:\n" + "\n".join(proposal.text for proposal in cases)
        for rule, cases in groupby(every, key=_rule)
    )


def _rule(proposal: Proposal) -> str:
    return proposal.rule


def data_of(report: Report) -> dict[str, Any]:
    """The check, ready for JSON."""
    book = report.book
    drafts = dict(report.proposals)
    return {
        "rules": None if book is None else len(book),
        "cases": None if book is None else len(book.cases),
        "diagnostics": [
            _diagnostic_data(d) | {"cases": [p.text for p in drafts.get(d, ())]}
            for d in report.diagnostics
        ],
        "coverage": None if report.coverage is None else _coverage(report.coverage),
    }


def _coverage(coverage: Coverage) -> dict[str, Any]:
    return {
        "sentences": len(coverage.sentences),
        "encoded": coverage.encoded,
        "open": coverage.open,
        "percent": coverage.percent,
        "by_rule": dict(coverage.by_rule),
        "by_kind": dict(coverage.by_kind),
        "each": [
            {
                **_place_data(each.place),
                "rules": list(each.rules),
                "kinds": list(each.kinds),
            }
            for each in coverage.sentences
        ],
    }


def _diagnostic_data(diagnostic: Diagnostic) -> dict[str, Any]:
    return {
        "severity": diagnostic.severity.value,
        "code": diagnostic.code,
        "message": diagnostic.message,
        **_place_data(diagnostic.place),
        "help": diagnostic.help,
        "also": [{"note": note, **_place_data(p)} for note, p in diagnostic.also],
    }


def _place_data(place: Place) -> dict[str, Any]:
    return {
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "end": place.end,
        "text": place.text,
    }
