"""A batch of subjects: every rule judged in columns, and seen where columns cannot tell."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from attrs import frozen

from ..assessment import Assessment
from ..book import RuleBook
from ..determination import Determination
from ..engines.columns.column import FALSE
from ..engines.columns.frame import Frame
from ..engines.columns.tables import PLACE, SUBJECT, Population
from ..evaluation import evaluate
from ..grouping import Capped, Group, Highest
from ..items import Item, decisive
from ..policy import Outcome, ReasonCode, Rule
from ..verdict import Verdict
from .gathering import records_of
from .judged import OUTCOMES, Judged, judge
from .rows import NOTHING, REASONS, fen

#: What is said of a rule for a subject, with the types of its columns.
SAID = {
    "outcome": pl.UInt8,
    "reason": pl.UInt8,
    "low": pl.Int64,
    "high": pl.Int64,
    "missing": pl.List(pl.String),
    "day": pl.Date,
}


@frozen(eq=False)
class Batch:
    """
    What all rules come to for some subjects of one kind.

    ``totals`` are both ends of what all rules come to together, in fen; ``said`` is,
    for every rule, a row for every subject, and ``items`` a row for every record.
    ``day`` is that of the event by which a rule is dated, null where it is not known:
    of a rule that looks at records, the day is that of each of them.
    """

    totals: pl.DataFrame
    said: Mapping[str, pl.DataFrame]
    items: Mapping[str, pl.DataFrame]


def screened(population: Population, kind: str, book: RuleBook, as_of: date) -> Batch:
    """What every rule of a book comes to for every subject of one kind."""
    due: dict[str, tuple[pl.Series, pl.Series]] = {}
    frame = Frame.of_subjects(population, as_of, due)
    judged: dict[str, Judged] = {}
    see = _nobody(len(population))
    for rule in _in_turn(book):
        if rule.subject != kind:
            continue
        found = judge(rule, frame)
        judged[rule.id] = found
        due[rule.id] = (found.subjects["low"], found.subjects["high"])
        see |= _must_be_seen(rule, found, judged)
    for group in book.groups:
        see |= _contested(group, judged, frame)
    rows = see.arg_true()
    seen: list[Assessment] = []
    if rows.len():
        mappings = records_of(population, rows, book.vocabulary, kind)
        seen = [evaluate(each, as_of=as_of, rules=book) for each in mappings]
    return _with_seen(judged, book, len(population), rows.cast(pl.Int64), seen)


def _nobody(count: int) -> pl.Series:
    return pl.repeat(value=False, n=count, dtype=pl.Boolean, eager=True)


def _in_turn(book: RuleBook) -> Iterator[Rule]:
    """The rules, each after those that it uses, which never go round."""
    done: set[str] = set()

    def after(rule: Rule) -> Iterator[Rule]:
        if rule.id in done:
            return
        for used in rule.uses:
            yield from after(book[used])
        done.add(rule.id)
        yield rule

    for rule in book:
        yield from after(rule)


def _must_be_seen(rule: Rule, found: Judged, judged: Mapping[str, Judged]) -> pl.Series:
    """The subjects of which columns do not tell what the rule comes to."""
    see = found.subjects["see"]
    for used in rule.uses:
        if used in judged:
            see |= judged[used].subjects["see"]
    return see


def _contested(group: Group, judged: Mapping[str, Judged], frame: Frame) -> pl.Series:
    """The subjects for whom a group may make anything less."""
    members = [judged[rule].subjects for rule in group.members if rule in judged]
    if not members:
        return _nobody(frame.height)
    counts = [member["high"].ne_missing(0) for member in members]
    match group.combine:
        case Highest(past=past):
            paid = fen(past.under(*group.members), frame)
            never = FALSE if paid.high is None else (paid.high == 0)
            paid_before = frame.table(paid=~never.fill_null(value=False))["paid"]
            several = sum(
                (c.cast(pl.UInt32) for c in counts[1:]), counts[0].cast(pl.UInt32)
            )
            some = several > 0
            return (several > 1) | (some & paid_before)
        case Capped(room=rooms):
            room = fen(rooms[_kind_of(group, judged)], frame)
            least = frame.table(least=NOTHING if room.low is None else room.low)[
                "least"
            ]
            together = pl.DataFrame(
                {str(n): member["high"] for n, member in enumerate(members)}
            ).select(
                total=pl.when(pl.any_horizontal(pl.all().is_null()))
                .then(None)
                .otherwise(pl.sum_horizontal(pl.all().cast(pl.Int128)))
            )["total"]
            fits = (together <= least.fill_null(0)).fill_null(value=False)
            some = counts[0]
            for each in counts[1:]:
                some |= each
            return some & ~fits


def _kind_of(group: Group, judged: Mapping[str, Judged]) -> str:
    return next(judged[r].rule.subject for r in group.members if r in judged)


# --- subjects that are seen ----------------------------------------------------------------


def _with_seen(
    judged: Mapping[str, Judged],
    book: RuleBook,
    height: int,
    rows: pl.Series,
    seen: Sequence[Assessment],
) -> Batch:
    """With what evaluating some subjects by themselves comes to instead."""
    said: dict[str, pl.DataFrame] = {}
    items: dict[str, pl.DataFrame] = {}
    for rule in book:
        if rule.id not in judged:
            continue
        found = [assessment[rule.id] for assessment in seen]
        subjects = judged[rule.id].subjects.select(*SAID)
        said[rule.id] = _replaced(subjects, rows, [_row(each) for each in found])
        records = judged[rule.id].items
        if records is not None:
            items[rule.id] = _with_records(records, rows, found)
    alone = _totals({rule: judged[rule].subjects for rule in said}, height)
    possible = [(each.possible.low, each.possible.high) for each in seen]
    return Batch(_replaced(alone, rows, possible), said, items)


def _with_records(
    records: pl.DataFrame, rows: pl.Series, found: Sequence[Determination]
) -> pl.DataFrame:
    """The records of some subjects as evaluating these has found them."""
    records = records.select(*SAID, SUBJECT, PLACE)
    if not rows.len():
        return records
    kept = records.filter(~pl.col(SUBJECT).is_in(rows.implode()))
    again = [
        (*_item_row(determination, item), number, _place(item))
        for number, determination in zip(rows.to_list(), found, strict=True)
        for item in determination.items
    ]
    seen = _frame(again, {**SAID, SUBJECT: pl.Int64, PLACE: pl.Int64})
    return pl.concat([kept, seen]).sort(SUBJECT, PLACE)


def _totals(said: Mapping[str, pl.DataFrame], height: int) -> pl.DataFrame:
    """Both ends of what all rules come to, where no group makes it less."""
    ends = {}
    for end in ("low", "high"):
        parts = [each[end].rename(str(n)) for n, each in enumerate(said.values())]
        table = (
            pl.DataFrame(parts)
            if parts
            else pl.DataFrame({"0": pl.zeros(height, dtype=pl.Int64, eager=True)})
        )
        ends[end] = table.select(
            pl.when(pl.any_horizontal(pl.all().is_null()))
            .then(None)
            .otherwise(pl.sum_horizontal(pl.all()))
            .alias(end)
        )[end]
    return pl.DataFrame(ends)


def _replaced(
    table: pl.DataFrame, rows: pl.Series, by: Sequence[tuple[object, ...]]
) -> pl.DataFrame:
    """A table with some of its rows said anew."""
    if not rows.len():
        return table
    new = _frame(by, dict(table.schema)).with_columns(rows.alias("#row"))
    old = table.with_row_index("#row").with_columns(pl.col("#row").cast(pl.Int64))
    old = old.filter(~pl.col("#row").is_in(rows.implode()))
    both = pl.concat([old.select(*table.columns, "#row"), new])
    return both.sort("#row").drop("#row")


def _frame(
    rows: Sequence[tuple[object, ...]], schema: Mapping[str, Any]
) -> pl.DataFrame:
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    return pl.DataFrame(
        {
            name: pl.Series(values, dtype=dtype)
            for (name, dtype), values in zip(schema.items(), columns, strict=True)
        }
    )


def _row(determination: Determination) -> tuple[object, ...]:
    """What is said of a rule for a subject."""
    code = determination.reason_code
    payable = determination.payable
    missing = list(determination.missing)
    return (
        OUTCOMES.index(determination.outcome),
        None if code is None else REASONS.index(code),
        payable.low,
        payable.high,
        missing or None,
        determination.leading.dated if determination.rule.each is None else None,
    )


def _item_row(determination: Determination, item: Item) -> tuple[object, ...]:
    """What is said of a rule at a record."""
    missing = list(item.missing)
    return (
        OUTCOMES.index(item.outcome),
        REASONS.index(item_reason(determination.rule, item)),
        item.known.low,
        item.known.high,
        missing or None,
        item.dated,
    )


def item_reason(rule: Rule, item: Item) -> ReasonCode:
    """What decides at a record: the first requirement that is not met."""
    if item.code is not None:
        return item.code
    first = next(iter(_by_weight(item)), None)
    if first is not None:
        return first
    if item.outcome is Outcome.UNDETERMINED:
        return (
            ReasonCode.FACT_MISSING
            if item.missing
            else ReasonCode.EFFECTIVE_DATE_UNKNOWN
        )
    return ReasonCode.CONDITION_MET


def _by_weight(item: Item) -> Iterator[ReasonCode]:
    for verdict in (Verdict.UNMET, Verdict.UNKNOWN):
        for ground in decisive(item):
            if ground.found.verdict is verdict:
                yield ground.code


def _place(item: Item) -> int:
    return int(item.path.rpartition("[")[2].rstrip("]"))
