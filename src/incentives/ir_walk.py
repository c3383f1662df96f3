"""Every node of a rule, whatever nodes the kernel has: one walk, and one rewriting."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar, cast

import attrs

Node = TypeVar("Node", bound=attrs.AttrsInstance)


_NAMES: dict[type, tuple[str, ...] | None] = {}


def _names(form: type[Any]) -> tuple[str, ...] | None:
    """The fields of a class, None where it is no node."""
    if form not in _NAMES:
        fields = attrs.fields(form) if attrs.has(form) else None
        _NAMES[form] = None if fields is None else tuple(a.name for a in fields)
    return _NAMES[form]


def children(node: attrs.AttrsInstance) -> Iterator[attrs.AttrsInstance]:
    """What a node is made of: frozen classes, alone, in tuples and in mappings."""
    for name in _names(type(node)) or ():
        value = getattr(node, name)
        parts: Iterable[Any] = (value,)
        if isinstance(value, tuple):
            parts = value
        elif isinstance(value, Mapping):
            parts = value.values()
        for part in parts:
            if _names(type(part)) is not None:
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
