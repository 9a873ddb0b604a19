"""python -m tools.doctor."""

import sys

from tools.doctor.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
