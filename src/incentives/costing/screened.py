"""What every result has that is made of one screening."""

from datetime import date
from typing import Any

from attrs import frozen

from ..book import RuleBook
from ..policy import Status
from ..screening.registry import Rejected
from ..screening.screen import Screening
from .report import Shown
from .tables import left_out


@frozen(eq=False, repr=False)
class OfScreening(Shown):
    """A result about one registry, on one day, under one book."""

    screening: Screening

    def __len__(self) -> int:
        return len(self.screening)

    @property
    def as_of(self) -> date:
        """The day at which law and facts are taken."""
        return self.screening.as_of

    @property
    def book(self) -> RuleBook:
        """The rules, under the readings that were asked for."""
        return self.screening.book

    @property
    def rejected(self) -> tuple[Rejected, ...]:
        """What is wrong with the subjects that were left out."""
        return self.screening.rejected

    def asked(self) -> dict[str, Any]:
        """What was asked, and of whom, ready for JSON."""
        book = self.book
        return {
            "as_of": self.as_of.isoformat(),
            "policy": book.policy.id,
            "digest": book.digest,
            "provisional": book.policy.status is Status.DRAFT,
            "readings": dict(book.readings),
            "subject": self.screening.registry.kind,
            "subjects": len(self),
            "rejected": left_out(self.screening),
        }
