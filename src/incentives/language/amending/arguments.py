"""Values given to `amend()` in Python, as the YAML that an author would have written."""

from collections.abc import Mapping as AbstractMapping
from datetime import date, datetime

import yaml

from ...errors import UsageError
from ..keys import NONE
from ..nodes import MAX_DEPTH, Mapping, Problems, parse_yaml

#: No line is folded, so that every value stands where its key does.
_WIDE = 1_000_000


def as_written(values: AbstractMapping[str, object], name: str) -> str:
    r"""
    The YAML text of some keys and their values; None becomes the word `none`.

    >>> as_written({"award": {"cap": "800万元", "floor": None}}, "amend(x)")
    'award:\n  cap: 800万元\n  floor: none\n'

    Raises :class:`UsageError` for a value that no rule file could hold.
    """
    node = _node(values, name, 0)
    text: str = yaml.serialize(
        node, Dumper=yaml.BaseDumper, allow_unicode=True, width=_WIDE
    )
    return text


def read_back(text: str, name: str, problems: Problems) -> Mapping:
    """The nodes of such a text, whose places are lines of it."""
    node = parse_yaml(text, name, problems)
    assert node is not None  # noqa: S101  # it was written by as_written()
    return node


def _node(value: object, at: str, depth: int) -> yaml.Node:
    if depth > MAX_DEPTH:
        raise UsageError(f"{at}: nested deeper than {MAX_DEPTH}")
    match value:
        case AbstractMapping():
            pairs = [
                (_scalar(_key(key, at)), _node(entry, f"{at}: {key}", depth + 1))
                for key, entry in value.items()
            ]
            return yaml.MappingNode("tag:yaml.org,2002:map", pairs, flow_style=False)
        case list() | tuple():
            items = [_item(item, at, depth + 1) for item in value]
            return yaml.SequenceNode("tag:yaml.org,2002:seq", items, flow_style=False)
        case _:
            return _scalar(_text(value, at))


def _item(value: object, at: str, depth: int) -> yaml.Node:
    if value is None:
        raise UsageError(f"{at}: an item of a list cannot be None")
    return _node(value, at, depth)


def _key(key: object, at: str) -> str:
    if not isinstance(key, str):
        raise UsageError(f"{at}: a key is a text, got {key!r}")
    return key


def _scalar(text: str) -> yaml.ScalarNode:
    return yaml.ScalarNode("tag:yaml.org,2002:str", text)


def _text(value: object, at: str) -> str:
    match value:
        case None:
            return NONE
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case date() if not isinstance(value, datetime):
            return value.isoformat()
        case str() if value.isprintable():
            return value
        case str():
            raise UsageError(f"{at}: {value!r} is no text of one line")
        case _:
            raise UsageError(
                f"{at}: expected what a rule file would say, "
                f"got {type(value).__name__}; write it as text, such as '30%'"
            )
