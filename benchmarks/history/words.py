"""The words an invented history is made of: names, messages, errors, payloads.

Everything here is awkward on purpose somewhere: Korean, apostrophes, percent signs, underscores,
backslashes and line breaks, because real ledgers hold them.
"""

import json

KINDS = ("function", "script", "job", "celery", "graph")
KIND_SHARES = (0.40, 0.25, 0.15, 0.12, 0.08)

TRIGGERS = ("schedule", "manual", "api", "event", "parent", "batch", "rerun")
TRIGGER_SHARES = (0.52, 0.14, 0.17, 0.09, 0.03, 0.03, 0.02)

LEVELS = ("debug", "info", "warning", "error")
LEVEL_SHARES = (0.20, 0.72, 0.06, 0.02)

LOGGERS = (None, "sales.sync", "ocr.pages", "http.client", "정산")

TAG_SETS: tuple[tuple[tuple[str, ...], float], ...] = (
    ((), 0.23),
    (("production",), 0.38),
    (("production", "nightly"), 0.14),
    (("staging",), 0.12),
    (("production", "team:sales"), 0.06),
    (("분기마감",), 0.03),
    (("production", "customer's"), 0.02),
    (("50%_off", "campaign"), 0.0195),
    (("incident", "production"), 0.0005),
)

_VERBS = (
    "sync",
    "load",
    "export",
    "verify",
    "reconcile",
    "archive",
    "render",
    "정리",
    "수집",
    "send",
)
_THINGS = (
    "invoices",
    "orders",
    "inventory",
    "customer's letters",
    "주간 보고서",
    "ocr pages",
    "50%_off campaign",
    "재고",
    "exchange rates",
    "backups",
)

ERRORS: tuple[tuple[str, str], ...] = (
    ("TimeoutError", "the server did not answer within 30 s"),
    ("KeyError", "'customer_id'"),
    ("ValueError", "could not read the amount '1,2,3'\nrow 1841 of invoices.csv"),
    ("ConnectionError", "결제 서버에 연결할 수 없습니다"),
    ("PermissionError", "[Errno 13] Permission denied: 'C:\\\\reports\\\\week.xlsx'"),
    ("AssertionError", "expected 100% of the rows, found 97%"),
)

STEPS = (
    "open",
    "read",
    "check",
    "재계산",
    "join",
    "write",
    "upload",
    "notify",
    "clean up",
    "close",
)

_SENTENCES = (
    "read {n} rows from invoices.csv",
    "{n}건을 저장했습니다",
    "page {n} of 400 is done",
    "HTTP 200 in {n} ms",
    "retrying in {n} s: the server's answer was 503",
    "progress {n}%",
    "order_{n} skipped, its amount is 0.00",
    "재고 {n}개 확인, 차이 없음",
    "cache hit ratio {n}.5%",
    "wrote C:\\exports\\week_{n}.xlsx",
)
_RARE_SENTENCES = ("the needle in the haystack", "바늘을 찾았습니다", "100%_sure it's fine")
MESSAGE_VARIETY = 600


def workflow_name(rank: int) -> str:
    """The name of the workflow that runs ``rank``-th most often, from 0."""
    verb = _VERBS[rank % len(_VERBS)]
    thing = _THINGS[(rank // len(_VERBS)) % len(_THINGS)]
    round_number = rank // (len(_VERBS) * len(_THINGS))
    return f"{verb} {thing}" + (f" {round_number + 1}" if round_number else "")


def messages() -> tuple[list[str], list[float]]:
    """Log messages and how often each occurs; the last few are one in a million."""
    common = [
        sentence.format(n=number) for number in range(MESSAGE_VARIETY) for sentence in _SENTENCES
    ]
    rare = 1e-6
    share = (1 - rare * len(_RARE_SENTENCES)) / len(common)
    return [*common, *_RARE_SENTENCES], [share] * len(common) + [rare] * len(_RARE_SENTENCES)


def traceback_of(error_type: str, message: str) -> str:
    """A traceback as Python writes them."""
    return (
        "Traceback (most recent call last):\n"
        '  File "/srv/jobs/pipeline.py", line 212, in run\n    step(batch)\n'
        '  File "/srv/jobs/steps.py", line 48, in step\n    raise failure from None\n'
        f"{error_type}: {message}\n"
    )


def payloads() -> list[str]:
    """JSON texts of inputs and outputs, 2 to about 400 characters."""
    texts = ["{}"]
    for number in range(199):
        value = {
            "file_path": f"/data/in/{number:05d}.pdf",
            "rows": number * 37,
            "고객": f"고객 {number}",
            "options": {"dpi": 300, "languages": ["ko", "en"], "note": "x" * (number % 50) * 4},
        }
        texts.append(json.dumps(value, ensure_ascii=False))
    return texts
