"""What is asked of records on the command line: which, on what day, under what rules."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated

import typer

from attrs import frozen

from ..book import RuleBook
from ..dates import read_date, today
from ..errors import UsageError
from .answers import STANDARD_INPUT, Source
from .console import book_in, usage

Files = Annotated[
    list[str],
    typer.Argument(
        metavar="FILE",
        show_default=False,
        help="申报主体的 JSON 文件（一条记录或记录列表）；.jsonl 一行一条；- 读标准输入",
    ),
]
File = Annotated[
    str, typer.Argument(metavar="FILE", show_default=False, help="同 evaluate 的 FILE")
]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="基准日 YYYY-MM-DD，默认今天"),
]
Readings = Annotated[
    list[str] | None,
    typer.Option("--reading", metavar="ID=VALUE", help="歧义词的解读，可写多次"),
]
Lines = Annotated[
    bool, typer.Option("--jsonl", help="每个 FILE 都一行一条记录，包括标准输入")
]


@frozen
class Question:
    """A day and a book under its readings."""

    day: date
    book: RuleBook


def question(
    as_of: str | None, rules: str | None, readings: Sequence[str] | None
) -> Question:
    """The question that the options ask; mistakes in them are of usage."""
    with usage("--as-of"):
        day = today() if as_of is None else read_date(as_of)
    book = book_in(rules)
    with usage("--reading"):
        return Question(day, book.under(_pairs(readings or ())))


def _pairs(readings: Iterable[str]) -> dict[str, str]:
    """Raises :class:`UsageError`."""
    found: dict[str, str] = {}
    for reading in readings:
        name, sign, value = reading.partition("=")
        if not sign:
            raise UsageError(f"{reading!r} is not written ID=VALUE")
        if found.setdefault(name, value) != value:
            raise UsageError(f"reading {name!r} is given two values")
    return found


def sources(files: Sequence[str], *, jsonl: bool) -> list[Source]:
    """Where the records are; standard input can be read once."""
    if list(files).count(STANDARD_INPUT) > 1:
        raise typer.BadParameter("'-' is given twice", param_hint="FILE")
    return [Source(file, jsonl or file.endswith(".jsonl")) for file in files]
