"""A registry on a cluster of Spark is answered as on one machine, whoever is lost."""

import json
import os
import shutil
import sys
import threading
import time
import uuid

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pytest

import incentives

from incentives import RecordError, UsageError
from incentives.clusters.results import SCHEMAS
from tests.support.clusters import SHAPES, expected, in_order, many, tables
from tests.support.standalone import LOOPBACK, QUICK, ROOT, Standalone, standalone
from tests.test_screening import DAY, FIRM

pyspark = pytest.importorskip("pyspark", reason="the extra `spark` is not installed")
if shutil.which("java") is None:
    pytest.skip("no java on this machine", allow_module_level=True)
spark = pytest.importorskip("incentives.clusters.spark")
sql = pytest.importorskip("pyspark.sql")
task_context = pytest.importorskip("pyspark").TaskContext

pytestmark = pytest.mark.filterwarnings("default")
#: Firms in the large registry, two for each, and in how many parts it is looked at.
MANY, PARTS = 60, 12


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standalone]:
    """A master and two workers."""
    jars = str(Path(pyspark.__file__).parent / "jars")
    with standalone(jars, tmp_path_factory.mktemp("spark"), workers=2) as found:
        yield found


@pytest.fixture(scope="module")
def session(cluster: Standalone) -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_LOCAL_IP", LOOPBACK)
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        conf = {
            "spark.driver.host": LOOPBACK,
            "spark.driver.bindAddress": LOOPBACK,
            "spark.ui.enabled": "false",
            "spark.driver.extraJavaOptions": " ".join(QUICK),
            "spark.executor.extraJavaOptions": " ".join(QUICK),
            "spark.executor.memory": "512m",
            "spark.executor.cores": "1",
            "spark.executorEnv.PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
            "spark.executorEnv.SPARK_LOCAL_IP": LOOPBACK,
            "spark.shuffle.io.maxRetries": "1",
            "spark.shuffle.io.retryWait": "200ms",
            "spark.sql.adaptive.enabled": "false",
            "spark.sql.autoBroadcastJoinThreshold": "-1",
            "spark.sql.execution.arrow.maxRecordsPerBatch": "65536",
            "spark.sql.shuffle.partitions": "2",
            "spark.task.maxFailures": "2",
        }
        builder = sql.SparkSession.builder.master(cluster.url)
        for name, value in conf.items():
            builder = builder.config(name, value)
        found = builder.getOrCreate()
        found.sparkContext.setLogLevel("OFF")
        yield found
        found.stop()


def nested(session: Any, count: int, partitions: int = 2) -> Any:
    return session.createDataFrame(many(count).to_arrow()).repartition(partitions)


def spread(session: Any, count: int) -> dict[str, Any]:
    return {
        name: session.createDataFrame(table.to_arrow())
        for name, table in tables(count).items()
    }


@pytest.mark.parametrize("shape", SHAPES)
def test_wide(session: Any, shape: str) -> None:
    """One wide table: what two workers say is what one machine says."""
    found = spark.screen(nested(session, 5), as_of=DAY, shape=shape).toArrow()
    assert [f.name for f in found.schema] == SCHEMAS[shape].names
    assert [f.type for f in found.schema] == [
        pa.list_(pa.field("element", pa.string())) if pa.types.is_list(t) else t
        for t in SCHEMAS[shape].types
    ]
    assert in_order(found, shape).equals(expected(many(5), shape))


def test_tables(session: Any) -> None:
    """Tables are brought together by whose they are; nobody's rows are an empty list."""
    given = tables(5)
    alone = f"9-{FIRM}"
    firms = given["enterprises"]
    given["enterprises"] = pl.concat(
        [firms, firms.head(1).with_columns(id=pl.lit(alone))]
    )
    frames = {n: session.createDataFrame(t.to_arrow()) for n, t in given.items()}
    found = spark.screen(frames, as_of=DAY, shape="items").toArrow()
    assert in_order(found, "items").equals(expected(given, "items"))
    del frames["listings"], given["listings"]
    found = spark.screen(frames, as_of=DAY).toArrow()
    assert in_order(found, "determinations").equals(expected(given, "determinations"))


def test_in_order_of_columns(session: Any) -> None:
    """Without a place, records are in the order of their columns."""
    given = tables(2)
    listings = given["listings"].drop("#place")
    columns = [c for c in listings.columns if c != "enterprise_id"]
    given["listings"] = listings.sort(columns)
    frames = {n: session.createDataFrame(t.to_arrow()) for n, t in given.items()}
    found = spark.screen(frames, as_of=DAY, shape="items").toArrow()
    assert in_order(found, "items").equals(expected(given, "items"))


def test_from_a_directory(session: Any) -> None:
    """A pack of one's own: figures by year, lists of single values, Chinese names."""
    pack = ROOT / "examples" / "packs" / "linjiang-2026"
    lines = (ROOT / "examples" / "linjiang.jsonl").read_text("utf-8").splitlines()
    records = [json.loads(line) for line in lines[:4]]
    plain = ("id", "kind", "city", "county", "registered", "applied", "staff")
    firms = pl.DataFrame([{name: each[name] for name in plain} for each in records])
    firms = firms.rename({"id": "编号"}).with_columns(
        pl.lit(12_000_000).alias("revenue[2026]")
    )
    projects = [
        {"#place": place, "enterprise_id": each["id"], "id": project["id"]}
        | {name: str(project[name]) for name in ("cost", "filed", "completed")}
        for each in records
        for place, project in enumerate(each["projects"])
    ]
    whose = [records[2]["id"], records[0]["id"], records[0]["id"]]
    words = ["高新技术企业", "专精特新企业", "高新技术企业"]
    given = {
        "企业": firms,
        "projects": pl.DataFrame(projects),
        "资质": pl.DataFrame({"编号": whose, "资质": words}),
    }
    frames = {n: session.createDataFrame(t.to_arrow()) for n, t in given.items()}
    day = "2027-10-01"
    found = spark.screen(frames, as_of=day, rules=pack).toArrow()
    alone = incentives.screen(given, as_of=day, rules=incentives.load(pack))
    determinations = in_order(alone.determinations(), "determinations")
    assert in_order(found, "determinations").equals(determinations)
    assert alone.total > 0


def test_refused(session: Any) -> None:
    """What is wrong with the whole is told before anything runs."""
    twice = nested(session, 2).union(nested(session, 1))
    with pytest.raises(UsageError, match="enterprises with more than one row: '0-"):
        spark.screen(twice, as_of=DAY)
    frames = spread(session, 2)
    stray = {**frames, "enterprises": frames["enterprises"].where(f"id <> '0-{FIRM}'")}
    with pytest.raises(UsageError, match=f"listings of nobody .*: '0-{FIRM}'"):
        spark.screen(stray, as_of=DAY)
    kept = spark.screen(stray, as_of=DAY, strict=False, shape="totals")
    assert kept.count() == 3
    with pytest.raises(UsageError, match="unknown table 'listing', did you mean"):
        spark.screen({**frames, "listing": frames["listings"]}, as_of=DAY)
    with pytest.raises(RecordError, match="did you mean 'city'"):
        spark.screen(nested(session, 1).withColumnRenamed("city", "citi"), as_of=DAY)
    with pytest.raises(UsageError, match="expected a DataFrame of Spark"):
        spark.screen(5, as_of=DAY)


def test_wrong_row(session: Any) -> None:
    """A mistake in a row fails the job, and the message names the subject."""
    strange = nested(session, 1, 1).selectExpr("id", "'firm' AS kind")
    with pytest.raises(
        Exception, match=r"enterprises\['0-\w{18}'\].kind: expected one"
    ):
        spark.screen(strange, as_of=DAY).toArrow()


# --- a worker that is lost -----------------------------------------------------------


def slow(folder: Path) -> Callable[[Iterator[Any]], Iterator[Any]]:
    """Takes its time over results, and notes which process looks at which part."""
    name = str(folder)

    def noted(batches: Iterator[Any]) -> Iterator[Any]:
        context = task_context.get()
        # The process that started this one belongs to one executor.
        mark = f"{context.partitionId()}-{os.getppid()}-{uuid.uuid4().hex}"
        (Path(name) / mark).touch()
        for batch in batches:
            time.sleep(0.4)
            yield batch

    return noted


def test_worker_lost(session: Any, cluster: Standalone, tmp_path: Path) -> None:
    """A worker is killed while it screens: nothing is lost, and nothing paid twice."""
    session.conf.set("spark.sql.shuffle.partitions", str(PARTS))
    given = tables(MANY)
    frames = {n: session.createDataFrame(t.to_arrow()) for n, t in given.items()}
    results = spark.screen(frames, as_of=DAY, shape="items")
    slowed = results.mapInArrow(slow(tmp_path), results.schema)

    def marks() -> list[tuple[str, ...]]:
        return [tuple(f.name.split("-")) for f in tmp_path.iterdir()]

    killed: list[int] = []
    done = threading.Event()

    def kill() -> None:
        """Once both have begun, and one of them is at its second part."""
        while len({executor for _, executor, _ in marks()}) < 2 or len(marks()) < 4:
            if done.wait(0.05):
                return
        killed.append(len(marks()))
        cluster.workers[0].kill()

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    try:
        found = slowed.toArrow()
    finally:
        done.set()
        killer.join()
    assert killed
    assert cluster.workers[0].wait(timeout=5) != 0
    assert killed[0] < PARTS
    # Some part was begun again, by somebody else.
    begun: dict[str, set[str]] = {}
    for part, executor, _ in marks():
        begun.setdefault(part, set()).add(executor)
    assert len(begun) == PARTS
    assert any(len(executors) > 1 for executors in begun.values())
    assert in_order(found, "items").equals(expected(given, "items"))
