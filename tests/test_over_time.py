"""Awards over time: instalments, how often, what is given back, and who pays."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from hypothesis import given
from hypothesis import strategies as st

import incentives

from incentives import Outcome, PackError, ReasonCode, RuleBook
from incentives.checks.case_checks import case_problems
from incentives.payments import PaymentStatus

#: An invented firm; the code is valid under GB 32100-2015.
FIRM = "91350582MA31ABCD0M"

POLICY = """\
policy: canglang
title: 沧浪区支持企业发展若干措施（虚构）
issuer: 沧浪区人民政府（虚构）
status: issued
effective: 2026-01-01
sunset: 2030-12-31
"""
FACTS = """\
enterprise:
  staff: {label: 职工人数, english: staff, type: number, unit: 人}
  left: {label: 迁出日期, english: day of leaving, type: date}
  rent: {label: 年租金, english: rent, type: money, series: true}
  projects:
    label: 项目
    english: projects
    record: project
    key: id
    fields:
      id: {label: 编号, english: id, type: text}
      cost: {label: 投资额, english: investment, type: money}
      accepted: {label: 验收日期, english: day of acceptance, type: date}
  lectures:
    label: 讲座
    english: lectures
    record: lecture
    fields:
      held: {label: 举办日期, english: day, type: date}
"""
HEAD = "rule: {0}\ntitle: 奖补\nclause: 第一条\nquote: （虚构）\n"

Make = Callable[..., RuleBook]


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """A book of rules given by their bodies, by id."""

    def made(**rules: str) -> RuleBook:
        directory = tmp_path_factory.mktemp("pack")
        texts = {"policy": POLICY, "facts": FACTS}
        texts |= {name: HEAD.format(name) + body for name, body in rules.items()}
        for name, text in texts.items():
            (directory / f"{name}.yaml").write_text(text, encoding="utf-8")
        return incentives.load(directory)

    return made


def firm(**facts: Any) -> dict[str, Any]:
    return {"id": FIRM, **facts}


def paid(rule: str, amount: str, day: str | None, **more: Any) -> dict[str, Any]:
    return {"rule": rule, "amount": amount, "date": day, **more}


def wrong(make: Make, **rules: str) -> list[str]:
    with pytest.raises(PackError) as caught:
        make(**rules)
    return [f"{d.code}: {d.message}" for d in caught.value.diagnostics]


# --- instalments ---------------------------------------------------------------

IN_THREE = """\
each: project
event: project.accepted
conditions: [project.cost ≥ 100万元]
award: {rate: 10%, of: project.cost, cap: 50万元}
pay:
  - {share: 50%, on: project.accepted}
  - {share: 30%, on: project.accepted + 12个月, if: staff ≥ 20人}
  - {share: 20%, on: project.accepted + 24个月, by: 2028-06-30, label: 尾款}
"""
PROJECT = {"id": "p1", "cost": "333.33万元", "accepted": "2026-03-01"}


@pytest.fixture(scope="module")
def in_three(make: Make) -> RuleBook:
    return make(three=IN_THREE)


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


# --- how often -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("once", "awards", "due"),
    [
        ("per year", [paid("x", "1", "2026-12-31")], "10000"),
        ("per year", [paid("x", "1", "2027-01-01")], "0"),
        ("per year", [], "10000"),
        ("per 36个月", [paid("x", "1", "2024-06-01")], "10000"),
        ("per 36个月", [paid("x", "1", "2024-06-02")], "0"),
        ("每年", [paid("x", "1", "2027-01-01")], "0"),
        ("每36个月", [paid("x", "1", "2024-06-02")], "0"),
    ],
)
def test_once_in_a_while(
    make: Make, once: str, awards: list[dict[str, Any]], due: str
) -> None:
    """Once a year looks at the calendar year of payment, a period back to its day."""
    book = make(x=f"conditions: [none]\naward: 1万元\nonce: {once}\n")
    found = incentives.evaluate(firm(awards=awards), as_of="2027-06-01", rules=book)
    assert found["x"].amount == Decimal(due)


def test_once_a_year_without_a_date(make: Make) -> None:
    """Of an award without a date nobody knows whether it was paid this year."""
    book = make(x="conditions: [none]\naward: 1万元\nonce: per year\n")
    record = firm(awards=[{"rule": "x", "amount": "1"}])
    found = incentives.evaluate(record, as_of="2027-06-01", rules=book)["x"]
    assert found.bounds == (0, Decimal(10000))
    assert found.missing == ("awards[0].date",)


LECTURES = "each: lecture\nevent: lecture.held\nconditions: [none]\naward: 1万元\n"


def lectures(*days: str, awards: int = 0) -> dict[str, Any]:
    history = [paid("x", "1", "2026-01-01") for _ in range(awards)]
    return firm(lectures=[{"held": day} for day in days], awards=history)


@pytest.mark.parametrize(
    ("limit", "awards", "due"),
    [
        ("3 times", 0, 30000),
        ("3 times", 1, 20000),
        ("3次", 2, 10000),
        ("3 times", 3, 0),
        ("2 times in 36个月", 1, 10000),
        ("2次/12个月", 1, 20000),
    ],
)
def test_at_most(make: Make, limit: str, awards: int, due: int) -> None:
    """What was paid before and what is due come to no more than the limit."""
    book = make(x=f"{LECTURES}at most: {limit}\n")
    record = lectures(
        "2026-02-01", "2026-03-01", "2026-04-01", "2026-05-01", awards=awards
    )
    found = incentives.evaluate(record, as_of="2027-06-01", rules=book)["x"]
    assert found.amount == due
    codes = [item.code for item in found.items]
    beaten = 4 - due // 10000
    assert codes.count(ReasonCode.LIMIT_REACHED) == (beaten if due else 0)


def test_at_most_pays_the_highest(make: Make) -> None:
    """Of more records than are paid, the highest are."""
    body = (
        "each: project\nconditions: [none]\n"
        "award: {rate: 1%, of: project.cost}\nat most: 2 times\n"
    )
    projects = [{"id": f"p{n}", "cost": f"{n}00万元"} for n in (3, 1, 5)]
    book = make(x=body)
    found = incentives.evaluate(firm(projects=projects), as_of="2027-01-01", rules=book)
    assert found.total == Decimal(80000)
    assert found["x"].items[1].code is ReasonCode.LIMIT_REACHED


def test_at_most_with_an_unknown_amount(make: Make) -> None:
    """While an amount is not known, it may take the place of a lower one."""
    body = (
        "each: project\nconditions: [none]\n"
        "award: {rate: 1%, of: project.cost, cap: 10万元}\nat most: 1 time\n"
    )
    projects = [{"id": "p1", "cost": "300万元"}, {"id": "p2"}]
    book = make(x=body)
    found = incentives.evaluate(firm(projects=projects), as_of="2027-01-01", rules=book)
    assert found["x"].bounds == (Decimal(30000), Decimal(100000))
    assert found.missing == ("projects[1].cost",)


@pytest.mark.parametrize(
    ("first", "outcome"),
    [
        ("2024-12-31", "eligible"),
        ("2024-01-01", "eligible"),
        ("2023-12-31", "ineligible"),
    ],
)
def test_at_most_years(make: Make, first: str, outcome: str) -> None:
    """Three years are the calendar year of the first payment and the two after it."""
    book = make(x="conditions: [none]\naward: 1万元\nat most: 3 years\n")
    record = firm(awards=[paid("x", "1", first), paid("x", "1", "2025-05-01")])
    found = incentives.evaluate(record, as_of="2026-12-31", rules=book)["x"]
    assert found.outcome.value == outcome


def test_at_most_years_of_a_newcomer(make: Make) -> None:
    """Who was never paid is in its first year."""
    book = make(x="conditions: [none]\naward: 1万元\nat most: 3年\n")
    assert incentives.evaluate(firm(), as_of="2030-12-31", rules=book).total == 10000


@pytest.mark.parametrize(
    "limit", ["often", "0 times", "3 years in 36个月", "2 times in x"]
)
def test_bad_limit(make: Make, limit: str) -> None:
    """A limit that is none is refused."""
    body = f"conditions: [none]\naward: 1万元\nat most: {limit}\n"
    assert wrong(make, x=body) == [f"unknown-word: 'at most' cannot be {limit!r}"]


# --- what is given back --------------------------------------------------------

BACK = """\
conditions: [none]
award: 10万元
once: per enterprise
claw back:
  - {if: left < 2029-01-01, label: 三年内迁出}
  - {if: staff < 10人, share: 50%}
"""


@pytest.mark.parametrize(
    ("left", "staff", "back", "due"),
    [
        (False, 10, 0, 0),
        ("2028-12-31", 10, 100000, 0),
        ("2029-01-01", 10, 0, 0),
        (False, 9, 50000, 0),
        ("2028-12-31", 9, 100000, 0),
    ],
)
def test_claw_back(make: Make, left: Any, staff: int, back: int, due: int) -> None:
    """Where a condition is met its share of what was paid is given back, the highest."""
    record = firm(left=left, staff=staff, awards=[paid("x", "10万元", "2026-05-01")])
    assessment = incentives.evaluate(record, as_of="2030-01-01", rules=make(x=BACK))
    assert (assessment.repayable, assessment.total) == (back, due)
    assert assessment["x"].to_dict()["repayable"] == str(back)


def test_claw_back_in_words(make: Make) -> None:
    """What must be given back is told, and that nothing more is due."""
    record = firm(
        left="2027-05-01", staff=10, awards=[paid("x", "10万元", "2026-05-01")]
    )
    assessment = incentives.evaluate(record, as_of="2030-01-01", rules=make(x=BACK))
    text = assessment["x"].explain()
    assert "  应追回：10万元" in text.split("\n")
    assert "  已无从享受：须追回已付奖补" in text.split("\n")
    assert "应追回：10万元" in assessment.show().split("\n")
    assert assessment.to_dict()["repayable"] == "100000"


def test_claw_back_unknown(make: Make) -> None:
    """While it is not known whether something is given back, nobody says how much."""
    record = firm(staff=10, awards=[paid("x", "10万元", "2026-05-01")])
    assessment = incentives.evaluate(record, as_of="2030-01-01", rules=make(x=BACK))
    assert assessment.repayable is None
    assert assessment.to_dict()["repayable"] is None
    assert "应追回：待定" in assessment.show().split("\n")
    assert "  应追回：待定（金额取决于：迁出日期）" in (
        assessment["x"].explain().split("\n")
    )


def test_never_paid_never_given_back(make: Make) -> None:
    """Who was paid nothing gives nothing back, and is due nothing either."""
    record = firm(left="2027-05-01", staff=10)
    assessment = incentives.evaluate(record, as_of="2030-01-01", rules=make(x=BACK))
    assert (assessment.repayable, assessment.total) == (0, 0)
    found = assessment["x"]
    unmet = [r.code for r in found.reasons if r.verdict.value == "unmet"]
    assert unmet == [ReasonCode.REPAYABLE]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            "award: 1万元\nclaw back: [{if: staff < 1人, share: 120%}]\n",
            "rate-out-of-range: a share to give back is above 0 and at most 100 %",
        ),
        (
            "award: {non-cash: 优先}\nclaw back: [{if: staff < 1人}]\n",
            "no-amount: 'claw back' needs an award of money",
        ),
        (
            "award: 1万元\nclaw back: [x]\n",
            "not-a-mapping: a claw-back needs named keys",
        ),
        (
            "award: 1万元\nclaw back: [{share: 50%}]\n",
            "missing-key: a claw-back needs the key 'if'",
        ),
    ],
)
def test_bad_claw_back(make: Make, body: str, said: str) -> None:
    """A share of more than all, or of no money, is refused."""
    assert wrong(make, bad=f"conditions: [none]\n{body}") == [said]


# --- who pays ------------------------------------------------------------------


def test_payers(make: Make) -> None:
    """The shares of the payers come to the amount, to the fen."""
    body = (
        "conditions: [none]\naward: 100.01元\npayers:\n"
        "  - {who: 市财政, share: 1/3}\n  - {who: 区财政, share: 1/3}\n"
        "  - {who: 园区, share: rest}\n"
    ).replace("1/3", '"ratio(1, 3, 0%)"')
    book = make(x=body)
    found = incentives.evaluate(firm(), as_of="2027-01-01", rules=book)["x"]
    assert found.payers == (
        ("市财政", Decimal("33.34")),
        ("区财政", Decimal("33.33")),
        ("园区", Decimal("33.34")),
    )
    assert "  出资：市财政33.34元、区财政33.33元、园区33.34元" in found.explain().split(
        "\n"
    )
    assert found.to_dict()["payers"] == {
        "市财政": "33.34",
        "区财政": "33.33",
        "园区": "33.34",
    }


def test_payers_by_tier(make: Make) -> None:
    """A share may depend on facts; while these are not known, nobody tells the split."""
    body = (
        "conditions: [none]\naward: 10万元\npayers:\n"
        "  - who: 市财政\n    share:\n      of: staff\n      tiers:\n"
        '        - {in: "(-∞, 100人)", then: 60%}\n      otherwise: 40%\n'
        "  - {who: 区财政, share: rest}\n"
    )
    book = make(x=body)
    small = incentives.evaluate(firm(staff=99), as_of="2027-01-01", rules=book)["x"]
    assert small.payers == (("市财政", Decimal(60000)), ("区财政", Decimal(40000)))
    unknown = incentives.evaluate(firm(), as_of="2027-01-01", rules=book)["x"]
    assert unknown.payers == (("市财政", None), ("区财政", None))
    assert unknown.to_dict()["payers"] == {"市财政": None, "区财政": None}
    assert "出资" not in unknown.explain()


def test_payers_of_an_open_amount(make: Make) -> None:
    """While the amount is not known, neither are the parts."""
    body = (
        "conditions: [staff ≥ 10人]\naward: 10万元\n"
        "payers: [{who: 市财政, share: 100%}]\n"
    )
    found = incentives.evaluate(firm(), as_of="2027-01-01", rules=make(x=body))["x"]
    assert found.payers == (("市财政", None),)


@pytest.mark.parametrize(
    ("payers", "said"),
    [
        (
            "[{who: 甲, share: 60%}, {who: 乙, share: 60%}]",
            "shares-not-whole: the shares of the payers come to more than the whole",
        ),
        (
            "[{who: 甲, share: rest}, {who: 乙, share: rest}]",
            "shares-not-whole: the shares of the payers come to more than the whole",
        ),
        (
            "[{who: 甲, share: 60%}, {who: 乙, share: 30%}]",
            "shares-not-whole: the shares of the payers come to 90%, not to 100%",
        ),
        (
            '[{who: 甲, share: "ratio(staff, 100人, 0%)"}]',
            "shares-not-whole: the shares of the payers need not come to 100%",
        ),
        ("[{who: 甲}]", "missing-key: a payer needs the key 'share'"),
        ("[甲]", "not-a-mapping: a payer needs named keys"),
        ("[{who: 甲, share: 5}]", "kind-mismatch: expected a rate, got a number"),
    ],
)
def test_bad_payers(make: Make, payers: str, said: str) -> None:
    """Shares that are no split are refused."""
    body = f"conditions: [none]\naward: 1万元\npayers: {payers}\n"
    assert wrong(make, bad=body) == [said]


# --- amounts of other rules ----------------------------------------------------

BASE = "conditions: [staff ≥ 10人]\naward: 30万元\nonce: per enterprise\n"


@pytest.mark.parametrize(
    ("amount", "awards", "due"),
    [
        ("due(“base”) × 50%", [], 150000),
        ("due(“base”) × 50%", [paid("base", "30万元", "2026-05-01")], 0),
        ("paid(“base”) × 50%", [paid("base", "30万元", "2026-05-01")], 150000),
        ("granted(“base”) × 50%", [], 150000),
        ("granted(“base”) × 50%", [paid("base", "30万元", "2026-05-01")], 150000),
        ("累计应得(“base”) × 50%", [], 150000),
    ],
)
def test_amounts_of_other_rules(
    make: Make, amount: str, awards: list[dict[str, Any]], due: int
) -> None:
    """An award may match another: what is due of it, what was paid, or both."""
    body = f"conditions: [none]\naward: {{amount: {amount}}}\n"
    # Its file stands before that of the rule that it uses.
    book = make(base=BASE, a_match=body)
    record = firm(staff=10, awards=awards)
    found = incentives.evaluate(record, as_of="2027-01-01", rules=book)
    assert found["a_match"].amount == due


def test_an_open_amount_of_another_rule(make: Make) -> None:
    """What leaves the other rule open leaves this one open."""
    body = "conditions: [none]\naward: {amount: due(“base”) × 50%}\n"
    found = incentives.evaluate(
        firm(), as_of="2027-01-01", rules=make(base=BASE, match=body)
    )["match"]
    assert (found.bounds, found.missing) == ((0, Decimal(150000)), ("staff",))


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        (
            {"a": "due(“b”)", "b": "due(“a”)"},
            "rule-cycle: the rule 'a' is computed from itself: a → b → a",
        ),
        ({"a": "due(“a”)"}, "rule-cycle: the rule 'a' is computed from itself: a → a"),
        ({"a": "due(“none-such”)"}, "unknown-rule: no rule is called 'none-such'"),
    ],
)
def test_bad_uses(make: Make, rules: dict[str, str], said: str) -> None:
    """A rule that is computed from itself, or from no rule, is refused."""
    bodies = {
        name: f"conditions: [none]\naward: {{amount: {amount}}}\n"
        for name, amount in rules.items()
    }
    assert wrong(make, **bodies) == [said]


def test_using_what_is_no_money(make: Make) -> None:
    """Only a rule that grants money has an amount."""
    assert wrong(
        make,
        a="conditions: [none]\naward: {amount: due(“b”)}\n",
        b="conditions: [none]\naward: {non-cash: 优先}\n",
    ) == ["no-amount: the rule 'b' grants no amount of money"]


# --- amended from a day on -----------------------------------------------------


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


def test_amended_claw_back(make: Make) -> None:
    """What must be given back from a day on is asked of what is dated from then on."""
    book = make(x=f"event: left\n{BACK}")
    harder = [{"if": "staff < 100人"}]
    amended = book.amend("x", claw_back=harder, since="2028-01-01")
    awards = [paid("x", "10万元", "2026-05-01")]
    for left, back in [("2029-06-01", 100000), ("2027-12-31", 100000)]:
        record = firm(left=left, staff=50, awards=awards)
        found = incentives.evaluate(record, as_of="2030-01-01", rules=amended)
        assert found.repayable == back
    record = firm(left="2027-06-01", staff=9, awards=awards)
    mild = book.amend("x", claw_back=[{"if": "staff < 10人", "share": "20%"}])
    assert (
        incentives.evaluate(record, as_of="2030-01-01", rules=mild).repayable == 20000
    )


# --- instalments under caps ----------------------------------------------------

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


# --- instalments in a group of which only the highest is paid -------------------

HIGHEST = """\
stacking:
  - {group: 两项, rules: [parts, once], mode: highest-only}
"""
PARTS = """\
conditions: [none]
award: 100万元
pay:
  - {share: 50%, on: 2026-01-01}
  - {share: 50%, on: 2027-01-01}
"""
ONCE = "conditions: [staff ≥ 10人]\naward: 60万元\nonce: per enterprise\n"


@pytest.fixture(scope="module")
def highest(tmp_path_factory: pytest.TempPathFactory) -> RuleBook:
    directory = tmp_path_factory.mktemp("highest")
    texts = {"policy": POLICY + HIGHEST, "facts": FACTS}
    texts |= {"1": HEAD.format("parts") + PARTS, "2": HEAD.format("once") + ONCE}
    for name, text in texts.items():
        (directory / f"{name}.yaml").write_text(text, encoding="utf-8")
    return incentives.load(directory)


@pytest.mark.parametrize(
    ("day", "awards", "parts", "total"),
    [
        ("2026-06-01", [], 500000, 500000),
        # Between two instalments the highest is still the highest.
        ("2026-06-01", [paid("parts", "50万元", "2026-02-01")], 0, 0),
        ("2027-01-01", [paid("parts", "50万元", "2026-02-01")], 500000, 500000),
        # What the other was paid counts against it.
        ("2027-01-01", [paid("once", "60万元", "2026-02-01")], 400000, 400000),
    ],
)
def test_the_highest_as_a_whole(
    highest: RuleBook, day: str, awards: list[dict[str, Any]], parts: int, total: int
) -> None:
    """Of awards over time the wholes are compared, and what is due now is paid."""
    record = firm(staff=10, awards=awards)
    found = incentives.evaluate(record, as_of=day, rules=highest)
    assert (found["parts"].amount, found.total) == (parts, total)
    assert found["once"].outcome is Outcome.INELIGIBLE
    assert found.bounds == (total, total)


def test_an_open_rival(highest: RuleBook) -> None:
    """A lower award that may be due does not leave a higher one open."""
    found = incentives.evaluate(firm(), as_of="2026-06-01", rules=highest)
    assert (found.total, found.bounds) == (500000, (500000, 500000))


def test_times_of_instalments(make: Make) -> None:
    """An award in instalments is not paid so many times: that would count payments."""
    assert wrong(
        make,
        bad="conditions: [none]\naward: 1万元\nat most: 3 times\n"
        "pay: [{share: 100%, on: left}]\n",
    ) == ["bad-instalment: each instalment would count as a time"]


def test_once_of_instalments(make: Make) -> None:
    """Of two records the one whose whole award is higher is paid, as it falls due."""
    body = IN_THREE + "once: per enterprise\n"
    book = make(x=body)
    projects = [
        {"id": "p1", "cost": "400万元", "accepted": "2027-01-01"},
        {"id": "p2", "cost": "300万元", "accepted": "2026-01-01"},
    ]
    found = incentives.evaluate(
        firm(staff=20, projects=projects), as_of="2027-06-01", rules=book
    )["x"]
    assert found.amount == 200000
    assert [p.record for p in found.schedule] == ["projects[0]"] * 3
    assert found.items[1].code is ReasonCode.ONCE_ONLY


def test_a_case_that_expects_a_repayment(make: Make) -> None:
    """A case may expect what is given back; what is not known is told to be so."""
    case = (
        "cases:\n  - name: 不知是否迁出\n    as of: 2030-01-01\n"
        "    given: {staff: 10人, awards: [{rule: x, amount: 10万元}]}\n"
        "    expect: {repayable: 5万元}\n"
    )
    book = make(x=BACK + case)
    problems = case_problems(book.cases[0], book)
    assert problems == ["expected 5万元 to be given back, which is not known"]


# --- shared definitions and steps ----------------------------------------------

SHARED = """\
define:
  enterprise:
    上年租金: {amount: "rent[year(as_of) - 1年]"}
"""
SHARED_CAP = """\
stacking:
  - {group: 合计, rules: [x], cap: 上年租金 × 10%}
"""


def test_a_cap_by_a_shared_definition(tmp_path: Path) -> None:
    """A group may be capped by what facts.yaml defines for all rules."""
    body = "conditions: [none]\naward: 10万元\n"
    texts = {"policy": POLICY + SHARED_CAP, "facts": FACTS + SHARED}
    texts["x"] = HEAD.format("x") + body
    for name, text in texts.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    book = incentives.load(tmp_path)
    record = firm(rent={"2026": "30万元"})
    found = incentives.evaluate(record, as_of="2027-01-01", rules=book)["x"]
    assert found.amount == 30000


@pytest.mark.parametrize(("rent", "due"), [("29999999.99", 20000), ("3000万元", 30000)])
def test_whole_steps_of_money(make: Make, rent: str, due: int) -> None:
    """An amount by an amount is a number of steps where a number is wanted."""
    body = (
        'conditions: [none]\naward: {amount: "whole(rent[2026] / 1000万元) × 1万元"}\n'
    )
    record = firm(rent={"2026": rent})
    found = incentives.evaluate(record, as_of="2027-01-01", rules=make(x=body))
    assert found.total == due


@pytest.mark.parametrize(
    ("year", "zh", "en"),
    [
        ("year(as_of)", "年租金（本年度） ≥ 1万元", "rent (this year)"),
        ("year(as_of) - 1年", "年租金（上一年度） ≥ 1万元", "rent (last year)"),
        (
            "year(as_of) - 1年 - 2年",
            "年租金（3年前的年度） ≥ 1万元",
            "rent (the year 3 years ago)",
        ),
        ("2026", "年租金（2026年） ≥ 1万元", "rent (2026)"),
    ],
)
def test_years_in_words(make: Make, year: str, zh: str, en: str) -> None:
    """A year is called by its distance from that of the day asked about."""
    book = make(x=f'conditions: ["rent[{year}] ≥ 1万元"]\naward: 1万元\n')
    found = incentives.evaluate(firm(), as_of="2027-01-01", rules=book)["x"]
    assert zh in found.explain()
    assert en in found.explain("en")


def test_a_price_keeps_its_unit(make: Make) -> None:
    """What a price must come to is said with its unit."""
    condition = '"ratio(rent[2026], staff, 0元/人) ≥ 5万元/人"'
    book = make(x=f"conditions: [{condition}]\naward: 1万元\n")
    record = firm(rent={"2026": "30万元"}, staff=10)
    found = incentives.evaluate(record, as_of="2027-01-01", rules=book)["x"]
    assert "须 ≥ 5万元/人" in found.explain()


def test_a_case_that_expects_the_reason_of_a_record(make: Make) -> None:
    """A case may expect what is said of one record only."""
    body = (
        f"{LECTURES}at most: 1 time\n"
        "cases:\n  - name: 两场\n    as of: 2027-01-01\n"
        "    given: {lectures: [{held: 2026-02-01}, {held: 2026-03-01}]}\n"
        "    expect: {amount: 1万元, reason: limit-reached}\n"
    )
    book = make(x=body)
    assert case_problems(book.cases[0], book) == []


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


# --- what an audit found ---------------------------------------------------------


def test_no_time_passes_until_never(make: Make) -> None:
    """A day that is known never to have come gives no span, and so no amount."""
    body = (
        "conditions: [none]\n"
        'award: {amount: "days(2026-01-01, left) × 1元/天", cap: 50万元}\n'
    )
    book = make(x=body)
    found = incentives.evaluate(firm(left=False), as_of="2027-01-01", rules=book)["x"]
    assert (found.outcome, found.missing) == (Outcome.UNDETERMINED, ("left",))
    still = 'conditions: [none]\naward: {amount: "days(2026-01-01, min(left, as_of)) × 1元/天"}\n'
    found = incentives.evaluate(
        firm(left=False), as_of="2027-01-01", rules=make(x=still)
    )["x"]
    assert found.amount == 365


def test_years_before_the_first_day(make: Make) -> None:
    """A year that is still to come has not passed: not even by a day."""
    body = 'conditions: ["years(left, as_of) ≥ 0年"]\naward: 1万元\n'
    book = make(x=body)
    for left, due in (("2027-01-02", 0), ("2027-01-01", 10000)):
        found = incentives.evaluate(firm(left=left), as_of="2027-01-01", rules=book)
        assert found.total == due


def test_prices_finer_than_a_fen(make: Make) -> None:
    """A price may be finer than a fen; what it comes to is rounded."""
    body = "conditions: [none]\naward: {amount: staff × 0.033元/人}\n"
    found = incentives.evaluate(firm(staff=105), as_of="2027-01-01", rules=make(x=body))
    assert found.total == Decimal("3.47")


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


RIVALS = """\
stacking:
  - {group: 两项, rules: [whole, parts], mode: highest-only}
"""
WHOLE = (
    "conditions: [none]\naward: {rate: 10%, of: 'rent[2026]'}\nonce: per enterprise\n"
)
TWO_PARTS = """\
conditions: [none]
award: {rate: 10%, of: 'rent[2027]'}
pay:
  - {share: 50%, on: left}
  - {share: 50%, on: left + 12个月, by: 2026-12-31, if: staff ≥ 10人}
"""


@pytest.fixture(scope="module")
def rivals(tmp_path_factory: pytest.TempPathFactory) -> RuleBook:
    directory = tmp_path_factory.mktemp("rivals")
    texts = {"policy": POLICY.replace("2026-01-01", "2025-01-01") + RIVALS}
    texts |= {"facts": FACTS, "1": HEAD.format("whole") + WHOLE}
    texts["2"] = HEAD.format("parts") + TWO_PARTS
    for name, text in texts.items():
        (directory / f"{name}.yaml").write_text(text, encoding="utf-8")
    return incentives.load(directory)


@pytest.mark.parametrize(
    ("whole", "parts", "left", "staff", "paid_before", "day", "due"),
    [
        # What was paid in parts counts, and what is left of the higher one is due.
        (80, 60, "2025-06-01", 10, ["30000", "30000"], "2026-12-31", (20000, 0)),
        (80, 60, "2025-06-01", 10, ["30000"], "2026-01-31", (50000, 0)),
        # What can never be paid any more is not compared.
        (50, 60, False, 10, [], "2026-12-31", (50000, 0)),
        (50, 60, "2026-06-01", 10, [], "2027-02-01", (50000, 0)),
        (50, 60, "2025-06-01", 9, [], "2027-02-01", (50000, 0)),
        # The higher one is paid as it falls due.
        (50, 60, "2025-06-01", 10, [], "2026-01-31", (0, 30000)),
        (50, 60, "2025-06-01", 10, [], "2026-06-01", (0, 60000)),
    ],
)
def test_a_rival_in_parts(  # noqa: PLR0913, PLR0917  # a row of a table
    rivals: RuleBook,
    whole: int,
    parts: int,
    left: Any,
    staff: int,
    paid_before: list[str],
    day: str,
    due: tuple[int, int],
) -> None:
    """Of two awards the higher is paid, counted by what can still be paid of each."""
    awards = [
        paid("parts", amount, f"2025-0{month}-02")
        for month, amount in enumerate(paid_before, start=6)
    ]
    rent = {"2026": f"{whole}万元", "2027": f"{parts}万元"}
    record = firm(rent=rent, left=left, staff=staff, awards=awards)
    found = incentives.evaluate(record, as_of=day, rules=rivals)
    assert (found["whole"].amount, found["parts"].amount) == due


def test_a_zero_says_why(rivals: RuleBook) -> None:
    """Where what others were paid leaves nothing of what is due now, that is said."""
    rent = {"2026": "50万元", "2027": "60万元"}
    awards = [paid("whole", "50000", "2025-06-01")]
    record = firm(rent=rent, left="2025-06-02", staff=10, awards=awards)
    found = incentives.evaluate(record, as_of="2025-12-31", rules=rivals)["parts"]
    assert (found.amount, found.code) == (0, ReasonCode.ALREADY_AWARDED)


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
