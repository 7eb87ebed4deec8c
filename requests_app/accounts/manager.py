"""Makes staff accounts and finds them whatever the case of the address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import BaseUserManager

if TYPE_CHECKING:
    from requests_app.accounts.models import StaffMember


class StaffManager(BaseUserManager["StaffMember"]):
    """Keeps addresses in one spelling, so that one mailbox is one account."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> StaffMember:
        """Make an account; without a password it can only be opened by a reset."""
        if not email:
            raise ValueError("A member of staff needs a mail address.")
        member = self.model(email=email.strip().lower(), **fields)
        member.set_password(password)
        member.save(using=self._db)
        return member

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> StaffMember:
        """Make an account with Django's own super powers; no role comes with it."""
        return self.create_user(email, password, **{**fields, "is_superuser": True})

    def get_by_natural_key(self, username: str | None) -> StaffMember:
        """Find an account by its address, trimmed and case-folded."""
        return self.get(email__iexact=(username or "").strip())
