"""Boundaries: which there are, who stands where, and cases to add."""

import json
import shutil

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from attrs import evolve

from incentives import load
from incentives.book import RuleBook
from incentives.checks.boundaries import Boundary, Side, Sort, boundaries_of
from incentives.checks.boundary_checks import untried
from incentives.checks.checking import Report, check
from incentives.checks.proposals import case_text, said, sight_of
from incentives.ir import Compare, Comparison, Constant, Exists, Fact, Kind
from incentives.packs import bundled
from incentives.policy import ReasonCode, Requirement
from tests.support.bad_packs import SOUND

FILES = {
    "policy.yaml": """\
policy: yunqiao-2026
title: 云桥区若干措施（虚构）
issuer: 云桥区人民政府（虚构）
status: issued
effective: 2026-01-01
sunset: 2027-12-31
""",
    "facts.yaml": """\
enterprise:
  revenue: {label: 营业收入, english: revenue, type: money}
  staff: {label: 职工人数, english: staff, type: number}
  share: {label: 出口占比, english: share, type: rate}
  since: {label: 成立年度, english: since, type: year}
  founded: {label: 成立日期, english: founded, type: date}
  large: {label: 规上, english: large, type: boolean}
  projects:
    label: 项目
    english: projects
    record: project
    key: id
    fields:
      id: {label: 编号, english: id, type: text}
      cost: {label: 投资, english: cost, type: money}
      done: {label: 竣工日期, english: done, type: date}
""",
}
#: What every test rule says besides.
HEAD = """\
rule: growth
title: 规模奖励
clause: 第一条
quote: 给予10万元奖励
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def write(pack: Path, rule: str) -> RuleBook:
    (pack / "1.yaml").write_text(HEAD + rule, encoding="utf-8")
    return load(pack)


def told(book: RuleBook) -> list[str]:
    """The boundaries that are not tried, without those of the policy's window."""
    days = ("2026年1月1日'", "2027年12月31日'")
    found = [each.diagnostic.message for each in untried(book)]
    return [
        text.removeprefix("the rule 'growth' ")
        for text in found
        if not text.endswith(days)
    ]


def drafts(book: RuleBook) -> Iterator[str]:
    for each in untried(book):
        for proposal in each.proposals:
            yield proposal.text


def case(given: str, expect: str, day: str = "2026-06-01") -> str:
    return (
        f"  - name: {json.dumps(given + day)}\n    as of: {day}\n"
        f"    given: {{{given}}}\n    expect: {expect}\n"
    )


RULE = "conditions:\n  - {}\naward: 10万元\ncases:\n"


@pytest.mark.parametrize(
    ("condition", "near", "drafted", "words"),
    [
        (
            "revenue ≥ 5亿元",
            "6亿元",
            ["5亿元", "499999999.99元"],
            "营业收入 ≥ 5亿元",
        ),
        ("revenue > 5亿元", "6亿元", ["5亿元"], "营业收入 > 5亿元"),
        (
            "revenue ≤ 5亿元",
            "4亿元",
            ["5亿元", "500000000.01元"],
            "营业收入 ≤ 5亿元",
        ),
        ("revenue < 5亿元", "4亿元", ["5亿元"], "营业收入 < 5亿元"),
        ("revenue < 5亿元", "5亿元", ["499999999.99元"], "营业收入 < 5亿元"),
        ("1亿元 < revenue", "6亿元", ["1亿元"], "1亿元 < 营业收入"),
        ("staff ≥ 100", "300", ["100", "99"], "职工人数 ≥ 100"),
        ("share ≥ 10%", "30%", ["10%", "9.99%"], "出口占比 ≥ 10%"),
        ("since ≤ 2020", "2018", ["2020", "2021"], "成立年度 ≤ 2020"),
        (
            "founded ≤ 2025-01-01",
            "2020-05-01",
            ["2025-01-01", "2025-01-02"],
            "成立日期不晚于2025年1月1日",
        ),
    ],
)
def test_thresholds(
    pack: Path, condition: str, near: str, drafted: list[str], words: str
) -> None:
    """Cases are proposed exactly at a threshold and at the next value beyond it."""
    fact = next(word for word in condition.split() if word.isascii() and word.isalpha())
    book = write(pack, RULE.format(condition) + case(f"{fact}: {near}", "10万元"))
    (message,) = told(book)
    assert message.endswith(f" {words!r}")
    found = [text.split("\n")[3] for text in drafts(book) if words in text]
    assert found == [f"      {fact}: {value}" for value in drafted]


def test_cases_at_a_threshold_try_it(pack: Path) -> None:
    """With a case at a threshold and one beyond nothing is left to say of it."""
    rule = RULE.format("revenue ≥ 5亿元") + case("revenue: 6亿元", "10万元")
    assert told(write(pack, rule)) == [
        "has no case exactly at or just beyond '营业收入 ≥ 5亿元'"
    ]
    rule += case("revenue: 5亿元", "10万元")
    assert told(write(pack, rule)) == ["has no case just beyond '营业收入 ≥ 5亿元'"]
    rule += case("revenue: 1亿元", "0元")
    assert told(write(pack, rule)) == []


def test_a_case_where_something_else_decides_does_not_count(pack: Path) -> None:
    """At a threshold every other condition must be met, or nothing is tried."""
    rule = (
        "conditions:\n  - revenue ≥ 5亿元\n  - large\naward: 10万元\ncases:\n"
        + case("revenue: 6亿元, large: true", "10万元")
        + case("revenue: 5亿元, large: false", "0元")
        + case("revenue: 1亿元", "{outcome: ineligible}")
    )
    assert told(write(pack, rule)) == [
        "has no case exactly at or just beyond '营业收入 ≥ 5亿元'"
    ]


def test_tiers(pack: Path) -> None:
    """An edge that two tiers share is one boundary; each edge is told."""
    rule = """\
conditions:
  - none
award:
  of: revenue
  tiers:
    - {in: "[1亿元, 5亿元)", then: 10万元}
    - {in: "[5亿元, ∞)", then: 20万元}
  otherwise: 0元
cases:
""" + case("revenue: 6亿元", "20万元")
    book = write(pack, rule)
    assert told(book) == [
        "has no case exactly at or just beyond '营业收入 ≥ 1亿元'",
        "has no case exactly at or just beyond '营业收入 < 5亿元'",
    ]


def test_caps_and_floors(pack: Path) -> None:
    """A cap and a floor need a case on either side, at a whole fen."""
    rule = """\
conditions:
  - none
award:
  rate: 30%
  of: revenue
  floor: 1万元
  cap: 100万元
cases:
""" + case("revenue: 100万元", "30万元")
    book = write(pack, rule)
    assert told(book) == [
        "has no case above the cap '100万元'",
        "has no case below the floor '1万元'",
    ]
    assert [text for text in drafts(book) if "封顶" in text or "保底" in text] == [
        """\
  - name: 超过封顶：100万元  # 请核对
    as of: 2026-06-01
    given:
      revenue: 3333333.34元
    expect: 100万元""",
        """\
  - name: 不足保底：1万元  # 请核对
    as of: 2026-06-01
    given:
      revenue: 33333.33元
    expect: 1万元""",
    ]


CAP_OVER_ITEMS = """\
each: project
event: project.done
conditions:
  - none
award:
  rate: 10%
  of: project.cost
  cap: 100万元
  cap per: subject, per year
cases:
"""


def test_cap_over_all_items(pack: Path) -> None:
    """A cap of all items together is measured against all of them."""
    one = "{id: a, cost: 300万元, done: 2026-03-01}"
    rule = CAP_OVER_ITEMS + case(f"projects: [{one}]", "30万元")
    book = write(pack, rule)
    whole = "has no case above the cap '100万元 − 此前已拨付'"
    assert whole in told(book)
    more = "{id: b, cost: 800万元, done: 2026-04-01}"
    rule += case(f"projects: [{one}, {more}]", "100万元")
    assert whole not in told(write(pack, rule))
    unknown = "{id: b, done: 2026-04-01}"
    rule = CAP_OVER_ITEMS + case(f"projects: [{one}, {unknown}]", "undetermined")
    assert any(
        "below or above the cap '100万元 −" in text for text in told(write(pack, rule))
    )


def test_a_cap_over_items_is_drafted(pack: Path) -> None:
    """The draft for a cap of all items moves one record, as far as rounding needs."""
    one = "{id: a, cost: 300万元, done: 2026-03-01}"
    two = "{id: b, cost: 200万元, done: 2026-04-01}"
    book = write(pack, CAP_OVER_ITEMS + case(f"projects: [{one}, {two}]", "50万元"))
    found = [text for text in drafts(book) if "超过封顶：100万元 − " in text]
    assert [text.split("\n")[4] for text in found] == [
        "        - {id: a, cost: 8000000.05元, done: 2026-03-01}"
    ]


def test_days_of_the_window(pack: Path) -> None:
    """Without an event the day asked about is moved; with one, the event."""
    book = write(pack, RULE.format("none") + case("large: true", "10万元"))
    assert [each.diagnostic.message for each in untried(book)] == [
        (f"the rule 'growth' has no case exactly at or just beyond '基准日{words}'")
        for words in ("不早于2026年1月1日", "不晚于2027年12月31日")
    ]
    days = [draft.split("\n")[1] for draft in drafts(book)]
    assert days == [
        "    as of: 2026-01-01",
        "    as of: 2025-12-31",
        "    as of: 2027-12-31",
        "    as of: 2028-01-01",
    ]
    rule = "event: founded\n" + RULE.format("none")
    book = write(pack, rule + case("founded: 2026-03-01", "10万元"))
    assert (
        list(drafts(book))[3]
        == """\
  - name: 刚好在界外：成立日期不晚于2027年12月31日  # 请核对
    as of: 2028-01-01
    given:
      founded: 2028-01-01
    expect:
      amount: 0元
      reason: expired"""
    )


def test_what_never_happened_stands_nowhere(pack: Path) -> None:
    """A day that never comes is on no side of another."""
    rule = "event: founded\n" + RULE.format("none")
    book = write(pack, rule + case("founded: false", "0元"))
    assert len(list(untried(book))) == 2
    assert list(drafts(book)) == []


def test_conditions_on_records_inside(pack: Path) -> None:
    """A rule over a list is tried by its records, one by one."""
    rule = "each: project\n" + RULE.format("project.cost ≥ 1000万元")
    rule += case("projects: [{id: a, cost: 1000万元}, {id: b, cost: 10万元}]", "10万元")
    assert told(write(pack, rule)) == []


def test_rule_without_a_case_is_told_of_that_only(pack: Path) -> None:
    """Where there is no case at all, no boundary is asked for."""
    book = write(pack, "conditions:\n  - revenue ≥ 5亿元\naward: 10万元\n")
    assert list(untried(book)) == []


def test_a_case_that_cannot_be_read_tries_nothing(pack: Path) -> None:
    """A mistake in a case is told elsewhere; here it is as if it were not there."""
    rule = RULE.format("revenue ≥ 5亿元") + case("revenu: 5亿元", "10万元")
    book = write(pack, rule)
    assert sight_of(book.cases[0], book) is None
    assert told(book) == ["has no case exactly at or just beyond '营业收入 ≥ 5亿元'"]
    assert list(drafts(book)) == []


def test_unknown_facts_are_not_moved(pack: Path) -> None:
    """From a case that does not say what is measured nothing can be drafted."""
    rule = RULE.format("revenue ≥ 5亿元") + case("large: true", "undetermined")
    book = write(pack, rule)
    assert len(told(book)) == 1
    assert not any("营业收入" in text for text in drafts(book))


def test_a_line_that_does_not_move_is_left(pack: Path) -> None:
    """Where moving a fact changes nothing, or leaves what can be, none is drafted."""
    rule = RULE.format("revenue - revenue ≥ 5亿元") + case("revenue: 1亿元", "0元")
    book = write(pack, rule)
    assert not any("营业收入" in text for text in drafts(book))
    rule = RULE.format("revenue + 6亿元 ≥ 5亿元") + case("revenue: 1亿元", "10万元")
    book = write(pack, rule)
    assert not any("刚好在界外：营业收入" in text for text in drafts(book))


def test_boundaries_between_two_facts(pack: Path) -> None:
    """Where two facts are compared, either is moved to meet the other."""
    rule = "each: project\n" + RULE.format("project.cost ≥ revenue")
    rule += case("revenue: 1万元, projects: [{id: a, cost: 5万元}]", "10万元")
    book = write(pack, rule)
    found = [text for text in drafts(book) if "投资" in text]
    assert "        - {id: a, cost: 1万元}" in found[0].split("\n")
    assert "        - {id: a, cost: 9999.99元}" in found[1].split("\n")


def test_awards_paid_before_are_no_boundary() -> None:
    """What the language says of the past asks for no case of its own."""
    rule = bundled()["manufacturing-champion"]
    found = boundaries_of(rule)
    assert [(each.sort, each.wanted) for each in found] == [
        (Sort.THRESHOLD, (Side.AT, Side.ABOVE))
    ]
    assert said(found[0], bundled(), rule.id) == "认定日期不晚于2027年12月31日"


def test_drafts_hold_and_try_what_they_are_for(tmp_path: Path) -> None:
    """Put into the pack, the drafts leave no warning, and all of them hold."""
    pack = Path(shutil.copytree(SOUND, tmp_path / "pack"))
    for path in pack.glob("?-*.yaml"):
        lines = path.read_text(encoding="utf-8").split("\n")
        first = lines.index("cases:")
        ends = [i for i, line in enumerate(lines) if line.startswith("  - name:")]
        kept = [*lines[: first + 1], *lines[ends[0] : ends[1]]]
        path.write_text("\n".join([*kept, ""]), encoding="utf-8")
    report = check(pack)
    assert {d.code for d in report.diagnostics} == {"boundary-not-tried", "unused-fact"}
    add(report, pack)
    assert {d.code for d in check(pack).diagnostics} == {"unused-fact"}


def add(report: Report, pack: Path) -> None:
    files = {
        path.read_text(encoding="utf-8").split("\n")[0].removeprefix("rule: "): path
        for path in pack.glob("?-*.yaml")
    }
    for _, proposals in report.proposals:
        for proposal in proposals:
            path = files[proposal.rule]
            text = path.read_text(encoding="utf-8")
            path.write_text(f"{text}{proposal.text}\n", encoding="utf-8")


def test_case_as_text(pack: Path) -> None:
    """A case is written as YAML that reads back, whatever its words."""
    given = 'revenue: 5亿元, projects: [{id: "a: [b]", cost: null}], large: true'
    rule = RULE.format("revenue ≥ 5亿元") + case(given, "{amount: 10万元, low: 1元}")
    rule = rule.replace("    given", "    readings: {}\n    given")
    (found,) = write(pack, rule).cases
    assert case_text(found).split("\n")[2:] == [
        "    given:",
        "      revenue: 5亿元",
        "      projects:",
        '        - {id: "a: [b]", cost: null}',
        "      large: true",
        "    expect:",
        "      amount: 10万元",
        "      low: 1元",
    ]


def test_case_about_nothing_as_text(pack: Path) -> None:
    """A case without a fact or a day is written with empty braces."""
    rule = RULE.format("none") + case("", "10万元")
    (found,) = write(pack, rule).cases
    assert found.as_of == date(2026, 6, 1)
    assert case_text(found).split("\n")[2] == "    given: {}"


def test_a_boundary_is_one_wherever_it_stands(pack: Path) -> None:
    """The same value in a condition and in a tier is one boundary."""
    rule = """\
conditions:
  - revenue ≥ 1亿元
award:
  of: revenue
  tiers:
    - {in: "[1亿元, ∞)", then: 10万元}
  otherwise: 0元
"""
    found: tuple[Boundary, ...] = boundaries_of(write(pack, rule)["growth"])
    assert [each.sort for each in found] == [Sort.THRESHOLD] * 3


def test_boundaries_of_some_record_of_a_list(pack: Path) -> None:
    """Within a condition on some record, each record of the list is looked at."""
    given = "projects: [{id: a, cost: 500万元}, {id: b, cost: 400万元}]"
    book = write(pack, RULE.format("none") + case(given, "10万元"))
    cost = Fact("cost", Kind.MONEY, "project", low=0)
    edge = Constant(500_000_000, Kind.MONEY)
    some = Exists("projects", "project", Compare(Comparison.GE, cost, edge))
    met = Requirement(ReasonCode.CONDITION_UNMET, some, "some")
    rule = evolve(book["growth"], requirements=(met,))
    changed = evolve(book, rules=(rule,))
    changed = evolve(changed, interpret=lambda _: changed)
    (found,) = boundaries_of(rule)
    assert found.nest == (("projects", "project"),)
    sight = sight_of(book.cases[0], changed)
    assert sight is not None
    assert list(sight.sides(found)) == [Side.AT, Side.BELOW]
    assert list(untried(changed)) == []


def test_drafts_of_support_that_is_not_money(pack: Path) -> None:
    """Without an amount a draft expects an outcome, and keeps the readings."""
    policy = FILES["policy.yaml"] + (
        "readings:\n  how: {question: 何谓规上？, values: {a: 甲, b: 乙}}\n"
    )
    (pack / "policy.yaml").write_text(policy, encoding="utf-8")
    rule = """\
conditions:
  - staff ≥ 100
  - {reading: how, a: none, b: large}
award: {non-cash: 优先推荐}
cases:
"""
    rule += case("staff: 300, large: true, projects: []", "eligible")
    rule = rule.replace("    given", "    readings: {how: b}\n    given")
    assert [text for text in drafts(write(pack, rule)) if "职工" in text] == [
        """\
  - name: 恰在界上：职工人数 ≥ 100  # 请核对
    as of: 2026-06-01
    readings: {how: b}
    given:
      staff: 100
      large: true
      projects: []
    expect: eligible""",
        """\
  - name: 刚好在界外：职工人数 ≥ 100  # 请核对
    as of: 2026-06-01
    readings: {how: b}
    given:
      staff: 99
      large: true
      projects: []
    expect:
      outcome: ineligible
      reason: condition-unmet""",
    ]


def test_a_draft_may_be_undetermined(pack: Path) -> None:
    """Where a draft leaves something open, its bounds are expected."""
    rule = """\
conditions:
  - revenue ≥ 5亿元
award:
  rate: 1%
  of: revenue
  cap: 100万元
cases:
"""
    rule += case("revenue: 6亿元", "100万元")
    book = write(pack, rule)
    assert any("    expect: 100万元" in text for text in drafts(book))


def test_growth_has_no_floor_of_its_own(pack: Path) -> None:
    """That growth is measured by the size of a loss is no floor that an author set."""
    rule = RULE.format("growth(revenue, 5亿元 - 1亿元, 0%) ≥ 10%")
    book = write(pack, rule + case("revenue: 5亿元", "10万元"))
    assert told(book) == [
        "has no case exactly at or just beyond '5亿元 − 1亿元到营业收入的增长率 ≥ 10%'"
    ]


def test_an_instalment_on_the_day_of_the_event(pack: Path) -> None:
    """That an event has happened is no boundary in the schedule of an award either."""
    rule = (
        "each: project\nevent: project.done\nconditions:\n  - none\naward: 10万元\n"
        "pay:\n  - {share: 50%, on: project.done}\n"
        "  - {share: 50%, on: project.done + 6个月}\ncases:\n"
    )
    given = "projects: [{id: a, done: 2026-06-01}]"
    book = write(pack, rule + case(given, "5万元"))
    assert told(book) == ["has no case exactly at '竣工日期之后6个月不晚于基准日'"]
