"""What every page knows without being told: the company, and the theme the visitor chose."""

from django.http import HttpRequest

from requests_app.policy.company import COMPANY, Company

THEME_COOKIE = "theme"
THEMES = frozenset({"light", "dark"})


def page(request: HttpRequest) -> dict[str, Company | str]:
    """Template context for every page: `company`, and `theme` when the visitor overrides the system's."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return {"company": COMPANY, "theme": theme if theme in THEMES else ""}
