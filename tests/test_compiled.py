"""The compiled engine: Python that says what the reference says, and shows its lines."""

import gc
import linecache
import traceback

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

import pytest

from attrs import evolve

from incentives import Award, EngineDisagreement, Platform, ReasonCode, ir, plain
from incentives.engines import compiled
from incentives.engines.compiled import CompiledEngine, source_of
from incentives.engines.engine import NOTHING_DUE, Bound, Due, Look
from incentives.engines.reference import ReferenceEngine
from incentives.facts import County, Subject
from incentives.ir import Comparison, Kind
from incentives.known import Known, exactly
from incentives.policy import Rule
from incentives.standards import (
    Cash,
    Combination,
    Discretionary,
    Instalment,
    Repayment,
    Schedule,
)
from incentives.verdict import Verdict
from tests.support.compiling import (
    GHOST,
    GRADE,
    MET,
    PLATFORMS,
    REFERENCE,
    RENT,
    SME,
    TENTH,
    UNKNOWN,
    UNMET,
    Pattern,
    compare,
    decided,
    engine,
    firm,
    look,
    platform,
    rule,
)
from tests.support.worlds import (
    CITY,
    COST,
    COUNTY,
    DAY,
    EVENT,
    NO,
    OPERATED,
    PERHAPS,
    START,
    YES,
    day,
    missing,
    money,
)


@pytest.fixture(autouse=True)
def _afresh() -> None:
    """No pattern of a rule has been seen before."""
    compiled._compiled.cache_clear()  # noqa: SLF001  # each test counts for itself


class TestSource:
    """What a rule is compiled to is there to read."""

    def test_source(self) -> None:
        """The source names the rule and its clause, and quotes each requirement."""
        source = source_of(rule(ir.Holds(SME), PERHAPS))
        assert source.splitlines()[0] == "# r0: 第一条"
        assert source.count("# condition-unmet: 条件1 如此\n") == 2
        assert source.count("# condition-unmet: 条件2 如此\n") == 2
        assert "def look(s, day, due, record, place):\n" in source
        assert "def plainly(s, day, seen, confirm):\n" in source

    def test_tracebacks_show_its_lines(self) -> None:
        """Whoever reads a broken record is shown the compiled line that read it."""

        class Broken:
            subject: ClassVar[str] = "enterprise"

            @property
            def _by_name(self) -> None:
                raise ZeroDivisionError("technology_sme")

        broken: Any = Broken()
        with pytest.raises(ZeroDivisionError, match="technology_sme") as caught:
            engine().look(rule(ir.Holds(SME)), broken, DAY, None)
        shown = "".join(traceback.format_tb(caught.value.__traceback__))
        assert 'File "<incentives r0 ' in shown
        assert "t1 = s._by_name.get('technology_sme')" in shown

    def test_one_fact_is_read_once(self) -> None:
        """A fact that two requirements need is read once in each function."""
        twice = rule(compare(Comparison.GE, RENT, money(1)), ir.Not(PERHAPS), PERHAPS)
        assert source_of(twice).count("= s.city\n") == 2

    def test_lines_go_with_the_rule(self) -> None:
        """The lines of a rule that nobody needs any more are forgotten."""
        name = engine_file(rule(ir.Holds(SME), PERHAPS, YES, NO))
        assert name in linecache.cache
        compiled._compiled.cache_clear()  # noqa: SLF001  # nothing else forgets
        gc.collect()
        assert name not in linecache.cache


def engine_file(of: Rule) -> str:
    """What tracebacks call the file of a rule."""
    found = compiled._compiled(of)  # noqa: SLF001  # nobody else asks
    assert found is not None
    return str(found.plainly.__code__.co_filename)


class TestLeftToTheReference:
    """What Python cannot be made of is answered all the same."""

    def test_one_name_for_two_lists(self) -> None:
        """Where one name stands for two lists, there is no source, but an answer."""
        first = ir.Exists("platforms", "x", ir.Holds(evolve(OPERATED, scope="x")))
        second = ir.Exists("listings", "x", YES)
        both = rule(first, second)
        subject = firm(platforms=[Platform(market_operated=True)])
        assert source_of(both) == ""
        assert look(both, subject).lacking == missing("listings")
        assert engine().plainly(both, firm(listings=[]), DAY) is None

    def test_the_name_of_the_records_that_it_looks_at(self) -> None:
        """Nor is there where the name of its own records stands for another list."""
        other = rule(ir.Exists("listings", "platform", YES), each=PLATFORMS)
        assert source_of(other) == ""

    def test_deeper_than_python_goes(self) -> None:
        """A rule nested too deep for Python's compiler is answered the same."""
        deep: ir.Condition = PERHAPS
        for _ in range(120):
            deep = ir.Not(ir.All((YES, deep)))
        assert source_of(rule(deep)) == ""
        assert decided(deep, firm(city="泉州市")) == (MET, missing())
        assert decided(deep, firm()) == (UNKNOWN, missing("city"))

    def test_an_amount_deeper_than_python_goes(self) -> None:
        """So is a rule of which only the look at a record is too deep."""
        deep: ir.Term = RENT
        for _ in range(120):
            deep = ir.Choose((ir.Branch(PERHAPS, deep),), money(1))
        capped = rule(YES, award=Cash(deep, cap=money(100)))
        assert source_of(capped) == ""
        assert look(capped, firm(city="泉州市", rent=Decimal(5))).known == exactly(500)


#: Against a day of 2024: what is before it, within it, and after it, by comparison.
AGAINST_2024 = {
    Comparison.EQ: (UNMET, UNKNOWN, UNMET),
    Comparison.NE: (MET, UNKNOWN, MET),
    Comparison.LT: (MET, UNKNOWN, UNMET),
    Comparison.LE: (MET, UNKNOWN, UNMET),
    Comparison.GT: (UNMET, UNKNOWN, MET),
    Comparison.GE: (UNMET, UNKNOWN, MET),
}
TURNED = {
    Comparison.LT: Comparison.GT,
    Comparison.LE: Comparison.GE,
    Comparison.GT: Comparison.LT,
    Comparison.GE: Comparison.LE,
}
SINCE = ir.Fact("since", Kind.DATE)
TRUE = ir.Constant(True, Kind.BOOLEAN)  # noqa: FBT003  # a node has no keywords
TWO = Platform(market_operated=True)
OTHER = Platform(market_operated=False)
LATE = Platform(market_operated=True, recognised=date(2028, 5, 1))
DEAR = Platform(market_operated=True, equipment_cost=10)
#: A table of two columns, and one of a single one.
PAIRS = ir.Member((CITY, COUNTY), frozenset({("泉州市", "晋江市")}))
CITIES = ir.Member((CITY,), frozenset({("泉州市",), ("厦门市",)}))
CONDITIONS = {
    "holds": (ir.Holds(SME), {"technology_sme": True}, (MET, missing())),
    "does not": (ir.Holds(SME), {"technology_sme": False}, (UNMET, missing())),
    "unknown": (ir.Holds(SME), {}, (UNKNOWN, missing("technology_sme"))),
    "known either way": (
        ir.Holds(ir.Choose((ir.Branch(PERHAPS, TRUE),), TRUE)),
        {},
        (MET, missing()),
    ),
    "equal": (PERHAPS, {"city": "泉州市"}, (MET, missing())),
    "of nobody": (PERHAPS, {}, (UNKNOWN, missing("city"))),
    "sure": (compare(Comparison.LT, money(1), money(2)), {}, (MET, missing())),
    "member": (CITIES, {"city": "厦门市"}, (MET, missing())),
    "no member": (CITIES, {"city": "漳州市"}, (UNMET, missing())),
    "whose": (CITIES, {}, (UNKNOWN, missing("city"))),
    "sure member": (evolve(CITIES, terms=(GRADE,)), {}, (UNMET, missing())),
    "a row": (PAIRS, {"city": "泉州市", "county": "晋江市"}, (MET, missing())),
    "half a row": (PAIRS, {"city": "泉州市"}, (UNKNOWN, missing("county"))),
    "no row": (PAIRS, {"city": "厦门市"}, (UNMET, missing())),
    "not": (ir.Not(PERHAPS), {"city": "厦门市"}, (MET, missing())),
    "nor": (ir.Not(PERHAPS), {}, (UNKNOWN, missing("city"))),
    "every": (ir.All((PERHAPS, ir.Holds(SME), NO)), {}, (UNMET, missing())),
    "some": (ir.Any((PERHAPS, ir.Holds(SME), YES)), {}, (MET, missing())),
    "both missing": (
        ir.Any((PERHAPS, ir.Holds(SME), NO)),
        {},
        (UNKNOWN, missing("city", "technology_sme")),
    ),
}


class TestConditions:
    """A verdict in Python is that of the reference, with what is missing."""

    @pytest.mark.parametrize(
        ("condition", "facts", "expected"), CONDITIONS.values(), ids=CONDITIONS
    )
    def test_condition(
        self,
        condition: ir.Condition,
        facts: dict[str, Any],
        expected: tuple[Verdict, frozenset[str]],
    ) -> None:
        """It is met, unmet, or unknown for want of some facts."""
        assert decided(condition, firm(**facts)) == expected

    @pytest.mark.parametrize("turned", [False, True])
    @pytest.mark.parametrize("comparison", Comparison)
    def test_against_an_uncertain_day(
        self, comparison: Comparison, *, turned: bool
    ) -> None:
        """A day is compared with one known to lie in 2024, on either side of it."""
        days = ("2023-12-31", "2024-06-01", "2025-01-01")
        found = []
        for text in days:
            since = firm(since=date.fromisoformat(text))
            sides = (START, SINCE) if turned else (SINCE, START)
            way = TURNED.get(comparison, comparison) if turned else comparison
            found.append(decided(compare(way, *sides), since)[0])
        assert tuple(found) == AGAINST_2024[comparison]

    @pytest.mark.parametrize("comparison", Comparison)
    def test_unknown_against_an_uncertain_day(self, comparison: Comparison) -> None:
        """Where the day is unknown too, both are missing."""
        for sides in ((SINCE, START), (START, SINCE)):
            found = decided(compare(comparison, *sides), firm())
            assert found == (UNKNOWN, missing("since", START.cause))

    def test_sure_day_against_an_uncertain_one(self) -> None:
        """The day asked about is after 2024, whenever in 2024 that was."""
        assert decided(compare(Comparison.GT, ir.AsOf(), START), firm()) == (
            MET,
            missing(),
        )
        assert decided(compare(Comparison.EQ, START, START), firm())[0] is UNKNOWN


PART = Instalment(
    TENTH, EVENT, by=day("2026-12-31"), met=ir.Holds(OPERATED), label="一"
)
SCHEDULE = Schedule(COST, (PART, Instalment(money(1), ir.AsOf(), met=YES)), COST, TENTH)


class TestLooks:
    """Everything that is said of a rule at one record."""

    def test_schedule(self) -> None:
        """An award over time has parts with days, ends and milestones."""
        cash = Cash(
            COST, schedule=SCHEDULE, repayments=(Repayment(ir.Holds(OPERATED), TENTH),)
        )
        paid = rule(award=cash, each=PLATFORMS, dated=EVENT)
        given = platform(
            id="p1", equipment_cost=Decimal(50), recognised=DAY, market_operated=True
        )
        found = look(paid, firm(), given)
        assert [(part.label, part.amount, part.met) for part in found.instalments] == [
            ("一", exactly(500), MET),
            ("", exactly(1), MET),
        ]
        assert found.instalments[0].by == exactly(date(2026, 12, 31))
        assert found.instalments[1].by is None
        assert (found.whole, found.paid) == (exactly(5000), exactly(5000))
        assert (found.remaining, found.repayable) == (exactly(500), exactly(500))
        assert (found.dated, found.label) == (DAY, "p1")

    def test_nothing_known(self) -> None:
        """Where neither day nor label is known, there is none."""
        found = look(rule(each=PLATFORMS, dated=EVENT), firm(), GHOST)
        assert (found.dated, found.label, found.known) == (None, "", None)

    def test_unmet(self) -> None:
        """Nothing is due of what is unmet, even where more is unknown."""
        both = rule(PERHAPS, NO, NO, award=Cash(RENT))
        found = look(both, firm())
        assert (found.verdict, found.unmet, found.known) == (UNMET, 2, exactly(0))
        assert found.lacking == missing("city")

    def test_reasons(self) -> None:
        """The reasons are those of the reference, made when asked for."""
        asked = rule(PERHAPS, award=Cash(RENT))
        expected = REFERENCE.look(asked, firm(), DAY, None).explain()
        assert look(asked, firm()).explain() == expected

    def test_amounts(self) -> None:
        """A term by itself is read by the reference."""
        assert engine().amount(RENT, firm(), DAY) == Known(0, None, missing("rent"))


class Liar(ReferenceEngine):
    """Says of everything that it is met."""

    def look(
        self,
        rule: Rule,
        subject: Subject,
        as_of: date,
        at: Bound | None,
        due: Due = NOTHING_DUE,
    ) -> Look:
        return evolve(super().look(rule, subject, as_of, at, due), verdict=MET)


class TestConfirmed:
    """Each pattern of a rule is confirmed once, and so are its reasons."""

    def test_reasons_for_something_else(self) -> None:
        """Reasons for another verdict than was given are refused."""
        lying = CompiledEngine(Liar(), lambda *_: None)
        found = lying.look(rule(NO), firm(), DAY, None)
        with pytest.raises(
            EngineDisagreement, match=r"^compiled: unmet None; reference: met None$"
        ):
            found.explain()

    def test_each_pattern_once(self) -> None:
        """A pattern is confirmed when it is met with for the first time."""
        confirmed: list[tuple[Pattern, Verdict]] = []
        ask, both = engine(confirmed), rule(ir.Holds(SME), PERHAPS)
        for subject in (firm(city="泉州市"), firm(city="泉州市"), firm()):
            ask.look(both, subject, DAY, None)
        assert confirmed == [((UNKNOWN, MET), UNKNOWN), ((UNKNOWN, UNKNOWN), UNKNOWN)]

    def test_patterns_that_are_ruled_out(self) -> None:
        """What a rule is ruled out by is confirmed as unmet, unknown parts included."""
        confirmed: list[tuple[Pattern, Verdict]] = []
        ask = engine(confirmed)
        both = rule(ir.All((PERHAPS, ir.Not(ir.Holds(SME)))))
        other = firm(county="晋江市", technology_sme=True)
        for subject in (other, other, firm(city="厦门市"), firm(city="厦门市")):
            assert ask.plainly(both, subject, DAY) is NOT_MET
        assert confirmed == [((UNKNOWN, MET), UNMET), ((UNMET, UNKNOWN), UNMET)]

    def test_memory_is_bounded(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """After so many patterns a rule begins anew, and confirms them again."""
        monkeypatch.setattr(compiled, "_MOST_PATTERNS", 2)
        confirmed: list[tuple[Pattern, Verdict]] = []
        ask, one = engine(confirmed), rule(ir.Holds(SME))
        firms = [firm(), firm(technology_sme=True), firm(technology_sme=False)]
        for subject in [*firms, firms[2], firms[0]]:
            ask.look(one, subject, DAY, None)
        said = [pattern for (pattern,), _ in confirmed]
        assert said == [UNKNOWN, MET, UNMET, UNKNOWN]

    def test_ways_out_are_bounded(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """So are the ways in which a rule was left without a look."""
        monkeypatch.setattr(compiled, "_MOST_PATTERNS", 1)
        confirmed: list[tuple[Pattern, Verdict]] = []
        ask, one = engine(confirmed), rule(ir.Holds(SME))
        for truth in (True, False, True):
            ask.plainly(one, firm(technology_sme=truth), DAY)
        assert confirmed == [((MET,), MET), ((UNMET,), UNMET), ((MET,), MET)]


#: What is said where one requirement decides.
NOT_MET = plain.UNMET_BY[ReasonCode.CONDITION_UNMET]


class TestPlainly:
    """What comes of a rule is said without a look where nothing else can change it."""

    def test_the_subject(self) -> None:
        """A rule without records is decided by its requirements."""
        one = rule(PERHAPS)
        assert engine().plainly(one, firm(city="厦门市"), DAY) is NOT_MET
        assert engine().plainly(one, firm(city="泉州市"), DAY) is plain.GRANTED
        assert engine().plainly(one, firm(), DAY) is plain.UNDECIDED

    def test_what_is_left_open(self) -> None:
        """An award of which the text names no amount is not one that a fact lacks."""
        left = rule(PERHAPS, award=Discretionary("由主管部门确定"))
        assert engine().plainly(left, firm(city="泉州市"), DAY) is plain.LEFT_OPEN
        assert engine().plainly(left, firm(), DAY) is plain.UNDECIDED

    def test_other_subjects(self) -> None:
        """A rule for enterprises is ruled out for a county."""
        said = engine().plainly(rule(YES), County(id="晋江市"), DAY)
        assert said is plain.OTHER_SUBJECT

    def test_what_uses_others(self) -> None:
        """A rule that is computed from others is never ruled out."""
        assert engine().plainly(rule(NO, uses=("r1",)), firm(), DAY) is None

    @pytest.mark.parametrize(
        ("platforms", "expected"),
        [
            ([], plain.NO_RECORD),
            ([OTHER], NOT_MET),
            ([OTHER, OTHER], NOT_MET),
            ([OTHER, TWO], plain.GRANTED),
            ([Platform(), TWO], plain.GRANTED),
            ([Platform()], plain.UNDECIDED),
            ([Platform(), OTHER], plain.UNDECIDED),
            (None, plain.UNDECIDED),
        ],
    )
    def test_records(
        self, platforms: list[Platform] | None, expected: plain.Plain
    ) -> None:
        """One record is enough for a support; where none is, one may decide."""
        every = rule(ir.Holds(OPERATED), each=PLATFORMS)
        assert engine().plainly(every, firm(platforms=platforms), DAY) is expected

    @pytest.mark.parametrize(
        ("platforms", "expected"),
        [
            ([LATE, OTHER], ReasonCode.EXPIRED),
            ([OTHER, LATE], ReasonCode.EXPIRED),
            ([LATE, evolve(OTHER, recognised=date(2028, 1, 1))], ReasonCode.EXPIRED),
            (
                [evolve(OTHER, recognised=date(2026, 1, 1)), OTHER],
                ReasonCode.CONDITION_UNMET,
            ),
        ],
    )
    def test_the_nearest_of_several_records(
        self, platforms: list[Platform], expected: ReasonCode
    ) -> None:
        """Of records that are unmet for different reasons the nearest decides."""
        late = compare(Comparison.LE, EVENT, day("2027-12-31"))
        both = rule(ir.Holds(OPERATED), late, each=PLATFORMS, dated=EVENT)
        operated, in_time = both.requirements
        coded = evolve(in_time, code=ReasonCode.EXPIRED)
        both = evolve(both, requirements=(operated, coded))
        found = engine().plainly(both, firm(platforms=platforms), DAY)
        assert found is plain.UNMET_BY[expected]

    def test_records_as_near_as_each_other(self) -> None:
        """Where two are equally near, somebody must compare their facts."""
        late = compare(Comparison.LE, EVENT, day("2027-12-31"))
        both = rule(ir.Holds(OPERATED), late, each=PLATFORMS)
        operated, in_time = both.requirements
        coded = evolve(in_time, code=ReasonCode.EXPIRED)
        both = evolve(both, requirements=(operated, coded))
        subject = firm(platforms=[LATE, evolve(OTHER, recognised=date(2026, 1, 1))])
        assert engine().plainly(both, subject, DAY) is plain.UNMET

    def test_no_record_can_be_there(self) -> None:
        """Of an unknown list a rule is ruled out where it is unmet for any record."""
        assert engine().plainly(rule(NO, each=PLATFORMS), firm(), DAY) is NOT_MET

    def test_each_record_has_a_pattern_of_its_own(self) -> None:
        """What one record said is forgotten before the next one is looked at."""
        confirmed: list[tuple[Pattern, Verdict]] = []
        both = ir.All((ir.Holds(OPERATED), ir.Not(ir.Holds(OPERATED))))
        each, two = rule(both, each=PLATFORMS), firm(platforms=[TWO, OTHER])
        assert engine(confirmed).plainly(each, two, DAY) is NOT_MET
        assert confirmed == [((MET, MET), UNMET), ((UNMET, UNKNOWN), UNMET)]

    @pytest.mark.parametrize(
        ("platforms", "every", "once"),
        [
            ([], plain.NO_RECORD, plain.NO_RECORD),
            ([DEAR], plain.due(1_000), plain.due(1_000)),
            ([OTHER, DEAR], plain.due(1_000), plain.due(1_000)),
            ([DEAR, DEAR], plain.due(2_000), None),
            ([DEAR, Platform(market_operated=True)], plain.OPEN, None),
            ([DEAR, Platform(equipment_cost=20)], plain.OPEN, None),
            ([Platform(equipment_cost=20)], plain.OPEN, plain.OPEN),
            ([DEAR, evolve(DEAR, equipment_cost=0)], None, None),
            (None, plain.OPEN, plain.OPEN),
        ],
    )
    def test_money(
        self,
        platforms: list[Platform] | None,
        every: plain.Plain | None,
        once: plain.Plain | None,
    ) -> None:
        """What is due of records is added up, unless it is open or only one is paid."""
        for combination, expected in (
            (Combination.EVERY, every),
            (Combination.ONCE, once),
        ):
            award = Cash(COST, combination)
            each = rule(ir.Holds(OPERATED), each=PLATFORMS, award=award)
            found = engine().plainly(each, firm(platforms=platforms), DAY)
            assert found == expected

    def test_an_amount_that_is_known_in_part(self) -> None:
        """What is met leaves open how much is due, unless that is nothing for sure."""
        some = ir.Least((RENT, money(1)))
        none = ir.Least((RENT, money(0)))
        nothing = plain.NOTHING_OF[ReasonCode.NOTHING_DUE]
        for amount, expected in ((some, plain.OPEN), (none, nothing)):
            found = engine().plainly(rule(YES, award=Cash(amount)), firm(), DAY)
            assert found is expected

    @pytest.mark.parametrize(
        ("cost", "paid", "expected"),
        [
            (0, (), ReasonCode.NOTHING_DUE),
            (0, (1,), ReasonCode.NOTHING_DUE),
            (5, (5,), ReasonCode.ALREADY_AWARDED),
            (5, (3, 4), ReasonCode.ALREADY_AWARDED),
        ],
    )
    def test_an_amount_of_nothing(
        self, cost: int, paid: tuple[int, ...], expected: ReasonCode
    ) -> None:
        """What comes to nothing would do so anyhow, or was paid before."""
        amount = ir.Fact("amount", Kind.MONEY, "award", low=0)
        before = ir.Negate(ir.Sum("awards", "award", ir.All(()), amount))
        left = ir.Greatest((money(0), ir.Add((COST, before))))
        subject = evolve(
            firm(platforms=[evolve(DEAR, equipment_cost=cost)]),
            awards=[Award(rule="r0", amount=each) for each in paid],
        )
        each = rule(ir.Holds(OPERATED), each=PLATFORMS, award=Cash(left))
        found = engine().plainly(each, subject, DAY)
        assert found is plain.NOTHING_OF[expected]

    def test_an_amount_of_nothing_beside_another_record(self) -> None:
        """Where another record counts as well, somebody must compare them."""
        each = rule(ir.Holds(OPERATED), each=PLATFORMS, award=Cash(COST))
        two = [evolve(DEAR, equipment_cost=0), evolve(DEAR, equipment_cost=0)]
        assert engine().plainly(each, firm(platforms=two), DAY) is None

    def test_nothing_unless_it_is_more(self) -> None:
        """What may be nothing at most without earlier awards is nothing anyhow."""
        none = ir.Least((RENT, money(0)))
        subject = evolve(firm(), awards=[Award(rule="r0", amount=1)])
        found = engine().plainly(rule(YES, award=Cash(none)), subject, DAY)
        assert found is plain.NOTHING_OF[ReasonCode.NOTHING_DUE]

    @pytest.mark.parametrize(
        "more",
        [
            {"cap": money(100)},
            {"most": ir.Constant(1, Kind.NUMBER)},
            {"schedule": Schedule(money(500), (), money(0), money(500))},
            {"repayments": (Repayment(YES, money(1)),)},
        ],
    )
    def test_awards_with_more_to_them(self, more: dict[str, Any]) -> None:
        """What a cap, a limit, a schedule or a repayment may change is looked at."""
        alone, odd = (rule(YES, award=Cash(money(500), **m)) for m in ({}, more))
        assert engine().plainly(alone, firm(), DAY) == plain.due(500)
        assert engine().plainly(odd, firm(), DAY) is None

    def test_what_is_due_is_confirmed(self) -> None:
        """The pattern under which something is due is confirmed before it is said."""
        confirmed: list[tuple[Pattern, Verdict]] = []
        due, ask = rule(ir.Holds(SME), award=Cash(money(500))), engine(confirmed)
        for _ in range(2):
            said = ask.plainly(due, firm(technology_sme=True), DAY)
            assert said == plain.due(500)
        assert confirmed == [((MET,), Verdict.MET)]

    def test_what_is_open_is_confirmed(self) -> None:
        """So is the pattern under which nobody can say."""
        confirmed: list[tuple[Pattern, Verdict]] = []
        due, ask = rule(ir.Holds(SME), award=Cash(money(500))), engine(confirmed)
        for _ in range(2):
            assert ask.plainly(due, firm(), DAY) is plain.OPEN
        assert confirmed == [((UNKNOWN,), Verdict.UNKNOWN)]

    def test_a_list_of_which_nothing_is_known(self) -> None:
        """An unknown list leaves open what any record would be paid."""
        each = rule(YES, each=PLATFORMS, award=Cash(money(500)))
        assert engine().plainly(each, firm(), DAY) is plain.OPEN
        two = engine().plainly(each, firm(platforms=[TWO, TWO]), DAY)
        assert two == plain.due(1_000)
