"""Whoever answers: the model's service, how it is spoken to, and what its refusals mean.

Knows HTTP and AWS; nothing of how an answer is relayed. Begin with `upstream.py`: it asks a `Service` (what one kind of
upstream decides: `upstreams/`) for a request, sends it over a `Transport` (kept connections of our own for streamed
answers, the `openai` client for the others) and turns whatever comes back into a source of bytes or into an error.
"""
