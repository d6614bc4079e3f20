"""Check what the whole tenant stands on: languages, place, money, channels, systems, operators, wordings."""

from collections.abc import Mapping
from typing import Final
from zoneinfo import available_timezones

from babel.numbers import list_currencies
from pydantic import ValidationError

from followthrough.contracts.settings import from_stage
from followthrough.tenant.checks.review import Review
from followthrough.tenant.complaints import Mistake, nearest
from followthrough.tenant.formats import is_language
from followthrough.tenant.models import SystemConfig
from followthrough.tenant.positions import Path

_OURS: Final = "service"

_TOLD_APART: Final = ("en", "es")
"""The languages in which customers' texts are understood."""


def check(review: Review) -> None:
    """Report what does not exist in the world, or does not fit together."""
    tenant, report = review.tenant, review.report
    _locale(review, ("locale",), tenant.locale)
    for index, language in enumerate(tenant.languages):
        _locale(review, ("languages", index), language)
        if language in tenant.languages[:index]:
            report.add(("languages", index), f"`{language}` is said twice")
    if tenant.time_zone not in (zones := available_timezones()):
        hint = nearest(tenant.time_zone, zones)
        report.add(
            ("time_zone",), f"there is no time zone `{tenant.time_zone}`{hint}: write one such as America/Chicago"
        )
    if tenant.currency not in list_currencies("en"):
        report.add(("currency",), f"there is no currency `{tenant.currency}`: write a code such as USD or EUR")
    _systems(review)
    _channels(review)
    _services(review)
    _wordings(review)
    _telling(review)


def _locale(review: Review, path: Path, name: str) -> None:
    if not is_language(name):
        review.report.add(path, f"there is no language `{name}`: write a code such as en, es or en-US")


def _systems(review: Review) -> None:
    for name, system in review.tenant.systems.items():
        path: Path = ("systems", name)
        if review.known((*path, "adapter"), system.adapter, "adapter", review.operations):
            _settings(review, (*path, "settings"), system)


def _channels(review: Review) -> None:
    for name, channel in review.tenant.channels.items():
        path: Path = ("channels", name)
        if not review.known(path, name, "channel", review.providers, key=True):
            continue
        able = review.providers[name]
        if channel.provider not in able:
            hint = nearest(channel.provider, able)
            message = f"`{channel.provider}` cannot provide `{name}`{hint}: {', '.join(sorted(able))} can"
            review.report.add((*path, "provider"), message)
            continue
        if ("systems",) in review.report.left_out:
            continue
        try:
            review.tenant.system_of(name)
        except Mistake as mistake:
            review.report.add(path, mistake.message, key=True)


def _settings(review: Review, path: Path, system: SystemConfig) -> None:
    model = review.settings.get(system.adapter)
    if model is None:
        return
    filled = from_stage(model)
    for name in filled & set(system.settings):
        message = f"{system.adapter}: `{name}` is filled in by the stage: leave it out"
        review.report.add((*path, name), message, key=True)
    try:
        model.model_validate({name: value for name, value in system.settings.items() if name not in filled})
    except ValidationError as error:
        theirs = {key: field for key, field in model.model_fields.items() if key not in filled}
        fields = ", ".join(field.alias or key for key, field in theirs.items()) or "nothing"
        for mistake in error.errors(include_url=False):
            where = mistake["loc"]
            missing = mistake["type"] == "missing"
            unknown = mistake["type"] == "extra_forbidden"
            said = mistake["msg"].removeprefix("Value error, ")
            if where and (missing or unknown):
                said = f"`{where[-1]}` is {'missing' if missing else 'not known'}"
            message = f"{system.adapter}: {said[:1].lower()}{said[1:]} (it knows {fields})"
            review.report.add((*path, *where), message, key=True)


def _services(review: Review) -> None:
    """A machine's own states are named beside the services': `service: ask` asks which one is wanted."""
    for path, name, _ in review.services():
        if name == _OURS:
            review.report.add(path, f"`{name}` has a meaning of its own: give the service another name", key=True)


def _wordings(review: Review) -> None:
    tenant = review.tenant
    for path, _, service in review.services():
        _complete(review, (*path, "title"), service.title)
        for name, each in service.inputs.items():
            _complete(review, (*path, "inputs", name, "ask"), each.ask)
            for choice, wording in (each.choices or {}).items():
                _complete(review, (*path, "inputs", name, "choices", choice), wording)
        if not service.identify.keywords and not service.identify.examples:
            review.report.add(
                (*path, "identify"), "say how customers ask for this: `keywords`, `examples` or both", key=True
            )
    for name, wording in tenant.messages.items():
        _complete(review, ("messages", name), wording)


def _complete(review: Review, path: Path, wording: Mapping[str, str]) -> None:
    languages = review.tenant.languages
    for language in filter(is_language, languages):
        if not wording.get(language, "").strip():
            review.report.add(
                path, f"the words in `{language}` are missing: {', '.join(languages)} are needed", key=True
            )
    for language in wording:
        if language not in languages:
            message = f"`{language}` is none of this tenant's languages ({', '.join(languages)})"
            review.report.add((*path, language), message, key=True)


def _telling(review: Review) -> None:
    tenant = review.tenant
    said: dict[str, str] = {}
    for language, words in tenant.words.telling.items():
        path: Path = ("words", "telling", language)
        if language not in tenant.languages:
            message = f"`{language}` is none of this tenant's languages ({', '.join(tenant.languages)})"
            review.report.add(path, message, key=True)
        elif language.split("-", maxsplit=1)[0].lower() not in _TOLD_APART:
            message = f"customers are not understood in `{language}`: say words of {' or '.join(_TOLD_APART)}, or none"
            review.report.add(path, message, key=True)
        for index, word in enumerate(words):
            other = said.setdefault(word.casefold(), language)
            if other != language:
                message = f"`{word}` is also said of `{other}`, so it tells no language: leave it out in both"
                review.report.add((*path, index), message)
