"""The chat function: its log group, its role, its code and its streaming Function URL."""

import dataclasses
from pathlib import Path

from aws_cdk import Aws, Duration, Fn, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from contracts import cors, names
from stacks.acknowledgments import acknowledge
from stacks.bedrock import allow_models
from stacks.chat_table import ChatTable
from stacks.settings import Settings, SettingsError
from stacks.settings.operation import RETENTION
from stacks.sign_in import SignIn

_SOONER_THAN_CLOUDFRONT_SECONDS = 3
_MAX_ENVIRONMENT_BYTES = 4096  # Lambda's quota for all variables together


class ChatFunction(Construct):
    """The function and everything that exists for it alone.

    Attributes:
        called: What requests go to: `function`, or with SnapStart the alias of its newest version.
    """

    def __init__(  # noqa: PLR0913  # options by name
        self,
        scope: Construct,
        construct_id: str,
        *,
        settings: Settings,
        task_root: Path,
        sign_in: SignIn,
        table: ChatTable | None,
    ) -> None:
        super().__init__(scope, construct_id)
        self.log_group = logs.LogGroup(
            self,
            "Logs",
            retention=logs.RetentionDays[RETENTION[settings.log_retention_days]],
            removal_policy=RemovalPolicy.DESTROY,
        )
        role = self._role(settings, table)
        self.function = lambda_.Function(
            self,
            "Function",
            description="Relays a model's answer token by token",
            runtime=lambda_.Runtime.PYTHON_3_13,
            architecture=lambda_.Architecture.ARM_64,
            code=lambda_.Code.from_asset(str(task_root)),
            handler="chat.handler.handler",
            role=role,
            memory_size=settings.memory_mb,
            timeout=Duration.seconds(settings.timeout_seconds),
            reserved_concurrent_executions=settings.reserved_concurrency,
            environment=_environment(settings, sign_in, table),
            log_group=self.log_group,
            snap_start=lambda_.SnapStartConf.ON_PUBLISHED_VERSIONS if settings.snap_start else None,
            tracing=lambda_.Tracing.ACTIVE if settings.tracing else lambda_.Tracing.DISABLED,
            logging_format=lambda_.LoggingFormat.JSON,
            # Metrics are log lines of level INFO: a higher level here would drop them. The Logger has its own level.
            application_log_level_v2=lambda_.ApplicationLogLevel.DEBUG
            if settings.log_level == "DEBUG"
            else lambda_.ApplicationLogLevel.INFO,
        )
        acknowledge(
            self.function,
            {"AwsSolutions-L1": "The bundle's wheels and bytecode are for this runtime: both move together."},
        )
        if settings.tracing:
            acknowledge(role, {"AwsSolutions-IAM5[Resource::*]": "X-Ray has no resources to name."})
        self.called = self._called(settings)
        self.url = self.called.add_function_url(
            auth_type=lambda_.FunctionUrlAuthType.NONE
            if settings.exposure == "direct"
            else lambda_.FunctionUrlAuthType.AWS_IAM,
            invoke_mode=lambda_.InvokeMode.RESPONSE_STREAM,
            cors=_cors(settings),
        )

    def _called(self, settings: Settings) -> lambda_.Function | lambda_.Alias:
        if not settings.snap_start:
            return self.function
        acknowledge(
            self.function,
            {"Annotation::@aws-cdk/aws-lambda:snapStartRequirePublish": "The alias's version is published."},
        )
        return lambda_.Alias(self, "Live", alias_name="live", version=self.function.current_version)

    def _role(self, settings: Settings, table: ChatTable | None) -> iam.Role:
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        self.log_group.grant_write(role)
        if settings.upstream == "bedrock":
            allow_models(role, settings)
        else:
            self._allow_key(role, settings)
        if table is not None:
            table.grant_use(role)
        return role

    def _allow_key(self, role: iam.Role, settings: Settings) -> None:
        parameter = Stack.of(self).format_arn(
            service="ssm", resource="parameter", resource_name=settings.api_key_parameter.removeprefix("/")
        )
        # A SecureString under the account's own aws/ssm key needs no KMS permission: that key's policy gives it to
        # whoever may read the parameter.
        role.add_to_policy(iam.PolicyStatement(actions=["ssm:GetParameter"], resources=[parameter]))
        if settings.api_key_kms_key_arn is not None:
            role.add_to_policy(
                iam.PolicyStatement(
                    actions=["kms:Decrypt"],
                    resources=[settings.api_key_kms_key_arn],
                    conditions={
                        "StringEquals": {
                            "kms:ViaService": f"ssm.{Aws.REGION}.{Aws.URL_SUFFIX}",
                            "kms:EncryptionContext:PARAMETER_ARN": parameter,
                        }
                    },
                )
            )


def _environment(settings: Settings, sign_in: SignIn, table: ChatTable | None) -> dict[str, str]:
    given = dataclasses.replace(
        settings,
        sign_in_issuer=sign_in.issuer,
        sign_in_scope=sign_in.scope,
        # The stack's UUID: known to nobody who only reads the logs, so that no list of people can be tried on them.
        subject_salt=Fn.select(2, Fn.split("/", Aws.STACK_ID)),
        quiet_seconds=None
        if settings.exposure == "direct"
        else settings.origin_read_timeout_seconds - _SOONER_THAN_CLOUDFRONT_SECONDS,
        table_name=table.table.table_name if table is not None else "",
    )
    environment = {
        **given.to_environment(),
        "AWS_LAMBDA_EXEC_WRAPPER": "/var/task/bootstrap",
        "POWERTOOLS_SERVICE_NAME": names.METRICS_SERVICE,
        "POWERTOOLS_METRICS_NAMESPACE": names.metrics_namespace(settings.stage),
        "POWERTOOLS_LOG_LEVEL": settings.log_level,
    }
    size = sum(len(name.encode()) + len(value.encode()) for name, value in environment.items())
    if size > _MAX_ENVIRONMENT_BYTES:
        raise SettingsError(
            "system_prompt, models: together they make the function's environment "
            f"{size:,} bytes; accepted: at most {_MAX_ENVIRONMENT_BYTES:,}"
        )
    return environment


def _cors(settings: Settings) -> lambda_.FunctionUrlCorsOptions | None:
    if not settings.cors_origins:
        return None
    return lambda_.FunctionUrlCorsOptions(
        allowed_origins=list(settings.cors_origins),
        allowed_methods=[lambda_.HttpMethod[method] for method in cors.METHODS],
        allowed_headers=list(cors.HEADERS),
        exposed_headers=list(cors.EXPOSED_HEADERS),
        allow_credentials=False,
        max_age=Duration.seconds(cors.MAX_AGE_SECONDS),
    )
