"""Every node of a rule, whatever nodes the kernel has: one walk, and one rewriting."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, TypeVar, cast

import attrs

Node = TypeVar("Node", bound=attrs.AttrsInstance)


_NAMES: dict[type, tuple[str, ...] | None] = {}


def _names(form: type[Any]) -> tuple[str, ...] | None:
    """The fields of a class, None where it is no node."""
    try:
        return _NAMES[form]
    except KeyError:
        fields = attrs.fields(form) if attrs.has(form) else None
        names = None if fields is None else tuple(a.name for a in fields)
        return _NAMES.setdefault(form, names)


#: What holds no node, and is met with most.
_ATOMS = frozenset({str, int, bool, type(None), Fraction, date, frozenset})


def children(node: attrs.AttrsInstance) -> Iterator[attrs.AttrsInstance]:
    """What a node is made of: frozen classes, alone, in tuples and in mappings."""
    for name in _names(type(node)) or ():
        value = getattr(node, name)
        kind = type(value)
        if kind in _ATOMS:
            continue
        parts: Iterable[Any] = (value,)
        if kind is tuple:
            parts = value
        elif _names(kind) is None and isinstance(value, Mapping):
            parts = value.values()
        for part in parts:
            form = type(part)
            if form not in _ATOMS and _names(form) is not None:
                yield part


def walk(node: attrs.AttrsInstance) -> Iterator[attrs.AttrsInstance]:
    """A node and everything below it, outermost first, however deep it is."""
    waiting = [node]
    while waiting:
        found = waiting.pop()
        yield found
        waiting.extend(reversed(list(children(found))))


def rewritten(node: Node, change: Callable[[object], object]) -> Node:
    """The same node with every node in it changed, innermost first."""
    changed: dict[str, object] = {}
    for attribute in attrs.fields(type(node)):
        value = getattr(node, attribute.name)
        if isinstance(value, tuple):
            changed[attribute.name] = tuple(
                rewritten(part, change) if attrs.has(type(part)) else part
                for part in value
            )
        elif attrs.has(type(value)):
            changed[attribute.name] = rewritten(value, change)
    again = change(attrs.evolve(cast("Any", node), **changed))
    return cast("Node", again)
