"""Every vendor whose system a preset is for."""

from tests.vendors.described import Vendor
from tests.vendors.github import GitHub
from tests.vendors.hubspot import HubSpot
from tests.vendors.intercom import Intercom
from tests.vendors.mailchimp import Mailchimp
from tests.vendors.okta import Okta
from tests.vendors.shopify import Shopify
from tests.vendors.stripe import Stripe
from tests.vendors.zendesk import Zendesk

VENDORS: tuple[type[Vendor], ...] = (GitHub, HubSpot, Intercom, Mailchimp, Okta, Shopify, Stripe, Zendesk)
