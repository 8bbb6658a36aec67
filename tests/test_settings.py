"""Settings from environment, file and default, and what is said of bad ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.core.errors import Invalid
from service.settings import PREFIX, Settings, example_environment, read_settings

_SECRETS = ("admin_token", "read_token")


def _config(folder: Path, text: str) -> str:
    file = folder / "aftermath.toml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_without_any_setting_the_service_keeps_to_this_machine() -> None:
    settings, warnings = read_settings({})

    assert warnings == []
    assert settings == Settings()
    assert settings.host == "127.0.0.1"
    assert settings.allow_private_networks == ()
    assert settings.admin_token is None


def test_the_environment_wins_over_the_file_and_the_file_over_the_default(tmp_path: Path) -> None:
    file = _config(tmp_path, 'PORT = 9001\nhost = "192.0.2.1"\n')

    settings, warnings = read_settings({"AFTERMATH_CONFIG": file, "AFTERMATH_PORT": "9002"})

    assert (settings.port, settings.host) == (9002, "192.0.2.1")
    assert settings.poll_concurrency == Settings().poll_concurrency
    assert warnings == []


def test_a_commands_own_option_wins_over_all_and_one_not_given_changes_nothing() -> None:
    settings, _ = read_settings({"AFTERMATH_PORT": "9002", "AFTERMATH_HOST": "::1"}, port=9003, host=None)

    assert (settings.port, settings.host) == (9003, "::1")


def test_an_empty_variable_is_one_that_is_not_set(tmp_path: Path) -> None:
    file = _config(tmp_path, "port = 9001\n")
    empty = {PREFIX + name.upper(): "" for name in Settings.model_fields}

    assert read_settings(empty) == (Settings(), [])
    assert read_settings({**empty, "AFTERMATH_CONFIG": file})[0].port == 9001


def test_variables_of_other_programs_are_left_alone() -> None:
    assert read_settings({"PORT": "1", "HOST": "example.org", "aftermath_port": "2"}) == (Settings(), [])


@pytest.mark.parametrize("name", _SECRETS)
def test_a_secret_can_come_from_a_file_whose_last_line_break_is_not_part_of_it(tmp_path: Path, name: str) -> None:
    file = tmp_path / "token"
    file.write_text("s3cret\n", encoding="utf-8")

    settings, warnings = read_settings({f"{PREFIX}{name.upper()}_FILE": str(file)})

    assert getattr(settings, name).get_secret_value() == "s3cret"
    assert warnings == []


def test_an_empty_name_of_a_secret_file_is_one_that_is_not_set() -> None:
    assert read_settings({"AFTERMATH_ADMIN_TOKEN_FILE": ""}) == (Settings(), [])


def test_a_secret_file_that_is_no_text_is_an_error_without_the_secret(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_bytes(b"s3cret\xff")

    with pytest.raises(Invalid) as caught:
        read_settings({"AFTERMATH_ADMIN_TOKEN_FILE": str(file)})

    assert (
        caught.value.message
        == f"AFTERMATH_ADMIN_TOKEN_FILE: {file}: cannot be read: byte 6 is not UTF-8; save it as UTF-8"
    )


def test_a_secret_file_that_is_not_there_is_an_error_that_names_variable_and_file(tmp_path: Path) -> None:
    gone = tmp_path / "gone"

    with pytest.raises(Invalid) as caught:
        read_settings({"AFTERMATH_ADMIN_TOKEN_FILE": str(gone)})

    assert caught.value.message.startswith(f"AFTERMATH_ADMIN_TOKEN_FILE: {gone}: cannot be read")


@pytest.mark.parametrize("name", ["AFTERMATH_PROT", "AFTERMATH_PORT_FILE", "AFTERMATH_"])
def test_an_unknown_name_is_a_warning_that_says_where_the_known_ones_stand(name: str) -> None:
    settings, warnings = read_settings({name: "8081"})

    assert settings == Settings()
    assert warnings == [f"{name} is no setting of Aftermath; `python -m service config` lists them"]


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("PORT", "99999", "less than or equal to 65535"),
        ("PORT", "http", "valid integer"),
        ("POLL_CONCURRENCY", "0", "greater than or equal to 1"),
        ("FETCH_TIMEOUT_S", "0", "greater than 0"),
        ("LOG_FORMAT", "xml", "'text' or 'json'"),
        ("LOG_LEVEL", "loud", "'debug', 'info', 'warning' or 'error'"),
        ("DATABASE_URL", "data/aftermath.db", "must begin with sqlite:///"),
        ("PUBLIC_BASE_URL", "news.example.org", "such as https://news.example.org/aftermath"),
        ("ALLOW_PRIVATE_NETWORKS", "10.0.0.0/8, home", "'home' does not appear to be an IPv4 or IPv6 network"),
        ("TRUSTED_PROXIES", "10.0.0.0/99", "'10.0.0.0/99' does not appear to be an IPv4 or IPv6 network"),
    ],
)
def test_a_bad_value_is_an_error_that_names_variable_value_and_remedy(name: str, value: str, remedy: str) -> None:
    with pytest.raises(Invalid) as caught:
        read_settings({PREFIX + name: value})

    message = caught.value.message
    assert message.startswith(f"{PREFIX}{name}: ")
    assert remedy in message
    assert value.rsplit(", ", maxsplit=1)[-1] in message


def test_a_shortest_wait_above_the_longest_is_an_error_that_names_both() -> None:
    with pytest.raises(Invalid, match="POLL_MAX_INTERVAL_S must not be less than POLL_MIN_INTERVAL_S"):
        read_settings({"AFTERMATH_POLL_MIN_INTERVAL_S": "600", "AFTERMATH_POLL_MAX_INTERVAL_S": "300"})


@pytest.mark.parametrize(
    ("body", "words"),
    [(b"port = ", "is not TOML"), (b"contact = '\xe9'", "byte 11 is not UTF-8"), (None, "cannot be read")],
)
def test_a_config_file_that_cannot_be_read_is_an_error_that_names_it(
    tmp_path: Path, body: bytes | None, words: str
) -> None:
    file = tmp_path / "aftermath.toml"
    if body is not None:
        file.write_bytes(body)

    with pytest.raises(Invalid) as caught:
        read_settings({"AFTERMATH_CONFIG": str(file)})

    assert caught.value.message.startswith(f"AFTERMATH_CONFIG: {file}: ")
    assert words in caught.value.message


def test_files_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    config, secret = tmp_path / "aftermath.toml", tmp_path / "token"
    config.write_text("port = 8081\n", encoding="utf-8-sig")
    secret.write_text("s3cret\n", encoding="utf-8-sig")

    settings, _ = read_settings({"AFTERMATH_CONFIG": str(config), "AFTERMATH_ADMIN_TOKEN_FILE": str(secret)})

    assert settings.port == 8081
    assert settings.admin_token is not None
    assert settings.admin_token.get_secret_value() == "s3cret"


def test_an_unknown_name_in_the_config_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="AFTERMATH_PROT: "):
        read_settings({"AFTERMATH_CONFIG": _config(tmp_path, "prot = 9001\n")})


def test_shown_settings_hold_no_secret() -> None:
    settings, _ = read_settings({"AFTERMATH_ADMIN_TOKEN": "s3cret-a", "AFTERMATH_READ_TOKEN": "s3cret-b"})

    shown = settings.redacted()

    assert "s3cret" not in str(shown)
    assert "s3cret" not in repr(settings)
    assert (shown["AFTERMATH_ADMIN_TOKEN"], shown["AFTERMATH_READ_TOKEN"]) == ("(set)", "(set)")


def test_shown_settings_are_all_settings_and_can_be_read_again() -> None:
    settings, _ = read_settings({"AFTERMATH_TRUSTED_PROXIES": "10.0.0.0/8, ::1", "AFTERMATH_PORT": "0"})

    shown = {name: "" if value is None else str(value) for name, value in settings.redacted().items()}

    assert read_settings(shown) == (settings, [])
    assert shown["AFTERMATH_ADMIN_TOKEN"] == ""


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///data/aftermath.db", "data/aftermath.db"),
        ("sqlite:////data/aftermath.db", "/data/aftermath.db"),
        ("sqlite:///./aftermath.db", "./aftermath.db"),
        ("sqlite://", ":memory:"),
        ("sqlite:///:memory:", ":memory:"),
    ],
)
def test_three_slashes_begin_a_relative_path_and_four_an_absolute_one(url: str, path: str) -> None:
    assert Settings(database_url=url).sqlite_path == path


@pytest.mark.parametrize(
    ("settings", "address"),
    [
        (Settings(), "http://127.0.0.1:8080"),
        (Settings(host="0.0.0.0"), "http://127.0.0.1:8080"),
        (Settings(host="::"), "http://127.0.0.1:8080"),
        (Settings(host="::1", port=9000), "http://[::1]:9000"),
        (Settings(public_base_url="https://news.example.org/aftermath/"), "https://news.example.org/aftermath"),
    ],
)
def test_the_address_for_readers_is_one_that_they_can_open(settings: Settings, address: str) -> None:
    assert settings.base_url() == address


def test_the_example_shows_every_setting_and_changes_none() -> None:
    lines = example_environment().splitlines()
    shown = {line.removeprefix("#").partition("=")[0] for line in lines if line.startswith(f"#{PREFIX}")}

    assert shown == {PREFIX + name.upper() for name in Settings.model_fields}
    assert [line for line in lines if line and not line.startswith("#")] == []
