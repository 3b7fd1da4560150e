/*
 * Signalling games: the grid of beliefs, and the fixed point of one mover whose type others learn about.
 * Facts: weights are a probability distribution whose mean is the belief; a piece and the one beyond its
 * face agree there. What is called the only solution is the one that the path leads to, and no game of which
 * two solutions are found is called so. A type that earns the same whatever is believed plays a logit.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "signals.h"
#include "solve/signal_space.h"

/* ---- the grid -------------------------------------------------------------------------------- */

/* A random belief over the possible types; at times on a point of the grid. */
static void draw_belief(const dt_face *face, double *b)
{
    double sum = 0;
    for (int k = 0; k < face->types; k++)
        sum += b[k] = 1e-3 + draw() * draw();
    for (int k = 0; k < face->types; k++)
        b[k] /= sum;
}

static void check_weights(const dt_face *face, const dt_piece *piece, const double *b)
{
    double weight[DT_MOST_TYPES], at[DT_MOST_TYPES * DT_MOST_TYPES], sum = 0;
    uint32_t point[DT_MOST_TYPES];
    dt_piece_corners(face, piece, point, at);
    dt_piece_weights(face, piece, b, weight);
    for (int g = 0; g < face->types; g++)
        sum += weight[g];
    assert_true(fabs(sum - 1) < 1e-12);
    for (int k = 0; k < face->types; k++) {
        double mean = 0;
        for (int g = 0; g < face->types; g++)
            mean += weight[g] * at[g * face->types + k];
        assert_true(fabs(mean - b[k]) < 1e-12);
    }
    /* corners are the points of those numbers */
    for (int g = 0; g < face->types; g++) {
        assert_true(point[g] < face->grid->points);
        for (int k = 0; k < face->types; k++)
            assert_true(
                fabs(face->grid->belief[point[g] * (size_t)face->grid->values + face->type[k]] -
                     at[g * face->types + k]) < 1e-15);
    }
}

static void test_grid(void **unused)
{
    (void)unused;
    dt_arena *arena = dt_arena_new(NULL, 0);
    assert_non_null(arena);
    assert_int_equal(dt_grid_count(2, 32), 33);
    assert_int_equal(dt_grid_count(3, 16), 153);
    assert_int_equal(dt_grid_count(90, 2), 4095);
    assert_int_equal(dt_grid_count(91, 2), DT_MOST_POINTS + 1);
    assert_int_equal(dt_grid_count(1, 2), 1);
    for (int values = 1; values <= 5; values++) {
        const dt_grid *grid = dt_grid_new(arena, values, 6);
        for (int i = 0; i < 2000; i++) {
            uint8_t possible[DT_MOST_TYPES] = {0};
            double b[DT_MOST_TYPES], weight[DT_MOST_TYPES];
            dt_face face;
            dt_piece piece;
            possible[(int)(draw() * values)] = 1;
            for (int k = 0; k < values; k++)
                possible[k] |= draw() < 0.6;
            dt_face_set(&face, grid, possible);
            draw_belief(&face, b);
            dt_piece_find(&face, b, &piece);
            check_weights(&face, &piece, b);
            dt_piece_weights(&face, &piece, b, weight);
            for (int g = 0; g < face.types; g++)
                assert_true(weight[g] >= -1e-13);
        }
    }
    dt_arena_free(arena);
}

/* Where one weight is 0 the piece beyond has the same other corners with the same weights. */
static void test_next_piece(void **unused)
{
    (void)unused;
    dt_arena *arena = dt_arena_new(NULL, 0);
    const dt_grid *grid = dt_grid_new(arena, 4, 8);
    const uint8_t possible[DT_MOST_TYPES] = {1, 1, 1, 1};
    dt_face face;
    dt_face_set(&face, grid, possible);
    for (int i = 0; i < 2000; i++) {
        double b[4], weight[4], at[16], other[4];
        uint32_t point[4], next[4];
        dt_piece piece;
        draw_belief(&face, b);
        dt_piece_find(&face, b, &piece);
        dt_piece_corners(&face, &piece, point, at);
        dt_piece_weights(&face, &piece, b, weight);
        const int lost = (int)(draw() * 4);
        double edge[4] = {0};
        for (int g = 0; g < 4; g++) {
            for (int k = 0; k < 4 && g != lost; k++)
                edge[k] += weight[g] / (1 - weight[lost]) * at[g * 4 + k];
        }
        if (edge[0] < 1e-9 || edge[1] < 1e-9 || edge[2] < 1e-9 || edge[3] < 1e-9)
            continue; /* where a type has no chance, another face begins */
        uint8_t gone[DT_MOST_TYPES] = {0};
        gone[lost] = 1;
        if (!dt_piece_next(&face, gone, &piece))
            continue; /* the face ends there */
        dt_piece_corners(&face, &piece, next, NULL);
        dt_piece_weights(&face, &piece, edge, other);
        int shared = 0;
        for (int g = 0; g < 4; g++) {
            for (int h = 0; h < 4; h++) {
                if (point[g] != next[h])
                    continue;
                shared++;
                assert_true(g != lost);
                assert_true(fabs(other[h] - weight[g] / (1 - weight[lost])) < 1e-11);
            }
        }
        assert_int_equal(shared, 3);
    }
    dt_arena_free(arena);
}

/* ---- one mover, two types -------------------------------------------------------------------- */

enum { POINTS = 9, ACTIONS = 3 };

static const dt_signal_size size = {.players = 1,
                                    .options = ACTIONS,
                                    .cells = ACTIONS,
                                    .types = 2,
                                    .subjects = 1,
                                    .events = ACTIONS,
                                    .branches = ACTIONS,
                                    .values = 2,
                                    .fineness = POINTS - 1,
                                    .columns = 2};

/* A game of one mover: what each type is worth at each point after each action. */
typedef struct made {
    dt_signal_game game;
    dt_subject subject;
    dt_player player;
    dt_signal_event event[ACTIONS];
    dt_signal_branch branch[ACTIONS];
    int cell_branch[ACTIONS + 1];
    double one;
    dt_face face[ACTIONS];
    uint8_t still[ACTIONS], after[2];
    int column[2];
    double weight;
    double pay[ACTIONS * 2];
    double value[2][ACTIONS * 2 * 8]; /* [packs][places][columns][8] */
    const double *pack[2];
    double steep[ACTIONS * 2 * 2];
} made;

/* `rough`: how much values change with the belief. */
static void make(made *m, const dt_grid *grid, double rationality, double rough)
{
    static const uint8_t both[DT_MOST_TYPES] = {1, 1};
    *m = (made){
        .one = 1, .weight = 1, .column = {0, 1},
                .after = {0, 1}
    };
    const uint32_t point = 1 + (uint32_t)(draw() * (POINTS - 2));
    m->subject = (dt_subject){
        .grid = grid, .stride = 1, .point = point, .types = 2, .type = {0, 1}
    };
    for (int k = 0; k < 2; k++)
        m->subject.belief[k] = grid->belief[point * 2 + (uint32_t)k];
    m->player = (dt_player){.options = ACTIONS,
                            .rationality = rationality,
                            .members = 1,
                            .column = m->column,
                            .weight = &m->weight};
    for (int p = 0; p < 2; p++)
        m->pack[p] = m->value[p];
    for (int a = 0; a < ACTIONS; a++) {
        dt_face_set(&m->face[a], grid, both);
        m->event[a] = (dt_signal_event){
            .cell = a, .place = (uint32_t)a, .face = &m->face[a], .still = &m->still[a]};
        m->branch[a] =
            (dt_signal_branch){.cell = a, .event = a, .chance = &m->one, .after = m->after};
        m->cell_branch[a + 1] = a + 1;
        for (int k = 0; k < 2; k++) {
            m->pay[a * 2 + k] = draw();
            double value = 0;
            for (int p = 0; p < POINTS; p++) {
                value += rough * (draw() - 0.5);
                m->value[p / 8][(a * 2 + k) * 8 + p % 8] = value;
            }
        }
    }
    m->game = (dt_signal_game){
        .subjects = 1,
        .subject = &m->subject,
        .secret = -1,
        .players = 1,
        .player = &m->player,
        .cells = ACTIONS,
        .types = 2,
        .pay = m->pay,
        .events = ACTIONS,
        .event = m->event,
        .branches = ACTIONS,
        .branch = m->branch,
        .cell_branch = m->cell_branch,
        .ahead = {.value = m->pack, .columns = 2, .variables = 1, .steep = m->steep}
    };
    for (int a = 0; a < ACTIONS; a++) {
        for (int k = 0; k < 2; k++)
            dt_steep_find(&m->game.ahead, (uint32_t)a, k, grid, 1, POINTS, k,
                          m->steep + (a * 2 + k) * 2);
    }
}

/* What a type's actions are worth if others believe it to play sigma [2][ACTIONS]: by the definition, with
 * weights looked for among the knots. */
static void worth(const made *m, const double *sigma, double *q)
{
    const double *knot = m->subject.grid->knot;
    for (int a = 0; a < ACTIONS; a++) {
        double joint[2];
        for (int k = 0; k < 2; k++)
            joint[k] = m->subject.belief[k] * sigma[k * ACTIONS + a];
        const double c = joint[0] / (joint[0] + joint[1]);
        int j = 0;
        while (j + 1 < POINTS - 1 && c > knot[j + 1])
            j++;
        const double w = (c - knot[j]) / (knot[j + 1] - knot[j]);
        for (int k = 0; k < 2; k++) {
            const double low = k == 0 ? knot[j] : 1 - knot[j];
            const double high = k == 0 ? knot[j + 1] : 1 - knot[j + 1];
            const double own = k == 0 ? c : 1 - c;
            const double here = m->value[j / 8][(a * 2 + k) * 8 + j % 8];
            const double there = m->value[(j + 1) / 8][(a * 2 + k) * 8 + (j + 1) % 8];
            q[k * ACTIONS + a] =
                m->pay[a * 2 + k] + ((1 - w) * low * here + w * high * there) / own;
        }
    }
}

static double answer(void *game, const double *sigma, double *reply)
{
    const made *m = game;
    double q[2 * ACTIONS], off = 0;
    worth(m, sigma, q);
    for (int k = 0; k < 2; k++) {
        const int at = k * ACTIONS;
        off =
            fmax(off, answer_worth(ACTIONS, m->player.rationality, q + at, sigma + at, reply + at));
    }
    return off;
}

static bool settle(made *m, double *sigma)
{
    for (int k = 0; k < 2; k++)
        draw_mixed(ACTIONS, sigma + k * ACTIONS);
    return settle_from(answer, m, 2 * ACTIONS, sigma);
}

/* The path in what actions tell, in small steps from where nothing is known to be certain: for the rare game whose
 * path in logits is lost. */
static dt_branch_end follow_told(const made *m, dt_signal_space *space, double *sigma)
{
    double point[2 * ACTIONS + 1], logit[2 * (ACTIONS - 1)];
    dt_signal_begin(space, &m->game);
    const dt_curve *curve = dt_odds_take(space->odds, &m->game);
    assert_non_null(curve);
    const dt_branch_result result = dt_path_follow(curve, space->path, 0, 1.0 / 12, point);
    dt_odds_logits(space->odds, point, logit);
    for (int k = 0; k < 2; k++, sigma += ACTIONS) {
        double sum = 0;
        for (int a = 0; a < ACTIONS; a++)
            sum += sigma[a] = a == 0 ? 1 : exp(logit[k * (ACTIONS - 1) + a - 1]);
        for (int a = 0; a < ACTIONS; a++)
            sigma[a] /= sum;
    }
    return result.end;
}

static void test_one_mover(void **unused)
{
    (void)unused;
    const int games = count_games(4000);
    dt_arena *arena = dt_arena_new(NULL, 0);
    const dt_grid *grid = dt_grid_new(arena, 2, POINTS - 1);
    dt_signal_space *plain = dt_signal_space_new(arena, &size);
    dt_signal_space *doubting = dt_signal_space_new(arena, &size);
    dt_signal_space_doubt(doubting);
    int only = 0, several = 0, lost = 0;
    for (int i = 0; i < games; i++) {
        made m;
        double found[2 * ACTIONS], followed[2 * ACTIONS], reply[2 * ACTIONS];
        bool proved;
        make(&m, grid, 10 * draw(), i % 4 == 0 ? 0.02 : draw());
        dt_branch_result result = dt_signal_follow(&m.game, plain, NULL, found, &proved);
        assert_int_equal(result.end, DT_BRANCH_ARRIVED);
        assert_true(answer(&m, found, reply) < 1e-9);
        only += proved;
        if (proved || i % 16 == 1) { /* by the path, in other unknowns and small steps */
            result = dt_signal_follow(&m.game, doubting, NULL, followed, NULL);
            if (result.end != DT_BRANCH_ARRIVED) {
                assert_int_equal(follow_told(&m, plain, followed), DT_BRANCH_ARRIVED);
                lost++;
            }
            assert_true(apart(found, followed, 2 * ACTIONS) < 1e-10);
        }
        double first[2 * ACTIONS], other[2 * ACTIONS];
        bool have = settle(&m, first), two = false;
        for (int s = 0; s < 4 && have && !two; s++)
            two = settle(&m, other) && apart(first, other, 2 * ACTIONS) > 1e-6;
        several += two;
        assert_false(two && proved);
    }
    assert_true(only > games / 8);
    assert_true(several > games / 100);
    assert_true(lost <= games / 20000);
    dt_arena_free(arena);
}

/* Two of the actions are alike. As the path begins they are as likely as each other, and so they stay on the
 * continuous tangent, also where paths on which they aren't branch off. Where both pass a knot at once the path
 * may be lost. */
static void test_alike(void **unused)
{
    (void)unused;
    const int games = count_games(1000);
    dt_arena *arena = dt_arena_new(NULL, 0);
    const dt_grid *grid = dt_grid_new(arena, 2, POINTS - 1);
    dt_signal_space *space = dt_signal_space_new(arena, &size);
    int crossed = 0, lost = 0;
    for (int i = 0; i < games; i++) {
        made m;
        double sigma[2 * ACTIONS], reply[2 * ACTIONS];
        make(&m, grid, 5 * draw(), draw());
        for (int k = 0; k < 2; k++) {
            m.pay[2 * 2 + k] = m.pay[1 * 2 + k];
            for (int p = 0; p < POINTS; p++)
                m.value[p / 8][(2 * 2 + k) * 8 + p % 8] = m.value[p / 8][(1 * 2 + k) * 8 + p % 8];
            memcpy(m.steep + (2 * 2 + k) * 2, m.steep + (1 * 2 + k) * 2, 2 * sizeof *m.steep);
        }
        const dt_branch_result result = dt_signal_follow(&m.game, space, NULL, sigma, NULL);
        if (result.end != DT_BRANCH_ARRIVED) {
            lost++;
            continue;
        }
        assert_true(answer(&m, sigma, reply) < 1e-9);
        for (int k = 0; k < 2; k++)
            assert_true(fabs(sigma[k * ACTIONS + 1] - sigma[k * ACTIONS + 2]) < 1e-9);
        crossed += result.crossed;
    }
    assert_true(crossed > games / 100);
    assert_true(lost < games / 20);
    dt_arena_free(arena);
}

/* What is believed changes nothing: a logit of the payments. */
static void test_nothing_follows(void **unused)
{
    (void)unused;
    dt_arena *arena = dt_arena_new(NULL, 0);
    const dt_grid *grid = dt_grid_new(arena, 2, POINTS - 1);
    dt_signal_space *space = dt_signal_space_new(arena, &size);
    for (int doubt = 0; doubt < 2; doubt++) {
        made m;
        double sigma[2 * ACTIONS];
        make(&m, grid, 3, 0);
        if (doubt)
            dt_signal_space_doubt(space);
        assert_int_equal(dt_signal_follow(&m.game, space, NULL, sigma, NULL).end,
                         DT_BRANCH_ARRIVED);
        for (int k = 0; k < 2; k++) {
            double sum = 0;
            for (int a = 0; a < ACTIONS; a++)
                sum += exp(3 * m.pay[a * 2 + k]);
            for (int a = 0; a < ACTIONS; a++)
                assert_true(fabs(sigma[k * ACTIONS + a] - exp(3 * m.pay[a * 2 + k]) / sum) < 1e-13);
        }
    }
    dt_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_grid),
        cmocka_unit_test(test_next_piece),
        cmocka_unit_test(test_one_mover),
        cmocka_unit_test(test_alike),
        cmocka_unit_test(test_nothing_follows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
