/*
 * The principal branch of stage games, against closed forms, against points that other programs
 * found, and, where neither is known, against the definition: at the end the strategies are softmax
 * of their own values, and how long the steps are doesn't matter.
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
#include "solve/equations.h"
#include "solve/linear.h"
#include "solve/stage_game.h"

enum { AGENTS = 5, TOTAL = 260, CELLS = 4096 };

static dt_arena *arena;
static dt_branch_space *space;

static dt_status make_space(void *unused)
{
    (void)unused;
    space = dt_branch_space_new(arena, AGENTS, TOTAL, CELLS);
    return DT_OK;
}

static int set_up(void **state)
{
    (void)state;
    arena = dt_arena_new(NULL, 0);
    return arena && dt_arena_try(arena, make_space, NULL) == DT_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    dt_arena_free(arena);
    return 0;
}

/* Follows a game in which all have the same rationality. */
static dt_branch_result follow(int agents, const int *options, double rationality,
                               const double *payoff, double *sigma)
{
    const double each[AGENTS] = {rationality, rationality, rationality, rationality, rationality};
    const dt_stage_game game = {agents, options, each, payoff};
    return dt_branch_follow(&game, space, NULL, sigma, NULL);
}

static double logistic(double x)
{
    return 1 / (1 + exp(-x));
}

static void assert_near(double found, double expected, double tolerance)
{
    if (!(fabs(found - expected) <= tolerance))
        fail_msg("%.17g is not within %g of %.17g", found, tolerance, expected);
}

static void assert_arrived(dt_branch_result result)
{
    assert_int_equal(result.end, DT_BRANCH_ARRIVED);
    assert_true(result.scale == 1);
    assert_true(result.residual <= 1e-12);
}

static const int two_by_two[] = {2, 2}, two_cubed[] = {2, 2, 2};

/* ---- closed forms ------------------------------------------------------------------------------- */

static void test_one_agent(void **state)
{
    (void)state;
    const double payoff[] = {1, 3, -2, 3};
    const int options[] = {4};
    double sigma[4], sum = 0;
    assert_arrived(follow(1, options, 0.7, payoff, sigma));
    for (int a = 0; a < 4; a++)
        sum += exp(0.7 * payoff[a]);
    for (int a = 0; a < 4; a++)
        assert_near(sigma[a], exp(0.7 * payoff[a]) / sum, 1e-15);
}

static void test_prisoners_dilemma(void **state)
{
    (void)state;
    const double payoff[] = {9, 9, 0, 10, 10, 0, 1, 1};
    const double rationality[] = {0, 0.1, 0.5, 1, 2, 5, 20, 1e3, 1e6};
    for (size_t i = 0; i < sizeof rationality / sizeof *rationality; i++) {
        double sigma[4];
        assert_arrived(follow(2, two_by_two, rationality[i], payoff, sigma));
        assert_near(sigma[0], logistic(-rationality[i]), 1e-14);
        assert_near(sigma[2], logistic(-rationality[i]), 1e-14);
    }
}

/* P(stag) solves p = logistic(λ (10 p + (1-p) - 8 p - 5 (1-p))); the branch takes the least root. */
static void test_stag_hunt(void **state)
{
    (void)state;
    const double payoff[] = {10, 10, 1, 8, 8, 1, 5, 5};
    const double known[][2] = {
        {0.1, 0.47062807},
        {0.5, 0.19584605},
        {1,   0.02026448},
        {2,   0.00033671}
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        double sigma[4];
        assert_arrived(follow(2, two_by_two, known[i][0], payoff, sigma));
        assert_near(sigma[0], known[i][1], 5e-9);
        assert_near(sigma[2], sigma[0], 1e-13);
        assert_near(sigma[0], logistic(known[i][0] * (6 * sigma[0] - 4)), 1e-14);
    }
}

/* McKelvey and Palfrey 1995, asymmetric matching pennies. At λ = 1 the two equations
 * p = logistic(1.3926 q - .2785), q = logistic(1.1141 (1 - 2p)), iterated to the last digit. */
static void test_matching_pennies(void **state)
{
    (void)state;
    const double payoff[] = {1.1141, 0, 0, 1.1141, 0, 1.1141, 0.2785, 0};
    double sigma[4];
    assert_arrived(follow(2, two_by_two, 1, payoff, sigma));
    assert_near(sigma[0], 0.58678403666379, 1e-13);
    assert_near(sigma[2], 0.45180703138950, 1e-13);
    for (double rationality = 0.25; rationality <= 1e6; rationality *= 4) {
        assert_int_equal(follow(2, two_by_two, rationality, payoff, sigma).end, DT_BRANCH_ARRIVED);
        assert_near(sigma[0], logistic(rationality * (1.3926 * sigma[2] - 0.2785)), 1e-9);
        assert_near(sigma[2], logistic(rationality * 1.1141 * (1 - 2 * sigma[0])), 1e-9);
    }
}

/* ---- bifurcations ------------------------------------------------------------------------------- */

/* Pure coordination: by symmetry the branch stays at ½; it meets two others where λ (10/2) = 1. */
static void test_coordination(void **state)
{
    (void)state;
    const double payoff[] = {10, 10, 0, 0, 0, 0, 10, 10};
    const double rationality[] = {0.1, 0.19, 0.21, 0.3, 0.5, 1, 2, 20, 1e3, 1e6};
    for (size_t i = 0; i < sizeof rationality / sizeof *rationality; i++) {
        double sigma[4];
        dt_branch_result result = follow(2, two_by_two, rationality[i], payoff, sigma);
        assert_arrived(result);
        assert_int_equal(result.crossed, rationality[i] > 0.2);
        for (int a = 0; a < 4; a++)
            assert_near(sigma[a], 0.5, 1e-12);
    }
    /* the end lies on the bifurcation itself, and just before and after it */
    for (int i = -3; i <= 3; i++) {
        double sigma[4];
        dt_branch_result result = follow(2, two_by_two, 0.2 * (1 + i * 1e-7), payoff, sigma);
        assert_true(result.residual <= 1e-8);
        assert_near(sigma[0], 0.5, 1e-3);
    }
}

/* With three options two eigenvalues vanish at once and the orientation doesn't flip. */
static void test_coordination_of_three(void **state)
{
    (void)state;
    const double payoff[] = {4, 4, 0, 0, 0, 0, 0, 0, 4, 4, 0, 0, 0, 0, 0, 0, 4, 4};
    const int options[] = {3, 3};
    for (double rationality = 0.5; rationality < 100; rationality *= 1.4) {
        double sigma[6];
        dt_branch_result result = follow(2, options, rationality, payoff, sigma);
        assert_arrived(result);
        assert_int_equal(result.crossed, rationality * 4 / 3 > 1);
        for (int a = 0; a < 6; a++)
            assert_near(sigma[a], 1.0 / 3, 1e-12);
    }
}

/* McKelvey and McLennan 1996, the 2×2×2 game with nine equilibria: P3 = logistic(λ/2), P1 = P2 = ½. */
static void test_mckelvey_mclennan(void **state)
{
    (void)state;
    const double payoff[] = {9, 8, 12, 0, 0, 0, 0, 0, 0, 3, 4, 6,
                             0, 0, 0,  3, 4, 6, 9, 8, 2, 0, 0, 0};
    for (double rationality = 0.05; rationality <= 20; rationality += 0.05) {
        double sigma[6];
        dt_branch_result result = follow(3, two_cubed, rationality, payoff, sigma);
        assert_arrived(result);
        assert_near(sigma[0], 0.5, 1e-12);
        assert_near(sigma[2], 0.5, 1e-12);
        assert_near(sigma[4], logistic(rationality / 2), 1e-12);
        if (rationality >= 1)
            assert_true(result.crossed);
    }
}

/* A symmetry broken ever so little isn't crossed: the branch turns off towards the better option. */
static void test_imperfect_bifurcation(void **state)
{
    (void)state;
    for (double more = 1e-1; more > 1e-5; more /= 10) {
        const double payoff[] = {10 + more, 10 + more, 0, 0, 0, 0, 10, 10};
        double sigma[4];
        dt_branch_result result = follow(2, two_by_two, 1, payoff, sigma);
        assert_arrived(result);
        assert_false(result.crossed);
        assert_true(sigma[0] > 0.999 && sigma[2] > 0.999);
    }
}

/* ---- folds -------------------------------------------------------------------------------------- */

typedef struct known_game {
    int agents, options[3];
    double rationality, payoff[24], sigma[6];
} known_game;

/*
 * Games whose branch turns back twice, from λ-scale t = .424 to .304 in the first (with λ = 4), .978
 * to .765 in the second, .717 to .491 in the third. With λ = 4 the end lies beyond; with the other λ
 * it is passed three times, and the first passage counts. The points were found by a program of its
 * own: log odds and t, dense steps of .002 by arc length in 80-bit arithmetic with expectations
 * summed profile by profile; test/reference/branch.py, which is a third, agrees to 1e-14.
 */
static const known_game folded[] = {
    {2,
     {2, 2},
     4,   {4, 3, 21, 2, 5, 7, 0, 3},
     {0.017986427015990191, 0.98201357298400982, 0.99999986035509303, 1.3964490693199592e-07}},
    {2,
     {2, 2},
     1.5, {4, 3, 21, 2, 5, 7, 0, 3},
     {0.98521974833437198, 0.014780251665628063, 0.82728567369010964, 0.17271432630989039}   },
    {2,
     {3, 3},
     4,   {1, 7, 7, 8, 7, 1, 7, 3, 6, 3, 0, 6, 1, 5, 2, 3, 0, 6},
     {0.9686428906671638, 0.03135710633399974, 2.9988364395395588e-09, 0.020340889595957496,
      0.97965911040166809, 2.3744239836791035e-12}                                           },
    {2,
     {3, 3},
     3.5, {1, 7, 7, 8, 7, 1, 7, 3, 6, 3, 0, 6, 1, 5, 2, 3, 0, 6},
     {0.3822360651922545, 0.61776370307004391, 2.3173770155870622e-07, 0.19900371165543554,
      0.75835232176562428, 0.042643966578940165}                                             },
    {3,
     {2, 2, 2},
     4,   {1, 1, 6, 1, 4, 1, 1, 5, 4, 3, 5, 7, 3, 5, 3, 2, 9, 4, 6, 0, 7, 2, 9, 9},
     {0.97903055588427046, 0.02096944411572953, 0.019526520864824499, 0.98047347913517546,
      1.233893580168095e-05, 0.99998766106419834}                                            },
    {3,
     {2, 2, 2},
     2.4, {1, 1, 6, 1, 4, 1, 1, 5, 4, 3, 5, 7, 3, 5, 3, 2, 9, 4, 6, 0, 7, 2, 9, 9},
     {0.11768461893585602, 0.88231538106414398, 0.75810365971609706, 0.241896340283903,
      0.14627179954531891, 0.85372820045468112}                                              },
};

static void test_folds(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof folded / sizeof *folded; i++) {
        const known_game *known = &folded[i];
        double sigma[6];
        dt_branch_result result =
            follow(known->agents, known->options, known->rationality, known->payoff, sigma);
        assert_arrived(result);
        assert_false(result.crossed);
        assert_true(result.steps > 0);
        int total = 0;
        for (int k = 0; k < known->agents; k++)
            total += known->options[k];
        for (int a = 0; a < total; a++)
            assert_near(sigma[a], known->sigma[a], 1e-12);
    }
}

/*
 * Around each fold the end is approached from both sides. Just before t = .42445 is passed for the
 * first time the solution lies on the first arm; once λ is so low that the branch turns back before
 * it, the solution is the one beyond both folds.
 */
static void test_first_passage(void **state)
{
    (void)state;
    const double payoff[] = {4, 3, 21, 2, 5, 7, 0, 3};
    const double fold = 0.424464 * 4; /* of λ; the program above found .424464 */
    for (int i = 1; i <= 8; i++) {
        double sigma[4];
        assert_arrived(follow(2, two_by_two, fold * (1 - 1e-5 * i), payoff, sigma));
        assert_true(sigma[0] > 0.5);
        assert_arrived(follow(2, two_by_two, fold * (1 + 1e-5 * i), payoff, sigma));
        assert_true(sigma[0] < 0.5);
    }
}

/* ---- any game ----------------------------------------------------------------------------------- */

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

typedef struct random_game {
    int agents, options[AGENTS], total, cells;
    double rationality[AGENTS], payoff[CELLS * AGENTS / 4];
} random_game;

static void draw_game(random_game *game, int agents)
{
    const int most = agents == 2 ? 5 : agents == 3 ? 4 : 3;
    game->agents = agents;
    game->total = 0;
    game->cells = 1;
    const double rationality = pow(10, 2.5 * uniform() - 0.5);
    for (int k = 0; k < agents; k++) {
        game->options[k] = below(12) == 0 ? 1 : 2 + below(most - 1);
        game->rationality[k] = below(3) == 0 ? rationality * uniform() : rationality;
        if (below(40) == 0)
            game->rationality[k] = 0;
        game->total += game->options[k];
        game->cells *= game->options[k];
    }
    const bool whole = below(2) == 0; /* whole numbers make ties */
    for (int i = 0; i < game->cells * agents; i++)
        game->payoff[i] = whole ? below(5) : 2 * uniform() - 1;
}

static void assert_strategies(const random_game *game, const double *sigma)
{
    for (int k = 0, at = 0; k < game->agents; k++) {
        double sum = 0;
        for (int a = 0; a < game->options[k]; a++, at++) {
            assert_true(sigma[at] >= 0 && sigma[at] <= 1);
            sum += sigma[at];
        }
        assert_near(sum, 1, 1e-14);
    }
}

/* The residual, worked out here and in the plainest way. */
static double residual_of(const random_game *game, const double *sigma)
{
    double worst = 0;
    for (int k = 0, first = 0; k < game->agents; first += game->options[k++]) {
        double q[TOTAL] = {0}, sum = 0, top = -INFINITY;
        for (int cell = 0; cell < game->cells; cell++) {
            int own = 0, rest = cell, end = game->total;
            double probability = 1;
            for (int j = game->agents - 1; j >= 0; j--) {
                end -= game->options[j];
                int a = rest % game->options[j];
                rest /= game->options[j];
                if (j == k)
                    own = a;
                else
                    probability *= sigma[end + a];
            }
            q[own] += probability * game->payoff[cell * game->agents + k];
        }
        for (int a = 0; a < game->options[k]; a++)
            top = fmax(top, game->rationality[k] * q[a]);
        for (int a = 0; a < game->options[k]; a++)
            sum += exp(game->rationality[k] * q[a] - top);
        for (int a = 0; a < game->options[k]; a++)
            worst =
                fmax(worst, fabs(sigma[first + a] - exp(game->rationality[k] * q[a] - top) / sum));
    }
    return worst;
}

static void test_random_games(void **state)
{
    (void)state;
    static random_game game;
    seed = 0x2545f4914f6cdd1d;
    int failures = 0;
    for (int i = 0; i < 3000; i++) {
        draw_game(&game, 2 + i % 4);
        const dt_stage_game is = {game.agents, game.options, game.rationality, game.payoff};
        double sigma[TOTAL], again[TOTAL], q[TOTAL];
        dt_branch_result result = dt_branch_follow(&is, space, NULL, sigma, q);
        assert_strategies(&game, sigma);
        const double residual = residual_of(&game, sigma);
        assert_near(result.residual, residual, 1e-12);
        failures += result.end != DT_BRANCH_ARRIVED;
        if (result.end == DT_BRANCH_ARRIVED)
            assert_true(residual <= 1e-11);
        /* a guess, however bad, changes nothing */
        for (int a = 0; a < game.total; a++)
            again[a] = a % 2;
        dt_branch_follow(&is, space, again, again, NULL);
        for (int a = 0; a < game.total; a++)
            assert_near(again[a], sigma[a], 1e-11);
    }
    assert_int_equal(failures, 0);
}

/* The payoffs' units and origin, and what an agent can't influence, don't matter to the branch. */
static void test_invariance(void **state)
{
    (void)state;
    static random_game game;
    seed = 88172645463325252;
    for (int i = 0; i < 300; i++) {
        draw_game(&game, 2 + i % 3);
        dt_stage_game is = {game.agents, game.options, game.rationality, game.payoff};
        double sigma[TOTAL], again[TOTAL];
        dt_branch_follow(&is, space, NULL, sigma, NULL);
        /* λ_0 u_0 kept, u_0 in other units */
        game.rationality[0] /= 1024;
        for (int cell = 0; cell < game.cells; cell++)
            game.payoff[cell * game.agents] = 1024 * (game.payoff[cell * game.agents] + 8);
        dt_branch_follow(&is, space, NULL, again, NULL);
        for (int a = 0; a < game.total; a++)
            assert_near(again[a], sigma[a], 1e-9);
    }
}

/* Where the equilibrium is said to be unique it must be: Newton from anywhere, and the derivative is
 * regular; and what is said to be enough must be. */
static void test_uniqueness(void **state)
{
    (void)state;
    static random_game game;
    seed = 0x9e3779b97f4a7c15;
    for (int i = 0; i < 2000; i++) {
        draw_game(&game, 2 + i % 3);
        const dt_stage_game is = {game.agents, game.options, game.rationality, game.payoff};
        assert_true(dt_equations_set(space, &is));
        if (space->scale == 0)
            continue;
        double tau = dt_equations_unique(space, INFINITY);
        assert_true(tau > 0);
        assert_true(dt_equations_unique(space, tau / 2) >= tau / 2);
        tau = fmin(tau, 1e3);
        for (int point = 0; point < 20; point++) {
            double z[TOTAL];
            for (int u = 0; u < space->unknowns; u++)
                z[u] = 8 * uniform() - 4;
            dt_equations_at(space, z);
            dt_equations_matrix(space, 0.999 * tau, NULL);
            assert_int_equal(dt_factor(space->matrix, space->unknowns, space->pivot), 1);
        }
    }
}

/* ---- extremes ----------------------------------------------------------------------------------- */

static void test_extremes(void **state)
{
    (void)state;
    static random_game game;
    const double extreme[] = {1e-300, 1e-12, 1e6, 1e9, 1e12, 1e100, 1e300, 1.7e308};
    seed = 0xdeadbeefcafef00d;
    for (int i = 0; i < 100; i++) {
        draw_game(&game, 2 + i % 4);
        for (size_t e = 0; e < sizeof extreme / sizeof *extreme; e++) {
            double rationality[AGENTS], sigma[TOTAL];
            for (int k = 0; k < game.agents; k++)
                rationality[k] = game.rationality[k] / 1e3 * extreme[e];
            const dt_stage_game is = {game.agents, game.options, rationality, game.payoff};
            dt_branch_result result = dt_branch_follow(&is, space, NULL, sigma, NULL);
            assert_strategies(&game, sigma);
            assert_true(result.scale >= 0 && result.scale <= 1);
            assert_true(result.residual >= 0 && result.residual <= 1);
            if (result.end == DT_BRANCH_ARRIVED)
                assert_true(result.residual <= 1e-8);
        }
    }
}

static void test_degenerate(void **state)
{
    (void)state;
    double sigma[TOTAL];
    const double nothing[2 * 2 * 3] = {0};
    const int shape[] = {2, 3}, alone[] = {1, 1, 1};
    assert_arrived(follow(2, shape, 5, nothing, sigma));
    assert_near(sigma[0], 0.5, 0);
    assert_near(sigma[3], 1.0 / 3, 0);
    assert_arrived(follow(3, alone, 5, nothing, sigma));
    assert_near(sigma[2], 1, 0);
    /* only one of two can choose */
    const int one[] = {1, 2};
    const double payoff[] = {7, 1, 7, 3};
    assert_arrived(follow(2, one, 2, payoff, sigma));
    assert_near(sigma[2], logistic(4), 1e-15);
    /* infinite λ u: nothing can be followed, and nothing is pretended */
    const double huge[] = {1e300, 0, 0, 1, 0, 0, 1e300, 1};
    dt_branch_result result = follow(2, two_by_two, 1e300, huge, sigma);
    assert_int_equal(result.end, DT_BRANCH_STALLED);
    assert_true(result.scale == 0);
    assert_near(sigma[0], 0.5, 0);
}

static void test_many_options(void **state)
{
    (void)state;
    seed = 42;
    const int sizes[][2] = {
        {64, 64 },
        {2,  128},
        {40, 20 }
    };
    static double payoff[2 * 64 * 64];
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        for (int c = 0; c < 2 * sizes[i][0] * sizes[i][1]; c++)
            payoff[c] = 2 * uniform() - 1;
        double sigma[TOTAL];
        assert_arrived(follow(2, sizes[i], 5, payoff, sigma));
    }
}

/* Two runs, and runs in spaces of other sizes, give the same bits. */
static void test_determinism(void **state)
{
    (void)state;
    static random_game game;
    seed = 7;
    for (int i = 0; i < 200; i++) {
        double sigma[TOTAL], again[TOTAL];
        draw_game(&game, 2 + i % 3);
        const dt_stage_game is = {game.agents, game.options, game.rationality, game.payoff};
        dt_branch_follow(&is, space, NULL, sigma, NULL);
        dt_branch_follow(&is, space, NULL, again, NULL);
        assert_memory_equal(sigma, again, (size_t)game.total * sizeof *sigma);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_agent),
        cmocka_unit_test(test_prisoners_dilemma),
        cmocka_unit_test(test_stag_hunt),
        cmocka_unit_test(test_matching_pennies),
        cmocka_unit_test(test_coordination),
        cmocka_unit_test(test_coordination_of_three),
        cmocka_unit_test(test_mckelvey_mclennan),
        cmocka_unit_test(test_imperfect_bifurcation),
        cmocka_unit_test(test_folds),
        cmocka_unit_test(test_first_passage),
        cmocka_unit_test(test_random_games),
        cmocka_unit_test(test_invariance),
        cmocka_unit_test(test_uniqueness),
        cmocka_unit_test(test_extremes),
        cmocka_unit_test(test_degenerate),
        cmocka_unit_test(test_many_options),
        cmocka_unit_test(test_determinism),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
