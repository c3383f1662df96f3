"""Run the examples in the README and in docstrings."""

from sybil import Sybil
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser
from sybil.parsers.rest import DocTestParser

from tests.support import console

pytest_collect_file = (
    Sybil(
        parsers=[
            PythonCodeBlockParser(),
            CodeBlockParser(language="console", evaluator=console.evaluate),
        ],
        patterns=["README*.md"],
    )
    + Sybil(parsers=[DocTestParser()], patterns=["src/**/*.py"])
).pytest()
