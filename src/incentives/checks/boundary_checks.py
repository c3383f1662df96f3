"""Boundaries of rules at which no worked case stands, and cases to fill them."""

from collections.abc import Iterator, Sequence

from attrs import frozen

from ..book import Case, RuleBook
from ..errors import Diagnostic, Severity
from ..policy import Rule
from .boundaries import Boundary, Side, Sight, Sort, boundaries_of
from .proposals import Proposal, proposed, said, sight_of


@frozen
class Untried:
    """A boundary that the cases of a rule leave untried, and cases that would try it."""

    diagnostic: Diagnostic
    proposals: tuple[Proposal, ...]


def untried(book: RuleBook) -> Iterator[Untried]:
    """
    Every boundary, as the rules are read by default, that no case tries.

    A threshold or a day is tried by a case exactly at it and one on the side where the
    answer differs; a cap or a floor by one case below it and one above. A case counts
    where nothing else decides: every other condition of its rule is met. Rules without
    any case are told of that instead.
    """
    for rule in book:
        cases = [case for case in book.cases if case.rule == rule.id]
        seen = [
            (case, sight)
            for case in cases
            if (sight := sight_of(case, book)) is not None
        ]
        for boundary in boundaries_of(rule) if cases else ():
            missing = _missing(boundary, seen)
            if missing:
                drafts = (proposed(boundary, side, seen, book) for side in missing)
                yield Untried(
                    _diagnostic(boundary, missing, rule, book),
                    tuple(draft for draft in drafts if draft is not None),
                )


def _missing(
    boundary: Boundary, seen: Sequence[tuple[Case, Sight]]
) -> tuple[Side, ...]:
    """The sides of a boundary on which a case should stand and none does."""
    tried: set[Side] = set()
    for _, sight in seen:
        if boundary in boundaries_of(sight.found.rule):
            tried.update(sight.sides(boundary))
    return tuple(side for side in boundary.wanted if side not in tried)


def _diagnostic(
    boundary: Boundary, missing: tuple[Side, ...], rule: Rule, book: RuleBook
) -> Diagnostic:
    requirement = boundary.requirement
    place = None if requirement is None else requirement.place
    return Diagnostic(
        "boundary-not-tried",
        f"the rule {rule.id!r} has no case {_where(boundary, missing)} "
        f"{said(boundary, book, rule.id)!r}",
        place or book.places[rule.id],
        "add one: 'incentives check --propose' drafts it",
        Severity.WARNING,
    )


def _where(boundary: Boundary, missing: tuple[Side, ...]) -> str:
    """`exactly at or just beyond`, `above the cap`."""
    if boundary.sort is Sort.THRESHOLD:
        words = ("exactly at" if s is Side.AT else "just beyond" for s in missing)
        return " or ".join(words)
    return f"{' or '.join(side.value for side in missing)} the {boundary.sort.value}"
