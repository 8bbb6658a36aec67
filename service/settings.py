"""The settings, and the only reader of the environment.

Order: environment, then the TOML file named by AFTERMATH_CONFIG, then the default. A secret can also come from the
file named by `AFTERMATH_<NAME>_FILE`. An unknown AFTERMATH_ name is a warning, a bad value is an error that names it.
"""

from __future__ import annotations

import ipaddress
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator

from service.core.errors import Invalid
from service.loading.text_files import read_text

PREFIX = "AFTERMATH_"
# What a reload takes over; all else is read once, because sockets, stores and limits are made from it.
LIVE_SETTINGS = frozenset({"stories", "feeds", "poll_min_interval_s", "poll_max_interval_s", "log_level"})
_POSTGRES = ("postgresql://", "postgres://")
_HOLD_SECRETS = frozenset({"database_url"})  # shown, but never with what must not be seen
BUNDLED_STORIES = Path(__file__).parent / "stories"


class Settings(BaseModel):
    """Every setting with its default. Names are those of the environment, without AFTERMATH_ and in lower case."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    database_url: str = Field(
        default="sqlite:///data/aftermath.db",
        description="Where the ledgers live: sqlite:///PATH, or postgresql://USER@HOST/NAME for several processes",
    )
    host: str = Field(default="127.0.0.1", description="Address to listen on; 0.0.0.0 in the container image")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(default=8080, description="Port to listen on; 0 picks one")
    public_base_url: str = Field(
        default="", description="How readers reach the service, with a sub-path if any; default http://HOST:PORT"
    )
    tag_authority: str = Field(
        default="", description="Authority of feed ids; default the host of PUBLIC_BASE_URL, fixed at the first start"
    )
    stories: Path = Field(default=BUNDLED_STORIES, description="Folder of story files (*.yaml)")
    feeds: Path = Field(default=BUNDLED_STORIES / "feeds.opml", description="OPML file of the feeds to poll")
    admin_token: SecretStr | None = Field(default=None, description="Bearer token for writing; unset: writing is off")
    read_token: SecretStr | None = Field(default=None, description="Token for reading; unset: reading is public")
    allow_private_networks: tuple[str, ...] = Field(
        default=(),
        description="CIDRs that polls and webhooks may reach although they are not public, separated by commas",
    )
    feed_access: Path | None = Field(
        default=None, description="TOML file of what opens closed feeds: headers, user and password, or token"
    )
    poll_proxy: SecretStr | None = Field(
        default=None, description="HTTP proxy that all polls go through; guarding inner addresses is then its task, too"
    )
    poll_min_interval_s: Annotated[int, Field(ge=1)] = Field(default=300, description="Shortest wait between polls")
    poll_max_interval_s: Annotated[int, Field(ge=1)] = Field(default=86400, description="Longest wait between polls")
    poll_concurrency: Annotated[int, Field(ge=1, le=1000)] = Field(default=16, description="Polls under way at once")
    poll_per_host: Annotated[int, Field(ge=0)] = Field(
        default=2, description="Polls under way at once per scheme, host and port; 0: no limit"
    )
    poll_host_gap_s: Annotated[float, Field(ge=0, le=60)] = Field(
        default=0.2, description="Least time between polls of one public host; POLL_PER_HOST=0 switches it off, too"
    )
    retry_after_scope: Literal["auto", "host", "url"] = Field(
        default="auto",
        description="What a Retry-After holds for: all feeds of the host or the one; auto: the host, unless private",
    )
    fetch_timeout_s: Annotated[float, Field(gt=0)] = Field(default=30.0, description="Time limit of one fetch")
    feed_body_limit_bytes: Annotated[int, Field(ge=1024)] = Field(
        default=5_000_000, description="Largest feed document, as decompressed"
    )
    contact: str = Field(default="", description="Address or URL of the operator, sent in the User-Agent")
    websub_hub: str = Field(default="", description="WebSub hub to tell of new deltas, named in our feeds; unset: none")
    retention_days: Annotated[int, Field(ge=0)] = Field(
        default=0,
        description="Days after which entries that led to nothing are forgotten, with their decisions; 0: never. "
        "Deltas, facts and developments with their entries are kept for ever",
    )
    trusted_proxies: tuple[str, ...] = Field(
        default=(), description="CIDRs of proxies in front, separated by commas: only they may say who asks"
    )
    semantic: bool = Field(
        default=False,
        description="Let a sentence encoder help to tell same happening from another; needs requirements-semantic.txt",
    )
    opinion_url: str = Field(
        default="",
        description="OpenAI-compatible endpoint (such as https://models.example.org/v1) that is asked for a second "
        "opinion on new deltas: it gets their line, headline and quotes. Changes no delta; unset: nobody is asked",
    )
    opinion_key: SecretStr | None = Field(default=None, description="Key of that endpoint, sent as bearer token")
    opinion_model: str = Field(default="", description="Model that is asked; needed with OPINION_URL")
    opinion_daily_budget: Annotated[int, Field(ge=1, le=100_000)] = Field(
        default=200, description="Most requests for opinions a UTC day; what is left waits, the newest so many at most"
    )
    opinion_timeout_s: Annotated[float, Field(gt=0, le=600)] = Field(
        default=30.0, description="Time limit of one request for an opinion"
    )
    access_log: bool = Field(default=False, description="Log one line per request, without its query")
    log_format: Literal["text", "json"] = Field(default="text", description="Form of the log lines")
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="Least level logged")

    @field_validator("allow_private_networks", "trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("allow_private_networks", "trusted_proxies")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for part in value:
            ipaddress.ip_network(part, strict=False)
        return value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if value.startswith(_POSTGRES):
            if not urlsplit(value).path.strip("/"):
                raise ValueError("must name a database, such as postgresql://aftermath@127.0.0.1/aftermath")
            return value
        path = value.removeprefix("sqlite://")
        if not value.startswith("sqlite://") or (path and (not path.startswith("/") or path == "/")):
            raise ValueError(
                "must begin with sqlite:/// and name a file, such as sqlite:///data/aftermath.db, or be a "
                "postgresql:// address"
            )
        return value

    @field_validator("poll_proxy")
    @classmethod
    def _proxy_url(cls, value: SecretStr | None) -> SecretStr | None:
        parts = urlsplit(value.get_secret_value()) if value else None
        if parts is not None and (parts.scheme not in {"http", "https"} or not parts.hostname):
            raise ValueError("must be an http or https URL, such as http://proxy.internal:3128")
        return value

    @field_validator("public_base_url", "websub_hub", "opinion_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        if value and (urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).netloc):
            raise ValueError("must be an http or https URL, such as https://news.example.org/aftermath")
        return value

    @field_validator("public_base_url")
    @classmethod
    def _base_url(cls, value: str) -> str:
        return value.rstrip("/")

    @field_validator("opinion_url")
    @classmethod
    def _no_user(cls, value: str) -> str:
        if "@" in urlsplit(value).netloc:
            raise ValueError("must not carry a user name; the key belongs in OPINION_KEY")
        return value

    @field_validator("opinion_key")
    @classmethod
    def _header_text(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch(r"[!-~]+", value.get_secret_value()):
            raise ValueError("must be visible ASCII characters without spaces, as an Authorization header takes them")
        return value

    @model_validator(mode="after")
    def _asks_somebody(self) -> Self:
        if self.opinion_url and not self.opinion_model:
            raise ValueError("OPINION_URL needs OPINION_MODEL: name the model that is asked")
        return self

    @model_validator(mode="after")
    def _bounds(self) -> Self:
        if self.poll_max_interval_s < self.poll_min_interval_s:
            raise ValueError("POLL_MAX_INTERVAL_S must not be less than POLL_MIN_INTERVAL_S")
        return self

    @property
    def store(self) -> str:
        """Return where the store is, as `storage.opening` takes it: a PostgreSQL address, a file, or ":memory:"."""
        return self.database_url if self.database_url.startswith(_POSTGRES) else self.sqlite_path

    @property
    def shown_database(self) -> str:
        """Return the address of the store without a password."""
        parts = urlsplit(self.database_url)
        if not self.database_url.startswith(_POSTGRES):
            return self.database_url
        user = f"{parts.username}@" if parts.username else ""
        where = f"{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}"
        return f"{parts.scheme}://{user}{where}{parts.path}"

    @property
    def sqlite_path(self) -> str:
        """Return the file of the SQLite store, or ":memory:"."""
        path = self.database_url.removeprefix("sqlite://")
        return path[1:] if path.startswith("/") and not path.startswith("//") else path.removeprefix("/") or ":memory:"

    def base_url(self) -> str:
        """Return how readers reach the service, without a trailing slash."""
        return self.public_base_url or self.local_url()

    def local_url(self) -> str:
        """Return how this machine reaches the service, without a trailing slash."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{'127.0.0.1' if host in {'0.0.0.0', '[::]'} else host}:{self.port}"  # noqa: S104 (compared)

    def redacted(self) -> dict[str, object]:
        """Return the settings by environment name, secrets replaced."""
        shown: dict[str, object] = {}
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, SecretStr):
                value = "(set)"
            elif name == "database_url":
                value = self.shown_database
            elif isinstance(value, Path):
                value = str(value)
            elif isinstance(value, tuple):
                value = ",".join(value)
            shown[PREFIX + name.upper()] = value
        return shown


def _shown_names() -> frozenset[str]:
    """Return the settings whose value an error may show: never a secret, nor a URL that may hold one."""
    return frozenset(Settings.model_fields) - _secret_names() - _HOLD_SECRETS


def _secret_names() -> frozenset[str]:
    return frozenset(name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation))


def read_settings(environment: Mapping[str, str], **overrides: object) -> tuple[Settings, list[str]]:
    """Return (settings, warnings) from an environment.

    Args:
        environment: Usually os.environ.
        overrides: Values that a command's own options set; they win.

    Raises:
        Invalid: A value or file is bad; the message names it and the remedy.
    """
    values: dict[str, Any] = {}
    warnings: list[str] = []
    config = environment.get(PREFIX + "CONFIG")
    if config:
        try:
            table = tomllib.loads(read_text(Path(config)))
        except Invalid as error:
            raise Invalid(f"{PREFIX}CONFIG: {error.message}") from error
        except tomllib.TOMLDecodeError as error:
            raise Invalid(f"{PREFIX}CONFIG: {config}: is not TOML ({error})") from error
        values.update({name.lower(): value for name, value in table.items()})
    from_files = _secret_names() | _HOLD_SECRETS
    for name, value in sorted(environment.items()):
        if not name.startswith(PREFIX) or name == PREFIX + "CONFIG":
            continue
        key = name.removeprefix(PREFIX).lower()
        if key in Settings.model_fields:
            if value != "":
                values[key] = value
        elif key.endswith("_file") and key.removesuffix("_file") in from_files:
            if not value:
                continue
            try:
                values[key.removesuffix("_file")] = read_text(Path(value)).strip()
            except Invalid as error:
                raise Invalid(f"{name}: {error.message}") from error
        else:
            warnings.append(f"{name} is no setting of Aftermath; `python -m service config` lists them")
    values.update({name: value for name, value in overrides.items() if value is not None})
    try:
        return Settings.model_validate(values), warnings
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else ""
        message = first["msg"].removeprefix("Value error, ")
        shown = f" (it is {first.get('input')!r})" if name in _shown_names() else ""
        raise Invalid(f"{PREFIX + name.upper() if name else 'settings'}: {message}{shown}") from None


def example_environment() -> str:
    """Return deploy/settings.example.env: every setting with what it does and its default."""
    lines = ["# Every setting of Aftermath with its default. Generated by `python -m service write-schemas`.", ""]
    for name, field in Settings.model_fields.items():
        default = field.default
        if isinstance(default, Path):
            default = "" if BUNDLED_STORIES in (default, *default.parents) else default
        elif isinstance(default, tuple):
            default = ",".join(default)
        lines.append(f"# {field.description}.")
        if name in _secret_names() | _HOLD_SECRETS:
            lines.append(f"# (or {PREFIX}{name.upper()}_FILE, the path of a file that holds it)")
        lines.append(f"#{PREFIX}{name.upper()}={'' if default is None else default}")
        lines.append("")
    return "\n".join(lines)
