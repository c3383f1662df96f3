"""Files of texts with a header, such as Excel writes: every value is a text at first."""

import codecs

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from .chunks import Reject, SourceError


def staged(file: Path, into: Path) -> tuple[Sequence[int], Sequence[Reject]]:
    """
    The rows of a file as texts in Parquet, and the lines that have no such row.

    The file is UTF-8, or GB18030 as Chinese Excel writes it. Raises :class:`SourceError`
    for one without a header, or of another encoding.
    """
    skipped: list[int] = []
    broken: list[Reject] = []

    def refused(row: Any) -> str:  # pragma: no cover  # called where nobody traces
        what = f"{row.actual_columns} values, but {row.expected_columns} columns"
        where = f"{file.name}:{row.number}"
        skipped.append(row.number)
        broken.append(Reject(file.name, row.number, None, where, what, row.text[:80]))
        return "skip"

    names = _header(file)
    try:
        with (
            pa.csv.open_csv(
                file,
                pa.csv.ReadOptions(encoding=_encoding(file), use_threads=False),
                pa.csv.ParseOptions(
                    newlines_in_values=True, invalid_row_handler=refused
                ),
                pa.csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()),
                    null_values=[""],
                    strings_can_be_null=True,
                    quoted_strings_can_be_null=True,
                ),
            ) as reader,
            pq.ParquetWriter(into, reader.schema) as writer,
        ):
            for batch in reader:
                writer.write_batch(batch)
    except (pa.ArrowInvalid, UnicodeDecodeError, OSError) as error:
        why = str(error).partition("\n")[0]
        raise SourceError(f"{file}: cannot be read as CSV: {why}") from None
    return skipped, broken


def _header(file: Path) -> Sequence[str]:
    """The names of the columns, each of them once."""
    try:
        options = pa.csv.ReadOptions(encoding=_encoding(file), use_threads=False)
        skip = pa.csv.ParseOptions(
            newlines_in_values=True, invalid_row_handler=lambda _: "skip"
        )
        with pa.csv.open_csv(file, options, skip) as reader:
            names: list[str] = reader.schema.names
    except (pa.ArrowInvalid, UnicodeDecodeError, OSError) as error:
        why = str(error).partition("\n")[0]
        raise SourceError(f"{file}: cannot be read as CSV: {why}") from None
    again = sorted({name for name in names if names.count(name) > 1})
    if again:
        raise SourceError(f"{file}: column {again[0]!r} is there twice")
    return names


_SOME = 1 << 20


def _encoding(file: Path) -> str:
    """UTF-8 if the file is, else what Chinese Excel writes."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with file.open("rb") as stream:
            while some := stream.read(_SOME):
                decoder.decode(some)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "gb18030"
    except OSError as error:
        raise SourceError(f"{file}: cannot be read: {error.strerror}") from None
    return "utf8"
