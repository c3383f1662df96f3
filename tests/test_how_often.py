"""`once` and `at most`: how often a rule pays."""

from decimal import Decimal
from typing import Any

import pytest

import incentives

from incentives import ReasonCode
from incentives.checks.case_checks import case_problems
from tests.support.canglang import Make, firm, paid, wrong


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


def test_times_of_instalments(make: Make) -> None:
    """An award in instalments is not paid so many times: that would count payments."""
    assert wrong(
        make,
        bad="conditions: [none]\naward: 1万元\nat most: 3 times\n"
        "pay: [{share: 100%, on: left}]\n",
    ) == ["bad-instalment: each instalment would count as a time"]


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
