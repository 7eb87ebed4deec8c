"""Certificates as letters: what was done where, what stays and why, who was told; never more than receipts show."""
