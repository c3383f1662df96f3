"""Named keys of a mapping, read with their types; mistakes are collected."""

import re

from collections.abc import Collection, Iterable, Iterator
from collections.abc import Mapping as AbstractMapping
from datetime import date

from ..dates import parse_date
from ..errors import closest, one_of
from .nodes import Mapping, Node, Problems, Scalar, Sequence
from .words import KEYS, VALUES, Words

#: A word that says "no condition", "no value" where a switch needs a branch.
NONE = "none"


_ID = re.compile(r"[\w-]+")

#: Words that authors use for keys and types, and what was probably meant.
_SYNONYMS = {
    "名称": ("label", "name"),
    "布尔": ("boolean",),
    "年份": ("year",),
    "数量": ("number",),
    "文字": ("text",),
    "最高": ("cap",),
    "amount": ("money",),
    "bool": ("boolean",),
    "currency": ("money",),
    "decimal": ("number",),
    "float": ("number",),
    "int": ("number",),
    "integer": ("number",),
    "percent": ("rate",),
    "percentage": ("rate",),
    "str": ("text",),
    "string": ("text",),
}


def meant_by(text: str, known: Collection[str], words: Words) -> tuple[str, str] | None:
    """
    What was probably meant by a text that is no word, and the word: of the known ones,
    by its spelling in either language, or by its meaning.
    """
    same = (word for word in _SYNONYMS.get(text, ()) if word in known)
    if (word := next(same, None)) is not None:
        return word, word
    forms = {word: word for word in known}
    if not text.isascii():
        forms |= {form: word for word in known for form in words.forms(word)}
    near = closest(text, forms) or _but_for_one(text, forms)
    return None if near is None else (near, forms[near])


def _but_for_one(text: str, known: Iterable[str]) -> str | None:
    """The only word that differs in one Chinese character, as 比列 from 比例."""
    near = [
        word
        for word in known
        if not word.isascii()
        and len(word) == len(text)
        and sum(a != b for a, b in zip(word, text, strict=True)) == 1
    ]
    return near[0] if len(near) == 1 and len(text) > 1 else None


class Keys:
    """The keys of one mapping: asked for by name, checked against the allowed ones."""

    def __init__(
        self,
        node: Mapping,
        allowed: Iterable[str],
        problems: Problems,
        what: str,
        elsewhere: AbstractMapping[str, str] | None = None,
    ) -> None:
        """``elsewhere`` tells of keys that belong into another mapping."""
        self.node = node
        self.problems = problems
        self.what = what
        known = dict.fromkeys(allowed)
        #: Keys that were probably meant by others, which have been reported.
        self.misspelt: set[str] = set()
        #: How each key is written here.
        self._written: dict[str, str] = {}
        unknown: list[str] = []
        for key, place in node.keys.items():
            word = key if key in known else KEYS.meant(key, known)
            if word is None:
                unknown.append(key)
            elif word in self._written:
                first = self._written[word]
                problems.add(
                    "duplicate-key",
                    f"the key {key!r} says the same as {first!r}",
                    place,
                    None,
                    ("first here", node.keys[first]),
                )
            else:
                self._written[word] = key
        #: The language of the keys, for messages.
        self.lang = (
            "en" if self._written.keys() >= set(self._written.values()) else "zh"
        )
        for key in unknown:
            self._report(key, list(known), elsewhere or {})

    def _report(
        self, key: str, known: list[str], elsewhere: AbstractMapping[str, str]
    ) -> None:
        meant = meant_by(key, [word for word in known if word not in self], KEYS)
        if (other := KEYS.meant(key, elsewhere)) is not None:
            help_ = elsewhere[other]
        elif meant is not None:
            help_ = f"did you mean {meant[0]!r}?"
        else:
            help_ = f"expected {one_of(map(self.shown, known))}"
        if meant is not None:
            self.misspelt.add(meant[1])
        said = f"unknown key {key!r} in {self.what}"
        self.problems.add("unknown-key", said, self.node.keys[key], help_)

    def __contains__(self, key: str) -> bool:
        return self.node.written(key) is not None

    def shown(self, key: str) -> str:
        """A key as it is written here, or would be, in the language of the others."""
        return self.node.written(key) or KEYS.said(key, self.lang)

    def get(self, key: str, *, required: bool = False) -> Node | None:
        """The node of a key; a missing required key is reported."""
        found = self.node.named(key)
        if found is None and required and key not in self.misspelt:
            said = f"{self.what} needs the key {self.shown(key)!r}"
            self.problems.add("missing-key", said, self.node.place)
        return found

    def scalar(self, key: str, *, required: bool = False) -> Scalar | None:
        """The node of a key that must be one value."""
        node = self.get(key, required=required)
        what = repr(self.shown(key))
        return None if node is None else as_scalar(node, self.problems, what)

    def id(self, key: str) -> str:
        """The text of a required key that others refer to, by option or in files."""
        scalar = self.scalar(key, required=True)
        if scalar is None:
            return ""
        if not _ID.fullmatch(scalar.text):
            self.problems.add(
                "bad-name",
                f"{scalar.text!r} cannot be an id",
                scalar.place,
                "use letters, digits and '-'",
            )
        return scalar.text

    def text(self, key: str, *, required: bool = False) -> str:
        """The text of a key, empty where it is missing."""
        scalar = self.scalar(key, required=required)
        if scalar is not None and required and not scalar.text.strip():
            said = f"{self.shown(key)!r} is empty"
            self.problems.add("empty-value", said, scalar.place)
        return "" if scalar is None else scalar.text

    def word(self, key: str, known: Iterable[str], default: str) -> str:
        """The word that a key says, one of some, in English."""
        scalar = self.scalar(key)
        words = list(known)
        if scalar is None:
            return default
        said = VALUES.meant(scalar.text, words)
        if said is not None:
            return said
        meant = meant_by(scalar.text, words, VALUES)
        expected = one_of(VALUES.said(word, self.lang) for word in words)
        self.problems.add(
            "unknown-word",
            f"{self.shown(key)!r} cannot be {scalar.text!r}",
            scalar.place,
            f"did you mean {meant[0]!r}?" if meant else f"expected {expected}",
        )
        # With what was probably meant, nothing else looks wrong.
        return meant[1] if meant else default

    def items(self, key: str, *, empty: str | None = None) -> Iterator[Node]:
        """
        The items of a list, none where the key is missing.

        With ``empty``, a list without items is reported with this help.
        """
        node = self.get(key)
        if isinstance(node, Sequence):
            if empty is not None and not node.items:
                said = f"{self.shown(key)!r} lists nothing"
                self.problems.add("empty-list", said, node.place, empty)
            yield from node.items
        elif node is not None:
            said = f"{self.shown(key)!r} needs a list"
            self.problems.add("not-a-list", said, node.place, "begin it with '- '")

    def mapping(self, key: str, *, required: bool = False) -> Mapping | None:
        """The mapping of a key."""
        node = self.get(key, required=required)
        what = repr(self.shown(key))
        return None if node is None else as_mapping(node, self.problems, what)


def as_scalar(node: Node, problems: Problems, what: str) -> Scalar | None:
    """The node as one value, or None with a diagnostic."""
    if isinstance(node, Scalar):
        return node
    problems.add("not-a-value", f"{what} needs one value", node.place)
    return None


def as_mapping(node: Node, problems: Problems, what: str) -> Mapping | None:
    """The node as named keys, or None with a diagnostic."""
    if isinstance(node, Mapping):
        return node
    problems.add(
        "not-a-mapping",
        f"{what} needs named keys",
        node.place,
        "write 'key: value', the value after a blank",
    )
    return None


def as_date(scalar: Scalar, problems: Problems) -> date | None:
    """The ISO date in a value, or None with a diagnostic."""
    try:
        return parse_date(scalar.text)
    except ValueError as error:
        problems.add("bad-date", str(error), scalar.place)
        return None


_WHOLE_NUMBER = re.compile(r"[1-9][0-9]{0,8}")


def as_whole_number(scalar: Scalar, problems: Problems) -> int | None:
    """The whole number from 1 in a value, or None with a diagnostic."""
    if _WHOLE_NUMBER.fullmatch(scalar.text):
        return int(scalar.text)
    problems.add(
        "bad-number",
        f"expected a whole number from 1, got {scalar.text!r}",
        scalar.place,
    )
    return None
