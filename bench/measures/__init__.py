"""The measures: each a process of its own, `python -m bench.measures.NAME`, that says its figures as one JSON line."""

import django

django.setup()
