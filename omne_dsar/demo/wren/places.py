"""Where Wren Notes is found, for those who start it or send to it."""

HOST, NAME = "localhost", "Wren Notes"
# Where people's copies are taken, and where they once were.
OPEN, CLOSED = "/import", "/old-import"
# In its folder: whose certificates have to be trusted.
AUTHORITY = "authority.pem"
# The variable in which the demo's processes are told that it takes copies, and at which address.
ADDRESS = "DEMO_WREN_URL"
