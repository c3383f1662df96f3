"""Every diagnostic of the rule language, each by a tiny mistake in a sound pack."""

import ast
import shutil

from pathlib import Path

import pytest

import incentives

from incentives.checks import check
from tests.support.bad_packs import DATA, SOUND, Example, examples, said_of

PAGES = sorted(DATA.glob("*.txt"))
EXAMPLES = [
    pytest.param(example, id=f"{page.stem}: {example.title}")
    for page in PAGES
    for example in examples(page.read_text(encoding="utf-8"))
]


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SOUND, tmp_path / "pack"))


def test_sound_pack_is_sound(pack: Path) -> None:
    """What the examples change has nothing wrong with it."""
    assert check(pack, source=pack / "source.txt").diagnostics == ()


@pytest.mark.parametrize("example", EXAMPLES)
def test_mistake_is_told(example: Example, pack: Path) -> None:
    """A mistake is told with its place, its line, a caret and what to do."""
    for edit in example.edits:
        edit.applied(pack)
    assert said_of(pack) == example.said


def test_each_title_is_used_once() -> None:
    """No example hides another of the same name."""
    titles = [param.id for param in EXAMPLES]
    assert len(set(titles)) == len(titles)


# What no text file can show: tested below, or in the module of its file.
ELSEWHERE = {"not-utf-8", "file-too-large", "unreadable-file", "no-pack", "no-rules"}


def test_every_code_has_an_example() -> None:
    """No diagnostic can be emitted that no example shows."""
    package = Path(incentives.__file__).parent
    sources = [path.read_text(encoding="utf-8") for path in package.rglob("*.py")]
    emitted = {code for source in sources for code in _codes(source)}
    shown = {
        code
        for page in PAGES
        for example in examples(page.read_text(encoding="utf-8"))
        for code in emitted
        if f"[{code}]: " in example.said
    }
    assert emitted - shown == ELSEWHERE


def _codes(source: str) -> set[str]:
    """The codes that a module passes to a diagnostic."""
    calls = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Call)]
    emitting = ("problems.add", "problems.warn", "Wrong", "Diagnostic")
    return {
        call.args[0].value
        for call in calls
        if ast.unparse(call.func).endswith(emitting)
        and call.args
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    }
