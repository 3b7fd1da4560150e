/*
 * Bundles: pairs of policies that an expectation compares, as if the one differed from the other in what it is named for, but
 * which differ in several ingredients. Which of them does the work only `detente levers` says.
 */
#include "detente_levers.h"
#include "referee/referee.h"

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

typedef struct bundle {
    size_t from, to, ingredients;
    const char *text; /* of the expectation */
} bundle;

/* The ingredients between two policies; more than levers can take count as one more than that. */
static dt_status count_ingredients(const dt_refereeing *r, size_t from, size_t to, size_t *count)
{
    dt_options quiet = *r->options;
    dt_levers *levers;
    quiet.report = NULL;
    const dt_status status = dt_levers_new(r->model, from, to, &quiet, &levers);
    *count = status == DT_OK ? dt_levers_count(levers) : DT_MOST_INGREDIENTS + 1;
    if (status == DT_OK)
        dt_levers_free(levers);
    return status == DT_INVALID ? DT_OK : status;
}

dt_status dt_object_bundles(dt_refereeing *r)
{
    bool *named = dt_new(r->arena, bool, r->policies);
    bool *seen = dt_take(r->arena, r->policies, r->policies);
    dt_text text = {.arena = r->arena}, names = {.arena = r->arena};
    bundle worst = {0};
    size_t bundles = 0, pairs = 0;
    for (int e = 0; e < r->model->expects; e++) {
        const dt_expect *expect = &r->model->expect[e];
        for (size_t p = 0; p < r->policies; p++)
            named[p] = false;
        mark_policies(expect->condition, expect->policy, named);
        for (size_t to = 0; to < r->policies; to++) {
            for (size_t from = 0; from < to; from++) {
                if (!named[from] || !named[to] || seen[from * r->policies + to])
                    continue;
                bundle here = {from, to, 0, expect->text};
                const dt_status status = count_ingredients(r, from, to, &here.ingredients);
                if (status != DT_OK)
                    return status;
                seen[from * r->policies + to] = true;
                pairs++;
                if (here.ingredients < 2)
                    continue;
                dt_text_print(&names, "%s%s and %s (%zu%s)", bundles++ ? ", " : "",
                              r->model->policy[from].is.name, r->model->policy[to].is.name,
                              here.ingredients,
                              here.ingredients > DT_MOST_INGREDIENTS ? " or more" : "");
                if (here.ingredients > worst.ingredients && here.ingredients <= DT_MOST_INGREDIENTS)
                    worst = here;
            }
        }
    }
    if (bundles == 0)
        return DT_OK;
    dt_text_print(&text,
                  "%zu of the %zu pairs of policies that expectations compare differ in more than "
                  "one ingredient, so that none of them says which does the work: %s.",
                  bundles, pairs, dt_text_get(&names));
    dt_object(r, "bundles", DT_SERIOUS, (double)bundles, &text,
              worst.ingredients ? dt_referee_print(r, "detente levers %s --from %s --to %s",
                                                   r->name, r->model->policy[worst.from].is.name,
                                                   r->model->policy[worst.to].is.name)
                                : dt_referee_print(r, "detente check %s", r->name));
    return DT_OK;
}
