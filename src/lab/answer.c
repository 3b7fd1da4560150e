/*
 * The answer in words: of each headline outcome which policy is best, in how many worlds, by how much
 * against the baseline, and whether that is clear. A lead is clear by three tests at once: in most worlds, beyond the
 * noise of the draws (the paired bootstrap interval of src/robust/compare.c), and large enough to show
 * in what is said. A ranking that holds when everybody tosses coins is told to say nothing about
 * strategy. Nothing is computed here but means' order: a sentence can claim no more than its numbers.
 */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/diagnostic.h"
#include "base/job.h"
#include "detente_referee.h"
#include "lab/answer.h"

typedef struct answering {
    const dt_answer_from *from;
    const dt_options *options;
} answering;

/* One outcome while it is answered. */
typedef struct asked {
    const dt_answer_from *from;
    const dt_model *model;
    const dt_compared_outcome *compared; /* NULL: one world */
    dt_arena *arena;
    int outcome, direction;
    dt_answered_outcome *answer;
    bool *named; /* [policies] in a sentence */
    dt_text text;
} asked;

const char *dt_lead_word(dt_lead lead)
{
    static const char *const word[] = {"none", "same", "untried", "open", "clear"};
    return (size_t)lead < sizeof word / sizeof *word ? word[lead] : "";
}

/* ---- numbers ------------------------------------------------------------------------------------- */

/* What policies are ranked by: the mean over worlds, or the number in the one. */
static double score(const asked *a, size_t policy)
{
    const size_t outcomes = (size_t)a->model->declared_outcomes;
    return a->compared ? a->compared->policy[policy].measure[DT_MEASURE_MEAN]
                       : a->from->nominal[policy * outcomes + (size_t)a->outcome];
}

/* What is said of a policy: the median over worlds. */
static double middle(const asked *a, size_t policy)
{
    enum { MEDIAN = 3 };
    return a->compared ? a->compared->policy[policy].quantile[MEDIAN] : score(a, policy);
}

/* Whether a policy comes to the same as the best, in one world; over worlds shares tell the two apart. */
static bool ties(const asked *a, size_t policy)
{
    const double best = score(a, a->answer->best), own = score(a, policy);
    return policy == a->answer->best ||
           (!a->compared && !isnan(own) && dt_better(best, own, fmax(fabs(best), fabs(own))) == 0);
}

static bool is_best(const asked *a, size_t policy)
{
    return policy == a->answer->best;
}

/* The best of those that aren't left out; SIZE_MAX if none has a number. */
static size_t best_without(const asked *a, bool (*left_out)(const asked *, size_t))
{
    size_t best = SIZE_MAX;
    for (size_t p = 0; p < a->from->policies; p++) {
        if (isnan(score(a, p)) || (left_out && left_out(a, p)))
            continue;
        const double here = a->direction * score(a, p);
        if (best == SIZE_MAX || dt_better(here, a->direction * score(a, best), 0) > 0)
            best = p;
    }
    return best;
}

/* One policy less another, as compared: the same pair, `sign` -1 if it is the other way round. */
static const dt_difference *difference_of(const asked *a, size_t policy, size_t other, int *sign)
{
    *sign = policy < other ? 1 : -1;
    for (size_t d = 0; d < a->compared->differences; d++) {
        const dt_difference *pair = &a->compared->difference[d];
        if (pair->policy == (policy < other ? policy : other) &&
            pair->other == (policy < other ? other : policy))
            return pair;
    }
    return NULL;
}

/* Whether a lead over the next shows in what is said. */
static bool shows(const asked *a)
{
    const double best = score(a, a->answer->best), next = score(a, a->answer->next);
    const dt_scale scale = dt_scale_of(a->model, a->outcome);
    const double least = dt_scale_is_share(scale) ? 0.005 : 0.01 * fmax(fabs(best), fabs(next));
    return fabs(best - next) >= least;
}

/* Whether the interval of the mean lead over the next excludes 0. */
static bool beyond_noise(const asked *a)
{
    int sign;
    const dt_difference *pair = difference_of(a, a->answer->best, a->answer->next, &sign);
    return pair && (pair->low > 0 || pair->high < 0); /* false of NaN */
}

static dt_lead lead_of(const asked *a)
{
    size_t known = 0;
    for (size_t p = 0; p < a->from->policies; p++)
        known += !isnan(score(a, p));
    if (a->direction == 0 || known < 2)
        return DT_LEAD_NONE;
    double low = INFINITY, high = -INFINITY;
    for (size_t p = 0; p < a->from->policies; p++) {
        low = fmin(low, score(a, p));
        high = fmax(high, score(a, p));
    }
    if (dt_better(high, low, fmax(fabs(low), fabs(high))) == 0)
        return DT_LEAD_SAME;
    if (!a->compared)
        return DT_LEAD_UNTRIED;
    return a->answer->share > 0.5 && beyond_noise(a) && shows(a) ? DT_LEAD_CLEAR : DT_LEAD_OPEN;
}

static bool is_by_chance(const asked *a)
{
    const size_t policies = a->from->policies, outcomes = (size_t)a->model->declared_outcomes;
    double *number = dt_new(a->arena, double, 2 * policies);
    if (!a->from->chance || policies < 2)
        return false;
    for (size_t p = 0; p < policies; p++) {
        number[p] = a->from->nominal[p * outcomes + (size_t)a->outcome];
        number[policies + p] = a->from->chance[p * outcomes + (size_t)a->outcome];
        if (isnan(number[p]) || isnan(number[policies + p]))
            return false;
    }
    return dt_ranked_by_chance(number, number + policies, policies);
}

/* ---- words --------------------------------------------------------------------------------------- */

static const char *title_of(const asked *a, size_t policy)
{
    a->named[policy] = true;
    return dt_title_of(&a->model->policy[a->from->policy[policy]].is);
}

/* "3 in 100 (1 to 5)". */
static void say(asked *a, size_t policy, dt_figures figures)
{
    enum { LOW = 1, HIGH = 5 };
    dt_say_outcome(&a->text, a->model, figures, middle(a, policy));
    if (!a->compared)
        return;
    const double *quantile = a->compared->policy[policy].quantile;
    dt_text_print(&a->text, " ");
    dt_say_band(&a->text, a->model, figures, quantile[LOW], quantile[HIGH]);
}

/* "91 of 100 worlds", "17 of 20 worlds". */
static void say_worlds(const asked *a, dt_text *text, double share)
{
    const dt_basis *basis = &a->from->comparison->basis;
    const char *what = basis->averaged ? "draws" : "worlds";
    if (basis->points < 100)
        dt_text_print(text, "%.0f of %zu %s", share * (double)basis->points, basis->points, what);
    else if (share >= 1)
        dt_text_print(text, "all %s", what);
    else if (share > 0.995)
        dt_text_print(text, "more than 99 of 100 %s", what);
    else if (share > 0 && share < 0.005)
        dt_text_print(text, "fewer than 1 of 100 %s", what);
    else
        dt_text_print(text, "%.0f of 100 %s", 100 * share, what);
}

/* How two or three policies that stand together are written. */
static dt_figures figures_of(const asked *a, size_t one, size_t two, size_t three)
{
    const double number[] = {middle(a, one), middle(a, two), middle(a, three)};
    return dt_figures_of_outcome(a->model, a->outcome, number, 3);
}

static const char *most_word(const asked *a)
{
    return a->direction > 0 ? "highest" : "lowest";
}

/* "“X”", "“X” and “Y”", "“X”, “Y” and 3 more": those that are best. */
static void say_bests(asked *a)
{
    enum { NAMED = 2 };
    size_t count = 0, told = 1;
    for (size_t p = 0; p < a->from->policies; p++)
        count += p != a->answer->best && ties(a, p);
    dt_text_print(&a->text, "“%s”", title_of(a, a->answer->best));
    for (size_t p = 0; p < a->from->policies && told < NAMED && count > 0; p++) {
        if (p == a->answer->best || !ties(a, p))
            continue;
        dt_text_print(&a->text, count > 1 ? ", “%s”" : " and “%s”", title_of(a, p));
        told++;
        count--;
    }
    if (count > 0)
        dt_text_print(&a->text, " and %zu more", count);
}

/* What the best is set against: the baseline, if it has a number and isn't among the best; else the next. */
static size_t other_of(const asked *a)
{
    const size_t base = a->from->baseline;
    return ties(a, base) || isnan(score(a, base)) ? best_without(a, ties) : base;
}

/* Of an outcome that ranks nothing: from where to where it goes. */
static void say_range(asked *a)
{
    size_t low = SIZE_MAX, high = SIZE_MAX;
    for (size_t p = 0; p < a->from->policies; p++) {
        if (isnan(score(a, p)))
            continue;
        if (low == SIZE_MAX || score(a, p) < score(a, low))
            low = p;
        if (high == SIZE_MAX || score(a, p) > score(a, high))
            high = p;
    }
    if (low == SIZE_MAX) {
        dt_text_print(&a->text, "not solved under any policy.");
        return;
    }
    const dt_figures figures = figures_of(a, low, high, high);
    if (dt_better(score(a, high), score(a, low), 1) != 0) {
        dt_text_print(&a->text, "from ");
        say(a, low, figures);
        dt_text_print(&a->text, " under “%s” to ", title_of(a, low));
        say(a, high, figures);
        dt_text_print(&a->text, " under “%s”.", title_of(a, high));
        return;
    }
    size_t known = 0;
    for (size_t p = 0; p < a->from->policies; p++)
        known += !isnan(score(a, p));
    say(a, low, figures);
    if (known == 1 && a->model->policies > 1)
        dt_text_print(&a->text, " under “%s”.", title_of(a, low));
    else
        dt_text_print(&a->text, " under %s.",
                      known == 1                  ? "the one policy"
                      : known < a->from->policies ? "every policy that is solved"
                                                  : "every policy");
}

/* "lowest under “X”, in 91 of 100 worlds: 3 in 100 (1 to 5), against 7 in 100 (2 to 16) under “Y”." */
static void say_best(asked *a)
{
    const dt_answered_outcome *answer = a->answer;
    const size_t other = other_of(a);
    assert(other < a->from->policies && "else all come to the same");
    const dt_figures figures = figures_of(a, answer->best, other, other);
    dt_text_print(&a->text, "%s under ", most_word(a));
    say_bests(a);
    if (a->compared) {
        dt_text_print(&a->text, ", in ");
        say_worlds(a, &a->text, answer->share);
    }
    dt_text_print(&a->text, ": ");
    say(a, answer->best, figures);
    dt_text_print(&a->text, other == a->from->baseline ? ", against " : ", and next ");
    say(a, other, figures);
    dt_text_print(&a->text, " under “%s”.", title_of(a, other));
}

/* "no clear best. “X” is lowest in 48 of 100 worlds, “Y” in 41 of 100 worlds: …" */
static void say_open(asked *a)
{
    const dt_answered_outcome *answer = a->answer;
    const size_t base = a->from->baseline;
    const bool third = base != answer->best && base != answer->next && !isnan(score(a, base));
    const dt_figures figures =
        figures_of(a, answer->best, answer->next, third ? base : answer->best);
    dt_text_print(&a->text, "no clear best. “%s” is %s in ", title_of(a, answer->best),
                  most_word(a));
    say_worlds(a, &a->text, answer->share);
    dt_text_print(&a->text, ", “%s” in ", title_of(a, answer->next));
    say_worlds(a, &a->text, a->compared->policy[answer->next].best);
    dt_text_print(&a->text, ": ");
    say(a, answer->best, figures);
    dt_text_print(&a->text, " and ");
    say(a, answer->next, figures);
    if (third) {
        dt_text_print(&a->text, ", against ");
        say(a, base, figures);
        dt_text_print(&a->text, " under “%s”", title_of(a, base));
    }
    dt_text_print(&a->text, ".");
}

static const char *text_of(asked *a)
{
    dt_text_print(&a->text, "%s: ", dt_title_of(&a->model->outcome[a->outcome].is));
    switch (a->answer->lead) {
    case DT_LEAD_NONE:
    case DT_LEAD_SAME:
        say_range(a);
        break;
    case DT_LEAD_UNTRIED:
    case DT_LEAD_CLEAR:
        say_best(a);
        break;
    case DT_LEAD_OPEN:
        say_open(a);
        break;
    }
    if (a->answer->by_chance)
        dt_text_print(&a->text, " The policies rank so, too, if everybody tosses coins: it says "
                                "nothing about strategy.");
    return dt_text_get(&a->text);
}

/* ---- by which number it turns -------------------------------------------------------------------- */

/* A parameter's number, by itself or in the digits that tell it from another. */
static void say_number(dt_text *text, double number, double other)
{
    const dt_figures figures =
        dt_figures_of(DT_SCALE_NUMBER, (const double[]){number, other}, 2, DT_MORE_DECIMALS);
    dt_say_figure(text, figures, number);
    dt_say_counted(text, figures);
}

/* What a parameter is in the nominal world. */
static double value_of(const asked *a, size_t parameter)
{
    return a->from->world ? a->from->world[parameter] : a->model->param[parameter].value;
}

/* Past a number of the parameter that it has not in the nominal world. */
static void say_flip(const asked *a, dt_text *text, const dt_decisive *row)
{
    const dt_param *param = &a->model->param[row->parameter];
    const double is = value_of(a, row->parameter);
    const double below = is - row->flip_below, above = row->flip_above - is;
    const bool down = isnan(above) || below < above; /* the nearer of the two that there are */
    const double at = down ? row->flip_below : row->flip_above;
    dt_text_print(text, "By itself the number that turns it soonest is “%s”: %s ",
                  dt_title_of(&param->is), down ? "below" : "above");
    say_number(text, at, is);
    dt_text_print(text, " (it is ");
    say_number(text, is, is);
    dt_text_print(text, ") “%s” is best.", title_of(a, down ? row->best_below : row->best_above));
}

static void say_turn(const asked *a, dt_text *text, const dt_decisive *row)
{
    const dt_param *param = &a->model->param[row->parameter];
    const double is = value_of(a, row->parameter);
    dt_text_print(text, "What it turns on most is “%s”, here ", dt_title_of(&param->is));
    say_number(text, is, is);
    dt_text_print(text,
                  ": at its low end “%s” is best, at its high end “%s”; the best changes at about ",
                  title_of(a, row->best_low), title_of(a, row->best_high));
    say_number(text, row->turn, is);
    dt_text_print(text, ".");
}

/* The first number that turns the ranking, of those beyond the noise of the study. */
static const char *turns_of(const asked *a)
{
    const dt_decision *decision = a->from->decision ? a->from->decision[a->outcome] : NULL;
    dt_text text = {.arena = a->arena};
    for (size_t i = 0; decision && i < decision->parameters; i++) {
        const dt_decisive *row = &decision->decisive[i];
        if (decision->flips && (isfinite(row->flip_below) || isfinite(row->flip_above))) {
            say_flip(a, &text, row);
            return dt_text_get(&text);
        }
        if (decision->worths && row->worth > decision->floor && isfinite(row->turn) &&
            row->best_low != row->best_high) {
            say_turn(a, &text, row);
            return dt_text_get(&text);
        }
    }
    if (decision && decision->flips && a->from->tried > 0)
        dt_text_print(&text, "None of the %zu numbers tried turns this by itself within its range.",
                      a->from->tried);
    else if (decision && (decision->flips || decision->worths))
        dt_text_print(&text, "No number turns this by itself%s.",
                      decision->flips ? " within its range" : " beyond the noise of the study");
    return dt_text_get(&text);
}

/* ---- the answer ---------------------------------------------------------------------------------- */

static void answer_outcome(dt_arena *arena, const dt_answer_from *from, int outcome,
                           dt_answered_outcome *answer)
{
    const dt_comparison *comparison = from->comparison;
    asked a = {.from = from,
               .model = from->model,
               .compared = comparison ? &comparison->outcome[outcome] : NULL,
               .arena = arena,
               .outcome = outcome,
               .direction = from->model->outcome[outcome].direction,
               .answer = answer,
               .named = dt_new(arena, bool, from->policies),
               .text = {.arena = arena}};
    assert(!a.compared || a.compared->outcome == (size_t)outcome);
    *answer = (dt_answered_outcome){.outcome = (size_t)outcome,
                                    .best = SIZE_MAX,
                                    .next = SIZE_MAX,
                                    .share = (double)NAN,
                                    .less = (double)NAN,
                                    .work = ""};
    if (a.direction) {
        answer->best = best_without(&a, NULL);
        answer->next = best_without(&a, is_best);
    }
    if (answer->best != SIZE_MAX) {
        answer->share = a.compared ? a.compared->policy[answer->best].best : (double)NAN;
        answer->less = score(&a, from->baseline) - score(&a, answer->best);
    }
    answer->lead = lead_of(&a);
    answer->by_chance = answer->lead > DT_LEAD_SAME && is_by_chance(&a);
    answer->text = text_of(&a);
    answer->turns = answer->lead > DT_LEAD_SAME ? turns_of(&a) : "";
    size_t *named = dt_new(arena, size_t, from->policies);
    answer->named = named;
    for (size_t p = 0; p < from->policies; p++) {
        if (a.named[p])
            named[answer->names++] = p;
    }
}

/* Of which policies something is the best, if not of all. */
static void say_of(const dt_answer_from *from, dt_text *text)
{
    if (from->policies < (size_t)from->model->policies)
        dt_text_print(text, " Best is said of %zu of the model's %d policies.", from->policies,
                      from->model->policies);
}

/* In one world: who has no number of any headline outcome, and so no part. */
static void say_left_out(const dt_answer_from *from, dt_text *text)
{
    const size_t outcomes = (size_t)from->model->declared_outcomes;
    size_t left = 0, last = 0;
    for (size_t p = 0; p < from->policies; p++) {
        bool known = outcomes == 0;
        for (size_t o = 0; o < outcomes; o++)
            known |= !isnan(from->nominal[p * outcomes + o]);
        left += !known;
        last = known ? last : p;
    }
    if (left == 1)
        dt_text_print(text, " “%s” isn't solved and has no part.",
                      dt_title_of(&from->model->policy[from->policy[last]].is));
    else if (left > 1)
        dt_text_print(text, " %zu of these policies aren't solved and have no part.", left);
}

static const char *basis_of(dt_arena *arena, const dt_answer_from *from)
{
    dt_text text = {.arena = arena};
    size_t ranges = 0;
    for (int i = 0; i < from->model->params; i++)
        ranges += from->model->param[i].uncertainty != DT_FIXED;
    if (!from->comparison) {
        dt_text_print(
            &text, "%s only%s.", from->moved ? "At these numbers" : "At the author's numbers",
            ranges == 0 ? "; none has a range" : "; what holds over their ranges isn't tried");
        say_of(from, &text);
        say_left_out(from, &text);
        return dt_text_get(&text);
    }
    const dt_basis *basis = &from->comparison->basis;
    dt_text_print(
        &text, "Over %zu %s%s; in brackets, where nine in ten of them lie.", basis->points,
        basis->averaged ? "draws of the deep numbers, each averaged over the risks" : "worlds",
        basis->posterior  ? " that what was observed leaves possible"
        : !basis->sample  ? " of a design that covers the ranges"
        : basis->averaged ? ""
                          : " drawn from the ranges");
    if (basis->deep > 0 && !basis->posterior)
        dt_text_print(&text, " Shares of worlds are shares of these draws, not probabilities.");
    const size_t left = basis->failed + basis->unfinished;
    if (left > 0)
        dt_text_print(&text, " %zu %s left out: not every policy is solved there.", left,
                      left == 1 ? "world is" : "worlds are");
    say_of(from, &text);
    return dt_text_get(&text);
}

static dt_status answer_all(dt_arena *arena, dt_arena *scratch, void *argument, void **found)
{
    const answering *asked = argument;
    const dt_answer_from *from = asked->from;
    dt_answered *answered = *found = dt_new(arena, dt_answered, 1);
    (void)scratch;
    dt_answered_outcome *outcome =
        dt_new(arena, dt_answered_outcome, (size_t)from->model->declared_outcomes);
    *answered = (dt_answered){.outcome = outcome, .owner = arena};
    for (int o = 0; o < from->model->declared_outcomes; o++) {
        if (dt_model_headline(from->model, (size_t)o))
            answer_outcome(arena, from, o, &outcome[answered->outcomes++]);
    }
    answered->basis = basis_of(arena, from);
    if (from->world && from->most_cells > 0)
        dt_answer_work(arena, from, asked->options, outcome, answered->outcomes);
    return DT_OK;
}

bool dt_can_answer(const dt_answer_from *from)
{
    bool whole = from && from->model && from->policies > 0 && from->policy &&
                 from->baseline < from->policies && from->nominal;
    for (size_t p = 0; whole && p < from->policies; p++)
        whole = from->policy[p] < (size_t)from->model->policies;
    if (whole && from->comparison)
        whole = from->comparison->policies == from->policies &&
                from->comparison->outcomes == (size_t)from->model->declared_outcomes;
    return whole;
}

dt_status dt_answer_in_words(const dt_answer_from *from, const dt_options *options,
                             dt_answered **answered)
{
    if (answered)
        *answered = NULL;
    if (!answered || !dt_can_answer(from))
        return dt_refuse_call(
            options, "dt_answer_in_words",
            "no model, policies, numbers or place for the answer, or a study of others");
    return dt_answer(options, answer_all, &(answering){from, options}, (void **)answered);
}

void dt_answered_free(dt_answered *answered)
{
    if (answered)
        dt_arena_free(answered->owner);
}
