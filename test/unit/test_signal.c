/*
 * Signalling games: the grid of beliefs, and the fixed point of one mover whose type others learn about.
 * Facts: weights are a probability distribution whose mean is the belief; a piece and the one beyond its
 * face agree there. What is called the only solution is the one that the path leads to, and no game of which
 * two solutions are found is called so, also where two are about to meet, and where one lies on a kink. A type that
 * earns the same whatever is believed plays a logit.
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

enum { POINTS = 9, ACTIONS = 3, WAYS = 2, EVENTS = ACTIONS * WAYS };

static const dt_signal_size size = {.players = 1,
                                    .options = ACTIONS,
                                    .cells = ACTIONS,
                                    .types = 2,
                                    .subjects = 1,
                                    .events = EVENTS,
                                    .branches = EVENTS,
                                    .values = 2,
                                    .fineness = POINTS - 1,
                                    .columns = 2};

/* A game of one mover: what each type is worth at each point after each action's events. */
typedef struct made {
    dt_signal_game game;
    dt_subject subject;
    dt_player player;
    dt_signal_event event[EVENTS];
    dt_signal_branch branch[EVENTS];
    int cell_branch[ACTIONS + 1];
    double chance[EVENTS][2];
    dt_face face[EVENTS];
    uint8_t still[EVENTS], after[EVENTS][2];
    int column[2];
    double weight;
    double pay[ACTIONS * 2];
    double value[2][EVENTS * 2 * 8]; /* [packs][places][columns][8] */
    const double *pack[2];
    double steep[EVENTS * 2 * 2];
} made;

/* V_k of a place. */
static double *value_at(made *m, int place, int k, int point)
{
    return &m->value[point / 8][(place * 2 + k) * 8 + point % 8];
}

static void make_event(made *m, const dt_grid *grid, int event, int action, double rough)
{
    uint8_t possible[DT_MOST_TYPES] = {0};
    for (int k = 0; k < 2; k++) {
        possible[k] = m->chance[event][k] > 0;
        m->after[event][k] = k == 1 && possible[0] && possible[1];
        double value = 0;
        for (int p = 0; p < POINTS; p++) {
            value += rough * (draw() - 0.5);
            *value_at(m, event, k, p) = value;
        }
    }
    dt_face_set(&m->face[event], grid, possible);
    m->event[event] = (dt_signal_event){.cell = action,
                                        .place = (uint32_t)event,
                                        .face = &m->face[event],
                                        .still = &m->still[event]};
    m->branch[event] = (dt_signal_branch){
        .cell = action, .event = event, .chance = m->chance[event], .after = m->after[event]};
}

/* `rough`: how much values change with the belief; `ways`: events of an action, told apart by chances. */
static void make(made *m, const dt_grid *grid, double rationality, double rough, int ways)
{
    *m = (made){
        .weight = 1, .column = {0, 1}
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
        const int first = a * ways;
        for (int k = 0; k < 2; k++) {
            m->pay[a * 2 + k] = draw();
            const double coin = ways == 1 ? 1 : draw();
            m->chance[first][k] = ways > 1 && k == 1 && coin < 0.2 ? 0 : coin;
            if (ways > 1)
                m->chance[first + 1][k] = 1 - m->chance[first][k];
        }
        for (int w = 0; w < ways; w++)
            make_event(m, grid, first + w, a, rough);
        m->cell_branch[a + 1] = first + ways;
    }
    m->game = (dt_signal_game){
        .subjects = 1,
        .subject = &m->subject,
        .secret = 0,
        .players = 1,
        .player = &m->player,
        .cells = ACTIONS,
        .types = 2,
        .pay = m->pay,
        .events = ACTIONS * ways,
        .event = m->event,
        .branches = ACTIONS * ways,
        .branch = m->branch,
        .cell_branch = m->cell_branch,
        .ahead = {.value = m->pack, .columns = 2, .variables = 1, .steep = m->steep}
    };
    for (int e = 0; e < m->game.events; e++) {
        for (int k = 0; k < 2; k++)
            dt_steep_find(&m->game.ahead, (uint32_t)e, k, grid, 1, POINTS, k,
                          m->steep + (e * 2 + k) * 2);
    }
}

/* Payments by which to tell nothing is a solution: at a point of the grid, where all pieces end. */
static void put_on_kink(made *m)
{
    for (int a = 0; a < ACTIONS; a++) {
        double worth[2] = {0};
        for (int e = m->cell_branch[a]; e < m->cell_branch[a + 1]; e++) {
            for (int k = 0; k < 2; k++)
                worth[k] += m->chance[e][k] * *value_at(m, e, k, (int)m->subject.point);
        }
        m->pay[a * 2 + 1] = m->pay[a * 2] + worth[0] - worth[1];
    }
}

/* What a type's actions are worth if others believe it to play sigma [2][ACTIONS]: by the definition, with
 * weights looked for among the knots. */
static void worth(const made *m, const double *sigma, double *q)
{
    const double *knot = m->subject.grid->knot;
    for (int i = 0; i < 2 * ACTIONS; i++)
        q[i] = m->pay[i % ACTIONS * 2 + i / ACTIONS];
    for (int e = 0; e < m->game.events; e++) {
        const int a = m->event[e].cell;
        double joint[2];
        for (int k = 0; k < 2; k++)
            joint[k] = m->subject.belief[k] * m->chance[e][k] * sigma[k * ACTIONS + a];
        const double c = joint[0] / (joint[0] + joint[1]);
        int j = 0;
        while (j + 1 < POINTS - 1 && c > knot[j + 1])
            j++;
        const double w = (c - knot[j]) / (knot[j + 1] - knot[j]);
        for (int k = 0; k < 2; k++) {
            const double low = k == 0 ? knot[j] : 1 - knot[j];
            const double high = k == 0 ? knot[j + 1] : 1 - knot[j + 1];
            const double own = k == 0 ? c : 1 - c;
            const double here = m->value[j / 8][(e * 2 + k) * 8 + j % 8];
            const double there = m->value[(j + 1) / 8][(e * 2 + k) * 8 + (j + 1) % 8];
            if (m->chance[e][k] == 0)
                continue;
            /* whose own belief underflows is worth what it is where that tends to 0 */
            q[k * ACTIONS + a] +=
                m->chance[e][k] * (own > 0  ? ((1 - w) * low * here + w * high * there) / own
                                   : k == 0 ? there
                                            : here);
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

/* From anywhere to a solution by damped answers, in log odds: so what is hardly ever done settles, too. */
static bool settle(made *m, double *sigma)
{
    double y[2 * ACTIONS], q[2 * ACTIONS];
    for (int i = 0; i < 2 * ACTIONS; i++)
        y[i] = i % ACTIONS == 0 ? 0 : 24 * (draw() - 0.5);
    for (int i = 0; i < 400; i++) {
        double change = 0;
        for (int k = 0; k < 2; k++)
            answer_worth(ACTIONS, 1, y + k * ACTIONS, sigma + k * ACTIONS, sigma + k * ACTIONS);
        worth(m, sigma, q);
        for (int o = 0; o < 2 * ACTIONS; o++) {
            const double by = m->player.rationality * (q[o] - q[o / ACTIONS * ACTIONS]) - y[o];
            if (!isfinite(by))
                return false;
            change = fmax(change, fabs(by));
            y[o] += 0.5 * by;
        }
        if (change < 1e-11)
            return true;
    }
    return false;
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

/* What is used to judge games, and what was seen of them. */
typedef struct bench {
    const dt_grid *grid;
    dt_signal_space *plain, *doubting;
    double far; /* solutions that are farther apart are two */
    int only, isolated, several, lost;
} bench;

/* Whether a game is certain because all its solutions were isolated: then they know where to look for it. */
static bool is_isolated(const made *m, dt_signal_space *space)
{
    double pay[2 * ACTIONS], start[2 * ACTIONS] = {0}, most = 0;
    for (int i = 0; i < 2 * ACTIONS; i++)
        pay[i] = m->pay[i % ACTIONS * 2 + i / ACTIONS];
    assert_true(dt_signal_may_be_certain(&m->game, space, 0));
    if (dt_signal_upto(space, m->subject.belief, pay, start) < 1)
        return false;
    for (int i = 0; i < 2 * ACTIONS; i++)
        most = fmax(most, fabs(start[i]));
    return most > 0;
}

/* Checks a game; true if it is certain. `follow`: its path is followed even if it isn't; `kink`: that may be lost, as it
 * would end where pieces meet. */
static bool judge(bench *b, made *m, bool follow, bool kink)
{
    double found[2 * ACTIONS], followed[2 * ACTIONS], reply[2 * ACTIONS];
    bool proved;
    dt_branch_result result = dt_signal_follow(&m->game, b->plain, NULL, found, &proved);
    if (kink && !proved)
        return false;
    assert_int_equal(result.end, DT_BRANCH_ARRIVED);
    assert_true(answer(m, found, reply) < 1e-9);
    b->only += proved;
    b->isolated += proved && is_isolated(m, b->plain);
    if (proved || follow) { /* by the path, in other unknowns and small steps */
        result = dt_signal_follow(&m->game, b->doubting, NULL, followed, NULL);
        if (result.end != DT_BRANCH_ARRIVED) {
            assert_int_equal(follow_told(m, b->plain, followed), DT_BRANCH_ARRIVED);
            b->lost++;
        }
        assert_true(apart(found, followed, 2 * ACTIONS) < 1e-10);
    }
    double first[2 * ACTIONS], other[2 * ACTIONS];
    bool have = settle(m, first), two = false;
    for (int s = 0; s < 4 && have && !two; s++)
        two = settle(m, other) && apart(first, other, 2 * ACTIONS) > b->far;
    b->several += two;
    assert_false(two && proved);
    return proved;
}

static bench new_bench(dt_arena *arena, double far)
{
    bench b = {.far = far,
               .grid = dt_grid_new(arena, 2, POINTS - 1),
               .plain = dt_signal_space_new(arena, &size),
               .doubting = dt_signal_space_new(arena, &size)};
    dt_signal_space_doubt(b.doubting);
    return b;
}

static void report(const bench *b, const char *what, int games)
{
    if (getenv("SIGNAL_GAMES"))
        print_message("%s: of %d games %d are certain, %d of these isolated, %d have several "
                      "solutions, %d paths were lost\n",
                      what, games, b->only, b->isolated, b->several, b->lost);
}

static void test_one_mover(void **unused)
{
    (void)unused;
    const int games = count_games(4000);
    dt_arena *arena = dt_arena_new(NULL, 0);
    bench b = new_bench(arena, 1e-6);
    for (int i = 0; i < games; i++) {
        made m;
        make(&m, b.grid, 10 * draw(), i % 4 == 0 ? 0.02 : draw(), 1 + (i % 3 == 0));
        if (i % 8 == 5)
            put_on_kink(&m);
        judge(&b, &m, i % 16 == 1, i % 8 == 5);
    }
    report(&b, "rationality to 10", games);
    assert_true(b.only > games / 8);
    assert_true(b.isolated > games / 20);
    assert_true(b.several > games / 100);
    assert_true(b.lost <= games / 20000);
    dt_arena_free(arena);
}

/* As rationality grows a game gets several solutions, and loses them: where it is no longer certain two are about to
 * meet. That is come near to from both sides. */
static void test_folds(void **unused)
{
    (void)unused;
    const int games = count_games(400) / 10;
    dt_arena *arena = dt_arena_new(NULL, 0);
    bench b = new_bench(arena, 1e-4); /* next to a fold answers come to rest slowly */
    for (int i = 0; i < games; i++) {
        made m;
        make(&m, b.grid, 40, 0.2 + draw(), 1 + i % 2);
        double certain = 0, open = 40;
        for (int s = 0; s < 24; s++) {
            m.player.rationality = 0.5 * (certain + open);
            if (judge(&b, &m, false, false))
                certain = m.player.rationality;
            else
                open = m.player.rationality;
        }
    }
    report(&b, "next to folds", 24 * games);
    assert_true(b.isolated > 4 * games);
    assert_true(b.several > games / 4);
    assert_true(b.lost <= games / 1000);
    dt_arena_free(arena);
}

/* Two solutions of a game that differ, looked for from eight strategies. */
static bool has_several(made *m)
{
    double first[2 * ACTIONS], other[2 * ACTIONS];
    bool two = false;
    if (!settle(m, first))
        return false;
    for (int s = 0; s < 7 && !two; s++)
        two = settle(m, other) && apart(first, other, 2 * ACTIONS) > 1e-6;
    return two;
}

/* Of so many games that have several solutions none is called certain. */
static void test_several(void **unused)
{
    (void)unused;
    const int wanted = count_games(1000);
    dt_arena *arena = dt_arena_new(NULL, 0);
    const dt_grid *grid = dt_grid_new(arena, 2, POINTS - 1);
    dt_signal_space *space = dt_signal_space_new(arena, &size);
    int games = 0, several = 0;
    for (; several < wanted; games++) {
        made m;
        double sigma[2 * ACTIONS];
        bool proved;
        make(&m, grid, 5 + 35 * draw(), draw(), 1 + games % WAYS);
        if (!has_several(&m))
            continue;
        several++;
        dt_signal_follow(&m.game, space, NULL, sigma, &proved);
        assert_false(proved);
        assert_false(is_isolated(&m, space));
    }
    if (getenv("SIGNAL_GAMES"))
        print_message("rationality from 5 to 40: of %d games %d have several solutions\n", games,
                      several);
    dt_arena_free(arena);
}

/* Two of the actions are alike. As the path begins they are as likely as each other, and so they stay on the
 * continuous tangent, also where paths on which they aren't branch off, and where both pass a knot at once. */
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
        make(&m, grid, 5 * draw(), draw(), 1);
        for (int k = 0; k < 2; k++) {
            m.pay[2 * 2 + k] = m.pay[1 * 2 + k];
            for (int p = 0; p < POINTS; p++)
                *value_at(&m, 2, k, p) = *value_at(&m, 1, k, p);
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
    print_message("of %d games with two alike actions %d are crossed\n", games, crossed);
    assert_true(crossed > games / 100);
    assert_int_equal(lost, 0);
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
        make(&m, grid, 3, 0, 1);
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
        cmocka_unit_test(test_folds),
        cmocka_unit_test(test_several),
        cmocka_unit_test(test_alike),
        cmocka_unit_test(test_nothing_follows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
