/*
 * The three inner loops of every sweep over a graph, for `lanes` numbers at a time (one for each
 * actor, or each agent): what cells are worth, how likely they are, what a node is worth on average.
 * Where nearly all time goes; so the usual numbers of lanes are known when this is compiled.
 */
#ifndef DT_SOLVE_WORTH_H
#define DT_SOLVE_WORTH_H

#include <assert.h>

#include "solve/sweep.h"

#define DT_INLINE static inline __attribute__((always_inline))

DT_INLINE void dt_cells_worth_of(const dt_sweep *sweep, uint64_t cell, int cells,
                                 const double *payment, const double *value, const size_t lanes,
                                 double *worth)
{
    const dt_game *game = sweep->game;
    const double *coefficient = sweep->world->coefficient;
    uint64_t b = game->cell_branch[cell];
    for (int c = 0; c < cells; c++, cell++, worth += lanes) {
        const double *paid = payment + game->cell_row[cell] * lanes;
        for (size_t i = 0; i < lanes; i++)
            worth[i] = paid[i];
        assert(game->cell_branch[cell + 1] >= b);
        for (const uint64_t end = game->cell_branch[cell + 1]; b < end; b++) {
            const double probability = coefficient[game->branch_coefficient[b]];
            const double *target = value + game->branch_target[b] * lanes;
            for (size_t i = 0; i < lanes; i++)
                worth[i] += probability * target[i];
        }
    }
}

/* worth [cells][lanes]: what is paid in each cell, by row of payment [rows][lanes], and the
 * expectation of value [places][lanes] over its branches. */
static inline void dt_cells_worth(const dt_sweep *sweep, uint64_t cell, int cells,
                                  const double *payment, const double *value, size_t lanes,
                                  double *worth)
{
    switch (lanes) {
    case 2:
        dt_cells_worth_of(sweep, cell, cells, payment, value, 2, worth);
        break;
    case 3:
        dt_cells_worth_of(sweep, cell, cells, payment, value, 3, worth);
        break;
    case 4:
        dt_cells_worth_of(sweep, cell, cells, payment, value, 4, worth);
        break;
    default:
        dt_cells_worth_of(sweep, cell, cells, payment, value, lanes, worth);
    }
}

/* joint [cells] = Π_k σ_k of each cell's profile, from sigma [total options]. Built from the last
 * agent, whose option varies fastest, to the first. */
static inline void dt_joint(const dt_menu *menu, const double *sigma, double *joint)
{
    int cells = 1;
    joint[0] = 1;
    sigma += menu->total;
    for (int k = menu->agents - 1; k >= 0; k--) {
        const int options = menu->options[k];
        sigma -= options;
        for (int a = options - 1; a >= 0; a--) {
            for (int c = 0; c < cells; c++)
                joint[a * cells + c] = sigma[a] * joint[c];
        }
        cells *= options;
    }
    assert(cells == menu->cells);
}

/* value [lanes] = Σ over cells of joint · worth. */
static inline void dt_average(const double *joint, const double *worth, int cells, size_t lanes,
                              double *value)
{
    for (size_t i = 0; i < lanes; i++)
        value[i] = 0;
    for (int c = 0; c < cells; c++, worth += lanes) {
        for (size_t i = 0; i < lanes; i++)
            value[i] += joint[c] * worth[i];
    }
}

#endif
