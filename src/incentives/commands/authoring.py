"""The commands of those who write rules: new, fmt, diff, schema, codes."""

import json

from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from ..comparing.change_words import Differences
from ..diagnostics import code_in_full, codes_table
from ..editing.formatting import FormattedFile, each_file, formatted_file
from ..editing.pack_schema import pack_schema
from ..editing.scaffolding import checked_id, new_pack
from ..errors import IncentivesError
from ..packs import load
from ..schema import schema_of
from .console import (
    InLang,
    Lang,
    Rules,
    book_in,
    complain,
    json_of,
    show,
    stopping,
    usage,
)


def new(
    policy: Annotated[
        str,
        typer.Argument(metavar="POLICY", show_default=False, help="政策的代号"),
    ],
    *,
    directory: Annotated[
        Path | None,
        typer.Option(
            "--dir", metavar="DIR", show_default=False, help="目录，默认与代号同名"
        ),
    ] = None,
    lang: Annotated[Lang, typer.Option("--lang", help="规则用哪种语言写")] = Lang.ZH,
) -> None:
    """Write a pack to start from."""
    with usage("POLICY"):
        checked_id(policy)
    with stopping():
        files = new_pack(policy, directory or Path(policy), lang.value)
        show("\n".join(map(str, files)))


def fmt(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="PATH", show_default=False, help="规则包目录或文件，默认当前目录"
        ),
    ] = None,
    *,
    check: Annotated[
        bool, typer.Option("--check", help="只列出须改的文件；有则退出码为 1")
    ] = False,
    diff: Annotated[bool, typer.Option("--diff", help="只显示会怎样改")] = False,
) -> None:
    """Put pack files in canonical order and spacing; those with mistakes stay as is."""
    with stopping():
        wrong = False
        files: list[FormattedFile] = []
        for path in each_file(paths or [Path()]):
            try:
                files.append(formatted_file(path))
            except (IncentivesError, OSError) as error:
                complain(error)
                wrong = True
        changed = [file for file in files if file.changed]
        for file in changed:
            if not check and not diff:
                file.write()
            show(file.diff() if diff else str(file.path))
        if wrong or (check and changed):
            raise typer.Exit(1)


def diff(
    old: Annotated[
        str, typer.Argument(metavar="OLD", show_default=False, help="原规则包目录")
    ],
    new: Annotated[
        str, typer.Argument(metavar="NEW", show_default=False, help="新规则包目录")
    ],
    *,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="有变化则退出码为 1")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="只输出 JSON")] = False,
    lang: InLang = Lang.ZH,
) -> None:
    """Say what changed for whom between two versions of a pack."""
    with stopping():
        found = Differences.between(load(old), load(new))
        said = json_of(found.to_dict(lang.value)) if as_json else found.show(lang.value)
        show(said, as_json=as_json)
        if found and exit_code:
            raise typer.Exit(1)


class SchemaKind(Enum):
    """What a schema is of: a kind of pack file, or a record."""

    RULE = "rule"
    POLICY = "policy"
    FACTS = "facts"
    AMENDMENT = "amendment"
    RECORD = "record"


def schema(
    kind: Annotated[
        SchemaKind,
        typer.Argument(
            metavar="KIND",
            show_default=False,
            help="rule、policy、facts、amendment 文件，或 record 记录",
        ),
    ],
    *,
    rules: Rules = None,
    lang: InLang = Lang.ZH,
) -> None:
    """Print the JSON Schema of a kind of file, for editors; of a record, by its facts."""
    with stopping():
        found = (
            schema_of(book_in(rules), lang.value)
            if kind is SchemaKind.RECORD
            else pack_schema(kind.value, lang.value)
        )
        show(json.dumps(found, ensure_ascii=False, indent=2), as_json=True)


def codes(
    code: Annotated[
        str | None, typer.Argument(metavar="CODE", show_default=False, help="代码")
    ] = None,
    *,
    lang: InLang = Lang.ZH,
) -> None:
    """Print what check can say, or all about one code."""
    if code is None:
        text = codes_table(lang.value)
    else:
        with usage("CODE"):
            text = code_in_full(code, lang.value)
    with stopping():
        show(text)


_COMMANDS: tuple[tuple[str, Callable[..., None], str], ...] = (
    ("new", new, "新建一个规则包：可以通过检查，逐项改写即可。"),
    ("fmt", fmt, "规则文件排成统一的次序和间隔，注释一条不少。"),
    ("diff", diff, "两个版本的规则包之间，对谁改了什么。"),
    ("schema", schema, "规则文件和记录的 JSON Schema，供编辑器补全和标错。"),
    ("codes", codes, "检查能发现的各种问题；给出 CODE 则详列一种。"),
)


def register(app: typer.Typer) -> None:
    """Put the commands of this module on an app."""
    for name, command, told in _COMMANDS:
        app.command(name=name, help=told)(command)
