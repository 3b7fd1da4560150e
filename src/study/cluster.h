/*
 * The ranks of an mpirun: rank 0 hands out units and gets records back, the others solve; or it asks all for a
 * number for each of many points. Without MPI, or alone, there are no others.
 */
#ifndef DT_STUDY_CLUSTER_H
#define DT_STUDY_CLUSTER_H

#include "study/work.h"

/* Ranks that solve: 1 … dt_cluster_workers(); 0 when alone. */
int dt_cluster_workers(void);
/* Whether this process is one of them. */
bool dt_cluster_is_worker(void);

/* Every rank calls it and gets rank 0's number. */
int dt_cluster_agree(int number);
/* Said by every rank as work begins that all have a part in, and at the end of it: from there on it may leave without being
 * missed. */
void dt_cluster_meet(void);
void dt_cluster_part(void);

/* Where the units of rank 0 come from, and where their records go. */
typedef struct dt_director {
    void *context;
    /* The next unit; false if there is none, now or ever again. */
    bool (*next)(void *context, dt_unit *unit);
    /* Records of a unit that is done. */
    void (*done)(void *context, const dt_unit *unit, const char *records);
    /* Called a thousand times a second while there is nothing to do. */
    void (*wait)(void *context);
    /* False: what is still being solved isn't waited for. */
    bool (*go_on)(void *context);
    char *records; /* room for those of any unit */
    size_t bytes;  /* of it */
} dt_director;

/* Rank 0's work: hands out units until there are none, and takes in what comes back. DT_OK: all came
 * back, and the workers were told that they may part. Else the status of what went wrong with a
 * worker, or DT_LIMIT if `go_on` ended it. */
dt_status dt_cluster_direct(const dt_director *director);
/* A worker's work: solves what it is handed until there is no more. */
dt_status dt_cluster_serve(dt_work *work, char *records, size_t bytes_of_record);

/* What all ranks can be asked: a number for each of some points [count][dimensions]. */
typedef struct dt_question {
    size_t dimensions;
    dt_status (*find)(void *context, size_t count, const double *point, double *number);
    void *context;
} dt_question;

/* Rank 0 asks, and finds its part of the numbers itself; the first status of any rank that isn't DT_OK is the answer's.
 * A number is found by one rank, whichever it is. */
dt_status dt_cluster_ask(const dt_question *question, size_t count, const double *point,
                         double *number);
/* The others answer, until rank 0 dismisses them with a status, which is returned. `arena` gives room for points. */
dt_status dt_cluster_answer(const dt_question *question, dt_arena *arena);
void dt_cluster_dismiss(dt_status status);
/* Every rank calls it and gets rank 0's numbers. */
void dt_cluster_tell(double *number, size_t count);

#endif
