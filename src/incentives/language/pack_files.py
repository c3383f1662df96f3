"""The files of a pack directory, as they lie there: names, bytes and tables."""

import hashlib
import re

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as AbstractMapping
from errno import ENOENT
from pathlib import Path

import attrs

from ..errors import Diagnostic, Place
from ..tables import Table, TableError, parse_table
from .nodes import MAX_BYTES, Problems

POLICY_FILE = "policy.yaml"
FACTS_FILE = "facts.yaml"


def contents_of(directory: Path, problems: Problems) -> Iterator[tuple[str, bytes]]:
    """The files of a pack by name, in the order of their names."""
    place = Place(str(directory), 1, 1, 1, "")
    if not directory.is_dir():
        is_file = directory.is_file()
        said = "a file, not a directory" if is_file else "no such directory"
        help_ = f"give the directory that holds {POLICY_FILE}" if is_file else None
        problems.add("no-pack", said, place, help_)
        return
    paths = {p.name: p for p in directory.iterdir() if not p.name.startswith(".")}
    if POLICY_FILE not in paths:
        problems.add("no-pack", f"the directory has no {POLICY_FILE}", place)
        return
    for name, path in sorted(paths.items()):
        start = Place(name, 1, 1, 1, "")
        if path.suffix in (".yaml", ".csv"):
            try:
                yield name, _read(path)
            except OSError as error:
                said = f"cannot read: {error.strerror}"
                problems.add("unreadable-file", said, start)
        elif path.suffix.lower() in (".yml", ".yaml", ".csv"):
            problems.add(
                "other-extension",
                f"a file with the extension {path.suffix!r} is not read",
                start,
                "name it '.yaml' or '.csv', in small letters",
            )


def _read(path: Path) -> bytes:
    """What a file holds, cut off where it is too large for a pack."""
    if not path.is_file():
        raise OSError(ENOENT, "not a file")
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def table_of(text: str, name: str, problems: Problems) -> Table | None:
    try:
        return parse_table(name.removesuffix(".csv"), text)
    except TableError as error:
        shown = text.split("\n")[error.line - 1 : error.line]
        line = shown[0] if shown else ""
        place = Place(name, error.line, 1, len(line) + 1, line)
        help_ = (
            "separate cells by the half-width ','"
            if re.search(r"[，;；\t]", line)
            else None
        )
        problems.add("bad-table", str(error), place, help_)
        return None


def digest_of(contents: AbstractMapping[str, bytes]) -> str:
    """What identifies the pack: its files, whatever the ends of their lines."""
    digest = hashlib.sha256()
    for name, content in contents.items():
        plain = content.replace(b"\r\n", b"\n")
        digest.update(f"{name}\0{len(plain)}\0".encode())
        digest.update(plain)
    return f"sha256:{digest.hexdigest()}"


# --- spreadsheets ---------------------------------------------------------------

_SPREADSHEETS = frozenset({".xlsx", ".xls", ".et", ".ods"})
_NO_TABLE = frozenset({"unknown-table", "unknown-column"})


def _spreadsheets(directory: Path) -> Iterator[Path]:
    if directory.is_dir():
        paths = sorted(directory.iterdir())
        yield from (path for path in paths if path.suffix.lower() in _SPREADSHEETS)


def told_of_sheets(found: Iterable[Diagnostic], directory: Path) -> list[Diagnostic]:
    """What was found; of a missing table, that a spreadsheet has its name."""
    sheets = {path.stem: path.name for path in _spreadsheets(directory)}
    return [_told_of_sheet(each, sheets) for each in found]


def _told_of_sheet(found: Diagnostic, sheets: AbstractMapping[str, str]) -> Diagnostic:
    """What is said of a missing table, where a spreadsheet has its name."""
    for stem, name in sheets.items():
        missing = re.search(rf"'{re.escape(stem)}['.]", found.message)
        if found.code in _NO_TABLE and missing is not None:
            return attrs.evolve(found, help=f"save {name} as {stem}.csv, in UTF-8")
    return found
