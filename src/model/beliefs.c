/*
 * Counting the points of the grid of beliefs, in whole numbers that saturate instead of overflowing.
 */
#include "model/beliefs.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

enum { FINE_FOR_TWO = 32, FINE_FOR_MORE = 16 };

int dt_fineness(const dt_model *model, int variable, int beliefs)
{
    assert(model->variable[variable].owner != DT_NONE && beliefs >= 0);
    if (beliefs > 0)
        return beliefs;
    if (model->beliefs > 0)
        return model->beliefs;
    return dt_slot_values(model, variable) <= 2 ? FINE_FOR_TWO : FINE_FOR_MORE;
}

static uint64_t product(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX / b ? UINT64_MAX : a * b;
}

/* C(n, k) = Π_{i=1…k} (n − k + i)/i, of which every partial product is whole; k is taken as the lesser
 * of the two that give the same, so that there are few factors. */
uint64_t dt_belief_points(int values, int fineness)
{
    assert(values >= 1 && fineness >= 1);
    const uint64_t one = (uint64_t)fineness, other = (uint64_t)values - 1,
                   k = one < other ? one : other, rest = one + other - k;
    uint64_t points = 1;
    for (uint64_t i = 1; i <= k; i++) {
        const uint64_t next = product(points, rest + i);
        if (next == UINT64_MAX)
            return UINT64_MAX;
        points = next / i;
    }
    return points;
}

uint64_t dt_all_belief_points(const dt_model *model, int beliefs)
{
    uint64_t points = 1;
    for (int i = 0; i < model->privates; i++) {
        const int v = model->private_variable[i];
        points = product(
            points, dt_belief_points(dt_slot_values(model, v), dt_fineness(model, v, beliefs)));
    }
    return points;
}

int dt_largest_fineness(const dt_model *model)
{
    int n = DT_MAX_FINENESS;
    while (n > 0 && dt_all_belief_points(model, n) > DT_MAX_BELIEFS)
        n -= 2;
    return n;
}

bool dt_fineness_is_right(const dt_options *options)
{
    return !options || (options->beliefs >= 0 && options->beliefs <= DT_MAX_FINENESS &&
                        options->beliefs % 2 == 0);
}

bool dt_beliefs_fit(const dt_model *model, const dt_options *options, dt_diagnostics *diagnostics)
{
    assert(dt_fineness_is_right(options));
    const uint64_t points = dt_all_belief_points(model, options ? options->beliefs : 0);
    if (points <= DT_MAX_BELIEFS)
        return true;
    int widest = model->private_variable[0];
    for (int i = 1; i < model->privates; i++) {
        if (dt_slot_values(model, model->private_variable[i]) > dt_slot_values(model, widest))
            widest = model->private_variable[i];
    }
    const int largest = dt_largest_fineness(model);
    char hint[200], many[32];
    if (largest > 0)
        snprintf(hint, sizeof hint, "the largest fineness that fits is %d: write 'beliefs %d'",
                 largest, largest);
    else
        snprintf(hint, sizeof hint,
                 "not even the coarsest grid fits, of fineness 2: give this variable, or other "
                 "private ones, fewer values");
    snprintf(many, sizeof many, points == UINT64_MAX ? "more than 10^16" : "%" PRIu64, points);
    dt_complain_more(diagnostics, DT_TOO_FINE, model->variable[widest].is.place, hint, NULL, many,
                     DT_MAX_BELIEFS);
    return false;
}

bool dt_refuse_private(const dt_model *model, const dt_options *options, const char *what)
{
    static const dt_options defaults;
    options = options ? options : &defaults;
    if (model->privates == 0)
        return false;
    dt_arena *arena = dt_arena_new(&options->allocator, 0);
    if (arena) {
        dt_diagnostics *diagnostics = dt_diagnostics_new(arena, options, &model->source);
        const dt_named *first = &model->variable[model->private_variable[0]].is;
        dt_text hint = {.arena = arena};
        dt_text_print(&hint,
                      "`detente run` and `detente explain` take this model; `start %s = …` in a "
                      "policy makes a value known",
                      first->name);
        dt_complain_more(diagnostics, DT_PRIVATE, first->place, dt_text_get(&hint), NULL, what);
        dt_diagnostics_flush(diagnostics);
    }
    dt_arena_free(arena);
    return true;
}
