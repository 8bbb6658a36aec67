"""The running service under other people's validators: REDbot on every GET, schemathesis on every operation.

Too long and too dependent on their versions for the tests; `make validate` runs it. With FEEDVALIDATOR naming a checkout
of the W3C feed validator (w3c/feedvalidator) and an interpreter that has what it needs, feeds are given to it, too.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from journeys.service_process import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).resolve().parent
ITEMS = [HERE.parent / "data" / corpus / "items.jsonl" for corpus in ("corpus", "corpus2")]
TOOLS = Path(os.environ.get("VALIDATORS", ".venv/validators/bin"))
EXAMPLES = os.environ.get("EXAMPLES", "30")
STORY, TOKEN = "assad-exit", "validating"
_START_S = 120
_FEEDS = """\
<opml version="2.0"><head><title>One feed</title></head><body>
<outline type="rss" text="Nobody" xmlUrl="http://127.0.0.1:9/feed"/>
</body></opml>
"""


@contextmanager
def a_service(folder: Path) -> Iterator[str]:
    """Run the service over a ledger of the bundled corpus, with one feed that nobody answers; yield its address."""
    port = free_port()
    (folder / "none.opml").write_text(_FEEDS, encoding="utf-8")
    environment = os.environ | {
        "AFTERMATH_DATABASE_URL": f"sqlite:///{folder / 'ledger.db'}",
        "AFTERMATH_FEEDS": str(folder / "none.opml"),
        "AFTERMATH_ADMIN_TOKEN": TOKEN,
        "AFTERMATH_PORT": str(port),
    }
    service = [sys.executable, "-m", "service"]
    items = folder / "items.jsonl"
    items.write_bytes(b"".join(each.read_bytes() for each in ITEMS))
    filling = [
        *service,
        "replay",
        str(items),
        "--story",
        STORY,
        "--database-url",
        environment["AFTERMATH_DATABASE_URL"],
    ]
    subprocess.run(filling, env=environment, check=True, stdout=subprocess.DEVNULL)
    with (
        (folder / "service.log").open("wb") as log,
        subprocess.Popen([*service, "run"], env=environment, stderr=log) as it,
    ):
        try:
            address = f"http://127.0.0.1:{port}"
            end = time.monotonic() + _START_S
            while not is_ready(address):
                if it.poll() is not None or time.monotonic() > end:
                    raise SystemExit((folder / "service.log").read_text(encoding="utf-8"))
                time.sleep(0.2)
            yield address
        finally:
            it.terminate()
    logged = (folder / "service.log").read_text(encoding="utf-8")
    if faults := re.findall(r"^\S+Z (?:error|warning) .*", logged, re.MULTILINE):
        raise SystemExit("the service logged:\n" + "\n".join(faults[:20]))


def is_ready(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/readyz") as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError):
        return False


def asked(address: str, path: str) -> Any:
    with urllib.request.urlopen(address + path) as answer:
        return json.load(answer)


def paths(address: str) -> list[str]:
    """Return every GET that all may read, with ids that are there; a stream never ends, so it is left out."""
    delta = asked(address, f"/v1/stories/{STORY}/deltas?limit=1")["items"][0]
    # The first page of an archive has nothing before it, which the W3C validator calls incomplete; so the second is asked.
    held = {"story": STORY, "thread": "bases", "page": "2", "name": "delta", "file": "live.js"}
    found = []
    for path, methods in asked(address, "/openapi.json")["paths"].items():
        if "get" not in methods or path.endswith("/stream") or {"bearer": []} in methods["get"]["security"]:
            continue
        ids = held | {
            "id": delta["entry"] if "/entries/" in path else delta["feed"] if "/feeds/" in path else delta["id"]
        }
        found.append(re.sub(r"{(\w+)}", lambda name, ids=ids: ids[name[1]], path))  # type: ignore[misc]
    return found


def redbot(address: str) -> list[str]:
    """Return what REDbot finds bad or worth a warning."""
    faults = []
    for path in paths(address):
        said = subprocess.run([TOOLS / "redbot", "-o", "har", address + path], capture_output=True, check=True)
        for entry in json.loads(said.stdout)["log"]["entries"]:
            faults += [
                f"{path}: {note['summary']}" for note in entry["_red_messages"] if note["level"] in {"BAD", "WARN"}
            ]
    return faults


def feed_messages(address: str, checkout: Path) -> list[str]:
    """Return what the W3C validator says of the feeds, at level AA."""
    python = os.environ.get("FEEDVALIDATOR_PYTHON", sys.executable)
    faults = []
    for path in (path for path in paths(address) if path.startswith("/feeds/") and path.endswith((".rss", ".atom"))):
        command = [python, "demo.py", address + path, "AA"]
        said = subprocess.run(command, cwd=checkout / "src", capture_output=True, text=True, check=False)
        if "No errors or warnings" not in said.stdout:
            faults.append(f"{path}: {said.stdout.strip() or said.stderr.strip()}")
    return faults


def schemathesis(address: str) -> bool:
    """Say whether schemathesis finds nothing; it says itself what it finds."""
    said = subprocess.run(
        [
            *(TOOLS / "schemathesis", "--config-file", HERE / "schemathesis.toml", "run", f"{address}/openapi.json"),
            *("--checks", "all", "--max-examples", EXAMPLES, "--seed", "7", "--exclude-operation-id", "stream"),
            *("--header", f"Authorization: Bearer {TOKEN}"),
        ],
        check=False,
    )
    return said.returncode == 0


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="aftermath-validate-") as folder, a_service(Path(folder)) as address:
        faults = redbot(address)
        print(f"REDbot: {len(paths(address))} addresses, {len(faults)} faults", *faults, sep="\n  ")
        if checkout := os.environ.get("FEEDVALIDATOR"):
            messages = feed_messages(address, Path(checkout))
            print(f"W3C feed validator: {len(messages)} feeds with messages", *messages, sep="\n  ")
            faults += messages
        return 0 if schemathesis(address) and not faults else 1


if __name__ == "__main__":
    sys.exit(main())
