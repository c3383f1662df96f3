"""The command line: what is printed where, and the exit status."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys

from pathlib import Path

import attrs
import pytest

from typer.testing import CliRunner

import incentives

from incentives import __main__
from incentives.checks.checking import check
from incentives.checks.summary import line_of
from incentives.commands import asking, cli
from incentives.diagnostics import CODES, code_in_full, codes_table
from incentives.editing.pack_schema import pack_schema
from incentives.editing.scaffolding import new_pack
from incentives.reports import catalogue

PACK = Path(__file__).parent / "data" / "district-pack"
FIRM = {
    "id": "91350582MA7YQ0010M",
    "name": "虚构鞋业有限公司",
    "chain": "智能家居",
    "equipment_investment": "500万元",
    "accepted": "2026-05-01",
}
DAY = ("--as-of", "2026-06-01")
RULES = ("--rules", str(PACK))


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Every test has a folder of its own, where messages name files shortly."""
    monkeypatch.chdir(tmp_path)
    for name in ("FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def run(*arguments, stdin=None, **environment):
    """The result of the command within this process."""
    return CliRunner().invoke(cli.app, arguments, input=stdin, env=environment)


def write(name, *records):
    """A file of records: one, several, or one a line."""
    texts = [json.dumps(record, ensure_ascii=False) for record in records]
    if name.endswith(".jsonl"):
        text = "\n".join(texts)
    else:
        text = texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"
    Path(name).write_text(text, "utf-8")
    return name


def process(*arguments, environment=None, **options):
    """The command as a process of its own."""
    return subprocess.Popen(  # noqa: S603  # our own command
        [sys.executable, "-m", "incentives", *arguments],
        env={**os.environ, "PYTHONUTF8": "1", **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **options,
    )


def expected(lang="zh", **changes):
    return incentives.evaluate(
        {**FIRM, **changes}, as_of="2026-06-01", rules=incentives.load(PACK)
    ).show(lang)


# --- evaluate ------------------------------------------------------------------


def test_evaluate_prints_the_assessment():
    """The same words as the library's, and nothing else."""
    result = run("evaluate", write("firm.json", FIRM), *DAY, *RULES)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == expected() + "\n"


def test_several_records_are_separated_by_a_blank_line():
    """Records of a list and of several files follow one another."""
    one = write("one.json", FIRM, {**FIRM, "chain": "制鞋"})
    two = write("two.json", {**FIRM, "accepted": None})
    result = run("evaluate", one, two, *DAY, *RULES, "--lang", "en")
    assert result.stdout == "\n".join(
        [
            expected("en") + "\n",
            expected("en", chain="制鞋") + "\n",
            expected("en", accepted=None) + "\n",
        ]
    )


def test_json_is_the_contract_and_nothing_else():
    """One line per record, as `to_dict` has it, Chinese unescaped."""
    two = write("two.json", FIRM, {**FIRM, "id": "2"})
    result = run("evaluate", two, *DAY, *RULES, "--json")
    lines = result.stdout.splitlines()
    assessment = incentives.evaluate(
        FIRM, as_of="2026-06-01", rules=incentives.load(PACK)
    )
    assert json.loads(lines[0]) == assessment.to_dict()
    assert [json.loads(line)["id"] for line in lines] == [FIRM["id"], "2"]
    assert '"clause": "第一条"' in lines[0]


def test_readings_and_the_bundled_rules_are_taken():
    """Options reach the library: the day, several readings, the default rules."""
    result = run(
        *("evaluate", write("firm.json", {"id": "1"}), "--json", *DAY),
        *("--reading", "stacking=highest-only"),
        *("--reading", "effective-date=2024-03-01"),
    )
    answer = json.loads(result.stdout)
    assert answer["policy"] == "quanzhou-2024"
    assert answer["as_of"] == "2026-06-01"
    assert answer["readings"]["stacking"] == "highest-only"
    assert answer["readings"]["effective-date"] == "2024-03-01"


def test_the_day_is_today_unless_given(monkeypatch):
    """One day for all records, asked for once."""
    monkeypatch.setattr(
        asking, "today", lambda: incentives.dates.parse_date("2026-07-01")
    )
    result = run("evaluate", write("firm.json", FIRM, FIRM), *RULES, "--json")
    days = [json.loads(line)["as_of"] for line in result.stdout.splitlines()]
    assert days == ["2026-07-01", "2026-07-01"]


def test_standard_input_is_one_document_unless_said_otherwise():
    """`-` reads JSON; with --jsonl, a record a line."""
    text = json.dumps([FIRM, FIRM], indent=1)
    result = run("evaluate", "-", *DAY, *RULES, "--json", stdin=text)
    assert len(result.stdout.splitlines()) == 2
    text = json.dumps(FIRM) + "\n\n" + json.dumps(FIRM)
    result = run("evaluate", "-", *DAY, *RULES, "--json", "--jsonl", stdin=text)
    assert len(result.stdout.splitlines()) == 2
    result = run("evaluate", "-", *DAY, *RULES, stdin=text)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "<stdin>:3:1: not JSON: extra data, did you mean JSON Lines "
        "(.jsonl, or --jsonl)?\n"
    )


def test_a_document_is_no_file_of_lines():
    """With --jsonl, a document over several lines is refused in one line."""
    text = json.dumps([FIRM, FIRM], indent=1)
    result = run("evaluate", "-", *DAY, *RULES, "--jsonl", stdin=text)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "<stdin>:1:1: one JSON document over several lines, not one record a line, "
        "leave out --jsonl and name the file .json\n"
    )


def test_a_file_is_no_directory_of_rules():
    """Whoever names policy.yaml itself is told to name the directory."""
    firm = write("firm.json", FIRM)
    result = run("evaluate", firm, *DAY, "--rules", "firm.json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "firm.json:1:1: error[no-pack]: a file, not a directory\n"
        "  = help: give the directory that holds policy.yaml\n"
    )


def test_a_bad_line_costs_that_line():
    """The rest goes on; the exit status tells at the end."""
    Path("firms.jsonl").write_text(
        f'{json.dumps(FIRM)}\n{{"id": 7}}\n{json.dumps({**FIRM, "id": "3"})}\n'
    )
    result = run("evaluate", "firms.jsonl", *DAY, *RULES, "--json")
    ids = [json.loads(line)["id"] for line in result.stdout.splitlines()]
    assert ids == [FIRM["id"], "3"]
    assert result.stderr == "firms.jsonl:2:2: id: expected text, got 7\n"
    assert result.exit_code == 1


WRONG = {
    "misspelt.json": (
        '{"id": "1", "listings": [{"pubished": "2025-08-28"}]}',
        (
            "misspelt.json:1:27: listings[0].pubished: unknown field, "
            "did you mean 'published'?"
        ),
    ),
    "no-id.json": (
        '{"name": "x"}',
        "no-id.json:1:1: id: missing: every record has an id",
    ),
    "yes.json": (
        '{"id": "1", "recognitions": [{"first": "是"}]}',
        "yes.json:1:31: recognitions[0].first: expected true or false, got '是'",
    ),
    "negative.json": (
        '{"id": "1",\n "equipment_investment": "-5元"}',
        "negative.json:2:2: equipment_investment: a negative amount: '-5元'",
    ),
    "day.json": (
        '{"id": "1", "accepted": "2025-02-30"}',
        (
            "day.json:1:13: accepted: '2025-02-30' is impossible: "
            "days of 2025-02 go from 01 to 28"
        ),
    ),
    "year.json": (
        '{"id": "1", "listings": [{}, {"year": "2025"}]}',
        (
            "year.json:1:31: listings[1].year: expected a year such as 2025, "
            "got '2025', write 2025 without quotes"
        ),
    ),
    "kind.json": (
        '{"id": "1", "size": "larg"}',
        (
            "kind.json:1:13: size: expected one of 'small', 'large', got 'larg', "
            "did you mean 'large'?"
        ),
    ),
    "list.json": (
        '{"id": "1", "platforms": {}}',
        "list.json:1:13: platforms: expected a list of records, got dict, write [{…}]",
    ),
    "rule.json": (
        '{"id": "1", "awards": [{"rule": "renovatio"}]}',
        (
            "rule.json:1:25: awards[0].rule: unknown rule 'renovatio', "
            "did you mean 'renovation'?"
        ),
    ),
    "twice.json": (
        '{"id": "1", "platforms": [{"id": "p1"}, {"id": "p1"}]}',
        "twice.json:1:42: platforms[1].id: 'p1' is the id of platforms[0] too",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_record_has_one_readable_message(name):
    """File, line, column, path, what is wrong and what to write; nothing is printed."""
    text, message = WRONG[name]
    Path(name).write_text(text, "utf-8")
    result = run("evaluate", name, *DAY, *RULES)
    assert result.stderr == message + "\n"
    assert (result.exit_code, result.stdout) == (1, "")


def test_nothing_is_printed_if_any_document_is_wrong():
    """Every mistake of every file is reported first."""
    good = write("good.json", FIRM)
    lines = write("lines.jsonl", FIRM)
    for name, (text, _) in WRONG.items():
        Path(name).write_text(text, "utf-8")
    result = run("evaluate", good, *WRONG, lines, "gone.json", *DAY, *RULES)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.splitlines() == [
        *(message for _, message in WRONG.values()),
        "gone.json: cannot be read: No such file or directory",
    ]


# --- usage ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["evaluate"], "Missing argument 'FILE'."),
        (["evaluate", "firm.json", "--json5"], "No such option: --json5"),
        (
            ["evaluate", "firm.json", "--as-of", "2026-02-30"],
            ("Invalid value for --as-of: '2026-02-30' is impossible: "
            "days of 2026-02 go from 01 to 28"),
        ),
        (
            ["evaluate", "firm.json", "--reading", "stacking"],
            "Invalid value for --reading: 'stacking' is not written ID=VALUE",
        ),
        (
            ["evaluate", "firm.json", "--reading", "staking=cumulative"],
            ("Invalid value for --reading: unknown reading 'staking', "
            "did you mean 'stacking'?"),
        ),
        (
            ["evaluate", "firm.json", "--reading", "stacking=all"],
            ("Invalid value for --reading: reading 'stacking' has no value 'all', "
            "expected one of 'cumulative', 'highest-only'"),
        ),
        (
            ["evaluate", "firm.json", "--reading", "stacking=cumulative", "--reading", "stacking=highest-only"],
            "Invalid value for --reading: reading 'stacking' is given two values",
        ),
        (["evaluate", "-", "-"], "Invalid value for FILE: '-' is given twice"),
        (
            ["explain", "firm.json", "tech-loans"],
            "Invalid value for RULE: unknown rule 'tech-loans', did you mean 'tech-loan'?",
        ),
        (
            ["rules", "tech-loans"],
            "Invalid value for ID: unknown rule 'tech-loans', did you mean 'tech-loan'?",
        ),
    ],
)  # fmt: skip
def test_wrong_usage_is_status_2(arguments, message):
    """Whatever the files hold, and before any of them is read."""
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_the_version_is_told():
    """The installed one."""
    assert run("--version").stdout == "incentives 0.1.0\n"


def test_help_names_every_command():
    """Chinese, with the names that are typed."""
    text = run("--help").stdout
    commands = [
        line.split()[0] for line in text.partition("Commands:\n")[2].splitlines()
    ]
    assert commands == [
        *("evaluate", "explain", "rules", "facts", "check", "allocate"),
        *("new", "fmt", "diff", "schema", "codes", "synth"),
        *("cost", "compare", "upcoming", "screen"),
    ]
    assert "惠企政策兑现" in text


# --- explain, rules, facts -----------------------------------------------------


def test_explain_prints_one_rule():
    """The same words as the library's."""
    book = incentives.load(PACK)
    assessment = incentives.evaluate(FIRM, as_of="2026-06-01", rules=book)
    firm = write("firm.json", FIRM)
    for lang in ("zh", "en"):
        result = run("explain", firm, "renovation", *DAY, *RULES, "--lang", lang)
        assert result.stdout == assessment["renovation"].explain(lang) + "\n"
        assert (result.exit_code, result.stderr) == (0, "")


def test_explain_as_json_says_whose_and_when():
    """The determination, and what is needed to replay it."""
    firms = write("firms.jsonl", FIRM, {**FIRM, "id": "2"})
    result = run("explain", firms, "renovation", *DAY, *RULES, "--json")
    first, second = map(json.loads, result.stdout.splitlines())
    assert list(first)[:5] == ["id", "as_of", "policy", "digest", "rule"]
    assert (first["rule"], first["amount"]) == ("renovation", "500000")
    assert second["id"] == "2"


def test_rules_are_listed():
    """All in a table, one in full, either as data."""
    assert "技术改造补助" in run("rules", *RULES).stdout
    one = run("rules", "renovation", *RULES, "--lang", "en").stdout
    assert one.startswith("# subsidy for renovation (第一条, renovation)\n#   For: ")
    assert one.endswith("    expect: 50万元\n")
    everything = json.loads(run("rules", *RULES, "--json").stdout)
    assert [rule["rule"] for rule in everything][:2] == ["renovation", "listing"]
    alone = json.loads(run("rules", "renovation", *RULES, "--json").stdout)
    assert alone == everything[0]
    assert len(json.loads(run("rules", "--json").stdout)) == 11


def test_facts_are_listed():
    """As tables, or as the JSON Schema."""
    assert "equipment_investment" in run("facts", *RULES).stdout
    assert "Facts of a county" in run("facts", "--lang", "en").stdout
    schema = json.loads(run("facts", *RULES, "--schema").stdout)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("command", ["rules", "facts"])
def test_tables_are_whole_when_piped(command):
    """No width of a terminal cuts or wraps them, and no line is coloured."""
    narrow = run(command, COLUMNS="20").stdout
    assert narrow == run(command, COLUMNS="300").stdout
    assert "…" not in narrow
    assert "\x1b" not in narrow


# --- check ---------------------------------------------------------------------


def pack(file=None, old="", new=""):
    """A copy of the invented district's pack in which one text is changed."""
    shutil.copytree(PACK, "pack")
    if file is not None:
        path = Path("pack") / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")
    return "pack"


def test_check_sums_up_what_is_right():
    """The bundled pack, unless another is named."""
    result = run("check")
    assert (result.exit_code, result.stderr) == (0, "")
    rules = incentives.bundled()
    assert result.stdout == (
        f"{len(rules)} 条规则，{len(rules.cases)} 个用例：无错误\n"
    )
    new_pack("yunqiao-2026", Path("new"))
    result = run("check", "new", "--lang", "en")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "3 rules, 27 cases: no errors\n"


WRONG_PACKS = {
    "an unknown fact": (
        ("01-renovation.yaml", "chain in chains", "chian in chains"),
        """\
01-renovation.yaml:12:5: error[unknown-fact]: unknown fact 'chian'
 12 |   - chian in chains
    |     ^^^^^
  = help: did you mean 'chain'?
""",
    ),
    "an unknown table": (
        ("01-renovation.yaml", "chain in chains", "chain in chain_list"),
        """\
01-renovation.yaml:12:14: error[unknown-table]: unknown table 'chain_list'
 12 |   - chain in chain_list
    |              ^^^^^^^^^^
  = help: did you mean 'chains'?
""",
    ),
    "no unit": (
        ("03-size.yaml", "then: 2万元", "then: 2万"),
        """\
03-size.yaml:11:23: error[syntax]: '万' does not fit here
 11 |     - {is: 大型, then: 2万}
    |                         ^^
  = help: an amount is written with 元: '2万元'
""",
    ),
    "an impossible day": (
        ("policy.yaml", "2027-12-31", "2027-12-32"),
        """\
policy.yaml:7:9: error[bad-date]: '2027-12-32' is impossible: \
days of 2027-12 go from 01 to 31
 7 | sunset: 2027-12-32
   |         ^^^^^^^^^^
""",
    ),
    "one id twice": (
        ("02-listing.yaml", "rule: listing", "rule: renovation"),
        """\
02-listing.yaml:1:7: error[duplicate-rule]: two rules are called 'renovation'
 1 | rule: renovation
   |       ^^^^^^^^^^
01-renovation.yaml:1:7: note: the first
 1 | rule: renovation
   |       ^^^^^^^^^^
""",
    ),
}


@pytest.mark.parametrize("name", WRONG_PACKS)
def test_check_says_an_error_with_its_line(name):
    """On standard error, with place, line, caret and help; the status is 1."""
    change, message = WRONG_PACKS[name]
    result = run("check", pack(*change))
    info = CODES[message.partition("[")[2].partition("]")[0]]
    meaning = f"  = 说明：{info.meanings[0]}；{info.remedies[0]}\n"
    assert result.stderr == message + meaning
    assert (result.exit_code, result.stdout) == (1, "规则包无法使用：1 个错误\n")
    english = run("check", "pack", "--lang", "en")
    assert english.stderr == message


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (("02-listing.yaml", "amount: 20万元", "amonut: 20万元"), "02-listing.yaml:11:3"),
        (("03-size.yaml", "is: 大型", "is: 小型"), "03-size.yaml:11:"),
        (("04-land.yaml", "staff > 100", "staff > 100万元"), "04-land.yaml:6:13"),
        (("05-talent.yaml", "title: 人才", "title: [人才"), "05-talent.yaml:3:"),
        (("05-talent.yaml", "quote: 对引", "quotes: 对引"), "05-talent.yaml:"),
        (("facts.yaml", "type: money", "type: moneys"), "facts.yaml:10:11"),
        (("01-renovation.yaml", "rate: 10%", "rate: 0.1"), "01-renovation.yaml:15:9"),
        (("chains.csv", "智能家居", '"智能家居'), "chains.csv:"),
    ],
)  # fmt: skip
def test_a_wrong_pack_never_ends_in_a_traceback(change, place):
    """Whatever the command, the author reads where it is and what it is."""
    directory = pack(*change)
    firm = write("firm.json", FIRM)
    for arguments in (["check", directory], ["evaluate", firm, "--rules", directory]):
        result = run(*arguments)
        assert result.exit_code == 1
        assert isinstance(result.exception, SystemExit)
        heads = [line for line in result.stderr.splitlines() if " error[" in line]
        assert any(head.startswith(place) for head in heads)
        assert run("rules", "--rules", directory).stdout == ""


def new(file, old, new):
    """A new pack, right as it stands, in which one text is changed."""
    new_pack("yunqiao-2026", Path("new"), "en")
    path = Path("new") / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return "new"


UNTRIED = """\
  - name: 恰好达到门槛
    as of: 2026-06-01
    given: {equipment_investment: 200万元, accepted: 2026-03-01}
    expect: 20万元
"""


def test_check_warns_without_refusing():
    """Warnings are shown and counted; the status stays 0."""
    result = run("check", new("02-rate-with-cap.yaml", UNTRIED, ""), "--lang", "en")
    assert (result.exit_code, result.stdout) == (0, "3 rules, 26 cases: 1 warning\n")
    assert result.stderr.startswith(
        "02-rate-with-cap.yaml:12:5: warning[boundary-not-tried]: "
    )


def test_check_proposes_cases():
    """Cases to add to a file as they are, above the summary as a comment."""
    directory = new("02-rate-with-cap.yaml", UNTRIED, "")
    result = run("check", directory, "--propose")
    proposed, _, summary = result.stdout.rpartition("\n\n")
    assert summary == "# 3 条规则，26 个用例：1 个警告\n"
    assert proposed.startswith("# renovation\ncases:\n  - name: ")
    assert "200万元" in proposed
    path = Path(directory) / "02-rate-with-cap.yaml"
    cases = proposed.partition("cases:\n")[2]
    path.write_text(path.read_text("utf-8") + cases + "\n", "utf-8")
    result = run("check", directory, "--propose")
    assert result.stdout.startswith("3 条规则，2")
    assert result.stdout.endswith(" 个用例：无错误\n")


def test_check_holds_the_worked_cases():
    """A case that does not hold is an error of a pack that can be loaded."""
    change = ("01-fixed-sum.yaml", "expect: 10万元", "expect: 60万元")
    result = run("check", new(*change))
    assert result.exit_code == 1
    assert result.stdout == "3 条规则，27 个用例：1 个错误\n"
    assert "expected 60万元, got 10万元" in result.stderr


def test_check_compares_quotes_with_the_source():
    """With the text of the policy, what it does not say is an error."""
    new_pack("yunqiao-2026", Path("new"))
    quotes = [rule.clause.quote for rule in incentives.load("new")]
    Path("source.txt").write_text("。".join(quotes[1:]), "utf-8")
    result = run("check", "new", "--source", "source.txt", "--json")
    data = json.loads(result.stdout)
    assert (result.exit_code, result.stderr) == (1, "")
    assert (data["rules"], data["cases"]) == (3, 27)
    (found,) = data["diagnostics"]
    assert {key: found[key] for key in ("severity", "code", "file", "line")} == {
        "severity": "error",
        "code": "quote-not-verbatim",
        "file": "01-fixed-sum.yaml",
        "line": 8,
    }
    said = run("check", "new", "--source", "source.txt").stdout
    assert said == line_of(check("new", source="source.txt")) + "\n"


def test_check_as_json_names_further_places():
    """A pack that cannot be loaded has no rules to count."""
    change, _ = WRONG_PACKS["one id twice"]
    data = json.loads(run("check", pack(*change), "--json").stdout)
    assert (data["rules"], data["cases"]) == (None, None)
    (found,) = data["diagnostics"]
    (other,) = found["also"]
    assert (other["note"], other["file"], other["line"]) == (
        "the first",
        "01-renovation.yaml",
        1,
    )
    assert (found["column"], found["end"], found["text"]) == (7, 17, "rule: renovation")


# --- a rule as YAML, schemas, codes ---------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_rule_is_printed_as_its_file(lang):
    """What it says in words, as comments, and YAML that loads to the same rule."""
    book = incentives.load(PACK)
    text = run("rules", "renovation", *RULES, "--lang", lang).stdout
    comments = [line for line in text.splitlines() if line.startswith("#")]
    in_full = catalogue.rule_in_full(book["renovation"], book, lang).splitlines()
    assert comments == [f"# {line}" for line in in_full]
    shutil.copytree(PACK, "copy")
    (Path("copy") / "01-renovation.yaml").write_text(text, "utf-8")
    again = incentives.load("copy")["renovation"]
    assert bare(again) == bare(book["renovation"])


def bare(rule):
    """A rule without the texts of its conditions, which differ between languages."""
    requirements = tuple(attrs.evolve(each, text="") for each in rule.requirements)
    return attrs.evolve(rule, requirements=requirements)


def test_schemas_are_printed():
    """Of every kind of pack file, and of a record with the facts of a pack."""
    for kind in ("rule", "policy", "facts", "amendment"):
        result = run("schema", kind, "--lang", "en")
        assert (result.exit_code, result.stderr) == (0, "")
        assert json.loads(result.stdout) == pack_schema(kind, "en")
    record = json.loads(run("schema", "record", *RULES).stdout)
    assert record == json.loads(run("facts", *RULES, "--schema").stdout)
    assert run("schema", "rules").exit_code == 2


def test_codes_are_listed():
    """All in a table, one in full; another is wrong usage."""
    assert run("codes").stdout == codes_table() + "\n"
    assert run("codes", "--lang", "en").stdout == codes_table("en") + "\n"
    assert run("codes", "no-case").stdout == code_in_full("no-case") + "\n"
    result = run("codes", "no-cases")
    assert (result.exit_code, result.stdout) == (2, "")
    said = "Invalid value for CODE: unknown code 'no-cases', did you mean 'no-case'?"
    assert said in result.stderr


# --- allocate ------------------------------------------------------------------

BUDGET = "budgets:\n  - {budget: 技改资金, rules: [renovation], amount: 60万元}\n"
SECOND = {**FIRM, "id": "91350582MA7YQ0029X"}


def budgeted():
    """A copy of the invented district's pack with a budget for one rule."""
    shutil.copytree(PACK, "pack")
    policy = Path("pack") / "policy.yaml"
    policy.write_text(policy.read_text("utf-8") + BUDGET, "utf-8")
    return "pack"


def test_allocate_shares_budgets_out():
    """All applications of all files together: the library's table, or its data."""
    rules = ("--rules", budgeted())
    two = [write("one.json", FIRM), write("two.jsonl", SECOND)]
    expected = incentives.budgeting.allocating.allocate(
        [FIRM, SECOND], as_of="2026-06-01", rules=incentives.load("pack")
    )
    assert expected[SECOND["id"]].to_dict() != {}
    result = run("allocate", *two, *DAY, *rules, "--lang", "en")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == expected.show("en") + "\n"
    result = run("allocate", *two, *DAY, *rules, "--json")
    assert json.loads(result.stdout) == expected.to_dict()


def test_allocate_answers_all_or_nothing():
    """What one gets depends on all: a single mistake stops it."""
    Path("firms.jsonl").write_text(f'{json.dumps(FIRM)}\n{{"id": 7}}\nx\n')
    result = run("allocate", "firms.jsonl", *DAY, "--rules", budgeted())
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "firms.jsonl:2:2: id: expected text, got 7\n"
        "firms.jsonl:3:1: not JSON: expecting value\n"
    )
    write("twice.json", FIRM, FIRM)
    result = run("allocate", "twice.json", *DAY, "--rules", "pack")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"two applications have the id {FIRM['id']!r}\n"


# --- terminals and pipes -------------------------------------------------------


def test_colours_are_for_terminals():
    """A terminal sees marks in colour, unless it asks for none; the words are the same."""
    arguments = ("explain", write("firm.json", FIRM), "renovation", *DAY, *RULES)
    plain = run(*arguments).stdout
    coloured = run(*arguments, FORCE_COLOR="1", TERM="xterm-256color").stdout
    assert re.search(r"(?m)^\x1b\[32m +✓\x1b\[0m 所属产业链", coloured)
    assert plain == re.sub(r"\x1b\[\d+m", "", coloured)
    assert run(*arguments, FORCE_COLOR="1", NO_COLOR="1").stdout == plain


def test_every_command_is_a_process():
    """`python -m incentives`: the status, and both streams apart."""
    Path("firms.jsonl").write_text(f'{json.dumps(FIRM)}\n{{"id": 7}}\n')
    running = process("evaluate", "firms.jsonl", *DAY, *RULES, "--json")
    out, err = running.communicate()
    assert json.loads(out)["id"] == FIRM["id"]
    assert err.decode() == "firms.jsonl:2:2: id: expected text, got 7" + os.linesep
    assert running.returncode == 1


def test_answers_leave_before_the_input_ends():
    """A line that is answered is on its way: another program may wait for it."""
    arguments = ("evaluate", "-", "--jsonl", "--json", *DAY, *RULES)
    with process(*arguments, stdin=subprocess.PIPE) as running:
        for number in ("1", "2"):
            running.stdin.write(json.dumps({**FIRM, "id": number}).encode() + b"\n")
            running.stdin.flush()
            assert json.loads(running.stdout.readline())["id"] == number
        running.stdin.close()
        assert running.stdout.read() == b""
        assert running.wait() == 0


def test_a_reader_that_leaves_ends_it_quietly():
    """`| head -1` is no mistake."""
    arguments = ("evaluate", "-", "--jsonl", "--json", *DAY, *RULES)
    with process(*arguments, stdin=subprocess.PIPE) as running:
        line = json.dumps(FIRM).encode() + b"\n"
        running.stdin.write(line)
        running.stdin.flush()
        running.stdout.readline()
        running.stdout.close()
        running.stdin.write(line)
        running.stdin.close()
        assert running.stderr.read() == b""
        running.wait()


def test_a_full_disk_is_said(monkeypatch):
    """What could not be written is no success, and no traceback."""

    def full(text, *, err):
        if not err:
            raise OSError(28, "No space left on device")
        said.append(text)

    said = []
    monkeypatch.setattr(cli.typer, "echo", full)
    assert run("rules", *RULES).exit_code == 1
    assert said == ["[Errno 28] No space left on device"]


def test_a_reader_that_left_is_no_mistake(monkeypatch):
    """Nothing is said when nobody listens."""

    def left(text, *, err):
        raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr(cli.typer, "echo", left)
    result = run("rules", *RULES)
    assert isinstance(result.exception, SystemExit)
    assert result.stderr == ""


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_control_c_ends_it_quietly():
    """Exit status 130, as shells have it, and no traceback."""
    arguments = ("evaluate", "-", "--jsonl", "--json", *DAY, *RULES)
    # Tests that run in the background ignore the signal, and so would the command.
    heard = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        running = process(*arguments, stdin=subprocess.PIPE)
    finally:
        signal.signal(signal.SIGINT, heard)
    with running:
        running.stdin.write(json.dumps(FIRM).encode() + b"\n")
        running.stdin.flush()
        running.stdout.readline()
        running.send_signal(signal.SIGINT)
        assert running.stderr.read() == b""
        assert running.wait() == 130


def test_a_narrow_encoding_breaks_nothing():
    """JSON is UTF-8 whatever the locale; text escapes what it cannot show."""
    firm = write("firm.json", FIRM)
    ascii_only = {"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
    arguments = ("evaluate", firm, *DAY, *RULES)
    out, err = process(*arguments, "--json", environment=ascii_only).communicate()
    assert json.loads(out.decode("utf-8"))["determinations"][0]["clause"] == "第一条"
    assert err == b""
    out, err = process(*arguments, environment=ascii_only).communicate()
    assert "云桥区".encode("ascii", "backslashreplace") in out
    assert err == b""


# --- without the extra ---------------------------------------------------------


class Missing:
    """Finds that a package is not installed."""

    def __init__(self, package):
        self.package = package

    def find_spec(self, name, path=None, target=None):
        if name == self.package:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


@pytest.mark.parametrize("missing", ["rich", "typer"])
def test_without_the_extra_it_says_what_to_install(missing, monkeypatch, capsys):
    """One line and status 2, not a traceback."""
    for name in [name for name in sys.modules if name.split(".")[0] == missing]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [Missing(missing), *sys.meta_path])
    for name in ("asking", "authoring", "cli", "console"):
        monkeypatch.delitem(sys.modules, f"incentives.commands.{name}")
        monkeypatch.delattr(incentives.commands, name)
    with pytest.raises(SystemExit) as caught:
        __main__.main()
    assert caught.value.code == 2
    assert capsys.readouterr() == (
        "",
        (
            f"incentives: the command line needs {missing}: "
            "pip install 'incentives[cli]'\n"
        ),
    )


def test_another_missing_module_is_not_hidden(monkeypatch):
    """A broken installation is told apart from a missing extra."""
    monkeypatch.setitem(sys.modules, "incentives.reports.catalogue", None)
    monkeypatch.delitem(sys.modules, "incentives.commands.cli")
    monkeypatch.delattr(incentives.commands, "cli")
    monkeypatch.delattr(incentives.reports, "catalogue")
    with pytest.raises(ImportError, match="catalogue"):
        __main__.main()


def test_main_runs_the_command(monkeypatch, capsys):
    """What `python -m incentives` and the installed command do."""
    monkeypatch.setattr(sys, "argv", ["incentives", "--version"])
    with pytest.raises(SystemExit) as caught:
        __main__.main()
    assert caught.value.code == 0
    assert capsys.readouterr().out == "incentives 0.1.0\n"
