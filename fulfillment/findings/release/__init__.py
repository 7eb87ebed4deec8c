"""What leaves the house of a finding: the one filter through which every export format reads its records."""
