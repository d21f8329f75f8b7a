"""Pages kept finished: what is kept, for how long, and what a browser is answered."""

import gzip
import threading
from collections import Counter
from collections.abc import Iterator, Mapping

import pytest
from werkzeug.test import Client, TestResponse, create_environ

from portal.finished import FinishedPages, finish

PAGE = "<!doctype html><p>Someone can help.</p>" * 40
GZIP = {"Accept-Encoding": "gzip"}


class Portal:
    """A portal of one page, which counts how often it is rendered and can be changed between two requests."""

    def __init__(self, limit: int = 4096) -> None:
        self.state = "one"
        self.body = PAGE
        self.status = "200 OK"
        self.headers = [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Cache-Control", "no-store"),
            ("Portal-Finished", "yes"),
        ]
        self.assets = {"/assets/site.css": finish(b"p { color: teal }", [("Content-Type", "text/css")])}
        self.response = Body
        self.rendered: Counter[str] = Counter()
        self.closed = 0
        self.pages = FinishedPages(self.render, lambda: self.state, limit, lambda: self.assets)
        self.client = Client(self.pages)

    def render(self, environ, start_response):
        self.rendered[environ["PATH_INFO"]] += 1
        start_response(self.status, [*self.headers, ("Content-Length", str(len(self.body)))])
        return self.response(self)

    def get(self, path: str = "/en/", headers: Mapping[str, str] = GZIP, **more) -> TestResponse:
        return self.client.get(path, headers=headers, **more)


class Body:
    """A response that, like Flask's, wants to be closed."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal

    def __iter__(self) -> Iterator[bytes]:
        yield self.portal.body.encode()

    def close(self) -> None:
        self.portal.closed += 1


@pytest.fixture
def portal() -> Portal:
    return Portal()


def test_a_finished_page_is_rendered_once(portal):
    first, second = portal.get(), portal.get()
    assert portal.rendered["/en/"] == 1
    assert portal.closed == 1
    assert first.data == second.data
    assert list(first.headers) == list(second.headers)
    assert gzip.decompress(second.data).decode() == PAGE


def test_a_browser_without_gzip_gets_the_same_page(portal):
    portal.get()
    plain = portal.get(headers={})
    assert plain.text == PAGE
    assert "Content-Encoding" not in plain.headers
    assert plain.content_length == len(PAGE)
    assert portal.rendered["/en/"] == 1


def test_both_encodings_have_their_own_strong_etag_and_vary(portal):
    zipped, plain = portal.get(), portal.get(headers={})
    assert zipped.headers["ETag"] != plain.headers["ETag"]
    for page in (zipped, plain):
        assert page.headers["ETag"].startswith('"')
        assert page.headers["Vary"] == "Accept-Encoding"


def test_the_headers_of_the_application_are_kept_and_the_mark_is_not(portal):
    portal.headers.append(("Referrer-Policy", "no-referrer"))
    for page in (portal.get(), portal.get()):
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert page.headers["Cache-Control"] == "no-store"
        assert "Portal-Finished" not in page.headers
        assert page.headers.getlist("Content-Length") == [str(len(page.data))]


def test_a_page_that_the_browser_has_is_not_sent_again(portal):
    etag = portal.get().headers["ETag"]
    again = portal.get(headers={**GZIP, "If-None-Match": etag})
    assert again.status_code == 304
    assert again.data == b""
    assert dict(again.headers) == {"Cache-Control": "no-store", "ETag": etag, "Vary": "Accept-Encoding"}


def test_the_etag_of_the_other_encoding_brings_the_page(portal):
    etag = portal.get().headers["ETag"]
    assert portal.get(headers={"If-None-Match": etag}).text == PAGE


def test_a_head_request_is_answered_like_a_get_without_body(portal):
    head = portal.client.head("/en/", headers=GZIP)
    page = portal.get()
    assert head.data == b""
    assert list(head.headers) == list(page.headers)
    assert portal.rendered["/en/"] == 1


def test_the_head_of_an_unmarked_page_has_no_body_and_closes_it(portal):
    portal.headers.pop()
    head = portal.client.head("/en/")
    assert (head.status_code, head.data, portal.closed) == (200, b"", 1)


def test_a_change_of_state_drops_everything_kept(portal):
    portal.get()
    portal.state, portal.body = "two", "<p>new</p>"
    portal.assets = {"/assets/site.2.css": finish(b"p {}", [])}
    assert gzip.decompress(portal.get().data) == b"<p>new</p>"
    assert gzip.decompress(portal.get("/assets/site.2.css").data) == b"p {}"
    assert portal.get("/assets/site.css").status_code == 200
    assert portal.rendered["/assets/site.css"] == 1


def test_a_page_whose_state_changed_while_it_was_rendered_is_not_kept(portal):
    def changing(environ, start_response):
        portal.state = "two"
        return portal.render(environ, start_response)

    client = Client(FinishedPages(changing, lambda: portal.state))
    assert client.get("/en/").text == PAGE
    portal.state = "one"
    client.get("/en/")
    assert portal.rendered["/en/"] == 2


@pytest.mark.parametrize("request_", [{"query_string": "q=help"}, {"method": "POST"}, {"method": "OPTIONS"}])
def test_questions_and_forms_always_reach_the_application(portal, request_):
    portal.get()
    for _ in range(2):
        answer = portal.client.open("/en/", headers=GZIP, **request_)
        assert "Portal-Finished" not in answer.headers
        assert "Content-Encoding" not in answer.headers
    assert portal.rendered["/en/"] == 3


@pytest.mark.parametrize(
    "header",
    [
        ("Set-Cookie", "a=b"),
        ("Vary", "Cookie"),
        ("Vary", "Accept-Encoding, Accept-Language"),
        ("Content-Encoding", "br"),
        ("Content-Range", "bytes 0-1/2"),
    ],
)
def test_a_page_that_is_not_the_same_for_all_is_never_kept(portal, header):
    portal.headers.append(header)
    for _ in range(2):
        page = portal.get()
        assert page.text == PAGE
        assert "Portal-Finished" not in page.headers
    assert portal.rendered["/en/"] == 2


@pytest.mark.parametrize("status", ["404 Not Found", "500 Internal Server Error", "302 Found", "201 Created"])
def test_only_a_page_that_was_found_is_kept(portal, status):
    portal.status = status
    assert portal.get().status == portal.get().status == status
    assert portal.rendered["/en/"] == 2
    assert portal.pages.finished("/en/") is None


def test_an_unmarked_page_is_passed_on_as_it_is(portal):
    portal.headers.pop()
    for _ in range(2):
        with portal.get() as page:
            assert page.text == PAGE
    assert portal.rendered["/en/"] == portal.closed == 2


def test_an_error_while_rendering_leaves_nothing_behind(portal):
    class Breaking(Body):
        def __iter__(self) -> Iterator[bytes]:
            yield b"<p>"
            raise ZeroDivisionError

    portal.response = Breaking
    with pytest.raises(ZeroDivisionError):
        portal.get()
    assert portal.closed == 1
    assert portal.pages.finished("/en/") is None


def test_an_error_page_instead_of_a_begun_one_is_passed_on(portal):
    def second_thoughts(environ, start_response):
        start_response("200 OK", portal.headers)
        error = ZeroDivisionError()
        start_response("500 Oops", portal.headers, (type(error), error, None))
        return [b"sorry"]

    heads = []
    pages = FinishedPages(second_thoughts, lambda: "")
    body = pages(create_environ("/en/"), lambda *head: heads.append(head))
    assert body == [b"sorry"]
    assert [status for status, _, _ in heads] == ["500 Oops"]
    assert pages.finished("/en/") is None


def test_no_more_than_the_limit_is_kept_and_the_oldest_goes_first():
    portal = Portal(limit=2)
    for path in ("/1", "/2", "/3"):
        portal.get(path)
    assert [portal.pages.finished(path) is not None for path in ("/1", "/2", "/3")] == [False, True, True]
    assert portal.pages.finished("/assets/site.css")
    portal.get("/1")
    assert portal.pages.finished("/2") is None


def test_what_is_kept_can_be_written_out_as_it_is(portal):
    assert portal.pages.finished("/en/") is None
    zipped = portal.get()
    finished = portal.pages.finished("/en/")
    assert finished.gzip == zipped.data
    assert finished.body.decode() == PAGE
    assert dict(finished.plain.headers)["Content-Type"] == "text/html; charset=utf-8"


def test_an_address_in_another_script_is_found(portal):
    portal.get("/ar/مساعدة/")
    assert portal.pages.finished("/ar/مساعدة/")


def test_two_servers_make_the_same_bytes():
    one, two = Portal(), Portal()
    assert one.get().data == two.get().data
    assert one.get().headers["ETag"] == two.get().headers["ETag"]


def test_many_readers_at_once_get_the_right_pages_while_everything_changes():
    portal = Portal(limit=3)
    wrong = []

    def render(environ, start_response):
        start_response("200 OK", portal.headers)
        return [environ["PATH_INFO"].encode()]

    pages = FinishedPages(render, lambda: portal.state, 3)

    def read(number: int) -> None:
        client = Client(pages)
        for turn in range(150):
            path = f"/{(number + turn) % 5}"
            if turn % 40 == number:
                portal.state = f"{number} {turn}"
            page = client.get(path)
            if page.text != path:
                wrong.append((path, page.text))

    readers = [threading.Thread(target=read, args=(number,)) for number in range(6)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert not wrong
