"""The people who answer for a source in its place: asked by mail, with a link to a page that shows only their part."""
