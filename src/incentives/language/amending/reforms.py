"""Keywords of `book.amend()` in Python become an amendment, as if it had been written."""

from collections.abc import Mapping as AbstractMapping
from datetime import date

from ...dates import read_date
from ...errors import Place, UsageError, did_you_mean, one_of
from ..forms.award_forms import AMOUNT_WORDS, LIMIT_KEYS, UNPRICED_WORDS
from ..forms.form_kinds import names
from ..nodes import Problems
from ..rule_files import RULE_KEYS
from ..words import KEYS
from .amendments import Amendment, checked_patch
from .arguments import as_written, read_back


def reform_of(
    rule: str,
    since: object,
    changes: AbstractMapping[str, object],
    problems: Problems,
) -> tuple[Amendment, str]:
    """
    The amendment that a call of `amend()` asks for, and its text.

    Raises :class:`UsageError` for a day, a keyword or a value that makes no sense.
    """
    name = f"amend({rule})"
    day = _day(since, name)
    text = as_written(_placed(changes, name), name)
    node = read_back(text, name, problems)
    start = Place(name, 1, 1, 1, "")
    patch = checked_patch(rule, node, start, problems)
    return Amendment(name, day, {rule: patch}, {rule: start}), text


def _day(since: object, name: str) -> date | None:
    try:
        return None if since is None else read_date(since)
    except ValueError as error:
        raise UsageError(f"{name}: since: {error}") from None


def _placed(
    changes: AbstractMapping[str, object], name: str
) -> AbstractMapping[str, object]:
    """The keys of a rule, with those that belong under `award` put there."""
    if not changes:
        raise UsageError(f"{name}: nothing to change, give a key and its new value")
    found: dict[str, object] = {}
    inner: dict[str, object] = {}
    within = _award_keys()
    for word, value in changes.items():
        key = word.replace("_", " ")
        if KEYS.meant(key, RULE_KEYS) is not None:
            found[key] = value
        elif KEYS.meant(key, within) is not None:
            inner[key] = value
        else:
            known = [*RULE_KEYS, *sorted(within)]
            hint = did_you_mean(key, known) or f"expected {one_of(known)}"
            raise UsageError(f"{name}: unknown key {key!r}, {hint}")
    award = next((key for key in found if KEYS.says(key, "award")), "award")
    given = found.get(award, {})
    if not inner:
        return found
    if not isinstance(given, AbstractMapping):
        raise UsageError(f"{name}: {next(iter(inner))!r} stands beside a whole award")
    return {**found, award: {**given, **inner}}


def _award_keys() -> frozenset[str]:
    """Every key that can stand right under `award`."""
    shapes = (*AMOUNT_WORDS, *UNPRICED_WORDS)
    limits = (key.name for key in LIMIT_KEYS)
    return frozenset((*(name for shape in shapes for name in names(shape)), *limits))
