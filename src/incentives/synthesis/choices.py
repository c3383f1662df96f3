"""What a fact may be, and how often: the choices of texts, truths and rates."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from attrs import frozen

from ..ir import Kind
from ..readers import NotReadableError
from ..vocabulary import FactDeclaration
from .hints import Hints, Key

#: The share of unknown facts: in an ordinary registry, and in one dense at boundaries.
UNKNOWN, UNKNOWN_DENSE = 0.03, 0.12
#: The share of subjects that leave unsaid what silence says well enough.
UNSAID = 0.6
#: The share of values that the rules name, among those of a text that they name.
_NAMED = 0.85
#: The share of values that a rule needs, where a record is made for it.
WANTED = 0.8
#: How slowly the share of a value falls with its rank.
_FALL = 0.8
#: What tells invented texts apart.
_STEMS = "甲乙丙丁戊己"
_FEW = 3


@frozen
class Choice:
    """
    A value and its weight; of a number any from ``value`` on, ``spread`` of them.

    Money and numbers are in hundredths, days are counted from 1970.
    """

    value: Any
    weight: float
    spread: int = 1


@frozen
class Asked:
    """
    What choices are made for: a fact of a kind, what rules say of it, and when.

    ``dense`` is whether boundaries are wanted, and ``today`` the day before which most
    of what happens has happened, counted from 1970.
    """

    declared: FactDeclaration
    key: Key
    hints: Hints
    dense: bool
    today: int

    @property
    def kind(self) -> Kind:
        """The kind of its values."""
        return self.declared.kind

    @property
    def unknown(self) -> float:
        """The share of subjects of which it is not known."""
        if self.declared.default is not None:
            return UNSAID
        if len(self.declared.values) == 1:  # the kind that a county is
            return 0
        return UNKNOWN_DENSE if self.dense else UNKNOWN

    def readable(self, values: Iterable[Any]) -> Iterator[str]:
        """Of texts those that records may hold."""
        for value in values:
            try:
                self.declared.read_one(value)
            except NotReadableError:
                continue
            yield value

    @property
    def invented(self) -> list[str]:
        """Texts that no rule names, and that nobody takes for real ones."""
        label = self.declared.label or self.declared.name
        return [f"虚构{label}{stem}" for stem in _STEMS]


def scaled(choices: Sequence[Choice], share: float) -> list[Choice]:
    """The same choices, with weights that come to a share together."""
    total = sum(choice.weight for choice in choices)
    return [
        Choice(choice.value, choice.weight / total * share, choice.spread)
        for choice in choices
    ]


def with_unknown(choices: Sequence[Choice], share: float) -> list[Choice]:
    """Some choices, and nothing known for a share."""
    return [*scaled(choices, 1 - share), Choice(None, share)]


def ranked(values: Sequence[str], figures: dict[Any, Fraction]) -> list[Choice]:
    """Values by their figures where most have one; by their rank, as Zipf has it, else."""
    if values and sum(value in figures for value in values) * 2 > len(values):
        least = min(figures[value] for value in values if value in figures)
        return [Choice(value, float(figures.get(value, least))) for value in values]
    return [Choice(value, 1 / (n + 1) ** _FALL) for n, value in enumerate(values)]


def text_choices(asked: Asked, needed: frozenset[Any] | None = None) -> list[Choice]:
    """The values of a text; with ``needed`` those mostly."""
    figures = dict(asked.hints.figures)
    if asked.declared.values:
        found = ranked([entry.value for entry in asked.declared.values], figures)
    else:
        known = list(asked.readable(asked.hints.known(asked.key)))
        others = ranked(asked.invented[:_FEW] if known else asked.invented, {})
        found = others
        if known:
            named = scaled(ranked(known, figures), _NAMED)
            found = [*named, *scaled(others, 1 - _NAMED)]
    wanted = sorted(asked.readable(needed or ()))
    if wanted:
        found = [*scaled(ranked(wanted, figures), WANTED), *scaled(found, 1 - WANTED)]
    return with_unknown(found, asked.unknown)


def pair_choices(
    asked: Sequence[Asked], rows: Sequence[tuple[str, ...]]
) -> list[Choice]:
    """
    Facts that belong together, as tuples: mostly rows of the table that has them.

    The first of them has the share that it would have alone.
    """
    figures = dict(asked[0].hints.figures)
    heads = list(dict.fromkeys(row[0] for row in rows))
    found: list[Choice] = []
    for head in scaled(ranked(heads, figures), _NAMED):
        under = [row for row in rows if row[0] == head.value]
        tails = ranked([str(n) for n in range(len(under))], {})
        shares = scaled(tails, head.weight)
        found += [Choice(row, s.weight) for row, s in zip(under, shares, strict=True)]
    strangers = tuple(each.invented[0] for each in asked)
    other = (1 - _NAMED) / (2 * len(asked) + 1)
    found.append(Choice(strangers, other))
    for place, each in enumerate(asked):
        for row, instead in ((rows[0], each.invented[1]), (rows[-1], None)):
            changed = (*row[:place], instead, *row[place + 1 :])
            found.append(Choice(changed, other))
    return found


def truth_choices(asked: Asked, needed: frozenset[Any] | None = None) -> list[Choice]:
    """Whether something holds: often, where silence does not deny it."""
    often = 0.05 if asked.declared.default is False else 0.6
    found = [Choice(value=True, weight=often), Choice(value=False, weight=1 - often)]
    if needed is not None:
        wanted = [Choice(value, 1.0) for value in sorted(needed)]
        found = [*scaled(wanted, WANTED), *scaled(found, 1 - WANTED)]
    return with_unknown(found, asked.unknown)


def rate_choices(asked: Asked) -> list[Choice]:
    """Rates as records write them: those that rules name, and from 0.5% to 20%."""
    known = [_percent(value) for value in asked.hints.values.get(asked.key, ())]
    named = [text for text in known if text is not None]
    usual = [f"{Decimal(n) / 20}%" for n in range(10, 401, 5)]
    found = [Choice(text, 1.0) for text in usual]
    if named:
        share = 0.7 if asked.dense else 0.3
        told = [Choice(text, 1.0) for text in dict.fromkeys(named)]
        found = [*scaled(told, share), *scaled(found, 1 - share)]
    return with_unknown(found, asked.unknown)


def _percent(value: Any) -> str | None:
    """A rate between 0 and 1 in per cent, where it has an exact decimal."""
    hundredfold = Fraction(value) * 100
    text = Decimal(hundredfold.numerator) / Decimal(hundredfold.denominator)
    exact = Fraction(text) == hundredfold and 0 <= value <= 1
    return f"{text:f}%" if exact else None
