"""The commands about a whole registry: cost, compare, upcoming."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..book import RuleBook
from .asking import AsOf, Readings, question
from .console import InLang, Lang, Rules, installed, json_of, show, stopping, usage

if TYPE_CHECKING:
    from ..costing.report import Shown
    from ..costing.sources import Source

Registries = Annotated[
    list[str],
    typer.Argument(
        metavar="REGISTRY",
        show_default=False,
        help="登记库：一张宽表 .parquet；每表一个 .parquet 的目录；一行一条记录的 .jsonl",
    ),
]
Subject = Annotated[
    str,
    typer.Option("--subject", metavar="KIND", help="主体：enterprise 或 county"),
]
Html = Annotated[
    Path | None,
    typer.Option(
        "--html", metavar="FILE", show_default=False, help="另存为网页，可离线打开"
    ),
]
Png = Annotated[
    Path | None,
    typer.Option("--png", metavar="FILE", show_default=False, help="图表另存为图片"),
]
AsJson = Annotated[bool, typer.Option("--json", help="只输出 JSON")]


def cost(  # noqa: PLR0913  # a command has many options
    registry: Registries,
    *,
    as_of: AsOf = None,
    rules: Rules = None,
    reading: Readings = None,
    subject: Subject = "enterprise",
    html: Html = None,
    png: Png = None,
    as_json: AsJson = False,
    lang: InLang = Lang.ZH,
) -> None:
    """Print what the rules cost over a registry."""

    def found() -> "Shown":
        from ..costing import cost as costing  # noqa: PLC0415  # only this command needs it

        asked = question(as_of, rules, reading)
        return costing.cost(
            read(registry, asked.book, subject),
            asked.book,
            as_of=asked.day,
            subject=subject,
        )

    _out(found, html=html, png=png, as_json=as_json, lang=lang)


def compare(  # noqa: PLR0913  # a command has many options
    old: Annotated[
        str, typer.Argument(metavar="OLD_DIR", show_default=False, help="原规则包目录")
    ],
    new: Annotated[
        str, typer.Argument(metavar="NEW_DIR", show_default=False, help="新规则包目录")
    ],
    registry: Registries,
    *,
    as_of: AsOf = None,
    reading: Readings = None,
    subject: Subject = "enterprise",
    html: Html = None,
    png: Png = None,
    as_json: AsJson = False,
    lang: InLang = Lang.ZH,
) -> None:
    """Print who gains and who loses between two versions of a pack."""

    def found() -> "Shown":
        from ..costing import comparison  # noqa: PLC0415  # only this command needs it

        asked = question(as_of, old, reading)
        return comparison.compare(
            asked.book,
            question(as_of, new, reading).book,
            read(registry, asked.book, subject),
            as_of=asked.day,
            subject=subject,
        )

    _out(found, html=html, png=png, as_json=as_json, lang=lang)


def upcoming(  # noqa: PLR0913  # a command has many options
    registry: Registries,
    *,
    days: Annotated[
        int, typer.Option("--days", metavar="N", min=1, max=3660, help="向前看多少天")
    ] = 90,
    as_of: AsOf = None,
    rules: Rules = None,
    reading: Readings = None,
    subject: Subject = "enterprise",
    html: Html = None,
    png: Png = None,
    as_json: AsJson = False,
    lang: InLang = Lang.ZH,
) -> None:
    """Print what lapses soon, what becomes due, and which facts are missing most."""

    def found() -> "Shown":
        from ..costing import upcoming as ahead  # noqa: PLC0415  # only this command needs it

        asked = question(as_of, rules, reading)
        return ahead.upcoming(
            read(registry, asked.book, subject),
            asked.book,
            days=days,
            as_of=asked.day,
            subject=subject,
        )

    _out(found, html=html, png=png, as_json=as_json, lang=lang)


# --- in and out ------------------------------------------------------------------------


def read(paths: Sequence[str], book: RuleBook, subject: str) -> "Source":
    """The registry in some files; other kinds of files or subjects are of usage."""
    from ..costing.sources import checked, registry_in  # noqa: PLC0415  # only these commands need it
    from ..screening.registry import SUBJECTS  # noqa: PLC0415  # likewise

    if subject not in SUBJECTS:
        wrong = f"{subject!r} is neither 'enterprise' nor 'county'"
        raise typer.BadParameter(wrong, param_hint="--subject")
    with usage("REGISTRY"):
        checked(paths)
    return registry_in(paths, book)


def _out(
    find: Callable[[], "Shown"],
    *,
    html: Path | None,
    png: Path | None,
    as_json: bool,
    lang: Lang,
) -> None:
    """What is found as it is wanted: files first, so that what is printed is done."""
    with stopping(), installed("polars", *_drawn(html, png)):
        found = find()
        if html is not None:
            found.to_html(html, lang.value)
        if png is not None:
            found.to_png(png, lang.value)
        said = json_of(found.to_dict()) if as_json else found.show(lang.value)
        show(said, as_json=as_json)


def _drawn(html: Path | None, png: Path | None) -> list[str]:
    """What must be installed to draw."""
    needed = [] if html is None else ["altair", "vl_convert"]
    return needed if png is None else [*needed, "matplotlib"]


_COMMANDS: tuple[tuple[str, Callable[..., None], str], ...] = (
    ("cost", cost, "规则在整个登记库上要花多少：按条款、县域、产业链、年月和解读。"),
    ("compare", compare, "规则修订之后谁多谁少、各多少；未定的另列上下限。"),
    ("upcoming", upcoming, "近期将失效、将可得的事项，以及最值得补的信息。"),
)


def register(app: typer.Typer) -> None:
    """Put the commands of this module on an app."""
    for name, command, told in _COMMANDS:
        app.command(name=name, help=told)(command)
