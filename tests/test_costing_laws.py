"""Laws of costs and comparisons, over random registries of a small pack."""

from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import incentives

from incentives import RuleBook
from tests.support.costs import DAY, A, B, C, book

SLOWLY = settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

_BUDGET = """\
stacking:
  - {group: 合计, rules: [equipment, plant], mode: capped, cap: 12万元}
budgets:
  - {budget: 预算, rules: [equipment, plant], amount: 15万元, when exceeded: pro rata}
"""
DAYS = st.sampled_from(["2025-12-31", "2026-01-01", "2026-01-15", "2026-06-30", None])
MACHINE = st.fixed_dictionaries(
    {
        "price": st.sampled_from(["10万元", "60.01万元", "99.99万元", None]),
        "bought": DAYS,
    }
)


def _numbered(machines: list[dict[str, Any]] | None) -> list[dict[str, Any]] | None:
    if machines is None:
        return None
    return [{"id": f"m{at}", **machine} for at, machine in enumerate(machines)]


FIRM = st.fixed_dictionaries(
    {
        "county": st.sampled_from(["甲", "甲县", "乙县", None]),
        "chain": st.sampled_from(["鞋服", "机械", None]),
        "green": st.sampled_from([True, False, None]),
        "accepted": DAYS,
        "machines": st.none() | st.lists(MACHINE, max_size=3).map(_numbered),
    }
)
FIRMS = st.lists(FIRM, max_size=3).map(
    lambda firms: [{"id": n, **f} for n, f in zip((A, B, C), firms, strict=False)]
)


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> RuleBook:
    return book(tmp_path_factory.mktemp("pack"), _BUDGET)


def added(table: pl.DataFrame, column: str = "amount") -> Decimal:
    return sum(table[column], Decimal(0))


#: Known in all by the cap over two rules, neither of which is decided by itself.
UNDER_A_CAP = {
    "id": A,
    "county": "乙县",
    "chain": "机械",
    "green": True,
    "accepted": "2026-06-30",
    "machines": [
        {"id": "m0", "price": "60.01万元", "bought": "2026-01-15"},
        {"id": "m1", "price": None, "bought": "2026-01-15"},
        {"id": "m2", "price": "10万元", "bought": "2026-06-30"},
    ],
}


@SLOWLY
@given(firms=FIRMS)
def test_a_cost_is_the_sum_of_its_records(
    rules: RuleBook, firms: list[dict[str, Any]]
) -> None:
    """Total and bounds are those of evaluate() together, and every table adds up to it."""
    found = incentives.cost(firms, rules, as_of=DAY)
    alone = [incentives.evaluate(firm, as_of=DAY, rules=rules) for firm in firms]
    assert found.total == sum((each.total for each in alone), Decimal(0))
    highs = [each.bounds[1] for each in alone]
    low = sum((each.bounds[0] for each in alone), Decimal(0))
    high = sum((each for each in highs if each is not None), Decimal(0))
    assert found.bounds == (low, None if None in highs else high)
    for by in ("rule", "county", "chain", "month", "year"):
        table = found.by(by)
        assert added(table) == found.total
    for row in found.rules().to_dicts():
        assert row["amount"] <= row["low"]
        assert row["high"] is None or row["low"] <= row["high"]


@SLOWLY
@given(firms=FIRMS)
def test_a_budget_shared_over_a_registry(
    rules: RuleBook, firms: list[dict[str, Any]]
) -> None:
    """Taking only those who may get something changes nothing of what anybody gets."""
    some = incentives.screen(firms, rules=rules, as_of=DAY).allocate().to_dict()
    whole = incentives.allocate(firms, rules=rules, as_of=DAY).to_dict()
    assert some["budgets"] == whole["budgets"]
    taken = {each["id"]: each for each in some["applications"]}
    for each in whole["applications"]:
        if each["id"] in taken:
            assert each == taken[each["id"]]
        else:
            assert {g["granted"] for g in each["grants"] if g["budget"]} == {"0"}


@SLOWLY
@given(firms=FIRMS)
def test_a_book_and_itself(rules: RuleBook, firms: list[dict[str, Any]]) -> None:
    """Comparing a book with itself changes nothing, whatever is missing."""
    found = incentives.compare(rules, rules, firms, as_of=DAY)
    assert (found.change, found.gains, found.losses, found.bounds) == (0, 0, 0, (0, 0))
    assert set(found.counts.values()) == {0}


@SLOWLY
@given(
    firms=FIRMS,
    award=st.sampled_from(["3万元", "8万元"]),
    cap=st.sampled_from(["6万元", "12万元"]),
)
@example(firms=[UNDER_A_CAP], award="8万元", cap="6万元")
def test_gains_and_losses_add_up(
    rules: RuleBook, firms: list[dict[str, Any]], award: str, cap: str
) -> None:
    """They and what is unsettled are the difference of the costs, by every table."""
    reform = rules.amend("plant", award=award).amend("equipment", cap=cap)
    found = incentives.compare(rules, reform, firms, as_of=DAY)
    costs = [incentives.cost(firms, each, as_of=DAY).total for each in (rules, reform)]
    assert found.change == costs[1] - costs[0]
    assert found.change == found.gains + found.losses + found.unsettled
    for table in (found.counties(), found.chains()):
        assert added(table, "change") == found.gains + found.losses


@SLOWLY
@given(firms=FIRMS, green=st.booleans())
def test_bounds_hold(rules: RuleBook, firms: list[dict[str, Any]], green: bool) -> None:
    """Once a fact is known, cost and change lie within what was said before."""
    reform = rules.amend("plant", award="8万元")
    known = [{**f, "green": green if f["green"] is None else f["green"]} for f in firms]
    before = incentives.cost(firms, rules, as_of=DAY).bounds
    low, high = incentives.cost(known, rules, as_of=DAY).bounds
    assert before[0] <= low
    assert before[1] is None or (high is not None and high <= before[1])
    told = incentives.compare(rules, reform, firms, as_of=DAY).subjects().to_dicts()
    open_ = {row["id"]: row for row in told}
    later = incentives.compare(rules, reform, known, as_of=DAY).subjects().to_dicts()
    for row in later:
        if row["change"] is not None:
            said = open_[row["id"]]
            assert said["low"] <= row["change"] <= said["high"]
