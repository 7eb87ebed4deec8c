"""The shop that is measured on: eleven tables, every row worked out from its number, the same in every run."""
