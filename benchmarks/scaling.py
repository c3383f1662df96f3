"""Books from ten to ten thousand rules, each in a process of its own with a time limit."""

import json
import subprocess

from collections.abc import Iterable, Iterator
from typing import Any

from attrs import frozen

from .books import Family
from .processes import run

SIZES = (10, 100, 1_000, 10_000)


@frozen
class Book:
    """What one big book took, or why nobody knows."""

    family: Family
    rules: int
    figures: dict[str, Any]
    failure: str = ""


def books(
    families: Iterable[Family], most: int, subjects: int, seconds: float
) -> Iterator[Book]:
    """Each family in every size; what is too slow is not tried bigger."""
    for family in families:
        for rules in SIZES:
            if rules > most:
                break
            book = _book(family, rules, subjects, seconds)
            yield book
            if book.failure:
                break


def _book(family: Family, rules: int, subjects: int, seconds: float) -> Book:
    command = ["-m", "benchmarks.book_trial", family, str(rules), str(subjects)]
    try:
        return Book(family, rules, json.loads(run(command, seconds)))
    except subprocess.TimeoutExpired:
        return Book(family, rules, {}, f"more than {seconds:.0f} s, given up")
    except subprocess.CalledProcessError as error:
        said = error.stderr.strip().splitlines() or [f"status {error.returncode}"]
        return Book(family, rules, {}, f"fails: {said[-1]}")
