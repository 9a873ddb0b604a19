"""The CDK side of lambda-stream-chat: settings in, CloudFormation stacks out. Begin with `app.py`."""

import os

import contracts  # noqa: F401  # puts on the path what ships, where the function's settings are declared

# The CDK library runs on Node through jsii, which prints a banner at every synth once a Node release is past its end of
# life. Node 20 does for this project; jsii's own variable for "we know" lists major versions. It is read when aws_cdk
# is first imported, so it is set here, before any module of this package can import it.
os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20")
