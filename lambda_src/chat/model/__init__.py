"""Whoever answers: the model's service, its API key, and what its refusals mean.

Knows HTTP and AWS; nothing of how an answer is relayed. Begin with `upstream.py`.
"""
