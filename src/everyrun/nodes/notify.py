"""``notify``: tell people, by mail, chat or any of the services that apprise speaks to."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from msgspec import Meta, field

from everyrun.domain.spans import Span
from everyrun.nodes.base import NodeFailed, NodeType
from everyrun.nodes.context import Context
from everyrun.nodes.files.places import existing_file, placed
from everyrun.nodes.written import is_template

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://.+", re.DOTALL)


class Notify(NodeType):
    """Send a message to one or more services, each named by an apprise URL.

    `mailto://…`, `slack://…`, `tgram://…`, `json://server/path` and some hundred more:
    <https://github.com/caronc/apprise/wiki>. All targets are tried; one that fails fails the node.
    Output is `{sent: [Slack, …]}`.

    Such URLs hold passwords and tokens: give them as `{{ secrets.NAME }}`. They go wherever they
    say, to private addresses too.
    """

    targets: Annotated[str | list[str], Meta(description="Where to: an apprise URL, or several.")]
    body: Annotated[str, Meta(description="The message.")]
    title: Annotated[str, Meta(description="Its title, where the service has one.")] = ""
    format: Annotated[
        Literal["text", "markdown", "html"],
        Meta(description="What the message is written in; it is changed for those who read other."),
    ] = "text"
    files: Annotated[
        list[str], Meta(description="Files to send along, where the service takes files.")
    ] = field(default_factory=list)
    timeout: Annotated[Span, Meta(description="How long to try each target.")] = 30.0

    def run(self, context: Context) -> dict[str, Any]:
        """Send it. Raises :class:`NodeFailed`, which names the targets that it did not reach."""
        from everyrun.domain.payloads import register_secret
        from everyrun.nodes.notifying import Service

        targets = [self.targets] if isinstance(self.targets, str) else self.targets
        for target in targets:
            register_secret(target)
        files = [str(existing_file("files", placed(context, file))) for file in self.files]
        services = [Service(number, target) for number, target in enumerate(targets, start=1)]
        sent: list[str] = []
        failures = []
        for service in services:
            if context.stopping:
                raise NodeFailed("stopped", {"sent": sent})
            reason = service.send(self, files)
            if reason is None:
                sent.append(service.name)
            else:
                failures.append(f"target {service.number} ({service.name}): {reason}")
        if failures:
            raise NodeFailed("; ".join(failures), {"sent": sent})
        return {"sent": sent}

    @classmethod
    def problems_of(cls, parameters: Mapping[str, Any]) -> list[tuple[str, str]]:
        """That there are targets, and that they are URLs."""
        problems = []
        told = parameters.get("targets")
        targets = told if isinstance(told, list) else [told]
        if not targets:
            problems.append(("targets", "parameter 'targets' is empty"))
        for number, target in enumerate(targets, start=1):
            written = isinstance(target, str) and not is_template(target)
            if written and not _SCHEME.fullmatch(str(target)):
                sentence = f"parameter 'targets': target {number} is no URL, such as mailto://…"
                problems.append(("targets", sentence))
        return problems
