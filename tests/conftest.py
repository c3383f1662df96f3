"""How hard hypothesis tries, and books that several test files make."""

import os

from collections.abc import Iterator

import pytest

from hypothesis import settings

import incentives

from incentives import RuleBook
from incentives.engines import compiled, reference
from tests.support.canglang import FACTS, HEAD, IN_THREE, POLICY, Make

# "ci" comes with hypothesis: the same examples every time, no deadline, and it
# prints what reproduces a failure.
settings.register_profile("dev", deadline=None)
# On further versions of Python the same laws, on fewer examples.
settings.register_profile("quick", settings.get_profile("ci"), max_examples=20)
settings.register_profile("thorough", max_examples=1_000, deadline=None)
settings.register_profile(
    "nightly", max_examples=10_000, deadline=None, print_blob=True
)
settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE", "ci" if "CI" in os.environ else "dev")
)


@pytest.fixture(scope="module", autouse=True)
def _forget() -> Iterator[None]:
    """Random rules by the thousand would slow down whatever looks at all objects."""
    yield
    compiled._compiled.cache_clear()  # noqa: SLF001  # nothing else forgets
    reference._prepared.cache_clear()  # noqa: SLF001  # likewise


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """A book of rules given by their bodies, by id."""

    def made(**rules: str) -> RuleBook:
        directory = tmp_path_factory.mktemp("pack")
        texts = {"policy": POLICY, "facts": FACTS}
        texts |= {name: HEAD.format(name) + body for name, body in rules.items()}
        for name, text in texts.items():
            (directory / f"{name}.yaml").write_text(text, encoding="utf-8")
        return incentives.load(directory)

    return made


@pytest.fixture(scope="module")
def in_three(make: Make) -> RuleBook:
    return make(three=IN_THREE)
