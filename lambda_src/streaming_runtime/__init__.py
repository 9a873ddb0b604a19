"""Response streaming for Python on AWS Lambda: AWS's own runtime client, taught to stream.

Return a `StreamingResponse` from any handler; every other return value works as it does on the managed runtime.

    from streaming_runtime import StreamingResponse

    def handler(event, context):
        return StreamingResponse((f"{n} ".encode() for n in range(10)), headers={"content-type": "text/plain"})

Set `AWS_LAMBDA_EXEC_WRAPPER=/var/task/bootstrap` on the function and `InvokeMode: RESPONSE_STREAM` on its Function URL.
"""

from streaming_runtime.response import StreamingResponse

__all__ = ["StreamingResponse"]
