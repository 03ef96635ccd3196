"""A node of each type, as it stands in a file. A test validates every one of them."""

EXAMPLES = {
    "python": """
parse:
  needs: fetch
  type: python
  with:
    function: steps.py:parse
    arguments: {rows: "{{ nodes.fetch.output.rows }}", limit: 100}
""",
    "shell": """
compress:
  type: shell
  with: {command: [gzip, --keep, "{{ inputs.file }}"]}
  timeout: 10m
""",
    "http": """
order:
  needs: fetch
  type: http
  with:
    url: https://api.example.org/orders
    method: POST
    json: {day: "{{ inputs.day }}", rows: "{{ nodes.fetch.output.rows }}"}
    auth: {bearer: "{{ secrets.API_TOKEN }}"}
  retry: 2
  timeout: 1m
""",
    "sql": """
paid:
  type: sql
  with:
    url: sqlite:///ledger.db
    statement: select id, amount from orders where day = :day and state in :states
    parameters: {day: "{{ inputs.day }}", states: [paid, sent]}
""",
    "condition": """
is_large:
  needs: fetch
  type: condition
  with: {if: "{{ nodes.fetch.output.size > 1000000 }}"}
split: {needs: {is_large: true}, type: python, with: {function: "steps.py:split"}}
""",
    "switch": """
by_status:
  needs: fetch
  type: switch
  with: {value: "{{ nodes.fetch.output.status }}", cases: {fine: 200, moved: [301, 302]}}
follow: {needs: {by_status: moved}, type: python, with: {function: "steps.py:follow"}}
""",
    "set": """
totals:
  needs: fetch
  type: set
  with:
    values:
      rows: "{{ nodes.fetch.output.rows | length }}"
      folder: "{{ variables.root }}/{{ inputs.day }}"
""",
    "for_each": """
each_file:
  needs: fetch
  type: for_each
  with: {items: "{{ nodes.fetch.output.files }}", parallel: 4}
  do:
    read: {type: file_read, with: {path: "{{ item }}"}}
    check:
      needs: read
      type: python
      with: {function: "steps.py:check", arguments: {text: "{{ nodes.read.output }}"}}
""",
    "repeat": """
until_done:
  type: repeat
  with: {until: nodes.poll.output.exit_code == 0, max_turns: 20, delay: 30s}
  do:
    poll: {type: shell, with: {command: [test, -e, done.flag], ok_codes: [0, 1]}}
""",
    "workflow": """
report:
  needs: fetch
  type: workflow
  with: {workflow: nightly report, inputs: {day: "{{ inputs.day }}"}}
""",
    "wait": """
prices_are_there:
  type: wait
  with: {file: "in/{{ inputs.day }}/*.csv", stable_for: 5s, at_most: 2h}
""",
    "approval": """
ask:
  needs: fetch
  type: approval
  with: {message: "Send {{ nodes.fetch.output.rows | length }} rows?", on_reject: branch}
send: {needs: {ask: approved}, type: python, with: {function: "steps.py:send"}}
""",
    "file_read": """
prices:
  type: file_read
  with: {path: "{{ inputs.day }}/prices.csv", encoding: cp949}
""",
    "file_write": """
save:
  needs: fetch
  type: file_write
  with: {path: "out/{{ inputs.day }}.xlsx", content: "{{ nodes.fetch.output.rows }}", folders: true}
""",
    "notify": """
alert:
  needs: {fetch: failure}
  type: notify
  with:
    targets: "{{ secrets.ALERTS }}"
    title: "{{ execution.workflow }} failed"
    body: "{{ nodes.fetch.error }}"
""",
}
"""By the type's name."""
