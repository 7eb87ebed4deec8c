"""Start-up of the case app: roles, audit names, receivers."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RequestsAppConfig(AppConfig):
    """What a request is and who may move it."""

    name = "requests_app"
    verbose_name = "Requests"

    def ready(self) -> None:
        from requests_app import audit_events, receivers, roles
        from requests_app.audit import events

        events.register(audit_events.SENTENCES)
        post_migrate.connect(roles.sync_groups, sender=self)
        assert receivers
