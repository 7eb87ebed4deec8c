"""The staff's page on what a person is known by: add, accept, refuse, and see which source each identity reaches."""
