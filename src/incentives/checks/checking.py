"""What is wrong with a rule pack before anybody is judged by it."""

from os import PathLike
from pathlib import Path

from attrs import frozen

from ..book import RuleBook
from ..errors import Diagnostic, PackError, Severity
from ..packs import load
from .boundary_checks import untried
from .case_checks import case_diagnostics
from .proposals import Proposal
from .rule_checks import rule_problems
from .source_checks import Against, Coverage, against
from .usage_checks import usage_problems


@frozen
class Report:
    """
    Everything found in a pack; ``book`` is None where it cannot be used.

    ``proposals`` are cases that would try the boundaries that no case tries, each
    beside its warning; ``coverage`` is there where a source was given.
    """

    book: RuleBook | None
    diagnostics: tuple[Diagnostic, ...]
    proposals: tuple[tuple[Diagnostic, tuple[Proposal, ...]], ...] = ()
    coverage: Coverage | None = None

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """What must be mended before the pack may be used."""
        return tuple(d for d in self.diagnostics if d.severity is Severity.ERROR)


def check(
    directory: str | PathLike[str], *, source: str | PathLike[str] | None = None
) -> Report:
    """
    Everything wrong with a pack, and with its worked cases.

    With the text of the source, every quote must stand in it verbatim, and sentences
    that speak of money and that nobody takes care of are warned of.
    """
    try:
        book = load(directory)
    except PackError as error:
        return Report(None, error.diagnostics)
    return check_book(book, source)


def check_book(book: RuleBook, source: str | PathLike[str] | None = None) -> Report:
    """The same for a book that is loaded already."""
    open_ = list(untried(book))
    held = Against(()) if source is None else against(book, Path(source))
    return Report(
        book,
        (
            *book.warnings,
            *case_diagnostics(book),
            *rule_problems(book),
            *usage_problems(book),
            *(each.diagnostic for each in open_),
            *held.diagnostics,
        ),
        tuple((each.diagnostic, each.proposals) for each in open_ if each.proposals),
        held.coverage,
    )
