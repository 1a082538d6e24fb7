"""Settings from the environment, each with its default; production refuses unsafe ones."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

DEFAULT_SECRETS = {"", "dev", "secret", "change-me", "demo", "test"}


class SettingsFault(Exception):
    """The environment asks for something that must not run."""


@dataclass(frozen=True)
class Settings:
    """Everything that may differ between installations."""

    environment: str
    database_url: str
    redis_url: str
    mail_url: str
    secret_key: str
    site_url: str
    data_dir: Path
    port: int
    mail_from: str
    trusted_proxies: int

    @property
    def is_production(self) -> bool:
        """Whether real people's data are at stake."""
        return self.environment == "production"


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; SettingsFault with a sentence where production would be unsafe."""
    env = os.environ if environ is None else environ
    kind = env.get("APP_ENV", "demo")
    if kind not in {"demo", "production", "test"}:
        raise SettingsFault(f"APP_ENV must be demo, production or test, not {kind!r}")
    data_dir = Path(env.get("DATA_DIR") or "instance").resolve()
    port = env.get("PORT", "8000")
    if not (port.isascii() and port.isdigit()):
        raise SettingsFault(f"PORT must be a number, not {port!r}")
    proxies = env.get("TRUSTED_PROXIES") or "0"
    if not (proxies.isascii() and proxies.isdigit()):
        raise SettingsFault(f"TRUSTED_PROXIES must be a number, not {proxies!r}")
    settings = Settings(
        environment=kind,
        database_url=env.get("DATABASE_URL") or f"sqlite:///{data_dir / 'compapp.db'}",
        redis_url=env.get("REDIS_URL", ""),
        mail_url=env.get("MAIL_URL") or f"file:{data_dir / 'mail'}",
        secret_key=env.get("SECRET_KEY") or ("" if kind == "production" else _kept_secret(data_dir)),
        site_url=env.get("SITE_URL", "").rstrip("/"),
        data_dir=data_dir,
        port=int(port),
        mail_from=env.get("MAIL_FROM", "compapp <no-reply@localhost>"),
        trusted_proxies=int(proxies),
    )
    _refuse_unsafe(settings)
    return settings


def _kept_secret(data_dir: Path) -> str:
    """Return the secret made once for this installation (readable by its owner only)."""
    path = data_dir / "secret-key"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        made = path.with_suffix(f".{os.getpid()}")
        made.touch(mode=0o600)
        made.write_text(secrets.token_hex(32))
        try:
            os.link(made, path)
        except FileExistsError:
            pass
        made.unlink()
    return path.read_text().strip()


def _refuse_unsafe(settings: Settings) -> None:
    if not settings.is_production:
        return
    if settings.secret_key in DEFAULT_SECRETS or len(settings.secret_key) < 32:
        raise SettingsFault("Production needs a SECRET_KEY of at least 32 random characters.")
    if not settings.site_url.startswith(("https://", "http://")):
        raise SettingsFault("Production needs SITE_URL, the address that people type, such as https://thi.example.vn")
