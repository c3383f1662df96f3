"""Results in files: there in whole or not at all, in what their suffix says."""

from collections.abc import Callable, Mapping
from pathlib import Path

import polars as pl

from ..atomic import beside
from ..errors import UsageError, one_of

#: What is joined in one cell where a cell holds one text.
_COMMA = "、"


def write_table(table: pl.DataFrame, path: Path) -> None:
    """
    Write a table of results: `.parquet`, `.csv` or `.jsonl`.

    Excel opens the CSV as it is. In CSV and JSON amounts are texts of decimal yuan,
    without zeros at their end. The file is written beside its place and moved there.

    Raises :class:`UsageError` for another suffix, and :class:`OSError` where the file
    cannot be written.
    """
    write = _WRITERS[suffix_of(path)]
    with beside(path) as part:
        write(table, part)


def suffix_of(path: Path) -> str:
    """The suffix of a file of results; raises :class:`UsageError` for another."""
    suffix = path.suffix.lower()
    if suffix not in _WRITERS:
        raise UsageError(f"{path}: results are written as {one_of(list(_WRITERS))}")
    return suffix


def _parquet(table: pl.DataFrame, part: Path) -> None:
    table.write_parquet(part)


def _csv(table: pl.DataFrame, part: Path) -> None:
    lists = pl.selectors.list().list.join(_COMMA)
    _in_texts(table).with_columns(lists).write_csv(part, include_bom=True)


def _jsonl(table: pl.DataFrame, part: Path) -> None:
    _in_texts(table).write_ndjson(part)


def _in_texts(table: pl.DataFrame) -> pl.DataFrame:
    """Amounts as texts, such as `5000000` or `0.5`."""
    amounts = pl.selectors.decimal().cast(pl.String)
    return table.with_columns(
        amounts.str.strip_chars_end("0").str.strip_chars_end("."),
        pl.selectors.enum().cast(pl.String),
    )


_WRITERS: Mapping[str, Callable[[pl.DataFrame, Path], None]] = {
    ".parquet": _parquet,
    ".csv": _csv,
    ".jsonl": _jsonl,
}
