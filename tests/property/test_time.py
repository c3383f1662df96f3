"""Nothing outside the window, to the day, and nothing before the policy is in force."""

from datetime import date, timedelta
from typing import Any

from hypothesis import assume, example, given
from hypothesis import strategies as st

import incentives

from incentives import Determination, Outcome, ReasonCode
from incentives.dates import NEVER
from tests.property.strategies import COMPLETE, DAYS, FIRM

EFFECTIVE = date(2024, 9, 1)
#: The last day of each rule that pays for an event, as the closing paragraph says.
SUNSETS = {
    "private-top-500": date(2025, 12, 31),
    "fujian-top-100": date(2025, 12, 31),
    "manufacturing-champion": date(2027, 12, 31),
    "pilot-platform": date(2027, 12, 31),
    "county-excellence": date(2027, 12, 31),
}
#: Any day near the ends of a window, where a slip of one day shows.
NEAR = st.one_of(
    st.dates(date(2023, 1, 1), date(2029, 12, 31)),
    *(
        st.integers(-2, 2).map(lambda off, end=end: end + timedelta(days=off))
        for end in (EFFECTIVE, *sorted(set(SUNSETS.values())))
    ),
)
LATE = "2032-01-01"
READ = {"effective-date": EFFECTIVE.isoformat()}


def qualified(rule: str, event: date) -> dict[str, Any]:
    """Whoever meets every condition of a rule, with the event on a day."""
    day = event.isoformat()
    firm = {"id": FIRM, "kind": "enterprise", "city": "泉州市", "county": "晋江市"}
    match rule:
        case "private-top-500":
            listing = {"list": "中国民营企业500强", "publisher": "中华全国工商业联合会"}
            return {**firm, "listings": [{**listing, "published": day}]}
        case "fujian-top-100":
            listing = {"list": "福建省民营企业100强", "publisher": "福建省工商业联合会"}
            return {**firm, "listings": [{**listing, "published": day}]}
        case "manufacturing-champion":
            title = {"title": "制造业单项冠军企业", "level": "national", "first": True}
            return {**firm, "recognitions": [{**title, "date": day}]}
        case "pilot-platform":
            platform = {"id": "p1", "chain": "运动鞋", "market_operated": True}
            costs = {
                "equipment_cost": "100万元",
                "software_cost": 0,
                "fiscal_funding": 0,
            }
            return {**firm, "platforms": [{**platform, **costs, "recognised": day}]}
        case _:
            honour = {"title": "全省县域重点产业链高质量发展优秀奖", "date": day}
            return {"id": "晋江市", "kind": "county", "honours": [honour]}


def due(found: Determination) -> bool:
    return found.outcome is not Outcome.INELIGIBLE


class TestWindow:
    """
    本文件自印发之日起施行，其中“中国民营企业500强”和“福建省民营企业100强”有效期至2025年12月31日，
    其他条例有效期至2027年12月31日
    """

    @given(st.sampled_from(sorted(SUNSETS)), NEAR)
    @example("private-top-500", date(2025, 12, 31))
    @example("private-top-500", date(2026, 1, 1))
    @example("county-excellence", date(2027, 12, 31))
    @example("county-excellence", date(2028, 1, 1))
    @example("pilot-platform", EFFECTIVE)
    @example("pilot-platform", EFFECTIVE - timedelta(days=1))
    def test_an_event_counts_exactly_inside(self, rule: str, event: date) -> None:
        """What meets every condition is due where the event is inside, and only there."""
        found = incentives.evaluate(qualified(rule, event), as_of=LATE, readings=READ)
        assert due(found[rule]) is (EFFECTIVE <= event <= SUNSETS[rule])

    @given(COMPLETE, DAYS)
    def test_no_item_outside_its_window_is_paid(
        self, record: dict[str, Any], day: str
    ) -> None:
        """Whatever the record says, what is paid was dated inside the window."""
        for found in incentives.evaluate(record, as_of=day, readings=READ):
            window = found.rule.window
            assert (window.earliest, window.latest) == (EFFECTIVE, EFFECTIVE)
            for item in filter(
                lambda each: each.outcome.value == "eligible", found.items
            ):
                dated = date.fromisoformat(day) if item.dated is None else item.dated
                assert EFFECTIVE <= dated <= window.last

    @given(COMPLETE, st.dates(date(2020, 1, 1), EFFECTIVE - timedelta(days=1)))
    def test_nothing_is_due_before_the_policy_is_in_force(
        self, record: dict[str, Any], day: date
    ) -> None:
        """On every day before the effective date, every rule comes to nothing."""
        found = incentives.evaluate(record, as_of=day, readings=READ)
        assert {each.outcome for each in found} == {Outcome.INELIGIBLE}
        assert found.bounds == (0, 0)

    @given(COMPLETE, st.dates(date(2020, 1, 1), date(2023, 12, 31)))
    def test_nothing_is_due_before_2024(
        self, record: dict[str, Any], day: date
    ) -> None:
        """“2024年　月　日”: whichever day it is, it is not before 2024."""
        found = incentives.evaluate(record, as_of=day)
        assert {each.outcome for each in found} == {Outcome.INELIGIBLE}

    @given(st.sampled_from(sorted(SUNSETS)), NEAR, NEAR)
    def test_an_event_after_the_day_asked_about_has_not_happened(
        self, rule: str, event: date, day: date
    ) -> None:
        """`as_of` takes law and facts of that day."""
        assume(event > day)
        found = incentives.evaluate(qualified(rule, event), as_of=day, readings=READ)
        assert not due(found[rule])
        codes = {reason.code for reason in found[rule].reasons}
        assert codes & {ReasonCode.NOT_YET_HAPPENED, ReasonCode.NOT_YET_EFFECTIVE}

    @given(st.sampled_from(sorted(SUNSETS)), NEAR, NEAR, st.integers(0, 2000))
    def test_what_is_due_stays_due_until_it_is_paid(
        self, rule: str, event: date, day: date, days: int
    ) -> None:
        """What fell inside stays due after the sunset (`dated-by: event`)."""
        record = qualified(rule, event)
        now = incentives.evaluate(record, as_of=day, readings=READ)
        later = incentives.evaluate(
            record, as_of=day + timedelta(days=days), readings=READ
        )
        if due(now[rule]):
            assert later[rule].amount == now[rule].amount

    @given(st.sampled_from(sorted(SUNSETS)), NEAR)
    def test_an_unknown_effective_date_leaves_only_2024_open(
        self, rule: str, event: date
    ) -> None:
        """Without it, events from the end of 2024 are decided, before 2024 as well."""
        found = incentives.evaluate(qualified(rule, event), as_of=LATE)[rule]
        is_open = date(2024, 1, 1) <= event < date(2024, 12, 31)
        assert (found.outcome is Outcome.UNDETERMINED) is is_open

    @given(st.sampled_from(sorted(SUNSETS)), DAYS)
    def test_what_is_known_not_to_have_happened_is_never_due(
        self, rule: str, day: str
    ) -> None:
        """`false` for a day says that the event never came."""
        record = qualified(rule, date(2025, 6, 1))
        for records in ("listings", "recognitions", "platforms", "honours"):
            for each in record.get(records, ()):
                for name in ("published", "date", "recognised"):
                    if name in each:
                        each[name] = False
        found = incentives.evaluate(record, as_of=day, readings=READ)[rule]
        assert not due(found)
        assert found.items[0].dated == NEVER
