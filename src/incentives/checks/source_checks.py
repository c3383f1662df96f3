"""A pack against the text that it encodes: quotes verbatim, no sentence forgotten."""

import hashlib

from collections.abc import Iterator, Mapping
from pathlib import Path

from attrs import frozen

from ..book import InventoryRow, RuleBook
from ..errors import Diagnostic, Place, Severity
from .sentences import common_beginning, money_sentences, without_blanks


@frozen
class Sentence:
    """
    A sentence that speaks of money, and who takes care of it.

    ``rules`` encode it; where there is none, ``kinds`` are the named reasons of the
    inventory not to; without either it is open.
    """

    place: Place
    rules: tuple[str, ...]
    kinds: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Whether nobody takes care of it."""
        return not self.rules and not self.kinds


@frozen
class Coverage:
    """How much of a source is encoded; every sentence is counted once."""

    sentences: tuple[Sentence, ...]

    @property
    def encoded(self) -> int:
        """How many sentences some rule encodes."""
        return sum(bool(sentence.rules) for sentence in self.sentences)

    @property
    def open(self) -> int:
        """How many sentences nobody takes care of."""
        return sum(sentence.is_open for sentence in self.sentences)

    @property
    def by_rule(self) -> Mapping[str, int]:
        """How many sentences each rule encodes."""
        return _counted(rule for each in self.sentences for rule in each.rules)

    @property
    def by_kind(self) -> Mapping[str, int]:
        """How many sentences each kind of the inventory says not to encode."""
        without = (each for each in self.sentences if not each.rules)
        return _counted("|".join(each.kinds) for each in without if each.kinds)

    @property
    def percent(self) -> int:
        """Of a hundred sentences, how many are taken care of, rounded down."""
        total = len(self.sentences)
        return 100 if total == 0 else 100 * (total - self.open) // total


def _counted(names: Iterator[str]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for name in names:
        found[name] = found.get(name, 0) + 1
    return found


@frozen
class Against:
    """What comes of holding a pack against its source."""

    diagnostics: tuple[Diagnostic, ...]
    coverage: Coverage | None = None


def against(book: RuleBook, path: Path) -> Against:
    """Quotes that are not in the source, and what of it nobody takes care of."""
    start = Place(path.name, 1, 1, 1, "")
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        said = f"cannot read the source: {error}"
        return Against((Diagnostic("unreadable-file", said, start),))
    found: list[Diagnostic] = []
    digest = hashlib.sha256(data).hexdigest()
    if book.policy.source_sha256 not in ("", digest):
        found.append(
            Diagnostic(
                "other-source",
                f"the source has the digest {digest}, policy.yaml names another",
                start,
                "quotes may have changed with the text: read both",
                Severity.WARNING,
            )
        )
    plain = without_blanks(text)
    quotes = [_Quote.of(*each, plain) for each in _quotes(book)]
    found += [quote.diagnostic(path.name) for quote in quotes if not quote.is_verbatim]
    coverage = Coverage(tuple(_sentences(path.name, text, quotes)))
    found += [_not_encoded(each.place) for each in coverage.sentences if each.is_open]
    return Against(tuple(found), coverage)


# --- quotes --------------------------------------------------------------------

#: A shorter beginning of a quote says nothing about which sentence was meant.
_TELLING = 6


@frozen
class _Quote:
    """What is said to stand in the source: as far as it does, whose, and where."""

    what: str
    same: str
    is_verbatim: bool
    place: Place
    rules: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()

    @classmethod
    def of(
        cls, whose: str | InventoryRow, quote: str, place: Place, plain: str
    ) -> "_Quote":
        """The quote of a rule, or of a row of the inventory."""
        bare = without_blanks(quote)
        same = common_beginning(bare, plain)
        if isinstance(whose, str):
            return cls(f"the rule {whose!r}", same, same == bare, place, (whose,))
        rules = (whose.rule,) if whose.rule else ()
        kinds = (whose.kind,) if whose.kind.strip() else ()
        what = f"the row {whose.id!r}"
        return cls(what, same, same == bare, place, rules, kinds)

    def covers(self, sentence: str) -> bool:
        """Whether it quotes a sentence, or a part of it, or more than it."""
        telling = len(self.same) >= _TELLING
        return telling and (self.same in sentence or sentence in self.same)

    def diagnostic(self, source: str) -> Diagnostic:
        """That it is not verbatim."""
        return Diagnostic(
            "quote-not-verbatim",
            f"the quote of {self.what} is not in {source}",
            self.place,
            "copy the words of the source exactly"
            if len(self.same) < _TELLING
            else f"it is the same up to {self.same[-12:]!r}; copy the words exactly",
        )


def _quotes(book: RuleBook) -> Iterator[tuple[str | InventoryRow, str, Place]]:
    for rule in book:
        yield rule.id, rule.clause.quote, book.quotes[rule.id]
    for row in book.inventory:
        yield row, row.quote, row.place


def _sentences(name: str, text: str, quotes: list[_Quote]) -> Iterator[Sentence]:
    for line, sentence in money_sentences(text):
        bare = without_blanks(sentence).rstrip("。；;")
        covering = [quote for quote in quotes if quote.covers(bare)]
        yield Sentence(
            Place(name, line, 1, 1, sentence),
            tuple(dict.fromkeys(r for quote in covering for r in quote.rules)),
            tuple(dict.fromkeys(k for quote in covering for k in quote.kinds)),
        )


def _not_encoded(place: Place) -> Diagnostic:
    return Diagnostic(
        "not-encoded",
        "this sentence speaks of money; no rule and no inventory row quotes it",
        place,
        "encode it, or list it in the inventory with its kind",
        Severity.WARNING,
    )
