"""Switches between readings: nested, dated, and every branch of them tried."""

from incentives.language.nodes import (
    Mapping,
    Node,
    Problems,
    Scalar,
    Sequence,
    parse_yaml,
)
from incentives.language.switches import (
    check_switches,
    every_branch,
    reading_id,
    selected,
    switches,
)
from incentives.policy import Reading

DECLARED = {
    "size": Reading("size", "?", {"small": "小", "large": "大"}),
    "form": Reading("form", "?", {"round": "圆", "square": "方"}),
    "start": Reading(
        "start", "?", {"unknown": "不明"}, any_date=True, tried=("2026-01-01",)
    ),
}
DEFAULTS = {"size": "small", "form": "round", "start": "unknown"}


def parsed(text: str) -> Mapping:
    node = parse_yaml(text, "r.yaml", Problems())
    assert node is not None
    return node


def plain(node: Node) -> object:
    match node:
        case Scalar():
            return node.text
        case Sequence():
            return [plain(item) for item in node.items]
        case Mapping():
            return {key: plain(entry) for key, entry in node.entries.items()}


NESTED = parsed("""
a:
  reading: size
  small: 1
  large:
    - reading: form
      round: 2
      square: {b: 3}
c: 4
""")


def test_a_switch_gives_way_to_its_branch() -> None:
    """Every switch is replaced, inside branches too, and only those met are used."""
    used: set[str] = set()
    assert plain(selected(NESTED, DEFAULTS, used)) == {"a": "1", "c": "4"}
    assert used == {"size"}
    found = selected(NESTED, {"size": "large", "form": "square"}, used)
    assert plain(found) == {"a": [{"b": "3"}], "c": "4"}
    assert used == {"size", "form"}
    assert plain(selected(NESTED, {"size": "large", "form": "round"})) == {
        "a": ["2"],
        "c": "4",
    }


def test_a_date_stands_where_it_is_named() -> None:
    """Under a date the branch `date` holds, in which `the date` is that date."""
    node = parsed("a: {reading: start, unknown: x, date: the date}\nb: the date")
    assert plain(selected(node, {"start": "unknown"})) == {"a": "x", "b": "the date"}
    assert plain(selected(node, {"start": "2026-05-01"})) == {
        "a": "2026-05-01",
        "b": "the date",
    }
    fixed = parsed("a: {reading: start, unknown: x, date: 2025-01-01}")
    assert plain(selected(fixed, {"start": "2026-05-01"})) == {"a": "2025-01-01"}


def test_a_switch_with_mistakes_keeps_the_reader_going() -> None:
    """Without the branch that is wanted, any branch stands in; without any, nothing."""
    assert plain(selected(parsed("a: {reading: size, tiny: 1}"), DEFAULTS)) == {
        "a": "1"
    }
    assert plain(selected(parsed("a: {reading: size}"), DEFAULTS)) == {"a": ""}
    odd = parsed("a: {reading: [size], small: 1}")
    assert plain(selected(odd, DEFAULTS)) == {"a": "1"}
    ((switch, _),) = switches(odd)
    assert reading_id(switch) == ""


def test_switches_know_how_they_are_reached() -> None:
    """A switch inside a branch is reached under the reading of that branch."""
    found = [(reading_id(switch), dict(outer)) for switch, outer in switches(NESTED)]
    assert found == [("size", {}), ("form", {"size": "large"})]


def test_every_branch_is_reached() -> None:
    """Each branch stands under some readings, the inner ones under the outer's."""
    tried = list(every_branch([NESTED], DECLARED, DEFAULTS))
    assert tried == [
        DEFAULTS,
        DEFAULTS | {"size": "large"},
        DEFAULTS | {"size": "large", "form": "square"},
    ]


def test_a_switch_inside_a_date_is_reached() -> None:
    """Under the branch `date` stand the days to try."""
    node = parsed("""
a:
  reading: start
  unknown: 1
  date: {reading: size, small: 2, large: 3}
""")
    tried = list(every_branch([node], DECLARED, DEFAULTS))
    dated = DEFAULTS | {"start": "2026-01-01"}
    assert tried == [DEFAULTS, dated, dated | {"size": "large"}]


def test_without_switches_the_defaults_are_tried() -> None:
    """A pack without switches is read once."""
    assert list(every_branch([parsed("a: 1")], DECLARED, DEFAULTS)) == [DEFAULTS]


def test_complete_switches_are_sound() -> None:
    """Nothing is said of switches with a branch for every value."""
    problems = Problems()
    check_switches(NESTED, DECLARED, problems)
    check_switches(
        parsed("a: {reading: start, unknown: 1, date: 2}"), DECLARED, problems
    )
    assert problems.found == []


def test_incomplete_switches_are_told() -> None:
    """What lacks and what is too much is told, with what there is."""
    problems = Problems()
    text = "a: {reading: start}\nb: {reading: size, small: 1, large: 2, huge: 3}"
    check_switches(parsed(text), DECLARED, problems)
    assert [(p.message, p.help) for p in problems.found] == [
        ("nothing is said for 'unknown', 'date' of the reading 'start'", None),
        (
            "the reading 'size' has no value 'huge'",
            "expected one of 'small', 'large'",
        ),
    ]
