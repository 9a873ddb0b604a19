"""How a deployment is watched: the metrics that the function writes, a dashboard of them, and alarms.

Knows the settings and the function it watches, nothing of the page. Begin with `monitoring.py`.
"""
