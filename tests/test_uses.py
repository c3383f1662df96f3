"""Amounts of other rules, shared definitions, and spans of time."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import incentives

from incentives import Outcome, PackError
from tests.support.canglang import FACTS, HEAD, POLICY, Make, firm, paid, wrong

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


def test_a_notice_that_uses_no_rule(make: Make) -> None:
    """What an amendment computes from no rule is told where it is amended."""
    book = make(x="conditions: [none]\naward: 1万元\n")
    with pytest.raises(PackError) as caught:
        book.amend("x", award={"amount": "due(“none-such”) × 10%"})
    (found,) = caught.value.diagnostics
    assert (found.code, found.place.file) == ("unknown-rule", "amend(x)")


def test_a_definition_that_uses_no_rule(tmp_path: Path) -> None:
    """What a shared definition computes from no rule is told at the rule that uses it."""
    shared = "define:\n  enterprise:\n    other: {amount: due(“none-such”)}\n"
    texts = {"policy": POLICY, "facts": FACTS + shared}
    texts["x"] = HEAD.format("x") + "conditions: [none]\naward: {amount: other × 10%}\n"
    for name, text in texts.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(PackError) as caught:
        incentives.load(tmp_path)
    (found,) = caught.value.diagnostics
    assert (found.code, found.place.file, found.place.line) == (
        "unknown-rule",
        "x.yaml",
        1,
    )
