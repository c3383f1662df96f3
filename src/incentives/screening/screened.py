"""A batch of subjects: every rule judged in columns, and seen where columns cannot tell."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, assert_never

import polars as pl

from attrs import evolve, field, frozen

from ..book import RuleBook
from ..dates import NEVER
from ..determination import Determination
from ..engines.columns.frame import Frame
from ..engines.columns.tables import PLACE, SUBJECT, Population
from ..evaluation import ENGINES, Inquiry
from ..grouping import Capped, Group, Highest
from ..items import Item, decisive, facts_only
from ..policy import Outcome, ReasonCode, Rule
from ..structuring import subject_of
from ..verdict import Verdict
from .alike import Alike
from .gathering import records_of
from .judged import Judged, judge
from .rows import OUTCOMES, REASONS, fen
from .together import RULE, judged_together

#: So many rules are looked at in one pass over the columns, to bound the memory.
AT_ONCE = 32

#: What is said of a rule for a subject, with the types of its columns.
SAID = {
    "outcome": pl.UInt8,
    "reason": pl.UInt8,
    "low": pl.Int64,
    "high": pl.Int64,
    "missing": pl.List(pl.String),
    "day": pl.Date,
}
#: The same of some subjects and rules.
SOME: Mapping[str, Any] = {SUBJECT: pl.Int64, RULE: pl.Int64, **SAID}


@frozen(eq=False)
class Batch:
    """
    What all rules come to for some subjects of one kind.

    ``totals`` are both ends of what all rules come to together, in fen; ``said`` is,
    for every rule, a row for every subject, and ``items`` a row for every record. Of
    rules that are judged together, ``some`` has a row for each subject and rule where
    something is due, or may be, by where the rule stands in the book.
    ``day`` is that of the event by which a rule is dated, null where it is not known:
    of a rule that looks at records, the day is that of each of them.
    """

    totals: pl.DataFrame
    said: Mapping[str, pl.DataFrame]
    items: Mapping[str, pl.DataFrame]
    some: pl.DataFrame = field(factory=lambda: pl.DataFrame(schema=SOME))


def screened(
    population: Population,
    kind: str,
    book: RuleBook,
    as_of: date,
    groups: Sequence[Alike] = (),
) -> Batch:
    """
    What every rule of a book comes to for every subject of one kind.

    The rules of ``groups`` are judged together, the others one by one.
    """
    due: dict[str, tuple[pl.Series, pl.Series]] = {}
    frame = Frame.of_subjects(population, as_of, due)
    judged: dict[str, Judged] = {}
    together = {book.rules[place].id for each in groups for place in each.places}
    begun: dict[str, Callable[[], Judged]] = {}

    def finish() -> None:
        for name, finished in begun.items():
            judged[name] = found = _with_used(book[name], finished(), judged)
            due[name] = (found.subjects["low"], found.subjects["high"])
        begun.clear()

    for rule in _in_turn(book):
        if rule.subject != kind:
            nothing = pl.zeros(len(population), dtype=pl.Int64, eager=True)
            due[rule.id] = (nothing, nothing)
        elif rule.id not in together:
            if rule.uses or len(begun) >= AT_ONCE:
                finish()
            begun[rule.id] = judge(rule, frame)
    finish()
    contested = _nobody(len(population))
    for group in book.groups:
        contested |= _contested(group, judged, frame)
    some = [judged_together(each, frame) for each in groups]
    seer = _Seer(population, kind, book, as_of)
    return _with_seen(judged, pl.concat(some) if some else None, contested, seer)


@frozen(eq=False)
class _Seer:
    """Looks at the records of some subjects by themselves."""

    population: Population
    kind: str
    book: RuleBook
    as_of: date

    def inquiries(self, rows: pl.Series) -> dict[int, Inquiry]:
        """The subjects in some rows, ready to be asked about."""
        if not rows.len():
            return {}
        words = self.book.vocabulary
        records = records_of(self.population, rows, words, self.kind)
        engine = ENGINES["compiled"]
        return {
            row: Inquiry(subject_of(record, self.book), self.as_of, self.book, engine)
            for row, record in zip(rows.to_list(), records, strict=True)
        }


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


def _with_used(rule: Rule, found: Judged, judged: Mapping[str, Judged]) -> Judged:
    """With whom columns cannot tell because of the rules that a rule uses."""
    see = found.subjects["see"]
    if not rule.uses:
        return found
    for used in judged.keys() & rule.uses:
        see |= judged[used].subjects["see"]
    return evolve(found, subjects=found.subjects.with_columns(see=see))


def _contested(group: Group, judged: Mapping[str, Judged], frame: Frame) -> pl.Series:
    """The subjects for whom a group may make anything less."""
    members = [judged[rule].subjects for rule in group.members if rule in judged]
    if not members:
        return _nobody(frame.height)
    counts = [member["high"].ne_missing(0) | member["see"] for member in members]
    vague = _any([member["see"] for member in members])
    match group.combine:
        case Highest(past=past):
            paid = fen(past.under(*group.members), frame)
            never = paid.high == 0
            paid_before = frame.table(paid=~never.fill_null(value=False))["paid"]
            several = sum(
                (c.cast(pl.UInt32) for c in counts[1:]), counts[0].cast(pl.UInt32)
            )
            some = several > 0
            return (several > 1) | (some & paid_before) | vague
        case Capped(room=rooms):
            room = fen(rooms[_kind_of(group, judged)], frame)
            least = frame.table(least=room.low)["least"]
            together = pl.DataFrame(
                {str(n): member["high"] for n, member in enumerate(members)}
            ).select(
                total=pl.when(pl.any_horizontal(pl.all().is_null()))
                .then(None)
                .otherwise(pl.sum_horizontal(pl.all().cast(pl.Int128)))
            )["total"]
            fits = (together <= least.fill_null(0)).fill_null(value=False)
            return (_any(counts) & ~fits) | vague
        case _:
            assert_never(group.combine)


def _any(parts: Sequence[pl.Series]) -> pl.Series:
    """Where any of several is true; most are so nowhere."""
    found = parts[0]
    for each in parts[1:]:
        if each.any():
            found = found | each
    return found


def _where(truths: pl.Series) -> pl.Series:
    """The numbers of the rows where something is so."""
    return truths.arg_true().cast(pl.Int64)


def _kind_of(group: Group, judged: Mapping[str, Judged]) -> str:
    return next(judged[r].rule.subject for r in group.members if r in judged)


# --- subjects that are seen ----------------------------------------------------------------


def _with_seen(
    judged: Mapping[str, Judged],
    together: pl.DataFrame | None,
    contested: pl.Series,
    seer: _Seer,
) -> Batch:
    """With what some records, looked at by themselves, come to instead."""
    height = contested.len()
    vague = [contested, *(each.subjects["see"] for each in judged.values())]
    if together is not None:
        vague.append(_numbered(together.filter("see")[SUBJECT], height))
    asked = seer.inquiries(_where(_any(vague)))
    whole = set(contested.arg_true().to_list())
    assessed = {row: asked[row].assess() for row in whole}
    said: dict[str, pl.DataFrame] = {}
    items: dict[str, pl.DataFrame] = {}
    for rule in seer.book:
        if rule.id not in judged:
            continue
        subjects, records = judged[rule.id].subjects, judged[rule.id].items
        rows = _where(_any([contested, subjects["see"]]))
        found = [
            assessed[row][rule.id] if row in whole else asked[row].one(rule.id)
            for row in rows.to_list()
        ]
        table = subjects[list(SAID)]
        said[rule.id] = _replaced(table, rows, [_row(each) for each in found])
        if records is not None:
            items[rule.id] = _with_records(records, rows, found)
    possible = [
        (each.possible.low, each.possible.high) for _, each in sorted(assessed.items())
    ]
    rows = _where(contested)
    totals = _totals(said, height)
    if together is None:
        return Batch(_replaced(totals, rows, possible), said, items)
    due = _some(together, asked, seer.book)
    totals = _with_some(totals, due)
    return Batch(_replaced(totals, rows, possible), said, items, due)


def _numbered(rows: pl.Series, height: int) -> pl.Series:
    """Whether each number up to one is among some."""
    return pl.int_range(height, eager=True).is_in(rows.unique().implode())


def _some(
    together: pl.DataFrame, asked: Mapping[int, Inquiry], book: RuleBook
) -> pl.DataFrame:
    """What is due or may be, with what is seen at the records themselves."""
    rules = book.rules
    vague = together.filter("see").select(SUBJECT, RULE)
    seen = [
        (row, rule, *_row(asked[row].one(rules[rule].id)))
        for row, rule in vague.iter_rows()
    ]
    clear = together.filter(~pl.col("see")).select(*SOME)
    both = pl.concat([clear, _frame(seen, SOME)])
    is_out = pl.col("outcome") == OUTCOMES.index(Outcome.INELIGIBLE)
    return both.filter(~is_out).sort(RULE, SUBJECT)


def _with_some(totals: pl.DataFrame, some: pl.DataFrame) -> pl.DataFrame:
    """Totals with what rules come to that were judged together."""
    ends = ("low", "high")
    sums = some.group_by(SUBJECT).agg(
        pl.when(pl.col(end).is_null().any())
        .then(None)
        .otherwise(pl.col(end).sum())
        .alias(end)
        for end in ends
    )
    numbered = totals.with_row_index(SUBJECT).cast({SUBJECT: pl.Int64})
    both = numbered.join(
        sums.with_columns(any=True),
        on=SUBJECT,
        how="left",
        maintain_order="left",
        suffix=" more",
    )
    more = (pl.when("any").then(pl.col(f"{end} more")).otherwise(0) for end in ends)
    return both.select(
        (pl.col(end) + each).alias(end) for end, each in zip(ends, more, strict=True)
    )


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
    if not said:
        nothing = pl.zeros(height, dtype=pl.Int64, eager=True)
        return pl.DataFrame({"low": nothing, "high": nothing})
    parts = {
        f"{end} {rule}": table[end]
        for end in ("low", "high")
        for rule, table in said.items()
    }
    return pl.DataFrame(parts).select(
        _added(end, {name for name in parts if parts[name].null_count()}, list(said))
        for end in ("low", "high")
    )


def _added(end: str, open_: Collection[str], rules: Sequence[str]) -> pl.Expr:
    """The sum of the ends of rules, which has none where one of them has none."""
    names = [f"{end} {rule}" for rule in rules]
    total = pl.sum_horizontal(names)
    nowhere = [pl.col(name).is_null() for name in names if name in open_]
    if nowhere:
        total = pl.when(pl.any_horizontal(nowhere)).then(None).otherwise(total)
    return total.alias(end)


def _replaced(
    table: pl.DataFrame, rows: pl.Series, by: Sequence[tuple[object, ...]]
) -> pl.DataFrame:
    """A table with some of its rows said anew."""
    if not rows.len():
        return table
    new = _frame(by, dict(table.schema))
    numbers = pl.int_range(table.height, dtype=pl.Int64, eager=True)
    later = pl.int_range(rows.len(), dtype=pl.Int64, eager=True) + table.height
    return pl.concat([table, new])[numbers.scatter(rows, later)]


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
        _day(determination.leading) if determination.rule.each is None else None,
    )


def _day(item: Item) -> date | None:
    """The day of its event, if that is known and has come or will."""
    return None if item.dated == NEVER else item.dated


def _item_row(determination: Determination, item: Item) -> tuple[object, ...]:
    """What is said of a rule at a record."""
    missing = list(item.missing)
    return (
        OUTCOMES.index(item.outcome),
        REASONS.index(item_reason(item)),
        item.known.low,
        item.known.high,
        missing or None,
        _day(item),
    )


def item_reason(item: Item) -> ReasonCode:
    """
    What decides at a record: the first requirement that is not met.

    Before that, as of the rule itself, what an amount needs that no requirement asks.
    """
    if item.code is not None:
        return item.code
    open_ = item.outcome is Outcome.UNDETERMINED
    told = {path for ground in item.grounds for path in ground.found.missing}
    if open_ and facts_only(item.known.missing - told):
        return ReasonCode.FACT_MISSING
    first = next(iter(_by_weight(item)), None)
    if first is not None:
        return first
    return ReasonCode.EFFECTIVE_DATE_UNKNOWN if open_ else ReasonCode.CONDITION_MET


def _by_weight(item: Item) -> Iterator[ReasonCode]:
    for verdict in (Verdict.UNMET, Verdict.UNKNOWN):
        for ground in decisive(item):
            if ground.found.verdict is verdict:
                yield ground.code


def _place(item: Item) -> int:
    return int(item.path.rpartition("[")[2].rstrip("]"))
