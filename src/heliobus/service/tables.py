"""The tables of the configuration.  Read from a file or built in code, they check the same rules."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from heliobus.errors import ConfigError
from heliobus.service.checks import (
    Address,
    AsTuple,
    Bind,
    File,
    Kind,
    Name,
    Seconds,
    SecretFile,
    TimeZone,
    split_bind,
    suggestion,
)
from heliobus.url import Credentials, Secret
from heliobus.vendor import vendor_of

if TYPE_CHECKING:
    from heliobus.url import DeviceURL


class _Table(BaseModel):
    model_config = ConfigDict(
        strict=True, frozen=True, extra="forbid", allow_inf_nan=False, hide_input_in_errors=True, validate_default=True
    )


class SiteConfig(_Table):
    """One grid connection; ``timezone`` is where its days begin.

    ``latitude`` and ``longitude`` in degrees, north and east positive, are where its sun rises; without them it rises
    as in the time zone's city.
    """

    name: Name = "Home"
    timezone: TimeZone
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError("needs latitude and longitude, or neither")
        return self

    @property
    def key(self) -> str:
        """The name as it stands in addresses and API answers: ``My House`` is ``my-house``."""
        return self.name.casefold().replace(" ", "-")


class SystemConfig(_Table):
    """One device to poll.  Either ``url`` or ``urls`` in order of preference; ``interval`` in s.

    ``device`` is its id where several are behind an address, as in a cloud's account; of ``urls`` it goes to those ways
    that know it, the others have to lead to one device only.

    Secrets stand in files of their own that nobody else may read; without one the environment is asked.
    """

    name: Name
    url: Address | None = None
    urls: Annotated[tuple[Address, ...], AsTuple] = ()
    device: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    interval: Annotated[Seconds, Field(ge=0.1, le=86_400)] | None = None
    site: str | None = None
    grid: bool = False
    password_file: SecretFile | None = None
    key_file: SecretFile | None = None
    token_file: SecretFile | None = None
    totp_file: SecretFile | None = None

    @model_validator(mode="after")
    def _one_way_to_name_it(self) -> Self:
        if (self.url is None) == (not self.urls):
            raise ValueError("needs either url or urls")
        return self

    @property
    def addresses(self) -> tuple[DeviceURL, ...]:
        """Where it is reached, the preferred way first."""
        return self.urls if self.url is None else (self.url,)

    @property
    def seconds(self) -> float:
        """The poll interval in s: as configured, else what the preferred way bears for years."""
        if self.interval is not None:
            return self.interval
        vendor, url = vendor_of(self.addresses[0])
        return vendor.pace(url)

    @property
    def vendor(self) -> str:
        """Whose system it is."""
        return vendor_of(self.addresses[0])[0].name

    def credentials(self) -> Credentials:
        """Read the secrets: each from its file, else from the environment.  Raises ConfigError."""
        found = Credentials.from_environment()
        names = ("password", "key", "token", "totp")
        return Credentials(**{name: _secret(getattr(self, f"{name}_file")) or getattr(found, name) for name in names})


def _default_database() -> Path:
    folder = os.environ.get("STATE_DIRECTORY")  # systemd's word; it may be a list
    if folder:
        return Path(folder.partition(":")[0], "heliobus.db")
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share", "heliobus", "heliobus.db")


class RecorderConfig(_Table):
    """``path`` of the database; ``durability`` says how much a power cut may cost (20 s of samples with normal)."""

    path: File = Field(default_factory=_default_database)
    durability: Literal["strict", "normal", "flash"] = "normal"

    @property
    def certificates(self) -> Path:
        """Beside the database: the known certificates of appliances."""
        return self.path.with_name("certificates.json")


class WebConfig(_Table):
    """``bind`` is a loopback host:port; ``allowed_hosts`` are further names under which the page may be asked for."""

    bind: Bind = "127.0.0.1:8765"
    allowed_hosts: Annotated[tuple[str, ...], AsTuple] = ()

    @property
    def host(self) -> str:
        return split_bind(self.bind)[0]

    @property
    def port(self) -> int:
        return split_bind(self.bind)[1]


class ControlConfig(_Table):
    """What the gatekeeper lets through: nothing unless ``enabled``.

    ``commands`` lists the allowed kinds (None: all that the device obeys).  ``lease`` in s is given to a command that
    brings none.  ``max_charge`` and ``max_discharge`` bound powers in W, ``min_reserve`` the reserve in %.
    """

    enabled: bool = False
    commands: Annotated[tuple[Kind, ...], AsTuple] | None = None
    lease: Annotated[Seconds, Field(gt=0, le=86_400)] = 900.0
    max_charge: Annotated[float, Field(ge=0)] | None = None
    max_discharge: Annotated[float, Field(ge=0)] | None = None
    min_reserve: Annotated[float, Field(ge=0, le=100)] | None = None


class Config(_Table):
    """The whole file; in TOML the tables are called site, system, recorder, web and control."""

    sites: Annotated[tuple[SiteConfig, ...], AsTuple, Field(min_length=1)]
    systems: Annotated[tuple[SystemConfig, ...], AsTuple, Field(min_length=1)]
    recorder: RecorderConfig = Field(default_factory=RecorderConfig)
    web: WebConfig = Field(default_factory=WebConfig)
    control: ControlConfig = Field(default_factory=ControlConfig)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        _refuse_doubles("site", [site.key for site in self.sites])
        _refuse_doubles("system", [system.name.casefold() for system in self.systems])
        for index, system in enumerate(self.systems):
            self._check_site(f"system[{index}]", system)
        for site in self.sites:
            self._check_grid(site)
        return self

    def _check_site(self, path: str, system: SystemConfig) -> None:
        names = [site.name for site in self.sites]
        if system.site is None and len(names) > 1:
            raise ValueError(f"{path}.site: missing; one of {', '.join(map(repr, names))}")
        if system.site is not None and system.site not in names:
            raise ValueError(f"{path}.site: no site is called {system.site!r}{suggestion(system.site, names)}")

    def _check_grid(self, site: SiteConfig) -> None:
        here = self.systems_of(site)
        chosen = [system.name for system in here if system.grid]
        if len(here) > 1 and len(chosen) != 1:
            names = ", ".join(system.name for system in here)
            raise ValueError(
                f"system: exactly one of {names} must have grid = true: the one that measures the grid of {site.name!r}"
            )

    def site_of(self, system: SystemConfig) -> SiteConfig:
        """Give the site that a system belongs to: the named one, else the only one."""
        return next(site for site in self.sites if system.site in (None, site.name))

    def systems_of(self, site: SiteConfig) -> tuple[SystemConfig, ...]:
        """Give the systems of a site in the order of the file."""
        return tuple(system for system in self.systems if self.site_of(system) == site)

    def grid_authority(self, site: SiteConfig) -> SystemConfig | None:
        """Give the system whose grid values are the site's: the one with ``grid = true``, else the only one."""
        here = self.systems_of(site)
        return next((system for system in here if system.grid), here[0] if here else None)


def _refuse_doubles(table: str, names: list[str]) -> None:
    for index, name in enumerate(names):
        first = names.index(name)
        if first < index:
            raise ValueError(f"{table}[{index}].name: {name!r} is already the name of {table}[{first}]")


def _secret(path: Path | None) -> Secret | None:
    if path is None:
        return None
    try:
        text = path.read_text(encoding="utf-8").strip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot read the secret in {path}: {error}") from error
    if not text:
        raise ConfigError(f"{path} is empty", remedy="Write the secret into it, on one line.")
    return Secret(text)
