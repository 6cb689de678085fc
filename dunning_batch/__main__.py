"""The command `dunning-batch`, and `python -m dunning_batch`."""

import gc
import os
import sys

from dunning_batch.cli.main import run_command_line

# Of pyarrow's allocator, which reads it when it is loaded: one pool for all threads, and what is free given back soon.
_POOL = "narenas:1,dirty_decay_ms:300,muzzy_decay_ms:0"


def main() -> None:
    """Run the command line and leave with its exit code."""
    os.environ.setdefault("JE_ARROW_MALLOC_CONF", _POOL)
    code = run_command_line(sys.argv[1:])
    gc.freeze()  # the two last collections before leaving would look at every object, for nothing
    sys.exit(code)


if __name__ == "__main__":
    main()
