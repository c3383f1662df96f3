"""A question put to files of records: answers in their order, mistakes beside them."""

import sys

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from attrs import frozen

from ..errors import RecordError
from ..record_files import Entry, UnreadableError, entries, entries_by_line

#: What is said of a record; raises :class:`RecordError`.
Said = Callable[[Entry], str]

STANDARD_INPUT = "-"


@frozen
class Source:
    """A file of records or standard input; ``by_line`` if each line holds one."""

    file: str
    by_line: bool = False

    @property
    def name(self) -> str:
        """What messages call it."""
        return "<stdin>" if self.file == STANDARD_INPUT else self.file

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """Its bytes; raises :class:`UnreadableError`."""
        try:
            if self.file != STANDARD_INPUT:
                with Path(self.file).open("rb") as stream:
                    yield stream
            elif sys.stdin is None:
                raise UnreadableError([f"{self.name}: cannot be read: it is closed"])
            else:
                yield sys.stdin.buffer
        except OSError as error:
            said = f"{self.name}: cannot be read: {error.strerror}"
            raise UnreadableError([said]) from None


def answers(sources: Sequence[Source], said: Said) -> Iterator[str | UnreadableError]:
    """
    What is said of every record, or what is wrong with a line, one after the other.

    Whole documents are read and answered first. Files with a record a line are read
    while answers are taken, one line at a time.

    Raises :class:`UnreadableError` before any answer, with every mistake of every
    document, and for files that cannot be opened.
    """
    ready: list[list[str]] = []
    mistakes: list[str] = []
    for source in sources:
        try:
            ready.append(_read_first(source, said))
        except UnreadableError as error:
            mistakes += error.mistakes
    if mistakes:
        raise UnreadableError(mistakes)
    return _in_order(sources, ready, said)


def _read_first(source: Source, said: Said) -> list[str]:
    """The answers of a document; of a file that is read by line, none yet."""
    with source.opened() as stream:
        if source.by_line:
            return []
        found = entries(stream.read(), source.name)
    given = [_answer(entry, said) for entry in found]
    wrong = [answer for answer in given if isinstance(answer, UnreadableError)]
    if wrong:
        raise UnreadableError([line for error in wrong for line in error.mistakes])
    return [answer for answer in given if isinstance(answer, str)]


def _in_order(
    sources: Sequence[Source], ready: Sequence[list[str]], said: Said
) -> Iterator[str | UnreadableError]:
    for source, given in zip(sources, ready, strict=True):
        yield from given
        if source.by_line:
            yield from _by_line(source, said)


def _by_line(source: Source, said: Said) -> Iterator[str | UnreadableError]:
    try:
        with source.opened() as stream:
            for entry in entries_by_line(stream, source.name):
                yield _answer(entry, said)
    except UnreadableError as error:  # it can be opened no more, or read no further
        yield error


def _answer(entry: Entry | UnreadableError, said: Said) -> str | UnreadableError:
    if isinstance(entry, UnreadableError):
        return entry
    try:
        return said(entry)
    except RecordError as error:
        return UnreadableError(entry.mistakes(error))
