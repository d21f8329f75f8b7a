"""Style sheet, scripts and pictures, each at an address that changes with its bytes: browsers may keep it for good."""

from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path, PurePosixPath

from portal.finished import Finished, finish

STYLE_SHEETS = ("tokens", "base", "layout", "parts", "doors", "play", "lessons", "classrooms", "print")

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
}
_HEADERS = (
    ("Cache-Control", "public, max-age=31536000, immutable"),
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)
# A picture that is opened by itself is a document: it may style itself, and neither load nor run anything.
_SVG_POLICY = ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")


class Assets:
    """The files that pages load, as they were when this was made.

    `static` is the folder with css/, js/ and icons, `pictures` the one with the content's SVG pictures, `extra_css` the
    end of the style sheet (the operator's colours), `logo` the operator's SVG or PNG picture. Raises OSError if one of
    the `STYLE_SHEETS` or the logo can't be read.
    """

    def __init__(self, static: Path, pictures: Path, extra_css: str, logo: Path | None = None) -> None:
        self.pages: dict[str, Finished] = {}
        self._urls: dict[str, str] = {}
        self._add("site.css", "\n".join((*_style_sheets(static / "css"), extra_css)).encode())
        for name, path in _files(static, pictures):
            self._add(name, path.read_bytes())
        if logo:
            self._add(f"logo{logo.suffix}", logo.read_bytes())

    def url(self, name: str) -> str:
        """Give the address of "site.css", "js/leave.js", "pictures/kids.svg" … or of these names without suffix.

        Raises KeyError, naming all there are, if there is none.
        """
        try:
            return self._urls[name]
        except KeyError:
            raise KeyError(f"there is no file {name!r}; there are {', '.join(sorted(self._urls))}") from None

    def __contains__(self, name: str) -> bool:
        """Tell whether `url` knows a name."""
        return name in self._urls

    def _add(self, name: str, body: bytes) -> None:
        path = PurePosixPath(name)
        address = f"/assets/{path.with_suffix('')}.{blake2b(body, digest_size=4).hexdigest()}{path.suffix}"
        policy = (_SVG_POLICY,) if path.suffix == ".svg" else ()
        self.pages[address] = finish(body, (("Content-Type", _TYPES[path.suffix]), *_HEADERS, *policy))
        self._urls[name] = address
        self._urls.setdefault(str(path.with_suffix("")), address)


def _style_sheets(folder: Path) -> Iterator[str]:
    return ((folder / f"{name}.css").read_text("utf-8") for name in STYLE_SHEETS)


def _files(static: Path, pictures: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(static.glob("js/*.js")):
        yield f"js/{path.name}", path
    for path in sorted((*static.glob("*.svg"), *static.glob("*.ico"))):
        yield path.name, path
    for path in sorted(pictures.glob("*.svg")):
        yield f"pictures/{path.name}", path
