"""The same screening inside Ray: a data set in blocks, each screened where it lies."""

from collections.abc import Iterable, Mapping
from datetime import date
from os import PathLike
from typing import Any

import pyarrow as pa

from ..errors import UsageError
from ..screening.screen import BATCH
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
    What every subject of a registry is entitled to on a day, as a data set of Ray.

    ``registry`` is a data set of Arrow blocks with a row for every subject, its lists
    nested in it. ``rules`` is the directory of a pack that every worker has at the same
    path; None is the bundled pack. ``shape`` is ``totals``, ``determinations`` or
    ``items``, as the methods of :class:`incentives.Screening`, or ``rejected``, the
    mistakes for which subjects are left out where it is not ``strict``.

    That nobody has two rows, ``strict`` or not, is looked at at once; the rest runs
    when it is asked for.

    Raises :class:`UsageError` and :class:`RecordError` as :func:`incentives.screen`; a
    mistake in a row fails the task, and its message names the subject.
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
    if not hasattr(registry, "map_batches"):
        raise UsageError(f"expected a data set of Ray, got {type(registry).__name__}")
    columns = registry.schema()
    if columns is None or not isinstance(columns.base_schema, pa.Schema):
        raise UsageError("expected a data set of Arrow blocks, with columns")
    asked.checked(columns.base_schema.empty_table())
    _refuse_twice(registry, asked)
    return registry.map_batches(
        asked.results, batch_format="pyarrow", batch_size=BATCH, zero_copy_batch=True
    )


def _refuse_twice(registry: Any, asked: Screen) -> None:
    """One row for each subject, in all blocks together."""
    column = id_column(registry.columns(), asked.declared)
    counts = registry.select_columns([column]).groupby(column).count()
    twice = counts.filter(lambda row: row["count()"] > 1 and row[column] is not None)
    found = twice.take(NAMED + 1)
    refuse((row[column] for row in found), f"{asked.subject}s with more than one row")
