"""Expressions: each literal, operator and function, as nodes of the kernel."""

from datetime import date
from fractions import Fraction

import pytest

from incentives.dates import Period
from incentives.errors import Place
from incentives.ir import (
    Add,
    All,
    Any,
    AsOf,
    Calendar,
    Compare,
    Comparison,
    Constant,
    Fact,
    Greatest,
    Holds,
    InCalendar,
    Kind,
    Least,
    Member,
    Multiply,
    Negate,
    Not,
    Shift,
)
from incentives.language import expressions
from incentives.language.expressions.scope import Scope
from incentives.language.nodes import Problems, Scalar
from incentives.tables import parse_table
from incentives.vocabulary import (
    EnumerationValue,
    FactDeclaration,
    RecordDeclaration,
    SubjectDeclaration,
)

FACTS = [
    FactDeclaration("city", Kind.TEXT, label="注册地"),
    FactDeclaration("county", Kind.TEXT, aliases={"晋江": "晋江市"}),
    FactDeclaration(
        "size",
        Kind.TEXT,
        values=(
            EnumerationValue("large", "大型", "large"),
            EnumerationValue("small", "小型", "small"),
        ),
    ),
    FactDeclaration("revenue", Kind.MONEY),
    FactDeclaration("cost", Kind.MONEY),
    FactDeclaration("heads", Kind.NUMBER),
    FactDeclaration("growth", Kind.RATE),
    FactDeclaration("founded", Kind.DATE),
    FactDeclaration("since", Kind.YEAR),
    FactDeclaration("good", Kind.BOOLEAN),
    FactDeclaration("fair", Kind.BOOLEAN),
]
FIELDS = [
    FactDeclaration("year", Kind.YEAR),
    FactDeclaration("list", Kind.TEXT, label="榜单名称"),
]
SCOPE = Scope(
    SubjectDeclaration({fact.name: fact for fact in FACTS}, {}),
    {
        "counties": parse_table("counties", "county,class\n晋江市,一类\n德化县,三类\n"),
        "chains": parse_table("chains", "county,chain\n晋江市,鞋\n"),
    },
    RecordDeclaration("listings", "listing", {f.name: f for f in FIELDS}),
    {"合计": Constant(700, Kind.MONEY)},
)

CITY, COUNTY, SIZE, REVENUE, COST, HEADS, GROWTH, FOUNDED, SINCE, GOOD, FAIR = (
    declared.as_fact() for declared in FACTS
)
YEAR, LIST = (declared.as_fact("listing") for declared in FIELDS)


def money(yuan: int) -> Constant:
    return Constant(yuan * 100, Kind.MONEY)


def number(value: int | Fraction) -> Constant:
    return Constant(Fraction(value), Kind.NUMBER)


def year(value: int) -> Constant:
    return Constant(value, Kind.YEAR)


def day(*value: int) -> Constant:
    return Constant(date(*value), Kind.DATE)


def text(value: str) -> Constant:
    return Constant(value, Kind.TEXT)


def rows(*values: str) -> frozenset[tuple[str, ...]]:
    return frozenset((value,) for value in values)


def scalar(written: str) -> Scalar:
    return Scalar(written, Place("r.yaml", 1, 1, len(written) + 1, written), (1,))


def term_of(written: str, kind: Kind | None = None) -> object:
    problems = Problems()
    found = expressions.term(scalar(written), SCOPE, problems, kind)
    assert [str(problem) for problem in problems.found] == []
    return found


def condition_of(written: str) -> object:
    problems = Problems()
    found = expressions.condition(scalar(written), SCOPE, problems)
    assert [str(problem) for problem in problems.found] == []
    return found


@pytest.mark.parametrize(
    ("written", "term"),
    [
        ("500万元", money(5_000_000)),
        ("500 万元", money(5_000_000)),
        ("2亿元", money(200_000_000)),
        ("1,234元", money(1234)),
        ("1,234.50元", Constant(123_450, Kind.MONEY)),
        ("3千元", money(3000)),
        ("2百万元", money(2_000_000)),
        ("30%", Constant(Fraction(3, 10), Kind.RATE)),
        ("0.5 %", Constant(Fraction(1, 200), Kind.RATE)),
        ("5‰", Constant(Fraction(1, 200), Kind.RATE)),
        ("2027-12-31", day(2027, 12, 31)),
        ("12.5", number(Fraction(25, 2))),
        ("“甲 乙”", text("甲 乙")),
        ('"甲"', text("甲")),
        ("'甲'", text("甲")),
        ("as_of", AsOf()),
        ("city", CITY),
        ("listing.year", YEAR),
        ("合计", Constant(700, Kind.MONEY)),
    ],
)
def test_literals_and_names(written: str, term: object) -> None:
    """A literal is an exact constant, a name the fact or definition that it names."""
    assert term_of(written) == term


@pytest.mark.parametrize(
    ("written", "term"),
    [
        ("revenue + cost", Add((REVENUE, COST))),
        ("revenue + cost + 1元", Add((REVENUE, COST, money(1)))),
        ("revenue - cost - 1元", Add((REVENUE, Negate(COST), Negate(money(1))))),
        (
            "revenue - (cost - 1元)",
            Add((REVENUE, Negate(Add((COST, Negate(money(1))))))),
        ),
        ("-cost", Negate(COST)),
        ("revenue + cost * 2", Add((REVENUE, Multiply(COST, number(2))))),
        ("(revenue + cost) × 2", Multiply(Add((REVENUE, COST)), number(2))),
        ("growth * revenue", Multiply(GROWTH, REVENUE)),
        ("-cost * 2", Multiply(Negate(COST), number(2))),
        ("min(revenue, 5元)", Least((REVENUE, money(5)))),
        ("max(revenue, cost, 0元)", Greatest((REVENUE, COST, money(0)))),
        ("max(founded, 2026-01-01)", Greatest((FOUNDED, day(2026, 1, 1)))),
        ("founded + 36个月", Shift(FOUNDED, Period(months=36))),
        ("founded - 3年", Shift(FOUNDED, Period(years=3), back=True)),
        ("founded + 1年6个月", Shift(FOUNDED, Period(years=1, months=6))),
        ("founded + 2周", Shift(FOUNDED, Period(days=14))),
        ("founded + 30 days", Shift(FOUNDED, Period(days=30))),
        (
            "founded + 1年 - 1日",
            Shift(Shift(FOUNDED, Period(years=1)), Period(days=1), back=True),
        ),
        ("year(founded)", InCalendar(Calendar.YEAR_OF, FOUNDED)),
        ("first_day(since)", InCalendar(Calendar.FIRST_DAY_OF, SINCE)),
        ("last_day(2026)", InCalendar(Calendar.LAST_DAY_OF, year(2026))),
    ],
)
def test_terms(written: str, term: object) -> None:
    """`*` binds before `+`, both from the left; functions and periods have kinds."""
    assert term_of(written) == term


@pytest.mark.parametrize(
    ("written", "sign"),
    [
        ("=", Comparison.EQ),
        ("!=", Comparison.NE),
        ("≠", Comparison.NE),
        ("<", Comparison.LT),
        ("<=", Comparison.LE),
        ("≤", Comparison.LE),
        (">", Comparison.GT),
        (">=", Comparison.GE),
        ("≥", Comparison.GE),
    ],
)
def test_comparisons(written: str, sign: Comparison) -> None:
    """Each sign of comparison, with blanks or without."""
    assert condition_of(f"revenue {written} 5元") == Compare(sign, REVENUE, money(5))
    assert condition_of(f"revenue{written}5元") == Compare(sign, REVENUE, money(5))


A, B = Holds(GOOD), Holds(FAIR)
IN_CITY = Member((CITY,), rows("甲"), shown=("甲",))


@pytest.mark.parametrize(
    ("written", "condition"),
    [
        ("good", A),
        ("good and fair", All((A, B))),
        ("good 且 fair", All((A, B))),
        ("good or fair", Any((A, B))),
        ("good 或 fair", Any((A, B))),
        ("not good", Not(A)),
        ("非 good", Not(A)),
        ("not not good", Not(Not(A))),
        ("not good and fair", All((Not(A), B))),
        ("not (good and fair)", Not(All((A, B)))),
        ("good or fair and good", Any((A, All((B, A))))),
        ("(good or fair) and good", All((Any((A, B)), A))),
        ("good and fair and good", All((A, B, A))),
        ("city = “甲” and good", All((IN_CITY, A))),
        ("not city = “甲”", Not(IN_CITY)),
    ],
)
def test_connectives(written: str, condition: object) -> None:
    """`not` binds before `and`, `and` before `or`; the Chinese words are the same."""
    assert condition_of(written) == condition


@pytest.mark.parametrize(
    ("written", "condition"),
    [
        ("city = “甲”", IN_CITY),
        ("“甲” = city", Member((CITY,), rows("甲"), shown=("甲",))),
        ("city != “甲”", Not(IN_CITY)),
        ("city = county", Compare(Comparison.EQ, CITY, COUNTY)),
        (
            "county = “晋江市”",
            Member((COUNTY,), rows("晋江市", "晋江"), shown=("晋江市",)),
        ),
        ("size = 大型", Member((SIZE,), rows("large"), shown=("large",))),
        ("size = large", Member((SIZE,), rows("large"), shown=("large",))),
        ("size = “小型”", Member((SIZE,), rows("small"), shown=("small",))),
        ("大型 = size", Member((SIZE,), rows("large"), shown=("large",))),
        ("listing.year = 2026", Compare(Comparison.EQ, YEAR, year(2026))),
        ("2026 <= listing.year", Compare(Comparison.LE, year(2026), YEAR)),
        ("heads >= 20", Compare(Comparison.GE, HEADS, number(20))),
        (
            "year(founded) = since",
            Compare(Comparison.EQ, InCalendar(Calendar.YEAR_OF, FOUNDED), SINCE),
        ),
        (
            "as_of <= founded + 36个月",
            Compare(Comparison.LE, AsOf(), Shift(FOUNDED, Period(months=36))),
        ),
        (
            "growth > 10%",
            Compare(Comparison.GT, GROWTH, Constant(Fraction(1, 10), Kind.RATE)),
        ),
    ],
)
def test_kinds_in_comparisons(written: str, condition: object) -> None:
    """A bare word or number takes its kind from the other side; aliases are expanded."""
    assert condition_of(written) == condition


@pytest.mark.parametrize(
    ("written", "condition"),
    [
        ("city in [“甲”, “乙”]", Member((CITY,), rows("甲", "乙"), shown=("甲", "乙"))),
        ("city 属于 [“甲”]", IN_CITY),
        ("city not in [“甲”]", Not(IN_CITY)),
        ("city 非 属于 [“甲”]", Not(IN_CITY)),
        (
            "size in [大型, small]",
            Member((SIZE,), rows("large", "small"), shown=("large", "small")),
        ),
        (
            "since in [2024, 2025, 2026]",
            Member(
                (SINCE,),
                frozenset({(2024,), (2025,), (2026,)}),
                shown=(2024, 2025, 2026),
            ),
        ),
        ("city in [county]", Any((Compare(Comparison.EQ, CITY, COUNTY),))),
        (
            "city in counties",
            Member((CITY,), rows("晋江市", "德化县"), name="counties"),
        ),
        (
            "county in counties",
            Member((COUNTY,), rows("晋江市", "晋江", "德化县"), name="counties"),
        ),
        (
            "city in counties.class",
            Member((CITY,), rows("一类", "三类"), name="counties.class"),
        ),
        (
            "(county, city) in chains",
            Member(
                (COUNTY, CITY),
                frozenset({("晋江市", "鞋"), ("晋江", "鞋")}),
                name="chains",
            ),
        ),
    ],
)
def test_membership(written: str, condition: object) -> None:
    """Lists, tables, columns and rows of tables; aliases are expanded in all."""
    assert condition_of(written) == condition


GE, GT = (Compare(sign, REVENUE, money(1)) for sign in (Comparison.GE, Comparison.GT))
LE, LT = (Compare(sign, REVENUE, money(5)) for sign in (Comparison.LE, Comparison.LT))


@pytest.mark.parametrize(
    ("written", "condition"),
    [
        ("[1元, 5元)", All((GE, LT))),
        ("(1元, 5元]", All((GT, LE))),
        ("(1元, 5元)", All((GT, LT))),
        ("1元 至 5元", All((GE, LE))),
        ("1元至5元", All((GE, LE))),
        ("1元..5元", All((GE, LE))),
        ("[1元, ∞)", GE),
        ("(1元, ∞)", GT),
        ("(-∞, 5元)", LT),
        ("(-∞, 5元]", LE),
    ],
)
def test_intervals(written: str, condition: object) -> None:
    """The kinds of intervals: which end belongs to it is always written."""
    assert condition_of(f"revenue in {written}") == condition
    assert condition_of(f"revenue not in {written}") == Not(condition)
    problems = Problems()
    found = expressions.test_of(scalar(written), REVENUE, SCOPE, problems)
    assert (found, problems.found) == (condition, [])


def test_interval_of_one_value() -> None:
    """With both ends closed, an interval may hold a single value."""
    one = Constant(100, Kind.MONEY)
    both = (Comparison.GE, Comparison.LE)
    found = condition_of("revenue in 1元 至 1元")
    assert found == All(tuple(Compare(sign, REVENUE, one) for sign in both))


def test_interval_with_a_fact_as_an_end() -> None:
    """An end may be a fact: whether the interval holds anything is then open."""
    ends = Compare(Comparison.GE, REVENUE, COST), LT
    assert condition_of("revenue in [cost, 5元)") == All(ends)


def test_words_inside_names() -> None:
    """A word of the language inside a name is part of the name."""
    facts = {"及至今日": FactDeclaration("及至今日", Kind.BOOLEAN)}
    scope = Scope(SubjectDeclaration(facts, {}), {})
    problems = Problems()
    found = expressions.condition(scalar("非 及至今日"), scope, problems)
    assert found == Not(Holds(facts["及至今日"].as_fact()))


def test_caret_in_a_folded_text_is_under_the_whole() -> None:
    """Where YAML folded a text, its columns are gone: the whole line is marked."""
    problems = Problems()
    place = Place("r.yaml", 3, 3, 9, "  city =")
    assert expressions.condition(Scalar("city = =", place), SCOPE, problems) is None
    assert problems.found[0].place == place


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("榜单名称 = “甲”", "did you mean 'listing.list'?"),
        ("revenue = 五百万元", "an amount is written in digits, such as 500万元"),
        (
            "revenue = 5万美元",
            "convert it at a stated rate, such as 5万美元 × 7.1元/美元",
        ),
        ("revenue大于等于5元", "write '≥' for '大于等于'"),
        ("city或county = “甲”", "leave a blank on either side of '或'"),
        ("founded + 99999999999年 > as_of", None),
        ("good = good || fair", "write 'or'"),
        ("!good", "write 'not', or '!=' between two values"),
        ("good）", "write the half-width ')'"),
        ("city = “甲”；", "values are separated by ','"),
        ("city = “甲“", "a text stands between two quotes of one kind: “…”"),
        ("since = 2026年", "a year is written 2025"),
        ("heads + 2年 > 3", "leave out its unit"),
        ("good and", None),
        ("city + city = “甲”", None),
    ],
)
def test_help(written: str, said: str | None) -> None:
    """What an officer probably did is told, where it can be told."""
    problems = Problems()
    assert expressions.condition(scalar(written), SCOPE, problems) is None
    assert [problem.help for problem in problems.found] == [said]


def test_fact_of_another_scope_has_no_declaration() -> None:
    """A fact of an award, say, has no declaration among the records at hand."""
    assert SCOPE.declaration(Fact("rule", Kind.TEXT, "award")) is None
    alone = Scope(SCOPE.subject, {})
    assert alone.declaration(YEAR) is None
    assert SCOPE.declaration(YEAR) == FIELDS[0]
