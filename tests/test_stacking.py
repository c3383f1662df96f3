"""Exclusive groups: the highest of its rules, less what the others were paid."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from attrs import evolve

import incentives

from incentives import Assessment, Outcome, ReasonCode, Rule, RuleBook, Verdict, ir
from incentives.grouping import Group, Highest, Past
from incentives.ir import Kind
from incentives.known import Known
from incentives.money import Rounding
from incentives.policy import Clause, Policy, Requirement, Status, Window
from incentives.standards import Cash, Discretionary

#: An invented firm; the code is valid under GB 32100-2015.
FIRM = "91350582MA31ABCD0M"
DAY = "2025-10-01"
HIGHEST = {"stacking": "highest-only"}
TOP = {
    "list": "中国民营企业500强",
    "publisher": "中华全国工商业联合会",
    "published": "2025-08-28",
}
FUJIAN = {
    "list": "福建省民营企业100强",
    "publisher": "福建省工商业联合会",
    "published": "2025-09-20",
}
CHAMPION = {
    "title": "制造业单项冠军企业",
    "level": "national",
    "first": True,
    "date": "2025-05-01",
}


def firm(**facts: Any) -> dict[str, Any]:
    known = {"listings": [], "recognitions": [], "platforms": [], "projects": []}
    return {"id": FIRM, "kind": "enterprise", "city": "泉州市", **known, **facts}


def highest(record: dict[str, Any]) -> Assessment:
    return incentives.evaluate(record, as_of=DAY, readings=HIGHEST)


def answer(found: Assessment, rule: str) -> tuple[str, str | None, str]:
    """Outcome, amount, and the first reason that is not met, if there is one."""
    each = found[rule]
    amount = None if each.amount is None else f"{each.amount:f}"
    codes = [r.code.value for r in each.reasons if r.verdict is not Verdict.MET]
    return each.outcome.value, amount, codes[0] if codes else ""


PAID = ("eligible", "5000000", "")
SUPERSEDED = ("ineligible", "0", "superseded")


class TestPack:
    """AMB-09: 500强、100强、单项冠军三项奖励，就高不重复，此前已得部分抵减"""

    def test_the_highest_is_paid(self) -> None:
        """Of three, the 500万元 are paid; the others say which rule supersedes them."""
        found = highest(firm(listings=[FUJIAN, TOP], recognitions=[CHAMPION]))
        assert answer(found, "private-top-500") == PAID
        for rule in ("fujian-top-100", "manufacturing-champion"):
            assert answer(found, rule) == SUPERSEDED
            assert found[rule].rival == "private-top-500"
        reason = found["fujian-top-100"].reasons[0]
        assert reason.condition == "就高不重复：由 private-top-500 享受"
        assert found.bounds == (Decimal(5_000_000), Decimal(5_000_000))

    def test_an_open_rival_leaves_the_lower_open(self) -> None:
        """While the higher may still come to nothing, the lower may still be paid."""
        unsure = {name: fact for name, fact in TOP.items() if name != "publisher"}
        found = highest(firm(listings=[unsure, FUJIAN]))
        for rule, most in (
            ("private-top-500", 5_000_000),
            ("fujian-top-100", 2_000_000),
        ):
            assert found[rule].outcome is Outcome.UNDETERMINED
            assert found[rule].bounds == (Decimal(0), Decimal(most))
            assert found[rule].missing == ("listings[0].publisher",)
        assert found.total == 0
        assert found.bounds == (Decimal(2_000_000), Decimal(5_000_000))
        assert found.missing == ("listings[0].publisher",)

    def test_what_a_certain_rival_beats_is_decided(self) -> None:
        """The lowest of three is superseded although the highest is still open."""
        unsure = {name: fact for name, fact in TOP.items() if name != "publisher"}
        found = highest(firm(listings=[unsure, FUJIAN], recognitions=[CHAMPION]))
        assert answer(found, "manufacturing-champion") == SUPERSEDED
        assert found["manufacturing-champion"].rival == "fujian-top-100"

    def test_what_was_paid_counts_against_the_others(self) -> None:
        """Having got 200万元, the firm gets the 300万元 that are left of 500万元."""
        paid = [{"rule": "fujian-top-100", "amount": "200万元"}]
        found = highest(firm(listings=[TOP, FUJIAN], awards=paid))
        assert answer(found, "private-top-500")[:2] == ("eligible", "3000000")
        assert answer(found, "fujian-top-100") == ("ineligible", "0", "already-awarded")
        assert found.total == Decimal(3_000_000)

    def test_nothing_is_left_of_less_than_was_paid(self) -> None:
        """Having got 500万元, nothing of 200万元 is left, and it is said whose."""
        paid = [{"rule": "private-top-500", "amount": "500万元"}]
        found = highest(firm(listings=[TOP, FUJIAN], awards=paid))
        assert answer(found, "fujian-top-100") == SUPERSEDED
        assert found["fujian-top-100"].rival == "private-top-500"
        assert found.bounds == (0, 0)

    def test_the_rival_is_the_one_that_was_paid(self) -> None:
        """Nothing is left because of the 200万元, not of what was never due."""
        paid = [{"rule": "fujian-top-100", "amount": "200万元"}]
        found = highest(firm(recognitions=[CHAMPION], awards=paid))
        assert answer(found, "manufacturing-champion") == SUPERSEDED
        assert found["manufacturing-champion"].rival == "fujian-top-100"

    def test_an_unknown_payment_leaves_the_rest_open(self) -> None:
        """What was paid before, nobody knows how much, may leave all or nothing."""
        paid = [{"rule": "fujian-top-100"}]
        found = highest(firm(listings=[TOP, FUJIAN], awards=paid))
        assert found["private-top-500"].outcome is Outcome.UNDETERMINED
        assert found["private-top-500"].bounds == (Decimal(0), Decimal(5_000_000))
        assert found["private-top-500"].missing == ("awards[0].amount",)

    def test_a_platform_is_not_in_the_group(self) -> None:
        """The subsidy of a platform is paid beside the highest of the group."""
        platform = {
            "id": "p1",
            "chain": "运动鞋",
            "market_operated": True,
            "recognised": "2025-03-01",
            "equipment_cost": "100万元",
            "software_cost": 0,
            "fiscal_funding": 0,
        }
        found = highest(firm(listings=[TOP, FUJIAN], platforms=[platform]))
        assert found.total == Decimal(5_300_000)

    def test_a_county_has_no_group(self) -> None:
        """For a county the group of enterprises has no members."""
        found = highest({"id": "晋江市", "kind": "county", "honours": []})
        assert found.bounds == (0, 0)


# --- books made by hand ----------------------------------------------------------


def cash(rule_id: str, amount: ir.Term) -> Rule:
    """A rule that everybody meets."""
    return Rule(
        id=rule_id,
        title=rule_id,
        clause=Clause("一", "（虚构）"),
        subject="enterprise",
        requirements=(Requirement(ReasonCode.CONDITION_UNMET, ir.All(())),),
        award=Cash(ir.Round(amount, 1, Rounding.HALF_UP)),
        window=Window(
            date(2024, 1, 1), date(2027, 12, 31), date(2024, 1, 1), date(2024, 1, 1)
        ),
    )


def money(yuan: int) -> ir.Constant:
    return ir.Constant(yuan * 100, Kind.MONEY)


def either(fact: str, yes: int, no: int) -> ir.Term:
    """An amount that depends on a truth that may be unknown."""
    truth = ir.Holds(ir.Fact(fact, Kind.BOOLEAN))
    return ir.Choose((ir.Branch(truth, money(yes)),), money(no))


PAST = Past(
    ir.All(()),
    ir.Fact("rule", Kind.TEXT, "award"),
    ir.Fact("amount", Kind.MONEY, "award", low=0),
)


def book(*rules: Rule, groups: tuple[tuple[str, ...], ...] = ()) -> RuleBook:
    return RuleBook(
        policy=Policy("invented", "（虚构）", "（虚构）", Status.ISSUED),
        vocabulary=incentives.bundled().vocabulary,
        rules=rules,
        groups=tuple(
            Group(f"g{at}", group, Highest(PAST)) for at, group in enumerate(groups)
        ),
        declared_readings={},
        readings={},
        digest="",
        interpret=lambda _: incentives.bundled(),
    )


def outcomes(rules: RuleBook, **facts: Any) -> list[tuple[str, str | None]]:
    found = incentives.evaluate({"id": FIRM, **facts}, as_of=DAY, rules=rules)
    return [
        (each.outcome.value, None if each.amount is None else f"{each.amount:f}")
        for each in found
    ]


class TestEquals:
    """Among equals the first is paid, and that never changes with what is learnt."""

    def test_first_of_equals(self) -> None:
        """Of two equal awards the first of the book is paid."""
        rules = book(cash("a", money(5)), cash("b", money(5)), groups=(("a", "b"),))
        assert outcomes(rules) == [("eligible", "5"), ("ineligible", "0")]

    def test_a_later_rule_waits_for_an_earlier_equal(self) -> None:
        """While the first may still come to as much, the second is not decided."""
        first, second = cash("a", either("technology_sme", 5, 0)), cash("b", money(5))
        rules = book(first, second, groups=(("a", "b"),))
        assert outcomes(rules) == [("undetermined", None), ("undetermined", None)]
        yes, no = (outcomes(rules, technology_sme=truth) for truth in (True, False))
        assert yes == [("eligible", "5"), ("ineligible", "0")]
        assert no == [("ineligible", "0"), ("eligible", "5")]

    def test_an_earlier_rule_need_not_wait(self) -> None:
        """The first is paid although the second may come to as much."""
        first, second = cash("a", money(5)), cash("b", either("technology_sme", 5, 0))
        rules = book(first, second, groups=(("a", "b"),))
        assert outcomes(rules) == [("eligible", "5"), ("ineligible", "0")]

    def test_the_highest_may_itself_be_open(self) -> None:
        """What is the highest in every case supersedes, though its amount is open."""
        first = cash("a", either("technology_sme", 9, 7))
        rules = book(first, cash("b", money(5)), groups=(("a", "b"),))
        found = incentives.evaluate({"id": FIRM}, as_of=DAY, rules=rules)
        assert found["a"].bounds == (Decimal(7), Decimal(9))
        assert found["b"].code is ReasonCode.SUPERSEDED
        assert found.bounds == (Decimal(7), Decimal(9))

    def test_an_award_without_limit(self) -> None:
        """What has no limit may be the highest, and then bounds have none."""
        endless = ir.Sum("listings", "listing", ir.All(()), money(1))
        rules = book(cash("a", endless), cash("b", money(5)), groups=(("a", "b"),))
        found = incentives.evaluate({"id": FIRM}, as_of=DAY, rules=rules)
        assert [each.outcome for each in found] == [Outcome.UNDETERMINED] * 2
        assert found.bounds == (Decimal(5), None)
        assert found["a"].bounds == (Decimal(0), None)


class TestGroups:
    def test_a_lone_member_is_paid(self) -> None:
        """A group of one leaves its rule as it is."""
        assert outcomes(book(cash("a", money(5)), groups=(("a",),))) == [
            ("eligible", "5")
        ]

    def test_a_lone_member_is_not_cut_by_its_own_award(self) -> None:
        """What a group of one got itself before is for the rule to count."""
        rules = book(cash("a", money(5)), groups=(("a",),))
        paid = [{"rule": "a", "amount": "3"}]
        assert outcomes(rules, awards=paid) == [("eligible", "5")]

    def test_two_groups(self) -> None:
        """Each group pays its highest; what is in neither is paid as well."""
        rules = book(
            *(cash(name, money(at)) for at, name in enumerate("abcde", start=1)),
            groups=(("a", "b"), ("c", "d")),
        )
        found = incentives.evaluate({"id": FIRM}, as_of=DAY, rules=rules)
        assert [each.amount for each in found] == [0, 2, 0, 4, 5]
        assert found.possible == Known(1100, 1100)

    @pytest.mark.parametrize("empty", [(), ("x",)])
    def test_a_group_without_members(self, empty: tuple[str, ...]) -> None:
        """A group none of whose rules applies changes nothing."""
        assert outcomes(book(cash("a", money(5)), groups=(empty,))) == [
            ("eligible", "5")
        ]

    def test_what_is_not_money_does_not_stack(self) -> None:
        """A discretionary member has no amount that could be higher or lower."""
        discretionary = evolve(cash("b", money(1)), award=Discretionary("另定"))
        rules = book(cash("a", money(5)), discretionary, groups=(("a", "b"),))
        assert outcomes(rules) == [("eligible", "5"), ("discretionary", None)]
