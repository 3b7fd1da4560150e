/*
 * Detente: studies, and the questions put to them. What needs more than the C library stands here;
 * the rest of the public interface, and the conventions, are in detente.h.
 *
 * A study is a design of many worlds, each solved under each of several policies, in one file: an
 * SQLite database that holds the model's text, every world and every result (its tables are
 * described in docs/study.md). dt_study_run fills such a file, and goes on with one that is not
 * full; dt_study_open reads one.
 */
#ifndef DETENTE_STUDY_H
#define DETENTE_STUDY_H

#include "detente.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- designs --------------------------------------------------------------------------------- */

/* Which worlds a study looks at: points of the unit cube, one coordinate for each parameter that
 * varies, each made a number by the parameter's range or distribution. */
typedef enum dt_design {
    DT_DESIGN_LATIN,         /* Latin hypercube: each of N equal parts of each parameter once */
    DT_DESIGN_RANDOM,        /* independent draws, those of dt_draws_world */
    DT_DESIGN_SOBOL,         /* Sobol's sequence with a random digital shift */
    DT_DESIGN_SALTELLI,      /* blocks A, B, A with one column of B, for Sobol's indices */
    DT_DESIGN_MORRIS,        /* trajectories of elementary steps */
    DT_DESIGN_ONE_AT_A_TIME, /* the nominal world, then one parameter through its range at a time */
    DT_DESIGN_GRID,          /* every combination of levels */
    DT_DESIGNS
} dt_design;

/* "latin", "random", "sobol", "saltelli", "morris", "one-at-a-time", "grid". */
DT_API const char *dt_design_name(dt_design design);

/* What a study is asked to be; zeroed means the defaults. */
typedef struct dt_study_plan {
    dt_design design;
    uint64_t seed;
    dt_values values;
    /* The size of the design, by its kind; what doesn't belong to it must be 0. */
    size_t worlds; /* LATIN, RANDOM, SOBOL: how many */
    size_t deep,
        risk;      /* the same designs, crossed: every one of `deep` draws of the deep parameters
                          meets the same `risk` draws of the risks; instead of `worlds` */
    size_t base;   /* SALTELLI: N, for N (varied + 2) worlds; MORRIS: trajectories */
    size_t points; /* ONE_AT_A_TIME, GRID: levels of a parameter, at least 2 (default 9, 5);
                          MORRIS: levels, even (default 4) */
    size_t varied; /* LATIN ... ONE_AT_A_TIME: 0 means all that aren't fixed or held */
    const size_t *vary; /* [varied] parameters that vary; the others keep their number in `held` */
    size_t policies;    /* 0: all */
    const size_t *policy; /* [policies] */
    const double *held; /* [parameters] the nominal world; NULL: as declared. One whose number isn't
                             the declared one is held there: it doesn't vary */
} dt_study_plan;

/* ---- running --------------------------------------------------------------------------------- */

typedef struct dt_study_progress {
    size_t worlds;  /* of the study, times policies */
    size_t before;  /* of them done when this run began */
    size_t done;    /* done by now, `before` included */
    double ongoing; /* of those that are being solved the part done, as a number of worlds */
} dt_study_progress;

/* Zeroed means the defaults. */
typedef struct dt_study_how {
    int jobs; /* threads of this process; 0: one for each processor */
    /* Called now and then; false ends the run once what is held is in the file. */
    bool (*progress)(void *context, const dt_study_progress *progress);
    void *progress_context;
} dt_study_how;

/* Worlds that failed alike. */
typedef struct dt_study_failure {
    size_t policy;      /* of the model */
    const char *code;   /* as dt_world_result.code */
    size_t worlds;      /* how many */
    uint64_t first;     /* the first of them: its number in the file, 0 the nominal one */
    const char *reason; /* of the first */
} dt_study_failure;

/* What a run did. Freed by dt_study_summary_free. */
typedef struct dt_study_summary {
    size_t worlds;    /* of the design */
    size_t policies;  /* looked at in each world, and in the nominal one */
    size_t before;    /* worlds times policies, the nominal one included, found in the file */
    size_t done;      /* by now; (worlds + 1) * policies if the study is complete */
    size_t failed;    /* of them, worlds that failed */
    bool interrupted; /* how->progress ended it */
    double seconds;   /* this run took */
    double storing;   /* of them, spent in the file */
    size_t failures;
    const dt_study_failure *failure; /* [failures] by policy and code */
    void *owner;
} dt_study_summary;

/* Runs a study into the file at `path`, or what is missing of it if the file is there. Worlds are
 * generated and written in pieces: memory doesn't grow with their number. What is in the file stays
 * there whatever ends the run, and the file's content doesn't depend on how often it was ended and
 * taken up again, on jobs, or on machines. Under mpirun (see dt_cluster_join) the ranks share the
 * work and rank 0 alone writes.
 *
 * DT_OK: complete. DT_NO: complete, and some worlds failed. DT_INVALID: the plan is wrong, a policy
 * can't be explored, or the file holds another study, the difference being told. DT_LIMIT: memory,
 * or how->progress ended it (summary->interrupted). DT_FILE: the file can't be written, or isn't a
 * study. *summary is NULL unless the file was opened. */
DT_API dt_status dt_study_run(const dt_model *model, const dt_study_plan *plan, const char *path,
                              const dt_study_how *how, const dt_options *options,
                              dt_study_summary **summary);
DT_API void dt_study_summary_free(dt_study_summary *summary);

/* ---- many machines --------------------------------------------------------------------------- */

/* Joins the other ranks if mpirun started this process among several: dt_study_run then shares its
 * work with them, provided that all of them call it alike; rank 0 alone writes, reports progress and
 * has a summary. Called at most once, before dt_study_run; the ranks belong to the process. Alone, or
 * if it isn't called, nothing changes. DT_INVALID, told: built without MPI. */
DT_API dt_status dt_cluster_join(const dt_options *options, int *rank, int *ranks);
/* Leaves them, the last thing before the process ends. If this rank ends before its part in
 * dt_study_run did, all are ended with `status`. */
DT_API void dt_cluster_leave(dt_status status);

/* ---- reading --------------------------------------------------------------------------------- */

typedef struct dt_study dt_study; /* a study file that was read */

/* All that a study holds, in memory; owned by the study. Numbers of a world that failed, or that
 * isn't done, are NaN. World w here is world w + 1 of the file, whose world 0 is the nominal one. */
typedef struct dt_study_data {
    const dt_model *model; /* of the text in the file */
    const char *hash;      /* of that text */
    dt_design design;
    uint64_t seed;
    dt_values values;
    size_t worlds;                       /* of the design */
    size_t done;                         /* worlds times policies that have a row */
    size_t parameters, outcomes, actors; /* of the model */
    size_t policies;
    const size_t *policy; /* [policies] the model's policies that were studied, ascending */
    size_t varied;
    const size_t *vary;  /* [varied] the parameters that the design varies, ascending */
    size_t deep, risk;   /* crossed: so many deep draws times so many risk draws; else 0, 0 */
    size_t trajectories; /* SALTELLI: base N; MORRIS: trajectories; else 0 */
    size_t points;       /* ONE_AT_A_TIME, GRID, MORRIS: levels; else 0 */
    const double *held;  /* [parameters] the nominal world, before policies' settings */
    /* [worlds][parameters] before policies' settings */
    const double *parameter;
    /* [worlds][varied] the point in the unit cube; NaN where the parameter keeps its nominal number
     * (ONE_AT_A_TIME). Risks that correlate: of their independent scores, so that a coordinate moves
     * its own parameter and those that are declared after it and correlate with it; in MORRIS,
     * ONE_AT_A_TIME and GRID correlations are left out and each moves by itself. */
    const double *share;
    const double *nominal;       /* [policies][outcomes] in the nominal world */
    const double *outcome;       /* [policies][outcomes][worlds] */
    const double *value, *gap;   /* [policies][actors][worlds] */
    const double *residual;      /* [policies][worlds] */
    const unsigned char *status; /* [policies][worlds] dt_status of the world, or DT_NOT_DONE */
} dt_study_data;

enum { DT_NOT_DONE = 255 };

/* Order of the worlds. LATIN, RANDOM, SOBOL crossed: world d * risk + r has deep draw d and risk
 * draw r. SALTELLI: block A (N worlds), block B, then for each varied parameter i block A with
 * column i from B. MORRIS: trajectory after trajectory, each of varied + 1 points. ONE_AT_A_TIME:
 * world 0 nominal, then for each varied parameter its points, ascending. GRID: the last parameter
 * fastest. */

/* Reads a study, complete or not. DT_FILE, with a diagnostic, if the file can't be read, isn't a
 * study, is of another schema, or is damaged. */
DT_API dt_status dt_study_open(const char *path, const dt_options *options, dt_study **study);
DT_API const dt_study_data *dt_study_read(const dt_study *study);
DT_API void dt_study_close(dt_study *study);

#ifdef __cplusplus
}
#endif

#endif
