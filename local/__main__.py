"""`python -m local`, which is what `make chat` runs."""

import sys

from local.cli import main

if __name__ == "__main__":
    sys.exit(main())
