"""
`per:` of a stacking group: 同一项目就高不重复.

Several rules look at the same projects. Each project is paid under the highest rule
only, and different projects may be paid under different rules.
"""

from pathlib import Path
from typing import Any

import pytest

import incentives

from incentives import Assessment, Outcome, ReasonCode, RuleBook
from incentives.comparing.change_words import Differences
from incentives.comparing.effects import Aspect
from incentives.grouping import Highest
from tests.support.grouped_packs import FIRMS

DAY = "2026-06-30"
RULES = ("equipment", "output", "flagship")

POLICY = """\
policy: xinhe-2026
title: 新禾区若干措施（虚构）
issuer: 新禾区人民政府（虚构）
status: issued
effective: 2026-01-01
sunset: 2028-12-31
"""
GROUP = """\
stacking:
  - {group: 同一项目, rules: all, mode: highest-only, per: project}
"""
FACTS = """\
enterprise:
  projects:
    label: 项目
    english: projects
    record: project
    key: id
    at most: 3
    fields:
      id: {label: 编号, english: number, type: text}
      price: {label: 设备价款, english: price of equipment, type: money}
      yields: {label: 产值, english: output, type: money}
      flagship: {label: 示范项目, english: flagship, type: boolean}
      done: {label: 竣工日, english: completed, type: date}
"""
BODIES = {
    "equipment": "award: {rate: 10%, of: project.price}",
    "output": "award: {rate: 1%, of: project.yields}",
    "flagship": "award: {amount: 5万元}",
}
#: Paid over two years, as a whole more than 10% of what equipment mostly costs.
OVER_TIME = """\
award: {amount: 20万元}
pay:
  - {share: 50%, on: project.done}
  - {share: 50%, on: project.done + 12个月}"""
LATER = OVER_TIME.replace("project.done}", "project.done + 6个月}")


def files(policy: str = GROUP, **bodies: str) -> dict[str, str]:
    """The pack: three rules that look at each project."""
    found = {"policy.yaml": POLICY + policy, "facts.yaml": FACTS}
    for at, (rule, body) in enumerate({**BODIES, **bodies}.items(), start=1):
        condition = "project.flagship" if rule == "flagship" else "none"
        found[f"{at:02}-{rule}.yaml"] = (
            f"rule: {rule}\ntitle: {rule}\nclause: 第{at}条\nquote: （虚构）\n"
            f"each: project\nlabel: project.id\nconditions: [{condition}]\n{body}\n"
        )
    return found


def pack(directory: Path, policy: str = GROUP, **bodies: str) -> RuleBook:
    directory.mkdir(exist_ok=True)
    for name, text in files(policy, **bodies).items():
        (directory / name).write_text(text, encoding="utf-8")
    return incentives.load(directory)


@pytest.fixture
def book(tmp_path: Path) -> RuleBook:
    return pack(tmp_path)


def project(name: str, price: str, yields: str, **more: Any) -> dict[str, Any]:
    known = {"id": name, "price": price, "yields": yields, "flagship": False}
    return {**known, **more}


#: 10万元 by its equipment, 4万元 by its output.
FIRST = project("甲", "100万元", "400万元")
#: 2万元 by its equipment, 6万元 by its output.
SECOND = project("乙", "20万元", "600万元")
#: 1万元 by its equipment, 2万元 by its output, 5万元 as a flagship.
THIRD = project("丙", "10万元", "200万元", flagship=True)


def evaluated(
    book: RuleBook, *projects: dict[str, Any], day: str = DAY, **facts: Any
) -> Assessment:
    record = {"id": FIRMS[0], "projects": list(projects), **facts}
    return incentives.evaluate(record, as_of=day, rules=book)


def amounts(found: Assessment) -> list[str]:
    """What each rule comes to in 万元, or between what."""
    said = []
    for rule in RULES:
        low, high = found[rule].bounds
        ends = [
            "∞" if end is None else f"{(end / 10000).normalize():f}"
            for end in (low, high)
        ]
        said.append(ends[0] if ends[0] == ends[1] else "..".join(ends))
    return said


class TestKnown:
    """同一项目符合多项规定的，就高不重复"""

    def test_each_project_under_its_highest_rule(self, book: RuleBook) -> None:
        """Three projects are paid under three rules, each for the whole of it once."""
        found = evaluated(book, FIRST, SECOND, THIRD)
        assert amounts(found) == ["10", "6", "5"]
        assert found.total == 210_000
        assert found.bounds == (210_000, 210_000)
        assert found.missing == ()

    def test_without_the_group_all_are_paid(self, tmp_path: Path) -> None:
        """What the group takes off is what the lower rules would give."""
        found = evaluated(pack(tmp_path, ""), FIRST, SECOND, THIRD)
        assert amounts(found) == ["13", "12", "5"]

    def test_in_all_is_another_thing(self, tmp_path: Path) -> None:
        """Without `per` one rule is paid for all projects."""
        book = pack(tmp_path, GROUP.replace("per: project", "per: none"))
        assert amounts(evaluated(book, FIRST, SECOND, THIRD)) == ["13", "0", "0"]

    def test_beaten_items_name_the_rule(self, book: RuleBook) -> None:
        """A beaten item comes to nothing and says which rule is paid instead."""
        found = evaluated(book, FIRST, SECOND, THIRD)
        items = found["equipment"].items
        assert [item.amount for item in items] == [100_000, 0, 0]
        assert [item.code for item in items] == [
            None,
            ReasonCode.SUPERSEDED,
            ReasonCode.SUPERSEDED,
        ]
        assert [item.rival for item in items] == [None, "output", "flagship"]
        assert found["equipment"].leading == items[0]
        assert found["equipment"].to_dict()["items"][1]["codes"] == ["superseded"]

    def test_what_does_not_qualify_keeps_its_reason(self, book: RuleBook) -> None:
        """A project that is no flagship is not superseded as one."""
        item = evaluated(book, FIRST)["flagship"].items[0]
        assert (item.outcome, item.code) == (Outcome.INELIGIBLE, None)
        assert evaluated(book, FIRST)["flagship"].code is None

    def test_a_rule_of_beaten_items_only(self, book: RuleBook) -> None:
        """A rule that is the highest nowhere is superseded, and says by which."""
        found = evaluated(book, FIRST)["output"]
        assert (found.outcome, found.amount) == (Outcome.INELIGIBLE, 0)
        assert (found.code, found.rival) == (ReasonCode.SUPERSEDED, "equipment")
        assert found.reasons[0].condition == "就高不重复：由 equipment 享受"
        assert "就高不重复：由 equipment 享受" in found.explain()
        assert "superseded by equipment" in found.explain("en")
        assert "“同一项目”就高不重复：由4万元减为0元" in found.explain()

    def test_the_cut_is_told(self, book: RuleBook) -> None:
        """What is left of a rule that is the highest somewhere is told."""
        found = evaluated(book, FIRST, SECOND)["equipment"]
        assert "“同一项目”就高不重复：由12万元减为10万元" in found.explain()

    def test_the_leading_beaten_item(self, book: RuleBook) -> None:
        """Of several beaten items the one that would give the most explains."""
        projects = [project("a", "20万元", "100万元"), FIRST, THIRD]
        for given in (projects, projects[::-1]):
            found = evaluated(book, *given)["output"]
            assert found.code is ReasonCode.SUPERSEDED
            assert (found.leading.label, found.rival) == ("甲", "equipment")

    def test_the_leading_item_that_is_paid(self, book: RuleBook) -> None:
        """Where the highest item is beaten, the highest of those paid explains."""
        beaten = project("a", "100万元", "900万元")
        paid = [project("b", "0", "100万元"), project("c", "0", "200万元")]
        for given in ([beaten, *paid], [*paid[::-1], beaten]):
            assert evaluated(book, *given)["output"].leading.label == "c"

    def test_the_leading_item_of_equals(self, book: RuleBook) -> None:
        """Of items that give the same, the same one explains in any order."""
        given = [project(name, "200万元", "100万元") for name in ("b", "a")]
        for order in (given, given[::-1]):
            assert evaluated(book, *order)["output"].leading.label == "a"

    def test_equals(self, book: RuleBook) -> None:
        """Among equals the first rule of the book is paid."""
        assert amounts(evaluated(book, project("甲", "10万元", "100万元"))) == [
            "1",
            "0",
            "0",
        ]

    @pytest.mark.parametrize("projects", [[], [project("甲", "0", "0")]])
    def test_nothing_to_compare(
        self, book: RuleBook, projects: list[dict[str, Any]]
    ) -> None:
        """Without projects, or without amounts, nothing is superseded."""
        found = evaluated(book, *projects)
        assert amounts(found) == ["0", "0", "0"]
        assert ReasonCode.SUPERSEDED not in {each.code for each in found}

    def test_a_project_for_which_nothing_is_due(self, book: RuleBook) -> None:
        """A project without amounts is nobody's, and takes nothing from another."""
        found = evaluated(book, project("丁", "0", "0"), FIRST)
        assert amounts(found) == ["10", "0", "0"]
        assert [item.rival for item in found["output"].items] == [None, "equipment"]

    def test_other_rules_are_left_alone(self, tmp_path: Path) -> None:
        """A rule outside of the group is paid beside it."""
        book = pack(tmp_path, GROUP.replace("all", "[equipment, output]"))
        assert amounts(evaluated(book, THIRD)) == ["0", "2", "5"]

    def test_then_a_cap(self, tmp_path: Path) -> None:
        """A cap over several rules comes after the highest of each project."""
        cap = "  - {group: 合计, rules: all, cap: 12万元}\n"
        found = evaluated(pack(tmp_path, GROUP + cap), FIRST, SECOND)
        assert amounts(found) == ["10", "2", "0"]
        assert found.total == 120_000


class TestPast:
    """此前已按同组规则享受的，从同一项目中抵减"""

    def test_what_was_paid_for_the_project(self, book: RuleBook) -> None:
        """Of 10万元, the 4万元 that the other rule paid for this project are taken."""
        paid = [{"rule": "output", "record": "甲", "amount": "4万元"}]
        found = evaluated(book, FIRST, SECOND, awards=paid)
        assert amounts(found) == ["6", "6", "0"]

    def test_what_was_paid_for_another_project(self, book: RuleBook) -> None:
        """What was paid for a project that is not asked about takes nothing."""
        paid = [{"rule": "output", "record": "丁", "amount": "4万元"}]
        assert amounts(evaluated(book, FIRST, awards=paid)) == ["10", "0", "0"]

    def test_its_own_past_does_not_count(self, book: RuleBook) -> None:
        """What the rule itself paid before is for the rule to count."""
        paid = [{"rule": "equipment", "record": "甲", "amount": "10万元"}]
        assert amounts(evaluated(book, FIRST, awards=paid)) == ["10", "0", "0"]

    def test_nothing_is_left(self, book: RuleBook) -> None:
        """Where the others were paid as much, that rule is named, not the next one."""
        paid = [{"rule": "flagship", "record": "甲", "amount": "12万元"}]
        found = evaluated(book, FIRST, awards=paid)
        assert amounts(found) == ["0", "0", "0"]
        assert {found[rule].rival for rule in ("equipment", "output")} == {"flagship"}

    def test_nobody_knows_for_which_project(self, book: RuleBook) -> None:
        """An award that names no project may have been for this one."""
        paid = [{"rule": "output", "amount": "4万元"}]
        found = evaluated(book, FIRST, awards=paid)
        assert amounts(found) == ["6..10", "0", "0"]
        assert found["equipment"].missing == ("awards[0].record",)

    def test_nobody_knows_which_project_this_is(self, book: RuleBook) -> None:
        """A project without its number may be the one that was paid for."""
        nameless = {k: v for k, v in FIRST.items() if k != "id"}
        paid = [{"rule": "output", "record": "甲", "amount": "4万元"}]
        found = evaluated(book, nameless, awards=paid)
        assert amounts(found) == ["6..10", "0", "0"]
        assert found["equipment"].missing == ("projects[0].id",)
        assert amounts(evaluated(book, nameless)) == ["10", "0", "0"]


class TestUnknown:
    """What is not known stays open, and bounds hold whatever is learnt."""

    def test_an_open_rival(self, book: RuleBook) -> None:
        """Both are open while either may be the higher; the project is paid once."""
        unsure = {**FIRST, "yields": None}
        found = evaluated(book, unsure, SECOND)
        assert amounts(found) == ["0..10", "6..∞", "0"]
        assert found["equipment"].missing == ("projects[0].yields",)
        assert found["equipment"].outcome is Outcome.UNDETERMINED
        assert found["equipment"].leading.path == "projects[0]"
        assert found.bounds == (160_000, None)

    def test_what_cannot_be_the_highest_is_decided(self, book: RuleBook) -> None:
        """Whether it is a flagship does not matter to a project that gets more."""
        found = evaluated(book, {**FIRST, "flagship": None})
        assert amounts(found) == ["10", "0", "0"]
        assert found["flagship"].code is ReasonCode.SUPERSEDED
        assert found.missing == ()

    def test_an_open_condition(self, book: RuleBook) -> None:
        """Perhaps 5万元, perhaps 2万元: no more than one of them."""
        found = evaluated(book, {**THIRD, "flagship": None})
        assert amounts(found) == ["0", "0..2", "0..5"]
        assert found.bounds == (20_000, 50_000)
        assert found.missing == ("projects[0].flagship",)

    def test_an_unknown_list(self, book: RuleBook) -> None:
        """Of a list that nobody knows, all together come to the highest of them."""
        found = incentives.evaluate({"id": FIRMS[0]}, as_of=DAY, rules=book)
        assert amounts(found) == ["0..∞", "0..∞", "0..15"]
        assert found.bounds == (0, None)
        assert "projects" in found["flagship"].missing

    def test_an_unknown_list_of_figures(self, tmp_path: Path) -> None:
        """At most three projects, of which each is paid under one rule."""
        fixed = {rule: f"award: {at}万元" for at, rule in enumerate(RULES, start=3)}
        book = pack(tmp_path, **fixed)
        found = incentives.evaluate({"id": FIRMS[0]}, as_of=DAY, rules=book)
        assert amounts(found) == ["0..9", "0..12", "0..15"]
        assert found.bounds == (0, 150_000)


class TestOverTime:
    """Of awards that are paid over time the wholes are compared."""

    @pytest.fixture
    def book(self, tmp_path: Path) -> RuleBook:
        return pack(tmp_path, flagship=OVER_TIME)

    def test_what_is_due_now_of_the_highest(self, book: RuleBook) -> None:
        """20万元 in two years are more than 10万元 now: half of them are due."""
        given = {**FIRST, "flagship": True, "done": "2026-03-01"}
        found = evaluated(book, given)
        assert amounts(found) == ["0", "0", "10"]
        assert [part.amount for part in found["flagship"].schedule] == [100_000] * 2
        assert found["equipment"].code is ReasonCode.SUPERSEDED
        assert found.bounds == (100_000, 100_000)

    def test_nothing_is_due_yet(self, tmp_path: Path) -> None:
        """The highest waits for its day, and what it beats is not paid meanwhile."""
        given = {**FIRST, "flagship": True, "done": "2026-03-01"}
        found = evaluated(pack(tmp_path, flagship=LATER), given)
        assert amounts(found) == ["0", "0", "0"]
        assert found["flagship"].code is ReasonCode.NOT_YET_DUE
        assert found["equipment"].code is ReasonCode.SUPERSEDED
        assert found["equipment"].rival == "flagship"

    def test_what_waits_explains_more_than_what_is_beaten(self, tmp_path: Path) -> None:
        """A rule that pays for one project later says so, beaten as it is elsewhere."""
        given = [
            project("甲", "300万元", "0", flagship=True, done="2026-03-01"),
            project("乙", "0", "0", flagship=True, done="2026-04-01"),
        ]
        found = evaluated(pack(tmp_path, flagship=LATER), *given)["flagship"]
        assert (found.code, found.rival) == (ReasonCode.NOT_YET_DUE, None)
        assert [item.rival for item in found.items] == ["equipment", None]

    def test_what_is_beaten_has_no_schedule(self, book: RuleBook) -> None:
        """A project that is paid under another rule is not paid over time."""
        given = [
            project("甲", "300万元", "0", flagship=True, done="2026-03-01"),
            project("乙", "0", "0", flagship=True, done="2026-03-01"),
        ]
        found = evaluated(book, *given)
        assert amounts(found) == ["30", "0", "10"]
        assert len(found["flagship"].schedule) == 2

    def test_open_and_not_due(self, tmp_path: Path) -> None:
        """What is not due on the day comes to nothing, highest or not."""
        known = {"flagship": True, "done": "2026-03-01", "price": None}
        found = evaluated(pack(tmp_path, flagship=LATER), {**FIRST, **known})
        assert amounts(found) == ["0..∞", "0", "0"]
        assert found["flagship"].outcome is Outcome.INELIGIBLE
        assert found["flagship"].code is ReasonCode.NOT_YET_DUE
        assert found.bounds == (0, None)

    def test_the_others_were_paid_as_much_as_is_due_now(self, book: RuleBook) -> None:
        """10万元 were paid under another rule: of the whole the later half is left."""
        known = {"price": "50万元", "flagship": True, "done": "2026-03-01"}
        given = {**FIRST, **known}
        paid = [{"rule": "equipment", "record": "甲", "amount": "10万元"}]
        found = evaluated(book, given, awards=paid)["flagship"]
        assert (found.outcome, found.amount) == (Outcome.INELIGIBLE, 0)
        assert found.code is ReasonCode.ALREADY_AWARDED


class TestWritten:
    """How a group per record is written, and compared."""

    @pytest.mark.parametrize(
        "group",
        [
            "{组名: 同一项目, 规则: 全部, 方式: 就高不重复, 按: 项目}",
            "{group: 同一项目, rules: all, mode: highest-only, per: 项目}",
        ],
    )
    def test_in_chinese(self, tmp_path: Path, group: str) -> None:
        """按: 项目 says what `per: project` says."""
        books = [
            pack(tmp_path / "zh", f"stacking:\n  - {group}\n"),
            pack(tmp_path / "en"),
        ]
        assert books[0].groups == books[1].groups
        assert isinstance(books[0].groups[0].combine, Highest)

    def test_diff(self, tmp_path: Path) -> None:
        """A group that comes to go by records is told as a change."""
        old = pack(tmp_path / "old", GROUP.replace(", per: project", ""))
        new = pack(tmp_path / "new")
        found = Differences.between(old, new)
        (change,) = found.changes
        assert change.aspect is Aspect.GROUP
        rules = "equipment、output、flagship"
        wanted = f"就高不重复：{rules} → 同一项目就高不重复：{rules}"
        assert wanted in str(found)

    def test_a_capped_group_may_switch_it_off(self, tmp_path: Path) -> None:
        """`per: none` goes with any mode, as under one reading of a clause."""
        group = "{group: 合计, rules: all, cap: 1万元, per: none}"
        assert len(pack(tmp_path, f"stacking:\n  - {group}\n").groups) == 1

    def test_a_reading_decides(self, tmp_path: Path) -> None:
        """Whether 不重复 is meant of each project may be a reading; both are told."""
        policy = """\
readings:
  scope:
    question: 就高以项目还是以企业为单位？
    values: {project: 项目, firm: 企业}
stacking:
  - group: 就高
    rules: all
    mode: highest-only
    per: {reading: scope, project: project, firm: none}
"""
        found = evaluated(pack(tmp_path, policy), FIRST, SECOND)["output"]
        assert found.amount == 60_000
        assert [(o.value, o.amount) for o in found.alternatives] == [("firm", 0)]


class TestNeverAgain:
    """每个项目只奖一次，同一项目就高不重复"""

    ONCE = BODIES["equipment"] + "\nonce: per project.id"

    def test_once_for_each_record_is_no_limit_over_several(
        self, tmp_path: Path
    ) -> None:
        """Two projects are paid by their equipment, each once."""
        book = pack(tmp_path, equipment=self.ONCE)
        other = project("丁", "200万元", "100万元")
        found = evaluated(book, FIRST, other)
        assert amounts(found) == ["30", "0", "0"]

    def test_what_was_paid_once_is_less_of_the_others(self, tmp_path: Path) -> None:
        """Paid 2万元 by its equipment, a project is still due 4万元 of 6万元."""
        book = pack(tmp_path, equipment=self.ONCE)
        before = {"rule": "equipment", "record": "乙", "amount": "2万元"}
        found = evaluated(book, SECOND, awards=[before])
        assert amounts(found) == ["0", "4", "0"]

    def test_a_beaten_record_names_the_rule(self, tmp_path: Path) -> None:
        """Of a record that is paid under another rule it is said which one."""
        found = evaluated(pack(tmp_path), FIRST, SECOND)["equipment"]
        lines = found.explain().split("\n")
        assert "    ✗ 就高不重复：由 output 享受" in lines
