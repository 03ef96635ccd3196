"""What tasks and canvases are called, and which tasks are left out."""

from everyrun.integrations.celery.naming import Names
from everyrun.integrations.celery.shapes import Follow

BODY = {"task": "b", "options": {"task_id": "2"}, "subtask_type": None, "kwargs": {}}


def test_display_names_are_shown_where_there_are_some() -> None:
    names = Names({"pipeline.ocr": "OCRStage"})

    assert "OCRStage" == names.of("pipeline.ocr")
    assert "pipeline.llm" == names.of("pipeline.llm")


def test_a_function_may_name_tasks() -> None:
    assert "ocr" == Names(lambda task: task.rpartition(".")[2]).of("pipeline.ocr")


def test_patterns_say_what_is_on_record() -> None:
    names = Names(include=["shop.*"], exclude=["shop.noise.*"])

    assert "shop.add" == names.of("shop.add")
    assert names.of("shop.noise.tick") is None
    assert names.of("other.add") is None


def test_one_pattern_may_stand_alone() -> None:
    assert Names(exclude="noise").of("noise") is None


def test_celerys_own_housekeeping_is_left_out() -> None:
    assert Names().of("celery.chord_unlock") is None


def test_a_canvas_is_named_by_its_shape_and_not_by_its_size() -> None:
    names = Names({"a": "A"})

    assert "A" == names.of_canvas("a", Follow("1"), {})
    assert "group: A" == names.of_canvas("a", Follow("1", "g"), {})
    assert "chain: A → b" == names.of_canvas("a", Follow("1", chain=[BODY]), {})
    assert "chord: A → b" == names.of_canvas("a", Follow("1", "g", chord=BODY), {})
    assert "map: A" == names.of_canvas("celery.map", Follow("1"), {"task": {"task": "a"}})
