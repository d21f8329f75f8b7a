"""The thirty cases that translating markdown through gettext must pass."""

import re
import shutil
import threading
from dataclasses import dataclass
from pathlib import Path

import pytest
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup
from catalogs import catalog, header
from click.testing import CliRunner
from flask_babel import gettext

from portal.app import create_app
from portal.cli import main
from portal.content.compiled import compile_catalog
from portal.content.document import read_document
from portal.content.extract import content_template, write_template
from portal.content.head import PRACTICE
from portal.content.language import language
from portal.content.library import read_library
from portal.content.message import Translation
from portal.content.parts import parts_of
from portal.content.po import update
from portal.content.pofile import Catalog, Entry, read, write
from portal.content.problem import ContentError
from portal.negotiate import best_language
from portal.settings import ROOT, Settings
from portal.site import read_site

SAMPLE = "---\nkind: page\ntitle: A sample\nsummary: What it is.\naudience: everyone\nreviewed: 2026-01-01\n---\n\n"
LANGUAGES = ("en", "fr", "tr", "ar", "bs", "hr")


def document(body):
    return read_document("content/pages/sample.md", "sample", SAMPLE + body)


def texts(body):
    return [message.text for message in document(body).messages()[2:]]


def rendered(body, translations, reader="fr", **env):
    """Give the HTML of a body for a reader, each text translated by `translations` (None: missing) or by itself."""

    def lookup(code, message):
        text = translations.get(message.text, message.text)
        return None if text is None else Translation(text, code)

    return html_of(document(body).render(reader, lookup, env))


def html_of(page):
    return str(page.opening) + "".join(f'<h2 id="{part.id}">{part.heading}</h2>{part.html}' for part in page.sections)


@dataclass
class World:
    """A small site of a test's own, with one page to try things on."""

    folder: Path
    languages: tuple[str, ...] = LANGUAGES

    @property
    def settings(self):
        content, translations = self.folder / "content", self.folder / "translations"
        return Settings(content=content, translations=translations, languages=self.languages)

    def write(self, body, head=SAMPLE, name="sample"):
        path = self.folder / "content" / "pages" / f"{name}.md"
        path.write_text(head + body, "utf-8")

    def translate(self, code, translations=None, rest=True):
        """Compile a catalog: each text by `translations` (None: missing), or by itself unless the `rest` is missing."""
        given = translations or {}
        entries = []
        for entry in content_template(self.folder / "content").entries:
            text = given.get(entry.text, given.get(entry.key, entry.text if rest else None))
            entries.append(Entry(entry.text, (text or "",), entry.context))
        po = catalog(self.folder / "translations", code, *entries)
        return compile_catalog(po, po.with_suffix(".mo"), "content")

    def interface(self, code, *entries):
        po = catalog(self.folder / "translations", code, *entries, domain="messages")
        return compile_catalog(po, po.with_suffix(".mo"), "messages")

    def open(self, address):
        response = create_app(self.settings).test_client().get(address)
        assert response.status_code == 200
        return BeautifulSoup(response.get_data(as_text=True), "html5lib")

    def prose(self, code):
        return self.open(f"/{code}/sample/").select_one(".prose")

    def run(self, *arguments):
        folders = {name: str(self.folder / name) for name in ("content", "translations")}
        environment = {f"PORTAL_{name.upper()}": folder for name, folder in folders.items()}
        return CliRunner().invoke(main, ["messages", *arguments], env=environment)


@pytest.fixture
def world(tmp_path):
    shutil.copytree(ROOT / "content" / "pictures", tmp_path / "content" / "pictures")
    (tmp_path / "content" / "pages").mkdir()
    (tmp_path / "content" / "helplines").mkdir()
    (tmp_path / "translations").mkdir()
    made = World(tmp_path)
    made.write("Welcome.\n", name="home")
    return made


def test_case_01_reflowing_a_paragraph_keeps_its_key():
    assert texts("A\nb\n") == texts("A b\n") == texts("A\t\n   b\n") == ["A b"]


def test_case_02_hard_breaks_are_kept_in_one_message():
    for body in ("A\\\nb\n", "A  \nb\n"):
        assert len(texts(body)) == 1
        assert "<br />" in rendered(body, {})
        assert "<br />" in rendered(body, {texts(body)[0]: "Un\\\ndeux"})


def test_case_03_the_mark_of_a_right_answer_never_reaches_translators():
    body = "- [x] A long\n  phrase\n- [ ] Another\n"
    assert texts(body) == ["A long phrase", "Another"]
    html = rendered(body, {"A long phrase": "Une phrase", "Another": "Une autre"})
    assert re.findall(r"\[.\] \w+ \w+", html) == ["[x] Une phrase", "[ ] Une autre"]


def test_case_04_a_pipe_in_a_translation_stays_in_its_cell():
    body = "| h | i |\n|---|---|\n| x \\| y | z |\n"
    assert "x | y" in texts(body)
    html = rendered(body, {"x | y": "A | B"})
    assert "<td>A | B</td>" in html
    assert html.count("<td>") == 2


def test_case_05_empty_cells_and_headings_are_no_messages(world):
    body = "##\n\nText.\n\n| h | |\n|---|---|\n| | x |\n"
    assert texts(body) == ["Text.", "h", "x"]
    world.write(body)
    world.translate("fr")
    assert "Project-Id-Version" not in world.prose("fr").get_text()


@pytest.mark.parametrize(
    "translation",
    ["1. Mai ist frei", "# Mai", "- Mai", "> Mai", "    Mai", "Mai\n\nfrei", "::: note", "| a |\n|---|", "---"],
)
def test_case_06_a_translation_makes_no_block(translation):
    html = rendered("A paragraph.\n\nAnother.\n", {"A paragraph.": translation})
    assert re.findall(r"<(\w+)", html) == ["p", "p"]


@pytest.mark.parametrize("code", [code for code in Settings().languages if code != "en"])
def test_case_07_a_catalog_that_repeats_the_english_gives_the_english_page(code):
    library = read_library(ROOT / "content")
    assert library.documents
    for one in library.documents:
        english = one.render("en", lambda reader, message: None, {})
        repeated = one.render(code, lambda reader, message: Translation(message.text, reader), {})
        assert (repeated.title, repeated.summary) == (english.title, english.summary)
        assert (repeated.opening, repeated.sections) == (english.opening, english.sections)
        assert (repeated.language, repeated.share) == (code, 1)


def marked(reader, message):
    return Translation(f"⟦{message.text}⟧", reader)


def played_html_of(document, lookup):
    """Give all that readers see of what they play: their pages are made of parts, without the boxes before options."""
    parts = parts_of(document, "fr", lookup, {})
    shown = [prose for part in parts for prose in (part.heading, part.body, *part.aside.values())]
    shown += [prose for part in parts for option in part.options for prose in (option.label, option.reason)]
    return str(document.render("fr", lookup, {}).opening) + "".join(prose.html for prose in shown)


def test_case_08_every_visible_text_of_every_page_is_a_message(world):
    for one in read_library(ROOT / "content").documents:
        page = one.render("fr", marked, {})
        html = played_html_of(one, marked) if one.head.kind in PRACTICE else html_of(page)
        outside = re.sub(r"⟦[^⟦⟧]*⟧", "", BeautifulSoup(html, "html5lib").get_text())
        assert "⟦" in html, one.path
        assert not re.search(r"\w", outside), one.path
        assert page.title.text.startswith("⟦")
    world.write("Text.\n")
    world.translate("fr", {"A sample": "⟦A sample⟧"})
    assert world.open("/fr/sample/").title.get_text().startswith("⟦A sample⟧")


def test_case_09_a_percent_sign_in_prose_is_no_format(world):
    world.write("Over 50% of children\n")
    assert world.run("extract").exit_code == 0
    assert "format" not in (world.folder / "translations" / "content.pot").read_text("utf-8")
    world.translate("fr", {"Over 50% of children": "Plus de 50 % des enfants"})
    assert world.run("compile").exit_code == 0
    assert "Plus de 50 % des enfants" in world.prose("fr").get_text()


def test_case_10_nothing_fuzzy_is_shown_and_a_fuzzy_header_is_told(world):
    world.write("One.\n\nTwo.\n\nThree.\n\nFour.\n\nFive.\n\nSix.\n")
    world.translate("fr")
    po = world.folder / "translations" / "fr" / "LC_MESSAGES" / "content.po"
    guessed = [
        Entry(one.text, ("Deviné.",), one.context, flags=("fuzzy",)) if one.text == "One." else one
        for one in read(po).entries
    ]
    write(po, Catalog(read(po).header, tuple(guessed)))
    assert world.run("compile").exit_code == 0
    assert "One." in world.prose("fr").get_text()
    assert "Deviné" not in world.prose("fr").get_text()
    write(po, Catalog(Entry("", (header("fr"),), flags=("fuzzy",)), tuple(guessed)))
    for command in ("compile", "check"):
        ran = world.run(command)
        assert ran.exit_code == 1
        assert f"{po}:" in ran.output
        assert "fuzzy" in ran.output


def test_case_11_a_changed_text_shows_no_old_translation(world):
    world.write("Ask a grown-up you trust.\n")
    world.translate("fr", {"Ask a grown-up you trust.": "Demande à un adulte."})
    world.write("Ask a grown-up you trust today.\n")
    assert "Demande" not in world.prose("fr").get_text()
    assert world.run("extract").exit_code == world.run("update").exit_code == world.run("compile").exit_code == 0
    assert "Demande" not in world.prose("fr").get_text()
    if shutil.which("msgmerge"):
        po = world.folder / "translations" / "fr" / "LC_MESSAGES" / "content.po"
        entry = next(entry for entry in read(po).entries if entry.text == "Ask a grown-up you trust today.")
        assert (entry.fuzzy, entry.previous) == (True, "Ask a grown-up you trust.")


def test_case_12_a_missing_paragraph_says_that_it_is_english(world):
    world.write("One.\n\nTwo.\n\nThree.\n\nFour.\n")
    world.translate("fr", {"One.": "Un.", "Two.": None, "Three.": "Trois.", "Four.": "Quatre."})
    paragraphs = {p.get_text(): p.attrs for p in world.prose("fr").select(".opening p")}
    assert paragraphs == {"Un.": {}, "Two.": {"lang": "en", "dir": "ltr"}, "Trois.": {}, "Quatre.": {}}


def test_case_13_a_missing_item_of_a_tight_list_says_so_in_arabic(world):
    world.write("- One.\n- Two.\n- Three.\n- Four.\n")
    world.translate("ar", {"One.": "واحد.", "Two.": None})
    page = world.open("/ar/sample/")
    assert (page.html["lang"], page.html["dir"]) == ("ar", "rtl")
    first, second = page.select(".prose li")[:2]
    assert (first.get_text(), first.attrs, first.span) == ("واحد.", {}, None)
    assert (second.span.get_text(), second.span.attrs) == ("Two.", {"lang": "en", "dir": "ltr"})


def test_case_14_croatian_takes_from_bosnian_what_it_lacks_with_bosnian_plurals(world):
    world.write("One.\n\nTwo.\n")
    world.translate("hr", {"One.": "Jedan hr.", "Two.": None})
    world.translate("bs", {"Two.": "Dva bs."})
    paragraphs = {p.get_text(): p.get("lang") for p in world.prose("hr").select(".opening p")}
    assert paragraphs == {"Jedan hr.": None, "Dva bs.": "bs"}
    world.interface("bs", Entry("%(n)s day", ("%(n)s dan", "%(n)s dana", "%(n)s danâ"), plural="%(n)s days"))
    world.interface("hr")
    croatian = read_site(world.settings).interface["hr"]
    assert [croatian.ngettext("%(n)s day", "%(n)s days", n) for n in (1, 2, 5)] == [
        "%(n)s dan",
        "%(n)s dana",
        "%(n)s danâ",
    ]


def test_case_15_arabic_has_six_plurals_in_cldr_order(world):
    forms = tuple(f"%(n)s {letter}" for letter in "abcdef")
    world.interface("ar", Entry("%(n)s day", forms, plural="%(n)s days"))
    arabic = read_site(world.settings).interface["ar"]
    said = [arabic.ngettext("%(n)s day", "%(n)s days", n) for n in (0, 1, 2, 3, 11, 100)]
    assert said == list(forms)


def test_case_16_an_added_link_is_not_shown_and_check_names_it(world):
    world.write("Tell someone.\n\nTwo.\n\nThree.\n\nFour.\n")
    problems = world.translate("fr", {"Tell someone.": "[Dis-le](https://evil.example)"})
    assert [problem.rule for problem in problems] == ["link-added"]
    assert "Tell someone." in world.prose("fr").get_text()
    world.run("extract")
    ran = world.run("check")
    assert ran.exit_code == 1
    assert re.search(r"fr/LC_MESSAGES/content\.po:\d+: link-added: .*evil\.example", ran.output)


HOSTILE = [
    "<script>alert(1)</script>",
    "[a](javascript:alert(1))",
    "![](https://evil.example/a)",
    "//evil.example",
    "<https://evil.example>",
]


def test_case_17_no_hostile_translation_reaches_a_page(world):
    sources = [f"Sentence {word}." for word in ("one", "two", "three", "four", "five")]
    world.write("\n\n".join((*sources, *("Word" + "s" * n for n in range(40)))) + "\n")
    assert len(world.translate("fr", dict(zip(sources, HOSTILE, strict=True)))) >= 5
    html = str(world.prose("fr"))
    assert not re.search(r"<script|javascript|evil|<img", html)
    assert all(source in html for source in sources)
    # The parser itself makes nothing of most of them: it has no HTML, and no scripts or foreign pictures in links.
    for text in HOSTILE[:2]:
        assert not re.search(r"<script|href", rendered("Tell someone.\n", {"Tell someone.": text}))


def test_case_18_links_may_change_places_but_not_targets(world):
    source = "See [a](/) and [b](/help/) and [b](/help/)."
    world.write(f"{source}\n\nTwo.\n\nThree.\n\nFour.\n")
    for translation, shown in {
        "Voir [a](/).": False,
        "Voir [a](/) et [b](/aide/).": False,
        "Voir [b](/help/), [b](/help/) et [a](/).": True,
        "Voir [b](/help/) et [a](/).": True,
    }.items():
        world.translate("fr", {source: translation})
        assert ("Voir" in world.prose("fr").get_text()) == shown, translation


@pytest.mark.parametrize(("character", "shown"), [("\u202e", False), ("\u200f", True)])
def test_case_19_overrides_of_direction_are_refused_and_marks_are_not(world, character, shown):
    world.write("One.\n\nTwo.\n\nThree.\n\nFour.\n")
    world.translate("ar", {"One.": f"واحد{character}."})
    assert ("واحد" in world.prose("ar").get_text()) == shown


def test_case_20_a_number_that_the_source_does_not_have_is_refused(world):
    world.write("Search.\n\nTwo.\n\nThree.\n\nFour.\n")
    problems = world.translate("tr", {"Search.": "Arayın: 0900 123 456"})
    assert [problem.rule for problem in problems] == ["number"]
    assert "0900" not in world.prose("tr").get_text()


def test_case_21_links_lead_to_the_page_in_the_readers_language(world):
    world.write("[a](/help/) [b](/sample/#x) [c](#x) [d](https://example.org/a) [e](helpline:child)\n")
    world.translate("tr")
    links = {link.get_text(): link["href"] for link in world.prose("tr").select("a")}
    assert links == {
        "a": "/tr/help/",
        "b": "/tr/sample/#x",
        "c": "#x",
        "d": "https://example.org/a",
        "e": "/tr/help/#talk",
    }


def test_case_22_a_translated_heading_keeps_its_anchor(world):
    world.write("## One heading {#first}\n\nText.\n\n## Two words\n\nText.\n")
    world.translate("ar", {"One heading": "عنوان", "Two words": "كلمتان"})
    assert [part["id"] for part in world.prose("ar").select("section")] == ["first", "two-words"]
    assert [part["id"] for part in world.prose("en").select("section")] == ["first", "two-words"]


def test_case_23_the_head_is_translated_where_it_is_text_and_errors_name_the_line(world):
    world.write("Text.\n")
    contexts = {entry.key for entry in content_template(world.folder / "content").entries}
    assert {("front:title", "A sample"), ("front:summary", "What it is.")} < contexts
    assert not {text for _, text in contexts} & {"page", "everyone", "2026-01-01"}
    world.translate("fr", {"A sample": "Un exemple", "What it is.": "Ce que c’est."})
    page = world.open("/fr/sample/")
    assert page.h1.get_text() == "Un exemple"
    assert page.find("meta", attrs={"name": "description"})["content"] == "Ce que c’est."
    world.write("Text.\n", head="---\nkind: page\ntitle: [\n---\n")
    with pytest.raises(ContentError, match=r"\S*content/pages/sample\.md:[34]: head: ") as caught:
        content_template(world.folder / "content")
    assert len(caught.value.problems) == 1
    ran = world.run("extract")
    assert ran.exit_code == 1
    assert "sample.md:" in ran.output


def test_case_24_remarks_reach_translators_and_never_readers(world):
    world.write(
        "<!-- i18n: a note -->\n\nOne.\n\n<!-- i18n: ctx=verb -->\n\nBlock\n\n"
        "<!-- i18n:off -->\n\nEnglish only.\n\n<!-- i18n:on -->\n\nTwo.\n"
    )
    write_template(world.folder / "content.pot", content_template(world.folder / "content"))
    pot = (world.folder / "content.pot").read_text("utf-8")
    assert re.search(r'#\. a note\n(#.*\n)+msgid "One\."', pot)
    assert 'msgctxt "verb"\nmsgid "Block"' in pot
    assert "English only" not in pot
    world.translate("fr", {"One.": "Un.", "Block": "Bloquer", "Two.": "Deux."})
    prose = world.prose("fr")
    assert "i18n" not in str(prose)
    assert {p.get_text(): p.get("lang") for p in prose.select(".opening p")} == {
        "Un.": None,
        "Bloquer": None,
        "English only.": "en",
        "Deux.": None,
    }


def test_case_25_the_same_word_in_two_contexts_has_two_translations(world):
    world.write("<!-- i18n: ctx=verb -->\n\nBlock\n\n<!-- i18n: ctx=noun -->\n\nBlock\n")
    world.translate("fr", {("verb", "Block"): "Bloquer", ("noun", "Block"): "Un bloc"})
    assert [p.get_text() for p in world.prose("fr").select(".opening p")] == ["Bloquer", "Un bloc"]


@pytest.mark.parametrize(
    ("asked", "given"),
    [("sr-Latn-RS", "sr-Latn"), ("sh", "sr-Latn"), ("en;q=0,fr", "fr"), ("fr,tr;q=0.5," * 500, "en"), ("xx", "en")],
)
def test_case_26_readers_are_led_to_their_language(asked, given):
    assert best_language(asked, ["en", "fr", "tr", "sr", "sr-Latn", "bs"]) == given
    assert best_language("sr-Latn-RS", ["en", "sr", "bs"]) == "bs"


@pytest.mark.parametrize(("translated", "whole"), [(79, False), (80, True)])
def test_case_27_below_eighty_percent_a_page_is_shown_in_english(world, translated, whole):
    sources = [f"Sentence {'x' * n}." for n in range(1, 99)]
    world.write("\n\n".join(sources) + "\n")
    # The title and the summary are two of the hundred texts.
    world.translate(
        "fr", {source: f"Phrase {source[9:]}" if n < translated - 2 else None for n, source in enumerate(sources)}
    )
    page = world.open("/fr/sample/")
    assert ("Phrase x." in page.get_text()) == whole
    assert bool(page.select('.prose p[lang="en"]')) == whole
    assert bool(page.select('.prose > [lang="en"]')) == (not whole)
    assert page.select(".notice")
    assert bool(page.find("meta", attrs={"name": "robots", "content": "noindex"})) == (not whole)
    listed = {link["hreflang"] for link in world.open("/en/sample/").select("link[hreflang]")}
    assert ("fr" in listed) == whole


def test_case_28_large_catalogs_are_brought_up_to_date(tmp_path):
    words = ("help", "photo", "game", "chat", "friend", "secret", "camera", "school")
    sentences = [f"Sentence {n} about a {words[n % 8]} and a {words[n // 8 % 8]}, number {n}." for n in range(5000)]
    po = catalog(tmp_path, "fr", *(Entry(one, (f"Fr {n}",)) for n, one in enumerate(sentences)))
    changed = [f"{one} Changed." if n % 20 == 0 else one for n, one in enumerate(sentences)]
    pot = tmp_path / "content.pot"
    head = "Content-Type: text/plain; charset=UTF-8\nX-Tokeniser: 1\n"
    write(pot, Catalog(Entry("", (head,)), tuple(map(Entry, changed))))
    update(pot, po, language("fr"))
    after = read(po).entries
    assert sum(not entry.obsolete for entry in after) == 5000
    assert sum(entry.translated for entry in after) == 4750
    pages = tmp_path / "content" / "pages"
    pages.mkdir(parents=True)
    for n in range(500):
        (pages / f"page-{n}.md").write_text(f"{SAMPLE}Text {n} *with* [a link](/help/).\n\n- One\n- Two\n")
    # One paragraph a page; title, summary and items are the same on all.
    assert len(content_template(tmp_path / "content").entries) == 504


def test_case_29_pybabel_extracts_the_same_twice_with_the_lines_of_the_texts(tmp_path, monkeypatch):
    shutil.copytree(ROOT / "content", tmp_path / "content")
    monkeypatch.chdir(tmp_path)
    pots = []
    for _ in range(2):
        CommandLineInterface().run(
            ["pybabel", "-q", "extract", "-F", str(ROOT / "babel-content.cfg"), "-o", "a.pot", "."]
        )
        pots.append(re.sub(rb'"POT-Creation-Date.*', b"", Path("a.pot").read_bytes()))
    assert pots[0] == pots[1]
    with Path("a.pot").open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    assert messages
    for message in messages:
        first = re.split(r"\W+", message.id.lstrip("*[“"))[0]
        for path, line in message.locations:
            assert first in Path(path).read_text("utf-8").split("\n")[line - 1], (path, line, message.id)


def test_case_30_languages_never_mix_and_none_is_needed_outside_a_request(world):
    world.write("Text.\n")
    for code in ("fr", "tr"):
        world.translate(code, {"Text.": f"In {code}."})
        world.interface(code, Entry("Help", (f"Help in {code}",)))
    app = create_app(world.settings)
    with app.app_context():
        assert gettext("Help") == "Help"
    wrong = []

    def visit(code, other):
        for _ in range(40):
            html = app.test_client().get(f"/{code}/sample/?{threading.get_ident()}").get_data(as_text=True)
            if f"In {code}." not in html or f"in {other}" in html.lower() or f'lang="{code}"' not in html:
                wrong.append(code)

    threads = [threading.Thread(target=visit, args=pair) for pair in (("fr", "tr"), ("tr", "fr")) * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
