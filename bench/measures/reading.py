"""Search and pack for people of one size: `reading ADDRESS…`, each address is one run, and the first warms up."""

import os
import sys
from functools import partial

from bench.cost import measured, peak_memory, say
from bench.limits import copy_to_nowhere
from bench.measures.asking import ask
from bench.measures.cases import (
    approve,
    case_worker,
    leave_the_letter_out,
    look_through,
    pack,
    search,
    shop_source,
)
from requests_app.lifecycle.models import SubjectRequest


def main(addresses: list[str]) -> None:
    """Measure plan to findings, findings to sealed bundle, and the same rows read by hand."""
    if "BENCH_LETTER" not in os.environ:
        leave_the_letter_out()
    shop_source()
    staff = case_worker()
    asked = ask(addresses)

    def find(each: SubjectRequest) -> int:
        approve(each, staff)
        return search(each)

    server = int(os.environ["BENCH_POSTMASTER"])
    findings, rows = measured([partial(find, each) for each in asked], processes=[server])
    for each in asked:
        look_through(each, staff)
    bundle, packed = measured([partial(pack, each, staff) for each in asked], processes=[server])
    by_hand = [partial(copy_to_nowhere, os.environ["BENCH_SHOP"], email) for email in addresses]
    peak = peak_memory()
    limit, _rows = measured(by_hand, processes=[server])
    say(findings=findings, bundle=bundle, limit=limit, rows=rows[-1], size=packed[-1].size, peak=peak)


if __name__ == "__main__":
    main(sys.argv[1:])
