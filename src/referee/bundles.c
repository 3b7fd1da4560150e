/*
 * Bundles: pairs of policies that an expectation compares, as if the one differed from the other in what it is named for, but
 * which differ in several ingredients. Where there are few enough cells between them they are solved, and each
 * difference is shared out by Shapley's value, as `detente levers` does: so that it is said which ingredient does the work.
 */
#include <math.h>

#include "detente_levers.h"
#include "referee/referee.h"

/* ---- which there are ----------------------------------------------------------------------------- */

/* The policies that a condition names; where it names none, `open`. */
static void mark_policies(const dt_condition *condition, int open, bool *named)
{
    if (condition->op == DT_OP_SLOT) {
        const int policy = condition->policy == DT_NONE ? open : condition->policy;
        if (policy != DT_NONE)
            named[policy] = true;
    }
    for (int i = 0; condition->op != DT_OP_SLOT && i < dt_operands[condition->op]; i++)
        mark_policies(condition->operand[i], open, named);
}

/* The first declared outcome that a condition reads, or DT_NONE. */
static int outcome_of(const dt_refereeing *r, const dt_condition *condition)
{
    int found = DT_NONE;
    if (condition->op == DT_OP_SLOT && (size_t)condition->outcome < r->declared)
        found = condition->outcome;
    for (int i = 0; condition->op != DT_OP_SLOT && i < dt_operands[condition->op]; i++)
        found = found == DT_NONE ? outcome_of(r, condition->operand[i]) : found;
    return found;
}

/* Two policies and their ingredients, if levers can take as many. */
static dt_referee_bundle look_at(dt_refereeing *r, size_t from, size_t to)
{
    dt_options quiet = *r->options;
    dt_levers *levers;
    quiet.report = NULL;
    dt_referee_bundle bundle = {.from = from, .to = to, .ingredients = DT_MOST_INGREDIENTS + 1};
    if (dt_levers_new(r->model, from, to, &quiet, &levers) != DT_OK)
        return bundle;
    bundle.ingredients = dt_levers_count(levers);
    const char **name = dt_new(r->arena, const char *, bundle.ingredients);
    for (size_t i = 0; i < bundle.ingredients; i++)
        name[i] = dt_referee_print(r, "%s", dt_levers_name(levers, i));
    dt_levers_free(levers);
    bundle.name = name;
    const size_t cells = (size_t)1 << bundle.ingredients;
    if (bundle.ingredients > 1 && (double)cells <= dt_threshold_of(DT_THRESHOLD_CELLS))
        bundle.cells = cells;
    return bundle;
}

void dt_referee_plan_bundles(dt_refereeing *r)
{
    bool *named = dt_new(r->arena, bool, r->policies);
    bool *seen = dt_take(r->arena, r->policies, r->policies);
    for (int e = 0; e < r->model->expects; e++) {
        const dt_expect *expect = &r->model->expect[e];
        for (size_t p = 0; p < r->policies; p++)
            named[p] = false;
        mark_policies(expect->condition, expect->policy, named);
        for (size_t to = 0; to < r->policies; to++) {
            for (size_t from = 0; from < to; from++) {
                if (!named[from] || !named[to] || seen[from * r->policies + to])
                    continue;
                seen[from * r->policies + to] = true;
                dt_referee_bundle bundle = look_at(r, from, to);
                bundle.compared = outcome_of(r, expect->condition);
                dt_push(r->arena, &r->bundle, bundle);
            }
        }
    }
}

/* ---- taken apart --------------------------------------------------------------------------------- */

dt_status dt_referee_solve_bundle(const dt_refereeing *r, dt_referee_bundle *bundle,
                                  const dt_options *options)
{
    dt_levers *levers;
    dt_status status = dt_levers_new(r->model, bundle->from, bundle->to, options, &levers);
    if (status != DT_OK)
        return status;
    double *spare = bundle->spare;
    dt_levers_result result = {bundle->outcome, bundle->mechanical, spare, spare + r->declared, 0};
    status = dt_levers_solve(levers, r->world, 1, r->how->values, options, &result);
    dt_levers_free(levers);
    return status == DT_LIMIT ? status : DT_OK; /* a cell that isn't solved, or in error: NaN */
}

/* What all find, as it is told. */
static void list_bundles(dt_refereeing *r)
{
    dt_bundle *list = dt_new(r->arena, dt_bundle, r->bundle.count);
    size_t count = 0;
    for (size_t i = 0; i < r->bundle.count; i++) {
        const dt_referee_bundle *from = &r->bundle.at[i];
        const size_t n = from->ingredients;
        if (n < 2 || !from->name)
            continue;
        double *shapley = dt_take(r->arena, r->declared, n * sizeof *shapley);
        for (size_t o = 0; o < r->declared; o++) {
            for (size_t k = 0; k < n; k++)
                shapley[o * n + k] = (double)NAN;
            if (from->cells > 0 && !isnan(from->outcome[o * from->cells]))
                dt_share(n, from->outcome + o * from->cells,
                         &(dt_shares){.shapley = shapley + o * n});
        }
        list[count++] = (dt_bundle){from->from, from->to, n, from->name, shapley, from->mechanical};
    }
    r->answer->bundles = count;
    r->answer->bundle = list;
}

/* What does the work between two policies by the outcome that an expectation compares, if that is known: the two largest
 * shares. */
static const char *work_text(const dt_refereeing *r, const dt_referee_bundle *bundle)
{
    const int o = bundle->compared;
    const dt_bundle *found = NULL;
    for (size_t i = 0; i < r->answer->bundles; i++) {
        if (r->answer->bundle[i].from == bundle->from && r->answer->bundle[i].to == bundle->to)
            found = &r->answer->bundle[i];
    }
    if (o == DT_NONE || !found || isnan(found->shapley[(size_t)o * found->ingredients]))
        return "";
    const double *share = found->shapley + (size_t)o * found->ingredients;
    const double from = dt_referee_number(r, DT_VARIANT_NOMINAL, bundle->from, (size_t)o);
    const double to = dt_referee_number(r, DT_VARIANT_NOMINAL, bundle->to, (size_t)o);
    size_t first = 0, second = 1;
    if (!dt_better(to, from, fmax(fabs(to), fabs(from))))
        return "";
    for (size_t i = 1; i < found->ingredients; i++) {
        if (fabs(share[i]) > fabs(share[first])) {
            second = first;
            first = i;
        } else if (i != 1 && fabs(share[i]) > fabs(share[second])) {
            second = i;
        }
    }
    return dt_referee_print(r, ": of %+.3g in %s %s gives %+.3g, %s %+.3g", to - from,
                            r->model->outcome[o].is.name, found->name[first], share[first],
                            found->name[second], share[second]);
}

void dt_object_bundles(dt_refereeing *r)
{
    dt_name_list bundles = dt_names(r->arena, (size_t)dt_threshold_of(DT_THRESHOLD_NAMED));
    dt_text text = {.arena = r->arena};
    const dt_referee_bundle *worst = NULL;
    list_bundles(r);
    for (size_t i = 0; i < r->bundle.count; i++) {
        const dt_referee_bundle *here = &r->bundle.at[i];
        if (here->ingredients < 2)
            continue;
        if (here->name && (!worst || here->ingredients > worst->ingredients))
            worst = here;
        dt_name_add(&bundles, "%s and %s (%zu%s%s)", r->model->policy[here->from].is.name,
                    r->model->policy[here->to].is.name, here->ingredients,
                    here->name ? "" : " or more", work_text(r, here));
    }
    if (bundles.count == 0)
        return;
    dt_text_print(&text,
                  "%zu of the %zu pairs of policies that expectations compare differ in more than "
                  "one ingredient, so that no comparison says which does the work: %s.",
                  bundles.count, r->bundle.count, dt_name_list_end(&bundles));
    dt_object(r, "bundles", DT_SERIOUS, (double)bundles.count, &text,
              worst ? dt_referee_print(r, "detente levers %s --from %s --to %s", r->name,
                                       r->model->policy[worst->from].is.name,
                                       r->model->policy[worst->to].is.name)
                    : dt_referee_print(r, "detente check %s", r->name));
}
