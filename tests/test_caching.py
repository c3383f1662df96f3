"""What a pack was read to, kept on disk: the same book, or none at all."""

import json
import os
import pickle
import shutil
import tempfile

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import attrs
import pytest

from hypothesis import given, settings
from typer.testing import CliRunner

import incentives

from incentives import PackError, RuleBook, UsageError, packs
from incentives.caching import books, store
from incentives.caching.books import KeptBooks
from incentives.caching.rows import Rows, UnfitError
from incentives.caching.store import Store
from incentives.checks.case_checks import case_diagnostics
from incentives.checks.rule_checks import rule_problems
from incentives.checks.usage_checks import usage_problems
from incentives.commands.cli import app
from incentives.errors import Place
from incentives.ir import Condition, Constant, Holds, Kind, Not
from incentives.language import packs as reading
from incentives.language.printing import rule_source
from tests.property.books import rule_books
from tests.support.bad_packs import SOUND
from tests.support.console import ROOT

PACKS = [
    *sorted((ROOT / "rules").glob("*/policy.yaml")),
    *sorted((ROOT / "examples" / "packs").glob("*/policy.yaml")),
    *sorted((ROOT / "tests" / "data").glob("*/policy.yaml")),
    SOUND / "policy.yaml",
]
DIRECTORIES = [pytest.param(path.parent, id=path.parent.name) for path in PACKS]
READ = sorted(p.name for p in SOUND.iterdir() if p.suffix in {".yaml", ".csv"})
LINJIANG = ROOT / "examples" / "packs" / "linjiang-2026"
QUANZHOU = ROOT / "rules" / "quanzhou-2024"


@pytest.fixture(autouse=True)
def _unnamed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cache of who runs the tests is left alone."""
    monkeypatch.delenv("INCENTIVES_CACHE", raising=False)


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SOUND, tmp_path / "pack"))


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "below" / "cache"


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One item for every pack that is read from its files."""
    found: list[int] = []
    read = reading._read  # noqa: SLF001  # the only place where they are read

    def counted(*given: Any) -> RuleBook:
        found.append(1)
        return read(*given)

    monkeypatch.setattr(reading, "_read", counted)
    return found


@pytest.fixture(scope="module")
def kept_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that knows every pack."""
    return tmp_path_factory.mktemp("cache")


def both(directory: Path, cache: Path) -> tuple[RuleBook, RuleBook]:
    """The book from the files, and the one from the cache."""
    plain = incentives.load(directory, cache=cache)
    kept = incentives.load(directory, cache=cache)
    assert isinstance(kept.sources, reading.UnreadRules)
    if isinstance(plain.sources, reading.UnreadRules):
        plain = reading.load_pack(directory)
    return plain, kept


def rows_of(book: RuleBook) -> bytes:
    """All that is data in a book: 1, True and Fraction(1) are three things to it."""
    fields = books._fields()  # the very ones that are kept
    return Rows(fields).encoded({name: getattr(book, name) for name in fields})


def kept_file(cache: Path) -> Path:
    (found,) = cache.glob("*.book")
    return found


# --- the same book --------------------------------------------------------------


@pytest.mark.parametrize("directory", DIRECTORIES)
class TestSameBook:
    """A book from the cache is the one from the files."""

    def test_equal(self, directory: Path, kept_in: Path) -> None:
        """Every field is equal, to the types of numbers and to what == leaves out."""
        plain, kept = both(directory, kept_in)
        assert kept == plain
        assert rows_of(kept) == rows_of(plain)

    def test_other_readings(self, directory: Path, kept_in: Path) -> None:
        """Under all readings that reach a branch it is the same book again."""
        plain, kept = both(directory, kept_in)
        for readings in plain.written.branches:
            assert kept.under(readings) == plain.under(readings)
            assert kept.under(readings).under(kept.readings) is kept

    def test_printed(self, directory: Path, kept_in: Path) -> None:
        """Every rule is printed alike."""
        plain, kept = both(directory, kept_in)
        assert list(kept.sources) == list(plain.sources)
        assert len(kept.sources) == len(plain.sources)
        for rule in plain:
            assert rule_source(kept, rule.id) == rule_source(plain, rule.id)


@pytest.mark.parametrize("directory", [QUANZHOU, SOUND])
def test_checked(directory: Path, kept_in: Path) -> None:
    """Checks find the same."""
    plain, kept = both(directory, kept_in)
    assert list(rule_problems(kept)) == list(rule_problems(plain))
    assert list(usage_problems(kept)) == list(usage_problems(plain))
    assert list(case_diagnostics(kept)) == list(case_diagnostics(plain))


def test_same_answers(kept_in: Path) -> None:
    """An enterprise gets the same answer, with all that is said about it."""
    plain, kept = both(LINJIANG, kept_in)
    lines = (ROOT / "examples" / "linjiang.jsonl").read_text("utf-8").splitlines()
    for line in lines[-2:]:
        answers = [
            incentives.evaluate(json.loads(line), as_of="2027-09-01", rules=rules)
            for rules in (plain, kept)
        ]
        assert answers[0].to_dict() == answers[1].to_dict()


def test_amended(kept_in: Path) -> None:
    """A book from the cache can be amended, and is then what the other is."""
    plain, kept = both(LINJIANG, kept_in)
    amend = {"cap": "400万元", "since": "2027-01-01"}
    assert kept.amend("grant-matching", **amend) == plain.amend(
        "grant-matching", **amend
    )


def test_pickled(kept_in: Path) -> None:
    """A book from the cache travels to another process, before and after reading."""
    plain, kept = both(SOUND, kept_in)
    other = {"how-often": "every-year"}
    assert pickle.loads(pickle.dumps(kept)).under(other) == plain.under(other)  # noqa: S301  # our own
    assert kept.under(other) == plain.under(other)
    assert pickle.loads(pickle.dumps(kept)).under(other) == plain.under(other)  # noqa: S301  # likewise


_HOLDER = tempfile.TemporaryDirectory()


@given(rule_books())
@settings(max_examples=50)
def test_any_rules(book: RuleBook) -> None:
    """Whatever the kernel can say comes back equal, and as the same types."""
    kept = KeptBooks(Path(_HOLDER.name))
    contents = {"any": repr(book).encode()}
    kept.put(contents, book)
    parts = kept.get(contents)
    assert parts is not None
    again = attrs.evolve(book, **parts)
    assert again == book
    assert rows_of(again) == rows_of(book)


# --- when it is read again ------------------------------------------------------


def test_nothing_is_written_unasked(pack: Path, cache: Path) -> None:
    """Without a cache there is none."""
    incentives.load(pack)
    assert not cache.exists()


def test_read_once(pack: Path, cache: Path, reads: list[int]) -> None:
    """The files are interpreted once, whichever way the cache is named."""
    incentives.load(pack, cache=cache)
    incentives.load(str(pack), cache=str(cache))
    assert len(reads) == 1


def test_named_by_the_environment(
    pack: Path, cache: Path, reads: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """INCENTIVES_CACHE decides where the caller does not, for commands as well."""
    monkeypatch.setenv("INCENTIVES_CACHE", str(cache))
    incentives.load(pack)
    ran = [CliRunner().invoke(app, ["rules", "--rules", str(pack)]) for _ in "12"]
    assert [run.exit_code for run in ran] == [0, 0]
    assert len(reads) == 1
    monkeypatch.setenv("INCENTIVES_CACHE", "")
    assert (
        ran[0].stdout == CliRunner().invoke(app, ["rules", "--rules", str(pack)]).stdout
    )
    assert len(reads) == 2


def test_bundled(
    cache: Path, reads: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bundled pack is kept where INCENTIVES_CACHE says, if it must be read."""
    monkeypatch.setattr(packs, "_ready", lambda *_: None)
    monkeypatch.setenv("INCENTIVES_CACHE", str(cache))
    assert packs.bundled.__wrapped__() == packs.bundled.__wrapped__()
    assert len(reads) == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (3, "expected the path of a cache, got int"),
        (b"cache", "expected the path of a cache, got bytes"),
        ("", "expected the path of a cache, got an empty text"),
    ],
)
def test_what_is_no_path(wrong: Any, said: str) -> None:
    """What names no directory is the caller's mistake."""
    with pytest.raises(UsageError) as caught:
        incentives.load(SOUND, cache=wrong)
    assert str(caught.value) == said


@pytest.mark.parametrize("name", READ)
def test_one_byte_of_any_file(
    name: str, pack: Path, cache: Path, reads: list[int]
) -> None:
    """One byte more in any file, and the pack is read again."""
    incentives.load(pack, cache=cache)
    with (pack / name).open("ab") as file:
        file.write(b"\n")
    assert incentives.load(pack, cache=cache).digest == incentives.load(pack).digest
    assert len(reads) == 3


def test_other_ends_of_lines(pack: Path, cache: Path, reads: list[int]) -> None:
    """A book has one digest whatever the ends of lines; the cache looks closer."""
    first = incentives.load(pack, cache=cache)
    text = (pack / "policy.yaml").read_bytes()
    (pack / "policy.yaml").write_bytes(text.replace(b"\n", b"\r\n"))
    assert incentives.load(pack, cache=cache).digest == first.digest
    assert len(reads) == 2


def test_other_code(
    pack: Path, cache: Path, reads: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What another version of the library has kept is not for this one."""
    incentives.load(pack, cache=cache)
    monkeypatch.setattr(books, "_reader", lambda: "another")
    incentives.load(pack, cache=cache)
    assert len(reads) == 2


def test_mistakes_are_not_kept(pack: Path, cache: Path, tmp_path: Path) -> None:
    """A pack that cannot be used is told so each time, and not kept."""
    (pack / "extra.yml").write_text("", encoding="utf-8")
    (pack / "1-bonus.yaml").write_text("rule: [", encoding="utf-8")
    said = []
    for kept in (None, cache, cache):
        with pytest.raises(PackError) as caught:
            incentives.load(pack, cache=kept)
        said.append(str(caught.value))
    (pack / "extra.yml").unlink()
    with pytest.raises(PackError):
        incentives.load(pack, cache=cache)
    assert said == [said[0]] * 3
    assert not cache.exists()


def test_many_at_once(pack: Path, cache: Path, reads: list[int]) -> None:
    """Writers do not disturb each other, nor leave anything behind."""
    plain = incentives.load(pack)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(partial(incentives.load, cache=cache), [pack] * 16))
    assert found == [plain] * 16
    incentives.load(pack, cache=cache)
    before = len(reads)
    assert incentives.load(pack, cache=cache) == plain
    assert len(reads) == before
    assert {path.suffix for path in cache.iterdir()} == {"", ".book"}
    assert len(list(cache.iterdir())) == 2


def test_the_oldest_are_forgotten(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only so many files are kept, those written last."""
    monkeypatch.setattr(store, "MAX_FILES", 2)
    kept = Store(cache)
    for age, name in enumerate("cba"):
        kept.put(name, b"data")
        os.utime(cache / f"{name}.book", (age, age))
    kept.put("d", b"data")
    assert [name for name in "abcd" if kept.get(name)] == ["a", "d"]


# --- what cannot be trusted -----------------------------------------------------


def damaged(change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def damage(cache: Path) -> None:
        file = kept_file(cache)
        file.write_bytes(change(file.read_bytes()))

    return damage


def signed(change: Callable[[list[Any]], object]) -> Callable[[Path], None]:
    """Other data, as if the library itself had written it."""

    def damage(cache: Path) -> None:
        name = kept_file(cache).stem
        said = Store(cache).get(name)
        assert said is not None
        Store(cache).put(name, json.dumps(change(json.loads(said))).encode())

    return damage


def with_key(change: Callable[[Path], object]) -> Callable[[Path], None]:
    def damage(cache: Path) -> None:
        change(cache / "key")

    return damage


def exchanged(cache: Path) -> None:
    """The file of another pack under the name of this one."""
    file = kept_file(cache)
    incentives.load(ROOT / "tests" / "data" / "chinese-pack", cache=cache)
    (other,) = set(cache.glob("*.book")) - {file}
    other.replace(file)


DAMAGE: dict[str, Callable[[Path], None]] = {
    "empty": damaged(lambda _: b""),
    "cut off": damaged(lambda data: data[:-1]),
    "only a mark": damaged(lambda data: data[:32]),
    "longer": damaged(lambda data: data + b" "),
    "first byte": damaged(lambda data: bytes([data[0] ^ 1]) + data[1:]),
    "last byte": damaged(lambda data: data[:-1] + bytes([data[-1] ^ 1])),
    "more money": damaged(lambda data: data.replace(b"50", b"90")),
    "other": damaged(lambda _: pickle.dumps(os.system)),
    "exchanged": exchanged,
    "gone": lambda cache: kept_file(cache).unlink(),
    "no key": with_key(Path.unlink),
    "other key": with_key(lambda path: path.write_bytes(b"k" * 32)),
    "short key": with_key(lambda path: path.write_bytes(b"k")),
    "key is read by others": with_key(lambda path: path.chmod(0o640)),
    "others write": lambda cache: kept_file(cache).chmod(0o602),
    "group writes": lambda cache: kept_file(cache).chmod(0o620),
    "no rows": signed(lambda _: []),
    "no list": signed(lambda _: 7),
    "an object": signed(lambda _: {"__class__": "os.system"}),
    "rows without end": signed(lambda cells: cells[:-1]),
    "not the whole": signed(lambda _: [2, 0]),
    "unknown form": signed(lambda _: [10_000, "x"]),
    "form by name": signed(lambda _: ["os.system", "x"]),
    "row of the future": signed(lambda cells: [*cells[:-1], len(cells)]),
    "other types": signed(lambda cells: [str(cell) for cell in cells]),
    "other forms": signed(lambda cells: [*cells[:-1], 0]),
    "numbers": signed(lambda cells: [c + 0.5 if c == 1 else c for c in cells]),
    "too deep": signed(lambda _: _deep()),
}


def _deep() -> list[Any]:
    found: list[Any] = []
    for _ in range(500):
        found = [found]
    return found


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_damage_is_ignored_and_repaired(
    damage: Callable[[Path], None], pack: Path, cache: Path, reads: list[int]
) -> None:
    """Whatever is wrong with a file, the pack is read, and the file made anew."""
    plain = incentives.load(pack, cache=cache)
    damage(cache)
    before = len(reads)
    assert incentives.load(pack, cache=cache) == plain
    assert len(reads) == before + 1
    assert incentives.load(pack, cache=cache) == plain
    assert len(reads) == before + 1


def test_not_json(pack: Path, cache: Path) -> None:
    """Data that is no JSON, though authentic, is ignored; nor is it nested too far."""
    plain = incentives.load(pack, cache=cache)
    for data in (b"[", b"\xff", b"[" * 100_000, b"[" + b"9" * 5000 + b"]"):
        Store(cache).put(kept_file(cache).stem, data)
        assert incentives.load(pack, cache=cache) == plain


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o777])
def test_directory_that_others_write(
    mode: int, pack: Path, cache: Path, reads: list[int]
) -> None:
    """A directory into which others can write is neither believed nor used."""
    incentives.load(pack, cache=cache)
    before = kept_file(cache).stat().st_mtime_ns
    cache.chmod(mode)
    incentives.load(pack, cache=cache)
    assert len(reads) == 2
    assert kept_file(cache).stat().st_mtime_ns == before


def test_directory_of_somebody_else(
    pack: Path, cache: Path, reads: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What another user owns is not believed."""
    incentives.load(pack, cache=cache)
    owner = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    incentives.load(pack, cache=cache)
    assert len(reads) == 2


def test_where_modes_mean_nothing(
    pack: Path, cache: Path, reads: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without owners and modes only the mark is checked."""
    monkeypatch.setattr(store, "_POSIX", False)
    incentives.load(pack, cache=cache)
    cache.chmod(0o777)
    incentives.load(pack, cache=cache)
    assert len(reads) == 1
    damaged(lambda data: data + b" ")(cache)
    incentives.load(pack, cache=cache)
    assert len(reads) == 2


def test_modes(pack: Path, cache: Path) -> None:
    """Nobody else can look into the cache."""
    incentives.load(pack, cache=cache)
    modes = {path.name: path.stat().st_mode & 0o777 for path in cache.iterdir()}
    assert cache.stat().st_mode & 0o777 == 0o700
    assert modes == {"key": 0o600, kept_file(cache).name: 0o600}


def test_cache_that_cannot_be_written(
    pack: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cache is a help: where there can be none, the pack is read all the same."""
    plain = incentives.load(pack)
    file = pack.parent / "file"
    file.write_bytes(b"")
    assert incentives.load(pack, cache=file) == plain
    assert incentives.load(pack, cache=file / "below") == plain

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert incentives.load(pack, cache=cache) == plain
    assert list(cache.iterdir()) == []


# --- rows -----------------------------------------------------------------------


def test_what_is_no_data_is_not_kept(cache: Path) -> None:
    """A book that holds an object of another class, or data without end, is not kept."""
    book = incentives.load(SOUND)
    deep: Condition = Holds(Constant(value=True, kind=Kind.BOOLEAN))
    for _ in range(5000):
        deep = Not(deep)
    rule = book.rules[0]
    wanted = (attrs.evolve(rule.requirements[0], condition=deep),)
    KeptBooks(cache).put({}, attrs.evolve(book, policy=object()))  # type: ignore[arg-type]  # on purpose
    KeptBooks(cache).put(
        {}, attrs.evolve(book, rules=(attrs.evolve(rule, requirements=wanted),))
    )
    assert not cache.exists()


ANY = [
    *(None, True, False, 0, 1, -(10**30), "", "元", "\ud800", Fraction(1, 3)),
    *(Decimal("1.10"), date(2026, 2, 28), [1, [True]], {"a": {"b": [None]}}),
]


@pytest.mark.parametrize("value", ANY, ids=repr)
def test_values_of_records(value: object) -> None:
    """Values come back equal and of their own types, alone and among others."""
    rows = Rows({"value": Any, "all": list[Any]})
    again = rows.decoded(rows.encoded({"value": value, "all": [*ANY, value]}))
    assert repr(again) == repr({"value": value, "all": [*ANY, value]})


def test_truth_is_not_one() -> None:
    """True and 1 are equal, and still two things."""
    rows = Rows({"one": int | bool, "two": int | bool})
    data = {"one": 1, "two": True}
    assert repr(rows.decoded(rows.encoded(data))) == repr(data)


def test_equal_parts_become_one() -> None:
    """What is equal throughout is written once."""
    rows = Rows({"places": tuple[Place, ...]})
    places = tuple(Place("a.yaml", line % 2, 1, 1, "") for line in range(100))
    found = rows.decoded(rows.encoded({"places": places}))["places"]
    assert found == places
    assert len(set(map(id, found))) == 2


def test_shape_tells_annotations_apart() -> None:
    """Data with other fields, of other types, or of other classes has another shape."""
    shapes = {
        Rows({"a": int}).shape,
        Rows({"b": int}).shape,
        Rows({"a": str}).shape,
        Rows({"a": int | None}).shape,
        Rows({"a": tuple[str, ...]}).shape,
        Rows({"a": tuple[str, str]}).shape,
        Rows({"a": frozenset[str]}).shape,
        Rows({"a": Place}).shape,
        Rows({"a": Kind}).shape,
        Rows({"a": Kind | None}).shape,
    }
    assert len(shapes) == 10


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        (int, "1"),
        (int, True),
        (str, 1),
        (Place, Kind.TEXT),
        (tuple[str, ...], ["a"]),
        (tuple[str, ...], ("a", 1)),
        (date | None, Fraction(1)),
        (Any, 0.5),
        (Any, (1,)),
    ],
)
def test_unfit(fields: Any, wrong: object) -> None:
    """What is not as annotated is not written."""
    with pytest.raises(UnfitError):
        Rows({"value": fields}).encoded({"value": wrong})


ROWS = Rows({"value": tuple[str, ...]})


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([1, 1, 7, 0, 0], "list index out of range"),
        ([1, 1, "a", 1, 1, 0, 0, 0], "row 1 cannot hold 0"),
        ([1, 10**9], "row 0 cannot have 1000000000 cells"),
        ([1, -1], "row 0 cannot have -1 cells"),
        ([1, 0], "the last row is not the whole"),
    ],
)
def test_rows_of_no_such_data(cells: list[object], said: str) -> None:
    """Rows that are not as annotated are not read."""
    assert ROWS.encoded({"value": ("a",)}) == b'[1,1,"a",0,0]'
    with pytest.raises((UnfitError, IndexError), match=said):
        ROWS.decoded(json.dumps(cells).encode())
