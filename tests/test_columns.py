"""Terms in columns: exact wherever whole numbers end, and honest where they do."""

from datetime import date
from fractions import Fraction
from random import Random
from typing import Any

import polars as pl
import pytest

from incentives import ir
from incentives.dates import Period
from incentives.engines.columns.column import SEE, Form, aligned, constant, fits
from incentives.engines.columns.frame import Frame, Path
from incentives.engines.columns.lowering import column, truth
from incentives.engines.columns.tables import (
    PLACE,
    SUBJECT,
    Population,
    Records,
    Table,
)
from incentives.engines.meanings import find, work_out
from incentives.engines.runtime import verdict_of_truth
from incentives.engines.world import World
from incentives.facts import Enterprise
from incentives.ir import Comparison, Kind
from incentives.money import Rounding, round_to
from incentives.screening.gathering import gathered
from incentives.screening.rows import fen
from incentives.structuring import subject_of
from tests.property.books import READER, VOCABULARY

MONEY = ir.Fact("m", Kind.MONEY, low=0)
PROFIT = ir.Fact("p", Kind.MONEY)
DAY = date(2026, 1, 1)


def frame(**columns: pl.Series) -> Frame:
    population = Population(Table(pl.DataFrame(columns)), {})
    return Frame.of_subjects(population, DAY, {})


def values(term: ir.Term, **columns: pl.Series) -> list[int | None]:
    """What a term comes to in every row: whole numbers, None where nobody knows."""
    rows = frame(**columns)
    found = column(term, rows)
    assert found.low is not None
    assert found.by is None
    known = pl.when(found.known).then(found.low).otherwise(None)
    table = rows.table(value=known)
    return [
        None if value is None else int(value * found.scale)
        for value in table["value"].to_list()
    ]


def constant_of(value: Any, kind: Kind) -> ir.Constant:
    return ir.Constant(value, kind)


#: Amounts about which arithmetic in floats or in 64 bits errs, and others.
ADVERSARIAL = [
    edge + step
    for edge in (0, 2**31, 2**53, 2**54, 2**62, 2**63 - 2_000, 10**18)
    for step in range(-1000, 1000, 7)
    if 0 <= edge + step < 2**63
]


@pytest.mark.parametrize("mode", list(Rounding))
@pytest.mark.parametrize(
    "rate", ["3/10", "1/3", "2/3", "1", "999999/1000000", "1/9999", "12345/10000"]
)
def test_every_share_of_every_amount(rate: str, mode: Rounding) -> None:
    """A share of an amount is rounded to the same fen as by exact fractions."""
    share = Fraction(rate)
    term = ir.Round(ir.Multiply(constant_of(share, Kind.RATE), MONEY), 1, mode)
    found = values(term, m=pl.Series(ADVERSARIAL, dtype=pl.Int64))
    assert found == [round_to(share * fen, 1, mode) for fen in ADVERSARIAL]


@pytest.mark.parametrize("mode", list(Rounding))
@pytest.mark.parametrize("unit", [1, 100, 1_000_000])
def test_below_zero(unit: int, mode: Rounding) -> None:
    """Losses are rounded away from zero or towards it, as profits are."""
    losses = [sign * fen for fen in ADVERSARIAL[:400] for sign in (1, -1)]
    term = ir.Round(
        ir.Multiply(PROFIT, constant_of(Fraction(7, 30), Kind.RATE)), unit, mode
    )
    found = values(term, p=pl.Series(losses, dtype=pl.Int64))
    assert found == [round_to(Fraction(7, 30) * fen, unit, mode) for fen in losses]


def test_random_shares() -> None:
    """8 000 amounts under random rates, none of them a fen off."""
    random = Random(20261201)  # noqa: S311  # nothing is secret here
    wrong = 0
    for _ in range(8):
        share = Fraction(random.randrange(1, 10_000), random.randrange(1, 10_000))
        amounts = [random.randrange(2 ** random.randrange(1, 63)) for _ in range(1000)]
        term = ir.Round(
            ir.Multiply(constant_of(share, Kind.RATE), MONEY), 1, Rounding.HALF_UP
        )
        found = values(term, m=pl.Series(amounts, dtype=pl.Int64))
        expected = [round_to(share * fen, 1, Rounding.HALF_UP) for fen in amounts]
        wrong += sum(a != b for a, b in zip(found, expected, strict=True))
    assert wrong == 0


def test_too_large_for_columns() -> None:
    """Beyond 126 bits nothing is said, and the record must be seen."""
    square = ir.Multiply(MONEY, MONEY)
    fourth = ir.Multiply(square, square)
    rows = frame(m=pl.Series([2**62], dtype=pl.Int64))
    found = column(fourth, rows)
    table = rows.noted(pl.Series([True]), mask=found.lacking, low=found.low)
    assert table["low"].to_list() == [None]
    assert table["mask"][0] & 2**62
    assert not fits(2**126)


def test_sums_and_scales_too_large() -> None:
    """Sums and finer scales that no number holds are seen at the record as well."""
    huge = constant(2**125, Form.WHOLE)
    fine = constant(Fraction(1, 10**6), Form.WHOLE)
    assert aligned([huge, fine])[0].missing is SEE
    numbers = [constant_of(2**125, Kind.NUMBER)] * 3
    term = ir.Add((*numbers, MONEY))
    rows = frame(m=pl.Series([1], dtype=pl.Int64))
    found = column(term, rows)
    table = rows.noted(pl.Series([True]), mask=found.lacking, low=found.low)
    assert table.row(0) == (2**62, None)


@pytest.mark.parametrize(
    ("left", "right"), [(3, 4), (-3, 4), (None, 4), (None, None), (0, None), (-5, -7)]
)
def test_products(left: int | None, right: int | None) -> None:
    """A product lies between the products of the ends, whatever their signs."""
    other = ir.Fact("q", Kind.NUMBER)
    rows = frame(
        p=pl.Series([left], dtype=pl.Int64), q=pl.Series([right], dtype=pl.Int64)
    )
    found = column(ir.Multiply(PROFIT, other), rows)
    table = rows.table(low=found.low, high=found.high)
    given = {"p": left, "q": right}
    expected = reference(ir.Multiply(PROFIT, other), given)
    assert (table["low"][0], table["high"][0]) == (expected.low, expected.high)


def reference(term: ir.Term, given: dict[str, int | None]) -> Any:
    """What the reference knows of a term over numbers that are constants, or unknown."""

    def stated(node: object) -> object:
        if isinstance(node, ir.Fact) and given[node.name] is not None:
            return ir.Constant(given[node.name], node.kind)  # type: ignore[arg-type]
        return node

    from incentives.ir_walk import rewritten  # noqa: PLC0415  # only here

    subject = Enterprise(id="x")
    return work_out(rewritten(term, stated), World(subject, DAY, {})).known


@pytest.mark.parametrize("back", [False, True])
@pytest.mark.parametrize(
    "period", [Period(years=3), Period(months=6), Period(days=40), Period(1, 1, 1)]
)
def test_days_moved(period: Period, back: bool) -> None:  # a parameter
    """Days are moved as the calendar has it: month ends, leap days, what never comes."""
    days = [
        date(2024, 2, 29),
        date(2024, 1, 31),
        date(2025, 12, 31),
        date(1900, 1, 1),
        date(2199, 12, 31),
        date.max,
        None,
    ]
    event = ir.Fact("d", Kind.DATE)
    term = ir.Shift(event, period, back=back)
    rows = frame(d=pl.Series(days, dtype=pl.Date))
    found = column(term, rows)
    assert found.low is not None
    moved = rows.table(day=found.low)["day"].to_list()
    expected = [
        None
        if day is None
        else work_out(
            ir.Shift(ir.Constant(day, Kind.DATE), period, back=back),
            World(Enterprise(id="x"), DAY, {}),
        ).known.value
        for day in days
    ]
    assert moved == expected


def test_many_facts() -> None:
    """Of more facts than a mask has bits, the record says which are missing."""
    rows = frame(m=pl.Series([1]))
    for number in range(70):
        rows.bit(Path(f"f{number}"))
    assert rows.bit(Path("f69")) is SEE
    assert rows.names(3, None) == ["f0", "f1"]


def test_holds_of_nothing() -> None:
    """A truth of which nothing is known is unknown, and says what is missing."""
    fact = ir.Fact("b", Kind.BOOLEAN)
    rows = frame(m=pl.Series([1]))
    found = truth(ir.Holds(fact), rows)
    assert rows.table(value=found.value)["value"].to_list() == [None]


@pytest.mark.parametrize("comparison", list(Comparison))
def test_comparisons_of_ends(comparison: Comparison) -> None:
    """What is known in part is compared by its ends, as the reference does."""
    for given in (None, 0, 5, 9):
        for bound in (-1, 0, 5, 10):
            node = ir.Compare(comparison, MONEY, ir.Constant(bound, Kind.MONEY))
            rows = frame(m=pl.Series([given], dtype=pl.Int64))
            found = rows.table(value=truth(node, rows).value)["value"][0]
            whole = ir.Choose(
                (ir.Branch(node, ir.Constant(1, Kind.NUMBER)),),
                ir.Constant(0, Kind.NUMBER),
            )
            expected = reference(whole, {"m": given})
            assert found == {1: True, 0: False, None: None}[expected.value]


# --- against the reference ---------------------------------------------------------

PROFITS = [
    {"2024": "100", "2025": "120", "2026": "-30"},
    {"2024": "0", "2025": "120"},
    {"2025": "0", "2026": "7"},
    {},
]
FIRMS = [
    subject_of(
        {
            "id": f"x{number}",
            **({"profit": profit} if profit else {}),
            "listings": [{"year": 2024 + number, "list": "泉州市"}],
            **({"county": "晋江市"} if number % 2 else {}),
        },
        READER,
    )
    for number, profit in enumerate(PROFITS)
]
YEARLY = ir.Fact("profit", Kind.MONEY)
NOTHING = constant_of(0, Kind.MONEY)


def profit_of(year: int) -> ir.Figure:
    return ir.Figure(YEARLY, constant_of(year, Kind.YEAR))


def growth(one: int, other: int) -> ir.Quotient:
    return ir.Quotient(profit_of(one), profit_of(other), NOTHING)


def firms() -> Frame:
    population = gathered(FIRMS, VOCABULARY["enterprise"])
    return Frame.of_subjects(population, DAY, {})


def agrees(term: ir.Term) -> int:
    """Of how many firms columns say what the reference knows; of the others nothing."""
    rows = firms()
    found = column(term, rows)
    everybody = pl.Series([True] * len(FIRMS))
    ends = {
        "low": pl.lit(None) if found.low is None else found.low,
        "high": pl.lit(None) if found.high is None else found.high,
        "by": pl.lit(1) if found.by is None else found.by,
    }
    table = rows.noted(everybody, mask=found.lacking, **ends)
    told = 0
    for firm, (mask, low, high, by) in zip(FIRMS, table.iter_rows(), strict=True):
        known = work_out(term, World(firm, DAY, {})).known
        if mask & 2**62:
            continue
        told += 1
        said = (
            end if end is None or not isinstance(end, int) else end * found.scale / by
            for end in (low, high)
        )
        assert tuple(said) == (known.low, known.high)
    return told


@pytest.mark.parametrize(
    ("term", "told"),
    [
        (growth(2025, 2024), 4),
        (ir.Add((growth(2025, 2024), growth(2026, 2025))), 4),
        (ir.Add((growth(2025, 2024), constant_of(-1, Kind.RATE))), 4),
        (ir.Least((growth(2025, 2024), growth(2024, 2025))), 4),
        (ir.Negate(growth(2026, 2025)), 4),
        (ir.Multiply(growth(2025, 2024), profit_of(2025)), 4),
        (ir.Round(growth(2025, 2024), Fraction(1, 100), Rounding.HALF_UP), 4),
        # A day that is written, and never comes, is seen at the record as well.
        (
            ir.Elapsed(
                ir.Span.DAYS,
                constant_of(date.max, Kind.DATE),
                constant_of(date(2026, 1, 1), Kind.DATE),
            ),
            0,
        ),
        (ir.Multiply(profit_of(2025), constant_of(Fraction(0), Kind.RATE)), 4),
        # A ratio of ratios is seen at the record.
        (ir.Quotient(growth(2025, 2024), growth(2026, 2025), NOTHING), 0),
        (
            ir.Round(
                ir.Multiply(profit_of(2025), constant_of(Fraction(1, 3), Kind.RATE)),
                Fraction(1, 2**126),
                Rounding.UP,
            ),
            0,
        ),
        (
            ir.InCalendar(
                ir.Calendar.FIRST_DAY_OF,
                ir.InCalendar(
                    ir.Calendar.YEAR_OF,
                    ir.Uncertain(date(2024, 1, 1), date(2025, 6, 1), "policy.x"),
                ),
            ),
            4,
        ),
        (
            ir.InCalendar(
                ir.Calendar.LAST_DAY_OF,
                ir.InCalendar(
                    ir.Calendar.YEAR_OF,
                    ir.Uncertain(date(2024, 1, 1), date(2025, 6, 1), "policy.x"),
                ),
            ),
            4,
        ),
        (
            ir.Elapsed(
                ir.Span.DAYS,
                ir.Least((ir.Fact("founded", Kind.DATE), ir.AsOf())),
                ir.AsOf(),
            ),
            4,
        ),
        (ir.Lookup("t", "c", (ir.Fact("county", Kind.TEXT),), {}, NOTHING), 4),
        (
            ir.Lookup(
                "t",
                "c",
                (ir.Fact("county", Kind.TEXT),),
                {("晋江市",): 7, ("石狮市",): -2},
                NOTHING,
            ),
            4,
        ),
        (
            ir.Lookup(
                "t",
                "c",
                (ir.Fact("county", Kind.TEXT),),
                {("晋江市",): "x"},
                constant_of("y", Kind.TEXT),
            ),
            2,
        ),
        (
            ir.Lookup("t", "c", (growth(2025, 2024),), {(Fraction(6, 5),): 7}, NOTHING),
            0,
        ),
        (
            ir.Extreme(
                "listings",
                "listing",
                ir.All(()),
                ir.Fact("list", Kind.TEXT, "listing"),
                largest=True,
                otherwise=constant_of("y", Kind.TEXT),
            ),
            0,
        ),
        (ir.Sum("listings", "listing", ir.All(()), constant_of(2**126, Kind.MONEY)), 0),
        (
            ir.Figure(
                YEARLY,
                ir.Extreme(
                    "listings",
                    "listing",
                    ir.All(()),
                    ir.Fact("year", Kind.YEAR, "listing"),
                    largest=True,
                    otherwise=constant_of(2024, Kind.YEAR),
                ),
            ),
            3,
        ),
    ],
)
def test_terms(term: ir.Term, told: int) -> None:
    """Columns say of a term what the reference knows, or to see the record."""
    assert agrees(term) == told


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        (ir.Member((growth(2025, 2024),), frozenset({(Fraction(6, 5),)})), 0),
        (ir.Member((ir.Fact("county", Kind.TEXT),), frozenset()), 4),
        (
            ir.Member(
                (ir.Fact("county", Kind.TEXT), ir.Fact("city", Kind.TEXT)),
                frozenset({("晋江市", "泉州市")}),
            ),
            4,
        ),
        (
            ir.Member(
                (ir.Fact("county", Kind.TEXT),) * 3, frozenset({("晋江市",) * 3})
            ),
            2,
        ),
        (
            ir.Member(
                (
                    ir.Fact("county", Kind.TEXT),
                    constant_of(Fraction(1, 2), Kind.NUMBER),
                ),
                frozenset({("晋江市", Fraction(1, 2))}),
            ),
            0,
        ),
        (
            ir.Compare(
                Comparison.GE,
                growth(2025, 2024),
                constant_of(Fraction(6, 5), Kind.RATE),
            ),
            4,
        ),
        (ir.Compare(Comparison.EQ, growth(2025, 2024), growth(2026, 2025)), 4),
    ],
)
def test_conditions(condition: ir.Condition, told: int) -> None:
    """Columns say of a condition what the reference finds, or to see the record."""
    rows = firms()
    found = truth(condition, rows)
    everybody = pl.Series([True] * len(FIRMS))
    table = rows.noted(everybody, mask=found.missing, value=found.value)
    seen = 0
    for firm, (mask, value) in zip(FIRMS, table.iter_rows(), strict=True):
        if mask & 2**62:
            seen += 1
            continue
        expected = find(condition, World(firm, DAY, {})).verdict
        assert verdict_of_truth(value) is expected
    assert len(FIRMS) - seen == told


def test_numbers_of_another_scale() -> None:
    """What is known of a list and what is not are not mixed where scales differ."""
    heads = ir.Fact("heads", Kind.NUMBER, "b", low=0)
    table = Table(
        pl.DataFrame({SUBJECT: [0], PLACE: [0], "heads": [15]}),
        {"heads": Fraction(1, 10)},
    )
    lists = {"bs": Records(table, pl.Series([True, False]))}
    population = Population(Table(pl.DataFrame({"#": [0, 1]})), lists)
    rows = Frame.of_subjects(population, DAY, {})
    most = ir.Extreme(
        "bs",
        "b",
        ir.All(()),
        heads,
        largest=True,
        otherwise=constant_of(Fraction(0), Kind.NUMBER),
    )
    assert column(most, rows).missing is SEE
    # An amount that is no whole number of fen, or is a ratio, is seen as well.
    assert (
        fen(ir.Multiply(MONEY, constant_of(Fraction(1, 3), Kind.RATE)), rows).missing
        is SEE
    )


def test_ends_that_no_fact_has() -> None:
    """A fact between two odd ends, of a record or of a ghost, is not guessed."""
    odd = ir.Fact("m", Kind.MONEY, low=5, high=9)
    rows = frame(m=pl.Series([None, 7], dtype=pl.Int64))
    assert column(odd, rows).missing is SEE
    ghost = rows.ghost("bs", "b", is_inner=False)
    yearly = ir.Figure(
        ir.Fact("m", Kind.MONEY, "b", low=0), constant_of(2024, Kind.YEAR)
    )
    found = column(yearly, ghost)
    assert ghost.table(
        low=found.low, high=pl.lit(0) if found.high is None else found.high
    )["low"].to_list() == [0, 0]
    assert ghost.names(1, None) == ["bs"]


def test_nobody_was_paid() -> None:
    """A population without a history has none to take away."""
    population = Population(Table(pl.DataFrame({"m": [1]})), {})
    assert population.never_paid() is population
