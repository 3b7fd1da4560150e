/*
 * Flow: how probability goes through one period of a game, in one world, over the places and, with private
 * variables, what is believed and true. All numbers are wide.
 */
#ifndef DT_HISTORY_FLOW_H
#define DT_HISTORY_FLOW_H

#include "history/likelihood.h"

/* A way on from a place: a cell that may be played there, and one of its branches. Columns are joint points times
 * joint types, the type varying fastest; without private variables there is one. */
typedef struct dt_step {
    int cell, branch; /* numbers in the node, and in its cell or signalling game */
    uint32_t target;
    uint32_t column;
    dt_wide chance;
} dt_step;

typedef struct dt_flow {
    const dt_stand *stand;
    dt_play *play; /* solved */
    size_t lane;   /* of its worlds */
    size_t columns;
    dt_wide *mass;  /* [places][columns] 0 outside of calls that say otherwise */
    uint32_t *mark; /* [places] the last call that the place counted in */
    uint32_t calls;
    dt_list(dt_step) step; /* with room for those of any node */
    bool lost;             /* strategies at some node underflow, so that what follows isn't known */
    const dt_signal_game *signal; /* at hand: of this node at this point; NULL: none */
    uint32_t signal_node, signal_point;
} dt_flow;

dt_flow *dt_flow_new(dt_arena *arena, const dt_stand *stand, dt_play *play);
/* For steps alone: it has no masses. */
dt_flow *dt_flow_of_steps(dt_arena *arena, const dt_stand *stand, dt_play *play);
double dt_flow_bytes(const dt_stand *stand);

/* A world that has just been solved. */
void dt_flow_turn(dt_flow *flow, size_t lane);

/* All ways on from a column of a node, into flow->step. */
void dt_flow_steps(dt_flow *flow, uint32_t node, uint32_t column);
/* Those by one cell, with their chances given that it is played, however likely that is. */
void dt_flow_steps_of(dt_flow *flow, uint32_t node, uint32_t column, int cell);

/* Each `mass` [columns] as play begins in the state of the first row (of whose `value` only private cells are
 * read): types by the prior, points by the signal about it. */
void dt_flow_begin(dt_flow *flow, const int32_t *value, dt_wide *mass);

/* From begin [roots of the stand][columns] through a row to end [slice's leaves][columns]. `keep`: the masses of all
 * places are left standing in flow->mass, until dt_flow_clear. */
void dt_flow_forward(dt_flow *flow, const dt_slice_row *slice, const dt_row_view *view,
                     const dt_wide *begin, dt_wide *end, bool keep);
void dt_flow_clear(dt_flow *flow, const dt_slice_row *slice);

/* Back from what the ends are worth [slice's leaves][columns] to what all places are, value [places][columns], of
 * those that the slice holds. Those after which the row isn't what is seen are worth 0. */
void dt_flow_backward(dt_flow *flow, const dt_slice_row *slice, const dt_row_view *view,
                      const dt_wide *end, dt_wide *value);

/* Whether a step from a node is one that the row lets pass, and the slice of the last call holds. */
bool dt_flow_counts(const dt_flow *flow, const dt_row_view *view, uint32_t node,
                    const dt_step *step);

/* The probability of each value of each observable [all values] in a row, given what is worth `beyond` [slice's
 * leaves][columns] after it; value [places][columns] becomes what places are worth, end as dt_flow_forward has it
 * (smooth.c). */
void dt_smooth_row(dt_flow *flow, const dt_observables *all, const dt_slice_row *slice,
                   const dt_wide *begin, const dt_wide *beyond, dt_wide *end, dt_wide *value,
                   double *out);

/* Adds a probability to those of the values at a leaf; and of the choices at a node, whatever follows, that of the
 * node's column being `mass`. out [all values]. */
void dt_count_state(const dt_flow *flow, const dt_observables *all, uint32_t leaf, uint32_t column,
                    double p, double *out);
void dt_count_choices(dt_flow *flow, const dt_observables *all, uint32_t node, uint32_t column,
                      dt_wide mass, double *out);

#endif
