"""What the CDK runs (see cdk.json): writes the stack's template to cdk.out, or says what is wrong with the settings."""

import sys

from bundle.build import BundlingError
from stacks.app import PageMissingError, make_app
from stacks.settings import SettingsError

if __name__ == "__main__":
    try:
        make_app().synth()
    except (BundlingError, PageMissingError, SettingsError) as error:
        sys.exit(str(error))
