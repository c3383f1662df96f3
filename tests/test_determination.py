"""A determination as data: exact keys, exact amounts, and nothing that JSON lacks."""

import json

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import incentives

from incentives import Outcome, ReasonCode, Verdict
from tests.support.bad_packs import SOUND

# An invented firm; the code has a valid check digit (GB 32100-2015).
FIRM = "91350582MA31ABCD0M"
GOLDEN = Path(__file__).parent / "data" / "determinations.json"

PLATFORM = {
    "id": "p1",
    "chain": "运动鞋",
    "market_operated": True,
    "recognised": "2026-03-01",
    "equipment_cost": "1200万元",
    "software_cost": None,
    "fiscal_funding": "300万元",
}
SHOES: dict[str, Any] = {
    "id": FIRM,
    "kind": "enterprise",
    "city": "泉州市",
    "listings": [
        {
            "list": "中国民营企业500强",
            "publisher": "中华全国工商业联合会",
            "year": 2025,
            "published": "2025-08-28",
        }
    ],
    "recognitions": [],
    "platforms": [PLATFORM],
}


def judged(rule: str, day: str = "2026-06-01", **more: Any) -> incentives.Determination:
    """The determination of the shoe maker, with some facts changed."""
    return incentives.evaluate({**SHOES, **more}, as_of=day)[rule]


CASES = {
    "eligible": ("private-top-500", {}),
    "undetermined": ("pilot-platform", {}),
    "ineligible": ("manufacturing-champion", {}),
    "other subject": ("county-excellence", {}),
    "non-cash": ("tech-loan", {"technology_sme": True, "chain": "运动鞋"}),
    "discretionary": (
        "tech-mission-project",
        {
            "projects": [
                {
                    "id": "x1",
                    "category": "technology-development",
                    "chain": "运动鞋",
                    "team_by_challenge": True,
                    "good_effect": True,
                    "assessed": "2026-05-01",
                },
                {"id": "x2", "assessed": False},
            ]
        },
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_as_data(name):
    """A determination has exactly these keys and values as data."""
    rule, facts = CASES[name]

    told = judged(rule, **facts).to_dict()

    assert told == json.loads(GOLDEN.read_text("utf-8"))[name]
    assert json.loads(json.dumps(told)) == told


def test_keys():
    """The keys are those of the contract, and what to_dict() adds besides."""
    told = judged("pilot-platform").to_dict()

    assert list(told) == [
        *("rule", "clause", "outcome", "amount", "reasons", "items"),
        *("alternatives", "window", "missing", "bounds"),
    ]
    assert list(told["reasons"][0]) == [
        *("code", "verdict", "condition", "fact", "value", "threshold"),
        *("missing", "because"),
    ]
    assert list(told["items"][0]) == [
        *("record", "label", "outcome", "amount", "date", "codes", "missing"),
        "working",
    ]


class TestAmounts:
    """An amount is yuan where it is decided, 0 where nothing is due, else None."""

    @pytest.mark.parametrize(
        ("name", "outcome", "amount", "bounds"),
        [
            ("eligible", Outcome.ELIGIBLE, Decimal(5000000), ("5000000", "5000000")),
            ("undetermined", Outcome.UNDETERMINED, None, ("2700000", "5000000")),
            ("ineligible", Outcome.INELIGIBLE, Decimal(0), ("0", "0")),
            ("other subject", Outcome.INELIGIBLE, Decimal(0), ("0", "0")),
            ("non-cash", Outcome.ELIGIBLE, None, ("0", "0")),
            ("discretionary", Outcome.DISCRETIONARY, None, ("0", "0")),
        ],
    )
    def test_by_outcome(self, name, outcome, amount, bounds):
        """Each outcome has its amount and its bounds."""
        rule, facts = CASES[name]

        found = judged(rule, **facts)

        assert (found.outcome, found.amount) == (outcome, amount)
        assert found.bounds == tuple(map(Decimal, bounds))

    def test_items_have_amounts_of_their_own(self):
        """Every record considered says what it adds."""
        second = {**PLATFORM, "id": "p2", "software_cost": 0, "chain": "房地产"}
        third = {**PLATFORM, "id": "p3", "software_cost": 0}

        found = judged("pilot-platform", platforms=[PLATFORM, second, third])

        assert [(i.path, i.label, i.outcome, i.amount) for i in found.items] == [
            ("platforms[0]", "p1", Outcome.UNDETERMINED, None),
            ("platforms[1]", "p2", Outcome.INELIGIBLE, Decimal(0)),
            ("platforms[2]", "p3", Outcome.ELIGIBLE, Decimal(2700000)),
        ]
        assert [i.missing for i in found.items] == [
            ("platforms[0].software_cost",),
            (),
            (),
        ]
        assert found.missing == ("platforms[0].software_cost",)

    def test_no_limit_is_null(self):
        """Bounds without limit above are null in JSON."""
        county = {"id": "某新设县", "kind": "county"}
        readings = {"county-one-time": "per-award-year"}

        found = incentives.evaluate(county, as_of="2026-06-01", readings=readings)

        assert found["county-excellence"].bounds == (Decimal(0), None)
        assert found["county-excellence"].to_dict()["bounds"] == ["0", None]

    def test_a_cap_that_is_reached_is_known(self):
        """A missing cost changes nothing where the cap is reached without it."""
        found = judged(
            "pilot-platform", platforms=[{**PLATFORM, "equipment_cost": "9000万元"}]
        )

        assert (found.amount, found.missing) == (Decimal(5000000), ())


class TestReasons:
    """Reasons are data: code, condition, the fact's value, the threshold, verdict."""

    def test_a_condition(self):
        """A condition is told with its fact, its value and its threshold."""
        found = judged("private-top-500", city="厦门市")

        unmet = [r for r in found.reasons if r.verdict is Verdict.UNMET]

        assert [(r.code, r.fact, r.value, r.threshold) for r in unmet] == [
            (ReasonCode.CONDITION_UNMET, "city", "厦门市", "泉州市")
        ]
        assert unmet[0].condition == "注册地（设区市）为“泉州市”"
        assert unmet[0].words("en") == 'city of registration is "泉州市"'

    def test_the_code_comes_first(self):
        """Where one code decides everything it is the first reason."""
        found = judged("pilot-platform", platforms=[])

        assert (found.reasons[0].code, found.reasons[0].condition) == (
            ReasonCode.NO_RECORD,
            "没有相关记录",
        )
        assert found.reasons[0].words("en") == "there is no such record"

    def test_what_decides_comes_first(self):
        """What is unmet comes before what is unknown, and what is met comes last."""
        found = judged("pilot-platform", kind=None, platforms=[{"chain": "房地产"}])

        verdicts = [reason.verdict for reason in found.reasons]

        assert found.outcome is Outcome.INELIGIBLE
        assert verdicts == [
            Verdict.UNMET,
            *[Verdict.UNKNOWN] * 5,
            *[Verdict.MET] * 3,
        ]

    def test_the_facts_that_an_amount_needs(self):
        """Where only the amount is open, the first reason says on which facts."""
        platform = {**PLATFORM, "equipment_cost": None}

        found = judged("pilot-platform", platforms=[platform])
        costs = ("platforms[0].equipment_cost", "platforms[0].software_cost")

        first, *others = found.reasons
        assert (first.code, first.verdict) == (ReasonCode.FACT_MISSING, Verdict.UNKNOWN)
        assert (first.fact, first.missing, first.value) == (costs[0], costs, None)
        assert first.condition == (
            "金额取决于：中试平台1·设备购置费、中试平台1·软件购置费"
        )
        assert first.words("en") == (
            "the amount depends on: equipment cost (pilot platforms #1), "
            "software cost (pilot platforms #1)"
        )
        assert {reason.verdict for reason in others} == {Verdict.MET}
        assert found.items[0].amount_needs == costs
        assert found.to_dict()["items"][0]["codes"] == ["fact-missing"]

    def test_how_often_may_depend_on_a_fact(self):
        """Two listings of perhaps one year: the year is what is asked for."""
        listing = SHOES["listings"][0]
        listings = [{**listing, "year": None}, {**listing, "year": 2024}]
        record = {**SHOES, "listings": listings}
        readings = {"one-time": "per-list-year"}

        found = incentives.evaluate(record, as_of="2026-06-01", readings=readings)
        found = found["private-top-500"]

        assert found.bounds == (Decimal(5_000_000), Decimal(10_000_000))
        first, *others = found.reasons
        assert (first.code, first.fact) == (
            ReasonCode.FACT_MISSING,
            "listings[0].year",
        )
        assert {reason.verdict for reason in others} == {Verdict.MET}

    def test_open_only_through_a_rival_of_unknown_effect(self):
        """Every condition met, but who is paid hangs on the effective date."""
        top_100 = {
            "list": "福建省民营企业100强",
            "publisher": "福建省工商业联合会",
            "year": 2025,
            "published": "2025-09-20",
        }
        top_500 = {**SHOES["listings"][0], "published": "2024-05-05"}
        record = {**SHOES, "listings": [top_500, top_100]}
        readings = {"stacking": "highest-only"}

        found = incentives.evaluate(record, as_of="2026-06-01", readings=readings)
        first, *others = found["fujian-top-100"].reasons

        assert found["fujian-top-100"].outcome is Outcome.UNDETERMINED
        assert (first.code, first.fact) == (ReasonCode.EFFECTIVE_DATE_UNKNOWN, None)
        assert (first.condition, first.words("en")) == (
            "施行日未载明",
            "the effective date is not stated",
        )
        assert {reason.verdict for reason in others} == {Verdict.MET}

    def test_an_amount_that_is_decided_needs_nothing(self):
        """Where another rule is paid instead, no fact of the amount is asked for."""
        record = {"id": FIRM, "county": "云桥区", "size": "大型"}
        book = incentives.load(SOUND)

        found = incentives.evaluate(record, as_of="2026-06-01", rules=book)["growth"]

        assert found.leading.amount_needs == ("revenue",)
        assert [reason.code for reason in found.reasons] == [
            ReasonCode.SUPERSEDED,
            ReasonCode.CONDITION_MET,
            ReasonCode.CONDITION_MET,
        ]

    def test_alternatives_of_a_condition(self):
        """A compound condition holds the reasons for its parts."""
        platform = {**PLATFORM, "county": "晋江市"}
        found = judged("pilot-platform", city="厦门市", kind=None, platforms=[platform])
        either = next(r for r in found.reasons if r.condition.startswith("注册地"))

        assert [r.code for r in either.because] == [
            ReasonCode.CONDITION_UNMET,
            ReasonCode.FACT_MISSING,
        ]
        assert either.missing == ("kind",)

    def test_parts_of_a_condition_that_is_met(self):
        """Of a condition that is met, a part may still be unmet."""
        university = {"kind": "高校院所", "city": "厦门市"}
        platform = {**PLATFORM, "county": "晋江市"}

        found = judged("pilot-platform", **university, platforms=[platform])
        either = next(r for r in found.reasons if r.condition.startswith("注册地"))

        assert [r.code for r in either.because] == [
            ReasonCode.CONDITION_UNMET,
            ReasonCode.CONDITION_MET,
        ]

    @pytest.mark.parametrize(
        ("rule", "fact", "value", "threshold"),
        [
            ("private-top-500", "listings[0].published", "2025-08-28", "2026-06-01"),
            ("pilot-platform", "platforms[0].recognised", "2026-03-01", "2026-06-01"),
            ("pilot-platform", "platforms[0].chain", "运动鞋", "chains"),
            (
                "pilot-platform",
                "kind",
                "enterprise",
                ["enterprise", "university-or-institute", "park-or-base"],
            ),
            ("pilot-platform", "platforms[0].market_operated", True, None),
        ],
    )
    def test_values_and_thresholds(self, rule, fact, value, threshold):
        """Values and thresholds are ready for JSON."""
        found = {(r.fact, str(r.threshold)): r for r in judged(rule).reasons}

        reason = found[fact, str(threshold)]
        assert (reason.value, reason.threshold) == (value, threshold)

    def test_money_and_missing_dates(self):
        """Money is a decimal string, and a day that never came is false."""
        readings = {"matching-award": "granted"}
        champion = {
            "title": "制造业单项冠军企业",
            "level": "national",
            "first": True,
            "date": False,
            "superior_award": "1234.50",
        }
        record = {**SHOES, "recognitions": [champion]}

        found = incentives.evaluate(record, as_of="2026-06-01", readings=readings)
        by_fact = {r.fact: r for r in found["manufacturing-champion"].reasons}

        award = by_fact["recognitions[0].superior_award"]
        assert (award.value, award.threshold) == ("1234.50", "0")
        assert by_fact["recognitions[0].date"].value is False

    def test_the_effective_date_is_nothing_to_supply(self):
        """An effective date that nobody stated is a reason, but no missing fact."""
        listing = {**SHOES["listings"][0], "published": "2024-10-12"}

        found = judged("private-top-500", listings=[listing])
        unknown = [r for r in found.reasons if r.verdict is Verdict.UNKNOWN]

        assert [r.code for r in unknown] == [ReasonCode.EFFECTIVE_DATE_UNKNOWN]
        assert unknown[0].missing == ("policy.effective_date",)
        assert (found.outcome, found.missing) == (Outcome.UNDETERMINED, ())


class TestAlternatives:
    """Amounts under the other readings, where they differ."""

    def test_as_data(self):
        """An alternative has its reading, the value, the outcome and the amount."""
        awards = [
            {
                "rule": "pilot-platform",
                "record": "p1",
                "amount": "300万元",
                "date": "2025-12-01",
            }
        ]
        platform = {**PLATFORM, "software_cost": 0}

        found = judged("pilot-platform", awards=awards, platforms=[platform])

        assert found.amount == Decimal(2000000)
        assert {
            "reading": "platform-cap",
            "value": "per-year",
            "outcome": "eligible",
            "amount": "2700000",
        } in [other.to_dict() for other in found.alternatives]
        assert {
            "reading": "subsidy-rate",
            "value": "ceiling",
            "outcome": "discretionary",
            "amount": None,
        } in [other.to_dict() for other in found.alternatives]


class TestShown:
    """Determinations are worth looking at."""

    def test_repr_is_one_line(self):
        """A determination shows rule, outcome, amount and day."""
        assert repr(judged("private-top-500")) == (
            "Determination(rule='private-top-500', outcome='eligible', "
            "amount='5000000', as_of='2026-06-01')"
        )
        assert repr(judged("pilot-platform")) == (
            "Determination(rule='pilot-platform', outcome='undetermined', "
            "amount=None, as_of='2026-06-01')"
        )

    def test_equality(self):
        """Two determinations are equal where the same was found on the same day."""
        one, same = judged("private-top-500"), judged("private-top-500")
        assert one == same
        assert hash(one) == hash(same)
        assert one != judged("pilot-platform")
        assert one != "private-top-500"

    def test_repr_of_an_item(self):
        """An item shows its record and outcome, not everything behind them."""
        (item,) = judged("private-top-500").items

        assert repr(item) == (
            "Item(path='listings[0]', label='中国民营企业500强', "
            "outcome=<Outcome.ELIGIBLE: 'eligible'>, "
            "dated=datetime.date(2025, 8, 28), code=None)"
        )

    def test_str_is_the_explanation(self):
        """Printed, a determination explains itself in Chinese."""
        found = judged("private-top-500")

        assert str(found) == found.explain() == found.explain("zh")
        assert found.explain("en").startswith("award for the top 500")

    def test_html_is_escaped(self):
        """In a notebook, what a record says is never markup."""
        listing = {**SHOES["listings"][0], "list": "<script>alert(1)</script>"}

        html = judged(
            "private-top-500", listings=[listing]
        )._repr_html_()  # notebooks call it

        assert html.startswith("<pre>中国民营企业500强奖励")
        assert "<script" not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html

    def test_another_language(self):
        """Languages that nobody speaks here are refused."""
        with pytest.raises(incentives.UsageError) as caught:
            judged("private-top-500").explain("fr")

        assert str(caught.value) == "no language 'fr', expected one of 'zh', 'en'"
