"""Whether a stranger in the network is a SENEC appliance: one question that anybody may ask, and no second one."""

from __future__ import annotations

from heliobus.errors import Error
from heliobus.senec.client.link import place_of
from heliobus.senec.models.names import SYSTEM_TYPES
from heliobus.senec.protocol import PATH, build_request, decode_answer, parse_body
from heliobus.transport.http import HttpTransport
from heliobus.transport.tls import Trust
from heliobus.url import DeviceURL
from heliobus.vendor import Sighting

_QUESTION = build_request({"FACTORY": {"SYS_TYPE": ""}})
_PATIENCE = 5.0  # s; a quarter of them answers in 0.2 s, the slowest of a thousand in 1.3 s (SPEC 2.3)
_LIMIT = 16 * 2**10
_OK = 200
_PORTS = {"https": 443, "http": 80}


async def recognise(scheme: str, host: str, port: int) -> Sighting | None:
    """Ask ``host`` which system it is; None if it does not answer as a SENEC."""
    place = place_of(host, None if port == _PORTS[scheme] else port)
    transport = HttpTransport(timeout=_PATIENCE, limit=_LIMIT, trust=Trust(place), cookies=False)
    try:
        answer = await transport.request(
            "POST", f"{scheme}://{place}{PATH}", body=_QUESTION, headers={"Content-Type": "application/json"}
        )
        factory = decode_answer(parse_body(answer.body).sections).get("FACTORY") if answer.status == _OK else None
    except Error:
        return None  # whatever it is, it is no SENEC
    finally:
        await transport.close()
    if factory is None or "SYS_TYPE" not in factory:
        return None
    kind = factory["SYS_TYPE"]
    url = DeviceURL(scheme="senec", host=host, port=None if port in _PORTS.values() else port)
    return Sighting(url=url, model=SYSTEM_TYPES.get(kind) if isinstance(kind, int) else None)
