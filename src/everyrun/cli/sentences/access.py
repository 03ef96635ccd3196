"""Tokens and users."""

from everyrun.cli.sentences.sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    "token_created": Sentence(
        "{name} may come in as {role} with this token. It is not shown again.",
        "{name} 은(는) 이 토큰으로 {role} 역할로 들어올 수 있습니다. 다시 보여 주지 않습니다.",
    ),
    "token_revoked": Sentence("{name} is revoked.", "{name} 을(를) 폐기했습니다."),
    "token_was_revoked": Sentence(
        "{name} was revoked before.", "{name} 은(는) 이미 폐기된 토큰입니다."
    ),
    "ask_revoke_token": Sentence(
        "Revoke {name} ({role})? Whoever uses it is let in no more.",
        "{name}({role}) 을(를) 폐기할까요? 이 토큰을 쓰는 프로그램은 더 이상 들어올 수 없습니다.",
    ),
    "no_tokens": Sentence("No tokens.", "토큰이 없습니다."),
    "no_users": Sentence("No users.", "사용자가 없습니다."),
    "user_created": Sentence(
        "{name} may sign in as {role}.", "{name} 은(는) {role} 역할로 로그인할 수 있습니다."
    ),
    "user_role_set": Sentence("{name} is {role} now.", "{name} 의 역할은 이제 {role} 입니다."),
    "user_password_set": Sentence(
        "{name} has another password now, and must sign in again.",
        "{name} 의 비밀번호를 바꾸었습니다. 다시 로그인해야 합니다.",
    ),
    "user_disabled": Sentence(
        "{name} is let in no more.", "{name} 은(는) 더 이상 들어올 수 없습니다."
    ),
    "user_enabled": Sentence("{name} is let in again.", "{name} 은(는) 다시 들어올 수 있습니다."),
    "ask_password": Sentence("Password: ", "비밀번호: "),
    "ask_password_again": Sentence("Once more: ", "한 번 더: "),
    "passwords_differ": Sentence(
        "these are two passwords; try again", "두 비밀번호가 다릅니다. 다시 해 보세요"
    ),
    "no_password": Sentence(
        "a password is read from standard input, and there is none",
        "표준 입력에서 비밀번호를 읽지만 아무것도 없습니다",
    ),
    "name_taken": Sentence(
        "there is a user of this name already; case makes no difference",
        "같은 이름의 사용자가 이미 있습니다. 대소문자는 구별하지 않습니다",
    ),
    "bad_name": Sentence(
        "a name has 1 to 200 characters, and none that cannot be seen",
        "이름은 1~200자이고, 보이지 않는 문자가 없어야 합니다",
    ),
    "last_admin": Sentence(
        "this is the last administrator who can sign in; make another one first with "
        "`everyrun user create NAME --role admin`",
        "로그인할 수 있는 마지막 관리자입니다. "
        "`everyrun user create 이름 --role admin` 으로 다른 관리자를 먼저 만드세요",
    ),
    "weak_password": Sentence(
        "a password has 12 to 1,000 characters, is not the user's name, nor one character repeated",
        "비밀번호는 12~1,000자이고, 이름과 같거나 한 글자만 반복하면 안 됩니다",
    ),
    "role_beyond_user": Sentence(
        "{user} is {own} and has no token for {role}; give --role",
        "{user} 의 역할은 {own} 이므로 {role} 토큰을 만들 수 없습니다. --role 을 주세요",
    ),
    "never": Sentence("never", "없음"),
    "by_password": Sentence("password", "비밀번호"),
    "state_good": Sentence("good", "유효"),
    "state_revoked": Sentence("revoked", "폐기됨"),
    "state_expired": Sentence("expired", "만료됨"),
    "state_disabled": Sentence("disabled", "비활성"),
    "h_name": Sentence("NAME", "이름"),
    "h_role": Sentence("ROLE", "역할"),
    "h_begins": Sentence("BEGINS", "앞부분"),
    "h_user": Sentence("USER", "사용자"),
    "h_last_used": Sentence("LAST USED", "마지막 사용"),
    "h_expires": Sentence("EXPIRES", "만료"),
    "h_signs_in": Sentence("SIGNS IN", "로그인 방법"),
    "h_last_login": Sentence("LAST LOGIN", "마지막 로그인"),
}
