/*
 * Codes: few letters by which a match can be had again, by somebody else and elsewhere. They carry what is chosen, policy,
 * sides and seed, and a mark of all that else decides what happens: the model's text and its numbers (Fowler, Noll & Vo's
 * hash, folded to 32 bits). The mark finds slips; it proves nothing.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/job.h"
#include "play/match.h"
#include "study/random.h"

/* Whether a policy sets a parameter, so that its number before that doesn't matter. */
static bool is_set(const dt_regime *regime, int parameter)
{
    for (int s = 0; s < regime->sets; s++) {
        if (regime->set[s].parameter == parameter)
            return true;
    }
    return false;
}

/* The mark of a model's text and the numbers [parameters] of a world under rules. */
static uint32_t mark_of(dt_arena *arena, const dt_rules *rules, const double *parameter)
{
    const dt_model *model = rules->model;
    dt_text all = {.arena = arena};
    dt_text_add(&all, model->source.text, model->source.length);
    for (int i = 0; i < model->params; i++) {
        char number[32];
        if (!is_set(rules->regime, i))
            dt_text_print(&all, " %s", dt_print_number(number, parameter[i]));
    }
    const uint64_t hash = dt_identity(dt_text_get(&all));
    return (uint32_t)(hash ^ hash >> 32);
}

const char *dt_code_of(dt_match *match)
{
    dt_text code = {.arena = match->arena};
    const char *between = "";
    dt_text_print(&code, "%s.", match->game->rules->name);
    for (int i = 0; i < match->model->actors; i++) {
        if (!match->held[i])
            continue;
        dt_text_print(&code, "%s%s", between, match->model->actor[i].is.name);
        between = "+";
    }
    dt_text_print(&code, "%s.%" PRIu64 ".%08" PRIx32, *between ? "" : "-", match->seed,
                  mark_of(match->arena, match->game->rules, match->solution->world->parameter));
    return dt_text_get(&code);
}

const char *dt_match_code(const dt_match *match, char *buffer, size_t size)
{
    if (!buffer || size == 0)
        return "";
    snprintf(buffer, size, "%s", match ? match->code : "");
    return buffer;
}

/* ---- reading ----------------------------------------------------------------------------------- */

typedef struct reading {
    const dt_model *model;
    const double *parameter;
    const char *code;
    const dt_options *options;
    size_t *policy;
    uint64_t *seed;
    bool *held;
} reading;

/* The next part of a code, up to a mark or its end, and what follows it. */
static dt_slice next_part(const char **at, char mark)
{
    const char *from = *at, *end = strchr(from, mark);
    const dt_slice part = {from, end ? (size_t)(end - from) : strlen(from)};
    *at = from + part.length + (end != NULL);
    return part;
}

static bool read_policy(const reading *r, dt_slice name)
{
    for (int p = 0; p < r->model->policies; p++) {
        if (dt_slice_is(name, r->model->policy[p].is.name)) {
            *r->policy = (size_t)p;
            return true;
        }
    }
    return false;
}

static bool read_sides(const reading *r, dt_slice names)
{
    const char *at = names.at, *end = names.at + names.length;
    for (int i = 0; i < r->model->actors; i++)
        r->held[i] = false;
    if (dt_slice_is(names, "-"))
        return true;
    while (at < end) {
        const char *plus = memchr(at, '+', (size_t)(end - at));
        const dt_slice name = {at, (size_t)((plus ? plus : end) - at)};
        int i = 0;
        while (i < r->model->actors && !dt_slice_is(name, r->model->actor[i].is.name))
            i++;
        if (i == r->model->actors)
            return false;
        r->held[i] = true;
        at = plus ? plus + 1 : end;
    }
    return names.length > 0;
}

static bool read_number(dt_slice part, int base, uint64_t *number)
{
    *number = 0;
    for (size_t i = 0; i < part.length; i++) {
        const char *digits = "0123456789abcdef", *digit = strchr(digits, part.at[i]);
        const uint64_t value = digit && *digit ? (uint64_t)(digit - digits) : 16;
        if (value >= (uint64_t)base || *number > (UINT64_MAX - value) / (uint64_t)base)
            return false;
        *number = *number * (uint64_t)base + value;
    }
    return part.length > 0;
}

static dt_status read_code(dt_arena *arena, void *argument)
{
    const reading *r = argument;
    const char *at = r->code;
    uint64_t mark;
    const dt_slice policy = next_part(&at, '.'), sides = next_part(&at, '.');
    const dt_slice seed = next_part(&at, '.'), mark_text = next_part(&at, '.');
    const bool good = read_policy(r, policy) && read_sides(r, sides) &&
                      read_number(seed, 10, r->seed) && read_number(mark_text, 16, &mark) &&
                      *at == '\0';
    dt_diagnostics *diagnostics = dt_diagnostics_new(arena, r->options, &r->model->source);
    if (!good)
        dt_complain_more(diagnostics, DT_MATCH_CODE, (dt_place){0, 0},
                         "it has the policy, the sides, the seed and a mark, as `play` prints them",
                         NULL, r->code);
    else if (r->parameter &&
             mark != mark_of(arena, dt_rules_make(arena, r->model, (int)*r->policy), r->parameter))
        dt_complain_more(diagnostics, DT_MATCH_MARK, (dt_place){0, 0},
                         "it is for the very text and numbers with which it was made", NULL,
                         r->code);
    dt_diagnostics_flush(diagnostics);
    return dt_diagnostics_errors(diagnostics) ? DT_INVALID : DT_OK;
}

dt_status dt_match_read_code(const dt_model *model, const double *parameters, const char *code,
                             const dt_options *options, size_t *policy, uint64_t *seed, bool *held)
{
    if (!model || !code || !policy || !seed || !held)
        return dt_refuse_call(options, "dt_match_read_code",
                              "no model, no code, or nowhere to put what it says");
    return dt_job(options, read_code,
                  &(reading){model, parameters, code, options, policy, seed, held});
}
