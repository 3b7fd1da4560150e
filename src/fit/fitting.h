/*
 * A fit made ready: the plan of the study that its draws will be, and the likelihood as a function of
 * normal scores.
 */
#ifndef DT_FIT_FITTING_H
#define DT_FIT_FITTING_H

#include "detente_fit.h"
#include "fit/tempering.h"
#include "study/place.h"

typedef struct dt_fitting {
    dt_arena *arena;
    const dt_model *model;
    const dt_fit_plan *asked;
    const dt_options *options;
    dt_study_plan study; /* that the draws will be; points and evidence come last */
    dt_plan *plan;       /* of it, for placing points */
    dt_draws *draws;     /* to be freed */
    dt_placing *placing;
    double *share;     /* [particles][free] points of the unit cube */
    double *parameter; /* [particles][parameters] worlds there */
    size_t particles;
} dt_fitting;

/* Whether a plan's indices are those of the model. */
bool dt_fitting_right(const dt_model *model, const dt_fit_plan *plan);

/* Checks what is asked. DT_INVALID, told, if it is wrong. `fitting` zeroed but for arena, model, asked and options;
 * `draws` is to be freed whatever the status. */
dt_status dt_fitting_prepare(dt_fitting *fitting);

/* Points of the unit cube from normal scores: score and share [count][free]. */
void dt_fitting_shares(const dt_fitting *fitting, size_t count, const double *score, double *share);

/* The likelihood as something to draw from; its points are in normal scores. Under mpirun all ranks find a share of them:
 * rank 0 works with the target, and says at the end, dt_fitting_end, how that went; the others serve until then, and have its
 * status. */
dt_target dt_fitting_target(dt_fitting *fitting);
dt_status dt_fitting_serve(dt_fitting *fitting);
void dt_fitting_end(dt_status status);

/* Tells that no draw of the prior has a likelihood. */
void dt_fitting_hopeless(const dt_fitting *fitting, size_t draws);

#endif
