/*
 * The numbers of worlds, before anything is solved: the coefficient table once from front to back,
 * then discounts, rationalities and payments, and the checks that only numbers can settle. Worlds that
 * are wrong fail; after that they are given the parameters of one that is right, so that what is
 * worked out beside the others is something ordinary.
 */
#include <assert.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "base/greater.h"
#include "base/limits.h"
#include "solve/group.h"

/* Payments beyond this fail, as values do (sweep.c): they couldn't be added up and multiplied. */
static const double MOST_PAYMENT = 1e150;

static void evaluate(dt_group *group)
{
    const dt_coefficients *table = group->plan->game->coefficient;
    const size_t width = group->plan->width;
    for (size_t i = 0; i < table->list.count; i++) {
        const dt_expression *e = &table->list.at[i];
        double *here = group->coefficient + i * width;
        const double *a = group->coefficient + e->a * width;
        const double *b = group->coefficient + e->b * width;
        const double *c = group->coefficient + e->c * width;
        if (e->op == DT_OP_PARAMETER)
            a = group->parameter + e->a * width;
        for (size_t w = 0; w < width; w++)
            here[w] = e->op == DT_OP_CONSTANT    ? e->value
                      : e->op == DT_OP_PARAMETER ? a[w]
                                                 : dt_operate(e->op, a[w], b[w], c[w]);
    }
}

/* Discounts and rationalities, the discount of each column, and which worlds' teams are steady. */
static void take_actors(dt_group *group)
{
    const dt_group_plan *plan = group->plan;
    const dt_game *game = plan->game;
    const size_t width = plan->width;
    for (size_t i = 0; i < plan->actors; i++)
        memcpy(group->discount + i * width, group->coefficient + game->discount[i] * width,
               width * sizeof(double));
    for (size_t k = 0; k < plan->agents; k++) {
        const double *declared = group->coefficient + game->rationality[k] * width;
        for (size_t w = 0; w < width; w++)
            group->rationality[k * width + w] = plan->scale * declared[w];
        for (size_t s = 0; s < DT_WORLDS; s++)
            group->seated[k * DT_WORLDS + s] = group->rationality[k * width + s % width];
    }
    for (size_t w = 0; w < width; w++)
        group->steady[w] = true;
    for (size_t c = plan->best; c < plan->columns; c++) {
        const dt_agent *agent = &game->rules->agent[(c - plan->best) % plan->agents];
        for (size_t w = 0; w < width; w++) {
            double most = 0;
            for (int m = 0; m < agent->members; m++) {
                const double own = group->discount[(size_t)agent->member[m] * width + w];
                group->steady[w] &= m == 0 || own == most;
                most = dt_greater(own, most);
            }
            group->discount[c * width + w] = most;
        }
    }
}

static void check_actors(dt_group *group, size_t world)
{
    const dt_group_plan *plan = group->plan;
    dt_wrong wrong = {.place = DT_NOWHERE, .period = DT_NOWHERE};
    for (size_t i = 0; i < plan->actors; i++) {
        const size_t agent = (size_t)plan->game->rules->actor_agent[i];
        const double discount = group->discount[i * plan->width + world];
        const double rationality = group->rationality[agent * plan->width + world];
        wrong.item = (int)i;
        wrong.number = discount;
        wrong.code = DT_CODES;
        if (!(discount >= 0 && discount <= 1))
            wrong.code = DT_WORLD_DISCOUNT;
        else if (plan->game->forever && discount == 1)
            wrong.code = DT_WORLD_FOREVER;
        if (wrong.code == DT_CODES) {
            wrong.number = rationality;
            if (!(rationality >= 0 && rationality <= DBL_MAX))
                wrong.code = DT_WORLD_RATIONALITY;
            else if (plan->values == DT_VALUES_SURPLUS && plan->moves[agent] && rationality == 0)
                wrong.code = DT_SURPLUS_RATIONALITY;
        }
        if (wrong.code != DT_CODES)
            dt_group_fail(group, world, wrong);
    }
}

/* Written so that NaN fails. */
static void check_probabilities(dt_group *group)
{
    static const dt_code code[] = {DT_WORLD_PROBABILITY, DT_WORLD_SUM, DT_WORLD_REST};
    const dt_game *game = group->plan->game;
    const size_t width = group->plan->width;
    for (uint32_t i = 0; i < game->checks; i++) {
        const dt_check *check = &game->check[i];
        const double least = check->kind == DT_CHECK_PROBABILITY ? -DT_SLACK
                             : check->kind == DT_CHECK_SUM       ? 1 - DT_SLACK
                                                                 : -INFINITY;
        for (size_t w = 0; w < width; w++) {
            const double v = group->coefficient[check->coefficient * width + w];
            if (!(v <= 1 + DT_SLACK && v >= least))
                dt_group_fail(group, w,
                              (dt_wrong){code[check->kind], (int)i, v, check->where, DT_NOWHERE});
        }
    }
}

/* Sums each row's terms by actor, and checks them: a sum over several can be too large, too. */
static void add_payments(dt_group *group)
{
    const dt_group_plan *plan = group->plan;
    const dt_game *game = plan->game;
    const size_t width = plan->width;
    for (uint32_t r = 0; r < game->rows; r++) {
        double *row = group->payment + r * plan->paid * width;
        memset(row, 0, plan->actors * width * sizeof *row);
        for (uint32_t e = game->row_first[r]; e < game->row_first[r + 1] && game->row_pays[r];
             e++) {
            double *sum = row + (size_t)game->rules->term_actor[game->row_column[e]] * width;
            for (size_t w = 0; w < width; w++) {
                const double v = group->coefficient[game->row_coefficient[e] * width + w];
                sum[w] += v;
                if (!(fabs(v) <= DBL_MAX && fabs(sum[w]) <= MOST_PAYMENT))
                    dt_group_fail(
                        group, w,
                        (dt_wrong){fabs(v) <= DBL_MAX ? DT_VALUE_OVERFLOW : DT_WORLD_PAYMENT,
                                   (int)e, v, DT_NOWHERE, DT_NOWHERE});
            }
        }
    }
}

/* The parameters of the first world that is right to all that aren't. False if there is none, or all
 * are right. */
static bool stand_in(dt_group *group)
{
    const size_t width = group->plan->width;
    size_t good = 0, wrong = 0;
    while (good < width && !group->active[good])
        good++;
    for (size_t w = 0; w < width; w++)
        wrong += group->active[w] == 0;
    if (good == width || wrong == 0)
        return false;
    for (size_t i = 0; i < (size_t)group->plan->game->model->params; i++) {
        double *parameter = group->parameter + i * width;
        for (size_t w = 0; w < width; w++)
            parameter[w] = parameter[group->active[w] ? w : good];
    }
    return true;
}

void dt_group_evaluate(dt_group *group)
{
    evaluate(group);
    take_actors(group);
    for (size_t w = 0; w < group->plan->width; w++)
        check_actors(group, w);
    check_probabilities(group);
    add_payments(group);
    if (stand_in(group)) {
        evaluate(group);
        take_actors(group);
        add_payments(group);
    }
}
