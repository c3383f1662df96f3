"""Laws of the words for amounts: what each may never do, whatever the figures are."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from incentives import Enterprise
from incentives.engines.meanings import work_out
from incentives.engines.world import World
from incentives.facts import Award, core_vocabulary
from incentives.ir import Term
from incentives.known import Known
from incentives.language.amounts.sugar import value_of
from incentives.language.expressions.scope import Context, Scope
from incentives.language.fact_files import vocabulary_of
from incentives.language.nodes import Problems, parse_yaml
from incentives.tables import parse_table
from tests.property.strategies import FIRM

DAY = date(2026, 6, 1)
FACTS = """
enterprise:
  x: {label: 甲数, english: x, type: money}
  y: {label: 乙数, english: y, type: money}
  area: {label: 面积, english: area, type: number, unit: 平方米}
  start: {label: 起, english: start, type: date}
  end: {label: 止, english: end, type: date}
  a: {label: 甲, english: a, type: boolean}
  b: {label: 乙, english: b, type: boolean}
  c: {label: 丙, english: c, type: boolean}
  size:
    label: 规模
    english: size
    values:
      large: {label: 大型, english: large}
      small: {label: 小型, english: small}
"""
TABLE = """size,a,share
large,是,40%
large,否,30%
small,是,20%
small,否,10%
"""
SHARES = {
    (size, a): Fraction(share, 100)
    for size, a, share in (
        ("large", True, 40),
        ("large", False, 30),
        ("small", True, 20),
        ("small", False, 10),
    )
}


@cache
def term_of(text: str) -> Term:
    """What a value means; it has no mistakes."""
    problems = Problems()
    facts = parse_yaml(FACTS, "facts.yaml", problems)
    node = parse_yaml(f"value: {text}", "r.yaml", problems)
    assert facts is not None
    assert node is not None
    vocabulary = vocabulary_of(facts, core_vocabulary(), {}, problems)
    tables = {"t": parse_table("t", TABLE)}
    scope = Scope(vocabulary["enterprise"], tables, policy="p", rule="r")
    context = Context("r", "p", "enterprise", scope, problems)
    found = value_of(node.entries["value"], context, None)
    assert [str(each) for each in problems.found] == []
    assert found is not None
    return found


def known(text: str, **facts: Any) -> Known:
    """What is known of a value where these facts are; money in yuan."""
    awards = facts.pop("awards", ())
    firm = Enterprise(id=FIRM, awards=awards, facts=facts)
    return work_out(term_of(text), World(firm, DAY, {})).known


def fen(text: str, **facts: Any) -> Fraction:
    """What a value comes to where all that it needs is known."""
    found = known(text, **facts)
    assert found.is_known
    assert isinstance(found.value, int | Fraction)
    return Fraction(found.value)


def yuan(cents: int) -> Decimal:
    """An amount of fen as a record gives it."""
    return Decimal(cents) / 100


CENTS = st.integers(0, 10**9)
PERCENT = st.integers(1, 100)
EDGES = st.lists(st.integers(1, 10**7), unique=True, max_size=4).map(sorted)


# --- brackets ------------------------------------------------------------------


@st.composite
def brackets(draw: st.DrawFn) -> tuple[list[int], list[int]]:
    """Edges in whole yuan, and a rate in percent for each bracket."""
    edges = draw(EDGES)
    return edges, [draw(PERCENT) for _ in range(len(edges) + 1)]


def written(edges: Sequence[int], rates: Sequence[int]) -> str:
    items = [
        f"{{to: {edge}元, rate: {rate}%}}"
        for edge, rate in zip(edges, rates, strict=False)
    ]
    items.append(f"{{rate: {rates[-1]}%}}")
    return f"{{of: x, brackets: [{', '.join(items)}]}}"


def by_hand(cents: int, edges: Sequence[int], rates: Sequence[int]) -> Fraction:
    """Each bracket by itself, then all of them together."""
    ends = [
        0,
        *(edge * 100 for edge in edges),
        max(cents, edges[-1] * 100 if edges else 0),
    ]
    parts = (
        Fraction(rate, 100) * max(0, min(cents, high) - low)
        for (low, high), rate in zip(pairwise(ends), rates, strict=True)
    )
    return sum(parts, Fraction(0))


@given(brackets(), CENTS)
def test_brackets_are_the_sum_of_each(
    drawn: tuple[list[int], list[int]], cents: int
) -> None:
    """What brackets come to is what each comes to by itself, added up."""
    assert fen(written(*drawn), x=yuan(cents)) == by_hand(cents, *drawn)


@given(brackets(), CENTS, CENTS)
def test_brackets_never_fall(
    drawn: tuple[list[int], list[int]], one: int, other: int
) -> None:
    """A larger base never comes to less, and nothing comes to nothing."""
    low, high = sorted((one, other))
    text = written(*drawn)
    assert fen(text, x=yuan(low)) <= fen(text, x=yuan(high))
    assert fen(text, x=yuan(0)) == 0


@given(brackets())
def test_brackets_do_not_jump_at_their_edges(
    drawn: tuple[list[int], list[int]],
) -> None:
    """One fen beyond an edge adds at most that fen."""
    text = written(*drawn)
    for edge in drawn[0]:
        at = fen(text, x=yuan(edge * 100))
        assert 0 < fen(text, x=yuan(edge * 100 + 1)) - at <= 1


@given(brackets(), st.integers(1, 10**7), CENTS)
def test_a_bracket_cut_in_two_changes_nothing(
    drawn: tuple[list[int], list[int]], cut: int, cents: int
) -> None:
    """An edge between two brackets of one rate is none."""
    edges, rates = drawn
    place = sum(edge < cut for edge in edges)
    if cut not in edges:
        edges = [*edges[:place], cut, *edges[place:]]
        rates = [*rates[: place + 1], *rates[place:]]
    whole, parts = written(*drawn), written(edges, rates)
    assert fen(whole, x=yuan(cents)) == fen(parts, x=yuan(cents))


MOVING = "{of: x, brackets: [{to: y, rate: 50%}, {to: 50元, rate: 10%}, {rate: 1%}]}"


@given(CENTS, st.integers(0, 10_000))
def test_a_bracket_that_ends_below_its_beginning_is_none(cents: int, edge: int) -> None:
    """Where an edge depends on a fact, a bracket may be empty, and is never negative."""
    half, tenth = min(cents, edge), max(0, min(cents - edge, 5000 - edge))
    hundredth = max(0, cents - 5000)
    value = Fraction(half, 2) + Fraction(tenth, 10) + Fraction(hundredth, 100)
    assert fen(MOVING, x=yuan(cents), y=yuan(edge)) == value


# --- units and steps -----------------------------------------------------------


@given(st.integers(0, 5000), st.integers(1, 2000), st.integers(1, 900))
def test_units_are_paid_up_to_a_number(area: int, most: int, price: int) -> None:
    """Each unit brings its price, up to so many."""
    text = f"{{per unit: {price}元/平方米, of: area, at most: {most}平方米}}"
    assert fen(text, area=Decimal(area)) == min(area, most) * price * 100


@given(CENTS, CENTS, st.integers(1, 10**6), st.integers(1, 9), st.integers(0, 10**6))
def test_steps(one: int, other: int, each: int, most: int, above: int) -> None:
    """Steps never bring less for more, never more than so many, and only whole ones."""
    low, high = sorted((one, other))
    text = (
        f"{{per step: 7元, each: {each}元, of: x, above: {above}元, at most: {most}}}"
    )
    whole = max(0, high - above * 100) // (each * 100)
    assert fen(text, x=yuan(high)) == min(whole, most) * 700
    assert fen(text, x=yuan(low)) <= fen(text, x=yuan(high)) <= most * 700


# --- what changes an amount ----------------------------------------------------

PHASED = "{amount: 100元, phase out: {of: x, from: 1000元, to: 5000元}}"


@given(CENTS, CENTS)
def test_what_phases_out_never_grows(one: int, other: int) -> None:
    """More of the measure is never more of the amount, which is within its ends."""
    low, high = sorted((one, other))
    more, less = fen(PHASED, x=yuan(low)), fen(PHASED, x=yuan(high))
    assert 0 <= less <= more <= 10_000
    assert (less == 0) == (high >= 500_000)
    assert (more == 10_000) == (low <= 100_000)


DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))
DAILY = "{amount: 3650元, prorate: {from: start, to: end, over: 1000000天}}"
YEARLY = "{amount: 3650元, prorate: {from: start, to: end, over: 365天}}"


@given(st.lists(DAYS, min_size=3, max_size=3).map(sorted))
def test_adjacent_times_add_up(days: list[date]) -> None:
    """Two times, the second from where the first ends, are as good as the whole."""
    first, middle, last = days
    parts = fen(DAILY, start=first, end=middle) + fen(DAILY, start=middle, end=last)
    assert parts == fen(DAILY, start=first, end=last)


@given(DAYS, DAYS)
def test_a_share_of_time_is_never_more_than_the_whole(start: date, end: date) -> None:
    """A year or more is the whole, a day a part, and what runs backwards nothing."""
    passed = min(365, max(0, (end - start).days))
    assert fen(YEARLY, start=start, end=end) == 1000 * passed


@given(DAYS, st.integers(0, 800), CENTS, PERCENT)
def test_interest_is_for_each_day(
    start: date, days: int, cents: int, rate: int
) -> None:
    """Simple interest: as much for every day, and for every yuan."""
    terms = f"principal: x, rate: {rate}%, from: start, to: end, basis: 360天"
    text = f"{{interest: {{{terms}}}}}"
    end = start + timedelta(days=days)
    share = Fraction(rate, 100) * Fraction(days, 360)
    assert fen(text, x=yuan(cents), start=start, end=end) == cents * share


BONUSES = [
    "{if: a, add: 5%}",
    "{if: b, add: 10%}",
    "{if: c, add: 3元}",
]
TRUTHS = st.booleans()


@given(st.permutations(BONUSES), CENTS, TRUTHS, TRUTHS, TRUTHS)
def test_bonuses_add_up_in_any_order(
    items: list[str],
    cents: int,
    a: bool,
    b: bool,
    c: bool,  # facts
) -> None:
    """Points are added to the rate and yuan to the amount, in whatever order."""
    text = f"{{rate: 20%, of: x, bonus: [{', '.join(items)}]}}"
    rate = Fraction(20 + 5 * a + 10 * b, 100)
    assert fen(text, x=yuan(cents), a=a, b=b, c=c) == rate * cents + 300 * c


FACTORS = ["{if: a, by: 120%}", "{if: b, by: 1.5}", "{by: 2}"]


@given(st.permutations(FACTORS), CENTS, TRUTHS, TRUTHS)
def test_multipliers_multiply_in_any_order(
    items: list[str],
    cents: int,
    a: bool,
    b: bool,  # facts
) -> None:
    """Every multiplier whose condition is met counts once, in whatever order."""
    text = f"{{amount: x, multiply: [{', '.join(items)}]}}"
    factor = 2 * (Fraction(6, 5) if a else 1) * (Fraction(3, 2) if b else 1)
    assert fen(text, x=yuan(cents), a=a, b=b) == factor * cents


@given(CENTS, st.lists(CENTS, max_size=3))
def test_a_top_up_brings_up_to_the_higher(cents: int, paid: list[int]) -> None:
    """What was paid before and what tops it up come to the higher amount, never more."""
    awards = tuple(Award(rule="low", amount=yuan(each), date=DAY) for each in paid)
    others = (Award(rule="other", amount=Decimal(9), date=DAY),)
    left = fen("{amount: x, top up: [low]}", x=yuan(cents), awards=awards + others)
    assert sum(paid) + left == max(sum(paid), cents)


@given(CENTS, CENTS, st.integers(1, 10**6), st.integers(1, 10**6))
def test_between_a_floor_and_a_cap(cents: int, other: int, one: int, two: int) -> None:
    """A floor raises, a cap that depends on a fact lowers, and the cap has the last word."""
    floor, cap = sorted((one, two))
    text = f'{{amount: x, floor: {floor}元, cap: "min(y, {cap}元)"}}'
    expected = min(max(cents, floor * 100), other, cap * 100)
    assert fen(text, x=yuan(cents), y=yuan(other)) == expected


@given(CENTS, PERCENT)
def test_matching_is_a_share_of_its_base(cents: int, percent: int) -> None:
    """Matching is never more than its share of what is matched."""
    text = f"{{matching: {percent}%, of: x - 5元}}"
    assert fen(text, x=yuan(cents)) == Fraction(percent, 100) * max(0, cents - 500)


@given(CENTS, CENTS)
def test_lowest_and_highest_make_the_sum(one: int, other: int) -> None:
    """The lowest and the highest of two amounts are the two amounts."""
    facts = {"x": yuan(one), "y": yuan(other)}
    lowest, highest = (
        fen(f"{{{w} of: [x, y]}}", **facts) for w in ("lowest", "highest")
    )
    assert lowest <= highest
    assert lowest + highest == fen("{sum of: [x, y]}", **facts) == one + other


# --- tables, and what is not known ---------------------------------------------

SHARE = "{rate: {look up: t.share, by: [size, a]}, of: x}"


@given(CENTS, st.sampled_from(sorted(SHARES)))
def test_a_complete_table_always_tells(cents: int, key: tuple[str, bool]) -> None:
    """Whatever listed values the keys have, the table has the row."""
    size, a = key
    assert fen(SHARE, x=yuan(cents), size=size, a=a) == SHARES[key] * cents


ALL_WORDS = [
    SHARE,
    PHASED,
    YEARLY,
    written([1000, 5000], [5, 3, 1]),
    "{per step: 7元, each: 1000元, of: x, at most: 5}",
    "{per unit: 5元/平方米, of: area, at most: 100平方米}",
    f"{{rate: 20%, of: x, bonus: [{', '.join(BONUSES)}], cap: y}}",
    f"{{amount: x, multiply: [{', '.join(FACTORS)}], floor: 7元}}",
    "{interest: {principal: x, rate: 3%, from: start, to: end, basis: 12个月}}",
    "{sum of: [{matching: 50%, of: x}, {lowest of: [y, 9元]}], top up: y}",
]
FIGURES = st.fixed_dictionaries(
    {
        "x": CENTS.map(yuan),
        "y": CENTS.map(yuan),
        "area": st.integers(0, 500).map(Decimal),
        "start": DAYS,
        "end": DAYS,
        "a": TRUTHS,
        "b": TRUTHS,
        "c": TRUTHS,
        "size": st.sampled_from(["large", "small"]),
    }
)
ANY_FACTS = st.sets(
    st.sampled_from(["x", "y", "area", "start", "end", "a", "b", "c", "size"])
)


@given(st.sampled_from(ALL_WORDS), FIGURES, ANY_FACTS)
def test_what_is_not_known_lies_within_its_bounds(
    text: str, facts: dict[str, Any], forgotten: set[str]
) -> None:
    """However little is known, the amount lies between the ends that are told."""
    some = {name: value for name, value in facts.items() if name not in forgotten}
    value, found = fen(text, **facts), known(text, **some)
    assert found.low is None or found.low <= value  # type: ignore[operator]  # fen
    assert found.high is None or value <= found.high  # type: ignore[operator]  # fen
    assert found.is_known or found.missing <= forgotten
