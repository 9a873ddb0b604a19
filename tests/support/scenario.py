"""What a scripted model answers: whatever the last message says, so that a test can name its bad day.

A scenario is the first word of the last user message, with arguments behind it:

    say TEXT            answers TEXT, one word at a time
    pace MS TEXT        the same, with a pause before each word
    echo                answers with the request it got, as JSON
    document NAME RATE  answers a document registered with `documents`, RATE tokens a second (0: as fast as it can)
    cut N               N words, then the connection breaks
    end N               N words, then a clean end without finish_reason or [DONE]
    error N             N words, then an error event in the stream
    length TEXT         answers TEXT and stops with finish_reason "length"
    silence SECONDS     nothing at all for a while, then an answer
    status CODE [SECONDS]  refuses with that status, and Retry-After if given
    garbage             an event that is not JSON
    think TEXT          thinks TEXT for a moment, in reasoning_content, then answers "So be it."
    think-tag TEXT      the same, in a <think> tag
    tools NAME          wants a tool called
    filtered            is ended by a content filter
    nothing             ends at once, without a word
    refuse CODE STATUS  refuses with that code and status
    short N             refuses a request of more than N characters with context_length_exceeded, else says "It fits."
    Summarise …         answers with a short summary

Anything else is answered by what `answers` has for it, or by "You said: …".
"""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

MODELS = ("scripted", "scripted-large")
WORDS = [f"word{number} " for number in range(1, 1001)]


class RefusedError(Exception):
    """The request is answered by an error status instead of a stream."""

    def __init__(self, status: int, retry_after: str | None = None, code: str | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.retry_after = retry_after
        self.code = code or str(status)


class BrokenError(Exception):
    """The connection ends here, without a clean end of the chunked body."""


def tokens_of(text: str) -> list[str]:
    """Pieces of about four characters, as a tokenizer makes them."""
    return [text[start : start + 4] for start in range(0, len(text), 4)]


def error_body(message: str, code: str | None = None) -> dict[str, Any]:
    """An error in OpenAI's shape."""
    return {"error": {"message": message, "type": "scripted", "code": code, "param": None}}


class Scenario:
    """What one request is answered with: server-sent event data, one at a time."""

    def __init__(self, request: dict[str, Any], documents: dict[str, str], answers: dict[str, str]) -> None:
        self.request = request
        self.documents = documents
        self.answers = answers
        content = request["messages"][-1]["content"]
        self.text: str = content if isinstance(content, str) else "".join(part.get("text", "") for part in content)
        self.count = 0

    def events(self) -> Iterator[str]:
        """Yields the data of each event; raises RefusedError before the first or BrokenError after any."""
        name, _, argument = self.text.partition(" ")
        steps: dict[str, Callable[[str], Iterator[str]]] = {
            "say": self._say,
            "pace": self._pace,
            "echo": self._echo,
            "document": self._document,
            "cut": self._cut,
            "end": self._end,
            "error": self._error,
            "length": self._length,
            "silence": self._silence,
            "status": self._status,
            "garbage": self._garbage,
            "think": self._think,
            "think-tag": self._think_tag,
            "tools": self._tools,
            "filtered": lambda _: self._done("content_filter"),
            "nothing": lambda _: self._done(),
            "refuse": self._refuse,
            "short": self._short,
            "Summarise": lambda _: self._say("In short: words were said."),
        }
        return steps.get(name, self._other)(argument)

    def _chunk(self, delta: dict[str, Any], finish: str | None = None, usage: dict[str, int] | None = None) -> str:
        choices = [] if usage else [{"index": 0, "delta": delta, "finish_reason": finish}]
        return json.dumps(
            {
                "id": "chatcmpl-scripted",
                "object": "chat.completion.chunk",
                "created": 0,
                "model": self.request.get("model", MODELS[0]),
                "choices": choices,
                "usage": usage,
            },
            ensure_ascii=False,
        )

    def _words(self, words: list[str], pause: float = 0) -> Iterator[str]:
        for word in words:
            if pause:
                time.sleep(pause)
            self.count += 1
            yield self._chunk({"content": word})

    def _done(self, finish: str = "stop") -> Iterator[str]:
        yield self._chunk({}, finish)
        if (self.request.get("stream_options") or {}).get("include_usage"):
            prompt = sum(len(str(message["content"])) // 4 + 1 for message in self.request["messages"])
            total = prompt + self.count
            usage = {"prompt_tokens": prompt, "completion_tokens": self.count, "total_tokens": total}
            yield self._chunk({}, usage=usage)
        yield "[DONE]"

    def _say(self, text: str) -> Iterator[str]:
        yield from self._words([word + " " for word in text.split(" ")])
        yield from self._done()

    def _pace(self, argument: str) -> Iterator[str]:
        milliseconds, _, text = argument.partition(" ")
        yield from self._words([word + " " for word in text.split(" ")], int(milliseconds) / 1000)
        yield from self._done()

    def _echo(self, _: str) -> Iterator[str]:
        yield from self._words(["```json\n", json.dumps(self.request, indent=1, ensure_ascii=False), "\n```"])
        yield from self._done()

    def _document(self, argument: str) -> Iterator[str]:
        name, _, rate = argument.partition(" ")
        tokens = tokens_of(self.documents[name])
        started = time.monotonic()
        for index, token in enumerate(tokens):
            if int(rate or 0):
                time.sleep(max(0, started + index / int(rate) - time.monotonic()))
            yield from self._words([token])
        yield from self._done()

    def _cut(self, count: str) -> Iterator[str]:
        yield from self._words(WORDS[: int(count)], 0.01)
        raise BrokenError

    def _end(self, count: str) -> Iterator[str]:
        yield from self._words(WORDS[: int(count)], 0.01)

    def _error(self, count: str) -> Iterator[str]:
        yield from self._words(WORDS[: int(count)], 0.01)
        yield json.dumps(error_body("The model fell over."))

    def _length(self, text: str) -> Iterator[str]:
        yield from self._words([text])
        yield from self._done("length")

    def _silence(self, seconds: str) -> Iterator[str]:
        time.sleep(float(seconds))
        yield from self._say("Sorry for the wait.")

    def _status(self, argument: str) -> Iterator[str]:
        status, _, retry_after = argument.partition(" ")
        raise RefusedError(int(status), retry_after or None)

    def _garbage(self, _: str) -> Iterator[str]:
        yield from self._words(["Before."])
        yield "{not json"

    def _think(self, text: str) -> Iterator[str]:
        for word in text.split(" "):
            time.sleep(0.05)
            yield self._chunk({"reasoning_content": f"{word} "})
        yield from self._say("So be it.")

    def _think_tag(self, text: str) -> Iterator[str]:
        yield from self._words(["<thi", "nk>\n", *(f"{word} " for word in text.split(" ")), "</think>", "\n\n"], 0.05)
        yield from self._say("So be it.")

    def _tools(self, name: str) -> Iterator[str]:
        yield self._chunk({"tool_calls": [{"index": 0, "id": "1", "function": {"name": name, "arguments": "{}"}}]})
        yield from self._done("tool_calls")

    def _refuse(self, argument: str) -> Iterator[str]:
        code, _, status = argument.partition(" ")
        raise RefusedError(int(status), code=code)

    def _short(self, count: str) -> Iterator[str]:
        if sum(len(message["content"]) for message in self.request["messages"]) > int(count.split(maxsplit=1)[0]):
            raise RefusedError(400, code="context_length_exceeded")
        yield from self._say("It fits.")

    def _other(self, _: str) -> Iterator[str]:
        yield from self._say(self.answers.get(self.text, f"You said: {self.text}"))
