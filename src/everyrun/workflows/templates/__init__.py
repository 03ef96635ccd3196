"""Templates in definitions: Jinja2 in a sandbox, with values that keep their type.

``docs/reference/templates.md`` describes them. Jinja2 is imported when the first template is met
that is more than the path of a name, such as ``{{ nodes.fetch.output.rows }}``.
"""

from everyrun.workflows.templates.errors import TemplateError
from everyrun.workflows.templates.mentioning import References, references, syntax_problem
from everyrun.workflows.templates.recognising import is_template
from everyrun.workflows.templates.rendering import Templates
from everyrun.workflows.templates.secret_names import Secrets

__all__ = [
    "References",
    "Secrets",
    "TemplateError",
    "Templates",
    "is_template",
    "references",
    "syntax_problem",
]
