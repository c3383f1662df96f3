"""The goals for speed, each a ratio or a time of the same run, and by how much they are met."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from attrs import frozen

from .books import Family
from .scaling import Book
from .startup import FIRST, IMPORT, Start
from .timing import Figure

OWN = "incentives"
FLAT = "incentives, flat facts"
EXPLAINED = "incentives, all explained"
FROM_JSON = "incentives, from JSON"
CEL = "CEL"
ZEN = "ZEN"
TRACED = "ZEN with trace"

FEW, MANY = 100, 10_000


@frozen
class Goal:
    """What is wanted at most, and what was measured, if it was."""

    what: str
    most: float
    unit: str
    measured: float | None

    @property
    def verdict(self) -> str:
        """Met, or missed and by how much."""
        if self.measured is None:
            return "not measured"
        if self.measured <= self.most:
            return "met"
        return f"missed, {self.measured / self.most:.1f} times too much"


@frozen
class Measured:
    """Everything of one run: rows by the shape of their records, books, new processes."""

    rows: Mapping[str, Mapping[str, Figure]]
    books: Sequence[Book]
    starts: Sequence[Start]


def goals(run: Measured) -> list[Goal]:
    """Every goal, in the order of importance."""
    return [*_per_subject(run), *_many_rules(run), *_new_process(run)]


def _per_subject(run: Measured) -> Iterator[Goal]:
    wanted = (
        ("flat facts against CEL", FLAT, CEL, 0.5),
        ("flat facts against ZEN", FLAT, ZEN, 0.3),
        ("lists of records against CEL", OWN, CEL, 0.5),
        ("lists of records against ZEN", OWN, ZEN, 0.3),
        ("all explained against ZEN with trace", EXPLAINED, TRACED, 0.5),
        ("from JSON against ZEN", FROM_JSON, ZEN, 1.0),
    )
    for shape, figures in run.rows.items():
        for what, own, peer, most in wanted:
            yield Goal(f"{what}, {shape}", most, "×", ratio(figures, own, peer))
        for what, own in (("flat facts", FLAT), ("lists of records", OWN)):
            worst = _worst(figures, own, ZEN)
            yield Goal(f"p99 of {what} against ZEN's, {shape}", 1.0, "×", worst)


def _worst(figures: Mapping[str, Figure], own: str, peer: str) -> float | None:
    if own not in figures or peer not in figures:
        return None
    return figures[own].p99 / figures[peer].p99


def ratio(figures: Mapping[str, Figure], own: str, peer: str) -> float | None:
    """How many times as long one row takes as another, by their medians."""
    if own not in figures or peer not in figures:
        return None
    return figures[own].p50 / figures[peer].p50


def _many_rules(run: Measured) -> Iterator[Goal]:
    for family in Family:
        few, many = (_book(run, family, rules) for rules in (FEW, MANY))
        grown = _quotient(many, few, lambda book: book.figures["total"])
        yield Goal(f"{MANY} rules against {FEW} by {family}", 4.0, "×", grown)
    for family in Family:
        many = _book(run, family, MANY)
        beyond = _beyond_parsing(many) if many else None
        yield Goal(f"load {MANY} rules by {family}, beyond parsing", 1.0, "s", beyond)
        again = many.figures["again"] if many else None
        yield Goal(f"load them again by {family}, as kept on disk", 1.0, "s", again)


def _book(run: Measured, family: Family, rules: int) -> Book | None:
    return next(
        (
            book
            for book in run.books
            if (book.family, book.rules) == (family, rules) and not book.failure
        ),
        None,
    )


def _quotient(
    many: Book | None, few: Book | None, figure: Callable[[Book], float]
) -> float | None:
    return figure(many) / figure(few) if many and few else None


def _beyond_parsing(book: Book) -> float:
    return book.figures["load"] - book.figures["parse"]


def _new_process(run: Measured) -> Iterator[Goal]:
    wanted = {IMPORT: 80.0, FIRST: 300.0}
    for start in run.starts:
        if start.name in wanted:
            yield Goal(start.name, wanted[start.name], "ms", start.seconds * 1000)
