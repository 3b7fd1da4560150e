/*
 * Where a stage game has several solutions: at nodes where several agents choose at once, with all values
 * of the solution at hand final, the game of that one moment may have other logit equilibria than the one
 * on the principal branch. Where it is certain that there is one no others are looked for (unique.c);
 * elsewhere Newton's method is begun from drawn strategies. What is counted was found: there may be more.
 */
#include "stationary/plural.h"

#include <math.h>
#include <string.h>

#include "base/greater.h"
#include "solve/branch_step.h"
#include "study/random.h"
#include "trace/forward.h"

enum { STARTS = 40 };
static const double APART = 1e-6;

/* Whether Newton's method, begun from start k, ends at another solution than `known` [total]. */
static bool ends_elsewhere(dt_branch_space *space, uint64_t seed, uint64_t k, const double *known,
                           double *z)
{
    const double sharp = k % 2 == 0 ? 2 : 12;
    bool found;
    for (int u = 0; u < space->unknowns; u++)
        z[u] = sharp *
               log(dt_random(seed, k, 2 * (uint64_t)u) / dt_random(seed, k, 2 * (uint64_t)u + 1));
    dt_newton(space, space->scale, z, INFINITY, &found);
    double apart = 0;
    for (int a = 0; a < space->total; a++)
        apart = dt_greater(fabs(space->sigma[a] - known[a]), apart);
    return found && apart > APART;
}

/* Whether the stage game at a node, evaluated last, has another solution than the strategy there. */
static bool several(dt_whole *whole, dt_branch_space *space, uint32_t node, double *payoff,
                    double *z)
{
    const dt_places *places = whole->group->plan->places;
    const dt_menu *menu = &places->game->menu[places->menu[node]];
    double rationality[DT_MAX_MOVERS];
    for (int k = 0; k < menu->agents; k++) {
        rationality[k] = 1; /* it is in what cells are worth */
        dt_whole_utility(whole, node, menu->agent[k]);
        for (int c = 0; c < menu->cells; c++)
            payoff[c * menu->agents + k] = whole->utility[c];
    }
    const dt_stage_game game = {menu->agents, menu->options, rationality, payoff};
    if (!dt_equations_set(space, &game) || space->scale == 0 ||
        dt_equations_unique(space, space->scale) >= space->scale)
        return false;
    bool other = false;
    for (uint64_t k = 0; k < STARTS && !other; k++)
        other = ends_elsewhere(space, node, k, whole->strategy + places->option[node], z);
    return other;
}

dt_plural dt_whole_plural(dt_arena *arena, dt_whole *whole, const dt_solution *solution)
{
    const dt_group_plan *plan = whole->group->plan;
    const dt_places *places = plan->places;
    const dt_game *game = plan->game;
    dt_plural found = {0};
    if (!plan->together)
        return found;
    dt_branch_space *space =
        dt_branch_space_new(arena, plan->most_agents, plan->most_total, plan->most_cells);
    double *payoff = dt_new(arena, double, (size_t)plan->most_cells *(size_t)plan->most_agents);
    double *z = dt_new(arena, double, (size_t)plan->most_total);
    bool *plural = dt_new(arena, bool, places->nodes);
    for (uint32_t n = 0; n < places->nodes && dt_whole_going(whole); n++) {
        if (whole->choice_of[n + 1] - whole->choice_of[n] > 1)
            plural[n] = several(whole, space, n, payoff, z);
    }
    dt_forward *forward = dt_forward_new(arena, solution, 1);
    for (uint32_t n = 0; n < game->nodes; n++) {
        const uint32_t place = places->place[n];
        found.together += whole->choice_of[place + 1] - whole->choice_of[place] > 1;
        found.nodes += plural[place];
    }
    for (uint32_t t = 0; t < game->horizon && found.nodes > 0; t++) {
        dt_forward_to(forward, t);
        for (uint32_t n = 0; n < game->nodes; n++)
            found.passes += plural[places->place[n]] ? forward->mass[n * forward->stride] : 0;
    }
    return found;
}
