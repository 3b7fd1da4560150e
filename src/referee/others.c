/*
 * Other equilibria, where play is forever: what the policies' outcomes are under those that ever longer lookaheads don't tend
 * to. A ranking that holds only under the one that is selected rests on the selection. An equilibrium that iterated
 * responses don't hold is less to be expected; one that they hold is as good as the one selected.
 *
 * Of each policy a row of numbers is kept: how many equilibria there are (0: they aren't looked for, as something is a
 * secret), how many of them others than the limit that are held, and the least and the largest of every declared
 * outcome, over all of them and over the limit and those that are held.
 */
#include <math.h>

#include "detente_equilibria.h"
#include "referee/referee.h"

enum {
    FOUND,
    HELD,
    RANGES
}; /* what stands in a row; ranges [outcomes][all, held][least, largest] */

size_t dt_others_width(const dt_refereeing *r)
{
    return RANGES + 4 * r->declared;
}

static void widen(double *range, double number)
{
    range[0] = fmin(range[0], number); /* what isn't known yet is NaN */
    range[1] = fmax(range[1], number);
}

dt_status dt_others_find(const dt_refereeing *r, const dt_game *game, const double *world,
                         const dt_options *options, double *row, double *space)
{
    const dt_search search = {.starts = dt_referee_starts(r) / r->policies};
    dt_options quiet = *options;
    dt_equilibria *found = NULL;
    if (dt_game_secrets(game) > 0) {
        row[FOUND] = 0;
        return DT_OK;
    }
    quiet.report = NULL;
    dt_status status = dt_equilibria_find(game, world, r->how->values, &search, &quiet, &found);
    if (status != DT_OK)
        return status == DT_LIMIT ? status : DT_OK; /* it stays NaN */
    row[FOUND] = (double)dt_equilibria_count(found);
    row[HELD] = 0;
    for (size_t e = 0; e < dt_equilibria_count(found) && status <= DT_NO; e++) {
        const dt_equilibrium item = dt_equilibria_item(found, e);
        const bool limit = item.found & DT_FOUND_LIMIT, held = item.held == DT_HELD_YES;
        status = dt_solution_outcomes(item.solution, &quiet, space);
        row[HELD] += held && !limit;
        for (size_t o = 0; o < r->declared && status <= DT_NO; o++) {
            widen(row + RANGES + 4 * o, space[o]);
            if (held || limit)
                widen(row + RANGES + 4 * o + 2, space[o]);
        }
    }
    dt_equilibria_free(found);
    return status == DT_LIMIT ? status : DT_OK;
}

/* The best policy by an outcome may be another, if the equilibria are: of the range of all, or of those that are
 * held. The number of policies if not. */
static size_t rival_of(const dt_refereeing *r, size_t outcome, bool held, size_t *best)
{
    const int direction = r->model->outcome[outcome].direction;
    const size_t at = RANGES + 4 * outcome + 2 * held, width = dt_others_width(r);
    *best = dt_referee_best(r, r->number[DT_VARIANT_NOMINAL] + outcome, r->outcomes, outcome);
    if (*best == r->policies)
        return r->policies;
    const double *row = r->others + *best * width, worst = row[at + (direction < 0)];
    for (size_t p = 0; p < r->policies; p++) {
        const double can = r->others[p * width + at + (direction > 0)];
        if (p != *best && direction * dt_better(can, worst, fmax(fabs(can), fabs(worst))) > 0)
            return p;
    }
    return r->policies;
}

static dt_name_list list_turns(dt_refereeing *r, bool held)
{
    dt_name_list turns = dt_names(r->arena, 0);
    for (size_t o = 0; o < r->declared; o++) {
        size_t best;
        const size_t rival =
            dt_model_headline(r->model, o) ? rival_of(r, o, held, &best) : r->policies;
        if (rival < r->policies)
            dt_name_add(&turns, "%s by %s (%s is selected)", r->model->policy[rival].is.name,
                        r->model->outcome[o].is.name, r->model->policy[best].is.name);
    }
    return turns;
}

/* Where something is a secret there is no search for others. */
static void object_to_silence(dt_refereeing *r)
{
    dt_name_list names = dt_names(r->arena, 0);
    dt_text text = {.arena = r->arena};
    for (size_t p = 0; p < r->policies && dt_referee_starts(r) > 0; p++) {
        if (r->others[p * dt_others_width(r) + FOUND] == 0)
            dt_name_add(&names, "%s", r->model->policy[p].is.name);
    }
    if (names.count == 0)
        return;
    dt_text_print(&text,
                  "Play is forever and there are secrets: whether there are other equilibria "
                  "isn't looked for under %s.",
                  dt_name_list_end(&names));
    dt_object(r, "equilibria", DT_MILD, (double)NAN, &text,
              dt_referee_print(r, "detente run %s --lookahead 0", r->name));
}

void dt_object_others(dt_refereeing *r)
{
    dt_name_list names = dt_names(r->arena, 0);
    dt_text text = {.arena = r->arena};
    object_to_silence(r);
    size_t most = 0;
    double several = 0;
    for (size_t p = 0; p < r->policies && dt_referee_starts(r) > 0; p++) {
        const double *row = r->others + p * dt_others_width(r);
        if (!(row[FOUND] > 1))
            continue;
        if (row[FOUND] > several)
            most = p;
        several = fmax(several, row[FOUND]);
        dt_name_add(&names, "%s (%.0f, of which iterated responses hold %.0f besides)",
                    r->model->policy[p].is.name, row[FOUND], row[HELD]);
    }
    if (names.count == 0)
        return;
    dt_name_list turns = list_turns(r, true);
    const bool held = turns.count > 0;
    if (!held)
        turns = list_turns(r, false);
    const bool any = turns.count > 0;
    dt_text_print(
        &text,
        "Play forever has several equilibria, of which the one that ever longer lookaheads "
        "tend to is selected: under %s. They were looked for from %zu random starts under each "
        "policy.",
        dt_name_list_end(&names), dt_referee_starts(r) / r->policies);
    if (any)
        dt_text_print(&text, " By others%s the best policy may be another: %s.",
                      held ? " that are held" : "", dt_name_list_end(&turns));
    dt_object(r, "equilibria",
              held  ? DT_GRAVE
              : any ? DT_SERIOUS
                    : DT_MILD,
              several, &text,
              dt_referee_print(r, "detente equilibria %s --policy %s", r->name,
                               r->model->policy[most].is.name));
}
