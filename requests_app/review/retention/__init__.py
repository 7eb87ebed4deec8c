"""Retention for the staff: what goes when, the last run and the next, holds, and what is left of a purged request."""
