"""
The same screening inside Spark: a registry that is spread over machines.

Spark decides what runs where, and runs again what was lost; every partition is screened
by :mod:`incentives.clusters.batches`, whose answers are a function of its rows alone.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from os import PathLike
from typing import Any

from pyspark.sql import functions as F  # noqa: N812  # as everybody calls it

from ..engines.columns.tables import PLACE
from ..errors import UsageError
from ..screening.registry import SUBJECTS, key_of, names_of
from .asking import screen_of
from .batches import Screen, id_column
from .results import NAMED, refuse

#: The types of results as Spark writes them.
_TYPES = {
    "string": "string",
    "decimal128(38, 2)": "decimal(38,2)",
    "list<item: string>": "array<string>",
}
_WHOSE = "#whose"


def screen(  # noqa: PLR0913  # the words of `incentives.screen`
    registry: Any,
    *,
    as_of: date | str | None = None,
    rules: str | PathLike[str] | None = None,
    readings: Mapping[str, str | date] | None = None,
    subject: str = "enterprise",
    shape: str = "determinations",
    strict: bool = True,
    ignore: Iterable[str] = (),
) -> Any:
    """
    What every subject of a registry is entitled to on a day, as a DataFrame of Spark.

    ``registry`` is a DataFrame with a row for every subject, its lists nested in it; or
    a mapping of DataFrames, one of the subjects and one for each list of records, keyed
    by ``enterprise_id``. Records of a list are in the order of the column ``#place`` if
    their table has one, else in that of all their columns, from left to right, for
    rows in a cluster have no order of their own.

    ``rules`` is the directory of a pack that every worker has at the same path; None is
    the bundled pack. ``shape`` is ``totals``, ``determinations`` or ``items``, as the
    methods of :class:`incentives.Screening`, or ``rejected``, the mistakes for which
    subjects are left out where it is not ``strict``.

    Two things are looked at at once: nobody may have two rows, ``strict`` or not, and
    if ``strict`` no record may be of nobody. The rest runs when it is asked for.

    Raises :class:`UsageError` and :class:`RecordError` as :func:`incentives.screen`; a
    mistake in a row fails the job, and its message names the subject.
    """
    asked = screen_of(
        as_of=as_of,
        rules=rules,
        readings=readings,
        subject=subject,
        shape=shape,
        strict=strict,
        ignore=ignore,
    )
    asked.checked(_without_rows(registry))
    wide = _wide(registry, asked) if isinstance(registry, Mapping) else registry
    _refuse_twice(wide if wide is registry else _subjects(registry, asked), asked)

    def of_partition(batches: Iterator[Any]) -> Iterator[Any]:
        return asked.stream(batches)

    return wide.mapInArrow(of_partition, _columns_of(asked))


def _columns_of(asked: Screen) -> str:
    """The columns of results in the language of Spark."""
    return ", ".join(f"{f.name} {_TYPES[str(f.type)]}" for f in asked.schema)


def _without_rows(registry: Any) -> Any:
    """The columns of a registry as Arrow has them, which no job is needed for."""
    if isinstance(registry, Mapping):
        return {str(name): _without_rows(frame) for name, frame in registry.items()}
    if not hasattr(registry, "mapInArrow"):
        kind = type(registry).__name__
        raise UsageError(f"expected a DataFrame of Spark, or a mapping, got {kind}")
    return registry.limit(0).toArrow()


def _refuse_twice(subjects: Any, asked: Screen) -> None:
    """One row for each subject, in all partitions together."""
    id_ = _column(_id_of(subjects, asked))
    ids = subjects.select(id_.alias("id")).where(F.col("id").isNotNull())
    twice = ids.groupBy("id").count().where(F.col("count") > 1)
    refuse(_some(twice, "id"), f"{asked.subject}s with more than one row")


def _some(frame: Any, column: str) -> list[object]:
    return [row[0] for row in frame.select(column).take(NAMED + 1)]


def _id_of(subjects: Any, asked: Screen) -> str:
    found = id_column(subjects.columns, asked.declared)
    assert found is not None  # noqa: S101  # `checked` has refused it
    return found


def _column(name: str) -> Any:
    """A column by its name, whatever that has in it, such as `revenue[2024]`."""
    return F.col("`" + name.replace("`", "``") + "`")


# --- normalised tables ---------------------------------------------------------------


def _named(tables: Mapping[str, Any], asked: Screen) -> dict[str, Any]:
    names = names_of(asked.subject, asked.declared)
    return {names[str(name)]: frame for name, frame in tables.items()}


def _subjects(tables: Mapping[str, Any], asked: Screen) -> Any:
    return _named(tables, asked)[SUBJECTS[asked.subject][0]]


def _wide(tables: Mapping[str, Any], asked: Screen) -> Any:
    """
    One row for every subject, with the records of every table in a list of its own.

    Who has no row in a table has an empty list, not an unknown one.
    """
    wide = _subjects(tables, asked)
    ids = _column(_id_of(wide, asked)).cast("string")
    wide = wide.withColumn(_WHOSE, ids)
    everybody = wide.select(_WHOSE)
    lists = _named(tables, asked)
    del lists[SUBJECTS[asked.subject][0]]
    for name, frame in lists.items():
        listed = _listed(name, frame, asked)
        if asked.strict:
            strays = listed.join(everybody, on=_WHOSE, how="left_anti")
            refuse(_some(strays, _WHOSE), f"{name} of nobody in the registry")
        wide = wide.join(listed, on=_WHOSE, how="left")
        wide = wide.withColumn(name, F.coalesce(_column(name), F.array()))
    return wide.drop(_WHOSE)


def _listed(name: str, frame: Any, asked: Screen) -> Any:
    """The records of everybody, a list each, in an order that no machine decides."""
    key = key_of(name, frame.columns, asked.subject, asked.declared)
    assert key is not None  # noqa: S101  # `checked` has refused it
    others = {key, *asked.ignore}
    facts = [c for c in frame.columns if c not in others and not c.startswith("#")]
    record = F.struct(*(_column(c) for c in facts)) if facts else _nothing()
    if asked.declared.records[name].plain and facts:
        record = _column(facts[0])
    places = [_column(PLACE)] if PLACE in frame.columns else []
    rows = F.struct(*places, record.alias("record"))
    records = F.transform(F.sort_array(F.collect_list(rows)), lambda r: r["record"])
    whose = _column(key).cast("string").alias(_WHOSE)
    return frame.groupBy(whose).agg(records.alias(name))


def _nothing() -> Any:
    """A record of which nothing is known."""
    return F.struct(F.lit(None).cast("string").alias("#"))
