"""`python -m bundle`."""

import sys

from bundle.build import main

sys.exit(main())
