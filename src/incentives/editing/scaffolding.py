"""A new rule pack to start from: small, commented, and right as it stands."""

import re

from importlib.resources import files
from pathlib import Path
from secrets import token_hex
from shutil import rmtree

from ..errors import UsageError, one_of
from ..phrasebook import LANGUAGES

#: What stands in the templates for the id of the policy.
_POLICY = "__POLICY__"
_ID = re.compile(r"[\w-]+")
_MOST_CHARACTERS = 100


def checked_id(policy: str) -> str:
    """
    The id itself.

    Raises :class:`UsageError` where it can be no id of a policy.

    >>> checked_id("yunqiao-2026")
    'yunqiao-2026'
    """
    if not _ID.fullmatch(policy) or policy.startswith("-"):
        raise UsageError(
            f"{policy!r} cannot be the id of a policy: use letters, digits and '-'"
        )
    if len(policy) > _MOST_CHARACTERS:
        raise UsageError(f"an id longer than {_MOST_CHARACTERS} characters")
    return policy


def new_pack(policy: str, directory: Path, lang: str = "zh") -> list[Path]:
    """
    Write a new pack into a directory that is not there yet, or empty; its files.

    Raises :class:`UsageError` for an id that is none, another language and a directory
    that holds something, and `OSError`; then nothing has been written.
    """
    checked_id(policy)
    if lang not in LANGUAGES:
        raise UsageError(f"no language {lang!r}, expected {one_of(LANGUAGES)}")
    if directory.is_dir() and any(directory.iterdir()):
        raise UsageError(f"{directory}: not empty; name a new directory")
    if directory.exists() and not directory.is_dir():
        raise UsageError(f"{directory}: a file stands there; name a new directory")
    # Under its own name only once it is whole.
    directory.parent.mkdir(parents=True, exist_ok=True)
    beside = directory.with_name(f".{directory.name}.{token_hex(4)}")
    try:
        beside.mkdir()
        names = [_written(template, policy, beside) for template in _templates(lang)]
        if directory.exists():
            directory.rmdir()
        beside.rename(directory)
    finally:
        rmtree(beside, ignore_errors=True)
    return [directory / name for name in sorted(names)]


def _templates(lang: str) -> list[tuple[str, str]]:
    """The names and texts of the template files in a language."""
    folder = files(__package__).joinpath("templates", lang)
    return [
        (template.name, template.read_text("utf-8"))
        for template in folder.iterdir()
        if template.name.endswith((".yaml", ".csv"))
    ]


def _written(template: tuple[str, str], policy: str, directory: Path) -> str:
    name, text = template
    with (directory / name).open("x", encoding="utf-8", newline="\n") as file:
        file.write(text.replace(_POLICY, policy))
    return name
