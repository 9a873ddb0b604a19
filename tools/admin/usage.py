"""What people have used, in the deployment's table. What is stored: lambda_src/chat/limits."""

from collections.abc import Collection

import boto3

from chat.limits.day import COUNTERS


def erase_usage(table: str, subjects: Collection[str], session: boto3.Session) -> list[str]:
    """Delete the counters of some subjects, by their hashes.

    Returns:
        The days that there were counters of, each as `2026-01-31`.
    """
    client = session.client("dynamodb")
    pages = client.get_paginator("scan").paginate(
        TableName=table,
        FilterExpression="begins_with(pk, :counters)",
        ExpressionAttributeValues={":counters": {"S": COUNTERS}},
        ProjectionExpression="pk",
    )
    days = set()
    for page in pages:
        for item in page["Items"]:
            day, _, subject = item["pk"]["S"].removeprefix(COUNTERS).partition("#")
            if subject in subjects:
                client.delete_item(TableName=table, Key={"pk": item["pk"]})
                days.add(day)
    client.close()
    return sorted(days)
