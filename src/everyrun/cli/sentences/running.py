"""Running graphs: here and now, on a terminal or without one."""

from everyrun.cli.sentences.sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    "how_to_cancel": Sentence("Ctrl-C cancels", "Ctrl-C 로 취소"),
    "cancelling": Sentence(
        "Cancelling: running nodes are told to end. Ctrl-C again kills at once.",
        "취소 중: 실행 중인 노드에 종료를 알렸습니다. Ctrl-C 를 다시 누르면 즉시 끝냅니다.",
    ),
    "killing": Sentence("Killing …", "강제 종료 중 …"),
    "more_failures": Sentence("… and {count} more", "… 외 {count}개"),
}
