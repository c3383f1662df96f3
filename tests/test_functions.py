"""Functions and aggregates of expressions: the kernel that each stands for."""

from datetime import date
from fractions import Fraction

import pytest

from incentives.dates import Period
from incentives.ir import (
    Add,
    All,
    Any,
    AsOf,
    Calendar,
    Compare,
    Comparison,
    Constant,
    Elapsed,
    Entitlement,
    Exists,
    Extreme,
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
    Quotient,
    Round,
    Shift,
    Span,
    Sum,
)
from incentives.ir_kinds import kind_of, unit_of
from incentives.language.expressions.awards import paid_under
from incentives.money import Rounding
from tests.support.written import (
    IN_PROJECT,
    OPEN,
    PROJECTS,
    SCOPE,
    condition,
    fact,
    field,
    number,
    rate,
    term,
    wrong,
    yuan,
)

OUTPUT, COST, PROFIT = fact("output"), fact("cost"), fact("profit")
HEADS, AREA, RENT, SHARE = fact("heads"), fact("area"), fact("rent"), fact("share")
FOUNDED, MOVED, SINCE = fact("founded"), fact("moved"), fact("since")
P_COST, P_PLAN, P_FIRST = field("cost"), field("plan"), field("first")
PEOPLE, METRES = ("人", 1), ("平方米", 1)
GE, GT, LE, LT = Comparison.GE, Comparison.GT, Comparison.LE, Comparison.LT
ALWAYS = All(())
ONE = number(1)


# --- of values -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("english", "chinese", "expected"),
    [
        (
            "year(founded)",
            "年度(成立日期)",
            InCalendar(Calendar.YEAR_OF, FOUNDED),
        ),
        (
            "first_day(since)",
            "首日(入统年度)",
            InCalendar(Calendar.FIRST_DAY_OF, SINCE),
        ),
        (
            "last_day(since)",
            "末日(入统年度)",
            InCalendar(Calendar.LAST_DAY_OF, SINCE),
        ),
        ("min(output, 5元)", "较低者(产值, 5元)", Least((OUTPUT, yuan(5)))),
        ("max(output, 5元)", "较高者(产值, 5元)", Greatest((OUTPUT, yuan(5)))),
        (
            "mean(output, cost)",
            "均值(产值, 成本)",
            Multiply(Add((OUTPUT, COST)), rate(Fraction(1, 2))),
        ),
        (
            "mean(heads, 4人, 5人)",
            "均值(人数, 4人, 5名)",
            Multiply(
                Add((HEADS, number(4, PEOPLE), number(5, PEOPLE))),
                rate(Fraction(1, 3)),
            ),
        ),
        (
            "ratio(output, cost, 10%)",
            "比值(产值, 成本, 10%)",
            Quotient(OUTPUT, COST, rate(Fraction(1, 10))),
        ),
        (
            "growth(output, cost, 0%)",
            "增长率(产值, 成本, 0%)",
            Quotient(
                Add((OUTPUT, Negate(COST))), Greatest((COST, Negate(COST))), rate(0)
            ),
        ),
        (
            "days(founded, as_of)",
            "天数(成立日期, 基准日)",
            Elapsed(Span.DAYS, FOUNDED, AsOf()),
        ),
        (
            "months(founded, as_of)",
            "月数(成立日期, 基准日)",
            Elapsed(Span.MONTHS, FOUNDED, AsOf()),
        ),
        (
            "years(founded, as_of)",
            "年数(成立日期, 基准日)",
            Elapsed(Span.YEARS, FOUNDED, AsOf()),
        ),
        (
            "whole(score / 3)",
            "取整(评分 / 3)",
            Round(
                Quotient(fact("score"), number(3), Constant(0, Kind.NUMBER)),
                1,
                Rounding.DOWN,
            ),
        ),
        ("due(“r-2”)", "应得(“r-2”)", Entitlement("r-2")),
        ("paid(“r-2”)", "已付(“r-2”)", paid_under(("r-2",), SCOPE)),
        (
            "granted(“r-2”)",
            "累计应得(“r-2”)",
            Add((Entitlement("r-2"), paid_under(("r-2",), SCOPE))),
        ),
    ],
)
def test_functions_of_values(english, chinese, expected):
    """Each function by either name, of facts by either name, is the same kernel."""
    assert term(english) == expected
    assert term(chinese) == expected


def test_what_was_paid_under_a_rule():
    """Awards of the policy, under the rule, dated by the day asked about."""
    found = term("paid(“r-2”)")
    assert found == Sum(
        "awards",
        "award",
        All(
            (
                All(
                    (
                        Member(
                            (Fact("rule", Kind.TEXT, "award"),),
                            frozenset({("r-2",)}),
                            shown=("r-2",),
                        ),
                        Member(
                            (Fact("policy", Kind.TEXT, "award", default="p-1"),),
                            frozenset({("p-1",)}),
                            shown=("p-1",),
                        ),
                        Compare(
                            LE,
                            Fact("date", Kind.DATE, "award", default=date(1900, 1, 1)),
                            AsOf(),
                        ),
                    )
                ),
            )
        ),
        Fact("amount", Kind.MONEY, "award", low=0),
    )


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("output / 3", Kind.MONEY),
        ("output ÷ 30%", Kind.MONEY),
        ("output / 5元", Kind.RATE),
        ("score / 3", Kind.NUMBER),
        ("ratio(score, score, 0%)", Kind.RATE),
        ("share / 2", Kind.RATE),
        ("share / 30%", Kind.RATE),
        ("score / 30%", Kind.NUMBER),
        ("heads / 2", Kind.NUMBER),
        ("ratio(heads, area, 0)", Kind.NUMBER),
        ("ratio(output, heads, 0元)", Kind.MONEY),
        ("heads × 50%", Kind.NUMBER),
        ("heads × 3000元/人", Kind.MONEY),
        ("months(founded, as_of) × 2000元/月", Kind.MONEY),
        ("output × share × 2", Kind.MONEY),
        ("5万美元 × 7.1元/美元", Kind.MONEY),
    ],
)
def test_kinds_of_products_and_quotients(written, kind):
    """An amount by an amount is a share; by a number or a share it stays an amount."""
    found = term(written)
    assert found is not None
    assert kind_of(found) is kind


def test_a_quotient_takes_the_kind_that_is_wanted():
    """A number by a number is a share or a number, whichever is needed."""
    zero = Constant(0, Kind.RATE)
    expected = Quotient(fact("score"), number(3), zero)
    assert term("score / 3", kind=Kind.RATE) == expected
    assert condition("share ≥ score / 3") == Compare(GE, SHARE, expected)
    assert condition("share ≥ ratio(score, score, 50%)") == Compare(
        GE, SHARE, Quotient(fact("score"), fact("score"), rate(Fraction(1, 2)))
    )


@pytest.mark.parametrize(
    ("written", "unit"),
    [
        ("heads", {"人": 1}),
        ("area", {"平方米": 1}),
        ("rent", {"平方米": -1}),
        ("rent × area", {}),
        ("heads / 2", {"人": 1}),
        ("output / 3人", {"人": -1}),
        ("ratio(area, heads, 0)", {"平方米": 1, "人": -1}),
        ("ratio(heads, heads, 0%)", {}),
        ("days(founded, as_of)", {"天": 1}),
        ("max(heads, 3人)", {"人": 1}),
        ("-heads", {"人": 1}),
        ("mean(heads, 3人)", {"人": 1}),
        ("sum(projects.area)", {"平方米": 1}),
        ("largest(projects.area, 0)", {"平方米": 1}),
        ("count(projects)", {}),
        ("staff[2025]", {"人": 1}),
        ("due(“r-2”)", {}),
        ("as_of", {}),
        ("as_of + 3个月", {}),
        ("year(as_of)", {}),
    ],
)
def test_units_of_terms(written, unit):
    """Units of factors multiply; sums, limits and aggregates keep theirs."""
    found = term(written)
    assert found is not None
    assert dict(unit_of(found)) == unit


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("20人", number(20, PEOPLE)),
        ("20 名", number(20, PEOPLE)),
        ("1.5公顷", number(15_000, METRES)),
        ("1,000平方米", number(1000, METRES)),
        ("2万美元", number(20_000, ("美元", 1))),
        ("3标段", number(3, ("标段", 1))),
        ("0.3吨标准煤/万元", number(Fraction(3, 100_000), ("元", -1), ("吨标准煤", 1))),
        ("5 千瓦时 / 平方米", number(5, ("千瓦时", 1), ("平方米", -1))),
        ("300元/平方米", Constant(Fraction(30_000), Kind.MONEY, (("平方米", -1),))),
        (
            "300 元 / 亩",
            Constant(Fraction(30_000 * 3, 2000), Kind.MONEY, (("平方米", -1),)),
        ),
        (
            "1000元/万千瓦时",
            Constant(Fraction(10), Kind.MONEY, (("千瓦时", -1),)),
        ),
    ],
)
def test_quantities_and_prices(written, expected):
    """A number with its unit, and an amount for one, in base units and fen."""
    assert term(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("days(founded, as_of) ≥ 30天", number(30, ("天", 1))),
        ("days(founded, as_of) ≥ 30日", number(30, ("天", 1))),
        ("days(founded, as_of) ≥ 30 days", number(30, ("天", 1))),
        ("days(founded, as_of) ≥ 2周", number(14, ("天", 1))),
    ],
)
def test_periods_as_numbers(written, expected):
    """Where a number is wanted, a period is so many of its unit."""
    elapsed = Elapsed(Span.DAYS, FOUNDED, AsOf())
    assert condition(written) == Compare(GE, elapsed, expected)


def test_a_number_of_days_and_a_period():
    """A number of days is added to another, not moved like a day."""
    found = term("days(founded, as_of) + 30天")
    expected = (Elapsed(Span.DAYS, FOUNDED, AsOf()), number(30, ("天", 1)))
    assert found == Add(expected)


# --- the words of the law ------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "sign"),
    [
        ("不低于 不少于 不小于 达到", GE),
        ("不超过 不高于 不大于 不多于", LE),
        ("超过 高于 大于 多于", GT),
        ("低于 少于 小于 不足 不满", LT),
    ],
)
def test_comparison_words_of_the_law(words, sign):
    """A comparison word is a sign, before a blank or a number."""
    for word in words.split():
        assert condition(f"产值 {word} 5元") == Compare(sign, OUTPUT, yuan(5))
        assert condition(f"产值 {word}5元") == Compare(sign, OUTPUT, yuan(5))
        assert condition(f"产值 {word}(成本)") == Compare(sign, OUTPUT, COST)


@pytest.mark.parametrize(
    ("written", "signs", "strictly"),
    [
        ("1元以上", (GE,), (GT,)),
        ("5元以下", (LE,), (LT,)),
        ("5元以内", (LE,), (LT,)),
        ("1元以上5元以下", (GE, LE), (GT, LT)),
        ("1元以上不足5元", (GE, LT), (GT, LT)),
        ("1元 以上 不满 5元", (GE, LT), (GT, LT)),
    ],
)
def test_intervals_in_the_words_of_the_law(written, signs, strictly):
    """以上 and 以下 include the number, unless the policy says otherwise."""
    amounts = (yuan(5),) if "以上" not in written else (yuan(1), yuan(5))

    def interval(used):
        parts = tuple(
            Compare(sign, OUTPUT, at) for sign, at in zip(used, amounts, strict=False)
        )
        return parts[0] if len(parts) == 1 else All(parts)

    assert condition(f"产值 in {written}") == interval(signs)
    assert condition(f"产值 属于 {written}") == interval(signs)
    assert condition(f"产值 in {written}", OPEN) == interval(strictly)
    assert condition(f"产值 not in {written}") == Not(interval(signs))


# --- over records --------------------------------------------------------------


def over(term_, where=ALWAYS):
    return Sum("projects", "projects", where, term_, 3)


def most(term_, otherwise, where=ALWAYS, *, largest=True):
    return Extreme("projects", "projects", where, term_, largest, otherwise)


@pytest.mark.parametrize(
    ("english", "chinese", "expected"),
    [
        ("sum(projects.cost)", "合计(项目.总投资)", over(P_COST)),
        (
            "sum(projects.cost - projects.plan)",
            "合计(项目.总投资 - 项目.计划投资)",
            over(Add((P_COST, Negate(P_PLAN)))),
        ),
        (
            "sum(projects.cost × share where projects.first)",
            "合计(项目.总投资 × 占比 其中 项目.首台套)",
            over(Multiply(P_COST, SHARE), Holds(P_FIRST)),
        ),
        ("count(projects)", "个数(项目)", over(ONE)),
        (
            "count(projects where projects.cost ≥ 5元)",
            "个数(项目 其中 项目.总投资 不低于 5元)",
            over(ONE, Compare(GE, P_COST, yuan(5))),
        ),
        (
            "largest(projects.cost, 0元)",
            "最大(项目.总投资, 0元)",
            most(P_COST, yuan(0)),
        ),
        (
            "smallest(projects.done where projects.first, as_of)",
            "最小(项目.竣工日期 其中 项目.首台套, 基准日)",
            most(field("done"), AsOf(), Holds(P_FIRST), largest=False),
        ),
        (
            "largest(projects.area, 0)",
            "最大(项目.建筑面积, 0)",
            most(field("area"), number(0)),
        ),
        (
            "largest(projects.area, 1亩)",
            "最大(项目.建筑面积, 1亩)",
            most(field("area"), number(Fraction(2000, 3), METRES)),
        ),
    ],
)
def test_aggregates(english, chinese, expected):
    """Sums, counts and extremes over the records that meet a condition."""
    assert term(english) == expected
    assert term(chinese) == expected


@pytest.mark.parametrize(
    ("english", "chinese", "expected"),
    [
        ("any(projects)", "存在(项目)", Exists("projects", "projects", ALWAYS)),
        (
            "any(projects where projects.first)",
            "存在(项目 其中 项目.首台套)",
            Exists("projects", "projects", Holds(P_FIRST)),
        ),
        (
            "every(projects where projects.first)",
            "均有(项目 其中 项目.首台套)",
            Not(Exists("projects", "projects", Not(Holds(P_FIRST)))),
        ),
        (
            "listed or not any(projects)",
            "已上市 或 非 存在(项目)",
            Any(
                (
                    Holds(fact("listed")),
                    Not(Exists("projects", "projects", ALWAYS)),
                )
            ),
        ),
    ],
)
def test_quantifiers(english, chinese, expected):
    """That some record, or that every record, meets a condition."""
    assert condition(english) == expected
    assert condition(chinese) == expected


def test_an_aggregate_inside_another():
    """The fields of an inner list and of the outer one are told apart by their list."""
    found = condition("any(projects where sum(prizes.sum) > projects.cost)")
    prizes = Sum("prizes", "prizes", ALWAYS, Fact("sum", Kind.MONEY, "prizes", low=0))
    assert found == Exists("projects", "projects", Compare(GT, prizes, P_COST))


def test_an_aggregate_beside_the_record_at_hand():
    """With `each: project`, `project.` is that one and `projects.` each of them all."""
    at_hand = PROJECTS.fields["cost"].as_fact("project")
    found = condition("project.cost = largest(projects.cost, 0元)", IN_PROJECT)
    assert found == Compare(Comparison.EQ, at_hand, most(P_COST, yuan(0)))


def test_a_label_inside_an_aggregate_is_each_record():
    """The label of a list is the record at hand outside, and each one inside."""
    at_hand = PROJECTS.fields["cost"].as_fact("project")
    found = condition("项目.总投资 = 最大(项目.总投资, 0元)", IN_PROJECT)
    assert found == Compare(Comparison.EQ, at_hand, most(P_COST, yuan(0)))


def test_yearly_figures_of_records():
    """A record may have a figure for each year too."""
    found = term("sum(projects.output[2025])")
    assert isinstance(found, Sum)
    assert found.term == term_of_figure()


def term_of_figure():
    from incentives.ir import Figure  # noqa: PLC0415  # only here

    return Figure(field("output"), Constant(2025, Kind.YEAR))


# --- mistakes ------------------------------------------------------------------


NEEDS_ORDER = "kind-mismatch", "{}() needs an order", None


@pytest.mark.parametrize(
    ("written", "code", "message", "help_", "underlined"),
    [
        (
            "year(founded, founded) = 2025",
            "bad-call",
            "year() takes one value",
            None,
            "year(founded, founded)",
        ),
        (
            "最大者(产值, 成本) > 5元",
            "unknown-function",
            "unknown function '最大者'",
            "did you mean '最大'?",
            "最大者",
        ),
        (
            "xyz(output) > 5元",
            "unknown-function",
            "unknown function 'xyz'",
            (
                "one of 'year', 'first_day', 'last_day', 'min', 'max', 'mean', "
                "'ratio', 'growth', 'days', 'months', 'years', 'whole', 'due', 'paid', "
                "'granted', 'sum', 'count', 'largest', 'smallest', 'any', 'every'"
            ),
            "xyz",
        ),
        (
            "any(projects) > 5元",
            "kind-mismatch",
            "a condition is not a value",
            None,
            "any",
        ),
        (
            "min(city, city) = “甲”",
            "kind-mismatch",
            "min() needs an order",
            None,
            "min(city, city)",
        ),
        (
            "mean(founded, moved) > as_of",
            "kind-mismatch",
            "mean() takes amounts or numbers",
            None,
            "mean(founded, moved)",
        ),
        (
            "max(heads, area) > 3人",
            "mixed-units",
            "'人' and '平方米' do not go together",
            "declare 'unit:' of the fact in facts.yaml, or convert it",
            "area",
        ),
        (
            "ratio(output, cost) > 5%",
            "bad-call",
            "ratio() takes three values",
            None,
            "ratio(output, cost)",
        ),
        (
            "ratio(output, city, 0%) > 5%",
            "kind-mismatch",
            "cannot divide an amount by a text",
            None,
            "ratio(output, city, 0%)",
        ),
        (
            "ratio(output, 0, 0元) > 5元",
            "may-be-zero",
            "a division by 0",
            None,
            "ratio(output, 0, 0元)",
        ),
        (
            "ratio(heads, 2, 3亩) > 3人",
            "mixed-units",
            "'人' and '平方米' do not go together",
            "write it in '人'",
            "3亩",
        ),
        (
            "growth(heads, area, 0%) > 5%",
            "mixed-units",
            "'人' and '平方米' do not go together",
            "declare 'unit:' of the fact in facts.yaml, or convert it",
            "area",
        ),
        (
            "growth(city, city, 0%) > 5%",
            "kind-mismatch",
            "a text cannot be added",
            None,
            "city",
        ),
        (
            "output / cost > 5%",
            "may-be-zero",
            "this divisor may be 0, and the rule would say nothing",
            "write ratio(a, b, c): c is what holds where b is 0",
            "cost",
        ),
        (
            "output / 0 > 5元",
            "may-be-zero",
            "a division by 0",
            None,
            "output / 0",
        ),
        (
            "days(output, as_of) > 3天",
            "kind-mismatch",
            "expected a day, got an amount",
            None,
            "output",
        ),
        (
            "due(“r”, “s”) > 5元",
            "bad-call",
            "due() takes one value",
            None,
            "due(“r”, “s”)",
        ),
        (
            "granted(r) > 5元",
            "bad-call",
            "granted() takes the id of a rule",
            "write it in quotes: “…”",
            "r",
        ),
        (
            "max(output where listed) > 5元",
            "bad-call",
            "max() has no 'where'",
            None,
            "max(output where listed)",
        ),
        (
            "sum(output) > 5元",
            "unknown-record",
            "no list of records in 'output'",
            "expected one of 'projects', 'prizes', 'titles', 'codes', 'awards'",
            "output",
        ),
        (
            "sum(project.cost) > 5元",
            "unknown-record",
            "no list of records in 'project.cost'",
            "did you mean 'projects'?",
            "project.cost",
        ),
        (
            "sum(projects.cost + prizes.sum) > 5元",
            "unknown-record",
            "no list of records in 'projects.cost'",
            "did you mean 'projects'?",
            "projects.cost + prizes.sum",
        ),
        (
            "sum(3元) > 5元",
            "unknown-record",
            "no list of records here",
            "expected one of 'projects', 'prizes', 'titles', 'codes', 'awards'",
            "3元",
        ),
        (
            "count(3) > 5",
            "unknown-record",
            "no list of records here",
            "expected one of 'projects', 'prizes', 'titles', 'codes', 'awards'",
            "3",
        ),
        (
            "count(项目们) > 5",
            "unknown-record",
            "no list of records in '项目们'",
            "expected one of 'projects', 'prizes', 'titles', 'codes', 'awards'",
            "项目们",
        ),
        (
            "sum(projects.kind) > 5元",
            "kind-mismatch",
            "a text cannot be added",
            None,
            "projects.kind",
        ),
        (
            "sum(projects.cost, 3元) > 5元",
            "bad-call",
            "sum() takes no second value",
            "a condition follows 'where'",
            "3元",
        ),
        (
            "count(projects, 3) > 5",
            "bad-call",
            "count() takes no second value",
            "a condition follows 'where'",
            "3",
        ),
        (
            "largest(projects.cost) > 5元",
            "bad-call",
            "largest() needs what holds where there is no such record",
            "add it at the end: largest(…, 0元)",
            "largest(projects.cost)",
        ),
        (
            "smallest(projects.cost, 1元, 2元) > 5元",
            "bad-call",
            "smallest() takes two values at most",
            None,
            "smallest(projects.cost, 1元, 2元)",
        ),
        (
            "largest(projects.kind, “甲”) = “甲”",
            "kind-mismatch",
            "largest() needs an order",
            None,
            "largest(projects.kind, “甲”)",
        ),
        (
            "largest(projects.area, 3人) > 5亩",
            "mixed-units",
            "'平方米' and '人' do not go together",
            "write it in '平方米'",
            "3人",
        ),
        (
            "every(projects)",
            "bad-call",
            "every() needs a condition",
            None,
            "every(projects)",
        ),
        (
            "any(projects where projects.first, 3)",
            "bad-call",
            "any() takes no second value",
            "a condition follows 'where'",
            "3",
        ),
        (
            "any(prize)",
            "unknown-record",
            "no list of records in 'prize'",
            "did you mean 'prizes'?",
            "prize",
        ),
        (
            "min(output, 5元)",
            "kind-mismatch",
            "an amount or a value is not a condition",
            None,
            "min(output, 5元)",
        ),
    ],
)
def test_mistakes_in_calls(written, code, message, help_, underlined):
    """A call that makes no sense is told exactly, with what to write."""
    assert wrong(written) == (code, message, help_, underlined)


@pytest.mark.parametrize(
    ("written", "code", "message", "help_", "underlined"),
    [
        (
            "heads > 3",
            "mixed-units",
            "'人' and a value without a unit do not go together",
            "write it with its unit: 3人",
            "3",
        ),
        (
            "3 < heads",
            "mixed-units",
            "'人' and a value without a unit do not go together",
            "write it with its unit: 3人",
            "3",
        ),
        (
            "score > 3人",
            "mixed-units",
            "a value without a unit and '人' do not go together",
            "leave out its unit",
            "3人",
        ),
        (
            "output > 300元/平方米",
            "mixed-units",
            "'元' and '元/平方米' do not go together",
            "write it in '元'",
            "300元/平方米",
        ),
        (
            "rent > 300元",
            "mixed-units",
            "'元/平方米' and '元' do not go together",
            "write it in '元/平方米'",
            "300元",
        ),
        (
            "heads + area > 3人",
            "mixed-units",
            "'人' and '平方米' do not go together",
            "declare 'unit:' of the fact in facts.yaml, or convert it",
            "area",
        ),
        (
            "months(founded, as_of) > 1年6个月",
            "bad-literal",
            "'1年6个月' counts more than one unit",
            "write one unit, such as 18个月",
            "1年6个月",
        ),
        (
            "output > exports",
            "kind-mismatch",
            "expected an amount, got a number",
            "convert it at a stated rate, such as exports × 7.1元/美元",
            "exports",
        ),
        (
            "output > 5美元 + 6美元",
            "kind-mismatch",
            "expected an amount, got a number",
            "convert it at a stated rate, such as 5美元 × 7.1元/美元",
            "5美元",
        ),
        (
            "output > -5美元",
            "kind-mismatch",
            "expected an amount, got a number",
            "convert it at a stated rate, such as 5美元 × 7.1元/美元",
            "5美元",
        ),
        (
            "output > exports × 2",
            "kind-mismatch",
            "expected an amount, got a number",
            "convert it at a stated rate, such as … × 7.1元/美元",
            "exports × 2",
        ),
        (
            "founded > 2025/12/31",
            "kind-mismatch",
            "expected a day, got a number",
            "a day is written with hyphens: 2025-12-31",
            "2025/12/31",
        ),
        (
            "since - 1 > 2024",
            "kind-mismatch",
            "a year cannot be added",
            "a year moves by years, such as - 1年",
            "since",
        ),
        (
            "founded + 36 > as_of",
            "kind-mismatch",
            "a day cannot be added",
            "a day moves by a period, such as + 36个月",
            "founded",
        ),
        (
            "listed + 3 > 4",
            "kind-mismatch",
            "a yes or no cannot be added",
            None,
            "listed",
        ),
        (
            "等级 = “甲”",
            "unknown-fact",
            "unknown fact '等级'",
            "it may mean one of 'level', 'grade': write which one",
            "等级",
        ),
        (
            "总投资 > 5元",
            "unknown-fact",
            "unknown fact '总投资'",
            "'project.总投资' needs 'each: project' in the rule",
            "总投资",
        ),
        (
            "prizes.总投资 > 5元",
            "unknown-fact",
            "unknown fact 'prizes.总投资'",
            "declare it in facts.yaml",
            "prizes.总投资",
        ),
        (
            "any(projects where prizes.总投资 > 5元)",
            "unknown-fact",
            "unknown fact 'prizes.总投资'",
            "declare it in facts.yaml",
            "prizes.总投资",
        ),
        (
            "projects.cost > 5元",
            "unknown-fact",
            "unknown fact 'projects.cost'",
            "'projects.cost' stands inside sum(…), count(…) and the like",
            "projects.cost",
        ),
    ],
)
def test_mistakes_with_units_and_names(written, code, message, help_, underlined):
    """Mixed units, foreign currency and days in other forms are told for what they are."""
    assert wrong(written) == (code, message, help_, underlined)


@pytest.mark.parametrize(
    ("written", "help_"),
    [
        ("总投资 > 5元", "did you mean '项目.总投资'?"),
        ("plan > 5元", "did you mean 'project.plan'?"),
        ("project.plans > 5元", "did you mean 'project.plan'?"),
    ],
)
def test_fields_of_the_record_at_hand(written, help_):
    """A field without its record is found, by its name or by its label."""
    code, _, said, _ = wrong(written, IN_PROJECT)
    assert (code, said) == ("unknown-fact", help_)


def test_a_year_moves_by_whole_years():
    """24个月 are two years; a year and a half is no way to move a year."""
    assert term("since - 24个月") == Shift(SINCE, Period(years=2), back=True)
    assert wrong("since - 18个月 > 2020") == (
        "kind-mismatch",
        "a year moves by years",
        None,
        "18个月",
    )
