"""What a page of another origin may do: the Function URL's cross-origin rules, but for the origins themselves.

https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html#urls-cors
"""

ORIGIN = r"https?://[a-z0-9.-]+(:\d{1,5})?"  # the form of one, in full

# Not OPTIONS: Lambda answers preflights itself, and refuses the name at deploy (longer than six characters).
METHODS = ("GET", "POST")

# Names in full: there is no wildcard for a part of one. After our own, those of OpenAI's JavaScript client.
HEADERS = (
    "authorization",
    "content-type",
    "x-amz-content-sha256",
    "x-chat-authorization",
    "openai-organization",
    "openai-project",
    "user-agent",  # Chromium keeps its own; Firefox and Safari let a page set it
    "x-stainless-arch",
    "x-stainless-helper-method",
    "x-stainless-lang",
    "x-stainless-os",
    "x-stainless-package-version",
    "x-stainless-retry-count",
    "x-stainless-runtime",
    "x-stainless-runtime-version",
    "x-stainless-timeout",
)

EXPOSED_HEADERS = (
    "x-request-id",
    "retry-after",
    *(f"x-ratelimit-{figure}-{unit}" for unit in ("requests", "tokens") for figure in ("limit", "remaining", "reset")),
)

MAX_AGE_SECONDS = 3600  # for how long a browser may remember a preflight's answer
