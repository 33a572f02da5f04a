"""The cloud's side of an account: its password, its sessions and the lock-out clock."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from heliobus.growatt.protocol import hash_password

if TYPE_CHECKING:
    from datetime import datetime

LOCKED_HOURS = 24
_DAY = timedelta(days=1)
_MOST_LOGINS = 24
_MOST_FAILURES = 5
"""In a day.  The real numbers are not known (erratum G16); these let careful clients live."""


class CloudAccount:
    """One account with one plant."""

    def __init__(self, *, user_id: int, username: str, password: str, plant_id: str, plant_name: str) -> None:
        self.user_id = user_id
        self.username = username
        self.password = password
        self.plant_id = plant_id
        self.plant_name = plant_name
        self.devices = 1
        self.logins: list[datetime] = []
        """When a login was tried with the right password."""
        self.failures: list[datetime] = []
        self.locked_until: datetime | None = None
        self._sessions: set[str] = set()

    def expire(self) -> None:
        """End every session."""
        self._sessions.clear()

    def knows(self, session: str | None) -> bool:
        return session in self._sessions

    def login(self, name: str, secret: str, *, now: datetime, zone: int) -> tuple[dict[str, Any], str | None]:
        """The content of the answer, and the new session where there is one."""
        if self.locked_until is not None and now < self.locked_until:
            return locked(), None
        if name != self.username or secret != hash_password(self.password):
            self.failures = [*self._recent(self.failures, now), now]
            self._lock_after(self.failures, _MOST_FAILURES, now)
            return {"msg": "502", "success": False}, None
        self.logins.append(now)
        if self._lock_after(self._recent(self.logins, now), _MOST_LOGINS + 1, now):
            return locked(), None
        session = secrets.token_hex(16).upper()
        self._sessions.add(session)
        return self._welcome(secret, zone), session

    def _recent(self, moments: list[datetime], now: datetime) -> list[datetime]:
        return [moment for moment in moments if now - moment < _DAY]

    def _lock_after(self, moments: list[datetime], most: int, now: datetime) -> bool:
        if len(moments) >= most:
            self.locked_until = now + timedelta(hours=LOCKED_HOURS)
        return len(moments) >= most

    def _welcome(self, secret: str, zone: int) -> dict[str, Any]:
        """As SPEC A.4 and the type map of a real answer have it; the real one echoes the password's hash, too."""
        words = (
            *("agentCode", "phoneNum", "cpowerToken", "userIconPath", "serverUrl", "lat", "area", "lng", "nickName"),
            *(
                "customerCode",
                "registerType",
                "lastLoginIp",
                "uid",
                "installerEnable",
                "appType",
                "company",
                "appAlias",
            ),
            *("email", "createDate", "activeName", "wxOpenid", "noticeType", "token", "lastLoginTime"),
            "distributorEnable",
        )
        numbers = (
            *("type", "vipPoints", "isAgent", "kind", "parentUserId", "isBigCustomer", "userDeviceType"),
            *("isValiPhone", "roleId", "isPhoneNumReg", "isValiEmail", "codeIndex"),
        )
        user = {
            **dict.fromkeys(words, ""),
            **dict.fromkeys(numbers, 0),
            **dict.fromkeys(("approved", "enabled"), True),
            **dict.fromkeys(("smsNotice", "mailNotice", "accountNameOss"), False),
            **{name: [] for name in ("inverterList", "inverterGroup", "dataAcqList")},
            "id": self.user_id,
            "rightlevel": 1,
            "accountName": self.username,
            "password": secret,
            "timeZone": zone,
            "counrty": "Germany",
            "userLanguage": "gm",
        }
        return {
            "success": True,
            "msg": "",
            "data": [{"plantId": self.plant_id, "plantName": self.plant_name}],
            "user": user,
            "deviceCount": str(self.devices),
            "totalData": {},
            "service": "1",
            "quality": "0",
            "app_code": "1",
            "isOpenDeviceList": 1,
            "isOpenDeviceParams": 0,
            "isOpenSmartFamily": 0,
            "isCheckUserAuth": True,
            "isEicUserAddSmartDevice": True,
            "isViewDeviceInfo": False,
        }


def locked(hours: int | None = LOCKED_HOURS) -> dict[str, Any]:
    """The answer to a login of a locked account; some do not say for how long."""
    refused = {"msg": "507", "success": False}
    if hours is None:
        return refused
    return {
        **refused,
        "lockDuration": str(hours),
        "error": f"Current account has been locked for {hours} hours",
    }
