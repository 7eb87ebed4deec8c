"""What django-allauth asks the house: may one sign up, how is a secret kept, how is the square drawn."""

import time
from base64 import b64decode, b64encode
from io import BytesIO

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from qrcode.image.svg import SvgPathImage

from requests_app.encryption.keys import seal, unseal

# allauth stores a secret before its row has a key, so it is sealed to its purpose and not to a row.
SEALED_FOR = "second factor of staff"


class StaffAccountAdapter(DefaultAccountAdapter):
    """Accounts are given by an administrator; nobody makes their own."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: object) -> bool:
        """Do not ask twice whoever has just signed in to set up their first second factor."""
        request = context.request
        fresh = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        records = get_authentication_records(request, request.user)
        has_none_yet = not Authenticator.objects.filter(user_id=request.user.pk).exists()
        return not (has_none_yet and any(record["at"] > fresh for record in records))

    def add_message(self, *args: object, **kwargs: object) -> None:
        """Say nothing: "signed in as <address>" tells no one anything, and the pages say the rest."""


class StaffMFAAdapter(DefaultMFAAdapter):
    """Seals secrets, and draws the square code inline, as the pages allow no data: pictures."""

    def encrypt(self, text: str) -> str:
        return b64encode(seal(text.encode(), context=SEALED_FOR)).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(b64decode(encrypted_text), context=SEALED_FOR).decode()

    def build_totp_svg(self, url: str) -> str:
        picture = BytesIO()
        qrcode.make(url, image_factory=SvgPathImage, border=2).save(picture)
        drawing = picture.getvalue().decode("utf-8")
        return drawing[drawing.index("<svg") :]
