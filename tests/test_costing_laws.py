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


@pytest.fixture(scope="module")
def books(
    tmp_path_factory: pytest.TempPathFactory, rules: RuleBook
) -> tuple[RuleBook, RuleBook]:
    """The same rules without anything that they share, and with it."""
    return book(tmp_path_factory.mktemp("free")), rules


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


#: What a reform may change in the small pack, and no more: a rule, and its new words.
_REFORMS = (
    {"plant": {"award": "8万元"}},
    {"plant": {"award": "2万元"}},
    {"equipment": {"cap": "6万元"}},
    {"equipment": {"rate": "12%"}},
    {"equipment": {"rate": "5%", "cap": "12万元"}},
    {"equipment": {"award": "3万元"}, "plant": {"award": "6万元"}},
    {"equipment": {"floor": "1万元"}},
    {"plant": {"conditions": ["green"]}},
)


def _completed(firm: dict[str, Any], draw: st.DrawFn) -> dict[str, Any]:
    """The firm with everything known: what is unknown becomes anything it may be."""
    known = dict(firm)
    for name, values in (("chain", ["鞋服", "机械"]), ("green", [True, False])):
        if known[name] is None:
            known[name] = draw(st.sampled_from(values))
    days = st.sampled_from(["2025-12-31", "2026-01-15", "2026-06-30"])
    if known["accepted"] is None:
        known["accepted"] = draw(days)
    if known["machines"] is None:
        known["machines"] = _numbered(draw(st.lists(MACHINE, max_size=3)))
    known["machines"] = [
        {
            **machine,
            "price": machine["price"]
            or draw(st.sampled_from(["0元", "75万元", "300万元"])),
            "bought": machine["bought"] or draw(days),
        }
        for machine in known["machines"]
    ]
    return known


@settings(SLOWLY, max_examples=25)
@given(
    firms=FIRMS,
    reform=st.sampled_from(_REFORMS),
    which=st.sampled_from([0, 1]),
    draw=st.data(),
)
def test_the_true_change_lies_within(
    books: tuple[RuleBook, RuleBook],
    firms: list[dict[str, Any]],
    reform: dict[str, dict[str, Any]],
    which: int,
    draw: st.DataObject,
) -> None:
    """Whatever is learnt, the change lies within its bounds; what stays changes nothing."""
    old = new = books[which]
    for rule, words in reform.items():
        new = new.amend(rule, **words)
    found = incentives.compare(old, new, firms, as_of=DAY).changes
    known = [_completed(firm, draw.draw) for firm in firms]
    later = incentives.compare(old, new, known, as_of=DAY).changes
    for table, key in ((found.pairs, ["id", "rule"]), (found.subjects, ["id"])):
        other = later.pairs if "rule" in key else later.subjects
        both = table.join(
            other.select(*key, "before", "after"), on=key, suffix=" later"
        )
        change = pl.col("after later") - pl.col("before later")
        assert both.filter(change < pl.col("low")).is_empty()
        assert both.filter(change > pl.col("high")).is_empty()
    if not which:
        stays = found.pairs.filter(~pl.col("rule").cast(pl.String).is_in(list(reform)))
        assert set(stays["low"]) | set(stays["high"]) <= {0}
