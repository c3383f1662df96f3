"""Records as typed tables, and single subjects back out of them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Any

import polars as pl

from ..engines.columns.tables import PLACE, SUBJECT, Population, Records, Table
from ..errors import Mistake, RecordError
from ..facts import County, Enterprise, Record
from ..ir import Kind
from ..vocabulary import (
    PLAIN_VALUE,
    FactDeclaration,
    SubjectDeclaration,
    Vocabulary,
    YearlyFigures,
)

#: How the values of a fact are stored.
DTYPES: Mapping[Kind, Any] = {
    Kind.TEXT: pl.String,
    Kind.BOOLEAN: pl.Boolean,
    Kind.DATE: pl.Date,
    Kind.MONEY: pl.Int64,
    Kind.NUMBER: pl.Int64,
    Kind.RATE: pl.Int64,
    Kind.YEAR: pl.Int64,
}


def gathered(
    subjects: Sequence[Enterprise | County], declared: SubjectDeclaration
) -> Population:
    """
    Subjects of one kind, already read, as tables.

    Raises :class:`RecordError` for numbers that fit in no column together.
    """
    wrong: list[Mistake] = []
    lists = {}
    for name, records in declared.records.items():
        given = [subject.fact(name) for subject in subjects]
        rows = [
            (number, place, record)
            for number, each in enumerate(given)
            for place, record in enumerate(each if isinstance(each, tuple) else ())
        ]
        paths = [f"{subjects[n].id}: {name}[{place}]." for n, place, _ in rows]
        found = [record for *_, record in rows]
        table = _table(found, records.fields, paths, wrong)
        where = pl.DataFrame(
            {
                SUBJECT: pl.Series([number for number, *_ in rows], dtype=pl.Int64),
                PLACE: pl.Series([place for _, place, _ in rows], dtype=pl.Int64),
            }
        )
        known = pl.Series([each is not None for each in given], dtype=pl.Boolean)
        lists[name] = Records(
            Table(where.hstack(table.frame), table.scales),
            given=True if known.all() else known if known.any() else False,
        )
    own = [f"{subject.id}: " for subject in subjects]
    table = _table(subjects, declared.facts, own, wrong)
    if wrong:
        raise RecordError(wrong)
    return Population(table, lists)


def _table(
    records: Sequence[Record],
    facts: Mapping[str, FactDeclaration],
    paths: Sequence[str],
    wrong: list[Mistake],
) -> Table:
    """A column for every fact of which anything is known; what does not fit is told."""
    columns: dict[str, list[Any]] = {}
    for number, record in enumerate(records):
        for name, value in _values(record, facts):
            column = columns.setdefault(name, [None] * len(records))
            column[number] = value
    frame, scales = {}, {}
    for name, values in columns.items():
        kind = facts[name.partition("[")[0]].kind
        if kind in {Kind.NUMBER, Kind.RATE}:
            for place in too_fine(values):
                values[place] = None
                wrong.append(Mistake(f"{paths[place]}{name}", TOO_FINE, FEWER))
        frame[name], scale = series(values, kind)
        if scale != 1:
            scales[name] = scale
    empty = pl.DataFrame({"#row": pl.int_range(len(records), eager=True)})
    table = (
        empty.with_columns(**frame).drop("#row")
        if frame
        else empty.rename({"#row": "#"})
    )
    return Table(table, scales)


def _values(
    record: Record, facts: Mapping[str, FactDeclaration]
) -> Iterable[tuple[str, object]]:
    for name in facts:
        value = record.fact(name)
        if isinstance(value, YearlyFigures):
            for year, figure in value.figures:
                yield f"{name}[{year}]", figure
        elif value is not None:
            yield name, value


def series(values: Sequence[Any], kind: Kind) -> tuple[pl.Series, Fraction]:
    """
    Values as engines store them, and by what whole numbers must be multiplied.

    Numbers must fit together in one column, as :func:`too_fine` tells.
    """
    if kind is Kind.MONEY:
        fen = [None if v is None else int(Fraction(v) * 100) for v in values]
        return pl.Series(fen, dtype=pl.Int64), Fraction(1)
    if kind in {Kind.NUMBER, Kind.RATE}:
        exact = [None if v is None else Fraction(v) for v in values]
        over = lcm(*(v.denominator for v in exact if v is not None))
        whole = [None if v is None else int(v * over) for v in exact]
        large = any(v is not None and abs(v) >= 2**63 for v in whole)
        dtype = pl.Int128 if large else pl.Int64
        return pl.Series(whole, dtype=dtype), Fraction(1, over)
    return pl.Series(values, dtype=DTYPES[kind]), Fraction(1)


#: All numbers of a column are whole multiples of one part, no finer than this: then
#: they fit in 128 bits, however large the numbers of records may be.
_FINEST = 10**18


def too_fine(values: Sequence[Any]) -> list[int]:
    """Where numbers stand that do not fit in one column with those before them."""
    over, found = 1, []
    for place, value in enumerate(values):
        if value is None:
            continue
        finer = lcm(over, Fraction(value).denominator)
        if finer > _FINEST:
            found.append(place)
        else:
            over = finer
    return found


#: What to say of such a number.
TOO_FINE = "a number too fine to stand with the others of its column"
FEWER = "write fewer decimals"


# --- and back ----------------------------------------------------------------------------


def records_of(
    population: Population, rows: Iterable[int], vocabulary: Vocabulary, kind: str
) -> list[dict[str, Any]]:
    """
    Some subjects of a kind as plain mappings, which reading gives back as they were.

    Who does not say what kind of subject it is would be read as an enterprise: what
    only one kind of subject can be is said.
    """
    declared = vocabulary[kind]
    numbers = pl.Series(list(rows), dtype=pl.Int64)
    some = population.only(numbers)
    found = _mappings(some.table, declared.facts)
    kinds = declared.facts["kind"].values
    if len(kinds) == 1:
        found = [{"kind": kinds[0].value, **mapping} for mapping in found]
    for name, records in some.lists.items():
        fields = declared.records[name]
        given = records.given
        for number, mapping in enumerate(found):
            if given is True or (given is not False and given[number]):
                mapping[name] = []
        if records.table.frame.is_empty():
            continue
        subjects = records.subjects.to_list()
        for number, record in zip(
            subjects, _mappings(records.table, fields.fields), strict=True
        ):
            value = record.get(PLAIN_VALUE) if fields.plain else record
            found[number][name].append(value)
    return found


def _mappings(
    table: Table, facts: Mapping[str, FactDeclaration]
) -> list[dict[str, Any]]:
    names = [n for n in table.frame.columns if n.partition("[")[0] in facts]
    found: list[dict[str, Any]] = [{} for _ in range(table.frame.height)]
    for name in names:
        stem, bracket, year = name.partition("[")
        kind = facts[stem].kind
        scale = table.scales.get(name, Fraction(1))
        for mapping, value in zip(found, table.frame[name].to_list(), strict=True):
            if value is None:
                continue
            plain = _plain(value, kind, scale)
            if bracket:
                mapping.setdefault(stem, {})[year.rstrip("]")] = plain
            else:
                mapping[stem] = plain
    return found


def _plain(value: Any, kind: Kind, scale: Fraction) -> Any:
    if kind is Kind.MONEY:
        return Decimal(value) / 100
    if kind is Kind.RATE:
        return value * scale
    if kind is Kind.NUMBER:
        exact = value * scale
        return Decimal(exact.numerator) / Decimal(exact.denominator)
    if isinstance(value, date) and value == date.max:
        return False
    return value
