/*
 * Designs: which worlds a study looks at, as points of the unit cube. A plan is what was asked for,
 * checked and made complete; it knows any of its points without making the others.
 */
#ifndef DT_STUDY_DESIGN_H
#define DT_STUDY_DESIGN_H

#include "base/diagnostic.h"
#include "detente_study.h"
#include "study/copula.h"
#include "study/sobol.h"

typedef struct dt_plan {
    const dt_model *model;
    dt_design design;
    uint64_t seed;
    dt_values values;
    int beliefs;          /* the fineness of beliefs in place of the model's; 0: as that says */
    const char *selected; /* as in dt_study_plan */
    size_t worlds;        /* of the design */
    size_t deep, risk;
    size_t base; /* SALTELLI, SHAPLEY: N; MORRIS: trajectories; else 0 */
    size_t points;
    size_t varied;
    const size_t *vary; /* [varied] parameters, ascending */
    size_t policies;
    const size_t *policy;     /* [policies] ascending */
    const double *held;       /* [parameters] the nominal world */
    const uint64_t *identity; /* [varied] by which its random numbers are known */
    const bool *is_risk;      /* [varied] */
    const size_t *group;      /* [varied] its group of risks that correlate (dt_joint_groups) */
    size_t groups;
    bool marginal;      /* a coordinate is its own parameter's share: the points stand on levels,
                                 correlations being left out, or (SHAPLEY) have them already */
    dt_sobol *sobol[2]; /* SOBOL: of the deep, of the risks when crossed, else [0] of all;
                                 SALTELLI, SHAPLEY: [0] of A and B; NULL: none */
    size_t sobol_dimensions; /* SALTELLI, SHAPLEY: of each block */
    uint64_t *word;          /* [varied] MORRIS, SHAPLEY: work space */
    dt_joint joint;          /* SHAPLEY: the risks that correlate, */
    dt_joint_room room;      /* work space for them, */
    bool *drawn;             /* [varied] and which parameters are drawn anew */
    const double *point;     /* POSTERIOR: as in dt_study_plan, with what follows */
    const char *fitted;
    double evidence, evidence_error;
} dt_plan;

/* Checks a plan against its model. NULL, and told, if it is wrong. */
dt_plan *dt_plan_new(dt_arena *arena, const dt_model *model, const dt_study_plan *asked,
                     const dt_options *options);

/* World `world` of the design, world < plan->worlds: share[varied] in the unit cube, NaN where the
 * parameter keeps its nominal number. Uses the plan's work space. */
void dt_plan_point(dt_plan *plan, uint64_t world, double *share);

#endif
