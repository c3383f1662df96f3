"""The `incentives` command: records and rule packs in, answers out, mistakes aside."""

import json

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from enum import Enum
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from attrs import frozen
from rich.console import Console
from rich.text import Text

from . import catalogue, check_summary, checks
from .answers import STANDARD_INPUT, Source, answers
from .assessment import Assessment
from .dates import read_date, today
from .errors import IncentivesError, UsageError
from .evaluation import evaluate as assess
from .packs import bundled, load
from .policy import RuleBook
from .record_files import Entry
from .schema import schema_of

app = typer.Typer(
    add_completion=False,
    help="惠企政策兑现：该享受什么、多少、为什么、缺什么、到何时。",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


class Lang(Enum):
    """The language of the output."""

    ZH = "zh"
    EN = "en"


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
Rules = Annotated[
    str | None,
    typer.Option("--rules", metavar="DIR", help="规则包目录，默认 quanzhou-2024"),
]
Readings = Annotated[
    list[str] | None,
    typer.Option("--reading", metavar="ID=VALUE", help="歧义词的解读，可写多次"),
]
Lines = Annotated[
    bool, typer.Option("--jsonl", help="每个 FILE 都一行一条记录，包括标准输入")
]
AsJson = Annotated[bool, typer.Option("--json", help="只输出 JSON，一条记录一行")]
InLang = Annotated[Lang, typer.Option("--lang", help="输出语言")]


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"incentives {version('incentives')}")
        raise typer.Exit


@app.callback()
def options(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="显示版本"
        ),
    ] = False,
) -> None:
    """Take the options of the command itself."""


@app.command(help="该享受什么：逐条规则给出结果、金额和理由。")
def evaluate(  # noqa: PLR0913  # a command has many options
    files: Files,
    *,
    as_of: AsOf = None,
    rules: Rules = None,
    reading: Readings = None,
    jsonl: Lines = False,
    as_json: AsJson = False,
    lang: InLang = Lang.ZH,
) -> None:
    """Print an assessment of every record."""
    with _stopping():
        question = _question(as_of, rules, reading)

        def said(assessment: Assessment) -> str:
            if as_json:
                return _json(assessment.to_dict())
            return assessment.show(lang.value)

        _print_answers(files, said, question=question, jsonl=jsonl, as_json=as_json)


@app.command(help="一条规则的全部理由、算式、解读和所缺信息。")
def explain(  # noqa: PLR0913  # a command has many options
    file: File,
    rule: Annotated[
        str, typer.Argument(metavar="RULE", show_default=False, help="规则编号")
    ],
    *,
    as_of: AsOf = None,
    rules: Rules = None,
    reading: Readings = None,
    jsonl: Lines = False,
    as_json: AsJson = False,
    lang: InLang = Lang.ZH,
) -> None:
    """Print everything about one rule for every record."""
    with _stopping():
        question = _question(as_of, rules, reading)
        with _usage("RULE"):
            question.book[rule]

        def said(assessment: Assessment) -> str:
            if as_json:
                whole = assessment.to_dict()
                head = {key: whole[key] for key in ("id", "as_of", "policy", "digest")}
                return _json({**head, **assessment[rule].to_dict()})
            return assessment[rule].explain(lang.value)

        _print_answers([file], said, question=question, jsonl=jsonl, as_json=as_json)


@app.command(name="rules", help="规则一览；给出 ID 则详列一条。")
def list_rules(
    rule: Annotated[
        str | None, typer.Argument(metavar="ID", show_default=False, help="规则编号")
    ] = None,
    *,
    rules: Rules = None,
    as_json: AsJson = False,
    lang: InLang = Lang.ZH,
) -> None:
    """Print all rules, or one in full."""
    with _stopping():
        book = _book(rules)
        if rule is None:
            shown: object = [catalogue.rule_data(each, book) for each in book]
            text = catalogue.rules_table(book, lang.value)
        else:
            with _usage("ID"):
                found = book[rule]
            shown = catalogue.rule_data(found, book)
            text = catalogue.rule_in_full(found, book, lang.value)
        _print(_json(shown) if as_json else text, as_json=as_json)


@app.command(help="规则读取的事实；--schema 输出记录的 JSON Schema。")
def facts(
    *,
    schema: Annotated[bool, typer.Option("--schema", help="输出 JSON Schema")] = False,
    rules: Rules = None,
    lang: InLang = Lang.ZH,
) -> None:
    """Print the facts that a record may hold."""
    with _stopping():
        book = _book(rules)
        if schema:
            text = json.dumps(schema_of(book, lang.value), ensure_ascii=False, indent=2)
        else:
            text = catalogue.facts_tables(book, lang.value)
        _print(text, as_json=schema)


@app.command(help="规则包的全部问题，连同用例；默认检查自带的规则包。")
def check(
    directory: Annotated[
        Path | None,
        typer.Argument(metavar="DIR", show_default=False, help="规则包目录"),
    ] = None,
    *,
    source: Annotated[
        Path | None, typer.Option("--source", metavar="FILE", help="政策原文，核对引文")
    ] = None,
    as_json: AsJson = False,
    lang: InLang = Lang.ZH,
) -> None:
    """Print everything that is wrong with a rule pack, and a line that sums it up."""
    with _stopping():
        report = (
            checks.check_book(bundled(), source)
            if directory is None
            else checks.check(directory, source=source)
        )
        if as_json:
            _print(_json(check_summary.data_of(report)), as_json=True)
        else:
            if report.diagnostics:
                _complain("\n\n".join(map(str, report.diagnostics)))
            _print(check_summary.line_of(report, lang.value))
        if report.errors:
            raise typer.Exit(1)


# --- what is asked of every record ---------------------------------------------


@frozen
class _Question:
    """A day and a book under its readings."""

    day: date
    book: RuleBook

    def put(self, entry: Entry) -> Assessment:
        """Raises :class:`RecordError`."""
        return assess(entry.raw, as_of=self.day, rules=self.book)


def _question(
    as_of: str | None, rules: str | None, readings: Sequence[str] | None
) -> _Question:
    with _usage("--as-of"):
        day = today() if as_of is None else read_date(as_of)
    book = _book(rules)
    with _usage("--reading"):
        return _Question(day, book.under(_pairs(readings or ())))


def _book(directory: str | None) -> RuleBook:
    return bundled() if directory is None else load(directory)


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


@contextmanager
def _usage(what: str) -> Iterator[None]:
    """A mistake in an argument is a mistake of usage: exit status 2."""
    try:
        yield
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=what) from None


@contextmanager
def _stopping() -> Iterator[None]:
    """Records or rules that cannot be used, or a full disk: exit status 1."""
    try:
        yield
    except BrokenPipeError:
        raise  # a reader that left: Typer ends quietly
    except (IncentivesError, OSError) as error:
        _complain(error)
        raise typer.Exit(1) from None


# --- what is printed -----------------------------------------------------------


def _print_answers(
    files: Sequence[str],
    said: Callable[[Assessment], str],
    *,
    question: _Question,
    jsonl: bool,
    as_json: bool,
) -> None:
    """Answers to standard output as they come, mistakes to standard error."""
    if list(files).count(STANDARD_INPUT) > 1:
        raise typer.BadParameter("'-' is given twice", param_hint="FILE")
    sources = [Source(file, jsonl or file.endswith(".jsonl")) for file in files]
    wrong = False
    between = ""
    for answer in answers(sources, lambda entry: said(question.put(entry))):
        if isinstance(answer, str):
            _print(between + answer, as_json=as_json)
            between = "" if as_json else "\n"
        else:
            _complain(answer)
            wrong = True
    if wrong:
        raise typer.Exit(1)


def _json(data: object) -> str:
    return json.dumps(data, ensure_ascii=False)


def _print(text: str, *, as_json: bool = False) -> None:
    """JSON is UTF-8 wherever it goes; text is what the terminal can show."""
    if as_json:
        typer.echo(text.encode("utf-8"))
    else:
        _show(text, Console())


def _complain(trouble: object) -> None:
    _show(str(trouble), Console(stderr=True))


def _show(text: str, console: Console) -> None:
    """The text as it is: neither wrapped nor cut, coloured on a terminal only."""
    encoding = console.encoding
    plain = text.encode(encoding, "backslashreplace").decode(encoding)
    if console.is_terminal and not console.no_color:
        console.print(_coloured(plain), soft_wrap=True)
    else:
        typer.echo(plain, err=console.stderr)


def _coloured(text: str) -> Text:
    found = Text(text)
    for pattern, style in _STYLES.items():
        found.highlight_regex(pattern, style)
    return found


_STYLES = {
    r"(?m)^ *✓": "green",
    r"(?m)^ *✗": "red",
    r"(?m)^ *\?": "yellow",
    r"error\[[a-z-]+\]": "bold red",
    r"warning\[[a-z-]+\]": "bold yellow",
    r"(?m)^ +\| +\^+$": "bold red",
    r"(?m)^  = help: ": "cyan",
}
