import json
from pathlib import Path

from local.deployment import read_deployment


def test_the_functions_variables_are_the_settings_in_capitals(tmp_path: Path) -> None:
    context = {
        "models": ["a", "b"],
        "timeout_seconds": 120,
        "system_prompt": "Be brief.",
        "max_input_chars": 500,
        "max_output_tokens": None,
        "memory_mb": 512,
    }
    (tmp_path / "cdk.json").write_text(json.dumps({"context": context}))

    deployment = read_deployment(tmp_path / "cdk.json")

    assert (deployment.models, deployment.timeout_seconds) == (["a", "b"], 120)
    assert deployment.variables == {"SYSTEM_PROMPT": "Be brief.", "MAX_INPUT_CHARS": "500"}


def test_this_deployments_settings_can_be_read() -> None:
    deployment = read_deployment()

    assert deployment.models
    assert deployment.timeout_seconds > 0
    assert "MAX_INPUT_CHARS" in deployment.variables
