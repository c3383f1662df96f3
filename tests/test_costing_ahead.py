"""What comes and goes within some days: every day of them, looked at by itself, says the same."""

import json

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import incentives

from incentives import Outcome, RuleBook
from incentives.costing import ahead
from tests.support.canglang import PROJECT, firm, paid
from tests.support.costs import FACTS, A, B, C, book

DAY = date(2026, 11, 15)
DAYS = 60
_MORE = ("91350582MA34ABCG63", "91350582MA35ABCH6N")

_FACTS = (
    FACTS
    + """\
  ended: {label: 停用日, english: end, type: date}
  patience: {label: 期限, english: patience, type: number, unit: 天}
  tax: {label: 纳税额, english: tax, type: money, series: true}
  since: {label: 起始年度, english: first year, type: year}
  closed: {label: 关闭, english: closed, type: boolean}
"""
)

#: One rule for each way in which the day that is asked about can matter.
_RULES = {
    "between": "conditions: [accepted + 6个月 ≤ as_of, accepted + 7个月 > as_of]\naward: 1万元\n",
    "pause": "conditions: [green, {any of: [as_of ≤ 2026-11-20, as_of ≥ 2026-11-25]}]\naward: 1万元\n",
    "reopens": "conditions: [{any of: [accepted ≥ as_of, accepted + 10天 < as_of]}]\naward: 1万元\n",
    "same-day": "conditions: [accepted = as_of]\naward: {non-cash: 授牌}\n",
    "lasting": "conditions: ['days(accepted, as_of) ≤ 30天']\naward: 1万元\n",
    "patient": "conditions: ['days(accepted, as_of) ≤ patience']\naward: 1万元\n",
    "months": "award: {amount: 12万元, prorate: {from: accepted, to: 'min(ended, as_of)', over: 12个月}}\n",
    "year": "conditions: [year(accepted) + 1年 = year(as_of)]\naward: 1万元\n",
    "year-end": "conditions: ['last_day(year(accepted)) - 15天 ≤ as_of']\naward: 1万元\n",
    "figure": "award: {rate: 10%, of: 'tax[year(as_of) - 1年]'}\n",
    "started": "conditions: ['since + 2年 = year(as_of)']\naward: 1万元\n",
    "last-year": "conditions: ['year(as_of - 20天) in [2024, 2025, 2026]']\naward: 1万元\n",
    "fresh": "conditions: ['largest(machines.bought, as_of) + 14天 ≥ as_of']\naward: 1万元\n",
    "some": "conditions: [any(machines where machines.bought + 1个月 < as_of)]\naward: 1万元\n",
    "each": """\
each: machine
conditions: [machine.bought + 1个月 ≥ as_of]
award: {rate: 10%, of: machine.price, cap: 10万元, cap per: 'subject, 2个月'}
""",
    "again": "once: per 1个月\naward: 1万元\n",
    "twice": "at most: 2 times in 3个月\nconditions: [green]\naward: 1万元\n",
    "two-years": "at most: 2 years\nconditions: [green]\naward: 1万元\n",
    "age": "award: {rate: 10%, of: 'tax[2025] × ratio(days(accepted, as_of), patience, 0%)', cap: 5万元}\n",
    "both": "conditions: ['days(accepted, as_of) ≤ days(accepted, ended)']\naward: 1万元\n",
    "left-over": "conditions: ['patience - days(accepted, as_of) ≥ 0天']\naward: 1万元\n",
    "longer": "conditions: ['days(accepted, as_of) + 5天 ≤ patience']\naward: 1万元\n",
    "own": "conditions: [as_of - 1个月 > as_of - 31天]\naward: 1万元\n",
}

_GROUPS = """\
stacking:
  - {group: 就高, rules: [between, lasting, pause], mode: highest-only}
  - {group: 合计, rules: [each, again], mode: capped, cap: 3万元}
"""


def _titled(rules: dict[str, str]) -> dict[str, str | None]:
    return {name: f"title: {name}\n{body}" for name, body in rules.items()}


@pytest.fixture(scope="module")
def seasons(tmp_path_factory: pytest.TempPathFactory) -> RuleBook:
    """All these rules together."""
    without = dict.fromkeys(("equipment", "plant", "land"))
    folder = tmp_path_factory.mktemp("seasons")
    rules = book(folder, _GROUPS, facts=_FACTS, **without, **_titled(_RULES))
    assert len(rules) == len(_RULES)
    return rules


# --- every day by itself ------------------------------------------------------------------

#: `id`, `rule`, `from`, `amount`.
Told = tuple[str, str, date, Decimal | None]


def _each_day(
    firms: list[dict[str, Any]], rules: RuleBook, start: date, days: int
) -> tuple[set[Told], set[Told]]:
    """What lapses and what comes, by asking on every single day."""
    lapsing: set[Told] = set()
    coming: set[Told] = set()
    for record in firms:
        found = [
            incentives.evaluate(record, as_of=start + timedelta(days=n), rules=rules)
            for n in range(days + 1)
        ]
        for n, (before, after) in enumerate(pairwise(found), start=1):
            for rule in rules:
                key = (record["id"], rule.id, start + timedelta(days=n))
                lapsing |= {
                    (*key, sum_) for sum_ in _lost(before[rule.id], after[rule.id])
                }
                coming |= {
                    (*key, sum_) for sum_ in _gained(before[rule.id], after[rule.id])
                }
    return lapsing, coming


def _lost(before: Any, after: Any) -> Iterator[Decimal | None]:
    gone = after.outcome is Outcome.INELIGIBLE is not before.outcome
    high, then = (
        None if e.bounds[1] is None else max(Decimal(0), e.bounds[1])
        for e in (before, after)
    )
    if before.is_cash:
        gone |= then is not None and (high is None or high > then)
    if gone:
        decided = before.is_cash and Outcome.UNDETERMINED not in (
            before.outcome,
            after.outcome,
        )
        yield max(Decimal(0), before.amount - after.amount) if decided else None


def _gained(before: Any, after: Any) -> Iterator[Decimal | None]:
    due, then = (
        (e.amount or 0) if e.outcome is Outcome.ELIGIBLE else 0 for e in (before, after)
    )
    begins = after.outcome is Outcome.ELIGIBLE is not before.outcome
    if begins or then > due:
        yield max(Decimal(0), then - due) if after.is_cash else None


def _told(frame: Any) -> set[Told]:
    rows = frame.select("id", "rule", "from", "amount").rows()
    assert len(rows) == len(set(rows))
    return set(rows)


def _agrees(
    firms: list[dict[str, Any]], rules: RuleBook, start: date, days: int
) -> None:
    found = incentives.upcoming(firms, rules, as_of=start, days=days)
    lapsing, coming = _each_day(firms, rules, start, days)
    assert _told(found.lapsing()) == lapsing
    assert _told(found.coming()) == coming


# --- laws ----------------------------------------------------------------------------------

_DATES = st.none() | st.dates(date(2026, 1, 1), date(2027, 2, 28)).map(str)
_MACHINE = st.fixed_dictionaries(
    {"price": st.sampled_from(["10万元", "60万元", None]), "bought": _DATES}
)
_AWARD = st.fixed_dictionaries(
    {
        "rule": st.sampled_from(["again", "twice", "two-years", "each"]),
        "amount": st.just("1万元"),
        "date": st.dates(date(2025, 6, 1), date(2026, 11, 15)).map(str),
    }
)
_FIRM = st.fixed_dictionaries(
    {
        "green": st.sampled_from([True, False, None]),
        "accepted": _DATES | st.sampled_from([False]),
        "ended": _DATES,
        "patience": st.sampled_from(["20天", "200天", None]),
        "tax": st.sampled_from(
            [None, {2025: "10万元"}, {2025: "9万元", 2026: "1万元"}]
        ),
        "since": st.sampled_from([2024, 2025, None]),
        "machines": st.none()
        | st.lists(_MACHINE, max_size=2).map(
            lambda some: [{"id": f"m{n}", **each} for n, each in enumerate(some)]
        ),
        "awards": st.none() | st.lists(_AWARD, max_size=3),
    }
)


@settings(
    max_examples=3,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(firms=st.lists(_FIRM, min_size=1, max_size=2), days=st.sampled_from([20, 40]))
@example(firms=[{"green": True, "accepted": "2026-11-18", "awards": []}], days=40)
def test_every_day_by_itself(
    seasons: RuleBook, firms: list[dict[str, Any]], days: int
) -> None:
    """What comes and goes is what asking on every single day finds, and no more."""
    named = [{"id": i, **each} for i, each in zip((A, B), firms, strict=False)]
    _agrees(named, seasons, DAY, days)


@pytest.mark.parametrize(("few", "days"), [(0, 10), (500, 45)])
def test_in_columns_and_one_by_one(
    seasons: RuleBook, few: int, days: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many are looked at in columns, few record by record; either says the same."""
    monkeypatch.setattr(ahead, "_FEW", few)
    dates = ["2026-05-20", "2026-11-18", "2026-12-30", None, False]
    firms = [
        {
            "id": name,
            "green": True,
            "accepted": day,
            "ended": "2027-01-03",
            "patience": "30天",
            "tax": {2025: "10万元", 2026: "1万元"},
            "since": 2025,
            "machines": [{"id": "m1", "price": "10万元", "bought": "2026-11-01"}],
            "awards": [paid("twice", "10000", "2026-10-01")],
        }
        for name, day in zip((A, B, C, *_MORE), dates, strict=True)
    ]
    _agrees(firms, seasons, DAY, days)


@pytest.mark.parametrize("subject", ["enterprise", "county"])
def test_the_bundled_pack(subject: str) -> None:
    """On the edge of everything, over both sunsets of the pack that comes along."""
    rules = incentives.bundled()
    tables = incentives.synthesize(
        rules, rows=6, seed=3, boundary=True, subject=subject, as_of="2027-12-20"
    )
    screening = incentives.screen(tables, rules=rules, as_of=DAY, subject=subject)
    firms = screening.records(range(6))
    for start in (date(2025, 12, 22), date(2027, 12, 22)):
        found = incentives.upcoming(
            tables, rules, as_of=start, days=20, subject=subject
        )
        lapsing, coming = _each_day(firms, rules, start, 20)
        assert _told(found.lapsing()) == lapsing
        assert _told(found.coming()) == coming


def test_the_pack_of_all_mechanisms() -> None:
    """Instalments, history and budgets of the example that uses every word."""
    rules = incentives.load("examples/packs/linjiang-2026")
    lines = Path("examples/linjiang.jsonl").read_text("utf-8").splitlines()
    firms = [json.loads(line) for line in lines]
    for start in (date(2026, 12, 20),):
        _agrees(firms, rules, start, 20)


def test_instalments(in_three: RuleBook) -> None:
    """Each instalment on its day, and the last that lapses, over half a year."""
    record = firm(staff=20, projects=[PROJECT])
    _agrees([record], in_three, date(2027, 12, 20), 210)


def test_comes_and_goes(seasons: RuleBook) -> None:
    """What is there neither before nor after is told all the same."""
    record = {"id": A, "accepted": "2026-06-01", "green": False, "awards": []}
    found = incentives.upcoming([record], seasons, as_of=DAY, days=DAYS)
    of = {
        name: table.filter(table["rule"] == "between").rows()
        for name, table in (("coming", found.coming()), ("lapsing", found.lapsing()))
    }
    assert of == {
        "coming": [(A, "between", date(2026, 12, 1), Decimal(10_000))],
        "lapsing": [
            (
                A,
                "between",
                date(2027, 1, 1),
                "eligible",
                Decimal(10_000),
                Decimal(10_000),
            )
        ],
    }


def test_goes_and_comes(seasons: RuleBook) -> None:
    """What is there before and after, and not in between, is told as well."""
    record = {"id": A, "accepted": "2026-01-05", "green": True, "awards": []}
    found = incentives.upcoming([record], seasons, as_of=DAY, days=DAYS)
    pauses = [
        table.filter(table["rule"] == "pause")["from"].to_list()
        for table in (found.lapsing(), found.coming())
    ]
    # On New Year's Day the policy itself is over.
    over = date(2027, 1, 1)
    assert pauses == [[date(2026, 11, 21), over], [date(2026, 11, 25)]]


def test_nobody(seasons: RuleBook) -> None:
    """Of a registry without subjects nothing comes and nothing goes."""
    found = incentives.upcoming([], seasons, as_of=DAY, days=DAYS)
    assert (len(found.lapsing()), len(found.coming())) == (0, 0)
