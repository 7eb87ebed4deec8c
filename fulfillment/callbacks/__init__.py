"""Callbacks: what a system answers to an order that was sent to it, taken once, whatever the order of arrival."""
