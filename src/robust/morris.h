/*
 * Elementary effects from Morris' trajectories.
 */
#ifndef DT_ROBUST_MORRIS_H
#define DT_ROBUST_MORRIS_H

#include "detente_study.h"

/* Of shares [worlds][parameters] in trajectories of parameters + 1 points and outcomes y [worlds]
 * (NaN: not known) to elementary [parameters]. */
void dt_morris(const double *share, const double *y, size_t worlds, size_t parameters,
               dt_elementary *elementary);

#endif
