"""What a rule comes to for every subject: its rows combined, its cap, its reasons."""

from collections.abc import Callable, Mapping

import polars as pl

from attrs import frozen

from ..engines.columns.column import FALSE
from ..engines.columns.frame import Frame
from ..engines.columns.lowering import column
from ..engines.columns.tables import PLACE, SUBJECT
from ..policy import Each, Outcome, ReasonCode, Rule
from ..standards import Cash, Discretionary
from .combined import combined, of_unknown_list
from .places import placed, ranked
from .rows import (
    NOTHING,
    NOWHERE,
    Looked,
    fen,
    look,
    looked_at,
    outcome,
    policy_bits,
    reason,
)


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
_SAID = ("outcome", "reason", "low", "high", "missing", "see", "day")
#: Why nothing is due to whom nothing was paid before.
NOTHING_DUE = reason(ReasonCode.NOTHING_DUE)


def judge(rule: Rule, subjects: Frame) -> Callable[[], Judged]:
    """
    What a rule comes to for every subject of a frame.

    All that it asks of the frame is computed at once with what other rules ask, when
    the first of them is finished.
    """
    if rule.each is None:
        return _of_subjects(rule, subjects)
    return _of_records(rule, rule.each, subjects)


def _of_subjects(rule: Rule, frame: Frame) -> Callable[[], Judged]:
    looked = look(rule, frame)
    if looked.settled and not _any_paid(frame):
        words = spoken(rule, {**looked.columns, "nothing": NOTHING_DUE}, frame)
        day = {"missing": _NONE_NAMED, "day": _day(_dated(rule, frame))}
        every = {**looked.columns, **words, **day}
        known = frame.asked(**{name: every[name] for name in _SAID})
        return lambda: Judged(rule, _limits(rule, frame, known()))
    rows = begun(rule, frame, looked)

    def finish() -> Judged:
        found = at_subject(rule, frame, _why_nothing(rule, frame, rows()))
        found = named(found, frame)
        return Judged(rule, _limits(rule, frame, found))

    return finish


def _limits(rule: Rule, frame: Frame, said: pl.DataFrame) -> pl.DataFrame:
    """With what limits the one row of a subject."""
    return _capped(
        rule, frame, _limited(rule, frame, said, pl.col("high").ne_missing(0))
    )


def _of_records(rule: Rule, each: Each, subjects: Frame) -> Callable[[], Judged]:
    given = subjects.records(each.records).given
    rows = records = None
    if given is not False:
        records = subjects.each(each.records, each.binder, is_inner=False)
        rows = begun(rule, records)

    def finish() -> Judged:
        found = items = None
        if rows is not None and records is not None:
            whole = _why_nothing(rule, records, rows())
            each_said = ranked(said(rule, records, whole), [SUBJECT])
            each_said = placed(rule, each_said, [SUBJECT])
            items = named(each_said, records, SUBJECT, PLACE)
            every = pl.DataFrame({SUBJECT: subjects.subject_of_row()})
            together = combined(rule, each_said, every, records)
            contending = pl.col("contending")
            found = named(_limited(rule, subjects, together, contending), records)
        if given is not True:
            ghost = subjects.ghost(each.records, each.binder, is_inner=False)
            nobody = named(of_unknown_list(rule, ghost), ghost)
            found = nobody if found is None else _where(pl.lit(given), found, nobody)
        assert found is not None  # noqa: S101  # one of the two, or both
        return Judged(rule, _capped(rule, subjects, found), items)

    return finish


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
    day = _day(pl.col("dated")) if "dated" in rows.columns else _NO_DAY
    lacking = (pl.col("mask") != 0).fill_null(value=False)
    some = rows.select("mask", "place", lacking=lacking).with_row_index("#row")
    some = some.filter("lacking")
    if some.is_empty():
        said = {"missing": _NONE_NAMED, "day": day}
        return rows.with_columns(**said).select(*_SAID, *further)
    masks = some.select("mask", "place").unique().with_row_index("#named")
    at = ["mask", "place"]
    found = some.join(masks, on=at, how="left", nulls_equal=True, maintain_order="left")
    names = [frame.names(*mask) or None for mask in masks.select(at).iter_rows()]
    numbers = pl.repeat(None, rows.height, dtype=pl.UInt32, eager=True)
    numbers = numbers.scatter(some["#row"], found["#named"])
    if "marks" in rows.columns:
        numbers = _of_several(rows["marks"], numbers, names, frame)
    missing = pl.Series("missing", names, dtype=pl.List(pl.String)).gather(numbers)
    return rows.with_columns(missing, day=day).select(*_SAID, *further)


def _of_several(
    marks: pl.Series, numbers: pl.Series, names: list[list[str] | None], frame: Frame
) -> pl.Series:
    """The numbers of what is missing, also where more than one record lacks facts."""
    rows = marks.is_not_null().arg_true()
    known: dict[tuple[tuple[int, int | None], ...], int] = {}
    found = []
    for each in marks.gather(rows).to_list():
        several = tuple(sorted((mark["owes"], mark["place"]) for mark in each))
        if several not in known:
            known[several] = len(names)
            every = {name for mark in several for name in frame.names(*mark)}
            names.append(sorted(every) or None)
        found.append(known[several])
    return numbers.scatter(rows, pl.Series(found, dtype=pl.UInt32))


_NONE_NAMED = pl.lit(None, dtype=pl.List(pl.String))
_NO_DAY = pl.lit(None, dtype=pl.Date)


def _day(dated: pl.Expr) -> pl.Expr:
    """The day of the event of every row, where it has one and that is known."""
    number = pl.when(dated < _LATEST).then(dated).otherwise(None)
    return number.cast(pl.Int32).cast(pl.Date)


# --- one row ---------------------------------------------------------------------------


def begun(
    rule: Rule, frame: Frame, looked: Looked | None = None
) -> Callable[[], pl.DataFrame]:
    """What a rule comes to in every row, and what tells its rows apart."""
    found = look(rule, frame) if looked is None else looked
    return found.asked(key=_key(rule, frame), dated=_dated(rule, frame))


def at_subject(rule: Rule, frame: Frame, rows: pl.DataFrame) -> pl.DataFrame:
    """What is said of every row of a rule that looks at no records."""
    # What is paid once for each key is open in the key as well.
    keyless = pl.col("open") & pl.col("key").is_null()
    return said(rule, frame, rows).with_columns(see=pl.col("see") | keyless)


def said(rule: Rule, frame: Frame, rows: pl.DataFrame) -> pl.DataFrame:
    """What is said of every row: outcome, reason, what is missing, and where it stands."""
    columns = {name: pl.col(name) for name in rows.columns}
    missing = pl.col("owing") | pl.col("lacking")
    mask = pl.when("open").then(missing).otherwise(0).cast(pl.Int64)
    source = frame.sources.get("" if rule.each is None else rule.each.binder)
    place = NOWHERE
    if rule.each is not None and source is not None and source.table is not None:
        rows = rows.with_columns(
            frame.subject_of_row().alias(SUBJECT), source.column(PLACE).alias(PLACE)
        )
        place = pl.col(PLACE)
    return rows.with_columns(**spoken(rule, columns, frame), mask=mask, place=place)


def spoken(
    rule: Rule, looked: Mapping[str, pl.Expr], frame: Frame
) -> dict[str, pl.Expr]:
    """Outcome and reason, from what a rule comes to and the code of ``nothing``."""
    is_unmet, is_zero, is_open = looked["unmet"], looked["zero"], looked["open"]
    granted, code = Outcome.ELIGIBLE, ReasonCode.CONDITION_MET
    if isinstance(rule.award, Discretionary):
        granted, code = Outcome.DISCRETIONARY, ReasonCode.NO_AMOUNT_IN_TEXT
    found, why = outcome(granted), reason(code)
    # From the last case to the first; of what is never so nothing is asked.
    if is_open is not FALSE:
        untold = looked["owing"] & ~looked["lacking"] & ~policy_bits(frame) != 0
        lacks = pl.when(untold).then(reason(ReasonCode.FACT_MISSING))
        found = pl.when(is_open).then(outcome(Outcome.UNDETERMINED)).otherwise(found)
        why = pl.when(is_open).then(lacks.otherwise(looked["why"])).otherwise(why)
    if is_zero is not FALSE:
        why = pl.when(is_zero).then(looked["nothing"]).otherwise(why)
    out = pl.when(is_unmet | is_zero).then(outcome(Outcome.INELIGIBLE))
    first = pl.when(is_unmet).then(looked["first"])
    return {"outcome": out.otherwise(found), "reason": first.otherwise(why)}


def _key(rule: Rule, frame: Frame) -> pl.Expr:
    """What tells apart what is paid once each; null where that is not known."""
    per = rule.award.per if isinstance(rule.award, Cash) else None
    if per is None:
        return _ONE_KEY
    found = frame.kept(column(per, frame))
    if not found.is_whole or found.scale != 1 or found.by is not None:
        return _NO_KEY
    return found.low.cast(pl.String)


_ONE_KEY = pl.lit("")
_NO_KEY = pl.lit(None, dtype=pl.String)


def _dated(rule: Rule, frame: Frame) -> pl.Expr:
    """The day that decides between records that are equally near to being due."""
    if rule.dated is None:
        return _UNDATED
    found = frame.kept(column(rule.dated, frame))
    known = found.low
    if not found.sure:
        known = pl.when(found.known).then(found.low).otherwise(None)
    return known.cast(pl.Int32).cast(pl.Int64).fill_null(_LATEST)


_UNDATED = pl.lit(2**31, dtype=pl.Int64)
#: The number of the last day that there is.
_LATEST = 2_932_896


def _any_paid(frame: Frame) -> bool:
    """Whether anything was ever paid to anybody."""
    return not frame.records("awards").table.frame.is_empty()


def _why_nothing(rule: Rule, frame: Frame, rows: pl.DataFrame) -> pl.DataFrame:
    """With the code of an amount of nothing: it would be anyhow, or was paid before."""
    rows = rows.with_columns(nothing=NOTHING_DUE)
    zero = rows["zero"]
    if not (_any_paid(frame) and zero.any()):
        return rows
    subject = frame.subject_of_row()
    paid = frame.records("awards").subjects
    numbers = pl.int_range(len(rows), dtype=pl.Int64, eager=True)
    asked = numbers.filter(zero & subject.is_in(paid.unique().implode()))
    if not asked.len():
        return rows
    never = _never_paid(rule, frame, asked)
    # Nothing, or no more than nothing for all that is known.
    is_nothing = pl.col("zero") | pl.col("unmet")
    is_nothing |= (pl.col("high") == 0).fill_null(value=False)
    before = reason(ReasonCode.ALREADY_AWARDED)
    code = pl.when(is_nothing).then(NOTHING_DUE).otherwise(before)
    doubt = pl.col("see") & ~pl.col("unmet")
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
