"""The page of figures shows each beside its limit, and only what was measured."""

from typing import Any

from bench.report import written

COST = {"wall": 0.5, "cpu": 0.2, "best": 0.4, "worst": 0.6, "times": 5}
LIMIT = {**COST, "wall": 0.25, "cpu": 0.1}


def _kept(**figures: Any) -> dict[str, Any]:
    return {"made": "Measured on a day.", "figures": figures}


def test_each_figure_stands_beside_its_limit_and_its_goal() -> None:
    found = {"findings": COST, "bundle": COST, "limit": LIMIT, "rows": 40, "size": 1_000_000, "peak": 100.0}
    page = written({"reading": _kept(**dict.fromkeys(("small", "letter", "big10k", "big100k"), found))})
    line = "40 rows: plan to bundle | 1.000 s | 0.400 s | 0.250 s | 0.100 s | 4.0 | 0.06 s wall, 0.08 CPU-s |"
    assert line in page
    assert "Measured on a day." in page


def test_a_part_that_was_not_measured_has_no_section() -> None:
    grown = {"search": COST, "limit": LIMIT, "rows": 40}
    sizes = (10_000, 100_000, 1_000_000)
    page = written(
        {"growing": _kept(**{f"shop_{rows}{on}": grown for rows in sizes for on in ("", "_indexed")})}
    )
    assert page.count("\n## ") == 1
    assert "| 1,000,000 rows, no indexes | 0.500 s | 0.200 s | 0.250 s | 0.100 s | 2.0 |  |" in page
