/*
 * A sweep over one period, leaves first, then the stages from last to first (docs/method.md). With
 * V_i the values of places,
 *     leaf:      V_i = payment_i + δ_i next_i(state that follows)
 *     cell:      Q_i = payment_i + Σ over branches of p V_i(target)
 *     chance:    V_i = Q_i of the one cell
 *     decision:  lane_decide.c
 * All of it is done once for what is worth the same in every world (places.h). One world's cells and
 * then its tables are worked on by several threads if there are and the stage is large. A thread takes
 * runs of cells and of tables and writes what belongs to these alone, and what it finds besides is
 * merged in the order of nodes: so the bits don't depend on the number of threads.
 */
#include "solve/sweep.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "base/greater.h"
#include "base/kernel.h"
#include "base/threads.h"

/* Values at the beginning of a period beyond this fail, as payments do (dt_group_evaluate): what is
 * added up of them within a period can still be multiplied. */
static const double MOST_VALUE = 1e150;

/* Cells and tables that a thread takes at a time, and cells of a stage that are worth making threads
 * for. */
enum { CELLS = 1024, TABLES = 32, ENOUGH_CELLS = 8 * CELLS };

/* Tasks of the calling thread between two questions whether to go on. */
enum { STRIDE = 64 };

DT_KERNEL_TABLE(dt_lane_code, dt_lane_code);

const dt_lane_code *dt_lane_code_of(dt_kernel kernel)
{
    return dt_lane_code_table[dt_kernel_of(kernel)];
}

/* What the beginnings of the next period are worth at the end of this one: ahead = δ next. */
static void look_ahead(const dt_pass *pass)
{
    dt_group *group = pass->group;
    const dt_group_plan *plan = group->plan;
    const size_t width = plan->width;
    memcpy(group->ahead + plan->states * plan->columns * width, group->over,
           plan->columns * width * sizeof *group->over);
    for (size_t s = 0; s < plan->states; s++) {
        const size_t row = s * plan->columns * width;
        for (size_t i = pass->first * width; i < pass->beyond * width; i++)
            group->ahead[row + i] = group->discount[i] * group->next[row + i];
        double most = 0;
        for (size_t i = pass->first * width; i < plan->actors * width; i++)
            most = fabs(group->ahead[row + i]) <= MOST_VALUE ? most : INFINITY;
        for (size_t i = pass->first * width; most > 0 && i < plan->actors * width; i++) {
            if (!(fabs(group->ahead[row + i]) <= MOST_VALUE))
                dt_group_fail(group, i % width,
                              (dt_wrong){DT_VALUE_OVERFLOW, 0, 0, plan->game->state_place[s],
                                         pass->period, DT_NOWHERE});
        }
    }
}

/* What rounding can do to a probability in this period: Q is no greater than the largest value of a leaf
 * and all that stages pay, each of which is off by half a unit in its last place. */
static void bound_rounding(const dt_pass *pass, uint32_t leaves)
{
    dt_group *group = pass->group;
    const dt_group_plan *plan = group->plan;
    const size_t width = plan->width, size = plan->columns * width;
    const double *value = group->value + plan->places->nodes * size;
    memset(group->most, 0, plan->actors * width * sizeof *group->most);
    for (uint32_t l = 0; l < leaves; l++, value += size) {
        for (size_t i = 0; i < plan->actors * width; i++)
            group->most[i] = dt_greater(fabs(value[i]), group->most[i]);
    }
    for (size_t k = 0; k < plan->agents; k++) {
        const dt_agent *agent = &plan->game->rules->agent[k];
        for (size_t w = 0; w < width && plan->chooses[k]; w++) {
            double most = 0;
            for (int m = 0; m < agent->members; m++) {
                const size_t at = (size_t)agent->member[m] * width + w;
                most += fabs(agent->weight[m]) *
                        (group->most[at] + plan->game->stages * group->most_paid[at]);
            }
            const double rounding = group->world->rationality[k * width + w] * DBL_EPSILON * most;
            dt_found *found = &group->found[w];
            found->rounding = dt_greater(rounding, found->rounding);
        }
    }
}

/* What the threads have found in a stage, worlds by world. */
static void merge(dt_group *group)
{
    for (size_t w = 0; w < group->plan->width; w++) {
        dt_found stage = {0};
        for (int j = 0; j < group->jobs; j++)
            dt_found_merge(&stage, &group->space[j].found[w]);
        dt_found_append(&group->found[w], &stage);
    }
}

/* Cells and then tables of a stage, in tasks. */
typedef struct stage_work {
    const dt_pass *pass;
    const dt_lane_sweep *code;
    uint32_t stage;
    bool tables; /* else cells */
    uint32_t first, beyond, each;
    uint32_t limit; /* the first node that can't occur */
    uint32_t since; /* tasks of the calling thread */
} stage_work;

static bool run_task(void *context, int worker, size_t task)
{
    stage_work *work = context;
    dt_group *group = work->pass->group;
    if (worker == 0 && ++work->since == STRIDE) {
        work->since = 0;
        if (!dt_group_going(group, group->active))
            return false;
    }
    const uint32_t first = work->first + (uint32_t)task * work->each;
    const uint32_t beyond = work->beyond - first < work->each ? work->beyond : first + work->each;
    if (work->tables)
        work->code->tables(work->pass, &group->space[worker], first, beyond, work->limit);
    else
        work->code->cells(work->pass, work->stage, first, beyond);
    return true;
}

static bool run_part(stage_work *work, int jobs, uint32_t first, uint32_t count, uint32_t each)
{
    work->first = first;
    work->beyond = first + count;
    work->each = each;
    return count == 0 || dt_threads_run(jobs, (count - 1) / each + 1, run_task, work);
}

/* One stage, all cells before all tables. */
static bool run_stage(stage_work *work, uint32_t stage)
{
    const dt_pass *pass = work->pass;
    dt_group *group = pass->group;
    const dt_places *places = group->plan->places;
    const uint32_t nodes = dt_places_count(places, stage, pass->period);
    const uint32_t cells = dt_places_cells(places, stage, pass->period);
    const int jobs = cells < ENOUGH_CELLS ? 1 : group->jobs;
    work->stage = stage;
    work->limit = places->stage_first[stage] + nodes;
    for (int j = 0; j < group->jobs; j++)
        memset(group->space[j].found, 0, group->plan->width * sizeof(dt_found));
    bool done = true;
    work->tables = false;
    if (work->code->cells)
        done = run_part(work, jobs, places->stage_cell[stage], cells, CELLS);
    work->tables = true;
    if (group->plan->width == 1)
        done =
            done && run_part(work, jobs, places->stage_table[stage],
                             places->stage_table[stage + 1] - places->stage_table[stage], TABLES);
    else
        done = done && run_part(work, 1, places->stage_first[stage], nodes, UINT32_MAX);
    if (done)
        merge(group);
    return done;
}

void dt_sweep_ahead(const dt_pass *pass)
{
    dt_group *group = pass->group;
    const dt_group_plan *plan = group->plan;
    assert(pass->first < pass->beyond && pass->beyond <= plan->columns);
    assert(pass->first == 0 || pass->first >= plan->actors);
    assert(pass->period == DT_EVERY_PERIOD ? plan->game->forever
                                           : pass->period < plan->game->periods);
    look_ahead(pass);
    if (!dt_group_any(group, group->active))
        return;
    const uint32_t leaves = dt_places_count(plan->places, plan->game->stages, pass->period);
    (plan->width == 1 ? group->code->nodes : group->code->worlds)->leaves(pass, leaves);
    if (pass->count)
        bound_rounding(pass, leaves);
}

bool dt_sweep_stage(const dt_pass *pass, uint32_t stage)
{
    const dt_group *group = pass->group;
    const bool one = group->plan->width == 1;
    stage_work work = {.pass = pass, .code = one ? group->code->nodes : group->code->worlds};
    return run_stage(&work, stage);
}

bool dt_sweep_run(const dt_pass *pass)
{
    const dt_group *group = pass->group;
    dt_sweep_ahead(pass);
    if (!dt_group_any(group, group->active))
        return true;
    for (uint32_t stage = group->plan->game->stages; stage-- > 0;) {
        if (!dt_sweep_stage(pass, stage))
            return false;
    }
    return true;
}

void dt_sweep_turn(dt_group *group, size_t first, size_t beyond, const int64_t *mask)
{
    const dt_group_plan *plan = group->plan;
    const size_t width = plan->width, size = plan->columns * width;
    double *to = group->before;
    const double *old = group->next;
    for (size_t s = 0; s < plan->states; s++, to += size, old += size) {
        const uint32_t place = plan->places->place[plan->game->state_place[s]];
        const double *value = group->value + place * size;
        memcpy(to, old, size * sizeof *to);
        for (size_t i = first * width; i < beyond * width; i++)
            to[i] = !mask || mask[i % width] ? value[i] : to[i];
    }
    to = group->before;
    group->before = group->next;
    group->next = to;
}
