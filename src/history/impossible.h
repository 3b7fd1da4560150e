/*
 * Rows that can't be: what is told of them.
 */
#ifndef DT_HISTORY_IMPOSSIBLE_H
#define DT_HISTORY_IMPOSSIBLE_H

#include "history/likelihood.h"

/* Tells that a row is impossible, with its cells and which of them alone would be possible, as
 * possible(context, value [observables]) says of a row of which only that is seen. */
void dt_impossible_tell(dt_arena *arena, const dt_likelihood *ready, const dt_history *history,
                        size_t row, const dt_options *options,
                        bool (*possible)(void *context, const int32_t *value), void *context);

/* The same of a row that is impossible on the graph of a game, beginning in states of `root`. */
void dt_impossible_in_graph(dt_arena *arena, const dt_likelihood *ready, const dt_history *history,
                            size_t row, const dt_game *game, const dt_indices *root);

/* The same of a row before which play has certainly ended. */
void dt_impossible_after_end(dt_arena *arena, const dt_likelihood *ready, const dt_history *history,
                             size_t row);

#endif
