"""What a rule comes to for every subject: its rows combined, its cap, its reasons."""

import polars as pl

from attrs import frozen

from ..engines.columns.column import SEE
from ..engines.columns.frame import Frame, Path
from ..engines.columns.lowering import column
from ..engines.columns.tables import PLACE, SUBJECT
from ..policy import Outcome, ReasonCode, Rule
from ..standards import Cash, Combination, Discretionary
from .rows import NOTHING, NOWHERE, fen, looked_at, policy_bits, reason

OUTCOMES = list(Outcome)


def outcome(of: Outcome) -> pl.Expr:
    """An outcome as a number."""
    return pl.lit(OUTCOMES.index(of), dtype=pl.UInt8)


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
        rows = _said(rule, subjects, looked_at(rule, subjects))
        # What is paid once for each key is open in the key as well.
        keyless = pl.col("open") & pl.col("key").is_null()
        rows = rows.with_columns(see=pl.col("see") | keyless)
        rows = _limited(rule, subjects, rows, pl.col("high").ne_missing(0))
        return Judged(rule, _named(_capped(rule, subjects, rows), subjects))
    given = subjects.records(each.records).given
    found: pl.DataFrame | None = None
    items: pl.DataFrame | None = None
    if given is not False:
        records = subjects.each(each.records, each.binder, is_inner=False)
        said = _placed(rule, _said(rule, records, looked_at(rule, records)))
        found = _named(_combined(rule, said, subjects), records)
        items = _named(said, records, SUBJECT, PLACE)
    if given is not True:
        ghost = subjects.ghost(each.records, each.binder, is_inner=False)
        nobody = _named(_of_unknown_list(rule, ghost), ghost)
        found = nobody if found is None else _where(pl.lit(given), found, nobody)
    assert found is not None  # noqa: S101  # one of the two, or both
    return Judged(rule, _capped(rule, subjects, found), items)


def _where(is_met: pl.Expr, one: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    """Rows of one table or of another."""
    both = one.with_columns(is_met.alias("#")).hstack(
        other.select(pl.all().name.prefix("other "))
    )
    return both.select(
        pl.when("#").then(pl.col(name)).otherwise(pl.col(f"other {name}")).alias(name)
        for name in one.columns
    )


def _named(said: pl.DataFrame, frame: Frame, *further: str) -> pl.DataFrame:
    """With the names of the facts that are missing of what is not decided."""
    lacking = said.filter(pl.col("mask") != 0)
    if lacking.is_empty():
        nothing = pl.lit(None, dtype=pl.List(pl.String))
        said = said.with_columns(missing=nothing)
        return said.select(*_SHOWN, _day(said).alias("day"), *further)
    masks = lacking.select("mask", "place").unique()
    names = [frame.names(mask, at) or None for mask, at in masks.iter_rows()]
    masks = masks.with_columns(missing=pl.Series(names, dtype=pl.List(pl.String)))
    joined = said.join(
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


def _said(rule: Rule, frame: Frame, rows: pl.DataFrame) -> pl.DataFrame:
    """What is said of every row: outcome, reason, ends, what is missing."""
    rows = _why_nothing(rule, frame, rows)
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
    if not found.is_whole or found.low is None or found.scale != 1:
        return frame.table(key=pl.lit(None, dtype=pl.String)).get_column("key")
    return frame.table(key=found.low.cast(pl.String)).get_column("key")


def _dated(rule: Rule, frame: Frame) -> pl.Series:
    """The day that decides between records that are equally near to being due."""
    if rule.dated is None:
        last = frame.table(day=pl.lit(2**31, dtype=pl.Int64))
        return last.get_column("day")
    found = frame.kept(column(rule.dated, frame))
    day = pl.lit(None, dtype=pl.Date) if found.low is None else found.low
    known = pl.when(found.known).then(day).otherwise(None)
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


# --- the rows of a subject ---------------------------------------------------------------


def _combined(rule: Rule, rows: pl.DataFrame, subjects: Frame) -> pl.DataFrame:
    """What the records of every subject come to together."""
    award = rule.award
    open_, due = pl.col("open"), pl.col("met") & ~pl.col("open")
    contends = (
        (open_ | (pl.col("met")))
        if not isinstance(award, Cash)
        else pl.col("high").ne_missing(0)
    )
    nearest = pl.col("unmet") * 2**32 + pl.col("dated")
    rows = rows.with_columns(due=due, contends=contends, nearness=nearest)
    is_nearest = pl.col("nearness") == pl.col("nearness").min().over(SUBJECT)
    first_open = {
        name: pl.col(name).filter(open_).first() for name in ("mask", "place")
    }
    groups = (
        rows.with_columns(nearest=is_nearest)
        .group_by(SUBJECT)
        .agg(
            due=pl.col("due").any(),
            opens=open_.sum(),
            contending=pl.col("contends").sum(),
            low=pl.col("low").sum(),
            low_open=pl.col("low").is_null().any(),
            high=pl.col("high").sum(),
            high_open=pl.col("high").is_null().any(),
            lacks=pl.col("reason").filter("nearest").first(),
            several=pl.col("reason").filter("nearest").n_unique() > 1,
            why=pl.col("reason").filter(open_).first(),
            keyless=pl.col("key").is_null().any(),
            vague=(pl.col("lacking") & SEE != 0).any() & (pl.len() > 1),
            see=pl.col("see").any(),
            **first_open,
        )
    )
    numbers = pl.DataFrame({SUBJECT: subjects.subject_of_row()})
    found = numbers.join(groups, on=SUBJECT, how="left", maintain_order="left")
    is_empty = pl.col("opens").is_null()
    is_open, is_due = pl.col("opens") > 0, pl.col("due")
    granted, code = Outcome.ELIGIBLE, ReasonCode.CONDITION_MET
    if isinstance(award, Discretionary):
        granted, code = Outcome.DISCRETIONARY, ReasonCode.NO_AMOUNT_IN_TEXT
    # Money is undetermined while any of it is; of a support one record is enough.
    decides = is_due if not isinstance(award, Cash) else is_due & ~is_open
    low = pl.when("low_open").then(None).otherwise("low")
    high = pl.when("high_open").then(None).otherwise("high")
    is_open &= ~decides
    said = found.select(
        outcome=pl.when(is_empty)
        .then(outcome(Outcome.INELIGIBLE))
        .when(decides)
        .then(outcome(granted))
        .when(is_open)
        .then(outcome(Outcome.UNDETERMINED))
        .otherwise(outcome(Outcome.INELIGIBLE)),
        reason=pl.when(is_empty)
        .then(reason(ReasonCode.NO_RECORD))
        .when(decides)
        .then(reason(code))
        .when(is_open)
        .then("why")
        .otherwise("lacks"),
        low=pl.when(is_empty).then(NOTHING).otherwise(low),
        high=pl.when(is_empty).then(NOTHING).otherwise(high),
        mask=pl.when(is_open).then("mask").otherwise(NOTHING),
        place="place",
        # Of several that are open, or equally near to being due, one must be chosen.
        see=~is_empty
        & (
            pl.col("see")
            | (is_open & ((pl.col("opens") > 1) | pl.col("keyless")))
            | (~decides & ~is_open & (pl.col("several") | pl.col("vague")))
        ),
        contending=pl.col("contending").fill_null(0),
    )
    return _limited(rule, subjects, said, pl.col("contending"))


def _placed(rule: Rule, rows: pl.DataFrame) -> pl.DataFrame:
    """Of the records with one key only the highest is paid, where all are known."""
    award = rule.award
    contends = pl.col("high").ne_missing(0)
    if not isinstance(award, Cash) or award.combination is not Combination.ONCE:
        return rows
    rivals = rows.filter(contends)[SUBJECT]
    if rivals.n_unique() == rivals.len():
        return rows
    several = contends.sum().over(SUBJECT) > 1
    keyless = (pl.col("key").is_null() & contends).any().over(SUBJECT)
    doubt = several & (keyless | pl.col("open").any().over(SUBJECT))
    rows = rows.with_columns(rival=several & ~doubt & contends, doubt=doubt)
    # The highest is paid, and among equals the earliest.
    nearness = pl.struct(-pl.col("low"), pl.col("dated")).rank("min")
    where = [SUBJECT, "key", "rival"]
    rows = rows.with_columns(order=nearness.over(where))
    ties = (pl.col("order") == 1).sum().over(where) > 1
    beaten = pl.col("rival") & (pl.col("order") > 1)
    return rows.with_columns(
        outcome=pl.when(beaten).then(outcome(Outcome.INELIGIBLE)).otherwise("outcome"),
        reason=pl.when(beaten).then(reason(ReasonCode.ONCE_ONLY)).otherwise("reason"),
        low=pl.when(beaten).then(NOTHING).otherwise("low"),
        high=pl.when(beaten).then(NOTHING).otherwise("high"),
        see=pl.col("see") | pl.col("doubt") | (pl.col("rival") & ties),
    ).drop("rival", "doubt", "order")


def _of_unknown_list(rule: Rule, ghost: Frame) -> pl.DataFrame:
    """Nobody knows the records: what one could come to, as often as may be."""
    each, award = rule.each, rule.award
    assert each is not None  # noqa: S101  # the caller looked
    rows = looked_at(rule, ghost)
    is_once = not isinstance(award, Cash) or (
        award.combination is Combination.ONCE and award.per is None
    )
    most = 1 if is_once else each.at_most
    is_unmet = pl.col("unmet") > 0
    path = ghost.bit(Path("", each.records))

    def times(end: str) -> pl.Expr:
        if most is None:
            return pl.when(pl.col(end) == 0).then(NOTHING).otherwise(None)
        return pl.col(end) * most

    least = pl.min_horizontal(pl.col("low"), NOTHING)
    low = pl.when(pl.col("low").is_null()).then(None).otherwise(least)
    rows = rows.with_columns(low=low)
    owing = pl.col("owing") | path if isinstance(award, Cash) else NOTHING
    mask = owing | pl.col("lacking")
    untold = owing & ~pl.col("lacking") & ~policy_bits(ghost) != 0
    why = pl.when(untold).then(reason(ReasonCode.FACT_MISSING)).otherwise("why")
    return rows.select(
        outcome=pl.when(is_unmet)
        .then(outcome(Outcome.INELIGIBLE))
        .otherwise(outcome(Outcome.UNDETERMINED)),
        reason=pl.when(is_unmet).then("first").otherwise(why),
        low=pl.when(is_unmet).then(NOTHING).otherwise(times("low")),
        high=pl.when(is_unmet).then(NOTHING).otherwise(times("high")),
        mask=pl.when(is_unmet).then(NOTHING).otherwise(mask),
        place=NOWHERE,
        see=pl.col("see") | pl.col("zero") | (~is_unmet & (mask & SEE != 0)),
    )


# --- limits over all rows of a subject ---------------------------------------------------


def _limited(
    rule: Rule, subjects: Frame, said: pl.DataFrame, contending: pl.Expr
) -> pl.DataFrame:
    """Where more records may be paid than are, they must be compared."""
    award = rule.award
    if not isinstance(award, Cash) or award.most is None:
        return said
    most = subjects.kept(column(award.most, subjects))
    low = (
        NOTHING
        if most.low is None
        else (most.low // most.scale.denominator) * most.scale.numerator
    )
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
        cap_low=NOWHERE if cap.low is None else cap.low,
        cap_high=NOWHERE if cap.high is None else cap.high,
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
