"""Data frames of any kind: taken over by Arrow, and the same kind given back."""

from collections.abc import Callable, Mapping
from typing import Any

import narwhals as nw
import narwhals.exceptions
import polars as pl

from ..errors import UsageError
from ..readers import shown

#: From a table of results to the kind of frame that the registry was.
Back = Callable[[pl.DataFrame], Any]


#: What the libraries of data frames raise for columns that make no table.
_UNREADABLE = (
    TypeError,
    ValueError,
    nw.exceptions.NarwhalsError,
    pl.exceptions.PolarsError,
)


def taken(frame: object) -> pl.DataFrame:
    """
    A data frame as Polars has it: the values cross by Arrow, with their types.

    Raises :class:`UsageError` for what is no data frame, or has columns that mix types.
    """
    if isinstance(frame, pl.DataFrame):
        return frame
    if isinstance(frame, pl.LazyFrame):
        return frame.collect()
    try:
        native = nw.from_native(frame, pass_through=True)
        if isinstance(native, nw.LazyFrame):
            collected: pl.DataFrame = native.collect("polars").to_native()
            return collected
        if isinstance(native, nw.DataFrame):
            return native.to_polars()
        if hasattr(frame, "__arrow_c_stream__"):
            return pl.DataFrame(frame)
    except _UNREADABLE as error:
        wrong = f"a data frame whose columns cannot be read: {error}"
        hint = "give every column one type and a name of its own"
        raise UsageError(f"{wrong}; {hint}") from None
    raise UsageError(
        f"expected a data frame, got {shown(frame)}: polars, pandas, pyarrow, a DuckDB "
        "relation, or anything that speaks the Arrow PyCapsule interface"
    )


def back_of(frame: object) -> Back:
    """How results become the same kind of frame."""
    if isinstance(frame, pl.LazyFrame):
        return lambda table: table.lazy()
    native = nw.from_native(frame, pass_through=True)
    if not isinstance(native, nw.DataFrame | nw.LazyFrame):
        return lambda table: table
    implementation = native.implementation
    if implementation.is_duckdb():
        return _duckdb
    if implementation.is_polars() or isinstance(native, nw.LazyFrame):
        return lambda table: table
    return lambda table: nw.DataFrame.from_arrow(
        _as_arrow(table), backend=implementation
    ).to_native()


def _as_arrow(table: pl.DataFrame) -> Any:
    """With types that every kind of frame knows: words as texts of the usual layout."""
    plain = table.with_columns(pl.col(pl.Enum).cast(pl.String))
    return plain.to_arrow(compat_level=pl.CompatLevel.oldest())


def _duckdb(table: pl.DataFrame) -> Any:
    import duckdb  # noqa: PLC0415  # who gives a relation has it

    return duckdb.from_arrow(_as_arrow(table))


def tables_of(registry: object, one: str) -> tuple[dict[str, pl.DataFrame], Back]:
    """
    The tables of a registry, and how results go back to the kind of frame that it is.

    A mapping has a frame for every table; a frame by itself is the table called ``one``.

    Raises :class:`UsageError` as :func:`taken` does.
    """
    if not isinstance(registry, Mapping):
        return {one: taken(registry)}, back_of(registry)
    tables = {str(name): taken(frame) for name, frame in registry.items()}
    return tables, back_of(next(iter(registry.values()), None))
