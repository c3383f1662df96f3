"""What a rule comes to for every subject: its rows combined, its cap, its reasons."""

import polars as pl

from attrs import frozen

from ..engines.columns.frame import Frame
from ..engines.columns.lowering import column
from ..engines.columns.tables import PLACE, SUBJECT
from ..policy import Outcome, ReasonCode, Rule
from ..standards import Cash, Discretionary
from .combined import combined, of_unknown_list, placed
from .rows import NOTHING, NOWHERE, fen, looked_at, outcome, policy_bits, reason


@frozen(eq=False)
class Judged:
    """
    What one rule comes to for every subject, and at every record that it looks at.

    Columns of ``subjects``: ``outcome`` and ``reason`` as numbers, ``low`` and ``high``
    in fen (null: without end), ``missing`` as a list of paths, ``day`` of the event that
    the rule is dated by (null where it is not known, or of records only), ``see`` where
    the record itself must be seen. ``items`` has the same with whose record it is and
    its place.
    """

    rule: Rule
    subjects: pl.DataFrame
    items: pl.DataFrame | None = None


#: What is said of a subject or a record.
_SHOWN = ("outcome", "reason", "low", "high", "missing", "see")


def judge(rule: Rule, subjects: Frame) -> Judged:
    """What a rule comes to for every subject of a frame."""
    each = rule.each
    if each is None:
        rows = at_subject(rule, subjects, _looked_at(rule, subjects))
        rows = _limited(rule, subjects, rows, pl.col("high").ne_missing(0))
        return Judged(rule, named(_capped(rule, subjects, rows), subjects))
    given = subjects.records(each.records).given
    found: pl.DataFrame | None = None
    items: pl.DataFrame | None = None
    if given is not False:
        records = subjects.each(each.records, each.binder, is_inner=False)
        rows = placed(rule, said(rule, records, _looked_at(rule, records)), [SUBJECT])
        items = named(rows, records, SUBJECT, PLACE)
        every = pl.DataFrame({SUBJECT: subjects.subject_of_row()})
        rows = combined(rule, rows, every)
        found = named(_limited(rule, subjects, rows, pl.col("contending")), records)
    if given is not True:
        ghost = subjects.ghost(each.records, each.binder, is_inner=False)
        nobody = named(of_unknown_list(rule, ghost), ghost)
        found = nobody if found is None else _where(pl.lit(given), found, nobody)
    assert found is not None  # noqa: S101  # one of the two, or both
    return Judged(rule, _capped(rule, subjects, found), items)


def _looked_at(rule: Rule, frame: Frame) -> pl.DataFrame:
    return _why_nothing(rule, frame, looked_at(rule, frame))


def _where(is_met: pl.Expr, one: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    """Rows of one table or of another."""
    both = one.with_columns(is_met.alias("#")).hstack(
        other.select(pl.all().name.prefix("other "))
    )
    return both.select(
        pl.when("#").then(pl.col(name)).otherwise(pl.col(f"other {name}")).alias(name)
        for name in one.columns
    )


def named(rows: pl.DataFrame, frame: Frame, *further: str) -> pl.DataFrame:
    """With the names of the facts that are missing of what is not decided."""
    lacking = rows.filter(pl.col("mask") != 0)
    if lacking.is_empty():
        nothing = pl.lit(None, dtype=pl.List(pl.String))
        rows = rows.with_columns(missing=nothing)
        return rows.select(*_SHOWN, _day(rows).alias("day"), *further)
    masks = lacking.select("mask", "place").unique()
    names = [frame.names(mask, at) or None for mask, at in masks.iter_rows()]
    masks = masks.with_columns(missing=pl.Series(names, dtype=pl.List(pl.String)))
    joined = rows.join(
        masks, on=["mask", "place"], how="left", maintain_order="left", nulls_equal=True
    )
    return joined.select(*_SHOWN, _day(joined).alias("day"), *further)


def _day(said: pl.DataFrame) -> pl.Expr:
    """The day of the event of every row, where it has one and that is known."""
    if "dated" not in said.columns:
        return pl.lit(None, dtype=pl.Date)
    is_known = pl.col("dated") < _LATEST
    number = pl.when(is_known).then("dated").otherwise(None)
    return number.cast(pl.Int32).cast(pl.Date)


# --- one row ---------------------------------------------------------------------------


def at_subject(rule: Rule, frame: Frame, rows: pl.DataFrame) -> pl.DataFrame:
    """What is said of every row of a rule that looks at no records."""
    # What is paid once for each key is open in the key as well.
    keyless = pl.col("open") & pl.col("key").is_null()
    return said(rule, frame, rows).with_columns(see=pl.col("see") | keyless)


def said(rule: Rule, frame: Frame, rows: pl.DataFrame) -> pl.DataFrame:
    """What is said of every row: outcome, reason, ends, what is missing."""
    untold = pl.col("owing") & ~pl.col("lacking") & ~policy_bits(frame) != 0
    why = pl.when(untold).then(reason(ReasonCode.FACT_MISSING)).otherwise("why")
    is_unmet, is_open = pl.col("unmet") > 0, pl.col("open")
    granted, code = Outcome.ELIGIBLE, ReasonCode.CONDITION_MET
    if isinstance(rule.award, Discretionary):
        granted, code = Outcome.DISCRETIONARY, ReasonCode.NO_AMOUNT_IN_TEXT
    is_out = is_unmet | pl.col("zero")
    mask = pl.when(is_open).then(pl.col("owing") | pl.col("lacking")).otherwise(0)
    source = frame.sources.get("" if rule.each is None else rule.each.binder)
    place = NOWHERE
    if rule.each is not None and source is not None and source.table is not None:
        rows = rows.with_columns(
            frame.subject_of_row().alias(SUBJECT), source.column(PLACE).alias(PLACE)
        )
        place = pl.col(PLACE)
    return rows.with_columns(
        outcome=pl.when(is_out)
        .then(outcome(Outcome.INELIGIBLE))
        .when(is_open)
        .then(outcome(Outcome.UNDETERMINED))
        .otherwise(outcome(granted)),
        reason=pl.when(is_unmet)
        .then("first")
        .when("zero")
        .then("nothing")
        .when(is_open)
        .then(why)
        .otherwise(reason(code)),
        mask=mask.cast(pl.Int64),
        place=place,
        key=_key(rule, frame),
        dated=_dated(rule, frame),
    )


def _key(rule: Rule, frame: Frame) -> pl.Series:
    """What tells apart what is paid once each; null where that is not known."""
    per = rule.award.per if isinstance(rule.award, Cash) else None
    if per is None:
        return frame.table(key=pl.lit("")).get_column("key")
    found = frame.kept(column(per, frame))
    if not found.is_whole or found.scale != 1 or found.by is not None:
        return frame.table(key=pl.lit(None, dtype=pl.String)).get_column("key")
    return frame.table(key=found.low.cast(pl.String)).get_column("key")


def _dated(rule: Rule, frame: Frame) -> pl.Series:
    """The day that decides between records that are equally near to being due."""
    if rule.dated is None:
        last = frame.table(day=pl.lit(2**31, dtype=pl.Int64))
        return last.get_column("day")
    found = frame.kept(column(rule.dated, frame))
    known = pl.when(found.known).then(found.low).otherwise(None)
    numbers = known.cast(pl.Int32).cast(pl.Int64).fill_null(_LATEST)
    return frame.table(day=numbers).get_column("day")


#: The number of the last day that there is.
_LATEST = 2_932_896


def _why_nothing(rule: Rule, frame: Frame, rows: pl.DataFrame) -> pl.DataFrame:
    """With the code of an amount of nothing: it would be anyhow, or was paid before."""
    due = reason(ReasonCode.NOTHING_DUE)
    rows = rows.with_columns(nothing=due)
    zero = rows["zero"]
    if not zero.any():
        return rows
    subject = frame.subject_of_row()
    awards = frame.records("awards")
    paid = awards.subjects if awards.table.frame.width else subject.clear()
    numbers = pl.int_range(len(rows), dtype=pl.Int64, eager=True)
    asked = numbers.filter(zero & subject.is_in(paid.unique().implode()))
    if not asked.len():
        return rows
    never = _never_paid(rule, frame, asked)
    # Nothing, or no more than nothing for all that is known.
    is_nothing = pl.col("zero") | (pl.col("unmet") > 0)
    is_nothing |= (pl.col("high") == 0).fill_null(value=False)
    before = reason(ReasonCode.ALREADY_AWARDED)
    code = pl.when(is_nothing).then(due).otherwise(before)
    doubt = pl.col("see") & (pl.col("unmet") == 0)
    given = never.select(code.alias("code"), doubt.alias("doubt"), row=asked)
    rows = rows.with_columns(row=numbers).join(
        given, on="row", how="left", maintain_order="left"
    )
    return rows.with_columns(
        nothing=pl.coalesce("code", "nothing"),
        see=pl.col("see") | pl.col("doubt").fill_null(value=False),
    ).drop("row", "code", "doubt")


def _never_paid(rule: Rule, frame: Frame, rows: pl.Series) -> pl.DataFrame:
    """What some rows would come to if nothing had ever been paid."""
    return looked_at(rule, frame.never_paid(rows))


# --- limits over all rows of a subject ---------------------------------------------------


def _limited(
    rule: Rule, subjects: Frame, said: pl.DataFrame, contending: pl.Expr
) -> pl.DataFrame:
    """Where more records may be paid than are, they must be compared."""
    award = rule.award
    if not isinstance(award, Cash) or award.most is None:
        return said
    most = subjects.kept(column(award.most, subjects))
    low = most.low * most.scale.numerator // most.scale.denominator
    if most.by is not None:  # of a ratio the record itself must tell
        low = NOTHING
    limits = subjects.table(limit=pl.when(most.known).then(low).otherwise(0))
    counted = said.with_columns(limits["limit"], count=contending.cast(pl.Int64))
    return counted.with_columns(see=pl.col("see") | (pl.col("count") > pl.col("limit")))


def _capped(rule: Rule, subjects: Frame, said: pl.DataFrame) -> pl.DataFrame:
    """What is left under the cap of a rule, less what was paid before."""
    award = rule.award
    if not isinstance(award, Cash) or award.cap is None:
        return said
    cap = fen(award.cap, subjects)
    ends = subjects.table(
        cap_low=cap.low,
        cap_high=cap.high,
    )
    low, high = pl.col("low"), pl.col("high")
    cap_low, cap_high = pl.col("cap_low"), pl.col("cap_high")
    fits = (cap_low >= high).fill_null(value=False)
    is_used = (cap_high == 0).fill_null(value=False) & high.ne_missing(0)
    known = (cap_low == cap_high).fill_null(value=False) & (cap_low >= 0)
    was_open = low.ne_missing(high) | high.is_null()
    new_low = (
        pl.when(low.is_null()).then(None).otherwise(pl.min_horizontal(low, cap_low))
    )
    new_high = pl.min_horizontal(high, cap_high)
    decided = was_open & (new_low == new_high).fill_null(value=False)
    keep = fits | ~(known | is_used)
    return (
        said.hstack(ends)
        .with_columns(fits=keep, used=is_used & ~fits)
        .with_columns(
            outcome=pl.when("used")
            .then(outcome(Outcome.INELIGIBLE))
            .otherwise("outcome"),
            reason=pl.when("used")
            .then(reason(ReasonCode.ALREADY_AWARDED))
            .otherwise("reason"),
            low=pl.when("used").then(NOTHING).when("fits").then(low).otherwise(new_low),
            high=pl.when("used")
            .then(NOTHING)
            .when("fits")
            .then(high)
            .otherwise(new_high),
            see=pl.col("see")
            | ~(fits | is_used | known)
            | (~fits & ~is_used & decided),
        )
        .drop("cap_low", "cap_high", "fits", "used")
    )
