"""The beat of the product with an impatient clock: what is poked every few minutes is poked twice a second."""

from omne_dsar.beat import app
from omne_dsar.timetable import TIMETABLE

WANTED = {
    "requests_app.send_reminders",
    "requests_app.sweep_messages",
    "fulfillment.sweep",
    "fulfillment.carry_on",
}

app.conf.beat_schedule = {
    name: {**entry, "schedule": 0.5} for name, entry in TIMETABLE.items() if entry["task"] in WANTED
}
app.conf.beat_max_loop_interval = 0.5
