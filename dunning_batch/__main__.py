"""The command `dunning-batch`, and `python -m dunning_batch`."""

import gc
import sys

from dunning_batch.cli.main import run_command_line


def main() -> None:
    """Run the command line and leave with its exit code."""
    code = run_command_line(sys.argv[1:])
    gc.freeze()  # the two last collections before leaving would look at every object, for nothing
    sys.exit(code)


if __name__ == "__main__":
    main()
