"""Workflows as files and as what the ledger keeps of them."""

from everyrun.cli.sentences.sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    "file_has_problems": Sentence(
        "{file} cannot be used: {problems}", "{file} 을(를) 쓸 수 없습니다: {problems}"
    ),
    "version_made": Sentence("version {version} saved", "버전 {version} 저장됨"),
    "version_unchanged": Sentence("unchanged, at version {version}", "변경 없음, 버전 {version}"),
    "exported": Sentence(
        "{name}, version {version}, is in {file}.", "{name} 버전 {version} 을 {file} 에 썼습니다."
    ),
    "no_difference": Sentence(
        "{before} and {after} say the same.", "{before} 와(과) {after} 은(는) 같습니다."
    ),
    "node_named": Sentence("node {node}", "노드 {node}"),
    "edge_named": Sentence("{to} needs {node} ({outcome})", "{to} 의 선행 노드 {node} ({outcome})"),
    "reordered": Sentence("nodes stand in another order", "노드 순서가 다릅니다"),
    "no_workflows": Sentence(
        "No workflow is saved yet; save one with `everyrun workflow apply FILE`.",
        "저장된 워크플로우가 없습니다. `everyrun workflow apply FILE` 로 저장하세요.",
    ),
    "switched_on": Sentence("on", "켜짐"),
    "switched_off": Sentence("off", "꺼짐"),
    "switched_deleted": Sentence("deleted", "삭제됨"),
    "switched_on_now": Sentence("{name} is switched on.", "{name} 을(를) 켰습니다."),
    "switched_off_now": Sentence("{name} is switched off.", "{name} 을(를) 껐습니다."),
    "ordered": Sentence("All are run in this order: {names}", "전체 실행 순서: {names}"),
    "ask_delete_workflow": Sentence(
        "Delete workflow {name} (version {version})? Its history stays.",
        "워크플로우 {name}(버전 {version})을 삭제할까요? 기록은 남습니다.",
    ),
    "workflow_deleted": Sentence(
        "Deleted {name}; applying it again brings it back.",
        "{name} 을(를) 삭제했습니다. 다시 적용하면 되살아납니다.",
    ),
    # One version.
    "k_description": Sentence("description", "설명"),
    "k_saved": Sentence("saved", "저장"),
    "k_policy": Sentence("policy", "정책"),
    "k_directory": Sentence("folder", "폴더"),
    "k_inputs": Sentence("inputs", "입력"),
    "policy_timeout": Sentence("at most {span}", "최대 {span}"),
    "policy_overlap": Sentence("overlap: {overlap}", "겹침: {overlap}"),
    "policy_concurrency": Sentence("{count} nodes at once", "노드 동시 {count}개"),
    "policy_max_executions": Sentence("{count} executions at once", "실행 동시 {count}개"),
    "policy_priority": Sentence("priority {priority}", "우선순위 {priority}"),
    "always": Sentence("always", "항상"),
    "on_outcome": Sentence("on {outcome}", "{outcome} 일 때"),
    "needs_besides": Sentence("also needs {nodes}", "추가 선행: {nodes}"),
    "retried_times": Sentence("retried {count} times", "재시도 {count}회"),
    "may_fail": Sentence("may fail", "실패 허용"),
    "last_runs": Sentence("Last runs", "최근 실행"),
    "h_order": Sentence("ORDER", "순서"),
    "h_active": Sentence("SWITCHED", "상태"),
    "h_version": Sentence("VERSION", "버전"),
    "h_changed": Sentence("CHANGED", "변경"),
    "h_last_run": Sentence("LAST RUN", "최근 실행"),
    "h_when": Sentence("WHEN", "시각"),
    "h_description": Sentence("DESCRIPTION", "설명"),
    "h_saved": Sentence("SAVED", "저장"),
    "h_by": Sentence("BY", "저장한 사람"),
    "h_digest": Sentence("DIGEST", "다이제스트"),
}
