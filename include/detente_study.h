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
    DT_DESIGN_LATIN,    /* Latin hypercube: each of N equal parts of each parameter once */
    DT_DESIGN_RANDOM,   /* independent draws, those of dt_draws_world */
    DT_DESIGN_SOBOL,    /* Sobol's sequence with a random digital shift */
    DT_DESIGN_SALTELLI, /* blocks A, B, A with one column of B, for Sobol's indices */
    DT_DESIGN_SHAPLEY,  /* blocks A, B and the steps from one to the other, for Shapley effects */
    DT_DESIGN_MORRIS,   /* trajectories of elementary steps */
    DT_DESIGN_ONE_AT_A_TIME, /* the nominal world, then one parameter through its range at a time */
    DT_DESIGN_GRID,          /* every combination of levels */
    DT_DESIGN_POSTERIOR,     /* draws given a history, which dt_fit makes (detente_fit.h) */
    DT_DESIGNS
} dt_design;

/* "latin", "random", "sobol", "saltelli", "shapley", "morris", "one-at-a-time", "grid", "posterior". */
DT_API const char *dt_design_name(dt_design design);

/* What a study is asked to be; zeroed means the defaults. */
typedef struct dt_study_plan {
    dt_design design;
    uint64_t seed;
    dt_values values;
    /* The size of the design, by its kind; what doesn't belong to it must be 0. */
    size_t worlds; /* LATIN, RANDOM, SOBOL: how many */
    size_t deep,
        risk;    /* the same designs, crossed: every one of `deep` draws of the deep parameters
                          meets the same `risk` draws of the risks; instead of `worlds` */
    size_t base; /* SALTELLI: N, for N (groups + 2) worlds, risks that correlate being one group and
                      any other parameter another; SHAPLEY: N, for N (varied + 1) worlds; MORRIS:
                      trajectories */
    size_t points;      /* ONE_AT_A_TIME, GRID: levels of a parameter, at least 2 (default 9, 5);
                          MORRIS: levels, even (default 4) */
    size_t varied;      /* LATIN ... ONE_AT_A_TIME: 0 means all that aren't fixed or held */
    const size_t *vary; /* [varied] parameters that vary; the others keep their number in `held` */
    size_t policies;    /* 0: all */
    const size_t *policy; /* [policies] */
    const double *held; /* [parameters] the nominal world; NULL: as declared. One whose number isn't
                             the declared one is held there: it doesn't vary */
    const char *
        selected; /* what dt_options.selected holds, in a word of the caller's, by which the file knows
                             it again; NULL: nothing, the limit */
    /* POSTERIOR alone: its points, and what they were drawn from. */
    const double *point;             /* [worlds][varied] in the unit cube, `vary` ascending */
    const char *fitted;              /* one line: what they were fitted to */
    double evidence, evidence_error; /* log evidence, and its standard error */
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

/* Joins the other ranks if mpirun started this process among several: dt_study_run, dt_fit_run and dt_fit_mode then share their
 * work with them, provided that all of them call it alike; rank 0 alone writes, reports progress and
 * has a summary. Called at most once, before them; the ranks belong to the process. Alone, or
 * if it isn't called, nothing changes. DT_INVALID, told: built without MPI. */
DT_API dt_status dt_cluster_join(const dt_options *options, int *rank, int *ranks);
/* Leaves them, the last thing before the process ends. If this rank ends before its part in
 * their work did, all are ended with `status`. */
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
    int beliefs;          /* dt_options.beliefs that it was made with; 0 where nothing is private */
    const char *selected; /* dt_study_plan.selected likewise; NULL: the limit */
    size_t worlds;        /* of the design */
    size_t done;          /* worlds times policies that have a row */
    size_t parameters, outcomes, actors; /* of the model */
    size_t policies;
    const size_t *policy; /* [policies] the model's policies that were studied, ascending */
    size_t varied;
    const size_t *vary;  /* [varied] the parameters that the design varies, ascending */
    size_t deep, risk;   /* crossed: so many deep draws times so many risk draws; else 0, 0 */
    size_t trajectories; /* SALTELLI, SHAPLEY: base N; MORRIS: trajectories; else 0 */
    size_t points;       /* ONE_AT_A_TIME, GRID, MORRIS: levels; else 0 */
    const double *held;  /* [parameters] the nominal world, before policies' settings */
    const char *fitted;  /* POSTERIOR: what its worlds were fitted to; else NULL */
    double evidence, evidence_error; /* POSTERIOR: log evidence and its standard error; else NaN */
    /* [worlds][parameters] before policies' settings */
    const double *parameter;
    /* [worlds][varied] the point in the unit cube; NaN where the parameter keeps its nominal number
     * (ONE_AT_A_TIME). Risks that correlate: of their independent scores, so that a coordinate moves
     * its own parameter and those that are declared after it and correlate with it; in SHAPLEY of the
     * numbers themselves; in MORRIS, ONE_AT_A_TIME and GRID correlations are left out and each moves
     * by itself. */
    const double *share;
    const double *nominal;       /* [policies][outcomes] in the nominal world */
    const double *outcome;       /* [policies][outcomes][worlds] */
    const double *value, *gap;   /* [policies][actors][worlds] */
    const double *residual;      /* [policies][worlds] */
    const unsigned char *status; /* [policies][worlds] dt_status of the world, or DT_NOT_DONE */
} dt_study_data;

enum { DT_NOT_DONE = 255 };

/* Order of the worlds. LATIN, RANDOM, SOBOL crossed: world d * risk + r has deep draw d and risk
 * draw r. SALTELLI: block A (N worlds), block B, then for each group of varied parameters, in the order
 * of their first, block A with its columns from B. SHAPLEY: block A, block B, then for each t = 1 …
 * varied - 1 block A with t parameters of each row, in a random order of its own, drawn anew from their
 * distribution given the others; B is the same with all of them. MORRIS: trajectory after trajectory, each of varied + 1 points. ONE_AT_A_TIME:
 * world 0 nominal, then for each varied parameter its points, ascending. GRID: the last parameter
 * fastest. POSTERIOR: draws that weigh the same, in no order. */

/* Reads a study, complete or not. DT_FILE, with a diagnostic, if the file can't be read, isn't a
 * study, is of another schema, or is damaged. */
DT_API dt_status dt_study_open(const char *path, const dt_options *options, dt_study **study);
DT_API const dt_study_data *dt_study_read(const dt_study *study);
DT_API void dt_study_close(dt_study *study);

/* ---- questions: what they share -------------------------------------------------------------- */

/*
 * Every question is put to the data of a study and answered with one block of memory, which is freed
 * by the question's own function. Indices `policy` count data->policy (0 … data->policies - 1),
 * `outcome` and `parameter` those of the model. A world in which one of the policies asked about
 * failed, or isn't done, is left out for all of them. Crossed studies are averaged first over the
 * risk draws of each deep draw; a point is then a deep draw, else a world. Of the designs SALTELLI and
 * SHAPLEY the blocks A and B alone are a sample: the others are left out wherever worlds are counted. Where a
 * parameter that varies is deep, shares and averages over points are those of the design, and not
 * probabilities. Random numbers (resampling) are Philox's, by data->seed: the same study gives the
 * same answer. Errors: DT_INVALID if there is nothing to answer from, with a diagnostic that says
 * what is missing; DT_LIMIT if memory doesn't suffice.
 */

/* Which worlds an answer rests on. */
typedef struct dt_basis {
    size_t worlds;     /* looked at */
    size_t unfinished; /* of these left out: not done under each policy asked about */
    size_t failed;     /* of these left out: failed under one of them */
    size_t points;     /* what the answer counts: worlds, or deep draws */
    bool sample;    /* the points are a sample: not of designs MORRIS, ONE_AT_A_TIME, GRID, of which
                          resampling and halving would make no sense; what takes them is NaN then */
    bool averaged;  /* a point is a deep draw, averaged over the study's risk draws */
    bool posterior; /* the points are draws of a posterior */
    size_t deep, risk; /* parameters that vary: so many are deep, so many risks; in a posterior all
                          have a probability */
} dt_basis;

/* How many of the worlds looked at (basis->worlds) failed under one policy. */
DT_API size_t dt_basis_failed(const dt_study_data *data, const dt_basis *basis, size_t policy);

typedef enum dt_relation { DT_BELOW, DT_AT_MOST, DT_ABOVE, DT_AT_LEAST } dt_relation;

/* "war < 0.05": an outcome's number compared with another. */
typedef struct dt_criterion {
    size_t outcome;
    dt_relation relation;
    double number;
} dt_criterion;

/* Reads "OUTCOME < NUMBER", or <=, >, >=; the number may be a percentage. DT_INVALID, with a
 * diagnostic, if it is none. */
DT_API dt_status dt_criterion_read(const dt_model *model, const char *text,
                                   const dt_options *options, dt_criterion *criterion);

/* ---- which policy holds up --------------------------------------------------------------------- */

/* How a policy's numbers over all points become one. In the outcome's unit; regret is what is lost
 * against the best policy at the same point. */
typedef enum dt_measure {
    DT_MEASURE_MEAN,       /* Laplace; the expected value if risks alone vary */
    DT_MEASURE_WORST,      /* Wald: the worst point */
    DT_MEASURE_HURWICZ,    /* optimism times the best point, the rest of it times the worst */
    DT_MEASURE_REGRET,     /* Savage: the largest regret */
    DT_MEASURE_REGRET_P90, /* the regret that is passed at a tenth of the points */
    DT_MEASURES
} dt_measure;

/* "mean", "worst", "hurwicz", "regret", "regret_p90". */
DT_API const char *dt_measure_name(dt_measure measure);

enum { DT_QUANTILES = 7 };
/* 0, .05, .25, .5, .75, .95, 1: least and largest, bands, quartiles and median. */
DT_API double dt_quantile_share(size_t index);

typedef struct dt_compare_how {
    size_t outcomes;                 /* 0: all */
    const size_t *outcome;           /* [outcomes] */
    size_t requirements;             /* thresholds that a policy should keep */
    const dt_criterion *requirement; /* [requirements] */
    double optimism;                 /* Hurwicz's, 0 … 1 */
    size_t resamples;                /* of the bootstrap; 0: 1000 */
} dt_compare_how;

/* A policy by one outcome. */
typedef struct dt_compared {
    double nominal;                /* in the nominal world; NaN if that failed */
    double quantile[DT_QUANTILES]; /* over the points, as Hyndman & Fan's type 7 */
    double low, high; /* 95 % bootstrap interval of the mean; NaN of fewer than 2 points */
    /* The rest is NaN of outcomes without a direction, but for the mean. */
    double measure[DT_MEASURES];
    double chosen[DT_MEASURES]; /* share of resamples in which it is first by the measure */
    double best;                /* share of points at which it is best, ties counting for each */
    size_t rank[DT_MEASURES];   /* from 1; those that are tied share the first rank of them */
} dt_compared;

/* One policy less another, by one outcome. */
typedef struct dt_difference {
    size_t policy, other; /* policy < other */
    double mean;          /* in the outcome's unit */
    double low, high;     /* 95 % paired bootstrap interval */
    double better;        /* share of points at which `policy` is better; NaN without a direction */
    int order[DT_MEASURES]; /* 1: `policy` is better by the measure, -1: `other`, 0: tied */
    bool turns;             /* measures disagree about which is better */
} dt_difference;

typedef struct dt_compared_outcome {
    size_t outcome;
    int direction;
    const dt_compared *policy;            /* [policies] */
    size_t choice[DT_MEASURES];           /* the first of the policies of rank 1 */
    size_t tied[DT_MEASURES];             /* how many have rank 1 */
    double tau[DT_MEASURES][DT_MEASURES]; /* Kendall's tau-b of the rankings; NaN if one has none */
    size_t differences;
    const dt_difference *difference; /* [differences] every pair */
    size_t turns;                    /* pairs about which measures disagree */
} dt_compared_outcome;

typedef struct dt_comparison {
    dt_basis basis;
    double optimism;
    size_t resamples; /* 0 if the points aren't a sample, or there is one */
    size_t policies, outcomes, requirements;
    const dt_compared_outcome *outcome; /* [outcomes] */
    const double *kept;     /* [requirements][policies] Starr's domain criterion: share of points at
                              which the policy keeps the requirement */
    const double *all_kept; /* [policies] satisficing: share at which it keeps all; NULL without */
    /* [requirements + 1][policies], the last row of all_kept: whether the share is ahead of every
     * smaller one by more than 1.96 standard errors of the paired difference (McNemar 1947); NULL
     * without requirements or a sample */
    const bool *kept_clear;
    /* [DT_MEASURES][policies] over the outcomes with a direction: a policy that is no worse by any of
     * them and better by one; `policies` if there is none, so that the policy is in the Pareto set */
    const size_t *dominated;
    size_t directed; /* outcomes with a direction among these */
    void *owner;
} dt_comparison;

DT_API dt_status dt_compare(const dt_study_data *data, const dt_compare_how *how,
                            const dt_options *options, dt_comparison **comparison);
DT_API void dt_comparison_free(dt_comparison *comparison);

/* ---- where a policy fails ---------------------------------------------------------------------- */

typedef struct dt_discover_how {
    size_t policy;
    size_t criteria;
    const dt_criterion *criterion; /* [criteria] a point where all hold is of interest */
    double peel;                   /* share of a box's points that one step takes off; 0: .05 */
    double least;                  /* share of the points that a box keeps; 0: .05 */
    size_t box;                    /* which to describe, from 0; SIZE_MAX: as the rule chooses */
} dt_discover_how;

/* One side of a box. */
typedef struct dt_limit {
    size_t parameter;
    bool upper;        /* at most `at`, or at least */
    double at;         /* halfway between the points on both sides of it */
    double quasi_p;    /* how likely a restriction that does nothing gives such a density */
    double recurrence; /* share of resamples that limit this side, too; NaN but in the box chosen */
} dt_limit;

typedef struct dt_box {
    size_t points, interest; /* in it, and of those of interest */
    double coverage;         /* share of all points of interest that are in it */
    double density;          /* share of its points that are of interest */
    double mass;             /* share of all points that are in it */
    /* The same two of points that a box wasn't peeled from: means over random halves of the points, of
     * the box of about this mass that was peeled from the other half; NaN of `pruned` */
    double elsewhere_coverage, elsewhere_density;
    size_t restricted; /* parameters */
    size_t limits;
    const dt_limit *limit; /* [limits] by parameter, lower side first */
} dt_box;

/* The same by a classification tree. */
typedef struct dt_tree_answer {
    double coverage, density;
    /* The same two of points that a tree wasn't grown on, as of dt_box */
    double elsewhere_coverage, elsewhere_density;
    bool better;      /* than the chosen box, by .05 in the harmonic mean of these two elsewhere */
    double agreement; /* share of points that tree and box both hold, or both don't */
    size_t leaves;    /* of the tree */
    size_t taken;     /* leaves, densest first, until they cover as much as the box; if no box
                                holds, all that are denser than the points together */
    const dt_box *leaf;      /* [taken] as boxes */
    size_t parameters;       /* that the tree splits by, */
    const size_t *parameter; /* the one that separates most first */
} dt_tree_answer;

typedef struct dt_discovery {
    dt_basis basis;
    size_t interest; /* points of interest; none or all: there is nothing to discover, no box */
    size_t boxes;
    const dt_box *box; /* [boxes] the peeling trajectory; the first holds all points */
    size_t suggested; /* the box with the largest harmonic mean of coverage and density elsewhere */
    size_t chosen;    /* how->box, or that */
    dt_box pruned;    /* the box chosen without the limits whose quasi-p is .05 or more */
    size_t resamples; /* halves of the points, peeled anew */
    dt_tree_answer tree;
    void *owner;
} dt_discovery;

DT_API dt_status dt_discover(const dt_study_data *data, const dt_discover_how *how,
                             const dt_options *options, dt_discovery **discovery);
DT_API void dt_discovery_free(dt_discovery *discovery);

/* ---- which numbers matter ---------------------------------------------------------------------- */

/* Rows below which no index can be told from noise, whatever its interval: a bootstrap of fewer draws
 * the same few again and again. */
enum { DT_LEAST_ROWS = 64 };

/* Sobol's indices of a group of parameters that correlate with each other, or of one that correlates
 * with no other (SALTELLI). */
typedef struct dt_sobol_index {
    double first, first_low, first_high; /* share of the variance that goes if it is known alone */
    double total, total_low, total_high; /* that stays if all but it are known */
    double first_half, total_half;       /* of the first half of the design */
} dt_sobol_index;

/* The Shapley effect of one parameter (SHAPLEY): its share of the variance, whatever it correlates
 * with. */
typedef struct dt_shapley_effect {
    double effect, low, high;
    double half; /* of the first half of the design */
} dt_shapley_effect;

/* Elementary effects of one parameter (MORRIS), for a step through its whole range. */
typedef struct dt_elementary {
    double mean, size, spread; /* of the effects, of their absolute values, standard deviation */
    size_t effects;
} dt_elementary;

/* A parameter moved alone through its range (ONE_AT_A_TIME). */
typedef struct dt_swing {
    double low, high;       /* the parameter's outermost points */
    double at_low, at_high; /* the outcome there */
    double least, most;     /* the outcome at all its points */
} dt_swing;

/* Rank correlation of a parameter with the outcome (any sample). */
typedef struct dt_rank_effect {
    double correlation;  /* Spearman's */
    double standardised; /* coefficient of the linear regression on ranks; NaN if it can't be had */
    double error;        /* 1.96 standard errors of that */
} dt_rank_effect;

typedef struct dt_sensitivity {
    dt_basis basis;
    size_t parameters;
    const size_t *parameter; /* [parameters] */
    bool constant; /* the outcome is the same at all points: there is nothing to share out */
    double mean, variance;
    size_t groups;       /* of parameters that correlate with each other; the others each alone */
    const size_t *group; /* [parameters] its group, numbered in the order of first members */
    const dt_sobol_index *sobol;   /* [groups] SALTELLI; NULL else */
    double first_sum, first_error; /* of first-order indices, 95 %: a sum beyond 1 by more than this
                                      says that the rows are too few */
    /* [parameters] of what the design gives; NULL else */
    const dt_shapley_effect *shapley;
    const dt_elementary *elementary;
    const dt_swing *swing;
    const dt_rank_effect *rank;
    size_t rows;       /* SALTELLI, SHAPLEY: that were solved in all blocks */
    size_t resamples;  /* of the intervals of `sobol`, `shapley` */
    double explained;  /* R² of the regression on ranks; NaN without */
    double rank_floor; /* correlations below are those that 5 % of unrelated parameters reach */
    double
        rank_floor_all; /* the largest of all `parameters` correlations, were none related, is above in at
                              most 5 % of studies (Dunn 1961) */
    void *owner;
} dt_sensitivity;

DT_API dt_status dt_sensitivities(const dt_study_data *data, size_t policy, size_t outcome,
                                  const dt_options *options, dt_sensitivity **sensitivity);
DT_API void dt_sensitivity_free(dt_sensitivity *sensitivity);

/* What a parameter has to do with the question which policy is best by an outcome. */
typedef struct dt_decisive {
    size_t parameter;
    /* ONE_AT_A_TIME: the number nearest to the nominal one at which another policy becomes best,
     * below and above it; NaN if none does in the range. Linear between the design's points. */
    double flip_below, flip_above;
    size_t best_below, best_above; /* the policy that is best past it */
    /* any sample: the expected value of knowing the parameter, and where the best policy changes
     * between the means of bins; NaN: nowhere, or not with this design */
    double worth;
    double turn;
    size_t best_low, best_high; /* in the lowest and in the highest bin */
} dt_decisive;

typedef struct dt_decision {
    dt_basis basis;
    size_t outcome;
    size_t best; /* by the nominal world (ONE_AT_A_TIME) or by the mean */
    size_t parameters;
    const dt_decisive *decisive; /* [parameters] in the order in which they matter */
    bool flips, worths;          /* which of the two the design gives */
    double perfect;              /* expected value of knowing every number */
    double bias,
        floor; /* what `worth` is of a parameter that has nothing to do with it: the mean, and
                           the largest over `resamples` random orders of the points */
    size_t bins, resamples;
    void *owner;
} dt_decision;

/* DT_INVALID, told, of an outcome without a direction or a study of one policy. */
DT_API dt_status dt_decide(const dt_study_data *data, size_t outcome, const dt_options *options,
                           dt_decision **decision);
DT_API void dt_decision_free(dt_decision *decision);

/* ---- whether to trust it ----------------------------------------------------------------------- */

typedef enum dt_verdict { DT_VERDICT_GOOD, DT_VERDICT_CAUTION, DT_VERDICT_BAD } dt_verdict;

typedef struct dt_finding {
    const char *name; /* "failures", "residuals", … */
    dt_verdict verdict;
    double number;    /* what the verdict goes by; NaN if it isn't one number */
    const char *text; /* sentences */
} dt_finding;

typedef struct dt_diagnose_how {
    bool quick;    /* nothing is solved again */
    size_t worlds; /* solved again with rationality halved and doubled; 0: 64 */
    int jobs;      /* as in dt_ensemble_options */
} dt_diagnose_how;

typedef struct dt_diagnosis {
    dt_verdict verdict; /* the worst of the findings' */
    size_t findings;
    const dt_finding *finding; /* [findings] */
    void *owner;
} dt_diagnosis;

DT_API dt_status dt_diagnose(const dt_study_data *data, const dt_diagnose_how *how,
                             const dt_options *options, dt_diagnosis **diagnosis);
DT_API void dt_diagnosis_free(dt_diagnosis *diagnosis);

#ifdef __cplusplus
}
#endif

#endif
