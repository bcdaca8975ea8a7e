"""Workflow: the steps that Snakemake orders, the running of notebooks, and a run as a whole."""
