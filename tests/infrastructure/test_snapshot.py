"""The whole template, so that no change goes unseen.

After a change that is meant: `UPDATE_SNAPSHOTS=1 make test ARGS=tests/infrastructure/test_snapshot.py`.
"""

import difflib
import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.template import Template

SNAPSHOTS = Path(__file__).parent / "snapshots"


def masked(template: Template) -> str:
    """Return the template's text without the hashes of assets, which change with every edit of what they hold."""
    text = json.dumps(template.content, indent=1, sort_keys=True, ensure_ascii=False)
    return re.sub(r"\b[0-9a-f]{64}\.zip\b", "ASSET.zip", text) + "\n"


@pytest.mark.parametrize("exposure", ["cloudfront", "direct"])
def test_the_template_is_the_one_that_was_reviewed(synthesize: Callable[..., Template], exposure: str) -> None:
    snapshot = SNAPSHOTS / f"{exposure}.json"
    now = masked(synthesize(exposure=exposure))
    if os.environ.get("UPDATE_SNAPSHOTS"):
        snapshot.write_text(now, encoding="utf-8")

    reviewed = snapshot.read_text(encoding="utf-8")

    difference = difflib.unified_diff(reviewed.splitlines(), now.splitlines(), "reviewed", "now", lineterm="")
    assert now == reviewed, "\n".join(["see the top of this file if the change is meant", *difference])
