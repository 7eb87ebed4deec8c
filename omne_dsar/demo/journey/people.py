"""What the people of the journey do: the one who asks, the case worker, the approver."""

import re
import time
from pathlib import Path

import httpx

from omne_dsar.demo.accounts import PASSWORD, DemoAccount, code_now
from omne_dsar.demo.journey.browser import Browser, PageUnexpected


class Mailbox:
    """The demo's mailbox, read as JSON."""

    def __init__(self, url: str) -> None:
        self._url = url

    def seen(self, address: str) -> frozenset[str]:
        """The mails that an address has had so far."""
        return frozenset(mail["id"] for mail in self._to(address))

    def new_code(self, address: str, *, subject_has: str, seen: frozenset[str], seconds: float = 60) -> str:
        """The code in a mail to an address that was not there before, once it has come."""
        ends_at = time.monotonic() + seconds
        while time.monotonic() < ends_at:
            for mail in self._to(address):
                found = re.search(r"^ {4}([2-9A-Z]{8})$", mail["text"], re.MULTILINE)
                if found and subject_has in mail["subject"] and mail["id"] not in seen:
                    return found[1]
            time.sleep(0.2)
        raise PageUnexpected(f"No mail with a code came within {seconds:.0f} seconds.")

    def _to(self, address: str) -> list[dict[str, str]]:
        answer = httpx.get(f"{self._url}/messages.json", params={"to": address}, timeout=10, trust_env=False)
        return list(answer.json()["messages"])


class Person:
    """Somebody who asks for their information."""

    def __init__(self, base_url: str, mailbox: Mailbox, *, name: str, email: str, place: str) -> None:
        self.browser, self.mailbox = Browser(base_url), mailbox
        self.name, self.email, self.place = name, email, place
        self.reference = ""

    def ask(self) -> str:
        """Go through the form, question by question; returns the reference on the last page."""
        browser = self.browser.open("/ask/who/")
        browser.submit({"who": "me"}).submit({"place": self.place})
        browser.submit({"rights": "access"}).submit({"name": self.name, "email": self.email})
        browser.submit({"details": "", "period": ""}).submit({})
        found = re.search(r"OM-[0-9A-Z]{4}-[0-9A-Z]{4}", browser.text)
        if found is None:
            raise PageUnexpected(f"{browser.path} shows no reference.")
        self.reference = found[0]
        return self.reference

    def confirm(self) -> None:
        """Enter reference and mailed code, which confirms the request."""
        code = self.mailbox.new_code(self.email, subject_has=self.reference, seen=frozenset())
        self.browser.open("/requests/").submit({"reference": self.reference, "code": code})

    def download(self, target: Path) -> Path:
        """Come back with a fresh code, ask for another one at the download, and save the copy."""
        browser = Browser(str(self.browser.client.base_url))
        seen = self.mailbox.seen(self.email)
        page = browser.open("/requests/")
        page.client.post(
            "/requests/new-code/",
            data={**_csrf(page), "reference": self.reference},
            headers={"Referer": str(page.page.url)},
        )
        code = self.mailbox.new_code(self.email, subject_has="A code for", seen=seen)
        browser.open("/requests/").submit({"reference": self.reference, "code": code})
        seen = self.mailbox.seen(self.email)
        browser.open("/requests/yours/download/").submit({}, action="/requests/yours/download/code/")
        code = self.mailbox.new_code(self.email, subject_has="download", seen=seen)
        browser.submit({"code": code})
        found = re.search(r'href="(/requests/yours/download/[0-9a-f-]{36}/(?:1/)?)"', browser.text)
        if found is None:
            raise PageUnexpected(f"{browser.path} offers no file.")
        with browser.client.stream("GET", found[1]) as answer, target.open("wb") as file:
            for chunk in answer.raise_for_status().iter_bytes():
                file.write(chunk)
        return target


class StaffMember:
    """Somebody at the privacy desk."""

    def __init__(self, base_url: str, account: DemoAccount, *, reference: str) -> None:
        self.browser = Browser(base_url)
        self.case = f"/staff/requests/{reference}/"
        self.browser.open("/staff/account/login/").submit({"login": account.email, "password": PASSWORD})
        self._enter_code(account)

    def _enter_code(self, account: DemoAccount) -> None:
        """A code works once: who signs in twice within half a minute waits for the next one, as people do."""
        code, form = code_now(account), self.browser.path
        self.browser.submit({"code": code})
        if self.browser.path != form:
            return
        while code_now(account) == code:
            time.sleep(0.5)
        self.browser.submit({"code": code_now(account)})
        if self.browser.path == form:
            raise PageUnexpected(f"{form} took neither of two codes.")

    def approve_search(self) -> None:
        """Read the plan and let the search begin."""
        self.browser.open(f"{self.case}sources/plan/").submit({}, action="/sources/plan/")

    def wait_for_stage(self, stage: str, *, seconds: float = 180) -> None:
        """Look at the case until the tag in its head says so."""
        ends_at = time.monotonic() + seconds
        while f"{stage}</span>" not in self.browser.open(self.case).text:
            if time.monotonic() > ends_at:
                raise PageUnexpected(f"{self.case} is not in “{stage}” after {seconds:.0f} seconds.")
            time.sleep(0.3)

    def finish_review(self) -> None:
        """Wait until every record was looked through; all of it goes into the copy, others who are in it as well."""
        items, ends_at = f"{self.case}items/", time.monotonic() + 120
        while "still being looked for" in self.browser.open(items).text and time.monotonic() < ends_at:
            time.sleep(0.3)
        if "suggestions/" in self.browser.text:
            self.browser.submit({"because": "weighed"}, action="/items/suggestions/")
        self.browser.open(items).open(f"{self.case}moves/finish_review/")
        self.browser.submit({}, action="/moves/finish_review/")

    def release(self) -> None:
        """Look at what goes out, tick the two facts, and let it go."""
        self.browser.open(f"{self.case}release/").submit({"identity_seen": "on", "recipient_seen": "on"})


def _csrf(browser: Browser) -> dict[str, str]:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', browser.text)
    return {"csrfmiddlewaretoken": found[1]} if found else {}
