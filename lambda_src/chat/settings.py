"""Every setting of the function, declared once. What only the deployment needs to know is declared in stacks/settings.

To add one: declare it here, use it, give it a place in cdk.json and its test, and let `make settings` write the rest.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from chat.declaration import SettingsError, internal, read_environment, setting, write_environment
from chat.kinds import choice, integer, listing, number, optional, switch, text, url

_MODEL = text(r"[\w.:/@+-]{1,200}", "a model's name")
OPENAI_URL = "https://api.openai.com/v1"
_BEDROCK_MODEL = r"arn:\S+|([a-z-]+\.)?[a-z0-9]+\.\S+"  # perhaps with the region of an inference profile in front
_WORD = r"[\x21-\x7e]{1,200}"


@dataclass(frozen=True, kw_only=True, repr=False)  # a method fewer to make when the function starts
class Settings:
    """What the function reads, as environment variables, when it starts."""

    models: tuple[str, ...] = setting(
        ("gpt-5.4-mini", "gpt-5.4-nano"),
        listing(_MODEL, "different model names", at_least=1, at_most=1000),
        "Models that may be asked for. The first is the default.",
    )
    upstream: str = setting(
        "openai",
        choice("openai", "azure", "bedrock", "compatible"),
        "Whose the models are. `openai`: OpenAI's. `azure`: an Azure OpenAI resource's. `bedrock`: Amazon Bedrock's in "
        "the stack's region, without any key. `compatible`: of anything else that speaks OpenAI's chat completions.",
    )
    upstream_base_url: str = setting(
        OPENAI_URL,
        url(plain_http=True, is_base=True),
        "Base URL of the OpenAI-compatible API, with its `/v1` and perhaps a query; with `azure` the resource's. "
        "`bedrock` needs none. Plain http is for this machine only.",
    )
    azure_api_version: str | None = setting(
        None,
        optional(text(r"\d{4}-\d\d-\d\d(-preview)?", "a version such as `2024-10-21`")),
        "With `azure`: the version of its classic API, where `models` are deployments. Nothing for its v1 API.",
    )
    bedrock_guardrail: str | None = setting(
        None,
        optional(text(r"[\w:/-]{1,200}:(\d{1,8}|DRAFT)", "a guardrail's identifier or ARN, `:` and its version")),
        "With `bedrock`: a guardrail that questions and answers go through.",
    )
    token_limit_name: str | None = setting(
        None,
        optional(choice("max_tokens", "max_completion_tokens")),
        "The name under which the API takes the most tokens of an answer, where the usual one is wrong.",
    )
    api_key_parameter: str = setting(
        "/lambda-stream-chat/openai-api-key",
        text(
            r"(?!/?(aws|ssm))(/[\w.-]+){1,15}|(?!/?(aws|ssm))[\w.-]+",
            "an SSM parameter name such as `/folder/name`, not beginning with `aws` or `ssm`",
        ),
        "Name of the SSM SecureString with that API's key. The function may read this one parameter and no other.",
    )
    system_prompt: str = setting(
        "", text(r".{0,2000}", "up to 2,000 characters"), "Put before a conversation that brings no system message."
    )
    max_output_tokens: int = setting(
        4096, integer(1, 1_000_000), "The most tokens one answer may have, and what it gets when it does not ask."
    )
    max_input_chars: int = setting(
        100_000, integer(1, 1_000_000), "The most characters of all messages of a request together.", page=True
    )
    max_messages: int = setting(1000, integer(1, 10_000), "The most messages of a request.", page=True)
    min_temperature: float = setting(0, number(0, 2), "The lowest temperature accepted.", page=True)
    max_temperature: float = setting(2, number(0, 2), "The highest temperature accepted.", page=True)
    extra_parameters: tuple[str, ...] = setting(
        (),
        listing(text(r"[a-z][a-z0-9_]{0,63}", "a name"), "names such as `n`; may be empty", at_least=0, at_most=50),
        "Request parameters, and types of tools that the API itself calls, accepted beside the usual ones. `n` "
        "multiplies what a request costs; `modalities` and `service_tier` make its tokens dearer; "
        "`web_search_options`, `web_search` and other tools cost something for each call; `store`, "
        "`previous_response_id` and `background` keep conversations at the API.",
    )
    max_attachment_bytes: int = setting(
        4_000_000, integer(0, 4_400_000), "The most bytes of all images, files and sounds of a request together."
    )
    embedding_models: tuple[str, ...] = setting(
        (),
        listing(_MODEL, "different model names; may be empty", at_least=0, at_most=100),
        "Models that `/v1/embeddings` may be asked of. Without any there are no embeddings.",
    )
    silence_seconds: float = setting(
        60, number(0.1, 890), "The model's API silent for so long is given up. Models that think first need more."
    )

    sign_in: str = setting(
        "cognito",
        choice("cognito", "oidc", "none"),
        "Who may use the chat. `cognito`: people invited to a user pool that the stack makes. `oidc`: people of an "
        "OpenID Connect issuer that exists already. `none`: everybody, at your cost.",
    )
    sign_in_issuer: str | None = setting(
        None,
        optional(url(plain_http=False, is_base=False)),
        "With `oidc`: the issuer, written exactly as in its tokens' `iss`.",
    )
    sign_in_client_id: str | None = setting(
        None,
        optional(text(_WORD, "up to 200 characters without spaces")),
        "With `oidc`: the client that the page is there: public, with PKCE, and the page's address as redirect URI.",
    )
    sign_in_audience: str | None = setting(
        None,
        optional(text(_WORD, "up to 200 characters without spaces")),
        "With `oidc`: what access tokens must have in `aud` besides naming the client.",
    )
    sign_in_required_claim: str | None = setting(
        None,
        optional(text(r"[^=\s]{1,100}=[^\s]{1,200}", "`name=value`")),
        "A claim that access tokens must have, alone or in a list: `cognito:groups=chat`.",
    )
    api_keys: bool = setting(
        False,  # noqa: FBT003  # the default
        switch(),
        "Whether programs may use API keys that `make admin` mints; for `direct` exposure.",
    )
    daily_requests_per_person: int | None = setting(
        500, optional(integer(1, 1_000_000_000)), "The most requests of one person in a day (UTC)."
    )
    daily_tokens_per_person: int | None = setting(
        500_000, optional(integer(2, 1_000_000_000_000)), "The most tokens, in and out, of one person in a day."
    )
    daily_tokens_total: int | None = setting(
        None, optional(integer(2, 1_000_000_000_000)), "The most tokens of all people together in a day."
    )
    concurrent_requests_per_person: int | None = setting(
        None,
        optional(integer(1, 10_000)),
        "The most answers of one person that may be under way at once; counted anew each day (UTC).",
    )

    # Given by the stack's resources.
    sign_in_scope: str = internal("", text(r"\S*", "one word"), "A scope that access tokens must have been granted.")
    subject_salt: str = internal("", text(r".*", "text"), "Makes the hashes of people differ from other deployments'.")
    quiet_seconds: float | None = internal(
        None,
        optional(number(0.1, 900)),
        "The longest that a client waits for an answer without heartbeats: CloudFront gives up a little later.",
    )
    table_name: str = internal("", text(r".*", "a name"), "The DynamoDB table of the daily counters and the API keys.")

    # Changed by tests, which have no time to wait.
    first_byte_seconds: float = internal(
        10, number(0.01, 900), "Silence before an answer starts with status 200 and a heartbeat."
    )
    heartbeat_seconds: float = internal(
        10, number(0.01, 15), "The longest silence towards the client; some proxies give up on an origin after 20 s."
    )
    deadline_margin_seconds: float = internal(
        2, number(0.01, 60), "How long before Lambda's time-out an answer is ended."
    )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Read and check what `to_environment` wrote; see `read_environment`.

        Raises:
            SettingsError: A variable is wrong, or some are not together.
        """
        settings = read_environment(Settings, environment)
        if problems := [*settings.contradictions(), *_missing(settings)]:
            raise SettingsError("\n".join(problems))
        return settings

    def to_environment(self) -> dict[str, str]:
        """Return the function's environment variables for these settings; see `write_environment`."""
        return write_environment(Settings, self)

    @property
    def needs_table(self) -> bool:
        """Whether something is counted or looked up."""
        limits = (
            self.daily_requests_per_person,
            self.daily_tokens_per_person,
            self.daily_tokens_total,
            self.concurrent_requests_per_person,
        )
        return self.api_keys or any(limit is not None for limit in limits)

    def contradictions(self) -> list[str]:
        """Return what is fine one by one and not together: a line each, which begins with a setting's name."""
        problems = self._upstream_contradictions()
        if self.min_temperature > self.max_temperature:
            problems.append(f"min_temperature: got {self.min_temperature:g}; accepted: at most max_temperature")
        for key in ("daily_tokens_per_person", "daily_tokens_total"):
            tokens = getattr(self, key)
            if tokens is not None and tokens <= self.max_output_tokens:
                problems.append(f"{key}: got {tokens:,}; accepted: more than max_output_tokens, or no request fits")
        if self.sign_in == "none":
            problems += [
                f"sign_in_{name}: got {value!r}; accepted: nothing, as sign_in is `none`"
                for name in ("issuer", "client_id", "audience", "required_claim", "scope")
                if (value := getattr(self, f"sign_in_{name}"))
            ]
        return problems

    def _upstream_contradictions(self) -> list[str]:
        problems = []
        only = f"accepted: nothing, as upstream is `{self.upstream}`"
        if self.azure_api_version and self.upstream != "azure":
            problems.append(f"azure_api_version: got {self.azure_api_version!r}; {only}")
        if self.bedrock_guardrail and self.upstream != "bedrock":
            problems.append(f"bedrock_guardrail: got {self.bedrock_guardrail!r}; {only}")
        if self.upstream == "azure" and self.upstream_base_url == OPENAI_URL:
            problems.append("upstream_base_url: accepted: the resource's, `https://NAME.openai.azure.com`")
        if self.upstream == "bedrock":
            if self.upstream_base_url != OPENAI_URL:
                problems.append(
                    f"upstream_base_url: got {self.upstream_base_url!r}; accepted: the default, as it has no use"
                )
            if wrong := [model for model in self.models if not re.fullmatch(_BEDROCK_MODEL, model)]:
                problems.append(f"models: got {wrong[0]!r}; accepted: Bedrock's names, such as `amazon.nova-lite-v1:0`")
        return problems


def _missing(settings: Settings) -> list[str]:
    """What should have been given: by the stack's resources, or with sign_in `oidc` by cdk.json."""
    problems = []
    if settings.sign_in != "none" and not settings.sign_in_issuer:
        problems.append("sign_in_issuer: nothing; people cannot sign in without")
    if settings.sign_in != "none" and not (
        settings.sign_in_client_id or settings.sign_in_audience or settings.sign_in_scope
    ):
        problems.append("sign_in_client_id, sign_in_audience, sign_in_scope: nothing; any token would do")
    if settings.needs_table and not settings.table_name:
        problems.append("table_name: nothing; limits and API keys need it")
    return problems


# Read, but by libraries or by what is below the settings: who gives each, and what for.
OTHER_VARIABLES = {
    "AWS_LAMBDA_EXEC_WRAPPER": "The stack: Lambda starts the bundle's `bootstrap` instead of its own.",
    "POWERTOOLS_SERVICE_NAME": "The stack: `service` of log lines and metrics.",
    "POWERTOOLS_METRICS_NAMESPACE": "The stack: where the metrics are; contracts/names.py.",
    "POWERTOOLS_LOG_LEVEL": "The stack, by the setting `log_level`.",
    "AWS_REGION": "Lambda.",
    "AWS_ACCESS_KEY_ID": "Lambda.",
    "AWS_SECRET_ACCESS_KEY": "Lambda.",
    "AWS_SESSION_TOKEN": "Lambda.",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": "Lambda, with SnapStart.",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN": "Lambda, with SnapStart.",
    "AWS_LAMBDA_INITIALIZATION_TYPE": "Lambda: whether the start is for a snapshot.",
    "AWS_ENDPOINT_URL": "Tests and `make chat`: an emulator of AWS.",
    "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": "Tests: the same for one service.",
    "AWS_ENDPOINT_URL_DYNAMODB": "Tests: the same for one service.",
    "AWS_ENDPOINT_URL_SSM": "Tests and `make chat`: the same for one service.",
}
