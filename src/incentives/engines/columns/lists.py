"""What a condition or a term comes to over the records of a list, row by row."""

from collections.abc import Callable

import polars as pl

from attrs import evolve, frozen

from ...ir import Exists, Extreme, Fact, Sum
from ...ir_walk import walk
from .column import (
    FALSE,
    NONE_MISSING,
    SEE,
    TRUE,
    Column,
    Form,
    Truth,
    chosen,
    fits,
    fitting,
    found,
    union,
    unseen,
    whole_number,
)
from .frame import Frame, Path

OverList = Sum | Exists | Extreme


@frozen(eq=False)
class Totals:
    """
    Columns over the records of a list, for every row of a frame.

    ``like`` says what the ends in them are: form, scale, magnitude and sign.
    """

    table: pl.DataFrame
    like: Column


def _here(node: OverList, frame: Frame, make: Callable[[Frame], Totals]) -> Totals:
    """
    The totals for the rows of a frame.

    What depends on no other record at hand is worked out once for every subject.
    """
    # What holds otherwise is outside of the list.
    inside = (node.where,) if isinstance(node, Exists) else (node.where, node.term)
    facts = (each for part in inside for each in walk(part) if isinstance(each, Fact))
    scopes = {fact.scope for fact in facts}
    root, subjects = frame.root, frame.subjects
    if root is None or subjects is None or not scopes <= {"", node.binder}:
        return make(frame)
    totals = root.totals.get(node)
    if not isinstance(totals, Totals):
        totals = root.totals[node] = make(root)
    return evolve(totals, table=totals.table[subjects])


def _over_records(
    frame: Frame, inner: Frame, cells: dict[str, pl.Expr], *totals: pl.Expr
) -> pl.DataFrame:
    """Totals over the inner rows of every row of a frame; null where it has none."""
    rows = inner.table(**cells).with_columns(row=inner.outer)
    numbers = pl.DataFrame({"row": pl.int_range(frame.height, eager=True)})
    counted = rows.group_by("row").agg(*totals)
    return numbers.join(counted, on="row", how="left", maintain_order="left")


def _given(node: OverList, frame: Frame) -> bool | pl.Series:
    """Whether the list of the subject of each row is known: all, none, or which."""
    given = frame.records(node.records).given
    if isinstance(given, bool) or frame.subjects is None:
        return given
    return given.gather(frame.subjects)


def _missing(node: OverList, frame: Frame) -> pl.Expr:
    """What is missing: the list, or something that one of its records would say."""
    given = _given(node, frame)
    if given is True:
        return SEE
    path = frame.bit(Path("", node.records))
    if given is False:
        return path
    return pl.when(frame.take(given)).then(SEE).otherwise(path)


def exists(node: Exists, where: Callable[[Frame], Truth], frame: Frame) -> Truth:
    """Whether some record meets a condition."""

    def make(at: Frame) -> Totals:
        given = _given(node, at)
        table = at.table(row=pl.col("#"))
        value = pl.lit(None, dtype=pl.Boolean)
        if given is not False:
            inner = at.each(node.records, node.binder, is_inner=True)
            table = _over_records(
                at,
                inner,
                {"met": where(inner).value},
                pl.col("met").any().alias("some"),
                pl.col("met").is_null().any().alias("perhaps"),
            )
            value = pl.when("some").then(TRUE).when("perhaps").then(None)
            value = value.otherwise(FALSE)
        if given is not True:
            ghost = at.ghost(node.records, node.binder, is_inner=True)
            unmet = ghost.table(unmet=~where(ghost).value)
            table = table.hstack(unmet).with_columns(given=pl.lit(given))
            nowhere = pl.when("unmet").then(FALSE).otherwise(None)
            value = pl.when("given").then(value).otherwise(nowhere)
        return Totals(table.select(value=value), unseen(Form.TRUTH))

    value = frame.take(_here(node, frame, make).table["value"])
    return found(value, _missing(node, frame))


Where = Callable[[Frame], Truth]
What = Callable[[Frame], Column]


def total_over(node: Sum, where: Where, term: What, frame: Frame) -> Column:
    """A term added up over the records that meet a condition."""
    totals = _here(node, frame, lambda at: _totals(node, where, term, at))
    return _brought(node, totals, frame)


def _brought(node: OverList, totals: Totals, frame: Frame) -> Column:
    """Totals as a column of a frame: both ends, or one where these are the same."""
    series = [frame.take(each) for each in totals.table.iter_columns()]
    like = totals.like
    low, high = series[0], series[-1]
    missing = NONE_MISSING if like.sure else _missing(node, frame)
    return evolve(like, low=low, high=low if like.is_whole else high, missing=missing)


def _totals(node: Sum, where: Where, term: What, at: Frame) -> Totals:
    given = _given(node, at)
    if given is False:
        return _as_totals(_unknown_total(node, where, term, at), at)
    known = _known_total(node, where, term, at)
    if given is True:
        return _as_totals(known, at)
    nobody = _unknown_total(node, where, term, at)
    is_given = Truth(at.take(given), sure=True)
    return _as_totals(chosen([(is_given, known)], nobody), at)


def _as_totals(column: Column, at: Frame) -> Totals:
    """A column of a frame by its values, to be brought to other rows."""
    ends = [column.low] if column.is_whole else [column.low, column.high]
    cells = {f"{n}": end for n, end in enumerate(ends)}
    return Totals(at.table(**cells), column)


def _known_total(node: Sum, where: Where, term: What, at: Frame) -> Column:
    """The sum where the list is known."""
    inner = at.each(node.records, node.binder, is_inner=True)
    counted, part = inner.held(where(inner)), inner.kept(term(inner))
    most = part.most * max(_longest(inner), 1)
    if not fits(most):
        return unseen(Form.WHOLE)
    ends = [part.low] if part.is_whole and counted.sure else [part.low, part.high]
    nothing = whole_number(0)

    def some(end: pl.Expr, extreme: Callable[..., pl.Expr]) -> pl.Expr:
        """An end of a part that counts, that does not, or that perhaps does."""
        fit = fitting(end, most)
        perhaps = pl.when(fit.is_null()).then(None).otherwise(extreme([fit, nothing]))
        when = pl.when(counted.value).then(fit).when(~counted.value).then(nothing)
        return when.otherwise(None if counted.sure else perhaps)

    extremes = (pl.min_horizontal, pl.max_horizontal)
    cells = {
        str(n): some(end, extreme)
        for n, (end, extreme) in enumerate(zip(ends, extremes, strict=False))
    }
    totals = _over_records(
        at, inner, cells, *map(_added, cells), pl.len().alias("count")
    )
    none = pl.col("count").is_null()
    columns = totals.select(
        **{n: pl.when(none).then(nothing).otherwise(pl.col(n)) for n in cells}
    )
    low, *rest = (at.take(series) for series in columns.iter_columns())
    high = rest[0] if rest else low
    sure = counted.sure and part.sure
    return Column(
        Form.WHOLE, low, high, part.scale, most, sure=sure, signed=part.signed
    )


def _added(name: str) -> pl.Expr:
    """A sum, which has no end where any part has none."""
    part = pl.col(name)
    return pl.when(part.is_null().any()).then(None).otherwise(part.sum()).alias(name)


def _unknown_total(node: Sum, where: Where, term: What, at: Frame) -> Column:
    """The sum over a list that nobody knows: any number of any such records."""
    ghost = at.ghost(node.records, node.binder, is_inner=True)
    unmet, part = ~where(ghost).value, ghost.kept(term(ghost))
    count = node.at_most
    nothing = whole_number(0)
    most = part.most * (count or 1)

    def times(end: pl.Expr, extreme: Callable[..., pl.Expr]) -> pl.Expr:
        one = pl.when(end.is_null()).then(None).otherwise(extreme([end, nothing]))
        if count is None:
            all_of = pl.when(one == 0).then(nothing).otherwise(None)
        else:
            all_of = fitting(one, most) * whole_number(count)
        return pl.when(unmet).then(nothing).otherwise(all_of)

    table = ghost.table(
        low=times(part.low, pl.min_horizontal), high=times(part.high, pl.max_horizontal)
    )
    low, high = (at.take(series) for series in table.iter_columns())
    return Column(Form.WHOLE, low, high, part.scale, most, signed=part.signed)


def _longest(inner: Frame) -> int:
    """How many inner rows a row has at most."""
    if inner.outer is None or not inner.height:
        return 0
    return int(inner.outer.value_counts()["count"].max())  # type: ignore[arg-type]  # a count


def extreme_over(
    node: Extreme, where: Where, term: What, otherwise: Column, frame: Frame
) -> Column:
    """
    The largest or smallest of a term over the records that meet a condition.

    A record that perhaps does not count can only push it out; where none counts for
    certain, what holds otherwise is as possible as any.
    """
    totals = _here(node, frame, lambda at: _extremes(node, where, term, at))
    part = evolve(totals.like, missing=NONE_MISSING, sure=False)
    if part.form not in {Form.WHOLE, Form.DAY} or part.by is not None:
        return unseen(part.form)
    near, far, inner, some, perhaps = (
        frame.take(series) for series in totals.table.iter_columns()
    )

    def between(near_end: pl.Expr) -> Column:
        ends = (near_end, far) if node.largest else (far, near_end)
        return evolve(part, low=ends[0], high=ends[1])

    maybe = Truth(frame.keep(pl.when(perhaps).then(None).otherwise(FALSE)))
    other = frame.kept(otherwise)
    either = frame.kept(chosen([(maybe, between(inner))], other))
    is_some = Truth(some, sure=True)
    found = frame.kept(chosen([(is_some, between(near))], either))
    # Where no record can count, nothing about the list is asked.
    listed = pl.when(perhaps).then(_missing(node, frame)).otherwise(NONE_MISSING)
    missing = union([listed, other.lacking])
    return evolve(found, missing=missing)


def _extremes(node: Extreme, where: Where, term: What, at: Frame) -> Totals:
    """
    What the extreme lies between, in every row.

    The end that those records decide that count for certain, the other end, and the
    same as the first where none does; whether any does for certain, or perhaps.
    """
    given = _given(node, at)
    known = nobody = None
    if given is not False:
        known = _known_extremes(node, where, term, at)
    if given is not True:
        nobody = _extremes_of_unknown(node, where, term, at)
    if known is None or nobody is None:
        found = known or nobody
        assert found is not None  # noqa: S101  # one of the two
        return found
    both = known.table.hstack(nobody.table.select(pl.all().name.prefix("other ")))
    table = both.with_columns(given=pl.lit(given)).select(
        pl.when("given").then(pl.col(n)).otherwise(pl.col(f"other {n}")).alias(n)
        for n in known.table.columns
    )
    most = max(known.like.most, nobody.like.most)
    # Ends of different scales are not told apart: then nothing is said of any.
    by = None if known.like.scale == nobody.like.scale else TRUE
    return Totals(table, evolve(known.like, most=most, by=by))


def _known_extremes(node: Extreme, where: Where, term: What, at: Frame) -> Totals:
    inner = at.each(node.records, node.binder, is_inner=True)
    counted, part = inner.held(where(inner)), inner.kept(term(inner))
    certain = counted.value.fill_null(value=False)
    ends = (part.low, part.high)
    near, far = ends if node.largest else ends[::-1]
    best, worst = pl.Expr.max, pl.Expr.min
    if not node.largest:
        best, worst = worst, best

    def outermost(name: str, extreme: Callable[[pl.Expr], pl.Expr]) -> pl.Expr:
        """An end of all that may count, which has none where one of them has none."""
        end = pl.col(name).filter("possible")
        return pl.when(end.is_null().any()).then(None).otherwise(extreme(end))

    table = _over_records(
        at,
        inner,
        {
            "certain": certain,
            "possible": certain | counted.value.is_null(),
            "near": near,
            "far": far,
        },
        best(pl.col("near").filter("certain")).alias("best"),
        outermost("far", best).alias("end"),
        outermost("near", worst).alias("inner"),
        pl.col("certain").any().alias("some"),
        pl.col("possible").any().alias("perhaps"),
    )
    flags = [pl.col(name).fill_null(value=False) for name in ("some", "perhaps")]
    return Totals(table.select("best", "end", "inner", *flags), part)


def _extremes_of_unknown(node: Extreme, where: Where, term: What, at: Frame) -> Totals:
    """The same of a list that nobody knows: any of its records, or none."""
    ghost = at.ghost(node.records, node.binder, is_inner=True)
    unmet, part = ~where(ghost).value, ghost.kept(term(ghost))
    ends = (part.low, part.high)
    near, far = ends if node.largest else ends[::-1]
    table = ghost.table(
        best=near,
        end=far,
        inner=near,
        some=FALSE,
        perhaps=~unmet.fill_null(value=False),
    )
    return Totals(table, part)
