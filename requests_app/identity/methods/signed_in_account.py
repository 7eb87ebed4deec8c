"""A sign-in with the company's own account, by OpenID Connect."""

from django.utils.translation import gettext_lazy as _

from requests_app.identity import oidc
from requests_app.identity.base import Given, Method
from requests_app.lifecycle.models import Asker, IdentityLevel, SubjectRequest


class SignedInAccount(Method):
    """The person signs in where their account is; its verified address must be that of the request."""

    key = "signed_in_account"
    label = _("Sign in to your account")
    hint = _("You sign in as you always do. We learn only that it is you, and keep nothing of it.")
    reaches = IdentityLevel.REASONABLE
    given = Given.ELSEWHERE
    position = 20

    def is_ready(self) -> bool:
        return oidc.is_configured()

    def is_for(self, subject_request: SubjectRequest) -> bool:
        # A guardian's own account says nothing about the child.
        return subject_request.asked_by != Asker.GUARDIAN


METHOD = SignedInAccount()
