"""What several programs must agree on, each fact once: names, the page's config.json, headers, the form of an API key.

Standard library only, and nothing of the programs that share it. A fact that the function has too is stated where it
ships, in lambda_src; this package puts that folder on the path, the only place that does, for all who need it.
"""

import sys
from pathlib import Path

_SHIPPED = str(Path(__file__).resolve().parent.parent / "lambda_src")

if _SHIPPED not in sys.path:
    sys.path.append(_SHIPPED)  # at the end: it must hide nothing that is installed
