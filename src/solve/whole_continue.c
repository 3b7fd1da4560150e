/*
 * A solution of the whole stationary game followed from one world to another along the straight segment
 * between their parameters: from one point to the next along the tangent, dz = -F_z⁻¹ F_s ds with s the
 * share of the way, then Newton's method, with steps that adapt (Allgower & Georg 1990, §2). How far a step
 * goes is told by the strategy: log odds of what is hardly ever played may move by much and mean nothing.
 *
 * A step is taken only if the strategy moves by little, if Newton's method moves it by a fraction of that
 * or by next to nothing (parameters enter by maxima and cases too, which bend the curve), and if the
 * orientation, the sign of det F_z, is the same at both ends. Where it changes, or where steps shrink to
 * nothing, the solution folds back and doesn't reach the other world.
 */
#include <math.h>
#include <string.h>

#include "base/diagnostic.h"
#include "base/greater.h"
#include "game/known.h"
#include "game/strategy.h"
#include "model/beliefs.h"
#include "solve/linear.h"
#include "solve/whole.h"

static const double LEAST_STEP = 1e-8;
static const double LONGEST = 0.1; /* a step of the strategy, the largest change of a probability */
static const double STRAY = 0.25;  /* how much of it may be Newton's, */
static const double SLIGHT = 2e-4; /* or how much at any rate */
static const double APART = 1e-5;  /* shares at which the equations are compared */

/* Evaluates the world at a share of the way. False if it isn't right there. */
static bool stand(dt_whole *whole, const dt_segment *segment, double share)
{
    dt_group *group = whole->group;
    const size_t params = (size_t)group->plan->game->model->params;
    for (size_t p = 0; p < params; p++)
        group->world->parameter[p] =
            share == 1 ? segment->to[p]
                       : segment->from[p] + share * (segment->to[p] - segment->from[p]);
    if (!dt_group_numbers(group, 1))
        return false;
    dt_whole_renew(whole);
    return true;
}

/* slope = dz/ds of the solution z at a share of the way; 0 where it can't be had. The world stands there
 * afterwards. */
static void find_slope(dt_whole *whole, const dt_segment *segment, double share, const double *z,
                       double *slope)
{
    const size_t n = whole->unknowns;
    const double apart = share + APART < 1 ? APART : -APART;
    memset(slope, 0, n * sizeof *slope);
    bool right = stand(whole, segment, share + apart) && isfinite(dt_whole_at(whole, z, 1));
    if (right)
        memcpy(slope, whole->residual, n * sizeof *slope);
    stand(whole, segment, share);
    dt_whole_at(whole, z, 1);
    dt_whole_matrix(whole, n);
    right = right && dt_factor(whole->matrix, (int)n, whole->matrix_pivot) != 0;
    for (size_t u = 0; u < n; u++)
        slope[u] = right ? (whole->residual[u] - slope[u]) / apart : 0;
    if (right)
        dt_substitute(whole->matrix, (int)n, whole->matrix_pivot, slope);
}

double dt_whole_continue(dt_whole *whole, const dt_segment *segment, double *z)
{
    const dt_game *game = whole->group->plan->game;
    const size_t n = whole->unknowns, bytes = game->options * sizeof(double);
    double *slope = whole->follow[0], *there = whole->follow[1];
    double *here = whole->kept, *predicted = whole->predicted;
    double share = n == 0 ? 1 : 0, step = 1;
    int orientation = 1;
    if (n > 0 && (!stand(whole, segment, 0) || !dt_whole_newton(whole, z, 1, &orientation) ||
                  orientation == 0))
        return 0;
    memcpy(here, whole->strategy, bytes);
    if (share < 1)
        find_slope(whole, segment, 0, z, slope);
    while (share < 1 && step >= LEAST_STEP && dt_whole_going(whole)) {
        const double next = dt_lesser(share + step, 1);
        int sign = 0;
        for (size_t u = 0; u < n; u++)
            there[u] = z[u] + (next - share) * slope[u];
        if (!stand(whole, segment, next))
            return share;
        dt_whole_at(whole, there, 1);
        memcpy(predicted, whole->strategy, bytes);
        const bool found = dt_whole_newton(whole, there, 1, &sign);
        const double gone = dt_strategies_apart(game, whole->strategy, here);
        const double moved = dt_strategies_apart(game, whole->strategy, predicted);
        if (!found || sign != orientation || !(gone <= LONGEST) ||
            !(moved <= dt_greater(STRAY * gone, SLIGHT))) {
            step = (next - share) / 2;
            continue;
        }
        step = (next - share) * (moved <= STRAY * gone / 2 ? 2 : 1);
        share = next;
        memcpy(here, whole->strategy, bytes);
        memcpy(z, there, n * sizeof *z);
        if (share < 1)
            find_slope(whole, segment, share, z, slope);
    }
    return share;
}

/* ---- which equilibrium, and whether it can be followed ------------------------------------------- */

const dt_selected *dt_selected_of(const dt_game *game, const dt_options *options)
{
    const int policy = game->rules->policy;
    if (!options || !options->selected || options->chance_alone || !game->forever ||
        policy == DT_NONE || !options->selected[policy].strategy)
        return NULL;
    return &options->selected[policy];
}

dt_status dt_selected_fits(const dt_game *game, const dt_options *options, const char *function)
{
    if (options && options->selected && dt_rationality_scale(options) != 1)
        return dt_refuse_call(options, function, "a selected equilibrium at another rationality");
    const dt_selected *selected = dt_selected_of(game, options);
    if (!selected)
        return DT_OK;
    const dt_status status =
        game->privates > 0 ? DT_NO : dt_game_knows_exactly(game, selected->parameters, options);
    if (status != DT_NO)
        return status;
    dt_refuse_private(game->model, options, "an equilibrium is selected");
    return DT_INVALID;
}

bool dt_selected_at(const dt_game *game, const dt_selected *selected, const double *parameters)
{
    for (int p = 0; p < game->model->params; p++) {
        if (parameters[p] != selected->parameters[p])
            return false;
    }
    return true;
}

bool dt_whole_fits(const dt_group_plan *plan, const dt_options *options)
{
    const bool few =
        dt_whole_unknowns(plan->places) <= DT_MOST_UNKNOWNS &&
        (options->max_memory == 0 || dt_whole_bytes(plan) < (double)options->max_memory);
    if (!few)
        dt_report_limit(options, "too many unknowns to follow an equilibrium to other numbers");
    return few;
}

double dt_whole_reach(dt_whole *whole, const dt_selected *selected, double *to, double *strategy)
{
    const dt_game *game = whole->group->plan->game;
    const size_t params = (size_t)game->model->params;
    memcpy(to, whole->group->world->parameter, params * sizeof *to);
    dt_whole_odds(whole, selected->strategy, whole->odds);
    const dt_segment segment = {selected->parameters, to};
    const double share = dt_whole_continue(whole, &segment, whole->odds);
    dt_whole_at(whole, whole->odds, 1);
    memcpy(strategy, whole->strategy, game->options * sizeof *strategy);
    memcpy(whole->group->world->parameter, to, params * sizeof *to);
    return share;
}
