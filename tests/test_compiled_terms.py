"""Terms in Python come to what they come to in the reference, known or not."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from attrs import evolve

from incentives import Platform, ir
from incentives.dates import NEVER, Period
from incentives.engines.engine import Bound
from incentives.facts import Record
from incentives.ir import Calendar, Comparison, Kind
from incentives.known import Known, exactly
from incentives.money import Rounding
from incentives.standards import Cash
from incentives.verdict import Verdict
from incentives.vocabulary import YearlyFigures
from tests.support.compiling import (
    AREA,
    GHOST,
    GRADE,
    MET,
    PRICE,
    PROFIT,
    RENT,
    STAFF,
    UNKNOWN,
    UNMET,
    WAN,
    compare,
    decided,
    firm,
    known,
    look,
    platform,
    rule,
)
from tests.support.worlds import (
    CHAIN,
    CITY,
    COST,
    DAY,
    NO,
    OPERATED,
    PERHAPS,
    START,
    YES,
    missing,
    money,
    year,
)

LEAVES = {
    "constant": (money(7), {}, exactly(7)),
    "as of": (ir.AsOf(), {}, exactly(DAY)),
    "uncertain": (START, {}, Known(START.low, START.high, missing(START.cause))),
    "one day": (ir.Uncertain(DAY, DAY, "x"), {}, exactly(DAY)),
    "core": (CITY, {"city": "泉州市"}, exactly("泉州市")),
    "unknown": (CITY, {}, Known(None, None, missing("city"))),
    "declared": (STAFF, {"staff": Decimal(12)}, exactly(Fraction(12))),
    "in its unit": (AREA, {"area": Decimal("1.5")}, exactly(Fraction(15_000))),
    "fen": (RENT, {"rent": Decimal("0.29")}, exactly(29)),
    "no decimal": (RENT, {"rent": 29}, exactly(29)),
    "a price": (PRICE, {"price": Decimal(1)}, exactly(Fraction(100, 3))),
    "no rent": (RENT, {}, Known(0, None, missing("rent"))),
    "closed": (GRADE, {}, exactly("无")),
    "said": (GRADE, {"grade": "优"}, exactly("优")),
}
COSTS = {"rent": Decimal(3), "staff": Decimal(2)}
THIRD = ir.Constant(Fraction(1, 3), Kind.RATE)
SOME = Known(0, None, missing("rent"))
NO_DAY = ir.Constant(NEVER, Kind.DATE)
DAYS = ir.Elapsed(ir.Span.DAYS, ir.Fact("since", Kind.DATE), ir.AsOf())
ARITHMETIC = {
    "nothing added": (ir.Add(()), {}, exactly(0)),
    "add": (ir.Add((RENT, money(1))), COSTS, exactly(301)),
    "add some": (ir.Add((RENT, money(1))), {}, Known(1, None, missing("rent"))),
    "sure": (ir.Negate(money(1)), {}, exactly(-1)),
    "negate": (ir.Negate(RENT), COSTS, exactly(-300)),
    "multiply": (ir.Multiply(STAFF, RENT), COSTS, exactly(600)),
    "divide": (ir.Quotient(RENT, STAFF, money(5)), COSTS, exactly(150)),
    "by zero": (ir.Quotient(RENT, money(0), money(5)), COSTS, exactly(5)),
    "least": (ir.Least((RENT, money(400))), COSTS, exactly(300)),
    "greatest": (ir.Greatest((RENT, money(400))), COSTS, exactly(400)),
    "capped": (
        ir.Least((RENT, money(400))),
        {},
        Known(0, 400, missing("rent")),
    ),
    "days": (DAYS, {"since": date(2026, 5, 31)}, exactly(1)),
    "never": (DAYS, {"since": NEVER}, Known(None, None, missing("since"))),
    "since when": (DAYS, {}, Known(None, None, missing("since"))),
    "sure to be never": (
        ir.Elapsed(ir.Span.YEARS, NO_DAY, ir.AsOf()),
        {},
        Known(None, None),
    ),
    "a third, in halves": (
        ir.Round(ir.Multiply(THIRD, RENT), Fraction(1, 2), Rounding.HALF_UP),
        {"rent": Decimal("0.05")},
        exactly(Fraction(3, 2)),
    ),
    "a third, rounded": (
        ir.Round(ir.Multiply(RENT, THIRD), 1, Rounding.HALF_UP),
        {"rent": Decimal("0.05")},
        exactly(2),
    ),
    "a third, in yuan": (
        ir.Round(ir.Least((ir.Multiply(RENT, THIRD), money(900))), 100, Rounding.DOWN),
        {"rent": Decimal("5.99")},
        exactly(100),
    ),
    "a third of some": (
        ir.Round(ir.Greatest((ir.Multiply(RENT, THIRD), money(9))), 1, Rounding.UP),
        {},
        Known(9, None, missing("rent")),
    ),
    "least with a share of a fen": (
        ir.Round(
            ir.Least((ir.Multiply(RENT, THIRD), money(Fraction(1, 2)))),
            1,
            Rounding.UP,
        ),
        COSTS,
        exactly(1),
    ),
    "round": (ir.Round(RENT, 200, Rounding.DOWN), COSTS, exactly(200)),
    "round some": (ir.Round(RENT, 200, Rounding.DOWN), {}, SOME),
    "sure shift": (ir.Shift(ir.AsOf(), Period(days=1)), {}, exactly(date(2026, 6, 2))),
    "a day of a day": (
        ir.InCalendar(Calendar.YEAR_OF, START),
        {},
        exactly(2024),
    ),
}
FIGURES = YearlyFigures(((2025, Decimal(4)),))
OF_YEAR = ir.Figure(PROFIT.fact, ir.Fact("base", Kind.YEAR))
#: A table by city, which knows one row; and one by two cities.
TABLE = ir.Lookup("t", "c", (CITY,), {("泉州市",): 5}, RENT)
CHOICE = ir.Choose((ir.Branch(PERHAPS, money(3)), ir.Branch(NO, RENT)), money(8))
CHOSEN = {
    "figure": (PROFIT, {"profit": FIGURES}, exactly(400)),
    "of another year": (
        evolve(PROFIT, year=year(2024)),
        {"profit": FIGURES},
        Known(None, None, missing("profit[2024]")),
    ),
    "in a unit": (
        evolve(PROFIT, fact=evolve(PROFIT.fact, scale=WAN)),
        {"profit": FIGURES},
        exactly(4_000_000),
    ),
    "no figures": (PROFIT, {}, Known(None, None, missing("profit[2025]"))),
    "of which year": (
        OF_YEAR,
        {"profit": FIGURES},
        Known(None, None, missing("base")),
    ),
    "found": (TABLE, {"city": "泉州市"}, exactly(5)),
    "other row": (TABLE, {"city": "厦门市", "rent": Decimal(1)}, exactly(100)),
    "unknown key": (TABLE, {"rent": Decimal(1)}, Known(5, 100, missing("city"))),
    "sure key": (evolve(TABLE, keys=(GRADE,)), {"rent": Decimal(2)}, exactly(200)),
    "first": (CHOICE, {"city": "泉州市"}, exactly(3)),
    "otherwise": (CHOICE, {"city": "厦门市"}, exactly(8)),
    "either": (CHOICE, {}, Known(3, 8, missing("city"))),
    "up to one that is met": (
        evolve(CHOICE, branches=(*CHOICE.branches, ir.Branch(YES, RENT))),
        {"rent": Decimal(1)},
        Known(3, 100, missing("city")),
    ),
    "no branches": (ir.Choose((), money(2)), {}, exactly(2)),
}


class TestTerms:
    """A term comes to the same in Python as in the reference."""

    @pytest.mark.parametrize(
        ("term", "facts", "expected"),
        [*LEAVES.values(), *ARITHMETIC.values(), *CHOSEN.values()],
        ids=[*LEAVES, *ARITHMETIC, *CHOSEN],
    )
    def test_term(self, term: ir.Term, facts: dict[str, Any], expected: Known) -> None:
        """What is known is computed; what is not lies between its ends."""
        assert known(term, firm(**facts)) == expected

    def test_entitlement(self) -> None:
        """What another rule comes to is taken as far as it is known."""
        using = rule(award=Cash(ir.Entitlement("r1")), uses=("r1",))
        assert look(using, firm(), due={"r1": exactly(7)}).known == exactly(7)
        some = Known(3, 9, missing("x"))
        assert look(using, firm(), due={"r1": some}).known == some

    def test_facts_of_a_record(self) -> None:
        """A record says its own facts, those of its pack, and some by its silence."""
        grade = evolve(GRADE, scope="platform")
        more = evolve(STAFF, scope="platform")
        given = platform(equipment_cost=Decimal(2), facts={"staff": Decimal(3)})
        assert known(COST, firm(), given) == exactly(200)
        assert known(more, firm(), given) == exactly(3)
        assert known(grade, firm(), given) == exactly("无")
        absent = Known(None, None, missing("platforms[0].chain"))
        assert known(CHAIN, firm(), given) == absent

    def test_record_that_nobody_knows(self) -> None:
        """Of an unknown record nothing is known: silence says nothing either."""
        grade = evolve(GRADE, scope="platform")
        assert known(COST, firm(), GHOST) == Known(0, None, missing("platforms"))
        assert known(grade, firm(), GHOST) == Known(None, None, missing("platforms"))
        figure = evolve(PROFIT, fact=evolve(PROFIT.fact, scope="platform"))
        assert known(figure, firm(), GHOST) == Known(None, None, missing("platforms"))

    def test_records_that_a_pack_declares(self) -> None:
        """Lists that only a pack knows are added up like any other."""
        cost = ir.Fact("cost", Kind.MONEY, "project", low=0)
        total = ir.Sum("projects", "project", YES, cost)
        subject = firm(projects=[Record(facts={"cost": Decimal(n)}) for n in (1, 2)])
        assert known(total, subject) == exactly(300)


SUM = ir.Sum("platforms", "platform", ir.Holds(OPERATED), COST, 2)
TWO = Platform(market_operated=True, equipment_cost=Decimal(2))
THREE = evolve(TWO, equipment_cost=Decimal(3))
OTHER = evolve(TWO, market_operated=False)
OPEN = evolve(TWO, market_operated=None)
FREE = evolve(TWO, equipment_cost=None)


class TestRecords:
    """Sums, extremes and whether there is one, over lists known in part or not."""

    @pytest.mark.parametrize(
        ("platforms", "expected"),
        [
            ([], exactly(0)),
            ([TWO, OTHER, THREE], exactly(500)),
            ([TWO, OPEN], Known(200, 400, missing("platforms[1].market_operated"))),
            ([FREE, THREE], Known(300, None, missing("platforms[0].equipment_cost"))),
            (None, Known(0, None, missing("platforms"))),
        ],
    )
    def test_sum(self, platforms: list[Platform] | None, expected: Known) -> None:
        """Records count in full, in part, or not at all."""
        assert known(SUM, firm(platforms=platforms)) == expected

    def test_sum_over_an_unknown_list(self) -> None:
        """As many records may be there as the list may hold, unless none counts."""
        most = evolve(SUM, term=money(7))
        assert known(most, firm()) == Known(0, 14, missing("platforms"))
        assert known(evolve(most, at_most=None), firm()) == Known(
            0, None, missing("platforms")
        )
        assert known(evolve(SUM, where=NO), firm()) == exactly(0)

    def test_extreme(self) -> None:
        """The largest of a term over records, and what holds without any."""
        largest = ir.Extreme("platforms", "platform", YES, COST, True, money(1))  # noqa: FBT003  # a node has no keywords of its own
        assert known(largest, firm(platforms=[TWO, THREE])) == exactly(300)
        assert known(largest, firm(platforms=[])) == exactly(1)
        assert known(largest, firm()) == Known(0, None, missing("platforms"))

    def test_lists_in_lists(self) -> None:
        """A name is given back to the record that it stood for before."""
        inner = compare(Comparison.GE, SUM, COST)
        every = evolve(SUM, where=inner)
        assert known(every, firm(platforms=[TWO, THREE])) == exactly(500)
        again = ir.All((ir.Exists("platforms", "platform", YES), ir.Holds(OPERATED)))
        subject = firm(platforms=[OTHER, TWO])
        assert decided(again, subject, Bound(TWO, "platforms[1]")) == (MET, missing())

    @pytest.mark.parametrize(
        ("platforms", "expected"),
        [
            ([], (UNMET, missing())),
            ([OTHER, TWO, OPEN], (MET, missing())),
            ([OTHER, OPEN], (UNKNOWN, missing("platforms[1].market_operated"))),
            (None, (UNKNOWN, missing("platforms"))),
        ],
    )
    def test_exists(
        self, platforms: list[Platform] | None, expected: tuple[Verdict, frozenset[str]]
    ) -> None:
        """One record is enough; of an unknown list nobody can tell."""
        some = ir.Exists("platforms", "platform", ir.Holds(OPERATED))
        assert decided(some, firm(platforms=platforms)) == expected

    def test_no_record_can_be_there(self) -> None:
        """What holds of no record holds of no unknown one."""
        none = ir.Exists("platforms", "platform", NO)
        assert decided(none, firm()) == (UNMET, missing())
