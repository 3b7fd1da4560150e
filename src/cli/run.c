/*
 * detente run: solves one world under each policy, and says what was found as JSON or as text: the first screen
 * (summary.c) or all of it (run_table.c). Only the numbers of a policy are kept, so that memory is that of those
 * at work. A policy that isn't solved has no numbers, and says why.
 */
#include "run.h"
#include "sheet.h"

#include <assert.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "detente_referee.h"

static cli_results new_results(size_t outcomes, size_t actors, size_t prizes, size_t policies,
                               bool chance)
{
    return (cli_results){
        .chance = chance ? cli_take(outcomes * policies, sizeof(double)) : NULL,
        .by_chance = cli_take(outcomes, sizeof(bool)),
        .coarse = cli_take(outcomes, sizeof(bool)),
        .outcome = cli_take(outcomes * policies, sizeof(double)),
        .value = cli_take(actors * policies, sizeof(double)),
        .gap = cli_take(actors * policies, sizeof(double)),
        .residual = cli_take(policies, sizeof(double)),
        .bound = cli_take(policies, sizeof(double)),
        .states = cli_take(policies, sizeof(uint64_t)),
        .nodes = cli_take(policies, sizeof(uint64_t)),
        .crossed = cli_take(policies, sizeof(uint64_t)),
        .sweeps = cli_take(policies, sizeof(uint64_t)),
        .unsolved = cli_take(policies, sizeof(cli_unsolved)),
        .prize = cli_take(prizes, sizeof(dt_prize)),
    };
}

/* How far outcomes are from those on the grid of half the fineness. */
static dt_status compare_half(const cli_session *session, size_t column, const cli_play *play,
                              const double *outcome, cli_results *r)
{
    const size_t outcomes = dt_model_count(session->model, DT_OUTCOMES);
    for (size_t o = 0; o < outcomes; o++)
        r->half[o * session->policies + column] = 0;
    if (dt_solution_points(play->solution) == 1) /* everything is known */
        return DT_OK;
    double *other = cli_take(outcomes, sizeof *other);
    const dt_status status = cli_play_half(session, play, other);
    for (size_t o = 0; o < outcomes && status == DT_OK; o++)
        r->half[o * session->policies + column] = fabs(outcome[o] - other[o]);
    return status;
}

/* The types of all owners of private variables. */
static void list_types(const dt_model *model, cli_results *r)
{
    for (size_t v = 0; v < dt_model_count(model, DT_STATES); v++) {
        for (size_t k = 0; dt_model_owner(model, v) >= 0 && k < dt_model_values(model, v); k++) {
            r->type = cli_grow(r->type, r->types, sizeof *r->type);
            r->type[r->types++] = (cli_type){(size_t)dt_model_owner(model, v), v, k};
        }
    }
}

/* Room for what there is with private variables alone, before several threads fill it. */
static void add_private_room(const dt_model *model, size_t policies, cli_results *r)
{
    list_types(model, r);
    if (r->types == 0)
        return;
    r->beliefs = cli_take(policies, sizeof *r->beliefs);
    r->points = cli_take(policies, sizeof *r->points);
    r->calibration = cli_take(policies, sizeof *r->calibration);
    r->half = cli_take(dt_model_count(model, DT_OUTCOMES) * policies, sizeof *r->half);
    r->type_value = cli_take(r->types * policies, sizeof *r->type_value);
    r->type_outcome =
        cli_take(r->types * dt_model_count(model, DT_OUTCOMES) * policies, sizeof *r->type_outcome);
}

const char *cli_type_value(const dt_model *model, const cli_type *type)
{
    char number[DT_LABEL_SIZE];
    return cli_print("%s",
                     dt_model_value(model, type->variable, type->rank, number, sizeof number));
}

/* What the table and JSON say of each type under a policy. */
static dt_status fill_types(const cli_session *session, const cli_play *play, bool solved,
                            size_t column, cli_results *r)
{
    const size_t outcomes = dt_model_count(session->model, DT_OUTCOMES),
                 policies = session->policies;
    double *outcome = cli_take(outcomes, sizeof *outcome);
    const bool read = session->line->full || session->line->json;
    dt_status status = DT_OK;
    for (size_t k = 0; k < r->types; k++) {
        const cli_type *type = &r->type[k];
        r->type_value[k * policies + column] =
            solved ? dt_solution_type_value(play->solution, type->actor, type->rank) : (double)NAN;
        if (solved && read && status == DT_OK) {
            const dt_options within = cli_options_within(session);
            status = dt_solution_type_outcomes(play->solution, type->actor, type->rank, &within,
                                               outcome);
        }
        for (size_t o = 0; o < outcomes; o++)
            r->type_outcome[(k * outcomes + o) * policies + column] =
                solved && read && status == DT_OK ? outcome[o] : (double)NAN;
    }
    return status;
}

/* Solves policy number `column` of those asked for and fills its column. */
static dt_status fill(const cli_session *session, size_t column, void *context)
{
    cli_results *r = context;
    assert(column < session->policies);
    size_t policies = session->policies, policy = session->policy[column];
    cli_play play;
    dt_status status = cli_play_policy(session, policy, &play);
    if (!play.solution)
        return status;
    size_t outcomes = dt_model_count(session->model, DT_OUTCOMES);
    double *outcome = cli_take(outcomes, sizeof *outcome);
    double *chance = r->chance ? cli_take(outcomes, sizeof *chance) : NULL;
    dt_status told = cli_play_outcomes(session, &play, outcome, chance, &r->unsolved[column]);
    const bool solved = !r->unsolved[column].reason;
    /* it is mostly the same under all, and takes a while: only where somebody reads it */
    const bool read = !session->line->quiet && !session->line->json;
    if (column == 0 && told <= DT_NO && read) {
        const dt_status looked =
            dt_solution_prizes(play.solution, &session->options, r->prize, &r->prizes);
        told = looked == DT_OK ? told : looked;
    }
    for (size_t o = 0; o < outcomes; o++)
        r->outcome[o * policies + column] = solved ? outcome[o] : (double)NAN;
    for (size_t a = 0; a < dt_model_count(session->model, DT_ACTORS); a++) {
        r->value[a * policies + column] = solved ? play.certificate.value[a] : (double)NAN;
        r->gap[a * policies + column] = solved ? play.certificate.gap[a] : (double)NAN;
    }
    if (dt_solution_points(play.solution) > 0) {
        const dt_status typed = fill_types(session, &play, solved, column, r);
        told = typed == DT_OK ? told : typed;
        r->beliefs[column] = dt_model_beliefs(session->model, &session->options);
        r->points[column] = dt_solution_points(play.solution);
        r->calibration[column] = solved ? play.certificate.calibration : (double)NAN;
        for (size_t o = 0; o < outcomes; o++)
            r->half[o * policies + column] = NAN;
        if (solved && told == DT_OK)
            told = compare_half(session, column, &play, outcome, r);
    }
    r->residual[column] = solved ? play.certificate.residual : (double)NAN;
    r->bound[column] = solved ? dt_solution_bound(play.solution) : (double)NAN;
    r->states[column] = play.counts.states;
    r->nodes[column] = play.counts.nodes;
    r->crossed[column] = dt_solution_crossed(play.solution);
    r->sweeps[column] = dt_solution_sweeps(play.solution);
    for (size_t o = 0; o < outcomes && chance; o++)
        r->chance[o * policies + column] = chance[o];
    cli_play_free(&play);
    return told > status ? told : status;
}

/* By which outcomes with a direction the policies rank as they do by chance alone. */
static void judge_rankings(const cli_session *session, cli_results *r)
{
    const size_t policies = session->policies;
    for (size_t o = 0; o < dt_model_count(session->model, DT_OUTCOMES) && r->chance; o++)
        r->by_chance[o] =
            dt_model_outcome_direction(session->model, o) != 0 &&
            dt_ranked_by_chance(r->outcome + o * policies, r->chance + o * policies, policies);
}

/* Which outcomes differ less between policies than from those on half the grid: that says nothing of policies. */
static void judge_grid(const cli_session *session, cli_results *r)
{
    const size_t policies = session->policies;
    for (size_t o = 0; r->half && o < dt_model_count(session->model, DT_OUTCOMES); o++) {
        const double *outcome = r->outcome + o * policies, *half = r->half + o * policies;
        double low = INFINITY, high = -INFINITY, off = 0;
        for (size_t c = 0; c < policies; c++) {
            low = fmin(low, outcome[c]);
            high = fmax(high, outcome[c]);
            off = fmax(off, half[c]);
        }
        r->coarse[o] = policies > 1 && off > 1e-9 && off > high - low;
    }
}

int cli_ranked_direction(const cli_session *session, const cli_results *r, size_t outcome)
{
    return r->coarse[outcome] ? 0 : dt_model_outcome_direction(session->model, outcome);
}

const char *cli_ranked_name(const cli_session *session, const cli_results *r, size_t outcome)
{
    const char *name =
        cli_chance_mark(dt_model_item(session->model, DT_OUTCOMES, outcome), r->by_chance[outcome]);
    return r->coarse[outcome] ? cli_print("%s%s", name, CLI_COARSE) : name;
}

void cli_print_marks(const cli_results *r, const size_t *outcome, size_t count)
{
    bool by_chance = false, coarse = false;
    for (size_t i = 0; i < count; i++) {
        by_chance |= r->by_chance[outcome[i]];
        coarse |= r->coarse[outcome[i]];
    }
    cli_chance_say(by_chance, "the policies rank so");
    if (coarse)
        cli_print_wrapped("", CLI_COARSE " " CLI_COARSE_SAYS, 0);
}

static void tell(const cli_session *session, size_t column, void *context)
{
    const cli_results *r = context;
    cli_tell_unsolved(session, session->policy[column], &r->unsolved[column]);
}

/* ---- as JSON ----------------------------------------------------------------------------------- */

static json_t *named_numbers(const dt_model *model, dt_kind kind, const double *number,
                             size_t policies, size_t column)
{
    json_t *object = json_object();
    for (size_t i = 0; i < dt_model_count(model, kind); i++)
        json_object_set_new(object, dt_model_item(model, kind, i),
                            cli_json_number(number[i * policies + column]));
    return object;
}

/* {actor: {value: number}} of those who own a private variable; types that can't be are left out. */
static json_t *values_by_type(const dt_model *model, const cli_results *r, size_t policies,
                              size_t column)
{
    json_t *object = json_object();
    for (size_t k = 0; k < r->types; k++) {
        const char *actor = dt_model_item(model, DT_ACTORS, r->type[k].actor);
        const double value = r->type_value[k * policies + column];
        if (!json_object_get(object, actor))
            json_object_set_new(object, actor, json_object());
        if (!isnan(value))
            json_object_set_new(json_object_get(object, actor), cli_type_value(model, &r->type[k]),
                                cli_json_number(value));
    }
    return object;
}

/* {actor: {value: {outcome: number}}} likewise. */
static json_t *outcomes_by_type(const dt_model *model, const cli_results *r, size_t policies,
                                size_t column)
{
    const size_t outcomes = dt_model_count(model, DT_OUTCOMES);
    json_t *object = json_object();
    for (size_t k = 0; k < r->types; k++) {
        const char *actor = dt_model_item(model, DT_ACTORS, r->type[k].actor);
        if (!json_object_get(object, actor))
            json_object_set_new(object, actor, json_object());
        if (!isnan(r->type_value[k * policies + column]))
            json_object_set_new(json_object_get(object, actor), cli_type_value(model, &r->type[k]),
                                named_numbers(model, DT_OUTCOMES,
                                              r->type_outcome + k * outcomes * policies, policies,
                                              column));
    }
    return object;
}

static dt_status print_json(const cli_session *session, const cli_results *r)
{
    const dt_model *model = session->model;
    json_t *policies = json_object();
    for (size_t c = 0; c < session->policies; c++) {
        const cli_unsolved *unsolved = &r->unsolved[c];
        json_t *policy =
            json_pack("{s:b, s:s*, s:o, s:o, s:o, s:o, s:I, s:I}", "solved", !unsolved->reason,
                      "reason", unsolved->reason, "outcomes",
                      named_numbers(model, DT_OUTCOMES, r->outcome, session->policies, c), "values",
                      named_numbers(model, DT_ACTORS, r->value, session->policies, c), "gaps",
                      named_numbers(model, DT_ACTORS, r->gap, session->policies, c), "residual",
                      cli_json_number(r->residual[c]), "states", (json_int_t)r->states[c], "nodes",
                      (json_int_t)r->nodes[c]);
        if (r->sweeps[c] && !unsolved->reason)
            json_object_set_new(policy, "bound", cli_json_number(r->bound[c]));
        if (r->beliefs) {
            json_object_set_new(policy, "values_by_type",
                                values_by_type(model, r, session->policies, c));
            json_object_set_new(policy, "outcomes_by_type",
                                outcomes_by_type(model, r, session->policies, c));
            json_object_set_new(policy, "calibration", cli_json_number(r->calibration[c]));
            json_object_set_new(policy, "beliefs", json_integer((json_int_t)r->beliefs[c]));
            json_object_set_new(policy, "half_grid",
                                named_numbers(model, DT_OUTCOMES, r->half, session->policies, c));
        }
        if (unsolved->failure.count)
            json_object_set_new(policy, "failures", cli_json_texts(&unsolved->failure));
        json_object_set_new(policies, dt_model_item(model, DT_POLICIES, session->policy[c]),
                            policy);
    }
    return cli_json_print(json_pack("{s:s, s:s, s:n, s:o}", "model", dt_model_name(model),
                                    "version", dt_version(), "seed", "policies", policies));
}

/* ---- as text ----------------------------------------------------------------------------------- */

/* "20 periods, 2017Q3 to 2022Q2", without the dates if the model counts from none. */
static const char *horizon_text(const dt_model *model)
{
    const int horizon = dt_model_horizon(model);
    char first[DT_LABEL_SIZE], last[DT_LABEL_SIZE];
    dt_model_period_label(model, 1, first, sizeof first);
    dt_model_period_label(model, horizon, last, sizeof last);
    const char *periods = cli_print("%d %s", horizon, horizon == 1 ? "period" : "periods");
    if (!*first)
        return periods;
    return horizon == 1 ? cli_print("%s, %s", periods, first)
                        : cli_print("%s, %s to %s", periods, first, last);
}

/* Which columns have no numbers, why, and what to do about it; returns how many have some. */
static size_t print_unsolved(const cli_session *session, const cli_results *r)
{
    size_t solved = 0;
    for (size_t c = 0; c < session->policies; c++) {
        const cli_unsolved *unsolved = &r->unsolved[c];
        solved += !unsolved->reason;
        if (!unsolved->reason)
            continue;
        const char *name = dt_model_item(session->model, DT_POLICIES, session->policy[c]);
        fputs(cli_on(stdout, CLI_BAD), stdout);
        cli_print_wrapped("",
                          cli_print("%s isn't solved: %s%s%s", name, unsolved->reason,
                                    *unsolved->cure ? "; " : "", unsolved->cure),
                          0);
        fputs(cli_off(stdout), stdout);
    }
    if (solved < session->policies)
        putchar('\n');
    return solved;
}

/* What the model is, and what is asked. */
static void print_heading(const cli_session *session)
{
    const dt_model *model = session->model;
    const int lookahead = cli_lookahead(session);
    cli_print_title(model);
    cli_print_wrapped(
        "",
        cli_print("%s, %s", horizon_text(model),
                  lookahead < 0 ? "lookahead forever" : cli_print("lookahead %d", lookahead)),
        0);
    if (session->options.chance_alone)
        cli_print_wrapped("", "chance alone: everybody tosses coins", 0);
    else if (session->line->precision)
        cli_print_wrapped(
            "", cli_print("everybody's rationality times %s", session->line->precision), 0);
    if (*dt_model_question(model))
        cli_print_wrapped("", dt_model_question(model), 0);
    putchar('\n');
}

static void print_text(const cli_session *session, const cli_results *r)
{
    print_heading(session);
    const size_t solved = print_unsolved(session, r);
    if (session->line->full)
        cli_print_table(session, r, solved);
    else
        cli_print_summary(session, r);
}

dt_status cli_run_run(const cli_line *line)
{
    cli_session session;
    const bool tables = cli_asks_for_tables(line);
    const cli_texts names = {
        (const char *[]){"outcomes", "values", "gaps", "solution"},
          line->full ? 4 : 1
    };
    if (!cli_tables_go(line, &names))
        return DT_INVALID;
    if (line->worlds && tables) {
        cli_error("`detente study` and `detente compare` have such tables of many worlds",
                  "--csv, --markdown and --latex go without --worlds");
        return DT_INVALID;
    }
    if (!line->worlds && line->seed) {
        cli_error(NULL, "--seed goes with --worlds");
        return DT_INVALID;
    }
    if (line->worlds && line->full) {
        cli_error(NULL, "--full goes without --worlds");
        return DT_INVALID;
    }
    dt_status status = cli_open(&session, line);
    if (status != DT_OK)
        return status;
    if (line->worlds) {
        status = cli_run_ensemble(&session);
        cli_close(&session);
        return status;
    }
    const size_t actors = dt_model_count(session.model, DT_ACTORS);
    cli_results r = new_results(
        dt_model_count(session.model, DT_OUTCOMES), actors, actors * dt_model_ends(session.model),
        session.policies, session.policies > 1 && !session.options.chance_alone && !line->json);
    add_private_room(session.model, session.policies, &r);
    status = cli_each_policy(&session, fill, tell, &r);
    cli_progress_end();
    if (status <= DT_NO) {
        const dt_options options = cli_asked_options(&session);
        const dt_status warned = dt_prizes_warn(session.model, r.prize, r.prizes, &options);
        status = warned == DT_OK ? status : warned;
    }
    if (status <= DT_NO) {
        dt_status printed = DT_OK;
        judge_rankings(&session, &r);
        judge_grid(&session, &r);
        if (line->json)
            printed = print_json(&session, &r);
        else if (tables)
            printed = cli_print_sheets(&session, &r);
        else
            print_text(&session, &r);
        status = printed == DT_OK ? status : printed;
    }
    cli_close(&session);
    return status;
}
