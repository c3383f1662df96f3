"""The medians of all rounds as a pyperf file, so `pyperf compare_to` tells two runs apart."""

from collections.abc import Mapping
from pathlib import Path

from .timing import Figure


def keep(path: Path, rows: Mapping[str, Mapping[str, Figure]]) -> None:
    """Write the file; a figure of each row and shape is one benchmark of pyperf."""
    import pyperf  # noqa: PLC0415  # only who wants the file needs it

    suite = pyperf.BenchmarkSuite(
        [
            pyperf.Benchmark(
                [
                    pyperf.Run(
                        [nanoseconds / 1e9 for nanoseconds in figure.rounds],
                        metadata={"name": f"{figure.name} ({shape})", "unit": "second"},
                        collect_metadata=False,
                    )
                ]
            )
            for shape, figures in rows.items()
            for figure in figures.values()
        ]
    )
    suite.dump(str(path), replace=True)
