"""Settings: each has its default and its place in the documentation, and a wrong one is named with the reason."""

from dataclasses import fields
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from portal.app import create_app
from portal.settings import ROOT, Settings, SettingsError, contrast_with_white, read_settings


def settings_of(tmp_path: Path, text: str, **environ: str) -> Settings:
    file = tmp_path / "portal.toml"
    file.write_text(text, encoding="utf-8")
    return read_settings({"PORTAL_SETTINGS": str(file), **environ})


def test_every_setting_is_documented() -> None:
    page = (ROOT / "docs" / "running.md").read_text("utf-8")
    assert [one.name for one in fields(Settings) if f"| `{one.name}` |" not in page] == []


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, 'country = "AT"\nbrand = "#123456"', PORTAL_COUNTRY="DE")
    assert (settings.country, settings.brand) == ("DE", "#123456")


def test_languages_come_as_a_list_or_as_words(tmp_path: Path) -> None:
    assert settings_of(tmp_path, 'languages = ["bs", "en"]').languages == ("bs", "en")
    assert settings_of(tmp_path, "", PORTAL_LANGUAGES="tr, ar de").languages == ("tr", "ar", "de")


def test_a_text_can_differ_by_language(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, 'name = { en = "Safe Net", bs = "Sigurna mreža" }')
    assert [settings.text("name", code) for code in ("bs", "en", "tr")] == ["Sigurna mreža", "Safe Net", "Safe Net"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('colour = "#000000"', "unknown settings colour"),
        ('brand = "teal"', "brand: must be a colour such as #0b5563"),
        ('brand = "#ffff00"', "brand: white text on #ffff00 has a contrast of 1.1"),
        ('country = "Bosnia"', "country: must be two capitals"),
        ('languages = ["en", "klingon"]', "languages: 'klingon' is not a language code"),
        ("languages = []", "languages: must name at least one"),
        ('languages = ["en", "en"]', "languages: names a language twice"),
        ("languages = 7", "languages: must name at least one"),
        ('leave = "javascript:alert(1)"', "leave: must be an address"),
        ('sos_url = ""', "sos_url: must not be empty"),
        ('name = ""', "name: must not be empty"),
        ('logo = "nowhere.svg"', "logo: must be the path"),
        ('content = "/nowhere/at/all"', "content: there is no folder"),
        ('brand = "#00000', "portal.toml"),
        ('operator_url = "https://user@host/"', "operator_url: must be an address"),
    ],
)
def test_a_wrong_setting_is_named_with_the_reason(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(SettingsError, match=None) as error:
        settings_of(tmp_path, text)
    assert reason in str(error.value)


def test_every_wrong_setting_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as error:
        settings_of(tmp_path, 'brand = "red"\ncountry = "x"')
    assert str(error.value).count("\n") == 1


def test_a_settings_file_that_was_named_must_exist() -> None:
    with pytest.raises(SettingsError, match="there is no file"):
        read_settings({"PORTAL_SETTINGS": "/nowhere/portal.toml"})


def test_contrast_is_that_of_wcag() -> None:
    assert round(contrast_with_white("#000000"), 1) == 21
    assert round(contrast_with_white("#767676"), 2) == 4.54


def test_an_operators_name_colour_logo_and_line_show_on_the_page(tmp_path: Path) -> None:
    logo = tmp_path / "own.svg"
    logo.write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8" width="8" height="8"/>')
    settings = Settings(
        name="Sicher <im> Netz",
        operator={"en": "Centre", "de": "Zentrum"},
        sos_name="Meldestelle",
        sos_url="https://example.org/melden",
        brand="#7a1f5c",
        logo=str(logo),
        languages=("de", "en"),
    )
    client = create_app(settings).test_client()
    soup = BeautifulSoup(client.get("/de/").data, "html.parser")
    assert soup.select_one(".brand-name").get_text() == "Sicher <im> Netz"
    assert "/assets/logo." in soup.select_one(".brand-logo")["src"]
    assert "Zentrum" in soup.footer.get_text()
    assert soup.footer.find("a", href="https://example.org/melden").get_text(strip=True) == "Meldestelle"
    style = client.get(soup.find("link", rel="stylesheet")["href"]).get_data(as_text=True)
    assert "--brand: #7a1f5c" in style
    assert {link["hreflang"] for link in soup.select(".languages a")} == {"de", "en"}


def test_an_operator_says_which_languages_a_native_speaker_has_read() -> None:
    client = create_app(Settings(reviewed=("fr",))).test_client()
    states = {}
    for row in BeautifulSoup(client.get("/en/about/").data, "html.parser").select("#languages + .scroll tr"):
        states[row.th["lang"]] = row.td.get_text()
    assert states["en"] == "The texts were written in this language."
    assert states["fr"] == "Reviewed by a native speaker."
    assert states["tr"] == "Not reviewed by a native speaker yet."
    notice = ".foot-review"
    assert BeautifulSoup(client.get("/tr/").data, "html.parser").select(notice)
    assert not BeautifulSoup(client.get("/fr/").data, "html.parser").select(notice)


def test_the_language_of_visitors_who_ask_for_none_is_the_first_one() -> None:
    client = create_app(Settings(languages=("bs", "en"))).test_client()
    assert client.get("/").headers["Location"] == "/bs/"
    assert client.get("/fr/").status_code == 404


def test_a_site_with_a_public_https_address_asks_browsers_to_stay_on_https() -> None:
    client = create_app(Settings(address="https://example.org")).test_client()
    page = client.get("/en/")
    assert "max-age=63072000" in page.headers["Strict-Transport-Security"]
    assert 'href="https://example.org/en/"' in page.get_data(as_text=True)
