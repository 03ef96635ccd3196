"""One file a revision; ``store.schema.REVISIONS`` lists them."""
