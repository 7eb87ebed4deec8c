"""What `make demo` prints when everything runs: where to click, as whom, and where the mail is."""

from pathlib import Path

from django.conf import settings
from django.urls import reverse

from omne_dsar import environment
from omne_dsar.demo.accounts import ACCOUNTS, PASSWORD
from omne_dsar.demo.wren import places


def write(path: Path) -> None:
    """Write the text where the supervisor finds it."""
    path.write_text(text(), encoding="utf-8")


def text() -> str:
    """Return the text."""
    width = max(len(account.email) for account in ACCOUNTS)
    staff = "\n".join(
        f"    {account.email:<{width}}  {account.totp_secret}  {account.role_names}" for account in ACCOUNTS
    )
    return f"""
  File a request       {settings.PUBLIC_URL}/
  Work on requests     {settings.PUBLIC_URL}{reverse("account_login")}
  Read the mail sent   http://127.0.0.1:{settings.MAILBOX_PORT}/{_other_company()}

  Everybody's password is: {PASSWORD}
  The sign-in code comes from an authenticator app that was given the secret below,
  or from: .venv/bin/python manage.py demo_code rosa

{staff}
"""


def _other_company() -> str:
    address = environment.text(places.ADDRESS, "")
    return (
        f"\n  Move a copy to       {address}{places.OPEN} (takes it; {places.CLOSED} refuses)"
        if address
        else ""
    )
