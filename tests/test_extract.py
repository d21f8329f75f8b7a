"""Templates hold every text once, say where it stands, and change only when a text does."""

import io
import shutil

import pytest
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

from portal.content.document import read_document
from portal.content.extract import content_template, extract_markdown, interface_template, is_current, write_template
from portal.content.pofile import read
from portal.content.problem import ContentError
from portal.settings import ROOT

HEAD = "---\nkind: page\ntitle: A title\nsummary: A summary.\naudience: everyone\nreviewed: 2026-01-01\n---\n"


def page(folder, name, body, head=HEAD):
    path = folder / "content" / "pages" / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(head + body, "utf-8", newline="")
    return path


def extracted(body, head=HEAD):
    file = io.BytesIO((head + body).encode())
    file.name = "content/pages/a.md"
    return list(extract_markdown(file, (), (), {}))


def pybabel(folder, mapping, monkeypatch):
    """Run `pybabel extract` on a folder with one of the mapping files of the repository, and read what it wrote."""
    monkeypatch.chdir(folder)
    pot = folder / "by-pybabel.pot"
    CommandLineInterface().run(["pybabel", "-q", "extract", "-F", str(ROOT / mapping), "-o", str(pot), "."])
    with pot.open("rb") as file:
        return read_po(file), pot.read_bytes()


def keys_and_comments(catalog):
    """Give what translators see of a catalog that Babel has read; it wraps long comments."""
    return {
        (one.context, one.id if isinstance(one.id, str) else one.id[0]): " ".join(one.auto_comments)
        for one in catalog
        if one.id
    }


def our_keys_and_comments(catalog):
    return {
        entry.key: " ".join(line.removeprefix("#. ") for line in entry.comments if line.startswith("#."))
        for entry in catalog.entries
    }


def test_each_text_has_its_line_context_kind_and_notes():
    body = (
        "\nFirst\nparagraph.\n\n<!-- i18n: a note -->\n\n## Heading {#id}\n\n- item\n\n"
        "<!-- i18n: ctx=verb -->\n\nBlock\n\n<!-- i18n:off -->\n\nPassword123\n\n<!-- i18n:on -->\n"
    )
    assert extracted(body) == [
        (3, "pgettext", ("front:title", "A title"), ["kind: front:title"]),
        (4, "pgettext", ("front:summary", "A summary."), ["kind: front:summary"]),
        (9, None, "First paragraph.", ["kind: paragraph"]),
        (14, None, "Heading", ["kind: heading", "a note"]),
        (16, None, "item", ["kind: item"]),
        (20, "pgettext", ("verb", "Block"), ["kind: paragraph"]),
    ]


def test_the_extractor_gives_the_messages_of_the_document():
    body = "\nOne *two*.\n\n| a | b |\n|---|---|\n| c | |\n"
    document = read_document("a.md", "a", HEAD + body)
    texts = [message if isinstance(message, str) else message[1] for _, _, message, _ in extracted(body)]
    assert texts == [message.text for message in document.messages()]


def test_windows_line_ends_and_a_byte_order_mark_change_no_text_and_no_line():
    plain = extracted("\nOne\ntwo.\n")
    windows = io.BytesIO("\ufeff".encode() + (HEAD + "\nOne\ntwo.\n").replace("\n", "\r\n").encode())
    assert list(extract_markdown(windows, (), (), {})) == plain


def test_every_broken_file_is_named_with_its_line(tmp_path):
    page(tmp_path, "good", "\nText.\n")
    page(tmp_path, "no-head", "", head="Text.\n")
    page(tmp_path, "no-yaml", "", head="---\nkind: page\ntitle: [\n---\n")
    page(tmp_path, "no-utf8", "").write_bytes(b"\xff")
    with pytest.raises(ContentError) as caught:
        content_template(tmp_path / "content")
    assert [problem.path.rpartition("/")[2] for problem in caught.value.problems] == [
        "no-head.md",
        "no-utf8.md",
        "no-yaml.md",
    ]
    assert caught.value.problems[2].line in (3, 4)


def test_a_text_on_two_pages_is_one_entry_that_names_both(tmp_path):
    page(tmp_path, "a", "\nTell someone.\n")
    page(tmp_path, "b", "\n- Tell someone.\n")
    entry = next(entry for entry in content_template(tmp_path / "content").entries if entry.text == "Tell someone.")
    assert entry.comments == ("#. kind: paragraph", "#. kind: item", "#: content/pages/a.md content/pages/b.md")


def test_prose_with_a_percent_sign_is_no_format_string(tmp_path):
    page(tmp_path, "a", "\nOver 50% of children, 50 % des {x}.\n")
    write_template(tmp_path / "content.pot", content_template(tmp_path / "content"))
    assert "format" not in (tmp_path / "content.pot").read_text("utf-8")


def test_a_template_that_says_the_same_keeps_its_date(tmp_path, monkeypatch):
    page(tmp_path, "a", "\nOne.\n\nTwo.\n")
    pot = tmp_path / "content.pot"
    write_template(pot, content_template(tmp_path / "content"))
    before = pot.read_bytes()
    dated = content_template(tmp_path / "content").with_headers({"POT-Creation-Date": "2099-01-01 00:00+0000"})
    write_template(pot, dated)
    assert pot.read_bytes() == before
    page(tmp_path, "a", "\nOne\nwith more.\n")
    changed = content_template(tmp_path / "content")
    assert not is_current(pot, changed)
    write_template(pot, changed)
    assert [entry.text for entry in read(pot).entries][2:] == ["One with more."]


def test_reflowing_a_file_changes_no_template(tmp_path):
    page(tmp_path, "a", "\nOne two three.\n\nFour.\n")
    before = content_template(tmp_path / "content")
    page(tmp_path, "a", "\n\n\nOne\ntwo\n  three.\n\nFour.\n")
    assert content_template(tmp_path / "content").entries == before.entries


def test_what_pybabel_leaves_out_is_left_out(tmp_path, monkeypatch):
    page(tmp_path, "a", "\nSeen.\n")
    for folder in ("_drafts", ".hidden"):
        hidden = tmp_path / "content" / folder
        hidden.mkdir()
        shutil.copy(tmp_path / "content" / "pages" / "a.md", hidden / "b.md")
    ours = content_template(tmp_path / "content")
    theirs, _ = pybabel(tmp_path, "babel-content.cfg", monkeypatch)
    assert keys_and_comments(theirs) == our_keys_and_comments(ours)
    assert ours.entries[0].comments[-1] == "#: content/pages/a.md"


@pytest.mark.parametrize("domain", ["content", "messages"])
def test_pybabel_extracts_the_same_from_the_site_as_it_ships(domain, monkeypatch, tmp_path):
    for name in ("content", "portal"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    ours = content_template(tmp_path / "content") if domain == "content" else interface_template(tmp_path / "portal")
    theirs, _ = pybabel(tmp_path, f"babel-{domain}.cfg", monkeypatch)
    assert keys_and_comments(theirs) == our_keys_and_comments(ours)
    assert len(ours.entries) > 50


def test_pybabel_extracts_twice_the_same_but_for_the_date(tmp_path, monkeypatch):
    page(tmp_path, "a", "\nOne.\n\nTwo *three*.\n")
    first, second = (pybabel(tmp_path, "babel-content.cfg", monkeypatch)[1] for _ in range(2))

    def undated(pot):
        return [line for line in pot.splitlines() if b"POT-Creation-Date" not in line]

    assert undated(first) == undated(second)


def test_the_interface_is_extracted_with_its_notes_and_whole_sentences(tmp_path):
    code = tmp_path / "portal"
    code.mkdir()
    (code / "views.py").write_text(
        "# Translators: on a button\n_('Send')\nlazy_gettext('Later')\n"
        "pgettext('verb', 'Leave')\nngettext('%(n)s a', '%(n)s b', 2)\n"
    )
    (code / "page.html").write_text(
        "{#- Translators: a greeting -#}\n<p>{% trans name=x %}\n  Hello\n  {{ name }}!\n{% endtrans %}</p>\n"
    )
    template = interface_template(code)
    assert {entry.key: entry.comments for entry in template.entries} == {
        (None, "Hello %(name)s!"): ("#. a greeting", "#: portal/page.html"),
        (None, "Send"): ("#. Translators: on a button", "#: portal/views.py"),
        (None, "Later"): ("#: portal/views.py",),
        ("verb", "Leave"): ("#: portal/views.py",),
        (None, "%(n)s a"): ("#: portal/views.py",),
    }
    assert {entry.plural for entry in template.entries} == {None, "%(n)s b"}
    assert next(entry for entry in template.entries if entry.plural).flags == ("python-format",)
    assert "X-Tokeniser" not in template.headers


def test_a_broken_template_is_not_passed_over(tmp_path):
    code = tmp_path / "portal"
    code.mkdir()
    (code / "page.html").write_text("{% trans %}Hello")
    with pytest.raises(Exception, match="unclosed translation block"):
        interface_template(code)
