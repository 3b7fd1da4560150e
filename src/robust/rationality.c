/*
 * Whether the conclusions hang on how precisely everybody chooses: some of the study's worlds, spread
 * evenly over it, are solved again with every actor's rationality halved and doubled, and the means over
 * these worlds compared. The policy that was best there is said to be overtaken if another is better by
 * more than twice the standard error of the paired difference. That is bad where the whole study's choice
 * was firm.
 */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "robust/finding.h"
#include "robust/ranking.h"

enum { WORLDS = 64, SCALES = 3 };
static const double SCALE[SCALES] = {1, 0.5, 2};

typedef struct again {
    dt_diagnosing *d;
    size_t worlds;
    const size_t *world; /* [worlds] of the study */
    double *parameter;   /* [worlds][parameters] */
    double *number;      /* [SCALES][policies][outcomes][worlds]; NaN where it failed */
} again;

static double *numbers(const again *a, size_t scale, size_t policy, size_t outcome)
{
    const dt_study_data *data = a->d->data;
    return a->number + ((scale * data->policies + policy) * data->outcomes + outcome) * a->worlds;
}

/* Those of the question, with what the study was made with. */
static dt_options options_of(const again *a)
{
    dt_options options = a->d->options ? *a->d->options : (dt_options){0};
    options.beliefs = a->d->data->beliefs;
    return options;
}

static dt_status solve(again *a, const dt_game *game, size_t scale, size_t policy)
{
    const dt_study_data *data = a->d->data;
    const dt_ensemble_options how = {.jobs = a->d->how->jobs, .wanted = DT_WANT_OUTCOMES};
    dt_options options = options_of(a);
    options.rationality_scale = SCALE[scale];
    dt_ensemble *ensemble;
    const dt_status status =
        dt_ensemble_run(game, a->parameter, a->worlds, data->values, &how, &options, &ensemble);
    if (status != DT_OK)
        return status;
    for (size_t w = 0; w < a->worlds; w++) {
        const dt_world_result result = dt_ensemble_world(ensemble, w);
        for (size_t o = 0; o < data->outcomes; o++)
            numbers(a, scale, policy, o)[w] =
                result.status == DT_OK ? result.outcome[o] : (double)NAN;
    }
    dt_ensemble_free(ensemble);
    return DT_OK;
}

static dt_status solve_all(again *a)
{
    const dt_study_data *data = a->d->data;
    const dt_options options = options_of(a);
    for (size_t p = 0; p < data->policies; p++) {
        for (size_t w = 0; w < a->worlds; w++) {
            for (size_t o = 0; o < data->outcomes; o++)
                numbers(a, 0, p, o)[w] =
                    data->outcome[(p * data->outcomes + o) * data->worlds + a->world[w]];
        }
        dt_game *game;
        dt_status status = dt_game_explore_known(data->model, data->policy[p], a->parameter,
                                                 a->worlds, &options, &game);
        if (status != DT_OK)
            return status;
        for (size_t s = 1; s < SCALES && status == DT_OK; s++)
            status = solve(a, game, s, p);
        dt_game_free(game);
        if (status != DT_OK)
            return status;
    }
    return DT_OK;
}

/* The mean lead of policy q over p in the worlds where both are known, 0 if it is rounding, and its
 * standard error. */
static double lead(const again *a, size_t scale, size_t outcome, int direction, size_t q, size_t p,
                   double *error)
{
    const double *x = numbers(a, scale, q, outcome), *y = numbers(a, scale, p, outcome);
    double sum = 0, squares = 0, count = 0, ours = 0, theirs = 0, size = 0;
    for (size_t w = 0; w < a->worlds; w++) {
        if (isnan(x[w]) || isnan(y[w]))
            continue;
        const double step = direction * (x[w] - y[w]);
        sum += step;
        squares += step * step;
        ours += direction * x[w];
        theirs += direction * y[w];
        size = fmax(size, fmax(fabs(x[w]), fabs(y[w])));
        count++;
    }
    const double mean =
        count > 0 && dt_better(ours / count, theirs / count, size) ? sum / count : 0;
    *error =
        count > 1 ? sqrt(fmax(0, squares - count * mean * mean) / (count - 1) / count) : INFINITY;
    return mean;
}

/* The best policy by the mean over these worlds as they were. */
static size_t best_as_it_was(const again *a, size_t outcome, int direction)
{
    size_t best = 0;
    double error;
    for (size_t p = 1; p < a->d->data->policies; p++) {
        if (lead(a, 0, outcome, direction, p, best, &error) > 0)
            best = p;
    }
    return best;
}

/* The policy that overtakes `best` most clearly at a scale, or `best`. */
static size_t overtakes(const again *a, size_t scale, size_t outcome, int direction, size_t best)
{
    size_t first = best;
    double most = 2;
    for (size_t q = 0; q < a->d->data->policies; q++) {
        double error;
        const double ahead = lead(a, scale, outcome, direction, q, best, &error);
        if (q != best && ahead > 0 && ahead > most * error) {
            most = ahead / fmax(error, 1e-300);
            first = q;
        }
    }
    return first;
}

static void judge(again *a)
{
    const dt_diagnosing *d = a->d;
    const dt_model *model = d->data->model;
    dt_name_list names = dt_names(d->scratch, DT_NAMES_FOUND);
    size_t choices = 0, turned = 0, firm = 0, failed = 0;
    for (size_t s = 1; s < SCALES; s++) {
        for (size_t p = 0; p < d->data->policies; p++) {
            for (size_t w = 0; w < a->worlds && d->data->outcomes > 0; w++)
                failed += isnan(numbers(a, s, p, 0)[w]);
        }
    }
    for (size_t o = 0; o < d->data->outcomes; o++) {
        const int direction = dt_model_outcome_direction(model, o);
        if (direction == 0)
            continue;
        const size_t best = best_as_it_was(a, o, direction);
        choices++;
        bool turns = false;
        for (size_t s = 1; s < SCALES; s++) {
            const size_t now = overtakes(a, s, o, direction, best);
            if (now == best)
                continue;
            turns = true;
            dt_name_add(&names, "%s with rationality %s (%s, was %s)",
                        dt_model_item(model, DT_OUTCOMES, o), SCALE[s] < 1 ? "halved" : "doubled",
                        dt_model_item(model, DT_POLICIES, d->data->policy[now]),
                        dt_model_item(model, DT_POLICIES, d->data->policy[best]));
        }
        turned += turns;
        const dt_compared_outcome *compared = &d->comparison->outcome[o];
        assert(compared->outcome == o);
        firm +=
            turns &&
            compared->policy[compared->choice[DT_MEASURE_MEAN]].chosen[DT_MEASURE_MEAN] >= DT_FIRM;
    }
    dt_text text = {.arena = d->arena};
    dt_text_print(&text,
                  "Worlds solved again with everybody's rationality halved and doubled: %zu. ",
                  a->worlds);
    if (turned)
        dt_text_print(
            &text,
            "By %zu of %zu outcomes the policy with the best mean is overtaken by more than two "
            "standard errors, of which %zu were firm choices: %s.",
            turned, choices, firm, dt_name_list_end(&names));
    else if (choices == 0)
        dt_text_print(&text, "There is no outcome with a direction to judge by.");
    else
        dt_text_print(
            &text,
            "By none of %zu outcomes is the policy with the best mean overtaken by more than "
            "two standard errors.",
            choices);
    if (failed)
        dt_text_print(&text, " %zu of these solutions failed.", failed);
    dt_find(a->d, "rationality",
            firm     ? DT_VERDICT_BAD
            : turned ? DT_VERDICT_CAUTION
                     : DT_VERDICT_GOOD,
            (double)turned, &text);
}

dt_status dt_find_rationality(dt_diagnosing *d)
{
    const dt_study_data *data = d->data;
    dt_text text = {.arena = d->arena};
    if (d->how->quick || data->selected) {
        dt_text_print(&text, "Left out: %s",
                      data->selected
                          ? "the selected equilibrium is one at the declared rationality."
                          : "nothing was solved again.");
        dt_find(d, "rationality", DT_VERDICT_CAUTION, NAN, &text);
        return DT_OK;
    }
    const size_t usable = d->view->first[d->view->points];
    const size_t wanted = d->how->worlds ? d->how->worlds : WORLDS;
    again a = {.d = d, .worlds = wanted < usable ? wanted : usable};
    size_t *world = dt_new(d->scratch, size_t, a.worlds);
    a.world = world;
    a.parameter = dt_take(d->scratch, a.worlds, data->parameters * sizeof(double));
    a.number =
        dt_take(d->scratch, SCALES * data->policies * data->outcomes, a.worlds * sizeof(double));
    for (size_t w = 0; w < a.worlds; w++) {
        world[w] = d->view->world[w * usable / a.worlds];
        if (data->parameters)
            memcpy(a.parameter + w * data->parameters,
                   data->parameter + world[w] * data->parameters,
                   data->parameters * sizeof(double));
    }
    const dt_status status = solve_all(&a);
    if (status == DT_OK)
        judge(&a);
    return status;
}
