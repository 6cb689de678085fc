"""What every command shares: the dossier, the language, the clock, and how things are said."""

import datetime
import sys
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dunning_batch.cli.output import warn
from dunning_batch.errors import Problem, Severity
from dunning_batch.language import LANGUAGES, Language, LanguageCode, language

if TYPE_CHECKING:
    from dunning_batch.config import Settings

_LOUDNESS: dict[Severity, int] = {"error": 0, "warning": 1, "notice": 2}


@dataclass
class Session:
    """One call of the command line."""

    config: Path
    lang: LanguageCode | None
    verbose: bool = False
    quiet: bool = False

    @property
    def language_code(self) -> LanguageCode:
        """`--lang`, else the configuration's if it can be read, else French."""
        if self.lang:
            return self.lang
        try:
            found = tomllib.loads(self.config.read_text("utf-8-sig")).get("language")
        except (OSError, ValueError):
            return "fr"
        return next((code for code in LANGUAGES if code == found), "fr")

    @property
    def language(self) -> Language:
        """The language of what is said."""
        return language(self.language_code)

    def settings(self) -> "Settings":
        """The dossier's configuration, in the language of the call. Raises ConfigurationError."""
        from dunning_batch.config import load_settings

        return load_settings(self.config, self.lang)

    def say(self, english: str, /, **values: object) -> None:
        """Tell something on stderr, unless quiet."""
        if not self.quiet:
            warn(self.language.text(english, **values))

    def say_problems(self, problems: Iterable[Problem]) -> None:
        """Tell problems on stderr: errors always, warnings unless quiet, notices if verbose."""
        from dunning_batch.reports.tables import problem_line

        loudness = 0 if self.quiet else 2 if self.verbose else 1
        for problem in problems:
            if _LOUDNESS[problem.severity] <= loudness:
                warn(problem_line(problem, self.language))

    @property
    def can_ask(self) -> bool:
        """A person sits at a terminal."""
        return sys.stdin is not None and sys.stdin.isatty()


def now() -> datetime.datetime:
    """The computer's clock, in local time: a day of business is the local one."""
    return datetime.datetime.now().astimezone()
