"""
The same registry by every way that there is: `python -m benchmarks.digests --rows N`.

An invented registry of the bundled pack is answered record by record by `evaluate()`,
and by `screen()` from every kind of data frame, file, database and cluster that is
installed. Of what each says of every subject and rule one digest is made: outcome,
amount, reason, both ends, missing facts. The exit status says whether all are equal.
"""

import argparse
import hashlib
import json
import os
import sqlite3
import sys
import tempfile
import time

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import polars as pl

from attrs import field, frozen

import incentives

from incentives.registries.databases import DuckDB, PostgreSQL, Sqlite
from incentives.registries.running import screen_into

DAY = "2026-06-01"
#: Excel is for officers: so many rows and no more.
IN_EXCEL = 10_000

Tables = dict[str, pl.DataFrame]


@frozen(eq=False)
class Given:
    """A registry in tables, with a folder for files of it."""

    tables: Tables
    folder: Path
    stack: ExitStack = field(repr=False)

    @property
    def wide(self) -> pl.DataFrame:
        """One table with the lists nested in it."""
        found = self.tables["enterprises"]
        for name, table in self.tables.items():
            if name == "enterprises":
                continue
            facts = [each for each in table.columns if each != "enterprise_id"]
            lists = table.group_by("enterprise_id", maintain_order=True).agg(
                pl.struct(facts).alias(name)
            )
            found = found.join(
                lists, left_on="id", right_on="enterprise_id", how="left"
            ).with_columns(pl.col(name).fill_null([]))
        return found.sort("id")

    def each(self, change: Callable[[pl.DataFrame], Any]) -> dict[str, Any]:
        """Every table as another kind of frame."""
        return {name: change(table) for name, table in self.tables.items()}

    def saved(self, suffix: str) -> str:
        """The tables as files in a folder of their own."""
        folder = self.folder / suffix
        folder.mkdir(exist_ok=True)
        for name, table in self.tables.items():
            getattr(table, f"write_{suffix}")(folder / f"{name}.{suffix}")
        return str(folder)


# --- ways --------------------------------------------------------------------------------


def evaluated(given: Given) -> pl.DataFrame:
    """Record by record."""
    screening = incentives.screen(given.tables, as_of=DAY)
    rows = []
    for record in screening.records(range(len(screening))):
        for d in incentives.evaluate(record, as_of=DAY):
            if d.rule.subject == "enterprise":
                code = "" if d.reason_code is None else d.reason_code.value
                said = (record["id"], d.rule.id, d.outcome.value, d.amount, code)
                rows.append((*said, *d.bounds, list(d.missing)))
    money = pl.Decimal(38, 2)
    schema = {
        **dict.fromkeys(("id", "rule", "outcome"), pl.String),
        "amount": money,
        "reason": pl.String,
        "low": money,
        "high": money,
        "missing": pl.List(pl.String),
    }
    return pl.DataFrame(rows, schema, orient="row")


def screened(registry: Any) -> pl.DataFrame:
    """By `screen()`, whatever kind comes back."""
    found = incentives.screen(registry, as_of=DAY).determinations()
    if isinstance(found, pl.LazyFrame):
        return found.collect()
    return found if isinstance(found, pl.DataFrame) else pl.DataFrame(found)


def from_file(given: Given, address: str) -> pl.DataFrame:
    """By the command's own way, in parts."""
    output = given.folder / "out.parquet"
    screen_into(address, str(output), as_of=DAY, size=20_000)
    return pl.read_parquet(output)


def _numpy(table: pl.DataFrame) -> Any:
    return table.to_pandas()


def _nullable(table: pl.DataFrame) -> Any:
    return table.to_pandas().convert_dtypes()


def _arrow_backed(table: pl.DataFrame) -> Any:
    return table.to_pandas(use_pyarrow_extension_array=True)


@frozen
class _Capsule:
    """Nothing but the Arrow PyCapsule interface."""

    table: pl.DataFrame

    def __arrow_c_stream__(self, requested: object = None) -> object:
        return self.table.__arrow_c_stream__(requested)


def _relation(given: Given) -> dict[str, Any]:
    import duckdb  # noqa: PLC0415  # if it is installed

    return given.each(lambda table: duckdb.from_arrow(table.to_arrow()))


def jsonl(given: Given) -> str:
    screening = incentives.screen(given.tables, as_of=DAY)
    path = given.folder / "r.jsonl"
    with path.open("w", encoding="utf-8") as stream:
        for record in screening.records(range(len(screening))):
            stream.write(json.dumps(record, ensure_ascii=False, default=str) + "\n")
    return str(path)


def in_database(given: Given, database: Any) -> None:
    for name, table in given.tables.items():
        database.write(name, [table.lazy()])


def duckdb_file(given: Given) -> pl.DataFrame:
    path = given.folder / "r.duckdb"
    in_database(given, DuckDB(path))
    return from_file(given, str(path))


def sqlite_file(given: Given) -> pl.DataFrame:
    path = given.folder / "r.sqlite"
    in_database(given, Sqlite(path))
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("select count(*) from enterprises").fetchone()[0]  # noqa: S101  # it is there
    return from_file(given, str(path))


def postgresql(given: Given) -> pl.DataFrame:
    from tests.support.server import running  # noqa: PLC0415  # if it is installed

    address = given.stack.enter_context(running())
    in_database(given, PostgreSQL(address))
    return from_file(given, address)


def workbook(given: Given) -> pl.DataFrame:
    from openpyxl import Workbook  # noqa: PLC0415  # if it is installed

    book = Workbook(write_only=True)
    for name, table in given.tables.items():
        sheet = book.create_sheet(name)
        sheet.append(table.columns)
        for row in table.iter_rows():
            sheet.append(row)
    path = given.folder / "r.xlsx"
    book.save(path)
    return from_file(given, str(path))


def dask(given: Given) -> pl.DataFrame:
    import dask.dataframe as dd  # noqa: PLC0415  # if it is installed
    import distributed  # noqa: PLC0415  # likewise
    import pandas as pd  # noqa: PLC0415  # likewise

    from incentives.clusters import dask as inside  # noqa: PLC0415  # likewise

    words = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
    with (
        distributed.LocalCluster(host="127.0.0.1", **words) as cluster,
        distributed.Client(cluster),
    ):
        table = given.wide.to_arrow().to_pandas(types_mapper=pd.ArrowDtype)
        registry = dd.from_pandas(table, npartitions=4)
        return pl.from_pandas(inside.screen(registry, as_of=DAY).compute())


def ray(given: Given) -> pl.DataFrame:
    import ray.data  # noqa: PLC0415  # if it is installed

    from incentives.clusters import ray as inside  # noqa: PLC0415  # likewise

    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    try:
        registry = ray.data.from_arrow(given.wide.to_arrow()).repartition(4)
        tables = [
            pl.from_arrow(b)
            for b in inside.screen(registry, as_of=DAY).iter_batches(
                batch_format="pyarrow", batch_size=None
            )
        ]
        return pl.concat([each for each in tables if isinstance(each, pl.DataFrame)])
    finally:
        ray.shutdown()


def spark(given: Given) -> pl.DataFrame:
    with _session(given.folder) as session:
        from incentives.clusters import spark as inside  # noqa: PLC0415  # if it is installed

        frames = given.each(
            lambda table: session.createDataFrame(_placed(table).to_arrow())
        )
        return pl.DataFrame(inside.screen(frames, as_of=DAY).toArrow())


def _placed(table: pl.DataFrame) -> pl.DataFrame:
    """With the place of each record, which rows in a cluster have none of."""
    if "enterprise_id" not in table.columns:
        return table
    place = pl.int_range(pl.len()).over("enterprise_id").cast(pl.Int64)
    return table.with_columns(place.alias("#place"))


@contextmanager
def _session(folder: Path) -> Iterator[Any]:
    """A master and two workers, as processes of their own on this machine."""
    import pyspark  # noqa: PLC0415  # if it is installed

    from pyspark.sql import SparkSession  # noqa: PLC0415  # likewise

    from tests.support.standalone import LOOPBACK, ROOT, standalone  # noqa: PLC0415  # likewise

    os.environ["SPARK_LOCAL_IP"] = LOOPBACK
    os.environ["PYSPARK_PYTHON"] = sys.executable
    jars = str(Path(pyspark.__file__).parent / "jars")
    (folder / "spark").mkdir()
    with standalone(jars, folder / "spark", workers=2) as cluster:
        builder = SparkSession.builder.master(cluster.url)
        for name, value in {
            "spark.driver.host": LOOPBACK,
            "spark.driver.bindAddress": LOOPBACK,
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.executor.memory": "800m",
            "spark.executorEnv.PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
            "spark.executorEnv.SPARK_LOCAL_IP": LOOPBACK,
            "spark.sql.shuffle.partitions": "4",
            "spark.sql.execution.arrow.maxRecordsPerBatch": "100000",
        }.items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel("OFF")
        try:
            yield session
        finally:
            session.stop()


Way = Callable[[Given], pl.DataFrame]

#: Every way by its name, with the module that it needs.
WAYS: Mapping[str, tuple[str, Way]] = {
    "evaluate(), record by record": ("incentives", evaluated),
    "Polars": ("polars", lambda given: screened(given.tables)),
    "Polars, lazy": ("polars", lambda g: screened(g.each(pl.DataFrame.lazy))),
    "Polars, wide and nested": ("polars", lambda given: screened(given.wide)),
    "pandas, NumPy": ("pandas", lambda given: screened(given.each(_numpy))),
    "pandas, nullable": ("pandas", lambda given: screened(given.each(_nullable))),
    "pandas, Arrow": ("pandas", lambda given: screened(given.each(_arrow_backed))),
    "PyArrow": ("pyarrow", lambda g: screened(g.each(pl.DataFrame.to_arrow))),
    "Arrow PyCapsule": ("polars", lambda given: screened(given.each(_Capsule))),
    "DuckDB, relations": ("duckdb", lambda given: screened(_relation(given))),
    "Parquet": ("polars", lambda given: from_file(given, given.saved("parquet"))),
    "CSV": ("polars", lambda given: from_file(given, given.saved("csv"))),
    "JSON lines": ("polars", lambda given: from_file(given, jsonl(given))),
    "Excel": ("openpyxl", workbook),
    "DuckDB, a file": ("duckdb", duckdb_file),
    "SQLite": ("sqlite3", sqlite_file),
    "PostgreSQL": ("adbc_driver_postgresql", postgresql),
    "Dask, 2 workers": ("dask", dask),
    "Ray, 2 workers": ("ray", ray),
    "Spark, a master and 2 workers": ("pyspark", spark),
}


def digest(table: pl.DataFrame) -> str:
    """SHA-256 of what is said of every subject and rule, in one order and one writing."""
    money = pl.col("amount", "low", "high").cast(pl.Decimal(38, 2)).cast(pl.String)
    plain = table.select(
        pl.col("id", "rule", "outcome", "reason").cast(pl.String),
        money,
        pl.col("missing").cast(pl.List(pl.String)).list.join("、").fill_null(""),
    )
    rows = plain.sort("id", "rule").write_csv(include_header=False)
    return hashlib.sha256(rows.encode()).hexdigest()


def compared(rows: int, ways: Sequence[str], seed: int = 7) -> bool:
    """Print what every way says; whether all say the same."""
    tables = incentives.synthesize(rows=rows, seed=seed, as_of=DAY)
    first = {n: t.head(IN_EXCEL) for n, t in tables.items()}
    few = first["enterprises"].select("id")
    for name, table in tables.items():
        if name != "enterprises":
            first[name] = table.join(
                few, left_on="enterprise_id", right_on="id", how="semi"
            )
    wanted = digest(screened(tables))
    wanted_few = digest(screened(first))
    equal = True
    print("| way | rows | s | digest | |")
    print("| --- | ---: | ---: | --- | --- |")
    for name in ways:
        module, way = WAYS[name]
        is_few = name == "Excel" and rows > IN_EXCEL
        given = first if is_few else tables
        if find_spec(module) is None:
            print(f"| {name} | | | {module} is not installed | |", flush=True)
            continue
        with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
            start = time.perf_counter()
            found = digest(way(Given(given, Path(folder), stack)))
            seconds = time.perf_counter() - start
        same = found == (wanted_few if is_few else wanted)
        equal &= same
        height = given["enterprises"].height
        said = "equal" if same else "DIFFERS"
        print(
            f"| {name} | {height} | {seconds:.1f} | `{found[:16]}` | {said} |",
            flush=True,
        )
    return equal


def main(arguments: Sequence[str] | None = None) -> None:
    """Compare all ways."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--ways", nargs="+", choices=list(WAYS), default=list(WAYS))
    options = parser.parse_args(arguments)
    if not compared(options.rows, options.ways):
        sys.exit("not all say the same")


if __name__ == "__main__":
    main()
