"""Quotients, spans, aggregates, units and other rules in words and in workings."""

from datetime import date
from fractions import Fraction

import pytest

import incentives

from incentives.engines.meanings import work_out
from incentives.engines.world import World
from incentives.facts import Enterprise
from incentives.ir import (
    Add,
    All,
    AsOf,
    Compare,
    Comparison,
    Constant,
    Elapsed,
    Entitlement,
    Exists,
    Extreme,
    Fact,
    Figure,
    Greatest,
    Holds,
    Kind,
    Multiply,
    Negate,
    Not,
    Quotient,
    Round,
    Span,
    Sum,
)
from incentives.known import exactly
from incentives.money import Rounding
from incentives.reports.workings import working_words
from incentives.wording import Words
from tests.support.small_packs import book

FIRM = "91350582MA31ABCD0M"
FACTS = """\
enterprise:
  output: {label: 产值, english: output, type: money}
  cost: {label: 成本, english: cost, type: money}
  area: {label: 用地, english: site, type: number, unit: 亩}
  rent: {label: 租金, english: rent, type: money, unit: 元/平方米}
  revenue: {label: 收入, english: revenue, type: money, series: true}
  land: {label: 供地, english: land, type: number, unit: 亩, series: true}
  founded: {label: 成立日, english: founding day, type: date}
  projects:
    label: 项目
    english: projects
    record: project
    key: id
    fields:
      id: {label: 编号, english: id, type: text}
      cost: {label: 投资, english: investment, type: money}
      first: {label: 首台, english: first of its kind, type: boolean}
"""
OUTPUT, COST = Fact("output", Kind.MONEY), Fact("cost", Kind.MONEY)
AREA = Fact("area", Kind.NUMBER, unit=(("平方米", 1),), scale=Fraction(2000, 3))
RENT = Fact("rent", Kind.MONEY, unit=(("平方米", -1),))
DAY = Fact("founded", Kind.DATE)
P_COST = Fact("cost", Kind.MONEY, "projects")
FIRST = Holds(Fact("first", Kind.BOOLEAN, "projects"))
ZERO, NONE = Constant(Fraction(0), Kind.RATE), Constant(0, Kind.MONEY)
ONE = Constant(Fraction(1), Kind.NUMBER)
ALL = All(())


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    directory = tmp_path_factory.mktemp("words")
    return book(directory, FACTS, bonus="conditions: [none]\naward: 1元\n")


def most(where=ALL, *, largest=True):
    return Extreme("projects", "projects", where, P_COST, largest, NONE)


def growth(new, old, base):
    return Quotient(Add((new, Negate(old))), Greatest((base, Negate(base))), ZERO)


@pytest.mark.parametrize(
    ("node", "zh", "en"),
    [
        (Quotient(OUTPUT, COST, ZERO), "产值 ÷ 成本", "output ÷ cost"),
        (
            Quotient(Add((OUTPUT, COST)), Multiply(COST, ONE), ZERO),
            "（产值 + 成本） ÷ （成本 × 1）",
            "(output + cost) ÷ (cost × 1)",
        ),
        (
            Quotient(OUTPUT, Quotient(COST, ONE, NONE), ZERO),
            "产值 ÷ （成本 ÷ 1）",
            "output ÷ (cost ÷ 1)",
        ),
        (
            growth(OUTPUT, COST, COST),
            "成本到产值的增长率",
            "the growth from cost to output",
        ),
        (
            growth(OUTPUT, COST, OUTPUT),
            "（产值 − 成本） ÷ 产值、−产值中较高者",
            "(output − cost) ÷ the higher of output, −output",
        ),
        (
            Elapsed(Span.DAYS, DAY, AsOf()),
            "成立日至基准日的天数",
            "the days from founding day to the day asked about",
        ),
        (
            Elapsed(Span.MONTHS, DAY, AsOf()),
            "成立日至基准日的整月数",
            "the whole months from founding day to the day asked about",
        ),
        (
            Elapsed(Span.YEARS, DAY, AsOf()),
            "成立日至基准日的整年数",
            "the whole years from founding day to the day asked about",
        ),
        (
            Sum("projects", "projects", ALL, P_COST),
            "投资之和",
            "the sum of investment",
        ),
        (
            Sum("projects", "projects", FIRST, ONE),
            "项目的个数（其中首台：是）",
            "the number of projects (where first of its kind: yes)",
        ),
        (most(), "最大的投资", "the largest of investment"),
        (
            most(FIRST, largest=False),
            "最小的投资（其中首台：是）",
            "the smallest of investment (where first of its kind: yes)",
        ),
        (
            Entitlement("bonus"),
            "“bonus”一条应得的金额",
            "what 'bonus' comes to",
        ),
        (
            Constant(Fraction(30_000), Kind.MONEY, (("平方米", -1),)),
            "300元/平方米",
            "¥300/平方米",
        ),
        (Constant(Fraction(5), Kind.NUMBER, (("人", 1),)), "5人", "5人"),
        (
            Figure(Fact("revenue", Kind.MONEY), Constant(2025, Kind.YEAR)),
            "收入（2025年）",
            "revenue (2025)",
        ),
    ],
)
def test_terms(pack, node, zh, en):
    """Each new node of the kernel, in both languages."""
    said = [
        Words(pack.vocabulary, "enterprise", lang).term(node) for lang in ("zh", "en")
    ]
    assert said == [zh, en]


@pytest.mark.parametrize(
    ("node", "zh", "en"),
    [
        (
            Compare(Comparison.GE, AREA, Constant(Fraction(2000), Kind.NUMBER)),
            "用地 ≥ 3亩",
            "site ≥ 3亩",
        ),
        (
            Compare(Comparison.LT, RENT, Constant(Fraction(3000), Kind.MONEY)),
            "租金 < 30元/平方米",
            "rent < ¥30/平方米",
        ),
        (
            Exists("projects", "projects", FIRST),
            "有项目：首台：是",
            "one of projects: first of its kind: yes",
        ),
        (
            Not(Exists("projects", "projects", FIRST)),
            "没有项目：首台：是",
            "none of projects: first of its kind: yes",
        ),
        (
            Exists("projects", "projects", ALL),
            "有项目",
            "there is one of projects",
        ),
    ],
)
def test_conditions(pack, node, zh, en):
    """A bound is said in the unit of the fact."""
    said = [
        Words(pack.vocabulary, "enterprise", lang).condition(node)
        for lang in ("zh", "en")
    ]
    assert said == [zh, en]


def working(pack, term, **facts):
    firm = Enterprise.from_dict({"id": FIRM, **facts}, rules=pack)
    world = World(firm, date(2026, 6, 1), {}, {"bonus": exactly(500)})
    said = Words(pack.vocabulary, "enterprise")
    return working_words(work_out(term, world), said)


@pytest.mark.parametrize(
    ("term", "facts", "said"),
    [
        (
            Quotient(OUTPUT, COST, ZERO),
            {"output": 6, "cost": 4},
            "产值 6元 ÷ 成本 4元 = 150%",
        ),
        (Quotient(OUTPUT, COST, ZERO), {"output": 6, "cost": 0}, "0%（成本 0元）"),
        (
            Multiply(RENT, AREA),
            {"rent": "30元/平方米", "area": 3},
            "租金 30元/平方米 × 用地 3亩 = 6万元",
        ),
        (AREA, {"area": "2公顷"}, "用地 30亩"),
        (AREA, {}, "用地 未知"),
        (
            Figure(Fact("revenue", Kind.MONEY), Constant(2025, Kind.YEAR)),
            {"revenue": {"2025": "5万元"}},
            "收入（2025年） 5万元",
        ),
        (
            Figure(
                Fact(
                    "land",
                    Kind.NUMBER,
                    unit=(("平方米", 1),),
                    scale=Fraction(2000, 3),
                ),
                Constant(2025, Kind.YEAR),
            ),
            {"land": {"2025": 3}},
            "供地（2025年） 3亩",
        ),
        (
            Elapsed(Span.MONTHS, DAY, AsOf()),
            {"founded": "2025-06-01"},
            "成立日至基准日的整月数 12月",
        ),
        (Elapsed(Span.MONTHS, DAY, AsOf()), {}, "成立日至基准日的整月数 未知"),
        (
            most(),
            {"projects": [{"id": "p", "cost": 3}, {"id": "q", "cost": 7}]},
            "最大的投资 7元",
        ),
        (most(), {"projects": [{"id": "p"}]}, "最大的投资 0元以上"),
        (
            Sum("projects", "projects", ALL, ONE),
            {"projects": [{"id": "p"}, {"id": "q"}]},
            "项目的个数 2",
        ),
        (Entitlement("bonus"), {}, "“bonus”一条应得的金额 5元"),
        (
            Round(
                Quotient(OUTPUT, Constant(Fraction(3), Kind.NUMBER), NONE),
                1,
                Rounding.DOWN,
            ),
            {"output": 1},
            "产值 1元 ÷ 3 = 0.33元",
        ),
    ],
)
def test_workings(pack, term, facts, said):
    """How a value came about, in the units of the facts."""
    assert working(pack, term, **facts) == said


def test_the_packs_are_rule_books(pack):
    """The vocabulary of this page is that of a pack."""
    assert isinstance(pack, incentives.RuleBook)
