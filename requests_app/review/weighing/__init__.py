"""The pages on which a request is weighed and decided part by part: one view, one form and one service per right."""
