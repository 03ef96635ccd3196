"""What a graph does on one machine it does on workers: the same tests, another engine."""

from tests.integration.workflow.test_children import (  # noqa: F401 - collected here
    test_a_child_is_an_execution_of_its_own,
    test_a_child_that_fails_fails_its_node,
    test_a_child_that_is_not_there_fails_its_node,
    test_a_workflow_that_runs_meets_its_overlap_policy,
)
from tests.integration.workflow.test_controlling import (  # noqa: F401 - collected here
    test_a_cancel_ends_what_runs_and_starts_nothing_more,
    test_a_node_that_does_not_hear_is_left_behind,
    test_a_timeout_fails_the_attempt,
    test_an_asynchronous_node_is_cancelled_where_it_waits,
    test_an_execution_has_a_time_limit_too,
    test_what_has_settled_cannot_be_cancelled,
)
from tests.integration.workflow.test_limits import (  # noqa: F401 - collected here
    test_a_key_is_shared_by_all_executions,
    test_a_node_runs_in_a_process_of_its_own_on_request,
    test_what_one_node_changes_another_does_not_see,
)
from tests.integration.workflow.test_loops import (  # noqa: F401 - collected here
    test_a_failed_turn_leaves_the_others_alone_unless_told_otherwise,
    test_a_loop_whose_time_is_out_takes_its_turns_with_it,
    test_again_until_it_is_enough,
    test_loops_in_loops_have_labels_of_their_own,
    test_no_items_are_no_turns,
)
from tests.integration.workflow.test_rerunning import (  # noqa: F401 - collected here
    test_a_changed_input_runs_what_reads_it_again,
    test_a_chosen_node_runs_again_with_an_edit,
    test_a_rerun_from_the_failed_node_takes_the_rest_over,
    test_only_the_turns_of_a_loop_that_failed_run_again,
)
from tests.integration.workflow.test_running import (  # noqa: F401 - collected here
    test_a_chain_runs_in_order_and_hands_its_outputs_on,
    test_a_condition_chooses,
    test_a_failure_fails_the_execution_and_skips_what_needs_it,
    test_a_failure_nobody_handles_names_the_node,
    test_each_item_is_a_row_of_its_own,
    test_retries_are_attempts_on_record,
    test_templates_know_the_execution_that_they_are_in,
)
