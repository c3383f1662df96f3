"""Registries of any shape and kind of frame, read strictly and answered exactly."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import incentives

from incentives import RecordError, UsageError
from incentives.ir import Kind
from incentives.screening.reading import read
from incentives.vocabulary import EnumerationValue, FactDeclaration
from tests.support.canglang import IN_THREE, Make

# Invented firms; the codes have valid check digits (GB 32100-2015).
FIRM, OTHER = "91350582MA31ABCD0M", "91350500MA2XYW1234"
DAY = "2025-10-01"

ENTERPRISES = pl.DataFrame(
    {
        "id": [FIRM, OTHER],
        "kind": ["县域企业", "enterprise"],
        "city": ["泉州", "厦门市"],
        "county": ["晋江", "石狮市"],
    }
)
LISTINGS = pl.DataFrame(
    {
        "enterprise_id": [OTHER, FIRM, FIRM],
        "list": ["中国民营企业500强", "中国民营企业500强", "福建省民营企业100强"],
        "publisher": ["全国工商联", "全国工商联", "福建省工商联"],
        "lead_publisher": [None, None, "省工商联"],
        "year": [2025, 2025, 2025],
        "published": [date(2025, 8, 28), date(2025, 8, 28), date(2025, 9, 10)],
    }
)
TABLES = {"enterprises": ENTERPRISES, "listings": LISTINGS}
#: The same as records.
RECORDS: list[dict[str, Any]] = [
    {
        **{k: v for k, v in firm.items() if v is not None},
        "listings": [
            {k: v for k, v in row.items() if v is not None and k != "enterprise_id"}
            for row in LISTINGS.to_dicts()
            if row["enterprise_id"] == firm["id"]
        ],
    }
    for firm in ENTERPRISES.to_dicts()
]
NESTED = pl.DataFrame([{**record} for record in RECORDS], infer_schema_length=None)


def told(screening: incentives.Screening) -> list[tuple[Any, ...]]:
    """Every determination of a screening, as plain values."""
    table = screening.determinations()
    frame = table.collect() if isinstance(table, pl.LazyFrame) else pl.DataFrame(table)
    return [
        (i, rule, str(outcome), amount, str(reason), low, high, list(missing or ()))
        for i, rule, outcome, amount, reason, low, high, missing in frame.iter_rows()
    ]


def evaluated(records: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """The same by evaluating record by record, in the order of the rules."""
    found = []
    for rule in (r.id for r in incentives.bundled() if r.subject == "enterprise"):
        for record in records:
            d = incentives.evaluate(record, as_of=DAY)[rule]
            assert d.reason_code is not None
            said = (record["id"], rule, d.outcome.value, d.amount, d.reason_code.value)
            found.append((*said, *d.bounds, list(d.missing)))
    return found


def flat() -> pl.DataFrame:
    """The same registry with its records spread out in columns."""
    rows = []
    for record in RECORDS:
        row = {k: v for k, v in record.items() if k != "listings"}
        for place, listing in enumerate(record["listings"]):
            row |= {f"listings[{place}].{k}": v for k, v in listing.items()}
        rows.append(row)
    return pl.DataFrame(rows, infer_schema_length=None)


def in_chinese() -> dict[str, pl.DataFrame]:
    """The same tables, called as the facts are labelled."""
    declared = incentives.bundled().vocabulary["enterprise"]
    labels = {name: fact.label for name, fact in declared.facts.items()}
    fields = declared.records["listings"].fields
    inside = {name: fact.label for name, fact in fields.items()}
    return {
        "企业": ENTERPRISES.rename({n: labels[n] for n in ENTERPRISES.columns}),
        "入选榜单": LISTINGS.rename(
            {"enterprise_id": labels["id"]}
            | {n: inside[n] for n in LISTINGS.columns if n in inside}
        ),
    }


class Capsule:
    """Speaks the Arrow PyCapsule interface, and nothing else."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.table.__arrow_c_stream__(requested_schema)


def every(change: Callable[[pl.DataFrame], object]) -> dict[str, object]:
    return {name: change(frame) for name, frame in TABLES.items()}


REGISTRIES: dict[str, Callable[[], Any]] = {
    "polars": lambda: TABLES,
    "lazy polars": lambda: every(pl.DataFrame.lazy),
    "pandas": lambda: every(lambda t: t.to_pandas()),
    "pandas on arrow": lambda: every(
        lambda t: t.to_pandas(use_pyarrow_extension_array=True)
    ),
    "pandas, nullable": lambda: every(lambda t: t.to_pandas().convert_dtypes()),
    "pyarrow": lambda: every(pl.DataFrame.to_arrow),
    "dictionaries": lambda: every(
        lambda t: t.with_columns(pl.col(pl.String).cast(pl.Categorical))
    ),
    "duckdb": lambda: every(lambda t: duckdb.from_arrow(t.to_arrow())),
    "capsules": lambda: every(lambda t: Capsule(t.to_arrow())),
    "Chinese": in_chinese,
    "records": lambda: RECORDS,
    "nested": lambda: NESTED,
    "nested, lazy": NESTED.lazy,
    "nested arrow": NESTED.to_arrow,
    "flat": flat,
}


@pytest.mark.parametrize("name", REGISTRIES)
def test_any_registry(name: str) -> None:
    """Whatever kind of frame a registry is, the answers are those of `evaluate()`."""
    screening = incentives.screen(REGISTRIES[name](), as_of=DAY)
    assert told(screening) == evaluated(RECORDS)
    assert screening.total == Decimal(7000000)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("polars", pl.DataFrame),
        ("lazy polars", pl.LazyFrame),
        ("pandas", pd.DataFrame),
        ("pyarrow", pa.Table),
        ("duckdb", duckdb.DuckDBPyRelation),
        ("capsules", pl.DataFrame),
        ("records", pl.DataFrame),
    ],
)
def test_the_same_kind_comes_back(name: str, kind: type) -> None:
    """Results are of the kind of frame that was given."""
    screening = incentives.screen(REGISTRIES[name](), as_of=DAY)
    for table in (screening.totals(), screening.wide(), screening.items()):
        assert isinstance(table, kind)


class TestResults:
    """What a screening says, table by table."""

    def test_totals(self) -> None:
        """One row for every subject: decided, and what it can still become."""
        table = incentives.screen(TABLES, as_of=DAY).totals()
        assert table.rows() == [
            (FIRM, Decimal(7000000), Decimal(7000000), Decimal(12500000)),
            (OTHER, Decimal(0), Decimal(0), Decimal(0)),
        ]

    def test_items(self) -> None:
        """One row for every record that a rule looks at, and one where it has none."""
        table = incentives.screen(TABLES, as_of=DAY).items()
        rows = table.filter(pl.col("rule") == "private-top-500")
        assert rows.select("id", "record", "amount", "reason").rows() == [
            (FIRM, "listings[0]", Decimal(5000000), "condition-met"),
            (FIRM, "listings[1]", Decimal(0), "condition-unmet"),
            (OTHER, "listings[0]", Decimal(0), "condition-unmet"),
        ]
        alone = table.filter(pl.col("rule") == "eia-reform-pilot")
        assert alone["record"].to_list() == [None, None]

    def test_wide(self) -> None:
        """One row for every subject, with four columns for every rule."""
        table = incentives.screen(TABLES, as_of=DAY).wide()
        assert table.width == 4 + 4 * 9
        names = ["private-top-500.outcome", "private-top-500.amount"]
        assert table.select(names).rows()[0] == ("eligible", Decimal(5000000))

    def test_explain(self) -> None:
        """One subject is explained as it is by itself, whatever the shape was."""
        for name in ("polars", "nested", "records"):
            screening = incentives.screen(REGISTRIES[name](), as_of=DAY)
            alone = incentives.evaluate(RECORDS[0], as_of=DAY)
            assert screening.explain(FIRM).to_dict() == alone.to_dict()

    def test_nobody(self) -> None:
        """Whom the registry does not have nobody can explain."""
        with pytest.raises(UsageError, match="no subject with the id 'x'"):
            incentives.screen(TABLES, as_of=DAY).explain("x")

    def test_said_of_itself(self) -> None:
        """Who prints it sees how many, when, by which policy and how much."""
        screening = incentives.screen(TABLES, as_of=DAY)
        assert len(screening) == 2
        assert repr(screening) == (
            "Screening(2 subjects, as_of='2025-10-01', policy='quanzhou-2024', "
            "total='7000000')"
        )

    def test_counties(self) -> None:
        """Counties are screened by the rules for counties."""
        table = pl.DataFrame(
            {
                "县域名称": ["晋江市", "泉港区"],
                "honours": [
                    [
                        {
                            "title": "全省县域重点产业链高质量发展优秀奖",
                            "year": 2025,
                            "date": "2025-09-01",
                        }
                    ],
                    [],
                ],
            }
        )
        screening = incentives.screen(table, as_of=DAY, subject="county")
        alone = incentives.evaluate(
            {
                "id": "晋江市",
                "kind": "county",
                "honours": table["honours"][0].to_list(),
            },
            as_of=DAY,
        )
        assert screening.total == alone.total
        assert screening.rules == ("county-excellence", "pilot-county-support")

    def test_counties_that_do_not_say_so(self) -> None:
        """A county is read as one, whether or not its row says that it is."""
        table = pl.DataFrame({"id": ["晋江市"], "industrial_revenue": [3e11]})
        screening = incentives.screen(table, as_of=DAY, subject="county")
        assert screening.explain("晋江市").subject == "county"

    def test_no_rules(self, make: Make) -> None:
        """Where a policy has no rules for a kind of subject, nothing is due to it."""
        book = make(a=IN_THREE)
        table = pl.DataFrame({"id": ["晋江市"]})
        screening = incentives.screen(table, as_of=DAY, subject="county", rules=book)
        assert screening.rules == ()
        assert screening.totals().rows()[0][1:] == (Decimal(0),) * 3

    @pytest.mark.parametrize("given", [{}, {"cost": "100万元"}])
    def test_a_list_that_is_not_there(self, given: dict[str, Any]) -> None:
        """What rules sum up over a list that no table has is not known, nor refused."""
        pack = Path(__file__).parents[1] / "examples" / "packs" / "linjiang-2026"
        book = incentives.load(pack)
        record: dict[str, Any] = {"id": FIRM, "kind": "enterprise"}
        if given:
            record["projects"] = [{"id": "p1", **given}]
        table = pl.DataFrame([record])
        screening = incentives.screen(table, as_of=DAY, rules=book)
        alone = incentives.evaluate(record, as_of=DAY, rules=book)
        for _, rule, outcome, _, reason, low, high, missing in told(screening):
            d = alone[rule]
            assert d.reason_code is not None
            assert (outcome, reason) == (d.outcome.value, d.reason_code.value)
            assert ((low, high), missing) == (d.bounds, list(d.missing))

    def test_many_batches(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """In how many parts a registry is looked at decides nothing."""
        many = pl.concat(
            ENTERPRISES.with_columns(id=pl.lit(f"x{n}-") + pl.col("id"))
            for n in range(5)
        )
        listings = pl.concat(
            LISTINGS.with_columns(
                enterprise_id=pl.lit(f"x{n}-") + pl.col("enterprise_id")
            )
            for n in range(5)
        )
        tables = {"enterprises": many, "listings": listings.reverse()}
        whole = incentives.screen(tables, as_of=DAY)
        monkeypatch.setattr("incentives.screening.screen.BATCH", 3)
        parts = incentives.screen(tables, as_of=DAY)
        assert parts.totals().equals(whole.totals())
        assert sorted(told(parts)) == sorted(told(whole))
        keys = ["rule", "id", "record"]
        assert parts.items().sort(keys).equals(whole.items().sort(keys))

    def test_readings(self) -> None:
        """Other readings of ambiguous words are read in columns as well."""
        screening = incentives.screen(
            TABLES, as_of=DAY, readings={"stacking": "highest-only"}
        )
        assert screening.total == Decimal(5000000)
        reasons = screening.determinations().filter(pl.col("id") == FIRM)
        beaten = reasons.filter(pl.col("rule") == "fujian-top-100")
        assert beaten["reason"].to_list() == ["superseded"]


class TestOtherPacks:
    """Numbers, figures of a year and lists of plain values, as a pack declares them."""

    LINJIANG = pl.DataFrame(
        {
            "id": ["91999900MA6LJ0001D", "b"],
            "area": ["120.5", None],
            "staff": [12.0, None],
            "exports": [2.25, None],
            "revenue[2026]": ["3000万元", None],
            "revenue_2025": [20_000_000, None],
            "qualifications": [["高新技术企业"], []],
            "exhibitions": [[], []],
            "project.id": ["p1", None],
            "projects[1].id": ["p2", None],
            "loans": [None, None],
        }
    )

    def test_read(self) -> None:
        """They are read to what a record with the same facts is read to."""
        screening = incentives.screen(
            self.LINJIANG, as_of="2027-03-01", rules=linjiang()
        )
        record = {
            "id": "91999900MA6LJ0001D",
            "area": "120.5",
            "staff": 12,
            "exports": "2.25",
            "revenue": {"2026": "3000万元", "2025": "2000万元"},
            "qualifications": ["高新技术企业"],
            "exhibitions": [],
            "projects": [{"id": "p1"}, {"id": "p2"}],
        }
        alone = incentives.evaluate(record, as_of="2027-03-01", rules=linjiang())
        assert screening.explain(record["id"]).to_dict() == alone.to_dict()
        found = screening.determinations().filter(pl.col("id") == record["id"])
        assert found["outcome"].to_list() == [
            alone[rule].outcome.value for rule in screening.rules
        ]

    @pytest.mark.parametrize(
        ("columns", "expected"),
        [
            ({"revenue": [1]}, "one column for each year: revenue[2024]"),
            ({"revenue[24]": [1]}, "unknown column"),
            ({"name[2024]": ["x"]}, "unknown column"),
            ({"area": ["x"], "id": [None]}, "enterprises[0].area"),
            ({"id": [" x"]}, "text with blanks around it"),
            (
                {"qualifications": [["green-factory"] * 2]},
                "is the value of another record",
            ),
        ],
    )
    def test_wrong(self, columns: dict[str, Any], expected: str) -> None:
        """What is wrong with such a column is told as of any other."""
        table = pl.DataFrame({"id": ["a"], **columns}, strict=False)
        with pytest.raises(RecordError) as caught:
            incentives.screen(table, as_of="2027-03-01", rules=linjiang())
        assert expected in str(caught.value)

    def test_arrays(self) -> None:
        """Lists that are all of one length may be arrays."""
        words = pl.Series([["绿色工厂"]], dtype=pl.Array(pl.String, 1))
        table = pl.DataFrame({"id": ["a"], "qualifications": words})
        screening = incentives.screen(table, as_of="2027-03-01", rules=linjiang())
        record = {"id": "a", "qualifications": ["绿色工厂"]}
        alone = incentives.evaluate(record, as_of="2027-03-01", rules=linjiang())
        assert screening.explain("a") == alone

    def test_any_name(self) -> None:
        """A fact of a record may be called as this library would call a column."""
        root = Path(__file__).parents[0] / "data" / "chinese-pack"
        book = incentives.load(root)
        (records,) = [
            name
            for name, declared in book.vocabulary["enterprise"].records.items()
            if "number" in declared.fields
        ]
        tables = incentives.synthesize(book, rows=50, seed=3)
        assert "number" in tables[records].columns
        assert len(incentives.screen(tables, rules=book, as_of=DAY)) == 50

    def test_too_many(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """No subject has more records than a record may list."""
        monkeypatch.setattr("incentives.screening.registry.MAX_RECORDS", 1)
        with pytest.raises(RecordError, match="more than 1 records of one subject"):
            incentives.screen(self.LINJIANG, as_of="2027-03-01", rules=linjiang())


@cache
def linjiang() -> incentives.RuleBook:
    root = Path(__file__).parents[1]
    return incentives.load(root / "examples" / "packs" / "linjiang-2026")


class TestMistakes:
    """A registry is refused with everything that is wrong with it."""

    def test_all_at_once(self) -> None:
        """Every mistake is told with its table, its row, its column and a suggestion."""
        enterprises = ENTERPRISES.with_columns(
            citty=pl.lit("x"), kind=pl.Series(["县域企业", "firm"])
        )
        listings = LISTINGS.with_columns(
            published=pl.Series(["2025-08-28", "28.8.2025", None]),
            year=pl.Series(["2025", None, None]),
        )
        with pytest.raises(RecordError) as caught:
            incentives.screen(
                {"enterprises": enterprises, "listings": listings}, as_of=DAY
            )
        assert [(m.path, m.suggestion) for m in caught.value.mistakes] == [
            ("enterprises.citty", "did you mean 'city'?"),
            ("enterprises[1].kind", None),
            ("listings[0].year", "write 2025 without quotes"),
            ("listings[1].published", None),
        ]

    def test_alike(self) -> None:
        """Of many rows with one and the same mistake a few are named, and counted."""
        ids = [f"x{n}" for n in range(100)]
        table = pl.DataFrame({"id": ids, "kind": ["firm"] * 100})
        with pytest.raises(RecordError) as caught:
            incentives.screen(table, as_of=DAY)
        mistakes = caught.value.mistakes
        assert [m.path for m in mistakes[:2]] == [
            "enterprises[0].kind",
            "enterprises[1].kind",
        ]
        assert mistakes[-1].message.endswith("(95 such rows in all)")

    @pytest.mark.parametrize(
        ("tables", "expected"),
        [
            ({"enterprises": {"name": ["x"]}}, "enterprises.id: missing"),
            ({"enterprises": {"id": ["a", "a"]}}, "'a' has another row too"),
            ({"enterprises": {"id": ["a", None]}}, "enterprises[1].id: missing"),
            (
                {"enterprises": {"id": ["a"]}, "listings": {"list": ["x"]}},
                "listings.enterprise_id: no column says whose",
            ),
            (
                {
                    "enterprises": {"id": ["a"]},
                    "listings": {"id": ["b"], "list": ["x"]},
                },
                "listings[0].id: 'b' is in no row of enterprises",
            ),
            (
                {
                    "enterprises": {"id": ["a"]},
                    "platforms": {"enterprise_id": ["a", "a"], "id": ["p", "p"]},
                },
                "platforms[1].id: 'p' is the id of another record too",
            ),
            (
                {
                    "enterprises": {"id": ["a"]},
                    "awards": {
                        "id": ["a", "a"],
                        "rule": ["private-top-50", "x"],
                        "amount": [1, 0],
                        "policy": [None, "elsewhere"],
                    },
                },
                "unknown rule 'private-top-50', did you mean 'private-top-500'?",
            ),
            (
                {
                    "enterprises": {"id": ["a"]},
                    "awards": {"id": ["a"], "rule": ["x"]},
                },
                "an award under another policy names it",
            ),
            (
                {
                    "enterprises": {"id": ["a"]},
                    "awards": {"id": ["a"], "amount": [0]},
                },
                "awards[0].amount: an award of nothing",
            ),
            (
                {
                    "enterprises": {"id": ["a"], "listings": [[{"list": "x"}]]},
                    "listings": {"id": ["a"], "list": ["x"]},
                },
                "given in the wide table and in one of its own",
            ),
            (
                {
                    "enterprises": {
                        "id": ["a"],
                        "注册地（设区市）": ["x"],
                        "city": ["x"],
                    }
                },
                "twice",
            ),
            ({"enterprises": {"id": ["a"], "funds": [1]}}, "`ignore`"),
            (
                {"enterprises": {"id": ["a"], "listings": [{"list": "x"}]}},
                "enterprises.listings: expected a list of records in every cell, got S",
            ),
            (
                {"enterprises": {"id": ["a"], "listings": [["x"]]}},
                "got List(String), leave it out where nothing is known",
            ),
            (
                {"enterprises": {"id": ["a"], "listings": [[{"list": "x"}, None]]}},
                "enterprises[0].listings[1]: expected a record, got null, leave it out",
            ),
            (
                {"enterprises": {"id": ["a"], "listings": [[]], "入选榜单": [[]]}},
                "enterprises.入选榜单: listings is given twice",
            ),
            (
                {"enterprises": {"id": ["a"], "listings": [[]], "listing.list": ["x"]}},
                "enterprises.listing.list: listings stands in a column of its own too",
            ),
            (
                {
                    "enterprises": {
                        "id": ["a"],
                        "platform.id": ["x"],
                        "platforms[0].id": ["y"],
                    }
                },
                "id of this record is given twice",
            ),
            (
                {
                    "enterprises": {
                        "id": ["a"],
                        "platforms[0].id": ["x"],
                        "platforms[1].id": [1],
                        "platforms[2].id": [None],
                    }
                },
                "enterprises.platforms[1].id: Int64 here, but String in another record",
            ),
        ],
    )
    def test_wrong(self, tables: dict[str, Any], expected: str) -> None:
        """Nothing is guessed of a table that does not say whose or what it is."""
        frames = {
            name: pl.DataFrame(columns, strict=False)
            for name, columns in tables.items()
        }
        with pytest.raises(RecordError) as caught:
            incentives.screen(frames, as_of=DAY)
        assert expected in str(caught.value)

    @pytest.mark.parametrize(
        ("registry", "expected"),
        [
            ({"listing": ENTERPRISES}, "unknown table 'listing', did you mean"),
            ({"enterprises": ENTERPRISES, "企业": ENTERPRISES}, "given twice"),
            ({"enterprises": 5}, "expected a data frame, got 5"),
            (5, "expected a data frame, got 5"),
            ([{"id": "a"}, {"id": "a"}], "two records with one id: 'a'"),
            ([{"id": "晋江市", "kind": "county"}], "of another kind"),
        ],
    )
    def test_no_registry(self, registry: object, expected: str) -> None:
        """What is no registry is refused with what is one."""
        with pytest.raises(UsageError, match=expected):
            incentives.screen(registry, as_of=DAY)

    def test_no_such_subject(self) -> None:
        """Only enterprises and counties are screened."""
        with pytest.raises(UsageError, match="unknown kind 'firm'"):
            incentives.screen(TABLES, as_of=DAY, subject="firm")

    def test_mixed_column(self) -> None:
        """A column that mixes types is refused as a whole."""
        frame = pd.DataFrame({"id": ["a", 1]})
        with pytest.raises(UsageError, match="give every column one type"):
            incentives.screen(frame, as_of=DAY)

    def test_two_columns_of_one_name(self) -> None:
        """A frame in which two columns have one name is refused as a whole."""
        frame = pd.DataFrame([["a", "b"]], columns=["id", "id"])
        with pytest.raises(UsageError, match="and a name of its own"):
            incentives.screen(frame, as_of=DAY)

    def test_records(self) -> None:
        """Of records, too, every mistake is told at once, or left out and told."""
        records = [{"id": "a", "citty": "x"}, RECORDS[0], {"kind": "firm"}]
        with pytest.raises(RecordError) as caught:
            incentives.screen(iter(records), as_of=DAY)
        assert [m.path for m in caught.value.mistakes] == [
            "a: citty",
            "records[2]: id",
            "records[2]: kind",
        ]
        screening = incentives.screen(records, as_of=DAY, strict=False)
        assert [each.subject for each in screening.rejected] == [0, 2, 2]
        assert screening.total == Decimal(7000000)

    @pytest.mark.parametrize("kind", [list, pl.DataFrame])
    def test_too_fine(self, kind: Callable[[object], object]) -> None:
        """A number that fits in no column with others is refused, not rounded."""
        records = [{"id": "a", "area": "1." + "1" * 30}, {"id": "b", "area": "1.5"}]
        with pytest.raises(RecordError, match="a number too fine"):
            incentives.screen(kind(records), as_of="2027-03-01", rules=linjiang())

    def test_not_strict(self) -> None:
        """Without strictness the other subjects are answered, and what is wrong is told."""
        enterprises = ENTERPRISES.with_columns(kind=pl.Series([None, "firm"]))
        tables = {"enterprises": enterprises, "listings": LISTINGS}
        screening = incentives.screen(tables, as_of=DAY, strict=False)
        assert [each.mistake.path for each in screening.rejected] == [
            "enterprises[1].kind"
        ]
        assert screening.totals()["id"].to_list() == [FIRM]
        assert screening.total == Decimal(7000000)

    def test_ignored(self) -> None:
        """A column that is no fact can be left aside by its name."""
        tables = {**TABLES, "enterprises": ENTERPRISES.with_columns(备注=pl.lit("x"))}
        screening = incentives.screen(tables, as_of=DAY, ignore=["备注"])
        assert screening.total == Decimal(7000000)


MONEY = FactDeclaration("cost", Kind.MONEY)
PROFIT = FactDeclaration("profit", Kind.MONEY, negative=True)
EVENT = FactDeclaration("day", Kind.DATE)
TEXT = FactDeclaration("text", Kind.TEXT)
WORD = FactDeclaration(
    "word", Kind.TEXT, values=(EnumerationValue("yes", "是", "yes"),)
)
COUNT = FactDeclaration("count", Kind.NUMBER)
YEAR = FactDeclaration("year", Kind.YEAR)
FLAG = FactDeclaration("flag", Kind.BOOLEAN)
RATE = FactDeclaration("rate", Kind.RATE)


@pytest.mark.parametrize(
    ("declared", "column", "values"),
    [
        (MONEY, [1, None], [100, None]),
        (MONEY, [1.5, 2.25, 3.0], [150, 225, 300]),
        (MONEY, [Decimal("0.01"), Decimal("90071992547409.93")], [1, 9007199254740993]),
        (MONEY, ["500万元", "0.01"], [500_000_000, 1]),
        (PROFIT, [-1, 1], [-100, 100]),
        (PROFIT, [-1.5], [-150]),
        (EVENT, [date(2025, 1, 1), None], [date(2025, 1, 1), None]),
        (EVENT, [datetime(2025, 1, 1)], [date(2025, 1, 1)]),  # noqa: DTZ001  # naive on purpose
        # 16:00 in Greenwich is midnight in Shanghai.
        (EVENT, [datetime(2025, 1, 1, 16, tzinfo=UTC)], [date(2025, 1, 2)]),
        (EVENT, ["2025-01-01"], [date(2025, 1, 1)]),
        (EVENT, [False], [date.max]),
        (TEXT, ["a", None], ["a", None]),
        (WORD, ["是", "yes"], ["yes", "yes"]),
        (COUNT, [1, 2.0], [1, 2]),
        (COUNT, ["1.5"], [3]),
        (COUNT, [1.25], [5]),
        (YEAR, [2025], [2025]),
        (YEAR, [2025.0], [2025]),
        (FLAG, [True, None], [True, None]),
        (RATE, ["30%"], [3]),
        (TEXT, [None], [None]),
    ],
)
def test_values(
    declared: FactDeclaration, column: list[Any], values: list[Any]
) -> None:
    """Values of every type are read to what a record would be read to."""
    found = read(pl.Series(column, strict=False), declared)
    assert found.column.to_list() == values
    assert not found.refused


@pytest.mark.parametrize(
    ("declared", "column", "wrong"),
    [
        (MONEY, [0.1, 1.0], [0]),
        (MONEY, [float("nan")], [0]),
        (MONEY, [float("inf")], [0]),
        (MONEY, [-1], [0]),
        (MONEY, [Decimal("0.001")], [0]),
        (MONEY, [10**17], [0]),
        (MONEY, ["many"], [0]),
        (MONEY, [True], [0]),
        (EVENT, [date(1800, 1, 1)], [0]),
        (EVENT, [datetime(2025, 1, 1, 5)], [0]),  # noqa: DTZ001  # naive on purpose
        (EVENT, [45000], [0]),
        (EVENT, [True], [0]),
        (TEXT, ["a", " b", "c\u3000d", ""], [1, 2, 3]),
        (TEXT, [1], [0]),
        (TEXT, ["x" * 1001], [0]),
        (WORD, ["no", "yes", "no"], [0, 2]),
        (COUNT, [-1], [0]),
        (COUNT, [0.1], [0]),
        (YEAR, [1800], [0]),
        (YEAR, ["2025"], [0]),
        (FLAG, [1], [0]),
        (FLAG, ["是"], [0]),
    ],
)
def test_no_values(
    declared: FactDeclaration, column: list[Any], wrong: list[int]
) -> None:
    """What a record would be refused for a column is refused for, row by row."""
    found = read(pl.Series(column, strict=False), declared)
    assert [each.row for each in found.refused] == wrong
    assert found.column.gather(wrong).to_list() == [None] * len(wrong)
