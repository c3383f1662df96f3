"""The reference engine: quotients, spans of time, extremes, yearly figures, other rules."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from attrs import evolve

from incentives import Enterprise, Platform, ir
from incentives.dates import NEVER, Period
from incentives.engines.meanings import work_out
from incentives.engines.world import World
from incentives.ir import Kind
from incentives.known import (
    Known,
    elapsed_of,
    exactly,
    extreme_of,
    quotient_of,
)
from incentives.money import Rounding
from incentives.vocabulary import YearlyFigures
from tests.support.worlds import (
    CITY,
    COST,
    DAY,
    EVENT,
    FIRM,
    NO,
    PERHAPS,
    START,
    YES,
    between,
    day,
    missing,
    money,
    rate,
    world,
    year,
)

ZERO = rate(Fraction(0))


def known(term: ir.Term, at: World | None = None) -> Known:
    return work_out(term, world() if at is None else at).known


class TestQuotient:
    def test_known_parts(self) -> None:
        """A quotient is exact."""
        third = Fraction(1, 3)
        assert known(ir.Quotient(money(1), money(3), ZERO)) == Known(third, third)

    def test_divisor_of_nothing(self) -> None:
        """By nothing, it is what holds otherwise, known or not."""
        assert known(ir.Quotient(money(1), money(0), money(7))) == Known(7, 7)
        found = known(ir.Quotient(money(1), money(0), COST))
        assert found == Known(0, None, missing("platforms[0]"))

    def test_unknown_divisor_above_nothing(self) -> None:
        """An amount of at least nothing may be nothing: then the rest holds."""
        found = known(ir.Quotient(money(6), COST, rate(Fraction(-1))))
        assert found == Known(-1, None, missing("platforms[0]"))

    def test_unknown_divisor_below_nothing(self) -> None:
        """What is divided by losses is negative."""
        found = known(ir.Quotient(money(6), ir.Negate(COST), ZERO))
        assert found == Known(None, 0, missing("platforms[0]"))

    def test_divisor_on_either_side(self) -> None:
        """A divisor that may be on either side of nothing says nothing at all."""
        found = known(ir.Quotient(money(6), between(-2, 3), ZERO))
        assert found == Known(None, None, missing("city"))

    def test_divisor_that_cannot_be_nothing(self) -> None:
        """Both ends divide."""
        found = known(ir.Quotient(money(6), between(2, 3), ZERO))
        assert found == Known(2, 3, missing("city"))
        below = known(ir.Quotient(money(6), between(-3, -2), ZERO))
        assert below == Known(-3, -2, missing("city"))

    @pytest.mark.parametrize(
        ("right", "ends"),
        [
            ((2, None), (0, 3)),
            ((None, -2), (-3, 0)),
            ((0, 2), (0, None)),
            ((-2, 0), (None, 0)),
            ((0, None), (0, None)),
            ((None, 0), (None, 0)),
            ((None, None), (None, None)),
            ((None, 2), (None, None)),
            ((-1, None), (None, None)),
            ((0, 0), (0, 0)),
        ],
    )
    def test_ends(
        self,
        right: tuple[int | None, int | None],
        ends: tuple[int | None, int | None],
    ) -> None:
        """Six divided by what lies between these ends, and nothing otherwise."""
        found = quotient_of([exactly(6), Known(*right), exactly(0)])
        assert found == ends


class TestElapsed:
    @pytest.mark.parametrize(
        ("span", "expected"),
        [(ir.Span.DAYS, 366), (ir.Span.MONTHS, 12), (ir.Span.YEARS, 1)],
    )
    def test_known_days(self, span: ir.Span, expected: int) -> None:
        """Days, whole months and whole years."""
        found = known(ir.Elapsed(span, day("2024-01-31"), day("2025-01-31")))
        assert found == Known(expected, expected)

    def test_backwards(self) -> None:
        """To an earlier day it is negative."""
        found = known(ir.Elapsed(ir.Span.DAYS, day("2025-01-02"), day("2025-01-01")))
        assert found == Known(-1, -1)

    def test_days_that_the_law_leaves_open(self) -> None:
        """The later the start, the less has passed."""
        found = known(ir.Elapsed(ir.Span.MONTHS, START, day("2025-01-01")))
        assert found == Known(0, 12, missing(START.cause))
        to = known(ir.Elapsed(ir.Span.MONTHS, day("2024-01-01"), START))
        assert to == Known(0, 11, missing(START.cause))

    def test_unknown_days(self) -> None:
        """From a day that nobody knows any time may have passed."""
        lost = Known(None, None, missing("platforms[0]"))
        assert known(ir.Elapsed(ir.Span.DAYS, EVENT, ir.AsOf())) == lost
        assert known(ir.Elapsed(ir.Span.DAYS, ir.AsOf(), EVENT)) == lost
        half = elapsed_of(
            lambda a, b: (b - a).days, [Known(None, DAY), Known(DAY, DAY)]
        )
        assert half == (0, None)

    def test_until_what_never_comes(self) -> None:
        """There is no such time, so nobody knows how long it takes."""
        never = ir.Constant(NEVER, Kind.DATE)
        found = known(ir.Elapsed(ir.Span.YEARS, day("2024-01-01"), never))
        assert found == Known(None, None)


class TestExtreme:
    def over(
        self,
        where: ir.Condition,
        *,
        largest: bool = True,
        otherwise: ir.Term | None = None,
        term: ir.Term = COST,
    ) -> ir.Extreme:
        rest = money(0) if otherwise is None else otherwise
        return ir.Extreme("platforms", "platform", where, term, largest, rest)

    def platforms(self, *costs: int | None) -> World:
        records = [
            Platform(id=f"p{at}", equipment_cost=cost) for at, cost in enumerate(costs)
        ]
        return world(platforms=records)

    def test_known_records(self) -> None:
        """The largest and the smallest of the records that count."""
        at = self.platforms(2, 5, 3)
        assert known(self.over(YES), at) == Known(500, 500)
        assert known(self.over(YES, largest=False), at) == Known(200, 200)

    def test_no_record(self) -> None:
        """Without a record that counts it is what holds otherwise."""
        assert known(self.over(YES), self.platforms()) == Known(0, 0)
        assert known(self.over(NO), self.platforms(2)) == Known(0, 0)
        found = known(self.over(NO, otherwise=between(1, 2)), self.platforms(2))
        assert found == Known(1, 2, missing("city"))

    def test_unknown_value(self) -> None:
        """A value that is not known may be the largest, and is at least nothing."""
        at = self.platforms(2, None)
        path = missing("platforms[1].equipment_cost")
        assert known(self.over(YES), at) == Known(200, None, path)
        assert known(self.over(YES, largest=False), at) == Known(0, 200, path)

    def test_what_holds_otherwise_does_not_matter_beside_a_record(self) -> None:
        """Nothing is missing of it then."""
        at = self.platforms(None)
        lost = Known(0, None, missing("platforms[0].equipment_cost"))
        assert known(self.over(YES, otherwise=between(1, 2)), at) == lost

    def test_uncertain_filter(self) -> None:
        """A record that perhaps counts may be the largest, or leave the others."""
        some = ir.Compare(ir.Comparison.LT, COST, money(300))
        where = ir.Any((some, PERHAPS))
        at = self.platforms(2, 5)
        assert known(self.over(where), at) == Known(200, 500, missing("city"))
        smallest = self.over(where, largest=False)
        assert known(smallest, at) == Known(200, 200)

    def test_only_uncertain_records(self) -> None:
        """Where perhaps no record counts, what holds otherwise may be it."""
        found = known(self.over(PERHAPS, otherwise=between(1, 2)), self.platforms(5))
        assert found == Known(1, 500, missing("city"))

    def test_unknown_list(self) -> None:
        """Of an unknown list anything may be the largest; with none, the rest holds."""
        found = known(self.over(YES))
        assert found == Known(0, None, missing("platforms"))
        rest = known(self.over(YES, otherwise=between(1, 2)))
        assert rest == Known(0, None, missing("platforms", "city"))
        assert known(self.over(NO, otherwise=money(9))) == Known(9, 9)

    def test_unknown_list_that_makes_no_difference(self) -> None:
        """Where every record would say the same as none, it is known."""
        found = known(self.over(YES, term=money(7), otherwise=money(7)))
        assert found == Known(7, 7)

    def test_days(self) -> None:
        """The latest of several days."""
        records = [
            Platform(id="p0", recognised=date(2025, 3, 1)),
            Platform(id="p1", recognised=date(2025, 5, 1)),
        ]
        latest = self.over(YES, term=EVENT, otherwise=ir.AsOf())
        assert known(latest, world(platforms=records)) == Known(
            date(2025, 5, 1), date(2025, 5, 1)
        )

    @pytest.mark.parametrize(
        ("largest", "ends"), [(True, (3, None)), (False, (None, 4))]
    )
    def test_possible_values_without_end(
        self, largest: bool, ends: tuple[int | None, int | None]
    ) -> None:
        """A value that may be anything only moves the end towards which it counts."""
        certain = [Known(3, 4)]
        possible = [Known(None, None)]
        found = extreme_of(certain, possible, exactly(0), largest=largest)
        assert (found.low, found.high) == ends


REVENUE = ir.Fact("revenue", Kind.MONEY, low=0)
AREA = ir.Fact(
    "area", Kind.NUMBER, low=0, unit=(("平方米", 1),), scale=Fraction(2000, 3)
)
LOSS = evolve(REVENUE, low=None, default=0)


def figures(**years: str | int) -> YearlyFigures:
    return YearlyFigures(
        tuple((int(name[1:]), Decimal(value)) for name, value in years.items())
    )


def given(**facts: YearlyFigures) -> World:
    return World(Enterprise(id=FIRM, facts=facts), DAY, {})


class TestFigure:
    OPEN_YEAR = ir.InCalendar(
        ir.Calendar.YEAR_OF,
        ir.Uncertain(date(2024, 1, 1), date(2025, 12, 31), "policy.effective_date"),
    )

    def test_known_figure(self) -> None:
        """The figure of a year, in fen, with its path."""
        at = given(revenue=figures(y2024="12.34", y2025=1))
        found = work_out(ir.Figure(REVENUE, year(2024)), at)
        assert (found.known, found.path) == (Known(1234, 1234), "revenue[2024]")

    def test_missing_figure(self) -> None:
        """A figure that nobody gave is missing under its year."""
        lost = Known(0, None, missing("revenue[2024]"))
        assert known(ir.Figure(REVENUE, year(2024))) == lost
        at = given(revenue=figures(y2025=1))
        assert known(ir.Figure(REVENUE, year(2024)), at) == lost

    def test_computed_year(self) -> None:
        """The year may be computed."""
        last = ir.Shift(
            ir.InCalendar(ir.Calendar.YEAR_OF, ir.AsOf()), Period(years=1), back=True
        )
        at = given(revenue=figures(y2025=3))
        assert known(ir.Figure(REVENUE, last), at) == Known(300, 300)

    def test_unknown_year(self) -> None:
        """Whichever year it is, its figure is one that the fact can have."""
        figure = ir.Figure(REVENUE, self.OPEN_YEAR)
        cause = "policy.effective_date"
        at = given(revenue=figures(y2024=1, y2025=2))
        assert known(figure, at) == Known(0, None, missing(cause))
        assert known(figure) == Known(0, None, missing(cause, "revenue"))

    def test_closed_figures(self) -> None:
        """Of a closed fact, a year that is not given says its default."""
        assert known(ir.Figure(LOSS, year(2024))) == Known(0, 0)
        at = given(revenue=figures(y2025=-3))
        assert known(ir.Figure(LOSS, year(2024)), at) == Known(0, 0)
        assert known(ir.Figure(LOSS, year(2025)), at) == Known(-300, -300)

    def test_closed_figures_of_an_unknown_year(self) -> None:
        """It is the default, or one of the figures that are given."""
        figure = ir.Figure(LOSS, self.OPEN_YEAR)
        assert known(figure) == Known(0, 0)
        found = known(figure, given(revenue=figures(y2025=-3)))
        assert found == Known(-300, 0, missing("policy.effective_date"))

    def test_units(self) -> None:
        """A figure counts base units: three 亩 are two thousand 平方米."""
        at = given(area=figures(y2024=3))
        assert known(ir.Figure(AREA, year(2024)), at) == Known(2000, 2000)

    def test_figure_of_a_record(self) -> None:
        """A record may have figures; of a record nobody knows it is missing itself."""
        output = ir.Fact("output", Kind.MONEY, "platform", low=0)
        figure = ir.Figure(output, year(2024))
        platform = Platform(facts={"output": figures(y2024=5)})
        assert known(figure, world(platform)) == Known(500, 500)
        lost = known(figure, world(Platform()))
        assert lost == Known(0, None, missing("platforms[0].output[2024]"))
        nobody = known(figure, world(None))
        assert nobody.missing == {"platforms[0]"}


def test_what_another_rule_comes_to() -> None:
    """An entitlement is what the engine is told of the other rule."""
    at = evolve(world(), due={"r-1": Known(3, 9, missing("city"))})
    assert known(ir.Entitlement("r-1"), at) == Known(3, 9, missing("city"))


def test_rounding_of_numbers() -> None:
    """Any measure is rounded to multiples of a unit."""
    third = ir.Quotient(
        ir.Constant(Fraction(100), Kind.NUMBER),
        ir.Constant(Fraction(7), Kind.NUMBER),
        ir.Constant(0, Kind.NUMBER),
    )
    whole = ir.Round(third, 1, Rounding.DOWN)
    assert known(whole) == Known(14, 14)
    halves = ir.Round(third, Fraction(1, 2), Rounding.HALF_UP)
    assert known(halves) == Known(Fraction(29, 2), Fraction(29, 2))


def test_city_is_still_unknown() -> None:
    """The worlds of this page know no city."""
    assert known(CITY) == Known(None, None, missing("city"))


def test_nothing_of_an_unknown_list_counts() -> None:
    """A sum over records of which none can count is nothing."""
    found = known(ir.Sum("platforms", "platform", NO, COST))
    assert found == Known(0, 0)


def test_a_closed_fact_of_a_record_that_nobody_knows() -> None:
    """An unknown record says nothing by its silence: its closed facts are unknown."""
    closed = ir.Fact("chain", Kind.TEXT, "platform", default="鞋服")
    assert known(closed, world(Platform())) == Known("鞋服", "鞋服")
    assert known(closed, world(None)) == Known(None, None, missing("platforms[0]"))
    yearly = ir.Fact("output", Kind.MONEY, "platform", low=0, default=0)
    figure = ir.Figure(yearly, year(2025))
    assert known(figure, world(Platform())) == Known(0, 0)
    assert known(figure, world(None)) == Known(0, None, missing("platforms[0]"))
