"""A command that is typed wrong says so in a sentence, does nothing, and fails; nobody is shown a trace."""

import pytest
from django.core.management import CommandError, call_command

from requests_app.audit.models import AuditEntry

WRONG = {
    ("export_evidence",): "reference",
    ("export_evidence", "OM-NONE"): "There is no request with this reference.",
    ("export_evidence", "OM-\x1b[2J"): "There is no request with this reference.",
    ("verify_bundle",): "files",
    ("verify_bundle", "/nowhere.zip"): "/nowhere.zip cannot be read: No such file or directory.",
    ("verify_bundle", "/"): "/ cannot be read: Is a directory.",
    ("verify_bundle", __file__): "This is not a bundle: it does not open as a zip file.",
    ("verify_bundle", __file__, "--key", "/nowhere"): "The file with the public key cannot be read.",
    ("verify_bundle", __file__, "--key", __file__): "This is no Ed25519 public key",
    ("verify_evidence",): "file",
    ("verify_evidence", "/nowhere.zip"): "/nowhere.zip cannot be read: No such file or directory.",
    ("verify_evidence", "/"): "/ cannot be read: Is a directory.",
    ("verify_evidence", __file__): "This is no evidence pack: it does not open as a zip file.",
    ("verify_evidence", __file__, "--key", __file__): "This is no Ed25519 public key",
    ("verify_audit", "--anchor", "/nowhere"): "A file of --anchor cannot be read.",
    ("verify_audit", "--anchor", "/"): "A file of --anchor cannot be read.",
    ("verify_audit", "--anchor", __file__): "This is not an anchor of the audit log.",
    ("verify_ledger", "more"): "unrecognized arguments: more",
    ("acknowledge_restore",): "there is no restore to acknowledge",
    ("replay_erasures", "--since", "yesterday"): "“yesterday” is no day; write it as 2026-11-03.",
    ("rotate_keys", "more"): "unrecognized arguments: more",
    ("public_key", "more"): "unrecognized arguments: more",
    ("purge", "--at", "tomorrow"): "“tomorrow” is no day; write it as 2026-11-03.",
    ("purge", "--at", "2199-01-01"): "a later day can only be rehearsed",
    ("purge", "more"): "unrecognized arguments: more",
    ("plan",): "reference",
    ("plan", "OM-NONE"): "There is no request with this reference.",
    ("fulfill",): "reference",
    ("fulfill", "OM-NONE"): "There is no request with this reference.",
}


@pytest.mark.django_db
@pytest.mark.parametrize("typed", WRONG, ids=" ".join)
def test_what_is_typed_wrong_is_a_sentence(
    typed: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(CommandError) as refused:
        call_command(*typed)
    assert WRONG[typed] in str(refused.value)
    assert refused.value.returncode > 0
    assert not AuditEntry.objects.exists()
