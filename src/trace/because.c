/*
 * Because: why a mover takes one action rather than another, in a sentence. The difference of two
 * actions' values is the sum of the differences of its terms: those of its sign are the reasons for
 * it, the others speak against it. A sentence names the largest of both and sums up the others, so
 * that nothing is left out that could turn it round. It gives no reasons where there are none:
 * where there is one action, where the mover's rationality is 0, where both are worth the same, and
 * where the probabilities don't follow from the values, because the node isn't solved.
 */
#include "trace/because.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diagnostic.h"

/* Of the largest part of a value: what is less than this can't be told from rounding. */
static const double ROUNDING = 1e-9;
/* How far probabilities may be from what the values say before the node counts as unsolved. */
static const double FAR = 1e-6;

/* ---- names ------------------------------------------------------------------------------------- */

const char *dt_brief_name(dt_arena *arena, const char *name)
{
    static const char joint[] = " + ";
    dt_text brief = {.arena = arena};
    for (const char *at = name; at;) {
        const char *next = strstr(at, joint), *dot = strchr(at, '.');
        const char *own = dot && (!next || dot < next) ? dot + 1 : at;
        const char *end = next ? next + strlen(joint) : own + strlen(own);
        dt_text_add(&brief, own, (size_t)(end - own));
        at = next ? end : NULL;
    }
    return dt_text_get(&brief);
}

/* "pays" if a part is never positive, "gets" if never negative. */
static const char *verb_of(const dt_explained_mover *mover, size_t part)
{
    bool less = false, more = false;
    for (size_t a = 0; a < mover->actions; a++) {
        less |= mover->action[a].term[part] < 0;
        more |= mover->action[a].term[part] > 0;
    }
    return less && more ? "is paid" : less ? "pays" : "gets";
}

/* "what A pays for back in nerve", "what B gets for A's \"Back down\" in nerve", "what A gets in luck" */
static void say_payment(const dt_rules *rules, int term, const char *verb, dt_text *words)
{
    const dt_model *model = rules->model;
    const dt_term *paid = &model->term[term];
    const dt_stage *stage = &model->stage[paid->stage];
    dt_text_print(words, "what %s %s", model->actor[rules->term_actor[term]].is.name, verb);
    if (paid->action) {
        const int mover = rules->stage[paid->stage].mover_actor[paid->action->mover];
        dt_text_print(words, " for ");
        if (mover != rules->term_actor[term])
            dt_text_print(words, "%s's ", model->actor[mover].is.name);
        if (paid->action->is.description[0])
            dt_text_print(words, "\"%s\"", paid->action->is.description);
        else
            dt_text_print(words, "%s", paid->action->is.name);
    }
    dt_text_print(words, " in %s", stage->is.name);
}

const char *dt_part_words(dt_arena *arena, const dt_rules *rules, const dt_functional *which,
                          const dt_explained_mover *mover, size_t part)
{
    const dt_model *model = rules->model;
    dt_text words = {.arena = arena};
    if (which->kind == DT_FUNCTIONAL_TASTE) {
        dt_text_print(&words, "the taste shocks that %s goes on to enjoy",
                      model->actor[which->index].is.name);
        return dt_text_get(&words);
    }
    assert(which->kind == DT_FUNCTIONAL_TERM);
    const dt_term *term = &model->term[which->index];
    if (term->stage != DT_NONE) {
        say_payment(rules, which->index, verb_of(mover, part), &words);
        return dt_text_get(&words);
    }
    const bool described = term->is.description[0] != '\0';
    dt_text_print(&words, "%s", described ? term->is.description : term->is.name);
    if (mover->team)
        dt_text_print(&words, " of %s", model->actor[rules->term_actor[which->index]].is.name);
    return dt_text_get(&words);
}

/* ---- finding reasons --------------------------------------------------------------------------- */

enum { SHOWN = 4 };

typedef struct work {
    dt_arena *arena;
    const dt_explained_mover *mover;
    int action, against; /* -1: open */
    size_t shown;
    dt_because *because;
} work;

/* The likeliest action other than one; the first of several. */
static size_t likeliest(const dt_explained_mover *mover, size_t other)
{
    size_t best = SIZE_MAX;
    for (size_t a = 0; a < mover->actions; a++) {
        if (a != other &&
            (best == SIZE_MAX || mover->action[a].probability > mover->action[best].probability))
            best = a;
    }
    assert(best != SIZE_MAX);
    return best;
}

static int by_size(const void *a, const void *b)
{
    const dt_reason *x = a, *y = b;
    const double p = fabs(x->difference), q = fabs(y->difference);
    if (p != q)
        return p < q ? 1 : -1;
    return x->term < y->term ? -1 : 1;
}

/* The size that rounding is measured by. */
static double scale_of(const dt_explained_mover *mover, const dt_explained_action *x,
                       const dt_explained_action *y)
{
    double scale = fmax(fabs(x->value), fabs(y->value));
    for (size_t t = 0; t < mover->terms; t++)
        scale = fmax(scale, fmax(fabs(x->term[t]), fabs(y->term[t])));
    return scale;
}

/* The reasons of a sign. */
static dt_reasons list_reasons(const work *w, int sign, double noise)
{
    const dt_explained_mover *mover = w->mover;
    const dt_explained_action *x = &mover->action[w->because->action],
                              *y = &mover->action[w->because->against];
    dt_reason *reason = dt_new(w->arena, dt_reason, mover->terms);
    dt_reasons list = {.reason = reason};
    size_t count = 0;
    for (size_t t = 0; t < mover->terms; t++) {
        const double difference = x->term[t] - y->term[t];
        if (sign * difference > noise)
            reason[count++] = (dt_reason){t, difference};
    }
    qsort(reason, count, sizeof *reason, by_size);
    /* One that would stand alone as the rest is told as well. */
    list.count = count <= w->shown + 1 ? count : w->shown;
    list.rest = count - list.count;
    for (size_t r = list.count; r < count; r++)
        list.rest_difference += reason[r].difference;
    return list;
}

/* Whether the share of the first of two actions is what their difference in value makes it. */
static bool follows(const dt_explained_mover *mover, const dt_explained_action *x,
                    const dt_explained_action *y, double noise)
{
    const double both = x->probability + y->probability;
    if (!(both > 0))
        return true;
    const double expected = 1 / (1 + exp(-mover->rationality * (x->value - y->value)));
    const double off = fabs(x->probability / both - expected) * both;
    return off <= fmax(FAR, mover->rationality * noise);
}

static void find_ground(const work *w)
{
    dt_because *b = w->because;
    const dt_explained_action *x = &w->mover->action[b->action], *y = &w->mover->action[b->against];
    const double noise = ROUNDING * scale_of(w->mover, x, y);
    b->difference = x->value - y->value;
    const bool same = fabs(b->difference) <= noise;
    const int sign = b->difference < -noise ? -1 : 1;
    if (!follows(w->mover, x, y, noise)) {
        b->ground = DT_GROUND_UNKNOWN;
        return;
    }
    b->ground = w->mover->rationality == 0 ? DT_GROUND_CHANCE
                : same                     ? DT_GROUND_SAME
                                           : DT_GROUND_REASONS;
    if (b->ground == DT_GROUND_CHANCE && same)
        return;
    b->because = list_reasons(w, sign, noise);
    b->despite = list_reasons(w, -sign, noise);
}

/* ---- putting them into words ------------------------------------------------------------------- */

void dt_say_number(const char *before, double number, dt_text *text)
{
    char digits[32];
    snprintf(digits, sizeof digits, "%.2e", number);
    dt_text_print(text, "%s%s", before, dt_print_number(digits, strtod(digits, NULL)));
}

/* "(+0.5)" */
static void say_part(double difference, dt_text *text)
{
    dt_say_number(difference > 0 ? " (+" : " (", difference, text);
    dt_text_print(text, ")");
}

/* " 0.909 less", and of what: " 0.909 (bn) less" */
static void say_difference(const dt_explained_mover *mover, double difference, const char *which,
                           dt_text *text)
{
    dt_say_number(" ", fabs(difference), text);
    if (*mover->unit)
        dt_text_print(text, " (%s)", mover->unit);
    dt_text_print(text, " %s", which);
}

/* "73.1%", never 0% or 100% for what isn't. */
static void say_chance(double p, dt_text *text)
{
    if (p > 0 && p < 1e-4)
        dt_text_print(text, "(<0.01");
    else if (p < 1 && p > 0.9999)
        dt_text_print(text, "(>99.99");
    else
        dt_say_number("(", 100 * p, text);
    dt_text_print(text, "%%)");
}

/* An action as one sentence or the other calls it. */
typedef const char *called(const dt_explained_action *action);

static const char *by_name(const dt_explained_action *action)
{
    return action->brief;
}

static const char *by_text(const dt_explained_action *action)
{
    return action->called;
}

static void say_action(const dt_explained_action *action, called *call, dt_text *text)
{
    dt_text_print(text, "%s ", call(action));
    say_chance(action->probability, text);
}

/* "X (+0.5), Y (+0.4) and 5 smaller (+0.012)" */
static void say_reasons(const dt_explained_mover *mover, const dt_reasons *reasons, dt_text *text)
{
    for (size_t r = 0; r < reasons->count; r++) {
        const bool last = r + 1 == reasons->count && reasons->rest == 0;
        dt_text_print(text, "%s%s",
                      r == 0 ? ""
                      : last ? " and "
                             : ", ",
                      mover->words[reasons->reason[r].term]);
        say_part(reasons->reason[r].difference, text);
    }
    if (reasons->rest) {
        dt_text_print(text, " and %zu smaller", reasons->rest);
        say_part(reasons->rest_difference, text);
    }
}

static void say_why(const work *w, dt_text *text)
{
    const dt_because *b = w->because;
    if (b->because.count) {
        dt_text_print(text, ", because of ");
        say_reasons(w->mover, &b->because, text);
    }
    if (b->despite.count) {
        dt_text_print(text, "; despite ");
        say_reasons(w->mover, &b->despite, text);
    }
}

static const char *say(const work *w, const char *who, called *call)
{
    const dt_because *b = w->because;
    const dt_explained_mover *mover = w->mover;
    const dt_explained_action *x = &mover->action[b->action], *y = &mover->action[b->against];
    const char *plays = mover->team ? "play" : "plays";
    dt_text text = {.arena = w->arena};
    dt_text_print(&text, "%s ", who);
    switch (b->ground) {
    case DT_GROUND_NONE:
        dt_text_print(&text, "can only play %s", call(x));
        break;
    case DT_GROUND_CHANCE:
        dt_text_print(&text, "%s: rationality 0", mover->team ? "toss coins" : "tosses coins");
        if (b->because.count == 0)
            break;
        dt_text_print(&text, ", though ");
        say_action(x, call, &text);
        dt_text_print(&text, " is worth");
        say_difference(mover, b->difference, b->difference < 0 ? "less than " : "more than ",
                       &text);
        say_action(y, call, &text);
        say_why(w, &text);
        break;
    case DT_GROUND_SAME:
        dt_text_print(&text, "%s ", plays);
        say_action(x, call, &text);
        dt_text_print(&text, " as often as ");
        say_action(y, call, &text);
        dt_text_print(&text, ": the two are worth the same");
        if (b->because.count && b->despite.count) {
            dt_text_print(&text, ", ");
            say_reasons(mover, &b->because, &text);
            dt_text_print(&text, " against ");
            say_reasons(mover, &b->despite, &text);
        }
        break;
    case DT_GROUND_UNKNOWN:
        dt_text_print(&text, "%s ", plays);
        say_action(x, call, &text);
        dt_text_print(&text, " and ");
        say_action(y, call, &text);
        dt_say_number(", which doesn't follow from their values, ", x->value, &text);
        dt_say_number(" and ", y->value, &text);
        dt_text_print(&text, ": this situation isn't solved");
        break;
    case DT_GROUND_REASONS:
        dt_text_print(&text, "%s ", plays);
        say_action(x, call, &text);
        dt_text_print(&text, b->difference < 0 ? " less than " : " rather than ");
        say_action(y, call, &text);
        dt_text_print(&text, ", which is worth");
        say_difference(mover, b->difference, b->difference < 0 ? "more" : "less", &text);
        say_why(w, &text);
        break;
    }
    return dt_text_get(&text);
}

/* ---- the call ---------------------------------------------------------------------------------- */

static dt_status compare(void *argument)
{
    work *w = argument;
    dt_because *b = w->because = dt_new(w->arena, dt_because, 1);
    if (w->mover->actions == 1) {
        b->ground = DT_GROUND_NONE;
    } else {
        if (w->action < 0)
            b->action = likeliest(w->mover, w->against < 0 ? SIZE_MAX : (size_t)w->against);
        else
            b->action = (size_t)w->action;
        b->against = w->against < 0 ? likeliest(w->mover, b->action) : (size_t)w->against;
        find_ground(w);
    }
    b->text = say(w, w->mover->name, by_name);
    b->in_texts = say(w, w->mover->called, by_text);
    return DT_OK;
}

dt_status dt_explanation_because(dt_explanation *explanation, size_t mover, int action, int against,
                                 size_t shown, const dt_options *options,
                                 const dt_because **because)
{
    if (because)
        *because = NULL;
    if (!explanation || !because || mover >= explanation->movers)
        return dt_refuse_call(options, "dt_explanation_because",
                              "no explanation, a mover that it hasn't got, or nowhere to put it");
    const dt_explained_mover *who = &explanation->mover[mover];
    assert(who->actions > 0);
    if (action >= (int)who->actions || against >= (int)who->actions ||
        (who->actions > 1 && action >= 0 && action == against))
        return dt_refuse_call(options, "dt_explanation_because", "actions that can't be compared");
    dt_arena *arena = explanation->owner;
    work w = {arena, who, action, against, shown ? shown : SHOWN, NULL};
    const dt_status status = dt_arena_try(arena, compare, &w);
    if (status == DT_LIMIT)
        dt_report_limit(options, dt_arena_reason(arena));
    *because = status == DT_OK ? w.because : NULL;
    return status;
}
