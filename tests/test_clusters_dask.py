"""A registry in partitions of Dask is answered as on one machine."""

from collections.abc import Iterator
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from incentives import RecordError, UsageError
from incentives.clusters import dask
from incentives.clusters.results import SCHEMAS
from tests.support.clusters import SHAPES, expected, in_order, many
from tests.test_screening import DAY

dd = pytest.importorskip("dask.dataframe", reason="the extra `dask` is not installed")
distributed = pytest.importorskip("distributed", reason="the extra `dask` is missing")

pytestmark = pytest.mark.filterwarnings("default")


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    """Two workers in processes of their own, on this machine."""
    with (
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address=None,
        ) as cluster,
        distributed.Client(cluster) as found,
    ):
        yield found


def frame(count: int, partitions: int = 4) -> Any:
    table = many(count).to_arrow().to_pandas(types_mapper=pd.ArrowDtype)
    return dd.from_pandas(table, npartitions=partitions)


@pytest.mark.parametrize("shape", SHAPES)
def test_equal(client: Any, shape: str) -> None:
    """Whatever is asked, two workers say what one machine says."""
    found = dask.screen(frame(20), as_of=DAY, shape=shape).compute()
    table = pa.Table.from_pandas(found, preserve_index=False)
    assert table.replace_schema_metadata().schema == SCHEMAS[shape]
    assert in_order(table, shape).equals(expected(many(20), shape))


def test_readings(client: Any) -> None:
    """Readings and what is to be left aside travel to the workers."""
    readings = {"stacking": "highest-only"}
    registry = frame(3).assign(note="x")
    found = dask.screen(
        registry, as_of=DAY, readings=readings, ignore=["note"], shape="totals"
    ).compute()
    table = pa.Table.from_pandas(found, preserve_index=False)
    assert in_order(table, "totals").equals(
        expected(many(3), "totals", readings=readings)
    )


def test_twice(client: Any) -> None:
    """Nobody has two rows, wherever these lie."""
    with pytest.raises(UsageError, match="enterprises with more than one row: '0-"):
        dask.screen(dd.concat([frame(2), frame(1)]), as_of=DAY)


def test_wrong(client: Any) -> None:
    """Columns are refused at once, values when they are looked at."""
    with pytest.raises(UsageError, match="expected a DataFrame of Dask, got int"):
        dask.screen(5, as_of=DAY)
    with pytest.raises(RecordError, match="did you mean 'city'"):
        dask.screen(frame(1).assign(citty="x"), as_of=DAY)
    strange = dask.screen(frame(1, 1).assign(kind="firm"), as_of=DAY)
    with pytest.raises(RecordError, match=r"enterprises\['0-91350582MA31ABCD0M'\]"):
        strange.compute()
