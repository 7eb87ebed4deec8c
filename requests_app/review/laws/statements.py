"""A law laid out as sections of facts, so that nothing its file says is missing from its page."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from requests_app.jurisdictions.base import Jurisdiction
from requests_app.jurisdictions.vocabulary import OwnTerm
from requests_app.review.laws import words
from requests_app.review.laws.dates import dates, questions
from requests_app.review.laws.facts import LawFact, Section, sources_of


def sections_of(law: Jurisdiction) -> list[Section]:
    """Return everything a law says, in the order in which a case meets it."""
    return [
        Section("scope", _("The law"), list(_scope(law))),
        Section("rights", _("Rights"), list(_rights(law))),
        Section("dates", _("Dates"), list(dates(law))),
        Section("questions", _("Questions to the person and the clock"), list(questions(law))),
        Section("people", _("Who asks"), list(_people(law))),
        Section("answers", _("What an answer holds, and who else is told"), list(_answers(law))),
        Section("restrictions", _("Grounds for a restriction"), list(_restrictions(law))),
        Section("refusals", _("Grounds for a refusal"), list(_refusals(law))),
        Section("special", _("Special duties"), list(_special(law))),
        Section("records", _("Records and figures"), list(_records(law))),
    ]


def _scope(law: Jurisdiction) -> Iterator[LawFact]:
    since = law.in_force.since
    said = [str(words.STATUSES[law.status])]
    if since:
        said.append(_("Since %(day)s") % {"day": words.day(since)})
    yield LawFact("in-force", _("Status"), said, sources_of(law.in_force))
    yield LawFact("applies-to", _("Applies to"), [law.applies_to])
    places = ", ".join(law.territories) or _("No place: it serves where no law does")
    yield LawFact("territories", _("Places"), [places])
    yield LawFact("time-zone", _("Time zone"), _some(law.time_zone, law.time_zone_note))
    yield LawFact("authority", _("Authority"), [law.authority])
    called = _("In sentences: %(name)s. Key of its file: %(key)s") % {"name": law.short_name, "key": law.key}
    yield LawFact("called", _("Called"), [called])
    if law.notes:
        yield LawFact("notes", _("Notes"), [], items=law.notes)


def _rights(law: Jurisdiction) -> Iterator[LawFact]:
    for code, entry in law.rights.items():
        own = entry.period if entry.period and not isinstance(entry.period, OwnTerm) else None
        said = []
        if not entry.exists:
            said.append(_("Not granted"))
        elif own:
            said += words.period(own)
        elif isinstance(entry.period, OwnTerm):
            said.append(str(words.TERMS[entry.period]))
        if entry.wording:
            said.append(_("In the law's words: %(words)s") % {"words": entry.wording})
        if entry.since:
            said.append(_("Granted from %(day)s on") % {"day": words.day(entry.since)})
        said += _some(entry.scope, entry.limits, entry.act_first)
        # A right that is not there has no source of its own, unless one was written down.
        told = entry.exists or {"cite", "check", "notes"} & entry.model_fields_set
        sources = sources_of(entry, own) if told else []
        yield LawFact(f"right-{code}", words.right_name(code), said, sources)


def _people(law: Jurisdiction) -> Iterator[LawFact]:
    proof = law.verification
    levels = [
        " · ".join(
            _some(
                each.level,
                _("for: %(cases)s") % {"cases": "; ".join(each.applies_to)},
                each.note,
                each.cite,
            )
        )
        for each in proof.levels
    ]
    fallback = [_("Otherwise: %(fallback)s") % {"fallback": proof.fallback}] if proof.fallback else []
    yield LawFact(
        "verification", _("Proof of identity"), [proof.standard, *fallback], sources_of(proof), levels
    )
    agents = _("May ask for the person") if law.agents.allowed else _("May not ask for the person")
    yield LawFact(
        "agents", _("Agents"), _some(agents, law.agents.scope, law.agents.proof), sources_of(law.agents)
    )
    age = law.children.guardian_below
    guardian = [_("A guardian acts for a child under %(age)d") % {"age": age}] if age else []
    yield LawFact("children", _("Children"), [law.children.rule, *guardian], sources_of(law.children))
    charge = [] if law.fees.may_charge else [_("Nothing may be charged")]
    yield LawFact("fees", _("Fees"), [law.fees.rule, *charge], sources_of(law.fees))


def _answers(law: Jurisdiction) -> Iterator[LawFact]:
    contents = law.access_contents
    yield LawFact("access", _("A copy says"), [], sources_of(contents), contents.items)
    if contents.never_disclose:
        since = contents.never_disclose_since
        said = [_("Named, never sent")]
        if since:
            said.append(_("From %(day)s on") % {"day": words.day(since)})
        yield LawFact("never-disclose", _("Kept back"), said, sources_of(contents), contents.never_disclose)
    told = law.notify_downstream
    about = [words.rights(told.rights)] if told.rights else []
    yield LawFact("downstream", _("Who else is told"), [told.who, *about], sources_of(told))


def _restrictions(law: Jurisdiction) -> Iterator[LawFact]:
    for each in law.restriction_grounds:
        yield LawFact(f"restriction-{each.code}", each.cite, [each.words], sources_of(each), [each.code])


def _refusals(law: Jurisdiction) -> Iterator[LawFact]:
    read = law.refusals_read
    if {"cite", "check", "notes"} & read.model_fields_set:
        yield LawFact("refusals-read", _("Where they were read"), [], sources_of(read))
    for each in law.refusals:
        said = [each.words, *_some(each.note)]
        if each.rights:
            said.append(_("Only for: %(rights)s") % {"rights": words.rights(each.rights)})
        if not each.offered:
            said.append(_("Not offered to staff as a ground"))
        yield LawFact(f"refusal-{each.code}", each.cite, said, items=[each.code])


def _special(law: Jurisdiction) -> Iterator[LawFact]:
    for number, each in enumerate(law.special, 1):
        said = [*(words.period(each.period) if each.period else []), *_some(each.limit, each.when)]
        yield LawFact(f"special-{number}", each.what, said, sources_of(each, each.period))


def _records(law: Jurisdiction) -> Iterator[LawFact]:
    kept = law.records
    said = [kept.rule, *(words.period(kept.keep) if kept.keep else [])]
    yield LawFact("keep", _("Records of requests"), said, sources_of(kept, kept.keep))
    duty = law.metrics
    if duty.model_fields_set:
        yield LawFact("metrics", _("Yearly figures"), [duty.duty or _("No duty")], sources_of(duty))


def _some(*texts: str) -> Sequence[str]:
    return [text for text in texts if text]
