"""A small HTTP/1.1 client whose waits can be interrupted and resumed, and which costs nothing to import.

`http.client` cannot go on reading a chunked body after a time-out; libraries that can take a tenth of a second and more
to import (docs/performance.md). h11 is the independent reading that the tests compare it with.

Knows nothing of AWS or models. Begin with `pool.py`; below it `connection.py`, `response.py`, `head.py`, `framing.py`.
"""
