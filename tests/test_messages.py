"""The commands of translation, as people type them."""

import os
import re
import shutil
import subprocess
import sys

import pytest
from catalogs import catalog
from click.testing import CliRunner

from portal.cli import main
from portal.content.compiled import is_compiled
from portal.content.pofile import Entry, read, write
from portal.messages import compile_all
from portal.settings import ROOT

HEAD = "---\nkind: page\ntitle: A sample\nsummary: What it is.\naudience: everyone\nreviewed: 2026-01-01\n---\n"
PAGE = f"{HEAD}\nTell someone.\n"


@pytest.fixture
def portal(tmp_path, monkeypatch):
    """The command `portal messages` for a small site, standing in its folder."""
    for name in ("content/pages", "translations"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "content" / "pages" / "sample.md").write_text(PAGE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PORTAL_CONTENT", str(tmp_path / "content"))
    monkeypatch.setenv("PORTAL_TRANSLATIONS", str(tmp_path / "translations"))
    return lambda *arguments: CliRunner().invoke(main, ["messages", *arguments])


@pytest.fixture
def french(portal, tmp_path):
    """The French catalog of the small site, begun and up to date."""
    assert portal("extract").exit_code == 0
    assert portal("update", "fr").exit_code == 0
    return tmp_path / "translations" / "fr" / "LC_MESSAGES" / "content.po"


def translate(po, text, translation, flags=()):
    before = read(po)
    entries = tuple(
        Entry(one.text, (translation,), one.context, flags=flags, comments=one.comments) if one.text == text else one
        for one in before.entries
    )
    write(po, type(before)(before.header, entries))


def test_a_language_is_begun_translated_checked_and_compiled(portal, french):
    translate(french, "Tell someone.", "Dis-le à quelqu’un.")
    ran = portal("check")
    assert (ran.exit_code, ran.output) == (0, "translations are sound\n")
    assert portal("compile").exit_code == 0
    assert french.with_suffix(".mo").exists()
    assert french.with_name("messages.mo").exists()


def test_a_text_that_has_changed_since_extraction_fails_the_check(portal, french, tmp_path):
    (tmp_path / "content" / "pages" / "sample.md").write_text(PAGE + "\nMore.\n")
    ran = portal("check")
    assert ran.exit_code == 1
    assert re.search(r"^translations/content\.pot: template: .*portal messages extract", ran.output)
    assert portal("extract").exit_code == portal("update").exit_code == portal("check").exit_code == 0
    assert "More." in french.read_text("utf-8")


def test_an_unsafe_translation_fails_the_check_and_is_left_out_when_compiling(portal, french):
    translate(french, "Tell someone.", "Ruf 0900 123 456!")
    ran = portal("check")
    assert ran.exit_code == 1
    line = next(at for at, text in enumerate(french.read_text("utf-8").splitlines(), 1) if "0900" in text)
    assert f"translations/fr/LC_MESSAGES/content.po:{line}: number: " in ran.output
    ran = portal("compile")
    assert ran.exit_code == 0
    assert ran.stderr.startswith(f"left out: translations/fr/LC_MESSAGES/content.po:{line}: number: ")


def test_advice_does_not_fail_the_check(portal, french):
    translate(french, "Tell someone.", "Dis-le à *quelqu’un*.")
    ran = portal("check")
    assert ran.exit_code == 0
    assert "advice: " in ran.stderr


def test_one_refused_catalog_does_not_keep_the_others_from_being_compiled(portal, french, tmp_path):
    catalog(tmp_path / "translations", "de", Entry("Tell someone.", ("Sag es.",)), flags=("fuzzy",))
    ran = portal("compile")
    assert ran.exit_code == 1
    assert "translations/de/LC_MESSAGES/content.po:" in ran.output
    assert french.with_suffix(".mo").exists()
    assert not (tmp_path / "translations" / "de" / "LC_MESSAGES" / "content.mo").exists()


def test_compiling_all_does_only_what_is_needed_and_tells_what_is_left_out(portal, french, tmp_path):
    translate(french, "Tell someone.", "Ruf 0900 123 456!")
    assert [problem.rule for problem in compile_all(tmp_path / "translations")] == ["number"]
    assert is_compiled(french, french.with_suffix(".mo"))
    assert compile_all(tmp_path / "translations") == []
    translate(french, "Tell someone.", "Dis-le.", flags=("fuzzy",))
    assert compile_all(tmp_path / "translations") == []
    assert is_compiled(french, french.with_suffix(".mo"))


def test_statistics_count_what_readers_see(portal, french):
    translate(french, "Tell someone.", "Dis-le.")
    translate(french, "A sample", "Un exemple", flags=("fuzzy",))
    ran = portal("stats")
    assert ran.exit_code == 0
    assert re.search(r"^fr +content +3 +1 +1 +1 +33 %$", ran.output, re.M)
    assert portal("stats", "--strict").exit_code == 1


def test_a_corrected_text_keeps_its_translation(portal, french, tmp_path):
    translate(french, "Tell someone.", "Dis-le.")
    (tmp_path / "content" / "pages" / "sample.md").write_text(PAGE.replace("Tell someone.", "Tell someone\nyou trust."))
    ran = portal("same-meaning", "Tell someone.", "Tell someone\nyou trust.")
    assert (ran.exit_code, ran.output[:15]) == (0, "kept in 1 catal")
    assert portal("extract").exit_code == portal("update").exit_code == 0
    assert ("Tell someone you trust.", ("Dis-le.",)) in {
        (one.text, one.translations) for one in read(french).entries if one.translated
    }
    assert portal("same-meaning", "No such text.", "Another.").exit_code == 1


@pytest.mark.parametrize("code", ["en", "xx", "../x"])
def test_what_is_no_language_to_translate_into_is_refused(portal, code):
    portal("extract")
    ran = portal("update", code)
    assert ran.exit_code == 2
    assert f"no language to translate into: {code}" in ran.output


def test_a_folder_that_is_no_language_is_told_and_keeps_nothing_from_being_compiled(portal, french, tmp_path):
    (tmp_path / "translations" / "en" / "LC_MESSAGES").mkdir(parents=True)
    ran = portal("check")
    assert ran.exit_code == 1
    assert "translations/en: language: " in ran.output
    assert compile_all(tmp_path / "translations") == []
    assert french.with_suffix(".mo").exists()


def test_a_broken_setting_is_told(portal, monkeypatch):
    monkeypatch.setenv("PORTAL_TRANSLATIONS", "/no/such/folder")
    ran = portal("stats")
    assert ran.exit_code == 1
    assert "translations" in ran.output


def test_without_gnu_gettext_the_commands_work_too(portal, french, tmp_path):
    python = tmp_path / "bin"
    python.mkdir()
    translate(french, "Tell someone.", "Dis-le.")
    environment = {**os.environ, "PATH": str(python), "PYTHONPATH": str(ROOT)}
    (tmp_path / "content" / "pages" / "sample.md").write_text(PAGE + "\nMore.\n")
    for command in ("extract", "update", "compile", "check", "stats"):
        ran = subprocess.run(
            [sys.executable, "-m", "portal", "messages", command], env=environment, capture_output=True, check=False
        )
        assert ran.returncode == 0, ran.stderr
    assert shutil.which("msgmerge", path=str(python)) is None
    assert {one.text: one.translated for one in read(french).entries}["Tell someone."]
