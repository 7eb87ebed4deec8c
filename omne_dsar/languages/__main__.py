"""`python -m omne_dsar.languages`: compile the translations, without any setting or server."""

from omne_dsar.languages.catalogues import compile_what_changed

compile_what_changed()
