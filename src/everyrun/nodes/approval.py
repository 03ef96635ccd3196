"""``approval``: a person says yes or no."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from msgspec import Meta, field

from everyrun.domain.spans import Span
from everyrun.nodes.base import Chosen, NodeFailed, NodeType
from everyrun.nodes.context import Answer, Context
from everyrun.nodes.deadlines import TimedOut, answer_before, deadline_of, from_whom
from everyrun.nodes.written import written

APPROVED = "approved"
REJECTED = "rejected"


class Rejected(NodeFailed):
    """Somebody said no."""


class Approval(NodeType):
    """Wait until a person says yes or no: `everyrun approve EXECUTION NODE`.

    A yes completes the node; a no fails it, with the comment, so that what needs it is skipped and
    what needs its failure runs. With `on_reject: branch` both complete it, and edges name the
    branch: `needs: {ask: approved}`, `needs: {ask: rejected}`. Output is
    `{approved, comment, by, at}`.

    Who answers is who the answer says; names are as trustworthy as the way the answer came.
    """

    waiting: ClassVar[bool] = True

    message: Annotated[str, Meta(description="What is asked.")]
    approvers: Annotated[
        list[str], Meta(description="Who may answer; anybody where it is empty.")
    ] = field(default_factory=list)
    on_reject: Annotated[
        Literal["fail", "branch"],
        Meta(description="Whether a no fails the node, or is a branch: `approved`, `rejected`."),
    ] = "fail"
    at_most: Annotated[
        Span | None, Meta(description="How long to wait, from when the node first began.")
    ] = None
    on_timeout: Annotated[
        Literal["fail", "approve", "reject"],
        Meta(description="What no answer within `at_most` means."),
    ] = "fail"

    async def run(self, context: Context) -> dict[str, Any] | Chosen:
        """Ask. Raises :class:`Rejected` for a no, :class:`TimedOut` for no answer in time."""
        context.log("info", self.message)
        deadline = deadline_of(context, self.at_most)
        while True:
            answer = await answer_before(context, deadline)
            if answer is None:
                return self._decide(self._unanswered(context))
            objection = self._objection(answer)
            if objection is None:
                data = answer.data
                comment = str(data.get("comment") or "")
                said = {"approved": data["approved"], "comment": comment, **from_whom(answer)}
                return self._decide(said)
            context.log("warning", objection)

    def _objection(self, answer: Answer) -> str | None:
        """Why an answer does not count."""
        if not isinstance(answer.data, Mapping) or not isinstance(
            answer.data.get("approved"), bool
        ):
            return f"passed over: a {answer.action} that says neither yes nor no"
        if self.approvers and answer.asked_by not in self.approvers:
            return f"passed over: the answer of {answer.asked_by or 'somebody'}, who is not asked"
        return None

    def _unanswered(self, context: Context) -> dict[str, Any]:
        if self.on_timeout == "fail":
            raise TimedOut("nobody answered in time")
        from everyrun.domain.clock import to_datetime

        approved = self.on_timeout == "approve"
        at = to_datetime(context.now())
        return {"approved": approved, "comment": "nobody answered in time", "by": None, "at": at}

    def _decide(self, said: dict[str, Any]) -> dict[str, Any] | Chosen:
        if self.on_reject == "branch":
            return Chosen(APPROVED if said["approved"] else REJECTED, said)
        if said["approved"]:
            return said
        who, comment = said["by"], said["comment"]
        sentence = f"rejected by {who}" if who else "rejected"
        raise Rejected(f"{sentence}: {comment}" if comment else sentence, said)

    @classmethod
    def branches_of(cls, parameters: Mapping[str, Any]) -> tuple[str, ...]:
        """``approved`` and ``rejected`` where a no is a branch."""
        return (APPROVED, REJECTED) if parameters.get("on_reject") == "branch" else ()

    @classmethod
    def problems_of(cls, parameters: Mapping[str, Any]) -> list[tuple[str, str]]:
        """That something is asked, and that a decision on time has a time."""
        problems = []
        message = written(parameters, "message", str)
        if message is not None and not message.strip():
            problems.append(("message", "parameter 'message' is empty"))
        on_timeout = written(parameters, "on_timeout", str)
        if on_timeout in ("approve", "reject") and parameters.get("at_most") is None:
            sentence = "parameter 'on_timeout' needs 'at_most': without it there is no timeout"
            problems.append(("on_timeout", sentence))
        if parameters.get("on_reject") not in (None, "fail", "branch"):
            sentence = (
                "parameter 'on_reject' is written out, 'fail' or 'branch': edges depend on it"
            )
            problems.append(("on_reject", sentence))
        return problems
