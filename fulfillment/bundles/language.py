"""The language a bundle is written in: the person's, if the product speaks it, otherwise its own."""

from pathlib import Path

from django.conf import settings
from django.utils.translation import to_locale
from django.utils.translation.trans_real import get_supported_language_variant

from fulfillment.bundles.contents import BundleInput


def language_for(contents: BundleInput) -> str:
    """The code of a language that our own words are translated to."""
    return spoken(contents.language)


def spoken(language: str) -> str:
    """The same for the language of a person."""
    for folder in settings.LOCALE_PATHS:
        for code in (language, language.partition("-")[0]):
            if (Path(folder) / to_locale(code) / "LC_MESSAGES" / "django.mo").exists():
                return get_supported_language_variant(code)
    return settings.LANGUAGE_CODE
