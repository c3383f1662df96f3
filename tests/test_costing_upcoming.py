"""`upcoming()`: what lapses soon, what becomes due soon, and what is missing most."""

import json

from datetime import date
from pathlib import Path
from typing import Any

import pytest

import incentives

from incentives import RuleBook, Upcoming, UsageError
from tests.support.canglang import FIRM, PROJECT, firm, paid
from tests.support.costs import DAY, FACTS, FIRMS, A, B, C, book
from tests.test_costing_cost import rows


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> RuleBook:
    return book(tmp_path_factory.mktemp("pack"))


@pytest.fixture(scope="module")
def found(rules: RuleBook) -> Upcoming:
    """From 30 June 2026 to 6 January 2027: beyond the end of the policy."""
    return incentives.upcoming(FIRMS, rules, days=190, as_of=DAY)


class TestLapsing:
    """What is due or possible, and no longer from a day on."""

    def test_six_months(self, found: Upcoming) -> None:
        """Six months after 15 January and 1 May, to the day; support goes with the policy."""
        end = date(2027, 1, 1)
        assert rows(found.lapsing()) == [
            (B, "plant", date(2026, 7, 16), "eligible", 50_000, 50_000),
            (C, "plant", date(2026, 11, 2), "undetermined", None, 50_000),
            (B, "land", end, "eligible", None, 0),
            (C, "land", end, "undetermined", None, 0),
        ]
        assert found.until == date(2027, 1, 6)

    def test_beyond_the_horizon(self, rules: RuleBook) -> None:
        """What lapses on the day after the last day is not told yet."""
        told = [
            incentives.upcoming(FIRMS[1:2], rules, days=days, as_of=DAY)
            .lapsing()
            .height
            for days in (15, 16)
        ]
        assert told == [0, 1]

    def test_windows(self, found: Upcoming, rules: RuleBook) -> None:
        """The windows that close are told by rule, with their last day."""
        last = date(2026, 12, 31)
        assert rows(found.ending()) == [
            (r, last) for r in ("equipment", "land", "plant")
        ]
        soon = incentives.upcoming(FIRMS, rules, days=30, as_of=DAY)
        assert rows(soon.ending()) == []

    def test_by_the_end_of_the_policy(self, found: Upcoming) -> None:
        """An event within the window stays what it is when the window is over."""
        assert "equipment" not in found.lapsing()["rule"].to_list()

    def test_an_amount_without_limit(self, tmp_path: Path) -> None:
        """What may be any sum may be lost in any sum."""
        endless = """\
title: 投资奖励
conditions: [accepted + 6个月 ≥ as_of]
award: {rate: 10%, of: invested}
"""
        facts = FACTS + "  invested: {label: 投资, english: investment, type: money}\n"
        rules = book(tmp_path, facts=facts, invest=endless, plant=None, land=None)
        record = {"id": B, "accepted": "2026-01-15", "machines": []}
        found = incentives.upcoming([record], rules, as_of=DAY)
        day = date(2026, 7, 16)
        assert rows(found.lapsing()) == [(B, "invest", day, "undetermined", None, None)]
        assert "投资奖励  2026年7月16日  待定" in found.show()
        assert rows(found.missing()) == [("invested", 1, 0, 0, 1, None)]


class TestComing:
    """What becomes due within the days to come."""

    def test_instalments(self, in_three: RuleBook) -> None:
        """The second and third instalment are due one and two years after the first."""
        record = firm(staff=20, projects=[PROJECT])
        found = incentives.upcoming([record], in_three, days=700, as_of="2026-12-01")
        assert rows(found.coming()) == [
            (FIRM, "three", date(2027, 3, 1), 99_999),
            (FIRM, "three", date(2028, 3, 1), 66_666),
        ]

    def test_from_nothing(self, in_three: RuleBook) -> None:
        """Where all that was due is paid, the next instalment is due from its day on."""
        awards = [paid("three", "166665", "2026-05-01", record="p1")]
        record = firm(staff=20, projects=[PROJECT], awards=awards)
        found = incentives.upcoming([record], in_three, as_of="2026-12-15")
        assert rows(found.coming()) == [(FIRM, "three", date(2027, 3, 1), 99_999)]
        assert rows(found.lapsing()) == []

    def test_support(self, tmp_path: Path) -> None:
        """A support that begins is told without a sum."""
        land = "title: 供地支持\nconditions: [accepted + 6个月 < as_of]\naward: {non-cash: 优先供地}\n"
        rules = book(tmp_path, land=land)
        record = {"id": B, "accepted": "2026-01-15", "machines": [], "green": False}
        found = incentives.upcoming([record], rules, as_of=DAY)
        assert rows(found.coming()) == [(B, "land", date(2026, 7, 16), None)]
        assert "供地支持  2026年7月16日  非定额" in found.show()


class TestMissing:
    """The facts on which most money depends."""

    def test_by_money(self, found: Upcoming) -> None:
        """An unknown list of machines is worth its cap, and its departments are told."""
        assert rows(found.missing()) == [
            ("machines", 1, 100_000, 100_000, 0, "工信部门、财政部门"),
            ("green", 1, 50_000, 50_000, 0, "生态环境部门"),
        ]

    def test_of_records(self, rules: RuleBook) -> None:
        """A fact that several records lack counts once for the rule."""
        machines = [{"id": f"m{n}", "bought": "2026-03-20"} for n in range(2)]
        record = {"id": B, "green": False, "machines": machines}
        found = incentives.upcoming([record], rules, as_of=DAY)
        assert rows(found.missing()) == [
            ("machines.price", 1, 100_000, 100_000, 0, "财政部门")
        ]
        assert "设备·价格" in found.show()
        assert "machines·price" in found.show("en")

    def test_alone_or_with_others(self, rules: RuleBook) -> None:
        """What one fact unlocks by itself comes before what needs another as well."""
        machine = {"id": "m1", "bought": "2026-03-20"}
        only = {"id": A, "green": True, "accepted": None, "machines": []}
        both = {"id": B, "green": None, "accepted": None, "machines": [machine]}
        found = incentives.upcoming([only, both], rules, as_of=DAY)
        told = [row[:5] for row in rows(found.missing())]
        assert told == [
            ("machines.price", 1, 100_000, 100_000, 0),
            ("accepted", 2, 50_000, 100_000, 0),
            ("green", 1, 0, 50_000, 0),
        ]

    @pytest.mark.parametrize(
        ("fact", "value"),
        [
            ("green", True),
            ("machines", [{"id": "m1", "price": "200万元", "bought": "2026-03-20"}]),
        ],
    )
    def test_what_is_unlocked(
        self, found: Upcoming, rules: RuleBook, fact: str, value: Any
    ) -> None:
        """Once the fact is known, and no other, so much more is due at most."""
        (said,) = [row for row in rows(found.missing()) if row[0] == fact]
        known = [{**each, fact: each.get(fact, value)} for each in FIRMS]
        gained = (
            incentives.cost(known, rules, as_of=DAY).total
            - incentives.cost(FIRMS, rules, as_of=DAY).total
        )
        assert gained == said[2]

    def test_of_a_year(self, tmp_path: Path) -> None:
        """A figure of a year is told with its year, certified or not."""
        facts = FACTS + (
            "  tax: {label: 纳税额, english: tax, type: money, series: true}\n"
            "  loans: {label: 贷款, english: loans, record: loan, fields: "
            "{lent: {label: 金额, english: sum, type: money}}}\n"
        )
        tax = "title: 纳税奖励\nconditions: [none]\naward: {rate: 10%, of: 'tax[2025]', cap: 1万元}\n"
        loan = "title: 贴息\neach: loan\nconditions: [none]\naward: {rate: 10%, of: loan.lent, cap: 1万元}\n"
        rules = book(tmp_path, facts=facts, tax=tax, loan=loan)
        record = {"id": B, "green": False, "machines": [], "loans": None}
        found = incentives.upcoming([record], rules, as_of=DAY)
        told = rows(found.missing())
        assert ("tax[2025]", 1, 10_000, 10_000, 0, None) in told
        assert [row[5] for row in told if row[0] == "loans"] == [None]
        assert "纳税额[2025]" in found.show()


class TestWords:
    """What is coming as text and as data."""

    def test_chinese(self, found: Upcoming) -> None:
        """What is lost first, then what is missing."""
        said = str(found)
        assert said.startswith("清禾区若干措施（虚构）：近期到期与将到事项\n")
        assert "将失效：5万元\n将到期可得：0元\n" in said
        assert f"{C}  绿色工厂奖励  2026年11月2日  待定，至多5万元" in said

    def test_data(self, found: Upcoming) -> None:
        """Days and money as texts, ready for JSON."""
        data = found.to_dict()
        assert json.loads(json.dumps(data)) == data
        assert data["lapsing"][0]["from"] == "2026-07-16"
        assert data["missing"][0]["stake"] == "100000"
        assert repr(found) == (
            "Upcoming(3 subjects, as_of='2026-06-30', days=190, lapsing='50000')"
        )
        assert len(found) == 3
        assert found.rejected == ()

    @pytest.mark.parametrize("days", [0, -1, 3_661, True, 1.5, "90"])
    def test_no_number_of_days(self, rules: RuleBook, days: Any) -> None:
        """It is looked ahead from one day to ten years."""
        with pytest.raises(UsageError, match=r"^days: expected 1 to 3660, got"):
            incentives.upcoming(FIRMS, rules, days=days, as_of=DAY)

    def test_the_end_of_time(self, rules: RuleBook) -> None:
        """No day is looked at that cannot be asked about."""
        with pytest.raises(UsageError, match=r"^days: '2200-02-08' is outside"):
            incentives.upcoming(FIRMS, rules, as_of="2199-11-10")
