"""The canonical order of the keys of a pack file, told from the forms of its values."""

from collections.abc import Iterator, Sequence

import yaml

from ..language.forms.pack_forms import (
    FILES,
    FORMS,
    Either,
    Form,
    Given,
    Key,
    ListOf,
    Named,
    Ref,
    Shape,
    Worded,
)
from ..language.switches import SWITCH
from ..language.words import KEYS

#: How a file of each kind is known; without any of these it is a rule.
_TELLING = {"policy": ("policy",), "facts": (), "amendment": ("amends",)}

Entry = tuple[yaml.Node, yaml.Node]


def form_of(root: yaml.Node) -> Form:
    """The form of a file, told from its keys."""
    for kind, shape in FILES.items():
        names = _TELLING.get(kind, ("rule",)) or [key.name for key in shape.keys]
        if any(_says(key, names) for key, _ in root.value):
            return shape
    return FILES["rule"]


def ordered(node: yaml.Node, form: Form | None) -> list[tuple[Entry, Form | None]]:
    """The entries of a mapping in order, those without one last, each with its form."""
    if isinstance(form, Given):
        return [(entry, form) for entry in node.value]
    if any(_says(key, [SWITCH]) for key, _ in node.value):
        switch = sorted(node.value, key=lambda entry: not _says(entry[0], [SWITCH]))
        return [(entry, form) for entry in switch]
    choices = [c for c in _choices(form) if isinstance(c, Shape | Worded | Named)]
    if not choices:
        return [(entry, None) for entry in node.value]
    fitting = max(choices, key=lambda choice: _known(choice, node))
    if isinstance(fitting, Named):
        return [(entry, fitting.value) for entry in node.value]
    return _by_keys(node, _keys(fitting, node))


def _known(form: Shape | Worded | Named, node: yaml.Node) -> int:
    """How many keys of a mapping a form knows."""
    if isinstance(form, Named):
        return 0
    names = [key.name for key in _keys(form, node)]
    return sum(_says(key, names) for key, _ in node.value)


def item_form(form: Form | None) -> Form | None:
    """The form of the items of a list, None where any may stand."""
    if isinstance(form, Given):
        return form
    lists = [choice for choice in _choices(form) if isinstance(choice, ListOf)]
    # A list may stand for a single branch of a switch inside a list.
    return lists[0].item if lists else None


def _choices(form: Form | None) -> Iterator[Form]:
    """The forms that a value may have, those behind names and choices included."""
    match form:
        case Ref(name=name):
            yield from _choices(FORMS[name])
        case Either(forms=forms):
            for choice in forms:
                yield from _choices(choice)
        case None:
            pass
        case _:
            yield form


def _says(key: yaml.Node, names: Sequence[str]) -> bool:
    return KEYS.meant(key.value, names) is not None


def _keys(form: Shape | Worded, node: yaml.Node) -> list[Key]:
    """The keys that a mapping may hold, in order."""
    if isinstance(form, Shape):
        return list(form.keys)
    shapes = [*form.words, *form.bare]
    # Several words share keys, such as `of`: those of the word that is used count.
    used = [s for s in shapes if any(_says(key, [s.group]) for key, _ in node.value)]
    keys = [key for shape in used or shapes for key in shape.keys]
    return [*keys, *form.beside]


def _by_keys(node: yaml.Node, keys: Sequence[Key]) -> list[tuple[Entry, Form | None]]:
    forms = {key.name: key.form for key in reversed(keys)}
    ranks = {key.name: -place for place, key in enumerate(reversed(keys))}
    found = []
    for entry in node.value:
        name = KEYS.meant(entry[0].value, ranks)
        rank = 1 if name is None else ranks[name]
        found.append((rank, (entry, None if name is None else forms[name])))
    return [entry for _, entry in sorted(found, key=lambda each: each[0])]
