"""What every peer offers: from flat facts, the fen that each of the six rules gives."""

import importlib

from collections.abc import Callable, Mapping
from importlib import metadata
from typing import Any

from attrs import frozen

Facts = Mapping[str, Any]
Decide = Callable[[Facts], Any]

#: The rules that are compared, and what stands for "the authority decides".
RULES = (
    "private-top-500",
    "fujian-top-100",
    "manufacturing-champion",
    "pilot-platform",
    "tech-mission-project",
    "county-excellence",
)
DISCRETIONARY = -1

#: First and last days as numbers; the two lists end two years before the rest.
FIRST = 20240901
LIST_LAST = 20251231
LAST = 20271231

#: What is granted, in fen.
TOP_500 = 500_000_000
TOP_100 = 200_000_000
CHAMPION = 50_000_000
PLATFORM_CAP = 500_000_000
COUNTY = {1: 300_000_000, 2: 200_000_000, 3: 100_000_000}

MODULES = (
    "by_hand",
    "cel_rust",
    "zen_rust",
    "clips_c",
    "json_logic_python",
    "rule_engine_python",
    "business_rules_python",
    "openfisca_numpy",
    "durable_rete",
)


def plain(mapping: Mapping[str, Any]) -> Mapping[str, Any]:
    """The facts or the result themselves, where they are as they should be already."""
    return mapping


@frozen
class Peer:
    """
    A peer before it is prepared.

    ``fen`` reads the amounts from what it returns; ``suit`` makes the facts as it likes
    them best, which is not timed.
    """

    name: str
    prepare: Callable[[], Decide]
    fen: Callable[[Any], Mapping[str, int]] = plain
    distribution: str | None = None
    suit: Callable[[Facts], Facts] = plain

    @property
    def version(self) -> str:
        """The installed version; hand-written code has none."""
        return metadata.version(self.distribution) if self.distribution else ""


@frozen
class Absent:
    """A peer that cannot be measured here, and why."""

    module: str
    reason: str


def peers() -> tuple[list[Peer], list[Absent]]:
    """Every peer that can be imported, and those that cannot."""
    found: list[Peer] = []
    absent: list[Absent] = []
    for module in MODULES:
        try:
            found += importlib.import_module(f"benchmarks.peers.{module}").PEERS
        except ImportError as error:
            absent.append(Absent(module, f"not installed: {error}"))
        except Exception as error:  # noqa: BLE001  # a peer may break on a new Python
            absent.append(Absent(module, f"does not import: {error!r}"))
    return found, absent
