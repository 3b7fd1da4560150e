/*
 * detente run --worlds N --seed S: each policy solved in N worlds drawn from the declared ranges and
 * distributions, the same worlds for every policy. For each outcome: the nominal value, the median
 * and the 5-95 % band over the worlds, and in which share of them a policy is best. World k depends
 * on the seed and on k alone. Only what was solved counts; what failed is told.
 */
#include "cli.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Worlds handed to the library at once. The first of the first is the nominal one. */
enum { PIECE = 4096 };

typedef struct ensemble {
    const cli_session *session;
    size_t worlds, parameters, outcomes, policies;
    uint64_t seed;
    double *nominal; /* [policies][outcomes] */
    double *number;  /* [policies][outcomes][worlds]; NaN where the world failed */
    /* [policies] why the first world drawn that failed did, and the nominal one; NULL: none did */
    const char **reason, **nominal_reason;
    size_t *failed;  /* [policies] of the worlds drawn */
    bool *by_chance; /* [outcomes] the policies rank so in the nominal world by chance alone, too */
    double *sorted;  /* [worlds] work space */
    const bool *pinned; /* [parameters] given by --set */
} ensemble;

static double *numbers(const ensemble *e, size_t policy, size_t outcome)
{
    return e->number + (policy * e->outcomes + outcome) * e->worlds;
}

/* World `world` (0: the nominal one, then 1 … worlds) into `values`. */
static void make_world(const ensemble *e, const dt_draws *draws, size_t world, double *values)
{
    if (world > 0)
        dt_draws_world(draws, e->seed, world - 1, values);
    for (size_t p = 0; p < e->parameters; p++) {
        if (world == 0 || e->pinned[p])
            values[p] = e->session->world[p];
    }
}

/* Keeps the numbers of `count` solved worlds from number `first` on (0: the nominal one). */
static dt_status keep(ensemble *e, const dt_ensemble *solved, size_t column, size_t first,
                      size_t count)
{
    const char *policy = dt_model_item(e->session->model, DT_POLICIES, e->session->policy[column]);
    for (size_t w = 0; w < count; w++) {
        dt_world_result result = dt_ensemble_world(solved, w);
        const bool nominal = first + w == 0;
        const char **reason = &(nominal ? e->nominal_reason : e->reason)[column];
        if (result.status != DT_OK && !*reason) {
            char text[512];
            dt_status status = dt_ensemble_reason(solved, w, text, sizeof text);
            if (status != DT_OK)
                return status;
            *reason = cli_print("%s", text);
            cli_error(NULL, "under policy '%s' %s failed: %s", policy,
                      nominal ? "the nominal world" : cli_print("world %zu", first + w), text);
        }
        e->failed[column] += result.status != DT_OK && !nominal;
        for (size_t o = 0; o < e->outcomes; o++) {
            double number = result.status == DT_OK ? result.outcome[o] : NAN;
            if (nominal)
                e->nominal[column * e->outcomes + o] = number;
            else
                numbers(e, column, o)[first + w - 1] = number;
        }
    }
    return DT_OK;
}

/* Explores a policy for all worlds: what is certain in each of them is taken for known. */
static dt_status explore(const ensemble *e, const dt_draws *draws, size_t column, double *values,
                         dt_game **game)
{
    const cli_session *session = e->session;
    dt_status status = cli_explore(session, session->policy[column], game);
    for (size_t first = 0; first <= e->worlds && status == DT_OK; first += PIECE) {
        const size_t count = e->worlds + 1 - first < PIECE ? e->worlds + 1 - first : PIECE;
        for (size_t w = 0; w < count; w++)
            make_world(e, draws, first + w, values + w * e->parameters);
        status = dt_game_check_known(*game, values, count, &session->options);
    }
    if (status != DT_NO)
        return status;
    dt_game_free(*game);
    return dt_game_explore_ranges(session->model, session->policy[column], session->world,
                                  e->pinned, &session->options, game);
}

/* Warns of the first worlds that will fail, before any is solved. */
static dt_status warn(const ensemble *e, const dt_draws *draws, dt_game *const *games,
                      double *values)
{
    const dt_options options = cli_asked_options(e->session);
    const size_t worlds = e->worlds < PIECE ? e->worlds : PIECE;
    size_t lost;
    for (size_t w = 0; w < worlds; w++)
        make_world(e, draws, w + 1, values + w * e->parameters);
    return dt_games_count_lost(games, e->policies, values, worlds, &options, &lost);
}

/* Solves one policy in all worlds. */
static dt_status solve_policy(ensemble *e, const dt_draws *draws, const dt_game *game,
                              size_t column, double *values)
{
    const cli_session *session = e->session;
    dt_status status = DT_OK;
    const dt_ensemble_options how = {.jobs = (int)session->line->jobs, .wanted = DT_WANT_OUTCOMES};
    for (size_t first = 0; first <= e->worlds && status == DT_OK; first += PIECE) {
        size_t count = e->worlds + 1 - first < PIECE ? e->worlds + 1 - first : PIECE;
        for (size_t w = 0; w < count; w++)
            make_world(e, draws, first + w, values + w * e->parameters);
        dt_ensemble *solved;
        const dt_options within = cli_options_within(session);
        status = dt_ensemble_run(game, values, count, (dt_values)session->line->values, &how,
                                 &within, &solved);
        if (status != DT_OK)
            break;
        status = keep(e, solved, column, first, count);
        dt_ensemble_free(solved);
    }
    return status;
}

/* By which outcomes with a direction the policies rank in the nominal world as they do by chance alone. */
static dt_status judge_rankings(const ensemble *e, dt_game *const *games)
{
    const cli_session *session = e->session;
    const dt_options within = cli_options_within(session);
    const cli_chance chance =
        cli_chance_start(session->model, session->world, &within, e->policies);
    double *nominal = cli_take(e->policies, sizeof *nominal);
    dt_status status = DT_OK;
    for (size_t p = 0; p < e->policies && status == DT_OK; p++)
        status = cli_chance_of(&chance, games[p], p);
    for (size_t o = 0; o < e->outcomes && status == DT_OK; o++) {
        for (size_t p = 0; p < e->policies; p++)
            nominal[p] = e->nominal[p * e->outcomes + o];
        e->by_chance[o] = dt_model_outcome_direction(session->model, o) != 0 &&
                          cli_chance_ranks(&chance, o, nominal);
    }
    return status;
}

/* Sorts the solved worlds' numbers into e->sorted and returns how many there are. */
static size_t sort_numbers(const ensemble *e, size_t policy, size_t outcome)
{
    size_t count = 0;
    for (size_t w = 0; w < e->worlds; w++) {
        double number = numbers(e, policy, outcome)[w];
        if (!isnan(number))
            e->sorted[count++] = number;
    }
    qsort(e->sorted, count, sizeof *e->sorted, cli_by_size);
    return count;
}

/* The quantile between order statistics, linearly (Hyndman & Fan 1996, type 7). */
static double quantile(const double *sorted, size_t count, double share)
{
    if (count == 0)
        return NAN;
    double at = share * (double)(count - 1);
    size_t low = (size_t)at;
    size_t high = low + 1 < count ? low + 1 : low;
    return sorted[low] + (at - (double)low) * (sorted[high] - sorted[low]);
}

/* The share of worlds, of those that every policy solved, in which a policy is best; ties count for
 * each. NAN without a direction or a rival. */
static double share_best(const ensemble *e, size_t policy, size_t outcome)
{
    int direction = dt_model_outcome_direction(e->session->model, outcome);
    if (direction == 0 || e->policies < 2)
        return NAN;
    size_t looked_at = 0, best = 0;
    double size = 0; /* of the outcome, by which rounding is told */
    for (size_t i = 0; i < e->policies; i++) {
        for (size_t w = 0; w < e->worlds; w++)
            size = fmax(size, fabs(numbers(e, i, outcome)[w]));
    }
    for (size_t w = 0; w < e->worlds; w++) {
        double most = -INFINITY;
        bool solved = true;
        for (size_t p = 0; p < e->policies; p++) {
            double number = direction * numbers(e, p, outcome)[w];
            solved &= !isnan(number);
            most = fmax(most, number);
        }
        if (!solved)
            continue;
        looked_at++;
        best += dt_better(most, direction * numbers(e, policy, outcome)[w], size) == 0;
    }
    return looked_at ? (double)best / (double)looked_at : NAN;
}

static dt_status print_json(const ensemble *e)
{
    const dt_model *model = e->session->model;
    json_t *policies = json_object();
    for (size_t p = 0; p < e->policies; p++) {
        json_t *outcomes = json_object();
        for (size_t o = 0; o < e->outcomes; o++) {
            size_t count = sort_numbers(e, p, o);
            json_object_set_new(outcomes, dt_model_item(model, DT_OUTCOMES, o),
                                json_pack("{s:o, s:o, s:o, s:o, s:o}", "nominal",
                                          cli_json_number(e->nominal[p * e->outcomes + o]),
                                          "median",
                                          cli_json_number(quantile(e->sorted, count, 0.5)), "p05",
                                          cli_json_number(quantile(e->sorted, count, 0.05)), "p95",
                                          cli_json_number(quantile(e->sorted, count, 0.95)), "best",
                                          cli_json_number(share_best(e, p, o))));
        }
        json_t *policy = json_pack("{s:b, s:o, s:I}", "solved", !e->nominal_reason[p], "outcomes",
                                   outcomes, "failed", (json_int_t)e->failed[p]);
        if (e->nominal_reason[p])
            json_object_set_new(policy, "reason", json_string(e->nominal_reason[p]));
        if (e->reason[p])
            json_object_set_new(policy, "failure", json_string(e->reason[p]));
        json_object_set_new(policies, dt_model_item(model, DT_POLICIES, e->session->policy[p]),
                            policy);
    }
    return cli_json_print(json_pack("{s:s, s:s, s:I, s:I, s:o}", "model", dt_model_name(model),
                                    "version", dt_version(), "seed", (json_int_t)e->seed, "worlds",
                                    (json_int_t)e->worlds, "policies", policies));
}

static const char *shown(double number)
{
    return isnan(number) ? "-" : cli_print("%.4g", cli_unless_rounding(number));
}

static void print_outcome(const ensemble *e, size_t outcome)
{
    const dt_model *model = e->session->model;
    const char *description = dt_model_item_description(model, DT_OUTCOMES, outcome);
    int direction = dt_model_outcome_direction(model, outcome);
    putchar('\n');
    cli_print_styled(
        CLI_BOLD,
        cli_chance_mark(dt_model_item(model, DT_OUTCOMES, outcome), e->by_chance[outcome]),
        cli_print("%s%s%s", *description ? ": " : "", description,
                  direction > 0   ? " (more is better)"
                  : direction < 0 ? " (less is better)"
                                  : ""));
    static const char *const head[] = {"nominal", "5 %", "median", "95 %", "best in"};
    cli_table table;
    cli_table_start(&table, 5);
    for (size_t c = 0; c < table.columns; c++)
        table.head[c] = head[c];
    for (size_t p = 0; p < e->policies; p++) {
        const char **cell = cli_table_row(
            &table, cli_print("  %s", dt_model_item(model, DT_POLICIES, e->session->policy[p])));
        size_t count = sort_numbers(e, p, outcome);
        double best = share_best(e, p, outcome);
        cell[0] = shown(e->nominal[p * e->outcomes + outcome]);
        cell[1] = shown(quantile(e->sorted, count, 0.05));
        cell[2] = shown(quantile(e->sorted, count, 0.5));
        cell[3] = shown(quantile(e->sorted, count, 0.95));
        cell[4] = direction == 0 || e->policies < 2 ? ""
                  : isnan(best)                     ? "-"
                                                    : cli_print("%.1f %%", 100 * best);
    }
    cli_table_print(&table);
}

/* Before any number: under which policies worlds failed, which are left out, and why. */
static void print_failures(const ensemble *e)
{
    for (size_t p = 0; p < e->policies; p++) {
        const char *name = dt_model_item(e->session->model, DT_POLICIES, e->session->policy[p]);
        fputs(cli_on(stdout, CLI_BAD), stdout);
        if (e->nominal_reason[p])
            cli_print_wrapped(
                "", cli_print("%s: the nominal world FAILED: %s", name, e->nominal_reason[p]), 0);
        if (e->reason[p])
            cli_print_wrapped(
                "",
                cli_print("%s: %zu of %zu worlds FAILED and are left out; the first: %s", name,
                          e->failed[p], e->worlds, e->reason[p]),
                0);
        fputs(cli_off(stdout), stdout);
    }
}

static dt_status print_tables(const ensemble *e)
{
    const dt_model *model = e->session->model;
    const char *select = e->session->line->select;
    size_t varied[DT_RISK + 1] = {0};
    for (size_t p = 0; p < e->parameters; p++)
        varied[e->pinned[p] ? DT_FIXED : dt_model_parameter(model, p).uncertainty]++;
    cli_print_title(model);
    cli_print_wrapped(
        "",
        cli_print(
            "%zu worlds, seed %llu%s: %zu %s drawn from distributions, %zu deep %s spread evenly "
            "over ranges, %zu fixed.%s",
            e->worlds, (unsigned long long)e->seed,
            cli_selects(select) ? cli_print(", on %s", cli_selection(select)) : "", varied[DT_RISK],
            varied[DT_RISK] == 1 ? "risk" : "risks", varied[DT_DEEP],
            varied[DT_DEEP] == 1 ? "parameter" : "parameters", varied[DT_FIXED],
            varied[DT_DEEP] ? " Bands and shares are shares of this design, not probabilities."
                            : ""),
        0);
    print_failures(e);
    bool any = false;
    for (size_t o = 0; o < e->outcomes; o++) {
        print_outcome(e, o);
        any |= e->by_chance[o];
    }
    if (any)
        putchar('\n');
    cli_chance_say(any, "in the nominal world the policies rank so");
    return DT_OK;
}

dt_status cli_run_ensemble(const cli_session *session)
{
    ensemble e = {
        .session = session,
        .worlds = session->line->worlds,
        .seed = session->line->seed ? session->line->seed : 1,
        .parameters = dt_model_count(session->model, DT_PARAMETERS),
        .outcomes = dt_model_count(session->model, DT_OUTCOMES),
        .policies = session->policies,
        .pinned = session->given,
    };
    e.nominal = cli_take(e.policies * e.outcomes, sizeof(double));
    e.number = cli_take(e.policies * e.outcomes * e.worlds, sizeof(double));
    e.reason = cli_take(e.policies, sizeof(char *));
    e.nominal_reason = cli_take(e.policies, sizeof(char *));
    e.failed = cli_take(e.policies, sizeof(size_t));
    e.by_chance = cli_take(e.outcomes, sizeof(bool));
    e.sorted = cli_take(e.worlds, sizeof(double));
    size_t piece = e.worlds + 1 < PIECE ? e.worlds + 1 : PIECE;
    double *values = cli_take(piece * e.parameters, sizeof(double));
    dt_draws *draws;
    dt_status status = dt_draws_prepare(session->model, &session->options, &draws);
    if (status != DT_OK)
        return status;
    bool failed = false;
    dt_game **games = cli_take(e.policies, sizeof *games);
    for (size_t c = 0; c < e.policies && status == DT_OK; c++)
        status = explore(&e, draws, c, values, &games[c]);
    if (status == DT_OK)
        status = warn(&e, draws, games, values);
    for (size_t c = 0; c < e.policies && status == DT_OK; c++) {
        status = solve_policy(&e, draws, games[c], c, values);
        failed |= e.reason[c] || e.nominal_reason[c];
    }
    const bool mark = !session->line->json && !session->options.chance_alone && e.policies > 1;
    if (status == DT_OK && mark)
        status = judge_rankings(&e, games);
    for (size_t c = 0; c < e.policies; c++)
        dt_game_free(games[c]);
    dt_draws_free(draws);
    cli_progress_end();
    if (status == DT_OK)
        status = session->line->json ? print_json(&e) : print_tables(&e);
    return status == DT_OK && failed ? DT_NO : status;
}
