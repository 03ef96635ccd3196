"""Figures of today and of workflows."""

from everyrun.cli.sentences.sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    "today": Sentence("Today in {zone} ({date})", "오늘, {zone} ({date})"),
    "since_moment": Sentence("Since {moment}", "{moment} 부터"),
    "until_moment": Sentence("until {moment}", "{moment} 까지"),
    "total_workflows": Sentence("workflows", "전체 워크플로우"),
    "today_executions": Sentence("runs today", "오늘 실행"),
    "today_failed": Sentence("failing today", "오늘 실패"),
    "inactive_workflows": Sentence("inactive", "비활성"),
    "dropped_events": Sentence(
        "Recorders dropped {events}, their spool being full or unwritable.",
        "스풀이 가득 찼거나 쓸 수 없어 {events}가 버려졌습니다.",
    ),
    "sampled": Sentence(
        "Percentiles are of the newest {count} runs of a workflow, or all where there are fewer.",
        "백분위수는 워크플로우마다 최근 실행 {count}개(더 적으면 전부)의 값입니다.",
    ),
    "no_statistics": Sentence("Nothing ran in this time.", "이 기간에 실행이 없습니다."),
}
