"""Catalogs are read strictly, written without loss, and compiled without anything that readers must not see."""

import shutil
import subprocess
from pathlib import Path

import babel.messages
import pytest
from babel.messages.pofile import read_po
from catalogs import catalog, compiled, template
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.content.compiled import compile_catalog, is_compiled
from portal.content.language import language
from portal.content.po import Stats, same_meaning, stats, update
from portal.content.pofile import Catalog, Entry, parse, read, write
from portal.content.problem import ContentError
from portal.content.vetting import advise, check_catalog

gettext_tools = pytest.mark.skipif(not shutil.which("msgmerge"), reason="GNU gettext is not installed")


@pytest.fixture(params=["with msgmerge", "without msgmerge"])
def tools(request, monkeypatch):
    """Both ways that a machine can be equipped."""
    if request.param == "without msgmerge":
        monkeypatch.setattr(shutil, "which", lambda name: None)
    elif not shutil.which("msgmerge"):
        pytest.skip("GNU gettext is not installed")


# Reading and writing


texts = st.text(min_size=1, max_size=30)


@given(st.lists(st.builds(Entry, text=texts, translations=st.tuples(st.text(max_size=30)), context=st.none() | texts)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_written_is_read_again(tmp_path, entries):
    entries = tuple({entry.key: entry for entry in entries}.values())
    path = tmp_path / "a.po"
    write(path, Catalog(Entry("", ("Language: de\n",)), entries))
    assert read(path).entries == entries


@gettext_tools
def test_gnu_gettext_writes_a_file_as_we_do(tmp_path):
    path = catalog(
        tmp_path,
        "de",
        Entry("One", ("Eins",), "ctx", comments=("# mine", "#. kind: item", "#: a.md b.md")),
        Entry("New", ("Neu",), flags=("fuzzy",), comments=("#: a.md", '#| msgid "Old"')),
        Entry("%(n)s a", ("%(n)s b", "%(n)s c"), plural="%(n)s as", flags=("python-format",)),
        Entry('Two\n"lines"\t\\ end', ("Zwei\nZeilen",)),
        Entry("Gone", ("Weg",), flags=("fuzzy",), comments=("# why", '#~| msgid "Before"'), obsolete=True),
    )
    ran = subprocess.run(["msgcat", "--no-wrap", path], capture_output=True, check=True)
    assert ran.stdout == path.read_bytes()
    write(path, read(path))
    assert ran.stdout == path.read_bytes()


def test_babel_reads_the_same_messages(tmp_path):
    path = catalog(
        tmp_path, "de", Entry("One", ("Eins",), "ctx"), Entry("a", ("b", "c"), plural="as"), Entry('"\\', ("ü",))
    )
    with path.open("rb") as file:
        theirs = read_po(file, abort_invalid=True)
    ours = {(entry.context, entry.texts[0]): entry.translations for entry in read(path).entries}
    assert ours == {
        (one.context, one.id if isinstance(one.id, str) else one.id[0]): (one.string,)
        if isinstance(one.string, str)
        else one.string
        for one in theirs
        if one.id
    }


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('msgid "a"\nmsgstr "b\n', 2),
        ('msgid "a"\nmsgstr "b" c\n', 2),
        ('msgid "a"\nmsgstr "\\x3c"\n', 2),
        ('msgid "a"\n\nmsgid "b"\nmsgstr ""\n', 3),
        ('msgid "a"\n# b\n', 2),
        ('msgstr "a"\n', 1),
        ('"a"\n', 1),
        ('msgid "a"\nmsgid_plural "b"\nmsgstr[1] "c"\n', 3),
        ('msgid "a"\nmsgstr ""\n\nmsgid "a"\nmsgstr "b"\n', 5),
        ("<<<<<<< HEAD\n", 1),
    ],
)
def test_a_broken_file_is_refused_with_the_line(text, line):
    with pytest.raises(ContentError) as caught:
        parse("de.po", text.encode())
    assert (caught.value.problems[0].path, caught.value.problems[0].line) == ("de.po", line)


def test_a_file_in_another_encoding_is_refused_with_the_line():
    with pytest.raises(ContentError, match=r"de\.po:2: file: .*UTF-8"):
        parse("de.po", 'msgid "a"\nmsgstr "ü"\n'.encode("latin-1"))


def test_windows_line_ends_and_a_byte_order_mark_are_no_faults():
    read_entry = parse("de.po", '\ufeffmsgid "a"\r\nmsgstr "b"\r\n'.encode()).entries
    assert read_entry == (Entry("a", ("b",)),)


def test_prose_with_a_percent_sign_stays_prose(tmp_path):
    path = catalog(tmp_path, "fr", Entry("Over 50% of children", ("Plus de 50 % des enfants",)))
    write(path, read(path))
    assert "format" not in path.read_text("utf-8")


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = catalog(tmp_path, "de", Entry("a", ("b",)))
    before = path.read_bytes()

    def fail(self, target):
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        write(path, Catalog(None, ()))
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == ["content.po"]


# Bringing up to date


@pytest.mark.usefixtures("tools")
def test_a_new_catalog_has_the_plurals_of_its_language(tmp_path):
    pot = template(tmp_path, "a", Entry("%(n)s day", ("", ""), plural="%(n)s days"))
    po = tmp_path / "ar" / "LC_MESSAGES" / "content.po"
    update(pot, po, language("ar"))
    begun = read(po)
    assert begun.headers["Plural-Forms"] == f"{language('ar').plural};"
    assert begun.headers["Language"] == "ar"
    assert [len(entry.translations) for entry in begun.entries] == [1, 6]
    assert check_catalog(po, "content", language("ar")) == []


@pytest.mark.usefixtures("tools")
def test_a_catalog_that_is_up_to_date_is_not_touched(tmp_path):
    pot = template(tmp_path, "a", "b", Entry("c", comments=tuple(f"#: content/{n}.md" for n in "abc")))
    po = tmp_path / "de" / "LC_MESSAGES" / "content.po"
    update(pot, po, language("de"))
    update(
        template(tmp_path, "a", "b", Entry("c", comments=("#: content/a.md content/b.md content/c.md",))),
        po,
        language("de"),
    )
    before = po.read_bytes(), po.stat().st_mtime_ns
    update(template(tmp_path, "a", "b", read(pot).entries[2], date="2026-09-09 10:00+0000"), po, language("de"))
    assert (po.read_bytes(), po.stat().st_mtime_ns) == before


@pytest.mark.usefixtures("tools")
def test_a_changed_text_loses_its_translation_and_keeps_it_as_a_guess_at_most(tmp_path):
    po = catalog(tmp_path, "de", Entry("Ask a grown-up you trust.", ("Frag jemanden.",)))
    update(template(tmp_path, "Ask a grown-up you trust today."), po, language("de"))
    translations, _ = compiled(po)
    assert translations.gettext("Ask a grown-up you trust today.") == "Ask a grown-up you trust today."
    entry = read(po).entries[0]
    assert not entry.translated
    assert entry.previous in (None, "Ask a grown-up you trust.")


@gettext_tools
def test_msgmerge_keeps_the_text_that_a_guess_was_made_for(tmp_path):
    po = catalog(tmp_path, "de", Entry("Ask a grown-up you trust.", ("Frag jemanden.",)))
    update(template(tmp_path, "Ask a grown-up you trust today."), po, language("de"))
    entry = read(po).entries[0]
    assert entry.fuzzy
    assert entry.previous == "Ask a grown-up you trust."
    assert '#| msgid "Ask a grown-up you trust."' in po.read_text("utf-8")


@pytest.mark.usefixtures("tools")
def test_an_update_keeps_remarks_headers_and_what_is_gone(tmp_path):
    po = catalog(
        tmp_path,
        "de",
        Entry("a", ("b",), comments=("# my remark", "#: content/old.md")),
        Entry("Completely different words", ("Weg",), flags=("fuzzy",)),
        X_Generator="Poedit 3",
    )
    update(template(tmp_path, "a"), po, language("de"))
    after = read(po)
    assert after.entries[0].comments == ("# my remark", "#: content/a.md")
    assert after.headers["X-Generator"] == "Poedit 3"
    assert (after.entries[1].obsolete, after.entries[1].fuzzy) == (True, True)


@pytest.mark.usefixtures("tools")
def test_a_guess_that_comes_back_is_still_a_guess(tmp_path):
    po = catalog(tmp_path, "de", Entry("a", ("b",), flags=("fuzzy",)), Entry("kept", ("behalten",)))
    update(template(tmp_path, "kept"), po, language("de"))
    update(template(tmp_path, "kept", "a"), po, language("de"))
    assert {entry.text: entry.translated for entry in read(po).entries} == {"kept": True, "a": False}


@pytest.mark.usefixtures("tools")
def test_an_update_marks_the_cut_of_the_texts(tmp_path):
    po = catalog(tmp_path, "de", Entry("a", ("b",), comments=("#: content/a.md",)), X_Tokeniser="0")
    with pytest.raises(ContentError, match="X-Tokeniser"):
        compiled(po)
    update(template(tmp_path, "a"), po, language("de"))
    assert compiled(po)[0].gettext("a") == "b"


@pytest.mark.usefixtures("tools")
def test_an_update_refuses_a_broken_catalog_and_leaves_it(tmp_path):
    po = tmp_path / "content.po"
    po.write_text('msgid "a\n')
    with pytest.raises(ContentError):
        update(template(tmp_path, "a"), po, language("de"))
    assert po.read_text() == 'msgid "a\n'


# Counting and keeping


def test_what_is_counted_is_the_present_template_and_what_readers_see(tmp_path):
    pot = template(tmp_path, "a", "b", "c", "d", "Tell someone.")
    po = catalog(
        tmp_path,
        "de",
        Entry("a", ("A",)),
        Entry("b", ("B",), flags=("fuzzy",)),
        Entry("c", ("",)),
        Entry("gone", ("weg",)),
        Entry("Tell someone.", ("Ruf 0900 123",)),
    )
    counted = stats(pot, po, "content", language("de"))
    assert counted == Stats(total=5, translated=1, fuzzy=1)
    assert (counted.untranslated, counted.share) == (3, 0.2)
    assert stats(pot, tmp_path / "none.po", "content", language("de")) == Stats(5, 0, 0)


def test_a_corrected_text_keeps_its_translations_in_every_language(tmp_path):
    files = [catalog(tmp_path, code, Entry("Tel someone.", (f"in {code}",))) for code in ("de", "fr")]
    assert same_meaning("Tel someone.", "Tell someone.", files) == 2
    assert [read(po).entries for po in files] == [(Entry("Tell someone.", (f"in {code}",)),) for code in ("de", "fr")]


@pytest.mark.usefixtures("tools")
@pytest.mark.parametrize("text", ["Tell someone you trust.", "Words that are like no others here"])
def test_a_corrected_text_keeps_its_translation_after_an_update_too(tmp_path, text):
    po = catalog(tmp_path, "de", Entry("Tel someone you trust.", ("Sag es.",)))
    pot = template(tmp_path, text)
    update(pot, po, language("de"))
    assert stats(pot, po, "content", language("de")).translated == 0
    assert same_meaning("Tel someone you trust.", text, [po]) == 1
    assert stats(pot, po, "content", language("de")) == Stats(1, 1, 0)
    assert read(po).entries[0].previous is None


def test_a_guess_stays_a_guess_and_a_translation_is_not_overwritten(tmp_path):
    po = catalog(tmp_path, "de", Entry("old", ("geraten",), flags=("fuzzy",)))
    same_meaning("old", "new", [po])
    assert read(po).entries[0].fuzzy
    po = catalog(tmp_path, "de", Entry("old", ("alt",)), Entry("new", ("neu",)))
    assert same_meaning("old", "new", [po]) == 0


def test_a_corrected_text_is_told_apart_by_its_context(tmp_path):
    po = catalog(tmp_path, "de", Entry("old", ("a",), "x"), Entry("old", ("b",)), Entry("new", ("",)))
    same_meaning("old", "new", [po])
    assert read(po).entries == (Entry("new", ("a",), "x"), Entry("new", ("b",)))


# Compiling and checking


def test_only_what_somebody_stands_for_is_compiled(tmp_path):
    po = catalog(
        tmp_path,
        "de",
        Entry("a", ("A",)),
        Entry("a", ("Kontext",), "x"),
        Entry("b", ("B",), flags=("fuzzy",)),
        Entry("c", ("",)),
        Entry("d", ("D",), obsolete=True),
        Entry("Tell someone.", ("[Sag es](https://evil.example)",)),
    )
    translations, problems = compiled(po)
    assert translations.gettext("a") == "A"
    assert translations.pgettext("x", "a") == "Kontext"
    assert [translations.gettext(text) for text in "bcd"] == ["b", "c", "d"]
    assert translations.gettext("Tell someone.") == "Tell someone."
    assert [(one.path, one.rule) for one in problems] == [(str(po), "link-added")]
    assert "evil.example" in po.read_text("utf-8").splitlines()[problems[0].line - 1]
    assert translations.info()["x-tokeniser"] == "1"


@given(
    st.lists(
        st.tuples(texts, st.text(max_size=10), st.sampled_from([(), ("fuzzy",), ("no-wrap", "fuzzy")])), max_size=8
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_guess_is_ever_compiled(tmp_path, listed):
    entries = {text: Entry(text, (translation,), flags=flags) for text, translation, flags in listed}
    translations, _ = compiled(catalog(tmp_path, "de", *entries.values()))
    for text, entry in entries.items():
        if entry.flags:
            assert translations.gettext(text) == text


@pytest.mark.parametrize("rule", ["header is missing", "fuzzy", "plural", "X-Tokeniser", "not UTF-8"])
def test_a_catalog_that_can_not_be_trusted_is_refused_whole_and_the_old_one_stays(tmp_path, rule):
    entry = Entry("%(n)s a", ("b", "c"), plural="%(n)s as")
    po = catalog(tmp_path, "de", entry)
    po.with_suffix(".mo").write_bytes(b"old")
    if rule == "header is missing":
        write(po, Catalog(None, (entry,)))
    elif rule == "fuzzy":
        catalog(tmp_path, "de", entry, flags=("fuzzy",))
    elif rule == "not UTF-8":
        po.write_bytes(b'msgid "\xff"\nmsgstr ""\n')
    else:
        catalog(tmp_path, "de", entry, **{"Plural-Forms" if rule == "plural" else rule: "nplurals=1; plural=0;"})
    with pytest.raises(ContentError, match=rule):
        compile_catalog(po, po.with_suffix(".mo"), "content")
    assert po.with_suffix(".mo").read_bytes() == b"old"
    assert any(rule in str(problem) for problem in check_catalog(po, "content", language("de")))


def test_babels_own_arabic_plurals_are_refused(tmp_path):
    po = catalog(tmp_path, "ar", domain="messages", Plural_Forms=babel.messages.Catalog("ar").plural_forms)
    with pytest.raises(ContentError, match="Plural-Forms"):
        compiled(po, "messages")


def test_weblates_spelling_of_the_same_plurals_is_accepted(tmp_path):
    weblates = "nplurals=3; plural=n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2;"
    po = catalog(tmp_path, "bs", domain="messages", Plural_Forms=weblates)
    assert check_catalog(po, "messages", language("bs")) == []
    compiled(po, "messages")


def test_a_content_catalog_made_by_another_tool_can_be_compiled(tmp_path):
    po = catalog(tmp_path, "tr", Entry("a", ("b",)), Plural_Forms="nplurals=1; plural=0;")
    assert compiled(po)[0].gettext("a") == "b"


def test_each_arabic_plural_has_its_form(tmp_path):
    forms = ("sıfır", "bir", "iki", "%(n)s az", "%(n)s çok", "%(n)s diğer")
    po = catalog(tmp_path, "ar", Entry("%(n)s day", forms, plural="%(n)s days"), domain="messages")
    translations, problems = compiled(po, "messages")
    assert problems == []
    said = [translations.ngettext("%(n)s day", "%(n)s days", n) for n in (0, 1, 2, 3, 11, 100)]
    assert said == list(forms)


def test_a_plural_with_a_form_missing_is_untranslated(tmp_path):
    po = catalog(tmp_path, "de", Entry("%(n)s a", ("%(n)s b", ""), plural="%(n)s as"), domain="messages")
    translations, problems = compiled(po, "messages")
    assert problems == []
    assert translations.ngettext("%(n)s a", "%(n)s as", 2) == "%(n)s as"


@pytest.mark.parametrize(
    ("code", "forms", "rule"),
    [
        ("de", ("%(n)s Tag", "Tage"), "placeholder-lost"),
        ("de", ("ein Tag", "%(m)s Tage"), "placeholder-added"),
        ("fr", ("un jour", "%(n)s jours"), "placeholder-lost"),
        ("bs", ("jedan dan", "%(n)s dana", "%(n)s dana"), "placeholder-lost"),
        ("bs", ("%(n)s dan", "%(n)s dana"), "plural"),
    ],
)
def test_plural_forms_are_held_to_their_placeholders(tmp_path, code, forms, rule):
    po = catalog(
        tmp_path, code, Entry("%(n)s day", forms, plural="%(n)s days", flags=("python-format",)), domain="messages"
    )
    assert rule in {problem.rule for problem in check_catalog(po, "messages", language(code))}
    assert rule in {problem.rule for problem in compiled(po, "messages")[1]}


def test_a_form_for_one_number_may_say_it_as_a_word(tmp_path):
    po = catalog(tmp_path, "de", Entry("%(n)s day", ("ein Tag", "%(n)s Tage"), plural="%(n)s days"), domain="messages")
    assert check_catalog(po, "messages", language("de")) == []


@gettext_tools
def test_what_only_msgfmt_finds_is_told_too(tmp_path):
    po = catalog(tmp_path, "de", Entry("One.\n", ("Eins.",)), domain="messages")
    assert [problem.rule for problem in check_catalog(po, "messages", language("de"))] == ["msgfmt"]


def test_a_catalog_says_which_language_it_is_in(tmp_path):
    po = catalog(tmp_path, "sr-Latn", Language="sr")
    assert "sr_Latn" in str(check_catalog(po, "content", language("sr-Latn"))[0])


def test_advice_is_given_for_what_is_shown_all_the_same(tmp_path):
    po = catalog(tmp_path, "de", Entry("Say *yes*.", ("Sag ja.",)))
    assert check_catalog(po, "content", language("de")) == []
    assert [problem.rule for problem in advise(po, "content", language("de"))] == ["count"]


def test_compiling_twice_gives_the_same_bytes_and_is_known_to_be_done(tmp_path):
    po = catalog(tmp_path, "de", Entry("b", ("B",)), Entry("a", ("Ä",)), Entry("a", ("X",), "ctx"))
    mo = po.with_suffix(".mo")
    assert not is_compiled(po, mo)
    compile_catalog(po, mo, "content")
    first = mo.read_bytes()
    assert is_compiled(po, mo)
    mo.unlink()
    compile_catalog(po, mo, "content")
    assert mo.read_bytes() == first
    catalog(tmp_path, "de", Entry("b", ("C",)))
    assert not is_compiled(po, mo)


@gettext_tools
def test_msgunfmt_reads_what_we_compile(tmp_path):
    po = catalog(tmp_path, "de", Entry("b", ("B",)), Entry("a", ("b", "c"), plural="as"), Entry("a", ("X",), "ctx"))
    compile_catalog(po, po.with_suffix(".mo"), "content")
    ran = subprocess.run(["msgunfmt", "--no-wrap", po.with_suffix(".mo")], capture_output=True, check=True)
    assert set(parse("mo", ran.stdout).entries) == set(read(po).entries)
