"""Tables about money: subscriptions, orders, invoices, payments, shipments and what belongs to them."""

from collections.abc import Iterator
from datetime import timedelta

from omne_dsar.demo.company.chance import Chance
from omne_dsar.demo.company.entities import Order
from omne_dsar.demo.company.phrases import PRODUCT_NAMES, WISHES
from omne_dsar.demo.company.tables.base import Row, table
from omne_dsar.demo.company.world import World

INVOICE_OF_ORDER = 100_000
PAYMENT_OF_ORDER = 200_000
METHOD_OF_ACCOUNT = 5_000
CARRIERS = ("Parcel North", "Harbour Express", "Yellow Van")


def price(product: int) -> int:
    """What one piece costs."""
    return 9 + product * 17


def total(order: Order) -> int:
    """What an order costs."""
    return sum(price(product) * quantity for product, quantity in order.lines)


@table("subscriptions", "id account_id plan_id seats started_on ended_on cancel_reason")
def subscriptions(world: World, chance: Chance) -> Iterator[Row]:
    """Plans, running and ended."""
    for number, account in enumerate(world.accounts, 1):
        ended = chance.happens(0.2)
        yield (
            number, account.id, chance.between(1, 4), chance.between(1, 50), account.created_at.date(),
            chance.day(100) if ended else None,
            world.fill("{other} chose another product", chance) if ended else None,
        )  # fmt: skip


@table("payment_methods", "id account_id kind holder_name last_four expires_on processor_token")
def payment_methods(world: World, chance: Chance) -> Iterator[Row]:
    """Cards and direct debits; the number itself lies with the payment processor."""
    for account in world.paying_by_method:
        expires_on = (world.as_of + timedelta(days=chance.between(10, 1200))).date()
        yield (
            account.id + METHOD_OF_ACCOUNT, account.id, chance.pick(("card", "direct debit")),
            account.person.name,
            f"{chance.between(0, 9999):04}", expires_on, chance.token("tok_"),
        )  # fmt: skip


@table("quotes", "id requester_email requester_name asked_at wish total")
def quotes(world: World, chance: Chance) -> Iterator[Row]:
    """Offers asked for, known by nothing but the address."""
    number = 0
    for person in world.people:
        for _ in range(max(person.has_a_part, chance.count(0.5 * min(person.activity, 10)))):
            number += 1
            yield (
                number,
                person.email,
                person.name,
                chance.moment(700),
                chance.pick(WISHES),
                f"{chance.between(200, 90_000)}.00",
            )


@table("orders", "id account_id address_id ordered_at status note")
def orders(world: World, chance: Chance) -> Iterator[Row]:
    """Purchases."""
    for order in world.orders:
        status = "delivered" if order.shipped else "open"
        note = world.fill("Leave it with {other} next door", chance) if chance.happens(0.1) else None
        yield order.id, order.account.id, order.account.person.number, order.at, status, note


@table("order_lines", "order_id line_no product_id quantity price")
def order_lines(world: World, chance: Chance) -> Iterator[Row]:
    """What was in them."""
    for order in world.orders:
        for line, (product, quantity) in enumerate(order.lines, 1):
            yield order.id, line, product, quantity, f"{price(product)}.00"


@table(
    "invoices",
    "id number account_id order_id bill_to_name bill_to_email bill_to_address vat_number issued_on total",
)
def invoices(world: World, chance: Chance) -> Iterator[Row]:
    """Bills, which tax law keeps for ten years."""
    for order in world.orders:
        person = order.account.person
        vat_number = (
            f"{person.locale.country}{chance.between(10**8, 10**9 - 1)}" if chance.happens(0.2) else None
        )
        yield (
            order.id + INVOICE_OF_ORDER, f"INV-{order.at.year}-{order.id}", order.account.id, order.id,
            person.name, person.email,
            person.address_line, vat_number, (order.at + timedelta(days=1)).date(), f"{total(order)}.00",
        )  # fmt: skip


@table("invoice_lines", "invoice_id line_no description quantity amount tax_rate")
def invoice_lines(world: World, chance: Chance) -> Iterator[Row]:
    """What was billed."""
    for order in world.orders:
        for line, (product, quantity) in enumerate(order.lines, 1):
            amount = price(product) * quantity
            yield (
                order.id + INVOICE_OF_ORDER,
                line,
                PRODUCT_NAMES[product - 1],
                quantity,
                f"{amount}.00",
                "19.00",
            )


@table("payments", "id invoice_id payment_method_id paid_at amount processor_reference")
def payments(world: World, chance: Chance) -> Iterator[Row]:
    """What was paid, by transfer where no method is named."""
    with_method = {account.id for account in world.paying_by_method}
    for order in world.orders:
        if order.paid:
            method = order.account.id + METHOD_OF_ACCOUNT if order.account.id in with_method else None
            yield (
                order.id + PAYMENT_OF_ORDER, order.id + INVOICE_OF_ORDER, method,
                order.at + timedelta(days=9),
                f"{total(order)}.00", chance.token("pay_"),
            )  # fmt: skip


@table("refunds", "id payment_id refunded_at amount reason")
def refunds(world: World, chance: Chance) -> Iterator[Row]:
    """What was given back."""
    for order in world.orders:
        if order.paid and chance.happens(0.05):
            at = order.at + timedelta(days=20)
            yield (
                order.id,
                order.id + PAYMENT_OF_ORDER,
                at,
                f"{total(order) // 2}.00",
                chance.pick(("damaged", "too late", "wrong size")),
            )


@table("shipments", "id order_id carrier tracking_number recipient shipped_at delivered_at")
def shipments(world: World, chance: Chance) -> Iterator[Row]:
    """What was sent and who took it in."""
    for order in world.orders:
        if order.shipped:
            recipient = order.account.person if chance.happens(0.85) else chance.pick(world.people)
            at = order.at + timedelta(days=2)
            yield (
                order.id, order.id, chance.pick(CARRIERS), f"PN{chance.between(10**9, 10**10 - 1)}",
                recipient.name, at,
                at + timedelta(days=3),
            )  # fmt: skip
