"""Starting the chain for one document, as the seed's API server does (R4.4)."""

from pathlib import Path
from typing import Any

from celery import chain

from everyrun.integrations.celery import start
from examples.document_chain.stages import excel_stage, layout_stage, llm_stage, ocr_stage

CHAIN = "cr_extract_workflow"
USUAL_LANGUAGE = "eng"


def extraction_chain(file_path: str, options: dict[str, Any]) -> chain:
    """The four stages over one document.

    Options: ``output``, the folder that the workbook goes to (beside the document, without it),
    and ``language``, Tesseract's.
    """
    document = Path(file_path)
    folder = Path(options.get("output") or document.parent)
    return chain(
        ocr_stage.s(file_path, options.get("language") or USUAL_LANGUAGE),
        llm_stage.s(),
        layout_stage.s(),
        excel_stage.s(str(folder / f"{document.name}.xlsx")),
    )


def start_cr_extract_pipeline(
    file_path: str, options: dict[str, Any], initiated_by: str = "api_server"
) -> str:
    """Start the chain and answer its id at once.

    Raises what Celery does when the broker is down; the chain is then on record as failed.
    """
    return start(
        extraction_chain(file_path, options),
        CHAIN,
        input={"file_path": file_path, "options": options},
        initiated_by=initiated_by,
    )
