/*
 * Observables: what of a model a history can say something about. They are the model's slots, so that
 * observable i is slot i; but the values of a choice are the mover's own actions alone.
 */
#ifndef DT_HISTORY_OBSERVE_H
#define DT_HISTORY_OBSERVE_H

#include "detente_history.h"
#include "model/model.h"

typedef struct dt_observables {
    const dt_model *model;
    size_t count;  /* the model's slots */
    size_t *first; /* [count+1] values of those before */
    int *stage;    /* [count] of a choice; else DT_NONE */
    int *mover;    /* [count] likewise */
    int **
        action; /* [count] of a choice [values]: the action's place in the stage, of `none` DT_NONE */
    int **value; /* [count] of a choice [the stage's actions]: the reverse; 0 of another mover's */
} dt_observables;

dt_observables *dt_observables_new(dt_arena *arena, const dt_model *model);

static inline size_t dt_observable_count(const dt_observables *all, size_t index)
{
    return all->first[index + 1] - all->first[index];
}

/* Its name, and that of a value, as columns and cells have them. */
void dt_observable_print(const dt_observables *all, size_t index, dt_text *text);
void dt_observable_print_value(const dt_observables *all, size_t index, size_t value,
                               dt_text *text);
/* The value that a text names, or -1. */
int dt_observable_find(const dt_observables *all, size_t index, dt_slice text);

#endif
