/*
 * Where a signalling game certainly has one solution: a bound on the slope of the map of its fixed point.
 *
 * Take a stage in which one agent moves. The map sends log σ to λ Q less the
 * logarithm of the sum of exp(λ Q), and Q depends on σ through what is believed after each event. Let all
 * log σ change by at most 1. After an event in which types have the chances π,
 *     |d log b'(k')| <= 2 (1 - b'(k'))     if the variable stands still: d log b'(k) = d log σ_k - mean
 *     |d log b'(k')| <= 2                  if it moves, or actions aren't seen: a mean over some types (and
 *                                          actions) less the mean over all
 *     |d c_m|        <= 1/2                a sum of b': half the mean absolute deviation of a number
 *                                          between -1 and 1, at most.
 * What follows is linear in c on each piece for everybody but the owner; for the owner of two types it is
 * on an interval l … u of the belief b in its own type
 *     C(b) = A + B/b,     B = l u (V(l) - V(u)) / (u - l),     |dC / d log b| = |B| / b <= u |V(u) - V(l)| / (u - l).
 * With D_k(a) the bound on Q_k(a) that follows, log σ changes by at most
 *     λ (D_k(a) + the largest D_k of another action).
 * If that is below 1 for all types and actions, the map contracts at every scale up to 1 (it holds for any
 * σ, and a scale only makes it smaller): one fixed point each, which depends continuously on the scale, so
 * it is the principal branch's. Where several move at once, or an owner has three types or more and
 * something follows from what is believed of it, no bound is claimed here: see signal_odds_unique.c and
 * signal_types.c.
 */
#include <math.h>
#include <string.h>

#include "solve/signal_space.h"

static double greater(double a, double b)
{
    return a > b ? a : b;
}

/* Of an interval of two types' beliefs: c from `low` to `high`, values there. */
static void bound_pair(double low, double high, double here, double there, int known, double *steep)
{
    const double change = fabs(there - here), width = high - low;
    if (change == 0)
        return;
    if (known < 0) {
        const double middle = low > 0.5 ? low : high < 0.5 ? high : 0.5;
        steep[0] = greater(steep[0], 2 * middle * (1 - middle) * change / width);
        steep[1] = greater(steep[1], 0.5 * change / width);
        return;
    }
    const double l = known == 0 ? low : 1 - high, u = known == 0 ? high : 1 - low;
    if (l <= 0)
        return; /* there the other end rules the type out: what follows is that of one corner */
    steep[0] = greater(steep[0], 2 * (1 - l) * u * change / width);
    steep[1] = greater(steep[1], 2 * u * change / width);
}

void dt_steep_find(const dt_ahead *ahead, uint32_t place, int column, const dt_grid *grid,
                   uint32_t stride, uint32_t points, int known, double steep[2])
{
    const size_t sums = (size_t)grid->values - 1, knots = (size_t)grid->fineness + 1;
    double each[DT_MOST_TYPES] = {0};
    steep[0] = steep[1] = 0;
    for (uint32_t p = 0; p < points; p++) {
        const uint32_t own = p / stride % grid->points;
        const uint16_t *at = grid->at + own * sums;
        const double here = dt_ahead_at(ahead, place, column, p);
        for (size_t m = 0; m < sums; m++) {
            if (at[m] + 1 >= (int)knots || (m + 1 < sums && at[m] == at[m + 1]))
                continue;
            const uint32_t *rank = grid->rank + m * knots + at[m];
            const double there =
                dt_ahead_at(ahead, place, column, p + (rank[1] - rank[0]) * stride);
            const double low = grid->knot[at[m]], high = grid->knot[at[m] + 1];
            if (sums == 1)
                bound_pair(low, high, here, there, known, steep);
            else if (there != here)
                each[m] = greater(each[m], fabs(there - here) / (high - low));
        }
    }
    for (size_t m = 0; m < sums && sums > 1; m++) {
        steep[0] += known < 0 ? 0.5 * each[m] : each[m] > 0 ? INFINITY : 0;
        steep[1] = steep[0];
    }
}

/* How much what a cell is worth to a type, if the types are these, can change. */
static double bound_cell(const dt_signal_space *space, int cell, const int *type)
{
    const dt_signal_game *game = space->game;
    const dt_player *player = &game->player[0];
    const dt_ahead *ahead = &game->ahead;
    double sum = 0;
    for (int b = game->cell_branch[cell]; b < game->cell_branch[cell + 1]; b++) {
        const dt_signal_branch *branch = &game->branch[b];
        const dt_signal_event *event = &game->event[branch->event];
        const int k = game->secret < 0 ? 0 : type[game->secret];
        if (branch->chance[k] == 0 || event->still[player->subject])
            continue;
        const bool moves = game->secret == player->subject;
        const int after = moves ? branch->after[k] : type[player->subject];
        const int column = player->column[event->face[player->subject].type[after]];
        const int variable = game->subject[player->subject].variable;
        sum += branch->chance[k] *
               ahead->steep[((event->place * ahead->columns + (size_t)column) * ahead->variables +
                             (size_t)variable) *
                                2 +
                            moves];
    }
    return sum;
}

double dt_signal_slope(dt_signal_space *space)
{
    const dt_signal_game *game = space->game;
    if (game->players == 1 && game->player[0].subject < 0)
        return 0; /* nothing is learned from actions */
    if (game->players != 1 || !game->ahead.steep)
        return INFINITY;
    const int own = game->player[0].subject;
    if (game->subject[own].types == 1 && game->events > 0 && game->event[0].cell >= 0)
        return 0; /* seen, and there is no other type to tell it from */
    double most = 0;
    for (int k = 0; k < game->subject[own].types; k++) {
        double first = 0, second = 0; /* the largest two bounds of an option */
        for (int c = 0; c < game->cells; c++) {
            double bound = 0;
            for (int t = 0; t < game->types; t++) {
                const int *type = space->joint + t * game->subjects;
                double chance = 1;
                for (int x = 0; x < game->subjects; x++)
                    chance *= x == own ? 1 : game->subject[x].belief[type[x]];
                if (type[own] == k)
                    bound += chance * bound_cell(space, c, type);
            }
            second = bound > first ? first : greater(bound, second);
            first = greater(bound, first);
        }
        most = greater(most, game->player[0].rationality * (first + second));
    }
    return most <= INFINITY ? most : INFINITY;
}
