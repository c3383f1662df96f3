"""An amendment: a later notice that changes rules of the pack from a day on."""

from collections.abc import Collection, Iterator
from collections.abc import Mapping as AbstractMapping
from collections.abc import Sequence as AbstractSequence
from datetime import date

import attrs

from attrs import field, frozen

from ...book import Case
from ...errors import Place, did_you_mean
from ...vocabulary import Vocabulary
from ..cases import cases_of
from ..keys import Keys, as_date, as_mapping
from ..nodes import Mapping, Node, Problems, Scalar, Sequence
from ..rule_files import AWARD_KEYS, RULE_KEYS

AMENDMENT_KEYS = (
    "amends",
    "title",
    "english",
    "number",
    "issuer",
    "from",
    "quote",
    "note",
    "changes",
    "cases",
)


@frozen
class Amendment:
    """
    What a notice, or a caller of `amend()`, changes in which rules.

    ``since`` is the first day on which the changes apply, None where they replace the
    old words altogether. ``cases`` are those that stand in its file, each with a rule.
    """

    id: str
    since: date | None
    changes: AbstractMapping[str, Mapping] = field(hash=False)
    places: AbstractMapping[str, Place] = field(hash=False)
    title: str = ""
    english: str = ""
    number: str = ""
    issuer: str = ""
    quote: str = ""
    note: str = ""
    cases: tuple[Node, ...] = ()


def is_amendment(node: Mapping) -> bool:
    """Whether a file of a pack is an amendment rather than a rule."""
    return node.written("amends") is not None


def amendments_of(
    nodes: AbstractSequence[Mapping], rules: Collection[str], problems: Problems
) -> tuple[Amendment, ...]:
    """The amendments of a pack, in the order of its files."""
    found = [_amendment(node, rules, problems) for node in nodes]
    amendments = tuple(each for each in found if each is not None)
    _check_ids(nodes, problems)
    _check_days(amendments, problems)
    return amendments


def _amendment(
    node: Mapping, rules: Collection[str], problems: Problems
) -> Amendment | None:
    keys = Keys(node, AMENDMENT_KEYS, problems, "an amendment")
    amendment_id = keys.id("amends")
    since = keys.scalar("from", required=True)
    day = None if since is None else as_date(since, problems)
    changes = keys.mapping("changes", required=True)
    texts = {
        key: keys.text(key)
        for key in ("title", "english", "number", "issuer", "quote", "note")
    }
    cases = tuple(keys.items("cases", empty="leave the key out"))
    if changes is None:
        return None
    if not changes.entries:
        problems.add("no-change", "no rule is changed", changes.place)
    patches: dict[str, Mapping] = {}
    for rule, entry in changes.entries.items():
        place = changes.keys[rule]
        _check_known(rule, place, rules, problems)
        body = as_mapping(entry, problems, f"a change of {rule!r}")
        if body is not None and rule in rules:
            patches[rule] = checked_patch(rule, body, place, problems)
    if day is None:
        return None
    places = {rule: changes.keys[rule] for rule in patches}
    return Amendment(amendment_id, day, patches, places, cases=cases, **texts)


def checked_patch(
    rule: str, patch: Mapping, place: Place, problems: Problems
) -> Mapping:
    """A change of a rule without the keys that no rule has, which are reported."""
    what = f"a change of {rule!r}"
    keys = Keys(patch, RULE_KEYS, problems, what, AWARD_KEYS)
    if not patch.entries:
        problems.add("no-change", f"{what} that changes nothing", place)
    if "rule" in keys:
        problems.add(
            "cannot-amend",
            "the id of a rule stays what it is",
            patch.place_of("rule"),
            INSTEAD,
        )
    known = {
        patch.written(key): entry
        for key in RULE_KEYS
        if key != "rule" and (entry := patch.named(key)) is not None
    }
    entries = {key: entry for key, entry in patch.entries.items() if key in known}
    return attrs.evolve(patch, entries=entries)


INSTEAD = "end the rule by its sunset, and write a new one"


def _check_known(
    rule: str, place: Place, rules: Collection[str], problems: Problems
) -> None:
    if rule not in rules:
        hint = did_you_mean(rule, rules)
        problems.add("unknown-rule", f"no rule is called {rule!r}", place, hint)


def _check_ids(nodes: AbstractSequence[Mapping], problems: Problems) -> None:
    first: dict[str, Place] = {}
    for node in nodes:
        named = node.named("amends")
        if not isinstance(named, Scalar):
            continue
        place = first.setdefault(named.text, named.place)
        if place is not named.place:
            said = f"two amendments are called {named.text!r}"
            also = ("the first", place)
            problems.add("duplicate-amendment", said, named.place, None, also)


def _check_days(amendments: AbstractSequence[Amendment], problems: Problems) -> None:
    """Report two notices that change one rule from the same day on."""
    first: dict[tuple[str, date | None], Place] = {}
    for amendment in amendments:
        for rule, place in amendment.places.items():
            other = first.setdefault((rule, amendment.since), place)
            if other is not place:
                problems.add(
                    "amended-twice",
                    f"{rule!r} is changed from {amendment.since} on already",
                    place,
                    "which of the two notices counts? write both in one",
                    ("first here", other),
                )


def amended_cases(
    amendment: Amendment,
    names: Collection[str],
    subjects: AbstractMapping[str, str],
    vocabulary: Vocabulary,
    problems: Problems,
) -> Iterator[Case]:
    """
    The cases in the file of an amendment, each with its `rule`.

    ``names`` are all rules, ``subjects`` the kinds of subject of those without mistakes.
    """
    by_rule: dict[str, list[Mapping]] = {}
    for item in amendment.cases:
        body = as_mapping(item, problems, "a case")
        if body is None:
            continue
        named = body.named("rule")
        if not isinstance(named, Scalar):
            said = "a case of an amendment needs the key 'rule'"
            problems.add("missing-key", said, body.place)
            continue
        _check_known(named.text, named.place, names, problems)
        entries = {k: v for k, v in body.entries.items() if v is not named}
        keys = {key: body.keys[key] for key in entries}
        plain = attrs.evolve(body, entries=entries, keys=keys)
        by_rule.setdefault(named.text, []).append(plain)
    for rule, items in by_rule.items():
        if rule in subjects:
            place = items[0].place
            cases = Sequence(tuple(items), place)
            node = Mapping({"cases": cases}, {"cases": place}, place)
            declared = vocabulary[subjects[rule]]
            yield from cases_of(node, rule, declared, subjects[rule], problems)
