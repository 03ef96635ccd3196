"""What every table shares."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from everyrun.store.column_types import Moment, Payload

SETTLED_SQL = "('completed', 'failed', 'cancelled', 'skipped')"


class Base(DeclarativeBase):
    """Base of the ledger's tables; constraints get predictable names, for migrations."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {
        datetime: Moment,
        dict[str, Any]: Payload,
        list[str]: Payload,
    }
