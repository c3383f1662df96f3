"""
A registry larger than memory, Parquet to Parquet: `python -m benchmarks.large`.

The six clauses as flat facts, of as many invented subjects as are asked for, written
once to a file and screened into another. Told are rows a second, the time of all
cores, and the memory that the process holds, a figure for every tenth of the rows.
"""

import argparse
import re
import tempfile
import time

from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from incentives.registries.running import screen_into

from .clauses import flat_rules
from .registry import AS_OF, registry

#: So many rows are invented at once.
PART = 1_000_000


def written(rows: int, path: Path) -> None:
    """A file of invented subjects, each with an id of its own."""
    writer = None
    for start in range(0, rows, PART):
        height = min(PART, rows - start)
        ids = pl.int_range(start, start + height, dtype=pl.UInt64).cast(pl.String)
        table = registry(height).with_columns(id=ids).to_arrow()
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table, row_group_size=262_144)
    if writer is not None:
        writer.close()


def held() -> int:
    """The MB that this process holds now."""
    status = Path("/proc/self/status").read_text("utf-8")
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) // 1024 if found else 0


def main(arguments: Sequence[str] | None = None) -> None:
    """Write and screen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--shape", default="totals")
    parser.add_argument("--folder", type=Path, default=None)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        source, output = Path(folder) / "in.parquet", Path(folder) / "out.parquet"
        written(options.rows, source)
        curve: list[int] = []
        most = 0

        def told(done: int, _: int | None) -> None:
            nonlocal most
            now = held()
            most = max(most, now)
            while len(curve) <= done * 10 // options.rows:
                curve.append(now)

        book = flat_rules()
        start, cores = time.perf_counter(), time.process_time()
        found = screen_into(
            str(source),
            str(output),
            as_of=AS_OF,
            rules=book,
            shape=options.shape,
            progress=told,
        )
        passed, used = time.perf_counter() - start, time.process_time() - cores
        height = pq.read_metadata(output).num_rows
        sizes = [path.stat().st_size >> 20 for path in (source, output)]
    print(
        "| rows | into | s | M rows/s | core s | most MB | MB at each tenth | files MB |"
    )
    print("| ---: | --- | ---: | ---: | ---: | ---: | --- | --- |")
    print(
        f"| {found.subjects} | {options.shape}, {height} rows | {passed:.1f} "
        f"| {found.subjects / passed / 1e6:.2f} | {used:.1f} | {max(most, held())} "
        f"| {', '.join(map(str, curve))} | {sizes[0]} → {sizes[1]} |"
    )


if __name__ == "__main__":
    main()
