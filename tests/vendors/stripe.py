"""Stripe, as its OpenAPI describes it."""

from typing import Any, ClassVar

from tests.json_server import Answer
from tests.vendors.described import ANN, JOANN, MANY, SECRET, Call, Vendor, operation


class Stripe(Vendor):
    name = "stripe"
    settings: ClassVar[dict[str, Any]] = {"token": SECRET}
    counts: ClassVar[dict[str, int]] = {"customers": 1, "charges": MANY, "invoices": 2}

    def __init__(self) -> None:
        super().__init__()
        self.customers = {
            number: {
                "id": number,
                "object": "customer",
                "created": 1,
                "livemode": False,
                "email": mail,
                "name": "A",
            }
            for number, mail in (("cus_1", ANN), ("cus_2", JOANN))
        }
        self.deleted: set[str] = set()
        self.charges = [_charge(n, "cus_1" if n < MANY else "cus_2") for n in range(MANY + 5)]
        self.invoices = [_invoice(n, f"cus_{1 + n // 2}") for n in range(3)]

    def gone(self) -> bool:
        return self.deleted == {"cus_1"}

    def _listed(self, rows: list[dict[str, Any]], call: Call, url: str) -> Answer:
        ids = [each["id"] for each in rows]
        start = ids.index(call.query["starting_after"]) + 1 if "starting_after" in call.query else 0
        size = int(call.query.get("limit", 10))
        more = start + size < len(rows)
        return Answer({"object": "list", "url": url, "data": rows[start : start + size], "has_more": more})

    @operation("GET /v1/customers")
    def find(self, call: Call) -> Answer:
        rows = [each for each in self.customers.values() if each["email"] == call.query.get("email")]
        return self._listed([each for each in rows if each["id"] not in self.deleted], call, "/v1/customers")

    @operation("GET /v1/customers/{customer}")
    def show(self, call: Call) -> Answer:
        number = call.path["customer"]
        if number in self.deleted:
            return Answer({"id": number, "object": "customer", "deleted": True})
        return Answer(self.customers[number]) if number in self.customers else Answer({}, status=404)

    @operation("POST /v1/customers/{customer}")
    def change(self, call: Call) -> Answer:
        self.customers[call.path["customer"]].update(call.form)
        return Answer(self.customers[call.path["customer"]])

    @operation("DELETE /v1/customers/{customer}")
    def delete(self, call: Call) -> Answer:
        number = call.path["customer"]
        if number in self.deleted or number not in self.customers:
            return Answer({"error": {"code": "resource_missing"}}, status=404)
        self.deleted.add(number)
        return Answer({"id": number, "object": "customer", "deleted": True})

    @operation("GET /v1/charges")
    def list_charges(self, call: Call) -> Answer:
        rows = [
            each for each in self.charges if each["customer"] == call.query.get("customer", each["customer"])
        ]
        return self._listed(rows, call, "/v1/charges")

    @operation("GET /v1/invoices")
    def list_invoices(self, call: Call) -> Answer:
        rows = [
            each for each in self.invoices if each["customer"] == call.query.get("customer", each["customer"])
        ]
        return self._listed(rows, call, "/v1/invoices")


def _charge(number: int, customer: str) -> dict[str, Any]:
    about = {"id": f"ch_{number}", "object": "charge", "livemode": False, "created": number}
    money = {"amount": number, "currency": "eur", "status": "succeeded", "billing_details": {}}
    return {**about, **money, "customer": customer, "description": None, "receipt_email": None}


def _invoice(number: int, customer: str) -> dict[str, Any]:
    about = {"id": f"in_{number}", "object": "invoice", "livemode": False, "created": number}
    money = {"total": number, "currency": "eur", "status": "paid", "number": f"A-{number}"}
    return {**about, **money, "customer": customer, "customer_email": ANN, "customer_name": None}
