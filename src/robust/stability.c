/*
 * Whether what a comparison says would be said of half the worlds, too: the bands, and for every outcome
 * and measure the policy that is best. A choice is firm if at least 95 % of the resamples make it;
 * the others are too close to call, and are counted but not judged. A firm choice that one of the
 * halves doesn't make is named. As one in twenty isn't what it seems even where all is well, it is bad
 * where more of them than that turn.
 */
#include <assert.h>
#include <math.h>

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>

#include "robust/finding.h"
#include "robust/measures.h"
#include "robust/ranking.h"

/* Of what nine in ten bands move by. */
static const double BAND_GOOD = 0.1, BAND_BAD = 0.25;
static const double TOLERATED = 0.05;
enum { LEAST_POINTS = 16 };

static bool too_few(dt_diagnosing *d, const char *name)
{
    dt_text text = {.arena = d->arena};
    if (!d->view->basis.sample)
        dt_text_print(
            &text,
            "A design of kind %s isn't a sample of worlds, of which a half could be compared "
            "with the whole. A study of design latin, random or sobol would say.",
            dt_design_name(d->data->design));
    else if (d->view->points < LEAST_POINTS)
        dt_text_print(&text, "A sample of %zu is too small to halve.", d->view->points);
    else
        return false;
    dt_find(d, name, DT_VERDICT_CAUTION, NAN, &text);
    return true;
}

/* How far the band of the first `half` points is from that of all, in widths of the latter. */
static double band_moves(const double *y, size_t points, size_t half, double *sorted)
{
    static const double share[] = {0.05, 0.5, 0.95};
    double at[3], of_half[3], moves = 0;
    dt_quantiles_of(y, points, sorted, share, 3, at);
    const double width = at[2] - at[0];
    if (dt_better(at[2], at[0], dt_size_of(y, points)) == 0)
        return 0;
    dt_quantiles_of(y, half, sorted, share, 3, of_half);
    for (int q = 0; q < 3; q++)
        moves = fmax(moves, fabs(of_half[q] - at[q]));
    return moves / width;
}

void dt_find_bands(dt_diagnosing *d)
{
    if (too_few(d, "bands"))
        return;
    const size_t points = d->view->points, half = points / 2;
    double *y = dt_new(d->scratch, double, points), *sorted = dt_new(d->scratch, double, points);
    const size_t bands = d->data->outcomes * d->data->policies;
    double *moves = dt_new(d->scratch, double, bands + 1), most = 0;
    size_t outcome = 0, policy = 0;
    for (size_t o = 0; o < d->data->outcomes; o++) {
        for (size_t p = 0; p < d->data->policies; p++) {
            dt_view_outcome(d->view, p, o, y);
            const double move = moves[o * d->data->policies + p] =
                band_moves(y, points, half, sorted);
            if (move > most) {
                most = move;
                outcome = o;
                policy = p;
            }
        }
    }
    gsl_sort(moves, 1, bands);
    const double usual = bands ? gsl_stats_quantile_from_sorted_data(moves, 1, bands, 0.9) : 0;
    dt_text text = {.arena = d->arena};
    dt_text_print(
        &text,
        "From half of the %zu points to all of them the 5 %%, 50 %% and 95 %% quantiles of nine "
        "in ten outcomes under a policy move by at most %.1f %% of their band's width",
        points, 100 * usual);
    if (most > 0)
        dt_text_print(&text, "; the most, %.1f %%, by %s under %s", 100 * most,
                      dt_model_item(d->data->model, DT_OUTCOMES, outcome),
                      dt_model_item(d->data->model, DT_POLICIES, d->data->policy[policy]));
    dt_text_print(&text, ".");
    dt_find(d, "bands",
            usual <= BAND_GOOD  ? DT_VERDICT_GOOD
            : usual <= BAND_BAD ? DT_VERDICT_CAUTION
                                : DT_VERDICT_BAD,
            usual, &text);
}

/* ---- choices ---- */

typedef struct halves {
    size_t points[2];
    double *u[2];       /* [policies][points of the half] */
    double *measure[2]; /* [policies][DT_MEASURES] */
} halves;

static void fill(const dt_diagnosing *d, size_t outcome, int direction, double *y,
                 const dt_measuring *room, halves *h)
{
    const size_t policies = d->data->policies;
    for (size_t p = 0; p < policies; p++) {
        dt_view_outcome(d->view, p, outcome, y);
        for (size_t n = 0; n < h->points[0]; n++)
            h->u[0][p * h->points[0] + n] = direction * y[n];
        for (size_t n = 0; n < h->points[1]; n++)
            h->u[1][p * h->points[1] + n] = direction * y[h->points[0] + n];
    }
    for (int i = 0; i < 2; i++)
        dt_measure_policies(room, h->u[i], policies, h->points[i], d->comparison->optimism,
                            h->measure[i]);
}

/* Whether a policy is best by a measure in a half, if only tied. */
static bool best_in(const halves *h, int half, size_t policies, size_t policy, dt_measure m)
{
    const double *of = h->measure[half], size = dt_size_of(h->u[half], policies * h->points[half]);
    for (size_t p = 0; p < policies; p++) {
        if (dt_measure_sense(m) *
                dt_better(of[p * DT_MEASURES + m], of[policy * DT_MEASURES + m], size) >
            0)
            return false;
    }
    return true;
}

typedef struct tally {
    size_t choices, firm, turned;        /* of outcomes and measures */
    size_t differences, clear, reversed; /* of pairs of policies */
    dt_name_list names;
} tally;

static void judge_choices(const dt_diagnosing *d, const dt_compared_outcome *o, const halves *h,
                          tally *t)
{
    for (dt_measure m = 0; m < DT_MEASURES; m++) {
        const size_t choice = o->choice[m];
        const bool firm = o->policy[choice].chosen[m] >= DT_FIRM;
        bool stays = true;
        for (int half = 0; half < 2; half++)
            stays &= best_in(h, half, d->data->policies, choice, m);
        t->choices++;
        t->firm += firm;
        t->turned += firm && !stays;
        if (firm && !stays)
            dt_name_add(&t->names, "%s by %s",
                        dt_model_item(d->data->model, DT_OUTCOMES, o->outcome), dt_measure_name(m));
    }
}

static void judge_differences(const dt_compared_outcome *o, const halves *h, tally *t)
{
    for (size_t i = 0; i < o->differences; i++) {
        const dt_difference *pair = &o->difference[i];
        t->differences++;
        if (!(pair->low > 0 || pair->high < 0))
            continue;
        t->clear++;
        bool reversed = false;
        for (int half = 0; half < 2; half++) {
            const double *of = h->measure[half];
            const double now = o->direction * (of[pair->policy * DT_MEASURES + DT_MEASURE_MEAN] -
                                               of[pair->other * DT_MEASURES + DT_MEASURE_MEAN]);
            reversed |= now * pair->mean < 0;
        }
        t->reversed += reversed;
    }
}

void dt_find_halves(dt_diagnosing *d)
{
    if (too_few(d, "halving"))
        return;
    const size_t policies = d->data->policies, points = d->view->points;
    halves h = {
        .points = {points / 2, points - points / 2}
    };
    for (int i = 0; i < 2; i++) {
        h.u[i] = dt_take(d->scratch, policies, h.points[i] * sizeof(double));
        h.measure[i] = dt_new(d->scratch, double, policies *DT_MEASURES);
    }
    double *y = dt_new(d->scratch, double, points);
    const dt_measuring room = dt_measuring_new(d->scratch, points);
    tally t = {.names = dt_names(d->scratch, DT_NAMES_FOUND)};
    for (size_t o = 0; o < d->comparison->outcomes; o++) {
        const dt_compared_outcome *mine = &d->comparison->outcome[o];
        if (mine->direction == 0)
            continue;
        fill(d, mine->outcome, mine->direction, y, &room, &h);
        judge_choices(d, mine, &h, &t);
        judge_differences(mine, &h, &t);
    }
    dt_text text = {.arena = d->arena};
    if (t.choices == 0 || policies < 2) {
        dt_text_print(&text, "There is no choice to judge: %s.",
                      policies < 2 ? "the study has one policy" : "no outcome has a direction");
        dt_find(d, "halving", DT_VERDICT_CAUTION, NAN, &text);
        return;
    }
    dt_text_print(
        &text,
        "Of %zu choices of a best policy (outcomes times measures) %zu are firm, made by at "
        "least 95 %% of the resamples, and %zu too close to call. ",
        t.choices, t.firm, t.choices - t.firm);
    if (t.turned)
        dt_text_print(&text, "%zu of the firm ones turn in one half of the points: %s. ", t.turned,
                      dt_name_list_end(&t.names));
    else
        dt_text_print(&text, "Both halves of the points make every firm one. ");
    dt_text_print(
        &text,
        "Of %zu differences between two policies %zu are clear, their intervals leaving 0 out; "
        "%zu of these change sign in a half.",
        t.differences, t.clear, t.reversed);
    const double share = fmax(t.firm ? (double)t.turned / (double)t.firm : 0,
                              t.clear ? (double)t.reversed / (double)t.clear : 0);
    dt_find(d, "halving",
            share > TOLERATED          ? DT_VERDICT_BAD
            : share > 0 || t.firm == 0 ? DT_VERDICT_CAUTION
                                       : DT_VERDICT_GOOD,
            share, &text);
}
