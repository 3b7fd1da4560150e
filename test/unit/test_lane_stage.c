/*
 * Stage games in lanes against the follower of one world (test_branch.c has that one's closed forms,
 * folds and bifurcations): every lane as if it were alone, in every kernel to the last bit.
 *
 * Kernels differ in how wide their vectors are; arrays of lanes are arrays of double that end in
 * [WORLDS], whatever the kernel.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "solve/sweep.h"

enum { WORLDS = DT_WORLDS, AGENTS = 5, TOTAL = 40, NUMBERS = 5000 };

/* A game in each of WORLDS worlds. */
typedef struct worlds {
    int agents, options[AGENTS], total, cells;
    _Alignas(64) double rationality[AGENTS][WORLDS];
    _Alignas(64) double payoff[NUMBERS][WORLDS];
    _Alignas(64) int64_t active[WORLDS];
} worlds;

typedef struct answer {
    _Alignas(64) double sigma[TOTAL][WORLDS];
    _Alignas(64) double q[TOTAL][WORLDS];
    dt_branch_result result[WORLDS];
} answer;

/* ---- kernels ------------------------------------------------------------------------------------ */

/* dt_lane_stage with the sizes of vectors left out. */
typedef struct stage {
    int agents;
    const int *options;
    const void *rationality, *payoff, *active, *guess;
} stage;

typedef void kernel(const void *game, dt_lane_space *space, void *sigma, void *q,
                    dt_branch_result *result);

static void solve_plain(const void *game, dt_lane_space *lanes, void *sigma, void *q,
                        dt_branch_result *result)
{
    assert_int_equal(sizeof(stage), sizeof(dt_lane_stage));
    dt_lane_stage_solve_plain(game, lanes, sigma, q, result);
}

#ifdef __x86_64__
kernel dt_lane_stage_solve_avx2, dt_lane_stage_solve_avx512;
#endif

static const struct {
    dt_kernel which;
    kernel *solve;
} kernels[] = {
    {DT_KERNEL_PLAIN,  solve_plain               }, /* the first; the others are compared with it */
#ifdef __x86_64__
    {DT_KERNEL_AVX2,   dt_lane_stage_solve_avx2  },
    {DT_KERNEL_AVX512, dt_lane_stage_solve_avx512},
#endif
};

enum { KERNELS = sizeof kernels / sizeof kernels[0] };

static dt_lane_space *kernel_space[KERNELS];

static void assert_same(const worlds *game, const answer *one, int at, const answer *other, int to)
{
    for (int a = 0; a < game->total; a++) {
        assert_memory_equal(&one->sigma[a][at], &other->sigma[a][to], sizeof(double));
        assert_memory_equal(&one->q[a][at], &other->q[a][to], sizeof(double));
    }
    const dt_branch_result *left = &one->result[at], *right = &other->result[to];
    assert_int_equal(left->end, right->end);
    assert_int_equal(left->crossed, right->crossed);
    assert_int_equal(left->steps, right->steps);
    assert_memory_equal(&left->scale, &right->scale, sizeof(double));
    assert_memory_equal(&left->residual, &right->residual, sizeof(double));
}

static void run(kernel *solve, dt_lane_space *lanes, const worlds *game,
                const double (*guess)[WORLDS], answer *found)
{
    const stage one = {game->agents, game->options, game->rationality,
                       game->payoff, game->active,  guess};
    memset(found, 0, sizeof *found);
    solve(&one, lanes, found->sigma, found->q, found->result);
}

/* By every kernel that runs here, which must agree. */
static void solve(const worlds *game, const double (*guess)[WORLDS], answer *found)
{
    static answer again;
    run(kernels[0].solve, kernel_space[0], game, guess, found);
    for (int k = 1; k < KERNELS; k++) {
        if (!kernel_space[k])
            continue;
        run(kernels[k].solve, kernel_space[k], game, guess, &again);
        for (int w = 0; w < WORLDS; w++)
            assert_same(game, found, w, &again, w);
    }
}

/* ---- setting up --------------------------------------------------------------------------------- */

static dt_arena *arena;
static dt_branch_space *space;

static dt_status make_spaces(void *unused)
{
    (void)unused;
    space = dt_branch_space_new(arena, AGENTS, TOTAL, NUMBERS / AGENTS);
    for (int k = 0; k < KERNELS; k++) {
        const dt_lane_code *code = dt_lane_code_of(kernels[k].which);
        if (code)
            kernel_space[k] = code->space_new(arena, AGENTS, TOTAL, NUMBERS / AGENTS);
    }
    return DT_OK;
}

static int set_up(void **state)
{
    (void)state;
    arena = dt_arena_new(NULL, 0);
    return arena && dt_arena_try(arena, make_spaces, NULL) == DT_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    dt_arena_free(arena);
    return 0;
}

static uint64_t seed;

/* 0 <= x < 1; xorshift64 (Marsaglia 2003) */
static double uniform(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (double)(seed >> 11) * 0x1p-53;
}

static int below(int n)
{
    return (int)(uniform() * n);
}

static void set_shape(worlds *game, int agents, const int *options)
{
    memset(game, 0, sizeof *game);
    game->agents = agents;
    game->cells = 1;
    for (int k = 0; k < agents; k++) {
        game->options[k] = options[k];
        game->total += options[k];
        game->cells *= options[k];
    }
    assert_true(game->total <= TOTAL && game->cells * agents <= NUMBERS);
    memset(game->active, -1, sizeof game->active);
}

/* Those who meet get 4: the branch crosses a bifurcation, or turns back where rationalities differ. */
static bool all_meet(const worlds *game, int cell)
{
    int first = -1;
    bool same = true;
    for (int k = game->agents - 1; k >= 0; cell /= game->options[k--]) {
        const int choice = cell % game->options[k];
        same &= first < 0 || choice == first;
        first = choice;
    }
    return same;
}

static void draw_world(worlds *game, int w, double rationality)
{
    const bool meet = below(8) == 0, whole = below(3) == 0; /* whole numbers make ties */
    for (int k = 0; k < game->agents; k++) {
        game->rationality[k][w] = below(3) == 0 ? rationality * uniform() : rationality;
        if (below(40) == 0)
            game->rationality[k][w] = 0;
    }
    for (int i = 0; i < game->cells * game->agents; i++) {
        if (meet)
            game->payoff[i][w] = 4 * all_meet(game, i / game->agents);
        else
            game->payoff[i][w] = whole ? below(4) : 2 * uniform() - 1;
    }
}

static void draw(worlds *game, int agents)
{
    const int most = agents == 2 ? 6 : agents == 3 ? 4 : 3;
    int options[AGENTS];
    for (int k = 0; k < agents; k++)
        options[k] = below(12) == 0 ? 1 : 2 + below(most - 1);
    set_shape(game, agents, options);
    for (int w = 0; w < WORLDS; w++)
        draw_world(game, w, pow(10, 2.2 * uniform() - 1));
}

static void copy_world(worlds *to, int w, const worlds *from, int v)
{
    for (int k = 0; k < from->agents; k++)
        to->rationality[k][w] = from->rationality[k][v];
    for (int i = 0; i < from->cells * from->agents; i++)
        to->payoff[i][w] = from->payoff[i][v];
}

/* A world against the follower of one. */
static void compare(const worlds *game, int w, const answer *found)
{
    static double payoff[NUMBERS];
    double rationality[AGENTS], sigma[TOTAL], q[TOTAL];
    for (int k = 0; k < game->agents; k++)
        rationality[k] = game->rationality[k][w];
    for (int i = 0; i < game->cells * game->agents; i++)
        payoff[i] = game->payoff[i][w];
    const dt_stage_game one = {game->agents, game->options, rationality, payoff};
    const dt_branch_result wanted = dt_branch_follow(&one, space, NULL, sigma, q);
    const dt_branch_result *result = &found->result[w];
    assert_int_equal(result->end, wanted.end);
    assert_true(result->scale == wanted.scale);
    assert_true(result->steps == 0 || result->steps == wanted.steps);
    if (wanted.steps == 0 && game->agents == 2 && game->options[0] <= 4 && game->options[1] <= 4)
        assert_true(result->residual == wanted.residual && found->sigma[0][w] == sigma[0]);
    double near[TOTAL];
    for (int a = 0; a < game->total; a++) {
        near[a] = found->sigma[a][w];
        if (!(fabs(near[a] - sigma[a]) <= 1e-12) ||
            !(fabs(found->q[a][w] - q[a]) <= 1e-11 * (1 + fabs(q[a]))))
            fail_msg("%.17g, not %.17g", near[a], sigma[a]);
    }
    dt_stage_game_values(&one, near, q);
    assert_true(dt_stage_game_residual(&one, near, q) <= result->residual + 1e-15);
}

/* ---- tests -------------------------------------------------------------------------------------- */

static worlds game, other;
static answer found, again;

static void test_random_games(void **state)
{
    (void)state;
    seed = 0x9e3779b97f4a7c15;
    int settled = 0, crossed = 0, failed = 0;
    for (int i = 0; i < 1000; i++) {
        draw(&game, 1 + i % 5);
        solve(&game, NULL, &found);
        for (int w = 0; w < WORLDS; w++) {
            compare(&game, w, &found);
            settled += found.result[w].steps == 0;
            crossed += found.result[w].crossed;
            failed += found.result[w].end != DT_BRANCH_ARRIVED;
        }
    }
    assert_true(settled > 2000 && settled < 7000 && crossed > 100);
    assert_int_equal(failed, 0);
}

/* Small games of few shapes at low rationality: nearly all are solved in lanes. */
static void test_small_games(void **state)
{
    (void)state;
    static const int shapes[][3] = {
        {1, 1, 0},
        {1, 2, 0},
        {2, 1, 0},
        {2, 2, 0},
        {2, 3, 0},
        {3, 2, 0},
        {3, 3, 0},
        {4, 2, 0},
        {3, 4, 0},
        {4, 4, 0},
        {4, 1, 0},
        {5, 2, 0},
        {2, 2, 2},
        {1, 2, 2},
        {3, 2, 2}
    };
    seed = 12345;
    for (int i = 0; i < 900; i++) {
        const int *options = shapes[(size_t)i % (sizeof shapes / sizeof *shapes)];
        set_shape(&game, options[2] ? 3 : 2, options);
        for (int w = 0; w < WORLDS; w++)
            draw_world(&game, w, 1.2 * uniform());
        solve(&game, NULL, &found);
        for (int w = 0; w < WORLDS; w++) {
            compare(&game, w, &found);
            if (found.result[w].steps == 0)
                assert_true(found.result[w].residual <= 1e-12);
        }
    }
}

/* Payoffs in large units, with the rationality that goes with them, and far from zero. */
static void test_units(void **state)
{
    (void)state;
    seed = 777;
    for (int i = 0; i < 300; i++) {
        draw(&game, 2 + i % 2);
        const double unit = pow(10, 12 * uniform() - 6), origin = 20 * uniform() * unit;
        for (int w = 0; w < WORLDS; w++) {
            for (int k = 0; k < game.agents; k++)
                game.rationality[k][w] /= unit;
            for (int x = 0; x < game.agents * game.cells; x++)
                game.payoff[x][w] = game.payoff[x][w] * unit + origin;
        }
        solve(&game, NULL, &found);
        for (int w = 0; w < WORLDS; w++)
            compare(&game, w, &found);
    }
}

/* A world in another place, among others, has the same bits. */
static void test_neighbours(void **state)
{
    (void)state;
    seed = 4711;
    for (int i = 0; i < 600; i++) {
        draw(&game, 1 + i % 5);
        solve(&game, NULL, &found);
        other = game;
        const int turn = 1 + below(WORLDS - 1), alone = below(WORLDS);
        for (int w = 0; w < WORLDS; w++)
            copy_world(&other, (w + turn) % WORLDS, &game, w);
        solve(&other, NULL, &again);
        for (int w = 0; w < WORLDS; w++)
            assert_same(&game, &found, w, &again, (w + turn) % WORLDS);
        for (int w = 0; w < WORLDS; w++) {
            if (w != alone)
                draw_world(&other, w, 100 * uniform());
        }
        copy_world(&other, alone, &game, alone);
        solve(&other, NULL, &again);
        assert_same(&game, &found, alone, &again, alone);
    }
}

/* Poison in some lanes, others switched off: the rest are as they were, and nothing hangs. */
static void test_poison(void **state)
{
    (void)state;
    static const double poison[] = {NAN, INFINITY, -INFINITY, 1e308, -1e200, 1e12, -NAN};
    enum { POISONS = sizeof poison / sizeof *poison };
    seed = 99;
    for (int i = 0; i < 600; i++) {
        draw(&game, 1 + i % 5);
        solve(&game, NULL, &found);
        other = game;
        const int numbers = game.agents * game.cells;
        bool sick[WORLDS];
        for (int w = 0; w < WORLDS; w++) {
            sick[w] = below(2) == 0;
            if (!sick[w])
                continue;
            other.active[w] = below(3) == 0 ? 0 : -1;
            const double bad = poison[below(POISONS)];
            switch (below(4)) {
            case 0:
                other.payoff[below(numbers)][w] = bad;
                break;
            case 1:
                for (int x = 0; x < numbers; x++)
                    other.payoff[x][w] = bad;
                break;
            case 2:
                other.rationality[below(game.agents)][w] = bad;
                break;
            default:
                other.rationality[below(game.agents)][w] = 1e6;
            }
        }
        solve(&other, NULL, &again);
        for (int w = 0; w < WORLDS; w++) {
            const dt_branch_result *result = &again.result[w];
            if (!sick[w])
                assert_same(&game, &found, w, &again, w);
            if (!other.active[w]) { /* left as it was */
                assert_true(again.sigma[0][w] == 0 && again.q[0][w] == 0 && result->scale == 0);
                continue;
            }
            for (int a = 0; a < game.total; a++)
                assert_true(again.sigma[a][w] >= 0 && again.sigma[a][w] <= 1);
            assert_true(result->residual >= 0 && result->residual <= 1);
            assert_true(result->scale >= 0 && result->scale <= 1);
            if (isnan(again.q[0][w]))
                assert_true(result->end == DT_BRANCH_STALLED && result->scale == 0);
        }
    }
}

/* A guess, however bad, changes nothing but the last digits. */
static void test_guesses(void **state)
{
    (void)state;
    static _Alignas(64) double guess[TOTAL][WORLDS];
    seed = 2718;
    for (int i = 0; i < 400; i++) {
        draw(&game, 2 + i % 4);
        solve(&game, NULL, &found);
        for (int w = 0; w < WORLDS; w++) {
            for (int a = 0; a < game.total; a++)
                guess[a][w] = i % 3 == 0 ? found.sigma[a][w] : i % 3 == 1 ? a % 2 : NAN;
        }
        solve(&game, (const double(*)[WORLDS])guess, &again);
        for (int w = 0; w < WORLDS; w++) {
            for (int a = 0; a < game.total; a++)
                assert_true(fabs(again.sigma[a][w] - found.sigma[a][w]) <= 1e-13);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_games), cmocka_unit_test(test_small_games),
        cmocka_unit_test(test_units),        cmocka_unit_test(test_neighbours),
        cmocka_unit_test(test_poison),       cmocka_unit_test(test_guesses),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
