"""What was paid before: once, for each year, per platform, here and elsewhere."""

from decimal import Decimal
from typing import Any

import pytest

import incentives

from incentives import Determination, Outcome, ReasonCode, RecordError

#: An invented firm; the code is valid under GB 32100-2015.
FIRM = "91350582MA31ABCD0M"
DAY = "2026-12-01"
READ = {"effective-date": "2024-09-01"}
TOP = "private-top-500"
SPENT = ReasonCode.ALREADY_AWARDED


def listed(*years: int | None) -> list[dict[str, Any]]:
    """Listed in these years, in time; None is a year that nobody wrote down."""
    days = {2024: "2024-10-12", 2025: "2025-08-28", None: "2025-08-28"}
    common = {"list": "中国民营企业500强", "publisher": "中华全国工商业联合会"}
    return [{**common, "year": year, "published": days[year]} for year in years]


def top(
    *years: int | None, paid: list[dict[str, Any]] | None = None, **readings: str
) -> Determination:
    record = {
        "id": FIRM,
        "city": "泉州市",
        "listings": listed(*years),
        "awards": [{"rule": TOP, **each} for each in paid or []],
    }
    asked = {**READ, **{name.replace("_", "-"): v for name, v in readings.items()}}
    return incentives.evaluate(record, as_of=DAY, readings=asked)[TOP]


def platform(
    *paid: dict[str, Any], cost: str = "1000万元", as_of: str = DAY, **readings: str
) -> Determination:
    known = {"id": "p1", "chain": "运动鞋", "market_operated": True}
    costs = {"equipment_cost": cost, "software_cost": 0, "fiscal_funding": 0}
    record = {
        "id": FIRM,
        "kind": "enterprise",
        "city": "泉州市",
        "platforms": [{**known, **costs, "recognised": "2025-03-01"}],
        "awards": [{"rule": "pilot-platform", **each} for each in paid],
    }
    asked = {name.replace("_", "-"): value for name, value in readings.items()}
    return incentives.evaluate(record, as_of=as_of, readings=asked)["pilot-platform"]


class TestOnce:
    """由市级财政每家给予500万元一次性奖励"""

    def test_two_years_once(self) -> None:
        """Listed twice, a firm is paid once; the other year says why not."""
        found = top(2024, 2025)
        assert (found.outcome, found.amount) == (Outcome.ELIGIBLE, Decimal(5_000_000))
        assert [item.outcome.value for item in found.items] == [
            "eligible",
            "ineligible",
        ]
        assert found.items[1].code is ReasonCode.ONCE_ONLY

    def test_two_years_twice(self) -> None:
        """Read per list year, both years are paid."""
        assert top(2024, 2025, one_time="per-list-year").amount == Decimal(10_000_000)

    def test_one_year_listed_twice(self) -> None:
        """One year is one year, even if it is reported twice."""
        assert top(2025, 2025, one_time="per-list-year").amount == Decimal(5_000_000)

    def test_a_year_nobody_wrote_down(self) -> None:
        """An unknown year may be the other one or a year of its own."""
        found = top(2024, None, one_time="per-list-year")
        assert found.outcome is Outcome.UNDETERMINED
        assert found.bounds == (Decimal(5_000_000), Decimal(10_000_000))
        assert found.missing == ("listings[1].year",)

    def test_paid_for_a_year(self) -> None:
        """What was paid for 2024 bars 2024 only, if read per list year."""
        paid = [{"amount": "500万元", "date": "2024-12-20", "year": 2024}]
        assert top(2024, 2025, paid=paid).amount == 0
        found = top(2024, 2025, paid=paid, one_time="per-list-year")
        assert found.amount == Decimal(5_000_000)
        assert [item.outcome.value for item in found.items] == [
            "ineligible",
            "eligible",
        ]

    def test_paid_for_a_year_nobody_wrote_down(self) -> None:
        """A payment for an unknown year may bar any year."""
        found = top(2025, paid=[{"amount": "500万元"}], one_time="per-list-year")
        assert found.outcome is Outcome.UNDETERMINED
        assert found.missing == ("awards[0].year",)

    @pytest.mark.parametrize(
        ("paid", "amount"),
        [
            ({"date": "2026-12-01"}, 0),
            ({"date": "2026-12-02"}, 5_000_000),
            ({}, 0),
            ({"policy": "quanzhou-2024"}, 0),
            ({"policy": "别的政策"}, 5_000_000),
            ({"rule": "fujian-top-100"}, 5_000_000),
            ({"rule": "unheard-of", "policy": "别的政策"}, 5_000_000),
        ],
    )
    def test_what_counts(self, paid: dict[str, Any], amount: int) -> None:
        """What was paid by the day, under this rule of this policy, bars the rule."""
        assert top(2025, paid=[paid]).amount == Decimal(amount)

    def test_an_award_under_an_unknown_rule(self) -> None:
        """It would be paid twice: it is refused with what to write."""
        with pytest.raises(RecordError) as error:
            top(2025, paid=[{"rule": "private-top-50"}])
        assert "awards[0].rule: unknown rule 'private-top-50'" in str(error.value)
        assert "did you mean 'private-top-500'?" in str(error.value)

    def test_absent_history_is_none(self) -> None:
        """Award history is closed: without any, nothing was paid."""
        record = {"id": FIRM, "city": "泉州市", "listings": listed(2025)}
        for awards in ({}, {"awards": None}, {"awards": []}):
            found = incentives.evaluate({**record, **awards}, as_of=DAY)
            assert found[TOP].amount == Decimal(5_000_000)


class TestPlatformCap:
    """给予不超过500万元补助: of each platform, for life."""

    @pytest.mark.parametrize(
        ("paid", "amount"),
        [
            ([], 3_000_000),
            (["200万元"], 3_000_000),
            (["200.01万元"], 2_999_900),
            (["300万元"], 2_000_000),
            (["300万元", "199.999999万元"], Decimal("0.01")),
            (["300万元", "200万元"], 0),
            (["600万元"], 0),
        ],
    )
    def test_net_of_what_was_paid(self, paid: list[str], amount: int | Decimal) -> None:
        """What is left of 500万元 is due, to the fen."""
        found = platform(*({"record": "p1", "amount": each} for each in paid))
        assert found.amount == amount
        assert (found.code is SPENT) is (amount == 0)

    @pytest.mark.parametrize(
        ("paid", "reading", "amount"),
        [
            ({"date": "2025-12-31"}, "lifetime", 0),
            ({"date": "2025-12-31"}, "per-year", 3_000_000),
            ({"date": "2026-01-01"}, "per-year", 0),
            ({"date": "2026-12-02"}, "lifetime", 3_000_000),
            ({"record": "p2"}, "lifetime", 3_000_000),
            ({"policy": "别的政策"}, "lifetime", 3_000_000),
        ],
    )
    def test_what_counts(self, paid: dict[str, Any], reading: str, amount: int) -> None:
        """Of this platform, by this day; read per year, of this year."""
        award = {"record": "p1", "amount": "500万元", **paid}
        assert platform(award, platform_cap=reading).amount == Decimal(amount)

    def test_a_payment_for_a_platform_nobody_wrote_down(self) -> None:
        """It may have been this one, or not."""
        found = platform({"amount": "300万元"})
        assert found.bounds == (Decimal(2_000_000), Decimal(3_000_000))
        assert found.missing == ("awards[0].record",)

    def test_paid_in_parts(self) -> None:
        """Three claims of 300万元 are paid 300, 200 and nothing."""
        paid: list[dict[str, Any]] = []
        amounts = []
        for _ in range(3):
            amount = platform(*paid).amount
            amounts.append(amount)
            paid.append({"record": "p1", "amount": str(amount), "date": DAY})
        assert amounts == [Decimal(3_000_000), Decimal(2_000_000), Decimal(0)]


class TestCounties:
    """由市财政分别给予一次性配套300万元、200万元、100万元奖励"""

    @pytest.mark.parametrize(
        ("county", "amount"),
        [
            *(("晋江市", 300), ("南安市", 300), ("惠安县", 300), ("泉港区", 200)),
            *(("石狮市", 200), ("安溪县", 200), ("鲤城区", 100), ("丰泽区", 100)),
            *(("洛江区", 100), ("永春县", 100), ("德化县", 100), ("开发区", 100)),
            *(("台商区", 100), ("泉州开发区", 100), ("泉州台商投资区", 100)),
        ],
    )
    def test_by_class(self, county: str, amount: int) -> None:
        """Annex 2 puts each county in one of three classes."""
        honour = {"title": "全省县域重点产业链高质量发展优秀奖", "date": "2025-11-01"}
        record = {"id": county, "kind": "county", "honours": [honour]}
        found = incentives.evaluate(record, as_of=DAY)["county-excellence"]
        assert found.amount == Decimal(amount * 10_000)
