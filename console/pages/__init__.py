"""One page to a file: what is asked of a workflow, and what the page says of the answer."""
