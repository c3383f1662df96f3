"""Databases of registries: their tables are staged in Parquet, results become tables."""

import sqlite3

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from attrs import frozen

from .chunks import SourceError, TargetError, stamp

#: So many rows cross at a time.
_ROWS = 65_536


class Database(Protocol):
    """A place with tables by their names."""

    def tables(self) -> Sequence[str]:
        """The names of all tables."""

    def staged(self, table: str, into: Path) -> None:
        """A table as it is now, in Parquet."""

    def fingerprint(self) -> str:
        """What tells whether it has changed, as far as it says."""

    def write(self, table: str, parts: Sequence[pl.LazyFrame]) -> None:
        """A table in place of one of that name: in whole, or not at all."""


def database_at(address: str) -> Database | None:
    """The database at an address or in a file; None where that is none."""
    if address.startswith(("postgresql://", "postgres://")):
        return PostgreSQL(address)
    kind, colon, rest = address.partition(":///")
    if colon and kind in {"sqlite", "duckdb"}:
        return (Sqlite if kind == "sqlite" else DuckDB)(Path(rest))
    match Path(address).suffix.lower():
        case ".duckdb":
            return DuckDB(Path(address))
        case ".sqlite" | ".sqlite3" | ".db":
            return Sqlite(Path(address))
        case _:
            return None


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _first_line(error: BaseException) -> str:
    return str(error).partition("\n")[0]


@frozen
class DuckDB:
    """A file of DuckDB."""

    path: Path

    @contextmanager
    def _open(self, *, to_write: bool = False) -> Iterator[Any]:
        import duckdb  # noqa: PLC0415  # only who names such a file needs it

        wrong = TargetError if to_write else SourceError
        try:
            with duckdb.connect(str(self.path), read_only=not to_write) as connection:
                yield connection
        except duckdb.Error as error:
            raise wrong(f"{self.path}: {_first_line(error)}") from None

    def tables(self) -> Sequence[str]:
        """The names of all tables."""
        with self._open() as connection:
            return [name for (name,) in connection.execute("show tables").fetchall()]

    def staged(self, table: str, into: Path) -> None:
        """A table as it is now, in Parquet."""
        with self._open() as connection:
            found = connection.sql(f"select * from {_quoted(table)}")  # noqa: S608  # quoted
            _stage(found.to_arrow_reader(_ROWS), into)

    def fingerprint(self) -> str:
        """Name, size and time of the file."""
        return stamp([self.path])

    def write(self, table: str, parts: Sequence[pl.LazyFrame]) -> None:
        """A table in place of one of that name: in whole, or not at all."""
        with self._open(to_write=True) as connection:
            connection.execute("begin")
            for number, each in enumerate(parts):
                connection.register(
                    "incentives_part", _plain(each).collect().to_arrow()
                )
                name = _quoted(table)
                if not number:
                    empty = "select * from incentives_part limit 0"
                    connection.execute(f"create or replace table {name} as {empty}")
                connection.execute(f"insert into {name} from incentives_part")  # quoted
                connection.unregister("incentives_part")
            connection.execute("commit")


@frozen
class Sqlite:
    """A file of SQLite, whose columns hold values of any type: they cross as texts."""

    path: Path

    @contextmanager
    def _open(self, *, to_write: bool = False) -> Iterator[sqlite3.Connection]:
        wrong = TargetError if to_write else SourceError
        mode = "rwc" if to_write else "ro"
        try:
            uri = f"{self.path.absolute().as_uri()}?mode={mode}"
            with closing(sqlite3.connect(uri, uri=True)) as connection:
                yield connection
        except sqlite3.Error as error:
            raise wrong(f"{self.path}: {_first_line(error)}") from None

    def tables(self) -> Sequence[str]:
        """The names of all tables."""
        query = "select name from sqlite_master where type in ('table', 'view')"
        with self._open() as connection:
            return [name for (name,) in connection.execute(query)]

    def staged(self, table: str, into: Path) -> None:
        """A table as it is now, in Parquet."""
        with self._open() as connection:
            columns = connection.execute(f"pragma table_info({_quoted(table)})")
            types = {name: str(kind).upper() for _, name, kind, *_ in columns}
            cursor = connection.execute(f"select * from {_quoted(table)}")  # noqa: S608  # quoted
            schema = pa.schema([(name, pa.string()) for name in types])
            with pq.ParquetWriter(into, schema) as writer:
                while rows := cursor.fetchmany(_ROWS):
                    writer.write_table(_as_texts(rows, types, schema))

    def fingerprint(self) -> str:
        """Name, size and time of the file."""
        return stamp([self.path])

    def write(self, table: str, parts: Sequence[pl.LazyFrame]) -> None:
        """A table in place of one of that name: in whole, or not at all."""
        with self._open(to_write=True) as connection:
            connection.isolation_level = None
            connection.execute("begin immediate")
            for number, each in enumerate(parts):
                plain = in_texts(each).collect()
                marks = ", ".join("?" * plain.width)
                name = _quoted(table)
                if not number:
                    connection.execute(f"drop table if exists {name}")
                    columns = ", ".join(f"{_quoted(c)} text" for c in plain.columns)
                    connection.execute(f"create table {name} ({columns})")
                query = f"insert into {name} values ({marks})"  # noqa: S608  # quoted
                connection.executemany(query, plain.iter_rows())
            connection.execute("commit")


def _as_texts(
    rows: Sequence[tuple[Any, ...]], types: Mapping[str, str], schema: Any
) -> Any:
    columns = zip(*rows, strict=True)
    return pa.table(
        [
            [_text(value, is_truth=types[name].startswith("BOOL")) for value in column]
            for name, column in zip(types, columns, strict=True)
        ],
        schema=schema,
    )


def _text(value: object, *, is_truth: bool) -> str | None:
    """A value of SQLite as a text that is read as strictly as a record."""
    match value:
        case None | str():
            return value
        case 0 | 1 if is_truth:
            return "true" if value else "false"
        case int():
            return str(value)
        case float() if (value * 4).is_integer():  # fen that a float holds exactly
            return f"{Decimal(value):f}"
        case _:
            return f"{value!r} ({type(value).__name__})"  # no reader takes it


@frozen
class PostgreSQL:
    """A database of PostgreSQL, through ADBC: columns cross by Arrow."""

    address: str

    @contextmanager
    def _open(self, *, to_write: bool = False) -> Iterator[Any]:
        from adbc_driver_manager import Error  # noqa: PLC0415  # only who names such an address needs it
        from adbc_driver_postgresql import dbapi  # noqa: PLC0415  # likewise

        wrong = TargetError if to_write else SourceError
        try:
            with dbapi.connect(self.address) as connection:
                yield connection
        except Error as error:
            where = self.address.rpartition("@")[2]  # without a password
            raise wrong(f"postgresql://{where}: {_first_line(error)}") from None

    def tables(self) -> Sequence[str]:
        """The names of all tables that are found without a schema."""
        query = (
            "select table_name::text from information_schema.tables "
            "where table_schema = any(current_schemas(false)) order by 1"
        )
        with self._open() as connection, connection.cursor() as cursor:
            cursor.execute(query)
            return [name for (name,) in cursor.fetchall()]

    def staged(self, table: str, into: Path) -> None:
        """A table as it is now, in Parquet."""
        with self._open() as connection, connection.cursor() as cursor:
            cursor.execute(f"select * from {_quoted(table)}")  # noqa: S608  # quoted
            _stage(cursor.fetch_record_batch(), into)

    def fingerprint(self) -> str:
        """A server does not say: who resumes believes that it has not changed."""
        return self.address.rpartition("@")[2]

    def write(self, table: str, parts: Sequence[pl.LazyFrame]) -> None:
        """A table in place of one of that name: in whole, or not at all."""
        with self._open(to_write=True) as connection, connection.cursor() as cursor:
            cursor.execute(f"drop table if exists {_quoted(table)}")
            for number, each in enumerate(parts):
                mode = "append" if number else "create"
                cursor.adbc_ingest(
                    table, _plain(_joined(each)).collect().to_arrow(), mode=mode
                )
            connection.commit()


def _stage(reader: Any, into: Path) -> None:
    """A stream of Arrow in Parquet; what only a database knows crosses as a text."""
    fields = [pa.field(each.name, _storage(each.type)) for each in reader.schema]
    schema = pa.schema(fields)
    with pq.ParquetWriter(into, schema) as writer:
        for batch in reader:
            columns = [
                column.storage if isinstance(column, pa.ExtensionArray) else column
                for column in batch.columns
            ]
            writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))


def _storage(kind: Any) -> Any:
    return kind.storage_type if isinstance(kind, pa.BaseExtensionType) else kind


# --- what results look like elsewhere ----------------------------------------------------

#: What is joined in one cell where a cell holds one text.
_COMMA = "、"


def _plain(table: pl.LazyFrame) -> pl.LazyFrame:
    return table.with_columns(pl.selectors.enum().cast(pl.String))


def _joined(table: pl.LazyFrame) -> pl.LazyFrame:
    return table.with_columns(pl.selectors.list().list.join(_COMMA))


def in_texts(table: pl.LazyFrame, *, lists: bool = False) -> pl.LazyFrame:
    """Amounts as texts, such as `5000000` or `0.5`; lists in one text unless kept."""
    amounts = pl.selectors.decimal().cast(pl.String)
    plain = _plain(table).with_columns(
        amounts.str.strip_chars_end("0").str.strip_chars_end("."),
        pl.selectors.by_dtype(pl.Boolean, pl.Date).cast(pl.String),
    )
    return plain if lists else _joined(plain)
