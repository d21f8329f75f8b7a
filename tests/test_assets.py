"""Style sheet, scripts and pictures: their addresses, headers and what is answered."""

from pathlib import Path

import pytest
from werkzeug.test import Client

from portal.assets import STYLE_SHEETS, Assets
from portal.finished import FinishedPages


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    static, pictures = tmp_path / "static", tmp_path / "pictures"
    for folder in (static / "css", static / "js", pictures):
        folder.mkdir(parents=True)
    for name in STYLE_SHEETS:
        (static / "css" / f"{name}.css").write_text(f".{name} {{}}")
    (static / "js" / "leave.js").write_text("location.replace('/');")
    (static / "icon.svg").write_text("<svg/>")
    (static / "favicon.ico").write_bytes(b"\0\0\1\0")
    (pictures / "kids.svg").write_text("<svg><style>path { fill: teal }</style></svg>")
    return static, pictures


@pytest.fixture
def assets(folders) -> Assets:
    return Assets(*folders, ":root { --brand: #123456; }")


@pytest.fixture
def client(assets) -> Client:
    def lost(environ, start_response):
        start_response("404 Not Found", [])
        return [b"lost"]

    return Client(FinishedPages(lost, lambda: "", assets=lambda: assets.pages))


def test_the_style_sheets_are_one_in_their_order_with_the_operators_colours_last(assets, client):
    lines = client.get(assets.url("site.css")).text.splitlines()
    assert lines == [*(f".{name} {{}}" for name in STYLE_SHEETS), ":root { --brand: #123456; }"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("site.css", "text/css; charset=utf-8"),
        ("js/leave.js", "text/javascript; charset=utf-8"),
        ("icon.svg", "image/svg+xml"),
        ("favicon.ico", "image/x-icon"),
        ("pictures/kids.svg", "image/svg+xml"),
    ],
)
def test_every_file_is_kept_by_browsers_for_good(assets, client, name, kind):
    answer = client.get(assets.url(name), headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Encoding"] == "gzip"
    assert client.get(assets.url(name), headers={"If-None-Match": "*"}).status_code == 304


def test_a_picture_opened_by_itself_can_load_and_run_nothing(assets, client):
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    assert client.get(assets.url("pictures/kids.svg")).headers["Content-Security-Policy"] == policy
    assert "Content-Security-Policy" not in client.get(assets.url("site.css")).headers


def test_an_address_has_the_name_and_eight_digits_of_the_bytes(assets):
    folder, name, digits, suffix = assets.url("pictures/kids.svg").replace("/assets/", "").replace("/", ".").split(".")
    assert (folder, name, suffix) == ("pictures", "kids", "svg")
    assert len(bytes.fromhex(digits)) == 4


def test_the_address_changes_with_the_bytes_and_only_then(folders, assets):
    (folders[0] / "js" / "leave.js").write_text("// changed")
    changed = Assets(*folders, ":root { --brand: #123456; }")
    assert changed.url("js/leave.js") != assets.url("js/leave.js")
    assert changed.url("site.css") == assets.url("site.css")
    assert Assets(*folders, "").url("site.css") != assets.url("site.css")


def test_assets_stay_as_they_were_read(folders, assets, client):
    (folders[1] / "kids.svg").unlink()
    assert client.get(assets.url("pictures/kids.svg")).status_code == 200


def test_a_name_may_leave_out_its_suffix(assets):
    assert assets.url("pictures/kids") == assets.url("pictures/kids.svg")
    assert assets.url("js/leave") == assets.url("js/leave.js")


def test_a_wrong_name_is_answered_with_the_right_ones(assets):
    assert "pictures/kid.svg" not in assets
    assert "pictures/kids.svg" in assets
    with pytest.raises(KeyError, match=r"no file 'pictures/kid\.svg'.*pictures/kids\.svg"):
        assets.url("pictures/kid.svg")


def test_an_unknown_address_is_left_to_the_application(client):
    assert client.get("/assets/site.00000000.css").text == "lost"
    assert client.get("/assets/../static/icon.svg").text == "lost"


def test_an_operators_logo_is_served_whatever_its_kind(folders, tmp_path):
    logo = tmp_path / "our house.png"
    logo.write_bytes(b"\x89PNG")
    assets = Assets(*folders, "", logo)
    page = assets.pages[assets.url("logo")]
    assert page.body == b"\x89PNG"
    assert ("Content-Type", "image/png") in page.plain.headers


def test_a_missing_style_sheet_is_an_error(folders):
    (folders[0] / "css" / "print.css").unlink()
    with pytest.raises(FileNotFoundError, match=r"print\.css"):
        Assets(*folders, "")
