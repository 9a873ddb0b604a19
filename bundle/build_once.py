"""Makes a folder from its inputs once: nothing to do when they are unchanged, replaced as a whole when they are not."""

import fcntl
import tempfile
from collections.abc import Callable
from pathlib import Path


def build_once(out: Path, inputs: str, build: Callable[[Path], None]) -> None:
    """Make `out` by calling `build` with the path of a folder to create, unless the same `inputs` made it before.

    A failing build leaves the old folder as it was. Several processes may call at once: one builds, the others wait.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    built_from = out.with_name(f".{out.name}.inputs")
    with out.with_name(f".{out.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if out.is_dir() and built_from.is_file() and built_from.read_text() == inputs:
            return
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as workspace:
            new = Path(workspace) / "new"
            build(new)
            built_from.unlink(missing_ok=True)
            if out.exists():
                out.rename(Path(workspace) / "old")
            new.rename(out)
            built_from.write_text(inputs)
