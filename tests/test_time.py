"""Law and facts of a day: windows to the day, sunsets, and what is not known of 2024."""

from decimal import Decimal
from typing import Any

import pytest

import incentives

from incentives import Determination, Outcome, ReasonCode, Verdict

#: An invented firm; the code is valid under GB 32100-2015.
FIRM = "91350582MA31ABCD0M"
TOP, FUJIAN = "private-top-500", "fujian-top-100"
CHAMPION, PLATFORM, COUNTY = (
    "manufacturing-champion",
    "pilot-platform",
    "county-excellence",
)


def record(rule: str, event: Any, applied: str | None = None) -> dict[str, Any]:
    """Whoever meets every condition of a rule, with its event on a day."""
    firm = {"id": FIRM, "kind": "enterprise", "city": "泉州市"}
    dated: dict[str, Any] = {} if applied is None else {"applied": applied}
    match rule:
        case "private-top-500":
            known = {
                "list": "中国民营企业500强",
                "publisher": "全国工商联",
                "year": 2025,
            }
            return {**firm, "listings": [{**known, "published": event, **dated}]}
        case "fujian-top-100":
            known = {
                "list": "福建省民营企业100强",
                "publisher": "省工商联",
                "year": 2025,
            }
            return {**firm, "listings": [{**known, "published": event, **dated}]}
        case "manufacturing-champion":
            known = {"title": "制造业单项冠军企业", "level": "国家级", "first": True}
            return {**firm, "recognitions": [{**known, "date": event, **dated}]}
        case "pilot-platform":
            known = {"id": "p1", "chain": "运动鞋", "market_operated": True}
            costs = {
                "equipment_cost": "100万元",
                "software_cost": 0,
                "fiscal_funding": 0,
            }
            platform = {**known, **costs, "recognised": event, **dated}
            return {**firm, "platforms": [platform]}
        case _:
            known = {"title": "全省县域重点产业链高质量发展优秀奖"}
            honour = {**known, "date": event, **dated}
            return {"id": "晋江市", "kind": "county", "honours": [honour]}


def asked(
    rule: str, event: Any, as_of: str, applied: str | None = None, **readings: str
) -> Determination:
    read = {name.replace("_", "-"): value for name, value in readings.items()}
    found = incentives.evaluate(
        record(rule, event, applied), as_of=as_of, readings=read
    )
    return found[rule]


def first_code(found: Determination) -> ReasonCode | None:
    return next((r.code for r in found.reasons if r.verdict is not Verdict.MET), None)


AMOUNTS = {
    TOP: 5_000_000,
    FUJIAN: 2_000_000,
    CHAMPION: 500_000,
    PLATFORM: 300_000,
    COUNTY: 3_000_000,
}
ENDS = {
    **dict.fromkeys((TOP, FUJIAN), ("2025-12-30", "2025-12-31", "2026-01-01")),
    **dict.fromkeys(
        (CHAMPION, PLATFORM, COUNTY), ("2027-12-30", "2027-12-31", "2028-01-01")
    ),
}
each_rule = pytest.mark.parametrize("rule", AMOUNTS)


class TestSunset:
    """有效期至2025年12月31日，其他条例有效期至2027年12月31日"""

    @each_rule
    def test_last_day_included(self, rule: str) -> None:
        """On the last day an event is inside, on the next it is too late."""
        before, last, after = ENDS[rule]
        for event in (before, last):
            assert asked(rule, event, "2030-01-01").amount == Decimal(AMOUNTS[rule])
        late = asked(rule, after, "2030-01-01")
        assert (late.amount, first_code(late)) == (0, ReasonCode.EXPIRED)

    @each_rule
    def test_last_day_excluded(self, rule: str) -> None:
        """Read the other way, the last day is already too late."""
        before, last, _ = ENDS[rule]
        inside = asked(rule, before, "2030-01-01", last_day="excluded")
        assert inside.amount == Decimal(AMOUNTS[rule])
        late = asked(rule, last, "2030-01-01", last_day="excluded")
        assert (late.amount, first_code(late)) == (0, ReasonCode.EXPIRED)

    def test_list_sunset_of_the_whole_task(self) -> None:
        """Read as for all of task 1, the champion's sunset is that of the lists."""
        for event, amount in (("2025-12-31", 500_000), ("2026-01-01", 0)):
            found = asked(CHAMPION, event, "2030-01-01", list_sunset="whole-task")
            assert found.amount == Decimal(amount)


class TestEffect:
    """本文件自印发之日起施行"""

    @each_rule
    def test_first_day_included(self, rule: str) -> None:
        """On the day of issue an event is inside, the day before it is too early."""
        day = "2024-09-01"
        inside = asked(rule, day, "2025-06-01", effective_date=day)
        assert inside.amount == Decimal(AMOUNTS[rule])
        early = asked(rule, "2024-08-31", "2025-06-01", effective_date=day)
        assert (early.amount, first_code(early)) == (0, ReasonCode.NOT_YET_EFFECTIVE)

    @pytest.mark.parametrize("rule", [TOP, FUJIAN])
    def test_lists_of_all_of_2024(self, rule: str) -> None:
        """Read so, the lists of 2024 count from its first day."""
        for event, amount in (("2023-12-31", 0), ("2024-01-01", AMOUNTS[rule])):
            found = asked(
                rule,
                event,
                "2025-06-01",
                lists_of_2024="whole-year",
                effective_date="2024-09-01",
            )
            assert found.amount == Decimal(amount)

    @each_rule
    def test_nothing_before_the_policy_is_in_force(self, rule: str) -> None:
        """The day before the effective date nothing is due, on that day it is."""
        day = "2025-03-01"
        early = asked(rule, day, "2025-02-28", effective_date=day)
        assert (early.amount, first_code(early)) == (0, ReasonCode.NOT_YET_EFFECTIVE)
        assert asked(rule, day, day, effective_date=day).amount == AMOUNTS[rule]

    @pytest.mark.parametrize(
        ("event", "outcome", "code"),
        [
            ("2023-12-31", Outcome.INELIGIBLE, ReasonCode.NOT_YET_EFFECTIVE),
            ("2024-01-01", Outcome.UNDETERMINED, ReasonCode.EFFECTIVE_DATE_UNKNOWN),
            ("2024-12-30", Outcome.UNDETERMINED, ReasonCode.EFFECTIVE_DATE_UNKNOWN),
            ("2024-12-31", Outcome.ELIGIBLE, None),
            ("2025-01-01", Outcome.ELIGIBLE, None),
        ],
    )
    @each_rule
    def test_an_unknown_day_of_2024(
        self, rule: str, event: str, outcome: Outcome, code: ReasonCode | None
    ) -> None:
        """“2024年　月　日”: its last day is inside in every case, no other is."""
        found = asked(rule, event, "2025-06-01")
        assert (found.outcome, first_code(found)) == (outcome, code)
        assert found.missing == ()


class TestAsOf:
    """`as_of` takes law and facts of that day."""

    @each_rule
    def test_what_lies_ahead_has_not_happened(self, rule: str) -> None:
        """The day before its event nothing is due, on the day it is."""
        event = "2025-08-28"
        early = asked(rule, event, "2025-08-27")
        assert (early.amount, first_code(early)) == (0, ReasonCode.NOT_YET_HAPPENED)
        assert asked(rule, event, event).amount == Decimal(AMOUNTS[rule])

    @each_rule
    def test_what_fell_inside_stays_due(self, rule: str) -> None:
        """Years after the sunset, what fell inside is still due until it is paid."""
        assert asked(rule, "2025-08-28", "2040-01-01").amount == AMOUNTS[rule]

    @each_rule
    def test_an_event_that_did_not_happen(self, rule: str) -> None:
        """`false` is known, nothing is missing; null is not known."""
        known_not_to: Any = False
        never = asked(rule, known_not_to, "2025-10-01")
        assert (never.amount, never.missing) == (0, ())
        assert first_code(never) is ReasonCode.NOT_YET_HAPPENED
        unknown = asked(rule, None, "2025-10-01")
        assert unknown.outcome is Outcome.UNDETERMINED
        assert len(unknown.missing) == 1


class TestApplication:
    """AMB-03: 有效期内须发生的是事项本身，还是提出申请？"""

    @each_rule
    def test_the_day_of_application_decides(self, rule: str) -> None:
        """Read so, what was applied for in time is due, and what was not is late."""
        _, last, after = ENDS[rule]
        event, far = "2025-08-28", "2030-01-01"
        inside = asked(rule, event, far, last, dated_by="application")
        assert inside.amount == Decimal(AMOUNTS[rule])
        late = asked(rule, event, far, after, dated_by="application")
        assert (late.amount, first_code(late)) == (0, ReasonCode.EXPIRED)

    @each_rule
    def test_an_application_that_lies_ahead(self, rule: str) -> None:
        """What nobody has applied for yet is not yet due."""
        found = asked(
            rule, "2025-08-28", "2025-10-01", "2025-10-02", dated_by="application"
        )
        assert (found.amount, first_code(found)) == (0, ReasonCode.NOT_YET_HAPPENED)

    @each_rule
    def test_an_unknown_application(self, rule: str) -> None:
        """Whether anybody has applied is a fact, and it is missing."""
        found = asked(rule, "2025-08-28", "2025-10-01", dated_by="application")
        assert found.outcome is Outcome.UNDETERMINED
        (path,) = found.missing
        assert path.endswith(".applied")


class TestSupports:
    """A support without an event of its own is there while the policy is."""

    @pytest.mark.parametrize(
        ("day", "code"),
        [
            ("2023-12-31", ReasonCode.NOT_YET_EFFECTIVE),
            ("2024-06-01", ReasonCode.EFFECTIVE_DATE_UNKNOWN),
            ("2024-12-31", None),
            ("2027-12-31", None),
            ("2028-01-01", ReasonCode.EXPIRED),
        ],
    )
    def test_while_the_policy_is_in_force(
        self, day: str, code: ReasonCode | None
    ) -> None:
        """From the day of issue to the last day, included."""
        firm = {"id": FIRM, "technology_sme": True, "chain": "运动鞋"}
        found = incentives.evaluate(firm, as_of=day)["tech-loan"]
        assert first_code(found) is code
        expected = {
            None: Outcome.ELIGIBLE,
            ReasonCode.EFFECTIVE_DATE_UNKNOWN: Outcome.UNDETERMINED,
        }
        assert found.outcome is expected.get(code, Outcome.INELIGIBLE)


class TestAnEffectiveDateThatIsGiven:
    """其中“中国民营企业500强”和“福建省民营企业100强”有效期至2025年12月31日，其他条例有效期至2027年12月31日"""

    @pytest.mark.parametrize(
        ("effective", "due"),
        [("2025-12-31", 5_000_000), ("2026-01-01", 0), ("2028-01-01", 0)],
    )
    def test_a_day_at_or_after_a_sunset(self, effective: str, due: int) -> None:
        """A clause may be left one day, or none; the caller's day is no error of a pack."""
        found = incentives.evaluate(
            record(TOP, "2025-12-31"),
            as_of="2028-02-01",
            readings={"effective-date": effective},
        )
        assert found[TOP].amount == due
        others = {(o.reading, o.value): o.amount for o in found[TOP].alternatives}
        if due:
            assert others["last-day", "excluded"] == 0
        else:
            assert others["effective-date", "2024-01-01"] == 5_000_000
        assert found.to_dict()["readings"]["effective-date"] == effective
