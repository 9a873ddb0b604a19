"""A rehearsal of `cdk deploy` without an account: the real CDK CLI against an emulator of AWS on this machine.

The emulator is ministack (pinned, in a virtual environment of its own under build/). It accepts templates that AWS
would refuse, so cfn-lint stays the judge of validity, and it buffers what the function streams, so local/ stays the
proof of streaming. What it does show: that the CLI, the assets, the roles, the custom resources and the function's own
start fit together.
"""
