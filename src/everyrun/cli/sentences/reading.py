"""Lists of executions, one execution, and logs."""

from everyrun.cli.sentences.sentence import Sentence

SENTENCES: dict[str, Sentence] = {
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
    "k_paused": Sentence("paused", "일시 중지"),
    "k_version": Sentence("version", "버전"),
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
}
