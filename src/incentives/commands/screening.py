"""The command that screens a registry: every subject at once, into a file."""

from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .asking import AsOf, Readings, question
from .console import InLang, Lang, Rules, complain, installed, show, stopping, usage
from .costs import Registries, Subject, read

if TYPE_CHECKING:
    from ..screening.screen import Screening


class Shape(Enum):
    """What stands in a row of the results."""

    DETERMINATIONS = "determinations"
    ITEMS = "items"
    TOTALS = "totals"
    WIDE = "wide"


Output = Annotated[
    Path,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        show_default=False,
        help="结果文件：.parquet、.csv 或 .jsonl",
    ),
]


def screen(  # noqa: PLR0913  # a command has many options
    registry: Registries,
    *,
    output: Output,
    shape: Annotated[
        Shape, typer.Option("--shape", help="一行是什么：规则、记录、合计、宽表")
    ] = Shape.DETERMINATIONS,
    as_of: AsOf = None,
    rules: Rules = None,
    reading: Readings = None,
    subject: Subject = "enterprise",
    ignore: Annotated[
        list[str] | None,
        typer.Option("--ignore", metavar="COLUMN", help="不是事实的列，可写多次"),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="有一行有错就整份不答")
    ] = False,
    lang: InLang = Lang.ZH,
) -> None:
    """Write what every subject of a registry is entitled to."""
    with stopping(), installed("polars"):
        from ..screening.screen import screen as screened  # noqa: PLC0415  # only this command needs it
        from ..screening.writing import suffix_of, write_table  # noqa: PLC0415  # likewise

        asked = question(as_of, rules, reading)
        with usage("--output"):
            suffix_of(output)
        found = screened(
            read(registry, asked.book, subject),
            as_of=asked.day,
            rules=asked.book,
            subject=subject,
            strict=strict,
            ignore=ignore or (),
        )
        write_table(getattr(found, shape.value)(), output)
        show(_summary(found, output, lang))
        if found.rejected:
            beside = output.with_name(f"{output.name}.rejects.csv")
            write_table(_rejects(found), beside)
            complain(_WORDS[lang]["rejected"].format(len(found.rejected), beside))
            raise typer.Exit(1)


_WORDS: dict[Lang, dict[str, str]] = {
    Lang.ZH: {
        "screened": "已评 {} 个主体、{} 条规则，合计应付 {:,} 元，写入 {}",
        "rejected": "有 {} 处错误的行未评，见 {}",
    },
    Lang.EN: {
        "screened": "{} subjects, {} rules, total due ¥{:,}, written to {}",
        "rejected": "left out for {} mistakes, told in {}",
    },
}


def _summary(found: "Screening", output: Path, lang: Lang) -> str:
    words = _WORDS[lang]["screened"]
    return words.format(len(found), len(found.rules), found.total, output)


def _rejects(found: "Screening") -> Any:
    """Where each mistake stands, what it is and what to do."""
    import polars as pl  # noqa: PLC0415  # only this command needs it

    mistakes = [each.mistake for each in found.rejected]
    return pl.DataFrame(
        {
            "where": [each.path for each in mistakes],
            "what": [each.message for each in mistakes],
            "suggestion": [each.suggestion for each in mistakes],
        },
        schema=dict.fromkeys(("where", "what", "suggestion"), pl.String),
    )


def register(app: typer.Typer) -> None:
    """Put the command on an app."""
    app.command(name="screen", help="整个登记库：每个主体该享受什么，写成表。")(screen)
