"""
Any rule of a pack as YAML, with Chinese or with English keywords.

What is printed loads back to the same rule. Keys stand in canonical order; switches
between readings stay switches; comments are not kept.
"""

import json

from collections.abc import Mapping as AbstractMapping
from functools import lru_cache
from typing import assert_never

from attrs import frozen

from ..book import RuleBook
from ..layout import width
from ..vocabulary import RecordDeclaration
from .forms.pack_forms import (
    FORMS,
    RULE,
    Either,
    Form,
    Given,
    Key,
    Leaf,
    ListOf,
    Named,
    Ref,
    Shape,
    Worded,
)
from .nodes import Mapping, Node, Problems, Scalar, Sequence, parse_yaml
from .rule_files import RuleSource
from .switches import ANY_DATE, SWITCH, branches_of, is_switch
from .translation import Translator
from .words import KEYS

#: Mappings that fit on a line of this width are written on one.
_WIDTH = 100


@frozen
class _Flow:
    """A mapping or a list that stands on one line where it fits."""

    content: "dict[str, _Printed] | list[_Printed]"


_Printed = str | list["_Printed"] | dict[str, "_Printed"] | _Flow


def rule_source(book: RuleBook, rule_id: str, lang: str = "zh") -> str:
    """
    The file of a rule in a language, as YAML.

    Raises :class:`UnknownRuleError` for a rule that the book does not have.
    """
    source = book.sources[book[rule_id].id]
    assert isinstance(source, RuleSource)  # noqa: S101  # packs make no others
    printed = _Printer(Translator(lang, source.scope)).value(source.node, RULE)
    return "\n".join(_lines(printed)) + "\n"


class _Printer:
    """Says a node of a form in the language of a translator."""

    def __init__(self, translator: Translator) -> None:
        self.translator = translator

    def keyword(self, key: str, group: str) -> str:
        return KEYS.said(key, self.translator.lang, group)

    def value(self, node: Node, form: Form) -> _Printed:
        if isinstance(node, Mapping) and is_switch(node):
            return self.switch(node, form)
        match form:
            case Leaf():
                assert isinstance(node, Scalar)  # noqa: S101  # the rule was read
                return self.translator.value(node.text, form)
            case ListOf():
                assert isinstance(node, Sequence)  # noqa: S101  # likewise
                return [self.value(item, form.item) for item in node.items]
            case Named():
                assert isinstance(node, Mapping)  # noqa: S101  # likewise
                named = {
                    name: self.value(entry, form.value)
                    for name, entry in node.entries.items()
                }
                return _Flow(dict(named)) if isinstance(form.value, Leaf) else named
            case Given():
                assert isinstance(node, Mapping)  # noqa: S101  # likewise
                return self.given(node)
            case Shape():
                assert isinstance(node, Mapping)  # noqa: S101  # likewise
                return self.shape(node, form)
            case Worded() | Either():
                return self.value(node, _fitting(node, form))
            case Ref():
                return self.value(node, FORMS[form.name])
            case _:
                assert_never(form)

    def switch(self, node: Mapping, form: Form) -> _Printed:
        printed: dict[str, _Printed] = {
            self.keyword(SWITCH, "switch"): node.entries[
                node.written(SWITCH) or ""
            ].text  # type: ignore[union-attr]  # checked when read
        }
        for value, entry in branches_of(node).items():
            is_date = node.written(ANY_DATE) is not None and value == ANY_DATE
            branch = self.keyword(ANY_DATE, "switch") if is_date else value
            printed[branch] = self.value(entry, form)
        return printed

    def shape(self, node: Mapping, shape: Shape) -> _Printed:
        printed = {
            self.keyword(key.name, shape.group): self.value(entry, key.form)
            for key in shape.keys
            if (entry := node.named(key.name)) is not None
        }
        return _Flow(dict(printed)) if shape.group in _ON_A_LINE else printed

    # the facts of a case

    def given(self, node: Mapping) -> _Printed:
        printed: dict[str, _Printed] = {}
        for name, entry in node.entries.items():
            records = self.translator.records(name)
            if records is not None and isinstance(entry, Sequence):
                said: _Printed = [self.record(item, records) for item in entry.items]
            else:
                said = self.fact(entry, name, None)
            printed[self.translator.fact(name)] = said
        return _Flow(dict(printed))

    def record(self, node: Node, records: RecordDeclaration) -> _Printed:
        if not isinstance(node, Mapping):
            return self.fact(node, "", records)
        printed = {
            self.translator.field(name, records): self.fact(entry, name, records)
            for name, entry in node.entries.items()
        }
        return _Flow(dict(printed))

    def fact(
        self, node: Node, name: str, records: RecordDeclaration | None
    ) -> _Printed:
        match node:
            case Scalar():
                declared = self.translator.declared(name, records)
                return self.translator.given(node.text, declared)
            case Sequence():
                return _Flow([self.fact(item, name, records) for item in node.items])
            case _:
                entries = node.entries.items()
                return _Flow({k: self.fact(v, name, records) for k, v in entries})


#: Shapes that read best on one line.
_ON_A_LINE = frozenset({"tier", "bracket", "bonus", "multiplier", "pay", "payer"})


def _fitting(node: Node, form: Worded | Either) -> Form:
    """The form among several that a node has; the rule was read, so one does."""
    forms = form.shapes if isinstance(form, Worded) else form.forms
    return max(forms, key=lambda one: _fit(node, one))


#: What a form without parts of its own is written as.
_NODES: AbstractMapping[type, type[Scalar | Sequence | Mapping]] = {
    Leaf: Scalar,
    ListOf: Sequence,
    Named: Mapping,
    Given: Mapping,
}


def _fit(node: Node, form: Form) -> int:
    """How well a node fits a form; -1 where it does not."""
    match form:
        case Ref():
            return _fit(node, FORMS[form.name])
        case Either() | Worded():
            return _fit(node, _fitting(node, form))
        case Leaf() | ListOf() | Named() | Given():
            return 0 if isinstance(node, _NODES[type(form)]) else -1
        case Shape():
            if not isinstance(node, Mapping) or not _has_all(node, form.keys):
                return -1
            return sum(node.written(key.name) is not None for key in form.keys)
        case _:
            assert_never(form)


def _has_all(node: Mapping, keys: tuple[Key, ...]) -> bool:
    return all(node.written(key.name) is not None for key in keys if key.required)


# --- YAML ----------------------------------------------------------------------


def _lines(printed: _Printed) -> list[str]:
    """The lines of a value that stands on lines of its own."""
    match printed:
        case str():
            return [_scalar(printed)]
        case _Flow():
            line = _flow(printed)
            fits = line is not None and width(line) <= _WIDTH
            return [line] if line is not None and fits else _lines(printed.content)
        case list():
            return [line for item in printed for line in _item(item)] or ["[]"]
        case dict():
            return [
                line for key, value in printed.items() for line in _entry(key, value)
            ] or ["{}"]
        case _:
            assert_never(printed)


def _item(item: _Printed) -> list[str]:
    first, *rest = _lines(item)
    return [f"- {first}", *(f"  {line}" for line in rest)]


def _entry(key: str, value: _Printed) -> list[str]:
    name = _key(key)
    lines = _lines(value)
    inline = isinstance(value, str) or lines[0][0] in "{["
    if inline and len(lines) == 1:
        return [f"{name}: {lines[0]}"]
    return [f"{name}:", *(f"  {line}" for line in lines)]


def _flow(printed: _Printed) -> str | None:
    """A value on one line; None for what reads better on several."""
    match printed:
        case str():
            return _scalar(printed, flow=True)
        case _Flow(content=list(items)):
            parts = [_flow(item) for item in items]
            whole = [part for part in parts if part is not None]
            return f"[{', '.join(whole)}]" if len(whole) == len(parts) else None
        case _Flow(content=dict(entries)):
            said = {key: _flow(value) for key, value in entries.items()}
            pairs = [f"{_key(k, flow=True)}: {v}" for k, v in said.items() if v]
            return f"{{{', '.join(pairs)}}}" if len(pairs) == len(said) else None
        case _:
            return None


@lru_cache(maxsize=4096)
def _scalar(text: str, *, flow: bool = False) -> str:
    """A text as it stands in YAML, in quotes where it would be misread without."""
    line = f"k: {{a: {text}, b: c}}" if flow else f"k: {text}"
    read = _read(line, "k")
    found = list(read.entries.values()) if isinstance(read, Mapping) else [read]
    plain = isinstance(found[0], Scalar) and found[0].text == text
    # Another entry stands behind it in a mapping on one line, and nothing elsewhere.
    alone = len(found) == 1 + flow
    return text if text and plain and alone else _quoted(text)


@lru_cache(maxsize=4096)
def _key(text: str, *, flow: bool = False) -> str:
    """A key as it stands in YAML."""
    line = f"k: {{{text}: v, b: c}}" if flow else f"k:\n  {text}: v"
    read = _read(line, "k")
    names = list(read.entries) if isinstance(read, Mapping) else []
    return text if names == [text, *(["b"] if flow else [])] else _quoted(text)


def _read(line: str, key: str) -> Node | None:
    problems = Problems()
    node = parse_yaml(f"{line}\n", "", problems)
    return None if node is None or problems.found else node.entries.get(key)


def _quoted(text: str) -> str:
    """A text in double quotes; what YAML takes for the end of a line is escaped."""
    quoted = json.dumps(text, ensure_ascii=False)
    for mark in ("\x7f", "\x85", "\u2028", "\u2029", "\ufeff"):
        quoted = quoted.replace(mark, f"\\u{ord(mark):04x}")
    return quoted
