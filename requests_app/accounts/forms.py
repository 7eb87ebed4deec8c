"""django-allauth's forms in the look of the house: our labels, no placeholders, checked on the server."""

from collections.abc import Mapping
from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django.utils.translation import gettext_lazy as _

from requests_app.components.forms import PlainForm

Words = Mapping[str, Any]


class HouseForm(PlainForm):
    """Puts our words on a form that somebody else made; placed before that form among the bases."""

    labels: ClassVar[Words] = {}
    hints: ClassVar[Words] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, "")


class SignInForm(HouseForm, account.LoginForm):
    """Address and password."""

    labels: ClassVar[Words] = {"login": _("Work mail address"), "password": _("Password")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs |= {"autocomplete": "username webauthn", "spellcheck": "false"}


class AskForResetForm(HouseForm, account.ResetPasswordForm):
    """The address to which a link for a new password goes."""

    labels: ClassVar[Words] = {"email": _("Work mail address")}


NEW_PASSWORD = _("At least 12 characters. A sentence is easier to remember than a riddle.")


class NewPasswordForm(HouseForm, account.ResetPasswordKeyForm):
    """A new password, after the mailed link."""

    labels: ClassVar[Words] = {"password1": _("New password"), "password2": _("New password, once more")}
    hints: ClassVar[Words] = {"password1": NEW_PASSWORD}


class ChangePasswordForm(HouseForm, account.ChangePasswordForm):
    """The old password and a new one."""

    labels: ClassVar[Words] = {
        "oldpassword": _("Present password"),
        "password1": _("New password"),
        "password2": _("New password, once more"),
    }
    hints: ClassVar[Words] = {"password1": NEW_PASSWORD}


class PasswordAgainForm(HouseForm, account.ReauthenticateForm):
    """The password once more, before something that matters."""

    labels: ClassVar[Words] = {"password": _("Password")}


CODE = _("Code from your app")
CODE_HINT = _("6 digits, or one of your recovery codes.")


class CodeForm(HouseForm, mfa.AuthenticateForm):
    """The code that follows the password."""

    labels: ClassVar[Words] = {"code": CODE}
    hints: ClassVar[Words] = {"code": CODE_HINT}
    widths: ClassVar[Mapping[str, str]] = {"code": "w-s"}


class CodeAgainForm(HouseForm, mfa.ReauthenticateForm):
    """The code once more, before something that matters."""

    labels: ClassVar[Words] = {"code": CODE}
    hints: ClassVar[Words] = {"code": CODE_HINT}
    widths: ClassVar[Mapping[str, str]] = {"code": "w-s"}


class StartAppForm(HouseForm, totp.ActivateTOTPForm):
    """The first code of a newly connected app."""

    labels: ClassVar[Words] = {"code": _("The code your app shows now")}
    widths: ClassVar[Mapping[str, str]] = {"code": "w-s"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric"}


class AddPasskeyForm(HouseForm, webauthn.AddWebAuthnForm):
    """The name of a new passkey."""

    labels: ClassVar[Words] = {
        "name": _("Name of this passkey"),
        "passwordless": _("Sign in with this passkey alone, without a password"),
    }
    hints: ClassVar[Words] = {"name": _("So that you know it in the list, such as “Laptop”.")}


class RenamePasskeyForm(HouseForm, webauthn.EditWebAuthnForm):
    """Another name for a passkey."""

    labels: ClassVar[Words] = {"name": _("Name of this passkey")}
