"""The page that shows every part in every state, for builders of pages and tests that look at them."""
