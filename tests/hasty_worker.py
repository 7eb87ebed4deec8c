"""The product's Celery app with a broker that takes a message back after eight seconds."""

from omne_dsar.celery import app

app.conf.broker_transport_options.update(visibility_timeout=8)
