"""Settings about who may use a deployment, beyond those that the function reads: invitations, the firewall."""

import dataclasses

from chat.declaration import setting
from chat.kinds import choice, integer, listing, optional, switch, text
from stacks.settings.deployment import ORIGIN

_DOMAIN = text(r"([a-z0-9-]+\.)+[a-z]{2,}", "a domain, in lower case")


@dataclasses.dataclass(frozen=True, kw_only=True)
class AccessSettings:
    """The user pool, the page's sign-in, what stands before both."""

    sign_in_email_domains: tuple[str, ...] = setting(
        (),
        listing(_DOMAIN, "domains such as `example.com`; may be empty", at_least=0, at_most=20),
        "With `cognito`: only addresses of these domains can be invited.",
    )
    sign_in_mfa: str = setting(
        "off",
        choice("off", "required"),
        "With `cognito`: what people need besides their password. `off`: nothing. `required`: a code; at the first "
        "sign-in they are shown how to set up an authenticator app for it, and cannot go on without.",
    )
    invitation_days: int = setting(
        7, integer(1, 365), "With `cognito`: how many days the temporary password of an invitation works."
    )
    email_from: str | None = setting(
        None,
        optional(text(r"[^\s@<>\"]{1,64}@([a-z0-9-]+\.)+[a-z]{2,}", "an e-mail address")),
        "With `cognito`: the address that invitations come from, which SES in the stack's region must have verified. "
        "Without, Cognito sends at most 50 e-mails a day, from an address of its own.",
    )
    email_identity: str = setting(
        "address",
        choice("address", "domain"),
        "What SES has verified of `email_from`: the one address, or its domain.",
    )
    sign_in_localhost: bool = setting(
        False,  # noqa: FBT003  # the default
        switch(),
        "With `cognito`: whether a page at http://localhost:8000/ may sign people in too, for work on the page. Any "
        "program of theirs that listens there could be that page.",
    )
    sign_in_scopes: str = setting(
        "openid",
        text(r"[\x21-\x7e]+( [\x21-\x7e]+){0,19}", "scopes separated by single spaces"),
        "With `oidc`: what the page asks for.",
    )
    sign_in_origins: tuple[str, ...] = setting(
        (),
        listing(ORIGIN, "origins such as `https://example.com`; may be empty", at_least=0, at_most=5),
        "With `oidc`: further origins that the page must reach to get a token, if they are not the issuer's.",
    )
    daily_tokens_alarm: int | None = setting(
        None,
        optional(integer(1, 1_000_000_000_000)),
        "An alarm goes off when all people together have used so many tokens within a day.",
    )
    firewall_rate: int | None = setting(
        None,
        optional(integer(10, 2_000_000_000)),
        "The most requests of one address in five minutes: a web ACL before the distribution, about $6 a month, in a "
        "second stack in us-east-1, which must be bootstrapped. In cdk.json, not with `-c`: `destroy` must find it.",
    )
    web_acl_arn: str | None = setting(
        None,
        optional(
            text(
                r"arn:aws[a-z-]*:wafv2:us-east-1:\d{12}:global/webacl/[\w-]+/[\w-]+",
                "the ARN of a web ACL for CloudFront, `arn:aws:wafv2:us-east-1:…`",
            )
        ),
        "A web ACL of your own before the distribution.",
    )
