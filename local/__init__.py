"""The function and its page on one machine: what Lambda, Function URLs and CloudFront do around the shipped code.

`python -m local` (or `make chat`) starts it; `local.server.LocalLambda` is the same for tests and measurements. The
function runs only as real processes through its own `bootstrap`: nothing of `lambda_src` is ever imported here but
what settings there are.
"""

import contracts  # noqa: F401  # puts on the path where the settings are declared
