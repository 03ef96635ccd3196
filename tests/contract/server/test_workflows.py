"""Workflows over HTTP: listed, saved, changed, copied, ordered, deleted."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from everyrun.domain.roles import Role
from everyrun.workflows.launching import LaunchRequest, launch
from tests.support.facts import Facts, tell
from tests.support.served import Served

GRAPH = {"workflow": "nightly", "nodes": {"only": {"type": "set", "with": {"values": {"a": 1}}}}}
YAML = {"Content-Type": "application/yaml"}
WORKFLOWS = "/api/v1/workflows"


@pytest.fixture
def operator(served: Served) -> httpx.Client:
    """Somebody who may save workflows."""
    return served.client(Role.OPERATOR)


def at(name: str, *more: str) -> str:
    """The address of a workflow by its name."""
    return "/".join([WORKFLOWS, quote(name, safe=""), *more])


def graph(name: str = "nightly", **more: Any) -> dict[str, Any]:
    """A definition of one node, as a file has it."""
    return {**GRAPH, "workflow": name, **more}


def save(client: httpx.Client, name: str = "nightly", **more: Any) -> dict[str, Any]:
    """Save a graph of one node; answers what the server said."""
    response = client.put(at(name), json=graph(name, **more))
    assert 200 == response.status_code, response.text
    saved: dict[str, Any] = response.json()
    return saved


def names(client: httpx.Client, **filters: Any) -> list[str]:
    """The names in the list."""
    found = client.get(WORKFLOWS, params=filters)
    assert 200 == found.status_code, found.text
    return [each["name"] for each in found.json()["items"]]


@pytest.mark.parametrize("name", ["매일 아침 보고서", 'it\'s "this" & <that>?', "a/../c", "100%"])
def test_names_of_any_signs_are_saved_and_found(operator: httpx.Client, name: str) -> None:
    saved = save(operator, name)

    assert (name, 1, True) == (saved["workflow"], saved["version"], saved["created"])
    assert name == operator.get(at(name)).json()["name"]
    assert 1 == len(operator.get(at(name, "versions")).json()["items"])
    assert name == operator.get(f"{WORKFLOWS}/{saved['id']}").json()["name"]
    assert 204 == operator.delete(at(name)).status_code


def test_each_kind_is_in_the_list_with_its_last_run_and_its_recent_ones(
    served: Served, operator: httpx.Client
) -> None:
    save(operator)
    facts = Facts("invoices")
    tell(served.database, facts.started(), facts.finished())
    launch(served.database, LaunchRequest(workflow="nightly"), clock=served.clock)

    found = {each["name"]: each for each in operator.get(WORKFLOWS).json()["items"]}

    assert {"nightly", "invoices"} == set(found)
    assert ("graph", 1, 1) == tuple(found["nightly"][key] for key in ("kind", "order", "version"))
    assert "pending" == found["nightly"]["last_run"]["status"]
    assert (1, 1) == (found["nightly"]["recent"]["total"], found["nightly"]["recent"]["open"])
    assert "completed" == found["invoices"]["last_run"]["status"]
    assert None is found["invoices"]["version"]


def test_the_list_is_filtered_and_comes_in_pages(operator: httpx.Client) -> None:
    for name in ("b", "a", "c"):
        save(operator, name)
    operator.post(WORKFLOWS, json={"name": "backup", "kind": "script"})
    operator.post(at("a", "disable"))

    assert ["b", "backup", "a", "c"] == names(operator)
    assert ["a"] == names(operator, active=False)
    assert ["backup"] == names(operator, kind="script")
    assert {"b", "backup"} == set(names(operator, text="B"))
    page = operator.get(WORKFLOWS, params={"limit": 1}).json()
    paged = [page]
    while page["next"]:
        page = operator.get(WORKFLOWS, params={"limit": 1, "cursor": page["next"]}).json()
        paged.append(page)
    assert names(operator) == [page["items"][0]["name"] for page in paged]


def test_a_poll_of_what_has_not_changed_is_answered_by_304(operator: httpx.Client) -> None:
    save(operator)
    for address in (WORKFLOWS, at("nightly"), at("nightly", "versions"), "/api/v1/node-types"):
        first = operator.get(address)
        again = operator.get(address, headers={"If-None-Match": first.headers["etag"]})

        assert (200, 304) == (first.status_code, again.status_code)


def test_an_equal_definition_makes_no_version(operator: httpx.Client) -> None:
    save(operator)
    again = save(operator)
    other = save(operator, description="for the night")

    assert (1, False) == (again["version"], again["created"])
    assert (2, True) == (other["version"], other["created"])


def test_a_definition_that_was_answered_can_be_saved_again(operator: httpx.Client) -> None:
    save(operator, policy={"timeout": "1h30m"}, inputs={"day": "string"})
    definition = operator.get(at("nightly")).json()["definition"]
    text = operator.get(at("nightly", "definition.yaml"))

    assert "application/yaml" == text.headers["content-type"].partition(";")[0]
    assert {"timeout": "1h30m"} == definition["policy"]
    assert not operator.put(at("nightly"), json=definition).json()["created"]
    assert not operator.put(at("nightly"), content=text.text, headers=YAML).json()["created"]
    canonical = operator.get(at("nightly"), params={"form": "canonical"}).json()
    assert {"timeout": 5400.0} == canonical["definition"]["policy"]


def test_a_stale_save_is_refused_with_who_saved_what_since(
    served: Served, operator: httpx.Client
) -> None:
    tag = operator.put(at("nightly"), json=graph()).headers["etag"]
    save(served.client(Role.ADMIN), description="by somebody else")
    for way in ({"headers": {"If-Match": tag}}, {"params": {"expected_version": 1}}):
        refused = operator.put(at("nightly"), json=graph(description="mine"), **way)

        assert (409, "STALE_VERSION") == (refused.status_code, refused.json()["code"])
        told = {key: refused.json()[key] for key in ("expected_version", "version", "saved_by")}
        assert {"expected_version": 1, "version": 2, "saved_by": "test"} == told
        assert refused.json()["saved_at"].startswith("20")
    refused = operator.put(at("nightly"), json=graph(), headers={"If-None-Match": "*"})
    assert (409, 0) == (refused.status_code, refused.json()["expected_version"])
    unclear = operator.put(at("nightly"), json=graph(), headers={"If-Match": '"abc"'})
    assert (400, "INVALID_QUERY") == (unclear.status_code, unclear.json()["code"])


def test_versions_are_listed_read_and_compared(operator: httpx.Client) -> None:
    for description in ("one", "two", "three"):
        save(operator, description=description)

    page = operator.get(at("nightly", "versions"), params={"limit": 2}).json()
    rest = operator.get(at("nightly", "versions"), params={"cursor": page["next"]}).json()
    assert [3, 2, 1] == [each["version"] for each in (*page["items"], *rest["items"])]
    assert "two" == operator.get(at("nightly", "versions", "2")).json()["definition"]["description"]
    changed = operator.get(at("nightly", "versions", "1", "diff"), params={"with": 2}).json()
    assert [{"field": "description", "before": "one", "after": "two"}] == (
        changed["difference"]["fields"]
    )
    newest = operator.get(at("nightly", "versions", "1", "diff")).json()
    assert (1, 3) == (newest["before"], newest["after"])
    assert 404 == operator.get(at("nightly", "versions", "9")).status_code
    old = operator.get(at("nightly", "definition.yaml"), params={"version": 1})
    assert ("description: one" in old.text, '"v1"') == (True, old.headers["etag"])


def test_a_graph_is_made_once_and_anything_else_by_its_name(operator: httpx.Client) -> None:
    made = operator.post(WORKFLOWS, json={"definition": graph(), "active": False})
    again = operator.post(WORKFLOWS, json={"definition": graph()})
    script = operator.post(
        WORKFLOWS, json={"name": "backup", "kind": "script", "description": "of all"}
    )

    assert (201, False, 1) == (made.status_code, made.json()["active"], made.json()["version"])
    assert (409, "WORKFLOW_EXISTS") == (again.status_code, again.json()["code"])
    assert (201, "script", None) == (
        script.status_code,
        script.json()["kind"],
        script.json()["version"],
    )
    assert 404 == operator.get(at("backup")).status_code
    assert "of all" == operator.get(at("backup"), params={"kind": "script"}).json()["description"]
    for body in ({}, {"kind": "script"}, {"name": "x"}, {"kind": "script", "name": "a\0b"}):
        assert operator.post(WORKFLOWS, json=body).status_code in {400, 422}


def test_a_deleted_workflow_keeps_its_history_and_comes_back(
    served: Served, operator: httpx.Client
) -> None:
    id_ = save(operator)["id"]
    launch(served.database, LaunchRequest(workflow="nightly"), clock=served.clock)

    assert 204 == operator.delete(at("nightly")).status_code
    assert 404 == operator.delete(at("nightly")).status_code
    assert [] == names(operator)
    assert ["nightly"] == names(operator, deleted=True)
    of_it = operator.get(f"{WORKFLOWS}/{id_}").json()
    assert (True, 1) == (of_it["deleted"], len(of_it["last_runs"]))
    save(operator, description="again")
    assert (id_, 2) == tuple(operator.get(at("nightly")).json()[key] for key in ("id", "version"))


def test_a_workflow_is_described_switched_and_moved(operator: httpx.Client) -> None:
    for name in ("a", "b", "c"):
        save(operator, name)
    changed = operator.patch(
        at("c"), json={"active": False, "order": 1, "description": "the first"}
    )

    assert (False, 1, "the first", 2) == tuple(
        changed.json()[key] for key in ("active", "order", "description", "version")
    )
    assert "the first" == changed.json()["definition"]["description"]
    assert ["c", "a", "b"] == names(operator)
    ordered = operator.post(f"{WORKFLOWS}/order", json={"workflows": ["b"]})
    assert ["b", "c", "a"] == ordered.json()["workflows"] == names(operator)
    unknown = operator.post(f"{WORKFLOWS}/order", json={"workflows": ["nobody"]})
    assert 404 == unknown.status_code
    assert operator.post(at("c", "enable")).json()["active"]
    assert "INVALID_BODY" == operator.patch(at("c"), json={"acitve": False}).json()["code"]


def test_a_copy_has_the_definition_and_neither_history_nor_schedules(
    served: Served, operator: httpx.Client
) -> None:
    save(operator, description="one")
    launch(served.database, LaunchRequest(workflow="nightly"), clock=served.clock)
    operator.post(
        "/api/v1/schedules",
        json={
            "workflow": "nightly",
            "name": "mornings",
            "definition": {"trigger": {"type": "cron", "expression": "0 7 * * *"}},
        },
    )

    made = operator.post(at("nightly", "duplicate"), json={"name": "weekly"})
    copy = operator.get(at("weekly")).json()

    assert (201, ["mornings"]) == (made.status_code, made.json()["schedules_not_copied"])
    assert ("weekly", "one") == (copy["name"], copy["definition"]["description"])
    assert [] == copy["last_runs"]
    again = operator.post(at("nightly", "duplicate"), json={"name": "weekly"})
    assert (409, "WORKFLOW_EXISTS") == (again.status_code, again.json()["code"])
    blank = operator.post(at("nightly", "duplicate"), json={"name": " "})
    assert (422, "INVALID_NAME") == (blank.status_code, blank.json()["code"])


def test_a_definition_under_another_name_is_refused(operator: httpx.Client) -> None:
    refused = operator.put(at("nightly"), json=graph("weekly"))

    assert (422, "INVALID_NAME") == (refused.status_code, refused.json()["code"])
    assert [] == names(operator)


def test_who_may_only_look_changes_nothing(served: Served, operator: httpx.Client) -> None:
    save(operator)
    viewer = served.client(Role.VIEWER)

    assert 200 == viewer.get(at("nightly")).status_code
    assert 403 == viewer.put(at("nightly"), json=graph()).status_code
    assert 403 == viewer.delete(at("nightly")).status_code


def test_of_saves_made_to_one_version_at_once_one_wins(
    served: Served, operator: httpx.Client
) -> None:
    save(operator)
    clients = [served.client(Role.OPERATOR) for _ in range(4)]

    def change(number: int) -> int:
        definition = graph(description=f"change {number}")
        tag = {"If-Match": '"v1"'}
        return clients[number].put(at("nightly"), json=definition, headers=tag).status_code

    with ThreadPoolExecutor(len(clients)) as together:
        answers = list(together.map(change, range(len(clients))))

    assert [200, 409, 409, 409] == sorted(answers)
    assert 2 == operator.get(at("nightly")).json()["version"]


def test_of_graphs_made_at_once_under_one_name_one_is(served: Served) -> None:
    clients = [served.client(Role.OPERATOR) for _ in range(4)]

    def make(number: int) -> int:
        body = {"definition": graph(description=f"by {number}")}
        return clients[number].post(WORKFLOWS, json=body).status_code

    with ThreadPoolExecutor(len(clients)) as together:
        answers = list(together.map(make, range(len(clients))))

    assert [201, 409, 409, 409] == sorted(answers)
    assert 1 == clients[0].get(at("nightly")).json()["version"]
