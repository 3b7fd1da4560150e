/*
 * What does the work, in words: the ingredients of a difference between two policies, those that move it
 * most first, and how much of it would follow though nobody reacted. Shares of less than a twentieth of the
 * largest are left to a count, so that a sentence stays one.
 */
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/job.h"
#include "lab/answer.h"

static const double SMALL = 0.05; /* of the largest: not told */

typedef struct working {
    const dt_model *model;
    const dt_levers *levers;
    const dt_levers_result *result;
    int outcome;
    char *text;
    size_t size;
} working;

/* "“Who carries the offers” as “Seoul”" of a lever; of another change its line, "without" it if `to` hasn't got
 * it. */
static void say_ingredient(dt_text *text, const working *w, size_t ingredient)
{
    const char *name = dt_levers_name(w->levers, ingredient);
    const char *from = dt_levers_side(w->levers, ingredient, 0);
    const char *to = dt_levers_side(w->levers, ingredient, 1);
    for (int l = 0; l < w->model->levers; l++) {
        const dt_lever *lever = &w->model->lever[l];
        const size_t length = strlen(lever->is.name);
        if (strcmp(name, lever->is.name) != 0 || strncmp(to, name, length) != 0 ||
            to[length] != '=')
            continue;
        for (int s = 0; s < lever->settings; s++) {
            if (strcmp(lever->setting[s].is.name, to + length + 1) == 0) {
                dt_text_print(text, "“%s” as “%s”", dt_title_of(&lever->is),
                              dt_title_of(&lever->setting[s].is));
                return;
            }
        }
    }
    dt_text_print(text, *to ? "%s" : "no longer %s", *to ? to : from);
}

/* How the numbers that are told are written: the difference, and shares that aren't small. */
static dt_figures figures_of(dt_arena *arena, const working *w, double difference,
                             const double *share, size_t count)
{
    double largest = fabs(difference);
    for (size_t i = 0; i < count; i++)
        largest = fmax(largest, fabs(share[i]));
    double *told = dt_new(arena, double, count + 1);
    size_t tell = 0;
    told[tell++] = fabs(difference);
    for (size_t i = 0; i < count; i++) {
        if (fabs(share[i]) >= SMALL * largest)
            told[tell++] = fabs(share[i]);
    }
    return dt_figures_of_outcome(w->model, w->outcome, told, tell);
}

/* "33 in 100 less". */
static void say_change(dt_text *text, const working *w, double number, dt_figures figures)
{
    dt_say_size(text, w->model, figures, number);
    dt_text_print(text, number < 0 ? " less" : " more");
}

/* The ingredients that move it most, at most four, and a count of the others. */
static void say_shares(dt_text *text, const working *w, double *share, size_t count,
                       dt_figures figures)
{
    enum { READABLE = 4 };
    size_t told = 0;
    double largest = 0;
    for (size_t i = 0; i < count; i++)
        largest = fmax(largest, fabs(share[i]));
    for (; told < count && told < READABLE; told++) {
        size_t most = 0;
        for (size_t i = 0; i < count; i++)
            most = fabs(share[i]) > fabs(share[most]) ? i : most;
        if (share[most] == 0 || fabs(share[most]) < SMALL * largest)
            break;
        dt_text_print(text, "%s", told ? "; " : "");
        say_ingredient(text, w, most);
        if (count > 1) {
            dt_text_print(text, ", ");
            say_change(text, w, share[most], figures);
        }
        share[most] = 0;
    }
    const size_t rest = count - told;
    if (rest > 0)
        dt_text_print(text, "; %zu other %s less", rest, rest == 1 ? "change does" : "changes do");
    dt_text_print(text, ". ");
}

/* What of the difference would come by itself. */
static void say_adaptation(dt_text *text, const working *w, double difference, dt_figures figures)
{
    static const double HARDLY = 0.005; /* of the difference */
    const double mechanical = w->result->mechanical[w->outcome];
    const double adaptive = w->result->adaptive[w->outcome];
    if (fabs(mechanical) < HARDLY * fabs(difference)) {
        dt_text_print(text, "None of it would come if nobody changed what they do.");
    } else if (fabs(adaptive) < HARDLY * fabs(difference)) {
        dt_text_print(text, "All of it would come though nobody changed what they do.");
    } else if ((mechanical < 0) == (adaptive < 0)) {
        dt_text_print(text, "Of ");
        say_change(text, w, difference, figures);
        dt_text_print(text, " in all, ");
        dt_say_size(text, w->model, figures, mechanical);
        dt_text_print(text, " would come though nobody changed what they do, ");
        dt_say_size(text, w->model, figures, adaptive);
        dt_text_print(text, " comes as everybody adapts.");
    } else {
        dt_text_print(text, "If nobody changed what they do it would be ");
        say_change(text, w, mechanical, figures);
        dt_text_print(text, "; as everybody adapts it is ");
        say_change(text, w, difference, figures);
        dt_text_print(text, ".");
    }
}

static dt_status say_work(dt_arena *arena, void *argument)
{
    const working *w = argument;
    const size_t count = dt_levers_count(w->levers), cells = (size_t)1 << count;
    const double *v = w->result->outcome + (size_t)w->outcome * cells;
    const double difference = v[cells - 1] - v[0];
    if (isnan(difference) ||
        dt_better(v[cells - 1], v[0], fmax(fabs(v[0]), fabs(v[cells - 1]))) == 0)
        return DT_OK;
    dt_shares shares = {.shapley = dt_new(arena, double, count)};
    dt_share(count, v, &shares);
    const dt_figures figures = figures_of(arena, w, difference, shares.shapley, count);
    dt_text text = {.arena = arena};
    dt_text_print(&text, "What does the work: ");
    say_shares(&text, w, shares.shapley, count, figures);
    say_adaptation(&text, w, difference, figures);
    snprintf(w->text, w->size, "%s", dt_text_get(&text));
    return DT_OK;
}

const char *dt_levers_in_words(const dt_model *model, const dt_levers *levers,
                               const dt_levers_result *result, size_t outcome, char *text,
                               size_t size)
{
    if (!text || size == 0)
        return "";
    *text = '\0';
    if (!model || !levers || !result || !result->outcome || !result->mechanical ||
        !result->adaptive || outcome >= (size_t)model->declared_outcomes)
        return text;
    working w = {model, levers, result, (int)outcome, text, size};
    dt_job(NULL, say_work, &w);
    return text;
}

/* ---- of an answer --------------------------------------------------------------------------------- */

enum { LONGEST = 4000 };

static dt_levers_result room_for(dt_arena *arena, size_t outcomes, size_t cells)
{
    return (dt_levers_result){.outcome = dt_new(arena, double, outcomes *cells),
                              .mechanical = dt_new(arena, double, outcomes),
                              .adaptive = dt_new(arena, double, outcomes),
                              .uniform = dt_new(arena, double, 1)};
}

static bool leads(const dt_answered_outcome *o, const dt_answer_from *from)
{
    return (o->lead == DT_LEAD_CLEAR || o->lead == DT_LEAD_UNTRIED) && o->best != from->baseline;
}

void dt_answer_work(dt_arena *arena, const dt_answer_from *from, const dt_options *options,
                    dt_answered_outcome *outcome, size_t outcomes)
{
    dt_options quiet = options ? *options : (dt_options){0};
    quiet.report = NULL; /* what can't be taken apart is left out */
    for (size_t best = 0; best < from->policies; best++) {
        dt_levers *levers = NULL;
        size_t asked = 0;
        for (size_t i = 0; i < outcomes; i++)
            asked += leads(&outcome[i], from) && outcome[i].best == best;
        if (asked == 0 || dt_levers_new(from->model, from->policy[from->baseline],
                                        from->policy[best], &quiet, &levers) != DT_OK)
            continue;
        const size_t count = dt_levers_count(levers);
        if ((size_t)1 << count <= from->most_cells) {
            dt_levers_result result =
                room_for(arena, (size_t)from->model->declared_outcomes, (size_t)1 << count);
            const bool solved =
                dt_levers_solve(levers, from->world, 1, from->values, &quiet, &result) == DT_OK;
            for (size_t i = 0; i < outcomes && solved; i++) {
                if (leads(&outcome[i], from) && outcome[i].best == best)
                    outcome[i].work =
                        dt_levers_in_words(from->model, levers, &result, outcome[i].outcome,
                                           dt_new(arena, char, LONGEST), LONGEST);
            }
        }
        dt_levers_free(levers);
    }
}
