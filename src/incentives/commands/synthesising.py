"""The command that invents registries: synth."""

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from ..errors import UsageError
from .console import Rules, book_in, complain, installed, stopping


class SubjectKind(Enum):
    """Whom a registry lists."""

    ENTERPRISE = "enterprise"
    COUNTY = "county"


def synth(  # noqa: PLR0913  # a command has many options
    path: Annotated[
        Path,
        typer.Argument(
            metavar="PATH",
            show_default=False,
            help="以 .parquet 结尾为一个宽表，否则为目录，每表一个文件",
        ),
    ],
    *,
    rows: Annotated[
        str, typer.Option("--rows", metavar="N", show_default=False, help="主体数")
    ],
    seed: Annotated[
        int, typer.Option("--seed", metavar="N", help="同一种子得同一名册")
    ] = 0,
    rules: Rules = None,
    boundary: Annotated[
        bool, typer.Option("--boundary", help="日期、金额多在界限及其两边")
    ] = False,
    subject: Annotated[
        SubjectKind, typer.Option("--subject", help="名册所列主体")
    ] = SubjectKind.ENTERPRISE,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of", metavar="DATE", help="事项多在此日之前，默认规则施行期的中间"
        ),
    ] = None,
) -> None:
    """Write an invented registry, and say so on standard error."""
    count = _count(rows)
    with stopping(), installed("polars"):
        from ..synthesis.writing import write_synthesized  # noqa: PLC0415  # only this command needs it

        book = book_in(rules)
        try:
            write_synthesized(
                book,
                count,
                path,
                seed=seed,
                subject=subject.value,
                boundary=boundary,
                as_of=as_of,
            )
        except UsageError as error:
            raise typer.BadParameter(str(error)) from None
        complain(f"{path}：虚构主体 {count} 个，均不存在")


def _count(text: str) -> int:
    """A number of rows, as people write it: `1_000_000`."""
    try:
        return int(text)
    except ValueError:
        said = f"expected a number such as 1_000_000, got {text!r}"
        raise typer.BadParameter(said, param_hint="--rows") from None


def register(app: typer.Typer) -> None:
    """Put the command of this module on an app."""
    app.command(name="synth", help="虚构一份名册：取值出自规则，供测试和演示。")(synth)
