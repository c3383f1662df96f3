"""The `incentives` command: records and rule packs in, answers out, mistakes aside."""

import json

from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from .. import checks
from ..assessment import Assessment
from ..book import RuleBook
from ..budgeting.allocating import allocate as share_out
from ..checks import summary as check_summary
from ..diagnostics import told
from ..evaluation import evaluate as assess
from ..facts import County, Enterprise
from ..language.printing import rule_source
from ..packs import bundled
from ..policy import Rule
from ..record_files import Entry, UnreadableError
from ..reports import catalogue
from ..schema import schema_of
from ..structuring import subject_of
from . import authoring, costs, screening, synthesising
from .answers import answers
from .asking import AsOf, File, Files, Lines, Question, Readings, question, sources
from .console import (
    InLang,
    Lang,
    Rules,
    book_in,
    complain,
    installed,
    json_of,
    show,
    stopping,
    usage,
)

app = typer.Typer(
    add_completion=False,
    help="惠企政策兑现：该享受什么、多少、为什么、缺什么、到何时。",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


AsJson = Annotated[bool, typer.Option("--json", help="只输出 JSON，一条记录一行")]


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
    with stopping():
        asked = question(as_of, rules, reading)

        def said(assessment: Assessment) -> str:
            if as_json:
                return json_of(assessment.to_dict())
            return assessment.show(lang.value)

        _print_answers(files, said, asked=asked, jsonl=jsonl, as_json=as_json)


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
    with stopping():
        asked = question(as_of, rules, reading)
        with usage("RULE"):
            asked.book[rule]

        def said(assessment: Assessment) -> str:
            if as_json:
                whole = assessment.to_dict()
                head = {key: whole[key] for key in ("id", "as_of", "policy", "digest")}
                return json_of({**head, **assessment[rule].to_dict()})
            return assessment[rule].explain(lang.value)

        _print_answers([file], said, asked=asked, jsonl=jsonl, as_json=as_json)


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
    with stopping():
        book = book_in(rules)
        if rule is None:
            shown: object = [catalogue.rule_data(each, book) for each in book]
            text = catalogue.rules_table(book, lang.value)
        else:
            with usage("ID"):
                found = book[rule]
            shown = catalogue.rule_data(found, book)
            text = _with_source(found, book, lang.value)
        show(json_of(shown) if as_json else text, as_json=as_json)


@app.command(help="规则读取的事实；--schema 输出记录的 JSON Schema。")
def facts(
    *,
    schema: Annotated[bool, typer.Option("--schema", help="输出 JSON Schema")] = False,
    template: Annotated[
        Path | None,
        typer.Option(
            "--template",
            metavar="FILE",
            show_default=False,
            help="另存为填报用的 .xlsx：下拉、单位、说明",
        ),
    ] = None,
    subject: costs.Subject = "enterprise",
    rules: Rules = None,
    lang: InLang = Lang.ZH,
) -> None:
    """Print the facts that a record may hold, or write a workbook to fill in."""
    with stopping():
        book = book_in(rules)
        if template is not None:
            with installed("openpyxl"), usage("--template"):
                _template(book, template, subject)
            show(_WRITTEN[lang].format(template))
            return
        if schema:
            text = json.dumps(schema_of(book, lang.value), ensure_ascii=False, indent=2)
        else:
            text = catalogue.facts_tables(book, lang.value)
        show(text, as_json=schema)


_WRITTEN = {Lang.ZH: "写入 {}", Lang.EN: "written to {}"}


def _template(book: RuleBook, path: Path, subject: str) -> None:
    from ..workbooks.template import write_template  # noqa: PLC0415  # only who wants one needs it

    if path.suffix.lower() != ".xlsx":
        raise ValueError(f"{path}: a workbook is written as .xlsx")
    if subject not in book.vocabulary.subjects:
        raise ValueError(f"unknown subject {subject!r}: enterprise or county")
    write_template(book, path, subject=subject)


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
    propose: Annotated[
        bool, typer.Option("--propose", help="代拟门槛两边所缺的用例")
    ] = False,
    as_json: AsJson = False,
    lang: InLang = Lang.ZH,
) -> None:
    """Print everything that is wrong with a rule pack, and a line that sums it up."""
    with stopping():
        report = (
            checks.check_book(bundled(), source)
            if directory is None
            else checks.check(directory, source=source)
        )
        if as_json:
            show(json_of(check_summary.data_of(report)), as_json=True)
        else:
            if report.diagnostics:
                complain("\n\n".join(told(d, lang.value) for d in report.diagnostics))
            said = check_summary.line_of(report, lang.value)
            drafts = check_summary.proposed_cases(report) if propose else ""
            show(f"{drafts}\n\n{_commented(said)}" if drafts else said)
        if report.errors:
            raise typer.Exit(1)


@app.command(help="一批申报在资金规模之内各得多少：按比例、先到先得或择优。")
def allocate(  # noqa: PLR0913  # a command has many options
    files: Files,
    *,
    as_of: AsOf = None,
    rules: Rules = None,
    reading: Readings = None,
    jsonl: Lines = False,
    as_json: AsJson = False,
    lang: InLang = Lang.ZH,
) -> None:
    """Print what every application gets once the budgets are shared out."""
    with stopping():
        asked = question(as_of, rules, reading)
        subjects: list[Enterprise | County] = []

        def read(entry: Entry) -> str:
            subjects.append(subject_of(entry.raw, asked.book))
            return ""

        wrong = [
            found
            for found in answers(sources(files, jsonl=jsonl), read)
            if not isinstance(found, str)
        ]
        if wrong:  # what one gets depends on all
            raise UnreadableError([line for each in wrong for line in each.mistakes])
        found = share_out(subjects, as_of=asked.day, rules=asked.book)
        said = json_of(found.to_dict()) if as_json else found.show(lang.value)
        show(said, as_json=as_json)


authoring.register(app)
synthesising.register(app)
costs.register(app)
screening.register(app)


def _with_source(rule: Rule, book: RuleBook, lang: str) -> str:
    """A rule in words, each line a comment, and then its file in the language."""
    words = _commented(catalogue.rule_in_full(rule, book, lang))
    return words + "\n" + rule_source(book, rule.id, lang).rstrip("\n")


def _commented(text: str) -> str:
    """A text as comments of YAML."""
    return "\n".join(f"# {line}".rstrip() for line in text.splitlines())


# --- what is printed -----------------------------------------------------------


def _print_answers(
    files: Sequence[str],
    said: Callable[[Assessment], str],
    *,
    asked: Question,
    jsonl: bool,
    as_json: bool,
) -> None:
    """Answers to standard output as they come, mistakes to standard error."""

    def answer(entry: Entry) -> str:
        return said(assess(entry.raw, as_of=asked.day, rules=asked.book))

    wrong = False
    between = ""
    for found in answers(sources(files, jsonl=jsonl), answer):
        if isinstance(found, str):
            show(between + found, as_json=as_json)
            between = "" if as_json else "\n"
        else:
            complain(found)
            wrong = True
    if wrong:
        raise typer.Exit(1)
