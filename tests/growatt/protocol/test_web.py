from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from heliobus.errors import AuthenticationError, NotSupported, TransportError, UsageError
from heliobus.growatt.protocol import Blocked, SessionDead, content
from heliobus.growatt.protocol.web import CALLS, PANELS, admitted, login_question, set_question, web_question

if TYPE_CHECKING:
    from heliobus.growatt.protocol import Json

PAGE = CALLS["inverter_settings"]


def page(text: str) -> Any:
    return content(PAGE, status=200, body=text.encode(), location=None, retry_after=None)


def test_the_login_sends_the_plain_md5() -> None:
    asked = login_question("me", "admin")
    assert (asked.method, asked.page) == ("POST", "login")
    assert asked.form == {
        "account": "me",
        "password": "",
        "validateCode": "",
        "isReadPact": "1",
        "passwordCrc": "21232f297a57a5a743894a0e4a801fc3",  # SPEC A.3: not the app's hash, which has a c
    }


def test_what_a_login_may_answer() -> None:
    assert admitted({"result": 1}) == ""
    with pytest.raises(AuthenticationError):
        admitted({"result": -2})
    with pytest.raises(Blocked):
        admitted({"result": 0, "msg": "507"})
    others: list[Json] = [{"result": -1}, {}, [], None, {"result": 3, "msg": "captcha"}]
    for other in others:
        with pytest.raises(TransportError):
            admitted(other)


def test_reads_go_as_forms_in_the_portals_words() -> None:
    asked = web_question("spa_day", plantId="1", spaSn="S", date="2023-10-07")
    assert (asked.method, asked.page) == ("POST", "panel/spa/getSPAEnergyDayChart")
    assert asked.form == {"plantId": "1", "spaSn": "S", "date": "2023-10-07"}
    assert web_question("inverter_total", plantId="1", invSn="S", year="2023").page == "panel/inv/getInvTotalChart"
    for family, panel in PANELS.items():
        assert CALLS[f"{family}_status"].page == f"panel/{panel.folder}/get{panel.word}StatusData"


@pytest.mark.parametrize("name", ["colour", "web_login", "tcp_set"])
def test_calls_that_are_not_asked_by_name(name: str) -> None:
    with pytest.raises(UsageError, match=name):
        web_question(name)


def test_writes_as_the_recorded_one() -> None:
    first, second, third = ["01", "00", "05", "08", "00"], ["20", "00", "10", "20", "00"], ["00", "00", "00", "00"]
    values = ["100", "69", *first, "1", *second, "1", *third, "1"]
    asked = set_question("spa", "DEVSN", "spa_ac_charge_time_period", values)
    assert (asked.method, asked.page, asked.form) == ("POST", "tcpSet.do", None)
    numbered = {f"param{place}": value for place, value in enumerate(values, 1)}
    assert asked.query == {
        "action": "spaSet",
        "serialNum": "DEVSN",
        "type": "spa_ac_charge_time_period",
        **numbered,
    }


def test_writes_of_another_form() -> None:
    plain = set_question("inverter", "S", "pv_on_off", ["0101"])
    assert plain.query == {"action": "inverterSet", "serialNum": "S", "paramId": "pv_on_off", "command_1": "0101"}
    spf = set_question("storage", "S", "storage_spf5000_buzzer", ["1"])
    assert spf.query["action"] == "storageSPF5000Set"
    with pytest.raises(NotSupported):
        set_question("toaster", "S", "brown", ["5"])


def test_the_settings_in_a_page() -> None:
    assert page('<html><script>var inv=JSON.parse(\'{"pf":1,"name":"it\\\'s"}\');</script></html>') == {
        "pf": 1,
        "name": "it's",
    }
    with pytest.raises(SessionDead):
        page('<form action="/login" method="post"></form>')
    with pytest.raises(TransportError):
        page("<html>maintenance</html>")
