"""What a wrapper puts in the handler's place: it calls the one that was meant, which ORIG_HANDLER names."""

import importlib
import os

module, _, name = os.environ["ORIG_HANDLER"].rpartition(".")
handler = getattr(importlib.import_module(module), name)
