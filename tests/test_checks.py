"""`check`: cases, quotes, and sentences of the source that nobody encoded."""

import shutil

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from attrs import evolve

from incentives import load
from incentives.checks.case_checks import case_diagnostics, case_problems
from incentives.checks.checking import check, check_book
from incentives.checks.rule_checks import rule_problems
from incentives.checks.usage_checks import usage_problems
from incentives.engines.engine import Bound, Look
from incentives.engines.reference import ReferenceEngine
from incentives.errors import Severity
from incentives.facts import Subject
from incentives.grouping import Budget, Capped, Group
from incentives.ir import All, Compare, Comparison, Constant, Exists, Fact, Kind
from incentives.packs import bundled
from incentives.policy import ReasonCode, Requirement, Rule
from incentives.verdict import Verdict
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
    assert report.book is not None
    assert [d.code for d in report.book.warnings] == ["gap-between-tiers"]
    assert report.diagnostics[:1] == report.book.warnings


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
    assert [case_problems(case, book) for case in book.cases] == [[]] * 20


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
    (case,) = [case for case in book.cases if case.name == "恰为5亿元"]
    assert case_problems(case, book) == ["expected at most 5元, got no limit"]


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


class Generous(ReferenceEngine):
    """An engine that is wrong: it finds every condition met."""

    def look(
        self, rule: Rule, subject: Subject, as_of: date, at: Bound | None, *more: Any
    ) -> Look:
        found = super().look(rule, subject, as_of, at, *more)
        working = found.explain().working
        known = None if working is None else working.known
        return evolve(found, verdict=Verdict.MET, known=known)


def test_cases_are_tried_on_every_engine() -> None:
    """A case that fails on one engine only names it; one that fails on all does not."""
    book = load(SOUND)
    engines = {"reference": ReferenceEngine(), "generous": Generous()}
    said = [str(d.message) for d in case_diagnostics(book, engines)]
    assert said[:2] == [
        "bonus, '施行前一日': expected 0元, got 50万元 (by generous)",
        "bonus, '失效次日': expected 0元, got 50万元 (by generous)",
    ]
    assert next(case_diagnostics(book, {"generous": Generous()})).message == (
        "bonus, '施行前一日': expected 0元, got 50万元"
    )
    assert list(case_diagnostics(book)) == []


def test_never_met_on_records(pack: Path) -> None:
    """What is asked of a record of a list must be possible for one record."""
    book = load(pack)
    rule = book["growth"]
    cost = Fact("cost", Kind.MONEY, "purchase", low=0)
    low = Compare(Comparison.LT, cost, Constant(100, Kind.MONEY))
    high = Compare(Comparison.GT, cost, Constant(500, Kind.MONEY))
    asked = Exists("purchases", "purchase", All((low, high)))
    met = Requirement(ReasonCode.CONDITION_UNMET, asked)
    changed = evolve(rule, requirements=(met, *rule.requirements))
    wrong = evolve(book, rules=(changed,))
    assert [d.message for d in rule_problems(wrong)] == [
        "this alternative can never hold: '费用 > 5元' excludes '费用 < 1元'"
    ]


def test_never_fires_is_said_where_the_window_is_not_known(pack: Path) -> None:
    """A book made by hand has no window; its rules are checked all the same."""
    Edit("1-bonus.yaml", "size in [大型, 小型]", "revenue < 0元").applied(pack)
    book = evolve(load(pack), window=None)
    assert [d.code for d in rule_problems(book)] == ["never-fires"]


def test_an_id_may_be_any(pack: Path) -> None:
    """A rule for those whose id is among some applies to somebody."""
    Edit("1-bonus.yaml", "size in [大型, 小型]", "id in [“甲”, “乙”]").applied(pack)
    assert list(rule_problems(load(pack))) == []


def test_facts_are_read_by_definitions_and_cases(pack: Path) -> None:
    """A fact that a definition names, by name or label, is used; so is a table."""
    Edit(
        "facts.yaml",
        "  size:\n",
        "  staff: {label: 职工人数, english: staff, type: number}\n"
        "  area: {label: 用地面积, english: area, type: number}\n  size:\n",
    ).applied(pack)
    Edit(
        "3-growth.yaml",
        "conditions:\n",
        "define:\n  人均: staff + 1\n  亩均: 用地面积 + 1\nconditions:\n",
    ).applied(pack)
    assert check(pack).diagnostics == ()


def test_tables_are_read_by_lookups_aliases_and_people(pack: Path) -> None:
    """A table may be looked up, hold aliases, or be named for its readers."""
    for name in ("grants", "names", "towns"):
        text = "chain,grant\n鞋服,20万元\n" if name == "grants" else "a,b\nx,y\n"
        (pack / f"{name}.csv").write_text(text, encoding="utf-8")
    assert [d.message for d in check(pack).diagnostics] == [
        f"no rule reads the table {name!r}" for name in ("grants", "names", "towns")
    ]
    Edit(
        "facts.yaml",
        "    label: 注册地\n",
        "    label: 注册地\n    aliases: names\n",
    ).applied(pack)
    facts = (pack / "facts.yaml").read_text(encoding="utf-8")
    tables = "tables:\n  towns: {label: 乡镇, english: towns}\n"
    (pack / "facts.yaml").write_text(facts + tables, encoding="utf-8")
    Edit(
        "3-growth.yaml",
        "  otherwise: 0元\n",
        "  otherwise:\n    look up: grants.grant\n    by: county\n    otherwise: 0元\n",
    ).applied(pack)
    assert check(pack).diagnostics == ()


def test_warnings_under_another_reading(pack: Path) -> None:
    """A slip that only another reading shows is told as well, and once."""
    Edit(
        "1-bonus.yaml",
        "  - size in [大型, 小型]\n",
        "  - size in [大型, 小型]\n"
        "  - reading: how-often\n    once: none\n    every-year: revenue < 0元\n",
    ).applied(pack)
    assert [str(d).split("\n")[0] for d in check(pack).diagnostics] == [
        (
            "1-bonus.yaml:10:17: warning[never-fires]: the rule 'bonus' can never "
            "apply: nothing meets 'revenue < 0元'"
        )
    ]


def test_facts_are_read_by_groups_and_budgets(pack: Path) -> None:
    """What a cap of a group, or the order of a budget, reads is used."""
    Edit(
        "facts.yaml",
        "  size:\n",
        "  staff: {label: 职工人数, english: staff, type: number}\n"
        "  limit: {label: 限额, english: limit, type: money}\n  size:\n",
    ).applied(pack)
    assert [d.message for d in check(pack).diagnostics] == [
        "no rule and no case reads 'staff'",
        "no rule and no case reads 'limit'",
    ]
    book = load(pack)
    limit = Fact("limit", Kind.MONEY, low=0)
    staff = Fact("staff", Kind.NUMBER, low=0)
    capped = Group("合计封顶", ("equipment",), Capped({"enterprise": limit}))
    budget = Budget("资金", ("equipment",), 100, order={"equipment": staff})
    changed = evolve(book, groups=(capped,), budgets=(budget,))
    assert list(usage_problems(changed)) == []
