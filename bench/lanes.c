/*
 * Many worlds at once: nanoseconds for each node, world and period by each kernel that runs here, for
 * values, with every outcome, and with gaps; what moving the numbers takes by itself; the forward
 * pass. Nodes are those of the game, whether or not some are worth the same. The last group of either
 * kind is kept, as benchmarks that are measured in turn share it.
 */
#include "lanes.h"

#include <math.h>
#include <stdlib.h>

static const struct {
    dt_kernel which;
    bench_bound *bound;
} kernels[] = {
    {DT_KERNEL_PLAIN,  bench_bound_plain },
#ifdef __x86_64__
    {DT_KERNEL_AVX2,   bench_bound_avx2  },
    {DT_KERNEL_AVX512, bench_bound_avx512},
#endif
};

enum { KERNELS = sizeof kernels / sizeof kernels[0] };

dt_kernel bench_kernel(int which)
{
    dt_kernel last = DT_KERNEL_AUTO;
    for (size_t k = 0; k < KERNELS; k++) {
        const bool asked = which == DT_KERNEL_AUTO || which == (int)kernels[k].which;
        if (asked && dt_lane_code_of(kernels[k].which))
            last = kernels[k].which;
    }
    return last;
}

/* ---- a group --------------------------------------------------------------------------------- */

/* Worlds from `first` on. */
static void put_worlds(const bench_group *g, size_t first)
{
    const dt_game *game = g->group->plan->game;
    const size_t params = (size_t)game->model->params;
    double *own = malloc((params + 1) * sizeof *own);
    bench_need(own != NULL, "no memory");
    for (size_t w = 0; w < DT_WORLDS; w++) {
        for (size_t i = 0; i < params; i++)
            own[i] = g->world[(first + w) * g->step + i];
        dt_game_settings(game, own);
        for (size_t i = 0; i < params; i++)
            g->group->world->parameter[i * DT_WORLDS + w] = own[i];
    }
    free(own);
}

static void need_solved(const bench_group *g, size_t worlds)
{
    for (size_t w = 0; w < worlds; w++)
        bench_need(g->group->wrong[w].code == DT_CODES && g->group->found[w].failures == 0,
                   "a world fails");
}

typedef struct making {
    const dt_game *game;
    bench_group *g;
} making;

static dt_status make(void *argument)
{
    const making *m = argument;
    bench_group *g = m->g;
    const dt_game *game = m->game;
    const dt_group_plan *plan =
        dt_group_plan_new(g->arena, game, DT_VALUES_AVERAGE, g->gaps, 1, DT_WORLDS);
    g->group = dt_group_new(g->arena, plan, dt_lane_code_of(g->kernel),
                            dt_world_new(g->arena, game, DT_WORLDS), DT_KEEP_HORIZON, 1, NULL);
    g->outcomes =
        dt_outcomes_new(g->arena, game, (size_t)game->model->declared_outcomes, DT_WORLDS);
    g->forward = dt_forward_make(g->arena, game, g->group->coefficient, DT_WORLDS,
                                 g->outcomes->masses, g->kernel);
    g->forward->forgets = true;
    put_worlds(g, 0);
    dt_group_solve(g->group, DT_WORLDS);
    need_solved(g, DT_WORLDS);
    return DT_OK;
}

bench_group *bench_group_new(const dt_game *game, const double *world, size_t step,
                             dt_kernel kernel, bool gaps)
{
    bench_group *g = calloc(1, sizeof *g);
    bench_need(g && (g->arena = dt_arena_new(NULL, 0)), "no memory");
    *g = (bench_group){
        .kernel = kernel, .gaps = gaps, .world = world, .step = step, .arena = g->arena};
    for (size_t k = 0; k < KERNELS; k++)
        g->bound = kernels[k].which == kernel ? kernels[k].bound : g->bound;
    making m = {game, g};
    bench_need(dt_arena_try(g->arena, make, &m) == DT_OK, "no memory");
    return g;
}

bench_group *bench_group_of(bench *b, dt_kernel kernel, bool gaps)
{
    const dt_game *game = bench_game(b);
    return bench_group_new(game, bench_worlds(b), (size_t)game->model->params, kernel, gaps);
}

void bench_group_free(bench_group *g)
{
    if (g)
        dt_arena_free(g->arena);
    free(g);
}

bool bench_group_moves(const bench_group *g)
{
    const dt_group_plan *plan = g->group->plan;
    return plan->columns == plan->paid && plan->columns <= 8 && !plan->game->forever;
}

static void go_forward(const bench_group *g)
{
    dt_forward_begin(g->forward);
    dt_outcomes_begin(g->outcomes);
    for (uint32_t t = 0; t < g->group->plan->game->horizon; t++) {
        dt_forward_spread(g->forward, dt_group_strategy(g->group, t), t);
        dt_outcomes_count(g->outcomes, g->forward, t);
        dt_forward_carry(g->forward, t);
    }
    dt_outcomes_end(g->outcomes, g->group->coefficient);
}

double bench_group_worlds(const bench_group *g, size_t worlds, bool outcomes)
{
    const double start = bench_now();
    for (size_t w = 0; w < worlds; w += DT_WORLDS) {
        const size_t here = worlds - w < DT_WORLDS ? worlds - w : DT_WORLDS;
        put_worlds(g, w);
        dt_group_solve(g->group, here);
        need_solved(g, here);
        if (outcomes)
            go_forward(g);
    }
    return bench_now() - start;
}

/* NULL if the kernel doesn't run here. */
static bench_group *group_of(bench *b, int which, bool gaps)
{
    static bench_group *kept[2];
    const dt_kernel kernel = bench_kernel(which);
    if (kernel == DT_KERNEL_AUTO)
        return NULL;
    if (!kept[gaps] || kept[gaps]->kernel != kernel) {
        bench_group_free(kept[gaps]);
        kept[gaps] = bench_group_of(b, kernel, gaps);
    }
    return kept[gaps];
}

/* ---- benchmarks ------------------------------------------------------------------------------ */

/* Nanoseconds for each node, world and period of what began at `start`. */
static double each(bench *b, double start)
{
    const double seconds = bench_now() - start;
    return 1e9 * seconds / ((double)bench_game(b)->nodes * bench_game(b)->periods * DT_WORLDS);
}

static double solve(bench *b, int which, bool outcomes, bool gaps)
{
    const bench_group *g = group_of(b, which, gaps);
    if (!g)
        return NAN;
    const double start = bench_now();
    dt_group_solve(g->group, DT_WORLDS);
    if (outcomes)
        go_forward(g);
    return each(b, start);
}

double bench_lanes_solve(bench *b, int which)
{
    return solve(b, which, false, false);
}

double bench_lanes_outcomes(bench *b, int which)
{
    return solve(b, which, true, false);
}

double bench_lanes_gaps(bench *b, int which)
{
    return solve(b, which, true, true);
}

double bench_lanes_moving(bench *b, int which)
{
    const bench_group *g = group_of(b, which, false);
    if (!g || !bench_group_moves(g))
        return NAN;
    const double start = bench_now();
    g->bound(g->group);
    return each(b, start);
}

/* Branches that a forward pass goes along. */
static double forward_branches(const dt_game *game)
{
    double branches = 0;
    for (uint32_t t = 0; t < game->horizon; t++) {
        for (uint32_t s = 0; s < game->stages; s++) {
            const uint32_t first = game->stage_first[s];
            const uint32_t beyond = first + dt_game_count(game, s, t);
            branches += (double)(game->cell_branch[game->node_cell[beyond]] -
                                 game->cell_branch[game->node_cell[first]]);
        }
    }
    return branches;
}

double bench_lanes_forward(bench *b, int which)
{
    const bench_group *g = group_of(b, which, false);
    if (!g)
        return NAN;
    dt_group_solve(g->group, DT_WORLDS); /* moving leaves no strategies */
    const double start = bench_now();
    go_forward(g);
    return DT_WORLDS * forward_branches(bench_game(b)) / (bench_now() - start);
}
