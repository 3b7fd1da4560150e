/*
 * Patterns: what is worked out once for many nodes must be what each of them does. Two walks, whose
 * steps are written down here a second time, are explored; at every node the branches must lead
 * where the steps say, and the states that are begun must be those that a search over the steps
 * alone meets. In the first walk variables are counted up and down, far from the ends of their
 * domains and near them; in the second every step reads all of the state, so that no two nodes look
 * the same and remembering is given up.
 */
#include <math.h>

#include "play.h"

enum { MOST = 512, SIDE = 128, PERIODS = 60 };

typedef struct spot {
    int x, y, f;
} spot;

/* Where a node's branches lead, in order, equal ones once. */
typedef struct ways {
    spot to[8];
    int count;
} ways;

static int clamp(int value, int low, int high)
{
    return value < low ? low : value > high ? high : value;
}

static void add_way(ways *ways, spot to)
{
    for (int i = 0; i < ways->count; i++) {
        if (memcmp(&ways->to[i], &to, sizeof to) == 0)
            return;
    }
    ways->to[ways->count++] = to;
}

static const char WALK[] =
    "model walk\nhorizon 60\nactor A\nactor B\nparam p = 0.3\n"
    "state x : 0..60 = 30\nstate y : -25..25 = 0\nstate f : bool = no\n"
    "stage go : A, B {\n"
    "  A.fast { x += 2 ; with p { y += 1 } }\n"
    "  A.back { x -= 3 ; f := yes }\n"
    "  A.jump if not f { x += 1 }\n"
    "  B.push { x += 1 ; y -= 2 }\n"
    "  B.hold { if f { y += 1 } }\n"
    "}\n"
    "stage drift : chance { with p { x -= 1 } else { y += 1 } ; with p { x -= 1 } }\n"
    "payoff A { u = x - y }\n";

static spot walk_to(spot from, int x, int y, int f)
{
    return (spot){clamp(from.x + x, 0, 60), clamp(from.y + y, -25, 25), f};
}

/* A's action (fast, back, jump) with B's (push, hold). */
static ways walk_cell(spot s, int a, int b)
{
    static const int step[] = {2, -3, 1};
    ways ways = {0};
    int x = step[a] + (b == 0), y = b == 0 ? -2 : s.f, f = a == 1 ? 1 : s.f;
    if (a == 0)
        add_way(&ways, walk_to(s, x, y + 1, f));
    add_way(&ways, walk_to(s, x, y, f));
    return ways;
}

static ways walk_drift(spot s)
{
    ways ways = {0};
    spot left = walk_to(s, -1, 0, s.f), up = walk_to(s, 0, 1, s.f);
    add_way(&ways, walk_to(left, -1, 0, s.f));
    add_way(&ways, left);
    add_way(&ways, walk_to(up, -1, 0, s.f));
    add_way(&ways, up);
    return ways;
}

static const char MAZE[] =
    "model maze\nhorizon 60\nactor A\nparam p = 0.3\n"
    "state x : 0..120 = 60\nstate y : -60..60 = 0\nstate f : bool = no\n"
    "stage go : chance {\n"
    "  with p { x := x < 120 ? x + 1 : 7 } else { x := x > 0 ? x - 1 : 9 }\n"
    "  with p { y := y < 60 ? y + 1 : x - 60 } else { y := y > -60 ? y - 1 : 3 ; f := x == y }\n"
    "}\n"
    "payoff A { u = x - y }\n";

static ways maze_go(spot s)
{
    ways ways = {0};
    for (int i = 0; i < 4; i++) {
        spot to = s;
        to.x = i < 2 ? s.x < 120 ? s.x + 1 : 7 : s.x > 0 ? s.x - 1 : 9;
        if (i % 2 == 0) {
            to.y = s.y < 60 ? s.y + 1 : to.x - 60;
        } else {
            to.y = s.y > -60 ? s.y - 1 : 3;
            to.f = to.x == to.y;
        }
        add_way(&ways, to);
    }
    return ways;
}

static spot spot_of(const dt_game *game, uint32_t place)
{
    int slot[MOST];
    assert_true(game->model->slots <= MOST);
    dt_game_unpack(game, place, slot);
    return (spot){slot[0], slot[1], slot[2]};
}

static void check_cell(const dt_game *game, uint64_t cell, ways wanted)
{
    uint64_t b = game->cell_branch[cell];
    assert_int_equal(game->cell_branch[cell + 1] - b, wanted.count);
    for (int i = 0; i < wanted.count; i++) {
        spot to = spot_of(game, game->branch_target[b + (uint64_t)i]);
        assert_memory_equal(&to, &wanted.to[i], sizeof to);
    }
}

static uint8_t met[SIDE][SIDE][2];
static spot queue[SIDE * SIDE * 2];
static int queued;

static void meet(spot s)
{
    assert_true(s.x >= 0 && s.x < SIDE && s.y + SIDE / 2 >= 0 && s.y + SIDE / 2 < SIDE);
    if (!met[s.x][s.y + SIDE / 2][s.f]) {
        met[s.x][s.y + SIDE / 2][s.f] = 1;
        queue[queued++] = s;
    }
}

/* The number of states met before period PERIODS + 1. */
static int search(spot start, void (*step)(spot s))
{
    memset(met, 0, sizeof met);
    queued = 0;
    meet(start);
    for (int period = 1, done = 0; period < PERIODS; period++) {
        for (int end = queued; done < end; done++)
            step(queue[done]);
    }
    return queued;
}

static void step_walk(spot s)
{
    for (int a = 0; a < 3; a++) {
        for (int b = 0; b < 2; b++) {
            ways first = walk_cell(s, a, b);
            for (int i = 0; i < first.count && !(a == 2 && s.f); i++) {
                ways second = walk_drift(first.to[i]);
                for (int j = 0; j < second.count; j++)
                    meet(second.to[j]);
            }
        }
    }
}

static void step_maze(spot s)
{
    ways ways = maze_go(s);
    for (int i = 0; i < ways.count; i++)
        meet(ways.to[i]);
}

static void test_walk(void **state)
{
    (void)state;
    play_log log;
    const dt_options options = play_options(&log);
    dt_model *model = play_text(WALK, &options);
    dt_game *game;
    assert_int_equal(dt_game_explore(model, 0, &options, &game), DT_OK);
    assert_int_equal(game->states, search((spot){30, 0, 0}, step_walk));
    for (uint32_t n = 0; n < game->stage_first[1]; n++) {
        spot s = spot_of(game, n);
        int actions = s.f ? 2 : 3; /* no jump any more */
        assert_int_equal(game->node_cell[n + 1] - game->node_cell[n], 2 * actions);
        for (int c = 0; c < 2 * actions; c++)
            check_cell(game, game->node_cell[n] + (uint64_t)c, walk_cell(s, c / 2, c % 2));
    }
    for (uint32_t n = game->stage_first[1]; n < game->nodes; n++)
        check_cell(game, game->node_cell[n], walk_drift(spot_of(game, n)));
    dt_game_free(game);
    dt_model_free(model);
}

static void test_maze(void **state)
{
    (void)state;
    play_log log;
    const dt_options options = play_options(&log);
    dt_model *model = play_text(MAZE, &options);
    dt_game *game;
    assert_int_equal(dt_game_explore(model, 0, &options, &game), DT_OK);
    assert_int_equal(game->states, search((spot){60, 0, 0}, step_maze));
    assert_true(game->nodes > 5000);
    for (uint32_t n = 0; n < game->nodes; n++)
        check_cell(game, game->node_cell[n], maze_go(spot_of(game, n)));
    dt_game_free(game);
    dt_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_walk),
        cmocka_unit_test(test_maze),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
