"""The roles of the staff, what each may do, and the Django groups that carry them."""

from django.contrib.auth.models import Group
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """A part a member of staff plays; one person may play several."""

    INTAKE_CLERK = "intake_clerk", _("Intake clerk")
    CASE_WORKER = "case_worker", _("Case worker")
    APPROVER = "approver", _("Approver")
    SOURCE_OWNER = "source_owner", _("Source owner")
    AUDITOR = "auditor", _("Auditor")
    ADMIN = "admin", _("Administrator")
    PRIVACY_LEAD = "privacy_lead", _("Privacy lead")


class Permission(TextChoices):
    """One thing a member of staff may do; who may is the table below."""

    SEE_CASES = "see_cases", _("See the queue and the cases, names masked")
    REVEAL_PERSON = "reveal_person", _("Show a person's name and address, recorded")
    ENTER_REQUEST = "enter_request", _("Enter a request that came another way")
    ASSIGN = "assign", _("Give a request to somebody")
    WORK_CASES = "work_cases", _("Plan, search, review and answer")
    SEE_FINDINGS = "see_findings", _("See what the sources found")
    CARRY_OUT = "carry_out", _("Carry decisions out in a source, by hand")
    RELEASE = "release", _("Release an answer that somebody else prepared")
    SEE_AUDIT = "see_audit", _("Read the audit of a case")
    EXPORT_EVIDENCE = "export_evidence", _("Export the evidence of a case, names included, recorded")
    SEE_SOURCES = "see_sources", _("See the connected sources and their data maps")
    MANAGE_SOURCES = "manage_sources", _("Connect, change and test sources")
    EDIT_LETTERS = "edit_letters", _("Change the words of our letters and mails")
    MANAGE_STAFF = "manage_staff", _("Invite staff and give roles")


P, R = Permission, Role
ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    R.INTAKE_CLERK: frozenset({P.SEE_CASES, P.ENTER_REQUEST, P.ASSIGN}),
    R.CASE_WORKER: frozenset(
        {
            P.SEE_CASES,
            P.REVEAL_PERSON,
            P.ENTER_REQUEST,
            P.ASSIGN,
            P.WORK_CASES,
            P.CARRY_OUT,
            P.SEE_FINDINGS,
            P.SEE_AUDIT,
            P.SEE_SOURCES,
        }
    ),
    R.APPROVER: frozenset(
        {
            P.SEE_CASES,
            P.REVEAL_PERSON,
            P.SEE_FINDINGS,
            P.RELEASE,
            P.SEE_AUDIT,
            P.EXPORT_EVIDENCE,
            P.SEE_SOURCES,
        }
    ),
    R.SOURCE_OWNER: frozenset({P.SEE_SOURCES, P.MANAGE_SOURCES, P.CARRY_OUT}),
    R.AUDITOR: frozenset({P.SEE_CASES, P.SEE_AUDIT, P.EXPORT_EVIDENCE, P.SEE_SOURCES}),
    # An administrator runs the machine and never sees what is inside a case.
    R.ADMIN: frozenset({P.SEE_SOURCES, P.MANAGE_SOURCES, P.EDIT_LETTERS, P.MANAGE_STAFF}),
    R.PRIVACY_LEAD: frozenset(set(P) - {P.MANAGE_STAFF}),
}


def permissions_of(roles: frozenset[Role]) -> frozenset[Permission]:
    """Return everything that someone with these roles may do."""
    return frozenset().union(*(ROLE_PERMISSIONS[role] for role in roles))


def roles_with(permission: Permission) -> frozenset[Role]:
    """Return the roles that carry a permission, to name them in a refusal."""
    return frozenset(role for role, allowed in ROLE_PERMISSIONS.items() if permission in allowed)


def sync_groups(**_signal: object) -> None:
    """Make sure that a Django group exists for every role; run after each migrate."""
    for role in Role:
        Group.objects.get_or_create(name=role.value)
