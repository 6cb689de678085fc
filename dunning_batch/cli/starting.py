"""The command that starts a dossier: `init`."""

from pathlib import Path

import click

from dunning_batch.cli.output import tell
from dunning_batch.cli.session import Session
from dunning_batch.cli.words import command, option, text


@command(help=text("Make a new dossier in a folder."))
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@option("--sample", is_flag=True, help=text("With a small invented ledger and its customers."))
@click.pass_obj
def init(session: Session, folder: Path, sample: bool) -> int:
    """A commented config.toml, the templates, empty input and output. Never overwrites."""
    from dunning_batch.init import make_dossier

    for path in make_dossier(folder, session.lang or "fr", sample=sample):
        tell(str(path))
    if sample:
        session.say("The sample is ready: go into {folder}, then type: dunning-batch check", folder=str(folder))
        return 0
    session.say("The dossier is ready: put the FEC into {folder}, fill in config.toml, then type: dunning-batch check",
                folder=str(folder / "input"))  # fmt: skip
    return 0
