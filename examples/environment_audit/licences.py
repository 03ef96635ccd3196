"""Read the licence under which a package may be used, from what the package says of itself."""

import re
from dataclasses import dataclass

from examples.environment_audit.distributions import Package

NONE_STATED = "none stated"
OTHER = "Other"
COPYLEFT = frozenset({"GPL", "LGPL", "AGPL", "MPL"})
"""Families that ask something of whoever passes the package on."""

LONGEST_NAME = 60
LENGTH_OF_A_BEGINNING = 200

_NOTHING = frozenset({"", "unknown", "none", "n/a"})
_OSI_PREFIX = re.compile(r"License :: (OSI Approved :: )?")
_FAMILIES = (
    ("LGPL", re.compile(r"\blgpl|lesser general public", re.IGNORECASE)),
    ("AGPL", re.compile(r"\bagpl|affero", re.IGNORECASE)),
    ("GPL", re.compile(r"\bgpl|general public licen[sc]e", re.IGNORECASE)),
    ("MPL", re.compile(r"\bmpl|mozilla public", re.IGNORECASE)),
    ("Apache", re.compile(r"apache|\basl\b", re.IGNORECASE)),
    ("BSD", re.compile(r"bsd|redistribution and use in source and binary", re.IGNORECASE)),
    ("MIT", re.compile(r"\bmit\b|permission is hereby granted, free of charge", re.IGNORECASE)),
    ("ISC", re.compile(r"\bisc\b", re.IGNORECASE)),
    ("PSF", re.compile(r"\bpsf\b|python software foundation|python-2", re.IGNORECASE)),
    ("Public domain", re.compile(r"public domain|unlicense|\bcc0|\b0bsd\b", re.IGNORECASE)),
)


@dataclass(frozen=True)
class Licence:
    """What a package says: the words, the family they belong to, and where they stand."""

    name: str
    family: str
    source: str

    @property
    def stated(self) -> bool:
        """Whether the package names any licence at all."""
        return self.name != NONE_STATED

    @property
    def concern(self) -> str | None:
        """Why a person should look at the licence, None when there is no reason to."""
        if not self.stated:
            return "it states no licence"
        if self.family in COPYLEFT:
            return f"its licence is copyleft: {self.name}"
        return None


def read_licence(package: Package) -> Licence:
    """The licence: ``License-Expression`` (PEP 639), else ``License``, else the classifiers."""
    classified = " / ".join(
        _OSI_PREFIX.sub("", classifier)
        for classifier in package.stated("Classifier")
        if classifier.startswith("License ::")
    )
    for source in ("License-Expression", "License"):
        stated = " ".join(package.stated(source)).strip()
        if stated.lower() not in _NOTHING:
            family = family_of(stated)
            return Licence(
                _short(stated), family_of(classified) if family == OTHER else family, source
            )
    if classified:
        return Licence(_short(classified), family_of(classified), "Classifier")
    return Licence(NONE_STATED, "None stated", "")


def family_of(text: str) -> str:
    """The well-known family a licence's name or text belongs to, or :data:`OTHER`.

    A whole licence text is known by its beginning; further down it may name other licences.
    """
    for part in (text[:LENGTH_OF_A_BEGINNING], text):
        for family, pattern in _FAMILIES:
            if pattern.search(part):
                return family
    return OTHER


def _short(text: str) -> str:
    """One line of a licence's name; many packages put the whole text in the field."""
    first = text.splitlines()[0].strip()
    return first if len(first) <= LONGEST_NAME else f"{first[: LONGEST_NAME - 1]}…"
