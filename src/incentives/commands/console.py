"""The terminal: what is printed where, the exit status, and options in common."""

import json

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from importlib.util import find_spec
from typing import Annotated

import typer

from rich.console import Console
from rich.text import Text

from ..book import RuleBook
from ..errors import IncentivesError
from ..packs import bundled, load


class Lang(Enum):
    """The language of the output."""

    ZH = "zh"
    EN = "en"


Rules = Annotated[
    str | None,
    typer.Option("--rules", metavar="DIR", help="规则包目录，默认 quanzhou-2024"),
]
InLang = Annotated[Lang, typer.Option("--lang", help="输出语言")]


def book_in(directory: str | None) -> RuleBook:
    """The rule book in a directory, the bundled one without."""
    return bundled() if directory is None else load(directory)


@contextmanager
def usage(what: str) -> Iterator[None]:
    """A mistake in an argument is a mistake of usage: exit status 2."""
    try:
        yield
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=what) from None


@contextmanager
def stopping() -> Iterator[None]:
    """Records or rules that cannot be used, or a full disk: exit status 1."""
    try:
        yield
    except BrokenPipeError:
        raise  # a reader that left: Typer ends quietly
    except (IncentivesError, OSError) as error:
        complain(error)
        raise typer.Exit(1) from None


@contextmanager
def installed(*modules: str) -> Iterator[None]:
    """Whatever an extra brings along is there, or it is said which one."""
    lacking = [module for module in modules if find_spec(module) is None]
    if lacking:
        extra = _EXTRAS.get(lacking[0], "reports")
        complain(f"this needs {lacking[0]}; pip install 'incentives[{extra}]'")
        raise typer.Exit(1)
    yield


_EXTRAS = {"polars": "registry", "openpyxl": "excel"}


def json_of(data: object) -> str:
    """Data as JSON in one line, Chinese as it is."""
    return json.dumps(data, ensure_ascii=False)


def show(text: str, *, as_json: bool = False) -> None:
    """JSON is UTF-8 wherever it goes; text is what the terminal can show."""
    if as_json:
        typer.echo(text.encode("utf-8"))
    else:
        _show(text, Console())


def complain(trouble: object) -> None:
    """Say what is wrong on standard error."""
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
