"""Rules printed in Chinese and in English, and what is printed loads back."""

import shutil

from pathlib import Path

import pytest

from incentives import UnknownRuleError, load
from incentives.book import RuleBook
from incentives.checks.checking import check
from incentives.language.forms.pack_forms import RULE, names
from incentives.language.nodes import Mapping, Problems, Scalar, parse_yaml
from incentives.language.printing import rule_source
from incentives.language.words import KEYS

ROOT = Path(__file__).resolve().parent.parent
PACKS = sorted(
    path.parent
    for place in ("rules", "tests/data", "tests/data/bad-packs")
    for path in (ROOT / place).glob("*/policy.yaml")
)
BOOKS = {pack: load(pack) for pack in PACKS}
RULES = [
    pytest.param(pack, rule.id, lang, id=f"{pack.name}: {rule.id} in {lang}")
    for pack, book in BOOKS.items()
    for rule in book
    for lang in ("zh", "en")
]


def printed_pack(pack: Path, target: Path, lang: str) -> Path:
    """A copy of a pack in which every rule file is what is printed of it."""
    book = BOOKS.get(pack) or load(pack)
    copy = Path(shutil.copytree(pack, target))
    for rule in book:
        path = copy / book.places[rule.id].file
        path.write_text(rule_source(book, rule.id, lang), encoding="utf-8")
    return copy


@pytest.fixture(scope="module", params=["zh", "en"])
def printed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[Path, RuleBook]:
    lang: str = request.param
    target = tmp_path_factory.mktemp(f"printed-{lang}")
    return {pack: load(printed_pack(pack, target / pack.name, lang)) for pack in PACKS}


def test_what_is_printed_loads_back_to_the_same_rules(
    printed: dict[Path, RuleBook],
) -> None:
    """Every rule of every pack, in either language, under every single reading."""
    for pack, book in BOOKS.items():
        assert printed[pack].rules == book.rules
        for readings in book.written.branches:
            assert printed[pack].under(readings).rules == book.under(readings).rules


def test_printed_cases_still_hold(printed: dict[Path, RuleBook]) -> None:
    """What cases give and expect means the same in either language."""
    for pack, book in BOOKS.items():
        expected = [(case.rule, case.name, case.expected) for case in book.cases]
        again = [(case.rule, case.name, case.expected) for case in printed[pack].cases]
        assert again == expected


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.name)
def test_a_printed_pack_passes_its_check(pack: Path, lang: str, tmp_path: Path) -> None:
    """Not one case fails, and no key is unknown."""
    copy = printed_pack(pack, tmp_path / "pack", lang)
    assert check(copy).errors == ()


@pytest.mark.parametrize("other", ["zh", "en"])
def test_printing_there_and_back_is_printing_at_once(
    printed: dict[Path, RuleBook], other: str
) -> None:
    """What is printed from a translation is what is printed from the original."""
    for pack, book in BOOKS.items():
        for rule in book:
            direct = rule_source(book, rule.id, other)
            assert rule_source(printed[pack], rule.id, other) == direct


@pytest.mark.parametrize(("pack", "rule", "lang"), RULES)
def test_keywords_are_of_one_language(pack: Path, rule: str, lang: str) -> None:
    """No key of the file is left in the other language, and they stand in order."""
    node = parse_yaml(rule_source(BOOKS[pack], rule, lang), "r.yaml", Problems())
    assert isinstance(node, Mapping)
    order = [KEYS.said(name, lang, "rule") for name in names(RULE)]
    assert list(node.entries) == [key for key in order if key in node.entries]


def test_unknown_rule() -> None:
    """A rule that the book does not have is told as everywhere."""
    book = BOOKS[ROOT / "rules/quanzhou-2024"]
    with pytest.raises(UnknownRuleError, match=r"did you mean 'tech-loan'\?"):
        rule_source(book, "tech-laon", "zh")


def pack_with(tmp_path: Path, rule: str, facts: str) -> RuleBook:
    """A pack of one rule, whose facts are those of the core and some more."""
    policy = "policy: p\ntitle: 虚构\nissuer: 虚构\nstatus: issued\n"
    dates = "effective: 2026-01-01\nsunset: 2027-12-31\n"
    head = "rule: r\ntitle: 奖励\nclause: 一\nquote: 奖励\n"
    (tmp_path / "policy.yaml").write_text(policy + dates, encoding="utf-8")
    (tmp_path / "facts.yaml").write_text(facts, encoding="utf-8")
    (tmp_path / "r.yaml").write_text(head + rule, encoding="utf-8")
    return load(tmp_path)


FACTS = """
enterprise:
  revenue: {label: 营业收入, english: revenue, type: money}
  profit: {label: 利润, english: profit, type: money}
  fee: {label: 费用, english: fee, type: money}
  cost: {label: 费用, english: cost, type: money}
  rank: {label: 名次（全国）, english: rank, type: number}
  founded: {label: 成立日期, english: founded, type: date}
  taxes: {label: 税收, english: taxes, type: money, series: true}
  first: {label: 首次, english: first, type: boolean}
  sales:
    label: 销售
    english: sales
    record: sale
    key: number
    fields:
      number: {label: 编号, english: number, type: text}
      value: {label: 金额, english: value, type: money}
      day: {label: 成交日期, english: day, type: date}
"""


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("revenue > 1万元 and not first", "营业收入 > 1万元 且 非 首次"),
        (
            "first or (revenue in [1万元, 2万元))",
            "首次 或 (营业收入 属于 [1万元, 2万元))",
        ),
        ("revenue in 1万元 .. 2万元", "营业收入 属于 1万元 至 2万元"),
        ("min(revenue, profit) ≥ 0元", "较低者(营业收入, 利润) ≥ 0元"),
        ("year(founded) = 2024", "年度(成立日期) = 2024"),
        ("founded ≤ as_of - 12个月", "成立日期 ≤ 基准日 - 12个月"),
        (
            "sum(sales.value where sales.day ≤ as_of) > 1万元",
            "合计(销售.金额 其中 销售.成交日期 ≤ 基准日) > 1万元",
        ),
        ("count(sales) > 2", "个数(销售) > 2"),
        ("largest(sales.value, 0元) > revenue", "最大(销售.金额, 0元) > 营业收入"),
        (
            "growth(taxes[2024], taxes[2023], 0%) > 5%",
            "增长率(税收[2024], 税收[2023], 0%) > 5%",
        ),
        # a label that two facts have, and one that no expression could use
        ("fee > cost", "fee > cost"),
        ("rank ≤ 100", "rank ≤ 100"),
        ("city = “营业收入”", "注册城市 = “营业收入”"),
    ],
)
def test_expressions(english: str, chinese: str, tmp_path: Path) -> None:
    """Operators, functions and names are translated, and nothing else is."""
    facts = f"{FACTS}  city: {{label: 注册城市, english: city}}\n"
    for line, text in (("en", english), ("zh", chinese)):
        rule = f"conditions:\n  - {text}\naward: 1万元\n"
        pack = tmp_path / line
        pack.mkdir()
        book = pack_with(pack, rule, facts)
        for lang, said in (("en", english), ("zh", chinese)):
            assert f"\n  - {said}\n" in rule_source(book, "r", lang)


def test_names_of_records_and_of_definitions(tmp_path: Path) -> None:
    """A record has the label of its list; names that a rule defines stay."""
    rule = (
        "each: sale\nlabel: sale.number\ndefine: {base: sale.value}\n"
        "conditions: [none]\naward: {rate: 10%, of: base, cap: 1万元, "
        "cap per: 'subject, per year'}\nonce: per year(sale.day)\n"
    )
    book = pack_with(tmp_path, rule, FACTS)
    said = rule_source(book, "r", "zh").split("\n", 4)[4]
    assert said == (
        "逐项: 销售\n名目: 销售.编号\n定义: {base: 销售.金额}\n条件:\n  - 无\n奖补:\n"
        "  比例: 10%\n  基数: base\n  封顶: 1万元\n  封顶口径: 申报主体，每年\n"
        "限次: 每 年度(销售.成交日期)\n"
    ).replace("定义: {base: 销售.金额}", "定义:\n  base: 销售.金额")


def test_texts_that_yaml_would_misread_are_quoted(tmp_path: Path) -> None:
    """Quotes stand where a text would be read as something else without."""
    texts = ["- 一", "甲: 乙", "# 注", "'引", "“引”：文", "true", "两 \\n 行", "{甲}"]
    body = "".join(f"  - {KEY}\n" for KEY in map(repr, texts))
    book = pack_with(
        tmp_path, f"implied:\n{body}conditions: [none]\naward: 1万元\n", FACTS
    )
    printed = rule_source(book, "r", "zh")
    node = parse_yaml(printed, "r.yaml", Problems())
    assert node is not None
    implied = node.named("implied")
    assert implied is not None
    read = [item.text for item in implied.items if isinstance(item, Scalar)]  # type: ignore[union-attr]  # it is a list
    assert read == list(book["r"].clause.implied)


def test_ends_of_lines_inside_a_text_are_escaped(tmp_path: Path) -> None:
    """Whatever YAML takes for the end of a line stays in the text."""
    quoted = '"甲\\n乙\\L丙\\x85丁"'
    book = pack_with(
        tmp_path, f"note: {quoted}\nconditions: [none]\naward: 1万元\n", FACTS
    )
    again = tmp_path / "again"
    again.mkdir()
    for file in ("policy.yaml", "facts.yaml"):
        shutil.copy(tmp_path / file, again / file)
    printed = rule_source(book, "r", "en")
    (again / "r.yaml").write_text(printed, encoding="utf-8")
    assert load(again)["r"].clause.note == "甲\n乙\u2028丙\x85丁"
    assert '\nnote: "甲\\n乙\\u2028丙\\u0085丁"\n' in printed


def test_a_word_that_no_language_has_stays(tmp_path: Path) -> None:
    """Facts that a case gives as lists and mappings are printed as they are."""
    rule = (
        "conditions: [none]\naward: 1万元\ncases:\n"
        "  - name: 甲\n    as of: 2026-06-01\n"
        "    given: {sales: unknown, first: 是, other: [甲, {乙: 丙}]}\n"
        "    expect: {missing: revenue}\n"
        "  - name: 乙\n    as of: 2026-06-01\n    given: {sales: [甲]}\n"
        "    expect: eligible\n"
    )
    book = pack_with(tmp_path, rule, FACTS)
    assert rule_source(book, "r", "zh").endswith(
        "  - 名称: 甲\n    基准日: 2026-06-01\n"
        "    已知: {销售: unknown, 首次: 是, other: [甲, {乙: 丙}]}\n"
        "    预期:\n      尚缺: 营业收入\n"
        "  - 名称: 乙\n    基准日: 2026-06-01\n    已知:\n      销售:\n        - 甲\n"
        "    预期: 应享\n"
    )
    assert rule_source(book, "r", "en").endswith(
        "    given: {sales: unknown, first: true, other: [甲, {乙: 丙}]}\n"
        "    expect:\n      missing: revenue\n"
        "  - name: 乙\n    as of: 2026-06-01\n    given:\n      sales:\n        - 甲\n"
        "    expect: eligible\n"
    )


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("once: per year", "限次: 每年"),
        ("once: per 36个月", "限次: 每36个月"),
        ("once: per enterprise", "限次: 每家企业"),
        ("at most: 3 times", "最多: 3次"),
        ("at most: 1 time", "最多: 1次"),
        ("at most: 3 years", "最多: 3年"),
        ("at most: 2 times in 12个月", "最多: 2次/12个月"),
    ],
)
def test_how_often(english: str, chinese: str, tmp_path: Path) -> None:
    """How often something is paid is a phrase, printed in either language."""
    for line, text in (("en", english), ("zh", chinese)):
        pack = tmp_path / line
        pack.mkdir()
        book = pack_with(pack, f"conditions: [none]\naward: 1万元\n{text}\n", FACTS)
        assert rule_source(book, "r", "en").endswith(f"\n{english}\n")
        assert rule_source(book, "r", "zh").endswith(f"\n{chinese}\n")


SETS = """\
conditions:
  - “high-tech” in titles
award: 1万元
payers:
  - {who: 市财政, share: 60%}
  - {who: 区财政, share: rest}
cases:
  - name: 甲
    as of: 2026-06-01
    given: {titles: [], first: true}
    expect:
      outcome: ineligible
      reason: excluded
excluded: [first]
"""


def test_words_of_their_own_group(tmp_path: Path) -> None:
    """A word that stands in several places is printed as it is said in each."""
    titles = (
        "  titles:\n    label: 资质\n    english: titles\n    type: text\n"
        "    several: true\n    values: {high-tech: 高新技术企业}\n"
    )
    printed = rule_source(pack_with(tmp_path, SETS, FACTS + titles), "r", "zh")
    assert "\n  - “high-tech” 属于 资质\n" in printed
    assert "\n  - {出资方: 区财政, 份额: 其余}\n" in printed
    assert "\n      理由: 属于排除情形\n" in printed


WORDS = """
each: sale
label: sale.number
conditions:
  - none
award:
  of: sale.value
  brackets:
    - {to: 100万元, rate: 10%}
    - {rate: 5%}
  multiply:
    - {if: first, by: 2}
  top up:
    - r
  cap: 50万元
pay:
  - {share: 60%, on: sale.day}
  - {share: 40%, on: sale.day + 12个月, by: sale.day + 24个月}
"""


def test_words_of_amounts(tmp_path: Path) -> None:
    """What an amount is, what changes it and how it is paid, each in its words."""
    book = pack_with(tmp_path, WORDS, FACTS)
    assert rule_source(book, "r", "en").endswith(WORDS)
    assert rule_source(book, "r", "zh").endswith("""
逐项: 销售
名目: 销售.编号
条件:
  - 无
奖补:
  依据: 销售.金额
  超额累进:
    - {至: 100万元, 比例: 10%}
    - {比例: 5%}
  倍数:
    - {若: 首次, 乘以: 2}
  补差:
    - r
  封顶: 50万元
分期:
  - {份额: 60%, 应付日: 销售.成交日期}
  - {份额: 40%, 应付日: 销售.成交日期 + 12个月, 截止日: 销售.成交日期 + 24个月}
""")


def test_a_list_that_is_the_record_at_hand_too(tmp_path: Path) -> None:
    """A label that is that of the record at hand and of any record loads back."""
    text = "sum(sales.value) > 1万元 and sale.value > 0元"
    rule = f"each: sale\nconditions:\n  - {text}\naward: 1万元\n"
    book = pack_with(tmp_path, rule, FACTS)
    printed = rule_source(book, "r", "zh").split("\n", 4)[4]
    again = pack_with(tmp_path, printed, FACTS)
    assert again.rules == book.rules
    assert "合计(" in printed
