/*
 * Play forever by fewer sweeps (accelerate.c) is play forever by plain ones: the same values,
 * strategies and gaps, on random games that can end, in which several move at once, with discounts up to .99 and
 * rationalities at which there may be several stationary equilibria; never by more sweeps; and where
 * plain sweeps don't settle, neither do they. Many worlds at once have the bits of one.
 *
 * test_forever GAMES makes so many games in place of 60, and says how many sweeps they take.
 */
#include "play.h"

#include <math.h>

#include "solve/sweep.h"

static int games = 60;

static uint64_t seed;

/* A random number. */
static double between(double low, double high)
{
    seed = seed * 6364136223846793005U + 1442695040888963407U;
    return low + (high - low) * (double)(seed >> 11) * 0x1p-53;
}

/* Three actors with two counters, which they and chance move, and an end at the top of one or of both. */
static void write_game(int number, char text[4096])
{
    seed = 1000003U * (uint64_t)number;
    const double patient = between(0.5, 0.99), rational = between(0.2, 8);
    double discount[3], rationality[3];
    for (int i = 0; i < 3; i++) {
        discount[i] = fmin(0.99, patient * between(0.9, 1.1));
        rationality[i] = rational * between(0.3, 1.5);
    }
    const double stakes = between(0.1, 1);
#define PAID between(-stakes, stakes)
    snprintf(
        text, 4096,
        "model m\nhorizon 1\nlookahead forever\n"
        "param shift = 0 in -0.05 .. 0.05\n"
        "actor A discount %g rationality %g\nactor B discount %g rationality %g\n"
        "actor C discount %g rationality %g\nstate x : 0..4 = 1\nstate y : 0..3 = 1\n"
        "stage s : A, B {\n A.up { x += 1\n pay A %g + shift\n pay B %g }\n A.down { x -= 1 }\n"
        " A.stay { pay A %g }\n B.up { y += 1\n pay B %g - shift }\n B.down { y -= 1\n pay A %g "
        "}\n}\n"
        "stage t : C {\n C.push { with %g { x += 1 } }\n C.pull { with %g { y -= 1 }\n pay C %g "
        "}\n}\n"
        "stage n : chance { branch { %g { x += 1\n y += 1 }\n %g { x -= 1 }\n else { } } }\n"
        "payoff A { a = %g * x + %g * y + %g * (x == 4) }\n"
        "payoff B { b = %g * x + %g * y + %g * (y == 0) }\n"
        "payoff C { c = %g * x + %g * y + %g * (x == 2) }\n"
        "end over when x == 4%s\n",
        discount[0], rationality[0], discount[1], rationality[1], discount[2], rationality[2], PAID,
        PAID, PAID, PAID, PAID, between(0, 1), between(0, 1), PAID, between(0, 0.2),
        between(0, 0.5), PAID, PAID, PAID, PAID, PAID, PAID, PAID, PAID, PAID,
        number % 2 ? " and y == 3" : "");
#undef PAID
}

/* Room for what is found in a game. */
typedef struct found {
    dt_found found[DT_WORLDS];
    double value[3][DT_WORLDS], gap[3][DT_WORLDS], strategy[4096];
} found;

/* Games that haven't settled after so many are given up, as those that go round. */
enum { MOST_SWEEPS = 5000 };

static bool go_on(void *context, double done)
{
    const dt_group *group = context;
    (void)done;
    for (size_t w = 0; w < group->plan->width; w++) {
        if (group->found[w].sweeps == MOST_SWEEPS)
            return false;
    }
    return true;
}

/* Solves worlds that differ by `shift`; false if that takes too long. */
static bool solve(const dt_game *game, size_t width, bool accelerate, found *is)
{
    dt_arena *arena = dt_arena_new(&(dt_allocator){0}, 0);
    assert_non_null(arena);
    dt_group_plan *plan = dt_group_plan_new(arena, game, DT_VALUES_AVERAGE, true, 1, width);
    assert_true(plan->accelerate);
    plan->accelerate = accelerate;
    dt_world *world = dt_world_new(arena, game, width);
    for (size_t w = 0; w < width; w++)
        world->parameter[w] = 0.01 * (double)w;
    dt_group *group =
        dt_group_new(arena, plan, dt_lane_code_of(DT_KERNEL_AUTO), world, DT_KEEP_LAST, 1, NULL);
    group->go_on = go_on;
    group->context = group;
    dt_group_solve(group, width);
    assert_true(game->options * width <= sizeof is->strategy / sizeof *is->strategy);
    memcpy(is->strategy, dt_group_strategy(group, 0), game->options * width * sizeof(double));
    for (size_t w = 0; w < width; w++) {
        is->found[w] = group->found[w];
        for (size_t i = 0; i < 3; i++) {
            is->value[i][w] = dt_group_value(group, w, i);
            is->gap[i][w] = dt_gap(group, w, i);
        }
    }
    const bool done = !group->stopped;
    dt_arena_free(arena);
    return done;
}

static void test_random_games(void **state)
{
    (void)state;
    play_log log;
    const dt_options options = play_options(&log);
    static found plain, faster, wide;
    uint64_t sweeps = 0, fewer = 0;
    int settled = 0, sooner = 0;
    double far = 0;
    for (int n = 1; n <= games + 2; n++) {
        /* in the last two plain sweeps go round an equilibrium that accelerated ones find */
        const int number = n <= games ? n : n == games + 1 ? 1863 : 1932;
        char text[4096];
        dt_game *game;
        write_game(number, text);
        dt_model *model = play_text(text, &options);
        assert_int_equal(dt_game_explore(model, 0, &options, &game), DT_OK);
        const bool ends = solve(game, 1, false, &plain);
        if (solve(game, 1, true, &faster) != ends)
            fail_msg("game %d: only one of the two settles", number);
        assert_int_equal(plain.found[0].settled, faster.found[0].settled);
        if (ends && plain.found[0].settled) {
            settled++;
            assert_int_equal(dt_judge(&plain.found[0]), dt_judge(&faster.found[0]));
            sweeps += plain.found[0].sweeps;
            fewer += faster.found[0].sweeps;
            sooner += faster.found[0].sweeps < plain.found[0].sweeps;
            if (faster.found[0].sweeps > plain.found[0].sweeps)
                fail_msg("game %d: %d sweeps for %d", number, (int)faster.found[0].sweeps,
                         (int)plain.found[0].sweeps);
            for (size_t i = 0; i < 3; i++) {
                const double off =
                    fabs(faster.value[i][0] - plain.value[i][0]) / fmax(1, fabs(plain.value[i][0]));
                far = fmax(far, off);
                if (!(off <= 1e-10))
                    fail_msg("game %d: %.17g is not %.17g", number, faster.value[i][0],
                             plain.value[i][0]);
                if (!(fabs(faster.gap[i][0] - plain.gap[i][0]) <=
                      1e-10 * fmax(1, fabs(plain.value[i][0]))))
                    fail_msg("game %d: gap %.17g is not %.17g", number, faster.gap[i][0],
                             plain.gap[i][0]);
            }
            for (uint64_t a = 0; a < game->options; a++)
                assert_true(fabs(faster.strategy[a] - plain.strategy[a]) <= 1e-9);
            const bool all = solve(game, DT_WORLDS, true, &wide);
            assert_int_equal(wide.found[0].sweeps, faster.found[0].sweeps);
            for (size_t i = 0; i < 3 && all; i++) {
                assert_memory_equal(&wide.value[i][0], &faster.value[i][0], sizeof(double));
                assert_memory_equal(&wide.gap[i][0], &faster.gap[i][0], sizeof(double));
            }
        }
        dt_game_free(game);
        dt_model_free(model);
    }
    print_message("%d games, %d settle, %d sooner: %d sweeps, plain %d; values differ by %.1e\n",
                  games, settled, sooner, (int)fewer, (int)sweeps, far);
    assert_true(2 * fewer < sweeps);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_random_games)};
    if (argc > 1)
        games = atoi(argv[1]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
