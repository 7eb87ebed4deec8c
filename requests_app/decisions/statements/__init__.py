"""Statements of what people decided: reviews of automated decisions, appeals, complaints, nominations; as letters."""
