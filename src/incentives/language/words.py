"""
Every word of the rule language in English and in Chinese: one table, three parts.

The English word is the canonical one, which the readers of pack files ask for. A word
may have several Chinese forms, separated by blanks: all are accepted, and the first
one is printed. Words are grouped by the mapping or the value that they stand in,
because one Chinese word may mean different things in different places.
"""

import re

from collections.abc import Iterable
from collections.abc import Mapping as AbstractMapping
from functools import cached_property

from attrs import frozen

#: The languages of keywords.
LANGUAGES = ("zh", "en")


@frozen
class Words:
    """One part of the table: groups of canonical words with their Chinese forms."""

    groups: AbstractMapping[str, AbstractMapping[str, str]]

    @cached_property
    def _forms(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, dict[str, None]] = {}
        for group in self.groups.values():
            for word, chinese in group.items():
                found.setdefault(word, {}).update(dict.fromkeys(chinese.split()))
        return {word: (word, *forms) for word, forms in found.items()}

    def forms(self, word: str) -> tuple[str, ...]:
        """
        The canonical word and every Chinese form of it.

        >>> KEYS.forms("sunset")
        ('sunset', '有效期', '失效日')
        """
        return self._forms.get(word, (word,))

    def meant(self, text: str, known: Iterable[str]) -> str | None:
        """
        The word among the known ones that a text says, in either language.

        >>> KEYS.meant("比例", ["cap", "rate"])
        'rate'
        """
        return next((word for word in known if self.says(text, word)), None)

    def says(self, text: str, word: str) -> bool:
        """Whether a text says a word in either language."""
        return text in self.forms(word)

    def said(self, word: str, lang: str, group: str = "") -> str:
        """
        A word in a language, as it is printed in a group; as it is if it has no other.

        >>> KEYS.said("of", "zh", "rate"), KEYS.said("of", "zh", "tiers")
        ('基数', '依据')
        """
        if lang == "en":
            return word
        own = self.groups.get(group, {}).get(word, "").split()
        return (*own, *self.forms(word)[1:], word)[0]


#: Keys of mappings, by the mapping.
KEYS = Words(
    {
        "rule": {
            "rule": "规则",
            "title": "标题 名称",
            "english": "英文",
            "clause": "条款",
            "quote": "原文",
            "implied": "推定",
            "note": "说明 备注",
            "subject": "对象 申报主体",
            "each": "逐项",
            "label": "名目 标签",
            "event": "事项",
            "application": "申请",
            "dated by": "计期依据",
            "effective": "施行日 生效日",
            "sunset": "有效期 失效日",
            "payer": "出资单位",
            "payers": "出资 分担",
            "departments": "责任部门 受理部门",
            "define": "定义",
            "excluded": "排除",
            "conditions": "条件",
            "award": "奖补 奖励 补助",
            "once": "限次",
            "claw back": "追回",
            "pay": "分期",
            "at most": "最多",
            "cases": "用例",
        },
        "condition": {
            "all of": "同时满足",
            "any of": "满足之一",
        },
        # What an amount is, with the keys that go with each of its words.
        "amount": {"amount": "金额"},
        "rate": {"rate": "比例 费率", "of": "基数"},
        "tiers": {"tiers": "分档", "of": "依据", "otherwise": "否则 其余"},
        "tier": {"in": "区间", "is": "为", "then": "则"},
        "look up": {"look up": "查表", "by": "查表依据", "otherwise": "否则 其余"},
        "brackets": {"brackets": "超额累进", "of": "依据"},
        "bracket": {"to": "至", "rate": "比例 费率", "price": "单价"},
        "per unit": {
            "per unit": "按量",
            "of": "数量",
            "above": "超过",
            "at most": "最多",
        },
        "per step": {
            "per step": "每级",
            "each": "每增",
            "of": "依据",
            "above": "超过",
            "at most": "最多",
        },
        "matching": {"matching": "配套", "of": "基数"},
        "interest": {"interest": "贴息"},
        "interest terms": {
            "principal": "本金",
            "rate": "利率",
            "from": "起",
            "to": "止",
            "basis": "计息基准",
        },
        "sum of": {"sum of": "各项之和"},
        "lowest of": {"lowest of": "孰低"},
        "highest of": {"highest of": "就高"},
        # What changes an amount that stands beside it.
        "factor": {
            "bonus": "加成",
            "multiply": "倍数",
            "phase out": "退坡",
            "prorate": "按时折算",
            "top up": "补差",
        },
        "bonus": {"if": "若", "add": "增加"},
        "multiplier": {"if": "若", "by": "乘以"},
        "phase out": {"of": "依据", "from": "起", "to": "止"},
        "prorate": {"from": "起", "to": "止", "over": "期间"},
        "unpriced": {"non-cash": "非现金", "discretionary": "裁量"},
        "limits": {
            "floor": "保底 下限",
            "cap": "封顶 上限",
            "cap per": "封顶口径",
            "rounding": "取整",
            "allow": "允许",
        },
        "pay": {
            "label": "名目 标签",
            "share": "份额",
            "amount": "金额",
            "on": "应付日",
            "by": "截止日",
            "if": "若",
        },
        "claw back": {"label": "名目 标签", "if": "若", "share": "份额"},
        "payer": {"who": "出资方", "share": "份额"},
        "at least": {"at least": "至少满足", "of": "其中"},
        "case": {
            "name": "名称",
            "as of": "基准日",
            "readings": "读法",
            "given": "已知",
            "expect": "预期",
        },
        "expect": {
            "outcome": "结果",
            "amount": "金额",
            "low": "最低",
            "high": "最高",
            "repayable": "应追回",
            "reason": "理由",
            "missing": "尚缺",
            "otherwise": "其他读法",
        },
        "policy": {
            "policy": "政策",
            "title": "标题 名称",
            "number": "文号",
            "issuer": "发文机关",
            "interpreter": "解释单位",
            "status": "状态",
            "effective": "施行日 生效日",
            "sunset": "有效期 失效日",
            "dated by": "计期依据",
            "boundaries": "边界",
            "source": "来源",
            "inventory": "条款清单",
            "note": "说明 备注",
            "readings": "读法",
            "stacking": "叠加",
            "budgets": "预算",
        },
        "boundaries": {"above": "以上", "below": "以下"},
        "source": {"file": "文件", "sha256": "校验值", "note": "说明 备注"},
        "declared reading": {
            "question": "问题",
            "ambiguity": "歧义编号",
            "values": "取值",
            "any date": "任意日期",
            "try": "试算",
        },
        "meaning": {"label": "标签", "english": "英文"},
        "group": {
            "group": "组名",
            "english": "英文",
            "rules": "规则 所含规则",
            "mode": "方式",
            "per": "按",
            "cap": "封顶 上限",
            "cap per": "封顶口径",
            "when exceeded": "超出时",
        },
        "budget": {
            "budget": "预算",
            "english": "英文",
            "rules": "规则 所含规则",
            "amount": "金额",
            "spent": "已支出",
            "when exceeded": "超出时",
            "order by": "排序",
            "ascending": "升序",
            "quota": "名额",
            "ties": "并列",
        },
        "facts": {
            "enterprise": "企业",
            "county": "县域",
            "tables": "表格 附表",
            "define": "定义",
        },
        "fact": {
            "label": "标签",
            "english": "英文",
            "type": "类型",
            "unit": "单位",
            "series": "逐年",
            "several": "可多值",
            "english question": "英文问题",
            "at most": "最多",
            "values": "取值",
            "aliases": "别名",
            "closed": "未填即",
            "negative": "可为负",
            "question": "问题",
            "certified by": "核定单位",
            "note": "说明 备注",
        },
        "records": {
            "label": "标签",
            "english": "英文",
            "record": "单项",
            "key": "识别项",
            "at most": "最多",
            "fields": "字段",
            "note": "说明 备注",
        },
        "amendment": {
            "amends": "修订",
            "from": "起",
            "changes": "变更",
        },
        # What any value may be: a switch between the readings of a word.
        "switch": {"reading": "解读", "date": "日期"},
    }
)

#: Words that are values of keys, by what they are about.
VALUES = Words(
    {
        "": {"none": "无 不限", "inherit": "从其政策", "subject": "申报主体 主体"},
        "subject": {"enterprise": "企业", "county": "县域"},
        "dated by": {"event": "事项", "application": "申请"},
        "per": {"per enterprise": "每家企业", "per county": "每个县域"},
        "payer": {"rest": "其余"},
        "date": {"the date": "所读日期"},
        "truth": {"true": "是", "false": "否"},
        "unknown": {"unknown": "未知"},
        "status": {"draft": "送审稿 草案", "issued": "已印发"},
        "mode": {
            "cumulative": "可叠加 累计",
            "highest-only": "就高不重复",
            "capped": "合计封顶 封顶",
        },
        "members": {"all": "全部 所有"},
        "boundary": {"inclusive": "含本数", "exclusive": "不含本数"},
        "sharing": {"in order": "按序 依次", "pro rata": "按比例"},
        "exceeded": {
            "pro rata": "按比例",
            "first come": "先到先得",
            "ranking": "择优",
        },
        "ties": {"refused": "另定", "pro rata": "按比例", "by id": "按编号"},
        "period": {
            "lifetime": "累计",
            "per year": "每年 按年",
        },
        "allow": {"rate over 100%": "比例超过100%"},
        "rounding": {
            "fen half-up": "到分四舍五入",
            "fen down": "到分舍去",
            "yuan half-up": "到元四舍五入",
            "yuan down": "到元舍去",
            "万元 half-up": "到万元四舍五入",
            "万元 down": "到万元舍去",
        },
        "type": {
            "text": "文本",
            "boolean": "是否",
            "money": "金额",
            "number": "数字",
            "rate": "比例",
            "date": "日期",
            "year": "年度",
        },
        "outcome": {
            "eligible": "应享 符合",
            "ineligible": "不符合",
            "undetermined": "待定",
            "discretionary": "裁量 由主管部门裁量",
        },
        "reason": {
            "condition-met": "符合条件",
            "condition-unmet": "条件不符",
            "excluded": "属于排除情形",
            "fact-missing": "信息不足",
            "not-yet-effective": "早于施行日",
            "effective-date-unknown": "施行日未载明",
            "not-yet-happened": "尚未发生",
            "expired": "晚于有效期",
            "already-awarded": "此前已获奖补",
            "once-only": "只奖一次",
            "limit-reached": "已达上限",
            "not-yet-due": "尚未到期",
            "lapsed": "逾期失效",
            "repayable": "须追回",
            "superseded": "就高不重复",
            "over-the-cap": "合计封顶",
            "nothing-due": "计算结果为零",
            "no-record": "没有相关记录",
            "other-subject": "适用对象不同",
            "no-amount-in-text": "原文未定金额",
        },
    }
)

#: Words of expressions: operators, functions, and names that no pack declares.
EXPRESSIONS = Words(
    {
        "operator": {
            "and": "且",
            "or": "或",
            "not": "非",
            "in": "属于",
            "where": "其中",
            "..": "至",
        },
        "function": {
            "min": "较低者",
            "max": "较高者",
            "year": "年度",
            "first_day": "首日",
            "last_day": "末日",
            "sum": "合计",
            "count": "个数",
            "any": "存在",
            "largest": "最大",
            "smallest": "最小",
            "mean": "均值",
            "growth": "增长率",
            "ratio": "比值",
            "days": "天数",
            "months": "月数",
            "years": "年数",
            "whole": "取整",
            "every": "均有",
            "due": "应得",
            "paid": "已付",
            "granted": "累计应得",
        },
        "name": {"as_of": "基准日"},
    }
)

#: How often something is paid at most: `2 times in 36个月`, `3 years`.
TIMES = re.compile(
    r"(?P<count>[1-9]\d{0,3}) ?(?P<unit>times?|次|years?|年)"
    r"(?: ?(?:in|within|每|/) ?(?P<period>.+))?"
)

#: `per enterprise` in Chinese: how it begins, up to what is counted.
PER = "每"
_COUNTED = ["家", "个", "名", "项", "户", "一"]


def after_per(text: str) -> int:
    """
    How many characters of a phrase say `per`; 0 where it does not begin so.

    >>> after_per("per enterprise"), after_per("每家企业"), after_per("一次")
    (4, 2, 0)
    """
    if text.startswith("per "):
        return len("per ")
    if not text.startswith(PER):
        return 0
    rest = text[len(PER) :]
    counted = next((word for word in _COUNTED if rest.startswith(word)), "")
    after = rest.removeprefix(counted)
    return len(text) - len(after.lstrip(" "))
