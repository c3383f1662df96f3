"""Pack files in canonical order and spacing, every comment and every word kept."""

import re

from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path
from typing import Any

import yaml

from attrs import field, frozen

from ..atomic import beside
from ..errors import Diagnostic, PackError, Place
from ..language.forms.pack_forms import Form
from ..language.nodes import Problems, decoded, parse_yaml
from .margins import (
    Margins,
    Note,
    content_column,
    first_leaf,
    is_block,
    is_literal,
    leaf_of,
    margins_of,
    stated_indent,
)
from .shapes import form_of, item_form, ordered

INDENT = 2


@frozen
class FormattedFile:
    """A file as it is, and as it should be."""

    path: Path
    old: str
    new: str
    newline: str = field(default="\n", repr=False)

    @property
    def changed(self) -> bool:
        """Whether formatting changes anything."""
        return self.old != self.new

    def diff(self) -> str:
        """The difference, as `diff -u` has it; empty where there is none."""
        lines = unified_diff(
            self.old.splitlines(),
            self.new.splitlines(),
            str(self.path),
            str(self.path),
            lineterm="",
        )
        return "\n".join(lines)

    def write(self) -> None:
        """Put the new text in the place of the old one, all at once or not at all."""
        path = self.path.resolve()
        with beside(path) as part:
            with part.open("x", encoding="utf-8", newline=self.newline) as file:
                file.write(self.new)
            part.chmod(path.stat().st_mode & 0o777)


def files_in(path: Path) -> list[Path]:
    """
    The pack files that a path stands for: itself, or those of a directory.

    Raises :class:`PackError` where there is none.
    """
    if not path.is_dir():
        return [path]
    files = sorted(p for p in path.glob("*.yaml") if not p.name.startswith("."))
    if not files:
        place = Place(str(path), 1, 1, 1, "")
        raise PackError([Diagnostic("no-pack", "the directory has no .yaml", place)])
    return files


def formatted_file(path: Path) -> FormattedFile:
    """
    A file and its canonical text.

    Raises :class:`PackError` where it is no YAML of a pack, and `OSError`.
    """
    data = path.read_bytes()
    problems = Problems()
    text = decoded(data, str(path), problems)
    if text is None:
        raise PackError(problems.found)
    newline = "\r\n" if b"\r\n" in data else "\n"
    return FormattedFile(path, text, formatted(text, str(path)), newline)


def formatted(text: str, name: str = "rule.yaml") -> str:
    r"""
    The text of a pack file in canonical order and spacing.

    >>> print(formatted("award:   5万元 # 每家\nrule: renovation"), end="")
    rule: renovation
    award: 5万元  # 每家

    Raises :class:`PackError` where it is no YAML of a pack.
    """
    problems = Problems()
    parse_yaml(text, name, problems)
    if problems.found:
        raise PackError(problems.found)
    root = _root(text)
    new = "\n".join(_Printer(text, margins_of(text, root)).document(root)) + "\n"
    # What nobody writes by hand, such as a key over two lines, stays as it is.
    return new if _is_same(text, new) else text


def _root(text: str) -> yaml.Node:
    # The reader in C gives other ends of tokens.
    root = yaml.compose(text, Loader=yaml.BaseLoader)
    assert root is not None  # noqa: S101  # parse_yaml() has found a mapping
    return root


def _is_same(old: str, new: str) -> bool:
    """Whether two texts hold the same values and comments."""
    try:
        root = _root(new)
    except yaml.YAMLError:
        return False
    return _plain(root) == _plain(_root(old)) and _hashes(new) == _hashes(old)


def _hashes(text: str) -> list[str]:
    """Every comment, and what looks like one inside of texts."""
    return sorted(found.rstrip() for found in re.findall(r"(?m)(?:^|(?<=\s))#.*", text))


def _plain(node: yaml.Node) -> Any:
    match node:
        case yaml.MappingNode():
            return {key.value: _plain(value) for key, value in node.value}
        case yaml.SequenceNode():
            return [_plain(item) for item in node.value]
        case _:
            return node.value


class _Printer:
    """Prints nodes; every comment is taken out of the margins when it is printed."""

    def __init__(self, text: str, margins: Margins) -> None:
        self.text = text
        self.margins = margins

    def document(self, root: yaml.Node) -> list[str]:
        """The lines of the whole text."""
        if not is_block(root):
            above = self.above(root, 0)
            return [*_begun(above), *self.leaf(root, -1, 0), *self.below(root, 0)]
        header = self.header(root)
        lines = self.block(root, 0, form_of(root))
        return _begun([*header, *([""] if header else []), *lines])

    def header(self, root: yaml.Node) -> list[str]:
        """What stands at the top, an empty line away from the first key."""
        start = first_leaf(root).start_mark.index
        notes = self.margins.above.get(start, [])
        blank = [index for index, note in enumerate(notes) if note.after_blank]
        end = len(notes) if start in self.margins.spaced else max(blank, default=0)
        if end:
            self.margins.above[start] = [
                Note(note.text, note.column, after_blank=False) if index == 0 else note
                for index, note in enumerate(notes[end:])
            ]
            self.margins.spaced.discard(start)
        return _begun(_noted(notes[:end], 0))

    # the margins

    def above(self, node: yaml.Node, column: int) -> list[str]:
        """The comments above a node, and an empty line where one is."""
        start = first_leaf(node).start_mark.index
        lines = _noted(self.margins.above.pop(start, []), column)
        if start in self.margins.spaced:
            self.margins.spaced.discard(start)
            lines.append("")
        return lines

    def beside(self, node: yaml.Node) -> str:
        comment = self.margins.beside.pop(node.start_mark.index, "")
        return f"  {comment}" if comment else ""

    def below(self, node: yaml.Node, column: int) -> list[str]:
        return _noted(self.margins.below.pop(id(node), []), column)

    # blocks

    def block(self, node: yaml.Node, column: int, form: Form | None) -> list[str]:
        """The lines of a mapping or a list, from a column on."""
        lines: list[str] = []
        if isinstance(node, yaml.SequenceNode):
            for item in node.value:
                lines += self.item(item, node, column, item_form(form))
        else:
            for (key, value), inner in ordered(node, form):
                lines += self.entry(key, value, node, column, inner)
        return [*_begun(lines), *self.below(node, column)]

    def item(
        self, item: yaml.Node, parent: yaml.Node, column: int, form: Form | None
    ) -> list[str]:
        lines = self.above(item, column)
        if not is_block(item):
            first, *rest = self.leaf(item, parent.start_mark.column, column)
            return [*lines, _joined(f"{' ' * column}-", first), *rest]
        inner = self.block(item, column + INDENT, form)
        # A key with a comment above it has become the first: the dash goes below.
        while not inner[0] or inner[0].lstrip().startswith("#"):
            lines.append(inner.pop(0)[INDENT:])
        return [*lines, f"{' ' * column}- {inner[0].lstrip()}", *inner[1:]]

    def entry(
        self,
        key: yaml.Node,
        value: yaml.Node,
        parent: yaml.Node,
        column: int,
        form: Form | None,
    ) -> list[str]:
        lines = self.above(key, column)
        blanks = " " * column
        head = f"{blanks}{self.text[key.start_mark.index : key.end_mark.index]}:"
        if is_block(value):
            head += self.beside(key)
            return [*lines, head, *self.block(value, column + INDENT, form)]
        # A comment between a key and its value goes above both.
        beside = self.beside(key)
        lines += [blanks + beside.lstrip()] if beside else []
        lines += [line for line in self.above(value, column) if line]
        if self.stays_below(key, value):
            old = value.start_mark.column - INDENT
            first, *rest = self.leaf(value, old, column)
            return [*lines, head, f"{blanks}{' ' * INDENT}{first}", *rest]
        first, *rest = self.leaf(value, parent.start_mark.column, column)
        return [*lines, _joined(head, first), *rest]

    @staticmethod
    def stays_below(key: yaml.Node, value: yaml.Node) -> bool:
        """Whether a value of several lines begins in the line below its key."""
        start, end = value.start_mark.line, value.end_mark.line
        return key.end_mark.line < start < end and not is_literal(value)

    # leaves

    def leaf(self, node: yaml.Node, old: int, column: int) -> list[str]:
        """The lines of a leaf whose block moves from a column to another."""
        place = leaf_of(self.text, node, old)
        first, *rest = self.text[place.start : place.end].split("\n")
        if is_literal(node):
            return self.literal(first, rest[:-1] if not rest[-1] else rest, old, column)
        if isinstance(node, yaml.ScalarNode):
            rest = [
                f"{' ' * (column + INDENT)}{line}" if line else ""
                for line in (each.strip(" \t") for each in rest)
            ]
        else:
            rest = [_moved(line, column - max(old, 0)) for line in rest]
        lines = [first.rstrip() if rest else first, *rest]
        lines[-1] += self.beside(node)
        return lines

    @staticmethod
    def literal(header: str, lines: list[str], old: int, column: int) -> list[str]:
        """A text after `|` or `>`, none of its own blanks changed."""
        base = content_column(header, lines, old)
        stated = stated_indent(header)
        blanks = " " * (column + (INDENT if stated is None else stated))
        moved = (line[base:] for line in lines)
        return [header.rstrip(), *(blanks + line if line else "" for line in moved)]


def _noted(notes: list[Note], column: int) -> list[str]:
    lines: list[str] = []
    for note in notes:
        lines += [""] if note.after_blank else []
        lines.append(" " * column + note.text)
    return lines


def _joined(head: str, value: str) -> str:
    """A value behind its key or dash; of nothing, only what stands beside it."""
    return head + value if not value or value.startswith(" ") else f"{head} {value}"


def _begun(lines: list[str]) -> list[str]:
    """Lines without empty ones at the beginning."""
    first = next((i for i, line in enumerate(lines) if line), len(lines))
    return lines[first:]


def _moved(line: str, by: int) -> str:
    """A line further to the right, or to the left as far as there are blanks."""
    bare = line.lstrip(" ")
    return (" " * max(0, len(line) - len(bare) + by) + bare).rstrip()


def each_file(paths: list[Path]) -> Iterator[Path]:
    """The files that paths stand for, each once."""
    yield from dict.fromkeys(file for path in paths for file in files_in(path))
