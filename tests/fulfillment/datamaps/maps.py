"""A small correct map to start from, and ways to spoil it."""

SHOP = """\
dataset:
  - fides_key: shop
    organization_fides_key: default_organization
    name: Shop
    description: A shop
    collections:
      - name: crm.customers
        fields:
          - name: id
            fides_meta: {primary_key: true, data_type: integer}
          - name: email
            data_categories: [user.contact.email]
            fides_meta: {identity: email, data_type: string}
          - name: password_hash
          - name: address
            fides_meta: {data_type: object}
            fields:
              - name: street
      - name: orders
        data_categories: [user.behavior.purchase_history]
        fields:
          - name: id
            fides_meta: {primary_key: true}
          - name: customer_id
            fides_meta:
              references:
                - {dataset: shop, field: crm.customers.id, direction: from}
    meta:
      owner_team: sales
      omne:
        label: The shop
        owner: Sales <sales@shop.example>
        collections:
          crm.customers:
            label: Customers
            about: Who you are.
            policy: account
            purposes: [provide_services]
            legal_basis: contract
            retention: {rule: "10 years", keep: true}
            recipients: [hosting]
            source: you
            rights: [access]
            fields:
              password_hash: {label: Password, secret: true}
              address.street: {label: Street}
          orders:
            label: Orders
            policy: purchases
            purposes: [provide_services]
            legal_basis: contract
            retention: {rule: "10 years"}
"""


def without(line: str, text: str = SHOP) -> str:
    """The map without the one line that holds these words."""
    lines = text.splitlines(keepends=True)
    found = [number for number, each in enumerate(lines) if line in each]
    assert len(found) == 1, found
    return "".join(lines[: found[0]] + lines[found[0] + 1 :])


def changed(before: str, after: str, text: str = SHOP) -> str:
    """The map with one place written differently."""
    assert text.count(before) == 1, text.count(before)
    return text.replace(before, after)
