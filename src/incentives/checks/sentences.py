"""The text of a policy: its sentences, and those that speak of money."""

import re

from collections.abc import Iterator

_MONEY = re.compile(r"奖励|补助|配套|补贴|奖补|贴息|资助|万元|亿元|[%％‰]")
_SENTENCE = re.compile(r"[^。；;]+[。；;]?")
_BLANKS = re.compile(r"\s+")


def without_blanks(text: str) -> str:
    """The text without white space, so that line breaks do not matter."""
    return _BLANKS.sub("", text)


def common_beginning(quote: str, source: str) -> str:
    """
    The longest beginning of a quote that stands somewhere in a source.

    >>> common_beginning("给予50万元奖励", "每家给予5万元奖励")
    '给予5'
    """
    shortest, longest = 0, len(quote)
    while shortest < longest:
        middle = (shortest + longest + 1) // 2
        if quote[:middle] in source:
            shortest = middle
        else:
            longest = middle - 1
    return quote[:shortest]


def money_sentences(text: str) -> Iterator[tuple[int, str]]:
    """
    Every sentence that speaks of money, with its line from 1.

    >>> list(money_sentences("给予50万元奖励。其他。"))
    [(1, '给予50万元奖励。')]
    """
    for number, line in enumerate(text.split("\n"), start=1):
        for sentence in _SENTENCE.findall(line):
            if _MONEY.search(sentence):
                yield number, sentence.strip()
