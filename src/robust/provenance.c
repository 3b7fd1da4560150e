/*
 * On what kind of numbers the conclusions rest: of those that move an outcome most, under the policy
 * that is best by its mean, how many are somebody's judgement or have no source at all. What moves it
 * is told by squared rank correlations, of which only those count that 5 % of unrelated parameters
 * wouldn't reach; the ten largest are looked at.
 */
#include <math.h>
#include <stdlib.h>

#include "robust/finding.h"
#include "robust/ranks.h"

enum { LOOKED_AT = 10 };

typedef struct mover {
    double share; /* squared rank correlation */
    size_t parameter;
} mover;

static int by_share(const void *x, const void *y)
{
    const mover *a = x, *b = y;
    if (a->share != b->share)
        return a->share > b->share ? -1 : 1;
    return (a->parameter > b->parameter) - (a->parameter < b->parameter);
}

/* Of what moves an outcome, the share that isn't sourced; the names of those into `names`. NaN if
 * nothing moves it. */
static double unsourced_share(const dt_diagnosing *d, const double *rank, const double *mine,
                              mover *movers, dt_name_list *names)
{
    const dt_view *view = d->view;
    for (size_t i = 0; i < view->parameters; i++) {
        const double r = dt_ranks_product(rank + i * view->points, mine, view->points);
        movers[i] = (mover){r * r, view->parameter[i]};
    }
    qsort(movers, view->parameters, sizeof *movers, by_share);
    const double floor = 3.8414588206941245 / (double)(view->points - 1); /* 1.96² / (n - 1) */
    double all = 0, loose = 0;
    for (size_t i = 0; i < view->parameters && i < LOOKED_AT && movers[i].share > floor; i++) {
        all += movers[i].share;
        if (!dt_is_unsourced(d->data->model, movers[i].parameter))
            continue;
        loose += movers[i].share;
        dt_name_add(names, "%s", dt_model_item(d->data->model, DT_PARAMETERS, movers[i].parameter));
    }
    return all > 0 ? loose / all : (double)NAN;
}

/* The sentence that counts the sources of all that varies. */
static void count_sources(const dt_diagnosing *d, dt_text *text)
{
    size_t judged = 0, bare = 0;
    for (size_t i = 0; i < d->data->varied; i++) {
        const dt_ground_of_number ground = dt_rests_on(d->data->model, d->data->vary[i]);
        bare += ground == DT_RESTS_ON_NOTHING;
        judged += ground == DT_RESTS_ON_JUDGEMENT;
    }
    dt_text_print(text,
                  "Of the %zu numbers that vary %zu cite a source, %zu rest on judgement and %zu "
                  "say neither.",
                  d->data->varied, d->data->varied - judged - bare, judged, bare);
}

void dt_find_sources(dt_diagnosing *d)
{
    const dt_view *view = d->view;
    const size_t points = view->points;
    dt_text text = {.arena = d->arena};
    count_sources(d, &text);
    if (!d->view->basis.sample || points < 3 || view->parameters == 0) {
        dt_text_print(&text, " Which of them count takes a sample of worlds.");
        dt_find(d, "sources", DT_VERDICT_CAUTION, NAN, &text);
        return;
    }
    size_t *order = dt_new(d->scratch, size_t, points);
    double *rank = dt_take(d->scratch, view->parameters, points * sizeof *rank);
    double *y = dt_new(d->scratch, double, points), *mine = dt_new(d->scratch, double, points);
    mover *movers = dt_new(d->scratch, mover, view->parameters);
    for (size_t i = 0; i < view->parameters; i++) {
        dt_view_parameter(view, view->parameter[i], y);
        dt_put_ranks(y, points, order, rank + i * points);
    }
    double most = 0;
    size_t loose = 0, judged = 0;
    dt_name_list outcomes = dt_names(d->scratch, DT_NAMES_FOUND);
    for (size_t o = 0; o < d->comparison->outcomes; o++) {
        const dt_compared_outcome *compared = &d->comparison->outcome[o];
        if (compared->direction == 0)
            continue;
        dt_name_list names = dt_names(d->scratch, DT_NAMES_FOUND);
        dt_view_outcome(view, compared->choice[DT_MEASURE_MEAN], compared->outcome, y);
        dt_put_ranks(y, points, order, mine);
        const double share = unsourced_share(d, rank, mine, movers, &names);
        judged += !isnan(share);
        if (share > most)
            most = share;
        if (!(share > 0.5))
            continue;
        loose++;
        dt_name_add(&outcomes, "%s (%.0f %%: %s)",
                    dt_model_item(d->data->model, DT_OUTCOMES, compared->outcome), 100 * share,
                    dt_name_list_end(&names));
    }
    if (loose)
        dt_text_print(&text,
                      " More than half of what moves %zu of %zu outcomes, of their ten strongest "
                      "numbers' squared rank correlations, is not sourced: %s.",
                      loose, judged, dt_name_list_end(&outcomes));
    else if (judged == 0)
        dt_text_print(&text, " No outcome with a direction is moved by any of them.");
    else
        dt_text_print(&text,
                      " Of no outcome does more than half of what moves it (of its ten strongest "
                      "numbers' squared rank correlations; at most %.0f %%) come from numbers that "
                      "are not sourced.",
                      100 * most);
    dt_find(d, "sources", loose ? DT_VERDICT_CAUTION : DT_VERDICT_GOOD, most, &text);
}
