"""The role of a function whose models are Bedrock's: no parameter, and exactly these models."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App

from stacks.chat_stack import ChatStack
from stacks.settings import Settings, SettingsError
from tests.infrastructure.test_rules import found, nagged
from tests.support.template import Template

NOVA = "amazon.nova-lite-v1:0"
CLAUDE = "eu.anthropic.claude-sonnet-4-5-20250929-v1:0"
OWN = "arn:aws:bedrock:eu-central-1:111122223333:application-inference-profile/abc"
INVOKE = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"]

Synthesize = Callable[..., Template]


def text(value: Any) -> str:  # noqa: ANN401  # a template's
    """An ARN of a template, written out."""
    if isinstance(value, str):
        return value
    if "Ref" in value:
        return f"<{value['Ref'].removeprefix('AWS::')}>"
    return "".join(text(part) for part in value["Fn::Join"][1])


def statements(template: Template) -> list[dict[str, Any]]:
    """What the function's role may do, beside logging and counting."""
    policies = [policy for name, policy in template.all("AWS::IAM::Policy").items() if name.startswith("ChatRole")]
    return [
        statement
        for policy in policies
        for statement in policy["PolicyDocument"]["Statement"]
        if not any(service in str(statement["Action"]) for service in ("logs:", "dynamodb:"))
    ]


def test_the_role_may_ask_these_models_and_read_no_parameter(synthesize: Synthesize) -> None:
    [models] = statements(synthesize(upstream="bedrock", models=f"{NOVA},openai.gpt-oss-120b-1:0"))

    assert (models["Effect"], models["Action"]) == ("Allow", INVOKE)
    assert "Condition" not in models
    assert [text(each) for each in models["Resource"]] == [
        "arn:<Partition>:bedrock:<Region>::foundation-model/amazon.nova-lite-v1:0",
        "arn:<Partition>:bedrock:<Region>::foundation-model/openai.gpt-oss-120b-1:0",
    ]


def test_a_profile_s_model_may_be_asked_in_every_region_by_way_of_the_profile_only(synthesize: Synthesize) -> None:
    profile, model = statements(synthesize(upstream="bedrock", models=CLAUDE))

    arn = "arn:<Partition>:bedrock:<Region>:<AccountId>:inference-profile/" + CLAUDE
    assert text(profile["Resource"]) == arn
    assert model["Action"] == INVOKE
    assert text(model["Resource"]) == "arn:<Partition>:bedrock:*::foundation-model/" + CLAUDE.removeprefix("eu.")
    assert text(model["Condition"]["StringEquals"]["bedrock:InferenceProfileArn"]) == arn


def test_a_profile_of_the_account_s_own_is_allowed_by_its_arn(synthesize: Synthesize) -> None:
    profile, model = statements(synthesize(upstream="bedrock", models=OWN))

    assert profile["Resource"] == OWN
    assert model["Condition"] == {"StringEquals": {"bedrock:InferenceProfileArn": OWN}}


@pytest.mark.parametrize(
    ("guardrail", "resource"),
    [
        ("gr1abc:3", "arn:<Partition>:bedrock:<Region>:<AccountId>:guardrail/gr1abc"),
        (
            "arn:aws:bedrock:eu-central-1:111122223333:guardrail/gr1:DRAFT",
            "arn:aws:bedrock:eu-central-1:111122223333:guardrail/gr1",
        ),
    ],
)
def test_a_guardrail_may_be_applied(synthesize: Synthesize, guardrail: str, resource: str) -> None:
    template = synthesize(upstream="bedrock", models=NOVA, bedrock_guardrail=guardrail)

    [_, applied] = statements(template)
    assert (applied["Action"], text(applied["Resource"])) == ("bedrock:ApplyGuardrail", resource)
    [function] = [
        each for name, each in template.all("AWS::Lambda::Function").items() if name.startswith("ChatFunction")
    ]
    variables = function["Environment"]["Variables"]
    assert (variables["UPSTREAM"], variables["BEDROCK_GUARDRAIL"]) == ("bedrock", guardrail)


def test_nobody_is_told_to_set_a_key(synthesize: Synthesize, template: Template) -> None:
    def outputs(of: Template) -> set[str]:
        return set(of.content["Outputs"])

    assert outputs(template) - outputs(synthesize(upstream="bedrock", models=NOVA)) == {"ApiKeyCommand"}


def test_cdk_nag_finds_nothing_that_is_not_acknowledged(
    add_stack: Callable[[App, Settings], ChatStack], tmp_path: Path
) -> None:
    app = nagged(tmp_path)
    add_stack(app, Settings(upstream="bedrock", models=(NOVA, CLAUDE, OWN)))

    app.synth()

    assert found(tmp_path) == []


@pytest.mark.parametrize(
    "settings",
    [
        {"upstream": "bedrock"},
        {"upstream": "bedrock", "models": NOVA, "upstream_base_url": "https://example.com/v1"},
        {"upstream": "bedrock", "models": NOVA, "azure_api_version": "2024-10-21"},
        {"upstream": "azure"},
        {"bedrock_guardrail": "gr1:1"},
        {"upstream": "azure", "upstream_base_url": "https://r.openai.azure.com", "azure_api_version": "new"},
        {"upstream": "bedrock", "models": NOVA, "bedrock_guardrail": "gr1"},
    ],
)
def test_what_does_not_go_together_is_refused(settings: dict[str, str]) -> None:
    with pytest.raises(SettingsError):
        Settings.from_context(settings)
