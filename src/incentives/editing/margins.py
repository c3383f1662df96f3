"""The comments and blank lines of a YAML text, each with what it stands above or beside."""

import re

from collections.abc import Iterator, Sequence

import yaml

from attrs import Factory, define, frozen


@frozen
class Note:
    """A comment on a line of its own; ``after_blank`` where an empty line is above."""

    text: str
    column: int
    after_blank: bool


@frozen
class Leaf:
    """A key or a value that stays as it is written, between two offsets of the text."""

    start: int
    end: int


@define
class Margins:
    """
    What stands between the leaves of a text.

    ``above`` and ``beside`` go by the offset at which a leaf starts, ``below`` (the
    comments that end a block) by the identity of the block's node; ``spaced`` are the
    leaves after an empty line.
    """

    above: dict[int, list[Note]] = Factory(dict)
    beside: dict[int, str] = Factory(dict)
    below: dict[int, list[Note]] = Factory(dict)
    spaced: set[int] = Factory(set)


def is_block(node: yaml.Node) -> bool:
    """Whether a node is a mapping or a list written line by line."""
    return isinstance(node, yaml.CollectionNode) and not node.flow_style


def first_leaf(node: yaml.Node) -> yaml.Node:
    """The node whose text comes first."""
    while is_block(node):
        first = node.value[0]
        node = first[0] if isinstance(first, tuple) else first
    return node


def margins_of(text: str, root: yaml.Node) -> Margins:
    """The margins of a text, whose root node this is."""
    found = Margins()
    leaves = list(_leaves(text, root, ()))
    before: tuple[Leaf | None, _Blocks] = (None, ())
    for leaf, blocks in [*leaves, (None, ())]:
        rest = _sort_in(text, before, (leaf, blocks), found)
        before = (leaf, blocks)
    # What is at the end, to the left of everything, belongs to the whole.
    found.below.setdefault(id(root), []).extend(rest)
    return found


_Blocks = tuple[yaml.Node, ...]


def _leaves(
    text: str, node: yaml.Node, blocks: _Blocks
) -> Iterator[tuple[Leaf, _Blocks]]:
    """The leaves in the order of the text, each with the blocks that it is in."""
    if not is_block(node):
        column = blocks[-1].start_mark.column if blocks else -1
        yield leaf_of(text, node, column), blocks
        return
    for part in node.value:
        for inner in part if isinstance(part, tuple) else (part,):
            yield from _leaves(text, inner, (*blocks, node))


_EMPTY = re.compile(r"[ \t]*")
_COMMENT = re.compile(r"(?:^|(?<=\s))#.*")


def _sort_in(
    text: str,
    before: tuple[Leaf | None, _Blocks],
    after: tuple[Leaf | None, _Blocks],
    found: Margins,
) -> list[Note]:
    """Find the place of what stands between two leaves; what has none."""
    (left, ended), (right, begun) = before, after
    start = left.end if left else 0
    lines = text[start : right.start if right else len(text)].split("\n")
    if left is not None and (start == 0 or text[start - 1] != "\n"):
        if (comment := _COMMENT.search(lines[0])) is not None:
            found.beside[left.start] = comment[0].rstrip()
        lines = lines[1:]
    *lines, last = lines or [""]
    if right is None:
        lines.append(last)
    common = [
        block for block, other in zip(ended, begun, strict=False) if block is other
    ]
    level = common[-1].start_mark.column if common else -1
    closed = [b for b in ended[len(common) :] if b.start_mark.column > level]
    notes, blank = _notes(lines)
    rest: list[Note] = []
    for note in notes:
        while closed and closed[-1].start_mark.column > note.column:
            closed.pop()
        place = found.below.setdefault(id(closed[-1]), []) if closed else rest
        place.append(note)
    if right is None:
        return rest
    if rest:
        found.above[right.start] = rest
    if blank:
        found.spaced.add(right.start)
    return []


def _notes(lines: Sequence[str]) -> tuple[list[Note], bool]:
    """The comments in some lines, and whether an empty line follows the last."""
    notes: list[Note] = []
    blank = False
    for line in lines:
        comment = _COMMENT.search(line)
        if comment is not None:
            column = len(line) - len(line.lstrip())
            notes.append(Note(comment[0].rstrip(), column, blank))
        blank = comment is None and (blank or _EMPTY.fullmatch(line) is not None)
    return notes, blank


# --- leaves --------------------------------------------------------------------


def leaf_of(text: str, node: yaml.Node, column: int) -> Leaf:
    """Where a leaf stands; ``column`` is that of the block that it is in."""
    start, end = node.start_mark.index, node.end_mark.index
    if not is_literal(node):
        return Leaf(start, end)
    # PyYAML reads on to where the next token stands.
    if end < len(text):
        end = text.rfind("\n", start, end) + 1
    header, *lines = text[start:end].split("\n")
    lines = lines[:-1] if lines and not lines[-1] else lines
    if "+" not in header.partition("#")[0]:
        base = content_column(header, lines, column)
        while lines and not lines[-1].strip(" ") and len(lines[-1]) <= base:
            lines.pop()
    return Leaf(start, min(end, start + len("\n".join([header, *lines, ""]))))


def is_literal(node: yaml.Node) -> bool:
    """Whether a node is a text after `|` or `>`."""
    return isinstance(node, yaml.ScalarNode) and node.style in ("|", ">")


def content_column(header: str, lines: list[str], column: int) -> int:
    """In which column the lines of a text after `|` or `>` begin."""
    if (stated := stated_indent(header)) is not None:
        return max(column, 0) + stated
    first = next((line for line in lines if line.strip(" ")), "")
    return len(first) - len(first.lstrip(" "))


def stated_indent(header: str) -> int | None:
    """The number after `|` or `>`, such as 2 in `|2-`."""
    found = re.search(r"\d", header.partition("#")[0])
    return None if found is None else int(found[0])
