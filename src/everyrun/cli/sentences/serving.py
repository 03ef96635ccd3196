"""The server: where it listens, how to come in, and its end."""

from everyrun.cli.sentences.sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    "server_listens": Sentence(
        "Everyrun serves {ledger} at {address} (Ctrl-C ends it)",
        "Everyrun 이 {ledger} 을(를) {address} 에서 제공합니다 (Ctrl-C 로 종료)",
    ),
    "server_way_in": Sentence("Sign in: {link}", "로그인: {link}"),
    "server_first_token": Sentence(
        "The first admin token, shown only now: {token}",
        "첫 관리자 토큰 (지금만 표시됩니다): {token}",
    ),
    "server_unencrypted": Sentence(
        "Whoever is between you and {host} can read along: put a proxy with TLS before it, "
        "and name its address in EVERYRUN_PUBLIC_URL.",
        "{host} 까지의 통신은 암호화되지 않습니다. TLS 프록시를 앞에 두고 그 주소를 "
        "EVERYRUN_PUBLIC_URL 에 지정하세요.",
    ),
    "server_nobody": Sentence(
        "{host} can be reached by others, and nobody is known who may come in: set "
        "EVERYRUN_ADMIN_TOKEN, or start once on 127.0.0.1 and make a token or a user there",
        "{host} 은(는) 다른 사람도 접근할 수 있는데, 들어올 수 있는 사람이 정해지지 않았습니다. "
        "EVERYRUN_ADMIN_TOKEN 을 설정하거나, 127.0.0.1 에서 먼저 시작해 토큰이나 사용자를 만드세요",
    ),
    "server_worker_ended": Sentence(
        "worker {pid} ended ({how}); it is started again",
        "워커 {pid} 이(가) 끝나 ({how}) 다시 시작합니다",
    ),
    "server_ended": Sentence("Ended in order.", "정상적으로 종료했습니다."),
}
