"""What the process has that tests fork runs from: all that the steps of a run import, prepared as a run prepares it."""

from __future__ import annotations

from socialvolym.workflow import steps, workers

for _module in ("socialvolym.cli", "socialvolym.commands.run", "socialvolym.workflow.running", *steps.imports()):
    workers.prepare(_module)
