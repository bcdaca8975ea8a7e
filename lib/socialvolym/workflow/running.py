"""A run: Snakemake asked for one step after another, its jobs done by warm workers, and what is whole put in its place."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from threading import Lock
from typing import IO

from snakemake.api import SnakemakeApi
from snakemake.scheduling.greedy import SchedulerSettings as GreedySettings
from snakemake.settings import types as settings

from socialvolym import paths
from socialvolym.errors import SocialvolymError
from socialvolym.site import page_list
from socialvolym.site.page_list import Page
from socialvolym.site.publishing import shelf
from socialvolym.workflow import steps
from socialvolym.workflow.steps import Selection
from socialvolym.workflow.workers import Workers


@dataclass(frozen=True)
class Job:
    """A step or a page that has been made in a run: its name, how long it took, and why it failed."""

    name: str
    seconds: float
    message: str = ""


@dataclass
class Run:
    """A run under way.

    Attributes
    ----------
    selection, cores : what it is asked for, and how many jobs at a time.
    log : where Snakemake and the jobs say what went wrong.
    workers : who does the jobs.
    quiet : whether jobs are told when they are done.
    jobs : those that have been done.
    published : the places of the files that have been put in place.
    failures : why files could not be, or Snakemake itself failed.
    """

    selection: Selection
    cores: int
    log: IO[str]
    workers: Workers
    quiet: bool
    jobs: list[Job] = field(default_factory=list)
    published: list[Path] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    _noting: Lock = field(default_factory=Lock)

    def do(self, step: str, key: str = "") -> None:
        """Do a job, and note it; a failure is noted and raised."""
        begun, message = time.monotonic(), ""
        try:
            self.workers.do(page_list.load_list().cell_seconds, step=step, key=key)
        except SocialvolymError as error:
            message = f"page {key}: {error}" if key else str(error) if str(error).startswith("notebook ") else f"{step}: {error}"
            raise
        finally:
            with self._noting:
                job = Job(f"pages/{key}" if key else step, round(time.monotonic() - begun, 1), message)
                self.jobs.append(job)
                told = f"{job.name}: {'FAILED' if message else 'done'} in {job.seconds:.1f} s"
                print(told, message, file=self.log, flush=True)
                if not self.quiet:
                    print(told, flush=True)

    def make(self) -> None:
        """Make what is outdated, step after step: what a step has made decides whether the next one has work."""
        # Where they are damaged Snakemake makes them again.
        steps.facts()
        steps.forget_damaged()
        for step in self.selection.steps:
            done = len(self.jobs)
            updated = ask_snakemake(step, self.selection, self.cores, self.log)
            # Where what a table is made from is edited meanwhile, Snakemake makes that again and nothing of the step itself.
            if updated and any(job.name in steps.NOTEBOOKS and job.name != step for job in self.jobs[done:]):
                updated = ask_snakemake(step, self.selection, self.cores, self.log)
            if updated is None and not any(job.message for job in self.jobs):
                self.failures.append(f"the workflow itself failed; {self.log.name} says why")
            made, failures = shelf.publish()
            self.published += made
            self.failures += [failure for failure in failures if failure not in self.failures]
            if step != "pages" and (updated is None or failures):
                break
            if step == "index":
                shelf.keep_published()

    @property
    def messages(self) -> list[str]:
        """Why jobs failed and files could not be put in place, in the order of their names."""
        return [job.message for job in sorted(self.jobs, key=lambda job: job.name) if job.message] + self.failures


#: The run of this process; None where Snakemake was started by itself.
_current: Run | None = None
#: Where Snakemake runs its jobs as threads, one works at a time: what a job prints to is one for all threads of a process.
_working = Lock()


def do(pages: Mapping[str, Page], step: str, key: str = "") -> None:
    """Do a job of the Snakefile, of the wanted pages: by the run's workers, or here where there is no run."""
    if _current is not None:
        _current.do(step, key)
    else:
        if step == "index":
            shelf.publish()
        with _working:
            steps.work(pages, step, key)


def carry_out(run: Run) -> None:
    """Make what is outdated; where this is interrupted all that the run has started is ended."""
    global _current
    _current = run
    # Snakemake works in a thread: signals come to the main one, which only waits.
    with ThreadPoolExecutor(1) as thread:
        try:
            thread.submit(run.make).result()
        finally:
            run.workers.end()
            _current = None


def ask_snakemake(step: str, selection: Selection, cores: int, log: IO[str], executor: str = "local") -> list[str] | None:
    """Have Snakemake make what is outdated for a step.

    Parameters
    ----------
    executor : "dryrun" only finds what that is.

    Returns
    -------
    The files that were made, in build/; None where something failed.
    """
    updated: list[str] = []
    with contextlib.redirect_stderr(log):
        api = SnakemakeApi(settings.OutputSettings(quiet={settings.Quietness.ALL}, enable_file_logging=False))
    with _without_pandas(), api:
        try:
            workflow = api.workflow(
                resource_settings=settings.ResourceSettings(cores=cores),
                config_settings=settings.ConfigSettings(config={"chosen": asdict(selection), "by_steps": executor == "local"}),
                snakefile=paths.repository() / "Snakefile",
            )
            graph = workflow.dag(
                settings.DAGSettings(targets={step}, force_incomplete=True, rerun_triggers={settings.RerunTrigger.PARAMS})
            )
            graph.execute_workflow(
                executor=executor,
                execution_settings=settings.ExecutionSettings(lock=False, keep_going=True, use_threads=True),
                # No limit of jobs in a time: for the end of that time Snakemake would look over and over, beside the jobs.
                scheduling_settings=settings.SchedulingSettings(scheduler="greedy"),
                scheduler_settings=GreedySettings(greediness=1.0, omit_prioritize_by_temp_and_input=True),
                updated_files=updated,
            )
        except Exception as error:
            # Snakemake raises errors of many kinds; what a job failed of is known, and of anything else the log says more.
            api.print_exception(error)
            return None
    return updated


@contextlib.contextmanager
def _without_pandas() -> Iterator[None]:
    """Make pandas absent: Snakemake imports it to see whether a parameter is a table, a third of a run that has nothing to do."""
    absent = sys.modules.setdefault("pandas", None) is None  # type: ignore[arg-type]
    try:
        yield
    finally:
        if absent:
            del sys.modules["pandas"]
