"""What is asked of workers, checked where it is asked."""

from collections.abc import Iterable, Mapping
from datetime import date
from os import PathLike, fspath
from pathlib import Path

from ..caching.books import library
from ..errors import UsageError, did_you_mean, one_of
from ..evaluation import asked
from ..packs import bundled, load
from ..readers import shown
from ..screening.registry import SUBJECTS
from .batches import Screen
from .results import SCHEMAS


def screen_of(  # noqa: PLR0913  # the words of `screen`
    *,
    as_of: date | str | None = None,
    rules: str | PathLike[str] | None = None,
    readings: Mapping[str, str | date] | None = None,
    subject: str = "enterprise",
    shape: str = "determinations",
    strict: bool = True,
    ignore: Iterable[str] = (),
) -> Screen:
    """
    What workers are asked: the words of :func:`incentives.screen`, checked here.

    ``rules`` is the directory of a pack, at the same path on every worker; None for the
    bundled pack. Raises :class:`UsageError` for words that make no sense.
    """
    if rules is not None and not isinstance(rules, str | PathLike):
        raise UsageError(
            f"rules: expected the directory of a pack, got {type(rules).__name__}; "
            "workers load their books themselves"
        )
    pack = None if rules is None else str(Path(fspath(rules)).absolute())
    for given, known, what in (
        (shape, SCHEMAS, "shape"),
        (subject, SUBJECTS, "subject"),
    ):
        if given not in known:
            hint = did_you_mean(str(given), known) or one_of(list(known))
            raise UsageError(f"{what}: unknown {shown(given)}, {hint}")
    book = bundled() if pack is None else load(pack)
    day, *_ = asked(as_of, book, readings)
    return Screen(
        as_of=day,
        pack=pack,
        digest=book.digest,
        code=library(),
        readings=tuple((readings or {}).items()),
        subject=subject,
        shape=shape,
        strict=strict,
        ignore=tuple(ignore),
    )
