"""
The reference engine: one subject, three-valued, with reasons. It is the semantics.

A value that is not known is an interval of what it can still be; a comparison is
unknown while both answers are possible. So an amount whose cap is reached already is
known although a cost is missing, and bounds come from the same computation.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache, partial
from typing import Any as Anything
from typing import assert_never

from attrs import evolve, frozen

from ..dates import (
    FIRST_DAY,
    LAST_DAY,
    days_between,
    months_between,
    shift,
    years_between,
)
from ..explanation import Finding, Ground, Working, finding
from ..facts import Given, Record, Subject
from ..ir import (
    Add,
    Algebra,
    All,
    Any,
    Arithmetic,
    AsOf,
    Branch,
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
    Kind,
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
from ..payments import Looked
from ..policy import Cash, Instalment, Repayment, Requirement, Rule, Schedule
from ..verdict import Verdict, all_of, any_of, negated, verdict_of
from ..vocabulary import FactValue, YearlyFigures, inner
from .engine import NOTHING_DUE, Bound, Due, Look


@frozen
class World:
    """
    What is looked at: a subject on a day, and the records at hand by name.

    ``due`` is what other rules come to, by their ids.
    """

    subject: Subject
    as_of: date
    records: Mapping[str, Bound]
    due: Due = NOTHING_DUE

    def with_record(self, binder: str, record: Record | None, path: str) -> "World":
        """The same world with one more record at hand."""
        bound = {**self.records, binder: Bound(record, path)}
        return evolve(self, records=bound)

    def each(self, records: str, binder: str) -> "list[World] | None":
        """A world for every record of a list, None where the list is unknown."""
        given = self.subject.fact(records)
        if given is None:
            return None
        assert isinstance(given, tuple)  # noqa: S101  # declared as a list of records
        return [
            self.with_record(binder, record, f"{records}[{index}]")
            for index, record in enumerate(given)
        ]


_Find = Callable[[World], Finding]
_Work = Callable[[World], Working]


def find(condition: Condition, world: World) -> Finding:
    """The verdict on a condition, with its reasons."""
    return REFERENCE.condition(condition)(world)


def work_out(term: Term, world: World) -> Working:
    """What a term comes to, with its working."""
    return REFERENCE.term(term)(world)


class Reference(Algebra[_Find, _Work]):
    """Every node of the kernel as a function of the world."""

    # terms

    def leaf(self, node: Leaf) -> _Work:
        match node:
            case Constant():
                constant = Working(node, exactly(node.value))
                return lambda _: constant
            case Fact():
                return lambda world: _fact(node, world)
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

    def figure(self, node: Figure, year: _Work) -> _Work:
        def work(world: World) -> Working:
            part = year(world)
            return _figure(node, part, world)

        return work

    def arithmetic(self, node: Arithmetic, terms: tuple[_Work, ...]) -> _Work:
        compute = _arithmetic(node)

        def work(world: World) -> Working:
            parts = tuple(term(world) for term in terms)
            low, high = compute([part.known for part in parts])
            return Working(node, between(low, high, _lacking(parts)), parts)

        return work

    def function(self, node: Round | Shift | InCalendar, term: _Work) -> _Work:
        compute = _function(node)

        def work(world: World) -> Working:
            part = term(world)
            low, high = (
                None if end is None else compute(end)
                for end in (part.known.low, part.known.high)
            )
            return Working(node, between(low, high, part.known.missing), (part,))

        return work

    def choose(
        self, node: Choose, branches: tuple[tuple[_Find, _Work], ...], otherwise: _Work
    ) -> _Work:
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
            missing = _lacking(reached) | _missing(because)
            known = between(known.low, known.high, missing)
            return Working(node, known, (*because, *reached))

        return work

    def lookup(self, node: Lookup, keys: tuple[_Work, ...], otherwise: _Work) -> _Work:
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
            missing = _lacking((*parts, other))
            return Working(node, between(known.low, known.high, missing), parts)

        return work

    def total(self, node: Sum, where: _Find, term: _Work) -> _Work:
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
            return Working(node, between(low, high, _lacking(parts)), tuple(parts))

        return work

    def extreme(
        self, node: Extreme, where: _Find, term: _Work, otherwise: _Work
    ) -> _Work:
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
            missing = _lacking(parts) | _missing(because)
            return Working(node, between(known.low, known.high, missing), parts)

        return work

    # conditions

    def holds(self, node: Holds, term: _Work) -> _Find:
        def found(world: World) -> Finding:
            part = term(world)
            value = part.known.value
            verdict = (
                Verdict.UNKNOWN if value is None else verdict_of(truth=value is True)
            )
            return finding(node, verdict, (part,), part.known.missing)

        return found

    def compare(self, node: Compare, left: _Work, right: _Work) -> _Find:
        def found(world: World) -> Finding:
            sides = (left(world), right(world))
            verdict = compared(node.comparison, sides[0].known, sides[1].known)
            return finding(node, verdict, sides, _lacking(sides))

        return found

    def member(self, node: Member, terms: tuple[_Work, ...]) -> _Find:
        def found(world: World) -> Finding:
            parts = tuple(term(world) for term in terms)
            row = tuple(part.known.value for part in parts)
            verdict = membership(row, node.rows)
            return finding(node, verdict, parts, _lacking(parts))

        return found

    def connective(self, node: All | Any | Not, parts: tuple[_Find, ...]) -> _Find:
        combine = _CONNECTIVES[type(node)]

        def found(world: World) -> Finding:
            because = tuple(part(world) for part in parts)
            verdict = combine(part.verdict for part in because)
            return finding(node, verdict, because, _missing(because))

        return found

    def exists(self, node: Exists, where: _Find) -> _Find:
        def found(world: World) -> Finding:
            worlds = world.each(node.records, node.binder)
            if worlds is None:
                ghost = where(world.with_record(node.binder, None, node.records))
                unmet = ghost.verdict is Verdict.UNMET
                verdict = Verdict.UNMET if unmet else Verdict.UNKNOWN
                return finding(node, verdict, (), frozenset({node.records}))
            because = tuple(where(each) for each in worlds)
            verdict = any_of(part.verdict for part in because)
            return finding(node, verdict, because, _missing(because))

        return found


REFERENCE = Reference()


# --- rules ---------------------------------------------------------------------


@frozen
class _Prepared:
    """A rule as functions of the world."""

    requirements: tuple[tuple[Requirement, _Find], ...]
    amount: _Work | None
    key: _Work | None
    dated: _Work | None
    label: _Work | None
    schedule: "_PreparedSchedule | None"
    repayable: _Work | None


@frozen
class _PreparedSchedule:
    """A schedule as functions of the world."""

    whole: _Work
    paid: _Work
    instalments: tuple[tuple[Instalment, _Work, _Work, _Work | None, _Find | None], ...]

    def looked(self, world: World) -> tuple[Looked, ...]:
        return tuple(
            Looked(
                label=instalment.label,
                amount=amount(world).known,
                on=on(world).known,
                by=None if by is None else by(world).known,
                met=Verdict.MET if met is None else met(world).verdict,
            )
            for instalment, amount, on, by, met in self.instalments
        )


@lru_cache(maxsize=20_000)
def _prepared(rule: Rule) -> _Prepared:
    award = rule.award if isinstance(rule.award, Cash) else None
    each = rule.each
    return _Prepared(
        tuple((r, REFERENCE.condition(r.condition)) for r in rule.requirements),
        amount=None if award is None else REFERENCE.term(award.amount),
        key=_optional(None if award is None else award.per),
        dated=_optional(rule.dated),
        label=_optional(None if each is None else each.label),
        schedule=_schedule(None if award is None else award.schedule),
        repayable=_repayable(() if award is None else award.repayments),
    )


def _schedule(schedule: Schedule | None) -> _PreparedSchedule | None:
    if schedule is None:
        return None
    return _PreparedSchedule(
        whole=REFERENCE.term(schedule.whole),
        paid=REFERENCE.term(schedule.paid),
        instalments=tuple(
            (
                each,
                REFERENCE.term(each.amount),
                REFERENCE.term(each.on),
                _optional(each.by),
                None if each.met is None else REFERENCE.condition(each.met),
            )
            for each in schedule.instalments
        ),
    )


def _repayable(repayments: tuple[Repayment, ...]) -> _Work | None:
    """The most that any of the conditions makes repayable."""
    nothing = Constant(0, Kind.MONEY)
    if not repayments:
        return None
    cases = (
        Choose((Branch(each.condition, each.amount),), nothing) for each in repayments
    )
    return REFERENCE.term(Greatest((nothing, *cases)))


def _optional(term: Term | None) -> _Work | None:
    return None if term is None else REFERENCE.term(term)


class ReferenceEngine:
    """The engine by which all others are judged."""

    def look(
        self,
        rule: Rule,
        subject: Subject,
        as_of: date,
        at: Bound | None,
        due: Due = NOTHING_DUE,
    ) -> Look:
        """What a rule comes to at one of its records, or at the subject itself."""
        world = World(subject, as_of, {}, due)
        if at is not None and rule.each is not None:
            world = world.with_record(rule.each.binder, at.record, at.path)
        prepared = _prepared(rule)
        grounds = tuple(Ground(r, find(world)) for r, find in prepared.requirements)
        dated = _value(prepared.dated, world)
        label = _value(prepared.label, world)
        schedule = prepared.schedule
        repayable = prepared.repayable
        return Look(
            verdict=all_of(ground.found.verdict for ground in grounds),
            working=None if prepared.amount is None else prepared.amount(world),
            key=None if prepared.key is None else prepared.key(world).known,
            dated=dated if isinstance(dated, date) else None,
            label="" if label is None else str(label),
            grounds=grounds,
            whole=None if schedule is None else schedule.whole(world),
            instalments=() if schedule is None else schedule.looked(world),
            paid=None if schedule is None else schedule.paid(world).known,
            repayable=None if repayable is None else repayable(world).known,
        )

    def amount(
        self, term: Term, subject: Subject, as_of: date, due: Due = NOTHING_DUE
    ) -> Known:
        """What a term over the facts of the subject comes to."""
        return work_out(term, World(subject, as_of, {}, due)).known


def _value(work: _Work | None, world: World) -> Value | None:
    return None if work is None else work(world).known.value


# --- values --------------------------------------------------------------------


def _fact(node: Fact, world: World) -> Working:
    given, path = _given(node, world)
    if given is not None:
        assert not isinstance(given, tuple | YearlyFigures)  # noqa: S101  # declared as one value
        return Working(node, exactly(_inner(given, node)), path=path)
    if node.default is not None and _is_at_hand(node, world):
        return Working(node, exactly(node.default), path=path)
    return Working(node, Known(node.low, node.high, frozenset({path})), path=path)


def _is_at_hand(node: Fact, world: World) -> bool:
    """Whether who would say it is known: an unknown record says nothing by silence."""
    return not node.scope or world.records[node.scope].record is not None


def _given(node: Fact, world: World) -> tuple[Given, str]:
    """What a record says of a fact, and where it would say it."""
    if not node.scope:
        return world.subject.fact(node.name), node.name
    bound = world.records[node.scope]
    if bound.record is None:
        return None, bound.path
    return bound.record.fact(node.name), f"{bound.path}.{node.name}"


def _inner(given: FactValue, node: Fact) -> Value:
    return inner(given, node.kind, None if node.scale == 1 else node.scale)


def _figure(node: Figure, year: Working, world: World) -> Working:
    fact = node.fact
    given, path = _given(fact, world)
    figures = dict(given.figures) if isinstance(given, YearlyFigures) else {}
    if not _is_at_hand(fact, world):
        missing = year.known.missing | {path}
        return Working(node, Known(fact.low, fact.high, missing), (year,), path)
    if not year.known.is_known:
        known = _any_figure(fact, figures, year.known.missing, path)
        return Working(node, known, (year,), path)
    path = f"{path}[{year.known.value}]"
    figure = figures.get(int(year.known.value))  # type: ignore[arg-type]  # a year
    if figure is not None:
        known = exactly(_inner(figure, fact))
    elif fact.default is not None:
        known = exactly(fact.default)
    else:
        known = Known(fact.low, fact.high, frozenset({path}))
    return Working(node, known, (year,), path)


def _any_figure(
    fact: Fact, figures: Mapping[int, FactValue], missing: frozenset[str], path: str
) -> Known:
    """What the figure of a year can be that is not known."""
    if fact.default is None:
        lacking = NOTHING_MISSING if figures else frozenset({path})
        return Known(fact.low, fact.high, missing | lacking)
    given = [exactly(_inner(figure, fact)) for figure in figures.values()]
    either = hull_of([exactly(fact.default), *given])
    return between(either.low, either.high, missing)


def _lacking(parts: Iterable[Working]) -> frozenset[str]:
    return NOTHING_MISSING.union(*(part.known.missing for part in parts))


def _missing(parts: Iterable[Finding]) -> frozenset[str]:
    return NOTHING_MISSING.union(*(part.missing for part in parts))


_ARITHMETIC: Mapping[type, Callable[[list[Known]], Ends]] = {
    Add: total_of,
    Negate: negative_of,
    Multiply: product_of,
    Quotient: quotient_of,
    Least: least_of,
    Greatest: greatest_of,
}
_SPANS = {
    Span.DAYS: days_between,
    Span.MONTHS: months_between,
    Span.YEARS: years_between,
}


def _arithmetic(node: Arithmetic) -> Callable[[list[Known]], Ends]:
    if isinstance(node, Elapsed):
        return partial(elapsed_of, _SPANS[node.span])
    return _ARITHMETIC[type(node)]


def _not(verdicts: Iterator[Verdict]) -> Verdict:
    return negated(next(verdicts))


_CONNECTIVES: Mapping[type, Callable[[Iterator[Verdict]], Verdict]] = {
    All: all_of,
    Any: any_of,
    Not: _not,
}


def _function(node: Round | Shift | InCalendar) -> Callable[[Anything], Value]:
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
