"""Start-up of the case app: roles, audit names, receivers."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RequestsAppConfig(AppConfig):
    """What a request is and who may move it."""

    name = "requests_app"
    verbose_name = "Requests"

    def ready(self) -> None:
        from allauth.mfa import signals as factors
        from django.contrib.auth import signals as doors

        from requests_app import audit_events, receivers, roles  # noqa: F401
        from requests_app.accounts import recorded, sealed, sessions
        from requests_app.audit import events
        from requests_app.correspondence.kinds import add_notices
        from requests_app.decisions.statements.kinds import add_statements
        from requests_app.identity import indexed
        from requests_app.lifecycle.standing_holds import add_hold_family
        from requests_app.retention.hold import HOLDS
        from requests_app.review import navigation

        events.register(audit_events.SENTENCES, preparing=audit_events.PREPARING)
        post_migrate.connect(roles.sync_groups, sender=self)
        factors.authenticator_added.connect(sessions.remember_new_factor, dispatch_uid="factor added")
        factors.authenticator_removed.connect(sessions.forget_removed_factor, dispatch_uid="factor removed")
        factors.authenticator_added.connect(recorded.record_new_factor, dispatch_uid="factor recorded")
        factors.authenticator_removed.connect(recorded.record_removed_factor, dispatch_uid="factor recorded")
        doors.user_logged_in.connect(recorded.record_sign_in, dispatch_uid="sign-in recorded")
        doors.user_login_failed.connect(recorded.log_refused_sign_in, dispatch_uid="refusal logged")
        add_notices()
        add_hold_family(HOLDS)
        add_statements()
        navigation.connect()
        sealed.connect()
        indexed.connect()
