"""Which of django-allauth's pages are reachable here, and by whom; every other one is refused."""

from requests_app.accounts.permissions import Access, Audience
from requests_app.roles import Role

# Reached before anybody is known. Signing up, changing the address and codes by mail are not on the list.
BEFORE_SIGN_IN = frozenset(
    {
        "account_login",
        "account_logout",
        "account_inactive",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "mfa_authenticate",
        "mfa_login_webauthn",
    }
)
# What a member of staff without a second factor needs in order to get one.
WHILE_SETTING_UP = frozenset(
    {
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "account_reauthenticate",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
    }
)
ONCE_SIGNED_IN = frozenset(
    {
        "account_change_password",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
        "mfa_list_webauthn",
        "mfa_remove_webauthn",
        "mfa_edit_webauthn",
    }
)


def access_of_sign_in_page(url_name: str | None) -> Access | None:
    """Return what a page of allauth cannot declare itself, or None for one that is not wanted."""
    if url_name in BEFORE_SIGN_IN:
        return Access(Audience.EVERYONE)
    if url_name in WHILE_SETTING_UP | ONCE_SIGNED_IN:
        return Access(Audience.STAFF, frozenset(Role))
    return None
