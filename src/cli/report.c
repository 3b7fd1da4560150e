/*
 * detente report: the model as a page to share, one file that solves the game by itself. All policies are
 * solved for the answer in words; the solutions of those that are shown first go into the page, so that it has
 * numbers as soon as it is opened. Of a study the page is made from the model in it, with what the study says. What a
 * referee said is read from a file.
 */
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "detente_lab.h"
#include "report.h"

enum {
    /* Cells that are solved to say what does the work: games of about the cost of a policy each. Whoever
     * has made a study has waited longer. */
    CELLS = 16,
    CELLS_OF_STUDY = 64
};

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* The text of coverage.csv beside the model, or NULL if there is none. */
static dt_status read_coverage(const char *model, const char **text)
{
    const char *path = cli_coverage_of(model);
    FILE *there = fopen(path, "r");
    if (!there || strcmp(model, "-") == 0) {
        if (there)
            fclose(there);
        return DT_OK;
    }
    fclose(there);
    char *bytes;
    size_t length;
    dt_status status = cli_read(path, &bytes, &length);
    if (status == DT_OK)
        *text = cli_print("%.*s", (int)length, bytes);
    return status;
}

/* What the page has beside the model and its solution; as JSON, NULL what it hasn't. */
typedef struct beside {
    cli_told told; /* by a study */
    const char *posterior, *fan;
    const char *coverage, *referee; /* from files */
} beside;

/* Those shown first, with their solutions. */
typedef struct first {
    const size_t *policy;
    size_t policies;
    cli_play *play; /* [policies] */
} first;

static dt_status write_page(const cli_session *session, const first *shown,
                            const dt_answer_from *asked, const beside *beside)
{
    const cli_line *line = session->line;
    const dt_solution **solution = cli_take(shown->policies, sizeof *solution);
    for (size_t p = 0; p < shown->policies; p++)
        solution[p] = shown->play[p].solution;
    dt_page page = {
        .model = session->model,
        .file = strcmp(line->model, "-") == 0 ? "standard input" : base_name(line->model),
        .parameters = session->world,
        .policy = shown->policy,
        .policies = shown->policies,
        .solution = solution,
        .asked = asked,
        .study = beside->told.text,
        .posterior = beside->posterior,
        .fan = beside->fan,
        .coverage = beside->coverage,
        .referee = beside->referee,
    };
    cli_output output;
    dt_status status = cli_output_open(&output, line->output);
    if (status != DT_OK)
        return status;
    status = dt_page_write(&page, &session->options, cli_output_write, &output);
    cli_progress_end();
    dt_status closed = cli_output_close(&output, status <= DT_NO);
    return closed > status ? closed : status;
}

/* Opens what the study holds as if it had been read from the model's file. */
static dt_status open_study(cli_session *session, const cli_line *line, dt_study **study)
{
    *session = (cli_session){.line = line, .options = cli_library_options(line)};
    dt_status status = dt_study_open(line->model, &session->options, study);
    if (status != DT_OK)
        return status;
    const dt_study_data *data = dt_study_read(*study);
    session->model = (dt_model *)data->model; /* read only; the study's */
    session->world = cli_take(data->parameters, sizeof *session->world);
    if (data->parameters)
        memcpy(session->world, data->held, data->parameters * sizeof *session->world);
    session->policy = cli_take(data->policies + line->policy.count, sizeof *session->policy);
    for (size_t i = 0; i < line->policy.count; i++) {
        const int index = dt_model_find(data->model, DT_POLICIES, line->policy.at[i]);
        if (index < 0) {
            cli_error(NULL, "the study's model has no policy '%s'", line->policy.at[i]);
            return DT_INVALID;
        }
        session->policy[session->policies++] = (size_t)index;
    }
    for (size_t p = 0; p < data->policies && line->policy.count == 0; p++)
        session->policy[session->policies++] = data->policy[p];
    if (line->set.count) {
        cli_error(NULL, "a study holds its own numbers: --set doesn't go with it");
        return DT_INVALID;
    }
    if (data->selected) {
        cli_error(NULL, "the study was played on %s, and a page plays by the limit",
                  cli_selection(data->selected));
        return DT_INVALID;
    }
    session->options.beliefs = data->beliefs;
    return DT_OK;
}

/* What a study says, the draws of a fit, and what was observed beside what the worlds at hand say of it. */
static dt_status ask_beside(const cli_session *session, const dt_study_data *data, beside *beside)
{
    const cli_line *line = session->line;
    dt_status status = DT_OK;
    if (data)
        status = cli_study_for_page(data, base_name(line->model), &session->options, cli_jobs(line),
                                    &beside->told);
    if (status == DT_OK && data && data->fitted)
        status = cli_posterior_for_page(data, &session->options, &beside->posterior);
    if (status == DT_OK && line->history.count > 0) {
        const cli_worlds given =
            data ? cli_worlds_of_study(session, data) : cli_worlds_of_session(session);
        status = cli_fan_for_page(&given, &beside->fan);
    }
    return status;
}

/* What is asked about: the study's policies, or those of the command line; and their numbers. */
typedef struct about {
    const size_t *policy;
    size_t policies;
    double *nominal, *chance; /* [policies][outcomes] */
} about;

static about new_about(const cli_session *session, const dt_study_data *data)
{
    about a = {session->policy, session->policies, NULL, NULL};
    if (data) {
        a.policy = data->policy;
        a.policies = data->policies;
    }
    const size_t count = a.policies * dt_model_count(session->model, DT_OUTCOMES);
    a.nominal = cli_take(count, sizeof *a.nominal);
    a.chance = cli_take(count, sizeof *a.chance);
    for (size_t i = 0; i < count; i++)
        a.nominal[i] = a.chance[i] = (double)NAN;
    return a;
}

/* Solves a policy, tells of it if it isn't solved, and notes its outcomes, also those by chance alone, if it is
 * asked about. */
static dt_status solve_one(const cli_session *session, size_t policy, cli_play *play,
                           const about *about)
{
    const size_t outcomes = dt_model_count(session->model, DT_OUTCOMES);
    const dt_status status = cli_play_policy(session, policy, play);
    size_t at = 0;
    if (!play->solution)
        return status;
    const cli_unsolved unsolved = cli_take_down(play->solution);
    cli_tell_unsolved(session, policy, &unsolved);
    while (at < about->policies && about->policy[at] != policy)
        at++;
    if (unsolved.reason || at == about->policies)
        return status;
    dt_options quiet = session->options;
    quiet.report = NULL; /* the page tells which outcome is no number */
    const dt_status told = dt_solution_outcomes_and_chance(
        play->solution, &quiet, about->nominal + at * outcomes, about->chance + at * outcomes);
    return told == DT_LIMIT ? told : status;
}

static bool among(size_t policy, const size_t *list, size_t count)
{
    size_t at = 0;
    while (at < count && list[at] != policy)
        at++;
    return at < count;
}

static dt_answer_from answer_from(const cli_session *session, const about *about,
                                  const dt_study_data *data, const beside *beside)
{
    return (dt_answer_from){
        .model = session->model,
        .policies = about->policies,
        .policy = about->policy,
        .moved = session->line->set.count > 0,
        .nominal = about->nominal,
        .chance = about->chance,
        .comparison = beside->told.comparison,
        .decision = (const dt_decision *const *)beside->told.decision,
        .world = session->world,
        .most_cells = data ? CELLS_OF_STUDY : CELLS,
        .values = data ? data->values : DT_VALUES_AVERAGE,
    };
}

static dt_status worse(dt_status one, dt_status other)
{
    return one > other ? one : other;
}

/* Solves what is asked about but for the policies of a list; only the numbers are kept. */
static dt_status solve_others(const cli_session *session, const about *about, const size_t *but,
                              size_t count)
{
    dt_status status = DT_OK;
    for (size_t p = 0; p < about->policies && status <= DT_NO; p++) {
        cli_play other = {0};
        if (among(about->policy[p], but, count))
            continue;
        status = worse(status, solve_one(session, about->policy[p], &other, about));
        cli_play_free(&other);
    }
    return status;
}

/* Solves what is asked about and what is shown first, which need not be among that; only the solutions of the latter are
 * kept. Where it hangs on the numbers which these are, and there is no study to say so, they are solved twice. */
static dt_status solve_and_write(const cli_session *session, const dt_study_data *data)
{
    beside beside = {0};
    const char *referee = session->line->referee;
    dt_status status = read_coverage(session->line->model, &beside.coverage);
    if (status == DT_OK && referee)
        status = cli_referee_for_page(session->model, referee, &beside.referee);
    if (status == DT_OK)
        status = ask_beside(session, data, &beside);
    const about about = new_about(session, data);
    const dt_answer_from asked = answer_from(session, &about, data, &beside);
    size_t chosen[DT_MOST_SHOWN];
    first shown = {.policy = session->policy, .policies = session->policies};
    const bool choose = session->line->policy.count == 0 && shown.policies > DT_FEW_SHOWN;
    const bool twice = choose && !data;
    if (twice && status <= DT_NO)
        status = worse(status, solve_others(session, &about, NULL, 0));
    if (choose && status <= DT_NO)
        shown = (first){.policy = chosen, .policies = dt_shown_first(&asked, chosen)};
    shown.play = cli_take(shown.policies, sizeof *shown.play);
    for (size_t p = 0; p < shown.policies && status <= DT_NO; p++) {
        const size_t policy = shown.policy[p];
        status = worse(status, twice ? cli_play_policy(session, policy, &shown.play[p])
                                     : solve_one(session, policy, &shown.play[p], &about));
    }
    if (!twice && status <= DT_NO)
        status = worse(status, solve_others(session, &about, shown.policy, shown.policies));
    if (status <= DT_NO)
        status = worse(status, write_page(session, &shown, &asked, &beside));
    for (size_t p = 0; p < shown.policies; p++)
        cli_play_free(&shown.play[p]);
    cli_told_free(&beside.told);
    return status;
}

dt_status cli_run_report(const cli_line *line)
{
    if (!dt_page_available()) {
        cli_error("install clang, lld, wasi-libc, libclang-rt-14-dev-wasm32, nodejs, npm "
                  "and xz-utils ('scripts/setup page'), then 'make'",
                  "this program was built without the page");
        return DT_INVALID;
    }
    if (!line->output && isatty(STDOUT_FILENO)) {
        cli_error("name it with -o PAGE.html", "the page is a file, not for a terminal");
        return DT_INVALID;
    }
    cli_session session;
    dt_study *study = NULL;
    const cli_kind kind = cli_kind_of(line->model);
    const bool is_study = kind == CLI_STUDY || kind == CLI_DATABASE; /* the library says which */
    dt_status status = is_study ? open_study(&session, line, &study) : cli_open(&session, line);
    if (status == DT_OK)
        status = solve_and_write(&session, is_study ? dt_study_read(study) : NULL);
    else if (!is_study)
        return status; /* nothing is held */
    if (is_study)
        dt_study_close(study);
    else
        cli_close(&session);
    cli_progress_end();
    return status;
}
