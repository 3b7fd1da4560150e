/*
 * The referee's thresholds, and the one judgement that others make by them as well: whether a ranking holds
 * by chance alone. It needs nothing but numbers, so that the page judges as the program does.
 */
#include "referee/threshold.h"

#include "detente_referee.h"
#include "trace/condition.h"

static const dt_threshold THRESHOLD[] = {
#define THRESHOLD(name, word, value, text) {word, value, text},
#include "referee/threshold.def"
#undef THRESHOLD
};

dt_threshold dt_referee_threshold(size_t index)
{
    return index < DT_THRESHOLDS ? THRESHOLD[index] : (dt_threshold){0};
}

double dt_threshold_of(dt_threshold_name name)
{
    return THRESHOLD[name].value;
}

bool dt_ranked_by_chance(const double *nominal, const double *chance, size_t policies)
{
    return dt_rank_correlation(nominal, chance, policies, dt_threshold_of(DT_THRESHOLD_SAME)) >=
           dt_threshold_of(DT_THRESHOLD_CHANCE_RANKED);
}
