"""The embedded servers and the supervisor that runs the whole product from one command."""
