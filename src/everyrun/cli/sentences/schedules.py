"""Schedules, and the process that does what is due."""

from everyrun.cli.sentences.sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    # When.
    "every": Sentence("every {span}", "{span}마다"),
    "once_at": Sentence("once, at {moment}", "{moment}에 한 번"),
    "never_due": Sentence("Never due again.", "더 이상 예정이 없습니다."),
    "state_active": Sentence("active", "활성"),
    "state_paused": Sentence("paused", "일시정지"),
    "state_over": Sentence("over", "종료"),
    "state_off": Sentence("workflow is off", "워크플로우 꺼짐"),
    "fire_started": Sentence("started", "시작됨"),
    "fire_skipped": Sentence("skipped", "건너뜀"),
    "fire_missed": Sentence("missed", "놓침"),
    "fire_coalesced": Sentence("coalesced", "합쳐짐"),
    "fire_backfilled": Sentence("backfilled", "소급 실행"),
    # What was done.
    "schedule_added": Sentence(
        "Schedule {name} of {workflow}: {when} ({zone}).",
        "{workflow} 의 스케줄 {name}: {when} ({zone}).",
    ),
    "nobody_leads": Sentence(
        "No scheduler runs now, so nothing is started: `everyrun scheduler`",
        "지금 실행 중인 스케줄러가 없어 아무것도 시작되지 않습니다: `everyrun scheduler`",
    ),
    "schedule_paused": Sentence("{name} is paused: {reason}", "{name} 을(를) 멈췄습니다: {reason}"),
    "schedule_resumed": Sentence(
        "{name} goes on, next at {moment}.", "{name} 을(를) 재개합니다. 다음: {moment}"
    ),
    "ask_delete_schedule": Sentence(
        "Delete schedule {name} of {workflow}? What it started stays on record.",
        "{workflow} 의 스케줄 {name} 을(를) 삭제할까요? 시작된 실행 기록은 남습니다.",
    ),
    "schedule_deleted": Sentence("Deleted {name}.", "{name} 을(를) 삭제했습니다."),
    "no_schedules": Sentence(
        "No schedule yet; add one with `everyrun schedule add WORKFLOW --cron '0 9 * * *'`.",
        "스케줄이 없습니다. `everyrun schedule add WORKFLOW --cron '0 9 * * *'` 로 추가하세요.",
    ),
    "backfill_preview": Sentence(
        "{count} due times to run, from {first} to {last}; {done} were run already.",
        "실행할 예정 시각 {count}개, {first} 부터 {last} 까지. 이미 실행됨 {done}개.",
    ),
    "backfill_nothing": Sentence(
        "Nothing to run in this range; {done} were run already (--again runs them, too).",
        "이 범위에 실행할 것이 없습니다. 이미 실행됨 {done}개 (--again 으로 다시 실행).",
    ),
    "ask_backfill": Sentence("Run them?", "실행할까요?"),
    "bad_local_moment": Sentence(
        "{text} is no date or time; write 2026-11-01 or 2026-11-01T09:30",
        "{text} 는 날짜나 시각이 아닙니다. 2026-11-01 이나 2026-11-01T09:30 처럼 쓰세요",
    ),
    # Headings and fields.
    "h_schedule": Sentence("SCHEDULE", "스케줄"),
    "h_due": Sentence("DUE", "예정"),
    "h_next": Sentence("NEXT", "다음"),
    "h_last": Sentence("LAST", "마지막"),
    "h_zone": Sentence("ZONE", "시간대"),
    "h_outcome": Sentence("OUTCOME", "결과"),
    "h_execution": Sentence("EXECUTION", "실행"),
    "h_remark": Sentence("REMARK", "비고"),
    "h_who": Sentence("BY", "실행자"),
    "k_when": Sentence("when", "시점"),
    "k_zone": Sentence("zone", "시간대"),
    "k_next": Sentence("next", "다음"),
    "k_from": Sentence("from", "시작일"),
    "k_until": Sentence("until", "종료일"),
    "k_late": Sentence("when late", "늦었을 때"),
    "k_paused_for": Sentence("paused", "일시정지"),
    "late_grace": Sentence("grace {span}", "허용 {span}"),
    "late_coalesce": Sentence("several in time run as one", "여러 개는 한 번으로"),
    "late_apart": Sentence("several in time run each", "여러 개도 각각"),
    "late_catch_up": Sentence("catch up: {choice}", "따라잡기: {choice}"),
    "next_times": Sentence("Next times", "다음 시각"),
    "last_times": Sentence("Last due times", "지난 예정 시각"),
    "backfills": Sentence("Backfills", "소급 실행"),
    # The scheduler process.
    "scheduler_here": Sentence(
        "Scheduler {id} on {ledger}; Ctrl-C ends it.",
        "스케줄러 {id}, {ledger}. Ctrl-C 로 끝냅니다.",
    ),
    "scheduler_leads": Sentence("leads", "주도"),
    "scheduler_stands_by": Sentence("stands by for {host}", "{host} 를 대신할 준비"),
    "scheduler_rescued": Sentence("back in the queue: {evidence}", "다시 대기열로: {evidence}"),
    "scheduler_ending": Sentence(
        "Ending: what runs has {span}, then it goes back to the queue. Ctrl-C again: at once.",
        "종료 중: 실행 중인 것은 {span} 뒤 대기열로 돌아갑니다. Ctrl-C 를 다시 누르면 즉시.",
    ),
}
