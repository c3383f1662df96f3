"""The syntax of expressions: from text to a tree, or one error with its place."""

import re

from functools import lru_cache
from importlib.resources import files
from typing import Any

from lark import (
    Lark,
    Token,
    Tree,
    UnexpectedCharacters,
    UnexpectedInput,
    UnexpectedToken,
)

from ...units import KNOWN_UNITS
from .slips import at_place

#: No honest expression is longer, or nested deeper.
MAX_LENGTH = 2000
MAX_NESTING = 40

Syntax = Tree[Token]


class Wrong(Exception):  # noqa: N818  # a message on its way to the author, never raised further
    """Something wrong in an expression: where in its text, what, and what to do."""

    def __init__(
        self,
        code: str,
        message: str,
        at: tuple[int, int],
        help: str | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.at = at
        self.help = help


class Told(Wrong):
    """Something that cannot be read because of a mistake told elsewhere."""

    def __init__(self) -> None:
        super().__init__("", "", (0, 0))


@lru_cache(maxsize=64)
def _grammar(units: tuple[str, ...]) -> Lark:
    text = (
        files("incentives.language.expressions")
        .joinpath("grammar.lark")
        .read_text("utf-8")
    )
    known = sorted({*KNOWN_UNITS, *units}, key=lambda name: (-len(name), name))
    pattern = f"({'|'.join(map(re.escape, known))})"
    text = re.sub(r"UNIT(?=[()/|])", lambda _: pattern, text)
    return Lark(text, parser="lalr", propagate_positions=True, maybe_placeholders=False)


@lru_cache(maxsize=4096)
def parse(text: str, shift: int = 0, units: tuple[str, ...] = ()) -> Syntax:
    """
    The tree of an expression; raises :class:`Wrong`.

    ``shift`` is the length of a beginning that the author did not write; ``units``
    are known besides those that every pack knows.
    """
    if len(text) > MAX_LENGTH:
        raise Wrong(
            "expression-too-large", f"longer than {MAX_LENGTH} characters", (0, 1)
        )
    try:
        tree = _grammar(units).parse(text)
    except UnexpectedInput as error:
        raise _syntax_error(text, error, shift) from None
    if _depth(tree) > MAX_NESTING:
        raise Wrong("expression-too-large", f"nested deeper than {MAX_NESTING}", (0, 1))
    return tree


def tokens(text: str, units: tuple[str, ...] = ()) -> list[Token]:
    """Every word and sign of an expression that :func:`parse` reads, in order."""
    return list(_grammar(units).parse_interactive(text).iter_parse())


def _depth(tree: Syntax) -> int:
    deepest = 0
    waiting: list[tuple[Syntax, int]] = [(tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        deepest = max(deepest, depth)
        waiting += [(c, depth + 1) for c in node.children if isinstance(c, Tree)]
    return deepest


def _syntax_error(text: str, error: UnexpectedInput, shift: int) -> Wrong:
    start, width = len(text), 1
    if isinstance(error, UnexpectedToken):
        width = len(error.token)
        if error.token.type != "$END":
            start, _ = place_of(error.token)
    if isinstance(error, UnexpectedCharacters):
        start = error.pos_in_stream  # type: ignore[assignment]  # a number by now
    at = (start, start + width)
    rest = text[start : start + width]
    if not text[shift:].strip():
        return Wrong("syntax", "an empty expression", at)
    if start >= len(text):
        last = (len(text) - 1, len(text))
        help_ = at_place(text, start)
        return Wrong("syntax", "the expression ends too early", last, help_)
    return Wrong("syntax", f"{rest!r} does not fit here", at, at_place(text, start))


def parts(tree: Syntax) -> list[Any]:
    """The children of a tree: trees, and tokens where the grammar names them."""
    return list(tree.children)


def word_of(tree: Syntax) -> str:
    """What a name, a literal or a table says; a text without its quotes."""
    token = str(parts(tree)[0])
    return token[1:-1] if tree.data == "text" else token


def place_of(tree: Syntax | Token) -> tuple[int, int]:
    """Where a tree or a token stands in the text: start and end."""
    if isinstance(tree, Token):
        return (tree.start_pos or 0, tree.end_pos or 0)
    return (tree.meta.start_pos, tree.meta.end_pos)
