"""Loading packs: paths, the bundled pack, and a book under other readings."""

import pickle
import shutil

from pathlib import Path

import pytest

from incentives import Enterprise, PackError, UsageError, load, packs
from incentives.assessment import other_readings
from incentives.book import RuleBook
from incentives.language import packs as pack_files
from incentives.packs import bundled
from incentives.standards import Cash, Combination, NonCash
from tests.support.bad_packs import SOUND, Edit


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SOUND, tmp_path / "pack"))


class BytesPath:
    """A path as `os.scandir(b".")` gives it."""

    def __fspath__(self) -> bytes:
        return b"pack"


def test_a_path_may_be_text_or_a_path() -> None:
    """A book is read alike from a text and from a path."""
    assert load(str(SOUND)) == load(SOUND)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (None, "expected the path of a rule pack, got NoneType"),
        (b"pack", "expected the path of a rule pack, got bytes"),
        (BytesPath(), "expected the path of a rule pack, got bytes"),
        (3, "expected the path of a rule pack, got int"),
        ("", "expected the path of a rule pack, got an empty text"),
    ],
)
def test_what_is_no_path(wrong: object, said: str) -> None:
    """What names no directory is the caller's mistake."""
    with pytest.raises(UsageError) as caught:
        load(wrong)  # type: ignore[arg-type]
    assert str(caught.value) == said


def test_bundled_pack_is_loaded_once() -> None:
    """The bundled book is one object, under its own id."""
    assert bundled() is bundled()
    assert bundled().policy.id == "quanzhou-2024"


def test_installed_pack_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wheel carries its packs inside the package."""
    shutil.copytree(SOUND, tmp_path / "_rules" / "cloud-1")
    monkeypatch.setattr(packs, "_FOLDERS", (tmp_path / "_rules",))
    assert bundled("cloud-1").policy.id == "yunqiao-2026"


def test_pack_without_an_inventory(pack: Path) -> None:
    """A policy need not list the units of its source."""
    Edit("policy.yaml", "inventory: clauses\n", "").applied(pack)
    assert load(pack).inventory == ()


@pytest.mark.parametrize("name", ["atlantis-1", "", ".", "..", "../rules", "a/b"])
def test_no_such_bundled_pack(name: str) -> None:
    """A name that no bundled pack has is refused, whatever path it may be."""
    with pytest.raises(UsageError) as caught:
        bundled(name)
    assert str(caught.value) == f"no bundled rule pack {name!r}"


def test_bundled_pack_has_nothing_to_warn_of() -> None:
    """The default readings and all others are free of slips."""
    assert bundled().warnings == ()


def test_book_under_other_readings_is_made_once(pack: Path) -> None:
    """A book knows its other self under each reading, and itself again."""
    book = load(pack)
    other = book.under({"how-often": "every-year"})
    assert other is not book
    assert other.readings == {"how-often": "every-year"}
    assert book.under({"how-often": "every-year"}) is other
    assert other.under({"how-often": "once"}) is book
    assert book.under({}) is book
    once = book["bonus"].award
    every_year = other["bonus"].award
    assert isinstance(once, Cash)
    assert isinstance(every_year, Cash)
    assert once.combination is Combination.ONCE
    assert every_year.combination is Combination.EVERY


def test_books_under_open_dates_are_forgotten(
    pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many dates are read, only so many books are kept."""
    monkeypatch.setattr(pack_files, "MAX_BOOKS", 3)
    Edit(
        "policy.yaml",
        "effective: 2026-01-01\n",
        "effective:\n  reading: start\n  known: 2026-01-01\n  date: the date\n",
    ).applied(pack)
    Edit(
        "policy.yaml",
        "readings:\n",
        "readings:\n  start:\n    question: 何日起施行？\n    any date: true\n"
        "    try: [2026-02-01]\n    values: {known: 元旦}\n",
    ).applied(pack)
    book = load(pack)
    for day in range(1, 10):
        moved = book.under({"start": f"2026-03-0{day}"})
        assert moved["bonus"].window.first is not None
        assert moved["bonus"].window.first.isoformat() == f"2026-03-0{day}"
    assert len(book.interpret.__self__.books) <= 3  # type: ignore[attr-defined]


def test_readings_that_contradict_each_other_are_told(pack: Path) -> None:
    """A mistake that only two other readings make together is told when read."""
    Edit(
        "policy.yaml",
        "readings:\n",
        "readings:\n  kind:\n    question: 何种？\n    values: {sum: 额, text: 文}\n"
        "  use:\n    question: 何用？\n    values: {never: 不, always: 用}\n",
    ).applied(pack)
    Edit(
        "1-bonus.yaml",
        "award: 50万元\n",
        "define:\n  基准: {reading: kind, text: county, sum: revenue}\n"
        "award: {reading: use, never: 50万元, always: {amount: 1万元, cap: 基准}}\n",
    ).applied(pack)
    book = load(pack)
    assert book.under({"use": "always"}).readings["use"] == "always"
    with pytest.raises(PackError) as caught:
        book.under({"use": "always", "kind": "text"})
    assert "expected an amount, got a text" in str(caught.value)


def test_book_can_be_pickled(pack: Path) -> None:
    """A book travels to another process and can still change its readings."""
    book = load(pack)
    copy: RuleBook = pickle.loads(pickle.dumps(book))  # noqa: S301  # our own
    assert copy == book
    assert copy.under({"how-often": "every-year"}) == book.under(
        {"how-often": "every-year"}
    )


def test_enterprise_can_be_pickled() -> None:
    """A record travels to another process."""
    enterprise = Enterprise(id="91350582MA31ABCD0M", city="泉州市")
    assert pickle.loads(pickle.dumps(enterprise)) == enterprise  # noqa: S301


def test_every_rule_tells_its_readings(pack: Path) -> None:
    """A rule names the readings that its file, its dates or its group depend on."""
    Edit(
        "policy.yaml",
        "    mode: highest-only\n",
        "    mode:\n      reading: stack\n      all: cumulative\n      one: highest-only\n",
    ).applied(pack)
    Edit(
        "policy.yaml",
        "sunset: 2027-12-31\n",
        "sunset:\n  reading: last-day\n  in: 2027-12-31\n  out: 2027-12-30\n",
    ).applied(pack)
    Edit(
        "policy.yaml",
        "readings:\n",
        "readings:\n  stack:\n    question: 叠加？\n    values: {all: 可, one: 否}\n"
        "  last-day:\n    question: 计入末日？\n    values: {in: 计, out: 不计}\n",
    ).applied(pack)
    Edit(
        "3-growth.yaml", "title: 规模奖励\n", "title: 规模奖励\nsunset: inherit\n"
    ).applied(pack)
    Edit(
        "2-equipment.yaml", "title: 设备补助\n", "title: 设备补助\nsunset: 2026-12-31\n"
    ).applied(pack)
    found = {rule.id: rule.readings for rule in load(pack)}
    assert found == {
        "bonus": ("how-often", "last-day", "stack"),
        "equipment": (),
        "growth": ("last-day", "stack"),
    }


def test_whole_stacking_under_a_reading(pack: Path) -> None:
    """A switch over all groups decides every rule in any of them."""
    Edit(
        "policy.yaml",
        "stacking:\n  - group: 奖励就高\n    rules: [bonus, growth]\n    mode: highest-only\n",
        "stacking:\n  reading: how-often\n  once: []\n  every-year:\n    - group: 就高\n      rules: [growth]\n      mode: highest-only\n",
    ).applied(pack)
    found = {rule.id: rule.readings for rule in load(pack)}
    assert found["growth"] == ("how-often",)
    assert found["equipment"] == ()


def test_non_cash_award(pack: Path) -> None:
    """A support without an amount keeps its words."""
    Edit("1-bonus.yaml", "award: 50万元\n", "award: {non-cash: 优先安排}\n").applied(
        pack
    )
    Edit("1-bonus.yaml", "    expect: 50万元\n", "    expect: eligible\n").applied(pack)
    assert load(pack)["bonus"].award == NonCash("优先安排")


ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    "name", ["rules/quanzhou-2024", "examples/packs/linjiang-2026"]
)
def test_a_rule_is_made_once_for_the_readings_that_it_asks_about(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Under every reading the rules are those that are made anew for it."""
    monkeypatch.setattr(pack_files, "MAX_VERSIONS", 0)
    anew = load(ROOT / name)
    changed = [{reading: value} for reading, value in other_readings(anew)]
    expected = [anew.under(readings) for readings in changed]
    monkeypatch.undo()
    once = load(ROOT / name)
    for readings, book in zip(changed, expected, strict=True):
        found = once.under(readings)
        assert (found.rules, found.groups) == (book.rules, book.groups)
        assert found.cases == book.cases
