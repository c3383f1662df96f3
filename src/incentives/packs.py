"""Rule packs: the bundled ones, and those of the user's own."""

import os
import re

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache, cached_property
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import field, frozen

from .book import RuleBook
from .errors import UsageError

if TYPE_CHECKING:
    from .language.packs import UnreadSource

DEFAULT_PACK = "quanzhou-2024"


#: The directory of the cache, where the caller names none.
CACHE_VARIABLE = "INCENTIVES_CACHE"


def load(
    directory: str | PathLike[str], *, cache: str | PathLike[str] | None = None
) -> RuleBook:
    """
    The rule book in a directory.

    ``cache`` is a directory, by default what the environment variable
    ``INCENTIVES_CACHE`` says, in which the book is kept: as long as no file of the
    pack changes, it comes from there many times as fast. Without either nothing is
    written. What is kept is data without code, and whatever in that directory was
    damaged, or could have been written by anybody else, is ignored:
    :mod:`incentives.caching.store` says what that protects from, and what not.

    Raises :class:`PackError` with everything that is wrong in the pack, each with
    file, line and column.
    """
    pack = _path(directory, "a rule pack")
    return _load(pack, _usual_cache() if cache is None else _path(cache, "a cache"))


def _path(given: object, what: str) -> Path:
    path = fspath(given) if isinstance(given, PathLike) else given
    if not isinstance(path, str):
        kind = type(path).__name__
        raise UsageError(f"expected the path of {what}, got {kind}")
    if not path:
        raise UsageError(f"expected the path of {what}, got an empty text")
    return Path(path)


def _usual_cache() -> Path | None:
    named = os.environ.get(CACHE_VARIABLE)
    return Path(named) if named else None


def _load(directory: Path, cache: Path | None) -> RuleBook:
    # Reading rule files needs a YAML reader and a parser: only who loads waits for them.
    from .language.packs import load_pack  # noqa: PLC0415

    return load_pack(directory, cache)


@cache
def bundled(name: str = DEFAULT_PACK) -> RuleBook:
    """
    A rule pack that comes with the library, loaded when first asked for.

    It comes from what it was read to when the library was built, unless that is gone
    or older than its files; then the environment variable ``INCENTIVES_CACHE`` decides
    as for :func:`load`.

    Raises :class:`UsageError` for a name that no such pack has.
    """
    if not re.fullmatch(r"[\w-]+", name):
        raise UsageError(f"no bundled rule pack {name!r}")
    for folder in _FOLDERS:
        directory = folder / name
        if directory.is_dir():
            return _ready(name, directory) or _load(directory, _usual_cache())
    raise UsageError(f"no bundled rule pack {name!r}")


#: Inside the wheel; a checkout keeps its packs beside `src`.
_FOLDERS = (Path(__file__).parent / "_rules", Path(__file__).parents[2] / "rules")


def _ready(name: str, directory: Path) -> RuleBook | None:
    """The book of a bundled pack as it was read when the library was built."""
    from .caching.ready import pack_files, ready  # noqa: PLC0415  # as above

    contents = pack_files(directory)
    parts = ready(name, contents)
    if parts is None:
        return None
    late = _Late(contents)
    book = RuleBook(
        **parts,
        sources=_LateSources(late, parts["readings"]),
        interpret=late.interpret,
        revise=late.revise,
    )
    late.books[tuple(sorted(book.readings.items()))] = book
    return book


def make_ready() -> None:
    """Read every bundled pack of a checkout, and write down what it comes to."""
    from .caching.ready import make_ready as write  # noqa: PLC0415  # as above
    from .caching.ready import pack_files  # noqa: PLC0415  # as above

    packs = sorted(path for path in _FOLDERS[1].iterdir() if path.is_dir())
    write((path.name, pack_files(path), _load(path, None)) for path in packs)


@frozen
class _Late:
    """The files of a pack whose book is known, parsed when anything else is asked."""

    contents: Mapping[str, bytes] = field(repr=False)
    books: dict[tuple[tuple[str, str], ...], RuleBook] = field(factory=dict, repr=False)

    @cached_property
    def unread(self) -> "UnreadSource":
        """The same, with all that reads files."""
        from .language.packs import UnreadSource  # noqa: PLC0415  # as above

        return UnreadSource(self.contents, self.books)

    def interpret(self, readings: Mapping[str, str]) -> RuleBook:
        """The book under the readings."""
        return self.unread.interpret(readings)

    def revise(
        self,
        readings: Mapping[str, str],
        rule: str,
        since: str | date | None,
        changes: Mapping[str, object],
    ) -> RuleBook:
        """The book with words of a rule changed."""
        return self.unread.revise(readings, rule, since, changes)


@frozen(eq=False)
class _LateSources(Mapping[str, object]):
    """What each rule of a bundled book is printed from, read when it is asked for."""

    late: _Late
    readings: Mapping[str, str]

    @cached_property
    def found(self) -> Mapping[str, object]:
        """What they are in a book that is read anew."""
        from .language.packs import UnreadRules  # noqa: PLC0415  # as above

        return UnreadRules(self.late.unread, self.readings)

    def __getitem__(self, rule: str) -> object:
        return self.found[rule]

    def __iter__(self) -> Iterator[str]:
        return iter(self.found)

    def __len__(self) -> int:
        return len(self.found)
