"""Many rules of one shape at once: only for whom they may come to something."""

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from ..engines.columns.column import DTYPES, TRUE
from ..engines.columns.frame import PARAMETERS, Frame, Source
from ..engines.columns.lowering import column, truth
from ..engines.columns.tables import SUBJECT
from ..policy import Outcome
from .alike import Alike, Range
from .combined import combined, of_unknown_list
from .judged import NOTHING_DUE, at_subject, begun, named, said
from .places import placed, ranked
from .rows import outcome

#: Where a rule stands in the book.
RULE = "#rule"
_WHOM = [SUBJECT, RULE]

_EMPTY: Mapping[str, Any] = {
    "outcome": pl.UInt8,
    "reason": pl.UInt8,
    "low": pl.Int64,
    "high": pl.Int64,
    "missing": pl.List(pl.String),
    "see": pl.Boolean,
    "day": pl.Date,
    SUBJECT: pl.Int64,
    RULE: pl.Int64,
}

#: So many rows of subjects and rules are looked at together, to bound the memory.
MOST = 2**20


def judged_together(alike: Alike, subjects: Frame) -> pl.DataFrame:
    """
    What rules of one shape come to, for whom any of them comes to anything.

    A row for a subject and a rule, with what :class:`Judged` has of subjects; who has
    none is not eligible. Some of the rows must still be seen, and may come to nothing.
    """
    parts = list(_parts(alike, subjects))
    if not parts:
        return pl.DataFrame(schema=_EMPTY)
    is_out = pl.col("outcome") == outcome(Outcome.INELIGIBLE)
    return pl.concat(parts).filter(pl.col("see") | ~is_out)


def _parts(alike: Alike, subjects: Frame) -> Iterator[pl.DataFrame]:
    each = alike.rule.each
    if each is None:
        for frame in _joined(alike, subjects, TRUE):
            rows = _possible(
                alike, frame, at_subject(alike.rule, frame, _rows(alike, frame))
            )
            yield named(rows, frame, *_WHOM)
        return
    given = subjects.records(each.records).given
    if given is not False:
        records = subjects.each(each.records, each.binder, is_inner=False)
        for frame in _joined(alike, records, TRUE):
            yield _of_records(alike, frame)
    if given is not True:
        ghost = subjects.ghost(each.records, each.binder, is_inner=False)
        for frame in _joined(alike, ghost, ~pl.lit(given)):
            rows = of_unknown_list(alike.rule, frame)
            yield named(_for_whom(alike, frame, rows), frame, *_WHOM)


def _of_records(alike: Alike, frame: Frame) -> pl.DataFrame:
    rule = alike.rule
    rows = _possible(alike, frame, said(rule, frame, _rows(alike, frame)))
    rows = placed(rule, ranked(rows, _WHOM), _WHOM)
    every = rows.select(_WHOM).unique(maintain_order=True)
    return named(combined(rule, rows, every, frame), frame, *_WHOM)


def _rows(alike: Alike, frame: Frame) -> pl.DataFrame:
    """What is looked at; why nothing is due matters to nobody who has nothing."""
    return begun(alike.rule, frame)().with_columns(nothing=NOTHING_DUE)


def _possible(alike: Alike, frame: Frame, rows: pl.DataFrame) -> pl.DataFrame:
    """Without the rows where a requirement is unmet: they add nothing to others."""
    return _for_whom(alike, frame, rows).filter(~pl.col("unmet"))


def _for_whom(alike: Alike, frame: Frame, rows: pl.DataFrame) -> pl.DataFrame:
    numbers = frame.sources[PARAMETERS].rows
    assert numbers is not None  # noqa: S101  # joined
    return rows.with_columns(
        frame.subject_of_row().alias(SUBJECT),
        alike.places.gather(numbers).alias(RULE),
    )


# --- rows and rules that may concern each other --------------------------------------


def _joined(alike: Alike, base: Frame, asked: pl.Expr) -> Iterator[Frame]:
    """
    Rows of a frame with the rules that may concern them, some rows after others.

    Rows of one subject stay together. A row of which the fact is not known that tells
    whom a rule concerns may be concerned by every one.
    """
    rules = _rules(alike)
    for rows in _pieces(_asked(alike, base, asked), rules):
        known = _concerned(rows, rules)
        unknown = rows.filter(pl.col("key").is_null())
        every = unknown.join(rules.select("rule"), how="cross")
        pairs = pl.concat([part.select("row", "rule") for part in (known, every)])
        pairs = pairs.sort("row", "rule").cast(pl.Int64)
        source = Source(PARAMETERS, alike.values, pairs["rule"])
        yield base.beside(pairs["row"], PARAMETERS, source)


def _rules(alike: Alike) -> pl.DataFrame:
    """The rules by their numbers, with the values of which one concerns a row."""
    key, values = alike.key, alike.values.frame
    if isinstance(key, Range):
        rules = values.select(low=key.low, high=key.high)
    else:
        rules = values.select(key=key)
    return rules.with_row_index("rule")


def _concerned(rows: pl.DataFrame, rules: pl.DataFrame) -> pl.DataFrame:
    """The rows, each with every rule that concerns it by what is known."""
    if "key" in rules.columns:
        return rows.join(rules, on="key")
    key = pl.col("key")
    return rows.join_where(rules, key >= pl.col("low"), key <= pl.col("high"))


def _asked(alike: Alike, base: Frame, asked: pl.Expr) -> pl.DataFrame:
    """The rows that any rule may concern, with the value that tells which."""
    fact = base.kept(column(alike.fact, base))
    dtype = DTYPES[fact.form]
    key = pl.when(fact.known).then(fact.low).otherwise(None)
    shared = [truth(each, base).value.fill_null(value=True) for each in alike.shared]
    rows = base.table(
        key=key.cast(dtype), possible=pl.all_horizontal(shared) if shared else TRUE
    )
    rows = rows.with_columns(base.subject_of_row().alias(SUBJECT), asked=asked)
    rows = rows.with_row_index("row").filter("possible", "asked")
    return rows.select("row", "key", SUBJECT)


def _pieces(rows: pl.DataFrame, rules: pl.DataFrame) -> list[pl.DataFrame]:
    """Rows in pieces that are concerned by not too many rules."""
    is_unknown = pl.col("key").is_null()
    rows = rows.with_columns(many=_how_many(rows["key"], rules))
    many = pl.when(is_unknown).then(len(rules)).otherwise("many").cast(pl.Int64)
    rows = rows.with_columns(many=many).filter(pl.col("many") > 0)
    piece = pl.col("many").cum_sum() // MOST
    rows = rows.with_columns(piece=piece).with_columns(
        pl.col("piece").first().over(SUBJECT)
    )
    return rows.partition_by("piece", maintain_order=True)


def _how_many(keys: pl.Series, rules: pl.DataFrame) -> pl.Series:
    """How many rules concern each row, by what is known of it."""
    if "key" in rules.columns:
        counts = rules.group_by("key").agg(pl.len().alias("many"))
        rows = keys.alias("key").to_frame()
        return rows.join(counts, on="key", how="left", maintain_order="left")["many"]
    # A value is in every range that has begun and is not over yet.
    known = keys.fill_null(strategy="zero") if keys.dtype.is_integer() else keys
    begun = rules["low"].sort().search_sorted(known, side="right")
    over = rules["high"].sort().search_sorted(known, side="left")
    return begun.cast(pl.Int64) - over.cast(pl.Int64)
