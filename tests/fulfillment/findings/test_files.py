"""An original file comes under a name that every system can unpack, and that leads nowhere else."""

import pytest

from fulfillment.connectors.base import Document
from fulfillment.connectors.errors import Fatal
from fulfillment.findings.files import sealed_file
from fulfillment.runs.models import SourceTask


@pytest.mark.parametrize(
    "name",
    [
        "../001.pdf",
        "/etc/passwd",
        "a\\b.pdf",
        "con.pdf",
        "lpt1.txt",
        "001.pdf.",
        "001.pdf ",
        "001",
        ".pdf",
        "a:b.pdf",
        "Ä.pdf",
        "x\u202efdp.exe",
        "a\0.pdf",
        "001.pdf\n",
        "a" * 40 + ".pdf",
    ],
)
def test_a_name_that_is_not_fit_for_every_system_is_refused(name: str) -> None:
    with pytest.raises(Fatal, match="not fit for every system"):
        sealed_file(SourceTask(), Document("papers", name, "application/pdf", b"%PDF-"))


@pytest.mark.parametrize("name", ["001.pdf", "042.jpeg", "contract_2.bin"])
def test_a_plain_name_is_kept(name: str) -> None:
    found = sealed_file(SourceTask(), Document("papers", name, "application/pdf", b"%PDF-"))
    assert (found.name, found.size) == (name, 5)
