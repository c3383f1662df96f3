"""Rule packs: the bundled ones, and those of the user's own."""

import os
import re

from functools import cache
from importlib.resources import as_file, files
from os import PathLike, fspath
from pathlib import Path

from .book import RuleBook
from .errors import UsageError

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

    The environment variable ``INCENTIVES_CACHE`` decides as for :func:`load`.

    Raises :class:`UsageError` for a name that no such pack has.
    """
    if not re.fullmatch(r"[\w-]+", name):
        raise UsageError(f"no bundled rule pack {name!r}")
    inside = files("incentives").joinpath("_rules", name)
    with as_file(inside) as installed:
        if installed.is_dir():
            return _load(installed, _usual_cache())
    # A checkout keeps its packs beside `src`.
    checkout = Path(__file__).parents[2] / "rules" / name
    if checkout.is_dir():
        return _load(checkout, _usual_cache())
    raise UsageError(f"no bundled rule pack {name!r}")
