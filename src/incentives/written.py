"""Where the parts of a pack stand in its files, and what these mention: for checks."""

from collections.abc import Mapping

from attrs import field, frozen

from .errors import Place


@frozen
class Written:
    """
    What a rule book no longer shows of the files that it was read from.

    ``facts`` are the places of declared facts by subject and path, such as
    `platforms.chain`; ``branches`` are readings that together reach every branch of
    every switch; ``switched`` are the readings that some switch asks for; ``named``
    are words that stand in definitions; ``kept`` are tables that something other than
    a rule reads: aliases, the inventory, or people.
    """

    facts: Mapping[tuple[str, str], Place] = field(factory=dict, hash=False)
    readings: Mapping[str, Place] = field(factory=dict, hash=False)
    tables: Mapping[str, Place] = field(factory=dict, hash=False)
    branches: tuple[Mapping[str, str], ...] = ()
    switched: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
