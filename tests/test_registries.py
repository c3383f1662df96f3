"""Registries in files and databases: the same answers from anywhere to anywhere."""

import json
import signal
import sqlite3
import subprocess
import sys

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

import incentives

from incentives import RecordError, UsageError
from incentives.commands.screening import _progress
from incentives.registries.chunks import SourceError, TargetError
from incentives.registries.databases import PostgreSQL, database_at
from incentives.registries.lines import Lines
from incentives.registries.parts import Parts
from incentives.registries.running import Screened, screen_into
from incentives.registries.tables import Tables
from incentives.registries.targets import Target
from incentives.registries.texts import staged as staged_texts
from tests.support.server import program, running

DAY = "2026-06-01"
ROWS = 200


@pytest.fixture(scope="module")
def tables() -> dict[str, pl.DataFrame]:
    """An invented registry."""
    return incentives.synthesize(rows=ROWS, seed=5, as_of=DAY)


@pytest.fixture(scope="module")
def expected(tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """What `screen()` says of it in memory, in the order of the subjects."""
    found: pl.DataFrame = incentives.screen(tables, as_of=DAY).determinations()
    return in_order(found)


def in_order(table: pl.DataFrame) -> pl.DataFrame:
    return table.sort("id", "rule", maintain_order=True)


def folder(tables: dict[str, pl.DataFrame], at: Path, suffix: str) -> str:
    at.mkdir()
    for name, table in tables.items():
        if suffix == "csv":
            table.write_csv(at / f"{name}.csv")
        else:
            table.write_parquet(at / f"{name}.parquet")
    return str(at)


def records(tables: dict[str, pl.DataFrame]) -> list[dict[str, Any]]:
    screening = incentives.screen(tables, as_of=DAY)
    return screening.records(range(len(screening)))


def jsonl(tables: dict[str, pl.DataFrame], at: Path) -> str:
    lines = [
        json.dumps(each, ensure_ascii=False, default=str) for each in records(tables)
    ]
    at.write_text("\n".join(lines) + "\n", "utf-8")
    return str(at)


def in_duckdb(tables: dict[str, pl.DataFrame], at: Path) -> str:
    with duckdb.connect(str(at)) as connection:
        for name, table in tables.items():
            connection.register("given", table.to_arrow())
            connection.execute(f"create table {name} as from given")
            connection.unregister("given")
    return str(at)


def in_sqlite(tables: dict[str, pl.DataFrame], at: Path) -> str:
    with closing(sqlite3.connect(at)) as connection, connection:
        for name, table in tables.items():
            types = {
                column: "boolean" if dtype == pl.Boolean else ""
                for column, dtype in table.schema.items()
            }
            plain = table.with_columns(
                pl.selectors.boolean().cast(pl.Int64),
                pl.selectors.date().cast(pl.String),
                pl.selectors.decimal().cast(pl.String),
            )
            columns = ", ".join(f'"{c}" {kind}' for c, kind in types.items())
            connection.execute(f"create table {name} ({columns})")
            marks = ", ".join("?" * table.width)
            query = f"insert into {name} values ({marks})"  # noqa: S608  # of this test
            connection.executemany(query, plain.iter_rows())
    return str(at)


def into(source: str, output: Path, **more: Any) -> tuple[Screened, pl.DataFrame]:
    found = screen_into(source, str(output), as_of=DAY, size=64, **more)
    return found, pl.read_parquet(output)


SOURCES = {
    "parquet": lambda tables, at: folder(tables, at / "r", "parquet"),
    "csv": lambda tables, at: folder(tables, at / "r", "csv"),
    "jsonl": lambda tables, at: jsonl(tables, at / "r.jsonl"),
    "duckdb": lambda tables, at: in_duckdb(tables, at / "r.duckdb"),
    "sqlite": lambda tables, at: in_sqlite(tables, at / "r.sqlite"),
}


@pytest.mark.parametrize("kind", SOURCES)
def test_any_source(
    kind: str,
    tables: dict[str, pl.DataFrame],
    expected: pl.DataFrame,
    tmp_path: Path,
) -> None:
    """From whatever a registry lies in, in parts, come the answers of `screen()`."""
    source = SOURCES[kind](tables, tmp_path)
    found, table = into(source, tmp_path / "out.parquet")
    assert in_order(table).equals(expected)
    assert (found.subjects, found.rules, found.rejected) == (ROWS, 9, 0)
    assert found.total == incentives.screen(tables, as_of=DAY).total
    left = {"out.parquet", Path(source).name}
    assert {each.name for each in tmp_path.iterdir()} == left


@pytest.mark.parametrize("suffix", ["parquet", "csv", "jsonl", "duckdb", "sqlite"])
def test_any_target(
    suffix: str,
    tables: dict[str, pl.DataFrame],
    expected: pl.DataFrame,
    tmp_path: Path,
) -> None:
    """Wherever results go, they are the same, amounts in yuan to the fen."""
    source = folder(tables, tmp_path / "r", "parquet")
    output = tmp_path / f"out.{suffix}"
    screen_into(source, str(output), as_of=DAY, size=64)
    match suffix:
        case "parquet":
            rows = pl.read_parquet(output)
        case "csv":
            rows = pl.read_csv(output, infer_schema=False)
        case "jsonl":
            rows = pl.read_ndjson(output, infer_schema_length=None)
        case "duckdb":
            with duckdb.connect(str(output), read_only=True) as connection:
                rows = connection.sql("from determinations").pl()
        case _:
            with closing(sqlite3.connect(output)) as plain:
                cursor = plain.execute("select * from determinations")
                names = [each[0] for each in cursor.description]
                rows = pl.DataFrame(
                    cursor.fetchall(), names, orient="row", infer_schema_length=None
                )
    assert texts(in_order(rows)) == texts(expected)


def texts(table: pl.DataFrame) -> list[tuple[str | None, ...]]:
    """A table as what is written of it, however it was typed."""

    def text(value: object) -> str | None:
        if value is None or value == []:
            return None
        if isinstance(value, list):
            return "、".join(value)
        said = str(value)
        return (
            said.rstrip("0").rstrip(".") if "." in said and said[-1].isdigit() else said
        )

    return [tuple(map(text, row)) for row in table.iter_rows()]


@pytest.mark.parametrize("shape", ["possible", "items", "totals", "wide"])
def test_any_shape(shape: str, tables: dict[str, pl.DataFrame], tmp_path: Path) -> None:
    """What stands in a row is what the methods of a screening give."""
    source = folder(tables, tmp_path / "r", "parquet")
    _, table = into(source, tmp_path / "out.parquet", shape=shape)
    whole = incentives.screen(tables, as_of=DAY)
    told: pl.DataFrame = (
        whole.determinations(possible=True)
        if shape == "possible"
        else getattr(whole, shape)()
    )
    keys = [name for name in ("id", "rule", "record") if name in told.columns]
    assert table.sort(keys).equals(told.sort(keys))


# --- PostgreSQL --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A server that was started for these tests."""
    if program("postgres") is None:
        pytest.skip("no server of PostgreSQL is installed")
    with running() as address:
        yield address


def test_postgresql(
    server: str,
    tables: dict[str, pl.DataFrame],
    expected: pl.DataFrame,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A real server gives a registry and takes the results, in place of older ones."""
    for name, table in tables.items():
        PostgreSQL(server).write(name, [table.lazy()])
    found, table = into(server, tmp_path / "out.parquet")
    assert in_order(table).equals(expected)
    assert found.total == incentives.screen(tables, as_of=DAY).total
    monkeypatch.chdir(tmp_path)  # parts are kept where one is
    for _ in range(2):
        screen_into(server, server, as_of=DAY, size=64, into="results")
    staged = tmp_path / "back.parquet"
    PostgreSQL(server).staged("results", staged)
    assert texts(in_order(pl.read_parquet(staged))) == texts(expected)


def test_no_server(tmp_path: Path) -> None:
    """Who cannot be reached is told without a password."""
    address = f"postgresql://me:secret@/x?host={tmp_path}"
    with pytest.raises(SourceError) as caught:
        screen_into(address, str(tmp_path / "o.csv"), as_of=DAY)
    assert str(caught.value).startswith(f"postgresql:///x?host={tmp_path}: ")
    assert "secret" not in str(caught.value)


# --- what is wrong -----------------------------------------------------------------------


def test_broken_rows(tables: dict[str, pl.DataFrame], tmp_path: Path) -> None:
    """Rows with mistakes are left out and told with their lines; the rest goes on."""
    source = Path(folder(tables, tmp_path / "r", "csv"))
    file = source / "enterprises.csv"
    lines = file.read_text("utf-8").splitlines()
    columns = lines[0].split(",")
    wrong = {5, 70, 171}
    for number in wrong:
        cells = lines[number - 1].split(",")
        cells[columns.index("kind")] = "firm"
        lines[number - 1] = ",".join(cells)
    lines[100] += ",one,more"
    file.write_text("\n".join(lines) + "\n", "utf-8")
    found, table = into(str(source), tmp_path / "out.parquet")
    assert found.rejected == 4 + _theirs(tables, lines[100].split(",")[0])
    assert found.rejects == tmp_path / "out.parquet.rejects.csv"
    rejects = pl.read_csv(found.rejects)
    own = rejects.filter(pl.col("file") == "enterprises.csv").sort("line")
    assert own["line"].to_list() == [5, 70, 101, 171]
    assert own["what"][2] == f"{len(columns) + 2} values, but {len(columns)} columns"
    assert own["where"][0] == "enterprises[3].kind"
    left = {lines[number - 1].split(",")[0] for number in (*wrong, 101)}
    assert table["id"].n_unique() == ROWS - 4
    assert not left & set(table["id"])


def _theirs(tables: dict[str, pl.DataFrame], whose: str) -> int:
    """How many records somebody has."""
    others = (t for name, t in tables.items() if name != "enterprises")
    return sum((t["enterprise_id"] == whose).sum() for t in others)


def test_strict(tables: dict[str, pl.DataFrame], tmp_path: Path) -> None:
    """If strict, one mistake stops it all, and nothing is left."""
    wrong = {
        **tables,
        "enterprises": tables["enterprises"].with_columns(
            kind=pl.when(pl.int_range(pl.len()) == 3)
            .then(pl.lit("x"))
            .otherwise("kind")
        ),
    }
    source = folder(wrong, tmp_path / "r", "parquet")
    with pytest.raises(RecordError, match=r"enterprises.parquet:4: enterprises\[3\]"):
        screen_into(source, str(tmp_path / "o.csv"), as_of=DAY, size=64, strict=True)
    assert [each.name for each in tmp_path.iterdir()] == ["r"]


@pytest.mark.parametrize("strict", [False, True])
def test_twice(
    strict: bool,  # a parameter
    tables: dict[str, pl.DataFrame],
    expected: pl.DataFrame,
    tmp_path: Path,
) -> None:
    """Who has a row in an earlier part too, or a record of nobody, is told."""
    enterprises = tables["enterprises"]
    again = pl.concat([enterprises, enterprises.slice(3, 2)])
    listing = tables["listings"].head(1).with_columns(enterprise_id=pl.lit("nobody"))
    listings = pl.concat([tables["listings"], listing])
    odd = {**tables, "enterprises": again, "listings": listings}
    source = folder(odd, tmp_path / "r", "parquet")
    output = tmp_path / "out.parquet"
    if strict:
        with pytest.raises(RecordError) as caught:
            into(source, output, strict=True)
        assert len(caught.value.mistakes) == 3
        return
    found, table = into(source, output)
    assert in_order(table).equals(expected)
    assert found.total == incentives.screen(tables, as_of=DAY).total
    assert found.rejects is not None
    rejects = pl.read_csv(found.rejects)
    ids = [*enterprises["id"].slice(3, 2), "nobody"]
    assert rejects["id"].to_list() == ids
    assert rejects["line"].to_list() == [ROWS + 1, ROWS + 2, listings.height]


def test_ids_are_compared_in_turns(
    monkeypatch: pytest.MonkeyPatch, tables: dict[str, pl.DataFrame], tmp_path: Path
) -> None:
    """More ids than fit in memory are compared some at a time."""
    monkeypatch.setattr("incentives.registries.parts._IDS", 32)
    again = pl.concat([tables["enterprises"], tables["enterprises"].head(2)])
    source = folder({"enterprises": again}, tmp_path / "r", "parquet")
    found, _ = into(source, tmp_path / "out.parquet")
    assert (found.subjects, found.rejected) == (ROWS, 2)


def test_lines_that_are_no_records(tmp_path: Path) -> None:
    """Lines of JSON that nobody can read, or that are no record, are told by number."""
    file = tmp_path / "r.jsonl"
    file.write_text(
        '{"id": "a"}\n\n{"id": "b"\n[1]\n{"id": "c", "citty": "x"}\n{"id": "a"}\n',
        "utf-8",
    )
    found, table = into(str(file), tmp_path / "out.parquet")
    assert table["id"].unique().to_list() == ["a"]
    assert found.rejects is not None
    rejects = pl.read_csv(found.rejects)
    assert rejects.sort("line").select("line", "id").rows() == [
        (3, None),
        (4, None),
        (5, "c"),
        (6, "a"),
    ]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("r.csv", b"", "cannot be read as CSV"),
        ("r.csv", b"id,id\na,b\n", "column 'id' is there twice"),
        ("r.parquet", b"PAR1", "cannot be read"),
        ("r.duckdb", b"no database", "r.duckdb: "),
        (
            "r.sqlite",
            b"no database at all, but long enough for a header" * 4,
            "r.sqlite",
        ),
        ("r/listings.csv", b"id,list\na,b\n", "no table 'enterprises' of the subjects"),
        ("r/firms.csv", b"id\na\n", "unknown table 'firms'"),
    ],
)
def test_no_registry(name: str, content: bytes, said: str, tmp_path: Path) -> None:
    """What is no registry is told with its file, and nothing is left."""
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content)
    source = file.parent if "/" in name else file
    with pytest.raises((SourceError, RecordError)) as caught:
        screen_into(str(source), str(tmp_path / "o.parquet"), as_of=DAY)
    assert said in str(caught.value)
    assert not (tmp_path / "o.parquet").exists()


@pytest.mark.parametrize("name", ["r.parquet", "r.csv", "r.jsonl", "r.duckdb", "r.db"])
def test_no_file(name: str, tmp_path: Path) -> None:
    """A file that is not there is told as one."""
    with pytest.raises(SourceError, match="cannot be read"):
        screen_into(str(tmp_path / name), str(tmp_path / "o.csv"), as_of=DAY)


def test_gb18030(tmp_path: Path) -> None:
    """A CSV that Chinese Excel wrote is read as it is, with Chinese names."""
    file = tmp_path / "r.csv"
    file.write_bytes("统一社会信用代码,所在城市\r\na,泉州市\r\n".encode("gb18030"))
    labels = incentives.bundled().vocabulary["enterprise"].facts
    text = f"{labels['id'].label},{labels['city'].label}\r\na,泉州市\r\n"
    file.write_bytes(text.encode("gb18030"))
    found, _ = into(str(file), tmp_path / "o.parquet")
    assert (found.subjects, found.rejected) == (1, 0)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"shape": "total"}, "shape: unknown 'total', did you mean 'totals'?"),
        ({"subject": "firm"}, "subject: unknown 'firm'"),
        ({"output": "o.xml"}, "results are written as"),
        ({"registry": "r.xml"}, "registries are read from"),
    ],
)
def test_usage(words: dict[str, Any], said: str, tmp_path: Path) -> None:
    """Words that make no sense are mistakes of usage."""
    given = {"registry": "r.parquet", "output": str(tmp_path / "o.csv"), **words}
    with pytest.raises(UsageError) as caught:
        screen_into(as_of=DAY, **given)
    assert said in str(caught.value)


def test_no_place(tables: dict[str, pl.DataFrame], tmp_path: Path) -> None:
    """A folder for the results that is not there is told before anything is done."""
    source = folder({"enterprises": tables["enterprises"]}, tmp_path / "r", "parquet")
    for name in ("nowhere/o.csv", "nowhere/o.duckdb", "nowhere/o.sqlite"):
        with pytest.raises(TargetError, match="no such folder"):
            screen_into(source, str(tmp_path / name), as_of=DAY)


@pytest.mark.parametrize("name", ["o.duckdb", "o.sqlite"])
def test_no_database(
    name: str, tables: dict[str, pl.DataFrame], tmp_path: Path
) -> None:
    """A file that is no database is not written to."""
    source = folder({"enterprises": tables["enterprises"]}, tmp_path / "r", "parquet")
    output = tmp_path / name
    output.write_bytes(b"something else that is no database whatsoever" * 10)
    with pytest.raises(TargetError, match=name):
        screen_into(source, str(output), as_of=DAY)


def test_no_table(tmp_path: Path) -> None:
    """A database without the table of the subjects says how to name it."""
    file = tmp_path / "r.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("create table firms as select 'a' as id")
    with pytest.raises(
        SourceError, match=r"no table 'enterprises' .* name it by --table"
    ):
        screen_into(str(file), str(tmp_path / "o.parquet"), as_of=DAY)
    found, _ = into(str(file), tmp_path / "o.parquet", table="firms")
    assert found.subjects == 1


def test_values_of_sqlite(tmp_path: Path) -> None:
    """A value that SQLite holds in part only is refused, not rounded."""
    file = tmp_path / "r.sqlite"
    with closing(sqlite3.connect(file)) as plain, plain:
        plain.execute("create table enterprises (id, city)")
        rows = [("a", None), ("b", 0.1), ("c", b"x"), ("d", 1.5), ("e", 7)]
        plain.executemany("insert into enterprises values (?, ?)", rows)
    staged = tmp_path / "staged.parquet"
    database = database_at(f"sqlite:///{file}")
    assert database is not None
    database.staged("enterprises", staged)
    assert pl.read_parquet(staged)["city"].to_list() == [
        None,
        "0.1 (float)",
        "b'x' (bytes)",
        "1.5",
        "7",
    ]


# --- going on ----------------------------------------------------------------------------

KILLED = """
import sys, time
from incentives.registries import parts
from incentives.registries.running import screen_into

keep = parts.Parts.keep

def slowly(self, number, *given):
    keep(self, number, *given)
    print(number, flush=True)
    time.sleep(0.5)

parts.Parts.keep = slowly
screen_into(sys.argv[1], sys.argv[2], as_of="2026-06-01", size=16)
"""


@pytest.mark.parametrize("kind", ["parquet", "jsonl", "csv"])
def test_resume(
    kind: str,
    tables: dict[str, pl.DataFrame],
    expected: pl.DataFrame,
    tmp_path: Path,
) -> None:
    """Who was killed goes on after what was done, and nothing is lost or there twice."""
    source, output = SOURCES[kind](tables, tmp_path), tmp_path / "out.parquet"
    command = [sys.executable, "-c", KILLED, source, str(output)]
    worker = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603  # this interpreter
    assert worker.stdout is not None
    for _ in range(4):
        worker.stdout.readline()
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    worker.stdout.close()
    assert not output.exists()
    done = len(list((tmp_path / ".out.parquet.parts").glob("0*.json")))
    assert 3 <= done < 13
    counts = []
    found = screen_into(
        source,
        str(output),
        as_of=DAY,
        size=16,
        resume=True,
        progress=lambda done, _: counts.append(done),
    )
    assert counts[0] >= 3 * 16
    assert in_order(pl.read_parquet(output)).equals(expected)
    assert found.total == incentives.screen(tables, as_of=DAY).total


def test_other_question(tables: dict[str, pl.DataFrame], tmp_path: Path) -> None:
    """Parts of another question are not gone on with."""
    source = folder(tables, tmp_path / "r", "parquet")
    output = tmp_path / "out.parquet"
    Parts.begun(output, {"the day": "2025-01-01", "shape": "totals"}, resume=False)
    with pytest.raises(TargetError, match=r"the day.* shape.*leave out --resume"):
        screen_into(source, str(output), as_of=DAY, resume=True)
    found = screen_into(source, str(output), as_of=DAY)
    assert found.subjects == ROWS


def test_progress(tables: dict[str, pl.DataFrame], tmp_path: Path) -> None:
    """Who waits is told how many are done, and of how many."""
    source = folder({"enterprises": tables["enterprises"]}, tmp_path / "r", "parquet")
    told = []
    screen_into(
        source,
        str(tmp_path / "o.parquet"),
        as_of=DAY,
        size=64,
        progress=lambda *each: told.append(each),
    )
    assert told == [(n, ROWS) for n in (0, 64, 128, 192, 200)]


def test_progress_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal the subjects a second are shown."""
    monkeypatch.setattr("rich.console.Console.is_terminal", True)
    with _progress() as told:
        told(5, 10)
        told(10, 10)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["enterprises.parquet", "listings.csv"], "not both"),
        (["enterprises.parquet", "企业.parquet"], "table 'enterprises' is there twice"),
    ],
)
def test_odd_folders(names: list[str], said: str, tmp_path: Path) -> None:
    """A folder has files of one kind, one for each table."""
    table = pl.DataFrame({"id": ["a"]})
    for name in names:
        if name.endswith("csv"):
            table.write_csv(tmp_path / name)
        else:
            table.write_parquet(tmp_path / name)
    with pytest.raises(SourceError, match=said):
        screen_into(str(tmp_path), str(tmp_path / "o.csv"), as_of=DAY)


@pytest.mark.parametrize("address", ["postgres://x", "duckdb:///x", "sqlite:///x.y"])
def test_addresses(address: str) -> None:
    """A database has an address of its own, or a file that says what it is."""
    assert database_at(address) is not None


def test_columns_that_are_lacking(tmp_path: Path) -> None:
    """Without a column of ids, or of whose a record is, the door says so."""
    folder = tmp_path / "r"
    folder.mkdir()
    pl.DataFrame({"city": ["泉州市"]}).write_parquet(folder / "enterprises.parquet")
    pl.DataFrame({"list": ["x"]}).write_parquet(folder / "listings.parquet")
    output = str(tmp_path / "o.csv")
    with pytest.raises(RecordError) as caught:
        screen_into(str(folder), output, as_of=DAY)
    said = [str(each) for each in caught.value.mistakes]
    assert said[0].startswith("enterprises.id: missing")
    pl.DataFrame({"id": ["a"]}).write_parquet(folder / "enterprises.parquet")
    with pytest.raises(RecordError, match="no column says whose"):
        screen_into(str(folder), output, as_of=DAY)
    assert [each.name for each in tmp_path.iterdir()] == ["r"]


def test_strays_without_ids(tmp_path: Path) -> None:
    """Where nobody has an id, or no table says whose, nobody's records are not sought."""
    own = tmp_path / "enterprises.parquet"
    theirs = tmp_path / "listings.parquet"
    declared = incentives.bundled().vocabulary["enterprise"]
    for columns in ({"city": ["x"]}, {"id": ["a"]}):
        pl.DataFrame(columns).write_parquet(own)
        pl.DataFrame({"list": ["x"]}).write_parquet(theirs)
        files = {"enterprises": own, "listings": theirs}
        assert list(Tables(files, "enterprise", declared).strays()) == []


def test_many_strays(tmp_path: Path) -> None:
    """Of many records of nobody some are told, and that there are more."""
    own, theirs = tmp_path / "e.parquet", tmp_path / "l.parquet"
    pl.DataFrame({"id": ["a"]}).write_parquet(own)
    pl.DataFrame({"id": ["b"] * 101, "list": ["x"] * 101}).write_parquet(theirs)
    declared = incentives.bundled().vocabulary["enterprise"]
    files = {"enterprises": own, "listings": theirs}
    found = list(Tables(files, "enterprise", declared).strays())
    assert len(found) == 101
    assert found[0].line == 1
    assert (found[-1].line, found[-1].what) == (
        None,
        "more than 100 records belong to nobody",
    )


def test_rows_without_ids(tmp_path: Path) -> None:
    """A row that has no id is told as nobody's."""
    file = tmp_path / "r.jsonl"
    file.write_text('{"id": 7}\n{"id": "a"}\n', "utf-8")
    found, _ = into(str(file), tmp_path / "o.parquet")
    assert found.rejects is not None
    assert pl.read_csv(found.rejects).select("line", "id").rows() == [(1, None)]
    pl.DataFrame({"id": [None, "a"]}).write_parquet(tmp_path / "r.parquet")
    found, _ = into(str(tmp_path / "r.parquet"), tmp_path / "o.parquet")
    assert found.rejects is not None
    assert pl.read_csv(found.rejects).select("line", "id").rows() == [(1, None)]


def test_what_is_done_stays(
    monkeypatch: pytest.MonkeyPatch, tables: dict[str, pl.DataFrame], tmp_path: Path
) -> None:
    """Where the disk is full at the end, what was done is kept to go on with."""
    source, output = folder(tables, tmp_path / "r", "parquet"), tmp_path / "o.parquet"

    def full(*_: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(Target, "write", full)
        with pytest.raises(OSError, match="the disk is full"):
            screen_into(source, str(output), as_of=DAY, size=64)
    counts: list[int] = []
    screen_into(
        source,
        str(output),
        as_of=DAY,
        size=64,
        resume=True,
        progress=lambda done, _: counts.append(done),
    )
    assert counts == [ROWS]


def test_broken_quotes(tmp_path: Path) -> None:
    """A CSV that breaks off inside of quotes, or is of no encoding, is told."""
    file = tmp_path / "r.csv"
    file.write_bytes(b"id,city\n" + b"a,b\n" * 900_000 + b'c,"' + b"\x81" * 3)
    with pytest.raises(SourceError, match="cannot be read as CSV"):
        screen_into(str(file), str(tmp_path / "o.csv"), as_of=DAY)


def test_who_may_not_read(tmp_path: Path) -> None:
    """A folder that is called like a file cannot be read as one."""
    for name in ("r.csv", "r.jsonl"):
        (tmp_path / name).mkdir()
    with pytest.raises(SourceError, match="cannot be read: Is a directory"):
        staged_texts(tmp_path / "r.csv", tmp_path / "x.parquet")
    with pytest.raises(SourceError, match="cannot be read: Is a directory"):
        list(Lines(tmp_path / "r.jsonl").chunks(1, 0))
    assert list(Lines(tmp_path / "r.jsonl").strays()) == []
