"""The product's Celery app with a broker that takes a message back after three seconds."""

from omne_dsar.celery import app

app.conf.broker_transport_options.update(visibility_timeout=3)
