"""The reference engine: what every term comes to, known or not."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from incentives import Award, Platform, ir
from incentives.dates import FIRST_DAY, LAST_DAY, NEVER, Period
from incentives.engines.meanings import work_out
from incentives.engines.world import World
from incentives.ir import Calendar, Constant, Kind, Multiply
from incentives.ir_kinds import kind_of
from incentives.known import Known
from incentives.money import Rounding
from tests.support.worlds import (
    CITY,
    COST,
    COUNTY,
    DAY,
    EVENT,
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


def known(term: ir.Term, at: World | None = None) -> Known:
    return work_out(term, world() if at is None else at).known


class TestLeaves:
    def test_constant(self) -> None:
        """A constant is known and misses nothing."""
        assert known(money(7)) == Known(7, 7)

    def test_as_of(self) -> None:
        """The day asked about is known."""
        assert known(ir.AsOf()) == Known(DAY, DAY)

    def test_uncertain(self) -> None:
        """A day that the law leaves open lies between two, and its cause is missing."""
        assert known(START) == Known(START.low, START.high, missing(START.cause))

    def test_uncertain_of_one_day(self) -> None:
        """A day that can only be one is known."""
        only = ir.Uncertain(DAY, DAY, "policy.effective_date")
        assert known(only) == Known(DAY, DAY)

    def test_fact_of_the_subject(self) -> None:
        """A given fact is known; one that is absent is missing under its name."""
        assert known(CITY, world(city="泉州市")) == Known("泉州市", "泉州市")
        assert known(CITY) == Known(None, None, missing("city"))

    def test_fact_of_a_record(self) -> None:
        """Money is seen in fen; what is absent is missing under the record's place."""
        found = known(COST, world(Platform(equipment_cost=Decimal("12.34"))))
        assert found == Known(1234, 1234)
        absent = known(COST, world(Platform()))
        assert absent == Known(0, None, missing("platforms[0].equipment_cost"))

    def test_fact_of_a_record_that_nobody_knows(self) -> None:
        """Of an unknown record everything is missing, and the record stands for it."""
        assert known(COST) == Known(0, None, missing("platforms[0]"))

    def test_closed_fact(self) -> None:
        """Absence of a closed fact says its default."""
        closed = ir.Fact("date", Kind.DATE, "award", default=FIRST_DAY)
        at = world().with_record("award", Award(), "awards[0]")
        assert known(closed, at) == Known(FIRST_DAY, FIRST_DAY)

    def test_event_that_did_not_happen(self) -> None:
        """`false` for a day means that it never comes."""
        never: Any = False
        assert known(EVENT, world(Platform(recognised=never))) == Known(NEVER, NEVER)


class TestArithmetic:
    CITY = missing("city")

    def test_add(self) -> None:
        """Ends are added; a sum without an end has none."""
        assert known(ir.Add((money(1), money(2)))) == Known(3, 3)
        assert known(ir.Add((money(1), between(5, 2)))) == Known(3, 6, self.CITY)
        found = known(ir.Add((money(-1), COST)), world(Platform()))
        assert found == Known(-1, None, missing("platforms[0].equipment_cost"))

    def test_negate(self) -> None:
        """Ends change places and signs."""
        assert known(ir.Negate(money(5))) == Known(-5, -5)
        assert known(ir.Negate(between(-1, 4))) == Known(-4, 1, self.CITY)
        assert known(ir.Negate(COST)) == Known(None, 0, missing("platforms[0]"))
        assert known(ir.Negate(ir.Negate(COST))) == Known(
            0, None, missing("platforms[0]")
        )

    def test_multiply(self) -> None:
        """All products of the ends count, since signs may differ."""
        third = rate(Fraction(1, 3))
        assert known(ir.Multiply(third, money(10))) == Known(
            Fraction(10, 3), Fraction(10, 3)
        )
        both = ir.Multiply(between(-2, 3), between(-5, 7))
        assert known(both) == Known(-15, 21, self.CITY)

    @pytest.mark.parametrize(
        ("share", "ends"), [(1, (0, None)), (-1, (None, 0)), (0, (0, 0))]
    )
    def test_multiply_without_end(
        self, share: int, ends: tuple[int | None, int | None]
    ) -> None:
        """Nothing times what has no end is nothing, and then nothing is missing."""
        found = known(ir.Multiply(rate(Fraction(share)), COST))
        lacking = missing() if share == 0 else missing("platforms[0]")
        assert found == Known(*ends, lacking)

    def test_multiply_without_either_end(self) -> None:
        """A factor that may have either sign makes a product without ends."""
        anything = ir.Add((COST, ir.Negate(COST)))
        assert known(anything) == Known(None, None, missing("platforms[0]"))
        found = known(ir.Multiply(between(-1, 1), anything))
        assert found == Known(None, None, missing("platforms[0]", "city"))

    def test_least(self) -> None:
        """A cap that is reached is known although what it caps is not."""
        assert known(ir.Least((money(5), money(3)))) == Known(3, 3)
        assert known(ir.Least((money(4), between(3, 9)))) == Known(3, 4, self.CITY)
        assert known(ir.Least((money(3), between(3, 9)))) == Known(3, 3)
        found = known(ir.Least((money(5), COST)))
        assert found == Known(0, 5, missing("platforms[0]"))
        assert known(ir.Least((COST, COST))) == Known(0, None, missing("platforms[0]"))
        assert known(ir.Least((money(5), ir.Negate(COST)))) == Known(
            None, 0, missing("platforms[0]")
        )

    def test_greatest(self) -> None:
        """A floor that is not reached is known although what lies below is not."""
        assert known(ir.Greatest((money(5), money(3)))) == Known(5, 5)
        assert known(ir.Greatest((money(9), between(3, 9)))) == Known(9, 9)
        assert known(ir.Greatest((money(0), ir.Negate(COST)))) == Known(0, 0)
        found = known(ir.Greatest((money(5), COST)))
        assert found == Known(5, None, missing("platforms[0]"))
        assert known(ir.Greatest((ir.Negate(COST), ir.Negate(COST)))) == Known(
            None, 0, missing("platforms[0]")
        )


class TestFunctions:
    def test_round(self) -> None:
        """Both ends are rounded, and where they then meet the amount is known."""
        half = ir.Multiply(rate(Fraction(1, 2)), between(3, 5))
        up = ir.Round(half, 1, Rounding.HALF_UP)
        assert known(up) == Known(2, 3, missing("city"))
        assert known(ir.Round(half, 100, Rounding.DOWN)) == Known(0, 0)
        assert known(ir.Round(COST, 1, Rounding.DOWN)) == Known(
            0, None, missing("platforms[0]")
        )

    @pytest.mark.parametrize(
        ("start", "period", "back", "expected"),
        [
            ("2024-01-31", Period(months=1), False, date(2024, 2, 29)),
            ("2025-03-31", Period(months=1), True, date(2025, 2, 28)),
            ("2024-02-29", Period(years=1), False, date(2025, 2, 28)),
            ("2025-12-31", Period(days=1), False, date(2026, 1, 1)),
            ("2199-12-31", Period(days=1), False, LAST_DAY),
            ("1900-01-01", Period(days=1), True, FIRST_DAY),
        ],
    )
    def test_shift(
        self, start: str, period: Period, back: bool, expected: date
    ) -> None:
        """A day moves by whole periods, and no further than the calendar goes."""
        assert known(ir.Shift(day(start), period, back)) == Known(expected, expected)

    @pytest.mark.parametrize("back", [False, True])
    def test_shift_of_what_never_comes(self, back: bool) -> None:
        """What never comes neither comes later nor earlier."""
        never = ir.Constant(NEVER, Kind.DATE)
        assert known(ir.Shift(never, Period(months=1), back)) == Known(NEVER, NEVER)

    def test_shift_back_of_a_year_that_never_comes(self) -> None:
        """The first day of a year that never comes does not come a month earlier."""
        never = ir.InCalendar(Calendar.YEAR_OF, ir.Constant(NEVER, Kind.DATE))
        first = ir.InCalendar(Calendar.FIRST_DAY_OF, never)
        found = known(ir.Shift(first, Period(months=1), back=True))
        assert found.low is not None
        assert found.low > LAST_DAY

    def test_shift_of_an_open_day(self) -> None:
        """Both ends move; an unknown day stays unknown."""
        found = known(ir.Shift(START, Period(days=1)))
        assert found == Known(date(2024, 1, 2), date(2025, 1, 1), missing(START.cause))
        lost = known(ir.Shift(EVENT, Period(days=1)))
        assert lost == Known(None, None, missing("platforms[0]"))

    def test_in_calendar(self) -> None:
        """From a day to its year, and from a year to its ends."""
        year_of = ir.InCalendar(Calendar.YEAR_OF, day("2025-06-30"))
        assert known(year_of) == Known(2025, 2025)
        first = ir.InCalendar(Calendar.FIRST_DAY_OF, year(2025))
        last = ir.InCalendar(Calendar.LAST_DAY_OF, year(2025))
        assert known(first) == Known(date(2025, 1, 1), date(2025, 1, 1))
        assert known(last) == Known(date(2025, 12, 31), date(2025, 12, 31))

    def test_year_of_an_open_day(self) -> None:
        """The year is known of a day that is some day of it."""
        assert known(ir.InCalendar(Calendar.YEAR_OF, START)) == Known(2024, 2024)


class TestChoose:
    def test_first_branch_met(self) -> None:
        """The first branch whose condition is met is taken, whatever comes after."""
        tiers = ir.Choose(
            (
                ir.Branch(NO, money(1)),
                ir.Branch(YES, money(2)),
                ir.Branch(PERHAPS, money(3)),
            ),
            COST,
        )
        assert known(tiers) == Known(2, 2)

    def test_otherwise(self) -> None:
        """Without a branch that is met it is what is otherwise."""
        assert known(ir.Choose((ir.Branch(NO, money(1)),), money(9))) == Known(9, 9)

    def test_unknown_branch(self) -> None:
        """A branch that may be met may be the value, as may what follows it."""
        assert known(between(3, 9)) == Known(3, 9, missing("city"))
        stops = ir.Choose(
            (ir.Branch(PERHAPS, money(3)), ir.Branch(YES, money(5))), money(99)
        )
        assert known(stops) == Known(3, 5, missing("city"))

    def test_unknown_branch_that_makes_no_difference(self) -> None:
        """Where every branch comes to the same, nothing is missing."""
        assert known(between(4, 4)) == Known(4, 4)

    def test_unknown_value(self) -> None:
        """What a branch misses is missing beside what its condition misses."""
        found = known(ir.Choose((ir.Branch(PERHAPS, COST),), money(7)))
        assert found == Known(0, None, missing("city", "platforms[0]"))

    @pytest.mark.parametrize(
        ("first", "second", "expected"),
        [
            ("甲", "乙", Known(None, None, missing("city"))),
            ("甲", "甲", Known("甲", "甲")),
        ],
    )
    def test_texts(self, first: str, second: str, expected: Known) -> None:
        """Texts have no order: several that are possible are an unknown one."""
        one, other = (ir.Constant(text, Kind.TEXT) for text in (first, second))
        assert known(ir.Choose((ir.Branch(PERHAPS, one),), other)) == expected

    def test_truths(self) -> None:
        """Neither have truth and falsehood."""
        yes, no = (ir.Constant(truth, Kind.BOOLEAN) for truth in (True, False))
        found = known(ir.Choose((ir.Branch(PERHAPS, yes),), no))
        assert found == Known(None, None, missing("city"))


class TestLookup:
    ROWS: Mapping[tuple[ir.Value, ...], ir.Value] = {("晋江市",): 300, ("石狮市",): 200}

    def look_up(self, otherwise: ir.Term) -> ir.Lookup:
        return ir.Lookup("counties", "award", (COUNTY,), self.ROWS, otherwise)

    def test_known_key(self) -> None:
        """A key with a row gives its value, any other key what is otherwise."""
        at_home = known(self.look_up(COST), world(county="晋江市"))
        assert at_home == Known(300, 300)
        elsewhere = known(self.look_up(money(7)), world(county="厦门"))
        assert elsewhere == Known(7, 7)
        lost = known(self.look_up(COST), world(county="厦门"))
        assert lost == Known(0, None, missing("platforms[0]"))

    def test_unknown_key(self) -> None:
        """Every row is possible, and so is what is otherwise."""
        assert known(self.look_up(money(250))) == Known(200, 300, missing("county"))
        assert known(self.look_up(money(0))) == Known(0, 300, missing("county"))

    def test_unknown_key_and_unknown_otherwise(self) -> None:
        """What is otherwise may be missing too."""
        found = known(self.look_up(COST))
        assert found == Known(0, None, missing("county", "platforms[0]"))

    def test_unknown_key_that_makes_no_difference(self) -> None:
        """Where every row says the same, nothing is missing."""
        same = ir.Lookup(
            "t", "c", (COUNTY,), {("晋江市",): 5, ("石狮市",): 5}, money(5)
        )
        assert known(same) == Known(5, 5)

    def test_several_keys(self) -> None:
        """All keys together name a row."""
        table = ir.Lookup("t", "c", (CITY, COUNTY), {("泉州市", "晋江市"): 5}, money(0))
        assert known(table, world(city="泉州市", county="晋江市")) == Known(5, 5)
        assert known(table, world(city="泉州市", county="石狮市")) == Known(0, 0)
        found = known(table, world(city="泉州市"))
        assert found == Known(0, 5, missing("county"))


class TestSum:
    def platforms(self, *costs: int | None) -> World:
        records = [
            Platform(id=f"p{at}", chain="运动鞋", equipment_cost=cost)
            for at, cost in enumerate(costs)
        ]
        return world(platforms=records)

    def over(self, where: ir.Condition, at_most: int | None = None) -> ir.Sum:
        return ir.Sum("platforms", "platform", where, COST, at_most)

    def test_known_list(self) -> None:
        """The term is added up over the records that meet the condition."""
        assert known(self.over(YES), self.platforms(1, 2)) == Known(300, 300)
        assert known(self.over(NO), self.platforms(1, 2)) == Known(0, 0)
        assert known(self.over(YES), self.platforms()) == Known(0, 0)

    def test_uncertain_filter(self) -> None:
        """A record that perhaps counts adds its value or nothing."""
        found = known(self.over(PERHAPS), self.platforms(1, 2))
        assert found == Known(0, 300, missing("city"))

    def test_uncertain_filter_over_negative_values(self) -> None:
        """What perhaps counts against a sum may lower it."""
        where = PERHAPS
        lost = ir.Sum("platforms", "platform", where, ir.Negate(COST))
        assert known(lost, self.platforms(1)) == Known(-100, 0, missing("city"))

    def test_unknown_value(self) -> None:
        """An unknown value leaves the sum open, unless its record does not count."""
        found = known(self.over(YES), self.platforms(1, None))
        assert found == Known(100, None, missing("platforms[1].equipment_cost"))
        assert known(self.over(NO), self.platforms(1, None)) == Known(0, 0)

    def test_unknown_value_and_filter(self) -> None:
        """What is missing of the filter and of the value are both missing."""
        found = known(self.over(PERHAPS), self.platforms(None))
        assert found == Known(0, None, missing("city", "platforms[0].equipment_cost"))

    def test_unknown_list(self) -> None:
        """An unknown list may hold any number of records, or so many at most."""
        nothing = missing("platforms")
        assert known(self.over(YES)) == Known(0, None, nothing)
        three = ir.Sum("platforms", "platform", YES, money(3), 4)
        assert known(three) == Known(0, 12, nothing)
        any_number = ir.Sum("platforms", "platform", YES, money(3))
        assert known(any_number) == Known(0, None, nothing)
        lost = ir.Sum("platforms", "platform", YES, money(-3), 4)
        assert known(lost) == Known(-12, 0, nothing)

    def test_unknown_list_of_nothing(self) -> None:
        """Nothing, however often, is nothing."""
        nothing = ir.Sum("platforms", "platform", YES, money(0))
        assert known(nothing) == Known(0, 0)

    def test_inner_names_are_records_of_the_list(self) -> None:
        """Inside a sum a name stands for each record, outside for the one at hand."""
        at = self.platforms(1, 2)
        outer = ir.Add((COST, self.over(YES)))
        found = known(outer, at.with_record("platform", at.subject.platforms[0], "x"))  # type: ignore[attr-defined]  # an enterprise
        assert found == Known(400, 400)


@pytest.mark.parametrize(
    ("left", "right", "product"),
    [
        (Kind.MONEY, Kind.RATE, Kind.MONEY),
        (Kind.NUMBER, Kind.MONEY, Kind.MONEY),
        (Kind.NUMBER, Kind.RATE, Kind.NUMBER),
        (Kind.RATE, Kind.RATE, Kind.RATE),
    ],
)
def test_kinds_of_products(left: Kind, right: Kind, product: Kind) -> None:
    """Money times anything is money; a rate of a rate is a rate."""
    factors = (Constant(1, left), Constant(1, right))
    assert kind_of(Multiply(*factors)) is product
