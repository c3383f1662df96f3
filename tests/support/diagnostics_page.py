"""The page of all diagnostics: the catalogue, each code beside one of its examples."""

from collections.abc import Iterator
from pathlib import Path

from incentives.diagnostics import CODES, CodeInfo
from incentives.errors import Severity
from tests.support.bad_packs import DATA, Edit, Example, examples

PAGE = Path(__file__).resolve().parents[2] / "rules" / "DIAGNOSTICS.md"
PAGES = sorted(DATA.glob("*.txt"))
EXAMPLES = [
    example for page in PAGES for example in examples(page.read_text(encoding="utf-8"))
]

_HEAD = """\
# 错误与警告

`incentives check` 对规则包说的每一句话都有代码，本页按字母列出全部代码：是什么意思，怎样处理，一个例子。
错误使规则包不能使用；警告多半是笔误，也可能就是本意。
例子都取自测试：先是写错的地方，再是检查的输出；其中的云桥区及其政策都是虚构的。
"""
_SEVERITIES = {Severity.ERROR: "错误", Severity.WARNING: "警告"}


def page() -> str:
    """The whole page, from the catalogue and the examples."""
    return "\n".join([_HEAD, *(_section(info) for info in CODES.values())])


def block_of(code: str, example: Example) -> str | None:
    """What an example says under a code, if it does."""
    blocks = example.said.split("\n\n")
    return next((b for b in blocks if f"[{code}]: " in b.split("\n", 1)[0]), None)


def _section(info: CodeInfo) -> str:
    lines = [
        f"## {info.code}（{_SEVERITIES[info.severity]}）",
        "",
        f"{info.meaning()}。",
        "",
        f"处理：{info.remedy()}。",
        "",
    ]
    for example in EXAMPLES:
        block = block_of(info.code, example)
        if block is not None:
            written = [line for edit in example.edits for line in _written(edit)]
            return "\n".join([*lines, "```text", *written, "", block, "```", ""])
    return "\n".join(lines)


def _written(edit: Edit) -> Iterator[str]:
    """What was put into a file, as the examples show it."""
    yield f"@ {edit.file}"
    yield from (f"< {line}" for line in edit.old.splitlines())
    yield from (f"> {line}" for line in edit.new.splitlines())


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
