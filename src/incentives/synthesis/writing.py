"""A registry written to Parquet part by part, so that any number of rows fits."""

import re

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

import polars as pl

from polars.io.plugins import register_io_source

from ..atomic import beside
from ..book import RuleBook
from ..errors import UsageError
from .registries import plan_of

#: Subjects that are made at once.
BATCH = 262_144

_TABLE = ".parquet"
#: What other files end in; the name of a directory may have a number behind its dot.
_OTHER = re.compile(r"(?!\.parquet$)\.[a-z]\w*", re.IGNORECASE)

#: Makes the rows of some subjects, from one number up to another.
Part = Callable[[int, int], pl.DataFrame]


def write_synthesized(  # noqa: PLR0913  # the words of `synthesize`, and where to
    rules: RuleBook | None,
    rows: int,
    path: str | Path,
    *,
    seed: int = 0,
    subject: str = "enterprise",
    boundary: bool = False,
    as_of: date | str | None = None,
    batch: int = BATCH,
) -> Path:
    """
    The registry of :func:`synthesize` in files: where it was written.

    A path that ends in ``.parquet`` becomes one wide table with lists of records nested
    in it; any other a directory with a file for each table. Only ``batch`` subjects or
    so are held at once, which changes nothing of what is written. Nothing is to be seen
    under the path before all is written; a file there is replaced, a directory is not.

    Raises :class:`UsageError` as ``synthesize`` does, for files of other kinds, and for
    a directory that holds something; OSError where it cannot be written.
    """
    target = Path(path)
    is_table = target.suffix.lower() == _TABLE
    if _OTHER.fullmatch(target.suffix):
        raise UsageError(
            f"{target}: expected a name that ends in .parquet, or one of a directory"
        )
    plan = plan_of(
        rules, rows=rows, seed=seed, subject=subject, boundary=boundary, as_of=as_of
    )
    if batch < 1:
        raise UsageError(f"batch: expected 1 or more, got {batch}")
    if target.is_dir() and (is_table or any(target.iterdir())):
        raise UsageError(f"{target} is there already, and holds something")
    with beside(target) as made:
        if is_table:
            _write(plan.wide, rows, batch, made)
        else:
            made.mkdir()
            for name in plan.tables:
                _write(partial(plan.table, name), rows, batch, made / f"{name}.parquet")
    return target


def _write(part: Part, rows: int, batch: int, path: Path) -> None:
    """Write parts one after another."""
    starts = range(0, rows, batch)
    stops = [min(start + batch, rows) for start in starts]
    schema = part(0, 0).schema
    source = register_io_source(lambda *_: map(part, starts, stops), schema=schema)
    # Lists take long to compress: of what is as quick to write, this is the smallest.
    source.sink_parquet(path, compression="lz4")
