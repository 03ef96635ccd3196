"""What the audit says while it runs: a warning for each thing that a person should look at."""

from collections.abc import Sequence

import everyrun
from examples.environment_audit.dependencies import DependencyCheck
from examples.environment_audit.distributions import Package, Unreadable
from examples.environment_audit.licences import Licence
from examples.environment_audit.verifying import Verification


def tell_found(
    packages: Sequence[Package], unreadable: Sequence[Unreadable], folders: Sequence[object]
) -> None:
    """Say how many packages there are; an unreadable one is a warning."""
    for broken in unreadable:
        everyrun.log.warning(f"{broken.info} cannot be read: {broken.reason}")
    everyrun.log.info(f"{len(packages)} packages in {len(folders)} folders")


def tell_licence(package: Package, licence: Licence) -> None:
    """Warn of a licence that is missing or copyleft."""
    if licence.concern is not None:
        everyrun.log.warning(f"{package.title}: {licence.concern}")


def tell_dependencies(package: Package, check: DependencyCheck) -> None:
    """Warn of each requirement that is not met."""
    for complaint in check.unmet:
        everyrun.log.warning(f"{package.title}: {complaint}")


def tell_verification(package: Package, result: Verification) -> None:
    """Warn of files that could not be verified."""
    if not result.has_record:
        everyrun.log.warning(f"{package.title} has no RECORD: nothing to verify against")
    for name in result.untrusted:
        everyrun.log.warning(f"{package.title}: the hash of {name} cannot be trusted")
