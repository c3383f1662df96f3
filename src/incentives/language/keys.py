"""Named keys of a mapping, read with their types; mistakes are collected."""

import re

from collections.abc import Collection, Iterable, Iterator
from collections.abc import Mapping as AbstractMapping
from datetime import date

from ..dates import parse_date
from ..errors import closest, one_of
from .nodes import Mapping, Node, Problems, Scalar, Sequence

#: A word that says "no condition", "no value" where a switch needs a branch.
NONE = "none"


_ID = re.compile(r"[\w-]+")

#: Words that authors use for keys and types, and what these are called here.
_SYNONYMS = {
    "上限": ("cap",),
    "下限": ("floor",),
    "保底": ("floor",),
    "原文": ("quote",),
    "受理部门": ("departments",),
    "名称": ("name", "title"),
    "备注": ("note",),
    "奖励": ("award",),
    "封顶": ("cap",),
    "布尔": ("boolean",),
    "年份": ("year",),
    "年度": ("year",),
    "数字": ("number",),
    "数量": ("number",),
    "文本": ("text",),
    "文字": ("text",),
    "日期": ("date",),
    "是否": ("boolean",),
    "最高": ("cap",),
    "条件": ("conditions",),
    "条款": ("clause",),
    "标题": ("title",),
    "标签": ("label",),
    "比例": ("rate",),
    "类型": ("type",),
    "用例": ("cases",),
    "规则": ("rule",),
    "金额": ("money", "amount"),
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


def meant_by(word: str, known: Collection[str]) -> str | None:
    """The known word that was probably meant: by its spelling, or by its meaning."""
    same = (other for other in _SYNONYMS.get(word, ()) if other in known)
    return next(same, None) or closest(word, known)


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
        known = list(allowed)
        #: Keys that were probably meant by others, which have been reported.
        self.misspelt: set[str] = set()
        for key, place in node.keys.items():
            if key in known:
                continue
            meant = meant_by(key, [word for word in known if word not in node.entries])
            self.misspelt |= {meant} if meant else set()
            help_ = f"did you mean {meant!r}?" if meant else f"expected {one_of(known)}"
            help_ = (elsewhere or {}).get(key, help_)
            problems.add("unknown-key", f"unknown key {key!r} in {what}", place, help_)

    def __contains__(self, key: str) -> bool:
        return key in self.node.entries

    def get(self, key: str, *, required: bool = False) -> Node | None:
        """The node of a key; a missing required key is reported."""
        found = self.node.entries.get(key)
        if found is None and required and key not in self.misspelt:
            self.problems.add(
                "missing-key", f"{self.what} needs the key {key!r}", self.node.place
            )
        return found

    def scalar(self, key: str, *, required: bool = False) -> Scalar | None:
        """The node of a key that must be one value."""
        node = self.get(key, required=required)
        return None if node is None else as_scalar(node, self.problems, repr(key))

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
            self.problems.add("empty-value", f"{key!r} is empty", scalar.place)
        return "" if scalar is None else scalar.text

    def word(self, key: str, known: Iterable[str], default: str) -> str:
        """The text of a key that must be one of some words."""
        scalar = self.scalar(key)
        words = list(known)
        if scalar is None:
            return default
        if scalar.text not in words:
            meant = meant_by(scalar.text, words)
            self.problems.add(
                "unknown-word",
                f"{key!r} cannot be {scalar.text!r}",
                scalar.place,
                f"did you mean {meant!r}?" if meant else f"expected {one_of(words)}",
            )
            # With what was probably meant, nothing else looks wrong.
            return meant or default
        return scalar.text

    def items(self, key: str, *, empty: str | None = None) -> Iterator[Node]:
        """
        The items of a list, none where the key is missing.

        With ``empty``, a list without items is reported with this help.
        """
        node = self.get(key)
        if isinstance(node, Sequence):
            if empty is not None and not node.items:
                said = f"{key!r} lists nothing"
                self.problems.add("empty-list", said, node.place, empty)
            yield from node.items
        elif node is not None:
            self.problems.add(
                "not-a-list", f"{key!r} needs a list", node.place, "begin it with '- '"
            )

    def mapping(self, key: str, *, required: bool = False) -> Mapping | None:
        """The mapping of a key."""
        node = self.get(key, required=required)
        return None if node is None else as_mapping(node, self.problems, repr(key))


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
