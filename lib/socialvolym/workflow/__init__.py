"""Workflow: the steps, the running of notebooks, and the record of a run."""
