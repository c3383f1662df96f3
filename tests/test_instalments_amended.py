"""Instalments under notices, caps and `once`."""

from decimal import Decimal

import pytest

import incentives

from incentives import Outcome, RuleBook
from tests.support.canglang import IN_THREE, PROJECT, Make, firm, paid


@pytest.mark.parametrize(
    ("accepted", "days"),
    [
        ("2026-12-31", ["2026-12-31", "2027-12-31", "2028-12-31"]),
        ("2027-01-01", ["2027-01-01", "2028-01-01"]),
    ],
)
def test_amended_schedule(in_three: RuleBook, accepted: str, days: list[str]) -> None:
    """Instalments that a notice changes from a day on hold for events from then on."""
    pay = [
        {"share": "60%", "on": "project.accepted"},
        {"share": "40%", "on": "project.accepted + 12个月"},
    ]
    amended = in_three.amend("three", pay=pay, since="2027-01-01")
    record = firm(staff=20, projects=[{**PROJECT, "accepted": accepted}])
    found = incentives.evaluate(record, as_of="2027-01-01", rules=amended)["three"]
    assert [
        payment.day.isoformat() for payment in found.schedule if payment.day
    ] == days
    assert [payment.number for payment in found.schedule] == list(
        range(1, len(days) + 1)
    )
    assert sum(payment.amount or 0 for payment in found.schedule) == Decimal(333330)
    assert found.amount == (166665 if len(days) == 3 else 199998)


CAPPED = """\
each: project
event: project.accepted
conditions: [none]
award: {rate: 10%, of: project.cost, cap: 50万元, cap per: "CAP"}
pay:
  - {share: 50%, on: project.accepted}
  - {share: 50%, on: project.accepted + 12个月}
"""


TWO = [
    {"id": "p1", "cost": "400万元", "accepted": "2026-03-01"},
    {"id": "p2", "cost": "400万元", "accepted": "2027-03-01"},
]


@pytest.mark.parametrize(
    ("cap", "paid_before", "due"),
    [
        # Both projects come to 40万元; by 2027-03-01 one is due in full, one by half.
        ("subject, lifetime", {}, 500000),
        ("subject, lifetime", {"p1": 200000}, 300000),
        ("subject, lifetime", {"p1": 400000}, 100000),
        ("project, lifetime", {}, 600000),
        # What was paid of a project itself is counted once, not against its cap too.
        ("project, lifetime", {"p1": 200000}, 400000),
    ],
)
def test_instalments_under_a_cap(
    make: Make, cap: str, paid_before: dict[str, int], due: int
) -> None:
    """A cap over all records counts all instalments; one of a record does not twice."""
    book = make(x=CAPPED.replace("CAP", cap))
    awards = [
        paid("x", str(amount), "2026-06-01", record=record)
        for record, amount in paid_before.items()
    ]
    found = incentives.evaluate(
        firm(projects=TWO, awards=awards), as_of="2027-03-01", rules=book
    )
    assert found.total == due


def test_matching_in_three_parts_once_a_year(make: Make) -> None:
    """A matching award, capped by tax paid, for a year, in parts, is told apart by year."""
    body = """\
each: project
event: project.accepted
conditions: [none]
award: {matching: 50%, of: project.cost, cap: {amount: "rent[2026] × 20%"}}
once: per year(project.accepted)
pay:
  - {share: 40%, on: project.accepted}
  - {share: 30%, on: project.accepted + 6个月}
  - {share: 30%, on: project.accepted + 12个月}
"""
    book = make(x=body)
    projects = [
        {"id": "p1", "cost": "100万元", "accepted": "2026-03-01"},
        {"id": "p2", "cost": "300万元", "accepted": "2027-03-01"},
    ]
    awards = [paid("x", "200000", "2026-04-01", year=2026, record="p1")]
    record = firm(projects=projects, awards=awards, rent={"2026": "400万元"})
    found = incentives.evaluate(record, as_of="2027-03-01", rules=book)["x"]
    # 2026: 50万元 all due, 20万元 paid; 2027: 80万元 by the cap, 40% of it due.
    assert [item.amount for item in found.items] == [300000, 320000]
    assert found.amount == 620000


def test_a_notice_about_parts_only(make: Make) -> None:
    """A notice may change the parts and not the whole; explaining that works too."""
    body = (
        "event: left\nconditions: [none]\naward: 30万元\npay:\n"
        "  - {share: 40%, on: left}\n  - {share: 60%, on: left + 12个月}\n"
    )
    halves = [{"share": "50%", "on": "left"}, {"share": "50%", "on": "left + 12个月"}]
    amended = make(x=body).amend("x", pay=halves, since="2028-01-01")
    for left, due in (("2027-12-31", 120000), ("2028-01-01", 150000)):
        found = incentives.evaluate(firm(left=left), as_of=left, rules=amended)["x"]
        assert found.amount == due
        assert "奖补总额：30万元" in found.explain()
        assert len(found.to_dict()["schedule"]) == 2


def test_once_in_parts_stays_with_its_record(make: Make) -> None:
    """What was begun to be paid for one record is no part of the award for another."""
    book = make(x=IN_THREE + "once: per enterprise\n")
    projects = [
        {"id": "b", "cost": "300万元", "accepted": "2026-01-01"},
        {"id": "c", "cost": "500万元", "accepted": "2026-06-01"},
    ]
    awards = [paid("x", "150000", "2026-02-01", record="b")]
    record = firm(staff=20, projects=projects, awards=awards)
    found = incentives.evaluate(record, as_of="2027-06-01", rules=book)["x"]
    assert [item.amount for item in found.items] == [90000, 0]
    assert found.amount == 90000
    gone = firm(staff=20, projects=projects[1:], awards=awards)
    found = incentives.evaluate(gone, as_of="2027-06-01", rules=book)["x"]
    assert (found.amount, found.outcome) == (0, Outcome.INELIGIBLE)
