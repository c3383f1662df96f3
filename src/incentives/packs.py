"""Rule packs: the bundled ones, and those of the user's own."""

import re

from functools import cache
from importlib.resources import as_file, files
from os import PathLike, fspath
from pathlib import Path

from .book import RuleBook
from .errors import UsageError

DEFAULT_PACK = "quanzhou-2024"


def load(directory: str | PathLike[str]) -> RuleBook:
    """
    The rule book in a directory.

    Raises :class:`PackError` with everything that is wrong in it, each with file, line
    and column.
    """
    path = fspath(directory) if isinstance(directory, PathLike) else directory
    if not isinstance(path, str):
        kind = type(path).__name__
        raise UsageError(f"expected the path of a rule pack, got {kind}")
    if not path:
        raise UsageError("expected the path of a rule pack, got an empty text")
    return _load(Path(path))


def _load(directory: Path) -> RuleBook:
    # Reading rule files needs a YAML reader and a parser: only who loads waits for them.
    from .language.packs import load_pack  # noqa: PLC0415

    return load_pack(directory)


@cache
def bundled(name: str = DEFAULT_PACK) -> RuleBook:
    """
    A rule pack that comes with the library, loaded when first asked for.

    Raises :class:`UsageError` for a name that no such pack has.
    """
    if not re.fullmatch(r"[\w-]+", name):
        raise UsageError(f"no bundled rule pack {name!r}")
    inside = files("incentives").joinpath("_rules", name)
    with as_file(inside) as installed:
        if installed.is_dir():
            return _load(installed)
    # A checkout keeps its packs beside `src`.
    checkout = Path(__file__).parents[2] / "rules" / name
    if checkout.is_dir():
        return _load(checkout)
    raise UsageError(f"no bundled rule pack {name!r}")
