"""
Kernel nodes as columns, by the same fold as every other meaning.

A node becomes what is known of it in every row of a frame. Where columns have no exact
form of it, nothing is known, and the mask of what is missing says to see the record.
"""

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache, reduce
from operator import and_, or_
from typing import assert_never

import polars as pl

from ...dates import FIRST_DAY, LAST_DAY, NEVER
from ...ir import (
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
    Sum,
    Term,
    Uncertain,
    Value,
)
from ...ir_fold import Algebra
from ...ir_kinds import kind_of
from ...ir_walk import walk
from ..meanings import work_out
from ..world import World
from .arithmetic import (
    applied,
    greatest_of,
    least_of,
    multiplied,
    negative_of,
    product_of,
    quotient_of,
    total_of,
)
from .column import (
    FALSE,
    FORMS,
    SEE,
    TRUE,
    Column,
    Form,
    Truth,
    chosen,
    compared,
    constant,
    found,
    union,
    unknown,
    unseen,
)
from .frame import Frame, Path
from .functions import elapsed, moved, rounded
from .keys import looked_up, member
from .lists import exists, extreme_over, total_over

#: Conditions and terms that are remembered as functions of a frame.
_MOST_NODES = 50_000

#: What a node comes to in the rows of a frame.
Find = Callable[[Frame], Truth]
Work = Callable[[Frame], Column]


def truth(condition: Condition, frame: Frame) -> Truth:
    """The verdicts on a condition."""
    return _finds(condition)(frame)


def column(term: Term, frame: Frame) -> Column:
    """What a term comes to."""
    return _works(term)(frame)


@lru_cache(maxsize=_MOST_NODES)
def _finds(condition: Condition) -> Find:
    return COLUMNS.condition(condition)


@lru_cache(maxsize=_MOST_NODES)
def _works(term: Term) -> Work:
    return COLUMNS.term(term)


class Columns(Algebra[Find, Work]):
    """Every node of the kernel as columns of a frame."""

    # --- terms -----------------------------------------------------------------------

    def term(self, node: Term) -> Work:
        """The meaning of a term; what depends on no fact is worked out beforehand."""
        if not isinstance(node, Constant | AsOf) and _is_stated(node):
            return _once(node, lambda frame: _written(node, frame))
        return super().term(node)

    def leaf(self, node: Leaf) -> Work:
        match node:
            case Constant():
                written = constant(node.value, FORMS[node.kind])
                return lambda _: written
            case AsOf():
                return lambda frame: constant(frame.as_of, Form.DAY)
            case Uncertain():
                return lambda frame: unknown(
                    Form.DAY, node.low, node.high, frame.bit(Path(node.cause))
                )
            case Entitlement():
                return lambda frame: _entitlement(node, frame)
            case Fact():
                return _once(node, lambda frame: frame.fact(node))
            case _:
                assert_never(node)

    def figure(self, node: Figure, year: Work) -> Work:
        def work(frame: Frame) -> Column:
            stated = _stated(node.year, frame) if _is_stated(node.year) else None
            if isinstance(stated, int):
                return frame.figure(node, stated)
            return _figure_of(node, year(frame), frame)

        return _once(node, work)

    def arithmetic(self, node: Arithmetic, terms: tuple[Work, ...]) -> Work:
        def work(frame: Frame) -> Column:
            return frame.kept(_computed(node, [term(frame) for term in terms], frame))

        return _once(node, work)

    def function(self, node: Round | Shift | InCalendar, term: Work) -> Work:
        def work(frame: Frame) -> Column:
            return frame.kept(_function(node, term(frame), frame))

        return _once(node, work)

    def choose(
        self, node: Choose, branches: tuple[tuple[Find, Work], ...], otherwise: Work
    ) -> Work:
        def work(frame: Frame) -> Column:
            pairs = [
                (frame.held(condition(frame)), frame.kept(term(frame)))
                for condition, term in branches
            ]
            return frame.kept(chosen(pairs, frame.kept(otherwise(frame))))

        return _once(node, work)

    def lookup(self, node: Lookup, keys: tuple[Work, ...], otherwise: Work) -> Work:
        def work(frame: Frame) -> Column:
            parts = [frame.kept(key(frame)) for key in keys]
            return frame.kept(looked_up(node, parts, otherwise(frame), frame))

        return _once(node, work)

    def total(self, node: Sum, where: Find, term: Work) -> Work:
        return _once(node, lambda frame: total_over(node, where, term, frame))

    def extreme(self, node: Extreme, where: Find, term: Work, otherwise: Work) -> Work:
        return _once(
            node, lambda frame: extreme_over(node, where, term, otherwise(frame), frame)
        )

    # --- conditions ------------------------------------------------------------------

    def holds(self, node: Holds, term: Work) -> Find:
        def find(frame: Frame) -> Truth:
            part = term(frame)
            return found(part.low, part.lacking, sure=part.sure)

        return find

    def compare(self, node: Compare, left: Work, right: Work) -> Find:
        def find(frame: Frame) -> Truth:
            sides = [frame.kept(left(frame)), frame.kept(right(frame))]
            missing = union([side.lacking for side in sides])
            sure = all(side.sure for side in sides)
            value = compared(node.comparison, *sides)
            return frame.held(found(value, missing, sure=sure))

        return _decided_once(node, find)

    def member(self, node: Member, terms: tuple[Work, ...]) -> Find:
        def find(frame: Frame) -> Truth:
            return frame.held(member(node, [frame.kept(t(frame)) for t in terms]))

        return _decided_once(node, find)

    def connective(self, node: All | Any | Not, parts: tuple[Find, ...]) -> Find:
        def find(frame: Frame) -> Truth:
            return frame.held(_joined(node, [part(frame) for part in parts]))

        return _decided_once(node, find)

    def exists(self, node: Exists, where: Find) -> Find:
        return _decided_once(node, lambda frame: exists(node, where, frame))


COLUMNS = Columns()

#: What depends on the subject, its records, or what nobody knows.
_OPEN = (Fact, Figure, Sum, Extreme, Exists, Entitlement, Uncertain)


def _is_stated(node: Term) -> bool:
    """Whether a term follows from the rule and the day alone."""
    return not any(isinstance(each, _OPEN) for each in walk(node))


def _stated(node: Term, frame: Frame) -> Value | None:
    """What such a term comes to, as the reference has it; a day may never come."""
    nobody = World(None, frame.as_of, {})  # type: ignore[arg-type]  # no fact is asked for
    return work_out(node, nobody).known.value


def _written(node: Term, frame: Frame) -> Column:
    value, form = _stated(node, frame), FORMS[kind_of(node)]
    return unseen(form) if value is None else constant(value, form)


def _once(node: Term, work: Work) -> Work:
    """The same, worked out once in a frame, whichever rule asks."""

    def remembered(frame: Frame) -> Column:
        known = frame.memo.get(node)
        if known is None:
            known = frame.memo[node] = work(frame)
        assert isinstance(known, Column)  # noqa: S101  # a term
        return known

    return remembered


def _decided_once(node: Condition, find: Find) -> Find:
    def remembered(frame: Frame) -> Truth:
        known = frame.memo.get(node)
        if known is None:
            known = frame.memo[node] = find(frame)
        assert isinstance(known, Truth)  # noqa: S101  # a condition
        return known

    return remembered


# --- leaves --------------------------------------------------------------------------


def _entitlement(node: Entitlement, frame: Frame) -> Column:
    """What another rule comes to for the subject of each row."""
    alias = f"#due {node.rule}"
    low, high = frame.due[node.rule]
    rows = frame.subjects
    ends = []
    for name, series in ((f"{alias} low", low), (f"{alias} high", high)):
        if name not in frame.data.columns:
            frame.put(name, series if rows is None else series.gather(rows))
        ends.append(pl.col(name))
    most = max(int(series.max() or 0) for series in (low, high))  # type: ignore[arg-type]  # fen
    return Column(Form.WHOLE, ends[0], ends[1], Fraction(1), most, SEE)


def _figure_of(node: Figure, year: Column, frame: Frame) -> Column:
    """The figure of a year that the rule does not state: of one that has a column."""
    source = frame.sources[node.fact.scope]
    other = unseen(FORMS[node.fact.kind])
    if source.table is None:
        return other
    year = frame.kept(year)
    pairs = []
    for each in source.table.years.get(node.fact.name, ()):
        is_it = year.known & (year.low == each)
        met = Truth(frame.keep(is_it.fill_null(value=False)), sure=True)
        pairs.append((met, frame.figure(node, each)))
    return frame.kept(chosen(pairs, other))


# --- arithmetic ----------------------------------------------------------------------


def _computed(  # noqa: C901  # one case for every node
    node: Arithmetic, parts: list[Column], frame: Frame
) -> Column:
    match node:
        case Add():
            return total_of(parts) if parts else constant(0, Form.WHOLE)
        case Negate():
            return negative_of(parts[0])
        case Multiply(left=Constant() as by):
            return multiplied(parts[1], Fraction(by.value))  # type: ignore[arg-type]  # a number
        case Multiply(right=Constant() as by):
            return multiplied(parts[0], Fraction(by.value))  # type: ignore[arg-type]  # a number
        case Multiply():
            return product_of(frame.kept(parts[0]), frame.kept(parts[1]))
        case Quotient(right=Constant() as by) if by.value != 0:
            return multiplied(parts[0], 1 / Fraction(by.value))  # type: ignore[arg-type]  # a number
        case Quotient():
            left, right, otherwise = (frame.kept(part) for part in parts)
            return frame.kept(quotient_of(left, right, otherwise, frame.keep))
        case Elapsed():
            return elapsed(node, [frame.kept(part) for part in parts])
        case Least():
            return least_of([frame.kept(part) for part in parts])
        case Greatest():
            return greatest_of([frame.kept(part) for part in parts])
        case _:
            assert_never(node)


# --- functions of one part -----------------------------------------------------------


def _function(node: Round | Shift | InCalendar, part: Column, frame: Frame) -> Column:
    match node:
        case Round():
            return rounded(part, Fraction(node.unit), node.mode)
        case Shift() if part.form is Form.DAY:
            return applied(frame.kept(part), lambda end: moved(end, node))
        case Shift():
            years = -node.period.years if node.back else node.period.years
            return applied(
                part,
                lambda end: (end + years).clip(FIRST_DAY.year, LAST_DAY.year),
                most=LAST_DAY.year,
            )
        case InCalendar(function=Calendar.YEAR_OF):
            return applied(
                part,
                lambda end: end.dt.year().cast(pl.Int64),
                form=Form.WHOLE,
                most=NEVER.year,
            )
        case InCalendar(function=Calendar.FIRST_DAY_OF):
            return applied(part, lambda year: pl.date(year, 1, 1), form=Form.DAY)
        case InCalendar():
            return applied(part, lambda year: pl.date(year, 12, 31), form=Form.DAY)
        case _:
            assert_never(node)


# --- conditions ----------------------------------------------------------------------


def _joined(node: All | Any | Not, parts: list[Truth]) -> Truth:
    values = [part.value for part in parts]
    missing = union([part.missing for part in parts])
    sure = all(part.sure for part in parts)
    match node:
        case All():
            value = reduce(and_, values, TRUE)
        case Any():
            value = reduce(or_, values, FALSE)
        case Not():
            value = ~values[0]
        case _:
            assert_never(node)
    return found(value, missing, sure=sure)
