"""The files that install the service agree with it and with each other, and keep what they promise about safety."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from service import __version__
from service.commands.cli import build_parser
from service.settings import PREFIX, Settings, read_settings

_ROOT = Path(__file__).resolve().parents[2]
_DEPLOY = _ROOT / "deploy"
_DOCKERFILE = _ROOT / "Dockerfile"
_UNIT = _DEPLOY / "systemd" / "aftermath.service"
_MODULE = ["python", "-m", "service"]

Json = dict[str, Any]


def _deploy_files() -> list[Path]:
    return [path for path in sorted(_DEPLOY.rglob("*")) if path.is_file()]


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _for_each(paths: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", paths, ids=lambda path: path.relative_to(_ROOT).as_posix())


# Dockerfile


def _instructions() -> list[tuple[str, str]]:
    """Return (instruction, arguments) of the Dockerfile in order."""
    lines = [line for line in _text(_DOCKERFILE).splitlines() if not line.lstrip().startswith("#")]
    whole = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    return [(line.split()[0].upper(), line.split(maxsplit=1)[1]) for line in whole.splitlines() if line.strip()]


def _final_stage() -> list[tuple[str, str]]:
    every = _instructions()
    start = max(n for n, (name, _) in enumerate(every) if name == "FROM")
    return every[start:]


def _final(name: str) -> str:
    """Return the last arguments of an instruction in the final stage: those that hold."""
    return [arguments for each, arguments in _final_stage() if each == name][-1]


def _image_environment() -> dict[str, str]:
    pairs = [pair for name, arguments in _final_stage() if name == "ENV" for pair in arguments.split()]
    return dict(pair.split("=", maxsplit=1) for pair in pairs)


def _command_of(arguments: list[str]) -> str:
    """Return the command of the service that a command line runs; it must be one that exists."""
    assert arguments[: len(_MODULE)] == _MODULE
    command: str = build_parser().parse_args(arguments[len(_MODULE) :]).command
    return command


def test_the_image_installs_only_what_a_hash_covers() -> None:
    installs = [arguments for name, arguments in _instructions() if name == "RUN" and "pip" in arguments]

    assert installs
    for arguments in installs:
        assert "--require-hashes" in arguments
        assert "--only-binary=:all:" in arguments
        assert "://" not in arguments


def test_both_stages_begin_at_the_same_python() -> None:
    bases = [arguments.split()[0] for name, arguments in _instructions() if name == "FROM"]

    assert bases == ["python:${PYTHON_TAG}"] * 2


def test_only_the_service_and_its_schemas_enter_the_image() -> None:
    copies = [args.split()[:-1] for name, args in _instructions() if name == "COPY" and "--from" not in args]
    copied = {source for sources in copies for source in sources}
    rules = [line for line in _text(_ROOT / ".dockerignore").splitlines() if not line.startswith("#")]

    assert copied == {"requirements.txt", "schemas", "service"}
    assert all((_ROOT / source).exists() for source in copied)
    assert rules[0] == "*"
    assert {rule.removeprefix("!") for rule in rules if rule.startswith("!")} == copied


def test_the_image_runs_as_a_numeric_user_that_is_not_root() -> None:
    uid, gid = _final("USER").split(":")

    assert int(uid) >= 10000
    assert int(gid) >= 10000


def test_the_image_starts_the_service_without_a_shell() -> None:
    entry, command = json.loads(_final("ENTRYPOINT")), json.loads(_final("CMD"))
    probe = json.loads(_final("HEALTHCHECK").partition(" CMD ")[2])

    assert _command_of(entry + command) == "run"
    assert _command_of(probe) == "healthcheck"
    assert _final("STOPSIGNAL") == "SIGTERM"


def test_the_image_keeps_its_store_on_the_volume_and_listens_where_it_says() -> None:
    settings, warnings = read_settings(
        {name: value for name, value in _image_environment().items() if name.startswith(PREFIX)}
    )

    assert warnings == []
    assert Path(settings.sqlite_path).parent == Path(_final("VOLUME"))
    assert settings.host == "0.0.0.0"
    assert settings.port == int(_final("EXPOSE"))


def test_the_image_is_labelled_with_the_version_it_holds() -> None:
    defaults = dict(args.split("=") for name, args in _final_stage() if name == "ARG")

    assert defaults["VERSION"] == __version__
    assert 'org.opencontainers.image.version="${VERSION}"' in _final("LABEL")


# Compose


def _composed() -> list[tuple[str, Json]]:
    """Return (where, service) of every service in a compose file that runs our image."""
    return [
        (f"{path.name}:{name}", service)
        for path in sorted(_DEPLOY.glob("compose*.yaml"))
        for name, service in yaml.safe_load(_text(path))["services"].items()
        if str(service.get("image", "")).startswith("aftermath:")
    ]


_EACH_COMPOSED = pytest.mark.parametrize(
    "service", [s for _, s in _composed()], ids=[where for where, _ in _composed()]
)


def _substituted(value: object) -> str:
    """Return a value of a compose file as it is where the shell sets nothing."""
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", str(value))


@_EACH_COMPOSED
def test_a_composed_service_can_change_nothing_but_its_volume(service: Json) -> None:
    uid, _, gid = str(service["user"]).partition(":")

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert (int(uid), int(gid)) >= (10000, 10000)
    assert not {"privileged", "cap_add", "network_mode", "pid", "ipc", "devices"} & set(service)
    assert all("noexec" in mount and "size=" in mount for mount in service["tmpfs"])


@_EACH_COMPOSED
def test_a_composed_service_cannot_use_up_the_machine(service: Json) -> None:
    assert service["pids_limit"] > 0
    assert service["mem_limit"]
    assert service["ulimits"]["nofile"] > 0
    assert service["logging"]["options"].keys() >= {"max-size", "max-file"}


@_EACH_COMPOSED
def test_a_composed_service_is_reached_from_this_machine_only_until_somebody_decides_otherwise(service: Json) -> None:
    port = int(_final("EXPOSE"))

    assert all(re.fullmatch(rf"127\.0\.0\.1:\d+:{port}", str(published)) for published in service.get("ports", []))


@_EACH_COMPOSED
def test_a_composed_service_comes_back_and_has_time_to_end(service: Json) -> None:
    assert service["restart"] == "unless-stopped"
    assert service["init"] is True
    assert int(service["stop_grace_period"].removesuffix("s")) > 10


@_EACH_COMPOSED
def test_a_composed_service_runs_the_version_of_this_checkout(service: Json) -> None:
    assert service["image"] == f"aftermath:{__version__}"


@_EACH_COMPOSED
def test_a_composed_service_starts_where_the_shell_sets_nothing(service: Json) -> None:
    given = {name: _substituted(value) for name, value in service.get("environment", {}).items()}

    settings, warnings = read_settings({**_image_environment(), **given})

    assert warnings == []
    assert settings.admin_token is None


def test_one_replica_on_sqlite_keeps_its_store_on_a_named_volume() -> None:
    compose = yaml.safe_load(_text(_DEPLOY / "compose.yaml"))
    (service,) = compose["services"].values()
    volume, _, target = service["volumes"][0].partition(":")

    assert volume in compose["volumes"]
    assert target == _final("VOLUME")
    assert "deploy" not in service
    assert (_DEPLOY / service["build"]["context"]).resolve() == _ROOT


def test_a_proxy_with_tls_is_all_that_the_override_opens_to_others() -> None:
    override = yaml.safe_load(_text(_DEPLOY / "compose.tls.yaml"))["services"]
    plain = yaml.safe_load(_text(_DEPLOY / "compose.yaml"))["services"]
    proxy, ours = override.pop("proxy"), override.pop("aftermath")
    site = _text(_DEPLOY / "Caddyfile")

    assert override == {}
    assert plain.keys() == {"aftermath"}
    assert ours.keys() == {"environment"}
    assert f"reverse_proxy aftermath:{_final('EXPOSE')}" in site
    assert "./Caddyfile:/etc/caddy/Caddyfile:ro" in proxy["volumes"]
    assert proxy["environment"].keys() == set(re.findall(r"\{\$(\w+)\}", site))
    assert proxy["read_only"] is True
    assert (proxy["cap_drop"], proxy["cap_add"]) == (["ALL"], ["NET_BIND_SERVICE"])
    values = {
        name: _substituted(value).replace("${DOMAIN", "news.example").partition(":?")[0]
        for name, value in ours["environment"].items()
    }
    settings, warnings = read_settings(values)
    assert warnings == []
    assert settings.base_url() == "https://news.example"
    assert settings.trusted_proxies


# systemd


def _unit() -> dict[str, list[str]]:
    lines = [line for line in _text(_UNIT).splitlines() if line and line[0] not in "#["]
    unit: dict[str, list[str]] = {}
    for line in lines:
        name, _, value = line.partition("=")
        unit.setdefault(name, []).append(value)
    return unit


def test_the_unit_starts_the_service_of_its_folder() -> None:
    unit = _unit()
    (folder,), (start,) = unit["WorkingDirectory"], unit["ExecStart"]
    python, *arguments = start.split()

    assert python == f"{folder}/.venv/bin/python"
    assert _command_of(["python", *arguments]) == "run"
    assert unit["ExecReload"] == ["/bin/kill -HUP $MAINPID"]  # as the README says of a running service
    assert int(unit["TimeoutStopSec"][0]) > 10


def test_the_unit_keeps_its_store_in_its_state_directory() -> None:
    unit = _unit()
    given = dict(pair.split("=", maxsplit=1) for pair in unit["Environment"])

    settings, warnings = read_settings(given)

    assert warnings == []
    assert Path(settings.sqlite_path).parent == Path("/var/lib") / unit["StateDirectory"][0]
    assert settings.host == "127.0.0.1"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DynamicUser", "yes"),
        ("NoNewPrivileges", "yes"),
        ("CapabilityBoundingSet", ""),
        ("ProtectSystem", "strict"),
        ("ProtectHome", "yes"),
        ("PrivateTmp", "yes"),
        ("PrivateDevices", "yes"),
        ("RestrictSUIDSGID", "yes"),
        ("MemoryDenyWriteExecute", "yes"),
    ],
)
def test_the_unit_is_hardened(name: str, value: str) -> None:
    assert _unit()[name] == [value]


def test_the_unit_leaves_parser_processes_the_right_to_limit_themselves() -> None:
    assert _unit()["SystemCallFilter"] == ["@system-service", "~@privileged"]


# Every file


@_for_each(_deploy_files())
def test_every_deployed_file_can_be_read(path: Path) -> None:
    if path.suffix in {".yaml", ".yml"}:
        assert list(yaml.safe_load_all(_text(path)))
    elif path.suffix == ".service":
        assert re.findall(r"^\[(\w+)\]$", _text(path), re.MULTILINE) == ["Unit", "Service", "Install"]
        assert all(re.match(r"[A-Z]\w+=|[#\[]|$", line) for line in _text(path).splitlines())
    elif path.suffix == ".env":
        assert all(re.match(r"#|\w+=|$", line) for line in _text(path).splitlines())
    elif path.name == "Caddyfile":
        assert _text(path).count("{") == _text(path).count("}")  # its own program has read it: `caddy validate`
    elif path.suffix == ".md":
        assert _text(path).startswith("# ")
    else:
        pytest.fail(f"{path.name}: teach this test to read {path.suffix or 'such'} files")


@_for_each([_DOCKERFILE, _ROOT / ".ci" / "run", *_deploy_files()])
def test_every_variable_named_in_a_deployed_file_is_a_setting(path: Path) -> None:
    names = set(re.findall(rf"\b{PREFIX}[A-Z0-9_]+", _text(path)))

    _, warnings = read_settings(dict.fromkeys(names, ""))

    assert warnings == []


def _locks() -> list[Path]:
    return sorted(_ROOT.glob("requirements*.txt"))


@_for_each(_locks())
def test_every_requirement_is_pinned_and_has_hashes(path: Path) -> None:
    whole = re.sub(r"\s*\\\n\s*", " ", _text(path))
    requirements = [line for line in whole.splitlines() if line.strip() and not line.lstrip().startswith("#")]

    assert requirements
    for line in requirements:
        assert re.fullmatch(r"[\w.\-]+==\S+( ;[^#]*?)?( --hash=sha256:[0-9a-f]{64})+", line), line[:80]


@_for_each([*_locks(), *sorted(_ROOT.glob("requirements*.in"))])
def test_requirements_name_no_address_and_no_index(path: Path) -> None:
    options = [line for line in _text(path).splitlines() if re.match(r"\s*-(?!-hash=|c |r )", line)]

    assert "://" not in _text(path)
    assert options == []


def _project_texts() -> Iterator[tuple[Path, str]]:
    """Yield every text file of the project, without what .gitignore leaves out."""
    skipped = {".git", *(line.strip().rstrip("/") for line in _text(_ROOT / ".gitignore").splitlines())}
    folders = [_ROOT]
    while folders:
        for path in sorted(folders.pop().iterdir()):
            if path.name in skipped or path.is_symlink():
                continue
            if path.is_dir():
                folders.append(path)
                continue
            try:
                yield path.relative_to(_ROOT), _text(path)
            except UnicodeDecodeError:
                continue


def test_no_file_of_the_project_names_a_package_or_image_registry() -> None:
    registries = [
        ".".join(parts)
        for parts in (
            ("pypi", "org"),
            ("pythonhosted", "org"),
            ("npmjs", "org"),
            ("docker", "io/"),
            ("docker", "com/r/"),
            ("ghcr", "io"),
            ("quay", "io"),
            ("gcr", "io"),
            ("mcr", "microsoft", "com"),
            ("public", "ecr", "aws"),
            ("deb", "debian", "org"),
        )
    ]

    found = [(str(path), host) for path, text in _project_texts() for host in registries if host in text]

    assert found == []


def test_the_settings_known_to_these_tests_are_those_of_the_service() -> None:
    assert read_settings({f"{PREFIX}NOT_A_SETTING": ""})[1]
    assert not read_settings({PREFIX + name.upper(): "" for name in Settings.model_fields})[1]
