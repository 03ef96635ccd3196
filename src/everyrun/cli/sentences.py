"""The catalogue: key -> (English, Korean). Gaps have the same names in both."""

SENTENCES: dict[str, tuple[str, str]] = {
    # Errors: what is wrong, and what to do next.
    "error": ("error", "오류"),
    "see_help": ("Try --help.", "--help 를 보세요."),
    "ledger_missing": (
        "there is no ledger at {path} yet; put a first run on record with "
        "`everyrun exec -- echo hello`",
        "{path} 에 아직 원장이 없습니다. `everyrun exec -- echo hello` 로 첫 실행을 기록하세요",
    ),
    "ledger_empty": (
        "the ledger {url} has no tables yet; make them with `everyrun db upgrade`",
        "원장 {url} 에 아직 테이블이 없습니다. `everyrun db upgrade` 로 만드세요",
    ),
    "ledger_not_migrated": (
        "this ledger has an older schema; run `everyrun db upgrade`",
        "이 원장은 이전 스키마입니다. `everyrun db upgrade` 를 실행하세요",
    ),
    "ledger_too_new": (
        "this ledger was written by a newer Everyrun; upgrade the everyrun package to open it",
        "이 원장은 더 새로운 Everyrun 이 썼습니다. everyrun 패키지를 올린 뒤 여세요",
    ),
    "ledger_unavailable": (
        "the ledger does not answer: {reason}; check EVERYRUN_URL and that the database is up, "
        "meanwhile new events wait in the spool",
        "원장이 응답하지 않습니다: {reason}. EVERYRUN_URL 과 데이터베이스 상태를 확인하세요. "
        "그동안 새 이벤트는 스풀에서 기다립니다",
    ),
    "reading_over_http": (
        "{url} is a server: reading over HTTP comes with the server; "
        "give its database with --url sqlite:///… or postgresql://…",
        "{url} 은 서버입니다. HTTP 로 읽기는 서버와 함께 제공됩니다. "
        "--url sqlite:///… 또는 postgresql://… 로 데이터베이스를 지정하세요",
    ),
    "not_on_record": (
        "nothing on record has the id {text}; `everyrun list` shows what there is",
        "{text} 라는 ID 의 기록이 없습니다. `everyrun list` 로 목록을 보세요",
    ),
    "ambiguous_id": (
        "several executions begin with {text}; give more of the id",
        "{text} 로 시작하는 실행이 여럿입니다. ID 를 더 길게 주세요",
    ),
    "node_not_on_record": (
        "execution {execution} has no node {text}; `everyrun show {execution}` shows its nodes",
        "실행 {execution} 에 노드 {text} 가 없습니다. `everyrun show {execution}` 로 노드를 보세요",
    ),
    "ambiguous_node": (
        "several node executions match {text}: {candidates}; give one of these ids",
        "{text} 에 해당하는 노드 실행이 여럿입니다: {candidates}. 이 중 하나의 ID 를 주세요",
    ),
    "bad_span": (
        "{text} is no span of time; write 90d, 2h or 1h30m",
        "{text} 는 기간이 아닙니다. 90d, 2h, 1h30m 처럼 쓰세요",
    ),
    "bad_moment": (
        "{text} is no moment; write a span ago (2h, 7d), a date or time (2026-11-01, "
        "2026-11-01T09:30) or today",
        "{text} 는 시각이 아닙니다. 지난 기간(2h, 7d), 날짜나 시각(2026-11-01, "
        "2026-11-01T09:30) 또는 today 로 쓰세요",
    ),
    "bad_zone": (
        "{text} is no time zone; write an IANA name such as Asia/Seoul",
        "{text} 는 시간대가 아닙니다. Asia/Seoul 같은 IANA 이름을 쓰세요",
    ),
    "one_of": (
        "give either {first} or {second}, not both",
        "{first} 와 {second} 중 하나만 주세요",
    ),
    "something_needed": ("give {what}", "{what} 를 주세요"),
    "nobody_to_ask": (
        "this asks before it acts and there is no terminal to ask on; give --yes",
        "실행 전에 확인이 필요하지만 물어볼 터미널이 없습니다. --yes 를 주세요",
    ),
    # Statuses.
    "status_pending": ("pending", "대기"),
    "status_running": ("running", "실행 중"),
    "status_retrying": ("retrying", "재시도 중"),
    "status_lost": ("lost", "연락 두절"),
    "status_completed": ("completed", "완료"),
    "status_failed": ("failed", "실패"),
    "status_cancelled": ("cancelled", "취소"),
    "status_skipped": ("skipped", "건너뜀"),
    # Units and times.
    "milliseconds": ("{value} ms", "{value}ms"),
    "seconds": ("{value} s", "{value}초"),
    "minutes_seconds": ("{minutes} m {seconds:02d} s", "{minutes}분 {seconds:02d}초"),
    "hours_minutes": ("{hours} h {minutes:02d} m", "{hours}시간 {minutes:02d}분"),
    "days_hours": ("{days} d {hours:02d} h", "{days}일 {hours:02d}시간"),
    "span_seconds": ("{value} s", "{value}초"),
    "span_minutes": ("{value} m", "{value}분"),
    "span_hours": ("{value} h", "{value}시간"),
    "span_days": ("{value} d", "{value}일"),
    "ago": ("{span} ago", "{span} 전"),
    "from_now": ("in {span}", "{span} 후"),
    "just_now": ("just now", "방금"),
    "so_far": ("{span} so far", "{span} 경과"),
    # Headings.
    "h_status": ("STATUS", "상태"),
    "h_id": ("ID", "ID"),
    "h_workflow": ("WORKFLOW", "워크플로우"),
    "h_kind": ("KIND", "종류"),
    "h_trigger": ("TRIGGER", "트리거"),
    "h_tags": ("TAGS", "태그"),
    "h_started": ("STARTED", "시작"),
    "h_duration": ("DURATION", "소요"),
    "h_nodes": ("NODES", "노드"),
    "h_error": ("ERROR", "오류"),
    "h_node": ("NODE", "노드"),
    "h_attempt": ("TRY", "시도"),
    "h_timeline": ("TIMELINE", "타임라인"),
    "h_runs": ("RUNS", "실행"),
    "h_completed": ("COMPLETED", "완료"),
    "h_failed": ("FAILED", "실패"),
    "h_cancelled": ("CANCELLED", "취소"),
    "h_lost": ("LOST", "두절"),
    "h_running": ("RUNNING", "실행 중"),
    "h_failure_rate": ("FAILURES", "실패율"),
    "h_mean": ("MEAN", "평균"),
    "h_last": ("LAST RUN", "최근 실행"),
    "h_process": ("PROCESS", "프로세스"),
    "h_program": ("PROGRAM", "프로그램"),
    "h_waiting": ("WAITING", "대기"),
    "h_size": ("SIZE", "크기"),
    "h_dropped": ("DROPPED", "버림"),
    "h_rejected": ("REJECTED", "거부"),
    "h_folder": ("FOLDER", "폴더"),
    # Lists.
    "nothing_recorded": ("Nothing on record yet at {place}.", "{place} 에 아직 기록이 없습니다."),
    "record_first": (
        "Record the first run:   everyrun exec -- echo hello\n"
        "or in Python:           @everyrun.workflow above a function, and call it",
        "첫 실행 기록:   everyrun exec -- echo hello\n"
        "파이썬에서는:   함수 위에 @everyrun.workflow 를 붙이고 호출하세요",
    ),
    "nothing_matches": ("No execution matches.", "조건에 맞는 실행이 없습니다."),
    "no_line_matches": ("No line matches.", "조건에 맞는 로그가 없습니다."),
    "next_page": ("More: {command}", "다음: {command}"),
    "searching": ("Searching, back to {moment} …", "검색 중, {moment} 까지 …"),
    # One execution.
    "k_id": ("id", "ID"),
    "k_kind": ("kind", "종류"),
    "k_external_id": ("external id", "외부 ID"),
    "k_trigger": ("trigger", "트리거"),
    "k_by": ("by", "실행자"),
    "k_started": ("started", "시작"),
    "k_created": ("created", "생성"),
    "k_ended": ("ended", "종료"),
    "k_duration": ("duration", "소요"),
    "k_process": ("process", "프로세스"),
    "k_tags": ("tags", "태그"),
    "k_parent": ("parent", "상위 실행"),
    "k_origin": ("rerun of", "원본 실행"),
    "k_batch": ("batch", "배치"),
    "k_progress": ("progress", "진행"),
    "k_nodes": ("nodes", "노드"),
    "k_input": ("input", "입력"),
    "k_output": ("output", "출력"),
    "k_error": ("error", "오류"),
    "k_lost": ("lost", "연락 두절"),
    "k_node": ("node", "노드"),
    "k_type": ("type", "유형"),
    "k_iteration": ("iteration", "반복"),
    "k_attempt": ("attempt", "시도"),
    "on_host": ("{program} (pid {pid}) on {host}", "{host} 의 {program} (pid {pid})"),
    "pid_on_host": ("pid {pid} on {host}", "{host} 의 pid {pid}"),
    "no_nodes": ("No node executions.", "노드 실행이 없습니다."),
    "no_troubled_nodes": ("No node failed.", "실패한 노드가 없습니다."),
    "more_nodes": ("… {count} more ({statuses})", "… {count}개 더 ({statuses})"),
    "nodes_hidden": (
        "{count} of {total} nodes not shown; --all shows every one",
        "노드 {total}개 중 {count}개는 표시하지 않았습니다. --all 로 모두 봅니다",
    ),
    "nodes_cut": (
        "{count} further nodes are beyond what one reading answers",
        "한 번에 읽을 수 있는 수를 넘은 노드가 {count}개 더 있습니다",
    ),
    "slowest_legend": ("▲ slowest nodes", "▲ 가장 느린 노드"),
    "attempt_line": ("attempt {attempt}", "시도 {attempt}"),
    "attempt_heading": ("Attempt {attempt}", "시도 {attempt}"),
    "traceback": ("Traceback", "트레이스백"),
    "see_node": (
        "A node's payloads and tracebacks: everyrun show {id} --node {node}",
        "노드의 입출력과 트레이스백: everyrun show {id} --node {node}",
    ),
    # Logs.
    "earlier_lines": (
        "Only the last {count} lines; --all shows every one.",
        "마지막 {count}줄만 표시합니다. --all 로 모두 봅니다.",
    ),
    "no_lines": ("No lines logged.", "기록된 로그가 없습니다."),
    "settled": ("{workflow} {status} after {duration}", "{workflow} {status}, 소요 {duration}"),
    # Statistics.
    "today": ("Today in {zone} ({date})", "오늘, {zone} ({date})"),
    "total_workflows": ("workflows", "전체 워크플로우"),
    "today_executions": ("runs today", "오늘 실행"),
    "today_failed": ("failing today", "오늘 실패"),
    "inactive_workflows": ("inactive", "비활성"),
    "dropped_events": (
        "{count} events were dropped by recorders whose spool was full or unwritable.",
        "스풀이 가득 찼거나 쓸 수 없어 이벤트 {count}개가 버려졌습니다.",
    ),
    "sampled": (
        "Percentiles marked ~ are of the newest {count} runs.",
        "~ 표시된 백분위수는 최근 {count}개 실행의 값입니다.",
    ),
    "no_statistics": ("Nothing ran in this time.", "이 기간에 실행이 없습니다."),
    # Putting a command on record.
    "recorded": (
        "on record: everyrun show {id}",
        "기록됨: everyrun show {id}",
    ),
    # Spool.
    "spool_empty": ("The spool is empty: nothing waits.", "스풀이 비어 있습니다."),
    "alive": ("alive", "살아 있음"),
    "gone": ("gone", "사라짐"),
    "spool_total": (
        "{events} events ({size}) wait in {folder}",
        "{folder} 에서 이벤트 {events}개({size})가 기다립니다",
    ),
    "replaying": ("Replaying", "재전송 중"),
    "replayed": (
        "Replayed {events} events of {spools} processes; {rejected} rejected, {left} left.",
        "프로세스 {spools}개의 이벤트 {events}개를 재전송했습니다. 거부 {rejected}, 남음 {left}.",
    ),
    "replay_failed": (
        "the ledger does not answer: {reason}; {left} events still wait in the spool, "
        "nothing is lost; try again",
        "원장이 응답하지 않습니다: {reason}. 이벤트 {left}개가 스풀에 남아 있으며 "
        "잃은 것은 없습니다. 다시 시도하세요",
    ),
    "ask_drop": (
        "Drop {events} events ({size}) of {spools} gone processes for good?",
        "사라진 프로세스 {spools}개의 이벤트 {events}개({size})를 영구히 버릴까요?",
    ),
    "dropped": ("Dropped {events} events.", "이벤트 {events}개를 버렸습니다."),
    # The database.
    "upgraded": ("{place} is at revision {revision}.", "{place} 의 리비전: {revision}."),
    "ask_downgrade": (
        "Take {place} from revision {current} back to {revision}? "
        "What newer revisions added is deleted{everything}.",
        "{place} 을 리비전 {current} 에서 {revision} 으로 되돌릴까요? "
        "새 리비전이 더한 것은 삭제됩니다{everything}.",
    ),
    "everything": (": every table with everything on record", ": 모든 테이블과 모든 기록"),
    "bad_revision": (
        "{revision} is no revision that this Everyrun can go back to; it knows {known}",
        "{revision} 은 되돌릴 수 있는 리비전이 아닙니다. 가능한 리비전: {known}",
    ),
    "check_schema": ("schema", "스키마"),
    "check_counters": ("counters", "카운터"),
    "check_integrity": ("integrity", "무결성"),
    "check_ok": ("ok", "정상"),
    "check_found": ("{count} differences", "차이 {count}개"),
    "checking": ("Checking {what}", "{what} 확인 중"),
    # Deleting.
    "counting": ("Counting", "세는 중"),
    "delete_preview": (
        "{count} executions ({statuses}) with their nodes, attempts and log lines.",
        "실행 {count}개({statuses})와 그 노드, 시도, 로그.",
    ),
    "ask_delete": (
        "Delete {count} executions for good?",
        "실행 {count}개를 영구히 삭제할까요?",
    ),
    "deleting": ("Deleting", "삭제 중"),
    "deleted": ("Deleted {count} executions.", "실행 {count}개를 삭제했습니다."),
    "nothing_to_delete": ("Nothing to delete.", "삭제할 것이 없습니다."),
    "nothing_changed": ("Nothing was changed.", "변경하지 않았습니다."),
}
