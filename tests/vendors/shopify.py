"""Shopify, as its GraphQL schema describes it: one address, errors in answers that say 200."""

from typing import Any, ClassVar

from tests.json_server import Answer
from tests.vendors.described import ANN, JOANN, SECRET, Call, Vendor, operation
from tests.vendors.graphql import unlike_schema

GRAPHQL = "POST /admin/api/2026-07/graphql.json"


class Shopify(Vendor):
    name = "shopify"
    settings: ClassVar[dict[str, Any]] = {"token": SECRET}
    counts: ClassVar[dict[str, int]] = {"customers": 1, "orders": 5}
    limited = Answer({"errors": [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}]})

    def __init__(self) -> None:
        super().__init__()
        self.customers = [_customer(n, mail) for n, mail in enumerate((JOANN, ANN))]
        self.requested: list[str] = []

    def gone(self) -> bool:
        return self.requested == [self.customers[1]["id"]]

    @operation(GRAPHQL)
    def answer(self, call: Call) -> Answer:
        text = call.body["query"]
        if wrong := unlike_schema(text, self.spec):
            self.broken.append(wrong)
            return Answer({"errors": [{"message": wrong, "extensions": {"code": "undefinedField"}}]})
        given = call.body["variables"]
        if "customerRequestDataErasure" in text:
            return self._erase(given["id"])
        if "orders(" in text:
            return Answer({"data": {"customer": {"orders": _page([_order(n) for n in range(5)], given)}}})
        wanted = given["query"].removeprefix('email:"').removesuffix('"')
        # The search finds words: an address is several of them.
        rows = [each for each in self.customers if wanted in each["defaultEmailAddress"]["emailAddress"]]
        return Answer({"data": {"customers": _page(rows, given)}})

    def _erase(self, number: str) -> Answer:
        known = any(each["id"] == number for each in self.customers)
        errors = [] if known else [{"field": ["customerId"], "message": "does not exist"}]
        self.requested += [number] if known else []
        return Answer({"data": {"customerRequestDataErasure": {"customerId": number, "userErrors": errors}}})


def _page(rows: list[dict[str, Any]], given: dict[str, Any]) -> dict[str, Any]:
    start, size = int(given["after"] or 0), min(given["first"], 2)
    end = {"hasNextPage": start + size < len(rows), "endCursor": str(start + size) if rows else None}
    return {"nodes": rows[start : start + size], "pageInfo": end}


def _customer(number: int, mail: str) -> dict[str, Any]:
    moment = "2026-01-02T03:04:05Z"
    about = {"firstName": "A", "lastName": None, "defaultEmailAddress": {"emailAddress": mail}}
    rest = {"defaultPhoneNumber": None, "note": None, "tags": [], "locale": "en", "createdAt": moment}
    return {"id": f"gid://shopify/Customer/{number}", **about, **rest, "updatedAt": moment}


def _order(number: int) -> dict[str, Any]:
    money = {"shopMoney": {"amount": "1.00", "currencyCode": "EUR"}}
    about = {"name": f"#{number}", "email": ANN, "phone": None, "createdAt": "2026-01-02T03:04:05Z"}
    rest = {"cancelledAt": None, "note": None, "shippingAddress": None, "totalPriceSet": money}
    return {"id": f"gid://shopify/Order/{number}", **about, **rest}
