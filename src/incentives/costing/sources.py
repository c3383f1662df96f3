"""Registries in files: Parquet, a folder of Parquet tables, or a record a line."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import polars as pl

from ..book import RuleBook
from ..errors import RecordError, UsageError
from ..facts import County, Enterprise
from ..record_files import UnreadableError, entries_by_line
from ..structuring import subject_of

#: A registry as :func:`screen` takes it.
Tables = Mapping[str, pl.DataFrame]
Source = pl.DataFrame | Tables | Sequence[Enterprise | County]


def registry_in(paths: Sequence[str | Path], book: RuleBook) -> Source:
    """
    The registry in some files: all wide tables, all folders of tables, or all records.

    Raises :class:`UsageError` for files of other or several kinds, and
    :class:`UnreadableError` with every mistake of files that hold no registry.
    """
    given = [Path(path) for path in paths]
    match checked(paths):
        case "folder":
            return _joined([_folder(path) for path in given])
        case "parquet":
            return pl.concat(_tables(given), how="diagonal_relaxed")
        case _:
            return _records(given, book)


def checked(paths: Sequence[str | Path]) -> str:
    """
    What kind the files are: `folder`, `parquet` or `jsonl`.

    Raises :class:`UsageError` for files of other or several kinds.
    """
    kinds = {_kind(Path(path)) for path in paths}
    if len(kinds) != 1:
        raise UsageError("give .parquet files, or folders of them, or .jsonl files")
    return kinds.pop()


def _kind(path: Path) -> str:
    if path.is_dir():
        return "folder"
    kind = path.suffix.lower().removeprefix(".")
    if kind not in {"parquet", "jsonl"}:
        raise UsageError(
            f"{path}: expected .parquet, .jsonl, or a folder of .parquet files"
        )
    return kind


def _folder(folder: Path) -> dict[str, pl.DataFrame]:
    """The tables of a folder by the names of their files."""
    files = sorted(folder.glob("*.parquet"))
    if not files:
        raise UnreadableError([f"{folder}: no .parquet file in this folder"])
    return dict(zip((file.stem for file in files), _tables(files), strict=True))


def _tables(files: Sequence[Path]) -> list[pl.DataFrame]:
    """Every file as a table; all that cannot be read is told at once."""
    found, mistakes = [], []
    for file in files:
        try:
            found.append(pl.read_parquet(file))
        except (OSError, pl.exceptions.PolarsError) as error:
            why = getattr(error, "strerror", None) or str(error).partition("\n")[0]
            mistakes.append(f"{file}: cannot be read: {why}")
    if mistakes:
        raise UnreadableError(mistakes)
    return found


def _joined(folders: Sequence[Tables]) -> Tables:
    """The tables of several folders, those of one name together."""
    names = dict.fromkeys(name for tables in folders for name in tables)
    return {
        name: pl.concat(
            [tables[name] for tables in folders if name in tables],
            how="diagonal_relaxed",
        )
        for name in names
    }


def _records(files: Sequence[Path], book: RuleBook) -> list[Enterprise | County]:
    found: list[Enterprise | County] = []
    mistakes: list[str] = []
    for file in files:
        for each in _read(file, book):
            if isinstance(each, UnreadableError):
                mistakes += each.mistakes
            else:
                found.append(each)
    if mistakes:
        raise UnreadableError(mistakes)
    return found


def _read(
    file: Path, book: RuleBook
) -> Iterator[Enterprise | County | UnreadableError]:
    try:
        with file.open("rb") as stream:
            for entry in entries_by_line(stream, str(file)):
                if isinstance(entry, UnreadableError):
                    yield entry
                    continue
                try:
                    yield subject_of(entry.raw, book)
                except RecordError as error:
                    yield UnreadableError(entry.mistakes(error))
    except OSError as error:
        yield UnreadableError([f"{file}: cannot be read: {error.strerror}"])
