"""`check`: cases, quotes, and sentences of the source that nobody encoded."""

import shutil

from pathlib import Path

import pytest

from incentives import load
from incentives.checks import case_problems, check, check_book
from incentives.errors import Severity
from incentives.packs import bundled
from tests.support.bad_packs import SOUND, Edit


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SOUND, tmp_path / "pack"))


def test_bundled_pack_has_no_problem() -> None:
    """Without its source, nothing at all is said of the bundled pack."""
    report = check_book(bundled())
    assert report.diagnostics == ()
    assert report.book is bundled()
    assert len(bundled().cases) > len(bundled().rules)


def test_pack_that_cannot_be_read(pack: Path) -> None:
    """A pack with errors has no book, and its errors are the report."""
    (pack / "1-bonus.yaml").write_text("rule: bonus\n", encoding="utf-8")
    report = check(pack)
    assert report.book is None
    assert report.errors == report.diagnostics
    assert {d.code for d in report.errors} == {"missing-key"}


def test_warnings_are_no_errors(pack: Path) -> None:
    """A rule without a case can be used."""
    text = (pack / "1-bonus.yaml").read_text(encoding="utf-8").split("cases:")[0]
    (pack / "1-bonus.yaml").write_text(text, encoding="utf-8")
    report = check(pack)
    assert report.book is not None
    assert [d.code for d in report.diagnostics] == ["no-case"]
    assert report.errors == ()
    assert report.diagnostics[0].severity is Severity.WARNING


def test_warnings_of_the_book_are_reported(pack: Path) -> None:
    """What loading a book warned of stands in the report."""
    Edit("3-growth.yaml", "[1亿元, 5亿元)", "[1亿元, 4亿元)").applied(pack)
    report = check(pack)
    assert [d.code for d in report.diagnostics] == ["gap-between-tiers"]
    assert report.book is not None
    assert report.book.warnings == report.diagnostics


def test_source_that_cannot_be_read(pack: Path) -> None:
    """A source that is not there, or no text, is told; the cases are checked."""
    report = check(pack, source=pack / "nothing.txt")
    assert [str(d) for d in report.diagnostics] == [
        (
            "nothing.txt:1:1: error[unreadable-file]: cannot read the source: "
            f"[Errno 2] No such file or directory: '{pack / 'nothing.txt'}'"
        )
    ]
    (pack / "gbk.txt").write_bytes("第一条".encode("gbk"))
    report = check(pack, source=str(pack / "gbk.txt"))
    assert [d.code for d in report.diagnostics] == ["unreadable-file"]


def test_quote_over_line_breaks(pack: Path) -> None:
    """A quote is verbatim wherever the lines of the source break."""
    source = pack / "source.txt"
    text = source.read_text(encoding="utf-8").replace("给予50万元", "给予\n　50 万元")
    source.write_text(text, encoding="utf-8")
    codes = [d.code for d in check(pack, source=source).diagnostics]
    assert "quote-not-verbatim" not in codes
    assert codes[0] == "other-source"


def test_source_without_a_digest(pack: Path) -> None:
    """A policy that names no digest takes any text."""
    text = (pack / "policy.yaml").read_text(encoding="utf-8")
    lines = [line for line in text.split("\n") if "sha256" not in line]
    (pack / "policy.yaml").write_text("\n".join(lines), encoding="utf-8")
    source = pack / "source.txt"
    source.write_text(source.read_text(encoding="utf-8") + "\n附则。\n", "utf-8")
    assert check(pack, source=source).diagnostics == ()


def test_case_that_holds_has_no_problem() -> None:
    """The cases of a sound pack hold one by one."""
    book = load(SOUND)
    assert [case_problems(case, book) for case in book.cases] == [[], [], []]


@pytest.mark.parametrize(
    ("expect", "said"),
    [
        ("amount: 1元", ["expected 1元, got 50万元"]),
        ("low: 500000", []),
        ("high: 50 万元", []),
        ("reason: condition-met", []),
        ("missing: size", ["expected size to be missing, got nothing"]),
        (
            "otherwise: {how-often=every-year: eligible}",
            ["expected eligible under how-often=every-year, got no difference"],
        ),
        (
            "otherwise: {how-often: eligible}",
            [
                (
                    "reading 'how-often' has no value '', "
                    "expected one of 'once', 'every-year'"
                )
            ],
        ),
    ],
)
def test_expectations(pack: Path, expect: str, said: list[str]) -> None:
    """What is expected is compared as what it means, not as it is written."""
    Edit("1-bonus.yaml", "    expect: 50万元\n", f"    expect: {{{expect}}}\n").applied(
        pack
    )
    book = load(pack)
    assert case_problems(book.cases[0], book) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("500000", []),
        ("50万元", []),
        ("eligible", []),
        ("40万元", ["expected 40万元 under how-often=every-year, got 50万元"]),
        (
            "undetermined",
            ["expected undetermined under how-often=every-year, got 50万元"],
        ),
    ],
)
def test_expectations_under_other_readings(
    pack: Path, value: str, said: list[str]
) -> None:
    """An amount or an outcome under another reading is compared with what it is."""
    Edit(
        "1-bonus.yaml",
        "    given: {county: 云桥区, size: 大型}\n    expect: 50万元\n",
        "    given: {county: 云桥区, size: 大型, awards: "
        "[{rule: bonus, amount: 50万元, date: 2026-02-01}]}\n"
        f"    expect: {{otherwise: {{how-often=every-year: {value}}}}}\n",
    ).applied(pack)
    book = load(pack)
    assert case_problems(book.cases[0], book) == said


def test_expectation_of_a_limit_that_is_not_there(pack: Path) -> None:
    """Where nothing limits an amount, no high is right."""
    Edit(
        "3-growth.yaml", "{county: 石桥区, revenue: 5亿元}", "{county: 石桥区}"
    ).applied(pack)
    Edit("3-growth.yaml", "  otherwise: 0元\n", "  otherwise: revenue\n").applied(pack)
    Edit("3-growth.yaml", "    expect: 20万元\n", "    expect: {high: 5元}\n").applied(
        pack
    )
    book = load(pack)
    assert case_problems(book.cases[2], book) == ["expected at most 5元, got no limit"]


def test_outcome_under_another_reading(pack: Path) -> None:
    """Where another reading leaves no amount, the outcome is told."""
    Edit("policy.yaml", "[bonus, growth]", "[growth]").applied(pack)
    Edit(
        "1-bonus.yaml",
        "award: 50万元\n",
        "award:\n  reading: how-often\n  once: 50万元\n  every-year: {discretionary: 另定}\n",
    ).applied(pack)
    Edit(
        "1-bonus.yaml",
        "    expect: 50万元\n",
        "    expect: {otherwise: {how-often=every-year: 50万元}}\n",
    ).applied(pack)
    book = load(pack)
    assert case_problems(book.cases[0], book) == [
        "expected 50万元 under how-often=every-year, got discretionary"
    ]
