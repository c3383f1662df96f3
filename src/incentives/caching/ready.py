"""
What the bundled packs were read to when the library was built, so that nobody waits.

A file lies beside the code, whose trust it shares: data without code, under a digest of
the library and of the files of the pack. Where either differs it is as good as none.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ..book import RuleBook
from .books import UNREADABLE, digest_of, encoded, library, rows

FOLDER = Path(__file__).parents[1] / "_ready"


def pack_files(directory: Path) -> Mapping[str, bytes]:
    """The files of a pack, by name and in their order."""
    paths = (path for path in directory.iterdir() if path.suffix in (".yaml", ".csv"))
    named = {path.name: path for path in paths if not path.name.startswith(".")}
    return {name: named[name].read_bytes() for name in sorted(named)}


def ready(name: str, contents: Mapping[str, bytes]) -> dict[str, Any] | None:
    """What the book of a bundled pack is made of; None where it must be read."""
    try:
        said = (FOLDER / f"{name}.book").read_bytes()
        digest, _, data = said.partition(b"\n")
        if digest.decode("ascii") != digest_of(library(), contents):
            return None
        return rows().decoded(data)
    except (OSError, *UNREADABLE):
        return None


def make_ready(packs: Iterable[tuple[str, Mapping[str, bytes], RuleBook]]) -> None:
    """Write down what packs were read to."""
    FOLDER.mkdir(exist_ok=True)
    for name, contents, book in packs:
        digest = digest_of(library(), contents)
        data = digest.encode("ascii") + b"\n" + encoded(book)
        (FOLDER / f"{name}.book").write_bytes(data)
