/*
 * The points of each design, any of them at any time: a point is a function of the plan and its
 * number. Latin hypercube: McKay, Beckman & Conover 1979, each parameter's N equal parts in a random
 * order of its own, a random place within the part. Sobol's sequence: sobol.h; parameters beyond its
 * dimensions are those of a Latin hypercube, which also spreads each of them evenly. Saltelli's
 * blocks: Saltelli et al. 2010, A and B being the two halves of one point of Sobol's sequence; risks
 * that correlate change together, as one group, since an index belongs to what can move by itself.
 * Shapley effects: Goda 2021 for independent numbers, here for any Gaussian copula. Row by row the
 * parameters are drawn anew one after the other, in a random order, each time from their distribution
 * given all those that weren't drawn yet; from A, where none is, to B, where all are.
 * Morris's trajectories: Morris 1991, p levels, steps of p/(2(p-1)) from a random level, up or down,
 * the parameters in random order.
 *
 * Levels go from end to end of a deep parameter's range; of a distribution, whose ends may be at
 * infinity or out of all reason, from its 0.5 % to its 99.5 % point.
 */
#include "study/design.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "study/permute.h"
#include "study/quantile.h"
#include "study/random.h"

static const double END_OF_RISK = 0.005, LARGEST_SHARE = 1 - 0x1p-53, SMALLEST_SHARE = 0x1p-54;

static double latin_share(const dt_plan *plan, uint64_t identity, uint64_t index, uint64_t count)
{
    const double part = (double)dt_permute(plan->seed, identity, count, index);
    const double share = (part + dt_random(plan->seed, index, identity)) / (double)count;
    return fmin(share, LARGEST_SHARE);
}

/* Level `level` of 0 … levels-1. */
static double level_share(const dt_plan *plan, size_t i, size_t level, size_t levels)
{
    assert(level < levels && levels >= 2);
    const double share = (double)level / (double)(levels - 1);
    return plan->is_risk[i] ? END_OF_RISK + (1 - 2 * END_OF_RISK) * share : share;
}

/* LATIN, RANDOM, SOBOL; when crossed, deep and risk draws have indices of their own. */
static void drawn_point(dt_plan *plan, uint64_t world, double *share)
{
    const bool crossed = plan->deep != 0;
    const uint64_t index[2] = {crossed ? world / plan->risk : world,
                               crossed ? world % plan->risk : world};
    const uint64_t count[2] = {crossed ? plan->deep : plan->worlds,
                               crossed ? plan->risk : plan->worlds};
    double point[2][DT_SOBOL_DIMENSIONS];
    size_t used[2] = {0, 0};
    for (int s = 0; s < 2; s++) {
        if (plan->sobol[s])
            dt_sobol_point(plan->sobol[s], index[s], point[s]);
    }
    for (size_t i = 0; i < plan->varied; i++) {
        const int side = crossed && plan->is_risk[i];
        if (plan->sobol[side] && used[side] < DT_SOBOL_DIMENSIONS)
            share[i] = point[side][used[side]++];
        else if (plan->design == DT_DESIGN_RANDOM)
            share[i] = dt_random(plan->seed, index[side], plan->identity[i]);
        else
            share[i] = latin_share(plan, plan->identity[i], index[side], count[side]);
    }
}

/* The coordinate of a parameter in a row of A or of B; `point`: the row's of Sobol's sequence. */
static double block_share(const dt_plan *plan, const double *point, uint64_t row, size_t i, bool b)
{
    const size_t half = plan->sobol_dimensions;
    if (i < half)
        return point[b ? half + i : i];
    /* the complement is the identity of B's column: it is no other name's but by chance */
    return latin_share(plan, b ? ~plan->identity[i] : plan->identity[i], row, plan->base);
}

/* Blocks A, B, then A with the columns of one group from B. */
static void saltelli_point(dt_plan *plan, uint64_t world, double *share)
{
    const uint64_t block = world / plan->base, row = world % plan->base;
    double point[DT_SOBOL_DIMENSIONS];
    dt_sobol_point(plan->sobol[0], row, point);
    for (size_t i = 0; i < plan->varied; i++)
        share[i] = block_share(plan, point, row, i, block == 1 || block == plan->group[i] + 2);
}

/* The first so many parameters in the row's random order are drawn. */
static void choose_drawn(dt_plan *plan, uint64_t row, uint64_t count)
{
    for (size_t i = 0; i < plan->varied; i++) {
        const uint64_t counter[4] = {row, plan->identity[i], UINT64_MAX - 2, 0},
                       key[2] = {plan->seed, 0};
        uint64_t word[4];
        dt_philox(counter, key, word);
        plan->word[i] = word[0];
    }
    for (size_t i = 0; i < plan->varied; i++) {
        uint64_t before = 0;
        for (size_t j = 0; j < plan->varied; j++)
            before += plan->word[j] < plan->word[i] || (plan->word[j] == plan->word[i] && j < i);
        plan->drawn[i] = before < count;
    }
}

/* Blocks A, B, then A with 1, 2, … varied - 1 parameters of each row drawn anew. */
static void shapley_point(dt_plan *plan, uint64_t world, double *share)
{
    const uint64_t block = world / plan->base, row = world % plan->base;
    const size_t rows = plan->joint.rows;
    dt_joint_room *room = &plan->room;
    double point[DT_SOBOL_DIMENSIONS];
    dt_sobol_point(plan->sobol[0], row, point);
    choose_drawn(plan, row, block == 0 ? 0 : block == 1 ? plan->varied : block - 1);
    for (int b = 0; b < 2; b++) {
        for (size_t r = 0; r < rows; r++) {
            const double own = block_share(plan, point, row, plan->joint.row[r], b);
            room->weight[r] = dt_normal_score((dt_share){own, 1 - own});
        }
        dt_joint_scores(&plan->joint, room->weight, b ? room->new : room->old);
    }
    bool *drawn = plan->drawn; /* those of the copula's rows first: row[r] >= r */
    for (size_t i = 0; i < plan->varied; i++)
        share[i] = block_share(plan, point, row, i, drawn[i]);
    for (size_t r = 0; r < rows; r++)
        drawn[r] = drawn[plan->joint.row[r]];
    dt_joint_draw(&plan->joint, room, drawn);
    for (size_t r = 0; r < rows; r++) {
        const double below = dt_normal_share(room->new[r]).below;
        share[plan->joint.row[r]] = fmin(fmax(below, SMALLEST_SHARE), LARGEST_SHARE);
    }
}

/* A parameter's step in a trajectory. */
typedef struct elementary_step {
    size_t from, to; /* levels */
    uint64_t order;  /* steps are made in ascending order of this */
} elementary_step;

static elementary_step morris_step(const dt_plan *plan, uint64_t trajectory, size_t i)
{
    const uint64_t counter[4] = {trajectory, plan->identity[i], UINT64_MAX - 1, 0},
                   key[2] = {plan->seed, 0};
    uint64_t word[4];
    dt_philox(counter, key, word);
    const size_t jump = plan->points / 2, low = (size_t)(word[0] % jump);
    const bool down = word[1] & 1;
    return (elementary_step){low + (down ? jump : 0), low + (down ? 0 : jump), word[2]};
}

/* Point t of a trajectory: the t parameters that come first in its order have made their step. */
static void morris_point(dt_plan *plan, uint64_t world, double *share)
{
    const uint64_t trajectory = world / (plan->varied + 1), steps = world % (plan->varied + 1);
    for (size_t i = 0; i < plan->varied; i++)
        plan->word[i] = morris_step(plan, trajectory, i).order;
    for (size_t i = 0; i < plan->varied; i++) {
        uint64_t before = 0; /* parameters that make their step before this one */
        for (size_t j = 0; j < plan->varied; j++)
            before += plan->word[j] < plan->word[i] || (plan->word[j] == plan->word[i] && j < i);
        const elementary_step step = morris_step(plan, trajectory, i);
        share[i] = level_share(plan, i, before < steps ? step.to : step.from, plan->points);
    }
}

static void one_at_a_time_point(dt_plan *plan, uint64_t world, double *share)
{
    for (size_t i = 0; i < plan->varied; i++)
        share[i] = NAN;
    if (world == 0)
        return;
    const size_t moved = (size_t)((world - 1) / plan->points);
    share[moved] = level_share(plan, moved, (size_t)((world - 1) % plan->points), plan->points);
}

static void grid_point(dt_plan *plan, uint64_t world, double *share)
{
    for (size_t i = plan->varied; i-- > 0; world /= plan->points)
        share[i] = level_share(plan, i, (size_t)(world % plan->points), plan->points);
}

/* Drawn by others (src/fit). */
static void given_point(dt_plan *plan, uint64_t world, double *share)
{
    memcpy(share, plan->point + world * plan->varied, plan->varied * sizeof *share);
}

void dt_plan_point(dt_plan *plan, uint64_t world, double *share)
{
    static void (*const point[DT_DESIGNS])(dt_plan * plan, uint64_t world, double *share) = {
        [DT_DESIGN_LATIN] = drawn_point,
        [DT_DESIGN_RANDOM] = drawn_point,
        [DT_DESIGN_SOBOL] = drawn_point,
        [DT_DESIGN_SALTELLI] = saltelli_point,
        [DT_DESIGN_SHAPLEY] = shapley_point,
        [DT_DESIGN_MORRIS] = morris_point,
        [DT_DESIGN_ONE_AT_A_TIME] = one_at_a_time_point,
        [DT_DESIGN_GRID] = grid_point,
        [DT_DESIGN_POSTERIOR] = given_point,
    };
    assert(world < plan->worlds && plan->design < DT_DESIGNS);
    point[plan->design](plan, world, share);
}
