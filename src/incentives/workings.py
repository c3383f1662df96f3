"""How an amount came about, with labels, figures and the result: 算式."""

from typing import assert_never

from .explanation import Finding, Working
from .ir import (
    Add,
    AsOf,
    Choose,
    Constant,
    Fact,
    Greatest,
    InCalendar,
    Kind,
    Least,
    Lookup,
    Multiply,
    Negate,
    Round,
    Shift,
    Sum,
    Uncertain,
    kind_of,
)
from .known import Known
from .money import Rounding, round_fen
from .money import words as money_words
from .phrases import say
from .verdict import Verdict
from .wording import Words


def working_words(working: Working | None, said: Words) -> str:
    """The computation of an amount, with labels, figures and the result: 算式."""
    if working is None:
        return ""
    formula = _formula(working, said)
    if isinstance(_core(working).node, Constant | Choose):
        return formula
    return f"{formula} = {_result(working, said)}"


def _core(working: Working) -> Working:
    """The working inside a rounding and a floor of nothing, which need no words."""
    inner = working
    while isinstance(inner.node, Round | Greatest) and _is_silent(inner.node):
        inner = [part for part in inner.because if isinstance(part, Working)][-1]
    return inner


def _is_silent(node: Round | Greatest) -> bool:
    match node:
        case Round() | Greatest(terms=(Constant(value=0), _)):
            return True
        case _:
            return False


def _result(working: Working, said: Words) -> str:
    if kind_of(working.node) is Kind.MONEY:
        return _money_range(working.known, said.lang)
    return said.value(working.known.value, kind_of(working.node))


def _money_range(known: Known, lang: str) -> str:
    ends = [
        None if end is None else round_fen(end, mode=Rounding.HALF_UP)  # type: ignore[arg-type]  # fen, or a fraction of them
        for end in (known.low, known.high)
    ]
    return known_words(Known(ends[0], ends[1]), lang)


def _formula(working: Working, said: Words) -> str:  # noqa: C901  # one line for every node
    parts = [part for part in working.because if isinstance(part, Working)]
    match working.node:
        case Constant(value=value, kind=kind):
            return said.value(value, kind)
        case Fact() as fact:
            value = said.value(working.known.value, fact.kind, fact)
            return f"{said.label(fact)} {value}"
        case Add():
            added = [_formula(part, said) for part in parts if not _is_unpaid(part)]
            return " + ".join(added).replace(" + −", " − ")
        case Negate():
            return f"−{_in_brackets(parts[0], said)}"
        case Multiply():
            return " × ".join(_in_brackets(part, said) for part in parts)
        case Round():
            return _formula(parts[-1], said)
        case Greatest() as node if _is_silent(node):
            return _formula(parts[-1], said)
        case Least() | Greatest():
            return _limited(working, parts, said)
        case Sum(records="awards"):
            return say("paid", said.lang, _result(working, said))
        case Choose():
            return _tiers(working, parts, said)
        case Lookup() | Sum() | Shift() | InCalendar() | AsOf() | Uncertain():
            return f"{said.term(working.node)} {_result(working, said)}"
        case _:
            assert_never(working.node)


def _tiers(working: Working, parts: list[Working], said: Words) -> str:
    """The tier that was reached and why, or what the tiers give that may be."""
    last = [part for part in working.because if isinstance(part, Finding)][-1]
    if len(parts) > 1:
        values = " / ".join(_formula(part, said) for part in parts)
        return f"{values} = {_result(working, said)}"
    value = _formula(parts[0], said)
    if last.verdict is not Verdict.MET:
        return value
    return say("tier", said.lang, value, said.condition(last.node))


def _is_unpaid(part: Working) -> bool:
    """Whether a part of a sum says that nothing was paid before."""
    match part.node:
        case Negate(term=Sum(records="awards")):
            return part.known.value == 0
        case _:
            return False


def _in_brackets(part: Working, said: Words) -> str:
    inner = _core(part)
    text = _formula(part, said)
    added = [p for p in inner.because if isinstance(p, Working) and not _is_unpaid(p)]
    is_sum = isinstance(inner.node, Add) and len(added) > 1
    return said.say("brackets", text) if is_sum else text


def _limited(working: Working, parts: list[Working], said: Words) -> str:
    """`30% × … = 600万元，封顶 500万元`."""
    body, *limits = parts
    text = _formula(body, said)
    if not isinstance(body.node, Constant | Fact):
        text = f"{text} = {_result(body, said)}"
    key = "cap" if isinstance(working.node, Least) else "floor"
    return text + "".join(
        say(key, said.lang, _in_brackets(limit, said)) for limit in limits
    )


def known_words(known: Known, lang: str) -> str:
    """Fen that are known in part, as an amount or a range."""
    low = money_words(known.low if isinstance(known.low, int) else 0, lang)
    if known.is_known:
        return low
    if known.high is None:
        return say("at-least", lang, low)
    return say("range", lang, low, money_words(int(known.high), lang))  # type: ignore[arg-type]  # fen
