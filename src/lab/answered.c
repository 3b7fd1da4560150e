/*
 * The answer in words and what levers do, as JSON for the page: each sentence beside the numbers that it
 * is made of.
 */
#include <math.h>

#include "lab/results.h"

static void write_policy(dt_writer *out, const char *key, size_t at, const size_t *policy)
{
    dt_json_print(out, "%s: %d", key, at == SIZE_MAX ? -1 : (int)policy[at]);
}

void dt_write_answered(dt_writer *out, const dt_answered *answered, const size_t *policy)
{
    dt_json_print(out, "{basis: %s, outcomes: [", answered->basis);
    for (size_t i = 0; i < answered->outcomes; i++) {
        const dt_answered_outcome *o = &answered->outcome[i];
        dt_json_print(out, "{outcome: %zu, lead: %s", o->outcome, dt_lead_word(o->lead));
        write_policy(out, "best", o->best, policy);
        write_policy(out, "next", o->next, policy);
        dt_json_print(out, "named: [");
        for (size_t k = 0; k < o->names; k++)
            dt_json_print(out, "%zu", policy[o->named[k]]);
        dt_json_print(out, "], ");
        dt_json_print(out, "share: %g, less: %g, by_chance: %i, text: %s, turns: %s, work: %s}",
                      o->share, o->less, o->by_chance, o->text, o->turns, o->work);
    }
    dt_json_print(out, "]}");
}

static void write_outcome(dt_writer *out, const dt_model *model, const dt_levers *levers,
                          const dt_levers_result *result, size_t outcome, dt_arena *scratch)
{
    enum { LONGEST = 4000 };
    const size_t count = dt_levers_count(levers), cells = (size_t)1 << count;
    const double *v = result->outcome + outcome * cells;
    const dt_shares shares = {.shapley = dt_new(scratch, double, count),
                              .alone = dt_new(scratch, double, count),
                              .left_out = dt_new(scratch, double, count)};
    dt_share(count, v, &(dt_shares){shares.shapley, shares.alone, shares.left_out, NULL});
    char *text = dt_new(scratch, char, LONGEST);
    dt_json_print(out, "{from: %g, to: %g, shapley:", v[0], v[cells - 1]);
    dt_json_numbers(out, shares.shapley, count);
    dt_json_print(out, "alone:");
    dt_json_numbers(out, shares.alone, count);
    dt_json_print(out, "left_out:");
    dt_json_numbers(out, shares.left_out, count);
    dt_json_print(out, "mechanical: %g, adaptive: %g, text: %s}", result->mechanical[outcome],
                  result->adaptive[outcome],
                  dt_levers_in_words(model, levers, result, outcome, text, LONGEST));
}

void dt_write_levers(dt_writer *out, const dt_model *model, const dt_levers *levers,
                     const dt_levers_result *result, dt_arena *scratch)
{
    dt_json_print(out, "{games: %zu, uniform: %g, ingredients: [", result->games,
                  result->uniform[0]);
    for (size_t i = 0; i < dt_levers_count(levers); i++)
        dt_json_print(out, "{name: %s, from: %s, to: %s}", dt_levers_name(levers, i),
                      dt_levers_side(levers, i, 0), dt_levers_side(levers, i, 1));
    dt_json_print(out, "], outcomes: [");
    for (size_t o = 0; o < (size_t)model->declared_outcomes; o++)
        write_outcome(out, model, levers, result, o, scratch);
    dt_json_print(out, "]}");
}
