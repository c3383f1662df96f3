"""What the files of a pack say besides its rules: places, and what is mentioned."""

import re

from collections.abc import Iterator
from collections.abc import Mapping as AbstractMapping
from collections.abc import Sequence as AbstractSequence

from ..errors import Place
from ..policy import Reading
from ..tables import Table
from ..written import Written
from .nodes import Mapping, Node, Scalar, walk
from .switches import every_branch, reading_id, switches
from .words import KEYS

_WORD = re.compile(r"[^\W\d]\w*")


def survey(
    policy: Mapping,
    facts: Mapping,
    rules: AbstractSequence[Mapping],
    tables: AbstractMapping[str, Table],
    declared: AbstractMapping[str, Reading],
) -> Written:
    """What checks need to know of the files of a pack that has no mistake."""
    roots = (policy, *rules)
    defaults = {name: reading.default for name, reading in declared.items()}
    return Written(
        facts=dict(_facts(facts)),
        readings=_keys(policy.named("readings")),
        tables={name: Place(f"{name}.csv", 1, 1, 1, "") for name in tables},
        branches=tuple(every_branch(roots, declared, defaults)),
        switched=frozenset(
            reading_id(switch) for root in roots for switch, _ in switches(root)
        ),
        named=frozenset(word for root in (facts, *rules) for word in _defined(root)),
        kept=frozenset((*_kept(policy, facts), *_looked_up(roots))),
    )


def _keys(node: Node | None) -> AbstractMapping[str, Place]:
    return node.keys if isinstance(node, Mapping) else {}


def _facts(facts: Mapping) -> Iterator[tuple[tuple[str, str], Place]]:
    """Every fact, list and field that facts.yaml declares, by subject and path."""
    for subject in KEYS.groups["facts"]:
        declared = facts.named(subject)
        if not isinstance(declared, Mapping):
            continue
        for name, entry in declared.entries.items():
            yield (subject, name), declared.keys[name]
            fields = entry.named("fields") if isinstance(entry, Mapping) else None
            for field, place in _keys(fields).items():
                yield (subject, f"{name}.{field}"), place


def _defined(file: Mapping) -> Iterator[str]:
    """Every word in the definitions of a file, used or not."""
    definitions = file.named("define")
    for node in () if definitions is None else walk(definitions):
        if isinstance(node, Scalar):
            yield from _WORD.findall(node.text)


def _kept(policy: Mapping, facts: Mapping) -> Iterator[str]:
    """The tables that aliases and the inventory read, and those with a name."""
    inventory = policy.named("inventory")
    if isinstance(inventory, Scalar):
        yield inventory.text
    yield from _keys(facts.named("tables"))
    for node in walk(facts):
        if isinstance(node, Mapping):
            aliases = node.named("aliases")
            if isinstance(aliases, Scalar):
                yield aliases.text


def _looked_up(roots: AbstractSequence[Mapping]) -> Iterator[str]:
    """The tables in which something is looked up, also by steps of their rows."""
    for node in (node for root in roots for node in walk(root)):
        path = node.named("look up") if isinstance(node, Mapping) else None
        if isinstance(path, Scalar):
            yield path.text.partition(".")[0]
