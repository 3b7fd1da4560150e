/*
 * The equations of the principal branch: F(z, τ) = z - τ D(σ(z)) and its derivatives (see
 * equations.h; McKelvey & Palfrey 1995, Turocy 2005). With σ_j(c) differentiated by z_j(b),
 *     ∂D_k(a)/∂z_j(b) = σ_j(b) (E[G_k | a, s_j = b] - D_k(a)),   j ≠ k;   0 for j = k,
 * so that one table of conditional expectations over pairs of agents gives D and all derivatives.
 * Invariant: everything that dt_equations_at leaves is finite for finite z.
 */
#include "solve/equations.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/greater.h"

#define DT_NUMBER double
#include "solve/expect_pairs.h"

dt_branch_space *dt_branch_space_new(dt_arena *arena, int agents, int total_options, int cells)
{
    assert(agents >= 1 && agents <= DT_MAX_AGENTS);
    assert(total_options >= agents && cells >= 1);
    dt_branch_space *space = dt_new(arena, dt_branch_space, 1);
    size_t total = (size_t)total_options;
    space->max_agents = agents;
    space->max_total = total_options;
    space->max_cells = cells;
    space->advantage = dt_take(arena, (size_t)cells, (size_t)agents * sizeof(double));
    space->pivot = dt_new(arena, int, total);
    /* at least one agent's option 0 is no unknown: unknowns + 1 <= total */
    double **vector[] = {
        &space->sigma,       &space->log_sigma, &space->gain,   &space->value,
        &space->point,       &space->tangent,   &space->trial,  &space->trial_tangent,
        &space->point_sigma, &space->point_log, &space->change, &space->answer,
        &space->start,       &space->ahead,     &space->anchor, &space->anchor_tangent};
    for (size_t i = 0; i < sizeof vector / sizeof *vector; i++)
        *vector[i] = dt_new(arena, double, total);
    space->pair = dt_take(arena, total, total * sizeof(double));
    space->matrix = dt_take(arena, total, total * sizeof(double));
    space->point_matrix = dt_take(arena, total, total * sizeof(double));
    space->trial_matrix = dt_take(arena, total, total * sizeof(double));
    space->work = dt_take(arena, total, 2 * total * sizeof(double));
    return space;
}

bool dt_equations_set(dt_branch_space *space, const dt_stage_game *game)
{
    const int agents = game->agents;
    bool finite = true;
    assert(agents >= 1 && agents <= space->max_agents);
    space->agents = agents;
    space->first[0] = space->unknown[0] = 0;
    space->cells = 1;
    for (int k = agents - 1; k >= 0; k--) {
        space->stride[k] = space->cells;
        space->cells *= game->options[k];
    }
    for (int k = 0; k < agents; k++) {
        assert(game->options[k] >= 1);
        space->options[k] = game->options[k];
        space->first[k + 1] = space->first[k] + game->options[k];
        space->unknown[k + 1] = space->unknown[k] + game->options[k] - 1;
    }
    space->total = space->first[agents];
    space->unknowns = space->unknown[agents];
    assert(space->total <= space->max_total && space->cells <= space->max_cells);

    space->scale = 0;
    for (int k = 0; k < agents; k++) {
        const double *payoff = game->payoff + k;
        const double rationality = game->rationality[k];
        const int stride = space->stride[k], options = space->options[k];
        double *advantage = space->advantage + (size_t)k * (size_t)space->cells;
        assert(rationality >= 0);
        /* each profile of the others: a cell where k chooses its option 0 */
        for (int block = 0; block < space->cells; block += stride * options) {
            for (int origin = block; origin < block + stride; origin++) {
                double none = payoff[origin * agents];
                advantage[origin] = 0;
                for (int a = 1; a < options; a++) {
                    int cell = origin + a * stride;
                    double more = rationality * (payoff[cell * agents] - none);
                    advantage[cell] = rationality == 0 ? 0 : more;
                    space->scale = dt_greater(space->scale, fabs(advantage[cell]));
                    finite &= isfinite(advantage[cell]) != 0;
                }
            }
        }
    }
    if (!finite)
        return false;
    if (space->scale > 0) {
        for (int i = 0; i < agents * space->cells; i++)
            space->advantage[i] /= space->scale;
    }
    space->paired = false;
    memset(space->gain, 0, (size_t)space->total * sizeof(double));
    return true;
}

static void play(dt_branch_space *space, const double *z)
{
    for (int k = 0; k < space->agents; k++) {
        const double *odds = z + space->unknown[k] - 1; /* odds[a] for a >= 1 */
        double *sigma = space->sigma + space->first[k];
        double *log_sigma = space->log_sigma + space->first[k];
        double top = 0, sum = 0;
        for (int a = 1; a < space->options[k]; a++)
            top = dt_greater(top, odds[a]);
        for (int a = 0; a < space->options[k]; a++) {
            log_sigma[a] = (a == 0 ? 0 : odds[a]) - top;
            sum += sigma[a] = exp(log_sigma[a]);
        }
        assert(sum >= 1 && sum <= space->options[k]);
        space->sum[k] = sum;
        for (int a = 0; a < space->options[k]; a++)
            sigma[a] /= sum;
    }
}

void dt_equations_logs(dt_branch_space *space)
{
    for (int k = 0; k < space->agents; k++) {
        double log_sum = log(space->sum[k]);
        assert(log_sum >= 0);
        for (int a = space->first[k]; a < space->first[k + 1]; a++)
            space->log_sigma[a] -= log_sum;
        space->sum[k] = 1;
    }
}

void dt_equations_at(dt_branch_space *space, const double *z)
{
    play(space, z);
    if (space->agents == 1) {
        memcpy(space->gain, space->advantage, (size_t)space->total * sizeof(double));
        return;
    }
    /* between two agents the pairs don't depend on σ */
    if (space->agents > 2 || !space->paired)
        expect_pairs(space->agents, space->options, space->first, (size_t)space->cells,
                     space->advantage, space->sigma, space->pair);
    space->paired = true;
    for (int k = 0; k < space->agents; k++) {
        int j = k == 0 ? 1 : 0;
        for (int a = space->first[k] + 1; a < space->first[k + 1]; a++) {
            const double *row = space->pair + (size_t)a * (size_t)space->total;
            double sum = 0;
            for (int b = space->first[j]; b < space->first[j + 1]; b++)
                sum += row[b] * space->sigma[b];
            space->gain[a] = sum;
        }
    }
}

double dt_equations_value(dt_branch_space *space, const double *z, double tau)
{
    double square = 0;
    for (int k = 0; k < space->agents; k++) {
        const double *gain = space->gain + space->first[k] + 1;
        for (int i = space->unknown[k]; i < space->unknown[k + 1]; i++) {
            double f = z[i] - tau * gain[i - space->unknown[k]];
            space->value[i] = f;
            square += f * f;
        }
    }
    return sqrt(square);
}

void dt_equations_matrix(dt_branch_space *space, double tau, const double *border)
{
    int n = space->unknowns, width = n + (border != NULL);
    assert(n >= 1 && width <= space->max_total && isfinite(tau));
    double *row = space->matrix;
    for (int k = 0; k < space->agents; k++) {
        for (int a = space->first[k] + 1; a < space->first[k + 1]; a++, row += width) {
            const double *pair = space->pair + (size_t)a * (size_t)space->total;
            double gain = space->gain[a];
            for (int j = 0; j < space->agents; j++) {
                double *entry = row + space->unknown[j] - 1 - space->first[j];
                for (int b = space->first[j] + 1; b < space->first[j + 1]; b++)
                    entry[b] = j == k ? b == a : -tau * space->sigma[b] * (pair[b] - gain);
            }
            if (border)
                row[n] = -gain;
        }
    }
    if (border)
        memcpy(row, border, (size_t)width * sizeof(double));
}
