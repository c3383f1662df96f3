"""The annex tables and the inventories of the pack quanzhou-2024."""

import csv
import re

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import pytest

PACK = Path(__file__).resolve().parent.parent / "rules" / "quanzhou-2024"

COLUMNS = {
    "chains": "chain,category,cluster",
    "cluster_counties": "cluster,county",
    "counties": "county,county_class",
    "county_chains": "county,chain,cluster,category,provincial_chain",
    "chain_aliases": "alias,chain,where",
    "county_aliases": "alias,county,where",
    "clauses": "id,task,at,kind,rule,clause,quote",
    "ambiguities": "no,clauses,question,reading,treatment",
}
MAY_BE_EMPTY = {"provincial_chain", "task", "rule", "reading"}

OBLIGATIONS = ["奖补", "非现金支持", "优先", "目标", "职责", "权利", "权限"]
KINDS = [*OBLIGATIONS, "分类", "施行期", "效力", "无规范内容", "责任单位"]
OUTSIDE = {"专栏", "附件", "末段", "落款"}

RULES = """
1-A private-top-500; 1-B fujian-top-100; 1-C manufacturing-champion;
7-A project-layout-priority; 8-B science-plan-recommendation; 9-A pilot-platform;
11-B tech-mission-project; 20-C tech-loan; 23-A county-excellence;
24-A pilot-county-support; 24-B eia-reform-pilot
"""

READINGS = """
02 effective-date; 03 dated-by; 04 last-day; 07 domicile; 08 leading-enterprise;
09 stacking; 10 rounding; 12 list-sunset; 13 one-time; 14 list-year; 15 list-title;
17 lists-of-2024; 18 list-year; 19 champion-level; 20 matching-award;
23 recognised-by; 25 key-chain; 28 platform-cap; 29 subsidy-rate; 34 county-class;
35 class-boundary; 37 county-one-time
"""

# 南安市重点发展石材、水暖厨卫2条细分链条: a county and its chains.
LAYOUT = re.compile(
    r"(\w{2}[市县区]|开发区|台商区)重点(?:发展|布局)(.+?)(?=\d条细分|[，。])"
)


def pairs(text: str) -> list[tuple[str, str]]:
    """The pairs of words that a text lists between semicolons."""
    found = (pair.split() for pair in text.split(";"))
    return [(first, second) for first, second in found]


def table(name: str) -> list[dict[str, str]]:
    """The rows of a table, each a mapping from column to cell."""
    text = (PACK / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(), strict=True))


def kinds(row: dict[str, str]) -> set[str]:
    """What a catalogued unit does: its kinds."""
    return set(row["kind"].split("|"))


def position(row: dict[str, str]) -> tuple[int, int]:
    """Line and sentence of the source where a unit stands."""
    line, sentence = row["at"].split(".")
    return int(line), int(sentence)


def tally(rows: list[dict[str, str]], column: str) -> str:
    """How often each value of a column occurs, in order of first occurrence."""
    return " ".join(f"{v} {n}" for v, n in Counter(r[column] for r in rows).items())


def doubled(values: Iterable[object]) -> list[object]:
    """The values that occur more than once."""
    return [value for value, times in Counter(values).items() if times > 1]


class TestEveryTable:
    @pytest.mark.parametrize("name", COLUMNS)
    def test_file_is_plain_utf8_with_its_header(self, name: str):
        """A table is UTF-8 without BOM, has LF line ends and its exact header."""
        raw = (PACK / f"{name}.csv").read_bytes()
        assert raw.decode("utf-8").split("\n", 1)[0] == COLUMNS[name]
        assert b"\r" not in raw
        assert raw.endswith(b"\n")

    @pytest.mark.parametrize("name", COLUMNS)
    def test_cells_are_filled_and_trimmed(self, name: str):
        """Only the columns that may be empty are, and no cell has outer spaces."""
        header = COLUMNS[name].split(",")
        for row in table(name):
            assert list(row) == header
            assert all(row[key] for key in header if key not in MAY_BE_EMPTY), row
            assert all(cell == cell.strip() for cell in row.values()), row

    @pytest.mark.parametrize("name", COLUMNS)
    def test_no_row_is_repeated(self, name: str):
        """No table states the same thing twice."""
        assert doubled([tuple(row.values()) for row in table(name)]) == []

    def test_the_pack_has_no_other_table(self):
        """Every table of the pack is known here."""
        assert {path.stem for path in PACK.glob("*.csv")} == set(COLUMNS)


class TestAnnex1:
    """附件1　泉州市50条县域重点产业链目录"""

    def test_fifty_chains_in_three_categories(self):
        """巩固提升31条优势产业链，培育壮大14条战新产业链，前瞻布局5条未来产业链"""
        chains = table("chains")
        assert len({row["chain"] for row in chains}) == len(chains) == 50
        assert tally(chains, "category") == "优势产业 31 战新产业 14 未来产业 5"

    def test_chains_per_cluster(self):
        """Each cluster has the number of chains that annex 1 prints, in its order."""
        assert tally(table("chains"), "cluster") == (
            "纺织鞋服 9 建材家居 3 石油化工 9 健康食品 4 工艺制品 4 纸业印刷 2 "
            "新一代信息技术 4 新材料 4 高端装备 4 新一代人工智能 2 "
            "卫星互联网 1 核医疗 1 低空经济 1 氢能 1 生物医药 1"
        )

    def test_a_cluster_has_one_category(self):
        """A cluster is of one category only."""
        categories = {(row["cluster"], row["category"]) for row in table("chains")}
        assert len(categories) == 15

    def test_counties_per_cluster(self):
        """Each cluster has the counties that annex 1 prints, 41 pairs in all."""
        rows = table("cluster_counties")
        assert len(rows) == 41
        assert tally(rows, "cluster") == (
            "纺织鞋服 5 建材家居 2 石油化工 2 健康食品 5 工艺制品 4 纸业印刷 3 "
            "新一代信息技术 5 新材料 5 高端装备 4 新一代人工智能 1 "
            "卫星互联网 1 核医疗 1 低空经济 1 氢能 1 生物医药 1"
        )

    def test_both_columns_name_the_same_clusters(self):
        """Every cluster has chains and counties; every county is one of the 13."""
        rows = table("cluster_counties")
        assert {row["cluster"] for row in rows} == {
            row["cluster"] for row in table("chains")
        }
        assert {row["county"] for row in rows} == {
            row["county"] for row in table("counties")
        }


class TestAnnex2:
    """附件2　各县(市、区)建议布局的重点产业链目录"""

    def test_thirteen_counties_in_three_classes(self):
        """13 counties are 3 of the first, 3 of the second and 7 of the third class."""
        rows = table("counties")
        assert tally(rows, "county_class") == "一类县域 3 二类县域 3 三类县域 7"
        assert " ".join(row["county"] for row in rows) == (
            "晋江市 南安市 惠安县 泉港区 石狮市 安溪县 "
            "鲤城区 丰泽区 洛江区 永春县 德化县 开发区 台商区"
        )

    def test_assignments_per_county(self):
        """The 76 assignments of chains fall on the counties in the annex's order."""
        rows = table("county_chains")
        assert len({(row["county"], row["chain"]) for row in rows}) == len(rows) == 76
        assert tally(rows, "county") == (
            "晋江市 13 南安市 10 惠安县 13 泉港区 10 石狮市 7 安溪县 4 鲤城区 4 "
            "丰泽区 2 洛江区 3 永春县 2 德化县 1 开发区 5 台商区 2"
        )

    def test_counties_come_in_the_order_of_the_classes(self):
        """Both tables list the same counties in the same order."""
        order = dict.fromkeys(row["county"] for row in table("county_chains"))
        assert list(order) == [row["county"] for row in table("counties")]

    def test_twenty_one_provincial_entries(self):
        """省级管理县域重点产业链(21条): counted by printed row, of which there are 37."""
        rows = {
            (row["county"], row["cluster"]): row["provincial_chain"]
            for row in table("county_chains")
        }
        assert len(rows) == 37
        assert Counter(filter(None, rows.values())) == {
            "纺织鞋服": 3,
            "电子信息": 3,
            "健康食品": 5,
            "建材家居": 1,
            "机械装备": 2,
            "石油化工": 1,
            "石化化工": 1,
            "工艺制品": 4,
            "软件和信息技术服务业": 1,
        }
        assert sum(map(bool, rows.values())) == 21

    def test_a_printed_row_has_one_provincial_chain(self):
        """All chains of one printed row share its provincial chain."""
        rows = table("county_chains")
        entries = {(r["county"], r["cluster"], r["provincial_chain"]) for r in rows}
        assert len(entries) == 37

    def test_categories_of_assignments(self):
        """49 assignments are 优势, 22 战新 and 5 未来."""
        assert tally(table("county_chains"), "category") == (
            "优势产业 49 战新产业 22 未来产业 5"
        )


class TestBothAnnexes:
    """Where the annexes differ, the tables differ: exactly there and nowhere else."""

    def test_one_assigned_chain_is_not_in_annex_1(self):
        """智能对讲机, given to 南安市, is the only chain that annex 1 does not have."""
        known = {row["chain"] for row in table("chains")}
        strangers = [
            (row["county"], row["chain"])
            for row in table("county_chains")
            if row["chain"] not in known
        ]
        assert strangers == [("南安市", "智能对讲机")]

    def test_one_chain_is_given_to_no_county(self):
        """高性能陶瓷材料 is the only chain of annex 1 without a county in annex 2."""
        given = {row["chain"] for row in table("county_chains")}
        orphans = [row["chain"] for row in table("chains") if row["chain"] not in given]
        assert orphans == ["高性能陶瓷材料"]

    def test_categories_agree(self):
        """A chain has the same category in both annexes."""
        category = {row["chain"]: row["category"] for row in table("chains")}
        for row in table("county_chains"):
            expected = category.get(row["chain"], "战新产业")
            assert row["category"] == expected, row

    def test_clusters_differ_in_two_places(self):
        """泉港区 prints 石化化工, and 南安市 has 智能机器人 under 高端装备."""
        cluster = {row["chain"]: row["cluster"] for row in table("chains")}
        different = {
            (row["county"], row["cluster"], cluster[row["chain"]])
            for row in table("county_chains")
            if cluster.get(row["chain"], row["cluster"]) != row["cluster"]
        }
        assert different == {
            ("泉港区", "石化化工", "石油化工"),
            ("南安市", "高端装备", "新一代人工智能"),
        }

    def test_county_columns_differ_in_four_places(self):
        """Annex 1 names four pairs that annex 2 lacks; annex 2 adds none."""
        first = {(row["cluster"], row["county"]) for row in table("cluster_counties")}
        second = {
            (row["cluster"].replace("石化化工", "石油化工"), row["county"])
            for row in table("county_chains")
        }
        assert second - first == set()
        assert first - second == {
            ("建材家居", "晋江市"),
            ("纸业印刷", "南安市"),
            ("新材料", "鲤城区"),
            ("新材料", "晋江市"),
        }


class TestBoxes:
    """专栏1-3: the county layout that the quoted sentences of the boxes describe."""

    def test_boxes_and_annex_2_differ_in_four_places(self):
        """Boxes add three assignments and lack one; the clusters without a box apart."""
        names = {row["alias"]: row["chain"] for row in table("chain_aliases")}
        boxed = {
            (county, names.get(chain, chain))
            for row in table("clauses")
            if row["clause"] in {"专栏1", "专栏2", "专栏3"}
            for county, chains in LAYOUT.findall(row["quote"])
            for chain in chains.split("、")
        }
        assigned = {
            (row["county"], row["chain"])
            for row in table("county_chains")
            if row["cluster"] not in {"石油化工", "石化化工"}
            and row["category"] != "未来产业"
        }
        assert boxed - assigned == {
            ("永春县", "陶瓷"),
            ("南安市", "卫生用品"),
            ("鲤城区", "纺织新材料"),
        }
        assert assigned - boxed == {("南安市", "智能对讲机")}
        assert (len(boxed), len(assigned)) == (58, 56)


class TestAliases:
    @pytest.mark.parametrize(
        ("noun", "names", "count"), [("chain", "chains", 10), ("county", "counties", 2)]
    )
    def test_aliases_lead_to_names(self, noun: str, names: str, count: int):
        """An alias is not itself a name, occurs once and leads to a name."""
        rows = table(f"{noun}_aliases")
        known = {row[noun] for row in table(names)}
        assert len({row["alias"] for row in rows}) == len(rows) == count
        assert {row["alias"] for row in rows} & known == set()
        assert {row[noun] for row in rows} <= known


class TestClauses:
    def test_ids_are_unique(self):
        """Each of the 238 units has its own id."""
        ids = [row["id"] for row in table("clauses")]
        assert doubled(ids) == []
        assert len(ids) == 238

    def test_units_come_in_the_order_of_the_source(self):
        """Line and sentence never go back, and tasks count up from 1 to 25."""
        rows = table("clauses")
        assert all(a <= b for a, b in pairwise(map(position, rows)))
        tasks = [int(row["task"]) for row in rows if row["task"]]
        assert all(b - a in {0, 1} for a, b in pairwise(tasks))
        assert (tasks[0], tasks[-1]) == (1, 25)

    def test_a_sentence_is_quoted_once(self):
        """Two units of the same line never quote the same words."""
        quoted = [(position(row)[0], row["quote"]) for row in table("clauses")]
        assert doubled(quoted) == []

    def test_kinds_are_a_closed_vocabulary(self):
        """Units per kind, where a unit may have more than one."""
        rows = [{"kind": kind} for row in table("clauses") for kind in kinds(row)]
        assert {row["kind"] for row in rows} == set(KINDS)
        assert tally(
            sorted(rows, key=lambda row: KINDS.index(row["kind"])), "kind"
        ) == (
            "奖补 6 非现金支持 22 优先 3 目标 32 职责 44 权利 2 权限 3 "
            "分类 45 施行期 2 效力 4 无规范内容 71 责任单位 25"
        )

    def test_no_normative_content_stands_alone(self):
        """A unit without normative content, or of departments, has no second kind."""
        for row in table("clauses"):
            assert len(kinds(row)) == 1 or not kinds(row) & {"无规范内容", "责任单位"}

    @pytest.mark.parametrize("task", [str(number) for number in range(1, 26)])
    def test_every_task_obliges_somebody(self, task: str):
        """A task has an obligation, a heading and one line of departments."""
        rows = [row for row in table("clauses") if row["task"] == task]
        assert any(kinds(row) & set(OBLIGATIONS) for row in rows)
        assert rows[0]["id"] == f"N-{task}"
        assert rows[0]["quote"].startswith(f"{task}.")
        (departments,) = [row for row in rows if kinds(row) == {"责任单位"}]
        assert departments["id"] == f"D-{task}"
        assert departments["quote"].startswith("责任单位：")

    def test_clause_numbers_of_the_tasks(self):
        """21 tasks stand in the six parts of 二, the last four in 三."""
        parts = ["（一）"] * 4 + ["（二）"] * 3 + ["（三）"] * 4 + ["（四）"] * 4
        parts += ["（五）"] * 3 + ["（六）"] * 3
        expected = [f"二{part}{task}" for task, part in enumerate(parts, 1)]
        expected += [f"三{task}" for task in range(22, 26)]
        assert [
            row["clause"] for row in table("clauses") if row["kind"] == "责任单位"
        ] == expected

    def test_boxes_and_annexes_are_there(self):
        """Each box stands in its task; annexes and closing lines stand in none."""
        rows = [row for row in table("clauses") if row["clause"][:2] in OUTSIDE]
        assert tally(rows, "clause") == (
            "专栏1 4 专栏2 13 专栏3 13 专栏4 9 "
            "附件目录 2 末段 4 落款 2 附件1 5 附件2 13"
        )
        tasks = {row["clause"]: row["task"] for row in rows if row["task"]}
        assert tasks == {"专栏1": "1", "专栏2": "2", "专栏3": "3", "专栏4": "5"}

    def test_every_rule_encodes_one_unit(self):
        """Each rule id is used by exactly the unit whose words it encodes."""
        used = [(row["id"], row["rule"]) for row in table("clauses") if row["rule"]]
        assert used == pairs(RULES)

    def test_every_unit_of_money_has_a_rule(self):
        """All 奖补 units are encoded, and a sum in 万元 stands in no other unit."""
        rows = table("clauses")
        money = {row["id"] for row in rows if "奖补" in kinds(row)}
        assert money == {"1-A", "1-B", "1-C", "9-A", "11-B", "23-A"}
        assert money <= {unit for unit, _ in pairs(RULES)}
        sums = {row["id"] for row in rows if re.search(r"\d万元", row["quote"])}
        assert sums == money - {"11-B"}

    def test_status_is_quoted(self):
        """The draft status, the open issue date and both sunsets are quoted."""
        quotes = {row["id"]: row["quote"] for row in table("clauses")}
        assert quotes["S-3"] == "（送审稿）"
        assert quotes["S-7"] == "2024年 月 日"
        assert quotes["Z-2"].endswith("有效期至2025年12月31日")
        assert quotes["Z-3"] == "其他条例有效期至2027年12月31日"


class TestAmbiguities:
    def test_forty_one_in_order(self):
        """The ambiguities are numbered from AMB-01 to AMB-41 without a gap."""
        assert [row["no"] for row in table("ambiguities")] == [
            f"AMB-{number:02d}" for number in range(1, 42)
        ]

    def test_readings(self):
        """22 ambiguities are encoded by 21 switches, each where it belongs."""
        readings = [
            (row["no"].removeprefix("AMB-"), row["reading"])
            for row in table("ambiguities")
            if row["reading"]
        ]
        assert readings == pairs(READINGS)
        assert (len(readings), len({switch for _, switch in readings})) == (22, 21)

    def test_clauses_exist(self):
        """An ambiguity is of known units, of the whole text or of all targets."""
        known = {row["id"] for row in table("clauses")} | {"全部", "目标"}
        for row in table("ambiguities"):
            assert set(row["clauses"].split("|")) <= known, row

    def test_a_switch_states_its_default(self):
        """The treatment names a default exactly where there is a switch."""
        for row in table("ambiguities"):
            assert row["treatment"].startswith(("默认", "按营收定类时，默认")) == bool(
                row["reading"]
            ), row
