"""The project as a Django app, so that its commands, its checks and its Celery app are found."""

from django.apps import AppConfig, apps
from django.core.management import call_command
from django.db.models.signals import post_migrate

from omne_dsar import checks
from omne_dsar.celery import app as celery_app


class OmneDsarConfig(AppConfig):
    """Wiring: the Celery app, the `demo` command, start-up checks and the table of the shared cache."""

    name = "omne_dsar"
    verbose_name = "Omne DSAR"
    celery = celery_app
    checks = checks

    def ready(self) -> None:
        """Make the shared cache's table whenever the database is brought up to date."""
        # Django announces the end of migrations only for apps that have models, which this one has not.
        post_migrate.connect(_create_cache_table, sender=apps.get_app_config("requests_app"))


def _create_cache_table(*, using: str, verbosity: int, **_ignored: object) -> None:
    call_command("createcachetable", database=using, verbosity=max(verbosity - 1, 0))
