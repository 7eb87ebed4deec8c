"""Sentences with other people's names marked, and how many of them are found.

Each line is a language and a sentence as customers and help desks write them, with every name of somebody else in
double brackets. `worked_with.tsv` is what the rules were written against; `kept_aside.tsv` was not looked at.
"""

import django
from django.apps import apps

# The command needs it; under the tests it is done.
if not apps.ready:
    django.setup()
