"""Changes of a rule file, node by node: every word keeps the place where it was written."""

from collections.abc import Iterator
from functools import cache

import attrs

from ...versions import Change
from ..forms.award_forms import AMOUNT_WORDS, UNPRICED_WORDS
from ..keys import NONE
from ..nodes import Mapping, Node, Problems, Scalar, Sequence
from ..switches import SWITCH, is_switch
from ..words import KEYS, VALUES

#: Keys of a rule that say nothing about anybody's award, and the words of its clause.
_ASIDE = ("cases", "quote")


def patched(node: Mapping, patch: Mapping, problems: Problems) -> Mapping:
    """
    A mapping with some keys changed: mappings key by key, everything else replaced.

    The word `none` takes a key away; another word for an amount is another amount
    altogether, and nothing stays of the old one. Of a switch between readings, a key is changed
    in every branch that has it.
    """
    entries, places = dict(node.entries), dict(node.keys)
    for key, value in patch.entries.items():
        at = _written(node, key)
        if _is_none(value):
            entries.pop(at, None)
            places.pop(at, None)
            continue
        entries[at] = _changed(key, entries.get(at), value, patch, problems)
        places.setdefault(at, patch.keys[key])
    return attrs.evolve(node, entries=entries, keys=places)


def _written(node: Mapping, key: str) -> str:
    """How a key is written in a mapping that may have it in the other language."""
    same = (own for own in node.entries if canonical(own) == canonical(key))
    return key if key in node.entries else next(same, key)


@cache
def canonical(key: str) -> str:
    """A keyword in English; what is no keyword, as it is."""
    words = (word for group in KEYS.groups.values() for word in group)
    return next((word for word in words if KEYS.says(key, word)), key)


def amounts_stated(node: Mapping) -> frozenset[str]:
    """The words of a mapping that say what an award is, rather than limit it."""
    words = (shape.group for shape in (*AMOUNT_WORDS, *UNPRICED_WORDS))
    return frozenset(word for word in words if node.written(word) is not None)


def _is_none(value: Node) -> bool:
    return isinstance(value, Scalar) and VALUES.says(value.text, NONE)


def _changed(
    key: str, old: Node | None, value: Node, patch: Mapping, problems: Problems
) -> Node:
    """What a key says after a change of it."""
    if old is None or not isinstance(value, Mapping) or is_switch(value):
        return value
    if isinstance(old, Mapping) and not is_switch(old):
        if amounts_stated(value) - amounts_stated(old):
            return value
        return patched(old, value, problems)
    at = patch.keys[key]
    inside = set(_inside(old, value)) if isinstance(old, Mapping) else set()
    if isinstance(old, Mapping) and value.entries.keys() <= inside:
        return _in_branches(old, value, problems)
    if canonical(key) == "award" and not amounts_stated(value):
        what = "a switch between readings" if isinstance(old, Mapping) else "one value"
        problems.add(
            "whole-award",
            f"the award is {what} without these keys",
            next((value.keys[k] for k in value.entries if k not in inside), at),
            "write the whole award, with what it was",
            ("the award", old.place),
        )
        return old
    return value


def _inside(switch: Mapping, patch: Mapping) -> Iterator[str]:
    """The keys of a patch that some branch of a switch has."""
    for branch in _branches(switch):
        if is_switch(branch):
            yield from _inside(branch, patch)
        else:
            yield from (k for k in patch.entries if _written(branch, k) in branch.keys)


def _branches(switch: Mapping) -> Iterator[Mapping]:
    for key, branch in switch.entries.items():
        if key != switch.written(SWITCH) and isinstance(branch, Mapping):
            yield branch


def _in_branches(switch: Mapping, patch: Mapping, problems: Problems) -> Mapping:
    """A switch with the keys of a patch changed in every branch that has them."""
    entries = dict(switch.entries)
    for name, branch in switch.entries.items():
        if not isinstance(branch, Mapping):
            continue
        if is_switch(branch):
            entries[name] = _in_branches(branch, patch, problems)
            continue
        own = {
            key: value
            for key, value in patch.entries.items()
            if _written(branch, key) in branch.entries
        }
        entries[name] = patched(branch, attrs.evolve(patch, entries=own), problems)
    return attrs.evolve(switch, entries=entries)


# --- what changed --------------------------------------------------------------


def same(one: Node, other: Node) -> bool:
    """Whether two nodes say the same, wherever they stand."""
    return plain(one) == plain(other)


def plain(node: Node) -> object:
    """A node without its places, and without the order of its keys."""
    match node:
        case Scalar():
            return node.text
        case Sequence():
            return [plain(item) for item in node.items]
        case _:
            return {canonical(key): plain(value) for key, value in node.entries.items()}


def differences(before: Mapping, after: Mapping, within: str = "") -> Iterator[Change]:
    """Every value of a rule that is not what it was."""
    old = {canonical(key): value for key, value in before.entries.items()}
    new = {canonical(key): value for key, value in after.entries.items()}
    for key in dict.fromkeys((*old, *new)):
        path = f"{within}.{key}" if within else key
        was, now = old.get(key), new.get(key)
        if path in _ASIDE or (was is not None and now is not None and same(was, now)):
            continue
        if isinstance(was, Mapping) and isinstance(now, Mapping):
            yield from differences(was, now, path)
        elif isinstance(was, Sequence) and isinstance(now, Sequence):
            for changes in ((was, now), (now, was)):
                yield from _only_in(*changes, path, added=changes[0] is now)
        else:
            yield Change(path, _words(was), _words(now))


def _only_in(
    items: Sequence, others: Sequence, path: str, *, added: bool
) -> Iterator[Change]:
    """The items of one list that another has not."""
    known = [plain(other) for other in others.items]
    for item in items.items:
        if plain(item) not in known:
            said = _words(item)
            yield Change(path, *(("", said) if added else (said, "")))


def _words(node: Node | None) -> str:
    """A value as its author wrote it, on one line."""
    match node:
        case None:
            return ""
        case Scalar():
            return node.text
        case Sequence():
            return "；".join(map(_words, node.items))
        case _:
            parts = (f"{key}: {_words(value)}" for key, value in node.entries.items())
            return "，".join(parts)
