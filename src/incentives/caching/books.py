"""The book that the files of a pack were read to, kept under all that decides on it."""

import hashlib
import sys

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, get_type_hints

import attrs
import lark
import yaml

from attrs import frozen

from ..book import RuleBook
from .rows import Rows
from .store import Store

#: What of a book is no data: it comes from its files, when it is asked for.
_LATE = frozenset({"sources", "interpret", "revise"})

#: Files that decide on what is read, besides those of the pack.
_CODE = (".py", ".pyc", ".csv", ".lark")
_NOT_CODE = frozenset({"__pycache__", "_rules"})

#: What data that is no book, though authentic, makes of reading it.
_UNREADABLE = (ValueError, TypeError, LookupError, ArithmeticError, RecursionError)


@frozen
class KeptBooks:
    """The books in a directory that were read from the files of packs."""

    directory: Path

    def get(self, contents: Mapping[str, bytes]) -> dict[str, Any] | None:
        """What the book of these files is made of; None where it is not kept."""
        said = Store(self.directory).get(_name_of(contents))
        try:
            return None if said is None else _rows().decoded(said)
        except _UNREADABLE:
            return None

    def put(self, contents: Mapping[str, bytes], book: RuleBook) -> None:
        """Keep the book of these files, if it is data throughout."""
        try:
            said = _rows().encoded({name: getattr(book, name) for name in _fields()})
        except (ValueError, RecursionError):
            return
        Store(self.directory).put(_name_of(contents), said)


@cache
def _fields() -> Mapping[str, Any]:
    hints = get_type_hints(RuleBook)
    names = (attribute.name for attribute in attrs.fields(RuleBook))
    return {name: hints[name] for name in names if name not in _LATE}


@cache
def _rows() -> Rows:
    return Rows(_fields())


def _name_of(contents: Mapping[str, bytes]) -> str:
    """
    A digest of the files to the letter, and of the code that reads them.

    The digest of the book would not do: to it, all ends of lines are alike, but in a
    quoted cell of a table they are not.
    """
    digest = hashlib.sha256(_reader().encode())
    for name, content in contents.items():
        digest.update(f"{name}\0{len(content)}\0".encode("utf-8", "surrogateescape"))
        digest.update(content)
    return digest.hexdigest()


@cache
def _reader() -> str:
    """
    A digest of this library, which a version number would not tell from a checkout
    that is worked on, with the shape of books and what else reads files.
    """
    versions = (sys.version, lark.__version__, yaml.__version__)
    digest = hashlib.sha256("\n".join((*versions, _rows().shape)).encode())
    for file in _code(files("incentives")):
        content = file.read_bytes()
        digest.update(f"{file.name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _code(folder: Traversable) -> Iterable[Traversable]:
    for each in sorted(folder.iterdir(), key=lambda found: found.name):
        if each.is_dir():
            yield from () if each.name in _NOT_CODE else _code(each)
        elif each.name.endswith(_CODE):
            yield each
