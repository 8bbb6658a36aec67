"""The files that install several replicas over PostgreSQL: compose and Kubernetes."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
import yaml

from service import __version__
from service.commands.cli import build_parser
from service.feeds.guard import Address, Network, is_allowed
from service.settings import Settings, read_settings

_DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
_KUBERNETES = _DEPLOY / "kubernetes"

Json = dict[str, Any]


def _composed() -> Json:
    compose: Json = yaml.safe_load((_DEPLOY / "compose.postgres.yaml").read_text(encoding="utf-8"))
    return compose


def _objects() -> dict[tuple[str, str], Json]:
    """Return every object that the kustomization names, by kind and name."""
    listed = yaml.safe_load((_KUBERNETES / "kustomization.yaml").read_text(encoding="utf-8"))["resources"]
    found = {}
    for file in listed:
        for each in yaml.safe_load_all((_KUBERNETES / file).read_text(encoding="utf-8")):
            found[each["kind"], each["metadata"]["name"]] = each
    return found


def _pod(kind: str, name: str) -> Json:
    pod: Json = _objects()[kind, name]["spec"]["template"]["spec"]
    return pod


_PODS = [("Deployment", "aftermath-api"), ("Deployment", "aftermath-worker"), ("Job", "aftermath-migrate")]
_EACH_POD = pytest.mark.parametrize(("kind", "name"), _PODS)


def test_composed_replicas_share_one_database_that_nothing_outside_reaches() -> None:
    compose = _composed()
    database = compose["services"]["database"]
    for name in ("serve", "work"):
        service = compose["services"][name]
        assert service["environment"]["AFTERMATH_DATABASE_URL"].endswith("@database/aftermath")
        assert service["depends_on"]["database"]["condition"] == "service_healthy"
    assert "ports" not in database
    assert [compose["networks"][name] for name in database["networks"]] == [{"internal": True}]
    assert database["volumes"][0].partition(":")[0] in compose["volumes"]


def test_composed_replicas_have_one_part_each() -> None:
    services = _composed()["services"]
    for name in ("serve", "work"):
        assert services[name]["command"] == [name]
    assert services["work"]["healthcheck"] == {"disable": True}
    assert "ports" not in services["work"]  # so that it can be scaled
    assert "volumes" not in services["serve"]


def test_every_file_of_the_folder_is_applied() -> None:
    listed = yaml.safe_load((_KUBERNETES / "kustomization.yaml").read_text(encoding="utf-8"))["resources"]
    here = {path.name for path in _KUBERNETES.glob("*.yaml")} - {"kustomization.yaml"}
    assert set(listed) == here
    assert {kind for kind, _ in _objects()} >= {"ConfigMap", "Deployment", "Job", "Service"}


@_EACH_POD
def test_a_pod_runs_a_command_of_this_version_over_the_database_of_the_secret(kind: str, name: str) -> None:
    (container,) = _pod(kind, name)["containers"]
    assert container["image"] == f"aftermath:{__version__}"
    assert build_parser().parse_args(container["args"]).command in {"serve", "run", "migrate"}
    (variable,) = container["env"]
    assert variable["name"] == "AFTERMATH_DATABASE_URL"
    assert variable["valueFrom"]["secretKeyRef"] == {"name": "aftermath-database", "key": "url"}
    assert container["envFrom"] == [{"configMapRef": {"name": "aftermath-settings"}}]
    assert ("ConfigMap", "aftermath-settings") in _objects()


@_EACH_POD
def test_a_pod_can_change_nothing_but_its_scratch_space(kind: str, name: str) -> None:
    pod = _pod(kind, name)
    (container,) = pod["containers"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] >= 10000
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["automountServiceAccountToken"] is False
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert container["resources"]["limits"]["memory"]
    assert all("sizeLimit" in volume["emptyDir"] for volume in pod["volumes"])


@pytest.mark.parametrize("name", ["aftermath-api", "aftermath-worker"])
def test_a_deployment_is_probed_and_has_time_to_end(name: str) -> None:
    deployment = _objects()["Deployment", name]["spec"]
    pod = deployment["template"]["spec"]
    (container,) = pod["containers"]
    assert deployment["replicas"] > 1
    assert deployment["selector"]["matchLabels"] == deployment["template"]["metadata"]["labels"]
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert container["livenessProbe"]["httpGet"]["path"] == "/healthz"
    assert container["ports"] == [{"name": "http", "containerPort": Settings().port}]
    if name == "aftermath-worker":
        assert pod["terminationGracePeriodSeconds"] > Settings().fetch_timeout_s


def test_readers_are_led_to_the_replicas_that_serve() -> None:
    selector = _objects()["Service", "aftermath"]["spec"]["selector"]
    assert selector == _objects()["Deployment", "aftermath-api"]["spec"]["selector"]["matchLabels"]


def _outward() -> tuple[list[int], list[tuple[Network, list[Network]]]]:
    """Return the ports and the networks (with those left out) that replicas which poll may reach besides all others."""
    (rule,) = _objects()["NetworkPolicy", "aftermath-worker"]["spec"]["egress"]
    blocks = [each["ipBlock"] for each in rule["to"]]
    networks = [(ip_network(each["cidr"]), [ip_network(part) for part in each["except"]]) for each in blocks]
    return [each["port"] for each in rule["ports"]], networks


def _lets_out(address: Address) -> bool:
    return any(address in whole and not any(address in part for part in parts) for whole, parts in _outward()[1])


def test_replicas_are_reached_at_their_port_and_reach_a_database_and_name_servers() -> None:
    policy = _objects()["NetworkPolicy", "aftermath"]["spec"]
    assert policy["policyTypes"] == ["Ingress", "Egress"]
    assert [each["port"] for rule in policy["ingress"] for each in rule["ports"]] == [Settings().port]
    assert {each["port"] for rule in policy["egress"] for each in rule["ports"]} == {53, 5432}
    for kind, name in _PODS:
        labels = _objects()[kind, name]["spec"]["template"]["metadata"]["labels"]
        assert policy["podSelector"]["matchLabels"].items() <= labels.items()


def test_only_replicas_that_poll_reach_the_web() -> None:
    selector = _objects()["NetworkPolicy", "aftermath-worker"]["spec"]["podSelector"]["matchLabels"]
    chosen = [
        name
        for kind, name in _PODS
        if selector.items() <= _objects()[kind, name]["spec"]["template"]["metadata"]["labels"].items()
    ]
    assert chosen == ["aftermath-worker"]
    assert _outward()[0] == [80, 443]


def test_the_cluster_lets_out_to_no_address_that_the_service_would_refuse() -> None:
    networks = [each for whole, parts in _outward()[1] for each in (whole, *parts)]
    edges = {n[at] for n in networks for at in (0, -1)}
    beside = {edge + step for edge in edges for step in (-1, 1) if 0 < int(edge) < 2**edge.max_prefixlen - 1}
    inner = [ip_address(each) for each in ("169.254.169.254", "fd00:ec2::254", "::1", "fe80::1", "::ffff:10.0.0.1")]
    for address in {*edges, *beside, *inner}:
        assert is_allowed(str(address), ()) or not _lets_out(address), address
    for public in map(ip_address, ("8.8.8.8", "172.32.0.1", "223.255.255.254", "2606:4700::1111", "2a00:1450::1")):
        assert _lets_out(public), public


def test_the_settings_of_the_cluster_are_settings() -> None:
    data = _objects()["ConfigMap", "aftermath-settings"]["data"]
    assert all(isinstance(value, str) for value in data.values())
    assert read_settings(data)[1] == []
