"""Reading a package's licence."""

from pathlib import Path

import pytest

from examples.environment_audit.licences import Licence, family_of, read_licence
from tests.unit.examples.packages import install

CLASSIFIER = "Classifier: License :: OSI Approved :: MIT License\n"


@pytest.mark.parametrize(
    ("metadata", "licence"),
    [
        (
            "License-Expression: Apache-2.0 OR BSD-3-Clause\nLicense: see file\n",
            Licence("Apache-2.0 OR BSD-3-Clause", "Apache", "License-Expression"),
        ),
        ("License: BSD\n" + CLASSIFIER, Licence("BSD", "BSD", "License")),
        ("License: UNKNOWN\n" + CLASSIFIER, Licence("MIT License", "MIT", "Classifier")),
        (CLASSIFIER, Licence("MIT License", "MIT", "Classifier")),
        ("License: See LICENSE.txt\n" + CLASSIFIER, Licence("See LICENSE.txt", "MIT", "License")),
        ("License: Our own\n", Licence("Our own", "Other", "License")),
        ("Classifier: Topic :: Text\n", Licence("none stated", "None stated", "")),
    ],
)
def test_the_most_precise_statement_counts(tmp_path: Path, metadata: str, licence: Licence) -> None:
    assert licence == read_licence(install(tmp_path, metadata=metadata))


def test_only_a_package_that_states_nothing_has_no_licence(tmp_path: Path) -> None:
    silent = read_licence(install(tmp_path / "a"))
    stated = read_licence(install(tmp_path / "b", metadata="License: ISC\n"))

    assert (False, True) == (silent.stated, stated.stated)


@pytest.mark.parametrize(
    ("metadata", "concern"),
    [
        ("License: MIT\n", None),
        ("License: LGPLv3\n", "its licence is copyleft: LGPLv3"),
        ("", "it states no licence"),
    ],
)
def test_a_licence_to_look_at_says_why(tmp_path: Path, metadata: str, concern: str | None) -> None:
    assert concern == read_licence(install(tmp_path, metadata=metadata)).concern


def test_a_whole_licence_text_is_shortened_to_its_first_line(tmp_path: Path) -> None:
    text = "License: Permission is hereby granted, free of charge, to any person who obtains it\n"
    licence = read_licence(install(tmp_path, metadata=text + "        and so on\n"))

    assert (60, "…", "MIT") == (len(licence.name), licence.name[-1], licence.family)


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("GNU Lesser General Public License v3 (LGPLv3)", "LGPL"),
        ("AGPL-3.0-only", "AGPL"),
        ("GPL-2.0-or-later", "GPL"),
        ("Mozilla Public License 2.0 (MPL 2.0)", "MPL"),
        ("PSF-2.0", "PSF"),
        ("The Unlicense (Unlicense)", "Public domain"),
        ("ISC License (ISCL)", "ISC"),
        ("Permission granted", "Other"),
    ],
)
def test_families_are_known_by_their_names(text: str, family: str) -> None:
    assert family == family_of(text)


def test_a_text_that_names_other_licences_far_below_keeps_its_own() -> None:
    assert "BSD" == family_of("BSD 3-Clause. " + "Redistribution. " * 20 + "Parts are GPL.")
