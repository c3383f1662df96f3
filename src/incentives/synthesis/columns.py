"""
Columns drawn by hashing: what a row holds follows from its number and the seed alone.

A column is a table of equally likely slots. The arithmetic is that of 64-bit words, the
same on every machine and under every version of what computes it.
"""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

import polars as pl

from attrs import frozen

from ..ir import Kind
from .choices import Choice

#: The columns of a batch from which the others are drawn.
NUMBER, ROW, PLACE = "#number", "#row", "#place"
#: How many slots a table has; the least share is one of them.
SLOTS = 2048

_BITS = 64
_SLOT_BITS = 11
_ODD = 0x9E3779B97F4A7C15
_MIXERS = (0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
DECIMAL = pl.Decimal(20, 2)


def word(value: int) -> pl.Expr:
    """A 64-bit word."""
    return pl.lit(value % 2**_BITS, dtype=pl.UInt64)


def _salt(text: str) -> pl.Expr:
    return word(int.from_bytes(blake2b(text.encode(), digest_size=8).digest()))


def _folded(words: pl.Expr, bits: int) -> pl.Expr:
    return words ^ (words // word(1 << bits))


def mixed(words: pl.Expr, salt: str) -> pl.Expr:
    """Words that look random, from words that count."""
    start = words * word(_ODD) + _salt(salt)
    once = _folded(start, 30) * word(_MIXERS[0])
    return _folded(_folded(once, 27) * word(_MIXERS[1]), 31)


def drawn(salt: str, of: str = ROW) -> pl.Expr:
    """Words for one purpose, from the mixed words of a column."""
    return _folded((pl.col(of) ^ _salt(salt)) * word(_MIXERS[0]), 32) * word(_ODD)


def slot(salt: str, of: str = ROW) -> pl.Expr:
    """A slot of a table for every row."""
    return drawn(salt, of) // word(1 << (_BITS - _SLOT_BITS))


def slots(choices: Sequence[Choice]) -> list[Choice]:
    """Every choice as often as its weight says, :data:`SLOTS` of them in all."""
    total = sum(choice.weight for choice in choices)
    found: list[Choice] = []
    sofar = 0.0
    for choice in choices:
        sofar += choice.weight / total * SLOTS
        found += [choice] * (round(sofar) - len(found))
    return found


@frozen(eq=False)
class Column:
    """
    A fact for every row: a value of a slot and, of a number, how far above it.

    ``spread`` is None where every slot is one value. ``sections`` is how many tables
    follow each other; which one a row draws from is in the column ``by``.
    """

    name: str
    kind: Kind
    salt: str
    values: pl.Series
    spread: pl.Series | None = None
    step: int = 1
    by: str = ""

    @classmethod
    def of(  # noqa: PLR0913  # what a column is made of
        cls,
        name: str,
        kind: Kind,
        salt: str,
        sections: Sequence[Sequence[Choice]],
        *,
        step: int = 1,
        by: str = "",
    ) -> "Column":
        """A column of choices, one table of them for each section."""
        every = [choice for section in sections for choice in slots(section)]
        values = pl.Series([choice.value for choice in every], dtype=_stored(kind))
        spreads = pl.Series([choice.spread for choice in every], dtype=pl.UInt64)
        spread = None if (spreads == 1).all() else spreads
        return cls(
            name, kind, salt, values, spread, step, by if len(sections) > 1 else ""
        )

    def expression(self, seed: int) -> pl.Expr:
        """The column, from the words of a batch."""
        index = slot(f"{seed}/{self.salt}")
        if self.by:
            index = index + pl.col(self.by) * SLOTS
        found = pl.lit(self.values).gather(index)
        if self.spread is not None:
            # Only the upper bits of a word are mixed with all others.
            fine = drawn(f"{seed}/{self.salt}/{self.name}/fine") // word(1 << 16)
            above = fine % pl.lit(self.spread).gather(index)
            found = found + above.cast(pl.Int64) * self.step
        return _given(found, self.kind).alias(self.name)


def _stored(kind: Kind) -> Any:
    """How the values of a table are kept."""
    if kind in {Kind.TEXT, Kind.RATE}:
        return pl.String
    return pl.Boolean if kind is Kind.BOOLEAN else pl.Int64


def _given(values: pl.Expr, kind: Kind) -> pl.Expr:
    """Values of a table as registries hold them."""
    if kind is Kind.DATE:
        return values.cast(pl.Int32).cast(pl.Date)
    if kind in {Kind.MONEY, Kind.NUMBER}:
        return (values.cast(pl.Decimal(38, 2)) / 100).cast(DECIMAL)
    return values
