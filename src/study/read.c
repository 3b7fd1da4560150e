/*
 * Reading a study: the model from the text in the file, then every number into arrays. Nothing in the
 * file is taken on trust: it must be as it was written (check.c), facts must make a plan of that model,
 * columns must be there, numbers must be numbers, worlds and policies must be those of the study.
 */
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "study/check.h"

struct dt_study {
    dt_arena *arena;
    dt_database database;
    sqlite3_stmt *statement; /* in use; here so that it is finalised whatever happens */
    dt_model *model;
    dt_study_data data;
    double *held, *parameter, *share, *nominal, *outcome, *value, *gap, *residual;
    unsigned char *status;
    size_t *vary, *policy;
};

typedef struct request {
    dt_study *study;
    const char *path;
    const dt_options *options;
} request;

/* ---- facts ------------------------------------------------------------------------------------ */

static dt_status damaged(dt_study *study, const char *what)
{
    return dt_database_damaged(&study->database, what);
}

/* Statements are prepared one at a time. */
static dt_status ask(dt_study *study, const char *sql)
{
    sqlite3_finalize(study->statement);
    return dt_database_prepare(&study->database, sql, &study->statement);
}

static dt_status next(dt_study *study, bool *row)
{
    return dt_database_step(&study->database, study->statement, row);
}

/* A fact's text; "" and a status if there is none. */
static dt_status fact(dt_study *study, const char *key, const char **value)
{
    *value = "";
    dt_status status = ask(study, "SELECT value FROM study WHERE key = ?");
    if (status != DT_OK)
        return status;
    sqlite3_bind_text(study->statement, 1, key, -1, SQLITE_STATIC);
    bool row;
    status = next(study, &row);
    if (status != DT_OK)
        return status;
    const char *text = row ? (const char *)sqlite3_column_text(study->statement, 0) : NULL;
    if (!text)
        return damaged(study, "the table 'study' isn't complete");
    *value = dt_copy_text(study->arena, text, strlen(text));
    return DT_OK;
}

static dt_status count_fact(dt_study *study, const char *key, uint64_t most, uint64_t *count)
{
    const char *text;
    const dt_status status = fact(study, key, &text);
    if (status != DT_OK)
        return status;
    char *end;
    errno = 0;
    const unsigned long long n = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || errno || n > most)
        return damaged(study, "a number in the table 'study' is none");
    *count = n;
    return DT_OK;
}

static dt_status size_fact(dt_study *study, const char *key, size_t *count)
{
    uint64_t n = 0;
    const dt_status status = count_fact(study, key, (uint64_t)1 << 31, &n);
    *count = (size_t)n;
    return status;
}

/* The index of the text among `count` words, `count` if it is none of them. */
static dt_status word_fact(dt_study *study, const char *key, const char *(*word)(size_t index),
                           size_t count, size_t *index)
{
    const char *text;
    const dt_status status = fact(study, key, &text);
    if (status != DT_OK)
        return status;
    for (*index = 0; *index < count; ++*index) {
        if (strcmp(word(*index), text) == 0)
            return DT_OK;
    }
    return damaged(study, "the table 'study' has a word that this program doesn't know");
}

static const char *design_word(size_t index)
{
    return dt_design_name((dt_design)index);
}

static const char *values_word(size_t index)
{
    return index == DT_VALUES_SURPLUS ? "surplus" : "average";
}

static dt_status number_fact(dt_study *study, const char *key, double *number)
{
    const char *text;
    const dt_status status = fact(study, key, &text);
    if (status != DT_OK)
        return status;
    char *end;
    *number = strtod(text, &end);
    return *end || end == text ? damaged(study, "a number in the table 'study' is none") : DT_OK;
}

/* Which record a posterior was fitted to, and how well. */
static dt_status read_fit(dt_study *study)
{
    dt_study_data *d = &study->data;
    d->evidence = d->evidence_error = (double)NAN;
    if (d->design != DT_DESIGN_POSTERIOR)
        return DT_OK;
    dt_status status = fact(study, "fitted", &d->fitted);
    if (status == DT_OK)
        status = number_fact(study, "evidence", &d->evidence);
    return status == DT_OK ? number_fact(study, "evidence_error", &d->evidence_error) : status;
}

static dt_status read_facts(dt_study *study)
{
    dt_study_data *d = &study->data;
    size_t design = 0, values = 0, base = 0;
    dt_status status;
    if ((status = fact(study, "hash", &d->hash)) != DT_OK ||
        (status = word_fact(study, "design", design_word, DT_DESIGNS, &design)) != DT_OK ||
        (status = word_fact(study, "values", values_word, 2, &values)) != DT_OK ||
        (status = count_fact(study, "seed", UINT64_MAX, &d->seed)) != DT_OK ||
        (status = size_fact(study, "worlds", &d->worlds)) != DT_OK ||
        (status = size_fact(study, "deep", &d->deep)) != DT_OK ||
        (status = size_fact(study, "risk", &d->risk)) != DT_OK ||
        (status = size_fact(study, "base", &base)) != DT_OK ||
        (status = size_fact(study, "points", &d->points)) != DT_OK)
        return status;
    d->design = (dt_design)design;
    d->values = (dt_values)values;
    d->trajectories = base;
    status = fact(study, "selected", &d->selected);
    if (strcmp(d->selected, DT_NONE_SELECTED) == 0)
        d->selected = NULL;
    return status == DT_OK ? read_fit(study) : status;
}

static dt_status read_model(dt_study *study, const dt_options *options)
{
    const char *text, *name;
    uint64_t beliefs = 0;
    dt_status status = fact(study, "text", &text);
    if (status == DT_OK)
        status = fact(study, "model", &name);
    if (status == DT_OK)
        status = count_fact(study, "beliefs", DT_MAX_FINENESS, &beliefs);
    if (status != DT_OK)
        return status;
    dt_options reading = options ? *options : (dt_options){0};
    study->data.beliefs = reading.beliefs = (int)beliefs;
    if (beliefs % 2 != 0)
        return damaged(study, "a number in the table 'study' is none");
    status = dt_model_parse(study->database.path, text, strlen(text), &reading, &study->model);
    if (status == DT_INVALID)
        return damaged(study, "its model's text isn't one");
    if (status != DT_OK)
        return status;
    study->data.model = study->model;
    study->data.parameters = (size_t)study->model->params;
    study->data.outcomes = (size_t)study->model->declared_outcomes;
    study->data.actors = (size_t)study->model->actors;
    return DT_OK;
}

/* Items of the model that a query names, ascending. */
static dt_status read_items(dt_study *study, const char *sql, dt_kind kind, size_t **item,
                            size_t *count)
{
    const size_t most = dt_model_count(study->model, kind);
    assert(kind == DT_PARAMETERS || kind == DT_POLICIES);
    *item = dt_new(study->arena, size_t, most);
    *count = 0;
    dt_status status = ask(study, sql);
    bool row;
    while (status == DT_OK && (status = next(study, &row)) == DT_OK && row) {
        const char *name = (const char *)sqlite3_column_text(study->statement, 0);
        const int found = name ? dt_model_find(study->model, kind, name) : -1;
        if (found < 0 || (*count && (size_t)found <= (*item)[*count - 1]))
            return damaged(study, "its tables don't fit its model");
        (*item)[(*count)++] = (size_t)found;
    }
    return status;
}

static dt_status read_policies(dt_study *study)
{
    dt_study_data *d = &study->data;
    const dt_status status = read_items(study, "SELECT name FROM policies ORDER BY number",
                                        DT_POLICIES, &study->policy, &d->policies);
    d->policy = study->policy;
    return status == DT_OK && d->policies == 0 ? damaged(study, "its tables don't fit its model")
                                               : status;
}

static dt_status read_parameters(dt_study *study)
{
    dt_study_data *d = &study->data;
    study->held = dt_new(study->arena, double, d->parameters);
    dt_status status =
        read_items(study, "SELECT name FROM parameters WHERE varied = 1 ORDER BY number",
                   DT_PARAMETERS, &study->vary, &d->varied);
    if (status == DT_OK)
        status = ask(study, "SELECT nominal FROM parameters ORDER BY number");
    bool row;
    size_t count = 0;
    while (status == DT_OK && (status = next(study, &row)) == DT_OK && row) {
        if (count == d->parameters || sqlite3_column_type(study->statement, 0) != SQLITE_FLOAT)
            return damaged(study, "its tables don't fit its model");
        study->held[count++] = sqlite3_column_double(study->statement, 0);
    }
    if (status == DT_OK && count != d->parameters)
        return damaged(study, "its tables don't fit its model");
    d->vary = study->vary;
    d->held = study->held;
    return status;
}

/* ---- rows ------------------------------------------------------------------------------------- */

static double *nans(dt_study *study, size_t a, size_t b, size_t c)
{
    double *number = dt_take(study->arena, a * b, c * sizeof *number);
    for (size_t i = 0; i < a * b * c; i++)
        number[i] = (double)NAN;
    return number;
}

/* A number, NaN for a null. False if it is neither. */
static bool read_number(dt_study *study, int column, double *number)
{
    const int type = sqlite3_column_type(study->statement, column);
    *number = type == SQLITE_NULL ? (double)NAN : sqlite3_column_double(study->statement, column);
    return type == SQLITE_NULL || type == SQLITE_FLOAT;
}

/* The row's world of the file, 0 … worlds. False if it is none of the study. */
static bool read_world(dt_study *study, size_t *world)
{
    const int64_t number = sqlite3_column_int64(study->statement, 0);
    *world = (size_t)number;
    return sqlite3_column_type(study->statement, 0) == SQLITE_INTEGER && number >= 0 &&
           (uint64_t)number <= study->data.worlds;
}

static dt_status read_worlds(dt_study *study)
{
    dt_study_data *d = &study->data;
    assert(d->worlds >= 1 && d->varied <= d->parameters);
    study->parameter = nans(study, d->worlds, d->parameters, 1);
    study->share = nans(study, d->worlds, d->varied, 1);
    d->parameter = study->parameter;
    d->share = study->share;
    dt_text sql = {.arena = study->arena};
    dt_text_print(&sql, "SELECT world");
    dt_schema_world_columns(&sql, study->model, d->vary, d->varied, "");
    dt_text_print(&sql, " FROM worlds");
    dt_status status = ask(study, dt_text_get(&sql));
    bool row;
    while (status == DT_OK && (status = next(study, &row)) == DT_OK && row) {
        size_t world;
        bool good = read_world(study, &world);
        if (good && world == DT_NOMINAL_WORLD)
            continue;
        for (size_t i = 0; i < d->parameters && good; i++)
            good = read_number(study, (int)(1 + i),
                               &study->parameter[(world - 1) * d->parameters + i]);
        for (size_t i = 0; i < d->varied && good; i++)
            good = read_number(study, (int)(1 + d->parameters + i),
                               &study->share[(world - 1) * d->varied + i]);
        if (!good)
            return damaged(study, "a row of the table 'worlds' isn't one of the study's");
    }
    return status;
}

/* One row of `results` into its places. */
static bool read_result(dt_study *study)
{
    dt_study_data *d = &study->data;
    size_t world, policy = 0;
    int state = DT_OK;
    const char *name = (const char *)sqlite3_column_text(study->statement, 1);
    const char *word = (const char *)sqlite3_column_text(study->statement, 2);
    if (!read_world(study, &world) || !name || !word)
        return false;
    while (policy < d->policies &&
           strcmp(study->model->policy[d->policy[policy]].is.name, name) != 0)
        policy++;
    while (state <= DT_INVALID && strcmp(DT_STATUS_WORD[state], word) != 0)
        state++;
    if (policy == d->policies || state > DT_INVALID)
        return false;
    assert(world <= d->worlds && study->outcome && study->status);
    d->done += world != DT_NOMINAL_WORLD;
    double number;
    for (size_t i = 0; i < d->outcomes + 2 * d->actors; i++) {
        if (!read_number(study, (int)(4 + i), &number))
            return false;
        const size_t actor = (i - d->outcomes) % d->actors;
        double *place = i < d->outcomes ? study->outcome + (policy * d->outcomes + i) * d->worlds
                        : i < d->outcomes + d->actors
                            ? study->value + (policy * d->actors + actor) * d->worlds
                            : study->gap + (policy * d->actors + actor) * d->worlds;
        if (world != DT_NOMINAL_WORLD)
            place[world - 1] = number;
        else if (i < d->outcomes)
            study->nominal[policy * d->outcomes + i] = number;
    }
    if (world == DT_NOMINAL_WORLD)
        return true;
    study->status[policy * d->worlds + world - 1] = (unsigned char)state;
    return read_number(study, 3, &study->residual[policy * d->worlds + world - 1]);
}

static dt_status read_results(dt_study *study)
{
    dt_study_data *d = &study->data;
    assert(d->policies >= 1 && d->actors >= 1);
    d->nominal = study->nominal = nans(study, d->policies, d->outcomes, 1);
    d->outcome = study->outcome = nans(study, d->policies, d->outcomes, d->worlds);
    d->value = study->value = nans(study, d->policies, d->actors, d->worlds);
    d->gap = study->gap = nans(study, d->policies, d->actors, d->worlds);
    d->residual = study->residual = nans(study, d->policies, d->worlds, 1);
    study->status = dt_take(study->arena, d->policies, d->worlds);
    memset(study->status, DT_NOT_DONE, d->policies * d->worlds);
    d->status = study->status;
    dt_text sql = {.arena = study->arena};
    dt_text_print(&sql, "SELECT world, policy, status, residual");
    dt_schema_result_columns(&sql, study->model, "");
    dt_text_print(&sql, " FROM results");
    dt_status status = ask(study, dt_text_get(&sql));
    bool row;
    while (status == DT_OK && (status = next(study, &row)) == DT_OK && row) {
        if (!read_result(study))
            return damaged(study, "a row of the table 'results' isn't one of the study's");
    }
    return status;
}

/* More worlds than the file has rows would fill the memory with nothing. */
static dt_status check_size(dt_study *study)
{
    int64_t last = 0;
    const dt_status status =
        dt_database_number(&study->database, "SELECT coalesce(max(world), 0) FROM worlds", &last);
    if (status != DT_OK)
        return status;
    const size_t worlds = study->data.worlds;
    if (worlds < 1 || last < 0 || (uint64_t)last > worlds)
        return damaged(study, "it has more rows than the study has worlds");
    if (study->data.deep && study->data.deep * study->data.risk != worlds)
        return damaged(study, "its draws don't multiply to its worlds");
    const dt_study_data *d = &study->data;
    size_t *group = dt_new(study->arena, size_t, d->varied);
    const size_t groups = dt_joint_groups(study->arena, d->model, d->vary, d->varied, group);
    const bool steps = d->design == DT_DESIGN_SHAPLEY || d->design == DT_DESIGN_MORRIS;
    if ((d->design == DT_DESIGN_SALTELLI && d->trajectories * (groups + 2) != worlds) ||
        (steps && d->trajectories * (d->varied + 1) != worlds) ||
        (d->design == DT_DESIGN_ONE_AT_A_TIME && 1 + d->varied * d->points != worlds))
        return damaged(study, "its worlds aren't those of its design");
    return DT_OK;
}

static dt_status check_rows(dt_study *study)
{
    const dt_study_data *d = &study->data;
    dt_sum sum[2];
    const dt_status status =
        dt_check_rows(&study->database, study->model, d->vary, d->varied, sum, NULL);
    return status == DT_OK ? dt_check_complete(&study->database, sum, d->worlds, d->policies)
                           : status;
}

/* ---- all of it -------------------------------------------------------------------------------- */

static dt_status read_all(void *argument)
{
    request *asked = argument;
    dt_study *study = asked->study;
    dt_status status;
    if ((status = dt_database_open(study->arena, asked->path, false, asked->options,
                                   &study->database)) != DT_OK ||
        (status = dt_database_is_study(&study->database, false, NULL)) != DT_OK ||
        /* one moment of a file that is perhaps being written */
        (status = dt_database_do(&study->database, "BEGIN")) != DT_OK ||
        (status = dt_check_pages(&study->database)) != DT_OK ||
        (status = dt_check_facts(&study->database)) != DT_OK ||
        (status = read_facts(study)) != DT_OK ||
        (status = read_model(study, asked->options)) != DT_OK ||
        (status = read_policies(study)) != DT_OK || (status = read_parameters(study)) != DT_OK ||
        (status = check_rows(study)) != DT_OK || (status = check_size(study)) != DT_OK ||
        (status = read_worlds(study)) != DT_OK)
        return status;
    return read_results(study);
}

static void close_file(dt_study *study)
{
    sqlite3_finalize(study->statement);
    study->statement = NULL;
    dt_database_close(&study->database);
}

static dt_status make(void *argument)
{
    request *asked = argument;
    dt_arena *arena = asked->study->arena;
    asked->study = dt_new(arena, dt_study, 1);
    asked->study->arena = arena;
    return DT_OK;
}

dt_status dt_study_open(const char *path, const dt_options *options, dt_study **study)
{
    if (study)
        *study = NULL;
    if (!path || !study)
        return dt_refuse_call(options, "dt_study_open", "no path, or nowhere to put the study");
    *study = NULL;
    dt_study start = {.arena = dt_arena_new(options ? &options->allocator : NULL,
                                            options ? options->max_memory : 0)};
    if (!start.arena) {
        dt_report_limit(options, "the machine has no more memory");
        return DT_LIMIT;
    }
    request asked = {&start, path, options};
    dt_status status = dt_arena_try(start.arena, make, &asked);
    if (status == DT_OK) {
        status = dt_arena_try(start.arena, read_all, &asked);
        close_file(asked.study);
    }
    /* told already unless it was the arena: then its reason stands there */
    if (status == DT_LIMIT && *dt_arena_reason(start.arena))
        dt_report_limit(options, dt_arena_reason(start.arena));
    if (status == DT_OK) {
        *study = asked.study;
        return DT_OK;
    }
    if (asked.study != &start)
        dt_model_free(asked.study->model);
    dt_arena_free(start.arena);
    return status;
}

const dt_study_data *dt_study_read(const dt_study *study)
{
    return study ? &study->data : NULL;
}

void dt_study_close(dt_study *study)
{
    if (!study)
        return;
    assert(!study->database.handle);
    dt_model_free(study->model);
    dt_arena_free(study->arena);
}
