"""`compare()`: who gains and who loses by a reform, how much, and what nobody knows yet."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from attrs import frozen

from ..book import RuleBook
from ..errors import UsageError
from ..evaluation import asked
from ..money import yuan
from ..screening.registry import Rejected
from ..screening.screen import Screening, screen
from .changes import Changes
from .comparison_report import comparison_report
from .report import Report, Shown
from .tables import left_out, plain, text


def compare(  # noqa: PLR0913  # the words of `screen`, and a second book
    book: RuleBook,
    reform: RuleBook,
    registry: object,
    *,
    as_of: date | str | None = None,
    subject: str = "enterprise",
    strict: bool = True,
    ignore: Iterable[str] = (),
) -> "Comparison":
    """
    Who gains and who loses where one book takes the place of another, in yuan.

    The books may differ in their rules, amounts or readings: see :meth:`RuleBook.amend`
    and :meth:`RuleBook.under`. The words are those of :func:`screen`.

    >>> import incentives
    >>> book = incentives.bundled()
    >>> reform = book.amend("private-top-500", award="600万元")
    >>> firm = {"id": "91350582MA31ABCD0M", "kind": "enterprise", "city": "泉州市"}
    >>> incentives.compare(book, reform, [firm], as_of="2025-10-01").change
    Decimal('0')

    Raises :class:`RecordError` with every mistake of the registry by either book, and
    :class:`UsageError` for what is no registry, no book, or no day.
    """
    books: tuple[object, ...] = (book, reform)
    if None in books:  # elsewhere that is the bundled one
        raise UsageError("compare two rule books made by load()")
    day, old, _ = asked(as_of, book, None)
    _, new, _ = asked(day, reform, None)
    how: dict[str, Any] = {
        "subject": subject,
        "strict": strict,
        "ignore": tuple(ignore),
    }
    before = screen(registry, as_of=day, rules=old, **how)
    same = old.vocabulary == new.vocabulary and _ids(old) == _ids(new)
    if same:
        after = before.again(book=new)
    else:  # another book may read the same records otherwise
        after = screen(registry, as_of=day, rules=new, **how)
    return Comparison(before, after, Changes.between(before, after))


def _ids(book: RuleBook) -> list[str]:
    return [rule.id for rule in book]


@frozen(eq=False, repr=False)
class Comparison(Shown):
    """
    What changes for whom where one book takes the place of another, in yuan.

    A subject gains or loses where its change is known to the fen; of the others,
    counted as ``undetermined``, ``low`` and ``high`` say between what the change lies,
    null without limit. ``change`` in tables is of those that are known. Tables come
    back as the kind of frame that the registry was.
    """

    before: Screening
    after: Screening
    changes: Changes

    def __len__(self) -> int:
        return self.changes.subjects.height

    @property
    def as_of(self) -> date:
        """The day at which both laws and the facts are taken."""
        return self.before.as_of

    @property
    def rejected(self) -> tuple[Rejected, ...]:
        """What is wrong with the subjects that were left out, by either book."""
        return tuple(dict.fromkeys((*self.before.rejected, *self.after.rejected)))

    # --- sums ------------------------------------------------------------------------

    @property
    def change(self) -> Decimal:
        """
        The total under the reform less the total before, of what is decided, in yuan.

        That is ``gains`` and ``losses`` together with ``unsettled``.
        """
        return yuan(self.changes.sum_of("after") - self.changes.sum_of("before"))

    @property
    def gains(self) -> Decimal:
        """Yuan that all those gain together whose change is known."""
        return yuan(self.changes.sum_of("gain"))

    @property
    def losses(self) -> Decimal:
        """Yuan that all those lose together whose change is known; never above zero."""
        return yuan(self.changes.sum_of("loss"))

    @property
    def unsettled(self) -> Decimal:
        """The rest of ``change``: of subjects, or of single rules, that are not decided."""
        return yuan(self.changes.unsettled)

    @property
    def bounds(self) -> tuple[Decimal | None, Decimal | None]:
        """Between what the undetermined changes lie together; None is without limit."""
        low, high = self.changes.open_bounds
        return _yuan(low), _yuan(high)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many subjects gain, lose, and are undetermined."""
        return self.changes.counts

    # --- tables ----------------------------------------------------------------------

    def subjects(self) -> Any:
        """
        A row for every subject with a change: the largest gain first.

        ``id``, ``county``, ``chain``, ``before``, ``after`` (what is decided), ``change``
        (null where it is not known), and between what it lies, ``low`` and ``high``.
        """
        return self.before.back(self.changes.subjects_table())

    def rules(self) -> Any:
        """
        A row for every rule of either book.

        ``rule``, ``gaining``, ``gains``, ``losing``, ``losses``, ``change``,
        ``undetermined``, ``low``, ``high``. Money that moves from one rule to another is
        a gain here and a loss there, which may be neither for the subject.
        """
        return self.before.back(self.changes.by_rule())

    def counties(self) -> Any:
        """The same for every county, by what its subjects gain or lose in all."""
        return self.before.back(self.changes.by("county"))

    def chains(self) -> Any:
        """The same for every industrial chain."""
        return self.before.back(self.changes.by("chain"))

    # --- out -------------------------------------------------------------------------

    def to_dict(self) -> dict[str, Any]:
        """The comparison, ready for JSON; money as decimal strings of yuan."""
        low, high = self.bounds
        return {
            "as_of": self.as_of.isoformat(),
            "policy": self.before.book.policy.id,
            "reform": self.after.book.policy.id,
            "digests": [self.before.book.digest, self.after.book.digest],
            "subject": self.before.registry.kind,
            "subjects": len(self),
            "rejected": max(left_out(self.before), left_out(self.after)),
            "before": text(yuan(self.changes.sum_of("before"))),
            "after": text(yuan(self.changes.sum_of("after"))),
            "change": text(self.change),
            "gains": text(self.gains),
            "losses": text(self.losses),
            "unsettled": text(self.unsettled),
            "undetermined": [text(low), text(high)],
            "counts": dict(self.counts),
            "rules": plain(self.changes.by_rule()),
            "counties": plain(self.changes.by("county")),
            "chains": plain(self.changes.by("chain")),
            "changed": plain(self.changes.subjects_table()),
        }

    def report(self, lang: str = "zh") -> Report:
        """The comparison in words; raises :class:`UsageError` for an unknown language."""
        return comparison_report(self, lang)

    def __repr__(self) -> str:
        return (
            f"Comparison({len(self)} subjects, as_of={self.as_of.isoformat()!r}, "
            f"policy={self.before.book.policy.id!r}, change={text(self.change)!r})"
        )


def _yuan(fen: int | None) -> Decimal | None:
    return None if fen is None else yuan(fen)
