"""Findings as data, and what is said of them: actual values, workings, changes."""

from datetime import date
from fractions import Fraction
from typing import Any as Anything

import pytest

import incentives

from incentives.engines.meanings import find, work_out
from incentives.engines.world import World
from incentives.explanation import Finding, Ground, Later, Working, facts_behind
from incentives.facts import Award, Enterprise, Listing, Platform, Recognition
from incentives.ir import (
    Add,
    All,
    Any,
    AsOf,
    Branch,
    Choose,
    Compare,
    Comparison,
    Condition,
    Constant,
    Exists,
    Fact,
    Greatest,
    Holds,
    Kind,
    Least,
    Lookup,
    Member,
    Multiply,
    Negate,
    Not,
    Round,
    Sum,
    Term,
    Uncertain,
)
from incentives.money import Rounding
from incentives.policy import Requirement
from incentives.reports.changes import actual, needed, unmet_parts
from incentives.reports.report import finding_lines
from incentives.reports.workings import working_words
from incentives.verdict import Verdict
from incentives.wording import Words

BOOK = incentives.bundled()
SAID = Words(BOOK.vocabulary, "enterprise")
EN = Words(BOOK.vocabulary, "enterprise", "en")
DAY = date(2026, 1, 15)

# An invented firm; the code has a valid check digit (GB 32100-2015).
FIRM = Enterprise(
    id="91350582MA31ABCD0M",
    kind="enterprise",
    city="厦门市",
    listings=[Listing(list="甲榜", year=2025, published="2026-02-01")],
    recognitions=[Recognition(first=True), Recognition(first=False)],
    platforms=[
        Platform(id="p1", equipment_cost="100万元", software_cost="0.05元"),
        Platform(id="p2", equipment_cost="300万元"),
    ],
    awards=[
        Award(rule="pilot-platform", amount="20万元", date="2025-12-01"),
        Award(rule="pilot-platform", amount="30万元"),
    ],
    facts={"technology_sme": False},
)

CITY = Fact("city", Kind.TEXT)
COUNTY = Fact("county", Kind.TEXT)
KIND = Fact("kind", Kind.TEXT)
SME = Fact("technology_sme", Kind.BOOLEAN)
ZONE = Fact("chain_cluster_zone", Kind.BOOLEAN)
COST = Fact("equipment_cost", Kind.MONEY, "platform", low=0)
SOFTWARE = Fact("software_cost", Kind.MONEY, "platform", low=0)
YEAR = Fact("year", Kind.YEAR, "listing")
PUBLISHED = Fact("published", Kind.DATE, "listing")
FIRST = Fact("first", Kind.BOOLEAN, "recognition")
RULE = Fact("rule", Kind.TEXT, "award")
AMOUNT = Fact("amount", Kind.MONEY, "award", low=0)
NOTHING = Constant(0, Kind.MONEY)
MILLION = Constant(10**8, Kind.MONEY)
CAP = Constant(5 * 10**7, Kind.MONEY)
RATE = Constant(Fraction(3, 10), Kind.RATE)
PILOT = Member((RULE,), frozenset({("pilot-platform",)}), shown=("pilot-platform",))
OTHER = Member((RULE,), frozenset({("other",)}), shown=("other",))
PAID = Sum("awards", "award", PILOT, AMOUNT)
UNPAID = Sum("awards", "award", OTHER, AMOUNT)
IN_CITY = Member((CITY,), frozenset({("泉州市",)}), shown=("泉州市",))
ISSUED = Uncertain(date(2024, 1, 1), date(2024, 12, 31), "policy.effective_date")


def world() -> World:
    """The firm with its first listing and platform at hand."""
    assert FIRM.listings is not None
    assert FIRM.platforms is not None
    empty = World(FIRM, DAY, {})
    listed = empty.with_record("listing", FIRM.listings[0], "listings[0]")
    return listed.with_record("platform", FIRM.platforms[0], "platforms[0]")


def found(condition: Condition) -> Finding:
    """What is found of a condition."""
    return find(condition, world())


def changes(condition: Condition, said: Words = SAID) -> list[str]:
    """What would have to change for a condition to be met."""
    requirement = Requirement(incentives.ReasonCode.CONDITION_UNMET, condition)
    return list(needed((Ground(requirement, found(condition)),), said))


class TestFacts:
    """A finding knows the facts behind it."""

    def test_the_first_fact(self):
        """A comparison names its fact, however deep it lies in the term."""
        deep = Compare(Comparison.GT, Multiply(RATE, Add((COST, SOFTWARE))), MILLION)
        fact = found(deep).fact()

        assert fact is not None
        assert (fact.path, fact.known.value) == ("platforms[0].equipment_cost", 10**8)

    def test_facts_that_choose(self):
        """A value that tiers choose comes from the facts of the tiers."""
        tiers = Choose((Branch(IN_CITY, MILLION),), NOTHING)
        fact = found(Compare(Comparison.GT, tiers, NOTHING)).fact()

        assert fact is not None
        assert fact.path == "city"
        assert [w.path for w in facts_behind(work_out(tiers, world()))] == ["city"]
        assert len(list(work_out(tiers, world()).terms())) == 2

    @pytest.mark.parametrize(
        "condition", [Not(Holds(SME)), All(())], ids=["not", "all"]
    )
    def test_compound_conditions_have_none(self, condition):
        """A compound condition looks at no fact itself."""
        assert found(condition).fact() is None

    def test_only_the_unknown_is_missing(self):
        """A finding misses something only where it is unknown."""
        assert found(Holds(ZONE)).missing == {"chain_cluster_zone"}
        assert found(All((Holds(ZONE), Holds(SME)))).missing == frozenset()


class TestCodes:
    """A ground has the code of its verdict."""

    @pytest.mark.parametrize(
        ("condition", "code"),
        [
            (Holds(SME), "once-only"),
            (Not(Holds(SME)), "condition-met"),
            (Holds(ZONE), "fact-missing"),
            (
                Compare(Comparison.GT, Constant(date(2024, 5, 1), Kind.DATE), ISSUED),
                "effective-date-unknown",
            ),
            (
                All(
                    (
                        Compare(
                            Comparison.GT, Constant(date(2024, 5, 1), Kind.DATE), ISSUED
                        ),
                        Holds(ZONE),
                    )
                ),
                "fact-missing",
            ),
        ],
        ids=["unmet", "met", "unknown", "policy", "both"],
    )
    def test_codes(self, condition, code):
        """Unmet has the requirement's code, unknown says who could tell."""
        requirement = Requirement(incentives.ReasonCode.ONCE_ONLY, condition)

        assert Ground(requirement, found(condition)).code.value == code


class TestValuesAsData:
    """Values and thresholds of reasons can be written as JSON, whatever their kind."""

    @pytest.mark.parametrize(
        ("left", "right", "value", "threshold"),
        [
            (COST, MILLION, "1000000", "1000000"),
            (COST, Multiply(RATE, SOFTWARE), "1000000", "0.02"),
            (YEAR, Constant(2024, Kind.YEAR), 2025, 2024),
            (
                Fact("heads", Kind.NUMBER, default=Fraction(25, 2)),
                Constant(Fraction(1, 3), Kind.NUMBER),
                "25/2",
                "1/3",
            ),
            (
                Fact("share", Kind.RATE, default=Fraction(1, 8)),
                RATE,
                "12.5%",
                "30%",
            ),
            (PUBLISHED, AsOf(), "2026-02-01", "2026-01-15"),
        ],
    )
    def test_as_data(self, left, right, value, threshold):
        """Money is a decimal string, a rate a percentage, a day in ISO form."""
        condition = Compare(Comparison.GE, left, right)
        requirement = Requirement(incentives.ReasonCode.CONDITION_UNMET, condition)
        judged = incentives.evaluate(FIRM, as_of=DAY)["tech-loan"]

        reason = judged.reason(Ground(requirement, found(condition)))

        assert (reason.value, reason.threshold) == (value, threshold)


class TestActual:
    """What the facts really are is said where the condition does not say it."""

    @pytest.mark.parametrize(
        ("condition", "zh"),
        [
            (Holds(SME), "（实为否）"),
            (Not(Holds(SME)), ""),
            (Not(Not(Holds(SME))), "（实为否）"),
            (Holds(ZONE), "（未知）"),
            (Not(Holds(ZONE)), "（未知）"),
            (IN_CITY, "（实为“厦门市”）"),
            (Not(IN_CITY), "（实为“厦门市”）"),
            (Compare(Comparison.EQ, YEAR, Constant(2025, Kind.YEAR)), ""),
            (Compare(Comparison.NE, YEAR, Constant(2025, Kind.YEAR)), "（实为2025）"),
            (Compare(Comparison.GE, COST, CAP), "（实为100万元）"),
            (Compare(Comparison.GE, COST, SOFTWARE), "（实为100万元、0.05元）"),
            (Compare(Comparison.LE, PUBLISHED, AsOf()), "（实为2026年2月1日）"),
            (Compare(Comparison.GE, AsOf(), ISSUED), "（实为2026年1月15日）"),
            (
                Compare(Comparison.GT, Add((COST, SOFTWARE)), MILLION),
                "（实为1,000,000.05元，据设备购置费为100万元、软件购置费为0.05元）",
            ),
            (
                Compare(Comparison.GT, Multiply(RATE, MILLION), MILLION),
                "（实为30万元）",
            ),
            (Compare(Comparison.GT, RATE, RATE), ""),
            (
                Member((KIND, COUNTY), frozenset({("enterprise", "晋江市")}), "pairs"),
                "（实为县域企业、未知）",
            ),
            (Any((Holds(SME), Holds(ZONE))), ""),
            (Exists("recognitions", "recognition", Holds(FIRST)), ""),
            (
                Not(Exists("recognitions", "recognition", Holds(FIRST))),
                "（见称号认定1）",
            ),
            (
                Not(Exists("awards", "award", PILOT)),
                "（见已获奖补1、已获奖补2）",
            ),
            (
                Not(Exists("awards", "award", Compare(Comparison.EQ, RATE, RATE))),
                "",
            ),
        ],
    )
    def test_in_brackets(self, condition, zh):
        """The value stands in brackets after the condition."""
        assert actual(found(condition), SAID) == zh


class TestLines:
    """Conditions with marks, compound ones part by part."""

    def test_parts_of_all(self):
        """Conditions that must all be met stand side by side."""
        whole = All((IN_CITY, All((Not(Holds(SME)), Holds(ZONE)))))

        assert list(finding_lines(found(whole), SAID)) == [
            "✗ 注册地（设区市）为“泉州市”（实为“厦门市”）",
            "✓ 科技型中小微企业：否",
            "? 县域重点产业链集中区：是（未知）",
        ]

    def test_parts_of_any(self):
        """Of alternatives, those that did not matter are left out."""
        whole = Any((IN_CITY, Not(Holds(SME)), Holds(ZONE)))

        assert list(finding_lines(found(whole), EN)) == [
            (
                '✓ city of registration is "泉州市" or technology-based small or micro '
                "enterprise: no or zone where a key chain is concentrated: yes"
            ),
            "  ✓ technology-based small or micro enterprise: no",
        ]


class TestWorkings:
    """The working of an amount reads like one's own arithmetic."""

    @pytest.mark.parametrize(
        ("term", "zh"),
        [
            (MILLION, "100万元"),
            (Round(MILLION, 1, Rounding.DOWN), "100万元"),
            (COST, "设备购置费 100万元"),
            (
                Round(Multiply(RATE, SOFTWARE), 1, Rounding.HALF_UP),
                "30% × 软件购置费 0.05元 = 0.02元",
            ),
            (
                Least((Multiply(RATE, COST), CAP)),
                "30% × 设备购置费 100万元 = 30万元，封顶 50万元 = 30万元",
            ),
            (
                Greatest((Multiply(RATE, COST), CAP)),
                "30% × 设备购置费 100万元 = 30万元，保底 50万元 = 50万元",
            ),
            (Least((COST, CAP)), "设备购置费 100万元，封顶 50万元 = 50万元"),
            (
                Multiply(RATE, Greatest((NOTHING, Add((COST, Negate(SOFTWARE)))))),
                ("30% × （设备购置费 100万元 − 软件购置费 0.05元） = 299,999.99元"),
            ),
            (
                Least((COST, Add((CAP, Negate(PAID))))),
                ("设备购置费 100万元，封顶 （50万元 − 此前已拨付 50万元） = 0元"),
            ),
            (
                Least((COST, Add((CAP, Negate(UNPAID))))),
                "设备购置费 100万元，封顶 50万元 = 50万元",
            ),
            (
                Negate(Add((COST, SOFTWARE))),
                "−（设备购置费 100万元 + 软件购置费 0.05元） = -1,000,000.05元",
            ),
            (
                Choose((Branch(IN_CITY, MILLION),), CAP),
                "50万元",
            ),
            (
                Choose((Branch(Not(IN_CITY), MILLION),), CAP),
                "100万元（注册地（设区市）不为“泉州市”）",
            ),
            (
                Choose((Branch(Holds(ZONE), MILLION),), CAP),
                "100万元 / 50万元 = 50万元 至 100万元",
            ),
            (
                Sum("platforms", "platform", Not(Holds(SME)), COST),
                "设备购置费之和（其中科技型中小微企业：否） 400万元",
            ),
            (
                Multiply(
                    Lookup(
                        "rates", "rate", (CITY,), {("厦门市",): Fraction(1, 8)}, RATE
                    ),
                    COST,
                ),
                (
                    "“rates”表中注册地（设区市）对应的“rate” 12.5% × "
                    "设备购置费 100万元 = 12.5万元"
                ),
            ),
        ],
    )
    def test_in_words(self, term, zh):
        """Facts have labels and figures, limits their names, and one result ends it."""
        assert working_words(work_out(term, world()), SAID) == zh

    def test_without_limit(self):
        """A result that is known from below only is so much or more."""
        unknown = Fact("fiscal_funding", Kind.MONEY, "platform", low=0)

        assert working_words(work_out(Add((COST, unknown)), world()), SAID) == (
            "设备购置费 100万元 + 其中财政资金 未知 = 100万元以上"
        )

    def test_no_working(self):
        """Where nothing was computed nothing is said."""
        assert working_words(None, SAID) == ""


class TestChanges:
    """The nearest change that would make an unmet condition met."""

    @pytest.mark.parametrize(
        ("condition", "zh", "en"),
        [
            (
                Holds(SME),
                "科技型中小微企业：现为否，须为是",
                "technology-based small or micro enterprise: now no, must be yes",
            ),
            (
                Not(Not(Holds(SME))),
                "须：并非（科技型中小微企业：否）",
                "must hold: not (technology-based small or micro enterprise: no)",
            ),
            (
                Compare(Comparison.EQ, YEAR, Constant(2024, Kind.YEAR)),
                "榜单年度：现为2025，须为2024",
                "year in the title of the list: now 2025, must be 2024",
            ),
            (
                Compare(Comparison.NE, YEAR, Constant(2025, Kind.YEAR)),
                "榜单年度：现为2025，须不为2025",
                "year in the title of the list: now 2025, must not be 2025",
            ),
            (
                Compare(Comparison.GT, COST, MILLION),
                "设备购置费：现为100万元，须 > 100万元",
                "equipment cost: now ¥1,000,000, must be > ¥1,000,000",
            ),
            (
                Compare(Comparison.LT, COST, Multiply(RATE, MILLION)),
                "设备购置费：现为100万元，须 < 30% × 100万元（30万元）",
                (
                    "equipment cost: now ¥1,000,000, "
                    "must be < 30% × ¥1,000,000 (¥300,000)"
                ),
            ),
            (
                Compare(Comparison.EQ, KIND, Constant("park-or-base", Kind.TEXT)),
                "单位类型：现为县域企业，须为园区基地",
                "kind of applicant: now county enterprise, must be park or base",
            ),
            (
                Compare(Comparison.LT, PUBLISHED, ISSUED),
                (
                    "发布日期：现为2026年2月1日，"
                    "须早于施行日（2024年1月1日至2024年12月31日之间，未载明）"
                ),
                (
                    "day of publication: now 2026-02-01, must be before the effective "
                    "date (unstated, between 2024-01-01 and 2024-12-31)"
                ),
            ),
            (
                Compare(Comparison.LE, PUBLISHED, AsOf()),
                (
                    "发布日期：现为2026年2月1日，须不晚于基准日（2026年1月15日）"
                    "（或以2026年2月1日或其后的一日为基准日）"
                ),
                (
                    "day of publication: now 2026-02-01, must not be after the day "
                    "asked about (2026-01-15) (or ask about 2026-02-01 or a later day)"
                ),
            ),
            (
                Member((KIND,), frozenset(), shown=("park-or-base", "x")),
                "单位类型：现为县域企业，须为园区基地、“x”之一",
                (
                    "kind of applicant: now county enterprise, "
                    'must be one of park or base, "x"'
                ),
            ),
            (
                Not(
                    Member(
                        (CITY,), frozenset({("厦门市",)}), shown=("厦门市", "漳州市")
                    )
                ),
                "注册地（设区市）：现为“厦门市”，须不为“厦门市”、“漳州市”之一",
                (
                    'city of registration: now "厦门市", '
                    'must be none of "厦门市", "漳州市"'
                ),
            ),
            (
                Not(Member((CITY,), frozenset({("厦门市",)}), shown=("厦门市",))),
                "注册地（设区市）：现为“厦门市”，须不为“厦门市”",
                'city of registration: now "厦门市", must not be "厦门市"',
            ),
            (
                Not(Member((CITY,), frozenset({("厦门市",)}), name="barred")),
                "注册地（设区市）：现为“厦门市”，须不属于“barred”表",
                (
                    'city of registration: now "厦门市", '
                    "must not be in the table 'barred'"
                ),
            ),
            (
                Exists("awards", "award", OTHER),
                "须：此前已按本条获奖补",
                "must hold: paid before under this clause",
            ),
            (
                Any(()),
                "须：",
                "must hold: ",
            ),
        ],
    )
    def test_one_condition(self, condition, zh, en):
        """A change names the fact, its value and what it must be."""
        assert (changes(condition), changes(condition, EN)) == ([zh], [en])

    def test_met_needs_nothing(self):
        """What is met or unknown has no unmet part."""
        assert unmet_parts(found(Not(Holds(SME)))) == []
        assert changes(Not(Holds(SME))) == []

    def test_unknown_facts_are_to_be_known(self):
        """A fact that is unknown must become known."""
        assert changes(Holds(ZONE)) == ["还须查明：县域重点产业链集中区"]
        assert changes(Holds(ZONE), EN) == [
            "also to be known: zone where a key chain is concentrated"
        ]

    def test_the_effective_date_is_nothing_to_find_out(self):
        """An effective date that nobody stated cannot be supplied."""
        condition = Compare(
            Comparison.GT, Constant(date(2024, 5, 1), Kind.DATE), ISSUED
        )

        assert found(condition).verdict is Verdict.UNKNOWN
        assert changes(condition) == []

    def test_the_nearest_alternative(self):
        """Of alternatives, the one that needs fewest changes is told."""
        two = All((Holds(SME), IN_CITY))
        one = Compare(Comparison.GT, COST, MILLION)

        assert changes(Any((two, one))) == ["设备购置费：现为100万元，须 > 100万元"]

    def test_changes_of_one_fact_stand_together(self):
        """Two demands on one fact make one line."""
        both = All(
            (
                Compare(Comparison.GT, COST, MILLION),
                Compare(Comparison.NE, COST, MILLION),
            )
        )

        assert changes(both) == ["设备购置费：现为100万元，须 > 100万元、不为100万元"]


def test_workings_know_what_is_behind_them():
    """A working walks through itself and every term below it."""
    term: Term = Add((COST, Negate(SOFTWARE)))
    nodes: list[Anything] = [w.node for w in work_out(term, world()).terms()]

    assert nodes == [term, COST, Negate(SOFTWARE), SOFTWARE]
    assert isinstance(work_out(term, world()), Working)


def test_made_later() -> None:
    """What is made later is made once, and equal where what is made is equal."""
    made: list[int] = []

    def make() -> str:
        made.append(1)
        return "made"

    later = Later(make)
    assert (later(), later(), made) == ("made", "made", [1])
    assert later == Later(lambda: "made")
    assert hash(later) == hash(Later(lambda: "made"))
    assert later != Later(lambda: "other")
    assert later != "made"
