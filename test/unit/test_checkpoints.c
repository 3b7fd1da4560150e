/*
 * Solutions that keep checkpoints because the strategies of all periods don't fit within the memory limit:
 * whatever is asked of them, in whatever order, has the bits of a solution that keeps everything. The
 * limit is put a byte below what the strategies alone would take, in games of so many periods that these
 * are most of the memory.
 */
#include "play.h"

#include <math.h>

#include "detente_explain.h"
#include "trace/contrast.h"
#include "trace/over_time.h"

/* The text of a file with its horizon and lookahead in place of its own; NULL if it looks ahead forever. */
static char *stretch(const char *path, uint32_t horizon, uint32_t lookahead)
{
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    char *text = calloc(1, 1 << 16), line[4096];
    assert_non_null(text);
    bool forever = false;
    while (fgets(line, sizeof line, file)) {
        forever |= strncmp(line, "lookahead forever", 17) == 0;
        if (strncmp(line, "horizon ", 8) == 0)
            sprintf(text + strlen(text), "horizon %u\nlookahead %u\n", horizon, lookahead);
        else if (strncmp(line, "lookahead ", 10) != 0)
            strcat(text, line);
        assert_true(strlen(text) + sizeof line < 1 << 16);
    }
    fclose(file);
    if (!forever)
        return text;
    free(text);
    return NULL;
}

/* What is asked of a period has the bits of what was kept. */
static void compare_period(const dt_solution *kept, const dt_solution *again, uint32_t t)
{
    const dt_game *game = kept->game;
    assert_memory_equal(dt_strategy_of(kept->strategy, game, t),
                        dt_strategy_of(again->strategy, game, t), game->options * sizeof(double));
}

static void compare_strategies(const dt_solution *kept, const dt_solution *again)
{
    const uint32_t periods = kept->game->periods;
    for (uint32_t t = 0; t < periods; t++)
        compare_period(kept, again, t);
    for (uint32_t t = periods; t-- > 0;)
        compare_period(kept, again, t);
    for (uint32_t i = 0, t = 0; i < 100; i++, t = (t * 1103515245 + 12345) % periods)
        compare_period(kept, again, t);
}

static void compare_certificates(const dt_solution *kept, const dt_certificate *one,
                                 const dt_certificate *other)
{
    const size_t actors = (size_t)kept->game->model->actors;
    assert_memory_equal(&one->residual, &other->residual, sizeof one->residual);
    assert_memory_equal(&one->rounding, &other->rounding, sizeof one->rounding);
    assert_memory_equal(one->gap, other->gap, actors * sizeof *one->gap);
    assert_memory_equal(one->value, other->value, actors * sizeof *one->value);
}

typedef struct writing {
    char *at;
    size_t length;
} writing;

static bool append(void *context, const char *text, size_t length)
{
    writing *all = context;
    all->at = realloc(all->at, all->length + length + 1);
    assert_non_null(all->at);
    memcpy(all->at + all->length, text, length);
    all->length += length;
    return true;
}

static void compare_exports(const dt_solution *kept, const dt_solution *again)
{
    writing one = {0}, other = {0};
    assert_int_equal(dt_export(kept, DT_EXPORT_JSON, NULL, append, &one), DT_OK);
    assert_int_equal(dt_export(again, DT_EXPORT_JSON, NULL, append, &other), DT_OK);
    assert_int_equal(one.length, other.length);
    assert_memory_equal(one.at, other.at, one.length);
    free(one.at);
    free(other.at);
}

static void compare_explanations(const dt_solution *kept, const dt_solution *again, int period)
{
    dt_explanation *one, *other;
    const dt_status status = dt_explain(kept, NULL, NULL, period, NULL, &one);
    assert_int_equal(dt_explain(again, NULL, NULL, period, NULL, &other), status);
    if (status != DT_OK)
        return;
    assert_true(one->movers == other->movers && one->reached == other->reached);
    assert_string_equal(one->state, other->state);
    assert_memory_equal(one->outcome, other->outcome, one->outcomes * sizeof *one->outcome);
    for (size_t m = 0; m < one->movers; m++) {
        for (size_t a = 0; a < one->mover[m].actions; a++) {
            const dt_explained_action *x = &one->mover[m].action[a],
                                      *y = &other->mover[m].action[a];
            assert_true(x->probability == y->probability && x->value == y->value);
            assert_memory_equal(x->term, y->term, one->mover[m].terms * sizeof *x->term);
            assert_memory_equal(x->outcome, y->outcome, one->outcomes * sizeof *x->outcome);
        }
    }
    dt_explanation_free(one);
    dt_explanation_free(other);
}

static void compare_outcomes(const dt_solution *kept, const dt_solution *again)
{
    double one[64] = {0}, other[64] = {0};
    const size_t outcomes = dt_model_count(kept->game->model, DT_OUTCOMES);
    assert_true(outcomes <= 64);
    const dt_status status = dt_solution_outcomes(kept, NULL, one);
    assert_int_equal(dt_solution_outcomes(again, NULL, other), status);
    assert_memory_equal(one, other, outcomes * sizeof *one);
    dt_arena *arena = dt_arena_new(NULL, 0);
    const dt_over_time *a = dt_over_time_make(arena, kept), *b = dt_over_time_make(arena, again);
    assert_memory_equal(a->outcome, b->outcome, a->periods * outcomes * sizeof(double));
    assert_memory_equal(a->share, b->share, a->periods * a->values * sizeof(double));
    for (int o = 0; o < kept->game->model->declared_outcomes && status == DT_OK; o++) {
        const dt_contrast *c = dt_contrast_make(arena, arena, kept, again, o);
        assert_true(c->here == c->there && c->counted == 0); /* the one goes on as the other does */
        for (uint32_t s = 0; s < kept->game->stages; s++)
            assert_true(fabs(c->stage[s].part) <= 1e-12 * (1 + fabs(c->here)));
    }
    dt_arena_free(arena);
}

static size_t prizes;

/* What the values that are kept spare (prize.c) is found all the same without them. */
static void compare_prizes(const dt_solution *kept, const dt_solution *again)
{
    dt_prize one[64] = {0}, other[64] = {0};
    const dt_model *model = kept->game->model;
    size_t ones = 0, others = 0;
    assert_in_range(model->ends * model->actors, 0, 64);
    assert_true(!again->worth && (!kept->worth || model->ends > 0));
    assert_int_equal(dt_solution_prizes(kept, NULL, one, &ones), DT_OK);
    assert_int_equal(dt_solution_prizes(again, NULL, other, &others), DT_OK);
    assert_int_equal(ones, others);
    assert_memory_equal(one, other, ones * sizeof *one);
    prizes += ones > 0;
}

static size_t checkpointed, exported, explained, past_horizon;

/* `verified`: by the verifier too, which takes longer than all else. */
static void compare(dt_solution *kept, dt_solution *again, bool verified)
{
    assert_true(!kept->work && again->work && again->strategy->held < again->game->periods);
    const dt_certificate one = dt_solution_certificate(kept);
    const dt_certificate other = dt_solution_certificate(again);
    compare_certificates(kept, &one, &other);
    assert_int_equal(kept->judgement, again->judgement);
    assert_string_equal(kept->reason, again->reason);
    assert_int_equal(kept->found.crossed, again->found.crossed);
    compare_strategies(kept, again);
    checkpointed++;
    past_horizon += kept->game->periods > kept->game->horizon;
    if (kept->judgement != DT_SOLVED)
        return;
    compare_outcomes(kept, again);
    compare_prizes(kept, again);
    if (!verified)
        return;
    dt_certificate first, second;
    assert_int_equal(dt_verify(kept, NULL, &first), dt_verify(again, NULL, &second));
    compare_certificates(kept, &first, &second);
    if (checkpointed % 8 == 0) {
        compare_exports(kept, again);
        exported++;
    }
    if (checkpointed % 8 == 1) {
        compare_explanations(kept, again, 1 + (int)kept->game->horizon / 3);
        explained++;
    }
}

/* Solves a game with and without room for the strategies of all periods, with gaps at once and later. */
static void check_game(const dt_game *game, const double *world, dt_values values, bool verified)
{
    dt_solution *kept, *again, *later;
    const dt_status status = dt_solve(game, world, values, NULL, &kept);
    if (!kept)
        return;
    play_log log;
    dt_options options = play_options(&log);
    options.max_memory = game->periods * game->options * sizeof(double) - 1;
    if (game->dated) /* the numbers of every period are kept besides */
        options.max_memory += (size_t)(game->periods * dt_world_bytes(game, 1));
    assert_int_equal(dt_solve(game, world, values, &options, &again), status);
    compare(kept, again, verified);
    assert_int_equal(dt_solve_values(game, world, values, &options, &later), status);
    assert_true(later->work && !later->gap);
    assert_int_equal(dt_solution_gaps(later, NULL), status);
    assert_memory_equal(later->gap, kept->gap, (size_t)game->model->actors * sizeof *kept->gap);
    compare_period(kept, later, game->horizon - 1);
    dt_solution_free(kept);
    dt_solution_free(again);
    dt_solution_free(later);
}

/* Periods whose strategies take so many bytes that little else counts; 0 if it would have to be too many. */
static uint32_t many_periods(const dt_game *game)
{
    enum { BYTES = 3 << 17, LEAST = 60, MOST = 30000 };
    if (game->options == 0)
        return 0;
    const uint64_t periods = BYTES / (game->options * sizeof(double)) + 1;
    return periods < LEAST ? LEAST : periods > MOST ? 0 : (uint32_t)periods;
}

/* One policy of a model, with the horizon that many periods are, in three parts. */
static void check_policy(const char *path, const dt_model *model, size_t policy, uint32_t parts)
{
    dt_game *game;
    play_log log;
    const dt_options options = play_options(&log);
    assert_int_equal(dt_game_explore(model, policy, &options, &game), DT_OK);
    const uint32_t periods = many_periods(game);
    const uint32_t horizon = periods * parts / 3;
    dt_game_free(game);
    char *text = periods == 0 ? NULL : stretch(path, horizon, periods - horizon);
    if (!text)
        return; /* or one strategy serves for all periods */
    dt_model *longer = play_text(text, &options);
    double world[256];
    assert_true(dt_model_count(longer, DT_PARAMETERS) <= 256);
    assert_int_equal(dt_game_explore(longer, policy, &options, &game), DT_OK);
    dt_model_nominal(longer, world);
    dt_game_settings(game, world);
    check_game(game, world, DT_VALUES_AVERAGE, true);
    if (parts == 2)
        check_game(game, world, DT_VALUES_SURPLUS, true);
    dt_game_free(game);
    dt_model_free(longer);
    free(text);
}

static void test_small_models(void **state)
{
    (void)state;
    for (size_t m = 0; m < PLAY_MODELS_COUNT; m++) {
        char path[512];
        play_log log;
        const dt_options options = play_options(&log);
        dt_model *model = play_read(m, &options);
        snprintf(path, sizeof path, "%s/%s", DT_ROOT, PLAY_MODELS[m]);
        check_policy(path, model, m % dt_model_count(model, DT_POLICIES), 1 + m % 3);
        dt_model_free(model);
    }
    assert_true(checkpointed >= 20 && exported >= 2 && explained >= 2 && past_horizon >= 10);
    assert_true(prizes >= 3);
}

/* A walk that ends where it meets something, in which everything but the first corner is reached late: two
 * movers at once, something that is paid whatever happens, and a lookahead. */
static void test_walk(void **state)
{
    (void)state;
    play_log log;
    const dt_options options = play_options(&log);
    dt_model *model =
        play_text("model walk\nhorizon 50\nlookahead 20\n"
                  "actor A discount 0.97 rationality 3\nactor B discount 0.95 rationality 2\n"
                  "param p = 0.3 judgement\n"
                  "state x : 0..9 = 5\nstate y : 0..9 = 5\nstate z : 0..9 = 0\n"
                  "stage go : A, B {\n"
                  "  A.left { x -= 1 }\n  A.right { x += 1 }\n  A.stay { pay A 0.1 }\n"
                  "  B.up { y += 1 }\n  B.down { y -= 1 }\n}\n"
                  "stage luck : chance { branch { p { z += 1 } p { z -= 1 } else { } } }\n"
                  "payoff A { near = -abs(x - y) / 5 ; high = z / 9 ; fixed = 3 }\n"
                  "payoff B { far = abs(x - z) / 5 }\n"
                  "end met when x == y and z == 9\n"
                  "outcome met = ever(x == y and z > 7)\noutcome far = mean(abs(x - y))\n",
                  &options);
    dt_game *game;
    const double world[] = {0.3};
    assert_int_equal(dt_game_explore(model, 0, &options, &game), DT_OK);
    check_game(game, world, DT_VALUES_AVERAGE, true);
    check_game(game, world, DT_VALUES_SURPLUS, true);
    dt_game_free(game);
    dt_model_free(model);
}

/* As it is shipped: the anchor within a block, and stage games past the horizon. */
static void test_korea(void **state)
{
    (void)state;
    play_log log;
    const dt_options options = play_options(&log);
    dt_model *model;
    dt_game *game;
    double world[256];
    assert_int_equal(dt_model_read(DT_ROOT "/test/referee/korea-first.dtn", &options, &model),
                     DT_OK);
    assert_int_equal(dt_game_explore(model, 0, &options, &game), DT_OK);
    dt_model_nominal(model, world);
    dt_game_settings(game, world);
    check_game(game, world, DT_VALUES_AVERAGE, false);
    dt_game_free(game);
    dt_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small_models),
        cmocka_unit_test(test_walk),
        cmocka_unit_test(test_korea),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
