"""
A registry as its owner keeps it, and as tables that rules can read.

Two shapes: normalised tables, one of subjects and one for each list of records, keyed
by whose records they are; or one wide table, with lists nested in it or spread out in
columns such as ``platforms[0].chain``.
"""

import re

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import polars as pl

from attrs import evolve, field, frozen

from ..book import RuleBook
from ..engines.columns.tables import PLACE, SUBJECT, Population, Records, Table
from ..errors import Mistake, RecordError, UsageError, did_you_mean, one_of
from ..fields import MISSING_ID
from ..readers import shown
from ..record_checks import MAX_RECORDS, meant
from ..vocabulary import FactDeclaration, RecordDeclaration, SubjectDeclaration
from .reading import read
from .shapes import Listed, fact_of, keyed, spread

#: What the table of the subjects of a kind is called, in either language.
SUBJECTS = {
    "enterprise": ("enterprises", "企业", "enterprise"),
    "county": ("counties", "县域", "county"),
}
#: Rows that a message names of those with one and the same mistake.
_SHOWN = 5


@frozen
class Rejected:
    """
    What is wrong with a registry: where, what, and what to do.

    ``subject`` is the row, from 0, of the subject that it is about; None where it is
    about no single one. ``fatal`` is what no row can be left out for.
    """

    mistake: Mistake
    subject: int | None = None
    fatal: bool = False


@frozen(eq=False)
class Registry:
    """
    Subjects of one kind, read: ``ids`` in their order, and what is known of them.

    ``rejected`` are the mistakes of what was left out.
    """

    kind: str
    ids: pl.Series
    population: Population
    rejected: tuple[Rejected, ...] = ()


def registry_of(  # noqa: PLR0913  # how to read
    tables: Mapping[str, pl.DataFrame],
    kind: str,
    book: RuleBook,
    *,
    strict: bool = True,
    ignore: Iterable[str] = (),
    texts: bool = False,
) -> Registry:
    """
    The registry that tables hold: of subjects, and one for each list of records.

    Not ``strict``, subjects with mistakes are left out, and told as rejected. Where
    tables come from files of ``texts``, numbers and truths are read from them.

    Raises :class:`RecordError` with every mistake, :class:`UsageError` for a table
    that nobody knows.
    """
    door = _Door(book, kind, frozenset(ignore), texts)
    registry = door.registry(tables)
    fatal = [each for each in door.wrong if strict or each.fatal]
    if fatal:
        raise RecordError(sorted(_told(fatal), key=_columns_first))
    return _without(registry, door.wrong)


def names_of(kind: str, declared: SubjectDeclaration) -> dict[str, str]:
    """What tables may be called, and which table each name means."""
    names = dict.fromkeys(SUBJECTS[kind], SUBJECTS[kind][0])
    for name, records in declared.records.items():
        names |= {name: name, records.label: name}
    return names


def key_of(
    name: str, columns: Sequence[str], kind: str, declared: SubjectDeclaration
) -> str | None:
    """The column that says whose record a row of a list is."""
    names = [f"{kind}_id", "subject_id", declared.facts["id"].label]
    if "id" not in declared.records[name].fields:
        names.append("id")
    return next((each for each in names if each in columns), None)


def _columns_first(mistake: Mistake) -> bool:
    """What is wrong with a table as a whole before what is wrong in its rows."""
    return "[" in mistake.path


def _told(wrong: Iterable[Rejected]) -> Iterator[Mistake]:
    """The mistakes; of those that are one and the same in many rows, a few."""
    alike: dict[tuple[str, str], list[Mistake]] = {}
    for each in wrong:
        mistake = each.mistake
        column = re.sub(r"\[\d+\]", "[]", mistake.path)
        alike.setdefault((column, mistake.message), []).append(mistake)
    for mistakes in alike.values():
        yield from mistakes[:_SHOWN]
        more = len(mistakes) - _SHOWN
        if more > 0:
            last = mistakes[_SHOWN]
            yield evolve(last, message=f"{last.message} ({more} such rows in all)")


def _without(registry: Registry, wrong: Sequence[Rejected]) -> Registry:
    """The same without the subjects with whose rows something is wrong."""
    out = {each.subject for each in wrong if each.subject is not None}
    if not wrong:
        return registry
    rows = [row for row in range(len(registry.ids)) if row not in out]
    kept = pl.Series(rows, dtype=pl.Int64)
    return Registry(
        registry.kind,
        registry.ids.gather(kept),
        registry.population.only(kept),
        tuple(wrong),
    )


@frozen(eq=False)
class _Door:
    """Reads tables, and collects all that is wrong with them."""

    book: RuleBook
    kind: str
    ignore: frozenset[str]
    texts: bool
    wrong: list[Rejected] = field(factory=list)

    @property
    def declared(self) -> SubjectDeclaration:
        return self.book.vocabulary[self.kind]

    @property
    def name(self) -> str:
        """What the table of the subjects is called."""
        return SUBJECTS[self.kind][0]

    def registry(self, tables: Mapping[str, pl.DataFrame]) -> Registry:
        named = self._named(tables)
        wide = named.pop(self.name)
        own, lists = spread(wide, self.declared, self.name, self._odd_shape)
        whole = Listed(own, given=True, where=lambda row: f"{self.name}[{row}]")
        subjects = self._table(whole, self.declared.facts, lambda row: row)
        ids = self._ids(subjects)
        numbers = pl.DataFrame({"id": ids}).with_row_index("#number")
        if named and not _all_differ(ids):
            numbers = numbers.filter(pl.col("id").is_first_distinct())
        for name, frame in named.items():
            if name in lists:
                self._refuse(name, "given in the wide table and in one of its own")
            lists[name] = self._keyed(name, frame, numbers)
        given = {
            name: self._records(self.declared.records[name], listed)
            for name, listed in lists.items()
        }
        silent = {
            name: Records(
                Table(pl.DataFrame(schema={SUBJECT: pl.Int64, PLACE: pl.Int64}))
            )
            for name, records in self.declared.records.items()
            if records.closed and name not in given
        }
        return Registry(self.kind, ids, Population(subjects, {**silent, **given}))

    def _refuse(
        self,
        path: str,
        why: str,
        hint: str | None = None,
        subject: int | None = None,
        *,
        fatal: bool = True,
    ) -> None:
        self.wrong.append(Rejected(Mistake(path, why, hint), subject, fatal))

    def _odd_shape(
        self, path: str, why: str, hint: str | None, subject: int | None
    ) -> None:
        self._refuse(path, why, hint, subject, fatal=subject is None)

    # --- tables ----------------------------------------------------------------------

    def _named(self, tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
        """The tables by their English names."""
        names = names_of(self.kind, self.declared)
        found: dict[str, pl.DataFrame] = {}
        problems = []
        for given, frame in tables.items():
            known = names.get(given)
            if known is None:
                hint = did_you_mean(str(given), names) or one_of(list(names))
                problems.append(f"unknown table {shown(given)}, {hint}")
            elif known in found:
                problems.append(f"table {known!r} is given twice")
            else:
                found[known] = frame
        if self.name not in found:
            problems.append(f"no table {self.name!r} of the subjects")
        if problems:
            raise UsageError("\n".join(problems))
        return found

    def _keyed(self, name: str, frame: pl.DataFrame, numbers: pl.DataFrame) -> Listed:
        """The records of a table of its own, by whose they are."""
        key = key_of(name, frame.columns, self.kind, self.declared)
        if key is None:
            label = self.declared.facts["id"].label
            hint = f"name it {self.kind}_id or {label}"
            self._refuse(f"{name}.{self.kind}_id", "no column says whose", hint)
            frame = frame.clear().with_columns(pl.lit(None).alias("#whose"))
            key = "#whose"
        listed, strays = keyed(frame, key, numbers, name)
        for row, whose in strays:
            path = f"{name}[{row}].{key}"
            why = f"{shown(whose)} is in no row of {self.name}"
            self._refuse(path, why, fatal=False)
        return listed

    def _table(
        self,
        listed: Listed,
        facts: Mapping[str, FactDeclaration],
        subject_of: Callable[[int], int],
    ) -> Table:
        """The columns that are facts, read."""
        columns: dict[str, pl.Series] = {}
        scales = {}
        table = (
            re.sub(r"\[\d+\]$", "", listed.where(0))
            if listed.frame.height
            else self.name
        )
        for given in listed.frame.columns:
            if given in self.ignore or given.startswith("#"):
                continue
            fact, year = fact_of(given, facts)
            if fact is None:
                self._refuse(f"{table}.{given}", "unknown column", _hint(given, facts))
                continue
            key = fact if year is None else f"{fact}[{year}]"
            if key in columns:
                self._refuse(f"{table}.{given}", f"{key} is given twice")
            found = read(listed.frame[given], facts[fact], texts=self.texts)
            columns[key] = found.column.alias(key)
            if found.scale != 1:
                scales[key] = found.scale
            for each in found.refused:
                path = f"{listed.where(each.row)}.{given}"
                said = (path, each.message, each.suggestion)
                self._refuse(*said, subject_of(each.row), fatal=False)
        places = [n for n in (SUBJECT, PLACE) if n in listed.frame.columns]
        height = pl.DataFrame({"#": pl.int_range(len(listed.frame), eager=True)})
        frame = height.hstack(listed.frame.select(places)).with_columns(**columns)
        return Table(frame, scales)

    def _ids(self, subjects: Table) -> pl.Series:
        """Whose row each is: everybody has an id, and nobody two rows."""
        if "id" not in subjects.frame.columns:
            self._refuse(f"{self.name}.id", MISSING_ID)
            return pl.Series("id", [None] * subjects.frame.height, dtype=pl.String)
        ids = subjects.frame["id"]
        told = {each.subject for each in self.wrong}
        for row in ids.is_null().arg_true():
            if row not in told:
                path = f"{self.name}[{row}].id"
                self._refuse(path, MISSING_ID, None, row, fatal=False)
        if _all_differ(ids):
            return ids
        again = ~ids.is_first_distinct() & ids.is_not_null()
        for row in again.arg_true():
            why = f"{shown(ids[row])} has another row too"
            hint = "one row for each subject"
            self._refuse(f"{self.name}[{row}].id", why, hint, row, fatal=False)
        return ids

    # --- records ---------------------------------------------------------------------

    def _records(self, declared: RecordDeclaration, listed: Listed) -> Records:
        subjects = listed.frame[SUBJECT]
        table = self._table(listed, declared.fields, lambda row: int(subjects[row]))
        for row, column, why, hint in self._odd(declared, table):
            path = f"{listed.where(row)}.{column}"
            self._refuse(path, why, hint, int(subjects[row]), fatal=False)
        return Records(table, listed.given)

    def _odd(
        self, declared: RecordDeclaration, table: Table
    ) -> Iterator[tuple[int, str, str, str | None]]:
        """What is wrong with records that can be read one by one."""
        frame = table.frame
        most = (frame[PLACE] == MAX_RECORDS).arg_true()
        for row in most:
            why = f"more than {MAX_RECORDS} records of one subject"
            yield row, "", why, None
        key = declared.key
        if key is not None and key in frame.columns:
            twice = ~frame.select(SUBJECT, key).is_unique() & frame[key].is_not_null()
            first = frame.select(pl.struct(SUBJECT, key).is_first_distinct())
            for row in (twice & ~first.to_series()).arg_true():
                why = f"{shown(frame[key][row])} is the {key} of another record too"
                yield row, key, why, None
        if declared.records == "awards":
            yield from self._odd_awards(frame)

    def _odd_awards(
        self, frame: pl.DataFrame
    ) -> Iterator[tuple[int, str, str, str | None]]:
        """Awards under rules that nobody knows, and awards of nothing."""
        if "amount" in frame.columns:
            for row in (frame["amount"] == 0).arg_true():
                yield (
                    row,
                    "amount",
                    "an award of nothing",
                    "leave out what was not paid",
                )
        if "rule" not in frame.columns:
            return
        known = pl.Series([rule.id for rule in self.book])
        strange = ~frame["rule"].is_in(known.implode()) & frame["rule"].is_not_null()
        if "policy" in frame.columns:
            here = frame["policy"] == self.book.policy.id
            strange &= frame["policy"].is_null() | here
        for row in strange.arg_true():
            rule = frame["rule"][row]
            hint = meant(rule, known.to_list()) or (
                "an award under another policy names it: policy"
            )
            yield row, "rule", f"unknown rule {shown(rule)}", hint


def _all_differ(ids: pl.Series) -> bool:
    """Whether no two ids are the same: where all hashes differ, so do they."""
    known = ids.drop_nulls()
    return known.hash().n_unique() == known.len()


def _hint(column: str, facts: Mapping[str, FactDeclaration]) -> str | None:
    labels = {declared.label: name for name, declared in facts.items()}
    yearly = next((n for n in facts if n == column and facts[n].yearly), None)
    if yearly is not None:
        return f"one column for each year: {yearly}[2024], {yearly}[2025]"
    return meant(column, [*facts, *labels]) or "name it in `ignore` if it is no fact"
