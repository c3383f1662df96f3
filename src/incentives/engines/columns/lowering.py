"""
Kernel nodes as columns, by the same fold as every other meaning.

A node becomes what is known of it in every row of a frame. Where columns have no exact
form of it, nothing is known, and the mask of what is missing says to see the record.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache, reduce
from math import lcm
from operator import and_, or_
from typing import assert_never

import polars as pl

from attrs import evolve

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
    Span,
    Sum,
    Term,
    Uncertain,
    Value,
)
from ...ir_fold import Algebra
from ...ir_kinds import kind_of
from ...ir_walk import walk
from ...money import Rounding
from ..meanings import work_out
from ..world import World
from .column import (
    DTYPES,
    FALSE,
    FORMS,
    NONE_MISSING,
    SEE,
    TRUE,
    Column,
    Form,
    Truth,
    applied,
    chosen,
    compared,
    constant,
    fits,
    fitting,
    found,
    greatest_of,
    least_of,
    multiplied,
    negative_of,
    opposite,
    product_of,
    quotient_of,
    total_of,
    union,
    unknown,
    unseen,
    whole_number,
)
from .frame import Frame, Path
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
            form = FORMS[kind_of(node)]
            return _once(node, lambda frame: constant(_stated(node, frame), form))
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
            if _is_stated(node.year):
                return frame.figure(node, int(_stated(node.year, frame)))  # type: ignore[arg-type]  # a year
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
            return frame.kept(_looked_up(node, parts, otherwise(frame), frame))

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
            assert part.low is not None  # noqa: S101  # of a truth all or nothing is known
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
            return frame.held(_member(node, [frame.kept(t(frame)) for t in terms]))

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


def _stated(node: Term, frame: Frame) -> Value:
    """What such a term comes to, as the reference has it."""
    nobody = World(None, frame.as_of, {})  # type: ignore[arg-type]  # no fact is asked for
    value = work_out(node, nobody).known.value
    assert value is not None  # noqa: S101  # nothing of it is unknown
    return value


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
    if source.table is None or year.low is None:
        return other
    year = frame.kept(year)
    assert year.low is not None  # noqa: S101  # just looked
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
            return _elapsed(node, [frame.kept(part) for part in parts])
        case Least():
            return least_of([frame.kept(part) for part in parts])
        case Greatest():
            return greatest_of([frame.kept(part) for part in parts])
        case _:
            assert_never(node)


def _elapsed(node: Elapsed, days: list[Column]) -> Column:
    """
    What passes between two days, each of which is known in part.

    Where one of them never comes there is no such time, and the record says of which.
    """
    start, end = days
    never = [
        (each.high == NEVER).fill_null(value=False)
        for each in days
        if each.high is not None
    ]
    ends: list[pl.Expr | None] = []
    is_nowhere = reduce(or_, never, FALSE)
    for first, last in ((start.high, end.low), (start.low, end.high)):
        if first is None or last is None:
            ends.append(None)
            continue
        span = _spans(node.span, first, last)
        ends.append(pl.when(is_nowhere).then(None).otherwise(span))
    whole = start.is_whole and end.is_whole
    missing = pl.when(is_nowhere).then(SEE)
    lacking = union([each.lacking for each in days if not each.sure])
    low, high = ends
    return Column(
        Form.WHOLE,
        low,
        low if whole else high,
        Fraction(1),
        _LONGEST_SPAN,
        missing.otherwise(lacking),
    )


#: More days than there are between the first and the last that Python knows.
_LONGEST_SPAN = 2**23


def _spans(span: Span, start: pl.Expr, end: pl.Expr) -> pl.Expr:
    if span is Span.DAYS:
        return (end - start).dt.total_days()
    months = (end.dt.year() - start.dt.year()).cast(pl.Int64) * 12
    months += end.dt.month().cast(pl.Int64) - start.dt.month().cast(pl.Int64)
    # The last day of a month that is shorter stands for the day itself.
    day = pl.min_horizontal(start.dt.day(), end.dt.month_end().dt.day())
    months = pl.when(end.dt.day() >= day).then(months).otherwise(months - 1)
    return months if span is Span.MONTHS else months // 12


# --- functions of one part -----------------------------------------------------------


def _function(node: Round | Shift | InCalendar, part: Column, frame: Frame) -> Column:
    match node:
        case Round():
            return _rounded(part, Fraction(node.unit), node.mode)
        case Shift() if part.form is Form.DAY:
            return applied(frame.kept(part), lambda end: _moved(end, node))
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


def _moved(day: pl.Expr, node: Shift) -> pl.Expr:
    """A day moved; what never comes stays away, the calendar has ends."""
    period = node.period
    sign = "-" if node.back else ""
    months = 12 * period.years + period.months
    inside = day.clip(FIRST_DAY, LAST_DAY)
    moved = inside.dt.offset_by(f"{sign}{months}mo") if months else inside
    moved = moved.dt.offset_by(f"{sign}{period.days}d") if period.days else moved
    moved = moved.clip(FIRST_DAY, LAST_DAY)
    return pl.when(day > LAST_DAY).then(day).otherwise(moved)


def _rounded(part: Column, unit: Fraction, mode: Rounding) -> Column:
    """A value next to a multiple of a unit, in whole units."""
    ratio = part.scale / unit
    over, under = ratio.numerator, ratio.denominator
    most = (part.most * over + under * part.by_most) * 4
    if not fits(most):
        return unseen(Form.WHOLE)
    by = whole_number(under)
    if part.by is not None:
        by = fitting(part.by, most) * by

    def nearest(end: pl.Expr) -> pl.Expr:
        whole = fitting(end, most)
        if over != 1:
            whole *= whole_number(over)
        if under == 1 and part.by is None:
            return whole
        return _nearest(whole, by, mode, signed=part.signed)

    largest = part.most * over // under + 1
    return applied(part, nearest, scale=unit, most=largest, by=None, by_most=1)


def _nearest(over: pl.Expr, by: pl.Expr, mode: Rounding, *, signed: bool) -> pl.Expr:
    size = over.abs() if signed else over
    match mode:
        case Rounding.DOWN:
            count = size // by
        case Rounding.UP:
            count = (size + by - 1) // by
        case Rounding.HALF_UP:
            count = (size * 2 + by) // (by * 2)
        case _:
            assert_never(mode)
    return pl.when(over < 0).then(opposite(count)).otherwise(count) if signed else count


# --- tables --------------------------------------------------------------------------


def _looked_up(
    node: Lookup, keys: list[Column], otherwise: Column, frame: Frame
) -> Column:
    """The value of the row with these keys; any of them while a key is not known."""
    form = otherwise.form
    if not all(key.is_whole and key.by is None for key in keys) or any(
        key.form is Form.WHOLE and key.scale != 1 for key in keys
    ):
        return unseen(form)
    rows = list(node.rows.items())
    scale = (
        Fraction(1, _common([value for _, value in rows]))
        if form is Form.WHOLE
        else Fraction(1)
    )
    values = [_stored(value, scale) for _, value in rows]
    place = _row_of([row for row, _ in rows], keys)
    dtype = DTYPES[form]
    kept = frame.keep(place)
    listed = pl.Series(values, dtype=dtype)
    value = kept.replace_strict(
        pl.Series(range(len(rows)), dtype=pl.Int64),
        listed,
        default=None,
        return_dtype=dtype,
    )
    hit = frame.keep(kept.is_not_null())
    most = max((abs(v) for v in values), default=0) if form is Form.WHOLE else 0  # type: ignore[arg-type]  # whole numbers
    signed = form is Form.WHOLE and any(v < 0 for v in values)  # type: ignore[operator]  # whole numbers
    inside = Column(form, frame.keep(value), None, scale, most, signed=signed)
    inside = evolve(inside, high=inside.low)
    other = frame.kept(otherwise)
    either = frame.kept(chosen([(Truth(hit, sure=True), inside)], other))
    if all(key.sure for key in keys):
        return either
    # Of a key that is not known, any value of the table.
    known = reduce(and_, [key.known for key in keys])
    anything = other
    for extreme in (min, max):
        if form is Form.WHOLE and values:
            one = constant(extreme(values) * scale, form)  # type: ignore[type-var, operator]  # numbers
            anything = chosen([(_PERHAPS, one)], anything)
        elif values:
            anything = unseen(form)
    is_known = Truth(frame.keep(known), sure=True)
    found = chosen([(is_known, either)], frame.kept(anything))
    missing = [key.lacking for key in keys] + [other.lacking]
    if form is not Form.WHOLE:  # all its values may be one and the same
        missing.append(pl.when(is_known.value).then(NONE_MISSING).otherwise(SEE))
    return evolve(found, missing=union(missing))


#: A condition of which nobody knows whether it is met.
_PERHAPS = Truth(pl.lit(None, dtype=pl.Boolean))


def _common(values: Sequence[Value]) -> int:
    return lcm(*(Fraction(value).denominator for value in values))  # type: ignore[arg-type]  # numbers


def _stored(value: Value, scale: Fraction) -> object:
    if isinstance(value, int | Fraction) and not isinstance(value, bool):
        return int(value / scale)
    return value


def _row_of(rows: Sequence[tuple[Value, ...]], keys: Sequence[Column]) -> pl.Expr:
    """The number of the row with these keys; null where there is none."""
    place: pl.Expr = pl.lit(0, dtype=pl.Int64)
    codes: dict[int, int] = dict.fromkeys(range(len(rows)), 0)
    for cell, key in enumerate(keys):
        values = list(dict.fromkeys(row[cell] for row in rows))
        number = {value: code for code, value in enumerate(values)}
        assert key.low is not None  # noqa: S101  # whole
        code = key.low.replace_strict(
            pl.Series(
                [_stored(v, Fraction(1)) for v in values], dtype=DTYPES[key.form]
            ),
            pl.Series(range(len(values)), dtype=pl.Int64),
            default=None,
            return_dtype=pl.Int64,
        )
        place = place * len(values) + code
        codes = {
            row: known * len(values) + number[rows[row][cell]]
            for row, known in codes.items()
        }
    return place.replace_strict(
        pl.Series(list(codes.values()), dtype=pl.Int64),
        pl.Series(list(codes), dtype=pl.Int64),
        default=None,
        return_dtype=pl.Int64,
    )


def _distinct(rows: Sequence[tuple[Value, ...]], cell: int) -> list[tuple[Value]]:
    """The values in one cell of all rows, each once."""
    return list(dict.fromkeys((row[cell],) for row in rows))


def _member(node: Member, parts: list[Column]) -> Truth:
    """Whether the values are a row of a set."""
    missing = union([part.lacking for part in parts])
    sure = all(part.sure for part in parts)
    if not all(part.is_whole and part.by is None for part in parts):
        return Truth(pl.lit(None, dtype=pl.Boolean), union([missing, SEE]))
    rows = list(node.rows)
    if len(parts) == 1:
        (part,) = parts
        assert part.low is not None  # noqa: S101  # whole
        values = [cell for (cell,) in rows]
        if part.form is Form.WHOLE:
            exact = [Fraction(v) / part.scale for v in values]  # type: ignore[arg-type]  # numbers
            values = [int(v) for v in exact if v.denominator == 1]
        listed = pl.Series(values, dtype=DTYPES[part.form])
        if not rows:
            return Truth(FALSE, sure=True)
        return found(part.low.is_in(listed.implode()), missing, sure=sure)
    if any(part.form is Form.WHOLE and part.scale != 1 for part in parts):
        return Truth(pl.lit(None, dtype=pl.Boolean), union([missing, SEE]))
    hit = _row_of(rows, parts).is_not_null()
    if sure:
        return Truth(hit, sure=True)
    known = reduce(and_, [part.known for part in parts])
    # What is known of a row must still be part of a row of the set.
    possible = [
        pl.when(part.known)
        .then(_row_of(_distinct(rows, n), [part]).is_not_null())
        .otherwise(TRUE)
        for n, part in enumerate(parts)
    ]
    decided = pl.when(known).then(hit).when(~reduce(and_, possible)).then(FALSE)
    if len(parts) > 2:  # noqa: PLR2004  # of two, one that is known tells enough
        missing = union([missing, SEE])
    return found(decided.otherwise(None), missing)


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
