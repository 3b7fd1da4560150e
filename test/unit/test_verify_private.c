/*
 * The verifier on games with private variables. Two small games, a gesture that is seen and a work that is
 * hidden, are solved here by plain iteration on a grid of five points, from the definition: the verifier must
 * find what is found here, and catch what a solver would find that updates by a wrong prior, forgets that a
 * signal tells a type apart (g(k)/b(k)), or believes after a hidden stage by what was done there. Each of
 * these wrong solvers is consistent with itself, so nothing but the residual can tell.
 */
#include "play.h"

#include <math.h>

#include "solve/private.h"
#include "verify/scene.h"
#include "verify/typed.h"

enum { N = 4, POINTS = N + 1, LOW = 0, HIGH = 1, TYPES = 2, OPTIONS = 2 };

typedef enum wrong { RIGHT, WRONG_PRIOR, NO_SIGNAL, SEEN } wrong;

static const double PRIOR = 0.4, LAMBDA = 2, LAMBDA_B = 3, DOUBT = 0.55, BUILT = 0.7, WORKS = 0.5;

/* In `gesture` what A does is seen, in `work` it isn't, and may make it high. */
static const char TEXT[] =
    "model m\nhorizon 1\nlookahead 0\nbeliefs 4\nactor A rationality 2\nactor B rationality 3\n"
    "private A x : {low, high} = {low: 0.6, high: 0.4}\n"
    "%s stage send : A {\n"
    "  A.act { %s }\n"
    "  A.rest\n"
    "}\n"
    "stage answer : B { B.trust ; B.doubt }\n"
    "payoff A { trust = answer.B == trust ; built = 0.7 * (x == high) }\n"
    "payoff B { t = (answer.B == trust) * ((x == high) - 0.55) }\n";
static const char GESTURE[] = "pay A (x == low ? -0.8 : -0.2)";
static const char WORK[] = "pay A (x == low ? -0.3 : -0.6) ; with 0.5 { x := high }";

/* ---- the same games, solved here ----------------------------------------------------------------- */

/* What is chosen first at a point, by type and option, what that is worth, and what is believed then. */
typedef struct chosen {
    double sigma[TYPES][OPTIONS], q[TYPES][OPTIONS], after[OPTIONS];
} chosen;

static double knot(int j)
{
    return (1 - cos(3.14159265358979323846 * j / N)) / 2;
}

/* The chance of each point when c = b(low), and the share of high there is 1 - knot. */
static void spread(double c, double *weight)
{
    memset(weight, 0, POINTS * sizeof *weight);
    int j = 0;
    while (j + 1 < N && c > knot(j + 1))
        j++;
    weight[j + 1] = (c - knot(j)) / (knot(j + 1) - knot(j));
    weight[j] = 1 - weight[j + 1];
}

static double trust(double high)
{
    return 1 / (1 + exp(-LAMBDA_B * (high - DOUBT)));
}

/* What is left to a type once `high` is believed of it, before the signal. */
static double left(double high, int type, bool signalled)
{
    double weight[POINTS], sum = 0;
    spread(1 - high, weight);
    for (int j = 0; j < POINTS; j++) {
        const double g = 1 - knot(j);
        const double tells = type == HIGH ? g / high : (1 - g) / (1 - high);
        if (weight[j] > 0)
            sum += weight[j] * (signalled ? tells : 1) * (trust(g) + BUILT * (type == HIGH));
    }
    return sum;
}

static double becomes(bool hidden, int option, int from, int to)
{
    const double moved = hidden && option == 0 && from == LOW ? WORKS : 0;
    return from == to ? 1 - moved : to == HIGH ? moved : 0;
}

static double paid(bool hidden, int option, int type)
{
    const double act[2][TYPES] = {
        {-0.8, -0.2},
        {-0.3, -0.6}
    };
    return option == 0 ? act[hidden][type] : 0;
}

/* Bayes' rule, right or wrong, after an option; after any if `option` is negative. */
static double updated(const chosen *c, double high, bool hidden, int option)
{
    double mass[TYPES] = {0};
    for (int o = 0; o < OPTIONS; o++) {
        for (int k = 0; k < TYPES && (option < 0 || o == option); k++) {
            for (int to = 0; to < TYPES; to++)
                mass[to] +=
                    (k == HIGH ? high : 1 - high) * c->sigma[k][o] * becomes(hidden, o, k, to);
        }
    }
    return mass[HIGH] / (mass[LOW] + mass[HIGH]);
}

static chosen choose(double high, bool hidden, wrong wrong)
{
    chosen c = {
        .sigma = {{0.5, 0.5}, {0.5, 0.5}}
    };
    for (int round = 0; round < 2000; round++) {
        for (int o = 0; o < OPTIONS; o++)
            c.after[o] = updated(&c, wrong == WRONG_PRIOR ? 0.5 : high, hidden,
                                 hidden && wrong != SEEN ? -1 : o);
        for (int k = 0; k < TYPES; k++) {
            for (int o = 0; o < OPTIONS; o++) {
                c.q[k][o] = paid(hidden, o, k);
                for (int to = 0; to < TYPES; to++) {
                    const double chance = becomes(hidden, o, k, to);
                    if (chance > 0)
                        c.q[k][o] += chance * left(c.after[o], to, wrong != NO_SIGNAL);
                }
            }
            const double act = 1 / (1 + exp(-LAMBDA * (c.q[k][0] - c.q[k][1])));
            c.sigma[k][0] += 0.5 * (act - c.sigma[k][0]);
            c.sigma[k][1] = 1 - c.sigma[k][0];
        }
    }
    return c;
}

/* ---- and put in the place of the program's ------------------------------------------------------- */

typedef struct played {
    dt_model *model;
    dt_game *game;
    dt_solution *solution;
} played;

static played play(bool hidden)
{
    static char text[1024];
    play_log log;
    const dt_options options = play_options(&log);
    played p;
    snprintf(text, sizeof text, TEXT, hidden ? "hidden" : "", hidden ? WORK : GESTURE);
    p.model = play_text(text, &options);
    p.solution = play_solve(p.model, 0, DT_VALUES_AVERAGE, &options, &p.game);
    assert_true(dt_solution_solved(p.solution));
    return p;
}

static void put_away(played *p)
{
    dt_solution_free(p->solution);
    dt_game_free(p->game);
    dt_model_free(p->model);
}

static double *entry(const played *p, uint32_t point, int type, int option)
{
    const dt_typed_strategy *strategy = &p->solution->private->strategy;
    const uint32_t node = p->game->stage_first[0];
    const dt_menu *menu = &p->game->menu[p->game->node_menu[node]];
    const size_t at =
        strategy->node_option[node] + dt_typed_entry(strategy->beliefs, menu, 0, type, option);
    return dt_typed_of(strategy, 0, point) + at * DT_POINTS;
}

static dt_certificate verified(const played *p)
{
    dt_certificate found;
    p->solution->verified = (dt_certificate){0};
    assert_int_equal(dt_verify(p->solution, NULL, &found), DT_OK);
    return found;
}

static dt_confirmation confirmed(const played *p, const dt_certificate *found)
{
    double difference;
    const dt_certificate given = dt_solution_certificate(p->solution);
    return dt_certificate_confirm(p->model, &given, found, &difference);
}

/* Puts what is chosen here in the first stage of the solution. */
static void put(const played *p, bool hidden, wrong wrong)
{
    for (uint32_t point = 1; point + 1 < POINTS; point++) {
        const chosen c = choose(1 - knot((int)point), hidden, wrong);
        for (int k = 0; k < TYPES; k++) {
            for (int o = 0; o < OPTIONS; o++) {
                assert_true(wrong != RIGHT || fabs(*entry(p, point, k, o) - c.sigma[k][o]) < 1e-9);
                *entry(p, point, k, o) = c.sigma[k][o];
            }
        }
    }
}

static void assert_close(double found, double wanted)
{
    if (!(fabs(found - wanted) <= 1e-9)) {
        print_error("%.17g isn't %.17g\n", found, wanted);
        fail();
    }
}

/* What is found here of A's and B's value and gap, at the points to which the signal about the prior leads. */
static void compare(bool hidden, const dt_certificate *found)
{
    double start[POINTS], value[2] = {0}, best[2] = {0};
    spread(1 - PRIOR, start);
    for (int j = 0; j < POINTS; j++) {
        const double high = 1 - knot(j);
        const chosen c = choose(high, hidden, RIGHT);
        for (int k = 0; k < TYPES && start[j] > 0; k++) {
            const double mass = start[j] * (k == HIGH ? high : 1 - high);
            value[0] += mass * (c.sigma[k][0] * c.q[k][0] + c.sigma[k][1] * c.q[k][1]);
            best[0] += mass * fmax(c.q[k][0], c.q[k][1]);
            for (int o = 0; o < OPTIONS; o++) {
                double then[POINTS];
                spread(1 - c.after[o], then);
                for (int g = 0; g < POINTS; g++) {
                    const double worth = 1 - knot(g) - DOUBT;
                    value[1] += mass * c.sigma[k][o] * then[g] * trust(1 - knot(g)) * worth;
                    best[1] += mass * c.sigma[k][o] * then[g] * fmax(0, worth);
                }
            }
        }
    }
    for (int i = 0; i < 2; i++) {
        assert_close(found->value[i], value[i]);
        assert_close(found->gap[i], best[i] - value[i]);
    }
}

static void the_right_one_is_confirmed(void **state)
{
    (void)state;
    for (int hidden = 0; hidden < 2; hidden++) {
        played p = play(hidden);
        put(&p, hidden, RIGHT);
        const dt_certificate found = verified(&p);
        assert_true(found.residual <= 1e-12 && found.calibration <= 1e-14);
        assert_int_equal(confirmed(&p, &found), DT_CONFIRMED);
        compare(hidden, &found);
        put_away(&p);
    }
}

static void wrong_ones_are_caught(void **state)
{
    (void)state;
    static const struct {
        bool hidden;
        wrong wrong;
    } MUTANTS[] = {
        {false, WRONG_PRIOR},
        {true,  WRONG_PRIOR},
        {false, NO_SIGNAL  },
        {true,  NO_SIGNAL  },
        {true,  SEEN       }
    };
    for (size_t m = 0; m < sizeof MUTANTS / sizeof *MUTANTS; m++) {
        played p = play(MUTANTS[m].hidden);
        put(&p, MUTANTS[m].hidden, MUTANTS[m].wrong);
        const dt_certificate found = verified(&p);
        assert_true(found.residual > 1e-4);
        assert_int_equal(confirmed(&p, &found), DT_DISAGREES);
        put_away(&p);
    }
}

/* A millionth from one option to another, of any type that is possible at any point. */
static void a_millionth_is_caught(void **state)
{
    (void)state;
    for (int hidden = 0; hidden < 2; hidden++) {
        played p = play(hidden);
        for (uint32_t point = 0; point < POINTS; point++) {
            for (int k = 0; k < TYPES; k++) {
                if ((k == LOW && point == 0) || (k == HIGH && point + 1 == POINTS))
                    continue; /* nobody is of this type there */
                *entry(&p, point, k, 0) += 1e-6;
                *entry(&p, point, k, 1) -= 1e-6;
                dt_certificate found = verified(&p);
                assert_true(found.residual > 5e-7);
                assert_int_equal(confirmed(&p, &found), DT_DISAGREES);
                const double kept = *entry(&p, point, k, 0);
                *entry(&p, point, k, 0) = NAN;
                found = verified(&p);
                assert_true(isnan(found.residual));
                assert_int_equal(confirmed(&p, &found), DT_DISAGREES);
                *entry(&p, point, k, 0) = kept - 1e-6;
                *entry(&p, point, k, 1) += 1e-6;
            }
        }
        put_away(&p);
    }
}

/* ---- corners and weights ------------------------------------------------------------------------- */

/* A number of 0 … 1 from a counter (SplitMix64). */
static double drawn(uint64_t *counter)
{
    uint64_t z = *counter += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

/* The weights of one belief: of sum 1, the mean of their points is the belief, of a type that hardly exists
 * as accurately as of any other; and they are those of the solver's grid, which are found in another way. */
static void look_at_belief(const dt_lattice *lattice, const double *mass, double sum)
{
    const int values = lattice->values;
    dt_spread spread;
    dt_lattice_spread(lattice, mass, &spread);
    double all = 0, b[DT_MOST_TYPES];
    for (int c = 0; c < spread.corners; c++)
        all += spread.weight[c];
    assert_true(fabs(all - 1) < 1e-13);
    uint8_t possible[DT_MOST_TYPES];
    for (int k = 0; k < values; k++) {
        double mean = 0;
        possible[k] = mass[k] > 0;
        for (int c = 0; c < spread.corners; c++)
            mean += spread.weight[c] * dt_lattice_at(lattice, spread.point[c])[k];
        b[k] = mass[k] / sum;
        assert_true(fabs(mean - b[k]) <= 1e-12 * b[k] + (b[k] > 1e-6 ? 1e-14 : 0));
        assert_true(fabs(spread.belief[k] - b[k]) <= 1e-14 * b[k]);
    }
    dt_face face;
    dt_piece piece;
    uint32_t point[DT_MOST_TYPES];
    double weight[DT_MOST_TYPES], moving[DT_MOST_TYPES];
    dt_face_set(&face, lattice->grid, possible);
    for (int k = 0; k < face.types; k++)
        moving[k] = b[face.type[k]];
    dt_piece_find(&face, moving, &piece);
    dt_piece_corners(&face, &piece, point, NULL);
    dt_piece_weights(&face, &piece, moving, weight);
    for (int c = 0; c < spread.corners; c++) {
        double other = 0;
        for (int g = 0; g < face.types; g++)
            other += point[g] == spread.point[c] ? weight[g] : 0;
        assert_true(fabs(spread.weight[c] - other) < 1e-12);
    }
}

static void weights_are_those_of_the_belief(void **state)
{
    (void)state;
    dt_arena *arena = dt_arena_new(NULL, 0);
    uint64_t counter = 0;
    for (int values = 1; values <= 5; values++) {
        for (int fineness = 2; fineness <= 10; fineness += 4) {
            const dt_lattice *lattice = dt_lattice_new(arena, dt_grid_new(arena, values, fineness));
            for (int trial = 0; trial < 2000; trial++) {
                double mass[5], sum = 0;
                for (int k = 0; k < values; k++) {
                    const double kind = drawn(&counter);
                    mass[k] = kind < 0.15 ? 0 : kind < 0.4 ? exp(-80 * drawn(&counter)) : kind;
                    sum += mass[k];
                }
                if (sum > 0)
                    look_at_belief(lattice, mass, sum);
            }
            for (uint32_t p = 0; p < lattice->grid->points; p++)
                look_at_belief(lattice, dt_lattice_at(lattice, p), 1);
        }
    }
    dt_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_right_one_is_confirmed),
        cmocka_unit_test(wrong_ones_are_caught),
        cmocka_unit_test(a_millionth_is_caught),
        cmocka_unit_test(weights_are_those_of_the_belief),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
