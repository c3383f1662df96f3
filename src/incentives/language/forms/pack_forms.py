"""
What pack files may hold: keys in canonical order, and the form of every value.

Readers take the keys that they allow from here, and schemas, printing and formatting
everything else. A new key is one entry of a shape; a new word for an amount is one
entry of :data:`AMOUNT_WORDS`. Any value of a rule file or of policy.yaml may be a
switch between readings, which is therefore said of none.
"""

from collections.abc import Mapping as AbstractMapping

from .award_forms import AMOUNT, AMOUNT_WORDS, AWARD, LIMIT_KEYS, TIER
from .form_kinds import (
    EXPRESSION,
    NAME,
    TEXT,
    Either,
    Form,
    Given,
    Key,
    Leaf,
    ListOf,
    Named,
    Ref,
    Says,
    Shape,
    Worded,
    names,
)
from .policy_forms import (
    BOUNDARIES,
    BUDGET,
    FACT,
    FACTS,
    GROUP,
    MEANING,
    POLICY,
    READING,
    RECORDS,
    SOURCE,
    TABLE,
)
from .rule_forms import CASE, CLAW_BACK, CONDITION, EXPECT, INSTALMENT, PAYER, RULE

__all__ = [
    "AMENDMENT",
    "AMOUNT",
    "AMOUNT_WORDS",
    "AWARD",
    "BOUNDARIES",
    "BUDGET",
    "CASE",
    "CLAW_BACK",
    "CONDITION",
    "EXPECT",
    "FACT",
    "FACTS",
    "FILES",
    "FORMS",
    "GROUP",
    "INSTALMENT",
    "LIMIT_KEYS",
    "MEANING",
    "PAYER",
    "POLICY",
    "READING",
    "RECORDS",
    "RULE",
    "SOURCE",
    "TABLE",
    "TIER",
    "Either",
    "Form",
    "Given",
    "Key",
    "Leaf",
    "ListOf",
    "Named",
    "Ref",
    "Says",
    "Shape",
    "Worded",
    "names",
]

# --- amendments ----------------------------------------------------------------

_TAKEN_AWAY = Leaf(Says.WORD, ("none",))


def _changed(key: Key, form: Form | None = None) -> Key:
    """A key of a rule as a notice changes it: `none` takes it away."""
    either = Either((_TAKEN_AWAY, form or key.form))
    return Key(key.name, either, key.chinese, key.english)


#: What a notice may change of an award: any of the keys that an award can have.
_AWARD_CHANGE = Shape(
    "award",
    tuple({k.name: _changed(k) for s in AWARD.shapes for k in s.keys}.values()),
)

CHANGE = Shape(
    "rule",
    tuple(
        _changed(key, Either((EXPRESSION, _AWARD_CHANGE)))
        if key.name == "award"
        else _changed(key)
        for key in RULE.keys
        if key.name != "rule"
    ),
)

AMENDED_CASE = Shape(
    "case",
    (
        Key("rule", NAME, "用例所试的规则", "the rule that it tries", required=True),
        *CASE.keys,
    ),
)

AMENDMENT = Shape(
    "amendment",
    (
        Key(
            "amends",
            Leaf(Says.ID),
            "修订通知的编号",
            "the id of the notice",
            required=True,
        ),
        Key("title", TEXT, "通知的标题", "its title in Chinese"),
        Key("english", TEXT, "英文标题", "its title in English"),
        Key("number", TEXT, "发文字号", "its number"),
        Key("issuer", TEXT, "发文机关", "who issued it"),
        Key(
            "from",
            Leaf(Says.DATE),
            "自哪一日起按修订执行",
            "the first day on which the changes apply",
            required=True,
        ),
        Key("quote", TEXT, "通知原文", "its words"),
        Key("note", TEXT, "说明", "a note"),
        Key(
            "changes",
            Named(CHANGE),
            "各规则的变更，按规则编号",
            "what changes, by the id of the rule",
            required=True,
        ),
        Key("cases", ListOf(AMENDED_CASE), "用例", "worked cases"),
    ),
)

#: Forms that may hold themselves.
FORMS: AbstractMapping[str, Form] = {
    "condition": Either((Leaf(Says.EXPRESSION, ("none",)), CONDITION)),
    "amount": Either((EXPRESSION, AMOUNT)),
    "award": Either((EXPRESSION, AWARD)),
}

#: The kinds of pack files.
FILES: AbstractMapping[str, Shape] = {
    "rule": RULE,
    "policy": POLICY,
    "facts": FACTS,
    "amendment": AMENDMENT,
}
