"""AWS over HTTP on this machine (moto's server), and the deployment's table in it."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import boto3
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

TABLE = "chat-table"
REGION = "us-east-1"


@contextmanager
def aws_server() -> Generator[str]:
    """Yields its URL.

    DynamoDB changes an item in one step; moto looks at it and then changes it, so it gets one request at a time.
    """
    moto = DomainDispatcherApplication(create_backend_app)
    lock = threading.Lock()

    def one_at_a_time(environ: Any, start_response: Any) -> list[bytes]:  # noqa: ANN401  # WSGI's
        with lock:
            return list(moto(environ, start_response))

    server = make_server("127.0.0.1", 0, one_at_a_time, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def dynamodb(url: str) -> "DynamoDBClient":
    return boto3.client(
        "dynamodb", endpoint_url=url, region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test"
    )


@contextmanager
def table(url: str, name: str = TABLE) -> Generator["DynamoDBClient"]:
    """Makes the deployment's table, empty, for a while."""
    client = dynamodb(url)
    client.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    try:
        yield client
    finally:
        client.delete_table(TableName=name)
        client.close()
