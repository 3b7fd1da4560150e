/*
 * Opening a study and understanding what is asked of it; the sentence that says which worlds an
 * answer rests on.
 */
#include "question.h"

#include <assert.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- names ------------------------------------------------------------------------------------- */

const char *cli_outcome_name(const cli_question *q, size_t outcome)
{
    return dt_model_item(q->model, DT_OUTCOMES, outcome);
}

const char *cli_policy_name(const cli_question *q, size_t policy)
{
    assert(policy < q->data->policies);
    return dt_model_item(q->model, DT_POLICIES, q->data->policy[policy]);
}

const char *cli_policy_words(const cli_question *q, size_t policy)
{
    const char *words = dt_model_item_description(q->model, DT_POLICIES, q->data->policy[policy]);
    return *words ? words : cli_policy_name(q, policy);
}

const char *cli_parameter_name(const cli_question *q, size_t parameter)
{
    return dt_model_item(q->model, DT_PARAMETERS, parameter);
}

const char *cli_source_of(const cli_question *q, size_t parameter)
{
    const char *source = dt_model_parameter(q->model, parameter).source;
    return *source ? source : NULL;
}

static const char *direction_text(int direction)
{
    return direction > 0 ? "more is better" : direction < 0 ? "less is better" : "no direction";
}

const char *cli_outcome_heading(const cli_question *q, size_t outcome)
{
    const char *text = dt_model_item_description(q->model, DT_OUTCOMES, outcome);
    return cli_print("%s%s%s (%s)", cli_outcome_name(q, outcome), *text ? ": " : "", text,
                     direction_text(dt_model_outcome_direction(q->model, outcome)));
}

const char *cli_plural(size_t count, const char *one, const char *many)
{
    return cli_print("%zu %s", count, count == 1 ? one : many);
}

const char *cli_join(const cli_texts *texts, const char *between)
{
    const char *all = "";
    for (size_t i = 0; i < texts->count; i++)
        all = cli_print("%s%s%s", all, i ? between : "", texts->at[i]);
    return all;
}

/* ---- what is asked ----------------------------------------------------------------------------- */

static bool find_outcomes(cli_question *q)
{
    const cli_texts *asked = &q->line->outcome;
    q->outcome = cli_take(asked->count, sizeof *q->outcome);
    for (size_t i = 0; i < asked->count; i++) {
        const int found = dt_model_find(q->model, DT_OUTCOMES, asked->at[i]);
        if (found < 0) {
            const char **names = cli_take(q->data->outcomes, sizeof *names);
            for (size_t o = 0; o < q->data->outcomes; o++)
                names[o] = cli_outcome_name(q, o);
            cli_error(cli_did_you_mean(asked->at[i], names, q->data->outcomes),
                      "model '%s' has no outcome '%s'", dt_model_name(q->model), asked->at[i]);
            return false;
        }
        q->outcome[q->outcomes++] = (size_t)found;
    }
    return true;
}

static bool find_policies(cli_question *q)
{
    const cli_texts *asked = &q->line->policy;
    const char **names = cli_take(q->data->policies, sizeof *names);
    for (size_t p = 0; p < q->data->policies; p++)
        names[p] = cli_policy_name(q, p);
    q->policy = cli_take(asked->count, sizeof *q->policy);
    for (size_t i = 0; i < asked->count; i++) {
        size_t p = 0;
        while (p < q->data->policies && strcmp(names[p], asked->at[i]) != 0)
            p++;
        if (p == q->data->policies) {
            cli_error(cli_did_you_mean(asked->at[i], names, q->data->policies),
                      "the study has no policy '%s'", asked->at[i]);
            return false;
        }
        q->policy[q->policies++] = p;
    }
    return true;
}

bool cli_read_criteria(const cli_question *q, const cli_texts *texts, dt_criterion **criteria)
{
    *criteria = cli_take(texts->count, sizeof **criteria);
    bool good = true;
    for (size_t i = 0; i < texts->count; i++)
        good &= dt_criterion_read(q->model, texts->at[i], &q->options, &(*criteria)[i]) == DT_OK;
    return good;
}

const char *cli_limits_in_words(const dt_model *model, const dt_box *box)
{
    const char *words = "";
    for (size_t l = 0; l < box->limits; l++) {
        const dt_limit *limit = &box->limit[l];
        const char *name = dt_model_item(model, DT_PARAMETERS, limit->parameter);
        const bool both = l + 1 < box->limits && box->limit[l + 1].parameter == limit->parameter;
        const char *between = l == 0 ? "" : l + 1 + both == box->limits ? " and " : ", ";
        if (both)
            words = cli_print("%s%s%s lies between %.4g and %.4g", words, between, name, limit->at,
                              box->limit[l + 1].at);
        else
            words = cli_print("%s%s%s is at %s %.4g", words, between, name,
                              limit->upper ? "most" : "least", limit->at);
        l += both;
    }
    return words;
}

bool cli_read_share(const char *text, const char *option, double fallback, double *share)
{
    *share = fallback;
    if (!text)
        return true;
    char *end;
    *share = strtod(text, &end);
    if (end != text && *end == '%') {
        *share /= 100;
        end++;
    }
    const bool good = end != text && !*end && *share >= 0 && *share <= 1;
    if (!good)
        cli_error(NULL, "--%s takes a number from 0 to 1, not '%s'", option, text);
    return good;
}

/* ---- opening ----------------------------------------------------------------------------------- */

dt_status cli_question_open(cli_question *q, const cli_line *line)
{
    *q = (cli_question){.line = line, .options = cli_library_options(line)};
    if (!cli_one_form(line))
        return DT_INVALID;
    const dt_status status = dt_study_open(line->model, &q->options, &q->study);
    if (status != DT_OK)
        return status;
    q->data = dt_study_read(q->study);
    q->model = q->data->model;
    if (!find_outcomes(q) || !find_policies(q)) {
        cli_question_close(q);
        return DT_INVALID;
    }
    q->answer = cli_answer_new(line);
    json_object_update_new(
        q->answer->facts,
        json_pack("{s:s, s:s, s:s, s:s, s:I, s:I}", "model", dt_model_name(q->model), "version",
                  dt_version(), "hash", q->data->hash, "design", dt_design_name(q->data->design),
                  "seed", (json_int_t)q->data->seed, "worlds", (json_int_t)q->data->worlds));
    return DT_OK;
}

void cli_question_close(cli_question *q)
{
    cli_progress_end();
    dt_study_close(q->study);
}

/* ---- the basis --------------------------------------------------------------------------------- */

static void say_points(const cli_question *q, const dt_basis *b)
{
    const dt_study_data *data = q->data;
    const char *what =
        b->sample && b->worlds < data->worlds
            ? cli_print("%zu worlds (blocks A and B) of %zu", b->worlds, data->worlds)
            : cli_plural(b->worlds, "world", "worlds");
    if (b->posterior) {
        cli_note(&q->answer->before, "%s: %s of the posterior, seed %" PRIu64 ", %s; %s.",
                 dt_model_name(q->model), cli_plural(b->worlds, "draw", "draws"), data->seed,
                 cli_plural(data->policies, "policy", "policies"),
                 cli_plural(data->varied, "number was fitted", "numbers were fitted"));
        cli_note(&q->answer->before,
                 "Shares, bands and means are those of the posterior, given %s.", data->fitted);
        return;
    }
    cli_note(&q->answer->before, "%s: %s, design %s, seed %" PRIu64 ", %s; %s and %s vary.",
             dt_model_name(q->model), what, dt_design_name(data->design), data->seed,
             cli_plural(data->policies, "policy", "policies"),
             cli_plural(b->deep, "deep parameter", "deep parameters"),
             cli_plural(b->risk, "risk", "risks"));
    if (data->selected)
        cli_note(&q->answer->before, "Played on %s.", cli_selection(data->selected));
}

/* Failed worlds are another kind of world: whoever reads a table must know how many and where. */
static void say_left_out(const cli_question *q, const dt_basis *b)
{
    cli_texts *cautions = &q->answer->cautions;
    const char *where = "";
    json_t *failed = json_object();
    for (size_t p = 0; p < q->data->policies; p++) {
        const size_t here = dt_basis_failed(q->data, b, p);
        if (here == 0)
            continue;
        json_object_set_new(failed, cli_policy_name(q, p), json_integer((json_int_t)here));
        where =
            cli_print("%s%s%zu under %s", where, *where ? ", " : "", here, cli_policy_name(q, p));
    }
    json_object_set_new(q->answer->facts, "failed", failed);
    if (*where)
        cli_note(
            cautions,
            "Of %s looked at, some failed: %s. %s left out here, for every policy asked about.",
            cli_plural(b->worlds, "world", "worlds"), where,
            cli_print("%zu %s", b->failed, b->failed == 1 ? "is" : "are"));
    if (b->unfinished)
        cli_note(cautions,
                 "Left out: %s not done under one of the policies asked about, for all of them.",
                 cli_plural(b->unfinished, "world", "worlds"));
}

void cli_say_basis(const cli_question *q, const dt_basis *b)
{
    const dt_study_data *data = q->data;
    json_object_set_new(q->answer->facts, "basis",
                        json_pack("{s:I, s:I, s:I, s:I, s:b, s:I, s:I}", "worlds",
                                  (json_int_t)b->worlds, "unfinished", (json_int_t)b->unfinished,
                                  "failed", (json_int_t)b->failed, "points", (json_int_t)b->points,
                                  "averaged", b->averaged, "deep", (json_int_t)b->deep, "risk",
                                  (json_int_t)b->risk));
    say_points(q, b);
    say_left_out(q, b);
    cli_texts *before = &q->answer->before;
    if (b->averaged)
        cli_note(before,
                 "Every one of %s is averaged over its risk draws first, as risks alone have a "
                 "probability; what follows is across the deep draws.",
                 cli_plural(b->points, "deep draw", "deep draws"));
    if (b->deep)
        cli_note(before, "Deep parameters have no probability: shares, bands and means across them "
                         "are those of the design.");
    if (!b->sample)
        cli_note(before,
                 "A design of kind %s isn't a sample: shares are those of its points, and nothing "
                 "is resampled.",
                 dt_design_name(data->design));
}
