/*
 * A view of a study: the points that a question counts, and their numbers one column at a time.
 *
 * Worlds in which a policy asked about failed or isn't done are left out for all of them, so that
 * every comparison is between the same worlds. Of a crossed study a point is a deep draw and its
 * numbers are averages over the risk draws, as risks alone have a probability by which they may be
 * averaged. Of the designs saltelli and shapley only blocks A and B are a
 * sample.
 */
#ifndef DT_ROBUST_VIEW_H
#define DT_ROBUST_VIEW_H

#include "base/arena.h"
#include "base/diagnostic.h"
#include "detente_study.h"

typedef struct dt_view {
    const dt_study_data *data;
    dt_basis basis;
    size_t points;       /* basis.points */
    const size_t *first; /* [points+1] into `world`: the worlds that a point is the average of */
    const size_t *world; /* of the study, ascending */
    size_t parameters;   /* that vary between points: in a crossed study the deep ones */
    const size_t *parameter; /* [parameters] of the model */
} dt_view;

/* The view for the policies with these positions in data->policy. */
const dt_view *dt_view_make(dt_arena *arena, const dt_study_data *data, const size_t *policy,
                            size_t policies);
/* The same for all policies of the study. */
const dt_view *dt_view_all(dt_arena *arena, const dt_study_data *data);

/* Whether that has a point. */
bool dt_view_any(const dt_study_data *data);

/* The outcome of a policy at each point: column [points]. */
void dt_view_outcome(const dt_view *view, size_t policy, size_t outcome, double *column);
/* The number of a parameter of the model at each point: column [points]. */
void dt_view_parameter(const dt_view *view, size_t parameter, double *column);

/* Whether a policy was solved in a world, all its outcomes being finite numbers. A file that another
 * program has written to may say that it was without them. */
bool dt_view_solved(const dt_study_data *data, size_t policy, size_t world);

/* The outcome of a policy in a world; NaN if it isn't known. */
double dt_view_number(const dt_study_data *data, size_t policy, size_t outcome, size_t world);

/* Tells that the study has no world that could be answered from. Always DT_INVALID. */
dt_status dt_view_empty(dt_arena *arena, const dt_options *options, const dt_view *view);

#endif
