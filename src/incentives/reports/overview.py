"""Assessments as tables that a person can read, in two languages."""

from typing import TYPE_CHECKING

from .. import layout
from ..dates import NEVER, date_words
from ..money import words as money_words
from ..payments import PaymentStatus
from .phrases import listed, say
from .questions import has_question, question_of
from .report import amount_words, summary

if TYPE_CHECKING:
    from ..assessment import Assessment


def assessed(assessment: "Assessment", lang: str) -> str:
    """A heading, a table of all rules, the total and what is missing."""
    head, rows = _rows(assessment, lang)
    lines = layout.table(head, rows, right=frozenset({3}))
    return "\n".join(
        [*_heading(assessment, lang), "", *lines, "", *_foot(assessment, lang)]
    )


def assessed_html(assessment: "Assessment", lang: str) -> str:
    """The same for a notebook."""
    head, rows = _rows(assessment, lang)
    caption = " ".join(_heading(assessment, lang))
    foot = _foot(assessment, lang)
    return layout.html_table(caption, head, rows, foot, right=frozenset({3}))


def _heading(assessment: "Assessment", lang: str) -> list[str]:
    policy = assessment.book.policy
    name = " ".join(part for part in (assessment.name, assessment.subject_id) if part)
    day = say("as-of", lang, date_words(assessment.as_of, lang))
    lines = [policy.title, f"{name}  {day}"]
    return [*lines, say("draft", lang)] if assessment.provisional else lines


def _rows(assessment: "Assessment", lang: str) -> tuple[list[str], list[list[str]]]:
    head = [say(key, lang) for key in ("clause", "rule", "outcome", "amount", "why")]
    rows = [
        [
            d.rule.clause.number,
            d.rule.title_in(lang),
            say(d.outcome.value, lang),
            amount_words(d, lang),
            summary(d, lang),
        ]
        for d in assessment.determinations
    ]
    return head, rows


def _back(assessment: "Assessment", lang: str) -> list[str]:
    """What must be given back."""
    back = assessment.repayable
    if back == 0:
        return []
    unknown = back is None
    words = say("payment-open", lang) if unknown else money_words(int(back * 100), lang)  # type: ignore[operator]  # known here
    return [say("repayable", lang, words)]


def _coming(assessment: "Assessment", lang: str) -> list[str]:
    """The next payment of those that fall due later, whichever rule it is of."""
    coming = [p for _, p in assessment.schedule if p.status is PaymentStatus.UPCOMING]
    known = [p for p in coming if p.day not in (None, NEVER) and p.outstanding]
    if not known:
        return []
    first = known[0]
    amount = money_words(int((first.outstanding or 0) * 100), lang)
    return [say("next-payment", lang, date_words(first.day or NEVER, lang), amount)]


def _foot(assessment: "Assessment", lang: str) -> list[str]:
    low, high = assessment.bounds
    total = say("total", lang, money_words(int(assessment.total * 100), lang))
    lines = [total, *_back(assessment, lang), *_coming(assessment, lang)]
    if low != high:
        ends = [
            money_words(int(end * 100), lang) for end in (low, high) if end is not None
        ]
        bounds = say("bounds" if len(ends) > 1 else "bounds-open", lang, *ends)
        said = assessment.words(lang)
        notes = (
            say("assumption", lang, said.path(path), count)
            for path, count in assessment.assumptions
        )
        lines.append(bounds + "".join(notes))
    if assessment.missing:
        said = assessment.words(lang)
        paths = [said.path(path) for path in assessment.missing]
        lines.append(say("missing", lang, listed(paths, lang)))
        lines += [
            f"  • {question_of(path, said).text}"
            for path in assessment.missing
            if has_question(path, said)
        ]
    return lines
