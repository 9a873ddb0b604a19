"""The people of a deployment: a Cognito user pool of its own, its sign-in page, and the chat page's client."""

from pathlib import Path

from aws_cdk import Aws, Duration, RemovalPolicy
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from contracts import names, page_config
from stacks.acknowledgments import acknowledge
from stacks.cdk_gaps import allow_refreshing_only
from stacks.settings import Settings

_EMAIL_DOMAINS = Path(__file__).parent.parent / "lambda_src" / "email_domains" / "email_domains.py"
_RESOURCE_SERVER = "chat"
_SCOPE = "use"

# Not Mfa.OPTIONAL: the sign-in page then offers nobody an authenticator app, and the chat page has no place for it.
_MFA = {"off": cognito.Mfa.OFF, "required": cognito.Mfa.REQUIRED}


class People(Construct):
    """A user pool that people are invited to, and its sign-in page.

    The function asks for a scope of its own instead of the client's id: the client knows the distribution's address and
    the distribution the function's, so the function cannot know the client.

    Attributes:
        scope: What a token must have been granted: `chat/use`.
        origins: Of the issuer and of the sign-in page, which are two.
    """

    def __init__(self, scope: Construct, construct_id: str, *, settings: Settings) -> None:
        super().__init__(scope, construct_id)
        self.user_pool = cognito.UserPool(
            self,
            "UserPool",
            self_sign_up_enabled=False,
            sign_in_aliases=cognito.SignInAliases(email=True),
            sign_in_case_sensitive=False,
            auto_verify=cognito.AutoVerifiedAttrs(email=True),
            standard_attributes=cognito.StandardAttributes(email=cognito.StandardAttribute(required=True)),
            account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
            password_policy=cognito.PasswordPolicy(
                min_length=12,
                require_lowercase=True,
                require_uppercase=True,
                require_digits=True,
                require_symbols=True,
                temp_password_validity=Duration.days(settings.invitation_days),
            ),
            user_invitation=_invitation(settings),
            email=_sender(settings),
            mfa=_MFA[settings.sign_in_mfa],
            mfa_second_factor=None if settings.sign_in_mfa == "off" else cognito.MfaSecondFactor(otp=True, sms=False),
            feature_plan=cognito.FeaturePlan.ESSENTIALS,
            # People are invited again in a minute; a pool left behind keeps their addresses for ever.
            removal_policy=RemovalPolicy.RETAIN if settings.retain else RemovalPolicy.DESTROY,
        )
        acknowledge(
            self.user_pool,
            {
                "AwsSolutions-COG2": "The setting sign_in_mfa decides: everybody is known to whoever invites them.",
                "AwsSolutions-COG8": "Threat protection is paid for per person; nobody can register here.",
            },
        )
        if settings.sign_in_email_domains:
            self._allow_only(settings.sign_in_email_domains)
        self._localhost = settings.sign_in_localhost
        self._prefix = f"{names.stack_name(settings.stage)}-{Aws.ACCOUNT_ID}"
        self._domain = self.user_pool.add_domain(
            "Domain",
            cognito_domain=cognito.CognitoDomainOptions(domain_prefix=self._prefix),
            managed_login_version=cognito.ManagedLoginVersion.NEWER_MANAGED_LOGIN,
        )
        use = cognito.ResourceServerScope(scope_name=_SCOPE, scope_description="Use the chat")
        self._server = self.user_pool.add_resource_server("Api", identifier=_RESOURCE_SERVER, scopes=[use])
        self._scope = cognito.OAuthScope.resource_server(self._server, use)
        self.scope = f"{_RESOURCE_SERVER}/{_SCOPE}"
        issuer_host = f"https://cognito-idp.{Aws.REGION}.{Aws.URL_SUFFIX}"
        self.issuer = f"{issuer_host}/{self.user_pool.user_pool_id}"
        self.origins = (issuer_host, f"https://{self._prefix}.auth.{Aws.REGION}.amazoncognito.com")

    def add_page(self, page_url: str) -> page_config.OidcSignIn:
        """Let the page at this URL, with the slash at its end, sign people in; return its config.json's `signIn`."""
        addresses = [page_url, *(["http://localhost:8000/"] if self._localhost else [])]
        client = self.user_pool.add_client(
            "Page",
            generate_secret=False,  # a page cannot keep one: PKCE stands for it
            auth_flows=cognito.AuthFlow(),
            prevent_user_existence_errors=True,
            enable_token_revocation=True,
            access_token_validity=Duration.hours(1),
            id_token_validity=Duration.hours(1),
            refresh_token_validity=Duration.days(1),
            supported_identity_providers=[cognito.UserPoolClientIdentityProvider.COGNITO],
            o_auth=cognito.OAuthSettings(
                flows=cognito.OAuthFlows(authorization_code_grant=True),
                scopes=[cognito.OAuthScope.OPENID, cognito.OAuthScope.EMAIL, self._scope],
                callback_urls=addresses,
                logout_urls=addresses,
            ),
        )
        allow_refreshing_only(client)
        cognito.CfnManagedLoginBranding(
            self,
            "Branding",
            user_pool_id=self.user_pool.user_pool_id,
            client_id=client.user_pool_client_id,
            use_cognito_provided_values=True,
        )
        return {
            "type": "oidc",
            "issuer": self.issuer,
            "clientId": client.user_pool_client_id,
            "scopes": f"openid email {self.scope}",
        }

    def _allow_only(self, domains: tuple[str, ...]) -> None:
        log_group = logs.LogGroup(
            self, "TriggerLogs", retention=logs.RetentionDays.ONE_MONTH, removal_policy=RemovalPolicy.DESTROY
        )
        role = iam.Role(self, "TriggerRole", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        log_group.grant_write(role)
        trigger = lambda_.Function(
            self,
            "EmailDomains",
            description="Refuses to invite addresses of other domains",
            runtime=lambda_.Runtime.PYTHON_3_13,
            architecture=lambda_.Architecture.ARM_64,
            handler="index.handler",
            code=lambda_.Code.from_inline(_EMAIL_DOMAINS.read_text(encoding="utf-8")),
            role=role,
            environment={"EMAIL_DOMAINS": ",".join(domains)},
            log_group=log_group,
        )
        acknowledge(trigger, {"AwsSolutions-L1": "The same runtime as the chat function's: both move together."})
        self.user_pool.add_trigger(cognito.UserPoolOperation.PRE_SIGN_UP, trigger)


def _invitation(settings: Settings) -> cognito.UserInvitationConfig:
    # CloudFront's own name is not known here: the distribution waits for the function, and the function for the pool.
    page = "the address that whoever invited you sends you"
    if settings.domain_name is not None:
        page = f'<a href="https://{settings.domain_name}/">https://{settings.domain_name}/</a>'
    return cognito.UserInvitationConfig(
        email_subject="You are invited to a chat",
        email_body=(
            f"<p>You are invited to a chat. Open {page} and sign in as {{username}} with this temporary password, "
            f"which works for {settings.invitation_days} days:</p><p>{{####}}</p>"
            "<p>You will be asked to choose a password of your own.</p>"
        ),
    )


def _sender(settings: Settings) -> cognito.UserPoolEmail | None:
    if settings.email_from is None:
        return None  # Cognito's own, for at most 50 e-mails a day
    domain = settings.email_from.rpartition("@")[2] if settings.email_identity == "domain" else None
    return cognito.UserPoolEmail.with_ses(
        from_email=settings.email_from, ses_verified_domain=domain, ses_region=Aws.REGION
    )
