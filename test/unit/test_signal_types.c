/*
 * Signalling games of one mover of three types or four (signal_types.c). Facts: what is called the only solution is the
 * one that the path leads to, in steps twelve times smaller, and no game of which damped responses from several
 * starts find two solutions is called so. What actions are worth is worked out here by the definition of the signal:
 * sums of beliefs raised from knot to knot in the order of their places.
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
#include "solve/signal_game.h"

enum {
    MOST_TYPES = 4,
    ACTIONS = 3,
    EVENTS = ACTIONS + 1,
    FINENESS = 6,
    MOST_POINTS = 84,
    PACKS = 11
};

/* Each action is an event, and the first may be another, by type. */
typedef struct made {
    dt_signal_game game;
    const dt_grid *grid;
    dt_subject subject;
    dt_player player;
    dt_signal_event event[EVENTS];
    dt_signal_branch branch[EVENTS];
    int cell_branch[ACTIONS + 1];
    double chance[EVENTS][MOST_TYPES];
    uint8_t after[EVENTS][MOST_TYPES];
    dt_face face[EVENTS];
    uint8_t still[EVENTS];
    int column[MOST_TYPES];
    double weight;
    double pay[ACTIONS * MOST_TYPES];
    double value[PACKS][EVENTS * MOST_TYPES * 8]; /* [packs][places][columns][8] */
    const double *pack[PACKS];
} made;

static double *value_at(made *m, int event, int type, uint32_t point)
{
    return &m->value[point / 8][(event * m->grid->values + type) * 8 + (int)(point % 8)];
}

static void make_event(made *m, int event, int cell)
{
    const int types = m->grid->values;
    uint8_t possible[DT_MOST_TYPES] = {0};
    for (int k = 0, at = 0; k < types; k++) {
        possible[k] = m->chance[event][k] > 0;
        m->after[event][k] = (uint8_t)at;
        at += possible[k] && at + 1 < types;
    }
    dt_face_set(&m->face[event], m->grid, possible);
    m->event[event] = (dt_signal_event){
        .cell = cell, .place = (uint32_t)event, .face = &m->face[event], .still = &m->still[event]};
    m->branch[event] = (dt_signal_branch){
        .cell = cell, .event = event, .chance = m->chance[event], .after = m->after[event]};
}

/* `rough`: how much values change with the belief. */
static void make(made *m, const dt_grid *grid, double rationality, double rough)
{
    const int types = grid->values;
    *m = (made){
        .grid = grid, .weight = 1, .column = {0, 1, 2, 3}
    };
    m->subject = (dt_subject){.grid = grid, .stride = 1, .types = types};
    double least;
    do { /* a point at which all are possible */
        least = 1;
        m->subject.point = (uint32_t)(draw() * grid->points);
        for (int k = 0; k < types; k++) {
            m->subject.type[k] = (uint8_t)k;
            m->subject.belief[k] = grid->belief[m->subject.point * (uint32_t)types + (uint32_t)k];
            least = fmin(least, m->subject.belief[k]);
        }
    } while (!(least > 0));
    m->player = (dt_player){.options = ACTIONS,
                            .rationality = rationality,
                            .members = 1,
                            .column = m->column,
                            .weight = &m->weight};
    for (int p = 0; p < PACKS; p++)
        m->pack[p] = m->value[p];
    for (int k = 0; k < types; k++) {
        const double coin = draw();
        m->chance[ACTIONS][k] = coin < 0.2 && k > 0 ? 0 : coin < 0.9 ? coin : 0.9;
        m->chance[0][k] = 1 - m->chance[ACTIONS][k];
        m->chance[1][k] = m->chance[2][k] = 1;
    }
    make_event(m, 0, 0);
    make_event(m, ACTIONS, 0);
    make_event(m, 1, 1);
    make_event(m, 2, 2);
    /* branches stand by cells */
    const dt_signal_branch order[EVENTS] = {m->branch[0], m->branch[3], m->branch[1], m->branch[2]};
    memcpy(m->branch, order, sizeof order);
    m->cell_branch[1] = 2;
    m->cell_branch[2] = 3;
    m->cell_branch[3] = 4;
    for (int k = 0; k < types; k++) {
        for (int a = 0; a < ACTIONS; a++)
            m->pay[a * types + k] = draw();
        for (int e = 0; e < EVENTS; e++) {
            double plane[MOST_TYPES]; /* a slope in beliefs, and something rough */
            for (int j = 0; j < types; j++)
                plane[j] = 2 * rough * (draw() - 0.5);
            for (uint32_t p = 0; p < grid->points; p++) {
                double value = 0.3 * rough * draw();
                for (int j = 0; j < types; j++)
                    value += plane[j] * grid->belief[p * (uint32_t)types + (uint32_t)j];
                *value_at(m, e, k, p) = value;
            }
        }
    }
    m->game = (dt_signal_game){
        .subjects = 1,
        .subject = &m->subject,
        .secret = 0,
        .players = 1,
        .player = &m->player,
        .cells = ACTIONS,
        .types = types,
        .pay = m->pay,
        .events = EVENTS,
        .event = m->event,
        .branches = EVENTS,
        .branch = m->branch,
        .cell_branch = m->cell_branch,
        .ahead = {.value = m->pack, .columns = (size_t)types, .variables = 1}
    };
}

/* What follows an event for the types if others believe b: the corners around it, met by raising sums. */
static void follow(made *m, int event, const double *b, double *to)
{
    const int types = m->grid->values, sums = types - 1;
    const double *knot = m->grid->knot;
    int at[MOST_TYPES] = {0};
    double place[MOST_TYPES], c = 0, last = 1;
    bool up[MOST_TYPES] = {false};
    memset(to, 0, (size_t)types * sizeof *to);
    for (int sum = 0; sum < sums; sum++) {
        c += b[sum];
        at[sum] = 0;
        while (at[sum] + 1 < FINENESS && c > knot[at[sum] + 1])
            at[sum]++;
        place[sum] = (c - knot[at[sum]]) / (knot[at[sum] + 1] - knot[at[sum]]);
    }
    for (int step = 0; step <= sums; step++) {
        int best = -1; /* the next to be raised: of equal places the later */
        for (int sum = 0; sum < sums; sum++) {
            if (!up[sum] && (best < 0 || place[sum] >= place[best] - 1e-14))
                best = sum;
        }
        const double next = best < 0 ? 0 : fmin(last, fmax(0, place[best]));
        const double weight = last - next;
        uint32_t point = 0;
        double below = 0;
        for (int sum = 0; sum < sums; sum++)
            point += m->grid->rank[sum * (FINENESS + 1) + at[sum]];
        for (int k = 0; k < types; k++) {
            const double above = k < sums ? knot[at[k]] : 1;
            if (b[k] > 0)
                to[k] += weight * (above - below) / b[k] * *value_at(m, event, k, point);
            below = above;
        }
        last = next;
        if (best >= 0) {
            up[best] = true;
            at[best]++;
        }
    }
}

static double answer(void *game, const double *sigma, double *reply)
{
    made *m = game;
    const int types = m->grid->values;
    double q[MOST_TYPES * ACTIONS], off = 0;
    for (int k = 0; k < types; k++) {
        for (int a = 0; a < ACTIONS; a++)
            q[k * ACTIONS + a] = m->pay[a * types + k];
    }
    for (int e = 0; e < EVENTS; e++) {
        const int a = e == ACTIONS ? 0 : e;
        double b[MOST_TYPES], sum = 0, ahead[MOST_TYPES];
        for (int k = 0; k < types; k++)
            sum += b[k] = m->subject.belief[k] * m->chance[e][k] * sigma[k * ACTIONS + a];
        if (sum == 0)
            continue;
        for (int k = 0; k < types; k++)
            b[k] /= sum;
        follow(m, e, b, ahead);
        for (int k = 0; k < types; k++)
            q[k * ACTIONS + a] += m->chance[e][k] > 0 ? m->chance[e][k] * ahead[k] : 0;
    }
    for (int k = 0; k < types; k++) {
        const int at = k * ACTIONS;
        off =
            fmax(off, answer_worth(ACTIONS, m->player.rationality, q + at, sigma + at, reply + at));
    }
    return off;
}

static bool settle(made *m, double *sigma)
{
    for (int k = 0; k < m->grid->values; k++)
        draw_mixed(ACTIONS, sigma + k * ACTIONS);
    return settle_from(answer, m, m->grid->values * ACTIONS, sigma);
}

static void check_games(int types, int games, int *only, int *several)
{
    const dt_signal_size size = {.players = 1,
                                 .options = ACTIONS,
                                 .cells = ACTIONS,
                                 .types = types,
                                 .subjects = 1,
                                 .events = EVENTS,
                                 .branches = EVENTS,
                                 .values = types,
                                 .fineness = FINENESS,
                                 .columns = types};
    dt_arena *arena = dt_arena_new(NULL, 0);
    const dt_grid *grid = dt_grid_new(arena, types, FINENESS);
    dt_signal_space *plain = dt_signal_space_new(arena, &size);
    dt_signal_space *doubting = dt_signal_space_new(arena, &size);
    dt_signal_space_doubt(doubting);
    assert_true(grid->points <= MOST_POINTS);
    for (int i = 0; i < games; i++) {
        made m;
        double found[MOST_TYPES * ACTIONS], other[MOST_TYPES * ACTIONS];
        bool proved;
        make(&m, grid, 8 * draw(), i % 4 == 0 ? 0.05 : draw());
        dt_branch_result result = dt_signal_follow(&m.game, plain, NULL, found, &proved);
        assert_int_equal(result.end, DT_BRANCH_ARRIVED);
        assert_true(answer(&m, found, other) < 1e-9);
        if (proved && i % 8 == 0) {
            result = dt_signal_follow(&m.game, doubting, NULL, other, NULL);
            assert_int_equal(result.end, DT_BRANCH_ARRIVED);
            assert_true(apart(found, other, types * ACTIONS) < 1e-10);
        }
        *only += proved;
        double first[MOST_TYPES * ACTIONS];
        bool have = settle(&m, first), two = false;
        for (int s = 0; s < 3 && have && !two; s++)
            two = settle(&m, other) && apart(first, other, types * ACTIONS) > 1e-6;
        *several += two;
        assert_false(two && proved);
    }
    dt_arena_free(arena);
}

static void test_three_types(void **unused)
{
    (void)unused;
    const int games = count_games(2000);
    int only = 0, several = 0;
    check_games(3, games, &only, &several);
    print_message("%d of %d are certain, %d have several solutions\n", only, games, several);
    assert_true(only > games / 8);
    assert_true(several > games / 200);
}

static void test_four_types(void **unused)
{
    (void)unused;
    const int games = count_games(2000) / 10;
    int only = 0, several = 0;
    check_games(4, games, &only, &several);
    print_message("%d of %d are certain, %d have several solutions\n", only, games, several);
    assert_true(only > games / 16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_three_types),
        cmocka_unit_test(test_four_types),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
