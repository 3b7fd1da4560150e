/*
 * detente levers: which ingredient does the work between two policies. For every outcome a sentence and the
 * shares of Shapley's value; with --full each ingredient alone, left out, and the interactions; with --worlds how
 * far all this holds over worlds that are drawn.
 */
#include "levers.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sheet.h"

dt_shares cli_levers_shares(const cli_levers *l, size_t outcome, size_t world)
{
    const size_t n = l->count;
    dt_shares shares = {cli_take(n, sizeof(double)), cli_take(n, sizeof(double)),
                        cli_take(n, sizeof(double)), cli_take(n * n, sizeof(double))};
    dt_share(n, cli_levers_cells(l, outcome, world), &shares);
    return shares;
}

void cli_levers_drop_rounding(const cli_levers *l, size_t outcome, double *number, size_t count)
{
    const double *v = cli_levers_cells(l, outcome, 0);
    double size = 0;
    for (size_t set = 0; set < l->cells; set++)
        size = fmax(size, fabs(v[set]));
    for (size_t i = 0; i < count; i++)
        number[i] = dt_better(number[i], 0, size) == 0 ? 0 : number[i];
}

dt_shares cli_levers_shares_shown(const cli_levers *l, size_t outcome)
{
    const dt_shares shares = cli_levers_shares(l, outcome, 0);
    cli_levers_drop_rounding(l, outcome, shares.shapley, l->count);
    cli_levers_drop_rounding(l, outcome, shares.alone, l->count);
    cli_levers_drop_rounding(l, outcome, shares.left_out, l->count);
    cli_levers_drop_rounding(l, outcome, shares.interaction, l->count * l->count);
    return shares;
}

/* Which way the two differ if everybody tosses coins. */
static dt_status judge_differences(cli_levers *l, const size_t policy[2])
{
    const cli_session *session = l->session;
    const cli_chance chance =
        cli_chance_start(session->model, session->world, &session->options, 2);
    dt_status status = DT_OK;
    for (size_t side = 0; side < 2 && status == DT_OK; side++) {
        dt_game *game;
        status = cli_explore(session, policy[side], &game);
        if (status == DT_OK)
            status = cli_chance_of(&chance, game, side);
        dt_game_free(game);
    }
    for (size_t o = 0; o < l->outcomes && status == DT_OK; o++) {
        const double *v = cli_levers_cells(l, o, 0), ends[2] = {v[0], v[l->cells - 1]};
        l->by_chance[o] = cli_chance_ranks(&chance, o, ends);
    }
    return status;
}

/* ---- sentences --------------------------------------------------------------------------------- */

/* A number with its sign, to three digits, or all of those before the point. */
static const char *change(double x)
{
    return cli_print(fabs(x) < 999.5 ? "%+.3g" : "%+.0f", x);
}

/* Ingredients by the size of their share; the largest first. */
static size_t *by_share(size_t n, const double *share)
{
    size_t *order = cli_take(n, sizeof *order);
    for (size_t i = 0; i < n; i++) {
        size_t at = i;
        for (; at > 0 && fabs(share[order[at - 1]]) < fabs(share[i]); at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
    return order;
}

/* How a difference divides into what is mechanical and what is adaptation. */
static const char *division(double difference, double mechanical)
{
    const double part = mechanical / difference;
    if (part < -0.05 || part > 1.05)
        return cli_print("mechanically it would be %s, and adaptation makes it %s",
                         change(mechanical), change(difference));
    return part > 0.9   ? "nearly all of it is mechanical"
           : part > 0.6 ? "most of it is mechanical"
           : part > 0.4 ? "half of it is mechanical, half adaptation"
           : part > 0.1 ? "most of it is adaptation"
                        : "nearly all of it is adaptation";
}

/* Whether two numbers are the same but for rounding. */
static bool tied(double a, double b)
{
    return dt_better(a, b, fmax(fabs(a), fabs(b))) == 0 || fabs(a - b) < 1e-12;
}

static const char *sentence(const cli_levers *l, size_t outcome, const dt_shares *shares)
{
    const char *name = dt_model_item(l->session->model, DT_OUTCOMES, outcome);
    const double *v = cli_levers_cells(l, outcome, 0);
    const double difference = v[l->cells - 1] - v[0];
    if (tied(v[0], v[l->cells - 1]))
        return cli_print("%s is the same under both.", name);
    const size_t *order = by_share(l->count, shares->shapley);
    const char *text = cli_print("Of %s in %s", change(difference), name);
    double told = 0;
    size_t listed = 0;
    for (size_t i = 0; i < l->count && listed < 4; i++) {
        const double share = shares->shapley[order[i]];
        if (fabs(share) < 0.05 * fabs(difference) || share == 0)
            break;
        text = cli_print("%s, %s %s%s", text, dt_levers_name(l->between, order[i]),
                         listed ? "" : "gives ", change(share));
        told += share;
        listed++;
    }
    double rest = difference - told;
    cli_levers_drop_rounding(l, outcome, &rest, 1);
    if (listed < l->count && rest != 0)
        text = cli_print("%s, all others together %s", text, change(rest));
    return cli_print("%s; %s.", text,
                     division(difference, l->result.mechanical[outcome * (l->worlds + 1)]));
}

/* ---- tables ------------------------------------------------------------------------------------- */

/* A table with ingredients as rows and outcomes as columns. */
static void print_shares(const cli_levers *l, const char *title, const dt_shares *all,
                         const double *(*pick)(const dt_shares *shares))
{
    const dt_model *model = l->session->model;
    cli_table table;
    double *column = cli_take(l->count, sizeof *column);
    cli_table_start(&table, l->shown_count);
    for (size_t s = 0; s < l->shown_count; s++)
        table.head[s] = dt_model_item(model, DT_OUTCOMES, l->shown[s]);
    for (size_t i = 0; i < l->count; i++)
        cli_table_row(&table, dt_levers_name(l->between, i));
    for (size_t s = 0; s < l->shown_count; s++) {
        for (size_t i = 0; i < l->count; i++)
            column[i] = pick(&all[s])[i];
        cli_table_column(&table, s, column, 0);
    }
    putchar('\n');
    cli_print_wrapped("", title, 0);
    cli_table_print(&table);
}

/* From, to, the difference and its two parts. */
static void print_ends(const cli_levers *l)
{
    const dt_model *model = l->session->model;
    cli_table table;
    const char *const label[] = {l->from, l->to, "difference", "  mechanical", "  adaptive"};
    double row[5];
    bool any = false;
    cli_table_start(&table, l->shown_count);
    for (size_t s = 0; s < l->shown_count; s++)
        table.head[s] = cli_chance_mark(dt_model_item(model, DT_OUTCOMES, l->shown[s]),
                                        l->by_chance[l->shown[s]]);
    for (size_t r = 0; r < 5; r++)
        cli_table_row(&table, label[r]);
    for (size_t s = 0; s < l->shown_count; s++) {
        const double *v = cli_levers_cells(l, l->shown[s], 0);
        any |= l->by_chance[l->shown[s]];
        const size_t at = l->shown[s] * (l->worlds + 1);
        row[0] = v[0];
        row[1] = v[l->cells - 1];
        row[2] = row[1] - row[0];
        row[3] = l->result.mechanical[at];
        row[4] = l->result.adaptive[at];
        cli_levers_drop_rounding(l, l->shown[s], row + 2, 3);
        cli_table_column(&table, s, row, 0);
    }
    cli_table_print(&table);
    cli_chance_say(any, "the two differ that way");
}

/* The largest interactions of each outcome. */
static void print_interactions(const cli_levers *l, const dt_shares *all)
{
    enum { MOST = 3 };
    const size_t n = l->count;
    putchar('\n');
    cli_print_wrapped("", "interactions: what two give together beyond what each gives", 0);
    for (size_t s = 0; s < l->shown_count; s++) {
        double *pair = cli_take(n * n, sizeof *pair);
        for (size_t i = 0; i < n; i++) {
            for (size_t j = i + 1; j < n; j++)
                pair[i * n + j] = all[s].interaction[i * n + j];
        }
        const size_t *order = by_share(n * n, pair);
        const char *text =
            cli_print("%s:", dt_model_item(l->session->model, DT_OUTCOMES, l->shown[s]));
        for (size_t k = 0; k < MOST && k < n * n && pair[order[k]] != 0; k++)
            text = cli_print("%s%s %s & %s %s", text, k ? "," : "",
                             dt_levers_name(l->between, order[k] / n),
                             dt_levers_name(l->between, order[k] % n), change(pair[order[k]]));
        cli_print_wrapped("", text, 2);
    }
}

/* ---- over worlds --------------------------------------------------------------------------------- */

static int by_size(const void *x, const void *y)
{
    const double *a = x, *b = y;
    return (*a > *b) - (*a < *b);
}

cli_levers_band cli_levers_band_of(const cli_levers *l, size_t outcome, size_t ingredient,
                                   double nominal)
{
    double *number = cli_take(l->worlds, sizeof *number);
    cli_levers_band found = {.median = NAN, .low = NAN, .high = NAN, .holds = NAN};
    size_t same = 0;
    for (size_t w = 1; w <= l->worlds; w++) {
        const double share = cli_levers_shares(l, outcome, w).shapley[ingredient];
        if (isnan(share))
            continue;
        number[found.solved++] = share;
        same += (share > 0) - (share < 0) == (nominal > 0) - (nominal < 0);
    }
    if (found.solved == 0)
        return found;
    qsort(number, found.solved, sizeof *number, by_size);
    const double last = (double)(found.solved - 1);
    found.median = number[(size_t)(0.5 * last)];
    found.low = number[(size_t)(0.05 * last)];
    found.high = number[(size_t)(0.95 * last + 0.5)];
    found.holds = (double)same / (double)found.solved;
    return found;
}

static void print_worlds(const cli_levers *l, const dt_shares *all)
{
    for (size_t s = 0; s < l->shown_count; s++) {
        cli_table table;
        cli_table_start(&table, 5);
        table.head[0] = "nominal";
        table.head[1] = "median";
        table.head[2] = "5%";
        table.head[3] = "95%";
        table.head[4] = "sign holds";
        size_t solved = 0;
        for (size_t i = 0; i < l->count; i++) {
            const double nominal = all[s].shapley[i];
            const cli_levers_band found = cli_levers_band_of(l, l->shown[s], i, nominal);
            solved = found.solved;
            const char **cell = cli_table_row(&table, dt_levers_name(l->between, i));
            cell[0] = change(nominal);
            cell[1] = found.solved ? change(found.median) : "-";
            cell[2] = found.solved ? change(found.low) : "-";
            cell[3] = found.solved ? change(found.high) : "-";
            cell[4] = found.solved ? cli_print("%.0f %%", 100 * found.holds) : "-";
        }
        putchar('\n');
        cli_print_wrapped("",
                          cli_print("%s: shares over %zu worlds",
                                    dt_model_item(l->session->model, DT_OUTCOMES, l->shown[s]),
                                    solved),
                          0);
        cli_table_print(&table);
    }
    cli_print_wrapped("", "bands over declared ranges are shares of a design, not probabilities",
                      0);
}

/* ---- as JSON ------------------------------------------------------------------------------------- */

static json_t *by_ingredient(const cli_levers *l, const double *number)
{
    json_t *object = json_object();
    for (size_t i = 0; i < l->count; i++)
        json_object_set_new(object, dt_levers_name(l->between, i), cli_json_number(number[i]));
    return object;
}

static json_t *outcome_json(const cli_levers *l, size_t outcome)
{
    const dt_shares shares = cli_levers_shares(l, outcome, 0);
    const double *v = cli_levers_cells(l, outcome, 0);
    const size_t at = outcome * (l->worlds + 1);
    json_t *pairs = json_object(), *object = json_object();
    for (size_t i = 0; i < l->count; i++) {
        for (size_t j = i + 1; j < l->count; j++)
            json_object_set_new(
                pairs,
                cli_print("%s & %s", dt_levers_name(l->between, i), dt_levers_name(l->between, j)),
                cli_json_number(shares.interaction[i * l->count + j]));
    }
    json_object_set_new(object, "from", cli_json_number(v[0]));
    json_object_set_new(object, "to", cli_json_number(v[l->cells - 1]));
    json_object_set_new(object, "difference", cli_json_number(v[l->cells - 1] - v[0]));
    json_object_set_new(object, "shapley", by_ingredient(l, shares.shapley));
    json_object_set_new(object, "alone", by_ingredient(l, shares.alone));
    json_object_set_new(object, "left_out", by_ingredient(l, shares.left_out));
    json_object_set_new(object, "interactions", pairs);
    json_object_set_new(object, "mechanical", cli_json_number(l->result.mechanical[at]));
    json_object_set_new(object, "adaptive", cli_json_number(l->result.adaptive[at]));
    if (l->worlds > 0) {
        json_t *bands = json_object();
        for (size_t i = 0; i < l->count; i++) {
            const cli_levers_band found = cli_levers_band_of(l, outcome, i, shares.shapley[i]);
            json_object_set_new(
                bands, dt_levers_name(l->between, i),
                json_pack("{s:I, s:o, s:o, s:o, s:o}", "worlds", (json_int_t)found.solved, "median",
                          cli_json_number(found.median), "p05", cli_json_number(found.low), "p95",
                          cli_json_number(found.high), "sign_holds", cli_json_number(found.holds)));
        }
        json_object_set_new(object, "worlds", bands);
    }
    return object;
}

static dt_status print_json(const cli_levers *l)
{
    json_t *names = json_array(), *outcomes = json_object(), *object = json_object();
    for (size_t i = 0; i < l->count; i++)
        json_array_append_new(names, json_string(dt_levers_name(l->between, i)));
    for (size_t o = 0; o < l->outcomes; o++)
        json_object_set_new(outcomes, dt_model_item(l->session->model, DT_OUTCOMES, o),
                            outcome_json(l, o));
    json_object_set_new(object, "from", json_string(l->from));
    json_object_set_new(object, "to", json_string(l->to));
    json_object_set_new(object, "ingredients", names);
    json_object_set_new(object, "cells", json_integer((json_int_t)l->cells));
    json_object_set_new(object, "uniform", cli_json_number(l->result.uniform[0]));
    json_object_set_new(object, "outcomes", outcomes);
    return cli_json_print(object);
}

/* ---- the command ---------------------------------------------------------------------------------- */

/* What each ingredient changes, in a column beside their names. */
static void print_ingredients(const cli_levers *l)
{
    enum { MOST = 24 }; /* a longer name has its line pushed */
    int width = 0;
    for (size_t i = 0; i < l->count; i++) {
        const int columns = cli_columns(dt_levers_name(l->between, i));
        width = columns > width && columns <= MOST ? columns : width;
    }
    for (size_t i = 0; i < l->count; i++) {
        const char *name = dt_levers_name(l->between, i);
        const char *before = dt_levers_side(l->between, i, 0),
                   *after = dt_levers_side(l->between, i, 1);
        const int columns = cli_columns(name);
        cli_print_wrapped(cli_print("  %s%*s  ", name, columns < width ? width - columns : 0, ""),
                          cli_print("%s -> %s", *before ? before : "none", *after ? after : "none"),
                          width + 4);
    }
}

static void print(const cli_levers *l)
{
    dt_shares *all = cli_take(l->shown_count, sizeof *all);
    cli_print_title(l->session->model);
    cli_print_wrapped("",
                      cli_print("%s to %s: %zu %s, %zu %s, %zu different %s", l->from, l->to,
                                l->count, l->count == 1 ? "ingredient" : "ingredients", l->cells,
                                l->cells == 1 ? "cell" : "cells", l->result.games,
                                l->result.games == 1 ? "game" : "games"),
                      0);
    print_ingredients(l);
    putchar('\n');
    for (size_t s = 0; s < l->shown_count; s++) {
        all[s] = cli_levers_shares_shown(l, l->shown[s]);
        cli_print_wrapped("", sentence(l, l->shown[s], &all[s]), 0);
    }
    putchar('\n');
    print_ends(l);
    print_shares(l, "shares of the difference (Shapley)", all, cli_levers_shapley);
    if (l->session->line->full) {
        print_shares(l, cli_print("added alone to %s", l->from), all, cli_levers_alone);
        print_shares(l, cli_print("left out of %s", l->to), all, cli_levers_left_out);
        print_interactions(l, all);
    }
    if (l->worlds > 0)
        print_worlds(l, all);
    if (l->result.uniform[0] > 0 || !l->session->line->full)
        putchar('\n');
    if (l->result.uniform[0] > 0)
        cli_print_wrapped(
            "",
            cli_print("mechanical: %.3g %% of the decisions are tossed up, as %s has no strategy "
                      "where they are made",
                      100 * l->result.uniform[0], l->from),
            0);
    if (!l->session->line->full)
        cli_print_wrapped("",
                          "--full shows each alone, left out, and the interactions; --worlds N "
                          "over which worlds it holds",
                          0);
}

/* The outcomes that are shown: those asked for, or those that come first. */
static bool choose_outcomes(cli_levers *l)
{
    const dt_model *model = l->session->model;
    const cli_texts *asked = &l->session->line->outcome;
    l->shown = cli_take(l->outcomes + asked->count, sizeof *l->shown);
    for (size_t i = 0; i < asked->count; i++) {
        const int index = cli_find(l->session, DT_OUTCOMES, "outcome", asked->at[i]);
        if (index < 0)
            return false;
        l->shown[l->shown_count++] = (size_t)index;
    }
    for (size_t o = 0; o < l->outcomes && asked->count == 0; o++) {
        if (l->session->line->full || dt_model_headline(model, o))
            l->shown[l->shown_count++] = o;
    }
    return true;
}

static bool find_policy(const cli_session *session, const char *name, size_t *index)
{
    if (!name) {
        cli_error(NULL, "levers takes two policies, --from P --to Q");
        return false;
    }
    const int found = cli_find(session, DT_POLICIES, "policy", name);
    *index = (size_t)found;
    return found >= 0;
}

static dt_status work(cli_levers *l, size_t from, size_t to)
{
    const cli_session *session = l->session;
    const cli_line *line = session->line;
    dt_options options = session->options;
    dt_status status = dt_levers_new(session->model, from, to, &options, &l->between);
    if (status != DT_OK)
        return status;
    l->count = dt_levers_count(l->between);
    l->cells = (size_t)1 << l->count;
    const size_t worlds = l->worlds + 1;
    l->result = (dt_levers_result){
        .outcome = cli_take(l->outcomes * worlds * l->cells, sizeof(double)),
        .mechanical = cli_take(l->outcomes * worlds, sizeof(double)),
        .adaptive = cli_take(l->outcomes * worlds, sizeof(double)),
        .uniform = cli_take(worlds, sizeof(double)),
    };
    double *values =
        cli_take(worlds * dt_model_count(session->model, DT_PARAMETERS), sizeof *values);
    status = cli_draw_worlds(session, l->worlds, values);
    options.jobs = cli_jobs(line);
    cli_keeps(&options, line);
    if (status == DT_OK && line->output)
        status = dt_levers_keep(l->between, line->output, cli_drawn(session, l->worlds), &options);
    if (status == DT_OK)
        status = dt_levers_solve(l->between, values, worlds, (dt_values)line->values, &options,
                                 &l->result);
    cli_progress_end();
    cli_tell_kept(status, line);
    if (status == DT_OK && isnan(l->result.mechanical[0]) && l->outcomes > 0) {
        cli_error("`detente run` says why", "the nominal world isn't solved in every cell");
        status = DT_NO;
    }
    l->by_chance = cli_take(l->outcomes, sizeof *l->by_chance);
    if (status == DT_OK && !options.chance_alone)
        status = judge_differences(l, (const size_t[]){from, to});
    if (status == DT_OK && line->json)
        status = print_json(l);
    else if (status == DT_OK && cli_asks_for_tables(line))
        status = cli_levers_print_sheets(l);
    else if (status == DT_OK)
        print(l);
    dt_levers_free(l->between);
    return status;
}

dt_status cli_run_levers(const cli_line *line)
{
    cli_session session;
    cli_texts names = {0};
    cli_add(&names, "ends");
    cli_add(&names, "shares");
    if (line->full) {
        cli_add(&names, "alone");
        cli_add(&names, "left_out");
        cli_add(&names, "interactions");
    }
    if (line->worlds)
        cli_add(&names, "worlds");
    if (!cli_tables_go(line, &names))
        return DT_INVALID;
    dt_status status = cli_open(&session, line);
    if (status != DT_OK)
        return status;
    cli_levers l = {.session = &session,
                    .outcomes = dt_model_count(session.model, DT_OUTCOMES),
                    .worlds = line->worlds};
    size_t from, to;
    status = DT_INVALID;
    if (find_policy(&session, line->from_policy, &from) &&
        find_policy(&session, line->to_policy, &to) && choose_outcomes(&l)) {
        l.from = dt_model_item(session.model, DT_POLICIES, from);
        l.to = dt_model_item(session.model, DT_POLICIES, to);
        status = work(&l, from, to);
    }
    cli_close(&session);
    return status;
}
