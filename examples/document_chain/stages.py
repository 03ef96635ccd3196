"""The four stages as tasks: plain JSON in, plain JSON out, no id passed along."""

from pathlib import Path
from typing import Any

import msgspec
from celery.utils.log import get_task_logger

from examples.document_chain.application import app
from examples.document_chain.extracting import Extraction, ExtractorBusy, extract
from examples.document_chain.layout import Layout, lay_out
from examples.document_chain.pages import Document
from examples.document_chain.reading import read_document
from examples.document_chain.workbook import write_workbook

MOST_RETRIES = 5
Plain = Any
"""What JSON can say."""

log = get_task_logger(__name__)


@app.task(name="pipeline.ocr_stage")
def ocr_stage(file_path: str, language: str) -> Plain:
    """Read a document: its text and where it stands."""
    document = read_document(Path(file_path), language)
    sources = ", ".join(sorted({page.source for page in document.pages})) or "no page"
    log.info("%d pages, %d words, read by %s", len(document.pages), document.words, sources)
    return msgspec.to_builtins(document)


@app.task(
    name="pipeline.llm_stage",
    autoretry_for=(ExtractorBusy,),
    max_retries=MOST_RETRIES,
    retry_backoff=True,
)
def llm_stage(document: Plain) -> Plain:
    """Find out what the document is about; an extractor that is busy is asked again."""
    extraction = extract(msgspec.convert(document, Document))
    log.info("%s with %d fields", extraction.kind, len(extraction.fields))
    return {"document": document, "extraction": msgspec.to_builtins(extraction)}


@app.task(name="pipeline.layout_stage")
def layout_stage(found: Plain) -> Plain:
    """Arrange what was read and found in rows and columns."""
    layout = lay_out(
        msgspec.convert(found["document"], Document),
        msgspec.convert(found["extraction"], Extraction),
    )
    log.info("%d tables", len(layout.tables))
    return msgspec.to_builtins(layout)


@app.task(name="pipeline.excel_stage")
def excel_stage(layout: Plain, target: str) -> Plain:
    """Write the workbook."""
    laid_out = msgspec.convert(layout, Layout)
    write_workbook(laid_out, Path(target))
    log.info("wrote %s", target)
    return {
        "workbook": target,
        "kind": laid_out.kind,
        "fields": len(laid_out.fields),
        "tables": len(laid_out.tables),
    }
