"""Several executions started as one: made, run one after the other or side by side, stopped."""
