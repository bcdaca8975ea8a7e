# The workflow: clean -> validate -> pages -> index. A step is `python -m socialvolym.steps STEP`, which decides by content whether there
# is work; a stamp in build/stamps tells Snakemake that it is done. The results themselves are no Snakemake outputs, because Snakemake
# removes outputs before a job and after a failure, and earlier results must stay.
import sys

from socialvolym import steps

CHOSEN = steps.Selection(*(tuple(config.get(name, "").split()) for name in ("only", "languages", "municipalities")))
if workflow.is_main_process:
    steps.forget_stale(steps.plan(CHOSEN))
STEP = f"{sys.executable} -m socialvolym.steps"


rule all:
    input:
        "build/stamps/" + CHOSEN.last_step,
    localrule: True


rule clean:
    input:
        steps.raw_files(),
    output:
        touch("build/stamps/clean"),
    shell:
        "{STEP} clean"


rule validate:
    input:
        "build/stamps/clean",
    output:
        touch("build/stamps/validate"),
    shell:
        "{STEP} validate"


rule pages:
    input:
        "build/stamps/validate",
    output:
        touch("build/stamps/pages"),
    threads: workflow.cores
    params:
        chosen=" ".join(CHOSEN.arguments()),
    shell:
        "{STEP} pages --workers {threads} {params.chosen}"


rule index:
    input:
        "build/stamps/pages",
    output:
        touch("build/stamps/index"),
    shell:
        "{STEP} index"
