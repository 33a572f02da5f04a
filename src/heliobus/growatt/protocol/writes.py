"""The app's calls that change something (SPEC "Settings writes", A.12): one per family, with param1, param2, ..."""

from __future__ import annotations

import secrets
from types import MappingProxyType
from typing import TYPE_CHECKING

from heliobus.errors import NotSupported
from heliobus.growatt.protocol.endpoints import Endpoint, Question

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SET = "newTcpsetAPI.do"
SPF_PREFIX = "storage_spf5000_"
"""Settings of an SPF, which is a storage machine with a call of its own."""


def _call(name: str, op: str) -> Endpoint:
    return Endpoint(name, "POST", _SET, ("serialNum", "type"), selector=MappingProxyType({"op": op}), writes=True)


_TABLE = (
    _call("mix_set", "mixSetApiNew"),
    _call("mix_set_old", "mixSetApi"),
    _call("spa_set", "spaSetApi"),
    _call("tlx_set", "tlxSet"),
    _call("max_set", "maxSetApi"),
    _call("inverter_set", "inverterSet"),
    _call("storage_set", "storageSet"),
    _call("spf_set", "storageSPF5000Set"),
    _call("sacolar_set", "storageSacolarSet"),
    Endpoint("noah_set", "POST", "noahDeviceApi/noah/set", ("serialNum", "type"), form=True, writes=True),
    Endpoint("nexa_set", "POST", "noahDeviceApi/nexa/set", ("serialNum", "type"), form=True, writes=True),
    Endpoint(
        "plant_update", "POST", "newTwoPlantAPI.do", selector=MappingProxyType({"op": "updatePlant"}), writes=True
    ),
)
WRITES: Mapping[str, Endpoint] = MappingProxyType({endpoint.name: endpoint for endpoint in _TABLE})
"""By name; the answers say yes or no (``refusals.check_written``)."""


def write_call(family: str, setting: str) -> Endpoint:
    """The call that writes a family's setting; NotSupported for a family without one."""
    name = "spf_set" if setting.startswith(SPF_PREFIX) else f"{family}_set"
    if name not in WRITES:
        raise NotSupported(f"the app writes no settings of the family {family!r}; nothing was sent")
    return WRITES[name]


def write_question(call: Endpoint, serial: str, setting: str, parameters: Sequence[str]) -> Question:
    """What to send: the parameters are numbered from 1."""
    numbered = {f"param{place}": value for place, value in enumerate(parameters, 1)}
    values = {"serialNum": serial, "type": setting, **numbered}
    if call.form:
        return Question(call.method, call.page, call.selector, values)
    return Question(call.method, call.page, {**call.selector, **values}, None)


def plant_question(form: Mapping[str, str]) -> Question:
    """What to send for a plant's settings: a multipart form, whose parts have no file names."""
    call = WRITES["plant_update"]
    boundary = secrets.token_hex(16)
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in form.items()
    ]
    body = "".join((*parts, f"--{boundary}--\r\n")).encode()
    return Question(call.method, call.page, call.selector, None, body, f"multipart/form-data; boundary={boundary}")
