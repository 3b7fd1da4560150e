/*
 * Which policies a page shows first, where nobody says which: those that its answer is about. That is the baseline, the
 * policy that is best most often, and of each source that policies cite the best of its own; in the order of
 * declaration. Best is said of the headline outcomes together: by a study of the worlds in which a policy is best by each,
 * without one of the outcomes by which it is. Where these are few, others join them as they are declared.
 */
#include <math.h>

#include "lab/answer.h"

/* By one outcome: 1 if a policy is best at the numbers that are known, alone; a study's share of worlds. */
static double best_by(const dt_answer_from *from, size_t outcome, size_t policy)
{
    const int direction = dt_model_outcome_direction(from->model, outcome);
    if (!direction)
        return 0;
    if (from->comparison) {
        const double share = from->comparison->outcome[outcome].policy[policy].best;
        return isnan(share) ? 0 : share;
    }
    const size_t outcomes = (size_t)from->model->declared_outcomes;
    const double own = from->nominal[policy * outcomes + outcome];
    double size = 0;
    for (size_t p = 0; p < from->policies; p++)
        size = fmax(size, fabs(from->nominal[p * outcomes + outcome]));
    for (size_t p = 0; p < from->policies; p++) {
        const double other = from->nominal[p * outcomes + outcome];
        if (p != policy && dt_better(direction * own, direction * other, size) <= 0)
            return 0;
    }
    return !isnan(own);
}

static double worth_of(const dt_answer_from *from, size_t policy)
{
    double worth = 0;
    for (size_t o = 0; o < (size_t)from->model->declared_outcomes; o++) {
        if (dt_model_headline(from->model, o))
            worth += best_by(from, o, policy);
    }
    return worth;
}

/* The best of the policies that cite a source, of all with DT_NONE, the first of those that are alike; SIZE_MAX if
 * there is none but the baseline. */
static size_t best_of(const dt_answer_from *from, int source)
{
    size_t best = SIZE_MAX;
    double most = -1;
    for (size_t p = 0; p < from->policies; p++) {
        if (p == from->baseline ||
            (source != DT_NONE && from->model->policy[from->policy[p]].source != source))
            continue;
        const double worth = worth_of(from, p);
        if (worth > most) {
            most = worth;
            best = p;
        }
    }
    return best;
}

static size_t position(size_t policy, const size_t *list, size_t count)
{
    size_t at = 0;
    while (at < count && list[at] != policy)
        at++;
    return at;
}

/* Adds one to those chosen, kept in order, unless it is there or there is none. */
static size_t add(size_t policy, size_t *chosen, size_t count)
{
    if (policy == SIZE_MAX || position(policy, chosen, count) < count)
        return count;
    size_t at = count;
    for (; at > 0 && chosen[at - 1] > policy; at--)
        chosen[at] = chosen[at - 1];
    chosen[at] = policy;
    return count + 1;
}

size_t dt_shown_first(const dt_answer_from *from, size_t *policy)
{
    if (!policy || !dt_can_answer(from))
        return 0;
    size_t count = add(from->baseline, policy, 0);
    const size_t best = best_of(from, DT_NONE);
    if (best != SIZE_MAX && worth_of(from, best) > worth_of(from, from->baseline))
        count = add(best, policy, count);
    for (int s = 0; s < from->model->sources && count < DT_MOST_SHOWN; s++)
        count = add(best_of(from, s), policy, count);
    for (size_t p = 0; p < from->policies && count < DT_FEW_SHOWN; p++)
        count = add(p, policy, count);
    for (size_t i = 0; i < count; i++)
        policy[i] = from->policy[policy[i]];
    return count;
}
