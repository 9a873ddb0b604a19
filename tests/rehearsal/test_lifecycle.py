"""What becomes of a deployment: nothing, a change, its end. In this order, after test_deployment.py has seen it."""

import pytest

from tests.support.rehearsed import Account, Clock, call_function, through_cloudfront

pytestmark = [pytest.mark.rehearsal, pytest.mark.timeout(400)]


def test_deploying_the_same_again_changes_nothing(deployed: Account, clock: Clock) -> None:
    with clock("deploy without changes"):
        said, outputs = deployed.cdk.deploy(deployed.assembly)

    assert "(no changes)" in said
    assert outputs == deployed.outputs


def test_a_diff_finds_no_difference(deployed: Account, clock: Clock) -> None:
    with clock("diff"):
        said = deployed.cdk.diff(deployed.assembly)

    assert "Number of stacks with differences: 0" in said


def test_a_changed_setting_reaches_the_function_and_every_address_stays(deployed: Account, clock: Clock) -> None:
    with clock("second synth"):
        changed = deployed.cdk.synth(
            deployed.settings | {"memory_mb": "1024", "max_output_tokens": "77", "snap_start": "on"}
        )
    with clock("second deploy"):
        said, outputs = deployed.cdk.deploy(changed)

    assert "(no changes)" not in said
    assert outputs == deployed.outputs
    function = deployed.session.client("lambda").get_function_configuration(FunctionName=outputs["FunctionName"])
    assert function["MemorySize"] == 1024
    assert function["Environment"]["Variables"]["MAX_OUTPUT_TOKENS"] == "77"
    assert through_cloudfront(deployed, "/").status == 200


def test_with_snap_start_the_function_url_is_an_alias_s_of_a_published_version(deployed: Account) -> None:
    functions = deployed.session.client("lambda")
    alias = functions.get_alias(FunctionName=deployed.outputs["FunctionName"], Name="live")

    assert alias["FunctionVersion"] == "1"
    assert call_function(deployed, "/health", qualifier="live").status == 200


def test_after_destroy_nothing_is_left_but_what_bootstrap_made(deployed: Account, clock: Clock) -> None:
    with clock("destroy"):
        deployed.cdk.destroy(deployed.assembly)

    session = deployed.session
    stacks = session.client("cloudformation").describe_stacks()["Stacks"]
    assert [stack["StackName"] for stack in stacks] == ["CDKToolkit"]
    assert session.client("lambda").list_functions()["Functions"] == []
    assert session.client("cloudfront").list_distributions()["DistributionList"].get("Items", []) == []
    assert session.client("logs").describe_log_groups()["logGroups"] == []
    assert [bucket["Name"] for bucket in session.client("s3").list_buckets()["Buckets"]] == [
        "cdk-hnb659fds-assets-000000000000-eu-central-1"
    ]
    assert session.client("dynamodb").list_tables()["TableNames"] == []
    assert session.client("cognito-idp").list_user_pools(MaxResults=10)["UserPools"] == []
    assert session.client("sns").list_topics()["Topics"] == []
    assert session.client("cloudwatch").describe_alarms()["MetricAlarms"] == []
    roles = [role["RoleName"] for role in session.client("iam").list_roles()["Roles"]]
    assert [role for role in roles if not role.startswith("cdk-hnb659fds-")] == []
