/*
 * detente diagnose: whether to trust a study. Findings with a verdict each, and one verdict of all: exit
 * 0 if none is bad, 1 if one is.
 */
#include <jansson.h>
#include <math.h>

#include "question.h"

static const char *verdict_word(dt_verdict verdict)
{
    return verdict == DT_VERDICT_GOOD ? "good" : verdict == DT_VERDICT_CAUTION ? "caution" : "bad";
}

static void print_findings(const cli_question *q, const dt_diagnosis *d)
{
    static const cli_style style[] = {CLI_GOOD, CLI_WARN, CLI_BAD};
    for (size_t p = 0; p < q->answer->before.count; p++)
        cli_print_wrapped("", q->answer->before.at[p], 0);
    for (size_t f = 0; f < d->findings; f++) {
        const dt_finding *finding = &d->finding[f];
        printf("\n%s%s%s: %s%s%s\n", cli_on(stdout, CLI_BOLD), finding->name, cli_off(stdout),
               cli_on(stdout, style[finding->verdict]), verdict_word(finding->verdict),
               cli_off(stdout));
        cli_print_wrapped("  ", finding->text, 2);
    }
    static const char *const verdict[] = {
        "Nothing speaks against this study's conclusions.",
        "Nothing is wrong; read what is marked 'caution' before relying on the conclusions.",
        "Don't rely on what is marked 'bad'.",
    };
    printf("\n%s", cli_on(stdout, style[d->verdict]));
    cli_print_wrapped("", verdict[d->verdict], 0);
    fputs(cli_off(stdout), stdout);
}

dt_status cli_run_diagnose(const cli_line *line)
{
    cli_question q;
    dt_status status = cli_question_open(&q, line);
    if (status != DT_OK)
        return status;
    const dt_diagnose_how how = {.quick = line->quick, .jobs = (int)line->jobs};
    dt_diagnosis *found;
    status = dt_diagnose(q.data, &how, &q.options, &found);
    if (status != DT_OK) {
        cli_question_close(&q);
        return status;
    }
    cli_note(&q.answer->before, "%s: %zu worlds, design %s, seed %llu, %s.", dt_model_name(q.model),
             q.data->worlds, dt_design_name(q.data->design), (unsigned long long)q.data->seed,
             cli_plural(q.data->policies, "policy", "policies"));
    cli_sheet *sheet = cli_sheet_new(q.answer, "findings", NULL, "|finding, verdict, number, text");
    for (size_t f = 0; f < found->findings; f++) {
        cli_put(sheet, "%s %s %g %s", found->finding[f].name,
                verdict_word(found->finding[f].verdict), found->finding[f].number,
                found->finding[f].text);
    }
    json_object_set_new(q.answer->facts, "verdict", json_string(verdict_word(found->verdict)));
    cli_progress_end();
    if (line->json || line->csv || line->markdown || line->latex || line->table)
        status = cli_answer_print(q.answer);
    else
        print_findings(&q, found);
    if (status == DT_OK && found->verdict == DT_VERDICT_BAD)
        status = DT_NO;
    dt_diagnosis_free(found);
    cli_question_close(&q);
    return status;
}
