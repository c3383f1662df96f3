"""No amount above its cap, once means once, and more cost never means less money."""

import copy

from decimal import Decimal
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

import incentives

from incentives import Outcome, ReasonCode, RuleBook
from tests.property.books import FIRMS, rule_books
from tests.property.strategies import (
    COMPLETE,
    COSTS,
    COUNTY_RECORDS,
    DAYS,
    ENTERPRISES,
    FIRM,
    READINGS,
    partly_known,
)

WAN = Decimal(10_000)
#: What one item of each rule can come to at most, in yuan.
CAPS = {
    "private-top-500": 500 * WAN,
    "fujian-top-100": 200 * WAN,
    "manufacturing-champion": 50 * WAN,
    "pilot-platform": 500 * WAN,
    "county-excellence": 300 * WAN,
}
ONCE = ["private-top-500", "fujian-top-100", "manufacturing-champion"]
GROUP = ONCE
LATE = "2028-06-01"
Three = tuple[dict[str, Any], dict[str, Any], dict[str, Any]]


def platform(equipment: str, software: str, fiscal: str) -> dict[str, Any]:
    """A platform that meets every condition, at these costs."""
    return {
        "id": "p1",
        "chain": "运动鞋",
        "market_operated": True,
        "recognised": "2026-03-01",
        "equipment_cost": equipment,
        "software_cost": software,
        "fiscal_funding": fiscal,
    }


def subsidy(
    *costs: str, paid: tuple[Decimal, ...] = (), as_of: str = LATE
) -> incentives.Determination:
    record = {
        "id": FIRM,
        "kind": "enterprise",
        "city": "泉州市",
        "platforms": [platform(*costs)],
        "awards": [
            {"rule": "pilot-platform", "record": "p1", "amount": str(amount)}
            for amount in paid
            if amount > 0
        ],
    }
    return incentives.evaluate(record, as_of=as_of)["pilot-platform"]


class TestCap:
    """经认定的按非财政资金购置设备软件费用的30%，给予不超过500万元补助"""

    @given(partly_known(), DAYS, READINGS)
    def test_no_item_is_above_its_cap(
        self, known: Three, day: str, readings: dict[str, str]
    ) -> None:
        """No record earns more than its clause names, nor could it."""
        for found in incentives.evaluate(known[1], as_of=day, readings=readings):
            for item in found.items:
                assert item.amount is None or item.amount <= CAPS.get(found.rule.id, 0)
                assert item.known.high is not None
                assert item.known.high <= 100 * CAPS.get(found.rule.id, 0)

    @given(COSTS, COSTS, COSTS)
    def test_the_amount_is_the_rate_then_the_cap(
        self, equipment: str, software: str, fiscal: str
    ) -> None:
        """30 % of what is not fiscal money, half up at the fen, 500万元 at most."""
        base = Decimal(equipment) + Decimal(software) - Decimal(fiscal)
        share = max(Decimal(0), base) * 3 / 10
        exact = min(share.quantize(Decimal("0.01"), "ROUND_HALF_UP"), 500 * WAN)
        assert subsidy(equipment, software, fiscal).amount == exact

    @given(COSTS, COSTS, COSTS, st.lists(COSTS, max_size=3))
    def test_the_cap_is_net_of_what_was_paid(
        self, equipment: str, software: str, fiscal: str, paid: list[str]
    ) -> None:
        """What the platform got before counts against its cap for life."""
        alone = subsidy(equipment, software, fiscal)
        assert alone.amount is not None
        before = tuple(Decimal(amount) for amount in paid)
        left = max(Decimal(0), 500 * WAN - sum(before, Decimal(0)))
        found = subsidy(equipment, software, fiscal, paid=before)
        assert found.amount == min(alone.amount, left)
        if alone.amount > 0 and left == 0:
            assert found.reasons[0].code is ReasonCode.ALREADY_AWARDED

    @given(st.lists(st.tuples(COSTS, COSTS, COSTS), min_size=1, max_size=6))
    def test_payments_never_exceed_the_cap(
        self, claims: list[tuple[str, str, str]]
    ) -> None:
        """However often new costs are claimed, a platform gets 500万元 in all."""
        paid: tuple[Decimal, ...] = ()
        for claim in claims:
            amount = subsidy(*claim, paid=paid).amount
            assert amount is not None
            paid = (*paid, amount)
            assert sum(paid) <= 500 * WAN

    @given(ENTERPRISES, DAYS)
    def test_all_platforms_together(self, record: dict[str, Any], day: str) -> None:
        """Paying every platform what is due leaves none above its cap."""
        found = incentives.evaluate(record, as_of=day)["pilot-platform"]
        if found.outcome is Outcome.UNDETERMINED:
            return
        for item, each in zip(found.items, record["platforms"], strict=True):
            before = sum(
                Decimal(paid["amount"])
                for paid in record["awards"]
                if paid["rule"] == "pilot-platform"
                and paid["record"] == each["id"]
                and paid.get("policy") is None
                and paid.get("date", "") <= day
            )
            assert item.amount is not None
            assert item.amount == 0 or before + item.amount <= 500 * WAN


class TestMonotone:
    """“非财政资金购置设备软件费用”: cost counts for an applicant, fiscal money against."""

    @given(partly_known(ENTERPRISES), DAYS, READINGS, st.data())
    def test_more_cost_never_gives_less(
        self, known: Three, day: str, readings: dict[str, str], data: st.DataObject
    ) -> None:
        """Both the amount and its bounds only rise with a cost."""
        self.compare(known[1], day, readings, data, "equipment_cost", more_is_more=True)

    @given(partly_known(ENTERPRISES), DAYS, READINGS, st.data())
    def test_more_fiscal_money_never_gives_more(
        self, known: Three, day: str, readings: dict[str, str], data: st.DataObject
    ) -> None:
        """Both the amount and its bounds only fall with fiscal money."""
        self.compare(
            known[1], day, readings, data, "fiscal_funding", more_is_more=False
        )

    def compare(  # noqa: PLR0913  # what a law is about
        self,
        record: dict[str, Any],
        day: str,
        readings: dict[str, str],
        data: st.DataObject,
        name: str,
        *,
        more_is_more: bool,
    ) -> None:
        assume(any(name in each for each in record.get("platforms", ())))
        larger = copy.deepcopy(record)
        for each in larger["platforms"]:
            if name in each:
                each[name] = str(Decimal(each[name]) + Decimal(data.draw(COSTS)))
        found = [
            incentives.evaluate(each, as_of=day, readings=readings)["pilot-platform"]
            for each in (record, larger)
        ]
        less, more = found if more_is_more else found[::-1]
        assert less.bounds[0] <= more.bounds[0]
        assert less.bounds[1] is not None
        assert more.bounds[1] is not None
        assert less.bounds[1] <= more.bounds[1]
        if less.amount is not None and more.amount is not None:
            assert less.amount <= more.amount


class TestOnce:
    """由市级财政每家给予500万元一次性奖励 …… 市财政给予一次性配套50万元奖励"""

    @given(COMPLETE, DAYS)
    def test_once_means_once(self, record: dict[str, Any], day: str) -> None:
        """After what is due was paid, nothing of a fixed award is ever due again."""
        readings = {"effective-date": "2024-09-01"}
        first = incentives.evaluate(record, as_of=day, readings=readings)
        paid = [
            {"rule": each.rule.id, "amount": str(each.amount), "date": day}
            for each in first
            if each.rule.id in {*ONCE, "county-excellence"} and each.amount
        ]
        after = {**record, "awards": [*record["awards"], *paid]}
        for as_of in (day, LATE):
            again = incentives.evaluate(after, as_of=as_of, readings=readings)
            for each in paid:
                found = again[each["rule"]]
                assert found.amount == 0
                assert found.bounds == (0, 0)

    @given(ENTERPRISES, DAYS)
    def test_each_year_of_a_list_at_most_once(
        self, record: dict[str, Any], day: str
    ) -> None:
        """Read per list year, a rule pays at most once for each year listed."""
        readings = {"one-time": "per-list-year", "effective-date": "2024-01-01"}
        found = incentives.evaluate(record, as_of=day, readings=readings)
        years = {listing["year"] for listing in record["listings"]}
        for rule in ("private-top-500", "fujian-top-100"):
            assert found[rule].amount is not None
            assert found[rule].amount <= len(years) * CAPS[rule]
            once = incentives.evaluate(
                record, as_of=day, readings={**readings, "one-time": "once"}
            )
            assert once[rule].amount is not None
            assert once[rule].amount <= found[rule].amount

    @given(COMPLETE, DAYS)
    def test_an_award_of_another_policy_does_not_count(
        self, record: dict[str, Any], day: str
    ) -> None:
        """What was paid under another policy leaves everything as it is."""
        elsewhere = [{**award, "policy": "别的政策"} for award in record["awards"]]
        found = incentives.evaluate({**record, "awards": elsewhere}, as_of=day)
        alone = incentives.evaluate({**record, "awards": []}, as_of=day)
        assert [each.amount for each in found] == [each.amount for each in alone]


class TestSubjects:
    """对获评全省县域重点产业链高质量发展优秀奖的县域……由市财政分别给予一次性配套"""

    @given(ENTERPRISES, DAYS, READINGS)
    def test_county_awards_go_to_counties_only(
        self, record: dict[str, Any], day: str, readings: dict[str, str]
    ) -> None:
        """No enterprise gets the award of a county."""
        found = incentives.evaluate(record, as_of=day, readings=readings)
        for each in found:
            if each.rule.subject == "county":
                assert each.outcome is Outcome.INELIGIBLE
                assert each.reasons[0].code is ReasonCode.OTHER_SUBJECT

    @given(COUNTY_RECORDS, DAYS, READINGS)
    def test_enterprise_awards_go_to_enterprises_only(
        self, record: dict[str, Any], day: str, readings: dict[str, str]
    ) -> None:
        """No county gets the award of an enterprise."""
        found = incentives.evaluate(record, as_of=day, readings=readings)
        for each in found:
            if each.rule.subject == "enterprise":
                assert each.outcome is Outcome.INELIGIBLE
                assert each.reasons[0].code is ReasonCode.OTHER_SUBJECT


class TestTotals:
    """An amount is `"0"` where ineligible, null where undetermined or non-cash."""

    @given(partly_known(), DAYS, READINGS)
    def test_amounts_follow_outcomes(
        self, known: Three, day: str, readings: dict[str, str]
    ) -> None:
        """Of money, eligible is more than nothing; the total is the sum of amounts."""
        found = incentives.evaluate(known[1], as_of=day, readings=readings)
        self.check(found)

    @given(rule_books(), partly_known(FIRMS), DAYS)
    def test_amounts_follow_outcomes_in_any_book(
        self, book: RuleBook, known: Three, day: str
    ) -> None:
        """So it is in every book."""
        self.check(incentives.evaluate(known[1], as_of=day, rules=book))

    def check(self, found: incentives.Assessment) -> None:
        for each in found:
            low, high = each.bounds
            assert low >= 0
            assert high is None or low <= high
            match each.outcome:
                case Outcome.ELIGIBLE if each.is_cash:
                    assert each.amount is not None
                    assert each.amount > 0
                    assert each.bounds == (each.amount, each.amount)
                case Outcome.INELIGIBLE:
                    assert each.amount == 0
                    assert each.bounds == (0, 0)
                case _:
                    assert each.amount is None
            assert each.outcome is Outcome.UNDETERMINED or each.missing == ()
        amounts = [each.amount for each in found if each.amount is not None]
        assert found.total == sum(amounts)
        assert found.total <= found.bounds[0]


class TestStacking:
    """就高不重复: of several rules only the highest is paid, less what was paid before."""

    @given(partly_known(ENTERPRISES), DAYS)
    def test_the_highest_only(self, known: Three, day: str) -> None:
        """It is never more than all of them, and the highest where none was paid."""
        record = {**known[1], "awards": []}
        every, highest = (
            incentives.evaluate(record, as_of=day, readings={"stacking": mode})
            for mode in ("cumulative", "highest-only")
        )
        assert highest.total <= every.total
        assert highest.bounds[0] <= every.bounds[0]
        alone = [every[rule].amount for rule in GROUP]
        together = [highest[rule].amount for rule in GROUP]
        if None not in alone:
            assert together.count(0) >= len(GROUP) - 1
            assert sum(together) == max(alone)
        assert every["pilot-platform"].amount == highest["pilot-platform"].amount

    @given(ENTERPRISES, DAYS)
    def test_nobody_gets_more_than_the_highest_in_all(
        self, record: dict[str, Any], day: str
    ) -> None:
        """What the group got before and gets now is at most what its highest gives."""
        readings = {"stacking": "highest-only", "effective-date": "2024-09-01"}
        awards: list[dict[str, Any]] = []
        for as_of in sorted({"2025-01-01", day, LATE}):
            asked = {**record, "awards": awards}
            found = incentives.evaluate(asked, as_of=as_of, readings=readings)
            awards += [
                {"rule": rule, "amount": str(found[rule].amount), "date": as_of}
                for rule in GROUP
                if found[rule].amount
            ]
        awards = [award for award in awards if award["date"] <= LATE]
        assert sum(Decimal(award["amount"]) for award in awards) <= 500 * WAN


class TestAlternatives:
    """`alternatives`: the amounts under the other readings of ambiguous words."""

    @given(partly_known(), DAYS, st.sampled_from(list(CAPS)))
    def test_an_alternative_is_an_evaluation(
        self, known: Three, day: str, rule: str
    ) -> None:
        """Every alternative is what `evaluate` says under that reading."""
        found = incentives.evaluate(known[1], as_of=day)
        for other in found[rule].alternatives:
            again = incentives.evaluate(
                known[1], as_of=day, readings={other.reading: other.value}
            )[rule]
            assert (again.outcome, again.amount) == (other.outcome, other.amount)
            changed = (again.outcome, again.amount, again.bounds)
            now = found[rule]
            assert changed != (now.outcome, now.amount, now.bounds)

    @given(partly_known(), DAYS, READINGS)
    def test_what_is_no_alternative_changes_nothing(
        self, known: Three, day: str, readings: dict[str, str]
    ) -> None:
        """A reading that is not among the alternatives leaves a rule as it is."""
        found = incentives.evaluate(known[1], as_of=day)
        again = incentives.evaluate(known[1], as_of=day, readings=readings)
        for rule in CAPS:
            offered = {(a.reading, a.value) for a in found[rule].alternatives}
            if not offered & readings.items():
                now, then = found[rule], again[rule]
                assert (now.outcome, now.amount) == (then.outcome, then.amount)
