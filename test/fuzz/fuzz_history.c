/*
 * Fuzzes the reading of histories and what follows: any text is read as a history of one model, which has private
 * variables, a hidden stage and an end. What can be read is written and read back the same; its likelihood
 * is a number or a message.
 */
#include <stdlib.h>
#include <string.h>

#include "detente_history.h"
#include "written.h"

static const char MODEL[] =
    "model m\nhorizon 2\nactor A\nactor B\nparam p = 0.4 in 0 .. 1\nstate level : 0..3 = 1\n"
    "state mood : {calm, tense} = calm\nstate over : bool = no\n"
    "private A aim : {soft, hard} = {soft: p, hard: 1 - p}\nbeliefs 4\n"
    "hidden stage work : A {\n  A.turn { with p { aim := hard } }\n  A.rest\n}\n"
    "stage talk : A, B {\n  A.step { pay A 2 * (aim == soft) ; level += 1 }\n  A.hold\n  B.press { "
    "mood := tense }\n  B.wait\n}\n"
    "stage after : B when mood == tense {\n  B.stay\n  B.quit { over := yes }\n}\n"
    "end stopped when over\npolicy first\npolicy second { forbid B.press }\n";

/* Everything told can be read. */
static void hear(void *context, const dt_diagnostic *diagnostic)
{
    *(size_t *)context += strlen(diagnostic->message) + strlen(diagnostic->hint) +
                          strlen(diagnostic->source) + strlen(diagnostic->file);
    if (diagnostic->line > 0 && (diagnostic->column < 1 || diagnostic->length < 1))
        abort();
}

static void write_twice(const dt_model *model, const dt_history *history, const dt_options *options)
{
    written once = {0}, twice = {0};
    dt_history *again = NULL;
    if (dt_history_write(history, true, options, keep, &once) == DT_OK) {
        if (dt_history_parse(model, "again", once.text, once.length, options, &again) != DT_OK ||
            dt_history_write(again, true, options, keep, &twice) != DT_OK ||
            once.length != twice.length || memcmp(once.text, twice.text, once.length) != 0)
            abort();
    }
    dt_history_free(again);
    free(once.text);
    free(twice.text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { ROWS = 12 };
    size_t told = 0;
    const dt_options options = {.report = hear, .report_context = &told};
    static dt_model *model;
    if (!model && dt_model_parse("model", MODEL, strlen(MODEL), &options, &model) != DT_OK)
        abort();
    dt_history *history;
    if (dt_history_parse(model, "fuzz", (const char *)data, size, &options, &history) != DT_OK)
        return 0;
    write_twice(model, history, &options);
    const dt_history *given[] = {history};
    dt_likelihood *likelihood = NULL;
    if (dt_history_rows(history) <= ROWS &&
        dt_likelihood_new(model, given, 1, NULL, &options, &likelihood) == DT_OK) {
        double world[1], loglik;
        dt_model_nominal(model, world);
        const dt_status status = dt_likelihood_world(likelihood, world, &options, &loglik, NULL);
        if ((status == DT_OK) != (loglik <= 1e-9))
            abort();
    }
    dt_likelihood_free(likelihood);
    dt_history_free(history);
    return 0;
}
