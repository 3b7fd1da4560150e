/*
 * Worlds in lanes: the coefficient table once from front to back, all worlds of a group at a time,
 * then the checks and sums of src/game/world.c. One source for every kernel (lane.h).
 *
 * A team's payments are weighted by w_i ρ_i^t with ρ_i = δ_i / δ, δ the most patient member's
 * discount (certificate.c); with equal discounts ρ_i is 1 exactly, and the same for every t.
 */
#include <assert.h>
#include <float.h>
#include <string.h>

#include "solve/lane_exp.h"
#include "solve/lanes.h"

static dt_lane truth(dt_lane_mask mask)
{
    return dt_lane_where(mask, dt_lane_all(1));
}

#define TRUTH(condition) truth((dt_lane_mask)(condition))

/* `number`, and NaN in the lanes of a mask. */
static dt_lane but_where(dt_lane_mask undefined, dt_lane number)
{
    return dt_lane_select(undefined, dt_lane_all((double)NAN), number);
}

/* dt_operate in lanes. */
static dt_lane operate(dt_operator op, dt_lane a, dt_lane b, dt_lane c)
{
    const dt_lane_mask no_a = (dt_lane_mask)(a != a), no_b = (dt_lane_mask)(b != b);
    const dt_lane_mask no_c = (dt_lane_mask)(c != c);
    const dt_lane_mask a_holds = (dt_lane_mask)(a != 0.0) & ~no_a;
    const dt_lane_mask b_holds = (dt_lane_mask)(b != 0.0) & ~no_b;
    switch (op) {
    case DT_OP_NEGATE:
        return -a;
    case DT_OP_NOT:
        return but_where(no_a, TRUTH(a == 0.0));
    case DT_OP_ADD:
        return a + b;
    case DT_OP_SUBTRACT:
        return a - b;
    case DT_OP_MULTIPLY:
        return a * b;
    case DT_OP_DIVIDE:
        return a / b;
    case DT_OP_EQUAL:
        return but_where(no_a | no_b, TRUTH(a == b));
    case DT_OP_UNEQUAL:
        return but_where(no_a | no_b, TRUTH(a != b));
    case DT_OP_LESS:
        return but_where(no_a | no_b, TRUTH(a < b));
    case DT_OP_AT_MOST:
        return but_where(no_a | no_b, TRUTH(a <= b));
    case DT_OP_AND:
        return dt_lane_where((dt_lane_mask)((a != 0.0) & (b != 0.0)),
                             but_where(no_a | no_b, dt_lane_all(1)));
    case DT_OP_OR:
        return dt_lane_select(a_holds | b_holds, dt_lane_all(1),
                              but_where(no_a | no_b, dt_lane_all(0)));
    case DT_OP_MIN:
        return but_where(no_a | no_b, dt_lane_lesser(b, a));
    case DT_OP_MAX:
        return but_where(no_a | no_b, dt_lane_greater(b, a));
    case DT_OP_ABS:
        return dt_lane_abs(a);
    case DT_OP_EXP:
        return dt_lane_exp(a);
    case DT_OP_LOG:
        return dt_lane_log(a);
    case DT_OP_SQRT:
        for (int l = 0; l < DT_LANES; l++)
            a[l] = sqrt(a[l]);
        return a;
    case DT_OP_CLAMP:
        return but_where(
            no_a | no_b | no_c,
            dt_lane_select((dt_lane_mask)(a < b), b, dt_lane_select((dt_lane_mask)(a > c), c, a)));
    case DT_OP_SELECT:
        return but_where(no_a, dt_lane_select((dt_lane_mask)(a != 0.0), b, c));
    case DT_OP_PROBABILITY:
        return dt_lane_select((dt_lane_mask)(a < 0.0), dt_lane_all(0),
                              dt_lane_select((dt_lane_mask)(a > 1.0), dt_lane_all(1), a));
    case DT_OP_CONSTANT:
    case DT_OP_PARAMETER:
    case DT_OP_SLOT:
    case DT_OP_ROLE:
    case DT_OPS:
        break;
    }
    assert(!"a leaf has no operation");
    return a;
}

static void evaluate(dt_lane_group *group)
{
    const dt_coefficients *table = group->plan->game->coefficient;
    const dt_lane *parameter = (const dt_lane *)group->parameter;
    dt_lane *value = (dt_lane *)group->coefficient;
    for (size_t i = 0; i < table->list.count; i++) {
        const dt_expression *e = &table->list.at[i];
        for (size_t p = 0; p < DT_PACKS; p++) {
            dt_lane *here = &value[i * DT_PACKS + p];
            if (e->op == DT_OP_CONSTANT)
                *here = dt_lane_all(e->value);
            else if (e->op == DT_OP_PARAMETER)
                *here = parameter[e->a * DT_PACKS + p];
            else
                *here = operate(e->op, value[e->a * DT_PACKS + p], value[e->b * DT_PACKS + p],
                                value[e->c * DT_PACKS + p]);
        }
    }
}

/* Discounts and rationalities, and the discount of each column. */
static void take_actors(dt_lane_group *group)
{
    const dt_lane_plan *plan = group->plan;
    const dt_game *game = plan->game;
    const size_t bytes = DT_WORLDS * sizeof(double);
    for (size_t i = 0; i < plan->actors; i++)
        memcpy(group->discount + i * DT_WORLDS,
               group->coefficient + (size_t)game->discount[i] * DT_WORLDS, bytes);
    for (size_t k = 0; k < plan->agents; k++) {
        const double *declared = group->coefficient + (size_t)game->rationality[k] * DT_WORLDS;
        for (size_t w = 0; w < DT_WORLDS; w++)
            group->rationality[k * DT_WORLDS + w] = plan->scale * declared[w];
    }
    for (size_t c = plan->best; c < plan->columns; c++) {
        const dt_agent *agent = &game->rules->agent[(c - plan->best) % plan->agents];
        for (size_t w = 0; w < DT_WORLDS; w++) {
            double most = 0;
            for (int m = 0; m < agent->members; m++)
                most = dt_greater(group->discount[(size_t)agent->member[m] * DT_WORLDS + w], most);
            group->discount[c * DT_WORLDS + w] = most;
        }
    }
}

static void check_actors(dt_lane_group *group, int w)
{
    const dt_lane_plan *plan = group->plan;
    const dt_rules *rules = plan->game->rules;
    dt_lane_fault fault = {.place = DT_NOWHERE, .period = DT_NOWHERE};
    for (size_t i = 0; i < plan->actors; i++) {
        const size_t agent = (size_t)rules->actor_agent[i];
        const double discount = group->discount[i * DT_WORLDS + (size_t)w];
        const double rationality = group->rationality[agent * DT_WORLDS + (size_t)w];
        fault.item = (int)i;
        fault.number = discount;
        fault.code = DT_CODES;
        if (!(discount >= 0 && discount <= 1))
            fault.code = DT_WORLD_DISCOUNT;
        else if (plan->game->forever && discount == 1)
            fault.code = DT_WORLD_FOREVER;
        if (fault.code == DT_CODES) {
            fault.number = rationality;
            if (!(rationality >= 0 && rationality <= DBL_MAX))
                fault.code = DT_WORLD_RATIONALITY;
            else if (plan->values == DT_VALUES_SURPLUS && plan->moves[agent] && rationality == 0)
                fault.code = DT_SURPLUS_RATIONALITY;
        }
        if (fault.code != DT_CODES)
            dt_lane_fail(group, w, fault);
    }
}

static void fail_at(dt_lane_group *group, size_t pack, dt_lane_mask wrong, dt_lane_fault fault,
                    dt_lane number)
{
    for (int l = 0; l < DT_LANES; l++) {
        if (wrong[l]) {
            fault.number = number[l];
            dt_lane_fail(group, (int)pack * DT_LANES + l, fault);
        }
    }
}

/* Written so that NaN fails. */
static void check_probabilities(dt_lane_group *group)
{
    static const dt_code code[] = {DT_WORLD_PROBABILITY, DT_WORLD_SUM, DT_WORLD_REST};
    const dt_game *game = group->plan->game;
    const dt_lane *coefficient = (const dt_lane *)group->coefficient;
    for (uint32_t i = 0; i < game->checks; i++) {
        const dt_check *check = &game->check[i];
        const double least = check->kind == DT_CHECK_PROBABILITY ? -DT_SLACK
                             : check->kind == DT_CHECK_SUM       ? 1 - DT_SLACK
                                                                 : -INFINITY;
        for (size_t p = 0; p < DT_PACKS; p++) {
            const dt_lane v = coefficient[check->coefficient * DT_PACKS + p];
            const dt_lane_mask wrong = ~(dt_lane_mask)((v <= 1 + DT_SLACK) & (v >= least));
            if (dt_lane_any(wrong))
                fail_at(group, p, wrong,
                        (dt_lane_fault){code[check->kind], (int)i, 0, check->where, DT_NOWHERE}, v);
        }
    }
}

/* Sums each row's terms by actor, and checks them: a sum over several can be too large, too. */
static void add_payments(dt_lane_group *group)
{
    const dt_lane_plan *plan = group->plan;
    const dt_game *game = plan->game;
    const dt_lane *coefficient = (const dt_lane *)group->coefficient;
    for (uint32_t r = 0; r < game->rows; r++) {
        dt_lane *row = (dt_lane *)group->payment + r * plan->paid * DT_PACKS;
        memset(row, 0, plan->actors * DT_PACKS * sizeof *row);
        if (!game->row_pays[r])
            continue;
        for (uint32_t e = game->row_first[r]; e < game->row_first[r + 1]; e++) {
            const size_t actor = (size_t)game->rules->term_actor[game->row_column[e]];
            for (size_t p = 0; p < DT_PACKS; p++) {
                const dt_lane v = coefficient[game->row_coefficient[e] * DT_PACKS + p];
                const dt_lane_mask wrong = ~(dt_lane_mask)(dt_lane_abs(v) <= DBL_MAX);
                if (dt_lane_any(wrong))
                    fail_at(group, p, wrong,
                            (dt_lane_fault){DT_WORLD_PAYMENT, (int)e, 0, DT_NOWHERE, DT_NOWHERE},
                            v);
                row[actor * DT_PACKS + p] += v;
            }
        }
    }
}

void DT_KERNEL(dt_lane_world_teams)(dt_lane_group *group, uint32_t period)
{
    const dt_lane_plan *plan = group->plan;
    const dt_game *game = plan->game;
    for (size_t w = 0; w < DT_WORLDS; w++)
        group->steady_world[w] = true;
    for (size_t k = 0; k < plan->agents && plan->gaps; k++) {
        const dt_agent *agent = &game->rules->agent[k];
        const size_t paid = (size_t)plan->column_paid[plan->best + k];
        if (paid < plan->actors)
            continue;
        for (uint32_t r = 0; r < game->rows; r++)
            memset(group->payment + (r * plan->paid + paid) * DT_WORLDS, 0,
                   DT_WORLDS * sizeof(double));
        for (int m = 0; m < agent->members; m++) {
            const size_t member = (size_t)agent->member[m];
            double weight[DT_WORLDS];
            for (size_t w = 0; w < DT_WORLDS; w++) {
                const double own = group->discount[member * DT_WORLDS + w];
                const double most = group->discount[(plan->best + k) * DT_WORLDS + w];
                weight[w] = agent->weight[m] * dt_lane_power(own, most, period);
                group->steady_world[w] &= own == most;
            }
            for (uint32_t r = 0; r < game->rows; r++) {
                double *row = group->payment + r * plan->paid * DT_WORLDS;
                for (size_t w = 0; game->row_pays[r] && w < DT_WORLDS; w++)
                    row[paid * DT_WORLDS + w] += weight[w] * row[member * DT_WORLDS + w];
            }
        }
    }
    group->steady = true;
    for (size_t w = 0; w < DT_WORLDS; w++)
        group->steady &= group->steady_world[w];
}

static void make(dt_lane_group *group)
{
    evaluate(group);
    take_actors(group);
    add_payments(group);
}

/* The parameters of the first world that is right to all that aren't. False if there is none. */
static bool stand_in(dt_lane_group *group)
{
    int good = 0;
    while (good < DT_WORLDS && !group->active[good])
        good++;
    for (size_t i = 0; good < DT_WORLDS && i < (size_t)group->plan->game->model->params; i++) {
        double *parameter = group->parameter + i * DT_WORLDS;
        for (int w = 0; w < DT_WORLDS; w++)
            parameter[w] = parameter[group->active[w] ? w : good];
    }
    return good < DT_WORLDS;
}

void DT_KERNEL(dt_lane_world_make)(dt_lane_group *group)
{
    evaluate(group);
    take_actors(group);
    for (int w = 0; w < DT_WORLDS; w++)
        check_actors(group, w);
    check_probabilities(group);
    add_payments(group);
    bool all = true;
    for (int w = 0; w < DT_WORLDS; w++)
        all &= group->active[w] != 0;
    if (!all && stand_in(group))
        make(group);
}
