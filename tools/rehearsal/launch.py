"""Starts ministack with what it lacks of Lambda and of TLS put right. Runs in ministack's own virtual environment."""

import contextvars
import json
import re
from pathlib import Path
from typing import Any

from ministack.core import iam_actions, iam_evaluator, lambda_runtime
from ministack.services.cloudformation import provisioners

ROOT = Path(__file__).resolve().parents[2]

# What an update expression or a condition may be made of besides attributes.
_NO_ATTRIBUTES = frozenset(
    ("SET", "REMOVE", "ADD", "DELETE", "AND", "OR", "NOT", "attribute_exists", "attribute_not_exists", "if_not_exists")
)

_UNKNOWN = ("AWS::Logs::QueryDefinition", "AWS::Cognito::ManagedLoginBranding")

# Runs before ministack's own worker for Python, in each process that it starts for a function.
_FIRST = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from tools.rehearsal.worker import become_lambda
become_lambda()
sys.path.remove({str(ROOT)!r})
"""


def answer_as_if_over_tls() -> None:
    """Let `aws:SecureTransport` be true: the bucket's policy rightly demands TLS, and loopback has none."""
    origin = contextvars.ContextVar("origin", default=("127.0.0.1", True))
    iam_evaluator._request_origin = origin  # it has no setting for this
    iam_evaluator.pin_request_origin = lambda source_ip, _secure_transport: origin.set((source_ip, True))


def start_functions_as_lambda_does() -> None:
    """Let a function's own bootstrap run, and what it finds on Lambda's disk be there."""
    lambda_runtime._PYTHON_WORKER_SCRIPT = _FIRST + lambda_runtime._PYTHON_WORKER_SCRIPT  # same


def tag_buckets() -> None:
    """Let a bucket of a template have its tags: the CDK empties only those that are tagged for it."""
    apply = provisioners._s3_apply_configurations  # same

    def apply_with_tags(name: str, props: dict[str, Any], old_props: dict[str, Any] | None = None) -> None:
        apply(name, props, old_props)
        provisioners._s3._bucket_tags[name] = {tag["Key"]: tag["Value"] for tag in props.get("Tags", [])}

    provisioners._s3_apply_configurations = apply_with_tags  # same


def take_what_is_unknown() -> None:
    """Take kinds of resource that ministack does not have as they are: the rest of the template is rehearsed then."""

    def create(logical_id: str, _props: dict[str, Any], stack_name: str) -> tuple[str, dict[str, str]]:
        return f"{stack_name}-{logical_id}", {}

    for kind in _UNKNOWN:
        provisioners._RESOURCE_HANDLERS.setdefault(
            kind, {"create": create, "update": lambda physical_id, *_: (physical_id, {}), "delete": lambda *_: None}
        )


def tell_what_table_requests_name() -> None:
    """Let policies look at a table request's partition key, the attributes it names, and what it wants returned.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
    """
    known = iam_actions.dynamodb_service_context

    def context(body: bytes) -> dict[str, Any]:
        request = json.loads(body or b"{}")
        found: dict[str, Any] = known(body)
        if "Key" in request:
            found["dynamodb:LeadingKeys"] = [value for typed in request["Key"].values() for value in typed.values()]
        if "UpdateExpression" in request:
            text = f"{request['UpdateExpression']} {request.get('ConditionExpression', '')}"
            names = set(re.findall(r"(?<![:#\w])#?\w+", text)) - _NO_ATTRIBUTES
            aliases = request.get("ExpressionAttributeNames", {})
            found["dynamodb:Attributes"] = [*request["Key"], *(aliases.get(name, name) for name in names)]
            found["dynamodb:ReturnValues"] = request.get("ReturnValues", "NONE")
        return found

    iam_actions.dynamodb_service_context = context


def simplify_alarms() -> None:
    """Let an alarm look at the first of its metrics: ministack does not calculate with several."""
    record = provisioners._cw_metric_alarm_record

    def record_of_first(name: str, props: dict[str, Any]) -> Any:  # noqa: ANN401  # ministack's own
        stats = [metric["MetricStat"] for metric in props.get("Metrics", []) if "MetricStat" in metric]
        if stats:
            first = {"Period": stats[0]["Period"], "Statistic": "Sum", **stats[0]["Metric"]}
            props = {key: value for key, value in props.items() if key != "Metrics"} | first
        return record(name, props)

    provisioners._cw_metric_alarm_record = record_of_first


if __name__ == "__main__":
    answer_as_if_over_tls()
    start_functions_as_lambda_does()
    tag_buckets()
    take_what_is_unknown()
    tell_what_table_requests_name()
    simplify_alarms()
    from ministack.app import main  # binds the names above when it is imported

    main()
