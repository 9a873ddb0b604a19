"""Random schedules of what can happen to one request, and one lane of real processes that plays them.

`plan.py` says what can happen (upstream's bytes and their timing, the client, the table); `upstream.py`, `faults.py`
and `client.py` do it over sockets; `lane.py` plays one plan against a real function process and `rules.py` says what of
it broke a rule; `reading.py` reads event streams by the specification. None of them imports the code under test.
"""
