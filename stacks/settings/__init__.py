"""What can be configured: every setting, the kinds of value they take, and which of them contradict each other.

Knows nothing of the constructs that use it. Begin with `settings.py`.
"""
