/*
 * detente referee: what a hostile referee would say of a model, or of the model in a study, whose worlds are then taken in place of
 * others. Findings, the worst first, each with the command that shows it; with --full the tables they rest on. With -o what is
 * solved is kept in a file, and taken up again. Exit 0 if none is grave, 1 if one is.
 */
#include "detente_referee.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

#include "detente_study.h"

#include "cli.h"

static const char *gravity_word(dt_gravity gravity)
{
    return gravity == DT_GRAVE ? "grave" : gravity == DT_SERIOUS ? "serious" : "mild";
}

static const char *lookahead_text(int lookahead)
{
    return lookahead < 0 ? "forever" : cli_print("%d", lookahead);
}

/* ---- as text ------------------------------------------------------------------------------------ */

static void print_objections(const dt_refereed *found)
{
    static const cli_style style[] = {CLI_PLAIN, CLI_WARN, CLI_BAD};
    for (size_t i = 0; i < found->objections; i++) {
        const dt_objection *objection = &found->objection[i];
        printf("\n%s%s%s (%s)\n", cli_on(stdout, style[objection->gravity]),
               gravity_word(objection->gravity), cli_off(stdout), objection->kind);
        cli_print_wrapped("  ", objection->text, 2);
        printf("  %s\n", objection->command); /* on one line, to be copied */
    }
}

static void print_choices(const dt_refereed *found)
{
    cli_table table;
    const char *policy = "";
    cli_table_start(&table, 2);
    table.head[0] = "choices";
    table.head[1] = "entropy";
    for (size_t c = 0; c < found->choices; c++) {
        const dt_choice *choice = &found->choice[c];
        if (strcmp(policy, choice->policy) != 0)
            cli_table_heading(&table, policy = choice->policy);
        const char **cell =
            cli_table_row(&table, cli_print("  %s.%s", choice->stage, choice->mover));
        cell[0] = cli_print("%.2f", choice->made);
        cell[1] = cli_print("%.3f", choice->entropy);
    }
    putchar('\n');
    cli_print_wrapped("", "choices, and their entropy: 1 is tossing a coin", 0);
    cli_table_print(&table);
}

static const char *correlation(double number)
{
    return isnan(number) ? "-" : cli_print("%.2f", number);
}

static void print_rankings(const dt_model *model, const dt_refereed *found)
{
    cli_table table;
    cli_table_start(&table, 1 + found->lookaheads);
    table.head[0] = "chance";
    for (size_t l = 0; l < found->lookaheads; l++)
        table.head[1 + l] = lookahead_text(found->lookahead[l]);
    for (size_t o = 0; o < found->outcomes; o++) {
        const char **cell = cli_table_row(&table, dt_model_item(model, DT_OUTCOMES, o));
        cell[0] = correlation(found->by_chance[o]);
        for (size_t l = 0; l < found->lookaheads; l++)
            cell[1 + l] = correlation(found->by_lookahead[l * found->outcomes + o]);
    }
    putchar('\n');
    cli_print_wrapped("",
                      "rankings of policies: Spearman's correlation with the nominal one, by "
                      "chance alone and by lookahead",
                      0);
    cli_table_print(&table);
}

static void print_expectations(const dt_refereed *found)
{
    putchar('\n');
    cli_print_wrapped("",
                      "expectations: whether each holds, by chance alone, with other lookaheads, "
                      "and in which share of worlds",
                      0);
    for (size_t e = 0; e < found->expectations; e++) {
        const dt_expected *expected = &found->expected[e];
        const char *text = expected->by_chance ? "yes, by chance yes" : "yes, by chance no";
        if (!expected->holds)
            text = expected->by_chance ? "no, by chance yes" : "no, by chance no";
        for (size_t l = 0; l < found->lookaheads; l++)
            text = cli_print("%s, %s %s", text, lookahead_text(found->lookahead[l]),
                             expected->lookahead[l] < 0 ? "not solved"
                             : expected->lookahead[l]   ? "yes"
                                                        : "no");
        if (!isnan(expected->worlds))
            text = cli_print("%s, worlds %.0f %%", text, 100 * expected->worlds);
        const char *open = *expected->policy ? " [" : "", *close = *expected->policy ? "]" : "";
        cli_print_wrapped("  ",
                          cli_print("%s%s%s%s", expected->text, open, expected->policy, close), 2);
        cli_print_wrapped("    ", text, 4);
    }
}

static void print_numbers(const dt_model *model, const dt_refereed *found)
{
    cli_table table;
    cli_table_start(&table, 3);
    table.head[0] = dt_model_item(model, DT_POLICIES, 0);
    table.head[1] = "any policy";
    table.head[2] = "turns";
    for (size_t i = 0; i < found->numbers; i++) {
        const dt_moved *moved = &found->moved[i];
        const char **cell =
            cli_table_row(&table, dt_model_item(model, DT_PARAMETERS, moved->parameter));
        cell[0] = isnan(moved->first) ? "-" : cli_print("%.3f", moved->first);
        cell[1] = isnan(moved->most) ? "-" : cli_print("%.3f", moved->most);
        cell[2] = cli_print("%zu", moved->turns);
    }
    putchar('\n');
    cli_print_wrapped(
        "",
        "numbers, moved through their range: largest change of a headline outcome, of its spread "
        "over the policies; headline outcomes of which the best policy turns",
        0);
    cli_table_print(&table);
}

static void print_bundles(const dt_model *model, const dt_refereed *found)
{
    for (size_t b = 0; b < found->bundles; b++) {
        const dt_bundle *bundle = &found->bundle[b];
        const size_t n = bundle->ingredients;
        cli_table table;
        size_t columns = 0;
        for (size_t o = 0; o < found->outcomes; o++)
            columns += dt_model_headline(model, o);
        if (columns == 0 || isnan(bundle->shapley[0]))
            continue;
        cli_table_start(&table, columns);
        for (size_t i = 0; i < n; i++)
            cli_table_row(&table, bundle->name[i]);
        columns = 0;
        for (size_t o = 0; o < found->outcomes; o++) {
            if (!dt_model_headline(model, o))
                continue;
            table.head[columns] = dt_model_item(model, DT_OUTCOMES, o);
            cli_table_column(&table, columns++, bundle->shapley + o * n, 0);
        }
        putchar('\n');
        cli_print_wrapped("",
                          cli_print("%s to %s: shares of the difference (Shapley)",
                                    dt_model_item(model, DT_POLICIES, bundle->from),
                                    dt_model_item(model, DT_POLICIES, bundle->to)),
                          0);
        cli_table_print(&table);
    }
}

static void print_text(const cli_session *session, const dt_refereed *found, bool study)
{
    const dt_model *model = session->model;
    size_t count[3] = {0};
    for (size_t i = 0; i < found->objections; i++)
        count[found->objection[i].gravity]++;
    cli_print_title(model);
    cli_print_wrapped("",
                      cli_print("%zu solutions; %zu grave, %zu serious, %zu mild", found->solved,
                                count[DT_GRAVE], count[DT_SERIOUS], count[DT_MILD]),
                      0);
    if (found->objections == 0)
        cli_print_wrapped("", "The referee has nothing to object to.", 0);
    print_objections(found);
    if (study && found->objections > 0) {
        putchar('\n');
        cli_print_wrapped("",
                          cli_print("MODEL is the file of the model that '%s' was made of.",
                                    session->line->model),
                          0);
    }
    if (!session->line->full)
        return;
    print_choices(found);
    print_rankings(model, found);
    print_expectations(found);
    print_numbers(model, found);
    print_bundles(model, found);
}

/* ---- as JSON ------------------------------------------------------------------------------------- */

static json_t *numbers_json(const dt_model *model, dt_kind kind, const double *number)
{
    json_t *object = json_object();
    for (size_t i = 0; i < dt_model_count(model, kind); i++)
        json_object_set_new(object, dt_model_item(model, kind, i), cli_json_number(number[i]));
    return object;
}

/* [policies][outcomes] */
static json_t *table_json(const dt_model *model, const dt_refereed *found, const double *number)
{
    json_t *object = json_object();
    for (size_t p = 0; p < found->policies; p++)
        json_object_set_new(object, dt_model_item(model, DT_POLICIES, p),
                            numbers_json(model, DT_OUTCOMES, number + p * found->outcomes));
    return object;
}

static json_t *lookaheads_json(const dt_model *model, const dt_refereed *found)
{
    json_t *object = json_object();
    for (size_t l = 0; l < found->lookaheads; l++)
        json_object_set_new(
            object, lookahead_text(found->lookahead[l]),
            json_pack(
                "{s:o, s:o}", "rank",
                numbers_json(model, DT_OUTCOMES, found->by_lookahead + l * found->outcomes),
                "outcomes",
                table_json(model, found, found->other + l * found->policies * found->outcomes)));
    return object;
}

static json_t *expectations_json(const dt_refereed *found)
{
    json_t *list = json_array();
    for (size_t e = 0; e < found->expectations; e++) {
        const dt_expected *expected = &found->expected[e];
        json_t *lookaheads = json_object();
        for (size_t l = 0; l < found->lookaheads; l++)
            json_object_set_new(lookaheads, lookahead_text(found->lookahead[l]),
                                expected->lookahead[l] < 0 ? json_null()
                                                           : json_boolean(expected->lookahead[l]));
        json_array_append_new(list,
                              json_pack("{s:s, s:s, s:b, s:b, s:o, s:o}", "text", expected->text,
                                        "policy", expected->policy, "holds", expected->holds,
                                        "by_chance", expected->by_chance, "lookahead", lookaheads,
                                        "worlds", cli_json_number(expected->worlds)));
    }
    return list;
}

static json_t *choices_json(const dt_refereed *found)
{
    json_t *list = json_array();
    for (size_t c = 0; c < found->choices; c++) {
        const dt_choice *choice = &found->choice[c];
        json_t *shares = json_object(), *precise = json_object();
        for (size_t a = 0; a < choice->actions; a++) {
            json_object_set_new(shares, choice->action[a], cli_json_number(choice->share[a]));
            json_object_set_new(precise, choice->action[a], cli_json_number(choice->precise[a]));
        }
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:o}", "policy",
                                              choice->policy, "stage", choice->stage, "mover",
                                              choice->mover, "made", cli_json_number(choice->made),
                                              "entropy", cli_json_number(choice->entropy), "shares",
                                              shares, "precise", precise));
    }
    return list;
}

static json_t *moved_json(const dt_model *model, const dt_refereed *found)
{
    json_t *object = json_object();
    for (size_t i = 0; i < found->numbers; i++) {
        const dt_moved *moved = &found->moved[i];
        json_object_set_new(object, dt_model_item(model, DT_PARAMETERS, moved->parameter),
                            json_pack("{s:o, s:o, s:I}", "first", cli_json_number(moved->first),
                                      "most", cli_json_number(moved->most), "turns",
                                      (json_int_t)moved->turns));
    }
    return object;
}

static json_t *bundles_json(const dt_model *model, const dt_refereed *found)
{
    json_t *list = json_array();
    for (size_t b = 0; b < found->bundles; b++) {
        const dt_bundle *bundle = &found->bundle[b];
        const size_t n = bundle->ingredients;
        json_t *names = json_array(), *outcomes = json_object();
        for (size_t i = 0; i < n; i++)
            json_array_append_new(names, json_string(bundle->name[i]));
        for (size_t o = 0; o < found->outcomes; o++) {
            json_t *shares = json_object();
            for (size_t i = 0; i < n; i++)
                json_object_set_new(shares, bundle->name[i],
                                    cli_json_number(bundle->shapley[o * n + i]));
            json_object_set_new(outcomes, dt_model_item(model, DT_OUTCOMES, o), shares);
        }
        json_array_append_new(list, json_pack("{s:s, s:s, s:o, s:o}", "from",
                                              dt_model_item(model, DT_POLICIES, bundle->from), "to",
                                              dt_model_item(model, DT_POLICIES, bundle->to),
                                              "ingredients", names, "shapley", outcomes));
    }
    return list;
}

static dt_status print_json(const cli_session *session, const dt_refereed *found)
{
    const dt_model *model = session->model;
    json_t *findings = json_array();
    for (size_t i = 0; i < found->objections; i++) {
        const dt_objection *objection = &found->objection[i];
        json_array_append_new(findings,
                              json_pack("{s:s, s:s, s:o, s:s, s:s}", "kind", objection->kind,
                                        "gravity", gravity_word(objection->gravity), "number",
                                        cli_json_number(objection->number), "text", objection->text,
                                        "command", objection->command));
    }
    json_t *chance =
        json_pack("{s:o, s:o}", "rank", numbers_json(model, DT_OUTCOMES, found->by_chance),
                  "outcomes", table_json(model, found, found->chance));
    return cli_json_print(
        json_pack("{s:s, s:s, s:b, s:I, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "model",
                  dt_model_name(model), "version", dt_version(), "grave", found->grave, "solutions",
                  (json_int_t)found->solved, "kept", (json_int_t)found->kept, "findings", findings,
                  "outcomes", table_json(model, found, found->nominal), "chance", chance,
                  "lookahead", lookaheads_json(model, found), "expectations",
                  expectations_json(found), "choices", choices_json(found), "numbers",
                  moved_json(model, found), "bundles", bundles_json(model, found)));
}

/* ---- what is asked -------------------------------------------------------------------------------- */

/* The parameters that --vary names, separated by commas. */
static bool read_vary(const cli_session *session, dt_referee_how *how)
{
    const size_t count = dt_model_count(session->model, DT_PARAMETERS);
    size_t *vary = cli_take(count, sizeof *vary);
    how->varied = 0;
    bool *taken = cli_take(count, sizeof *taken);
    for (size_t i = 0; i < session->line->vary.count; i++) {
        for (const char *at = session->line->vary.at[i]; *at;) {
            const size_t length = strcspn(at, ",");
            const char *name = cli_print("%.*s", (int)length, at);
            const int index = dt_model_find(session->model, DT_PARAMETERS, name);
            if (index < 0) {
                cli_error(NULL, "--vary: no parameter is called '%s'", name);
                return false;
            }
            if (!taken[index])
                vary[how->varied++] = (size_t)index;
            taken[index] = true;
            at += length + (at[length] == ',');
        }
    }
    how->vary = vary;
    return true;
}

/* What it will cost, before it begins. */
static void tell_cost(const cli_session *session, const dt_referee_how *how)
{
    const size_t policies = dt_model_count(session->model, DT_POLICIES);
    if (session->line->quiet)
        return;
    fprintf(stderr, "%zu solutions to find, of %zu %s\n", dt_referee_cost(session->model, how),
            policies, policies == 1 ? "policy" : "policies");
}

/* ---- of a study ----------------------------------------------------------------------------------- */

/* What the study has solved, by the policies of its model. */
static const double *const *known_of(const dt_study_data *data, size_t worlds)
{
    const double **given = cli_take(dt_model_count(data->model, DT_POLICIES), sizeof *given);
    for (size_t p = 0; p < data->policies; p++) {
        double *known = cli_take(data->outcomes * worlds, sizeof *known);
        for (size_t o = 0; o < data->outcomes; o++)
            memcpy(known + o * worlds, data->outcome + (p * data->outcomes + o) * data->worlds,
                   worlds * sizeof *known);
        given[data->policy[p]] = known;
    }
    return given;
}

/* Opens what a study holds as if it had been read from the model's file, and asks of its worlds. */
static dt_status open_study(cli_session *session, const cli_line *line, dt_study **study,
                            dt_referee_how *how)
{
    *session = (cli_session){.line = line, .options = cli_library_options(line)};
    dt_status status = dt_study_open(line->model, &session->options, study);
    if (status != DT_OK)
        return status;
    const dt_study_data *data = dt_study_read(*study);
    if (line->set.count || line->seed || line->values)
        cli_error(NULL,
                  "a study holds its own numbers, worlds and values: --set, --seed and --values "
                  "don't go with it");
    else if (data->design > DT_DESIGN_SOBOL && data->design != DT_DESIGN_POSTERIOR)
        cli_error("those of latin, random and sobol are",
                  "the worlds of a study of design '%s' aren't drawn from the declared ranges",
                  dt_design_name(data->design));
    else if (data->selected)
        cli_error(NULL, "the study was played on %s, and a referee looks at the limit",
                  cli_selection(data->selected));
    else if (data->done < data->worlds * data->policies)
        cli_error("`detente study` goes on with it", "the study isn't complete");
    else
        status = DT_NO;
    if (status == DT_OK)
        return DT_INVALID;
    session->model = (dt_model *)data->model; /* read only; the study's */
    session->world = (double *)data->held;    /* likewise */
    session->given = cli_take(data->parameters, sizeof *session->given);
    for (size_t p = 0; p < data->parameters; p++)
        session->given[p] = data->held[p] != dt_model_parameter(data->model, p).value;
    how->worlds = line->worlds && line->worlds < data->worlds ? line->worlds : data->worlds;
    how->values = data->values;
    how->drawn = data->parameter;
    how->given = known_of(data, how->worlds);
    how->varied = data->varied;
    how->vary = data->vary;
    return DT_OK;
}

/* ---- the command ---------------------------------------------------------------------------------- */

static dt_status work(const cli_session *session, dt_referee_how *how)
{
    const cli_line *line = session->line;
    dt_refereed *found = NULL;
    dt_status status = DT_INVALID;
    how->name = how->drawn ? NULL : line->model;
    how->parameters = session->world;
    how->held = session->given;
    how->keep = line->output;
    if (line->vary.count == 0 || read_vary(session, how)) {
        dt_options options = session->options;
        tell_cost(session, how);
        cli_keeps(&options, line);
        status = dt_referee(session->model, how, &options, &found);
        cli_progress_end();
    }
    cli_tell_kept(status, line);
    if (status == DT_OK && found->kept > 0 && !line->quiet)
        fprintf(stderr, "%zu of them were in '%s'\n", found->kept, line->output);
    if (status == DT_OK && line->json)
        status = print_json(session, found);
    else if (status == DT_OK)
        print_text(session, found, how->drawn != NULL);
    if (status == DT_OK && found->grave)
        status = DT_NO;
    dt_refereed_free(found);
    return status;
}

dt_status cli_run_referee(const cli_line *line)
{
    cli_session session;
    dt_study *study = NULL;
    dt_referee_how how = {0};
    const cli_kind kind = cli_kind_of(line->model);
    const bool is_study = kind == CLI_STUDY || kind == CLI_DATABASE; /* the library says which */
    dt_status status =
        is_study ? open_study(&session, line, &study, &how) : cli_open(&session, line);
    if (!is_study) {
        how.worlds = line->worlds;
        how.seed = line->seed;
        how.values = (dt_values)line->values;
    }
    how.starts = line->starts;
    if (status == DT_OK)
        status = work(&session, &how);
    else if (!is_study)
        return status; /* nothing is held */
    if (is_study)
        dt_study_close(study);
    else
        cli_close(&session);
    return status;
}
