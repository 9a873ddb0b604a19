"""Who may use a deployment, and how much: asserted on the template."""

import dataclasses
import json
from collections.abc import Callable
from typing import Any

import pytest
from aws_cdk import App
from aws_cdk.assertions import Annotations, Match

from email_domains.email_domains import handler
from stacks.chat_stack import ChatStack
from stacks.settings import Settings, SettingsError
from stacks.sign_in import SignIn, page_sign_in
from tests.support.template import Template

AddStack = Callable[[App, Settings], ChatStack]
OIDC = {
    "sign_in": "oidc",
    "sign_in_issuer": "https://issuer.example.com/tenant/",
    "sign_in_client_id": "page",
    "sign_in_origins": "https://tokens.example.com",
}


def variables(template: Template) -> dict[str, Any]:
    found: dict[str, Any] = template.one("AWS::Lambda::Function", "ChatFunction")["Environment"]["Variables"]
    return found


def test_by_default_only_people_who_were_invited_can_sign_in(template: Template) -> None:
    pool = template.one("AWS::Cognito::UserPool")

    assert pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True
    assert pool["UsernameAttributes"] == ["email"]
    assert pool["MfaConfiguration"] == "OFF"
    assert "EnabledMfas" not in pool
    assert variables(template)["SIGN_IN"] == "cognito"


def invitation(template: Template) -> dict[str, str]:
    message: dict[str, str] = template.one("AWS::Cognito::UserPool")["AdminCreateUserConfig"]["InviteMessageTemplate"]
    return message


def test_an_invitation_says_where_the_chat_is_and_how_long_its_password_works(
    synthesize: Callable[..., Template],
) -> None:
    template = synthesize(
        domain_name="chat.example.com",
        certificate_arn="arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d",
        invitation_days=30,
    )
    message = invitation(template)["EmailMessage"]

    assert 'href="https://chat.example.com/"' in message
    assert "works for 30 days" in message
    assert {"{username}", "{####}"} <= set(message.replace("<p>", " ").replace("</p>", " ").split())  # Cognito's
    policy = template.one("AWS::Cognito::UserPool")["Policies"]["PasswordPolicy"]
    assert policy["TemporaryPasswordValidityDays"] == 30


def test_without_a_name_of_its_own_the_inviter_says_where_the_chat_is(template: Template) -> None:
    assert "whoever invited you" in invitation(template)["EmailMessage"]
    assert template.one("AWS::Cognito::UserPool")["Policies"]["PasswordPolicy"]["TemporaryPasswordValidityDays"] == 7


@pytest.mark.parametrize(
    ("settings", "identity"),
    [
        ({"email_from": "chat@example.com"}, "chat@example.com"),
        ({"email_from": "chat@example.com", "email_identity": "domain"}, "example.com"),
    ],
)
def test_invitations_come_from_an_identity_of_ses(
    synthesize: Callable[..., Template], settings: dict[str, str], identity: str
) -> None:
    email = synthesize(**settings).one("AWS::Cognito::UserPool")["EmailConfiguration"]

    assert email["EmailSendingAccount"] == "DEVELOPER"
    assert email["From"] == "chat@example.com"
    assert email["SourceArn"]["Fn::Join"][1] == [
        *("arn:", {"Ref": "AWS::Partition"}, ":ses:", {"Ref": "AWS::Region"}, ":", {"Ref": "AWS::AccountId"}),
        f":identity/{identity}",
    ]


def test_by_default_cognito_sends_invitations_itself(template: Template) -> None:
    assert "EmailConfiguration" not in template.one("AWS::Cognito::UserPool")


def test_everybody_can_be_made_to_use_an_authenticator_app(synthesize: Callable[..., Template]) -> None:
    pool = synthesize(sign_in_mfa="required").one("AWS::Cognito::UserPool")

    assert pool["MfaConfiguration"] == "ON"
    assert pool["EnabledMfas"] == ["SOFTWARE_TOKEN_MFA"]


def test_the_page_s_client_has_no_secret_and_knows_the_code_grant_only(template: Template) -> None:
    client = template.one("AWS::Cognito::UserPoolClient")
    [distribution] = template.all("AWS::CloudFront::Distribution")
    addresses = [{"Fn::Join": ["", ["https://", {"Fn::GetAtt": [distribution, "DomainName"]}, "/"]]}]

    assert client["GenerateSecret"] is False
    assert client["AllowedOAuthFlows"] == ["code"]
    assert client["ExplicitAuthFlows"] == ["ALLOW_REFRESH_TOKEN_AUTH"]
    assert client["CallbackURLs"] == client["LogoutURLs"] == addresses
    assert client["PreventUserExistenceErrors"] == "ENABLED"
    assert client["SupportedIdentityProviders"] == ["COGNITO"]


def test_a_page_on_one_s_own_machine_may_sign_people_in_only_if_that_is_asked_for(
    synthesize: Callable[..., Template],
) -> None:
    client = synthesize(sign_in_localhost=True).one("AWS::Cognito::UserPoolClient")

    assert client["CallbackURLs"][1:] == client["LogoutURLs"][1:] == ["http://localhost:8000/"]


def test_the_function_asks_for_the_scope_that_only_this_api_s_client_is_granted(template: Template) -> None:
    server = template.one("AWS::Cognito::UserPoolResourceServer")
    client = template.one("AWS::Cognito::UserPoolClient")

    assert server["Identifier"] == "chat"
    assert [scope["ScopeName"] for scope in server["Scopes"]] == ["use"]
    assert variables(template)["SIGN_IN_SCOPE"] == "chat/use"
    assert len(client["AllowedOAuthScopes"]) == 3


def test_the_page_may_reach_the_sign_in_and_no_other_origin(template: Template) -> None:
    headers = template.one("AWS::CloudFront::ResponseHeadersPolicy")["ResponseHeadersPolicyConfig"]
    policy = headers["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"]
    text = "".join(part if isinstance(part, str) else "TOKEN" for part in policy["Fn::Join"][1])
    [connect] = [directive.strip() for directive in text.split(";") if "connect-src" in directive]

    assert connect == (
        "connect-src 'self' https://cognito-idp.TOKEN.TOKEN https://lambda-stream-chat-prod-TOKEN.auth.TOKEN.amazoncognito.com"
    )


def test_only_addresses_of_allowed_domains_can_be_invited(
    synthesize: Callable[..., Template], monkeypatch: pytest.MonkeyPatch
) -> None:
    template = synthesize(sign_in_email_domains="example.com,example.org")
    trigger = template.one("AWS::Lambda::Function", "PeopleEmailDomains")

    assert "PreSignUp" in template.one("AWS::Cognito::UserPool")["LambdaConfig"]
    assert len(trigger["Code"]["ZipFile"]) < 4096
    monkeypatch.setenv("EMAIL_DOMAINS", trigger["Environment"]["Variables"]["EMAIL_DOMAINS"])
    for address in ("a@example.com", "A@EXAMPLE.ORG"):
        event = {"request": {"userAttributes": {"email": address}}}
        assert handler(event, None) is event
    for address in ("a@example.net", "a@example.com@evil.example", "a@sub.example.com", "example.com@", ""):
        with pytest.raises(ValueError, match="not allowed"):
            handler({"request": {"userAttributes": {"email": address}}}, None)


def test_an_issuer_that_exists_is_used_as_it_is_written(synthesize: Callable[..., Template]) -> None:
    template = synthesize(**OIDC, sign_in_audience="api", sign_in_required_claim="groups=chat")

    assert template.all("AWS::Cognito::UserPool") == {}
    assert {name: value for name, value in variables(template).items() if name.startswith("SIGN")} == {
        "SIGN_IN": "oidc",
        "SIGN_IN_ISSUER": "https://issuer.example.com/tenant/",
        "SIGN_IN_CLIENT_ID": "page",
        "SIGN_IN_AUDIENCE": "api",
        "SIGN_IN_REQUIRED_CLAIM": "groups=chat",
    }
    headers = template.one("AWS::CloudFront::ResponseHeadersPolicy")["ResponseHeadersPolicyConfig"]
    policy = headers["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"]
    assert "connect-src 'self' https://issuer.example.com https://tokens.example.com;" in policy


def test_the_page_is_told_how_people_sign_in() -> None:
    nobody = SignIn()

    assert page_sign_in(Settings(sign_in="none"), nobody, "https://chat.example/") == {"type": "none"}
    assert page_sign_in(Settings(sign_in="none", api_keys=True), nobody, "https://chat.example/") == {"type": "keys"}
    settings = Settings(sign_in="oidc", sign_in_issuer="https://issuer.example", sign_in_client_id="page")
    told = {"type": "oidc", "issuer": "https://issuer.example", "clientId": "page", "scopes": "openid"}
    assert page_sign_in(settings, nobody, "https://chat.example/") == told
    named = dataclasses.replace(settings, sign_in_audience="https://api.example")
    assert page_sign_in(named, nobody, "https://chat.example/") == told | {"audience": "https://api.example"}


def test_an_open_deployment_is_allowed_and_warned_about(add_stack: AddStack) -> None:
    stack = add_stack(App(), Settings(sign_in="none"))

    Annotations.from_stack(stack).has_warning("*", Match.string_like_regexp("at your cost"))


def test_a_deployment_with_sign_in_is_not_warned_about(add_stack: AddStack) -> None:
    stack = add_stack(App(), Settings())

    assert Annotations.from_stack(stack).find_warning("*", Match.any_value()) == []


@pytest.mark.parametrize(
    ("key", "settings"),
    [
        ("sign_in_issuer", {"sign_in": "oidc", "sign_in_client_id": "page"}),
        ("sign_in_client_id", {"sign_in": "oidc", "sign_in_issuer": "https://issuer.example.com"}),
        ("sign_in_issuer", {"sign_in_issuer": "https://issuer.example.com"}),
        ("stage", {"stage": "aws-test"}),
        ("stage", {"stage": "my-cognito"}),
        ("sign_in_email_domains", {**OIDC, "sign_in_email_domains": "example.com"}),
        ("email_from", {"sign_in": "none", "email_from": "chat@example.com"}),
        ("sign_in_required_claim", {"sign_in": "none", "sign_in_required_claim": "groups=chat"}),
        ("daily_tokens_per_person", {"daily_tokens_per_person": 4096}),
        ("daily_tokens_total", {"daily_tokens_total": 100}),
    ],
)
def test_settings_that_contradict_each_other_are_refused(key: str, settings: dict[str, object]) -> None:
    with pytest.raises(SettingsError, match=key):
        Settings.from_context(settings)


def test_a_stage_without_a_user_pool_may_have_any_name() -> None:
    assert Settings.from_context({**OIDC, "stage": "aws-test"}).stage == "aws-test"


def test_the_table_forgets_and_cannot_be_overrun_with_provisioned_costs(template: Template) -> None:
    table = template.one("AWS::DynamoDB::Table")

    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
    assert table["KeySchema"] == [{"AttributeName": "pk", "KeyType": "HASH"}]
    assert "PointInTimeRecoverySpecification" not in table
    assert "SSESpecification" not in table  # then DynamoDB encrypts with its own key


def test_an_alarm_goes_off_at_a_day_s_tokens(synthesize: Callable[..., Template]) -> None:
    alarm = synthesize(daily_tokens_alarm=1_000_000).one("AWS::CloudWatch::Alarm", "TokenAlarm")
    names = {metric["MetricStat"]["Metric"]["MetricName"] for metric in alarm["Metrics"] if "MetricStat" in metric}

    assert alarm["Threshold"] == 1_000_000
    assert names == {"TokensIn", "TokensOut"}
    assert {
        json.dumps(metric["MetricStat"]["Metric"]["Dimensions"])
        for metric in alarm["Metrics"]
        if "MetricStat" in metric
    } == {'[{"Name": "service", "Value": "chat"}]'}


@pytest.mark.parametrize(("retain", "policy"), [(False, "Delete"), (True, "Retain")])
def test_people_and_keys_stay_after_the_stack_only_if_that_is_asked_for(
    synthesize: Callable[..., Template], *, retain: bool, policy: str
) -> None:
    template = synthesize(retain=retain)

    for kind in ("AWS::Cognito::UserPool", "AWS::DynamoDB::Table"):
        [name] = template.all(kind)
        assert template.content["Resources"][name]["DeletionPolicy"] == policy
        assert template.content["Resources"][name]["UpdateReplacePolicy"] == policy


def test_what_is_made_of_the_deployment_alone_goes_with_it_in_any_case(synthesize: Callable[..., Template]) -> None:
    template = synthesize(retain=True)
    [bucket] = template.all("AWS::S3::Bucket")

    assert template.content["Resources"][bucket]["DeletionPolicy"] == "Delete"
    for log_group in template.all("AWS::Logs::LogGroup"):
        assert template.content["Resources"][log_group]["DeletionPolicy"] == "Delete"
