/*
 * What `run` found as tables for other programs and for papers: a row for each outcome, a column for each policy,
 * with what the numbers rest on above them. With --full also what play is worth to each actor, its gaps, and the
 * certificates. A policy that isn't solved has no numbers, and it is said why.
 */
#include "run.h"
#include "sheet.h"

#include <jansson.h>
#include <math.h>

static cli_sheet *new_sheet(cli_answer *answer, const cli_session *session, const char *name,
                            const char *title, const char *columns)
{
    cli_sheet *sheet = cli_sheet_new(answer, name, title, columns);
    for (size_t p = 0; p < session->policies; p++)
        cli_sheet_column(sheet, CLI_DATA,
                         dt_model_item(session->model, DT_POLICIES, session->policy[p]), NULL);
    return sheet;
}

/* A number for each policy; direction +1 or -1 marks the best. */
static void put_numbers(cli_sheet *sheet, const double *number, size_t policies, int direction,
                        bool tiny)
{
    double best = -INFINITY, size = 0;
    for (size_t p = 0; p < policies; p++) {
        best = fmax(best, direction * number[p]);
        size = fmax(size, fabs(number[p]));
    }
    for (size_t p = 0; p < policies; p++) {
        const bool marked = direction && dt_better(best, direction * number[p], size) == 0;
        cli_put_cell(
            sheet,
            (cli_cell){.kind = CLI_NUMBER, .number = number[p], .marked = marked, .tiny = tiny});
    }
}

static void add_outcomes(cli_answer *answer, const cli_session *session, const cli_results *r)
{
    const dt_model *model = session->model;
    cli_sheet *sheet =
        new_sheet(answer, session, "outcomes", cli_print("%s: outcomes", dt_model_name(model)),
                  "|outcome, description, better");
    size_t solved = 0;
    bool by_chance = false, coarse = false, any_ranked = false;
    for (size_t p = 0; p < session->policies; p++)
        solved += !r->unsolved[p].reason;
    for (size_t o = 0; o < dt_model_count(model, DT_OUTCOMES); o++) {
        if (!session->line->full && !dt_model_headline(model, o))
            continue;
        const int direction = dt_model_outcome_direction(model, o);
        by_chance |= r->by_chance[o];
        coarse |= r->coarse[o];
        cli_put(sheet, "%s %s %s", cli_ranked_name(session, r, o),
                dt_model_item_description(model, DT_OUTCOMES, o),
                direction > 0   ? "more"
                : direction < 0 ? "less"
                                : "");
        const int ranked = solved > 1 ? cli_ranked_direction(session, r, o) : 0;
        put_numbers(sheet, r->outcome + o * session->policies, session->policies, ranked, false);
        any_ranked |= ranked != 0;
    }
    if (any_ranked && !session->line->csv)
        cli_note(&sheet->notes, "In bold: the best policy.");
    if (by_chance)
        cli_note(&sheet->notes, "%s The policies rank so, too, if everybody tosses coins.",
                 CLI_BY_CHANCE);
    if (coarse)
        cli_note(&sheet->notes, "%s %s.", CLI_COARSE, CLI_COARSE_SAYS);
}

static void add_actors(cli_answer *answer, const cli_session *session, const char *name,
                       const char *title, const double *number)
{
    const dt_model *model = session->model;
    cli_sheet *sheet = new_sheet(answer, session, name, title, "|actor, unit");
    for (size_t a = 0; a < dt_model_count(model, DT_ACTORS); a++) {
        cli_put(sheet, "%s %s", dt_model_item(model, DT_ACTORS, a), dt_model_unit(model, a));
        put_numbers(sheet, number + a * session->policies, session->policies, 0, false);
    }
}

static void add_solution(cli_answer *answer, const cli_session *session, const cli_results *r)
{
    const size_t policies = session->policies;
    cli_sheet *sheet = new_sheet(answer, session, "solution", "Certificates", "|number");
    cli_put(sheet, "%s", "residual");
    put_numbers(sheet, r->residual, policies, 0, true);
    if (r->beliefs) {
        cli_put(sheet, "%s", "calibration");
        put_numbers(sheet, r->calibration, policies, 0, true);
    }
    cli_put(sheet, "%s", "states");
    for (size_t p = 0; p < policies; p++)
        cli_put(sheet, "%zu", (size_t)r->states[p]);
    cli_put(sheet, "%s", "nodes");
    for (size_t p = 0; p < policies; p++)
        cli_put(sheet, "%zu", (size_t)r->nodes[p]);
}

dt_status cli_print_sheets(const cli_session *session, const cli_results *results)
{
    const dt_model *model = session->model;
    cli_answer *answer = cli_answer_new(session->line);
    answer->noted = true;
    cli_note(&answer->cautions, "%s, detente %s: %s.", dt_model_name(model), dt_version(),
             session->line->set.count ? "numbers given with --set" : "the author's numbers");
    for (size_t p = 0; p < session->policies; p++) {
        const cli_unsolved *unsolved = &results->unsolved[p];
        if (unsolved->reason)
            cli_note(&answer->cautions, "%s isn't solved: %s.",
                     dt_model_item(model, DT_POLICIES, session->policy[p]), unsolved->reason);
    }
    if (dt_model_count(model, DT_OUTCOMES) == 0)
        cli_absent(answer, "outcomes", "The model has no outcomes.");
    else
        add_outcomes(answer, session, results);
    if (session->line->full) {
        add_actors(answer, session, "values", "What play is worth", results->value);
        add_actors(answer, session, "gaps", "What a best response would gain", results->gap);
        add_solution(answer, session, results);
    }
    return cli_answer_print(answer);
}
