import re

import pytest

from linkdesk.config.logging import configure_logging
from linkdesk.errors.base import Changed
from linkdesk.errors.incident import report_incident
from linkdesk.errors.render import render_for_chat, render_for_model

SECRET = "pl4ntedS3cret"


def fails() -> None:
    message = f"at https://example.bitrix24.com/rest/1/{SECRET}/profile, access_token={SECRET}"
    raise RuntimeError(message)


def failed() -> Exception:
    with pytest.raises(RuntimeError) as caught:
        fails()
    return caught.value


def test_what_nobody_expected_is_told_by_a_number_that_the_log_has_with_the_scrubbed_trace(
    capfd: pytest.CaptureFixture[str],
) -> None:
    configure_logging(("info", "json"))
    trouble = report_incident("tool.crashed", failed(), Changed.UNKNOWN, tool="set_booking_links")
    logged = capfd.readouterr().err
    number = render_for_model(trouble)["error"]["incident"]
    assert re.fullmatch("[0-9a-f]{8}", number)
    assert f'"incident": "{number}"' in logged
    assert "RuntimeError" in logged
    assert "in fails" in logged
    assert SECRET not in logged
    for shown in (render_for_chat(trouble, "en"), render_for_chat(trouble, "ru"), str(render_for_model(trouble))):
        assert number in shown
        assert "RuntimeError" not in shown
        assert SECRET not in shown


def test_no_two_incidents_share_a_number() -> None:
    assert len({report_incident("x", failed(), Changed.NO).incident for _ in range(20)}) == 20
