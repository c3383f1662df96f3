"""Every node of the kernel in words, in Chinese and in English."""

from datetime import date
from fractions import Fraction

import pytest

import incentives

from incentives.dates import NEVER, Period
from incentives.ir import (
    Add,
    All,
    Any,
    AsOf,
    Branch,
    Calendar,
    Choose,
    Compare,
    Comparison,
    Constant,
    Exists,
    Fact,
    Greatest,
    Holds,
    InCalendar,
    Kind,
    Least,
    Lookup,
    Member,
    Multiply,
    Negate,
    Not,
    Round,
    Shift,
    Sum,
    Uncertain,
)
from incentives.money import Rounding
from incentives.value_words import number_words, plain_words, quoted
from incentives.wording import Words

VOCABULARY = incentives.bundled().vocabulary
ZH = Words(VOCABULARY, "enterprise")
EN = Words(VOCABULARY, "enterprise", "en")

CITY = Fact("city", Kind.TEXT)
KIND = Fact("kind", Kind.TEXT)
SME = Fact("technology_sme", Kind.BOOLEAN)
COST = Fact("equipment_cost", Kind.MONEY, "platform")
SOFTWARE = Fact("software_cost", Kind.MONEY, "platform")
YEAR = Fact("year", Kind.YEAR, "listing")
DAY = Fact("published", Kind.DATE, "listing")
AMOUNT = Fact("amount", Kind.MONEY, "award")
NOTHING = Constant(0, Kind.MONEY)
MILLION = Constant(10**8, Kind.MONEY)
THIRD = Constant(Fraction(3, 10), Kind.RATE)
SUM = Add((COST, SOFTWARE))
IN_CITY = Member((CITY,), frozenset({("泉州市",)}), shown=("泉州市",))
PAID = Member((Fact("rule", Kind.TEXT, "award"),), frozenset({("x",)}), shown=("x",))
SAME_RECORD = Compare(
    Comparison.EQ,
    Fact("record", Kind.TEXT, "award"),
    Fact("id", Kind.TEXT, "platform"),
)
SAME_YEAR = Compare(Comparison.EQ, Fact("year", Kind.YEAR, "award"), YEAR)


@pytest.mark.parametrize(
    ("node", "zh", "en"),
    [
        (MILLION, "100万元", "¥1,000,000"),
        (
            Choose((Branch(IN_CITY, MILLION),), COST),
            "100万元（若注册地（设区市）为“泉州市”），否则设备购置费",
            '¥1,000,000 (if city of registration is "泉州市"), else equipment cost',
        ),
        (
            Round(Constant(Fraction(7, 2), Kind.NUMBER), 1, Rounding.DOWN),
            "3.5（只计整数）",
            "3.5 (whole ones only)",
        ),
        (
            InCalendar(Calendar.FIRST_DAY_OF, Constant(2026, Kind.YEAR)),
            "2026年1月1日",
            "1 January of 2026",
        ),
        (CITY, "注册地（设区市）", "city of registration"),
        (Fact("mass", Kind.NUMBER, "planet"), "planet.mass", "planet.mass"),
        (AsOf(), "基准日", "the day asked about"),
        (
            Uncertain(date(2024, 1, 1), date(2024, 12, 31), "policy.effective_date"),
            "施行日（2024年1月1日至2024年12月31日之间，未载明）",
            "the effective date (unstated, between 2024-01-01 and 2024-12-31)",
        ),
        (SUM, "设备购置费 + 软件购置费", "equipment cost + software cost"),
        (
            Add((COST, Negate(SOFTWARE))),
            "设备购置费 − 软件购置费",
            "equipment cost − software cost",
        ),
        (
            Negate(SUM),
            "−（设备购置费 + 软件购置费）",
            "−(equipment cost + software cost)",
        ),
        (
            Multiply(THIRD, Greatest((NOTHING, SUM))),
            "30% × （设备购置费 + 软件购置费）",
            "30% × (equipment cost + software cost)",
        ),
        (
            Multiply(Round(SUM, 100, Rounding.DOWN), THIRD),
            "（设备购置费 + 软件购置费） × 30%",
            "(equipment cost + software cost) × 30%",
        ),
        (Least((COST, MILLION)), "设备购置费、100万元中较低者", "the lower of equipment cost, ¥1,000,000"),
        (Greatest((COST, MILLION)), "设备购置费、100万元中较高者", "the higher of equipment cost, ¥1,000,000"),
        (Shift(DAY, Period(months=6)), "发布日期之后6个月", "6 months after day of publication"),
        (Shift(DAY, Period(years=1), back=True), "发布日期之前1年", "1 year before day of publication"),
        (InCalendar(Calendar.YEAR_OF, DAY), "发布日期所在年度", "the year of day of publication"),
        (InCalendar(Calendar.FIRST_DAY_OF, YEAR), "榜单年度1月1日", "1 January of year in the title of the list"),
        (InCalendar(Calendar.LAST_DAY_OF, YEAR), "榜单年度12月31日", "31 December of year in the title of the list"),
        (Choose((Branch(IN_CITY, MILLION), Branch(IN_CITY, COST)), NOTHING), "按档次", "by tier"),
        (Choose((Branch(IN_CITY, MILLION),), NOTHING), "100万元（若注册地（设区市）为“泉州市”）", '¥1,000,000 (if city of registration is "泉州市")'),
        (Add((Least((COST, MILLION)), MILLION)), "（设备购置费、100万元中较低者） + 100万元", "(the lower of equipment cost, ¥1,000,000) + ¥1,000,000"),
        (
            Lookup("chains", "kind", (CITY,), {}, CITY),
            "《泉州市50条县域重点产业链目录》中注册地（设区市）对应的“单位类型”",
            "'kind of applicant' for city of registration in the catalogue of 50 key chains in annex 1",
        ),
        (
            Lookup("grants", "bonus", (CITY,), {}, CITY),
            "“grants”表中注册地（设区市）对应的“bonus”",
            "'bonus' for city of registration in the table 'grants'",
        ),
        (Sum("awards", "award", PAID, AMOUNT), "此前已拨付", "paid before"),
        (
            Sum("platforms", "platform", Holds(SME), COST),
            "设备购置费之和（其中科技型中小微企业：是）",
            "the sum of equipment cost (where technology-based small or micro enterprise: yes)",
        ),
    ],
)  # fmt: skip
def test_terms(node, zh, en):
    """A term is said with the labels of its facts."""
    assert (ZH.term(node), EN.term(node)) == (zh, en)


@pytest.mark.parametrize(
    ("node", "zh", "en"),
    [
        (Holds(SME), "科技型中小微企业：是", "technology-based small or micro enterprise: yes"),
        (Not(Holds(SME)), "科技型中小微企业：否", "technology-based small or micro enterprise: no"),
        (Compare(Comparison.GE, COST, MILLION), "设备购置费 ≥ 100万元", "equipment cost ≥ ¥1,000,000"),
        (
            Compare(Comparison.EQ, KIND, Constant("park-or-base", Kind.TEXT)),
            "单位类型 = 园区基地",
            "kind of applicant = park or base",
        ),
        (
            Compare(Comparison.NE, DAY, Constant(date(2025, 1, 1), Kind.DATE)),
            "发布日期不为2025年1月1日",
            "day of publication is not 2025-01-01",
        ),
        (Compare(Comparison.LT, DAY, AsOf()), "发布日期早于基准日", "day of publication is before the day asked about"),
        (IN_CITY, "注册地（设区市）为“泉州市”", 'city of registration is "泉州市"'),
        (Not(IN_CITY), "注册地（设区市）不为“泉州市”", 'city of registration is not "泉州市"'),
        (
            Member((KIND,), frozenset(), shown=("enterprise", "park-or-base")),
            "单位类型属于县域企业、园区基地",
            "kind of applicant is one of county enterprise, park or base",
        ),
        (
            Not(Member((KIND,), frozenset(), shown=("enterprise", "park-or-base"))),
            "单位类型不属于县域企业、园区基地",
            "kind of applicant is none of county enterprise, park or base",
        ),
        (
            Member((CITY, KIND), frozenset(), name="pairs"),
            "（注册地（设区市）、单位类型）属于“pairs”表",
            "(city of registration, kind of applicant) is in the table 'pairs'",
        ),
        (
            Member((CITY,), frozenset(), name="counties"),
            "注册地（设区市）属于《附件2县域名单》",
            "city of registration is in the list of counties in annex 2",
        ),
        (
            Not(Member((CITY,), frozenset(), name="counties.city")),
            "注册地（设区市）不属于《附件2县域名单》的“注册地（设区市）”一栏",
            "city of registration is not in the list of counties in annex 2 (column 'city of registration')",
        ),
        (
            Member((CITY,), frozenset(), name="cities.name"),
            "注册地（设区市）属于“cities.name”表",
            "city of registration is in the table 'cities.name'",
        ),
        (
            Not(Member((CITY,), frozenset(), name="cities")),
            "注册地（设区市）不属于“cities”表",
            "city of registration is not in the table 'cities'",
        ),
        (
            Member((Shift(DAY, Period(days=1)),), frozenset(), shown=(date(2025, 1, 1),)),
            "发布日期之后1日为2025年1月1日",
            "1 day after day of publication is 2025-01-01",
        ),
        (
            All((IN_CITY, Any((Holds(SME), Compare(Comparison.GT, COST, MILLION))))),
            "注册地（设区市）为“泉州市”，且（科技型中小微企业：是，或设备购置费 > 100万元）",
            (
                'city of registration is "泉州市" and '
                "(technology-based small or micro enterprise: yes or "
                "equipment cost > ¥1,000,000)"
            ),
        ),
        (
            Any((IN_CITY, All((Holds(SME), Compare(Comparison.LE, COST, MILLION))))),
            "注册地（设区市）为“泉州市”，或（科技型中小微企业：是，且设备购置费 ≤ 100万元）",
            (
                'city of registration is "泉州市" or '
                "(technology-based small or micro enterprise: yes and "
                "equipment cost ≤ ¥1,000,000)"
            ),
        ),
        (
            Not(Compare(Comparison.LT, COST, MILLION)),
            "设备购置费 ≥ 100万元",
            "equipment cost ≥ ¥1,000,000",
        ),
        (
            Not(All((IN_CITY, Holds(SME)))),
            "并非（注册地（设区市）为“泉州市”，且科技型中小微企业：是）",
            'not (city of registration is "泉州市" and technology-based small or micro enterprise: yes)',
        ),
        (
            Exists("listings", "listing", Compare(Comparison.EQ, YEAR, Constant(2025, Kind.YEAR))),
            "有入选榜单：榜单年度 = 2025",
            "one of listings: year in the title of the list = 2025",
        ),
        (
            Not(Exists("listings", "listing", Holds(SME))),
            "没有入选榜单：科技型中小微企业：是",
            "none of listings: technology-based small or micro enterprise: yes",
        ),
        (Exists("awards", "award", PAID), "此前已按本条获奖补", "paid before under this clause"),
        (Not(Exists("awards", "award", All((PAID,)))), "此前未按本条获奖补", "not yet paid under this clause"),
        (
            Exists("awards", "award", All((PAID, SAME_YEAR))),
            "此前已按本条获奖补（同一年度）",
            "paid before under this clause (same year)",
        ),
        (
            Not(Exists("awards", "award", All((PAID, SAME_YEAR)))),
            "此前未按本条获奖补（同一年度）",
            "not yet paid under this clause (same year)",
        ),
        (
            Not(Exists("awards", "award", All((PAID, SAME_RECORD)))),
            "此前未按本条获奖补（同一记录）",
            "not yet paid under this clause (same record)",
        ),
        (
            Exists("awards", "award", All((PAID, Compare(Comparison.GT, AMOUNT, MILLION)))),
            "此前已按本条获奖补（奖补金额 > 100万元）",
            "paid before under this clause (amount > ¥1,000,000)",
        ),
    ],
)  # fmt: skip
def test_conditions(node, zh, en):
    """A condition is said as a sentence, its opposite without a double negative."""
    assert (ZH.condition(node), EN.condition(node)) == (zh, en)


@pytest.mark.parametrize(
    ("value", "kind", "zh", "en"),
    [
        (True, Kind.BOOLEAN, "是", "yes"),
        (False, Kind.BOOLEAN, "否", "no"),
        ("运动鞋", Kind.TEXT, "“运动鞋”", '"运动鞋"'),
        ("所谓“强链”", Kind.TEXT, "「所谓“强链”」", '"所谓“强链”"'),
        (date(2025, 8, 28), Kind.DATE, "2025年8月28日", "2025-08-28"),
        (NEVER, Kind.DATE, "未发生", "never"),
        (123450, Kind.MONEY, "1,234.50元", "¥1,234.50"),
        (Fraction(10**8), Kind.MONEY, "100万元", "¥1,000,000"),
        (2025, Kind.YEAR, "2025", "2025"),
        (Fraction(1, 8), Kind.RATE, "12.5%", "12.5%"),
        (Fraction(25, 2), Kind.NUMBER, "12.5", "12.5"),
        (Fraction(1, 3), Kind.NUMBER, "1/3", "1/3"),
    ],
)
def test_values(value, kind, zh, en):
    """A value is said as people of that language write it."""
    assert (plain_words(value, kind, "zh"), plain_words(value, kind, "en")) == (zh, en)


def test_values_of_enumerations():
    """A value of an enumeration has its label; one it does not have is shown."""
    assert ZH.value("park-or-base", Kind.TEXT, KIND) == "园区基地"
    assert EN.value("park-or-base", Kind.TEXT, KIND) == "park or base"
    assert ZH.value("club", Kind.TEXT, KIND) == "“club”"
    assert (ZH.value(None, Kind.TEXT), EN.value(None, Kind.TEXT)) == ("未知", "unknown")


@pytest.mark.parametrize(
    ("path", "zh", "en"),
    [
        ("city", "注册地（设区市）", "city of registration"),
        ("listings", "入选榜单", "listings"),
        ("listings[0]", "入选榜单1", "listings #1"),
        ("listings[10].published", "入选榜单11·发布日期", "day of publication (listings #11)"),
        ("planet", "planet", "planet"),
    ],
)  # fmt: skip
def test_paths(path, zh, en):
    """A path in a record is said with labels, counting from one."""
    assert (ZH.path(path), EN.path(path)) == (zh, en)


def test_quotation_marks():
    """A text is quoted with marks that it does not use itself."""
    assert quoted("“甲”和乙", "zh") == "「“甲”和乙」"
    assert quoted('a "b"', "en") == "'a \"b\"'"


def test_a_long_number():
    """A number that does not end in the digits at hand is said as a fraction."""
    assert number_words(Fraction(1, 7)) == "1/7"
    assert number_words(Fraction(5, 4)) == "1.25"


def test_another_language():
    """Only two languages are spoken."""
    with pytest.raises(incentives.UsageError, match="no language 'fr'"):
        Words(VOCABULARY, "enterprise", "fr").condition(IN_CITY)
