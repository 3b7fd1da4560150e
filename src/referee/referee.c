/*
 * The referee: plans what is to be solved, has it solved, and goes through the families of objections. Objections are told by
 * gravity, and within that in the order of the families: what rests on chance, on noise, on the horizon, on numbers,
 * on expectations that can't fail, on bundles, on the equilibrium selected and on the nominal world, what nobody pays, and what
 * the rules allow.
 */
#include "referee/referee.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "base/diagnostic.h"
#include "base/hash.h"
#include "base/job.h"
#include "study/random.h"
#include "trace/condition.h"

/* ---- what the objections share ------------------------------------------------------------------- */

void dt_object(dt_refereeing *r, const char *kind, dt_gravity gravity, double number,
               const dt_text *text, const char *command)
{
    const dt_objection objection = {kind, gravity, number, dt_text_get(text), command};
    dt_push(r->arena, &r->objection, objection);
}

const char *dt_referee_print(const dt_refereeing *r, const char *format, ...)
{
    dt_text text = {.arena = r->arena};
    va_list arguments;
    va_start(arguments, format);
    dt_text_print_list(&text, format, arguments);
    va_end(arguments);
    return dt_text_get(&text);
}

dt_name_list dt_referee_unsolved(const dt_refereeing *r, size_t variant)
{
    dt_name_list names = dt_names(r->arena, 0);
    for (size_t p = 0; p < r->policies; p++) {
        bool known = r->declared == 0;
        for (size_t o = 0; o < r->declared; o++)
            known |= !isnan(dt_referee_number(r, variant, p, o));
        if (!known)
            dt_name_add(&names, "%s", r->model->policy[p].is.name);
    }
    return names;
}

size_t dt_referee_best(const dt_refereeing *r, const double *number, size_t step, size_t outcome)
{
    const int direction = r->model->outcome[outcome].direction;
    size_t best = r->policies;
    double size = 0;
    for (size_t p = 0; p < r->policies; p++)
        size = isnan(number[p * step]) ? size : fmax(size, fabs(number[p * step]));
    for (size_t p = 0; p < r->policies && direction; p++) {
        if (!isnan(number[p * step]) &&
            (best == r->policies ||
             direction * dt_better(number[p * step], number[best * step], size) > 0))
            best = p;
    }
    return best;
}

/* The rank correlation of the policies by an outcome in a variant with the nominal one. */
static double correlation(const dt_refereeing *r, size_t variant, size_t outcome)
{
    double *number = dt_take(r->arena, r->policies, 2 * sizeof *number);
    for (size_t p = 0; p < r->policies; p++) {
        number[p] = dt_referee_number(r, variant, p, outcome);
        number[r->policies + p] = dt_referee_number(r, DT_VARIANT_NOMINAL, p, outcome);
    }
    return dt_rank_correlation(number, number + r->policies, r->policies,
                               variant == DT_VARIANT_CHANCE ? dt_threshold_of(DT_THRESHOLD_SAME)
                                                            : 0);
}

/* ---- the call ------------------------------------------------------------------------------------- */

typedef struct request {
    const dt_model *model;
    const dt_referee_how *how;
    const dt_options *options;
    dt_kept *kept; /* closed by who asks, whichever way the work ends */
    size_t solves; /* counted */
} request;

static const dt_options defaults;

static void count_parts(dt_refereeing *r)
{
    const dt_model *model = r->model;
    r->first_mover = dt_new(r->arena, size_t, (size_t)model->stages + 1);
    r->first_action = dt_new(r->arena, size_t, (size_t)model->stages + 1);
    for (int s = 0; s < model->stages; s++) {
        r->first_mover[s + 1] = r->first_mover[s] + (size_t)model->stage[s].movers;
        r->first_action[s + 1] = r->first_action[s] + (size_t)model->stage[s].actions;
    }
}

static dt_refereeing begin(dt_arena *arena, const request *asked)
{
    const dt_model *model = asked->model;
    const dt_referee_how *how = asked->how;
    const size_t params = (size_t)model->params;
    dt_refereeing r = {.model = model,
                       .how = how,
                       .options = asked->options,
                       .arena = arena,
                       .name = how->name ? how->name : "MODEL",
                       .policies = (size_t)model->policies,
                       .declared = (size_t)model->declared_outcomes,
                       .outcomes = (size_t)model->outcomes,
                       .worlds = how->worlds ? how->worlds
                                             : (size_t)dt_threshold_of(DT_THRESHOLD_WORLDS)};
    r.world = dt_new(arena, double, params);
    r.held = dt_new(arena, bool, params);
    dt_model_nominal(model, r.world);
    if (how->parameters && params)
        memcpy(r.world, how->parameters, params * sizeof *r.world);
    for (size_t p = 0; p < params && how->held; p++)
        r.held[p] = how->held[p];
    count_parts(&r);
    dt_referee_plan(&r);
    return r;
}

/* The declared outcomes of the policies in a variant: [policies][declared]. */
static const double *declared_numbers(const dt_refereeing *r, size_t variant, double *number)
{
    for (size_t p = 0; p < r->policies; p++) {
        for (size_t o = 0; o < r->declared; o++)
            number[p * r->declared + o] = dt_referee_number(r, variant, p, o);
    }
    return number;
}

static void fill_tables(dt_refereeing *r)
{
    dt_refereed *answer = r->answer;
    const size_t size = r->policies * r->declared;
    double *number = dt_new(r->arena, double, (2 + r->lookaheads) * size);
    double *rank = dt_new(r->arena, double, (1 + r->lookaheads) * r->declared);
    int *lookahead = dt_new(r->arena, int, r->lookaheads);
    answer->nominal = declared_numbers(r, DT_VARIANT_NOMINAL, number);
    answer->chance = declared_numbers(r, DT_VARIANT_CHANCE, number + size);
    answer->other = number + 2 * size;
    answer->by_chance = rank;
    answer->by_lookahead = rank + r->declared;
    for (size_t v = 0; v <= r->lookaheads; v++) {
        const size_t variant = DT_VARIANT_CHANCE + v;
        if (v > 0) {
            lookahead[v - 1] = r->lookahead[v - 1];
            declared_numbers(r, variant, number + (1 + v) * size);
        }
        for (size_t o = 0; o < r->declared; o++)
            rank[v * r->declared + o] = correlation(r, variant, o);
    }
    answer->policies = r->policies;
    answer->outcomes = r->declared;
    answer->lookaheads = r->lookaheads;
    answer->lookahead = lookahead;
    answer->solved = r->solved;
}

/* The gravest first; those of one gravity as they came. */
static void finish(dt_refereeing *r)
{
    dt_objection *sorted = dt_new(r->arena, dt_objection, r->objection.count);
    size_t count = 0;
    for (int gravity = DT_GRAVE; gravity >= DT_MILD; gravity--) {
        for (size_t i = 0; i < r->objection.count; i++) {
            if (r->objection.at[i].gravity == (dt_gravity)gravity)
                sorted[count++] = r->objection.at[i];
        }
    }
    r->answer->objections = count;
    r->answer->objection = sorted;
    r->answer->grave = count > 0 && sorted[0].gravity == DT_GRAVE;
}

static void print_numbers(dt_text *text, const double *number, size_t count)
{
    char space[32];
    for (size_t i = 0; i < count; i++)
        dt_text_print(text, " %s", isnan(number[i]) ? "-" : dt_print_number(space, number[i]));
    dt_text_print(text, "\n");
}

static const char *sign_of(const dt_refereeing *r, const char *bytes, size_t length)
{
    return dt_referee_print(r, "%016" PRIx64, dt_hash_bytes(bytes, length));
}

/* A name of all that the numbers depend on and that has no better one. */
static const char *question_of(const dt_refereeing *r)
{
    const size_t params = (size_t)r->model->params;
    dt_text text = {.arena = r->arena};
    print_numbers(&text, r->world, params);
    for (size_t p = 0; p < params; p++)
        dt_text_print(&text, "%d", r->held[p]);
    for (size_t i = 0; i < r->varied; i++)
        dt_text_print(&text, " %zu", r->vary[i]);
    for (size_t w = 0; w < r->worlds && r->how->drawn; w++)
        print_numbers(&text, r->how->drawn + w * params, params);
    for (size_t p = 0; p < r->policies && r->how->given; p++) {
        dt_text_print(&text, "%zu\n", p);
        if (r->how->given[p])
            print_numbers(&text, r->how->given[p], r->declared * r->worlds);
    }
    return sign_of(r, dt_text_get(&text), text.bytes.count);
}

static dt_status open_kept(const dt_refereeing *r)
{
    const dt_source *source = &r->model->source;
    enum { FACTS = 8 };
    dt_kept_fact fact[FACTS];
    size_t n = 0;
    fact[n++] = (dt_kept_fact){"version of detente", dt_version(), false};
    fact[n++] = (dt_kept_fact){"model", r->model->is.name, false};
    fact[n++] = (dt_kept_fact){"model's text", sign_of(r, source->text, source->length), true};
    fact[n++] = (dt_kept_fact){"convention of values",
                               r->how->values == DT_VALUES_SURPLUS ? "surplus" : "average", false};
    fact[n++] = (dt_kept_fact){"fineness of beliefs",
                               r->options->beliefs ? dt_referee_print(r, "%d", r->options->beliefs)
                                                   : "the model's",
                               false};
    fact[n++] = (dt_kept_fact){"number of worlds", dt_referee_print(r, "%zu", r->worlds), false};
    fact[n++] = (dt_kept_fact){
        "seed", dt_referee_print(r, "%llu", (unsigned long long)(r->how->seed ? r->how->seed : 1)),
        false};
    fact[n++] = (dt_kept_fact){"question", question_of(r), true};
    assert(n == FACTS);
    return dt_kept_open(r->arena, r->kept, r->how->keep, "referee", fact, FACTS, r->options);
}

static dt_status work(dt_arena *arena, dt_arena *scratch, void *argument, void **found)
{
    (void)scratch;
    const request *asked = argument;
    dt_refereeing r = begin(arena, argument);
    r.answer = *found = dt_new(arena, dt_refereed, 1);
    r.answer->owner = arena;
    r.kept = asked->kept;
    dt_status status = DT_OK;
    if (r.how->keep)
        status = open_kept(&r);
    if (status == DT_OK)
        status = dt_referee_solve(&r);
    if (status != DT_OK)
        return status;
    fill_tables(&r);
    dt_referee_expect(&r);
    dt_object_unsolved(&r);
    dt_object_chance(&r);
    dt_object_noise(&r);
    dt_object_horizon(&r);
    dt_object_numbers(&r);
    dt_object_easy(&r);
    dt_object_bundles(&r);
    dt_object_others(&r);
    dt_object_worlds(&r);
    dt_object_unpaid(&r);
    status = dt_object_rules(&r);
    finish(&r);
    return status;
}

/* Whether what is asked makes sense. */
static bool can_be_asked(const dt_model *model, const dt_referee_how *how)
{
    if (!model || !how || (unsigned)how->values > DT_VALUES_SURPLUS || (how->varied && !how->vary))
        return false;
    for (size_t i = 0; i < how->varied; i++) {
        if (how->vary[i] >= (size_t)model->params)
            return false;
    }
    return how->worlds <= DT_MOST_REFEREE_WORLDS && (how->worlds > 0 || !how->drawn) &&
           (how->drawn || !how->given);
}

static dt_status count(dt_arena *arena, void *argument)
{
    request *asked = argument;
    const dt_refereeing r = begin(arena, asked);
    asked->solves = dt_referee_solves(&r);
    return DT_OK;
}

size_t dt_referee_cost(const dt_model *model, const dt_referee_how *how)
{
    request asked = {.model = model, .how = how, .options = &defaults};
    return can_be_asked(model, how) && dt_job(NULL, count, &asked) == DT_OK ? asked.solves : 0;
}

dt_status dt_referee(const dt_model *model, const dt_referee_how *how, const dt_options *options,
                     dt_refereed **refereed)
{
    dt_kept kept = {0};
    if (refereed)
        *refereed = NULL;
    if (!refereed || !can_be_asked(model, how))
        return dt_refuse_call(options, "dt_referee",
                              "no model, settings of no kind, or nowhere to put what is found");
    request asked = {model, how, options ? options : &defaults, &kept, 0};
    const dt_status status = dt_answer(options, work, &asked, (void **)refereed);
    const dt_status closed = dt_kept_close(&kept, status);
    if (status == DT_OK && closed != DT_OK) {
        dt_refereed_free(*refereed);
        *refereed = NULL;
    }
    return closed;
}

void dt_refereed_free(dt_refereed *refereed)
{
    dt_arena_free(refereed ? refereed->owner : NULL);
}
