/*
 * Matches for the C tests: a model solved under a policy, matches of it in which some sides are held, and whether what
 * came of many of them is what was expected.
 */
#ifndef DT_TEST_MATCHES_H
#define DT_TEST_MATCHES_H

#include "play.h"

#include <math.h>

#include "detente_play.h"

static play_log told;
static dt_options options;

typedef struct solved {
    dt_model *model;
    dt_game *game;
    dt_solution *solution;
    bool *all; /* [actors] true */
} solved;

static inline dt_model *read_model(const char *path)
{
    char full[512];
    dt_model *model;
    snprintf(full, sizeof full, "%s/%s", DT_ROOT, path);
    assert_int_equal(dt_model_read(full, &options, &model), DT_OK);
    return model;
}

static inline solved solve_model(dt_model *model, size_t policy)
{
    solved s = {.model = model};
    double world[256];
    assert_true(dt_model_count(s.model, DT_PARAMETERS) <= 256);
    dt_model_nominal(s.model, world);
    assert_int_equal(dt_game_explore(s.model, policy, &options, &s.game), DT_OK);
    dt_game_settings(s.game, world);
    assert_int_equal(dt_solve(s.game, world, DT_VALUES_AVERAGE, &options, &s.solution), DT_OK);
    const size_t actors = dt_model_count(s.model, DT_ACTORS);
    s.all = calloc(actors, sizeof *s.all);
    memset(s.all, true, actors);
    return s;
}

static inline solved solve(const char *path, size_t policy)
{
    options = play_options(&told);
    return solve_model(read_model(path), policy);
}

static inline void release(const solved *s)
{
    free(s->all);
    dt_solution_free(s->solution);
    dt_game_free(s->game);
    dt_model_free(s->model);
}

static inline dt_match *begin(const solved *s, uint64_t seed, uint64_t number, const bool *held)
{
    dt_match *match;
    const dt_match_how how = {seed, number, held};
    assert_int_equal(dt_match_new(s->solution, &how, &options, &match), DT_OK);
    return match;
}

/* Sums of numbers and of their squares, over matches. */
typedef struct tally {
    double sum, square;
} tally;

static inline void count(tally *t, double x)
{
    t->sum += x;
    t->square += x * x;
}

/* Whether a mean is within four standard errors of what is expected; of what never differed, which is rare, within
 * what could have been missed. */
static inline void assert_expected(const tally *t, size_t matches, double expected, double largest)
{
    const double mean = t->sum / (double)matches;
    const double variance = t->square / (double)matches - mean * mean;
    const double room =
        variance > 1e-9 ? 4 * sqrt(variance / (double)matches) : 16 * largest / (double)matches;
    assert_true(fabs(mean - expected) <= room + 1e-9);
}

#endif
