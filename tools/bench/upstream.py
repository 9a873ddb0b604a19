"""The scripted model: a process of its own that writes the time of writing into every token.

    python -m tools.bench.upstream     # prints its port

Times are nanoseconds of CLOCK_MONOTONIC, which all processes of a machine share. The first token also carries when the
request had arrived, so that this server's own delay can be subtracted. Events have the form and size of OpenAI's.
"""

import json
import socketserver
import sys
import time

from tools.bench.scripts import SCRIPTS, Script

_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ntransfer-encoding: chunked\r\n\r\n"
_FRAME = {
    "id": "chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT",
    "object": "chat.completion.chunk",
    "created": 1741569952,
    "model": "scripted",
    "service_tier": "default",
    "system_fingerprint": "fp_709182ffb0",
}


def event(delta: dict[str, str], finish_reason: str | None = None) -> bytes:
    """An event of a chat completion."""
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
    return sse({**_FRAME, "choices": [choice], "usage": None, "obfuscation": "XhQw4fFz"})


def sse(data: object) -> bytes:
    """An event, as a chunk of a chunked body."""
    line = b"data: %b\n\n" % json.dumps(data, separators=(",", ":")).encode()
    return b"%x\r\n%b\r\n" % (len(line), line)


_BEFORE, _AFTER = event({"content": f"{'t' * 20}{0:04}"}).split(b"t" * 20)
_END = [
    event({}, "stop"),
    sse({**_FRAME, "choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 9, "total_tokens": 18}}),
    b"e\r\ndata: [DONE]\n\n\r\n",
]


class _Handler(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True

    def handle(self) -> None:
        while line := self.rfile.readline():
            received = time.monotonic_ns()
            length = 0
            while (header := self.rfile.readline().strip().lower()) != b"":
                if header.startswith(b"content-length:"):
                    length = int(header.partition(b":")[2])
            body = json.loads(self.rfile.read(length) or b"{}")
            try:
                self._play(SCRIPTS[body["model"]], received)
            except OSError:
                return
            if b"HTTP/1.0" in line:
                return

    def _play(self, script: Script, received: int) -> None:
        self.connection.sendall(_HEAD)
        first = event({"role": "assistant", "content": f"#{received:018d}#"})
        time.sleep(script.delay)
        due = time.monotonic()
        for number in range(script.tokens):
            token = b"%b@%018d@%b" % (_BEFORE, time.monotonic_ns(), _AFTER)
            self.connection.sendall(token if number else first + token)
            if script.gap:
                due += script.gap
                time.sleep(max(0.0, due - time.monotonic()))
        self.connection.sendall(b"".join(_END) + b"0\r\n\r\n")


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 100


def main() -> int:
    """Serve until standard input ends."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        print(server.server_address[1], flush=True)
        server.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
