"""How an amount came about, with labels, figures and the result: 算式."""

from fractions import Fraction
from typing import assert_never

from ..explanation import Finding, Working
from ..ir import (
    Add,
    All,
    Any,
    AsOf,
    Choose,
    Compare,
    Comparison,
    Constant,
    Elapsed,
    Entitlement,
    Extreme,
    Fact,
    Figure,
    Greatest,
    InCalendar,
    Kind,
    Least,
    Lookup,
    Multiply,
    Negate,
    Quotient,
    Round,
    Shift,
    Sum,
    Term,
    Uncertain,
)
from ..ir_kinds import kind_of, unit_of
from ..known import Known
from ..money import Rounding, round_fen
from ..money import words as money_words
from ..units import unit_words
from ..verdict import Verdict
from ..wording import DATE_NEEDS, Words
from .phrases import say


def working_words(working: Working | None, said: Words) -> str:
    """The computation of an amount, with labels, figures and the result: 算式."""
    if working is None:
        return ""
    return _with_result(working, said)


def _with_result(working: Working, said: Words) -> str:
    """The formula and what it comes to, which is said once."""
    formula = _formula(working, said)
    result = _result(working, said)
    if _ends_in_result(working) and _result(_core(working), said) == result:
        return formula
    return f"{formula} = {result}"


def _ends_in_result(working: Working) -> bool:
    """Whether a formula says itself what it comes to."""
    core = _core(working)
    match core.node:
        case Add() | Multiply() if len(parts := _heard(core)) == 1:
            return _ends_in_result(parts[0])
        case Quotient():
            _, right, otherwise = (p for p in core.because if isinstance(p, Working))
            return right.known.value == 0 and _ends_in_result(otherwise)
        case Add() | Negate() | Multiply() | Least() | Greatest():
            return False
        case Choose():
            reached = [part for part in core.because if isinstance(part, Working)]
            return len(reached) > 1 or _ends_in_result(reached[0])
        case _:
            return True


def _core(working: Working) -> Working:
    """The working inside a rounding and a floor of nothing, which need no words."""
    inner = working
    while isinstance(inner.node, Round | Greatest) and _is_silent(inner.node):
        inner = [part for part in inner.because if isinstance(part, Working)][-1]
    return inner


def _is_silent(node: Round | Greatest) -> bool:
    match node:
        case Round(term=term):
            return kind_of(term) is Kind.MONEY
        case Greatest(terms=(Constant(value=0), _)):
            return True
        case _:
            return False


def _result(working: Working, said: Words) -> str:
    unit = unit_words(unit_of(working.node))
    fact = working.node.fact if isinstance(working.node, Figure) else None
    if fact is not None and fact.unit:
        return said.value(working.known.value, fact.kind, fact)
    if kind_of(working.node) is Kind.MONEY:
        return _money_range(working.known, said.lang) + unit
    value = said.value(working.known.value, kind_of(working.node))
    return value if working.known.value is None else value + unit


def _money_range(known: Known, lang: str) -> str:
    ends = [
        None if end is None else round_fen(end, mode=Rounding.HALF_UP)  # type: ignore[arg-type]  # fen, or a fraction of them
        for end in (known.low, known.high)
    ]
    return known_words(Known(ends[0], ends[1]), lang)


def _formula(working: Working, said: Words) -> str:  # noqa: C901, PLR0912  # one line for every node
    parts = [part for part in working.because if isinstance(part, Working)]
    match working.node:
        case Constant() as constant:
            return said.term(constant)
        case Fact() as fact:
            value = said.value(working.known.value, fact.kind, fact)
            return f"{said.label(fact)} {value}"
        case Add():
            added = [_summand(part, said) for part in _heard(working)]
            return " + ".join(added).replace(" + −", " − ")
        case Negate():
            return f"−{_in_brackets(parts[0], said)}"
        case Multiply():
            return " × ".join(_factor(part, said) for part in _heard(working))
        case Round() as node if not _is_silent(node):
            whole = _result(working, said)
            return say("whole", said.lang, _formula(parts[-1], said), whole)
        case Round():
            return _formula(parts[-1], said)
        case Greatest() as node if _is_silent(node):
            return _formula(parts[-1], said) + _raised(working, "below-zero", said)
        case Least() | Greatest():
            return _limited(working, parts, said)
        case Quotient():
            return _quotient(parts, said)
        case Sum(binder="award"):
            return say("paid", said.lang, _result(working, said))
        case Choose():
            return _tiers(working, parts, said)
        case (
            Lookup()
            | Sum()
            | Extreme()
            | Figure()
            | Entitlement()
            | Elapsed()
            | Shift()
            | InCalendar()
            | AsOf()
            | Uncertain()
        ):
            return f"{said.term(working.node)} {_result(working, said)}"
        case _:
            assert_never(working.node)


def _quotient(parts: list[Working], said: Words) -> str:
    """One value by another, or what holds where that is nothing, and why."""
    left, right, otherwise = parts
    if right.known.value == 0:
        value, divisor = _formula(otherwise, said), _formula(right, said)
        return say("aside", said.lang, value, divisor)
    return f"{_in_brackets(left, said)} ÷ {_in_brackets(right, said)}"


def _tiers(working: Working, parts: list[Working], said: Words) -> str:
    """The tier that was reached and why, or what the tiers give that may be."""
    last = [part for part in working.because if isinstance(part, Finding)][-1]
    if len(parts) > 1:
        values = " / ".join(_formula(part, said) for part in parts)
        return f"{values} = {_result(working, said)}"
    value = _formula(parts[0], said)
    if last.verdict is not Verdict.MET:
        return value
    return say("aside", said.lang, value, said.condition(last.node))


def _heard(working: Working) -> list[Working]:
    """The parts of a sum or a product that are worth saying: those that do something."""
    parts = [part for part in working.because if isinstance(part, Working)]
    if not isinstance(working.node, Add | Multiply):
        return parts
    idle = 0 if isinstance(working.node, Add) else 1
    return [part for part in parts if not _is_idle(part, idle)] or parts[:1]


def _is_idle(part: Working, idle: int) -> bool:
    """Whether nothing was paid before, or a bonus or a multiplier does not apply."""
    match part.node:
        case Negate(term=Sum(binder="award")):
            return part.known.value == idle
        case Choose(branches=(_,), otherwise=Constant(value=value)):
            return value == idle and part.known.value == idle and _none_reached(part)
        case _:
            return False


def _summand(part: Working, said: Words) -> str:
    """A part of a sum, in brackets where it goes on after its own result."""
    is_limited = isinstance(_core(part).node, Least | Greatest)
    text = _formula(part, said)
    return said.say("brackets", text) if is_limited else text


def _factor(part: Working, said: Words) -> str:
    return _in_brackets(part, said) + _raised(part, "base-below-zero", said)


def _raised(working: Working, key: str, said: Words) -> str:
    """That what is less than nothing counts as nothing, where it does."""
    below = _core(working).known.high
    is_below = isinstance(below, int | Fraction) and below < 0
    return say(key, said.lang) if is_below and working.known.high == 0 else ""


def _in_brackets(part: Working, said: Words) -> str:
    inner = _core(part)
    text = _formula(inner, said)
    compound = isinstance(inner.node, Add | Least | Greatest)
    return said.say("brackets", text) if compound and len(_heard(inner)) > 1 else text


def _limited(working: Working, parts: list[Working], said: Words) -> str:
    """`30% × … = 600万元，封顶 500万元`."""
    body, *limits = parts
    if all(_is_whole(part) for part in limits) and body.known == working.known:
        return _formula(body, said)
    text = _with_result(body, said)
    key = "cap" if isinstance(working.node, Least) else "floor"
    return text + "".join(
        say(key, said.lang, _in_brackets(limit, said)) for limit in limits
    )


def _is_whole(part: Working) -> bool:
    """Whether a limit is 100 %, which shares need not be told of."""
    return isinstance(part.node, Constant) and (
        kind_of(part.node) is Kind.RATE and part.known.value == 1
    )


def known_words(known: Known, lang: str) -> str:
    """Fen that are known in part, as an amount or a range."""
    low = money_words(known.low if isinstance(known.low, int) else 0, lang)
    if known.is_known:
        return low
    if known.high is None:
        return say("at-least", lang, low)
    return say("range", lang, low, money_words(int(known.high), lang))  # type: ignore[arg-type]  # fen


# --- an amount of nothing ------------------------------------------------------


def shortfall(working: Working | None, said: Words) -> tuple[str, str]:
    """Of an amount of nothing, the fact that makes it so, and the change it needs."""
    for part in () if working is None else working.terms():
        inner = [inner for inner in part.because if isinstance(inner, Working)]
        match part.node:
            case Choose(otherwise=Constant()) as node if (
                part.known.high == 0 and _none_reached(part)
            ):
                return _no_tier(node, part, said)
            case Greatest(terms=(Constant(value=0), Add())) if _is_nothing(inner[1]):
                return _not_above_zero(inner[1], said)
            case Multiply():
                for factor in inner:
                    if isinstance(factor.node, Fact) and _is_nothing(factor):
                        return _not_above_zero(factor, said)
            case _:
                pass
    return "", ""


def is_yearly(term: Term | None) -> bool:
    """Whether a cap, or what was paid under it, is of the year asked about only."""
    match term:
        case Sum(binder="award", where=All(parts=parts)):
            return any(
                isinstance(part, Compare) and isinstance(part.right, InCalendar)
                for part in parts
            )
        case Round(term=Greatest(terms=(_, Add(terms=(_, Negate(term=paid)))))):
            return is_yearly(paid)
        case _:
            return False


def _is_nothing(part: Working) -> bool:
    high = part.known.high
    return isinstance(high, int | Fraction) and high <= 0


def _not_above_zero(part: Working, said: Words) -> tuple[str, str]:
    must = say("be-compared", said.lang, f"> {said.value(0, kind_of(part.node))}")
    change = say("change", said.lang, *_measure(part, said), must)
    return change, change


def _none_reached(part: Working) -> bool:
    tests = [test for test in part.because if isinstance(test, Finding)]
    return all(test.verdict is Verdict.UNMET for test in tests)


def _no_tier(node: Choose, part: Working, said: Words) -> tuple[str, str]:
    """The value that no tier covers, and the lowest tier where it lies below."""
    measured = _measured(part)
    name, now = _measure(measured, said)
    start = _lowest(node)
    high = measured.known.high
    if start is None or high is None or high > start[1].value:  # type: ignore[operator]  # one kind
        tests = tuple(branch.condition for branch in node.branches)
        test = tests[0] if len(tests) == 1 else Any(tests)
        must = say("to-be-met", said.lang, said.condition(test))
        return say("no-tier", said.lang, name, now), must
    sign, edge = start
    value = said.term(edge)
    bound = f"{sign.value} {value}"
    must = say("be-compared", said.lang, bound)
    if edge.kind is Kind.DATE:
        bound = must = DATE_NEEDS[sign][said.index].format(value)
    return (
        say("below-tiers", said.lang, name, now, bound),
        say("change", said.lang, name, now, must),
    )


def _measure(part: Working, said: Words) -> tuple[str, str]:
    """What a term is called, and its value."""
    fact = part.node if isinstance(part.node, Fact) else None
    value = said.value(part.known.value, kind_of(part.node), fact)
    return said.term(part.node), value


def _measured(part: Working | Finding) -> Working:
    """The term that the tiers, or one test of them, look at."""
    first = part.because[0]
    return first if isinstance(first, Working) else _measured(first)


def _lowest(node: Choose) -> tuple[Comparison, Constant] | None:
    """Where the lowest tier begins; None where some tier does not begin anywhere."""
    starts: list[tuple[Comparison, Constant]] = []
    for branch in node.branches:
        condition = branch.condition
        for part in condition.parts if isinstance(condition, All) else (condition,):
            match part:
                case Compare(
                    comparison=Comparison.GE | Comparison.GT as sign,
                    right=Constant() as edge,
                ):
                    starts.append((sign, edge))
                case _:
                    pass
    if len(starts) < len(node.branches):
        return None
    return min(starts, key=lambda start: start[1].value)
