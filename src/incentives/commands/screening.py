"""The command that screens a registry: every subject at once, into a file or a database."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import typer

from rich.console import Console

from .asking import AsOf, Readings, question
from .console import InLang, Lang, Rules, complain, installed, show, stopping, usage
from .costs import Subject

if TYPE_CHECKING:
    from ..registries.running import Progress, Screened


class Shape(Enum):
    """What stands in a row of the results."""

    DETERMINATIONS = "determinations"
    POSSIBLE = "possible"
    ITEMS = "items"
    TOTALS = "totals"
    WIDE = "wide"


Registry = Annotated[
    str,
    typer.Argument(
        metavar="REGISTRY",
        show_default=False,
        help="登记库：.parquet、.csv、.jsonl，每表一个文件的目录，.duckdb、.sqlite，"
        "或 postgresql:// 地址",
    ),
]
Output = Annotated[
    str,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        show_default=False,
        help="结果：.parquet、.csv、.jsonl，.duckdb、.sqlite，或 postgresql:// 地址",
    ),
]


def screen(  # noqa: PLR0913  # a command has many options
    registry: Registry,
    *,
    output: Output,
    shape: Annotated[
        Shape,
        typer.Option("--shape", help="一行是什么：规则、可能应享、记录、合计、宽表"),
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
    resume: Annotated[
        bool, typer.Option("--resume", help="上次中断的，从已完成的部分接着评")
    ] = False,
    chunk: Annotated[
        int, typer.Option("--chunk", metavar="N", min=1, help="一次评多少个主体")
    ] = 262_144,
    table: Annotated[
        str | None,
        typer.Option("--table", metavar="NAME", help="数据库里主体表的表名"),
    ] = None,
    into: Annotated[
        str | None,
        typer.Option(
            "--into", metavar="NAME", help="写进数据库的哪张表，默认同 --shape"
        ),
    ] = None,
    lang: InLang = Lang.ZH,
) -> None:
    """Write what every subject of a registry is entitled to."""
    with stopping(), installed("polars"):
        from ..registries.opening import checked  # noqa: PLC0415  # only this command needs it
        from ..registries.running import screen_into  # noqa: PLC0415  # likewise
        from ..registries.targets import target_at  # noqa: PLC0415  # likewise

        asked = question(as_of, rules, reading)
        with usage("REGISTRY"):
            checked(registry)
        with usage("--output"):
            target_at(output, into or shape.value)
        with usage("--subject"), _progress() as progress:
            found = screen_into(
                registry,
                output,
                as_of=asked.day,
                rules=asked.book,
                subject=subject,
                shape=shape.value,
                strict=strict,
                ignore=ignore or (),
                resume=resume,
                size=chunk,
                table=table,
                into=into,
                progress=progress,
            )
        show(_summary(found, output, lang))
        if found.rejects is not None:
            words = _WORDS[lang]["rejected"]
            complain(words.format(found.rejected, found.rejects))
            raise typer.Exit(1)


@contextmanager
def _progress() -> Iterator["Progress"]:
    """Subjects a second and the time that is left, where somebody looks at a terminal."""
    from rich.progress import (  # noqa: PLC0415  # only this command needs it
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TimeRemainingColumn,
    )
    from rich.text import Text  # noqa: PLC0415  # likewise

    class Speed(ProgressColumn):
        """Rows a second."""

        def render(self, task: Task) -> Text:
            return Text("" if task.speed is None else f"{task.speed:,.0f} 行/秒")

    console = Console(stderr=True)
    columns = (BarColumn(), MofNCompleteColumn(), Speed(), TimeRemainingColumn())
    shown = Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    )
    with shown:
        task = shown.add_task("", total=None)

        def told(done: int, of: int | None) -> None:
            shown.update(task, completed=done, total=of)

        yield told


_WORDS: dict[Lang, dict[str, str]] = {
    Lang.ZH: {
        "screened": "已评 {} 个主体、{} 条规则，合计应付 {} 元，写入 {}",
        "rejected": "有 {} 处错误的行未评，见 {}",
    },
    Lang.EN: {
        "screened": "{} subjects, {} rules, total due ¥{}, written to {}",
        "rejected": "left out for {} mistakes, told in {}",
    },
}


def _summary(found: "Screened", output: str, lang: Lang) -> str:
    from ..registries.opening import without_password  # noqa: PLC0415  # only this command needs it

    words, where = _WORDS[lang]["screened"], without_password(output)
    total = f"{found.total:,f}".rstrip("0").rstrip(".") if found.total else "0"
    return words.format(found.subjects, found.rules, total, where)


def register(app: typer.Typer) -> None:
    """Put the command on an app."""
    app.command(name="screen", help="整个登记库：每个主体该享受什么，写成表。")(screen)
