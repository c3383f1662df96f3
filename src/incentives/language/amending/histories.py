"""What a rule file says from which day on, when all that amends it is put together."""

from collections.abc import Iterator
from collections.abc import Mapping as AbstractMapping
from collections.abc import Sequence as AbstractSequence
from datetime import date

import attrs

from attrs import field, frozen

from ...errors import Place
from ...policy import Window
from ...versions import Version
from ..nodes import Mapping, Problems, Scalar
from ..rule_files import RuleFile
from ..switches import selected
from .amendments import INSTEAD, Amendment
from .merging import conflicts, merged
from .patches import differences, patched, same


@frozen
class Step:
    """What one amendment made of a rule file."""

    amendment: Amendment
    before: Mapping
    after: Mapping
    place: Place

    def version(self, before: Mapping, after: Mapping) -> Version | None:
        """What it changed under some readings; None where that is nothing."""
        changes = tuple(differences(before, after))
        was, now = (node.named("quote") for node in (before, after))
        changed = isinstance(now, Scalar) and now != was
        notice = self.amendment
        if not changes and not changed:
            return None
        return Version(
            amendment=notice.id,
            since=notice.since,
            changes=changes,
            title=notice.title,
            english=notice.english,
            number=notice.number,
            issuer=notice.issuer,
            quote=now.text if changed and isinstance(now, Scalar) else notice.quote,
            note=notice.note,
        )


@frozen
class History:
    """
    The words of a rule through time.

    ``files`` is the rule file as it reads at first, and from each of ``days`` on.
    """

    files: tuple[Mapping, ...] = field(hash=False)
    days: tuple[date, ...]
    steps: tuple[Step, ...] = field(hash=False)


def history_of(
    rule: str,
    node: Mapping,
    amendments: AbstractSequence[Amendment],
    problems: Problems,
) -> History:
    """
    A rule file and what became of it.

    A later day goes before an earlier one. What applies to all days, a what-if, goes
    before everything that was there when it was asked.
    """
    ordered = _ordered([each for each in amendments if rule in each.changes])
    days = sorted({each.since for each in ordered if each.since is not None})
    steps = []
    for index, amendment in enumerate(ordered):
        before = _folded(rule, node, ordered[:index], amendment.since)
        after = patched(before, amendment.changes[rule], problems)
        place = amendment.places[rule]
        steps.append(Step(amendment, before, after, place))
        if same(before, after):
            problems.warn(
                "same-as-before",
                f"a change of {rule!r} to what it was already",
                place,
            )
    files = [_folded(rule, node, ordered, day) for day in (None, *days)]
    return History(tuple(files), tuple(days), tuple(steps))


def _ordered(amendments: AbstractSequence[Amendment]) -> list[Amendment]:
    """In the order in which they are written over each other."""
    numbered = _numbered(amendments)
    ranked = sorted(numbered, key=lambda pair: (pair[0], pair[1].since or date.min))
    return [amendment for _, amendment in ranked]


def _numbered(
    amendments: AbstractSequence[Amendment],
) -> Iterator[tuple[int, Amendment]]:
    """Each with the number of what-ifs up to it."""
    count = 0
    for amendment in amendments:
        count += amendment.since is None
        yield count, amendment


def _folded(
    rule: str,
    node: Mapping,
    ordered: AbstractSequence[Amendment],
    day: date | None,
) -> Mapping:
    """The rule file as it reads on a day, or before any day on which it changes."""
    for amendment in ordered:
        since = amendment.since
        if since is None or (day is not None and since <= day):
            node = patched(node, amendment.changes[rule], Problems())
    return node


def put_together(
    found: AbstractSequence[RuleFile],
    written: Mapping,
    history: History,
    readings: AbstractMapping[str, str],
    problems: Problems,
) -> RuleFile | None:
    """
    The rules of all versions as one, or None with diagnostics.

    ``written`` is the rule file as it stands in the pack, before any amendment.
    """
    rules = [each.rule for each in found]
    first, last = found[0], found[-1]
    clashes = list(conflicts(rules))
    for index, key in clashes:
        _refuse(history, index, key, first.place, problems)
    if clashes:
        return None
    _check_window(history, last.rule.window, problems)
    rule = merged(rules, history.days)
    quote = written.named("quote")
    assert isinstance(quote, Scalar)  # noqa: S101  # the rule was read without mistakes
    # The source has the old words only: a notice is quoted beside them.
    rule = attrs.evolve(rule, clause=attrs.evolve(rule.clause, quote=quote.text))
    amended = tuple(_versions(history, readings))
    rule = attrs.evolve(rule, amended=amended)
    return attrs.evolve(first, rule=rule, quote=quote.place, cases=last.cases)


def _versions(
    history: History, readings: AbstractMapping[str, str]
) -> Iterator[Version]:
    for step in history.steps:
        version = step.version(
            under(step.before, readings), under(step.after, readings)
        )
        if version is not None:
            yield version


def under(
    node: Mapping, readings: AbstractMapping[str, str], used: set[str] | None = None
) -> Mapping:
    """A file under some readings; ``used`` collects those that it asks for."""
    chosen = selected(node, readings, used)
    return chosen if isinstance(chosen, Mapping) else node


def _refuse(
    history: History, index: int, key: str, rule: Place, problems: Problems
) -> None:
    since = history.days[index - 1]
    step = next(step for step in history.steps if step.amendment.since == since)
    problems.add(
        "cannot-amend",
        f"{key!r} cannot change from a day on",
        step.place,
        INSTEAD,
        ("the rule", rule),
    )


def _check_window(history: History, window: Window, problems: Problems) -> None:
    """Warn of changes of which the old or the new words never count."""
    for step in history.steps:
        since = step.amendment.since
        if since is None:
            continue
        if since <= window.earliest:
            said = f"the rule begins on {window.earliest}: its old words never count"
            problems.warn("outside-window", said, step.place)
        elif since > window.last:
            said = f"the rule ends on {window.last}: the new words never count"
            problems.warn("outside-window", said, step.place)
