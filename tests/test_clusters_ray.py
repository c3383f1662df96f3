"""A registry in blocks of Ray is answered as on one machine."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from incentives import UsageError
from incentives.clusters import ray
from incentives.clusters.results import SCHEMAS
from tests.support.clusters import SHAPES, expected, in_order, many
from tests.test_screening import DAY

engine = pytest.importorskip("ray", reason="the extra `ray` is not installed")
pytest.importorskip("ray.data", reason="the extra `ray` is not installed")

pytestmark = pytest.mark.filterwarnings("default")
ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module", autouse=True)
def _two_workers() -> Iterator[None]:
    path = f"{ROOT / 'src'}:{ROOT}"
    engine.init(
        num_cpus=2,
        include_dashboard=False,
        log_to_driver=False,
        object_store_memory=200_000_000,
        runtime_env={"env_vars": {"PYTHONPATH": path}},
        _node_ip_address="127.0.0.1",
    )
    yield
    engine.shutdown()


def blocks(count: int, number: int = 4) -> Any:
    found = engine.data.from_arrow(many(count).to_arrow())
    return found.repartition(number)


def collected(results: Any) -> pa.Table:
    tables = [t for t in engine.get(results.to_arrow_refs()) if t.num_rows]
    return pa.concat_tables(tables)


@pytest.mark.parametrize("shape", SHAPES)
def test_equal(shape: str) -> None:
    """Whatever is asked, workers say what one machine says."""
    found = collected(ray.screen(blocks(20), as_of=DAY, shape=shape))
    assert found.schema == SCHEMAS[shape]
    assert in_order(found, shape).equals(expected(many(20), shape))


def test_twice() -> None:
    """Nobody has two rows, wherever these lie."""
    with pytest.raises(UsageError, match="enterprises with more than one row: '0-"):
        ray.screen(blocks(2).union(blocks(1)), as_of=DAY)


def test_wrong() -> None:
    """What is no data set is refused at once, a value when it is looked at."""
    with pytest.raises(UsageError, match="expected a data set of Ray, got int"):
        ray.screen(5, as_of=DAY)
    table = many(1).to_arrow()
    kinds = pa.array(["firm", "firm"])
    at = table.schema.get_field_index("kind")
    strange = engine.data.from_arrow(table.set_column(at, "kind", kinds))
    with pytest.raises(Exception, match=r"enterprises\['0-91350582MA31ABCD0M'\]"):
        ray.screen(strange, as_of=DAY).materialize()
