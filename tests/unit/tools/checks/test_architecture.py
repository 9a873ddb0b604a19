"""Imports go one way, as the table says."""

import re
from pathlib import Path

import pytest

from tools.checks.architecture import MAY_IMPORT, ROOT, arrows, forbidden, mermaid, part_of


def test_no_import_is_outside_the_table_and_none_climbs() -> None:
    assert forbidden(arrows()) == []


def test_the_arrows_are_found(tmp_path: Path) -> None:
    answer = tmp_path / "lambda_src/chat/answer"
    answer.mkdir(parents=True)
    (tmp_path / "app.py").write_text("import json\nfrom stacks import chat_stack\n")
    (answer / "__init__.py").write_text("from chat import application\n")
    (answer / "relay.py").write_text(
        "def late():\n    import chat.model.upstream\n    from chat.answer import events\n"
    )

    found = arrows(tmp_path)

    assert found == {
        ("app", "stacks"): ["app"],
        ("chat.answer", "chat.application"): ["chat.answer.__init__"],
        ("chat.answer", "chat.model"): ["chat.answer.relay"],
    }
    assert forbidden(found) == [
        "chat.answer may not import chat.application: chat.answer.__init__",
        "chat.answer may not import chat.model: chat.answer.relay",
    ]
    assert mermaid(found).splitlines()[:2] == ["flowchart TD", "    app --> stacks"]


def test_a_table_that_climbs_is_no_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MAY_IMPORT, "chat.errors", "chat.answer")

    assert forbidden({}) == ["chat.errors is below chat.answer in the table"]


def test_a_module_in_no_part_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "app.py").touch()
    (tmp_path / "lambda_src").mkdir()
    (tmp_path / "lambda_src/another.py").touch()

    with pytest.raises(ValueError, match="another belongs to no part"):
        arrows(tmp_path)
    assert part_of("chat.model.upstream") == "chat.model"


def test_the_picture_in_the_documents_has_no_arrow_that_is_not_so() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    node = r'(\w+)(?:\["([^"<]+)[^"]*"\])?'
    names: dict[str, str] = {}
    drawn = []
    for source, source_name, target, target_name in re.findall(rf"{node} --> {node}", text):
        names |= {key: name for key, name in ((source, source_name), (target, target_name)) if name}
        drawn.append((source, target))
    real = arrows()

    assert len(drawn) > 15
    for source, target in drawn:
        assert (_part(source, names), _part(target, names)) in real, (source, target)


def _part(node: str, names: dict[str, str]) -> str:
    """A node of the picture in the table's words."""
    name = "streaming_runtime" if node == "runtime" else names.get(node, node).removesuffix(".py").replace("/", ".")
    return name if name in MAY_IMPORT else f"chat.{name}"
