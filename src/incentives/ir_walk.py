"""Every node of a rule, whatever nodes the kernel has: one walk, and one rewriting."""

from collections.abc import Callable, Hashable, Iterator, Mapping
from enum import Enum
from typing import Any, TypeVar, cast

import attrs

Node = TypeVar("Node", bound=attrs.AttrsInstance)


class _Shape(Enum):
    """What a value is to who looks for nodes."""

    ATOM = 0
    NODE = 1
    TUPLE = 2
    MAPPING = 3


_SHAPES: dict[type, _Shape] = {}
_NAMES: dict[type, tuple[str, ...]] = {}


def _shape(kind: type[Any]) -> _Shape:
    """Remembers what values of a type are."""
    shape = _Shape.ATOM
    if attrs.has(kind):
        shape = _Shape.NODE
    elif issubclass(kind, tuple):
        shape = _Shape.TUPLE
    elif issubclass(kind, Mapping):
        shape = _Shape.MAPPING
    return _SHAPES.setdefault(kind, shape)


def _names(form: type[Any]) -> tuple[str, ...]:
    """The fields of a class of nodes."""
    names = _NAMES.get(form)
    if names is None:
        names = tuple(a.name for a in attrs.fields(form))
        _NAMES[form] = names
    return names


def children(node: attrs.AttrsInstance) -> Iterator[attrs.AttrsInstance]:
    """What a node is made of: frozen classes, alone, in tuples and in mappings."""
    shapes = _SHAPES
    for name in _names(type(node)):
        value = getattr(node, name)
        shape = shapes.get(type(value)) or _shape(type(value))
        if shape is _Shape.NODE:
            yield value
        elif shape is not _Shape.ATOM:
            parts = value if shape is _Shape.TUPLE else value.values()
            for part in parts:
                if (shapes.get(type(part)) or _shape(type(part))) is _Shape.NODE:
                    yield part


def walk(node: attrs.AttrsInstance) -> Iterator[attrs.AttrsInstance]:
    """A node and everything below it, outermost first, however deep it is."""
    waiting = [node]
    while waiting:
        found = waiting.pop()
        yield found
        waiting.extend(reversed(list(children(found))))


def skeleton(value: object, instead: Callable[[object], Hashable]) -> Hashable:
    """
    What a node is made of, equal for all nodes that are made alike.

    ``instead`` says what stands for a node, None for what it is made of. Tables are
    told apart by identity: equal ones of which there are two count as different.
    """
    form = type(value)
    shape = _SHAPES.get(form) or _shape(form)
    if shape is _Shape.ATOM:
        return value
    if shape is _Shape.TUPLE:
        parts = cast("tuple[object, ...]", value)
        return tuple([skeleton(part, instead) for part in parts])
    if shape is _Shape.MAPPING:
        return id(value)
    found = instead(value)
    if found is not None:
        return found
    names = _names(form)
    return (form, *[skeleton(getattr(value, name), instead) for name in names])


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
