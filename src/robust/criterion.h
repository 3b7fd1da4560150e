/*
 * Conditions on outcomes: "war < 0.05".
 */
#ifndef DT_ROBUST_CRITERION_H
#define DT_ROBUST_CRITERION_H

#include "detente_study.h"

bool dt_criterion_holds(const dt_criterion *criterion, double number);

#endif
