/*
 * Signalling games by themselves: random games of two types and three actions, λ uniform in 0 … 10, drawn as in
 * test/unit/test_signal.c until there are enough whose solution isn't certainly the only one, so that the path
 * of solutions is followed. Microseconds for each, the proof that fails included. Where proofs get
 * better the games are others: builds that differ in this are compared by both figures together.
 */
#include "base/arena.h"
#include "bench.h"
#include "solve/signal_game.h"

enum { GAMES = 200, ACTIONS = 3, FINENESS = 16, POINTS = FINENESS + 1, PACKS = 3, LANES = 8 };

typedef struct drawn {
    dt_signal_game game;
    dt_subject subject;
    dt_player player;
    double pay[ACTIONS * 2];
    double value[PACKS][ACTIONS * 2 * LANES]; /* [packs][places][columns][lanes] */
    const double *pack[PACKS];
    double steep[ACTIONS * 2 * 2];
} drawn;

/* What all of them have in common: an action is seen, and nothing else tells. */
static const double CERTAIN[2] = {1, 1}, ONE = 1;
static const uint8_t AFTER[2] = {0, 1}, MOVES = 0;
static const int COLUMN[2] = {0, 1}, FIRST[ACTIONS + 1] = {0, 1, 2, 3};
static dt_face face;
static dt_signal_event event[ACTIONS];
static dt_signal_branch branch[ACTIONS];

static dt_arena *arena; /* NULL: nothing is made yet */
static drawn game[GAMES];
static const dt_grid *grid;
static dt_signal_space *space;

static double uniform(void)
{
    static uint64_t seed = 0x2545f4914f6cdd1d;
    return bench_uniform(&seed);
}

static void draw(drawn *d)
{
    const uint32_t point = 1 + (uint32_t)(uniform() * (POINTS - 2));
    const double rough = uniform();
    *d = (drawn){
        .subject = {.grid = grid,       .stride = 1, .point = point, .types = 2, .type = {0, 1}},
        .player = {.options = ACTIONS,
                    .rationality = 10 * uniform(),
                    .members = 1,
                    .column = COLUMN,
                    .weight = &ONE                                                             },
    };
    for (int k = 0; k < 2; k++)
        d->subject.belief[k] = grid->belief[2 * point + (uint32_t)k];
    for (int i = 0; i < 2 * ACTIONS; i++) {
        double value = 0;
        d->pay[i] = uniform();
        for (int p = 0; p < POINTS; p++) {
            value += rough * (uniform() - 0.5);
            d->value[p / LANES][i * LANES + p % LANES] = value;
        }
    }
    for (int b = 0; b < PACKS; b++)
        d->pack[b] = d->value[b];
    d->game = (dt_signal_game){
        .subjects = 1,
        .subject = &d->subject,
        .players = 1,
        .player = &d->player,
        .cells = ACTIONS,
        .types = 2,
        .pay = d->pay,
        .events = ACTIONS,
        .event = event,
        .branches = ACTIONS,
        .branch = branch,
        .cell_branch = FIRST,
        .ahead = {.value = d->pack, .columns = 2, .variables = 1, .steep = d->steep},
    };
    for (int i = 0; i < 2 * ACTIONS; i++)
        dt_steep_find(&d->game.ahead, (uint32_t)i / 2, i % 2, grid, 1, POINTS, i % 2,
                      d->steep + 2 * i);
}

static dt_status make(void *unused)
{
    (void)unused;
    static const dt_signal_size size = {.players = 1,
                                        .options = ACTIONS,
                                        .cells = ACTIONS,
                                        .types = 2,
                                        .subjects = 1,
                                        .events = ACTIONS,
                                        .branches = ACTIONS,
                                        .values = 2,
                                        .fineness = FINENESS,
                                        .columns = 2};
    grid = dt_grid_new(arena, 2, FINENESS);
    space = dt_signal_space_new(arena, &size);
    dt_face_set(&face, grid, (const uint8_t[DT_MOST_TYPES]){1, 1});
    for (int a = 0; a < ACTIONS; a++) {
        event[a] =
            (dt_signal_event){.cell = a, .place = (uint32_t)a, .face = &face, .still = &MOVES};
        branch[a] = (dt_signal_branch){.cell = a, .event = a, .chance = CERTAIN, .after = AFTER};
    }
    return DT_OK;
}

/* Whether that is told of a game without following its path. */
static bool is_certain(const drawn *d)
{
    double pay[2 * ACTIONS], start[2 * ACTIONS];
    for (int i = 0; i < 2 * ACTIONS; i++)
        pay[i] = d->pay[i % ACTIONS * 2 + i / ACTIONS];
    return dt_signal_certain(&d->game, space) ||
           (dt_signal_may_be_certain(&d->game, space, 0) &&
            dt_signal_upto(space, d->subject.belief, pay, start) == 1);
}

/* Solves a game; whether its solution is certainly the only one. */
static bool follow(const drawn *d)
{
    double sigma[2 * ACTIONS];
    bool proved;
    const dt_branch_result result = dt_signal_follow(&d->game, space, NULL, sigma, &proved);
    bench_need(result.end == DT_BRANCH_ARRIVED, "a path is lost");
    return proved;
}

/* `which`: the proof alone. */
double bench_signal_path(bench *b, int which)
{
    const int games = bench_small(b) ? 1 : GAMES;
    if (!arena) {
        arena = dt_arena_new(NULL, 0);
        bench_need(arena && dt_arena_try(arena, make, NULL) == DT_OK, "no memory");
        for (int i = 0; i < games; i++) {
            do
                draw(&game[i]);
            while (follow(&game[i]) || is_certain(&game[i]));
        }
    }
    const double start = bench_now();
    for (int i = 0; i < games; i++)
        bench_need(!(which ? is_certain(&game[i]) : follow(&game[i])), "a game became certain");
    return 1e6 * (bench_now() - start) / games;
}
