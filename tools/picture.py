"""Makes the picture of the README: a letter of the sample dossier. Needs pdftoppm (poppler).

python -m tools.picture
"""

import contextlib
import os
import subprocess
import tempfile
from pathlib import Path

from dunning_batch.cli.main import run_command_line
from dunning_batch.init import make_dossier

PICTURE = Path(__file__).parent.parent / "docs" / "images" / "letter.png"
DAY = "2026-01-31"
LETTER = "KIWI-1.pdf"  # two invoices, one of them paid in part


def main() -> None:
    """Run the sample in a folder of its own, and draw one of its letters."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_dossier(folder, "fr", sample=True)
        with contextlib.chdir(folder), Path(os.devnull).open("w", encoding="utf-8") as nowhere:
            with contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
                code = run_command_line(["run", "--by", "zip", "--yes", "--as-of", DAY])
            assert code == 0, code
        letter = folder / "output" / f"{DAY}-01" / "letters" / LETTER
        PICTURE.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            ["pdftoppm", "-png", "-r", "90", "-singlefile", str(letter), str(PICTURE.with_suffix(""))], check=True
        )


if __name__ == "__main__":
    main()
