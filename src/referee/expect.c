/*
 * The model's expectations, looked at in every variant of the game and in every world drawn, with the numbers that
 * plays.c has found. By chance alone numbers that differ by rounding are the same: a difference below 1e-9
 * doesn't hold there.
 */
#include <math.h>

#include "referee/referee.h"
#include "trace/condition.h"

/* Where a condition's numbers come from. */
typedef struct source {
    const dt_refereeing *r;
    const dt_expect *expect;
    size_t variant; /* DT_VARIANTS: a world drawn */
    size_t world;
    bool known;
} source;

static double look_up(void *context, int outcome, int policy)
{
    source *s = context;
    const dt_refereeing *r = s->r;
    size_t play = (size_t)policy;
    for (size_t i = r->policies; i < r->play.count && s->expect->withs > 0; i++) {
        const dt_referee_play *known = &r->play.at[i];
        bool same = known->policy == policy && known->with->withs == s->expect->withs;
        for (int k = 0; same && k < known->with->withs; k++)
            same = known->with->with[k].parameter == s->expect->with[k].parameter &&
                   known->with->with[k].value == s->expect->with[k].value;
        if (same)
            play = i;
    }
    const size_t at = play * r->outcomes + (size_t)outcome;
    const double number =
        s->variant < DT_VARIANTS ? r->number[s->variant][at] : r->drawn[at * r->worlds + s->world];
    s->known &= isfinite(number);
    return number;
}

/* Whether an expectation holds under a policy; *known is false if some number isn't solved. */
static bool holds(const dt_refereeing *r, const dt_expect *expect, int policy, size_t variant,
                  size_t world, bool *known)
{
    source s = {r, expect, variant, world, true};
    const double slack = variant == DT_VARIANT_CHANCE ? dt_threshold_of(DT_THRESHOLD_SAME) : 0;
    const bool found = dt_condition_evaluate(expect->condition, policy, slack, look_up, &s) != 0;
    *known = s.known;
    return found && s.known;
}

/* Whether a condition leaves a policy open. */
static bool is_general(const dt_condition *condition)
{
    bool general = condition->op == DT_OP_SLOT && condition->policy == DT_NONE;
    for (int i = 0; condition->op != DT_OP_SLOT && i < dt_operands[condition->op]; i++)
        general |= is_general(condition->operand[i]);
    return general;
}

static dt_expected look(dt_refereeing *r, const dt_expect *expect, int policy)
{
    bool known;
    int *lookahead = dt_new(r->arena, int, r->lookaheads);
    size_t held = 0, looked = 0;
    dt_expected e = {
        .text = expect->text,
        .policy = is_general(expect->condition) ? r->model->policy[policy].is.name : "",
        .holds = holds(r, expect, policy, DT_VARIANT_NOMINAL, 0, &known),
        .by_chance = holds(r, expect, policy, DT_VARIANT_CHANCE, 0, &known),
        .lookahead = lookahead,
    };
    for (size_t l = 0; l < r->lookaheads; l++) {
        const bool held = holds(r, expect, policy, DT_VARIANT_LOOKAHEAD + l, 0, &known);
        lookahead[l] = known ? held : -1;
    }
    for (size_t w = 0; w < r->worlds; w++) {
        held += holds(r, expect, policy, DT_VARIANTS, w, &known);
        looked += known;
    }
    e.worlds = looked ? (double)held / (double)looked : (double)NAN;
    return e;
}

void dt_referee_expect(dt_refereeing *r)
{
    dt_list(dt_expected) list = {0};
    for (int e = 0; e < r->model->expects; e++) {
        const dt_expect *expect = &r->model->expect[e];
        const bool general = is_general(expect->condition);
        for (int p = 0; p < r->model->policies; p++) {
            if (expect->policy != DT_NONE && expect->policy != p)
                continue;
            dt_push(r->arena, &list, look(r, expect, p));
            if (!general)
                break; /* every outcome names its policy: all policies see the same */
        }
    }
    r->answer->expectations = list.count;
    r->answer->expected = list.at;
}
