/*
 * What the C tests of wrong calls share: a model, its game and solution, and what it is to refuse a call.
 */
#ifndef DT_TEST_CALLS_H
#define DT_TEST_CALLS_H

#include "play.h"

static play_log told;
static dt_options options;
static dt_model *model;
static dt_game *game;
static dt_solution *solution;
static dt_ensemble *ensemble;

/* That a call was refused: with this status, one diagnostic, and nothing made. */
#define REFUSED(call)                                                                              \
    do {                                                                                           \
        options = play_options(&told);                                                             \
        assert_int_equal(call, DT_INVALID);                                                        \
        assert_string_equal(told.codes, "bad-call");                                               \
    } while (0)
#define MADE_NOTHING(type, call)                                                                   \
    do {                                                                                           \
        type *made = (type *)&told;                                                                \
        REFUSED(call);                                                                             \
        assert_null(made);                                                                         \
    } while (0)

static inline bool take(void *context, const char *text, size_t length)
{
    (void)context, (void)text, (void)length;
    return true;
}

static int make(void **state)
{
    (void)state;
    options = play_options(&told);
    model = play_text("model m\nhorizon 2\nactor A\nparam p = 1 in 0 .. 2\n"
                      "stage s : A { A.up { pay A p } ; A.stay }\noutcome o = mean(s.A == up)\n",
                      &options);
    const double world[] = {1};
    assert_int_equal(dt_game_explore(model, 0, &options, &game), DT_OK);
    assert_int_equal(dt_solve(game, world, 0, &options, &solution), DT_OK);
    assert_int_equal(dt_ensemble_run(game, world, 1, 0, NULL, &options, &ensemble), DT_OK);
    return 0;
}

static int drop(void **state)
{
    (void)state;
    dt_ensemble_free(ensemble);
    dt_solution_free(solution);
    dt_game_free(game);
    dt_model_free(model);
    return 0;
}

#endif
