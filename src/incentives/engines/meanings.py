"""The reference: what every node of the kernel means, three-valued, with reasons."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any as Anything
from typing import assert_never

from attrs import evolve

from ..dates import (
    FIRST_DAY,
    LAST_DAY,
    NEVER,
    days_between,
    months_between,
    shift,
    years_between,
)
from ..explanation import Finding, Working, facts_behind, finding
from ..ir import (
    Add,
    All,
    Any,
    Arithmetic,
    AsOf,
    Calendar,
    Choose,
    Compare,
    Condition,
    Constant,
    Elapsed,
    Entitlement,
    Exists,
    Extreme,
    Fact,
    Figure,
    Greatest,
    Holds,
    InCalendar,
    Leaf,
    Least,
    Lookup,
    Member,
    Multiply,
    Negate,
    Not,
    Quotient,
    Round,
    Shift,
    Span,
    Sum,
    Term,
    Uncertain,
    Value,
)
from ..ir_fold import Algebra
from ..known import (
    NOTHING_MISSING,
    Ends,
    Known,
    between,
    compared,
    elapsed_of,
    exactly,
    extreme_of,
    greatest_of,
    hull_of,
    least_of,
    membership,
    negative_of,
    perhaps,
    product_of,
    quotient_of,
    times,
    total_of,
)
from ..money import round_to
from ..verdict import Verdict, all_of, any_of, negated, verdict_of
from .world import World, fact_at, figure_at

Find = Callable[[World], Finding]


Work = Callable[[World], Working]


def find(condition: Condition, world: World) -> Finding:
    """The verdict on a condition, with its reasons."""
    return REFERENCE.condition(condition)(world)


def work_out(term: Term, world: World) -> Working:
    """What a term comes to, with its working."""
    return REFERENCE.term(term)(world)


class Reference(Algebra[Find, Work]):
    """Every node of the kernel as a function of the world."""

    # terms

    def leaf(self, node: Leaf) -> Work:
        match node:
            case Constant():
                constant = Working(node, exactly(node.value))
                return lambda _: constant
            case Fact():
                return lambda world: fact_at(node, world)
            case AsOf():
                return lambda world: Working(node, exactly(world.as_of))
            case Uncertain():
                cause = frozenset({node.cause})
                known = between(node.low, node.high, cause)
                return lambda _: Working(node, known)
            case Entitlement():
                return lambda world: Working(node, world.due[node.rule])
            case _:
                assert_never(node)

    def figure(self, node: Figure, year: Work) -> Work:
        def work(world: World) -> Working:
            part = year(world)
            return figure_at(node, part, world)

        return work

    def arithmetic(self, node: Arithmetic, terms: tuple[Work, ...]) -> Work:
        compute = arithmetic_of(node)

        def work(world: World) -> Working:
            parts = tuple(term(world) for term in terms)
            low, high = compute([part.known for part in parts])
            missing = lacking(parts)
            if isinstance(node, Elapsed):
                missing |= _never_came(parts)
            return Working(node, between(low, high, missing), parts)

        return work

    def function(self, node: Round | Shift | InCalendar, term: Work) -> Work:
        compute = function_of(node)

        def work(world: World) -> Working:
            part = term(world)
            low, high = (
                None if end is None else compute(end)
                for end in (part.known.low, part.known.high)
            )
            return Working(node, between(low, high, part.known.missing), (part,))

        return work

    def choose(
        self, node: Choose, branches: tuple[tuple[Find, Work], ...], otherwise: Work
    ) -> Work:
        def work(world: World) -> Working:
            reached: list[Working] = []
            because: list[Finding] = []
            for condition, term in branches:
                found = condition(world)
                because.append(found)
                if found.verdict is not Verdict.UNMET:
                    reached.append(term(world))
                if found.verdict is Verdict.MET:
                    break
            else:
                reached.append(otherwise(world))
            known = hull_of([part.known for part in reached])
            missing = lacking(reached) | missing_of(because)
            known = between(known.low, known.high, missing)
            return Working(node, known, (*because, *reached))

        return work

    def lookup(self, node: Lookup, keys: tuple[Work, ...], otherwise: Work) -> Work:
        def work(world: World) -> Working:
            parts = tuple(key(world) for key in keys)
            if all(part.known.is_known for part in parts):
                row = tuple(part.known.value for part in parts)
                if row in node.rows:
                    return Working(node, exactly(node.rows[row]), parts)  # type: ignore[index]  # known keys
                other = otherwise(world)
                return Working(node, other.known, (*parts, other))
            other = otherwise(world)
            known = hull_of([*map(exactly, set(node.rows.values())), other.known])
            missing = lacking((*parts, other))
            return Working(node, between(known.low, known.high, missing), parts)

        return work

    def total(self, node: Sum, where: Find, term: Work) -> Work:
        def work(world: World) -> Working:
            worlds = world.each(node.records, node.binder)
            if worlds is None:
                ghost = world.with_record(node.binder, None, node.records)
                if where(ghost).verdict is Verdict.UNMET:
                    return Working(node, exactly(0))
                known = times(perhaps(term(ghost).known), node.at_most)
                missing = frozenset({node.records})
                return Working(node, between(known.low, known.high, missing))
            parts: list[Working] = []
            for each in worlds:
                counted = where(each)
                if counted.verdict is Verdict.UNMET:
                    continue
                part = term(each)
                if counted.verdict is Verdict.UNKNOWN:
                    some = perhaps(part.known)
                    missing = counted.missing | part.known.missing
                    part = evolve(part, known=between(some.low, some.high, missing))
                parts.append(part)
            low, high = total_of([part.known for part in parts])
            return Working(node, between(low, high, lacking(parts)), tuple(parts))

        return work

    def extreme(self, node: Extreme, where: Find, term: Work, otherwise: Work) -> Work:
        def work(world: World) -> Working:
            other = otherwise(world)
            worlds = world.each(node.records, node.binder)
            if worlds is None:
                ghost = world.with_record(node.binder, None, node.records)
                if where(ghost).verdict is Verdict.UNMET:
                    return Working(node, other.known, (other,))
                known = hull_of([other.known, term(ghost).known])
                missing = frozenset({node.records}) | other.known.missing
                return Working(node, between(known.low, known.high, missing))
            certain: list[Working] = []
            possible: list[Working] = []
            because: list[Finding] = []
            for each in worlds:
                counted = where(each)
                if counted.verdict is not Verdict.UNMET:
                    met = counted.verdict is Verdict.MET
                    (certain if met else possible).append(term(each))
                    because.append(counted)
            known = extreme_of(
                [part.known for part in certain],
                [part.known for part in possible],
                other.known,
                largest=node.largest,
            )
            # Where some record counts for certain, what holds otherwise does not.
            parts = (*certain, *possible, *(() if certain else (other,)))
            missing = lacking(parts) | missing_of(because)
            return Working(node, between(known.low, known.high, missing), parts)

        return work

    # conditions

    def holds(self, node: Holds, term: Work) -> Find:
        def found(world: World) -> Finding:
            part = term(world)
            value = part.known.value
            verdict = (
                Verdict.UNKNOWN if value is None else verdict_of(truth=value is True)
            )
            return finding(node, verdict, (part,), part.known.missing)

        return found

    def compare(self, node: Compare, left: Work, right: Work) -> Find:
        def found(world: World) -> Finding:
            sides = (left(world), right(world))
            verdict = compared(node.comparison, sides[0].known, sides[1].known)
            return finding(node, verdict, sides, lacking(sides))

        return found

    def member(self, node: Member, terms: tuple[Work, ...]) -> Find:
        def found(world: World) -> Finding:
            parts = tuple(term(world) for term in terms)
            row = tuple(part.known.value for part in parts)
            verdict = membership(row, node.rows)
            return finding(node, verdict, parts, lacking(parts))

        return found

    def connective(self, node: All | Any | Not, parts: tuple[Find, ...]) -> Find:
        combine = _CONNECTIVES[type(node)]

        def found(world: World) -> Finding:
            because = tuple(part(world) for part in parts)
            verdict = combine(part.verdict for part in because)
            return finding(node, verdict, because, missing_of(because))

        return found

    def exists(self, node: Exists, where: Find) -> Find:
        def found(world: World) -> Finding:
            worlds = world.each(node.records, node.binder)
            if worlds is None:
                ghost = where(world.with_record(node.binder, None, node.records))
                unmet = ghost.verdict is Verdict.UNMET
                verdict = Verdict.UNMET if unmet else Verdict.UNKNOWN
                return finding(node, verdict, (), frozenset({node.records}))
            because = tuple(where(each) for each in worlds)
            verdict = any_of(part.verdict for part in because)
            return finding(node, verdict, because, missing_of(because))

        return found


REFERENCE = Reference()


def lacking(parts: Iterable[Working]) -> frozenset[str]:
    return NOTHING_MISSING.union(*(part.known.missing for part in parts))


def _never_came(parts: Iterable[Working]) -> frozenset[str]:
    """The days that are known never to have come: a span needs others."""
    days = (day for part in parts for day in facts_behind(part))
    return frozenset(day.path for day in days if day.known.value == NEVER)


def missing_of(parts: Iterable[Finding]) -> frozenset[str]:
    return NOTHING_MISSING.union(*(part.missing for part in parts))


_ARITHMETIC: Mapping[type, Callable[[list[Known]], Ends]] = {
    Add: total_of,
    Negate: negative_of,
    Multiply: product_of,
    Quotient: quotient_of,
    Least: least_of,
    Greatest: greatest_of,
}


SPANS = {
    Span.DAYS: days_between,
    Span.MONTHS: months_between,
    Span.YEARS: years_between,
}


def arithmetic_of(node: Arithmetic) -> Callable[[list[Known]], Ends]:
    """How the ends of a term follow from what is known of its parts."""
    if isinstance(node, Elapsed):
        return partial(elapsed_of, SPANS[node.span])
    return _ARITHMETIC[type(node)]


def _not(verdicts: Iterator[Verdict]) -> Verdict:
    return negated(next(verdicts))


_CONNECTIVES: Mapping[type, Callable[[Iterator[Verdict]], Verdict]] = {
    All: all_of,
    Any: any_of,
    Not: _not,
}


def function_of(node: Round | Shift | InCalendar) -> Callable[[Anything], Value]:
    """How a value follows from the value of the one part of a term."""
    match node:
        case Round():
            return lambda amount: round_to(amount, node.unit, node.mode)
        case Shift():
            return lambda moved: _shifted(moved, node)
        case InCalendar():
            return _CALENDAR[node.function]
        case _:
            assert_never(node)


def _shifted(moved: date | int, node: Shift) -> date | int:
    """A day or year moved; what never comes stays away, the calendar has ends."""
    if isinstance(moved, int):
        years = -node.period.years if node.back else node.period.years
        return min(max(moved + years, FIRST_DAY.year), LAST_DAY.year)
    if moved > LAST_DAY:  # the year of what never comes begins before its last day
        return moved
    try:
        return shift(moved, node.period, back=node.back)
    except ValueError:
        return FIRST_DAY if node.back else LAST_DAY


_CALENDAR: Mapping[Calendar, Callable[[Anything], Value]] = {
    Calendar.YEAR_OF: lambda day: day.year,
    Calendar.FIRST_DAY_OF: lambda year: date(year, 1, 1),
    Calendar.LAST_DAY_OF: lambda year: date(year, 12, 31),
}
