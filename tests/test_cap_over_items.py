"""A cap over all records of a subject: `cap per: subject, lifetime` beside `each:`."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import incentives

from incentives import Outcome, ReasonCode, RuleBook

#: An invented firm; the code is valid under GB 32100-2015.
FIRM = "91350582MA31ABCD0M"

POLICY = """\
policy: lake
title: 镜湖区支持企业采购云服务若干措施（虚构）
issuer: 镜湖区人民政府（虚构）
status: issued
effective: 2026-01-01
sunset: 2027-12-31
"""
FACTS = """\
enterprise:
  purchases:
    label: 采购
    english: purchases
    record: purchase
    key: id
    fields:
      id: {label: 编号, english: id, type: text}
      cost: {label: 费用, english: cost, type: money}
      bought: {label: 采购日期, english: day of purchase, type: date}
  tax:
    label: 上年纳税额
    english: tax of last year
    type: money
"""
RULE = """\
rule: cloud
title: 云服务补助
clause: 第一条
quote: 按采购费用的8%给予补助，每家企业累计不超过100万元
each: purchase
event: purchase.bought
award: {rate: 8%, of: purchase.cost, cap: CAP, cap per: "subject, PERIOD"}
"""


@pytest.fixture
def book(request: pytest.FixtureRequest, tmp_path: Path) -> RuleBook:
    cap, period = getattr(request, "param", ("100万元", "lifetime"))
    rule = RULE.replace("CAP", cap).replace("PERIOD", period)
    for name, text in {"policy": POLICY, "facts": FACTS, "cloud": rule}.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return incentives.load(tmp_path)


def bought(*costs: str | None, **facts: Any) -> dict[str, Any]:
    purchases = [
        {"id": f"c{index}", "cost": cost, "bought": "2026-05-01"}
        for index, cost in enumerate(costs)
    ]
    return {"id": FIRM, "purchases": purchases, **facts}


def asked(record: dict[str, Any], book: RuleBook) -> incentives.Determination:
    return incentives.evaluate(record, as_of="2026-06-01", rules=book)["cloud"]


def paid(amount: str, date: str = "2026-05-20") -> dict[str, Any]:
    return {"awards": [{"rule": "cloud", "amount": amount, "date": date}]}


class TestLifetime:
    """按采购费用的8%给予补助，每家企业累计不超过100万元"""

    def test_two_records_share_the_cap(self, book: RuleBook) -> None:
        """Two purchases of 80万元 each come to the cap, not to 160万元."""
        found = asked(bought("1000万元", "1000万元"), book)
        assert (found.outcome, found.amount) == (Outcome.ELIGIBLE, Decimal(1_000_000))
        assert [item.amount for item in found.items] == [Decimal(800_000)] * 2

    def test_one_record_below_the_cap(self, book: RuleBook) -> None:
        """The cap leaves alone what is below it."""
        assert asked(bought("1000万元"), book).amount == Decimal(800_000)

    def test_one_record_above_the_cap(self, book: RuleBook) -> None:
        """One purchase alone does not exceed the cap either."""
        found = asked(bought("2000万元"), book)
        assert found.amount == Decimal(1_000_000)
        assert found.items[0].amount == Decimal(1_000_000)

    def test_what_was_paid_counts_once_for_all_records(self, book: RuleBook) -> None:
        """After 60万元, 40万元 are left for both purchases together."""
        found = asked(bought("1000万元", "1000万元", **paid("60万元")), book)
        assert found.amount == Decimal(400_000)

    def test_a_cap_that_is_used_up(self, book: RuleBook) -> None:
        """After 100万元 nothing is left, because it was awarded already."""
        found = asked(bought("1000万元", **paid("100万元")), book)
        assert (found.outcome, found.amount) == (Outcome.INELIGIBLE, Decimal(0))
        assert found.reasons[0].code is ReasonCode.ALREADY_AWARDED

    def test_more_was_paid_than_the_cap(self, book: RuleBook) -> None:
        """An overpayment leaves nothing, and asks for nothing back."""
        assert asked(bought("1000万元", **paid("120万元")), book).amount == 0

    def test_unknown_costs_are_bounded_by_the_cap(self, book: RuleBook) -> None:
        """Five purchases of unknown cost come to at most the cap."""
        found = asked(bought(None, None, None, None, None), book)
        assert found.outcome is Outcome.UNDETERMINED
        assert found.bounds == (Decimal(0), Decimal(1_000_000))

    def test_one_known_cost_may_fill_the_cap(self, book: RuleBook) -> None:
        """Once the cap is reached, another cost that is missing changes nothing."""
        found = asked(bought("1300万元", None), book)
        assert (found.outcome, found.amount) == (Outcome.ELIGIBLE, Decimal(1_000_000))
        assert found.missing == ()

    def test_an_unknown_list_is_bounded_by_the_cap(self, book: RuleBook) -> None:
        """However many purchases there may be, they come to at most the cap."""
        found = asked({"id": FIRM}, book)
        assert found.bounds == (Decimal(0), Decimal(1_000_000))
        assert found.missing == ("purchases",)

    def test_no_purchase_at_all(self, book: RuleBook) -> None:
        """Without a purchase nothing is due, whatever was paid."""
        found = asked(bought(**paid("100万元")), book)
        assert found.reasons[0].code is ReasonCode.NO_RECORD


@pytest.mark.parametrize("book", [("100万元", "per year")], indirect=True)
class TestPerYear:
    """每家企业每年不超过100万元"""

    def test_another_year_does_not_count(self, book: RuleBook) -> None:
        """What was paid last year leaves this year's cap whole."""
        record = bought("1000万元", "1000万元", **paid("100万元", "2025-12-31"))
        assert asked(record, book).amount == Decimal(1_000_000)

    def test_the_same_year_counts(self, book: RuleBook) -> None:
        """What was paid on its first day counts."""
        record = bought("1000万元", "1000万元", **paid("70万元", "2026-01-01"))
        assert asked(record, book).amount == Decimal(300_000)


@pytest.mark.parametrize("book", [("50% × tax", "lifetime")], indirect=True)
class TestCapThatDependsOnAFact:
    """累计不超过上年纳税额的50%"""

    def test_the_cap_is_computed(self, book: RuleBook) -> None:
        """Half of the tax, to the fen, half-up."""
        found = asked(bought("1000万元", tax="100.01元"), book)
        assert found.amount == Decimal("50.01")

    def test_an_unknown_tax(self, book: RuleBook) -> None:
        """Without the tax, both purchases are the most that can be due."""
        found = asked(bought("1000万元", "1000万元"), book)
        assert found.bounds == (Decimal(0), Decimal(1_600_000))
        assert found.missing == ("tax",)
