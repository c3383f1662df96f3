"""How hard hypothesis tries."""

import os

from hypothesis import settings

# "ci" comes with hypothesis: the same examples every time, no deadline, and it
# prints what reproduces a failure.
settings.register_profile("dev", deadline=None)
settings.register_profile(
    "nightly", max_examples=10_000, deadline=None, print_blob=True
)
settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE", "ci" if "CI" in os.environ else "dev")
)
