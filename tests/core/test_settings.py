import pytest

from compapp.core.settings import SettingsFault, from_environment

SAFE = {"APP_ENV": "production", "SECRET_KEY": "k" * 40, "SITE_URL": "https://thi.example.vn/"}


def test_production_starts_with_what_is_safe(tmp_path):
    settings = from_environment(SAFE | {"DATA_DIR": str(tmp_path)})
    assert settings.is_production
    assert settings.site_url == "https://thi.example.vn"


@pytest.mark.parametrize(
    "change", [{"SECRET_KEY": ""}, {"SECRET_KEY": "demo"}, {"SECRET_KEY": "short"}, {"SITE_URL": ""}, {"PORT": "x"},
               {"APP_ENV": "live"}]
)  # fmt: skip
def test_production_refuses_what_is_not(tmp_path, change):
    with pytest.raises(SettingsFault):
        from_environment(SAFE | {"DATA_DIR": str(tmp_path)} | change)


def test_a_demonstration_keeps_its_own_secret(tmp_path):
    first = from_environment({"DATA_DIR": str(tmp_path)})
    second = from_environment({"DATA_DIR": str(tmp_path)})
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) == 64
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0
