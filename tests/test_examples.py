"""
The examples print what stands beside them.

After a change that is meant, write the new output down and read the difference::

    for each in examples/[01]*.py; do python "$each" > "${each%.py}.out"; done
"""

import json
import re
import subprocess
import sys

from pathlib import Path

import pytest

import incentives

from incentives import checks
from tests.support import console

EXAMPLES = console.ROOT / "examples"
SCRIPTS = sorted(EXAMPLES.glob("[0-9]*.py"))
RECORDS = [
    ("enterprise.json", 1),
    ("county.json", 1),
    ("enterprises.jsonl", 3),
]
CODE = re.compile(r"(?<![0-9A-Z])[0-9A-Z]{18}(?![0-9A-Z])")
CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def check_character(code: str) -> str:
    """The last character of a unified social credit code (GB 32100-2015)."""
    weighted = (
        CHARACTERS.index(character) * pow(3, place, 31)
        for place, character in enumerate(code[:17])
    )
    return CHARACTERS[-sum(weighted) % 31]


def records_of(name: str) -> list[dict[str, object]]:
    text = (EXAMPLES / name).read_text(encoding="utf-8")
    documents = text.splitlines() if name.endswith(".jsonl") else [text]
    return [json.loads(document) for document in documents]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_prints_what_stands_beside_it(script: Path, tmp_path: Path) -> None:
    """An example runs from any directory and prints its `.out` to the letter."""
    done = subprocess.run(  # noqa: S603 - our own examples
        [sys.executable, str(script)],
        check=False,
        cwd=tmp_path,
        encoding="utf-8",
        env=console.environment(),
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
    )
    assert done.stdout == script.with_suffix(".out").read_text(encoding="utf-8")
    assert done.returncode == 0
    assert list(tmp_path.iterdir()) == []


def test_numbered_from_one() -> None:
    """The examples are numbered without gaps, and no output is left over."""
    assert [script.name[:3] for script in SCRIPTS] == [
        f"{number:02}_" for number in range(1, len(SCRIPTS) + 1)
    ]
    outputs = sorted(EXAMPLES.glob("*.out"))
    assert outputs == [script.with_suffix(".out") for script in SCRIPTS]


@pytest.mark.parametrize(("name", "count"), RECORDS)
def test_records_survive_a_round_trip(name: str, count: int) -> None:
    """Every example record is read strictly and comes back as the same answer."""
    records = records_of(name)
    assert len(records) == count
    for record in records:
        form = incentives.Enterprise
        if record["kind"] == "county":
            form = incentives.County
        subject = form.from_dict(record, rules=incentives.bundled())
        assert form.from_dict(subject.to_dict(), rules=incentives.bundled()) == subject
        direct = incentives.evaluate(record, as_of="2025-12-01")
        assert incentives.evaluate(subject, as_of="2025-12-01") == direct


def test_pack_of_ones_own_is_sound() -> None:
    """The invented district's pack has no problem, and a case for every rule."""
    report = checks.check(EXAMPLES / "06_own_rule_pack")
    assert report.diagnostics == ()
    assert report.book is not None
    assert {case.rule for case in report.book.cases} == {"renovation", "growth"}


def test_check_character() -> None:
    """The check character is the one of GB 32100-2015, and a slip changes it."""
    assert check_character("91350582MA31ABCD0") == "M"
    assert check_character("91350582MA31ABCD1") != "M"


def test_codes_are_well_formed() -> None:
    """Every unified social credit code shown has the right check character."""
    pages = [
        *(path for path in EXAMPLES.iterdir() if path.is_file()),
        *console.ROOT.glob("README*.md"),
        *(console.ROOT / "rules").glob("*.md"),
    ]
    shown = {
        code
        for page in pages
        for code in CODE.findall(page.read_text(encoding="utf-8"))
    }
    assert {str(record["id"]) for record in records_of("enterprises.jsonl")} <= shown
    assert {code for code in shown if check_character(code) != code[-1]} == set()


def test_firms_are_said_to_be_invented() -> None:
    """No example record can be taken for a real firm."""
    for name in ("enterprise.json", "enterprises.jsonl"):
        for record in records_of(name):
            assert str(record["name"]).endswith("（虚构）")
