"""What people run beside the product: nothing here is deployed, and nothing deployed imports it.

`admin` invites people and mints API keys, `doctor` checks an account and a deployment, `rehearsal` deploys to an
emulator of AWS, `bench` measures against the alternatives, `checks` is what CI and the documents need. Each is a
command (`python -m tools.NAME --help`, or a target of the Makefile); begin reading at its `cli.py`.
"""

import contracts  # noqa: F401  # puts on the path what ships: some of it is a contract with these
