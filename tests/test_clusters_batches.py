"""A part of a registry, as any machine of a cluster screens it: no cluster needed."""

import pickle

from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pytest

from attrs import evolve

import incentives

from incentives import RecordError, UsageError
from incentives.clusters.asking import screen_of
from incentives.clusters.batches import OtherRulesError, id_column
from incentives.clusters.results import SCHEMAS, first, refuse
from incentives.errors import Mistake
from tests.support.canglang import FACTS, HEAD, POLICY
from tests.test_screening import DAY, FIRM, NESTED, OTHER

PACK = Path(__file__).parents[1] / "rules" / "quanzhou-2024"
TABLE = NESTED.to_arrow()
WRONG = NESTED.with_columns(kind=pl.Series(["firm", "县域企业"])).to_arrow()


def alone(shape: str, registry: Any = TABLE, **words: Any) -> pa.Table:
    """The same by `screen()`, with the types of a cluster."""
    screening = incentives.screen(registry, as_of=DAY, **words)
    table: pa.Table = getattr(screening, shape)().cast(SCHEMAS[shape])
    return table


@pytest.mark.parametrize("shape", ["totals", "determinations", "items"])
def test_results(shape: str) -> None:
    """A worker that gets a description answers as `screen()` does."""
    asked = pickle.loads(pickle.dumps(screen_of(as_of=DAY, shape=shape)))  # noqa: S301  # our own
    assert asked.results(TABLE).equals(alone(shape))
    assert asked.schema == SCHEMAS[shape]


def test_from_a_directory() -> None:
    """A pack is loaded from its directory, under the readings that are asked for."""
    readings = {"stacking": "highest-only"}
    asked = screen_of(as_of=DAY, rules=PACK, readings=readings, shape="totals")
    assert asked.pack == str(PACK)
    assert asked.results(TABLE).equals(alone("totals", readings=readings))


def test_made_once() -> None:
    """However many batches a worker screens, its book is made once."""
    asked = screen_of(as_of=DAY, rules=str(PACK))
    again = pickle.loads(pickle.dumps(asked))  # noqa: S301  # our own
    assert asked.book() is again.book()


@pytest.mark.parametrize("most", [1, 2, 3, 100])
def test_stream(most: int) -> None:
    """In how many batches rows come decides nothing; few are put together."""
    names = [f"{n}-{FIRM}" for n in range(4)]
    many = pl.concat(NESTED.head(1).with_columns(id=pl.lit(name)) for name in names)
    rows = many.to_arrow().to_batches(max_chunksize=1)
    asked = screen_of(as_of=DAY)
    found = pa.Table.from_batches(asked.stream(iter(rows), most), asked.schema)
    keys = [("id", "ascending"), ("rule", "ascending")]
    expected = alone("determinations", many.to_arrow())
    assert found.sort_by(keys).equals(expected.sort_by(keys))


def test_nobody() -> None:
    """A part with no rows has no results, in the right columns."""
    for shape in SCHEMAS:
        asked = screen_of(as_of=DAY, shape=shape)
        found = asked.results(TABLE.schema.empty_table())
        assert (found.num_rows, found.schema) == (0, SCHEMAS[shape])
        assert list(asked.stream([])) == []


def test_no_rules(tmp_path: Path) -> None:
    """Where no rule is about the subjects, nothing is said of them."""
    rule = HEAD.format("reward") + "subject: county\naward: 1万元\n"
    for name, text in {"policy": POLICY, "facts": FACTS, "reward": rule}.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    asked = screen_of(as_of=DAY, rules=tmp_path)
    assert asked.results(pa.table({"id": [FIRM]})).num_rows == 0


class TestMistakes:
    """What is wrong is told by the ids of subjects: no worker knows all rows."""

    def test_strict(self) -> None:
        """A part with a mistake is refused as a whole."""
        with pytest.raises(RecordError) as caught:
            screen_of(as_of=DAY).results(WRONG)
        (mistake,) = caught.value.mistakes
        assert mistake.path == f"enterprises['{FIRM}'].kind"
        assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)  # noqa: S301  # our own

    def test_not_strict(self) -> None:
        """Who is left out is in a table of its own."""
        kept = screen_of(as_of=DAY, strict=False, shape="totals").results(WRONG)
        assert kept.column("id").to_pylist() == [OTHER]
        told = screen_of(as_of=DAY, strict=False, shape="rejected").results(WRONG)
        (row,) = told.to_pylist()
        assert (row["id"], row["path"]) == (FIRM, f"enterprises['{FIRM}'].kind")

    def test_no_id(self) -> None:
        """Who has no id is named by that."""
        table = pa.table({"id": pa.array([FIRM, None], pa.string())})
        told = screen_of(as_of=DAY, shape="rejected").results(table)
        (row,) = told.to_pylist()
        assert (row["id"], row["path"]) == (None, "enterprises[None].id")

    def test_checked(self) -> None:
        """Columns that nobody could read are refused before anything runs."""
        asked = screen_of(as_of=DAY)
        asked.checked(TABLE.schema.empty_table())
        with pytest.raises(RecordError, match="did you mean 'city'"):
            asked.checked(pa.table({"id": [], "citty": []}))
        screen_of(as_of=DAY, ignore=["citty"]).checked(
            pa.table({"id": [], "citty": []})
        )

    def test_first(self) -> None:
        """Of very many mistakes some are told, and how many there are."""
        many = [Mistake(f"x{n}", "wrong", None) for n in range(25)]
        assert first(many[:20]) == many[:20]
        told = first(many)
        assert len(told) == 20
        assert str(told[-1]) == "x19: wrong (and 5 more mistakes)"

    def test_refuse(self) -> None:
        """Some ids are named, in order."""
        refuse([], "twice")
        with pytest.raises(UsageError, match=r"^twice: 'a', 'b'$"):
            refuse(["b", "a"], "twice")
        with pytest.raises(UsageError, match=r"'e', and more$"):
            refuse("fedcba", "twice")


class TestOthers:
    """A worker answers by the rules of who asked, or not at all."""

    def test_other_rules(self) -> None:
        """A directory with another pack in it is not taken for the same."""
        asked = screen_of(as_of=DAY, rules=PACK)
        for pack in (str(PACK), None):
            other = evolve(asked, pack=pack, digest="0" * 64)
            with pytest.raises(OtherRulesError, match="other rules"):
                other.book()

    def test_other_library(self) -> None:
        """Nor does another version of the library answer."""
        other = evolve(screen_of(as_of=DAY), code="0" * 64)
        with pytest.raises(OtherRulesError, match="another version of incentives"):
            other.results(TABLE)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({"rules": incentives.bundled()}, "the directory of a pack, got RuleBook"),
        ({"shape": "total"}, "shape: unknown 'total', did you mean 'totals'?"),
        ({"subject": "firm"}, "subject: unknown 'firm'"),
        ({"as_of": "x"}, "as_of: "),
        ({"readings": {"stacking": "x"}}, "has no value 'x'"),
    ],
)
def test_asked_wrongly(words: dict[str, Any], expected: str) -> None:
    """Words that make no sense are refused where they are said."""
    with pytest.raises(UsageError) as caught:
        screen_of(**words)
    assert expected in str(caught.value)


def test_labels() -> None:
    """The column of ids may be called by its label."""
    declared = incentives.bundled().vocabulary["enterprise"]
    assert id_column(["kind", declared.facts["id"].label], declared) is not None
    assert id_column(["kind"], declared) is None
