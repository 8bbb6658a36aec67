"""A headless Chromium, and what it says of the page it shows: console, requests, accessibility."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from patience import patient
from programs import NPM
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

T = TypeVar("T")
PATIENCE_S = patient(15)


@dataclass(slots=True)
class Browser:
    """One window. Every call blocks, so tests go through `look`."""

    driver: webdriver.Chrome

    def resize(self, width: int) -> None:
        metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def open(self, url: str, *, scheme: str = "light", media: str = "") -> None:
        self.resize(1280)
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": features})
        self.driver.get(url)

    def run(self, script: str, *values: object) -> Any:
        return self.driver.execute_script(f"return {script}", *values)

    def one(self, selector: str) -> WebElement:
        found: WebElement = self.driver.find_element(By.CSS_SELECTOR, selector)
        return found

    def all(self, selector: str) -> list[WebElement]:
        return list(self.driver.find_elements(By.CSS_SELECTOR, selector))

    def wait(self, condition: Callable[[], object], what: str) -> None:
        # Between finding an element and asking it something, the page may have replaced it.
        patience = WebDriverWait(self.driver, PATIENCE_S, 0.05, [StaleElementReferenceException])
        patience.until(lambda _: condition(), f"{what}: never")

    def _log(self, name: str) -> list[dict[str, Any]]:
        return list(self.driver.get_log(name))  # type: ignore[no-untyped-call]

    def complaints(self) -> list[str]:
        """Return what the console said since the last call."""
        return [f"{each['level']}: {each['message']}" for each in self._log("browser")]

    def requested(self) -> list[str]:
        """Return the addresses requested since the last call."""
        events = [json.loads(each["message"])["message"] for each in self._log("performance")]
        return [each["params"]["request"]["url"] for each in events if each["method"] == "Network.requestWillBeSent"]

    def violations(self) -> list[str]:
        """Return what axe-core finds wrong with the page as it is shown."""
        self.driver.execute_script((NPM / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
        found = self.driver.execute_async_script("axe.run(document).then(arguments[arguments.length - 1])")
        return [
            f"{each['id']}: {each['help']}: {[node['html'][:120] for node in each['nodes'][:3]]}"
            for each in found["violations"]
        ]


@contextmanager
def chromium(*, script: bool = True) -> Iterator[Browser]:
    """Start a browser for the length of a block."""
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--no-first-run",
    ):
        options.add_argument(argument)
    if not script:
        options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    driver.set_page_load_timeout(patient(30))
    try:
        yield Browser(driver)
    finally:
        driver.quit()


async def look(task: Callable[..., T], *values: Any, **named: Any) -> T:
    """Run a step of the browser while the site goes on answering."""
    return await asyncio.to_thread(task, *values, **named)
