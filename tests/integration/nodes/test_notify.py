"""``notify``: messages to a real server on this machine."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from everyrun.domain.payloads import Redactor
from everyrun.domain.payloads.registering import REGISTRY
from everyrun.nodes.base import BadParameters
from everyrun.nodes.notify import Notify
from everyrun.testing.node_contexts import NodeContext, node_context
from tests.support.running_nodes import failure_of, output_of, problem_with
from tests.support.web_server import Reply, WebServer, web_server

TOKEN = "Tok3nOfTheHook"


@pytest.fixture
def context(tmp_path: Path) -> NodeContext:
    return node_context(tmp_path)


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server(lambda asked: Reply()) as running:
        yield running
    REGISTRY.clear()


def _target(server: WebServer, path: str = f"hooks/{TOKEN}") -> str:
    return f"{server.url.replace('http', 'json', 1)}/{path}"


def test_a_message_arrives(context: NodeContext, server: WebServer) -> None:
    output = output_of(
        Notify, context, targets=_target(server), title="야간 보고", body="다 됐습니다 <b>"
    )
    (asked,) = server.asked
    message = json.loads(asked.body)

    assert {"sent": ["JSON"]} == output
    assert ("POST", f"/hooks/{TOKEN}") == (asked.method, asked.path)
    assert ("야간 보고", "다 됐습니다 <b>") == (message["title"], message["message"])


def test_every_target_is_told(context: NodeContext, server: WebServer) -> None:
    targets = [_target(server, "one"), _target(server, "two")]

    assert {"sent": ["JSON", "JSON"]} == output_of(Notify, context, targets=targets, body="b")
    assert ["/one", "/two"] == [asked.path for asked in server.asked]


def test_files_go_along(context: NodeContext, server: WebServer, tmp_path: Path) -> None:
    (tmp_path / "report.txt").write_text("가나")
    output_of(Notify, context, targets=_target(server), body="b", files=["report.txt"])
    (attached,) = json.loads(server.asked[0].body)["attachments"]

    assert "report.txt" == attached["filename"]
    assert "가나" == base64.b64decode(attached["base64"]).decode()


def test_a_target_that_fails_fails_the_node_and_is_named(
    context: NodeContext, server: WebServer
) -> None:
    server.answer = lambda asked: Reply(500 if TOKEN in asked.path else 200)
    targets = [_target(server, "one"), _target(server), _target(server, "two")]
    failure = failure_of(Notify, context, targets=targets, body="b")

    assert str(failure).startswith("target 2 (JSON): ")
    assert "500" in str(failure)
    assert {"sent": ["JSON", "JSON"]} == failure.output


def test_a_server_that_is_not_there_is_named_without_secrets(
    context: NodeContext, server: WebServer
) -> None:
    target = f"json://kim:{TOKEN}@127.0.0.1:1/{TOKEN}/x?+X-Key={TOKEN}"
    failure = failure_of(Notify, context, targets=target, body="b")

    assert str(failure).startswith("target 1 (JSON): ")
    assert TOKEN not in str(failure)
    assert "***" == Redactor().text(target)


def test_one_that_does_not_answer_is_given_up(context: NodeContext, server: WebServer) -> None:
    server.answer = lambda asked: Reply(hangs=True)
    failure = failure_of(Notify, context, targets=_target(server), body="b", timeout="100ms")

    assert "target 1 (JSON): " in str(failure)


@pytest.mark.parametrize("target", [f"nonsense://{TOKEN}", f"slack://{TOKEN}", "json://"])
def test_what_is_no_service_is_an_error_that_hides_it(
    context: NodeContext, target: str, server: WebServer
) -> None:
    scheme = target.partition("://")[0]
    with pytest.raises(BadParameters) as caught:
        output_of(Notify, context, targets=[_target(server), f"{target}?"], body="b")

    assert f"targets: target 2, {scheme}://…, is no URL of a service" == str(caught.value)
    assert [] == server.asked


def test_a_file_that_is_not_there_is_named(context: NodeContext, server: WebServer) -> None:
    failure = failure_of(Notify, context, targets=_target(server), body="b", files=["gone"])

    assert str(failure).startswith("files: there is no file")


def test_one_that_was_to_stop_sends_nothing(context: NodeContext, server: WebServer) -> None:
    context.stop()
    failure = failure_of(Notify, context, targets=_target(server), body="b")

    assert "stopped" == str(failure)
    assert [] == server.asked


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"body": "b"}, "parameter 'targets' is missing"),
        ({"targets": "json://a"}, "parameter 'body' is missing"),
        ({"targets": [], "body": "b"}, "parameter 'targets' is empty"),
        ({"targets": ["json://a", "kim"], "body": "b"}, "'targets': target 2 is no URL"),
        ({"targets": "", "body": "b"}, "'targets': target 1 is no URL"),
        ({"targets": "json://a", "body": "b", "format": "rtf"}, "parameter 'format' cannot be"),
        ({"targets": "json://a", "body": 3}, "parameter 'body' must be text"),
        ({"targets": "json://a", "body": "b", "timeout": "x"}, "parameter 'timeout': 'x' is no"),
    ],
)
def test_a_bad_parameter_is_named(parameters: dict[str, Any], sentence: str) -> None:
    assert sentence in problem_with(Notify, parameters)


def test_templates_are_not_judged() -> None:
    assert [] == Notify.problems_of({"targets": ["{{ secrets.CHAT }}"], "body": "b"})
