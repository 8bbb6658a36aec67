"""migrate, config, write-schemas: the store's schema, the settings, the generated files."""

from __future__ import annotations

import argparse
import asyncio
import json
from pathlib import Path
from typing import Any

from service.commands.logs import start_logging
from service.commands.setup import opened_store, settings_of
from service.core.errors import Invalid, NotFound, StorageError
from service.settings import Settings
from service.storage.opening import is_missing, is_shared


def register(commands: Any) -> None:
    """Add the commands of this file."""
    migrate = commands.add_parser("migrate", help="create the store or bring its schema up to date")
    migrate.add_argument(
        "--to",
        metavar="postgresql://…",
        help="copy all of the SQLite store there, as it stands now; again to catch up, until a service runs on the copy",
    )
    migrate.set_defaults(run=_migrate)
    config = commands.add_parser("config", help="the effective settings, secrets redacted")
    config.add_argument("--json", action="store_true")
    config.set_defaults(run=_config)
    schemas = commands.add_parser("write-schemas", help="regenerate schemas/ and deploy/settings.example.env")
    schemas.add_argument("--root", type=Path, default=Path(), help="the project's folder; default: this one")
    schemas.set_defaults(run=_write_schemas)


def _migrate(args: argparse.Namespace) -> int:
    settings = settings_of()
    if args.to:
        return _copy_to(settings, settings_of(database_url=args.to))
    start_logging(settings.log_format, settings.log_level)  # what is copied before a migration is said there

    async def main() -> None:
        try:  # nothing to do is said without the writer's lock, so beside a running service too
            async with opened_store(settings.store, read_only=True) as store:
                await store.check()
        except StorageError:
            async with opened_store(settings.store) as store:
                await store.check()

    asyncio.run(main())
    print(f"{settings.shown_database}: the schema is up to date")
    return 0


def _copy_to(source: Settings, target: Settings) -> int:
    from service.storage.moving import copy_ledgers

    if is_shared(source.store) or not is_shared(target.store):
        raise Invalid("migrate --to copies a SQLite store (AFTERMATH_DATABASE_URL) to a postgresql:// address")
    if is_missing(source.store):
        raise NotFound(f"{source.shown_database} does not exist; AFTERMATH_DATABASE_URL names the store to copy")
    counts: dict[str, int] = {}
    asyncio.run(copy_ledgers(Path(source.store), target.store, copied=counts.__setitem__))
    print(
        f"{target.shown_database}: {counts['feeds']} feeds, {counts['entries']} entries, {counts['decisions']} decisions "
        f"and {counts['deltas']} deltas, with ids, positions and cursors unchanged"
    )
    return 0


def _config(args: argparse.Namespace) -> int:
    shown = settings_of().redacted()
    if args.json:
        print(json.dumps(shown, ensure_ascii=False))
        return 0
    for name, value in shown.items():
        print(f"{name}={'' if value is None else value}")
    return 0


def _write_schemas(args: argparse.Namespace) -> int:
    from service.schema_files import generated_files

    for path, content in generated_files().items():
        target = args.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists() or target.read_text(encoding="utf-8") != content:
            target.write_text(content, encoding="utf-8")
            print(f"wrote {path}")
    return 0
