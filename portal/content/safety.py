"""A translation is input from outside: what it may say that its source doesn't, and what makes it unfit to be shown."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from markdown_it.token import Token

from portal.content.markdown import make_parser
from portal.content.numbers import new_numbers

# Raised with every change of a rule, so that catalogs compiled under the old rules are compiled again.
RULES = "1"


@dataclass(frozen=True)
class Fault:
    """What is wrong with a translation: the broken rule, the reason, and whether it must not be shown (`grave`)."""

    rule: str
    reason: str
    grave: bool


_Rule = Callable[["_Text", "_Text"], Iterator[Fault]]

# Controls but tab and newline, line and paragraph separators, bidi embeddings, overrides and isolates (CVE-2021-42574),
# surrogates, private use, and the invisible copies of ASCII. U+200E, U+200F and U+061C are left: Arabic needs them.
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufff9-\ufffb\ud800-\uf8ff\U000e0000-\U0010ffff]"
)
_ZERO_WIDTH = re.compile("[\u00ad\u200b-\u200d\u2060-\u2064\ufeff]")

_TAG = re.compile(r"</?[A-Za-z][^<>]*>?|<[!?]")
_SPECIAL = re.compile(r'[<>"]|&(?=#|\w+;)')
_NAMED = re.compile(r"%\(\w+\)[#0 +-]*\d*(?:\.\d+)?[a-zA-Z]|\{\w*\}")
_PERCENT = re.compile(r"%%|%\(\w+\)|%[sd](?!\w)|%")

# Addresses of any kind: with a scheme, with an @, or as the bare name of a server. Each starts where a word does and is
# bounded where it repeats, so that a text made to be slow isn't.
_ADDRESSES = (
    re.compile(r"\b[a-z][a-z0-9+.-]{0,20}:/\S+|//\w\S*", re.I),
    re.compile(r"\b(?:mailto|tel|sms|javascript|vbscript|data|file|callto|skype|tg|geo):\S+", re.I),
    re.compile(r"(?<!\S)\S*@\w\S*"),
    re.compile(r"(?<![\w-])(?:[\w-]+[.。]){1,10}[^\W\d_]{2,}"),
)
_TRAILING = ".,:;!?)]}>»”’'\"؟،؛"

# What only looks like a server's name: "p.ex.", and "1.Mai" where a space is missing.
_NO_ADDRESS = re.compile(r"p\.ex|\d{1,2}\.\w+")

# What is left in the text that readers see where an author's or translator's markdown went wrong.
_MARKUP = re.compile(r"\*\*|\][ \u00a0]?\(|!\[|`")


@dataclass(frozen=True)
class _Text:
    """A text as written, what readers see of it (code left out in `prose`), and its tokens where it is markdown."""

    raw: str
    visible: str
    prose: str
    tokens: Sequence[Token] = ()

    def count(self, *types: str) -> int:
        return sum(token.type in types for token in self.tokens)


@lru_cache(maxsize=1024)
def _markdown(raw: str) -> _Text:
    tokens = list(_flat(make_parser().parseInline(raw)))
    # The content of an inline or image token is markdown; what readers see of it is in its children.
    seen = [token for token in tokens if token.type not in ("inline", "image")]
    visible = "".join(map(_seen, seen))
    prose = "".join(_seen(token) for token in seen if token.type != "code_inline")
    return _Text(raw, visible, prose, tokens)


def _seen(token: Token) -> str:
    return "\n" if token.type in ("softbreak", "hardbreak") else token.content


def _flat(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _flat(token.children or ())


def content_faults(source: str, translation: str) -> tuple[Fault, ...]:
    """Give what is wrong with the translation of a markdown message.

    A translation changes words, never where links lead, what is loaded, which numbers and addresses a child reads, or
    in which order letters appear. Each of these has happened elsewhere (gorhill/uBlock#2084, go-gitea/gitea#24402,
    WeblateOrg/weblate#6258), most often by mistake. What is only odd is told, and shown.
    """
    return _faults(_markdown(source), _markdown(translation), _CONTENT)


def interface_faults(source: str, translation: str) -> tuple[Fault, ...]:
    """Give what is wrong with the translation of a message of the interface, which may hold placeholders."""
    return _faults(_Text(source, source, source), _Text(translation, translation, translation), _INTERFACE)


def faults(domain: str, source: str, translation: str) -> tuple[Fault, ...]:
    """Give what is wrong with a translation in the domain "content" or "messages"."""
    return content_faults(source, translation) if domain == "content" else interface_faults(source, translation)


@lru_cache(maxsize=2**16)
def is_safe(source: str, translation: str, domain: str = "content") -> bool:
    """Tell whether a translation may be shown. The answer is kept, since pages ask it again and again."""
    return not any(fault.grave for fault in faults(domain, source, translation))


def _faults(source: _Text, translation: _Text, rules: Sequence[_Rule]) -> tuple[Fault, ...]:
    return tuple(fault for rule in rules for fault in rule(source, translation))


def _scanned(text: str) -> str:
    """Undo what hides an address from a search: full-width letters and characters without width."""
    return unicodedata.normalize("NFKC", _ZERO_WIDTH.sub("", text))


def _quote(texts: Iterable[str]) -> str:
    return ", ".join(repr(text) for text in sorted(set(texts)))


def _names(characters: Iterable[str]) -> str:
    return ", ".join(f"U+{ord(character):04X}" for character in sorted(set(characters)))


def _controls(source: _Text, translation: _Text) -> Iterator[Fault]:
    new = Counter(_CONTROL.findall(translation.raw)) - Counter(_CONTROL.findall(source.raw))
    if new:
        yield Fault("control", f"holds {_names(new)}, which can change how the text around it is read", True)


def _zero_width(source: _Text, translation: _Text) -> Iterator[Fault]:
    new = set(_ZERO_WIDTH.findall(translation.raw)) - set(_ZERO_WIDTH.findall(source.raw))
    if new:
        yield Fault("invisible", f"holds {_names(new)}, which nobody sees", False)


def _nothing(source: _Text, translation: _Text) -> Iterator[Fault]:
    if any(map(str.isalnum, source.visible)) and not any(map(str.isalnum, translation.visible)):
        yield Fault("empty", "leaves nothing to read", True)


def _attributes(text: _Text) -> set[tuple[str, str, str]]:
    """Give what the markup says. A span's language and direction are left out: Arabic and Persian texts need them."""
    return {
        (token.tag, name, str(value))
        for token in text.tokens
        for name, value in token.attrs.items()
        if not (token.tag == "span" and name in ("lang", "dir")) and not (token.tag == "img" and name == "alt")
    }


def _targets(source: _Text, translation: _Text) -> Iterator[Fault]:
    ours, theirs = _attributes(source), _attributes(translation)
    for rule, differing, verb in (("link-added", theirs - ours, "adds"), ("link-lost", ours - theirs, "lacks")):
        for tag, name, value in sorted(differing):
            yield Fault(rule if name in ("href", "src") else "attribute", f"{verb} <{tag} {name}={value!r}>", True)


def _html(source: _Text, translation: _Text) -> Iterator[Fault]:
    new = {tag for text in (translation.raw, translation.visible) for tag in _TAG.findall(_scanned(text))}
    new -= {tag for text in (source.raw, source.visible) for tag in _TAG.findall(_scanned(text))}
    if new:
        yield Fault("html", f"holds {_quote(new)}", True)


def _addresses(text: str) -> set[str]:
    text = _scanned(text)
    found = {match.rstrip(_TRAILING).casefold() for pattern in _ADDRESSES for match in pattern.findall(text)}
    return {address for address in found if not _NO_ADDRESS.fullmatch(address)}


def _new_addresses(source: _Text, translation: _Text) -> Iterator[Fault]:
    ours, theirs = _addresses(source.visible), _addresses(translation.visible)
    if theirs - ours:
        reason = f"holds {_quote(theirs - ours)}, which reads like an address; after a full stop comes a space"
        yield Fault("address", reason, True)
    if ours - theirs:
        yield Fault("address-lost", f"lacks {_quote(ours - theirs)}", False)


def _numbers(source: _Text, translation: _Text) -> Iterator[Fault]:
    new = new_numbers(source.visible, translation.visible)
    if new:
        yield Fault("number", f"holds {_quote(new)}, which is not in the source and could be dialled", True)


def _markup(source: _Text, translation: _Text) -> Iterator[Fault]:
    new = Counter(_MARKUP.findall(_scanned(translation.prose))) - Counter(_MARKUP.findall(_scanned(source.prose)))
    if new:
        yield Fault("markup", f"shows {_quote(new)} to readers: a space or a sign keeps it from working", True)


def _placeholders(source: _Text, translation: _Text) -> Iterator[Fault]:
    ours, theirs = set(_NAMED.findall(source.raw)), set(_NAMED.findall(translation.raw))
    if theirs - ours:
        yield Fault("placeholder-added", f"holds {_quote(theirs - ours)}, for which there is no value", True)
    if ours - theirs:
        yield Fault("placeholder-lost", f"lacks {_quote(ours - theirs)}", True)


def _percent(source: _Text, translation: _Text) -> Iterator[Fault]:
    """Refuse percent signs of a kind that the source doesn't have: filling the text in, the page would break."""
    new = set(_PERCENT.findall(translation.raw)) - set(_PERCENT.findall(source.raw))
    new = {sign for sign in new if not sign.startswith("%(")}
    if new:
        yield Fault("percent", f"holds {_quote(new)} where the source has no such sign", True)


def _trusted(source: _Text, translation: _Text) -> Iterator[Fault]:
    """Refuse what ends a tag or an attribute: Jinja's gettext takes translations for safe HTML."""
    new = Counter(_SPECIAL.findall(translation.raw)) - Counter(_SPECIAL.findall(source.raw))
    if new:
        yield Fault("html", f"holds {_quote(new)}; for quotation marks use those of your language, such as “ ”", True)


_COUNTED = {"code span": ("code_inline",), "emphasis": ("em_open", "strong_open"), "hard line break": ("hardbreak",)}


def _counts(source: _Text, translation: _Text) -> Iterator[Fault]:
    for name, types in _COUNTED.items():
        ours, theirs = source.count(*types), translation.count(*types)
        if ours != theirs:
            yield Fault("count", f"{name}: {theirs}, in the source {ours}", False)


def _shape(source: _Text, translation: _Text) -> Iterator[Fault]:
    if translation.raw.count("\n") > source.raw.count("\n"):
        yield Fault("newline", "has more lines than the source", False)
    # Very short texts grow most: "Go" may become "Weitergehen".
    if len(translation.raw) > max(30, 3 * len(source.raw)):
        yield Fault("length", "is more than three times as long as the source", False)


_BOTH: tuple[_Rule, ...] = (_controls, _nothing, _html, _new_addresses, _numbers, _placeholders, _zero_width, _shape)
_CONTENT: tuple[_Rule, ...] = (*_BOTH, _targets, _markup, _counts)
_INTERFACE: tuple[_Rule, ...] = (*_BOTH, _percent, _trusted)
