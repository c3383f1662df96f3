"""Every diagnostic of the rule language, each by a tiny mistake in a sound pack."""

import shutil

from pathlib import Path

import pytest

from incentives.checks.checking import check
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
