"""The member of staff, known by mail address and shown by name."""

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from requests_app.accounts.manager import StaffManager
from requests_app.roles import Permission, Role, permissions_of


class StaffMember(AbstractBaseUser, PermissionsMixin):
    """Someone who works on requests; roles are the Django groups of `requests_app.roles`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("work mail address"), max_length=254)
    display_name = models.CharField(_("name"), max_length=150)
    is_active = models.BooleanField(_("may sign in"), default=True)
    created_at = models.DateTimeField(_("added at"), auto_now_add=True)
    sessions_ended = models.PositiveIntegerField(default=0, editable=False)

    objects: ClassVar[StaffManager] = StaffManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]

    class Meta:
        verbose_name = _("member of staff")
        verbose_name_plural = _("staff")
        ordering = ("display_name",)
        constraints = (
            # Ana@ and ana@ are one mailbox in practice: two accounts for it would be a way around four eyes.
            models.UniqueConstraint(Lower("email"), name="staff_email_unique_whatever_case"),
        )

    def __str__(self) -> str:
        return f"member of staff {self.pk}"

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        # Django ends sessions when the password changes; the counter ends them for a new role or factor too.
        stamp = f"{self.password}:{self.sessions_ended}"
        return salted_hmac(
            "requests_app.accounts.session", stamp, secret=secret, algorithm="sha256"
        ).hexdigest()

    @property
    def is_staff(self) -> bool:
        """Say whether Django's own admin lets this account in."""
        return self.is_active and (self.is_superuser or Role.ADMIN in self.roles)

    @cached_property
    def roles(self) -> frozenset[Role]:
        """Return the roles this person plays, read once per instance."""
        return frozenset(Role(group.name) for group in self.groups.all() if group.name in Role.values)

    @cached_property
    def allowed(self) -> frozenset[Permission]:
        """Return everything the roles of this person allow."""
        return permissions_of(self.roles)

    def may(self, permission: Permission) -> bool:
        """Say whether one of the roles of this person allows it."""
        return self.is_active and permission in self.allowed

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name.split(" ", 1)[0]

    @property
    def initials(self) -> str:
        """Return one or two letters for the round badge beside the name."""
        words = self.display_name.split()
        return (words[0][:1] + words[-1][:1] if len(words) > 1 else self.display_name[:2]).upper()
