/*
 * The numbers of a game with private variables, before anything is solved: what each column is paid for
 * rows and leaves at each point. Payments that read a private variable count, for its owner, at its own
 * type and in expectation over what others own, for everybody else in expectation (docs/method.md).
 */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/greater.h"
#include "solve/private.h"

/* The weight of a team's member in an agent's column: w_m ρ_m^t, see gaps.c. */
static double weight_of(const dt_private *work, const dt_agent *agent, int m, double most,
                        uint32_t t)
{
    const double own = work->typed->discount[(size_t)agent->member[m] * work->typed->width];
    return agent->weight[m] * dt_power(own, most, t);
}

static double most_patient(const dt_private *work, const dt_agent *agent)
{
    double most = 0;
    for (int m = 0; m < agent->members; m++)
        most =
            dt_greater(work->typed->discount[(size_t)agent->member[m] * work->typed->width], most);
    return most;
}

/* What a row pays a column if the joint type is this. */
static double paid_to_type(const dt_private *work, uint32_t row, size_t column, uint32_t type)
{
    const dt_private_plan *plan = work->plan;
    const dt_private_column *c = &plan->column[column];
    const size_t actors = (size_t)plan->game->model->actors, width = work->typed->width;
    const double *paid = work->typed->payment + row * actors * width + type;
    if (c->kind == DT_COLUMN_VALUE)
        return paid[(size_t)c->actor * width];
    const dt_agent *agent = &plan->game->rules->agent[c->agent];
    double sum = 0;
    for (int m = 0; m < agent->members; m++)
        sum += work->member_weight[c->agent][m] * paid[(size_t)agent->member[m] * width];
    return sum;
}

double dt_private_paid(const dt_private *work, uint32_t row, size_t column, uint32_t point,
                       const int *rank)
{
    const dt_private_plan *plan = work->plan;
    const dt_beliefs *beliefs = plan->beliefs;
    const dt_private_column *c = &plan->column[column];
    if (!plan->row_typed[row])
        return paid_to_type(work, row, column, 0);
    double sum = 0;
    for (uint32_t t = 0; t < beliefs->types; t++) {
        double chance = 1;
        for (size_t x = 0; x < beliefs->variables && chance != 0; x++) {
            const int value = dt_beliefs_rank(beliefs, x, t);
            const int known = c->variable == (int)x ? c->rank : rank ? rank[x] : -1;
            chance *= known < 0 ? dt_beliefs_at(beliefs, x, point)[value] : known == value;
        }
        if (chance != 0)
            sum += chance * paid_to_type(work, row, column, t);
    }
    return sum;
}

static void take_payments(dt_private *work)
{
    const dt_private_plan *plan = work->plan;
    const dt_game *game = plan->game;
    const dt_places *places = plan->places;
    const size_t paid = plan->group->paid, columns = plan->group->columns;
    assert(paid == columns);
    for (size_t b = 0; b < plan->packs; b++) {
        dt_group *pack = work->pack[b];
        memset(pack->most_paid, 0, plan->group->actors * DT_WORLDS * sizeof(double));
        for (uint32_t r = 0; r < game->rows; r++) {
            if (!game->row_pays[r])
                continue;
            double *to = pack->payment + r * paid * DT_WORLDS;
            for (size_t c = 0; c < columns; c++) {
                const double all = plan->row_typed[r] ? 0 : paid_to_type(work, r, c, 0);
                for (size_t s = 0; s < DT_WORLDS; s++) {
                    uint32_t point = (uint32_t)(b * DT_WORLDS + s);
                    point = point < plan->beliefs->points ? point : 0;
                    to[c * DT_WORLDS + s] =
                        plan->row_typed[r] ? dt_private_paid(work, r, c, point, NULL) : all;
                }
            }
        }
        for (uint64_t f = 0; f < game->forms; f++) {
            const double *row = pack->payment + game->form_row[f] * paid * DT_WORLDS;
            for (size_t i = 0; i < plan->group->actors * DT_WORLDS; i++)
                pack->most_paid[i] = dt_greater(fabs(row[i]), pack->most_paid[i]);
        }
        for (uint32_t r = 0; r < places->leaf_rows; r++)
            memcpy(pack->due + r * paid * DT_WORLDS,
                   pack->payment + places->leaf_row[r] * paid * DT_WORLDS,
                   paid * DT_WORLDS * sizeof(double));
    }
}

void dt_private_numbers(dt_private *work, uint32_t t)
{
    const dt_private_plan *plan = work->plan;
    const dt_rules *rules = plan->game->rules;
    const size_t width = work->typed->width;
    for (int k = 0; k < rules->agents; k++) {
        const dt_agent *agent = &rules->agent[k];
        const double most = most_patient(work, agent);
        for (int m = 0; m < agent->members; m++)
            work->member_weight[k][m] = weight_of(work, agent, m, most, t);
    }
    for (size_t b = 0; b < plan->packs; b++) {
        dt_group *pack = work->pack[b];
        for (size_t c = 0; c < plan->group->columns; c++) {
            const dt_private_column *column = &plan->column[c];
            const double discount = column->kind == DT_COLUMN_VALUE
                                        ? work->typed->discount[(size_t)column->actor * width]
                                        : most_patient(work, &rules->agent[column->agent]);
            for (size_t s = 0; s < DT_WORLDS; s++)
                pack->discount[c * DT_WORLDS + s] = discount;
        }
        for (size_t k = 0; k < (size_t)rules->agents; k++) {
            for (size_t s = 0; s < DT_WORLDS; s++)
                pack->seated[k * DT_WORLDS + s] = work->typed->rationality[k * width];
        }
    }
    take_payments(work);
}
