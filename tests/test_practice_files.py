"""Files of quizzes, stories and trails: what an editor writes works, and what is wrong is told with its line."""

import re
import shutil
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from test_play import good_answer, paths, play, soup_of, story

from portal.app import create_app
from portal.content.check import check
from portal.content.extract import content_template
from portal.content.head import PRACTICE
from portal.content.library import read_library
from portal.content.message import Translation
from portal.content.parts import parts_of
from portal.content.pofile import Catalog, Entry, read, write
from portal.content.quiz import read_quiz
from portal.content.story import read_story
from portal.content.trail import read_trail
from portal.messages import compile_all
from portal.settings import ROOT, Settings

LIBRARY = read_library(Settings().content)
EXAMPLES = dict(
    zip(
        ("quiz", "story", "trail", "lesson"),
        re.findall(r"````markdown\n(.*?)\n````", (ROOT / "docs" / "writing.md").read_text("utf-8"), re.S),
        strict=True,
    )
)
FOLDERS = {"quiz": "quizzes", "story": "stories", "trail": "trails", "lesson": "lessons"}


def drop(settings: Settings, kind: str, text: str) -> Path:
    path = settings.content / FOLDERS[kind] / "dropped.md"
    path.write_text(text, "utf-8")
    return path


def translate(settings: Settings, slug: str) -> None:
    """Give every text of the documents with one name a French translation: itself, and a mark."""
    po = settings.translations / "fr" / "LC_MESSAGES" / "content.po"
    before = read(po)
    known = {entry.key for entry in before.entries}
    own = [
        Entry(entry.text, (f"{entry.text} ⟦fr⟧",), entry.context)
        for entry in content_template(settings.content).entries
        if f"/{slug}.md" in str(entry.comments) and entry.key not in known
    ]
    write(po, Catalog(before.header, (*before.entries, *own)))
    assert compile_all(settings.translations) == []


@pytest.fixture(scope="module")
def guided(tmp_path_factory) -> Settings:
    """Settings of a site with the guide's examples, translated into French."""
    folder = tmp_path_factory.mktemp("guided")
    for name in ("content", "translations"):
        shutil.copytree(ROOT / name, folder / name)
    made = Settings(content=folder / "content", translations=folder / "translations", languages=("en", "fr"))
    for kind, text in EXAMPLES.items():
        drop(made, kind, text)
    translate(made, "dropped")
    return made


@pytest.fixture(scope="module")
def visitor(guided: Settings) -> FlaskClient:
    return create_app(guided).test_client()


def test_the_examples_in_the_guide_work_as_they_stand_and_reach_translators(guided: Settings, visitor) -> None:
    assert check(guided.content, guided.translations, ["en"]) == []
    template = content_template(guided.content).entries
    for folder in FOLDERS.values():
        address = f"/en/{folder}/dropped/"
        assert visitor.get(address).status_code == 200
        assert address in visitor.get(f"/en/{folder}/").get_data(as_text=True)
        own = [entry for entry in template if f"{folder}/dropped.md" in str(entry.comments)]
        assert len(own) > 20
        assert not [entry.text for entry in own if re.search(r"\[[x!# ]|\]$", entry.text.split("](")[0])]


@pytest.mark.parametrize("kind", [kind for kind in EXAMPLES if kind in PRACTICE])
def test_the_examples_in_the_guide_play_to_their_end_in_a_language_they_were_translated_into(
    guided: Settings, visitor: FlaskClient, kind: str
) -> None:
    address = f"/fr/{FOLDERS[kind]}/dropped/"
    assert address in visitor.get(f"/fr/{FOLDERS[kind]}/").get_data(as_text=True)
    document = read_library(guided.content).at(address.removeprefix("/fr"))
    if kind == "story":
        past = [",".join(map(str, path)) for path in paths(story(document))]
        pages = [visitor.post(address, data={"past": one}) for one in past]
    else:
        pages = list(play(visitor, address, document, good_answer))
        assert not soup_of(pages[-1]).select(".ideas:not(.ideas-known)")
    assert {page.status_code for page in pages} == {200}
    assert [page for page in pages if soup_of(page).select(".together")]
    assert all("⟦fr⟧" in soup_of(page).select_one(".step").get_text() for page in pages)
    assert not [page for page in pages if soup_of(page).select("main [lang=en]")]


# Each mistake: the kind, what is replaced, by what, the words in whose line it is told, the rule, words of the reason.
MISTAKES = [
    ("quiz", "- [x] Lina closes", "- [ ] Lina closes", "{#where}", "options", "mark at least one"),
    ("quiz", "- [x] Lina closes", "- Lina closes", "- Lina closes", "box", "begins with a box"),
    ("quiz", "- [x] Lina closes", "- [y] Lina closes", "- [y]", "box", "begins with a box"),
    ("quiz", "- [!!] Lina writes", "- [!!!] Lina writes", "- [!!!]", "box", "begins with a box"),
    ("quiz", "- [x] Lina closes", "- [#next] Lina closes", "- [#next]", "box", "[x], [ ], [!] or [!!]"),
    (
        "quiz",
        "  Now the player knows where she lives. It is not too late. Her dad can still help.\n",
        "",
        "[!!]",
        "reason",
        "why",
    ),
    ("quiz", "<!-- choose: one -->", "<!-- choose: two -->", "choose: two", "options", "choose: one"),
    ("quiz", "1. Stop writing.", "1. [x] Stop writing.", "1. [x]", "box", "no boxes"),
    ("quiz", "::: idea\nStop, close", "::: note\nStop, close", "{#first}", "idea", "::: idea"),
    ("quiz", " [Stop, close, tell](/kids/people-online/#stop)", "", "{#first}", "idea", "a link"),
    ("quiz", "{#together}", "{#end}", "{#end}", "end", "last section"),
    ("story", "[#cousin] Nour asks", "[#uncle] Nour asks", "[#uncle]", "scene", "no scene {#uncle}"),
    ("story", "[#cousin] Nour asks", "[x] Nour asks", "[x]", "box", "the scene it leads to"),
    ("story", "::: help\nIt is not", "::: note\nIt is not", "[#photo !!]", "help", "::: help"),
    ("story", "- [#cousin] Nour tells his cousin what happened.\n", "", "[#photo !!]", "way back", "a way back"),
    ("story", "::: notice", "::: note", "{#cousin}", "ending", "::: notice"),
    ("story", "[#cousin] Nour tells", "[#photo] Nour tells", "{#photo}", "dead end", "to an ending"),
    ("story", "[#photo !!] Nour sends", "[#cousin] Nour sends", "{#photo}", "scene", "no choice leads to"),
    ("story", "**Kit:** Your tower", "Your tower", "Your tower", "chat", "its speaker"),
    ("story", "me: Nour\n", "", "---", "head", "me is missing"),
    ("trail", "- [#time !]", "- [#time]", "- [#badge #time]", "box", "tell too much"),
    ("trail", "## The time {#time}", "## The time {#clock}", "{#profile}", "trail", "{#time} is missing"),
    ("trail", "- [#badge #time] The", "- [#badge] The", "- [#badge] The", "box", "at least two"),
    ("trail", "{#profile}", "{#page}", "", "trail", "{#profile}"),
]


@pytest.mark.parametrize(("kind", "was", "becomes", "where", "rule", "words"), MISTAKES)
def test_a_mistake_is_told_with_its_line_and_the_rest_of_the_site_goes_on(
    tmp_path: Path, kind: str, was: str, becomes: str, where: str, rule: str, words: str
) -> None:
    broken = EXAMPLES[kind].replace(was, becomes, 1)
    assert broken != EXAMPLES[kind]
    line = next(number for number, text in enumerate(broken.splitlines(), 1) if where in text) if where else 0
    shutil.copytree(ROOT / "content", tmp_path / "content")
    (tmp_path / "content" / FOLDERS[kind] / "dropped.md").write_text(broken, "utf-8")
    library = read_library(tmp_path / "content")
    assert [one.path for one in library.problems] == [f"content/{FOLDERS[kind]}/dropped.md"] * len(library.problems)
    told = [(one.line, one.rule) for one in library.problems if words in one.reason]
    assert (line, rule) in told, "\n".join(map(str, library.problems))
    assert library.at(f"/{FOLDERS[kind]}/dropped/") is None
    assert len(library.practice()) == len(LIBRARY.practice())


def test_a_question_or_answer_beyond_kahoots_limits_is_told_in_each_language(small: Settings) -> None:
    drop(small, "quiz", EXAMPLES["quiz"].replace("Lina writes her address.", f"Lina writes {'her address and ' * 6}"))
    told = [one for one in check(small.content, small.translations, ["en"]) if one.rule == "length"]
    assert [(one.line, "75 are the most" in one.reason) for one in told] == [(21, True)]


def skeleton(document, lookup):
    """Give everything that decides scores, paths and risks."""
    parts = parts_of(document, "fr", lookup, {})
    if document.head.kind == "story":
        tale = read_story(parts, document.head.me)
        spoken = [re.findall(r'class="(mine|theirs)"', scene.body.html) for scene in tale.scenes.values()]
        return tale.start, spoken, {name: [one.box for one in scene.choices] for name, scene in tale.scenes.items()}
    asked = list(read_quiz(parts).questions) if document.head.kind == "quiz" else []
    combined = None
    if document.head.kind == "trail":
        trail = read_trail(parts)
        asked = [trail.profile, *trail.repairs]
        combined = [one.box for one in trail.combine.options]
    return combined, [(one.id, one.kind, one.good, one.shown, [option.box for option in one.options]) for one in asked]


# What a hostile or careless translation could hold, besides anything else.
ODD = st.sampled_from(
    ["[x] ", "[!!] yes", "[#start !] go", "- [x] a\n- [ ] b", "## Head {#together}", "1. one", ":::", "<b>"]
)


@given(data=st.data())
@pytest.mark.parametrize("document", LIBRARY.practice(), ids=lambda one: one.slug)
def test_translating_every_text_to_anything_changes_no_score_no_path_and_no_risk(document, data) -> None:
    texts = data.draw(st.lists(st.text(min_size=1, max_size=40) | ODD, min_size=3, max_size=8))
    found = iter(range(10_000))

    def anything(code, message):
        return Translation(texts[next(found) % len(texts)], "fr")

    assert skeleton(document, anything) == skeleton(document, lambda code, message: None)


def test_what_is_shown_aloud_in_chats_is_never_a_request_by_somebody_met_online() -> None:
    """Requests are told in neutral words: a chat line of somebody else asks for nothing private."""
    private = re.compile(r"\b(photo|picture|secret|address|where do you live|alone|camera|meet)\b", re.I)
    helpers = {"Emil", "Sam", "Mum", "Mira", "Father", "Elif", "Tarik", "Mother", "Omar"}
    for document in LIBRARY.practice("story"):
        for said in re.findall(r"^- \*\*(\w+):\*\* (.*)$", document.body, re.M):
            if said[0] not in {document.head.me, *helpers}:
                assert not private.search(said[1]), (document.slug, said)
