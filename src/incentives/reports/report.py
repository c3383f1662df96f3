"""Determinations as texts that a person can read, in two languages."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, assert_never

from ..dates import NEVER, date_words
from ..explanation import Finding, parts_of
from ..ir import All, Any
from ..money import words as money_words
from ..payments import Payment, PaymentStatus
from ..policy import Reading, ReasonCode, Rule
from ..standards import Cash, Discretionary, NonCash
from ..value_words import quoted
from ..verdict import Verdict
from ..wording import Words, counted_conditions
from .changes import (
    actual,
    change_words,
    needed,
    never_happened,
    out_of_time,
    unmet_parts,
)
from .phrases import code_words, listed, say
from .revisions import amendment_lines, version_line
from .workings import is_yearly, known_words, shortfall, working_words

if TYPE_CHECKING:
    from ..determination import Determination
    from ..items import Alternative, Cut, Item


def explained(determination: "Determination", lang: str) -> str:
    """Everything about one determination, line by line."""
    rule = determination.rule
    head = say("head", lang, rule.title_in(lang), rule.clause.number, rule.id)
    lines = [
        say("colon", lang, head, outcome_words(determination, lang)),
        f"  {say('as-of', lang, date_words(determination.as_of, lang))}",
    ]
    if determination.provisional:
        lines.append(f"  {say('draft', lang)}")
    lines += [f"  {line}" for line in _clause_lines(rule, lang)]
    lines += [f"  {line}" for line in _amendment_lines(determination, lang)]
    lines += [f"  {line}" for line in _finding_lines(determination, lang)]
    lines.append(f"  {window_words(rule, lang)}")
    lines += _reading_lines(determination, lang)
    if determination.missing:
        said = determination.words(lang)
        missing = [said.path(path) for path in determination.missing]
        lines.append(f"  {say('missing', lang, listed(missing, lang))}")
    lines += _change_lines(determination, lang)
    return "\n".join(lines)


def outcome_words(determination: "Determination", lang: str) -> str:
    """The outcome with its amount: 应享 500万元."""
    word = say(determination.outcome.value, lang)
    amount = amount_words(determination, lang)
    return f"{word} {amount}" if amount else word


def amount_words(determination: "Determination", lang: str) -> str:
    """The amount, or what it can still be; empty where nothing is to be said."""
    value = determination.outcome.value
    if value == "discretionary":
        return say("not-set", lang)
    if not determination.is_cash:
        return say("non-cash", lang) if value == "eligible" else ""
    if value == "undetermined":
        return known_words(determination.payable, lang)
    return money_words(int(determination.payable.low or 0), lang)  # type: ignore[arg-type]  # fen


def _clause_lines(rule: Rule, lang: str) -> Iterator[str]:
    yield say("quoted", lang, quoted(rule.clause.quote, lang))
    for implied in rule.clause.implied:
        yield say("implied", lang, implied)
    if rule.clause.note:
        yield say("note", lang, rule.clause.note)
    match rule.award:
        case NonCash(support=support):
            yield say("support", lang, support)
        case Discretionary(why=why):
            yield say("discretion", lang, why)
        case Cash():
            pass
        case _:
            assert_never(rule.award)
    if rule.payer:
        yield say("payer", lang, rule.payer)
    if rule.departments:
        yield say("departments", lang, rule.departments)


def _amendment_lines(determination: "Determination", lang: str) -> Iterator[str]:
    """What was amended, and which version counts for the record that is told of."""
    yield from amendment_lines(determination.rule, lang)
    code, leading = determination.code, determination.leading
    if code not in (ReasonCode.OTHER_SUBJECT, ReasonCode.NO_RECORD):
        counts = version_line(determination.rule, leading.dated, lang)
        yield from [counts] if counts else []


def _finding_lines(determination: "Determination", lang: str) -> Iterator[str]:
    said = determination.words(lang)
    leading = determination.leading
    if determination.code is not None:
        mark = "•" if determination.outcome.value == "discretionary" else "✗"
        why = why_words(determination, determination.code, lang)
        if determination.code is ReasonCode.NO_RECORD:
            why = say("colon", lang, said.path(leading.path), why)
        yield f"{mark} {why}"
    for item in determination.items or (leading,):
        lines = _item_lines(item, said, told_in_full=item.path == leading.path)
        if not item.path or item.code is ReasonCode.NO_RECORD:
            yield from lines
            continue
        yield _item_head(item, determination, said)
        yield from (f"  {line}" for line in lines)
    cap = determination.details().cap
    if cap is not None:
        yield say("together", lang, known_words(cap, lang))
    yield from (cut_words(cut, lang) for cut in determination.cuts)
    yield from _money_lines(determination, lang)


def _money_lines(determination: "Determination", lang: str) -> Iterator[str]:
    """Who pays, and what must be given back."""
    if determination.repayable != 0:
        yield say("repayable", lang, _back_words(determination, lang))
    shares = [
        say("share", lang, who, money_words(int(part * 100), lang))
        for who, part in determination.payers
        if part is not None
    ]
    if shares and determination.amount:
        yield say("payers", lang, listed(shares, lang))


def _back_words(determination: "Determination", lang: str) -> str:
    """What must be given back, or what it depends on."""
    back = determination.repayable
    if back is not None:
        return money_words(int(back * 100), lang)
    said = determination.words(lang)
    needs = [said.path(path) for path in determination.repayable_needs]
    depends = say("amount-needs", lang, listed(needs, lang))
    return say("aside", lang, say("payment-open", lang), depends)


def cut_words(cut: "Cut", lang: str) -> str:
    """What a group of rules made of an amount."""
    name = cut.group.name_in(lang)
    before, after = (known_words(known, lang) for known in (cut.before, cut.after))
    if cut.room is None:
        return say("cut-highest", lang, name, before, after)
    return say("cut-capped", lang, name, known_words(cut.room, lang), before, after)


def why_words(determination: "Determination", code: ReasonCode, lang: str) -> str:
    """What the reason code of a determination means in its case."""
    said = determination.words(lang)
    match code:
        case ReasonCode.OTHER_SUBJECT:
            return say("for-subject", lang, say(determination.rule.subject, lang))
        case ReasonCode.NOTHING_DUE:
            return _nothing_words(determination.leading, said)
        case _:
            return code_words(code, lang, determination.because(lang))


def _nothing_words(item: "Item", said: Words) -> str:
    why = code_words(ReasonCode.NOTHING_DUE, said.lang)
    fact, _ = shortfall(item.working, said)
    return say("colon", said.lang, why, fact) if fact else why


def _item_head(item: "Item", determination: "Determination", said: Words) -> str:
    name = f"{said.path(item.path)} {item.label}".rstrip()
    if "[" not in item.path:
        name = say("unknown-list", said.lang, name)
    outcome = say(item.outcome.value, said.lang)
    if item.outcome.value == "eligible" and determination.outcome.value == "ineligible":
        # The record is as it should be, yet nothing is due for it.
        outcome = code_words(ReasonCode.CONDITION_MET, said.lang)
    return say("colon", said.lang, name, outcome)


def _item_lines(item: "Item", said: Words, *, told_in_full: bool) -> Iterator[str]:
    """What was found of a record; of one that is out of the question, only why."""
    if item.code is not None and not told_in_full:
        nothing = item.code is ReasonCode.NOTHING_DUE
        why = (
            _nothing_words(item, said)
            if nothing
            else code_words(item.code, said.lang, item.rival)
        )
        yield f"✗ {why}"
        return
    in_full = told_in_full or item.outcome.value != "ineligible"
    yield from _findings_lines(
        [
            ground.found
            for ground in item.grounds
            if in_full or ground.found.verdict is Verdict.UNMET
        ],
        said,
    )
    met = all(ground.found.verdict is not Verdict.UNMET for ground in item.grounds)
    words = working_words(item.working, said)
    if words and met and item.code is not ReasonCode.NO_RECORD:
        key = "whole-award" if item.payments else "working"
        yield say(key, said.lang, words)
        yield from payment_lines(item.payments, said.lang)


def payment_lines(payments: Sequence[Payment], lang: str) -> Iterator[str]:
    """The schedule of an award: each part with its amount, its day and its status."""
    if payments:
        yield say("schedule", lang)
    for payment in payments:
        label = payment.label or say("nth-instalment", lang, payment.number)
        amount = (
            say("payment-open", lang)
            if payment.amount is None
            else money_words(int(payment.amount * 100), lang)
        )
        status = say(f"payment-{payment.status.value}", lang)
        part_paid = payment.paid and payment.status is not PaymentStatus.PAID
        if part_paid:
            paid = money_words(int(payment.paid * 100), lang)
            status = say("paid-of-it", lang, status, paid)
        yield f"  {say('instalment', lang, label, amount, _day_words(payment, lang), status)}"


def _day_words(payment: Payment, lang: str) -> str:
    """When a payment is due, and until when it can be."""
    if payment.day is None:
        day = say("on-unknown-day", lang)
    elif payment.day == NEVER:
        day = say("never-day", lang)
    else:
        day = say("on-day", lang, date_words(payment.day, lang))
    if payment.by is None or payment.by == NEVER:
        return day
    return say("latest-by", lang, day, date_words(payment.by, lang))


def _findings_lines(found: Sequence[Finding], said: Words) -> Iterator[str]:
    """Conditions; of a day that is known never to have come, one line and no more."""
    never = {
        day.path
        for each in found
        if each.verdict is Verdict.UNMET and (day := never_happened(each))
    }
    told: set[str] = set()
    for each in found:
        day = never_happened(each)
        if day is None or day.path not in never:
            yield from finding_lines(each, said)
        elif day.path not in told:
            told.add(day.path)
            mark = Verdict.UNMET.mark
            yield f"{mark} {say('never-happened', said.lang, said.term(day.node))}"


def finding_lines(found: Finding, said: Words, depth: int = 0) -> Iterator[str]:
    """A condition with its mark and the fact's value; compound ones part by part."""
    counted = bool(counted_conditions(found.node))
    compound = counted or isinstance(found.node, All | Any)
    parts = parts_of(found) if compound else []
    compound = len(parts) > 1
    if isinstance(found.node, All) and compound and depth == 0:
        for part in parts:
            yield from finding_lines(part, said, depth)
        return
    yield (
        f"{'  ' * depth}{found.verdict.mark} {said.condition(found.node)}"
        f"{actual(found, said)}"
    )
    # Of alternatives, those that did not matter are left out.
    enough = isinstance(found.node, Any) and found.verdict is Verdict.MET
    for part in parts if compound else ():
        if not enough or part.verdict is Verdict.MET:
            yield from finding_lines(part, said, depth + 1)


# --- window, readings, what would change it ------------------------------------


def window_words(rule: Rule, lang: str) -> str:
    """From when until when a rule holds."""
    window = rule.window
    last = date_words(window.last, lang)
    if window.first is not None:
        return say("window", lang, date_words(window.first, lang), last)
    days = (date_words(window.earliest, lang), date_words(window.latest, lang))
    return say("window-open", lang, *days, last)


def _reading_lines(determination: "Determination", lang: str) -> Iterator[str]:
    if determination.code is ReasonCode.OTHER_SUBJECT:
        return
    if determination.readings:
        yield f"  {say('readings', lang)}"
        for name, value in determination.readings.items():
            reading = determination.declared[name]
            yield f"    {_reading_words(reading, value, lang)}"
    others = determination.alternatives
    if others:
        yield f"  {say('alternatives', lang)}"
        for other in others:
            reading = determination.declared[other.reading]
            meaning = reading.meaning(other.value, lang)
            # An open date means itself.
            value = (
                other.value
                if meaning == other.value
                else say("aside", lang, other.value, meaning)
            )
            came = _other_words(other, determination, lang)
            yield f"    {say('reading', lang, other.reading, value, came)}"


def _reading_words(reading: Reading, value: str, lang: str) -> str:
    """A reading with its number in the catalogue of ambiguities, and what it means."""
    asked = reading.question if lang == "zh" else ""
    meaning = f"{asked}{reading.meaning(value, lang)}"
    if reading.ambiguity:
        value = say("aside", lang, value, listed(reading.ambiguity.split("、"), lang))
    return say("reading", lang, reading.id, value, meaning)


def _other_words(
    other: "Alternative", determination: "Determination", lang: str
) -> str:
    if other.outcome.value == determination.outcome.value == "undetermined":
        return say("open-otherwise", lang)
    word = say(other.outcome.value, lang)
    if other.amount is None or other.outcome.value != "eligible":
        return word
    return f"{word} {money_words(int(other.amount * 100), lang)}"


def _change_lines(determination: "Determination", lang: str) -> Iterator[str]:
    """The nearest change that would make it due, or why there is none."""
    if determination.outcome.value != "ineligible" or determination.code in _ELSEWHERE:
        return
    final = _final_words(determination, lang)
    if final:
        yield f"  {final}"
        return
    changes = list(_needed(determination, lang))
    if changes:
        yield f"  {say('changes', lang)}"
        yield from (f"    {change}" for change in changes)


#: Why nothing is due here, although all that this rule asks for may be met.
_ELSEWHERE = (
    ReasonCode.SUPERSEDED,
    ReasonCode.CAPPED,
    ReasonCode.OTHER_SUBJECT,
    ReasonCode.ONCE_ONLY,
)


def _final_words(determination: "Determination", lang: str) -> str:
    """Why no change would make it due; empty where one would."""
    grounds = determination.leading.grounds
    codes = [g.code for g in grounds if g.found.verdict is Verdict.UNMET]
    for code in (ReasonCode.REPAYABLE, ReasonCode.ALREADY_AWARDED):
        if code in codes:
            return say("changes-none", lang, code_words(code, lang))
    if determination.code is ReasonCode.ALREADY_AWARDED:
        key = "used-up-this-year" if _is_yearly(determination) else "used-up"
        return say("changes-none", lang, say(key, lang))
    said = determination.words(lang)
    return out_of_time(grounds, determination.rule, determination.as_of, said)


def _is_yearly(determination: "Determination") -> bool:
    """Whether the cap that is used up is one of a single year."""
    award, working = determination.rule.award, determination.leading.working
    over_all = award.cap if isinstance(award, Cash) else None
    terms = [] if working is None else [part.node for part in working.terms()]
    return any(is_yearly(term) for term in (*terms, over_all))


def _needed(determination: "Determination", lang: str) -> Iterator[str]:
    said = determination.words(lang)
    item = determination.leading
    if item.code is ReasonCode.NO_RECORD:
        yield say("need-record", lang, said.path(item.path))
    if determination.code is ReasonCode.NOTHING_DUE:
        _, change = shortfall(item.working, said)
        if change:
            yield change
    yield from needed(item.grounds, said)


# --- in a few words ------------------------------------------------------------


def summary(determination: "Determination", lang: str) -> str:
    """The main reason in a few words."""
    if determination.code is not None:
        return why_words(determination, determination.code, lang)
    if determination.outcome.value == "undetermined":
        return _what_lacks(determination, lang)
    codes = [
        ground.code
        for ground in determination.leading.grounds
        if ground.found.verdict is Verdict.UNMET
    ]
    if not codes:
        return code_words(ReasonCode.CONDITION_MET, lang)
    unmet = next(
        leaf
        for ground in determination.leading.grounds
        for leaf in unmet_parts(ground.found)
    )
    if codes[0] is not ReasonCode.CONDITION_UNMET:
        return code_words(codes[0], lang)
    said = determination.words(lang)
    why = code_words(codes[0], lang)
    return say("colon", lang, why, change_words(unmet, said))


def _what_lacks(determination: "Determination", lang: str) -> str:
    said = determination.words(lang)
    paths = [said.path(path) for path in determination.missing]
    if not paths:
        return code_words(ReasonCode.EFFECTIVE_DATE_UNKNOWN, lang)
    return say("missing", lang, listed(paths, lang))
