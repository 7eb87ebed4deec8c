"""The project as a Django app, so that its commands and start-up checks are found."""

from django.apps import AppConfig


class OmneDsarConfig(AppConfig):
    """Wiring: the `demo` command, start-up checks and the table of the shared cache."""

    name = "omne_dsar"
    verbose_name = "Omne DSAR"
