"""Secrets in templates: read from the environment alone, hidden from then on."""

from collections.abc import Iterator
from typing import Any

import pytest

from everyrun.domain.payloads.registering import REGISTRY
from everyrun.workflows.templates import Secrets, TemplateError, Templates


@pytest.fixture(autouse=True)
def _no_secrets_left() -> Iterator[None]:
    REGISTRY.clear()
    yield
    REGISTRY.clear()


def rendered(value: Any, **environ: str) -> Any:
    return Templates().render(value, {"secrets": Secrets(environ)}, "fetch")


def test_a_secret_is_read_and_hidden_from_then_on() -> None:
    assert "Bearer wollweber" == rendered(
        "Bearer {{ secrets.TOKEN }}", EVERYRUN_SECRET_TOKEN="wollweber"
    )
    assert REGISTRY.is_in("it was wollweber")


def test_a_secret_that_is_not_read_is_not_known() -> None:
    rendered("{{ 'TOKEN' in secrets }}", EVERYRUN_SECRET_OTHER="wollweber")

    assert REGISTRY.is_empty


def test_the_environment_itself_is_not_read() -> None:
    with pytest.raises(TemplateError):
        rendered("{{ secrets.HOME }}", HOME="/home/kim")


@pytest.mark.parametrize("environ", [{}, {"EVERYRUN_SECRET_TOKEN": ""}, {"TOKEN": "x"}])
@pytest.mark.parametrize("template", ["{{ secrets.TOKEN }}", "x{{ secrets['TOKEN'] }}"])
def test_a_missing_secret_names_its_variable(template: str, environ: dict[str, str]) -> None:
    with pytest.raises(TemplateError) as caught:
        rendered(template, **environ)

    assert (
        "fetch: there is no secrets.TOKEN: set the environment variable EVERYRUN_SECRET_TOKEN"
        == str(caught.value)
    )


def test_a_misspelt_secret_is_told_its_name() -> None:
    with pytest.raises(TemplateError, match=r"EVERYRUN_SECRET_TOKN; did you mean TOKEN\?"):
        rendered("{{ secrets.TOKN }}", EVERYRUN_SECRET_TOKEN="wollweber")


def test_secrets_as_a_whole_are_not_handed_on() -> None:
    for template in (
        "{{ secrets }}",
        "{{ (secrets) }}",
        "{{ secrets | tojson }}",
        "{{ secrets }}!",
    ):
        with pytest.raises(TemplateError, match="secrets are read one by one"):
            rendered(template, EVERYRUN_SECRET_TOKEN="wollweber")


def test_an_error_does_not_show_a_secret() -> None:
    with pytest.raises(TemplateError) as caught:
        rendered("{{ secrets.TOKEN | int }}", EVERYRUN_SECRET_TOKEN="wollweber")

    assert "wollweber" not in str(caught.value)
    assert "'***' is no whole number" in str(caught.value)


def test_their_number_and_names_are_known() -> None:
    secrets = Secrets({"EVERYRUN_SECRET_B": "bbbb", "EVERYRUN_SECRET_A": "aaaa", "HOME": "x"})

    assert ["B", "A"] == list(secrets)
    assert 2 == len(secrets)
    assert "<secrets>" == repr(secrets)
