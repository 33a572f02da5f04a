from __future__ import annotations

import re
from pathlib import Path

import pytest

from heliobus.errors import ConfigError
from heliobus.service.config import Config, SiteConfig, SystemConfig, default_path, load, parse
from heliobus.url import DeviceURL

SITE = '[site]\ntimezone = "Europe/Berlin"\n'
ROOF = '[[system]]\nname = "roof"\nurl = "scripted://roof"\n'
CELLAR = '[[system]]\nname = "cellar"\nurl = "scripted://cellar"\n'
HOME = '[[site]]\nname = "Home"\ntimezone = "Europe/Berlin"\n'
TWO_SITES = HOME + '[[site]]\nname = "Summer House"\ntimezone = "Asia/Kathmandu"\n'
WHOLE = """
[site]
name = "My House"
timezone = "Europe/Berlin"

[[system]]
name = "roof"
url = "scripted://roof"
interval = "10s"
grid = true

[[system]]
name = "cellar"
urls = ["scripted://me@example.org@cellar", "scripted://cloud"]
interval = "5min"
site = "My House"

[recorder]
path = "data/record.db"
durability = "flash"

[web]
bind = "[::1]:9000"
allowed_hosts = ["solar.local"]

[control]
enabled = true
commands = ["Charge", "Auto"]
lease = "30min"
max_charge = 3000
"""


def parsed(text: str, **environ: str) -> Config:
    return parse(text, where="config.toml", environ=environ)


def test_the_whole_file(tmp_path: Path) -> None:
    config = parse(WHOLE, where="config.toml", folder=tmp_path)
    roof, cellar = config.systems
    (site,) = config.sites
    assert (site.name, site.key, site.timezone) == ("My House", "my-house", "Europe/Berlin")
    assert (roof.seconds, cellar.seconds) == (10.0, 300.0)
    assert [str(url) for url in cellar.addresses] == ["scripted://me@example.org@cellar", "scripted://cloud"]
    assert (roof.vendor, str(roof.addresses[0])) == ("scripted", "scripted://roof")
    assert config.recorder.path == tmp_path / "data/record.db"
    assert config.recorder.durability == "flash"
    assert (config.web.host, config.web.port, config.web.allowed_hosts) == ("::1", 9000, ("solar.local",))
    assert config.control.enabled
    assert (config.control.lease, config.control.max_charge) == (1800.0, 3000.0)
    assert config.systems_of(site) == (roof, cellar)
    assert config.grid_authority(site) is roof


def test_what_is_left_out_is_safe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STATE_DIRECTORY", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    config = parsed(SITE + ROOF)
    assert config.recorder.path == Path("/data/heliobus/heliobus.db")
    assert (config.recorder.durability, config.web.bind) == ("normal", "127.0.0.1:8765")
    assert not config.control.enabled
    assert config.control.lease == 900.0
    assert config.systems[0].seconds == 20.0, "what the vendor's devices bear"
    assert config.grid_authority(config.sites[0]) is config.systems[0], "the only one"


def test_in_code_as_in_a_file() -> None:
    config = Config(
        sites=(SiteConfig(timezone="Europe/Berlin"),),
        systems=(SystemConfig(name="roof", url=DeviceURL.parse("scripted://roof"), interval=1.0),),
    )
    assert config == parsed(SITE + ROOF + 'interval = "1s"')


def test_a_site_for_each_of_several_systems() -> None:
    config = parsed(TWO_SITES + ROOF + 'site = "Home"\n' + CELLAR + 'site = "Summer House"\n')
    assert [config.site_of(system).key for system in config.systems] == ["home", "summer-house"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (SITE + ROOF + 'intervall = "10s"', "config.toml: system[0].intervall: unknown key; did you mean 'interval'?"),
        (SITE + ROOF + 'password = "x"', "system[0].password: unknown key; did you mean 'password_file'?"),
        (SITE + ROOF + "[websight]", "config.toml: websight: unknown key"),
        (SITE + ROOF + "[recorders]", "config.toml: recorders: unknown key; did you mean 'recorder'?"),
        ('[site]\ntimezon = "Europe/Berlin"\n' + ROOF, "site.timezon: unknown key; did you mean 'timezone'? (and"),
        ("[site]\n" + ROOF, "config.toml: site.timezone: missing"),
        (ROOF, "config.toml: site: missing"),
        (SITE, "config.toml: system: missing"),
        ("site = 3\n" + ROOF, "config.toml: site: must be a list"),
        ("system = []\n" + SITE, "config.toml: system: there must be at least one"),
        (SITE + ROOF + "interval = true", "system[0].interval: must be a number"),
        (SITE + ROOF + 'interval = "10 parsecs"', "system[0].interval: '10 parsecs' is not a duration; write for"),
        (SITE + ROOF + "interval = 0", "system[0].interval: must be at least 0.1"),
        (SITE + ROOF + "interval = nan", "system[0].interval: "),
        (SITE + ROOF + 'interval = "2d"', "system[0].interval: must be at most 86400"),
        (SITE + ROOF + 'grid = "yes"', "system[0].grid: must be true or false"),
        (SITE + ROOF.replace('"roof"\n', "3\n", 1), "system[0].name: must be text in quotes"),
        (SITE + ROOF.replace('"roof"\n', '"roof/1"\n', 1), "system[0].name: 'roof/1' is not a name"),
        (SITE + ROOF + ROOF.replace("roof", "Roof", 1), "system[1].name: 'roof' is already the name of system[0]"),
        (SITE + '[[system]]\nname = "roof"', "system[0]: needs either url or urls"),
        (SITE + ROOF + 'urls = ["scripted://x"]', "system[0]: needs either url or urls"),
        (SITE + ROOF.replace("scripted://", "skripted://"), "system[0].url: no vendor for skripted://. Use one of: "),
        (SITE + ROOF.replace("//roof", "//me:pw@roof"), "system[0].url: a device URL must not hold a password"),
        (SITE + ROOF.replace("//roof", "//169.254.169.254"), "169.254.169.254 is the metadata service of a cloud"),
        (SITE + ROOF.replace('"scripted://roof"', "7"), "system[0].url: must be a device URL in quotes"),
        (SITE.replace("Berlin", "Berln") + ROOF, "'Europe/Berln' is not in the tz database; did you mean 'Europe/Ber"),
        (SITE.replace("Europe/", "") + ROOF, "'Berlin' is not in the tz database; did you mean 'Europe/Berlin'?"),
        (SITE.replace("Europe/Berlin", "../../etc/passwd") + ROOF, "timezone: '../../etc/passwd' is not in the tz"),
        (TWO_SITES + ROOF, "system[0].site: missing; one of 'Home', 'Summer House'"),
        (TWO_SITES + ROOF + 'site = "Hom"', "system[0].site: no site is called 'Hom'; did you mean 'Home'?"),
        (TWO_SITES.replace("Summer House", "home") + ROOF, "site[1].name: 'home' is already the name of site[0]"),
        (TWO_SITES.replace("Asia/", "Azia/") + ROOF, "site[1].timezone: "),
        (SITE + "latitude = 52.5\n" + ROOF, "config.toml: site: needs latitude and longitude, or neither"),
        (SITE + "latitude = 91\nlongitude = 0\n" + ROOF, "site.latitude: must be at most 90"),
        (SITE + ROOF + CELLAR, "system: exactly one of roof, cellar must have grid = true"),
        (SITE + ROOF + "grid = true\n" + CELLAR + "grid = true\n", "system: exactly one of roof, cellar must have"),
        (SITE + ROOF + '[web]\nbind = "0.0.0.0:8765"', "web.bind: '0.0.0.0:8765' is refused: the page has no"),
        (SITE + ROOF + '[web]\nbind = "192.168.1.5:80"', "web.bind: '192.168.1.5:80' is refused"),
        (SITE + ROOF + '[web]\nbind = "127.0.0.1.evil.example:80"', "is refused"),
        (SITE + ROOF + '[web]\nbind = "127.0.0.1"', "web.bind: '127.0.0.1' is not host:port"),
        (SITE + ROOF + '[web]\nbind = "127.0.0.1:99999"', "web.bind: '127.0.0.1:99999' is not host:port"),
        (SITE + ROOF + '[recorder]\ndurability = "fast"', "recorder.durability: must be one of 'strict', 'normal' or"),
        (SITE + ROOF + "[control]\nenabled = 1", "control.enabled: must be true or false"),
        (SITE + ROOF + '[control]\ncommands = ["Charg"]', "[0]: 'Charg' is not a command; did you mean 'Charge'"),
        (SITE + ROOF + '[control]\nlease = "2d"', "control.lease: must be at most 86400"),
        (SITE + ROOF + "web = 1", "unknown key"),
        (SITE + ROOF + "[recorder", "config.toml: not TOML: "),
    ],
)  # fmt: skip
def test_a_mistake_is_one_line_that_names_the_key(text: str, complaint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parsed(text)
    assert complaint in str(caught.value)
    assert str(caught.value).startswith("config.toml: ")
    assert "\n" not in caught.value.line()
    assert "pydantic" not in caught.value.line()


def test_a_syntax_error_names_the_line() -> None:
    with pytest.raises(ConfigError, match=r"not TOML: .*line 3"):
        parsed(SITE + "interval == 3\n")


# -- the environment


def test_the_environment_goes_before_the_file() -> None:
    config = parsed(
        SITE + ROOF + '[web]\nbind = "127.0.0.1:1"',
        HELIOBUS_WEB__BIND="127.0.0.1:2",
        HELIOBUS_WEB__ALLOWED_HOSTS='["a", "b"]',
        HELIOBUS_SITE__NAME="Villa",
        HELIOBUS_RECORDER__PATH="/tmp/x.db",  # noqa: S108
        HELIOBUS_PASSWORD="hush",
        OTHER__THING="1",
    )
    assert (config.web.port, config.web.allowed_hosts) == (2, ("a", "b"))
    assert config.sites[0].name == "Villa"
    assert config.recorder.path == Path("/tmp/x.db")  # noqa: S108


@pytest.mark.parametrize(
    ("variable", "value", "complaint"),
    [
        ("HELIOBUS_WEB__BIND", "0.0.0.0:1", r"^HELIOBUS_WEB__BIND: '0\.0\.0\.0:1' is refused"),
        ("HELIOBUS_WEB__BINT", "x", "^HELIOBUS_WEB__BINT: unknown key; did you mean 'bind'"),
        ("HELIOBUS_CONTROL__ENABLED", "true", "^HELIOBUS_CONTROL__ENABLED: only site"),
        ("HELIOBUS_SYSTEM__URL", "scripted://x", "^HELIOBUS_SYSTEM__URL: only site"),
        ("HELIOBUS_NOTHING__AT_ALL", "1", "^HELIOBUS_NOTHING__AT_ALL: only site"),
    ],
)
def test_a_mistake_in_the_environment_names_the_variable(variable: str, value: str, complaint: str) -> None:
    with pytest.raises(ConfigError, match=complaint):
        parsed(SITE + ROOF, **{variable: value})


# -- files


def test_load_reads_the_file_and_its_neighbours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "roof.password"
    secret.write_text("correct horse\n")
    secret.chmod(0o600)
    path = tmp_path / "config.toml"
    path.write_text(SITE + ROOF + 'password_file = "roof.password"\n[recorder]\npath = "record.db"')
    monkeypatch.setenv("HELIOBUS_KEY", "from outside")
    config = load(path)
    assert config.recorder.path == tmp_path / "record.db"
    credentials = config.systems[0].credentials()
    assert credentials.password is not None
    assert credentials.password.reveal() == "correct horse"
    assert credentials.key is not None
    assert credentials.key.reveal() == "from outside"
    assert credentials.token is None
    assert "horse" not in repr(config) + repr(credentials)


def test_a_secret_that_others_may_read_is_refused_with_the_command_that_mends_it(tmp_path: Path) -> None:
    secret = tmp_path / "roof.password"
    secret.write_text("x")
    secret.chmod(0o640)
    with pytest.raises(ConfigError, match=rf"system\[0\]\.password_file: .*run: chmod 600 {re.escape(str(secret))}"):
        parsed(SITE + ROOF + f'password_file = "{secret}"')


def test_a_secret_that_is_not_there_or_empty(tmp_path: Path) -> None:
    secret = tmp_path / "roof.key"
    with pytest.raises(ConfigError, match=r"system\[0\]\.key_file: cannot read .*No such file"):
        parsed(SITE + ROOF + f'key_file = "{secret}"')
    secret.touch(0o600)
    with pytest.raises(ConfigError, match="is empty"):
        parsed(SITE + ROOF + f'key_file = "{secret}"').systems[0].credentials()


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no configuration file"):
        load(tmp_path / "absent.toml")
    with pytest.raises(ConfigError, match=r"cannot read .*directory"):
        load(tmp_path)
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"[site]\xff")
    with pytest.raises(ConfigError, match="byte 6 is not UTF-8"):
        load(binary)


def test_where_the_file_is_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HELIOBUS_CONFIG", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    own = tmp_path / "heliobus/config.toml"
    own.parent.mkdir()
    own.touch()
    assert default_path() == own
    monkeypatch.setenv("HELIOBUS_CONFIG", "/somewhere/else.toml")
    assert default_path() == Path("/somewhere/else.toml")
