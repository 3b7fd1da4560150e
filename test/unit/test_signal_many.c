/*
 * Signalling games in which one who knows something moves at once with others who don't. Facts: what is found
 * answers itself by the definition, written out here event by event; it is the solution that the path in logits
 * leads to, in steps twelve times smaller; and no game of which two solutions are found is called certain. Where
 * there is but one type, or chance alone tells types apart, solutions are those of the game in normal form, which
 * have one path, too.
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
    POINTS = 9,
    MOVERS = 3,
    OPTIONS = 3,
    CELLS = 18,
    EVENTS = 2 * CELLS,
    COLUMNS = 4,
    TOTAL = 12
};

static const dt_signal_size size = {.players = MOVERS,
                                    .options = MOVERS * OPTIONS,
                                    .cells = CELLS,
                                    .types = 2,
                                    .subjects = 1,
                                    .events = EVENTS,
                                    .branches = EVENTS,
                                    .values = 2,
                                    .fineness = POINTS - 1,
                                    .columns = COLUMNS};

typedef struct made {
    dt_signal_game game;
    dt_subject subject;
    dt_player player[MOVERS];
    int typed, types;
    dt_signal_event event[EVENTS];
    dt_signal_branch branch[EVENTS];
    int cell_branch[CELLS + 1], choice[CELLS][MOVERS];
    double chance[EVENTS][2];
    dt_face face[EVENTS];
    uint8_t still[EVENTS], after[2];
    int column[MOVERS][2];
    double one, pay[CELLS * 2 * MOVERS];
    double value[2][EVENTS * COLUMNS * 8]; /* [packs][places][columns][8] */
    const double *pack[2];
} made;

/* `rough`: how much values change with the belief; `types` 1: the other is impossible. */
static void make(made *m, const dt_grid *grid, double rationality, double rough, int types)
{
    static const uint8_t possible[2][DT_MOST_TYPES] = {
        {1 },
        { 1, 1}
    };
    *m = (made){
        .one = 1, .after = {0, 1},
             .types = types
    };
    const uint32_t point = types == 1 ? POINTS - 1 : 1 + (uint32_t)(draw() * (POINTS - 2));
    m->subject = (dt_subject){
        .grid = grid, .stride = 1, .point = point, .types = types, .type = {0, 1}
    };
    for (int k = 0; k < 2; k++)
        m->subject.belief[k] = grid->belief[point * 2 + (uint32_t)k];
    const int players = 2 + (draw() < 0.4);
    int cells = 1, column = 2;
    m->typed = (int)(draw() * players);
    m->subject.owner = m->typed;
    for (int p = 0; p < players; p++) {
        const bool typed = p == m->typed;
        m->column[p][0] = typed ? 0 : column++;
        m->column[p][1] = 1;
        m->player[p] = (dt_player){.subject = typed ? 0 : -1,
                                   .options = p == 2 ? 2 : 2 + (draw() < 0.5),
                                   .rationality = rationality,
                                   .members = 1,
                                   .column = m->column[p],
                                   .weight = &m->one};
        cells *= m->player[p].options;
    }
    int events = 0;
    for (int c = 0; c < cells; c++) {
        for (int p = players - 1, rest = c; p >= 0; p--) {
            m->choice[c][p] = rest % m->player[p].options;
            rest /= m->player[p].options;
        }
        for (int i = 0; i < types * players; i++)
            m->pay[c * types * players + i] = draw();
        const int ways = 1 + (draw() < 0.3), alike = draw() < 0.5;
        const double first = draw(), second = alike ? first : draw();
        for (int w = 0; w < ways; w++, events++) {
            dt_face_set(&m->face[events], grid, possible[types - 1]);
            m->event[events] = (dt_signal_event){.cell = c,
                                                 .place = (uint32_t)events,
                                                 .face = &m->face[events],
                                                 .still = &m->still[events]};
            m->chance[events][0] = ways == 1 ? 1 : w == 0 ? first : 1 - first;
            m->chance[events][1] = ways == 1 ? 1 : w == 0 ? second : 1 - second;
            m->branch[events] = (dt_signal_branch){
                .cell = c, .event = events, .chance = m->chance[events], .after = m->after};
        }
        m->cell_branch[c + 1] = events;
    }
    for (int i = 0; i < EVENTS * COLUMNS; i++) {
        double value = 0;
        for (int p = 0; p < POINTS; p++) {
            value += rough * (draw() - 0.5);
            m->value[p / 8][i * 8 + p % 8] = value;
        }
    }
    for (int p = 0; p < 2; p++)
        m->pack[p] = m->value[p];
    m->game = (dt_signal_game){
        .subjects = 1,
        .subject = &m->subject,
        .secret = 0,
        .players = players,
        .player = m->player,
        .cells = cells,
        .types = types,
        .pay = m->pay,
        .events = events,
        .event = m->event,
        .branches = events,
        .branch = m->branch,
        .cell_branch = m->cell_branch,
        .ahead = {.value = m->pack, .columns = COLUMNS, .variables = 1}
    };
}

/* ---- the definition -------------------------------------------------------------------------- */

/* Where an agent's strategy begins. */
static int agent_of(const made *m, int player, int type)
{
    int at = 0;
    for (int p = 0; p < player; p++)
        at += m->player[p].options * (p == m->typed ? m->types : 1);
    return at + (player == m->typed ? type * m->player[player].options : 0);
}

/* What follows an event for a column, believed b'(0) = c: as a type, or -1. */
static double ahead(const made *m, int event, int column, double c, int type)
{
    const double *knot = m->subject.grid->knot;
    int j = 0;
    while (j + 1 < POINTS - 1 && c > knot[j + 1])
        j++;
    const double w = (c - knot[j]) / (knot[j + 1] - knot[j]);
    const double own = type < 0 ? 1 : type == 0 ? c : 1 - c;
    double sum = 0;
    for (int i = 0; i < 2; i++) {
        const int at = j + i;
        const double share = type < 0 ? 1 : type == 0 ? knot[at] : 1 - knot[at];
        sum += (i == 0 ? 1 - w : w) * share / own *
               m->value[at / 8][(event * COLUMNS + column) * 8 + at % 8];
    }
    return sum;
}

/* The logit answers to strategies; how far they are off. */
static double answer(void *game, const double *sigma, double *reply)
{
    const made *m = game;
    const int players = m->game.players;
    double q[TOTAL] = {0}, off = 0;
    for (int e = 0; e < m->game.events; e++) {
        const int cell = m->event[e].cell, *choice = m->choice[cell];
        const bool first = e == m->cell_branch[cell];
        double mass[2] = {0};
        for (int k = 0; k < m->types; k++)
            mass[k] = m->subject.belief[k] * m->chance[e][k] *
                      sigma[agent_of(m, m->typed, k) + choice[m->typed]];
        const double c = mass[0] / (mass[0] + mass[1]);
        for (int p = 0; p < players; p++) {
            for (int k = 0; k < m->types; k++) {
                double chance = p == m->typed ? 1 : m->subject.belief[k];
                for (int i = 0; i < players; i++)
                    chance *= i == p ? 1 : sigma[agent_of(m, i, k) + choice[i]];
                const int type = p == m->typed ? k : -1;
                const double pay = m->pay[(cell * m->types + k) * players + p];
                q[agent_of(m, p, k) + choice[p]] +=
                    chance * (m->chance[e][k] * ahead(m, e, m->column[p][type > 0], c, type) +
                              (first ? pay : 0));
            }
        }
    }
    for (int p = 0; p < players; p++) {
        for (int k = 0; k < (p == m->typed ? m->types : 1); k++) {
            const int at = agent_of(m, p, k);
            off = fmax(off, answer_worth(m->player[p].options, m->player[p].rationality, q + at,
                                         sigma + at, reply + at));
        }
    }
    return off;
}

static bool settle(made *m, double *sigma)
{
    for (int p = 0; p < m->game.players; p++) {
        for (int k = 0; k < (p == m->typed ? m->types : 1); k++)
            draw_mixed(m->player[p].options, sigma + agent_of(m, p, k));
    }
    return settle_from(answer, m, agent_of(m, m->game.players, 0), sigma);
}

/* ---- tests ----------------------------------------------------------------------------------- */

static void check(int types, int games)
{
    dt_arena *arena = dt_arena_new(NULL, 0);
    const dt_grid *grid = dt_grid_new(arena, 2, POINTS - 1);
    dt_signal_space *plain = dt_signal_space_new(arena, &size);
    dt_signal_space *doubting = dt_signal_space_new(arena, &size);
    dt_signal_space_doubt(doubting);
    int only = 0, several = 0;
    for (int i = 0; i < games; i++) {
        made m;
        double found[TOTAL], followed[TOTAL], reply[TOTAL];
        bool proved;
        make(&m, grid, 6 * draw(), i % 4 == 0 ? 0.02 : draw(), types);
        dt_branch_result result = dt_signal_follow(&m.game, plain, NULL, found, &proved);
        assert_int_equal(result.end, DT_BRANCH_ARRIVED);
        assert_true(answer(&m, found, reply) < 1e-9);
        only += proved;
        if (proved || i % 8 == 0) {
            result = dt_signal_follow(&m.game, doubting, NULL, followed, NULL);
            assert_int_equal(result.end, DT_BRANCH_ARRIVED);
            assert_true(apart(found, followed, agent_of(&m, m.game.players, 0)) < 1e-9);
        }
        double first[TOTAL], other[TOTAL];
        bool have = settle(&m, first), two = false;
        for (int s = 0; s < 3 && have && !two; s++)
            two = settle(&m, other) && apart(first, other, agent_of(&m, m.game.players, 0)) > 1e-6;
        several += two;
        assert_false(two && proved);
    }
    if (getenv("SIGNAL_GAMES"))
        print_message("%d types: of %d games %d are certain, and %d have several solutions\n",
                      types, games, only, several);
    assert_true(several > games / 200);
    dt_arena_free(arena);
}

static void test_two_types(void **unused)
{
    (void)unused;
    check(2, count_games(600));
}

static void test_one_type(void **unused)
{
    (void)unused;
    check(1, count_games(600));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_types),
        cmocka_unit_test(test_one_type),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
