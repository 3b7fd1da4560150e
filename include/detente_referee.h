/*
 * Detente: what a hostile referee would say of a model. Objections, the worst first, each a sentence, the
 * number it goes by and the command that shows it; and the numbers that they rest on. The rest of the public
 * interface, and the conventions, are in detente.h.
 */
#ifndef DETENTE_REFEREE_H
#define DETENTE_REFEREE_H

#include "detente.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- thresholds ------------------------------------------------------------------------------- */

/* A number from which on the referee objects. */
typedef struct dt_threshold {
    const char *name; /* "chance-held" */
    double value;
    const char *text; /* what is compared with it */
} dt_threshold;

/* In a fixed order; the name is NULL past the last. */
DT_API dt_threshold dt_referee_threshold(size_t index);

/* Whether a ranking of policies by an outcome holds by chance alone: the rank correlation of what the outcome
 * is under each, `nominal` [policies], with what it is if everybody tosses coins, `chance` [policies], is at
 * least the threshold "chance-ranked". Of two policies: their order is the same. */
DT_API bool dt_ranked_by_chance(const double *nominal, const double *chance, size_t policies);

/* ---- what is asked ---------------------------------------------------------------------------- */

/* Zeroed means the defaults. */
typedef struct dt_referee_how {
    const char *name; /* what the model is called in commands; NULL: MODEL */
    size_t worlds;    /* drawn; 0: 32 */
    uint64_t seed;    /* of them; 0: 1 */
    dt_values values;
    const double *parameters; /* [parameters] the nominal world; NULL: as declared */
    const bool *held;   /* [parameters] numbers that are neither drawn nor moved; NULL: none */
    size_t varied;      /* numbers that are moved through their range; 0: all that have one */
    const size_t *vary; /* [varied] */
    uint64_t starts;    /* random ones of each policy's search for other equilibria; 0: 20 */
    /* Worlds in place of those drawn, those of a study: [worlds][parameters]; NULL: none. */
    const double *drawn;
    /* [policies] what is known of them: a policy's outcomes [outcomes][worlds], NaN where it wasn't solved; NULL: nothing
     * of that policy. */
    const double *const *given;
    /* A file in which what is solved is kept, each piece as soon as it is done, and from which it is taken if it is
     * there: so that work that was ended goes on. NULL: none. */
    const char *keep;
} dt_referee_how;

/* How many solutions it takes: policies times worlds, under every change of the game, the cells between policies and the
 * starts of searches. 0 if the call is wrong. */
DT_API size_t dt_referee_cost(const dt_model *model, const dt_referee_how *how);

/* ---- what is found ---------------------------------------------------------------------------- */

typedef enum dt_gravity { DT_MILD, DT_SERIOUS, DT_GRAVE } dt_gravity;

typedef struct dt_objection {
    const char *
        kind; /* "chance", "noise", "horizon", "numbers", "easy", "bundles", "equilibria", "unpaid" … */
    dt_gravity gravity;
    double number;       /* what it goes by; NaN if it isn't one number */
    const char *text;    /* sentences */
    const char *command; /* that shows it */
} dt_objection;

/* An expectation under a policy ("" if each outcome in it names its own). */
typedef struct dt_expected {
    const char *text, *policy;
    bool holds;           /* in the nominal world */
    bool by_chance;       /* with everybody's rationality 0 as well */
    const int *lookahead; /* [lookaheads] with these: 1 it does, 0 it doesn't, -1 it isn't solved */
    double worlds;        /* share of the worlds drawn, of those that are solved; NaN of none */
} dt_expected;

/* What a mover of a stage does under a policy, over the horizon, where it has a choice. */
typedef struct dt_choice {
    const char *policy, *stage, *mover;
    double made; /* how often it chooses, in expectation */
    double
        entropy; /* of its strategy, as a share of the largest possible: the mean over the choices made */
    size_t actions;
    const char *const *action; /* [actions] */
    const double *share;       /* [actions] of the choices made, */
    const double *precise;     /* the same when everybody is as precise as "precise" says */
} dt_choice;

/* A number moved from the low to the high end of its range, all others staying. */
typedef struct dt_moved {
    size_t parameter;
    /* The largest change of a headline outcome, as a share of that outcome's spread over the policies; NaN where
     * something isn't solved: */
    double first; /* under the first policy, */
    double most;  /* under any */
    size_t turns; /* headline outcomes of which another policy becomes the best at one end */
    size_t outcome, best, best_low, best_high; /* the first of them, and the policies */
} dt_moved;

/* Two policies that an expectation compares, and that differ in several ingredients. */
typedef struct dt_bundle {
    size_t from, to;
    size_t ingredients;
    const char *const *name;  /* [ingredients] as dt_levers_name */
    const double *shapley;    /* [outcomes][ingredients]; NaN if it wasn't worked out */
    const double *mechanical; /* [outcomes] likewise */
} dt_bundle;

/* Policies and outcomes are those of the model, in order; an outcome that isn't known is NaN. */
typedef struct dt_refereed {
    size_t objections;
    const dt_objection *objection; /* [objections] the worst first */
    bool grave;                    /* one of them is */
    size_t solved;                 /* solutions made */
    size_t kept;                   /* of them, by an earlier call, taken from the file */
    size_t policies, outcomes;
    const double *nominal; /* [policies][outcomes] */
    const double *chance;  /* [policies][outcomes] with every rationality 0 */
    size_t lookaheads;
    const int *lookahead; /* [lookaheads] others than the model's; -1: forever */
    const double *other;  /* [lookaheads][policies][outcomes] */
    /* [outcomes] Spearman's correlation of the ranking of policies with the nominal one; NaN if one has no order */
    const double *by_chance;
    const double *by_lookahead; /* [lookaheads][outcomes] */
    size_t expectations;
    const dt_expected *expected; /* [expectations] */
    size_t choices;
    const dt_choice *choice; /* [choices] by policy, stage and mover */
    size_t numbers;
    const dt_moved *moved; /* [numbers] in the order of declaration */
    size_t bundles;
    const dt_bundle *bundle; /* [bundles] */
    void *owner;
} dt_refereed;

/* Referees a model. options->jobs threads; progress is told in solutions. DT_INVALID if the call or a policy is
 * wrong, or the file holds something else, DT_FILE if it can't be used, DT_LIMIT if memory ran out or the progress ended
 * it. What isn't solved is told as an objection. */
DT_API dt_status dt_referee(const dt_model *model, const dt_referee_how *how,
                            const dt_options *options, dt_refereed **refereed);
DT_API void dt_refereed_free(dt_refereed *refereed);

#ifdef __cplusplus
}
#endif

#endif
