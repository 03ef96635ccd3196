"""What the audit found: one finding a package, and their sum."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from examples.environment_audit.dependencies import DependencyCheck
from examples.environment_audit.distributions import Package, Unreadable
from examples.environment_audit.licences import Licence
from examples.environment_audit.verifying import Verification


class Outcome(StrEnum):
    """How a package's files stand against their record."""

    INTACT = "intact"
    DAMAGED = "damaged"
    UNRECORDED = "no record"


@dataclass(frozen=True)
class Finding:
    """All that was found of one package. ``damage`` says why the verification failed."""

    package: Package
    licence: Licence
    dependencies: DependencyCheck
    verification: Verification | None = None
    damage: str | None = None

    @property
    def outcome(self) -> Outcome:
        """How the package's files stand."""
        if self.verification is None:
            return Outcome.DAMAGED
        return Outcome.INTACT if self.verification.has_record else Outcome.UNRECORDED

    @property
    def files(self) -> int:
        """How many files were compared and found as recorded."""
        return self.verification.verified if self.verification is not None else 0

    @property
    def warnings(self) -> list[str]:
        """What a person should look at, a sentence each."""
        found = list(self.dependencies.unmet)
        if self.licence.concern is not None:
            found.append(self.licence.concern)
        if self.outcome is Outcome.UNRECORDED:
            found.append("it has no RECORD, so its files cannot be verified")
        if self.verification is not None:
            found += [f"its hash cannot be trusted: {name}" for name in self.verification.untrusted]
        return found


@dataclass(frozen=True)
class Audit:
    """The sum of an audit. ``began`` is aware; ``seconds`` is the time until the report.

    ``staged`` are the folders whose packages were damaged on purpose.
    """

    findings: Sequence[Finding]
    folders: Sequence[Path]
    began: datetime
    seconds: float
    unreadable: Sequence[Unreadable] = field(default_factory=tuple)
    staged: Sequence[Path] = field(default_factory=tuple)

    @property
    def damaged(self) -> list[Finding]:
        """The packages whose files are not as installed."""
        return [finding for finding in self.findings if finding.outcome is Outcome.DAMAGED]

    @property
    def with_warnings(self) -> list[Finding]:
        """The packages that a person should look at."""
        return [finding for finding in self.findings if finding.warnings]

    @property
    def files(self) -> int:
        """How many files were compared and found as recorded."""
        return sum(finding.files for finding in self.findings)

    @property
    def bytes(self) -> int:
        """How many bytes those files have."""
        return sum(f.verification.bytes for f in self.findings if f.verification is not None)

    def outcomes(self) -> list[tuple[str, int]]:
        """Each outcome with the number of packages."""
        counted = Counter(finding.outcome for finding in self.findings)
        return [(outcome.value, counted[outcome]) for outcome in Outcome]

    def licence_families(self) -> list[tuple[str, int]]:
        """Each family of licences with the number of packages, the most common first."""
        return Counter(finding.licence.family for finding in self.findings).most_common()
