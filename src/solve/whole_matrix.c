/*
 * The derivatives of the whole stationary game's equations, in as many directions at a time as make a
 * block: how values change if the odds of one option do, by two passes through the period. The first takes
 * the next period's values as they are and shows what changes at its beginning; with the linear system of
 * the values this gives what changes for ever, dV = (I - δ P)⁻¹ dr, from which the second goes on to what
 * every option gets. At the node itself σ moves by dσ(b) = σ(b) (1[b = a] - σ(a)).
 */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "solve/linear.h"
#include "solve/whole_joint.h"

/* Directions first … first+count-1 of the unknowns. */
typedef struct directions {
    dt_whole *whole;
    size_t first, count;
    size_t width; /* numbers of a place: columns · count, column by column */
} directions;

/* How the values of a choice's own node change at once, in each direction that is its own. */
static void add_source(const directions *along, const dt_simplex *choice, double *to)
{
    const dt_whole *whole = along->whole;
    const size_t columns = whole->columns, actors = whole->group->plan->actors;
    const double *sigma = whole->strategy + choice->option;
    const double *log_sigma = whole->log_sigma + choice->entry;
    const double *gets = whole->gets + choice->entry * columns;
    const int owner = whole->group->plan->game->rules->agent[choice->agent].member[0];
    double entropy = 0;
    for (int a = 0; a < choice->options; a++)
        entropy -= sigma[a] * log_sigma[a];
    for (size_t i = 0; i < columns; i++) {
        const bool enjoyed = i >= actors && (size_t)owner == i - actors;
        double mean = 0;
        for (size_t a = 0; a < (size_t)choice->options; a++)
            mean += sigma[a] * gets[a * columns + i];
        for (size_t a = 1; a < (size_t)choice->options; a++) {
            const size_t u = choice->unknown + a - 1;
            if (u < along->first || u >= along->first + along->count)
                continue;
            double change = sigma[a] * (gets[a * columns + i] - mean);
            if (enjoyed)
                change -= sigma[a] * (log_sigma[a] + entropy);
            to[i * along->count + u - along->first] += change;
        }
    }
}

/* How the values at all places change; at leaves as `direct` [states][width] does, or not (NULL). */
static void spread(const directions *along, const double *direct)
{
    dt_whole *whole = along->whole;
    const dt_places *places = whole->group->plan->places;
    const size_t width = along->width;
    for (uint32_t leaf = 0; leaf < places->leaves; leaf++) {
        double *to = whole->block + (places->nodes + leaf) * width;
        const size_t state = places->leaf[leaf].state;
        memset(to, 0, width * sizeof *to);
        for (size_t i = 0; direct && state < whole->states && i < width; i++)
            to[i] = whole->discount[i / along->count] * direct[state * width + i];
    }
    for (uint32_t n = places->nodes; n-- > 0;) {
        dt_joint at = dt_joint_first(whole, n);
        double *to = whole->block + n * width;
        memset(to, 0, width * sizeof *to);
        for (int c = 0; c < at.menu->cells; c++, dt_joint_next(&at))
            dt_add_branches(whole, dt_cell_of(places, n, c), dt_joint_but(&at, DT_NONE), width,
                            whole->block, to);
        for (uint32_t d = whole->choice_of[n]; d < whole->choice_of[n + 1]; d++)
            add_source(along, &whole->choice[d], to);
    }
}

/* What changes for ever, from what changes at the beginning of a period. */
static void solve_states(const directions *along)
{
    dt_whole *whole = along->whole;
    const dt_places *places = whole->group->plan->places;
    const size_t states = whole->states, width = along->width;
    for (size_t i = 0; i < width; i++) {
        const size_t f = (size_t)whole->factor_of[i / along->count];
        for (size_t s = 0; s < states; s++) {
            const uint32_t place = places->place[places->game->state_place[s]];
            whole->column[s] = whole->block[place * width + i];
        }
        dt_substitute(whole->factor + f * states * states, (int)states, whole->pivot + f * states,
                      whole->column);
        for (size_t s = 0; s < states; s++)
            whole->direct[s * width + i] = whole->column[s];
    }
}

/* change [options][count] of a choice: how what its options are worth changes as cells do. */
static void add_worth(const directions *along, const dt_simplex *choice)
{
    dt_whole *whole = along->whole;
    const dt_places *places = whole->group->plan->places;
    const size_t count = along->count;
    dt_joint at = dt_joint_first(whole, choice->node);
    memset(whole->change, 0, (size_t)choice->options * count * sizeof *whole->change);
    for (int c = 0; c < at.menu->cells; c++, dt_joint_next(&at)) {
        const double others = dt_joint_but(&at, choice->k);
        double *to = whole->change + (size_t)at.option[choice->k] * count;
        memset(whole->worth, 0, along->width * sizeof *whole->worth);
        dt_add_branches(whole, dt_cell_of(places, choice->node, c), 1, along->width, whole->block,
                        whole->worth);
        for (size_t i = 0; i < whole->columns; i++) {
            const double weight = dt_whole_weight(whole, choice->agent, i);
            for (size_t u = 0; u < count && weight != 0; u++)
                to[u] += others * weight * whole->worth[i * count + u];
        }
    }
}

void dt_whole_utility(dt_whole *whole, uint32_t node, int agent)
{
    const dt_group *group = whole->group;
    const dt_places *places = group->plan->places;
    const int cells = places->game->menu[places->menu[node]].cells;
    for (int c = 0; c < cells; c++) {
        const dt_cell *cell = dt_cell_of(places, node, c);
        memset(whole->worth, 0, whole->columns * sizeof *whole->worth);
        memcpy(whole->worth, group->payment + cell->row * group->plan->paid,
               group->plan->actors * sizeof *whole->worth);
        dt_add_branches(whole, cell, 1, whole->columns, whole->value, whole->worth);
        whole->utility[c] = 0;
        for (size_t i = 0; i < whole->columns; i++) {
            const double weight = dt_whole_weight(whole, agent, i);
            whole->utility[c] += weight == 0 ? 0 : weight * whole->worth[i];
        }
    }
}

/* What the options of a choice are worth changes with another's strategy at the same node, too. */
static void add_neighbour(const directions *along, const dt_simplex *choice,
                          const dt_simplex *other)
{
    dt_whole *whole = along->whole;
    const double *sigma = whole->strategy + other->option;
    dt_joint at = dt_joint_first(whole, choice->node);
    for (int c = 0; c < at.menu->cells; c++, dt_joint_next(&at)) {
        double rest = whole->utility[c]; /* times what all but the two choose */
        for (int j = 0; j < at.menu->agents; j++)
            rest *= j == choice->k || j == other->k ? 1 : at.sigma[j][at.option[j]];
        const int b = at.option[other->k];
        double *to = whole->change + (size_t)at.option[choice->k] * along->count;
        for (int a = 1; a < other->options; a++) {
            const size_t u = other->unknown + (size_t)a - 1;
            if (u >= along->first && u < along->first + along->count)
                to[u - along->first] += rest * sigma[b] * ((a == b) - sigma[a]);
        }
    }
}

void dt_whole_matrix(dt_whole *whole, size_t stride)
{
    assert(stride >= whole->unknowns);
    for (size_t first = 0; first < whole->unknowns; first += DT_BLOCK) {
        const size_t left = whole->unknowns - first, count = left < DT_BLOCK ? left : DT_BLOCK;
        const directions along = {whole, first, count, whole->columns * count};
        spread(&along, NULL);
        solve_states(&along);
        spread(&along, whole->direct);
        for (size_t d = 0; d < whole->choices; d++) {
            const dt_simplex *choice = &whole->choice[d];
            const uint32_t *of = whole->choice_of + choice->node;
            add_worth(&along, choice);
            if (of[1] - of[0] > 1)
                dt_whole_utility(whole, choice->node, choice->agent);
            for (uint32_t e = of[0]; e < of[1]; e++) {
                if (e != d)
                    add_neighbour(&along, choice, &whole->choice[e]);
            }
            for (size_t a = 1; a < (size_t)choice->options; a++) {
                const size_t row = choice->unknown + a - 1;
                double *to = whole->matrix + row * stride + first;
                for (size_t u = 0; u < count; u++)
                    to[u] = (row == first + u) - (whole->change[a * count + u] - whole->change[u]);
            }
        }
    }
}
