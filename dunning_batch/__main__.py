"""The command `dunning-batch`, and `python -m dunning_batch`."""

import sys

from dunning_batch.cli.main import run_command_line


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(run_command_line(sys.argv[1:]))


if __name__ == "__main__":
    main()
