"""The question before a run."""

import pytest

from tests.reports.months import AS_OF, month

RUN = f"run --by zip --as-of {AS_OF}"


@pytest.mark.parametrize("answer", ["o", "oui", "O", " Oui ", "y", "yes"])
def test_yes_in_either_language(tmp_path, answer):
    done = month(tmp_path).run(RUN, answers=f"{answer}\n")
    assert (done.code, done.stdout.split(",")[0]) == (0, "3 lettres transmises")


@pytest.mark.parametrize("answer", ["n", "non", "", "what", "ok"])
def test_anything_else_is_a_no_and_leaves_everything_as_it_was(tmp_path, answer):
    dossier = month(tmp_path)
    before = dossier.tree()
    done = dossier.run(RUN, answers=f"{answer}\n")
    assert (done.code, done.stdout) == (0, "")
    assert done.stderr.splitlines()[-1].endswith("Rien n'a été fait.")
    assert dossier.tree() == before


@pytest.mark.parametrize(("lang", "question"), [("fr", "Continuer\u202f? [o/N]"), ("en", "Go on? [y/N]")])
def test_the_question_is_asked_in_the_users_language(tmp_path, lang, question):
    assert question in month(tmp_path).run(f"--lang {lang} {RUN}", answers="n\n").stderr


def test_without_a_terminal_a_run_for_the_post_goes_on(tmp_path):
    assert month(tmp_path).run(RUN).stdout.startswith("3 lettres transmises")
