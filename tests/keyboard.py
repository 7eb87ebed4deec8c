"""Somebody who has no mouse: moves by the tab key, and sees at each step what has the focus."""

from playwright.sync_api import Page

# What has the focus, as a screen reader would call it, and whether somebody who looks can see that it has.
FOCUSED = """() => {
    const at = document.activeElement, named = at.labels?.length ? at.labels[0] : at;
    const isSeen = [at, at.nextElementSibling, named].filter(Boolean).map((each) => getComputedStyle(each))
        .some((style) => style.outlineStyle !== "none" || style.boxShadow !== "none");
    return [named.textContent.replace(/\\s+/g, " ").trim(), isSeen];
}"""
# What asks for the focus by itself has it once the page was drawn; a key before that would be pressed on another one.
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
MOST_STEPS = 80


def tab_to(page: Page, name: str, *, key: str = "Tab") -> None:
    """Press the tab key until something of that name has the focus, and has it visibly."""
    page.evaluate(DRAWN)
    passed = []
    for _ in range(MOST_STEPS):
        page.keyboard.press(key)
        focused, is_seen = page.evaluate(FOCUSED)
        passed.append(focused)
        if focused.startswith(name):
            assert is_seen, f"{name} has the focus, and nobody can see it"
            return
    raise AssertionError(f"The tab key does not lead to {name}, only to {passed}")


def press_enter(page: Page) -> None:
    """Press the key on what has the focus, and wait for the page that it leads to."""
    with page.expect_navigation():
        page.keyboard.press("Enter")
