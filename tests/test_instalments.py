"""`pay`: awards in instalments, when each is due, paid, or lapsed."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from hypothesis import given
from hypothesis import strategies as st

import incentives

from incentives import Outcome, ReasonCode, RuleBook
from incentives.payments import PaymentStatus
from incentives.reports import catalogue
from tests.support.canglang import IN_THREE, PROJECT, Make, firm, paid, wrong


@pytest.mark.parametrize(
    ("day", "due", "statuses"),
    [
        ("2026-03-01", "166665", ["due", "upcoming", "upcoming"]),
        ("2027-02-28", "166665", ["due", "upcoming", "upcoming"]),
        ("2027-03-01", "266664", ["due", "due", "upcoming"]),
        ("2028-02-29", "266664", ["due", "due", "upcoming"]),
        ("2028-03-01", "333330", ["due", "due", "due"]),
        ("2030-12-31", "333330", ["due", "due", "due"]),
    ],
)
def test_instalments_fall_due(
    in_three: RuleBook, day: str, due: str, statuses: list[str]
) -> None:
    """An instalment is due from its day on, and what is due adds up."""
    record = firm(staff=20, projects=[PROJECT])
    found = incentives.evaluate(record, as_of=day, rules=in_three)["three"]
    assert found.amount == Decimal(due)
    assert [payment.status.value for payment in found.schedule] == statuses
    amounts = [payment.amount for payment in found.schedule]
    assert amounts == [Decimal(166665), Decimal(99999), Decimal(66666)]


def test_what_was_paid_counts(in_three: RuleBook) -> None:
    """What was paid of an award counts against what has fallen due, in order."""
    awards = [paid("three", "200000", "2026-05-01", record="p1")]
    record = firm(staff=20, projects=[PROJECT], awards=awards)
    found = incentives.evaluate(record, as_of="2027-03-01", rules=in_three)["three"]
    assert found.amount == Decimal(66664)
    assert [(p.status.value, p.paid) for p in found.schedule] == [
        ("paid", Decimal(166665)),
        ("due", Decimal(33335)),
        ("upcoming", Decimal(0)),
    ]
    assert [p.outstanding for p in found.schedule] == [
        0,
        Decimal(66664),
        Decimal(66666),
    ]


def test_nobody_knows_what_was_paid(in_three: RuleBook) -> None:
    """While nobody knows how much was paid, no instalment is told to be paid."""
    awards = [{"rule": "three", "date": "2026-05-01", "record": "p1"}]
    record = firm(staff=20, projects=[PROJECT], awards=awards)
    found = incentives.evaluate(record, as_of="2027-03-01", rules=in_three)["three"]
    assert found.outcome is Outcome.UNDETERMINED
    assert found.amount is None
    statuses = [payment.status.value for payment in found.schedule]
    assert statuses == ["due", "due", "upcoming"]


def test_waiting_for_the_next(in_three: RuleBook) -> None:
    """Between two instalments nothing is due, and the reason is that the next is not."""
    awards = [paid("three", "166665", "2026-05-01", record="p1")]
    record = firm(staff=20, projects=[PROJECT], awards=awards)
    found = incentives.evaluate(record, as_of="2026-12-01", rules=in_three)["three"]
    assert (found.outcome, found.amount) == (Outcome.INELIGIBLE, 0)
    assert found.code is ReasonCode.NOT_YET_DUE


def test_milestone(in_three: RuleBook) -> None:
    """An instalment whose condition is not met is not due, and the others are."""
    record = firm(staff=19, projects=[PROJECT])
    found = incentives.evaluate(record, as_of="2028-03-01", rules=in_three)["three"]
    assert found.amount == Decimal(233331)
    assert [p.status for p in found.schedule] == [
        PaymentStatus.DUE,
        PaymentStatus.UNMET,
        PaymentStatus.DUE,
    ]
    assert found.schedule[1].outstanding == 0


def test_unknown_milestone(in_three: RuleBook) -> None:
    """While a milestone is not known its instalment is open, with bounds."""
    record = firm(projects=[PROJECT])
    found = incentives.evaluate(record, as_of="2027-03-01", rules=in_three)["three"]
    assert found.outcome is Outcome.UNDETERMINED
    assert found.bounds == (Decimal(166665), Decimal(266664))
    assert found.missing == ("staff",)
    assert found.schedule[1].status is PaymentStatus.OPEN


def test_deadline(in_three: RuleBook) -> None:
    """What falls due after its last day has lapsed."""
    late = {**PROJECT, "accepted": "2026-07-01"}
    record = firm(staff=20, projects=[late])
    found = incentives.evaluate(record, as_of="2028-07-01", rules=in_three)["three"]
    assert found.amount == Decimal(266664)
    last = found.schedule[2]
    assert (last.label, last.day, last.by) == (
        "尾款",
        date(2028, 7, 1),
        date(2028, 6, 30),
    )
    assert (last.status, last.outstanding) == (PaymentStatus.LAPSED, 0)


def test_deadline_is_included(in_three: RuleBook) -> None:
    """What falls due on its last day is in time."""
    record = firm(staff=20, projects=[{**PROJECT, "accepted": "2026-06-30"}])
    found = incentives.evaluate(record, as_of="2028-06-30", rules=in_three)["three"]
    assert (found.amount, found.schedule[2].status) == (333330, PaymentStatus.DUE)


def test_schedule_of_several_records(in_three: RuleBook) -> None:
    """Every record has its own schedule, and its own payments."""
    second = {"id": "p2", "cost": "800万元", "accepted": "2026-09-01"}
    awards = [paid("three", "250000", "2026-10-01", record="p2")]
    record = firm(staff=20, projects=[PROJECT, second], awards=awards)
    assessment = incentives.evaluate(record, as_of="2026-12-01", rules=in_three)
    assert assessment.total == Decimal(166665)
    assert [
        (rule, payment.record, payment.day.isoformat(), payment.status.value)
        for rule, payment in assessment.schedule
        if payment.day
    ] == [
        ("three", "projects[0]", "2026-03-01", "due"),
        ("three", "projects[1]", "2026-09-01", "paid"),
        ("three", "projects[0]", "2027-03-01", "upcoming"),
        ("three", "projects[1]", "2027-09-01", "upcoming"),
        ("three", "projects[0]", "2028-03-01", "upcoming"),
        ("three", "projects[1]", "2028-09-01", "lapsed"),
    ]


def test_schedule_in_words(in_three: RuleBook) -> None:
    """The schedule is told line by line, in both languages."""
    awards = [paid("three", "200000", "2026-05-01", record="p1")]
    record = firm(staff=20, projects=[PROJECT], awards=awards)
    assessment = incentives.evaluate(record, as_of="2027-03-01", rules=in_three)
    lines = assessment["three"].explain().split("\n")
    start = lines.index("    分期：")
    assert lines[start - 1 : start + 4] == [
        "    奖补总额：10% × 投资额 333.33万元 = 33.333万元，封顶 50万元 = 33.333万元",
        "    分期：",
        "      第1期：16.6665万元，2026年3月1日，已付",
        "      第2期：9.9999万元，2027年3月1日，应付（其中已付3.3335万元）",
        "      尾款：6.6666万元，2028年3月1日（最迟2028年6月30日），未到期",
    ]
    english = assessment["three"].explain("en")
    assert "instalment 1: ¥166,665, on 2026-03-01, paid" in english
    assert assessment.show().split("\n")[-1] == "下一期：2028年3月1日，6.6666万元"


def test_schedule_as_json(in_three: RuleBook) -> None:
    """The schedule is part of the determination; a day that never comes is false."""
    record = firm(staff=20, projects=[PROJECT])
    found = incentives.evaluate(record, as_of="2026-03-01", rules=in_three)
    assert found["three"].to_dict()["schedule"][2] == {
        "number": 3,
        "label": "尾款",
        "amount": "66666",
        "date": "2028-03-01",
        "by": "2028-06-30",
        "status": "upcoming",
        "paid": "0",
        "record": "projects[0]",
    }


RENT = """\
conditions: [none]
pay:
  - {amount: "min(rent[2026] × 100%, 20万元)", on: 2026-12-31, label: 首年}
  - {amount: "min(rent[2027] × 50%, 20万元)", on: 2027-12-31, label: 次年}
  - {amount: "min(rent[2028] × 30%, 20万元)", on: 2028-12-31, by: left, label: 第三年}
"""


def test_three_years_rent(make: Make) -> None:
    """Amounts of their own, one for each year, make a schedule without a whole."""
    book = make(rent=RENT)
    figures = {"2026": "18万元", "2027": "50万元", "2028": "50万元"}
    record = firm(rent=figures, left="2028-12-30")
    found = incentives.evaluate(record, as_of="2029-01-01", rules=book)["rent"]
    assert [(p.label, p.amount, p.status.value) for p in found.schedule] == [
        ("首年", Decimal(180000), "due"),
        ("次年", Decimal(200000), "due"),
        ("第三年", Decimal(150000), "lapsed"),
    ]
    assert found.amount == Decimal(380000)


def test_a_missing_figure(make: Make) -> None:
    """A year whose figure is missing leaves its payment open, the rest is bounded."""
    record = firm(rent={"2026": "18万元", "2027": "50万元"}, left=False)
    book = make(rent=RENT)
    assessment = incentives.evaluate(record, as_of="2029-01-01", rules=book)
    found = assessment["rent"]
    assert found.bounds == (Decimal(380000), Decimal(580000))
    assert assessment.missing == ("rent[2028]",)
    third = found.schedule[2]
    assert (third.amount, third.status) == (None, PaymentStatus.DUE)


def test_a_day_that_never_came(make: Make) -> None:
    """A payment on a day that is known never to have come is not due."""
    pay = "  - {amount: 1万元, on: 2026-01-01}\n  - {amount: 1万元, on: left}\n"
    book = make(rent=f"conditions: [none]\npay:\n{pay}")
    record = firm(left=False, awards=[paid("rent", "1万元", "2026-02-01")])
    found = incentives.evaluate(record, as_of="2029-01-01", rules=book)["rent"]
    assert (found.amount, found.code) == (0, ReasonCode.NOT_YET_DUE)
    assert "第2期：1万元，应付事项未发生，未到期" in found.explain()
    assert found.to_dict()["schedule"][1]["date"] is False


def test_an_unknown_day(make: Make) -> None:
    """A payment whose day is not known is open."""
    book = make(rent="conditions: [none]\npay:\n  - {amount: 1万元, on: left}\n")
    found = incentives.evaluate(firm(), as_of="2029-01-01", rules=book)["rent"]
    assert found.bounds == (0, Decimal(10000))
    assert "第1期：1万元，应付日未知，待定" in found.explain()
    assert found.to_dict()["schedule"][0]["date"] is None


def test_all_lapsed(make: Make) -> None:
    """Where every payment has lapsed, that is the reason."""
    body = "conditions: [none]\npay:\n  - {amount: 1万元, on: left, by: 2027-01-01}\n"
    found = incentives.evaluate(
        firm(left="2027-01-02"), as_of="2029-01-01", rules=make(rent=body)
    )["rent"]
    assert (found.amount, found.code) == (0, ReasonCode.LAPSED)
    assert "逾期失效" in found.explain()
    assert "lapsed: the deadline has passed" in found.explain("en")


def test_paid_in_full(in_three: RuleBook) -> None:
    """Where everything was paid, that is the reason."""
    awards = [paid("three", "333330", "2028-04-01", record="p1")]
    record = firm(staff=20, projects=[PROJECT], awards=awards)
    found = incentives.evaluate(record, as_of="2028-05-01", rules=in_three)["three"]
    assert (found.amount, found.code) == (0, ReasonCode.ALREADY_AWARDED)


SHARES = ((50, 30, 20), (33, 33, 34), (1, 98, 1), (70, 1, 29))


@pytest.fixture(scope="module", params=SHARES, ids=str)
def split(request: pytest.FixtureRequest, make: Make) -> RuleBook:
    """The same award in three parts, and at once."""
    award = 'conditions: [none]\naward: {rate: 7%, of: "rent[2026]"}\n'
    parts = (
        f"  - {{share: {share}%, on: 2026-01-0{n}}}\n"
        for n, share in enumerate(request.param, start=1)
    )
    return make(parts=f"{award}pay:\n{''.join(parts)}", whole=award)


@given(cost=st.integers(1, 10**9))
def test_instalments_come_to_the_whole(split: RuleBook, cost: int) -> None:
    """Law: the instalments of an award come to the whole of it, to the fen."""
    record = firm(rent={"2026": f"{cost}元"})
    found = incentives.evaluate(record, as_of="2027-01-01", rules=split)
    parts = [payment.amount or 0 for payment in found["parts"].schedule]
    assert sum(parts) == found["whole"].amount == found["parts"].amount
    assert all(part >= 0 for part in parts)


@given(days=st.integers(-10, 1500), paid_before=st.integers(0, 400_000))
def test_never_more_than_the_whole(
    in_three: RuleBook, days: int, paid_before: int
) -> None:
    """Law: what is due and what was paid never come to more than the whole award."""
    awards = [paid("three", str(paid_before), "2026-03-01", record="p1")]
    record = firm(staff=20, projects=[PROJECT], awards=awards if paid_before else [])
    day = date(2026, 3, 1) + timedelta(days=days)
    found = incentives.evaluate(record, as_of=day, rules=in_three)["three"]
    assert found.amount is not None
    assert found.amount + paid_before <= max(Decimal(333330), Decimal(paid_before))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            "award: 1万元\npay: [{share: 50%, on: left}, {share: 40%, on: left}]\n",
            "shares-not-whole: the shares come to 90%, not to 100%",
        ),
        (
            "award: 1万元\npay: [{share: 0%, on: left}, {share: 100%, on: left}]\n",
            "bad-instalment: a share of nothing",
        ),
        (
            "award: 1万元\npay: [{amount: 1万元, on: left}]\n",
            "bad-instalment: an instalment of an award is a share of it",
        ),
        (
            "pay: [{share: 100%, on: left}]\n",
            "bad-instalment: a share of what? the award states no amount",
        ),
        (
            "award: {non-cash: 优先}\npay: [{share: 100%, on: left}]\n",
            "no-amount: 'pay' needs an award of money",
        ),
        (
            "award: 1万元\nonce: per year\npay: [{share: 100%, on: left}]\n",
            "bad-instalment: the instalments of one award may be paid in several years",
        ),
        ("award: 1万元\npay: [5]\n", "not-a-mapping: an instalment needs named keys"),
        (
            "award: 1万元\npay: [{share: 100%}]\n",
            "missing-key: an instalment needs the key 'on'",
        ),
        (
            "each: lecture\naward: 1万元\npay: [{share: 100%, on: lecture.held}]\n",
            "missing-key: the records of 'lectures' have no key to tell them apart",
        ),
    ],
)
def test_bad_instalments(make: Make, body: str, said: str) -> None:
    """A schedule that does not add up, or of nothing, is refused."""
    assert wrong(make, bad=f"conditions: [none]\n{body}") == [said]


def test_bounds_of_an_open_whole(in_three: RuleBook) -> None:
    """What has fallen due of an award that is not known is never more than all of it."""
    record = firm(staff=20, projects=[{"id": "p1", "accepted": "2026-03-01"}])
    body = {"as_of": "2028-03-01", "rules": in_three}
    assert incentives.evaluate(record, **body).bounds == (0, Decimal(500000))
    body["as_of"] = "2027-03-01"
    assert incentives.evaluate(record, **body).bounds == (0, Decimal(400000))
    known = firm(staff=20, projects=[{**PROJECT, "cost": None}])
    body["as_of"] = "2026-03-01"
    assert incentives.evaluate(known, **body).bounds == (0, Decimal(250000))


def test_later_parts_outlive_the_sunset(make: Make) -> None:
    """An award that began to be due inside the window is paid to its end."""
    body = (
        "conditions: [none]\naward: 10万元\npay:\n"
        "  - {share: 50%, on: left}\n  - {share: 50%, on: left + 12个月}\n"
    )
    awards = [paid("x", "5万元", "2030-06-01")]
    record = firm(left="2030-06-01", awards=awards)
    found = incentives.evaluate(record, as_of="2031-06-01", rules=make(x=body))
    assert found.total == 50000
    late = firm(left="2031-01-01")
    assert incentives.evaluate(late, as_of="2032-06-01", rules=make(x=body)).total == 0


def test_a_milestone_missed(in_three: RuleBook) -> None:
    """Where all is paid but what a milestone held back, that condition is the reason."""
    awards = [paid("three", "233331", "2028-03-02", record="p1")]
    record = firm(staff=19, projects=[PROJECT], awards=awards)
    found = incentives.evaluate(record, as_of="2028-04-01", rules=in_three)["three"]
    assert (found.amount, found.code) == (0, ReasonCode.CONDITION_UNMET)


def test_shares_by_facts(make: Make) -> None:
    """A share may follow from facts; the last one is whatever is left."""
    body = (
        "conditions: [none]\naward: 10万元\npay:\n"
        '  - {share: "ratio(staff, 100人, 0%)", on: 2026-01-01}\n'
        '  - {share: "100% - ratio(staff, 100人, 0%)", on: 2027-01-01}\n'
    )
    found = incentives.evaluate(firm(staff=30), as_of="2026-06-01", rules=make(x=body))
    assert [part.amount for part in found["x"].schedule] == [30000, 70000]
    assert found.total == 30000


def test_records_without_a_key_paid_once(make: Make) -> None:
    """Where records have no key, what is paid once is told apart by the firm alone."""
    body = (
        "each: lecture\nevent: lecture.held\nconditions: [none]\naward: 10万元\n"
        "once: per enterprise\npay:\n  - {share: 50%, on: lecture.held}\n"
        "  - {share: 50%, on: lecture.held + 12个月}\n"
    )
    record = firm(
        lectures=[{"held": "2026-02-01"}], awards=[paid("x", "5万元", "2026-03-01")]
    )
    found = incentives.evaluate(record, as_of="2027-02-01", rules=make(x=body))
    assert found.total == 50000


def test_a_rule_over_time_in_full(make: Make) -> None:
    """A rule says in how many parts it pays, and who pays."""
    body = (
        IN_THREE
        + "payers:\n  - {who: 市财政, share: 60%}\n  - {who: 区财政, share: rest}\n"
    )
    book = make(x=body)
    text = catalogue.rule_in_full(book["x"], book)
    assert "10% × 投资额，封顶 50万元，分3期拨付" in text
    assert "出资：市财政60%、区财政其余" in text
