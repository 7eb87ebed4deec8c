"""The people who work at the demo company, with the passwords and second factors printed by `make demo`."""

import time
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.db import transaction
from django.utils import timezone

from requests_app.accounts.create import create_staff
from requests_app.accounts.models import StaffMember
from requests_app.audit.actors import Actor
from requests_app.roles import Role

PASSWORD = "omne demo desk"  # noqa: S105 - the demo's, printed on purpose
CODE_SECONDS = 30


@dataclass(frozen=True)
class DemoAccount:
    """One member of the demo's staff; `totp_secret` is what an authenticator app is given."""

    email: str
    name: str
    roles: tuple[Role, ...]
    totp_secret: str

    @property
    def role_names(self) -> str:
        """The roles in words."""
        return ", ".join(str(role.label) for role in self.roles)


ROSA = DemoAccount(
    "rosa@omne.example", "Rosa Lindqvist", (Role.CASE_WORKER,), "OMNEDEMOROSA2345OMNEDEMOROSA2345"
)
PIET = DemoAccount("piet@omne.example", "Piet van Dam", (Role.APPROVER,), "OMNEDEMOPIET2345OMNEDEMOPIET2345")
ANA = DemoAccount("ana@omne.example", "Ana Ribeiro", (Role.PRIVACY_LEAD,), "OMNEDEMOANAR2345OMNEDEMOANAR2345")
JONAS = DemoAccount(
    "jonas@omne.example", "Jonas Keller", (Role.CASE_WORKER,), "OMNEDEMOJONA2345OMNEDEMOJONA2345"
)
KIM = DemoAccount("kim@omne.example", "Kim Nguyen", (Role.INTAKE_CLERK,), "OMNEDEMOKIMN2345OMNEDEMOKIMN2345")
INES = DemoAccount(
    "ines@omne.example", "Inês Tavares", (Role.SOURCE_OWNER, Role.ADMIN), "OMNEDEMOINES2345OMNEDEMOINES2345"
)
OLU = DemoAccount("olu@omne.example", "Olu Adeyemi", (Role.AUDITOR,), "OMNEDEMOOLUA2345OMNEDEMOOLUA2345")
ACCOUNTS = (ROSA, PIET, ANA, JONAS, KIM, INES, OLU)


def code_now(account: DemoAccount, at: float | None = None) -> str:
    """Return the 6 digits that an authenticator app with this account would show."""
    moment = time.time() if at is None else at
    return str(format_hotp_value(hotp_value(account.totp_secret, int(moment) // CODE_SECONDS)))


@transaction.atomic
def ensure_staff() -> dict[str, StaffMember]:
    """Make the accounts that are not there yet, second factor included; return all of them by address."""
    members = {}
    for account in ACCOUNTS:
        member = StaffMember.objects.filter(email__iexact=account.email).first()
        if member is None:
            member = create_staff(
                email=account.email,
                display_name=account.name,
                roles=account.roles,
                password=PASSWORD,
                by=Actor.system("demo"),
                at=timezone.now(),
            )
        if not Authenticator.objects.filter(user_id=member.pk, type=Authenticator.Type.TOTP).exists():
            TOTP.activate(member, account.totp_secret)
            RecoveryCodes.activate(member)
        members[account.email] = member
    return members
