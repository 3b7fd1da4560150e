/*
 * detente check: what a model is made of and whether it is sound. Counts of the graph under each
 * policy, of levers and their cells, where its numbers come from, warnings (told by the library), and the model's own
 * expectations, each with the numbers found.
 */
#include "cli.h"

#include <assert.h>
#include <jansson.h>
#include <string.h>

/* How many parameters are of which kind and cite what. */
typedef struct provenance {
    uint64_t kind[3];  /* by dt_uncertainty */
    uint64_t *sourced; /* [sources] */
    uint64_t judgement, uncited;
} provenance;

static provenance count_parameters(const dt_model *model)
{
    provenance p = {.sourced = cli_take(dt_model_count(model, DT_SOURCES), sizeof(uint64_t))};
    for (size_t i = 0; i < dt_model_count(model, DT_PARAMETERS); i++) {
        dt_parameter parameter = dt_model_parameter(model, i);
        p.kind[parameter.uncertainty]++;
        int source = dt_model_find(model, DT_SOURCES, parameter.source);
        if (source >= 0)
            p.sourced[source]++;
        else if (*parameter.source)
            p.judgement++;
        else
            p.uncited++;
    }
    return p;
}

/* The expectations' results, told as they come or gathered for JSON; and which of them hold if everybody tosses
 * coins: what holds there, too, says nothing about strategy. */
typedef struct verdicts {
    json_t *list; /* NULL: printed */
    size_t held, failed, chance;
    const bool *by_chance; /* [by_chances] in the order of the results */
    size_t by_chances;
} verdicts;

static void hear_chance(void *context, const dt_expectation *result)
{
    verdicts *v = context;
    bool *by_chance = cli_grow(v->by_chance, v->by_chances, sizeof *by_chance);
    by_chance[v->by_chances++] = result->holds;
    v->by_chance = by_chance;
}

static void hear(void *context, const dt_expectation *result)
{
    verdicts *v = context;
    assert(result->text && result->policy && result->found);
    const size_t at = v->held + v->failed;
    const bool by_chance = result->holds && at < v->by_chances && v->by_chance[at];
    *(result->holds ? &v->held : &v->failed) += 1;
    v->chance += by_chance;
    if (v->list) {
        json_array_append_new(v->list, json_pack("{s:s, s:s, s:b, s:b, s:s}", "text", result->text,
                                                 "policy", result->policy, "holds", result->holds,
                                                 "by_chance", by_chance, "found", result->found));
        return;
    }
    cli_progress_end();
    const char *open = *result->policy ? " [" : "", *close = *result->policy ? "]" : "";
    printf("%s%s%s", cli_on(stdout, result->holds ? CLI_GOOD : CLI_BAD),
           result->holds ? "ok" : "FAIL", cli_off(stdout));
    cli_print_wrapped_on(result->holds ? 2 : 4,
                         cli_print("%s%s%s%s%s", result->text, open, result->policy, close,
                                   by_chance ? " (by chance, too)" : ""),
                         5);
    if (*result->found)
        cli_print_wrapped("", result->found, 5);
}

/* The counts, one line each: head of its column, field of dt_counts. */
#define COUNTS(COUNT)                                                                              \
    COUNT("states", states)                                                                        \
    COUNT("nodes", nodes)                                                                          \
    COUNT("chance", chance)                                                                        \
    COUNT("sole", sole)                                                                            \
    COUNT("several", simultaneous)                                                                 \
    COUNT("branches", branches)                                                                    \
    COUNT("coefficients", coefficients)                                                            \
    COUNT("bytes", bytes)

/* The cells of the crossed design of all levers, as a number that may be too large to count. */
static double count_cells(const dt_model *model)
{
    double cells = 1;
    for (size_t l = 0; l < dt_model_count(model, DT_LEVERS); l++)
        cells *= (double)dt_model_settings(model, l);
    return cells;
}

/* Whose each private variable is, and how fine beliefs about them are kept; nothing without any. */
static void print_private(const dt_model *model, const dt_options *options)
{
    const char *list = "";
    for (size_t v = 0; v < dt_model_count(model, DT_STATES); v++) {
        const int owner = dt_model_owner(model, v);
        if (owner >= 0)
            list = cli_print("%s%s%s of %s (%zu values, fineness %d)", list, *list ? ", " : "",
                             dt_model_item(model, DT_STATES, v),
                             dt_model_item(model, DT_ACTORS, (size_t)owner),
                             dt_model_values(model, v), dt_model_fineness(model, v, options));
    }
    if (*list)
        cli_print_wrapped("",
                          cli_print("private: %s; beliefs on %llu points", list,
                                    (unsigned long long)dt_model_beliefs(model, options)),
                          0);
}

/* The same for programs, and which stages are hidden. */
static void add_private(json_t *object, const dt_model *model, const dt_options *options)
{
    json_t *private = json_object(), *hidden = json_array();
    for (size_t v = 0; v < dt_model_count(model, DT_STATES); v++) {
        const int owner = dt_model_owner(model, v);
        if (owner < 0)
            continue;
        json_t *values = json_array();
        char number[DT_LABEL_SIZE];
        for (size_t k = 0; k < dt_model_values(model, v); k++)
            json_array_append_new(values,
                                  json_string(dt_model_value(model, v, k, number, sizeof number)));
        json_object_set_new(private, dt_model_item(model, DT_STATES, v),
                            json_pack("{s:s, s:o, s:i}", "actor",
                                      dt_model_item(model, DT_ACTORS, (size_t)owner), "values",
                                      values, "fineness", dt_model_fineness(model, v, options)));
    }
    for (size_t s = 0; s < dt_model_count(model, DT_STAGES); s++) {
        if (dt_model_hidden(model, s))
            json_array_append_new(hidden, json_string(dt_model_item(model, DT_STAGES, s)));
    }
    if (json_object_size(private) > 0) {
        json_object_set(object, "private", private);
        json_object_set(object, "hidden", hidden);
        json_object_set_new(object, "beliefs",
                            json_integer((json_int_t)dt_model_beliefs(model, options)));
    }
    json_decref(private);
    json_decref(hidden);
}

static void print_counts(const dt_model *model, dt_game *const *games, const provenance *p,
                         const dt_options *options)
{
    cli_print_title(model);
    static const struct {
        dt_kind kind;
        const char *one, *many;
    } part[] = {
        {DT_ACTORS,   "actor",          "actors"         },
        {DT_STATES,   "state variable", "state variables"},
        {DT_STAGES,   "stage",          "stages"         },
        {DT_OUTCOMES, "outcome",        "outcomes"       },
        {DT_POLICIES, "policy",         "policies"       },
        {DT_LEVERS,   "lever",          "levers"         }
    };
    const char *parts = "";
    for (size_t i = 0; i < sizeof part / sizeof part[0]; i++) {
        size_t count = dt_model_count(model, part[i].kind);
        if (part[i].kind == DT_LEVERS && count == 0)
            continue;
        parts = cli_print("%s%s%zu %s", parts, i ? ", " : "", count,
                          count == 1 ? part[i].one : part[i].many);
    }
    if (dt_model_count(model, DT_LEVERS) > 0)
        parts = cli_print("%s of %.15g cells", parts, count_cells(model));
    cli_print_wrapped("", parts, 0);
    print_private(model, options);
    putchar('\n');

    enum {
#define COUNT(label, field) INDEX_##field,
        COUNTS(COUNT)
#undef COUNT
            ALL_COUNTS
    };
    cli_table table;
    cli_table_start(&table, ALL_COUNTS);
#define COUNT(label, field) table.head[INDEX_##field] = label;
    COUNTS(COUNT)
#undef COUNT
    for (size_t c = 0; c < dt_model_count(model, DT_POLICIES); c++) {
        dt_counts counts = dt_game_counts(games[c]);
        uint64_t number[ALL_COUNTS];
#define COUNT(label, field) number[INDEX_##field] = counts.field;
        COUNTS(COUNT)
#undef COUNT
        cli_table_counts(&table, dt_model_item(model, DT_POLICIES, c), number);
    }
    cli_table_print(&table);

    size_t parameters = dt_model_count(model, DT_PARAMETERS);
    putchar('\n');
    cli_print_wrapped("",
                      cli_print("%zu %s: %llu fixed, %llu deep, %llu risk", parameters,
                                parameters == 1 ? "parameter" : "parameters",
                                (unsigned long long)p->kind[DT_FIXED],
                                (unsigned long long)p->kind[DT_DEEP],
                                (unsigned long long)p->kind[DT_RISK]),
                      0);
    for (size_t s = 0; s < dt_model_count(model, DT_SOURCES); s++)
        printf("  %4llu  %s\n", (unsigned long long)p->sourced[s],
               dt_model_item(model, DT_SOURCES, s));
    printf("  %4llu  judgement\n  %4llu  neither\n\n", (unsigned long long)p->judgement,
           (unsigned long long)p->uncited);
}

/* What the declared ranges allow, in a line. */
static void print_safety(const dt_safety *s)
{
    if (s->numbers == 0)
        return;
    const char *proved = cli_print("%llu of %llu formulas proved in bounds in every declared world",
                                   (unsigned long long)s->proved, (unsigned long long)s->numbers);
    const char *open =
        s->open ? cli_print(", %llu neither proved nor found outside", (unsigned long long)s->open)
                : "";
    const char *found =
        s->found ? cli_print(", %llu found outside", (unsigned long long)s->found) : "";
    cli_print_wrapped("", cli_print("%s%s%s", proved, found, open), 0);
    printf("\n");
}

static json_t *safety_json(const dt_safety *s)
{
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I}", "numbers", (json_int_t)s->numbers, "proved",
                     (json_int_t)s->proved, "found", (json_int_t)s->found, "open",
                     (json_int_t)s->open, "drawn", (json_int_t)s->drawn, "lost",
                     (json_int_t)s->lost);
}

/* What stages give away of private variables under a policy. */
typedef struct leaks {
    size_t policy;
    bool found; /* false: nothing is a secret, or play isn't solved */
    dt_leak *leak;
    size_t count;
} leaks;

static void print_leaks(const dt_model *model, const leaks *told)
{
    bool any = false;
    for (size_t c = 0; c < dt_model_count(model, DT_POLICIES); c++) {
        const char *policy = dt_model_item(model, DT_POLICIES, c);
        if (told[c].found && !any)
            cli_print_wrapped("",
                              "what gives private variables away, first what does most each "
                              "time it is played",
                              0);
        any |= told[c].found;
        if (told[c].found && told[c].count == 0)
            cli_print_wrapped("", cli_print("%s: nothing", policy), 2);
        for (size_t i = 0; i < told[c].count; i++) {
            const dt_leak *leak = &told[c].leak[i];
            cli_print_wrapped("",
                              cli_print("%s: %s moves the belief about %s by %.3g on average, "
                                        "times played: %.3g",
                                        policy, dt_model_item(model, DT_STAGES, leak->stage),
                                        dt_model_item(model, DT_STATES, leak->variable), leak->move,
                                        leak->visits),
                              2);
        }
    }
    if (any)
        putchar('\n');
}

/* {policy: [{stage, variable, move, visits}]}, of policies that are solved. */
static json_t *leaks_json(const dt_model *model, const leaks *told)
{
    json_t *object = json_object();
    for (size_t c = 0; c < dt_model_count(model, DT_POLICIES); c++) {
        json_t *list = json_array();
        for (size_t i = 0; i < told[c].count; i++) {
            const dt_leak *leak = &told[c].leak[i];
            json_array_append_new(list, json_pack("{s:s, s:s, s:o, s:o}", "stage",
                                                  dt_model_item(model, DT_STAGES, leak->stage),
                                                  "variable",
                                                  dt_model_item(model, DT_STATES, leak->variable),
                                                  "move", cli_json_number(leak->move), "visits",
                                                  cli_json_number(leak->visits)));
        }
        if (told[c].found)
            json_object_set(object, dt_model_item(model, DT_POLICIES, c), list);
        json_decref(list);
    }
    return object;
}

static dt_status print_json(const dt_model *model, dt_game *const *games, const provenance *p,
                            const dt_safety *safety, const leaks *told, const verdicts *v,
                            const dt_options *options)
{
    json_t *policies = json_object(), *sources = json_object();
    for (size_t c = 0; c < dt_model_count(model, DT_POLICIES); c++) {
        json_t *counts = json_object();
#define COUNT(label, field)                                                                        \
    json_object_set_new(counts, #field, json_integer((json_int_t)dt_game_counts(games[c]).field));
        COUNTS(COUNT)
#undef COUNT
        json_object_set_new(policies, dt_model_item(model, DT_POLICIES, c), counts);
    }
    for (size_t s = 0; s < dt_model_count(model, DT_SOURCES); s++)
        json_object_set_new(sources, dt_model_item(model, DT_SOURCES, s),
                            json_integer((json_int_t)p->sourced[s]));
    json_t *parameters = json_pack(
        "{s:I, s:I, s:I, s:o, s:I, s:I}", "fixed", (json_int_t)p->kind[DT_FIXED], "deep",
        (json_int_t)p->kind[DT_DEEP], "risk", (json_int_t)p->kind[DT_RISK], "sources", sources,
        "judgement", (json_int_t)p->judgement, "uncited", (json_int_t)p->uncited);
    json_t *levers = json_object();
    for (size_t l = 0; l < dt_model_count(model, DT_LEVERS); l++) {
        json_t *settings = json_array();
        for (size_t s = 0; s < dt_model_settings(model, l); s++)
            json_array_append_new(settings, json_string(dt_model_setting(model, l, s)));
        json_object_set_new(levers, dt_model_item(model, DT_LEVERS, l), settings);
    }
    const double all = count_cells(model);
    json_t *cells = all < 0x1p53 ? json_integer((json_int_t)all) : json_real(all);
    json_t *object =
        json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:O, s:I}", "model", dt_model_name(model),
                  "version", dt_version(), "policies", policies, "levers", levers, "cells", cells,
                  "parameters", parameters, "ranges", safety_json(safety), "expectations", v->list,
                  "warnings", (json_int_t)cli_warnings());
    add_private(object, model, options);
    if (json_object_get(object, "private"))
        json_object_set_new(object, "leaks", leaks_json(model, told));
    return cli_json_print(object);
}

/* The prizes and leaks of the declared world, as --set has it, in its game. */
static dt_status look_at_play(const cli_session *session, const dt_game *game, bool first,
                              leaks *told)
{
    const dt_model *model = session->model;
    const size_t parameters = dt_model_count(model, DT_PARAMETERS), ends = dt_model_ends(model);
    const size_t actors = dt_model_count(model, DT_ACTORS);
    dt_prize *prize = cli_take(ends * actors, sizeof *prize);
    double *world = cli_take(parameters, sizeof *world);
    if (parameters)
        memcpy(world, session->world, parameters * sizeof *world);
    dt_game_settings(game, world);
    dt_solution *solution;
    size_t count = 0;
    const dt_options within = cli_options_within(session);
    dt_status status = dt_solve(game, world, (dt_values)session->line->values, &within, &solution);
    told->found = status == DT_OK && dt_game_secrets(game) > 0;
    if (status <= DT_NO && first)
        status = dt_solution_prizes(solution, &session->options, prize, &count);
    if (status == DT_OK && told->found) {
        told->leak = cli_take(dt_model_count(model, DT_STAGES) * actors, sizeof *told->leak);
        status = dt_solution_leaks(solution, &session->options, told->leak, &told->count);
    }
    dt_solution_free(solution);
    if (status == DT_NO) /* told by the expectations, or by `run` */
        status = DT_OK;
    return status == DT_OK && first ? dt_prizes_warn(model, prize, count, &session->options)
                                    : status;
}

/* Solves the declared world to see what ends are worth under the first policy, and what stages give away
 * under each. `game` is for all declared ranges: in this world more can be known. */
static dt_status check_play(const cli_session *session, const dt_game *game, bool first,
                            leaks *told)
{
    dt_game *own = NULL;
    dt_status status = DT_OK;
    if (dt_game_secrets(game) > 0)
        status = cli_explore(session, told->policy, &own);
    if (own)
        game = own;
    if (status == DT_OK && (dt_game_secrets(game) > 0 || (first && dt_model_ends(session->model))))
        status = look_at_play(session, game, first, told);
    dt_game_free(own);
    return status;
}

static dt_status check_games(const cli_session *session, dt_game *const *games)
{
    const dt_model *model = session->model;
    const cli_line *line = session->line;
    dt_status status = dt_games_warn(games, dt_model_count(model, DT_POLICIES), &session->options);
    dt_safety safety;
    if (status == DT_OK)
        status = dt_games_check_ranges(games, dt_model_count(model, DT_POLICIES), session->world,
                                       session->given, &session->options, &safety);
    const size_t policies = dt_model_count(model, DT_POLICIES);
    leaks *told = cli_take(policies, sizeof *told);
    for (size_t c = 0; c < policies && status == DT_OK; c++) {
        told[c].policy = c;
        status = check_play(session, games[c], c == 0, &told[c]);
    }
    if (status != DT_OK)
        return status;
    cli_progress_end();
    provenance p = count_parameters(model);
    if (!line->json) {
        print_counts(model, games, &p, &session->options);
        if (cli_selects(line->select))
            cli_print_wrapped("", cli_print("played on %s", cli_selection(line->select)), 0);
        print_safety(&safety);
        print_leaks(model, told);
    }
    verdicts v = {.list = line->json ? json_array() : NULL};
    const dt_options within = cli_options_within(session);
    dt_options chance = within;
    chance.chance_alone = true;
    chance.report = NULL;
    status = dt_expectations_run(model, games, session->world, DT_VALUES_AVERAGE, &chance,
                                 hear_chance, &v);
    if (status > DT_NO) /* told by the run below, which meets the same errors */
        v.by_chances = 0;
    status = dt_expectations_run(model, games, session->world, (dt_values)line->values, &within,
                                 hear, &v);
    cli_progress_end();
    if (line->json && status <= DT_NO) {
        dt_status printed = print_json(model, games, &p, &safety, told, &v, &session->options);
        status = printed == DT_OK ? status : printed;
    } else if (status <= DT_NO) {
        size_t warnings = cli_warnings(), all = v.held + v.failed;
        fputs(all ? "\n" : "", stdout);
        cli_print_wrapped("",
                          cli_print("%zu %s, %s", warnings, warnings == 1 ? "warning" : "warnings",
                                    !all ? "no expectations"
                                    : v.chance
                                        ? cli_print("%zu of %zu expectations hold, %zu of them "
                                                    "also if everybody tosses coins",
                                                    v.held, all, v.chance)
                                        : cli_print("%zu of %zu expectations hold", v.held, all)),
                          0);
    }
    json_decref(v.list);
    return status;
}

dt_status cli_run_check(const cli_line *line)
{
    cli_session session;
    dt_status status = cli_open(&session, line);
    if (status != DT_OK)
        return status;
    size_t policies = dt_model_count(session.model, DT_POLICIES);
    dt_game **games = cli_take(policies, sizeof *games);
    for (size_t c = 0; c < policies && status == DT_OK; c++)
        status = dt_game_explore_ranges(session.model, c, session.world, session.given,
                                        &session.options, &games[c]);
    if (status == DT_OK)
        status = check_games(&session, games);
    for (size_t c = 0; c < policies; c++)
        dt_game_free(games[c]);
    cli_close(&session);
    return status;
}
