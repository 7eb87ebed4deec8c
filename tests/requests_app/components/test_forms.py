"""How forms are drawn and what they refuse."""

from django import forms

from requests_app.components.forms import OneOf, Option, PlainForm


class Sample(PlainForm):
    """One of each."""

    widths = {"name": "w-m"}  # noqa: RUF012

    name = forms.CharField(label="Name", help_text="As you write it.", max_length=5)
    which = forms.ChoiceField(
        choices=[("a", "A"), ("b", "B")], widget=OneOf({"b": Option("Hint of B", "user", after_or=True)})
    )


def test_label_hint_error_and_box_come_in_this_order_and_are_linked() -> None:
    drawn = str(Sample({"which": "a"})["name"].as_field_group())
    order = [
        drawn.index(part) for part in ("<label", 'id="id_name_helptext"', 'id="id_name_error"', "<input")
    ]
    assert order == sorted(order)
    assert 'aria-describedby="id_name_helptext id_name_error"' in drawn
    assert 'aria-invalid="true"' in drawn
    assert 'class="input w-m"' in drawn


def test_the_browser_neither_cuts_nor_judges_an_answer() -> None:
    drawn = str(Sample()["name"])
    assert "maxlength" not in drawn
    assert "required" not in drawn


def test_a_character_that_cannot_be_stored_is_refused_with_a_sentence() -> None:
    form = Sample({"name": "A\0da", "which": "a"})
    assert form.errors["name"] == [
        "This answer holds a character that cannot be stored. Please type it again."
    ]


def test_a_choice_is_described_by_its_own_hint() -> None:
    drawn = str(Sample()["which"])
    assert 'aria-describedby="id_which_1_hint"' in drawn
    assert drawn.index('class="or"') < drawn.index("Hint of B")


def test_what_a_person_typed_is_escaped() -> None:
    assert "<b>" not in str(Sample({"name": "<b>", "which": "a"})["name"])
