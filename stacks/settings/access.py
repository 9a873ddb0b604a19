"""The settings about who may use a deployment, and how much: the first part of `stacks.settings.Settings`."""

import dataclasses
from typing import Annotated

from stacks.settings.kinds import choice, integer, listing, optional, text

# Never `*`: any page of the web could then use the API with its visitor's browser.
ORIGIN = text(r"https?://[a-z0-9.-]+(:\d{1,5})?", "an origin")
_DOMAIN = text(r"([a-z0-9-]+\.)+[a-z]{2,}", "a domain, in lower case")


@dataclasses.dataclass(frozen=True, kw_only=True)
class AccessSettings:
    """Sign-in, API keys, daily limits, the firewall."""

    sign_in: Annotated[
        str,
        choice("cognito", "oidc", "none"),
        "Who may use the chat. `cognito`: people invited to a user pool that the stack makes. `oidc`: people of an "
        "OpenID Connect issuer that exists already. `none`: everybody, at your cost.",
    ] = "cognito"
    sign_in_email_domains: Annotated[
        tuple[str, ...],
        listing(_DOMAIN, "domains such as `example.com`; may be empty", at_least=0, at_most=20),
        "With `cognito`: only addresses of these domains can be invited.",
    ] = ()
    sign_in_mfa: Annotated[
        str,
        choice("off", "optional", "required"),
        "With `cognito`: whether people sign in with a code from an authenticator app as well.",
    ] = "optional"
    invitation_days: Annotated[
        int, integer(1, 365), "With `cognito`: how many days the temporary password of an invitation works."
    ] = 7
    email_from: Annotated[
        str | None,
        optional(text(r"[^\s@<>\"]{1,64}@([a-z0-9-]+\.)+[a-z]{2,}", "an e-mail address")),
        "With `cognito`: the address that invitations come from, which SES in the stack's region must have verified. "
        "Without, Cognito sends at most 50 e-mails a day, from an address of its own.",
    ] = None
    email_identity: Annotated[
        str, choice("address", "domain"), "What SES has verified of `email_from`: the one address, or its domain."
    ] = "address"
    sign_in_issuer: Annotated[
        str | None,
        optional(text(r"https://[^\s/?#@]+(/[^\s?#]*)?", "an https:// URL without user, query or fragment")),
        "With `oidc`: the issuer, written exactly as in its tokens' `iss`.",
    ] = None
    sign_in_client_id: Annotated[
        str | None,
        optional(text(r"[\x21-\x7e]{1,200}", "up to 200 characters without spaces")),
        "With `oidc`: the client that the page is there: public, with PKCE, and the page's address as redirect URI.",
    ] = None
    sign_in_scopes: Annotated[
        str,
        text(r"[\x21-\x7e]+( [\x21-\x7e]+){0,19}", "scopes separated by single spaces"),
        "With `oidc`: what the page asks for.",
    ] = "openid"
    sign_in_audience: Annotated[
        str | None,
        optional(text(r"[\x21-\x7e]{1,200}", "up to 200 characters without spaces")),
        "With `oidc`: what access tokens must have in `aud` besides naming the client.",
    ] = None
    sign_in_origins: Annotated[
        tuple[str, ...],
        listing(ORIGIN, "origins such as `https://example.com`; may be empty", at_least=0, at_most=5),
        "With `oidc`: further origins that the page must reach to get a token, if they are not the issuer's.",
    ] = ()
    sign_in_required_claim: Annotated[
        str | None,
        optional(text(r"[^=\s]{1,100}=[^\s]{1,200}", "`name=value`")),
        "A claim that access tokens must have, alone or in a list: `cognito:groups=chat`.",
    ] = None
    api_keys: Annotated[
        str,
        choice("on", "off"),
        "Whether programs may use API keys that `make admin` mints; for `direct` exposure.",
    ] = "off"
    daily_requests_per_person: Annotated[
        int | None, optional(integer(1, 1_000_000_000)), "The most requests of one person in a day (UTC)."
    ] = 500
    daily_tokens_per_person: Annotated[
        int | None, optional(integer(2, 1_000_000_000_000)), "The most tokens, in and out, of one person in a day."
    ] = 500_000
    daily_tokens_total: Annotated[
        int | None, optional(integer(2, 1_000_000_000_000)), "The most tokens of all people together in a day."
    ] = None
    concurrent_requests_per_person: Annotated[
        int | None,
        optional(integer(1, 10_000)),
        "The most answers of one person that may be under way at once; counted anew each day (UTC).",
    ] = None
    daily_tokens_alarm: Annotated[
        int | None,
        optional(integer(1, 1_000_000_000_000)),
        "An alarm goes off when all people together have used so many tokens within a day.",
    ] = None
    firewall_rate: Annotated[
        int | None,
        optional(integer(10, 2_000_000_000)),
        "Makes a second stack, in us-east-1, with a web ACL that allows one address so many requests in five minutes.",
    ] = None
    web_acl_arn: Annotated[
        str | None,
        optional(
            text(
                r"arn:aws[a-z-]*:wafv2:us-east-1:\d{12}:global/webacl/[\w-]+/[\w-]+",
                "the ARN of a web ACL for CloudFront, `arn:aws:wafv2:us-east-1:…`",
            )
        ),
        "The web ACL before the distribution: the second stack's output `WebAclArn`, or one of yours.",
    ] = None
