"""The limit: a runtime that relays upstream's bytes and does nothing else: no key, no checks, no error handling."""

import http.client
import json
import os
import socket

runtime_host = os.environ["AWS_LAMBDA_RUNTIME_API"]
upstream_host, _, prefix = os.environ["UPSTREAM_BASE_URL"].removeprefix("http://").partition("/")
runtime = http.client.HTTPConnection(runtime_host)
upstream = http.client.HTTPConnection(upstream_host)
host, _, port = runtime_host.partition(":")

while True:
    runtime.request("GET", "/2018-06-01/runtime/invocation/next")
    invocation = runtime.getresponse()
    event = json.loads(invocation.read())
    upstream.request("POST", f"/{prefix}/chat/completions", event["body"], {"content-type": "application/json"})
    answer = upstream.getresponse()
    with socket.create_connection((host, int(port))) as out:
        out.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        request_id = invocation.headers["Lambda-Runtime-Aws-Request-Id"]
        prelude = b'{"statusCode":200,"headers":{"content-type":"text/event-stream"}}' + bytes(8)
        out.sendall(
            f"POST /2018-06-01/runtime/invocation/{request_id}/response HTTP/1.1\r\nHost: {runtime_host}\r\n"
            "Lambda-Runtime-Function-Response-Mode: streaming\r\n"
            "Content-Type: application/vnd.awslambda.http-integration-response\r\n"
            "Transfer-Encoding: chunked\r\n\r\n".encode()
            + b"%x\r\n%b\r\n" % (len(prelude), prelude)
        )
        while chunk := answer.read1(65536):
            out.sendall(b"%x\r\n%b\r\n" % (len(chunk), chunk))
        out.sendall(b"0\r\n\r\n")
        out.recv(65536)
