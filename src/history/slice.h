/*
 * Cutting of each row the slice of its game that can have been.
 */
#ifndef DT_HISTORY_SLICE_H
#define DT_HISTORY_SLICE_H

#include "history/likelihood.h"

typedef dt_list(uint8_t) dt_bytes;

/* A slice, and the roots in which the next row can begin. */
typedef struct dt_cut {
    dt_slice_row slice;
    dt_indices after;
} dt_cut;

typedef struct dt_slicer {
    dt_arena *arena, *scratch;
    dt_likelihood *ready;      /* whose stands are explored */
    const uint32_t *variables; /* [words] the fields of the public state */
    const int *stand_of;       /* [policies] or DT_NONE */
    dt_sequences rows;         /* whose slices were cut: stands, cells, roots; */
    dt_list(dt_cut) cut;       /* [rows] and what they are */
    dt_indices words;          /* work space */
    dt_bytes reached, begins;
} dt_slicer;

/* Cuts those of a history, whose `root` is known. DT_INVALID, told: a row can't be. */
dt_status dt_slices_cut(dt_slicer *slicer, size_t history);

/* The number of a row among those that are known: the stands of its policy and of the next one's, what it says (`value`
 * [observables]; NULL: nothing) and the roots in which it can begin. `words` is work space. */
uint32_t dt_row_intern(dt_arena *scratch, dt_indices *words, size_t observables, dt_sequences *rows,
                       uint32_t from, uint32_t to, const int32_t *value, const dt_indices *root,
                       bool *added);

#endif
