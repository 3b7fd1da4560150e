/*
 * Where a policy fails: scenario discovery (Bryant & Lempert 2010). The points at which the criteria
 * hold are of interest; PRIM gives a trajectory of ever smaller and denser boxes, one of which is
 * described.
 *
 * With many parameters PRIM finds dense boxes in noise, too, and the more so the further it peels. So
 * every box is judged by points that it wasn't peeled from, as Friedman & Fisher (1999) do with a test
 * sample: random halves of the points are peeled, and their boxes counted in the other halves. The rule
 * suggests the box with the largest harmonic mean 2 c d / (c + d) of coverage and density there, the
 * first among equals. From it those limits are taken away, one at a time and the least significant first,
 * whose quasi-p is .05 or more.
 *
 * The halves serve Bryant & Lempert's resampling test as well: of each trajectory the box is taken whose
 * coverage and density are nearest to the chosen one's; how often a side is limited there, too, says
 * whether the limit is more than an accident of the sample. The same points given to a classification
 * tree show whether the box is an artefact of the method.
 */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/job.h"
#include "robust/criterion.h"
#include "robust/resample.h"
#include "robust/tree.h"
#include "robust/view.h"

enum { HALVES = 20 };
static const double PEEL = 0.05, LEAST = 0.05, SIGNIFICANT = 0.05, MARGIN = 0.05;

typedef struct request {
    const dt_study_data *data;
    const dt_discover_how *how;
    const dt_options *options;
} request;

/* Which points are of interest; returns how many. */
static size_t find_interest(dt_arena *scratch, const request *asked, const dt_view *view,
                            bool *interest)
{
    double *y = dt_new(scratch, double, view->points);
    memset(interest, true, view->points);
    for (size_t c = 0; c < asked->how->criteria; c++) {
        const dt_criterion *criterion = &asked->how->criterion[c];
        dt_view_outcome(view, asked->how->policy, criterion->outcome, y);
        for (size_t n = 0; n < view->points; n++)
            interest[n] &= dt_criterion_holds(criterion, y[n]);
    }
    size_t count = 0;
    for (size_t n = 0; n < view->points; n++)
        count += interest[n];
    return count;
}

static double harmonic_mean(double a, double b)
{
    return a + b > 0 ? 2 * a * b / (a + b) : 0; /* NaN: never found elsewhere */
}

/* The halves: `in` holds those of the first, `out` those of the second. */
static void halve(const request *asked, size_t points, size_t number, size_t *order, bool *in,
                  bool *out)
{
    dt_shuffle(asked->data->seed, DT_FOR_HALVES, number, points, order);
    for (size_t n = 0; n < points; n++) {
        in[order[n]] = n < (points + 1) / 2;
        out[order[n]] = !in[order[n]];
    }
}

static size_t suggest(const dt_box *box, size_t boxes)
{
    size_t best = 0;
    double most = -1;
    for (size_t b = 0; b < boxes; b++) {
        const double mean = harmonic_mean(box[b].elsewhere_coverage, box[b].elsewhere_density);
        if (mean > most + 1e-12) {
            most = mean;
            best = b;
        }
    }
    return best;
}

/* The box without what isn't significant. */
static dt_box prune(dt_arena *arena, dt_arena *scratch, const dt_prim *prim, const dt_box *box)
{
    dt_box pruned = *box;
    pruned.elsewhere_coverage = pruned.elsewhere_density = NAN;
    bool *inside = dt_new(scratch, bool, prim->points);
    dt_limit *limit = dt_new(arena, dt_limit, box->limits);
    if (box->limits)
        memcpy(limit, box->limit, box->limits * sizeof *limit);
    pruned.limit = limit;
    while (pruned.limits > 0) {
        dt_prim_quasi_p(scratch, prim, &pruned, limit);
        size_t worst = 0;
        for (size_t l = 1; l < pruned.limits; l++) {
            if (limit[l].quasi_p > limit[worst].quasi_p)
                worst = l;
        }
        if (limit[worst].quasi_p < SIGNIFICANT)
            break;
        memmove(limit + worst, limit + worst + 1, (--pruned.limits - worst) * sizeof *limit);
        dt_prim_count(prim, &pruned, inside);
    }
    return pruned;
}

/* The box of a trajectory that is most like another. */
static const dt_box *nearest(const dt_box *box, size_t boxes, const dt_box *like)
{
    const dt_box *best = box;
    double least = INFINITY;
    for (size_t b = 0; b < boxes; b++) {
        const double far = hypot(box[b].coverage - like->coverage, box[b].density - like->density);
        if (far < least) {
            least = far;
            best = &box[b];
        }
    }
    return best;
}

static bool limits_too(const dt_box *box, const dt_limit *limit)
{
    for (size_t l = 0; l < box->limits; l++) {
        if (box->limit[l].parameter == limit->parameter && box->limit[l].upper == limit->upper)
            return true;
    }
    return false;
}

/* The trajectories of random halves. */
typedef struct halves {
    size_t boxes[HALVES];
    dt_box *box[HALVES];
} halves;

/* The box of a trajectory whose mass is nearest. */
static const dt_box *of_mass(const dt_box *box, size_t boxes, double mass)
{
    const dt_box *best = box;
    for (size_t b = 1; b < boxes; b++) {
        if (fabs(box[b].mass - mass) < fabs(best->mass - mass))
            best = &box[b];
    }
    return best;
}

/* Peels half of the points, and counts the boxes in the other half. */
static void peel_half(dt_arena *scratch, const request *asked, const dt_prim *prim,
                      dt_prim_room *room, size_t number, halves *h)
{
    size_t *order = dt_new(scratch, size_t, prim->points);
    bool *in = dt_new(scratch, bool, prim->points), *out = dt_new(scratch, bool, prim->points);
    bool *inside = dt_new(scratch, bool, prim->points);
    halve(asked, prim->points, number, order, in, out);
    dt_prim half = *prim;
    half.in = in;
    h->boxes[number] = dt_prim_peel(scratch, room, &half, &h->box[number]);
    half.in = out;
    for (size_t b = 0; b < h->boxes[number]; b++) {
        dt_box *box = &h->box[number][b], there = *box;
        dt_prim_count(&half, &there, inside);
        box->elsewhere_coverage = there.coverage;
        box->elsewhere_density = there.density;
    }
}

static bool peel_halves(dt_arena *scratch, const request *asked, const dt_prim *prim,
                        dt_prim_room *room, halves *h)
{
    const dt_options *o = asked->options;
    for (size_t number = 0; number < HALVES; number++) {
        peel_half(scratch, asked, prim, room, number, h);
        if (o && o->progress &&
            !o->progress(o->progress_context, "resampling", (double)(number + 1) / HALVES))
            return false;
    }
    return true;
}

/* Means over the halves in which something can be counted. */
static void judge_elsewhere(const halves *h, dt_box *box)
{
    double coverage = 0, density = 0, covers = 0, counts = 0;
    for (size_t i = 0; i < HALVES; i++) {
        const dt_box *like = of_mass(h->box[i], h->boxes[i], box->mass);
        if (!isnan(like->elsewhere_coverage)) {
            coverage += like->elsewhere_coverage;
            covers++;
        }
        if (!isnan(like->elsewhere_density)) {
            density += like->elsewhere_density;
            counts++;
        }
    }
    box->elsewhere_coverage = coverage / covers;
    box->elsewhere_density = density / counts;
}

static void count_recurrence(const halves *h, const dt_box *box, dt_limit *limit)
{
    for (size_t l = 0; l < box->limits; l++) {
        size_t halves = 0;
        for (size_t i = 0; i < HALVES; i++)
            halves += limits_too(nearest(h->box[i], h->boxes[i], box), &limit[l]);
        limit[l].recurrence = halves / (double)HALVES;
    }
}

/* Trees grown on the halves, their leaves counted in the others: means over those halves in which
 * something can be counted. */
static void judge_tree(dt_arena *scratch, const request *asked, const dt_prim *prim,
                       double coverage, double least, dt_tree_answer *tree)
{
    size_t *order = dt_new(scratch, size_t, prim->points);
    bool *in = dt_new(scratch, bool, prim->points), *out = dt_new(scratch, bool, prim->points);
    bool *inside = dt_new(scratch, bool, prim->points);
    double covered = 0, dense = 0, covers = 0, counts = 0;
    for (size_t number = 0; number < HALVES; number++) {
        halve(asked, prim->points, number, order, in, out);
        dt_prim half = *prim;
        half.in = in;
        const dt_tree_answer grown = dt_tree(scratch, scratch, &half, coverage, least, inside);
        size_t points = 0, interest = 0, all = 0;
        for (size_t n = 0; n < prim->points; n++)
            all += out[n] && prim->interest[n];
        half.in = out;
        for (size_t l = 0; l < grown.taken; l++) {
            dt_box leaf = grown.leaf[l];
            dt_prim_count(&half, &leaf, inside);
            points += leaf.points;
            interest += leaf.interest;
        }
        covered += all ? (double)interest / (double)all : 0;
        covers += all > 0;
        dense += points ? (double)interest / (double)points : 0;
        counts += points > 0;
    }
    tree->elsewhere_coverage = covered / covers;
    tree->elsewhere_density = dense / counts;
}

static void compare_tree(dt_arena *arena, dt_arena *scratch, const request *asked,
                         const dt_prim *prim, dt_discovery *answer)
{
    bool *leaves = dt_new(scratch, bool, prim->points), *box = dt_new(scratch, bool, prim->points);
    const bool holds = answer->pruned.limits > 0;
    const double coverage = holds ? answer->pruned.coverage : 1,
                 least = holds ? 0 : (double)answer->interest / (double)prim->points;
    answer->tree = dt_tree(arena, scratch, prim, coverage, least, leaves);
    judge_tree(scratch, asked, prim, coverage, least, &answer->tree);
    const dt_box *chosen = &answer->box[answer->chosen];
    const dt_tree_answer *tree = &answer->tree;
    const double by_tree = harmonic_mean(tree->elsewhere_coverage, tree->elsewhere_density),
                 by_box = harmonic_mean(chosen->elsewhere_coverage, chosen->elsewhere_density);
    answer->tree.better = tree->taken > 0 && by_tree > by_box + MARGIN;
    dt_prim_inside(prim, &answer->pruned, box);
    size_t same = 0;
    for (size_t n = 0; n < prim->points; n++)
        same += leaves[n] == box[n];
    answer->tree.agreement = (double)same / (double)prim->points;
}

/* The table that is peeled: the numbers of all parameters that vary between points. */
static dt_prim make_prim(dt_arena *scratch, const request *asked, const dt_view *view,
                         const bool *interest)
{
    double *x = dt_take(scratch, view->parameters, view->points * sizeof *x);
    for (size_t i = 0; i < view->parameters; i++)
        dt_view_parameter(view, view->parameter[i], x + i * view->points);
    return (dt_prim){
        .parameters = view->parameters,
        .points = view->points,
        .x = x,
        .interest = interest,
        .sorted = dt_prim_sort(scratch, x, view->parameters, view->points),
        .name = view->parameter,
        .peel = asked->how->peel > 0 ? asked->how->peel : PEEL,
        .least = asked->how->least > 0 ? asked->how->least : LEAST,
    };
}

static dt_status discover(dt_arena *arena, dt_arena *scratch, void *argument, void **found)
{
    const request *asked = argument;
    const dt_view *view = dt_view_make(scratch, asked->data, &asked->how->policy, 1);
    if (view->points == 0)
        return dt_view_empty(scratch, asked->options, view);
    bool *interest = dt_new(scratch, bool, view->points);
    dt_discovery *answer = *found = dt_new(arena, dt_discovery, 1);
    answer->owner = arena;
    answer->basis = view->basis;
    answer->interest = find_interest(scratch, asked, view, interest);
    if (answer->interest == 0 || answer->interest == view->points)
        return DT_OK;
    const dt_prim prim = make_prim(scratch, asked, view, interest);
    dt_prim_room *room = dt_prim_room_new(scratch, &prim);
    dt_box *box;
    answer->boxes = dt_prim_peel(arena, room, &prim, &box);
    answer->box = box;
    answer->resamples = HALVES;
    if (asked->how->box != SIZE_MAX && asked->how->box >= answer->boxes) {
        dt_diagnostics *told = dt_diagnostics_new(scratch, asked->options, NULL);
        dt_complain(told, DT_NO_BOX, (dt_place){0}, asked->how->box + 1, answer->boxes);
        dt_diagnostics_flush(told);
        return DT_INVALID;
    }
    halves h;
    if (!peel_halves(scratch, asked, &prim, room, &h)) {
        dt_report_limit(asked->options, "interrupted while resampling");
        return DT_LIMIT;
    }
    for (size_t b = 0; b < answer->boxes; b++) {
        dt_prim_quasi_p(scratch, &prim, &box[b], (dt_limit *)box[b].limit);
        judge_elsewhere(&h, &box[b]);
    }
    answer->suggested = suggest(box, answer->boxes);
    answer->chosen = asked->how->box != SIZE_MAX ? asked->how->box : answer->suggested;
    const dt_box *chosen = &box[answer->chosen];
    count_recurrence(&h, chosen, (dt_limit *)chosen->limit);
    answer->pruned = prune(arena, scratch, &prim, chosen);
    compare_tree(arena, scratch, asked, &prim, answer);
    return DT_OK;
}

dt_status dt_discover(const dt_study_data *data, const dt_discover_how *how,
                      const dt_options *options, dt_discovery **discovery)
{
    if (discovery)
        *discovery = NULL;
    if (!discovery || !data || !how || how->policy >= data->policies ||
        !dt_criteria_fit(data, how->criterion, how->criteria))
        return dt_refuse_call(options, "dt_discover",
                              "no study, no settings, or nowhere to put the answer");
    request asked = {data, how, options};
    return dt_answer(options, discover, &asked, (void **)discovery);
}

void dt_discovery_free(dt_discovery *discovery)
{
    dt_arena_free(discovery ? discovery->owner : NULL);
}
