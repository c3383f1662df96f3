"""
The same screening inside Dask: a frame in partitions, each screened where it lies.

Columns are to be backed by Arrow, such as :func:`dask.dataframe.read_parquet` reads
them with ``dtype_backend="pyarrow"``: lists in columns of objects Dask makes texts of.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from os import PathLike
from typing import Any

import pandas as pd
import pyarrow as pa

from ..errors import UsageError
from .asking import screen_of
from .batches import Screen, id_column
from .results import NAMED, refuse


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
    What every subject of a registry is entitled to on a day, as a frame of Dask.

    ``registry`` is a Dask DataFrame with a row for every subject, its lists nested in
    it. ``rules`` is the directory of a pack that every worker has at the same path;
    None is the bundled pack. ``shape`` is ``totals``, ``determinations`` or ``items``,
    as the methods of :class:`incentives.Screening`, or ``rejected``, the mistakes for
    which subjects are left out where it is not ``strict``.

    That nobody has two rows, ``strict`` or not, is looked at at once; the rest runs
    when it is asked for.

    Raises :class:`UsageError` and :class:`RecordError` as :func:`incentives.screen`, and
    the latter by the ids of the subjects when a partition is looked at.
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
    if not hasattr(registry, "map_partitions"):
        kind = type(registry).__name__
        raise UsageError(f"expected a DataFrame of Dask, got {kind}")
    asked.checked(_as_arrow(registry._meta))  # noqa: SLF001  # its columns, by no job
    _refuse_twice(registry, asked)
    meta = _as_pandas(asked.schema.empty_table())
    return registry.map_partitions(
        _of_partition, asked, meta=meta, enforce_metadata=False
    ).clear_divisions()


def _of_partition(part: pd.DataFrame, asked: Screen) -> pd.DataFrame:
    return _as_pandas(asked.results(_as_arrow(part)))


def _as_arrow(frame: pd.DataFrame) -> Any:
    return pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata()


def _as_pandas(table: Any) -> Any:
    return table.to_pandas(types_mapper=pd.ArrowDtype)


def _refuse_twice(registry: Any, asked: Screen) -> None:
    """One row for each subject, in all partitions together."""
    column = id_column(registry.columns, asked.declared)
    counts = registry[column].dropna().value_counts()
    twice = counts[counts > 1].head(NAMED + 1, npartitions=-1)
    refuse(twice.index.tolist(), f"{asked.subject}s with more than one row")
