/*
 * The work of a study: worlds of the design made and solved, a unit at a time, into records that can
 * be sent from one machine to another and put into the file. Knows nothing of either.
 */
#ifndef DT_STUDY_WORK_H
#define DT_STUDY_WORK_H

#include "study/place.h"
#include "study/store.h"

/* Worlds of the file `first` … first+count-1 under one of the plan's policies. */
typedef struct dt_unit {
    uint64_t first;
    uint64_t count; /* at least 1, at most dt_work_room() */
    uint64_t column;
} dt_unit;

/* What became of one world, without pointers. */
typedef struct dt_record {
    uint64_t failures, crossed, sweeps;
    double residual;
    int32_t status; /* dt_status */
    char code[60];
    char reason[480];
    double number[]; /* [outcomes], [actors] values, [actors] gaps */
} dt_record;

typedef struct dt_work dt_work;

/* Explores the plan's policies, each once. DT_INVALID or DT_LIMIT, told, if one can't be; *work is set
 * as soon as there is something to free. Needs the arena and the plan until it is freed. */
dt_status dt_work_new(dt_arena *arena, dt_plan *plan, int jobs, const dt_options *options,
                      dt_work **work);
void dt_work_free(dt_work *work); /* NULL is allowed */

/* The most worlds in a unit, and the number that units are best a multiple of. */
size_t dt_work_room(const dt_work *work);
size_t dt_work_grain(const dt_work *work);

/* Makes the worlds `first` … first+count-1 of the file; dt_work_share and dt_work_values tell of them until
 * others are made. */
void dt_work_make(dt_work *work, uint64_t first, size_t count);
/* One of them: its point and its numbers. */
const double *dt_work_share(const dt_work *work, uint64_t world);
const double *dt_work_values(const dt_work *work, uint64_t world);

/* Warns of the first worlds of the design that will fail, before anything is solved. */
dt_status dt_work_warn(dt_work *work);

/* Solves a unit into records of dt_record_bytes each; makes its worlds if they aren't. `pulse` is
 * called now and then with the part that is done. */
dt_status dt_work_solve(dt_work *work, const dt_unit *unit, char *records,
                        void (*pulse)(void *context, double done), void *context);

size_t dt_record_bytes(const dt_plan *plan);
dt_result dt_record_result(const dt_record *record);

#endif
