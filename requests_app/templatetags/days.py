"""Days and moments in templates of mails, as the language that is active writes them: `{{ until|weekday }}`."""

from django import template

from requests_app import days

register = template.Library()
register.filter("day", days.day)
register.filter("weekday", days.weekday)
register.filter("moment", days.moment)
register.filter("moment_with_weekday", days.moment_with_weekday)
