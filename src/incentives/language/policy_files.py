"""policy.yaml: the document, its dates, its readings; groups and budgets as written."""

from collections.abc import Collection, Iterator
from collections.abc import Mapping as AbstractMapping
from datetime import date

from attrs import frozen

from ..book import InventoryRow
from ..dates import FIRST_DAY, LAST_DAY
from ..errors import did_you_mean
from ..ir import Constant, Kind, Uncertain
from ..policy import Policy, Reading, Status, Window
from ..tables import Table
from .expressions.scope import Boundaries
from .forms.pack_forms import BOUNDARIES, MEANING, POLICY, READING, SOURCE, names
from .keys import Keys, as_date, as_mapping, as_scalar
from .nodes import Mapping, Node, Problems, Scalar, Sequence
from .rule_files import EFFECTIVE_CAUSE, PolicyDefaults
from .switches import ANY_DATE, SWITCH
from .words import KEYS, VALUES

POLICY_KEYS = names(POLICY)
#: Days to go on with where a mistake has been reported.
_FIRST_RESORT, _LAST_RESORT = FIRST_DAY, LAST_DAY


@frozen
class PolicyFile:
    """What policy.yaml says under one set of readings."""

    policy: Policy
    defaults: PolicyDefaults
    stacking: tuple[Mapping, ...]
    budgets: tuple[Mapping, ...]
    inventory: Scalar | None

    @property
    def window(self) -> Window:
        """The days in which the policy is in force."""
        start, last = self.defaults.effective, self.defaults.sunset
        if isinstance(start, Uncertain):
            return Window(None, last, start.low, start.high)
        assert isinstance(start.value, date)  # noqa: S101  # _effective() makes days
        return Window(start.value, last, start.value, start.value)


def readings_of(node: Mapping, problems: Problems) -> dict[str, Reading]:
    """The readings that a policy declares, in order."""
    body = node.named("readings")
    if body is None:
        return {}
    entries = as_mapping(body, problems, "'readings'")
    found = {}
    for name, entry in ({} if entries is None else entries.entries).items():
        declared = as_mapping(entry, problems, f"the reading {name!r}")
        if declared is not None:
            reading = _reading(name, declared, problems)
            if reading is not None:
                found[name] = reading
    return found


def _reading(name: str, node: Mapping, problems: Problems) -> Reading | None:
    keys = Keys(node, names(READING), problems, f"the reading {name!r}")
    values = keys.mapping("values", required=True)
    if values is None:
        return None
    for word in (*KEYS.forms(SWITCH), *KEYS.forms(ANY_DATE)):
        if word in values.entries:
            message = f"{word!r} cannot be a value of a reading"
            problems.add("bad-name", message, values.keys[word])
    words = {v: _meaning(v, entry, problems) for v, entry in values.entries.items()}
    any_date = keys.word("any date", ("true", "false"), "false") == "true"
    if not words or (len(words) == 1 and not any_date):
        problems.add("one-value", "a reading needs two values or more", values.place)
        return None
    if any_date:
        keys.get("try", required=True)
    tried = [
        as_scalar(item, problems, "'try'")
        for item in keys.items("try", empty="write the days to try for alternatives")
    ]
    return Reading(
        name,
        keys.text("question", required=True),
        {value: label for value, (label, _) in words.items()},
        english={value: english for value, (_, english) in words.items() if english},
        ambiguity=keys.text("ambiguity"),
        any_date=any_date,
        tried=tuple(
            scalar.text
            for scalar in tried
            if scalar is not None and as_date(scalar, problems) is not None
        ),
    )


def _meaning(value: str, node: Node, problems: Problems) -> tuple[str, str]:
    """What a value of a reading means, in Chinese and perhaps in English."""
    if isinstance(node, Scalar):
        return node.text, ""
    body = as_mapping(node, problems, f"the value {value!r}")
    if body is None:
        return value, ""
    keys = Keys(body, names(MEANING), problems, f"the value {value!r}")
    return keys.text("label", required=True), keys.text("english")


def policy_of(node: Mapping, problems: Problems) -> PolicyFile:
    """The policy, with every switch resolved already."""
    keys = Keys(node, POLICY_KEYS, problems, "policy.yaml")
    source = keys.mapping("source")
    source_keys = Keys(source, names(SOURCE), problems, "source") if source else None
    statuses = [status.value for status in Status]
    keys.get("status", required=True)
    policy = Policy(
        id=keys.id("policy"),
        title=keys.text("title", required=True),
        issuer=keys.text("issuer", required=True),
        status=Status(keys.word("status", statuses, Status.DRAFT.value)),
        number=keys.text("number"),
        interpreter=keys.text("interpreter"),
        source=source_keys.text("file") if source_keys else "",
        source_sha256=source_keys.text("sha256") if source_keys else "",
        note=keys.text("note"),
    )
    sunset = keys.scalar("sunset", required=True)
    effective = _effective(keys)
    earliest = effective.low if isinstance(effective, Uncertain) else effective.value
    last = None if sunset is None else as_date(sunset, problems)
    if sunset is not None and last is not None and last < earliest:  # type: ignore[operator]  # days
        message = "the policy ends before it begins"
        problems.add("empty-window", message, sunset.place)
    defaults = PolicyDefaults(
        policy=policy.id,
        effective=effective,
        sunset=last or _LAST_RESORT,
        dated_by=keys.word("dated by", ("event", "application"), "event"),
        boundaries=_boundaries(keys),
    )
    return PolicyFile(
        policy,
        defaults,
        stacking=tuple(_named(keys, "stacking", "a stacking group")),
        budgets=tuple(_named(keys, "budgets", "a budget")),
        inventory=keys.scalar("inventory"),
    )


def _boundaries(keys: Keys) -> Boundaries:
    """Whether 以上 and 以下 include the number itself; they do unless it says not."""
    body = keys.mapping("boundaries")
    if body is None:
        return Boundaries()
    inner = Keys(body, names(BOUNDARIES), keys.problems, "'boundaries'")
    above, below = (
        inner.word(key, VALUES.groups["boundary"], "inclusive") == "inclusive"
        for key in ("above", "below")
    )
    return Boundaries(above, below)


def _effective(keys: Keys) -> Constant | Uncertain:
    """A day, or two days between which the unknown day lies."""
    node = keys.get("effective", required=True)
    days = [
        as_date(scalar, keys.problems)
        for item in _items(node)
        if (scalar := as_scalar(item, keys.problems, "'effective'")) is not None
    ]
    match days:
        case [date() as day]:
            return Constant(day, Kind.DATE)
        case [date() as low, date() as high] if low <= high:
            return Uncertain(low, high, EFFECTIVE_CAUSE)
    if node is not None and None not in days:
        keys.problems.add(
            "bad-date",
            "expected one day, or [first, last] for a day that is not known",
            node.place,
        )
    return Constant(_FIRST_RESORT, Kind.DATE)


def _items(node: Node | None) -> tuple[Node, ...]:
    if node is None:
        return ()
    return node.items if isinstance(node, Sequence) else (node,)


def _named(keys: Keys, key: str, what: str) -> Iterator[Mapping]:
    """The items of a list that must each be a mapping."""
    for item in keys.items(key):
        body = as_mapping(item, keys.problems, what)
        if body is not None:
            yield body


def inventory_of(
    named: Scalar | None,
    tables: AbstractMapping[str, Table],
    rules: Collection[str],
    problems: Problems,
) -> tuple[InventoryRow, ...]:
    """The table in which every unit of the source has its row."""
    if named is None:
        return ()
    table = tables.get(named.text)
    wanted = ("id", "kind", "rule", "quote")
    if table is None or not set(wanted) <= set(table.columns):
        problems.add(
            "unknown-table",
            f"no table {named.text!r} with the columns {', '.join(wanted)}",
            named.place,
            did_you_mean(named.text, [name for name in tables if name != named.text]),
        )
        return ()
    for row, place in zip(table.rows, table.places, strict=True):
        if not row["quote"].strip():
            problems.add("bad-cell", "quote: an empty cell", place)
        if row["rule"] and row["rule"] not in rules:
            problems.add(
                "unknown-rule",
                f"no rule is called {row['rule']!r}",
                place,
                did_you_mean(row["rule"], rules),
            )
    return tuple(
        InventoryRow(row["id"], row["kind"], row["rule"], row["quote"], place)
        for row, place in zip(table.rows, table.places, strict=True)
    )
