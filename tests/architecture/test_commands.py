"""Every command can be typed into a shell: none takes for itself what Django takes out of every command line."""

import argparse
from collections.abc import Iterator

import pytest
from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand

OURS = sorted(
    (name, app)
    for name, app in get_commands().items()
    if str(app).startswith(("omne_dsar", "requests_app", "fulfillment"))
)
# Read by manage.py itself before any command sees them.
DJANGO_S = {"--settings", "--pythonpath"}


def parsers(command: BaseCommand) -> Iterator[argparse.ArgumentParser]:
    """Those of a command's verbs."""
    for action in command.create_parser("manage.py", "it")._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices.values()


@pytest.mark.parametrize(("name", "app"), OURS, ids=[name for name, _app in OURS])
def test_no_verb_takes_an_option_that_manage_py_reads_itself(name: str, app: str) -> None:
    for verb in parsers(load_command_class(app, name)):
        assert not DJANGO_S & verb._option_string_actions.keys(), verb.prog


def test_some_of_our_commands_have_verbs() -> None:
    assert {name for name, app in OURS if list(parsers(load_command_class(app, name)))} >= {"source"}
