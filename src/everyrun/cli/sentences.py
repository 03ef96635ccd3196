"""The catalogue of what the command line says. Gaps have the same names in both languages."""

from typing import NamedTuple


class Sentence(NamedTuple):
    """One sentence, heading or unit in each language."""

    english: str
    korean: str


SENTENCES: dict[str, Sentence] = {
    # Errors: what is wrong, and what to do next.
    "error": Sentence("error", "오류"),
    "see_help": Sentence("see `{command} --help`", "`{command} --help` 를 보세요"),
    "more_waits": Sentence(
        "events of ended processes still wait on this machine: `everyrun spool replay`",
        "끝난 프로세스의 이벤트가 이 컴퓨터에서 아직 기다립니다: `everyrun spool replay`",
    ),
    "ledger_missing": Sentence(
        "there is no ledger at {path} yet; put a first run on record with "
        "`everyrun exec -- echo hello`",
        "{path} 에 아직 원장이 없습니다. `everyrun exec -- echo hello` 로 첫 실행을 기록하세요",
    ),
    "ledger_empty": Sentence(
        "the ledger {url} has no tables yet; make them with `everyrun db upgrade`",
        "원장 {url} 에 아직 테이블이 없습니다. `everyrun db upgrade` 로 만드세요",
    ),
    "ledger_not_migrated": Sentence(
        "this ledger has an older schema; run `everyrun db upgrade`",
        "이 원장은 이전 스키마입니다. `everyrun db upgrade` 를 실행하세요",
    ),
    "ledger_too_new": Sentence(
        "this ledger was written by a newer Everyrun; upgrade the everyrun package to open it",
        "이 원장은 더 새로운 Everyrun 이 썼습니다. everyrun 패키지를 올린 뒤 여세요",
    ),
    "ledger_unusable": Sentence(
        "the ledger cannot be used: {reason}; check EVERYRUN_URL or --url",
        "원장을 쓸 수 없습니다: {reason}. EVERYRUN_URL 이나 --url 을 확인하세요",
    ),
    "ledger_unavailable": Sentence(
        "the ledger does not answer: {reason}; check EVERYRUN_URL and that the database is up, "
        "meanwhile new events wait in the spool",
        "원장이 응답하지 않습니다: {reason}. EVERYRUN_URL 과 데이터베이스 상태를 확인하세요. "
        "그동안 새 이벤트는 스풀에서 기다립니다",
    ),
    "reading_over_http": Sentence(
        "{url} is a server: reading over HTTP comes with the server; "
        "give its database with --url sqlite:///… or postgresql://…",
        "{url} 은 서버입니다. HTTP 로 읽기는 서버와 함께 제공됩니다. "
        "--url sqlite:///… 또는 postgresql://… 로 데이터베이스를 지정하세요",
    ),
    "not_on_record": Sentence(
        "nothing on record has the id {text}; `everyrun list` shows what there is",
        "{text} 라는 ID 의 기록이 없습니다. `everyrun list` 로 목록을 보세요",
    ),
    "ambiguous_id": Sentence("{reason}", "ID 를 더 길게 주세요: {reason}"),
    "node_not_on_record": Sentence(
        "execution {execution} has no node {text}; `everyrun show {execution}` shows its nodes",
        "실행 {execution} 에 노드 {text} 가 없습니다. `everyrun show {execution}` 로 노드를 보세요",
    ),
    "ambiguous_node": Sentence(
        "several node executions match {text}: {candidates}; give one of these",
        "{text} 에 해당하는 노드 실행이 여럿입니다: {candidates}. 이 중 하나를 주세요",
    ),
    "bad_span": Sentence(
        "{text} is no span of time; write 90d, 2h or 1h30m",
        "{text} 는 기간이 아닙니다. 90d, 2h, 1h30m 처럼 쓰세요",
    ),
    "bad_moment": Sentence(
        "{text} is no moment; write a span ago (2h, 7d), a date or time (2026-11-01, "
        "2026-11-01T09:30) or today",
        "{text} 는 시각이 아닙니다. 지난 기간(2h, 7d), 날짜나 시각(2026-11-01, "
        "2026-11-01T09:30) 또는 today 로 쓰세요",
    ),
    "bad_zone": Sentence(
        "{text} is no time zone; write an IANA name such as Asia/Seoul",
        "{text} 는 시간대가 아닙니다. Asia/Seoul 같은 IANA 이름을 쓰세요",
    ),
    "one_of": Sentence(
        "give either {first} or {second}, not both",
        "{first} 와 {second} 중 하나만 주세요",
    ),
    "something_needed": Sentence("give {what}", "{what} 를 주세요"),
    "nobody_to_ask": Sentence(
        "this asks before it acts and there is no terminal to ask on; give --yes",
        "실행 전에 확인이 필요하지만 물어볼 터미널이 없습니다. --yes 를 주세요",
    ),
    # Statuses.
    "status_pending": Sentence("pending", "대기"),
    "status_running": Sentence("running", "실행 중"),
    "status_retrying": Sentence("retrying", "재시도 중"),
    "status_lost": Sentence("lost", "연락 두절"),
    "status_completed": Sentence("completed", "완료"),
    "status_failed": Sentence("failed", "실패"),
    "status_cancelled": Sentence("cancelled", "취소"),
    "status_skipped": Sentence("skipped", "건너뜀"),
    # Units and times.
    "milliseconds": Sentence("{value} ms", "{value}ms"),
    "seconds": Sentence("{value} s", "{value}초"),
    "minutes_seconds": Sentence("{minutes} m {seconds:02d} s", "{minutes}분 {seconds:02d}초"),
    "hours_minutes": Sentence("{hours} h {minutes:02d} m", "{hours}시간 {minutes:02d}분"),
    "days_hours": Sentence("{days} d {hours:02d} h", "{days}일 {hours:02d}시간"),
    "span_seconds": Sentence("{value} s", "{value}초"),
    "span_minutes": Sentence("{value} m", "{value}분"),
    "span_hours": Sentence("{value} h", "{value}시간"),
    "span_days": Sentence("{value} d", "{value}일"),
    "ago": Sentence("{span} ago", "{span} 전"),
    "from_now": Sentence("in {span}", "{span} 후"),
    "just_now": Sentence("just now", "방금"),
    "so_far": Sentence("{span} so far", "{span} 경과"),
    # Counts.
    "one_execution": Sentence("{count} execution", "실행 {count}개"),
    "many_execution": Sentence("{count} executions", "실행 {count}개"),
    "one_event": Sentence("{count} event", "이벤트 {count}개"),
    "many_event": Sentence("{count} events", "이벤트 {count}개"),
    "one_process": Sentence("{count} process", "프로세스 {count}개"),
    "many_process": Sentence("{count} processes", "프로세스 {count}개"),
    "one_difference": Sentence("{count} difference", "차이 {count}개"),
    "many_difference": Sentence("{count} differences", "차이 {count}개"),
    # Headings.
    "h_status": Sentence("STATUS", "상태"),
    "h_id": Sentence("ID", "ID"),
    "h_workflow": Sentence("WORKFLOW", "워크플로우"),
    "h_seconds": Sentence("SECONDS", "초"),
    "h_kind": Sentence("KIND", "종류"),
    "h_trigger": Sentence("TRIGGER", "트리거"),
    "h_tags": Sentence("TAGS", "태그"),
    "h_started": Sentence("STARTED", "시작"),
    "h_duration": Sentence("DURATION", "소요"),
    "h_nodes": Sentence("NODES", "노드"),
    "h_error": Sentence("ERROR", "오류"),
    "h_node": Sentence("NODE", "노드"),
    "h_runs": Sentence("RUNS", "실행"),
    "h_completed": Sentence("COMPLETED", "완료"),
    "h_failed": Sentence("FAILED", "실패"),
    "h_cancelled": Sentence("CANCELLED", "취소"),
    "h_lost": Sentence("LOST", "두절"),
    "h_running": Sentence("RUNNING", "실행 중"),
    "h_failure_rate": Sentence("FAILURES", "실패율"),
    "h_mean": Sentence("MEAN", "평균"),
    "h_retried": Sentence("RETRIED", "재시도"),
    "h_p50": Sentence("P50", "P50"),
    "h_p95": Sentence("P95", "P95"),
    "h_p99": Sentence("P99", "P99"),
    "h_process": Sentence("PROCESS", "프로세스"),
    "h_program": Sentence("PROGRAM", "프로그램"),
    "h_state": Sentence("STATE", "상태"),
    "h_oldest": Sentence("OLDEST", "가장 오래된"),
    "h_ledger": Sentence("LEDGER", "원장"),
    "h_waiting": Sentence("WAITING", "대기"),
    "h_size": Sentence("SIZE", "크기"),
    "h_dropped": Sentence("DROPPED", "버림"),
    "h_rejected": Sentence("REJECTED", "거부"),
    "h_folder": Sentence("FOLDER", "폴더"),
    # Lists.
    "nothing_recorded": Sentence(
        "Nothing on record yet at {place}.", "{place} 에 아직 기록이 없습니다."
    ),
    "record_first": Sentence(
        "Record the first run:   everyrun exec -- echo hello\n"
        "or in Python:           @everyrun.workflow above a function, and call it",
        "첫 실행 기록:   everyrun exec -- echo hello\n"
        "파이썬에서는:   함수 위에 @everyrun.workflow 를 붙이고 호출하세요",
    ),
    "nothing_matches": Sentence("No execution matches.", "조건에 맞는 실행이 없습니다."),
    "no_line_matches": Sentence("No line matches.", "조건에 맞는 로그가 없습니다."),
    "next_page": Sentence("More: {command}", "다음: {command}"),
    "searching": Sentence("Searching, back to {moment} …", "검색 중, {moment} 까지 …"),
    # One execution.
    "k_id": Sentence("id", "ID"),
    "k_kind": Sentence("kind", "종류"),
    "k_external_id": Sentence("external id", "외부 ID"),
    "k_trigger": Sentence("trigger", "트리거"),
    "k_by": Sentence("by", "실행자"),
    "k_started": Sentence("started", "시작"),
    "k_created": Sentence("created", "생성"),
    "k_ended": Sentence("ended", "종료"),
    "k_duration": Sentence("duration", "소요"),
    "k_process": Sentence("process", "프로세스"),
    "k_tags": Sentence("tags", "태그"),
    "k_parent": Sentence("parent", "상위 실행"),
    "k_origin": Sentence("rerun of", "원본 실행"),
    "k_batch": Sentence("batch", "배치"),
    "k_progress": Sentence("progress", "진행"),
    "k_nodes": Sentence("nodes", "노드"),
    "k_input": Sentence("input", "입력"),
    "k_output": Sentence("output", "출력"),
    "k_error": Sentence("error", "오류"),
    "k_lost": Sentence("lost", "연락 두절"),
    "k_type": Sentence("type", "유형"),
    "k_attempt": Sentence("attempt", "시도"),
    "on_host": Sentence("{program} (pid {pid}) on {host}", "{host} 의 {program} (pid {pid})"),
    "pid_on_host": Sentence("pid {pid} on {host}", "{host} 의 pid {pid}"),
    "no_nodes": Sentence("No node executions.", "노드 실행이 없습니다."),
    "no_troubled_nodes": Sentence("No node failed.", "실패한 노드가 없습니다."),
    "more_nodes": Sentence("… {count} more ({statuses})", "… {count}개 더 ({statuses})"),
    "nodes_hidden": Sentence(
        "{count} of {total} nodes not shown; --all shows every one",
        "노드 {total}개 중 {count}개는 표시하지 않았습니다. --all 로 모두 봅니다",
    ),
    "nodes_cut": Sentence(
        "{count} further nodes are beyond what one reading answers",
        "한 번에 읽을 수 있는 수를 넘은 노드가 {count}개 더 있습니다",
    ),
    "slowest_legend": Sentence("▲ slowest nodes", "▲ 가장 느린 노드"),
    "attempt_line": Sentence("attempt {attempt}", "시도 {attempt}"),
    "attempt_heading": Sentence("Attempt {attempt}", "시도 {attempt}"),
    "see_node": Sentence(
        "Tracebacks: everyrun show {id} --node {node}",
        "트레이스백: everyrun show {id} --node {node}",
    ),
    "traceback": Sentence("Traceback", "트레이스백"),
    # Logs.
    "earlier_lines": Sentence(
        "Only the last {count} lines; --all shows every one.",
        "마지막 {count}줄만 표시합니다. --all 로 모두 봅니다.",
    ),
    "no_lines": Sentence("No lines logged.", "기록된 로그가 없습니다."),
    "settled": Sentence(
        "{workflow} {status} after {duration}", "{workflow} {status}, 소요 {duration}"
    ),
    # Statistics.
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
    # Putting a command on record.
    "recorded": Sentence(
        "on record: everyrun show {id}",
        "기록됨: everyrun show {id}",
    ),
    "recorded_waits": Sentence(
        "recorded as {id}; the ledger does not answer now, so it waits: everyrun spool status",
        "{id} 로 기록됨. 지금 원장이 응답하지 않아 대기 중입니다: everyrun spool status",
    ),
    # Spool.
    "spool_empty": Sentence("The spool is empty: nothing waits.", "스풀이 비어 있습니다."),
    "alive": Sentence("alive", "살아 있음"),
    "gone": Sentence("gone", "사라짐"),
    "spool_total": Sentence(
        "{events} ({size}) waiting in {folder}",
        "{folder} 에서 {events}({size}) 대기 중",
    ),
    "replaying": Sentence("Replaying", "재전송 중"),
    "replayed": Sentence(
        "Replayed {events} of {spools}; {rejected} rejected, {left} left.",
        "{spools}의 {events}를 재전송했습니다. 거부 {rejected}, 남음 {left}.",
    ),
    "replay_failed": Sentence(
        "{reason}; {left} still wait in the spool, nothing is lost: try again later",
        "{reason}. {left}가 스풀에 남아 있으며 잃은 것은 없습니다. 나중에 다시 시도하세요",
    ),
    "ask_drop": Sentence(
        "Drop {events} ({size}) of {spools} that are gone, for good?",
        "사라진 {spools}의 {events}({size})를 영구히 버릴까요?",
    ),
    "dropped": Sentence("Dropped {events}.", "{events}를 버렸습니다."),
    # The database.
    "at_revision": Sentence("{place} is at revision {revision}.", "{place} 의 리비전: {revision}."),
    "ask_downgrade": Sentence(
        "Take {place} from revision {current} back to {revision}? "
        "What newer revisions added is deleted{everything}.",
        "{place} 을 리비전 {current} 에서 {revision} 으로 되돌릴까요? "
        "새 리비전이 더한 것은 삭제됩니다{everything}.",
    ),
    "everything": Sentence(": every table with everything on record", ": 모든 테이블과 모든 기록"),
    "bad_revision": Sentence(
        "{revision} is no revision that this Everyrun knows; there are {known}",
        "{revision} 은 이 Everyrun 이 아는 리비전이 아닙니다. 리비전: {known}",
    ),
    "check_schema": Sentence("schema", "스키마"),
    "check_counters": Sentence("counters", "카운터"),
    "check_integrity": Sentence("integrity", "무결성"),
    "check_ok": Sentence("ok", "정상"),
    "checking": Sentence("Checking …", "확인 중 …"),
    "schema_empty": Sentence(
        "there are no tables; make them with `everyrun db upgrade`",
        "테이블이 없습니다. `everyrun db upgrade` 로 만드세요",
    ),
    "schema_old": Sentence(
        "older than this Everyrun; migrate it with `everyrun db upgrade`",
        "이 Everyrun 보다 오래되었습니다. `everyrun db upgrade` 로 올리세요",
    ),
    "schema_too_new": Sentence(
        "newer than this Everyrun; upgrade the everyrun package",
        "이 Everyrun 보다 새롭습니다. everyrun 패키지를 올리세요",
    ),
    # Deleting.
    "counting": Sentence("Counting", "세는 중"),
    "delete_preview": Sentence(
        "{executions} ({statuses}), with all nodes, attempts and log lines.",
        "{executions}({statuses})와 그 노드, 시도, 로그 전부.",
    ),
    "ask_delete": Sentence(
        "Delete {executions} for good?",
        "{executions}를 영구히 삭제할까요?",
    ),
    "deleting": Sentence("Deleting", "삭제 중"),
    "deleted": Sentence("Deleted {executions}.", "{executions}를 삭제했습니다."),
    "nothing_to_delete": Sentence("Nothing to delete.", "삭제할 것이 없습니다."),
    "nothing_changed": Sentence("Nothing was changed.", "변경하지 않았습니다."),
}
