"""The book that the files of a pack were read to, kept under all that decides on it."""

import hashlib
import sys

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, get_type_hints

import attrs

from attrs import frozen

from ..book import RuleBook
from .rows import Rows

#: What of a book is no data: it comes from its files, when it is asked for.
_LATE = frozenset({"asked", "sources", "interpret", "revise"})

#: Files that decide on what is read, besides those of the pack.
_CODE = (".py", ".pyc", ".csv", ".lark")
_NOT_CODE = frozenset({"__pycache__", "_ready", "_rules"})

#: What data that is no book, though authentic, makes of reading it.
UNREADABLE = (ValueError, TypeError, LookupError, ArithmeticError, RecursionError)


@frozen
class KeptBooks:
    """The books in a directory that were read from the files of packs."""

    directory: Path

    def get(self, contents: Mapping[str, bytes]) -> dict[str, Any] | None:
        """What the book of these files is made of; None where it is not kept."""
        from .store import Store  # noqa: PLC0415  # the bundled packs need none

        said = Store(self.directory).get(_name_of(contents))
        try:
            return None if said is None else rows().decoded(said)
        except UNREADABLE:
            return None

    def put(self, contents: Mapping[str, bytes], book: RuleBook) -> None:
        """Keep the book of these files, if it is data throughout."""
        from .store import Store  # noqa: PLC0415  # as above

        try:
            said = encoded(book)
        except (ValueError, RecursionError):
            return
        Store(self.directory).put(_name_of(contents), said)


def encoded(book: RuleBook) -> bytes:
    """The rows of a book; ValueError or RecursionError where it is not data."""
    return rows().encoded({name: getattr(book, name) for name in _fields()})


@cache
def _fields() -> Mapping[str, Any]:
    hints = get_type_hints(RuleBook)
    names = (attribute.name for attribute in attrs.fields(RuleBook))
    return {name: hints[name] for name in names if name not in _LATE}


@cache
def rows() -> Rows:
    """How books are taken apart and put together."""
    return Rows(_fields())


def _name_of(contents: Mapping[str, bytes]) -> str:
    """
    A digest of the files to the letter, and of all that reads them.

    The digest of the book would not do: to it, all ends of lines are alike, but in a
    quoted cell of a table they are not.
    """
    return digest_of(_reader(), contents)


def digest_of(reader: str, contents: Mapping[str, bytes]) -> str:
    """A digest of what reads files, and of these to the letter."""
    digest = hashlib.sha256(reader.encode())
    for name, content in contents.items():
        digest.update(f"{name}\0{len(content)}\0".encode("utf-8", "surrogateescape"))
        digest.update(content)
    return digest.hexdigest()


@cache
def _reader() -> str:
    """A digest of what reads files here: this library, and all that it stands on."""
    import lark  # noqa: PLC0415  # only a cache of one's own asks for its version
    import yaml  # noqa: PLC0415  # likewise

    said = f"{sys.version}\n{lark.__version__}\n{yaml.__version__}\n{library()}"
    return hashlib.sha256(said.encode()).hexdigest()


@cache
def library() -> str:
    """
    A digest of this library, which a version number would not tell from a checkout
    that is worked on, with the shape of books.
    """
    digest = hashlib.sha256(rows().shape.encode())
    for file in _code(Path(__file__).parents[1]):
        content = file.read_bytes()
        digest.update(f"{file.name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _code(folder: Path) -> Iterable[Path]:
    for each in sorted(folder.iterdir(), key=lambda found: found.name):
        if each.is_dir():
            yield from () if each.name in _NOT_CODE else _code(each)
        elif each.name.endswith(_CODE):
            yield each
