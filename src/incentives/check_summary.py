"""What a check found: in one line, and as data."""

from typing import Any

from .checks import Report
from .errors import Diagnostic, Place
from .wording import language_index


def line_of(report: Report, lang: str = "zh") -> str:
    """`11 条规则，77 个用例：无错误`."""
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
    return f"{rules}{comma}{cases}{colon}{found}"


def _count(number: int, chinese_words: str, english: str, *, chinese: bool) -> str:
    if chinese:
        return f"{number} {chinese_words}"
    return f"{number} {english}{'' if number == 1 else 's'}"


def data_of(report: Report) -> dict[str, Any]:
    """The check, ready for JSON."""
    book = report.book
    return {
        "rules": None if book is None else len(book),
        "cases": None if book is None else len(book.cases),
        "diagnostics": [_diagnostic_data(d) for d in report.diagnostics],
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
