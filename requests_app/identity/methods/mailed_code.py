"""A code sent to the address that was given: whoever types it in controls that address."""

from django.utils.translation import gettext_lazy as _

from requests_app.identity.base import Given, Method
from requests_app.lifecycle.models import IdentityLevel


class MailedCode(Method):
    """The first proof of every request; it proves the address and nothing more."""

    key = "mailed_code"
    label = _("A code by mail")
    hint = _("We send a code to the mail address of the request.")
    reaches = IdentityLevel.CHANNEL
    given = Given.BY_CODE
    position = 10


METHOD = MailedCode()
