"""The product's Celery app in a worker all of whose messages are sent three times."""

from tests.thrice import app, thrice

app.amqp.send_task_message = thrice
