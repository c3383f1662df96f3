"""A registry at an address: a file, a folder of tables, or a database."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ..errors import UsageError, did_you_mean, one_of
from ..readers import shown
from ..screening.registry import SUBJECTS, names_of
from ..vocabulary import SubjectDeclaration
from .chunks import Reject, Source, SourceError, stamp
from .databases import Database, database_at
from .lines import Lines
from .tables import Tables
from .texts import staged as staged_texts

_FILES = (".parquet", ".csv", ".xlsx", ".jsonl")
_SUFFIXES = (*_FILES, ".duckdb", ".sqlite", "postgresql://…")


def checked(address: str) -> None:
    """Raises :class:`UsageError` for an address that no registry can be at."""
    path = Path(address)
    if database_at(address) is None and not path.is_dir():
        suffix = path.suffix.lower()
        if suffix not in _FILES:
            known = f"{one_of(list(_SUFFIXES))}, or a folder of tables"
            raise UsageError(f"{address}: registries are read from {known}")


def fingerprint(address: str) -> str:
    """What tells whether a registry has changed, as far as that can be told."""
    database = database_at(address)
    try:
        if database is not None:
            return database.fingerprint()
        path = Path(address)
        return stamp(sorted(path.iterdir()) if path.is_dir() else [path])
    except OSError as error:
        raise SourceError(f"{address}: cannot be read: {error.strerror}") from None


def source_at(
    address: str,
    subject: str,
    declared: SubjectDeclaration,
    staging: Path,
    table: str | None = None,
) -> Source:
    """
    The registry at an address; what cannot be read from the middle is staged first.

    ``table`` is the table of the subjects where a database calls it otherwise.

    Raises :class:`UsageError` for an address of another kind, and :class:`SourceError`
    with what is wrong with the registry.
    """
    checked(address)
    database = database_at(address)
    names = names_of(subject, declared)
    if database is not None:
        if table is not None:
            names[table] = SUBJECTS[subject][0]
        given = list(_of_registry(database.tables(), names, table, subject))
        if not given:
            lacking = shown(table or SUBJECTS[subject][0])
            where, hint = without_password(address), "name it by --table"
            raise SourceError(f"{where}: no table {lacking} of the subjects, {hint}")
        called = {names[each]: each for each in given}
        return _staged(database, called, subject, declared, staging)
    path = Path(address)
    if path.suffix.lower() == ".jsonl":
        return Lines(path)
    if path.suffix.lower() == ".xlsx":
        return _sheets(path, subject, declared, staging)
    if path.is_dir():
        files = sorted([*path.glob("*.parquet"), *path.glob("*.csv")])
        found = _named({file.stem: file for file in files}, names, address, subject)
    else:
        found = {SUBJECTS[subject][0]: path}
    kinds = {file.suffix.lower() for file in found.values()}
    if len(kinds) > 1:
        raise SourceError(f"{address}: give .parquet files or .csv files, not both")
    if kinds == {".csv"}:
        return _texts(found, subject, declared, staging)
    return Tables(found, subject, declared)


def _named(
    tables: Mapping[str, Path], names: Mapping[str, str], where: str, subject: str
) -> dict[str, Path]:
    """Files by the English names of their tables; all that nobody knows is told."""
    problems = []
    found: dict[str, Path] = {}
    for given, file in tables.items():
        known = names.get(given)
        if known is None:
            hint = did_you_mean(given, names) or one_of(list(names))
            problems.append(f"{where}: unknown table {shown(given)}, {hint}")
        elif known in found:
            problems.append(f"{where}: table {known!r} is there twice")
        else:
            found[known] = file
    if SUBJECTS[subject][0] not in found:
        problems.append(f"{where}: no table {SUBJECTS[subject][0]!r} of the subjects")
    if problems:
        raise SourceError("\n".join(problems))
    return found


def _texts(
    files: Mapping[str, Path],
    subject: str,
    declared: SubjectDeclaration,
    staging: Path,
) -> Tables:
    staging.mkdir(exist_ok=True)
    found, skipped = {}, {}
    broken: list[Reject] = []
    for name, file in files.items():
        found[name] = staging / f"{name}.parquet"
        skipped[name], rejects = staged_texts(file, found[name])
        broken += rejects
    names = {name: file.name for name, file in files.items()}
    return Tables(
        found,
        subject,
        declared,
        texts=True,
        names=names,
        header=1,
        skipped=skipped,
        broken=broken,
    )


def _sheets(
    path: Path, subject: str, declared: SubjectDeclaration, staging: Path
) -> Tables:
    from ..workbooks.reading import read_workbook  # noqa: PLC0415  # only who has a workbook needs it

    names, main = names_of(subject, declared), SUBJECTS[subject][0]
    sheets = read_workbook(path, names)
    if main not in sheets.tables:
        title = SUBJECTS[subject][1]
        raise SourceError(f"{path}: no sheet {title!r} of the subjects")
    staging.mkdir(exist_ok=True)
    files = {name: staging / f"{name}.parquet" for name in sheets.tables}
    for name, file in files.items():
        sheets.tables[name].write_parquet(file)
    return Tables(
        files,
        subject,
        declared,
        texts=True,
        names={name: f"{path.name}!{title}" for name, title in sheets.titles.items()},
        lines=sheets.rows,
        broken=[
            Reject(f"{path.name}!{each.sheet}", each.row, None, each.place, each.what)
            for each in sheets.odd
        ],
    )


def _staged(
    database: Database,
    called: Mapping[str, str],
    subject: str,
    declared: SubjectDeclaration,
    staging: Path,
) -> Tables:
    staging.mkdir(exist_ok=True)
    found = {name: staging / f"{name}.parquet" for name in called}
    for name, file in found.items():
        database.staged(called[name], file)
    return Tables(found, subject, declared, texts=True, names=called)


def _of_registry(
    tables: Sequence[str], names: Mapping[str, str], table: str | None, subject: str
) -> Iterator[str]:
    """The tables of a database that are those of the registry, subjects first."""
    main = SUBJECTS[subject][0]
    subjects = [
        each
        for each in tables
        if each == table or (table is None and names.get(each) == main)
    ]
    if len(subjects) != 1:
        return
    yield subjects[0]
    yield from (each for each in tables if names.get(each, main) != main)


def without_password(address: str) -> str:
    """An address without a password."""
    scheme, sep, rest = address.partition("://")
    return f"{scheme}{sep}{rest.rpartition('@')[2]}" if sep else address
