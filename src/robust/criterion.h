/*
 * Conditions on outcomes: "war < 0.05".
 */
#ifndef DT_ROBUST_CRITERION_H
#define DT_ROBUST_CRITERION_H

#include "detente_study.h"

bool dt_criterion_holds(const dt_criterion *criterion, double number);
/* Whether they are there, and about outcomes that the study has. */
bool dt_criteria_fit(const dt_study_data *data, const dt_criterion *criterion, size_t count);

#endif
