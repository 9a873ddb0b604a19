"""The app of a rehearsal: the one that is deployed, with the function built for this machine, which has to run it."""

import sys

from bundle.build import BundlingError, host_target
from stacks.app import PageMissingError, make_app
from stacks.settings import SettingsError

if __name__ == "__main__":
    try:
        make_app(host_target()).synth()
    except (BundlingError, PageMissingError, SettingsError) as error:
        sys.exit(str(error))
