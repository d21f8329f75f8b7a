"""The form of a homepage, with what is wrong in each field said in the reader's language."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask_babel import gettext, lazy_gettext, ngettext
from werkzeug.datastructures import MultiDict
from wtforms import Field, FieldList, Form, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import StopValidation, ValidationError

from portal.classrooms import plain
from portal.classrooms.homepages import Wish
from portal.classrooms.models import Classroom

LONGEST_NAME, LONGEST_LINE, MOST_LINES = 60, 80, 3

# What is shown on a homepage: everything for the age of the class, or what its teacher has chosen.
ALL, CHOSEN = "all", "chosen"

_Choices = Sequence[tuple[str, Any]]


def _one_line(longest: int) -> Callable[[Form, Field], None]:
    """Give the check of a plain line of text of at most `longest` characters; the form knows the hosts to link."""

    def check(form: Form, field: Field) -> None:
        text = field.data or ""
        if len(text) > longest:
            raise ValidationError(
                ngettext(
                    "This is too long: it may have %(num)d character.",
                    "This is too long: it may have %(num)d characters.",
                    longest,
                )
            )
        if plain.has_hidden_marks(field.raw_data[0] if field.raw_data else text):
            raise ValidationError(
                gettext("Some characters here cannot be shown safely. Please type the text again by hand.")
            )
        if any(not plain.leads_to(link, form.hosts) for link in plain.links(text)):
            raise ValidationError(_about_links(form.hosts))

    return check


def _about_links(hosts: Sequence[str]) -> str:
    if not hosts:
        return str(gettext("Links are not possible here. Write a name, a room or a time instead."))
    # Translators: %(hosts)s is a list of addresses, such as example.org.
    return str(gettext("Links can only lead to these addresses: %(hosts)s", hosts=", ".join(hosts)))


def _filled(message: Any) -> Callable[[Form, Field], None]:
    def check(_form: Form, field: Field) -> None:
        if not field.data:
            raise StopValidation(str(message))

    return check


def _known(message: Any) -> Callable[[Form, Field], None]:
    """Give the check that what was chosen is among what is offered."""

    def check(_form: Form, field: Field) -> None:
        offered = {value for value, *_ in field.iter_choices()}
        chosen = field.data if isinstance(field.data, list) else [field.data]
        if not set(chosen) <= offered:
            raise StopValidation(str(message))

    return check


class HomepageForm(Form):
    """What a teacher says of a class's homepage. `offer` fills in what can be chosen, before it is read or shown."""

    name = StringField(
        lazy_gettext("Name of the class"),
        [_filled(lazy_gettext("Please give the class a name, such as “Class 6b”.")), _one_line(LONGEST_NAME)],
        filters=[plain.tidy],
    )
    languages = SelectMultipleField(
        lazy_gettext("Languages of the homepage"),
        [
            _filled(lazy_gettext("Please choose at least one language.")),
            _known(lazy_gettext("Please choose from these languages.")),
        ],
        validate_choice=False,
    )
    age = RadioField(
        lazy_gettext("Age of the pupils"), [_known(lazy_gettext("Please choose an age."))], validate_choice=False
    )
    country = SelectField(
        lazy_gettext("Country whose helplines are shown"),
        [_known(lazy_gettext("Please choose a country from the list."))],
        validate_choice=False,
    )
    show = RadioField(
        lazy_gettext("What the homepage shows"),
        [_known(lazy_gettext("Please choose one of the two."))],
        default=ALL,
        validate_choice=False,
    )
    items = SelectMultipleField(
        lazy_gettext("What I choose myself"),
        [_known(lazy_gettext("Something you chose is no longer here. Please look at your choice again."))],
        validate_choice=False,
    )
    people = FieldList(
        StringField(lazy_gettext("Person or place"), [_one_line(LONGEST_LINE)], filters=[plain.tidy]),
        min_entries=MOST_LINES,
        max_entries=MOST_LINES,
    )

    hosts: Sequence[str] = ()

    def offer(self, choices: Mapping[str, _Choices], hosts: Sequence[str]) -> None:
        """Set what can be chosen in each field that offers something, and the hosts that links may lead to."""
        for name, offered in choices.items():
            self[name].choices = list(offered)
        self.hosts = hosts

    def validate_items(self, field: Field) -> None:
        """Ask for something to show where somebody wants to choose it."""
        if self.show.data == CHOSEN and not field.data:
            raise ValidationError(gettext("Please choose something to show, or let us show everything for this age."))

    @property
    def wish(self) -> Wish:
        """Give what was asked for, once it is validated."""
        return Wish(
            name=self.name.data,
            languages=tuple(self.languages.data),
            age=self.age.data,
            country=self.country.data,
            items=tuple(self.items.data) if self.show.data == CHOSEN else (),
            people=tuple(filter(None, self.people.data)),
        )


def form_of(sent: MultiDict[str, str] | None, filled: Mapping[str, Any]) -> HomepageForm:
    """Give the form as it was sent, or filled in as it is first shown."""
    if sent is None:
        return HomepageForm(data=dict(filled))
    # Boxes to tick have names of their own, "languages-fr": what is chosen stands in the name.
    fields = sent.copy()
    for name in sent:
        field, dash, chosen = name.partition("-")
        if dash and field in ("languages", "items"):
            fields.add(field, chosen)
    return HomepageForm(fields)


def as_filled(classroom: Classroom) -> dict[str, Any]:
    """Give what a homepage's form is filled in with when its teacher changes it."""
    return {
        "name": classroom.name,
        "languages": classroom.languages,
        "age": classroom.age,
        "country": classroom.country,
        "show": CHOSEN if classroom.items else ALL,
        "items": classroom.items,
        "people": [*classroom.people, *[""] * MOST_LINES][:MOST_LINES],
    }
