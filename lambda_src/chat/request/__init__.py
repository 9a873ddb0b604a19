"""What is asked: an event becomes a checked request, ready to be sent to the model, serialised once.

Knows the settings and the errors; nothing of who answers or how. Begin with `completion_request.py`.
"""
