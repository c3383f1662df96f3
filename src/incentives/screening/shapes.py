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
#: Is told what is wrong: where, what, what to do, and the row of a subject that it is
#: about, None where it is about the table.
Refuse = Callable[[str, str, str | None, int | None], None]


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
    wide: pl.DataFrame, declared: SubjectDeclaration, name: str, refuse: Refuse
) -> tuple[pl.DataFrame, dict[str, Listed]]:
    """
    The columns of the subjects themselves, and the lists that a table holds.

    What is no list, or is given in two ways, is told to ``refuse`` and left out.
    """
    called = {records.label: list_ for list_, records in declared.records.items()}
    called |= {list_: list_ for list_ in declared.records}
    lists: dict[str, Listed] = {}
    own: list[str] = []
    slots: dict[str, list[_Slot]] = {}
    for column in wide.columns:
        list_ = called.get(column)
        if list_ is not None:
            whole = _Cells(wide[column], declared.records[list_], name, refuse)
            if list_ in lists:
                refuse(f"{name}.{column}", f"{list_} is given twice", None, None)
            lists[list_] = whole.listed()
            continue
        found = _SLOT.fullmatch(column)
        of = None if found is None else _list_called(found["list"], declared, called)
        if found is None or of is None:
            own.append(column)
        else:
            slot = _Slot(int(found["slot"] or 0), found["fact"], column)
            slots.setdefault(of, []).append(slot)
    for list_, columns in slots.items():
        if list_ in lists:
            wrong = f"{list_} stands in a column of its own too"
            refuse(f"{name}.{columns[0].column}", wrong, None, None)
        else:
            lists[list_] = _flat(wide, list_, columns, name, refuse)
    return wide.select(own), lists


@frozen(order=True)
class _Slot:
    """A column that holds a fact of the record at one place of a list."""

    place: int
    fact: str
    column: str


def _list_called(
    given: str, declared: SubjectDeclaration, called: Mapping[str, str]
) -> str | None:
    if given in called:
        return called[given]
    binders = (n for n, r in declared.records.items() if r.binder == given)
    return next(binders, None)


@frozen(eq=False)
class _Cells:
    """A list in every cell of a column: records, or single values where it is plain."""

    column: pl.Series
    declared: RecordDeclaration
    name: str
    refuse: Refuse

    def listed(self) -> Listed:
        """The records, one row each; an odd column has none."""
        column = self.column
        if isinstance(column.dtype, pl.Array):
            column = column.arr.to_list()
        if column.dtype == pl.Null:
            return self._of(_NOBODY, given=False)
        inner = column.dtype.inner if isinstance(column.dtype, pl.List) else None
        is_plain = self.declared.plain
        if inner == pl.Null:  # every list is empty
            return self._of(_NOBODY, _given(column))
        if inner is None or isinstance(inner, pl.Struct) == is_plain:
            what = "values" if is_plain else "records"
            wrong = f"expected a list of {what} in every cell, got {column.dtype}"
            path = f"{self.name}.{self.column.name}"
            self.refuse(path, wrong, "leave it out where nothing is known", None)
            return self._of(_NOBODY, given=False)
        numbers = pl.int_range(len(column), eager=True)
        rows = pl.DataFrame({SUBJECT: numbers, "#": column})
        rows = rows.filter(pl.col("#").list.len() > 0).explode("#")
        rows = rows.with_columns(_place())
        if is_plain:
            found = self._of(rows.rename({"#": PLAIN_VALUE}), _given(column))
        else:
            facts = rows["#"].struct.unnest()
            frame = rows.select(SUBJECT, PLACE).hstack(facts)
            found = self._of(frame, _given(column))
        for row in rows["#"].is_null().arg_true():
            subject = int(rows[SUBJECT][row])
            wrong = "expected a record, got null"
            self.refuse(found.where(row), wrong, "leave it out", subject)
        return found

    def _of(
        self, frame: pl.DataFrame, given: bool | pl.Series
    ) -> Listed:  # what it is of
        where = _inside(frame, self.name, self.declared.records)
        return Listed(frame, given, where)


_NOBODY = pl.DataFrame(schema={SUBJECT: pl.Int64, PLACE: pl.Int64})


def _given(column: pl.Series) -> bool | pl.Series:
    """Whether the list of each subject is known: all, none, or which."""
    given = column.is_not_null()
    return True if given.all() else given if given.any() else False


def _flat(
    wide: pl.DataFrame,
    list_: str,
    columns: list[_Slot],
    name: str,
    refuse: Refuse,
) -> Listed:
    """Records spread out in columns: one is there where any of its facts is."""
    types: dict[str, pl.DataType] = {}
    parts = []
    for place, group in groupby(sorted(columns), key=lambda each: each.place):
        named: dict[str, pl.Series] = {}
        for each in group:
            path, column = f"{name}.{each.column}", wide[each.column]
            if column.dtype == pl.Null:  # nothing is said in any row
                continue
            first = types.setdefault(each.fact, column.dtype)
            if each.fact in named:
                refuse(path, f"{each.fact} of this record is given twice", None, None)
            elif column.dtype != first:
                wrong = f"{column.dtype} here, but {first} in another record"
                refuse(path, wrong, "give a fact one type in all of them", None)
            else:
                named[each.fact] = column
        if named:
            numbers = pl.int_range(wide.height, dtype=pl.Int64, eager=True)
            part = pl.DataFrame({SUBJECT: numbers}).with_columns(
                pl.lit(place, dtype=pl.Int64).alias(PLACE), **named
            )
            said = pl.any_horizontal(pl.col(*named).is_not_null())
            parts.append(part.filter(said))
    frame = pl.concat([_NOBODY, *parts], how="diagonal")
    frame = frame.sort(SUBJECT, PLACE, maintain_order=True).with_columns(_place())
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
    strays = joined.filter(pl.col("#number").is_null()).select("#row", key)
    kept = joined.filter(pl.col("#number").is_not_null())
    kept = kept.with_columns(pl.col("#number").cast(pl.Int64).alias(SUBJECT))
    kept = kept.sort(SUBJECT, "#row").with_columns(_place())
    given = kept["#row"]

    def where(row: int) -> str:
        return f"{list_}[{given[row]}]"

    fields = kept.drop("#number", key, "#row")
    return Listed(fields, given=True, where=where), strays.iter_rows()
