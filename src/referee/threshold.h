/*
 * From where on the referee objects: the numbers of threshold.def by name.
 */
#ifndef DT_REFEREE_THRESHOLD_H
#define DT_REFEREE_THRESHOLD_H

typedef enum dt_threshold_name {
#define THRESHOLD(name, word, value, text) DT_THRESHOLD_##name,
#include "referee/threshold.def"
#undef THRESHOLD
    DT_THRESHOLDS
} dt_threshold_name;

double dt_threshold_of(dt_threshold_name name);

#endif
