"""What tests of the directory share: a site with the operator's own file, and entries to write into it."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portal.cli import main
from portal.helplines.directory import Country, Directory, read_directory
from portal.helplines.service import Service
from portal.settings import ROOT, Settings

SHIPPED = ROOT / "content" / "helplines"

# An entry of the operator for the Bosnian children's line with another number than the shipped one.
OTHER_NUMBER = """\
  - id: plavi-telefon
    number: "033 111 222"
    instead_of: "080 05 03 05"
    status: verified
    last_verified: "2025-11-20"
    verified_by: "Ana"
    verified_how: phone
"""
NEW_LINE = """\
  - id: school-line
    kind: helpline
    name: "Školska linija"
    name_lang: "bs"
    url: "https://www.example.org/"
    audience: everyone
    sources: ["https://www.example.org/"]
    confidence: high
    status: candidate
"""


@dataclass
class Site:
    """A site of a test's own with its commands: `own` is the operator's file, which does not exist yet."""

    settings: Settings
    own: Path

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(main, arguments)

    def helplines(self, *arguments: str) -> Result:
        return self.run("helplines", *arguments)

    def verify_all(self) -> None:
        """Record a check of every Bosnian service, with which nothing is left to mend."""
        for name in ("emergency", "sigurnodijete-support", "plavi-telefon", "sigurnodijete-report"):
            assert self.helplines("verify", "BA", name, "--by", "Ana", "--how", "page").exit_code == 0

    def write(self, entries: str, head: str = 'country: "BA"\nservices:\n') -> Directory:
        self.own.write_text(head + entries, "utf-8")
        return read_directory(self.settings.content / "helplines", self.own)

    def ship(self, old: str, new: str) -> None:
        """Change the shipped Bosnian file, as an update does."""
        path = self.settings.content / "helplines" / "ba.yaml"
        text = path.read_text("utf-8")
        assert text.count(old) >= 1
        path.write_text(text.replace(old, new), "utf-8")


def site_in(tmp_path: Path, small: Settings, monkeypatch: pytest.MonkeyPatch) -> Site:
    """Give a site in a folder of the test's own, where its commands are run."""
    own = tmp_path / "own.yaml"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PORTAL_CONTENT", str(small.content))
    monkeypatch.setenv("PORTAL_TRANSLATIONS", str(small.translations))
    monkeypatch.setenv("PORTAL_HELPLINES", "own.yaml")
    monkeypatch.setenv("PORTAL_ADDRESS", Settings.address)
    return Site(replace(small, helplines=str(own)), own)


def bosnia(directory: Directory) -> Country:
    found = directory.country("BA")
    assert found
    return found


def line(directory: Directory, name: str = "plavi-telefon") -> Service:
    found = bosnia(directory).service(name)
    assert found
    return found
