"""What django-allauth asks the house: may one sign up, how is a secret stored, what does the square code look like."""

from io import BytesIO

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest
from qrcode.image.svg import SvgPathImage


class StaffAccountAdapter(DefaultAccountAdapter):
    """Accounts are given by an administrator; nobody makes their own."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: object, **kwargs: object) -> None:
        """Say nothing: "signed in as <address>" tells no one anything, and pages say the rest."""


class StaffMFAAdapter(DefaultMFAAdapter):
    """Draws the square code as an inline drawing, since the policy of the pages allows no data: pictures."""

    def build_totp_svg(self, url: str) -> str:
        picture = BytesIO()
        qrcode.make(url, image_factory=SvgPathImage, border=2).save(picture)
        drawing = picture.getvalue().decode("utf-8")
        return drawing[drawing.index("<svg") :]
