"""English days read alike on both sides of the ocean: 5 January 2027."""

DATE_FORMAT = "j F Y"
