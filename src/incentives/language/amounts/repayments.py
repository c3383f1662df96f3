"""`claw back:` and `payers:` — what must be given back, and who pays which share."""

from collections.abc import Iterator
from fractions import Fraction

from ...ir import Constant, Kind, Multiply, Not, Round, Term
from ...money import Rounding, rate_words
from ...policy import ReasonCode, Requirement
from ...standards import Payer, Repayment
from .. import expressions
from ..expressions.scope import Context
from ..forms.pack_forms import CLAW_BACK, PAYER, names
from ..keys import Keys, as_mapping
from ..nodes import Problems, Scalar
from ..words import VALUES
from .sugar import value_of

_ALL_OF_IT = Constant(Fraction(1), Kind.RATE)


def repayments_of(keys: Keys, paid: Term, context: Context) -> Iterator[Repayment]:
    """What of the amount paid before must be given back, and when."""
    for item in keys.items("claw back", empty="leave the key out"):
        body = as_mapping(item, context.problems, "a claw-back")
        if body is None:
            continue
        words = Keys(body, names(CLAW_BACK), context.problems, "a claw-back")
        test = words.scalar("if", required=True)
        given = words.get("share")
        share: Term | None = _ALL_OF_IT
        if given is not None:
            share = value_of(given, context, Kind.RATE)
        if test is None or share is None:
            continue
        condition = expressions.condition(test, context.scope, context.problems)
        if isinstance(share, Constant) and not 0 < share.value <= 1:  # type: ignore[operator]  # a rate
            context.problems.add(
                "rate-out-of-range",
                "a share to give back is above 0 and at most 100 %",
                body.at("share"),
            )
        elif condition is not None:
            amount = Round(Multiply(share, paid), 1, Rounding.HALF_UP)
            yield Repayment(condition, amount, words.text("label"))


def barred_by(repayments: tuple[Repayment, ...]) -> list[Requirement]:
    """Who must give something back is due nothing more."""
    return [
        Requirement(ReasonCode.REPAYABLE, Not(each.condition), each.label)
        for each in repayments
    ]


def payers_of(keys: Keys, context: Context) -> tuple[Payer, ...]:
    """Who pays which share: shares that come to the whole, or one that is the rest."""
    problems = context.problems
    found: list[Payer] = []
    for item in keys.items("payers", empty="leave the key out"):
        body = as_mapping(item, problems, "a payer")
        if body is None:
            continue
        words = Keys(body, names(PAYER), problems, "a payer")
        who = words.text("who", required=True)
        given = words.get("share", required=True)
        if given is None:
            continue
        if isinstance(given, Scalar) and VALUES.says(given.text, "rest"):
            found.append(Payer(who))
            continue
        share = value_of(given, context, Kind.RATE)
        if share is not None:
            found.append(Payer(who, share))
    if found:
        _check_payers(found, keys, problems)
    return tuple(found)


def _check_payers(payers: list[Payer], keys: Keys, problems: Problems) -> None:
    """Report shares that come to more or less than the whole."""
    place = keys.node.at("payers")
    rests = sum(payer.share is None for payer in payers)
    shares = [p.share.value for p in payers if isinstance(p.share, Constant)]
    whole = sum(map(Fraction, shares), Fraction(0))  # type: ignore[arg-type]  # rates
    all_known = len(shares) + rests == len(payers)
    if any(share <= 0 for share in shares) or whole > 1 or rests > 1:  # type: ignore[operator]  # rates
        said = "the shares of the payers come to more than the whole"
        problems.add("shares-not-whole", said, place, "each is above 0, together 100%")
    elif not rests and not (all_known and whole == 1):
        said = (
            f"the shares of the payers come to {rate_words(whole)}, not to 100%"
            if all_known
            else "the shares of the payers need not come to 100%"
        )
        help_ = "write 'rest' for the share of one of them"
        problems.add("shares-not-whole", said, place, help_)
