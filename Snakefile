# The workflow: clean -> validate -> pages -> index. A step is `python -m socialvolym.workflow.stepping STEP`, which decides by content whether
# there is work; a stamp in build/stamps tells Snakemake that it is done. The results are no Snakemake outputs: Snakemake removes
# outputs before a job and after a failure, and earlier results must stay. Nor are the files that steps read its inputs: no file's
# time counts, so stamps of steps that content shows to be outdated are removed below. Needs `socialvolym` to be importable.
import os
import shlex
import sys

from socialvolym.workflow import steps

# What `socialvolym run` was asked for, as the steps take it: --config chosen="--only lss --language sv". One text, because Snakemake
# reads a municipality's code by itself as a number.
CHOSEN = steps.selection_of(config.get("chosen", "").split())
BATCHES = int(config.get("batches", 1))
STEP = f"{shlex.quote(sys.executable)} -m socialvolym.workflow.stepping"
if workflow.is_main_process:
    steps.forget_stale(steps.plan(CHOSEN))


rule all:
    input:
        ancient(expand("build/stamps/pages-{batch}", batch=range(1, BATCHES + 1)))
        if CHOSEN.last_step == "pages"
        else ancient(f"build/stamps/{CHOSEN.last_step}"),
    localrule: True


rule clean:
    output:
        touch("build/stamps/clean"),
    shell:
        "{STEP} clean"


rule validate:
    input:
        ancient("build/stamps/clean"),
    output:
        touch("build/stamps/validate"),
    shell:
        "{STEP} validate"


rule pages:
    input:
        ancient("build/stamps/validate"),
    output:
        touch("build/stamps/pages-{batch}"),
    threads: os.cpu_count()
    params:
        chosen=" ".join(CHOSEN.arguments()),
        batches=BATCHES,
    shell:
        "{STEP} pages --workers {threads} --batch {wildcards.batch}/{params.batches} {params.chosen}"


rule index:
    input:
        ancient(expand("build/stamps/pages-{batch}", batch=range(1, BATCHES + 1))),
    output:
        touch("build/stamps/index"),
    shell:
        "{STEP} index"
