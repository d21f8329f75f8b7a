"""Homepages of classes: made without an account, changed by a private link alone, and safe whatever is typed."""

import html
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from bs4 import BeautifulSoup
from classes import FORM, OURS, Class, MakeClass, rows, soup, words
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.app import create_app
from portal.classrooms import cleaning, codes, homepages, limits, plain
from portal.classrooms.models import Attempt, Classroom, Round
from portal.classrooms.origin import _TOKENS, form_token
from portal.database.store import Store
from portal.settings import Settings

NEW = "/en/classrooms/new/"
PEOPLE = {"people-0": "Ms Hadžić, room 12", "people-1": "", "people-2": "السيدة ليلى"}


@pytest.fixture
def school(classroom: MakeClass) -> Class:
    return classroom(**PEOPLE)


@pytest.fixture
def teacher(app: Flask, classroom: MakeClass) -> FlaskClient:
    """Somebody who is about to make a homepage in an empty database."""
    return app.test_client(use_cookies=False)


def sent(
    client: FlaskClient, address: str = NEW, headers: dict[str, str] | None = None, **changed: Any
) -> TestResponse:
    return client.post(address, data={**FORM, **changed}, headers=OURS if headers is None else headers)


def kept(store: Store) -> Classroom:
    with store.reading() as session:
        return session.scalars(select(Classroom)).one()


def test_the_homepage_shows_the_class_its_people_its_country_and_its_pages(school: Class) -> None:
    page = school.get(f"{school.root}/en/")
    assert page.status_code == 200
    said = words(page)
    for wanted in ("Class 6b", "Ms Hadžić, room 12", "السيدة ليلى", "Get help now", "Quizzes"):
        assert wanted in said
    assert school.get(school.root, Accept_Language="bs").headers["Location"] == f"{school.root}/bs/"
    assert school.get(f"{school.root}/", Accept_Language="bs").headers["Location"] == f"{school.root}/bs/"
    assert "noindex" in str(soup(page).find("meta", attrs={"name": "robots"}))
    assert page.headers["Cache-Control"] == "no-store"


def test_pages_opened_from_it_keep_the_class_on_every_link(school: Class) -> None:
    """The country and the way home stay without a cookie, however far somebody goes; only the quick exit leads out."""
    lead = school.start()
    below = ["", "kids/", "kids/people-online/", "teens/", "help/", "help/now/", "help/now/1/", "help/say/", "help/nl/"]
    below += ["quizzes/", "quizzes/passwords/", "quizzes/passwords/teach/", "stories/", "about/", "search-for-nothing/"]
    below += ["classrooms/new/", "rounds/", f"rounds/{lead.code}/", f"rounds/{lead.code}/board/"]
    for address in (f"{school.root}/en/{path}" for path in below):
        page = school.get(address)
        assert page.status_code == (404 if address.endswith("nothing/") else 200), address
        assert "Set-Cookie" not in page.headers
        found = soup(page)
        assert not found.find("link", rel="canonical"), address
        assert "noindex" in str(found.find("meta", attrs={"name": "robots"})), address
        inside = [link for link in links(found) if not link.startswith(("/assets/", "/en/leave/"))]
        assert len(inside) > 8
        assert [link for link in inside if not link.startswith(f"{school.root}/")] == [], address
        assert f"{school.root}/en/" in inside
    asked = {"past": "", "choice": "0"}
    played = soup(school.post(f"{school.root}/en/quizzes/passwords/", asked)).find("main")
    assert {link for link in links(played) if not link.startswith(f"{school.root}/")} == set()


def links(page: BeautifulSoup) -> list[str]:
    """Give all addresses of the site that a page leads to or sends to."""
    found = [tag[name] for name in ("href", "action", "data-poll") for tag in page.find_all(attrs={name: True})]
    return [str(one) for one in found if str(one).startswith("/")]


def test_the_country_of_help_is_that_of_the_class(classroom: MakeClass) -> None:
    one, other = classroom(country="BA"), classroom(country="NL")
    assert words(one.get(f"{one.root}/en/help/")) != words(other.get(f"{other.root}/en/help/"))
    assert "Netherlands" in words(other.get(f"{other.root}/en/help/"))
    homepage = soup(other.get(f"{other.root}/en/"))
    assert homepage.find("ul", class_="services")


def test_its_languages_alone_are_in_the_menu(school: Class) -> None:
    menu = links(soup(school.get(f"{school.root}/en/kids/")))
    assert f"{school.root}/bs/kids/" in menu
    assert [one for one in menu if one.startswith(tuple(f"{school.root}/{code}/" for code in ("fr", "ar", "de")))] == []


def test_nothing_below_a_class_is_kept_finished(app: Flask, school: Class) -> None:
    for path in (
        "en/",
        "en/kids/",
        "en/help/",
        "en/quizzes/",
        "en/kids/people-online/",
        "bs/",
        "sitemap.xml",
        "en/no/",
    ):
        for _ in range(2):
            page = school.get(f"{school.root}/{path}")
            assert "Portal-Finished" not in page.headers
    assert school.get("/en/kids/").status_code == 200
    assert app.wsgi_app.finished("/en/kids/")  # type: ignore[attr-defined]
    assert app.wsgi_app.finished(f"{school.root}/en/kids/") is None  # type: ignore[attr-defined]


def test_a_class_that_was_removed_is_gone_at_once(school: Class) -> None:
    lead = school.start()
    paths = ["en/", "en/kids/", "en/help/", "en/quizzes/", "", "sitemap.xml", f"en/rounds/{lead.code}/"]
    for path in paths:
        assert school.get(f"{school.root}/{path}").status_code in (200, 302)
    assert school.get(f"{school.private}remove/").status_code == 200
    removed = school.post(f"{school.private}remove/", {})
    assert removed.status_code == 200
    assert "The homepage is removed" in words(removed)
    assert {school.get(f"{school.root}/{path}").status_code for path in paths} == {404}
    assert school.get(school.private).status_code == 404
    assert school.post(f"{school.private}remove/", {}).status_code == 404
    assert school.post(f"{school.private}change/", FORM).status_code == 404
    assert [rows(school.store, kind) for kind in (Classroom, Round)] == [0, 0]


def test_two_who_remove_or_change_at_the_same_moment_break_nothing(app: Flask, classroom: MakeClass) -> None:
    from concurrent.futures import ThreadPoolExecutor

    for _ in range(3):
        school = classroom()

        def press(what: str, school: Class = school) -> int:
            return app.test_client().post(f"{school.private}{what}/", data=FORM, headers=OURS).status_code

        def open_it(_: object, school: Class = school) -> int:
            return app.test_client().get(f"{school.root}/en/").status_code

        school.grow_older(3)
        with ThreadPoolExecutor(6) as pool:
            opened = pool.map(open_it, range(2))
            pressed = list(pool.map(press, ["remove", "change", "remove", "change"]))
        assert set(opened) <= {200, 404}
        assert set(pressed) <= {200, 303, 404}, pressed
        assert 200 in pressed


def test_the_private_link_works_only_whole(school: Class) -> None:
    wrong = [
        school.secret[:-1],
        school.secret[1:],
        school.secret + "3",
        school.secret.upper(),
        school.secret[:-1] + ("3" if school.secret[-1] != "3" else "4"),
        school.code,
        codes.digest(school.secret).hex(),
        "%00",
        "3" * 5000,
    ]
    for secret in wrong:
        for path in ("", "card/", "change/", "remove/"):
            assert school.get(f"/en/classrooms/{secret}/{path}").status_code == 404
        assert school.post(f"/en/classrooms/{secret}/remove/", {}).status_code == 404
        assert school.post(f"/en/classrooms/{secret}/rounds/", {"quiz": "/quizzes/passwords/"}).status_code == 404
    looks = {school.get(f"/en/classrooms/{secret}/").get_data() for secret in wrong[:7]}
    assert len(looks) == 1
    assert rows(school.store, Classroom) == 1


def test_the_private_link_is_not_kept_and_shown_on_private_pages_alone(school: Class) -> None:
    assert kept(school.store).secret == codes.digest(school.secret)
    for path in ("", "card/", "change/", "remove/"):
        page = school.get(f"{school.private}{path}")
        assert page.status_code == 200
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in str(soup(page).find("meta", attrs={"name": "robots"}))
    for address in (f"{school.root}/en/", f"{school.root}/en/kids/"):
        assert school.secret not in school.get(address).get_data(as_text=True)
    card = school.get(f"{school.private}card/")
    main = str(soup(card).find(class_="class-card"))
    assert f"/c/{school.code}" in main
    assert school.secret not in main


def test_a_homepage_can_be_changed(school: Class) -> None:
    form = soup(school.get(f"{school.private}change/"))
    assert form.find("input", attrs={"name": "name"})["value"] == "Class 6b"
    assert form.find("input", attrs={"name": "people-0"})["value"] == PEOPLE["people-0"]
    changed = {**FORM, "name": "6c", "languages": ["ar"], "show": "chosen", "items": ["/quizzes/passwords/"]}
    assert school.post(f"{school.private}change/", changed).headers["Location"] == school.private
    page = school.get(f"{school.root}/ar/")
    assert "6c" in words(page)
    assert PEOPLE["people-0"] not in words(page)
    cards = [one for one in links(soup(page).find("main")) if "/quizzes/" in one or "/stories/" in one]
    assert set(cards) == {f"{school.root}/ar/quizzes/passwords/"}


FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Sec-Fetch-Site": "nonsense"},
    {"Origin": "https://elsewhere.example"},
    {"Origin": "http://localhost.elsewhere.example"},
    {"Origin": "http://localhost:1"},
    {"Origin": "http://elsewhere.example/localhost"},
    {"Origin": "nonsense"},
    {"Origin": "file://"},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_forms_from_other_sites_are_refused(app: Flask, school: Class, headers: dict[str, str]) -> None:
    lead = school.start()
    stranger = app.test_client()
    token = lead.to(1).token()
    answer = {"token": token, "question": "1", "choice": "0"}
    for address, data in (
        (NEW, {**FORM, "token": form_token()}),
        (f"{school.private}change/", FORM),
        (f"{school.private}remove/", {}),
        (f"{school.private}rounds/", {"quiz": "/quizzes/passwords/"}),
        (f"{school.private}rounds/{lead.code}/remove/", {}),
        (f"{lead.address}board/", {"key": lead.key, "step": "1"}),
        (lead.address, answer),
        ("/en/rounds/", {"code": lead.code}),
    ):
        refused = stranger.post(address, data=data, headers=headers)
        assert refused.status_code == 403, address
        assert "It did not come from a page of this site." in words(refused)
    assert (rows(school.store, Classroom), rows(school.store, Round)) == (1, 1)
    assert lead.counts(1) == {}
    assert lead.state() == "1"


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://proxied.example"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://localhost"},
    ],
    ids=str,
)
def test_forms_of_our_own_are_taken(teacher: FlaskClient, headers: dict[str, str]) -> None:
    assert sent(teacher, headers=headers).status_code == 303


@pytest.mark.parametrize("headers", [{}, {"Origin": "null"}], ids=["nothing", "null"])
def test_where_a_browser_does_not_say_a_form_needs_its_token(
    teacher: FlaskClient, store: Store, headers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    old = form_token()
    for token in ("", "x", old[:-2], old + "x", old.upper(), "\0", "é"):
        again = sent(teacher, headers=headers, token=token, name="Kept <b>words</b>")
        assert again.status_code == 422
        assert "This form was open for a long time." in words(again)
        assert soup(again).find("input", attrs={"name": "name"})["value"] == "Kept <b>words</b>"
    assert rows(store, Classroom) == 0
    given = soup(teacher.get(NEW)).find("input", attrs={"name": "token"})["value"]
    assert sent(teacher, headers=headers, token=given).status_code == 303
    monkeypatch.setattr(
        "itsdangerous.timed.time.time", lambda: __import__("datetime").datetime.now().timestamp() + 43_300
    )
    assert sent(teacher, headers=headers, token=given).status_code == 422
    assert _TOKENS.loads(given)


def test_many_homepages_from_one_network_have_to_wait(
    teacher: FlaskClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "HOMEPAGES", replace(limits.HOMEPAGES, most=3))
    monkeypatch.setattr(limits, "time", Standing)
    assert [sent(teacher).status_code for _ in range(4)] == [303, 303, 303, 429]
    # A form with a fault is none that is counted, and an open form is never refused.
    assert sent(teacher, name="").status_code == 422
    assert teacher.get(NEW).status_code == 200
    away = teacher.post(NEW, data=FORM, headers=OURS, environ_base={"REMOTE_ADDR": "198.51.100.9"})
    assert away.status_code == 303
    monkeypatch.setattr(Standing, "now", Standing.now + limits.HOMEPAGES.seconds)
    assert sent(teacher).status_code == 303
    assert rows(store, Attempt) == 1  # those of the last hour are forgotten
    assert limits.HOMEPAGES.most < 60


class Standing:
    """The time that limits go by, standing still."""

    now = 1_800_000_000.0

    @classmethod
    def time(cls) -> float:
        return cls.now


def test_an_unused_homepage_is_removed_and_use_keeps_it(classroom: MakeClass, settings: Settings) -> None:
    used, unused = classroom(), classroom(name="Class 7a")
    for school in (used, unused):
        school.grow_older(settings.unused_days - 1)
    store, today = used.store, date.today()
    assert cleaning.clean(store, today, settings.unused_days).homepages == 0
    said = words(used.get(used.private))
    assert "If nobody opens it until" in said
    assert used.get(f"{used.root}/en/").status_code == 200
    with store.reading() as session:
        assert {one.used for one in session.scalars(select(Classroom))} == {today, today - timedelta(days=399)}
    assert cleaning.clean(store, today + timedelta(days=1), settings.unused_days).homepages == 1
    assert unused.get(f"{unused.root}/en/").status_code == 404
    assert unused.get(unused.private).status_code == 404
    assert used.get(f"{used.root}/en/").status_code == 200


def test_a_round_alone_also_is_use_of_a_homepage_s_pages(school: Class) -> None:
    """What is opened below the class's address is opened from its homepage, which counts as use."""
    school.grow_older(10)
    school.get(f"{school.root}/en/")
    assert kept(school.store).used == date.today()


# What people, programs and pranksters type.
HOSTILE = [
    "<script>alert(1)</script>",
    "</bdi></li></ul><img src=x onerror=alert(1)>",
    '"><input autofocus onfocus=alert(1) x="',
    "{{ 7*7 }} {% raw %}",
    "' OR 1=1; DROP TABLE classrooms; --",
    "javascript:alert(1)",
    "jav\tascript:alert(1)",
    "https://evil.example/path",
    "www.evil.example",
    "data:text/html,<b>x",
    "a\0b",
    "a\x1b[31mred",
    "abc\u202efdp.exe",
    "\u2066left\u2069",
    "\u200bzero\u200b",
    "Zalgo" + "\u0301" * 40,
    "\ud800lone",
    "\ufffe\uffff",
    "\U000e0001\U000e0068",
    "\u3164",
    "\u200d\u200c",
    "😀 👩‍👩‍👧 👋🏽",
    "الصف السادس ب",
    "Đački šav ćuk žir",
    "x" * 61,
    "x" * 1_000_000,
    "e\u0301" * 60,
    "\u0958" * 40,
    " \t\r\n ",
    "line\r\nSet-Cookie: a=b",
    "%s %(num)d {0}",
    'href="/en/" /en/kids/',
]
FIELDS = ["name", "people-0", "languages", "age", "country", "show", "items", "token"]


def typed(fields: dict[str, Any]) -> bytes:
    """Write a form as a hostile program may: with bytes that are no text."""
    pairs = [
        (name, value) for name, values in fields.items() for value in (values if isinstance(values, list) else [values])
    ]
    return "&".join(
        f"{name}={quote_from_bytes(value.encode('utf-8', 'surrogatepass'))}" for name, value in pairs
    ).encode()


def check_sent(client: FlaskClient, field: str, value: str, code: str = "en") -> None:
    """Send a form with one hostile field: it is refused at that field, or what is shown of it is plain text."""
    address = f"/{code}/classrooms/new/"
    fields = {**FORM, field: value, **({"show": "chosen"} if field == "items" else {})}
    page = client.post(
        address, data=typed(fields), headers=OURS, content_type="application/x-www-form-urlencoded",
        environ_base={"REMOTE_ADDR": f"{hash(value)}"},
    )  # fmt: skip
    assert page.status_code in (303, 413, 422), (page.status_code, field, value[:80])
    if page.status_code == 303:
        private = page.headers["Location"]
        shown = client.get(private)
        store: Store = client.application.extensions["store"]
        with store.reading() as session:
            newest = session.scalars(select(Classroom).order_by(Classroom.id.desc())).first()
            assert newest
            homepage = client.get(f"/c/{newest.code}/{code}/")
            held = newest.name if field == "name" else (newest.people or [""])[0]
        for one in (shown, homepage, client.get(f"{private}change/"), client.get(f"{private}card/")):
            assert one.status_code == 200
            check_harmless(one)
        if field in ("name", "people-0") and held:
            assert not plain.has_hidden_marks(held)
            assert html.escape(held, quote=False) in html.unescape(homepage.get_data(as_text=True)) or held in words(
                homepage
            )
        return
    check_harmless(page)
    if page.status_code == 422:
        found = soup(page)
        fault = found.find(id=f"{field}-fault")
        assert fault, (field, value[:80])
        assert fault.get_text().strip()
        told = found.find(attrs={"aria-describedby": re.compile(rf"{field}-fault")})
        assert told is not None or field == "items"


def check_harmless(page: TestResponse) -> None:
    body = page.get_data(as_text=True)
    found = soup(page)
    assert not found.find_all("script", src=False)
    assert not [tag for tag in found.find_all(True) for name in tag.attrs if name.startswith("on")]
    assert not found.find_all("img", src="x")
    assert not [link for link in found.find_all("a", href=True) if "evil" in link["href"] or "script:" in link["href"]]
    assert "\0" not in body
    assert "Set-Cookie" not in page.headers


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: ascii(value[:24]))
def test_hostile_words_are_refused_at_their_field_or_shown_as_plain_text(teacher: FlaskClient, value: str) -> None:
    for field in ("name", "people-0"):
        check_sent(teacher, field, value)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    field=st.sampled_from(FIELDS[:-1]),
    value=st.text(st.characters() | st.sampled_from("<>&\"'/:\0\u202e\u200d\ud83d😀ش\u0301"), min_size=1, max_size=90),
    code=st.sampled_from(["en", "ar"]),
)
def test_whatever_is_typed_in_any_field_nothing_breaks(teacher: FlaskClient, field: str, value: str, code: str) -> None:
    check_sent(teacher, field, value, code)


@pytest.mark.parametrize("code", Settings().languages)
def test_every_fault_is_said_in_the_language_of_the_reader(teacher: FlaskClient, code: str) -> None:
    address = f"/{code}/classrooms/new/"
    faults: dict[str, Callable[[], TestResponse]] = {
        "name": lambda: sent(teacher, address, name=" "),
        "languages": lambda: sent(teacher, address, languages=["xx"]),
        "age": lambda: sent(teacher, address, age="99"),
        "country": lambda: sent(teacher, address, country="ZZ"),
        "show": lambda: sent(teacher, address, show="no"),
        "items": lambda: sent(teacher, address, show="chosen"),
        "people-2": lambda: sent(teacher, address, **{"people-2": "a\u202eb"}),
        "people-1": lambda: sent(teacher, address, **{"people-1": "https://x.example/"}),
        "people-0": lambda: sent(teacher, address, **{"people-0": "x" * 81}),
    }
    said = {}
    for field, send in faults.items():
        page = send()
        assert page.status_code == 422
        fault = soup(page).find(id=f"{field}-fault")
        assert fault, field
        said[field] = fault.get_text().strip()
    assert all(said.values())
    english = english_faults(teacher, faults)
    if code != "en":
        assert [field for field, words_ in said.items() if words_ in english] == []


def english_faults(teacher: FlaskClient, faults: Any) -> set[str]:
    page = soup(
        sent(teacher, name=" ", languages=["xx"], age="99", country="ZZ", show="no", **{
            "people-0": "x" * 81, "people-1": "https://x.example/", "people-2": "a\u202eb",
        })
    )  # fmt: skip
    found = {tag.get_text().strip() for tag in page.find_all(class_="fault")}
    assert len(found) >= 7
    return found


def test_nothing_that_was_typed_is_lost_when_something_is_wrong(teacher: FlaskClient) -> None:
    page = soup(sent(teacher, name="x" * 70, languages=["ar", "tr"], age="9-11", country="TR", **PEOPLE))
    assert page.find("input", attrs={"name": "name"})["value"] == "x" * 70
    assert page.find("input", attrs={"name": "people-0"})["value"] == PEOPLE["people-0"]
    boxes = page.find_all("input", attrs={"name": re.compile("languages-"), "checked": True})
    assert {tag["name"] for tag in boxes} == {"languages-ar", "languages-tr"}
    assert page.find("option", selected=True)["value"] == "TR"


def test_links_lead_only_to_hosts_that_the_operator_allows(store: Store) -> None:
    allowing = create_app(replace(Settings(), link_hosts=("www.school.example", "school.example:8443")))
    allowing.extensions["store"] = store
    school = Class(allowing, store, **{"people-0": "Read https://www.school.example/help. Now"})
    found = soup(school.get(f"{school.root}/en/")).find("ul", class_="people").find("a")
    assert (found["href"], "noreferrer" in found["rel"]) == ("https://www.school.example/help", True)
    for bad in (
        "https://www.school.example.evil.example/",
        "https://www.school.example@evil.example/",
        "https://user@www.school.example/",
        "https://evil.example/?www.school.example",
        "ftp://www.school.example/",
        "javascript://www.school.example/%0aalert(1)",
        "https://www.school.example:444/",
        "//www.school.example/",
        "https:/\\evil.example",
        "https://[::1",
        "HTTPS://EVIL.example/",
        "https://www.school.example\\@evil.example/",
    ):
        page = school.post(f"{school.private}change/", {**FORM, "people-0": bad})
        if page.status_code != 422:
            main = soup(school.get(f"{school.root}/en/")).find("ul", class_="people")
            assert not main or not main.find("a"), bad


@given(
    st.text(max_size=80)
    | st.from_regex(r"(?:\w{0,4} ?(?:https?://|www\.)[a-z.@:/\\\[\]]{0,20} ?){1,3}", fullmatch=True)
)
def test_a_line_cut_at_its_links_is_still_the_whole_line(text: str) -> None:
    cut = plain.pieces(text, ["www.school.example", "a.b"])
    assert "".join(piece for piece, _ in cut) == text
    assert all(not link or link == piece for piece, link in cut)


@given(st.text(st.characters() | st.sampled_from("\0\u202e\u200d\u3164\U000e0041ش\u0301 \t"), max_size=40))
def test_a_line_that_is_shown_again_has_nothing_hidden_in_it(text: str) -> None:
    line = plain.tidy(text)
    assert plain.tidy(line) == line
    assert not plain._HIDDEN.search(line)
    assert not any(plain._is_no_text(letter) for letter in line)


def test_a_drawn_code_that_is_taken_is_drawn_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["333333333", "333333333", "444444444"])
    monkeypatch.setattr(codes, "homepage_code", lambda: next(drawn))
    wish = homepages.Wish("6b", ("en",), "12-14", "BA", (), ())
    assert homepages.make(store, wish, date.today()) != homepages.make(store, wish, date.today())
    with store.reading() as session:
        assert set(session.scalars(select(Classroom.code))) == {"333333333", "444444444"}
