# The workflow: clean -> validate -> pages -> index, made in build/. `socialvolym run` asks for one step after another, has warm
# workers do the jobs and puts what is whole into data/processed and reports/; `snakemake --cores 2` makes the same by itself.
#
# What a step is made from (its data, notebook, code, tools) are digests among its parameters, which Snakemake keeps and compares.
# Inputs only give the order: `ancient`, because a file's time says less than its content. Needs `socialvolym` to be importable.
from socialvolym import paths
from socialvolym.site.publishing import shelf
from socialvolym.workflow import running, steps

# What `socialvolym run` was asked for: --config 'chosen={"only": ["lss"], "languages": ["sv"], "municipalities": ["0136"]}'.
PAGES = steps.Selection(**config.get("chosen", {})).pages()
# A run publishes what there is though some pages failed; Snakemake by itself makes the index when all pages are there.
BY_STEPS = config.get("by_steps", False)


workdir: paths.build()


wildcard_constraints:
    key="[a-z]+/(?!index$)[^/]+",


onsuccess:
    if not BY_STEPS:
        shelf.publish()
        shelf.keep_published()


localrules:
    index,
    pages,


rule index:
    input:
        [] if BY_STEPS else ancient(expand("pages/{key}.html", key=PAGES)),
    output:
        steps.outputs("index"),
    params:
        made_from=lambda wildcards: steps.made_from("index"),
    run:
        running.do(PAGES, "index")


rule pages:
    input:
        expand("pages/{key}.html", key=PAGES),


rule page:
    input:
        ancient(steps.FACTS),
    output:
        "pages/{key}.html",
    params:
        made_from=lambda wildcards: steps.made_from("page", PAGES[wildcards.key]),
    run:
        running.do(PAGES, "page", wildcards.key)


rule validate:
    input:
        ancient(steps.outputs("clean")),
    output:
        steps.outputs("validate"),
    params:
        made_from=lambda wildcards: steps.made_from("validate"),
    run:
        running.do(PAGES, "validate")


rule clean:
    output:
        steps.outputs("clean"),
    params:
        made_from=lambda wildcards: steps.made_from("clean"),
    run:
        running.do(PAGES, "clean")
