"""Checks the model's API with the key of the parameter."""

from http import HTTPStatus

from tools.doctor.deployment import Deployment
from tools.doctor.findings import Finding, failed, good, skipped, warning
from tools.doctor.http import Answer, UnreachableError, ask, shown

_SUBJECT = "the model's API"


def check_model(deployment: Deployment, key: str | None) -> Finding:
    """Whether it can be reached, takes the key and has the models."""
    if deployment.kind in {"azure", "bedrock"}:
        return skipped(_SUBJECT, f"that of `{deployment.kind}` is not asked from here", "Ask it something in the chat.")
    if key is None:
        return skipped(_SUBJECT, "there is no key to ask it with")
    try:
        answer = ask(f"{deployment.upstream}/models", {"authorization": f"Bearer {key}"}, seconds=20)
    except UnreachableError as error:
        advice = "Look at the setting upstream_base_url. (This asks from here; the function asks from AWS.)"
        return failed(_SUBJECT, f"{shown(deployment.upstream)} cannot be reached: {error}", advice)
    if answer.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return failed(_SUBJECT, f"refuses the key ({answer.status})", f"Set another one: {deployment.put_parameter}")
    if answer.status != HTTPStatus.OK:
        return warning(_SUBJECT, f"answers {answer.status} to /models", "Not every server lists its models.")
    return _compare(deployment, answer)


def _compare(deployment: Deployment, answer: Answer) -> Finding:
    match answer.json():
        case {"data": list(models)}:
            known = {model.get("id") for model in models if isinstance(model, dict)}
        case _:
            return warning(_SUBJECT, "takes the key, but lists no models", "Not every server does.")
    missing = [model for model in deployment.models if model not in known]
    if missing:
        return failed(
            _SUBJECT,
            f"takes the key, but does not know {', '.join(missing)}",
            "Correct the setting models: make deploy",
        )
    return good(_SUBJECT, f"takes the key and has {', '.join(deployment.models)}")
