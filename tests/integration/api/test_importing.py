"""``import everyrun`` is light."""

import subprocess
import sys

HEAVY = ("asyncio", "httpx", "sqlalchemy", "logging", "concurrent.futures", "multiprocessing")


def modules_after(code: str) -> set[str]:
    """The modules that are loaded after ``code`` in a fresh interpreter."""
    code += "\nimport sys\nprint('\\n'.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return set(done.stdout.splitlines())


def test_nothing_heavy_is_imported() -> None:
    assert not modules_after("import everyrun") & set(HEAVY)


def test_decorating_and_calling_imports_nothing_heavy() -> None:
    code = """
import everyrun
@everyrun.workflow
def work(): return step()
@everyrun.node(retries=1)
def step(): return 1
@everyrun.node
async def later(): pass
with everyrun.testing.recorded():
    work()
"""
    assert not modules_after(code) & set(HEAVY)


def test_every_public_name_can_be_had() -> None:
    import everyrun

    missing = [name for name in everyrun.__all__ if not hasattr(everyrun, name)]

    assert [] == missing
    assert set(everyrun.__all__) <= set(dir(everyrun))
    assert not hasattr(everyrun, "no_such_name")
