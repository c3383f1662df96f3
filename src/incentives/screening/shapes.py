"""The shapes of tables: lists nested in a wide one, spread out in it, or keyed."""

import re

from collections.abc import Callable, Iterator, Mapping
from itertools import groupby

import polars as pl

from attrs import frozen

from ..engines.columns.tables import PLACE, SUBJECT
from ..readers import is_year
from ..vocabulary import (
    PLAIN_VALUE,
    FactDeclaration,
    RecordDeclaration,
    SubjectDeclaration,
)

#: A column of one record of a list: `platforms[0].chain`, `platform.chain`.
_SLOT = re.compile(r"(?P<list>[^.\[\]]+)(?:\[(?P<slot>\d{1,4})\])?\.(?P<fact>.+)")
_YEARLY = re.compile(r"(?P<fact>.+?)(?:\[(?P<year>\d{4})\]|_(?P<other>\d{4}))")

#: Says where a row of a table stands, for whoever looks for it.
Where = Callable[[int], str]


@frozen(eq=False)
class Listed:
    """
    A list of records as it was given, one row each.

    ``frame`` has whose record it is, its place in the list, and facts that are not
    read yet; ``given`` is whether the list of each subject is known, and ``where``
    says where a row of it stands.
    """

    frame: pl.DataFrame
    given: bool | pl.Series
    where: Where


def fact_of(
    column: str, facts: Mapping[str, FactDeclaration]
) -> tuple[str | None, int | None]:
    """The fact that a column holds, by its name or its label, and for which year."""
    names = {declared.label: name for name, declared in facts.items()}
    names |= {name: name for name in facts}
    if column in names and not facts[names[column]].yearly:
        return names[column], None
    found = _YEARLY.fullmatch(column)
    if found is None:
        return None, None
    year = found["year"] or found["other"]
    name = names.get(found["fact"])
    if name is None or not facts[name].yearly or not is_year(year):
        return None, None
    return name, int(year)


def spread(
    wide: pl.DataFrame, declared: SubjectDeclaration, name: str
) -> tuple[pl.DataFrame, dict[str, Listed]]:
    """The columns of the subjects themselves, and the lists that a table holds."""
    called = {records.label: list_ for list_, records in declared.records.items()}
    called |= {list_: list_ for list_ in declared.records}
    lists: dict[str, Listed] = {}
    own: list[str] = []
    slots: dict[str, list[tuple[int, str, str]]] = {}
    for column in wide.columns:
        list_ = called.get(column)
        if list_ is not None:
            lists[list_] = _nested(wide[column], declared.records[list_], name)
            continue
        found = _SLOT.fullmatch(column)
        of = None if found is None else _list_called(found["list"], declared, called)
        if found is None or of is None:
            own.append(column)
            continue
        slot = int(found["slot"] or 0)
        slots.setdefault(of, []).append((slot, found["fact"], column))
    for list_, columns in slots.items():
        if list_ not in lists:
            lists[list_] = _flat(wide, list_, columns, name)
    return wide.select(own), lists


def _list_called(
    given: str, declared: SubjectDeclaration, called: Mapping[str, str]
) -> str | None:
    if given in called:
        return called[given]
    binders = (n for n, r in declared.records.items() if r.binder == given)
    return next(binders, None)


def _nested(column: pl.Series, declared: RecordDeclaration, name: str) -> Listed:
    """A list in every cell: records, or single values where it is plain."""
    given = column.is_not_null()
    rows = pl.DataFrame({SUBJECT: pl.int_range(len(column), eager=True), "#": column})
    if column.dtype == pl.Null:
        empty = rows.select(SUBJECT, PLACE=pl.lit(0)).clear()
        return Listed(
            empty.rename({"PLACE": PLACE}), given=False, where=_inside(empty, name, "")
        )
    rows = rows.filter(pl.col("#").list.len() > 0).explode("#")
    rows = rows.with_columns(_place())
    if declared.plain:
        frame = rows.rename({"#": PLAIN_VALUE})
    else:
        frame = rows.select(SUBJECT, PLACE).hstack(rows["#"].struct.unnest())
    return Listed(
        frame,
        True if given.all() else given if given.any() else False,
        _inside(frame, name, declared.records),
    )


def _flat(
    wide: pl.DataFrame, list_: str, columns: list[tuple[int, str, str]], name: str
) -> Listed:
    """Records spread out in columns: one is there where any of its facts is."""
    parts = []
    for slot, group in groupby(sorted(columns), key=lambda each: each[0]):
        named = {fact: column for _, fact, column in group}
        part = wide.select(
            pl.int_range(pl.len()).alias(SUBJECT),
            pl.lit(slot, dtype=pl.Int64).alias(PLACE),
            *(pl.col(column).alias(fact) for fact, column in named.items()),
        )
        parts.append(part.filter(pl.any_horizontal(pl.col(*named).is_not_null())))
    frame = pl.concat(parts, how="diagonal").sort(SUBJECT, PLACE, maintain_order=True)
    frame = frame.with_columns(_place())
    return Listed(frame, given=True, where=_inside(frame, name, list_))


def _place() -> pl.Expr:
    """The place of each record among those of its subject, from 0."""
    return pl.int_range(pl.len()).over(SUBJECT).cast(pl.Int64).alias(PLACE)


def _inside(frame: pl.DataFrame, name: str, list_: str) -> Where:
    def where(row: int) -> str:
        return f"{name}[{frame[SUBJECT][row]}].{list_}[{frame[PLACE][row]}]"

    return where


def keyed(
    frame: pl.DataFrame, key: str, numbers: pl.DataFrame, list_: str
) -> tuple[Listed, Iterator[tuple[int, object]]]:
    """A table of its own, with the rows that belong to nobody."""
    rows = frame.with_row_index("#row").with_columns(pl.col(key).cast(pl.String))
    joined = rows.join(
        numbers, left_on=key, right_on="id", how="left", maintain_order="left"
    )
    strays = joined.filter(pl.col("number").is_null()).select("#row", key)
    kept = joined.filter(pl.col("number").is_not_null())
    kept = kept.with_columns(pl.col("number").cast(pl.Int64).alias(SUBJECT))
    kept = kept.sort(SUBJECT, "#row").with_columns(_place())
    given = kept["#row"]

    def where(row: int) -> str:
        return f"{list_}[{given[row]}]"

    fields = kept.drop("number", key, "#row")
    return Listed(fields, given=True, where=where), strays.iter_rows()
