/*
 * A new study file: its tables, which study it is, and what its columns mean. All of it is one
 * transaction, so that a file is either empty or a study, whenever the process is killed.
 */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "study/digest.h"
#include "study/store.h"

typedef struct creation {
    dt_database *database;
    dt_arena *arena;
    const dt_plan *plan;
} creation;

/* The end of a range, null if there is none. */
static double end_of_range(double number)
{
    return isfinite(number) ? number : (double)NAN;
}

/* The rows of a table are all there: what they sum to is, too. */
static dt_status finish(const creation *c, dt_table table, sqlite3_stmt *statement, dt_sum sum,
                        dt_status status)
{
    sqlite3_finalize(statement);
    return status == DT_OK ? dt_digest_record(c->database, table, sum) : status;
}

static dt_status write_fact(const creation *c, sqlite3_stmt *statement, const char *key,
                            const char *value, dt_sum *sum)
{
    dt_row row = dt_row_start(DT_TABLE_STUDY, statement);
    dt_row_text(&row, key);
    dt_row_text(&row, value);
    return dt_row_write(c->database, &row, sum);
}

static dt_status write_facts(const creation *c)
{
    sqlite3_stmt *statement;
    dt_fact fact[DT_FACTS];
    dt_sum sum = {0};
    dt_schema_facts(c->arena, c->plan, fact);
    dt_status status = dt_row_prepare(c->database, DT_TABLE_STUDY, 2, false, &statement);
    for (size_t i = 0; i < DT_FACTS && status == DT_OK; i++)
        status = write_fact(c, statement, fact[i].key, fact[i].value, &sum);
    if (status == DT_OK)
        status = write_fact(c, statement, "state", "running", &sum);
    return finish(c, DT_TABLE_STUDY, statement, sum, status);
}

static const char *column_name(dt_arena *arena, char letter, const dt_model *model, dt_kind kind,
                               size_t item)
{
    dt_text text = {.arena = arena};
    dt_schema_column(&text, letter, model, kind, item);
    const char *quoted = dt_text_get(&text);
    assert(quoted[0] == '"' && quoted[strlen(quoted) - 1] == '"');
    return dt_copy_text(arena, quoted + 1, strlen(quoted) - 2);
}

static bool varies(const dt_plan *plan, size_t param)
{
    for (size_t i = 0; i < plan->varied; i++) {
        if (plan->vary[i] == param)
            return true;
    }
    return false;
}

static dt_status write_parameters(const creation *c)
{
    static const char *const kind[] = {
        [DT_FIXED] = "fixed", [DT_DEEP] = "deep", [DT_RISK] = "risk"};
    const dt_plan *plan = c->plan;
    sqlite3_stmt *statement;
    dt_sum sum = {0};
    dt_status status = dt_row_prepare(c->database, DT_TABLE_PARAMETERS, 12, false, &statement);
    for (size_t i = 0; i < (size_t)plan->model->params && status == DT_OK; i++) {
        const dt_parameter p = dt_model_parameter(plan->model, i);
        dt_row row = dt_row_start(DT_TABLE_PARAMETERS, statement);
        dt_row_integer(&row, (int64_t)i + 1);
        dt_row_text(&row, p.name);
        dt_row_text(&row, p.description);
        dt_row_text(&row, kind[p.uncertainty]);
        dt_row_number(&row, p.value);
        dt_row_number(&row, plan->held[i]);
        dt_row_number(&row, end_of_range(p.low));
        dt_row_number(&row, end_of_range(p.high));
        dt_row_text(&row, p.distribution);
        dt_row_text(&row, p.source);
        dt_row_integer(&row, varies(plan, i));
        dt_row_text(&row, column_name(c->arena, 'p', plan->model, DT_PARAMETERS, i));
        status = dt_row_write(c->database, &row, &sum);
    }
    return finish(c, DT_TABLE_PARAMETERS, statement, sum, status);
}

static dt_status write_policies(const creation *c)
{
    const dt_model *model = c->plan->model;
    sqlite3_stmt *statement;
    dt_sum sum = {0};
    dt_status status = dt_row_prepare(c->database, DT_TABLE_POLICIES, 4, false, &statement);
    for (size_t i = 0; i < c->plan->policies && status == DT_OK; i++) {
        const dt_policy *policy = &model->policy[c->plan->policy[i]];
        dt_row row = dt_row_start(DT_TABLE_POLICIES, statement);
        dt_row_integer(&row, (int64_t)c->plan->policy[i] + 1);
        dt_row_text(&row, policy->is.name);
        dt_row_text(&row, policy->is.description);
        dt_row_text(&row, policy->source == DT_NONE ? "" : model->source_list[policy->source].name);
        status = dt_row_write(c->database, &row, &sum);
    }
    return finish(c, DT_TABLE_POLICIES, statement, sum, status);
}

static dt_status write_outcomes(const creation *c)
{
    const dt_model *model = c->plan->model;
    sqlite3_stmt *statement;
    dt_sum sum = {0};
    dt_status status = dt_row_prepare(c->database, DT_TABLE_OUTCOMES, 5, false, &statement);
    for (size_t i = 0; i < (size_t)model->declared_outcomes && status == DT_OK; i++) {
        const int direction = model->outcome[i].direction;
        dt_row row = dt_row_start(DT_TABLE_OUTCOMES, statement);
        dt_row_integer(&row, (int64_t)i + 1);
        dt_row_text(&row, model->outcome[i].is.name);
        dt_row_text(&row, model->outcome[i].is.description);
        dt_row_text(&row, direction > 0 ? "more" : direction < 0 ? "less" : "");
        dt_row_text(&row, column_name(c->arena, 'o', model, DT_OUTCOMES, i));
        status = dt_row_write(c->database, &row, &sum);
    }
    return finish(c, DT_TABLE_OUTCOMES, statement, sum, status);
}

static dt_status write_actors(const creation *c)
{
    const dt_model *model = c->plan->model;
    sqlite3_stmt *statement;
    dt_sum sum = {0};
    dt_status status = dt_row_prepare(c->database, DT_TABLE_ACTORS, 5, false, &statement);
    for (size_t i = 0; i < (size_t)model->actors && status == DT_OK; i++) {
        dt_row row = dt_row_start(DT_TABLE_ACTORS, statement);
        dt_row_integer(&row, (int64_t)i + 1);
        dt_row_text(&row, model->actor[i].is.name);
        dt_row_text(&row, model->actor[i].is.description);
        dt_row_text(&row, column_name(c->arena, 'v', model, DT_ACTORS, i));
        dt_row_text(&row, column_name(c->arena, 'g', model, DT_ACTORS, i));
        status = dt_row_write(c->database, &row, &sum);
    }
    return finish(c, DT_TABLE_ACTORS, statement, sum, status);
}

/* False, and told, if SQLite's tables aren't wide enough for the model. */
static bool fits(const creation *c)
{
    const dt_model *model = c->plan->model;
    const size_t of_worlds = 1 + (size_t)model->params + c->plan->varied + 1;
    const size_t of_results =
        DT_RESULT_COLUMNS + 1 + (size_t)model->declared_outcomes + 2 * (size_t)model->actors;
    const size_t needed = of_worlds > of_results ? of_worlds : of_results;
    const int room = sqlite3_limit(c->database->handle, SQLITE_LIMIT_COLUMN, -1);
    if (needed <= (size_t)room)
        return true;
    dt_diagnostics *told = dt_diagnostics_new(c->database->arena, c->database->options, NULL);
    dt_complain_more(told, DT_STUDY_COLUMNS, (dt_place){0, 0},
                     "let fewer parameters vary: each takes a second column", NULL, needed, room);
    dt_diagnostics_flush(told);
    return false;
}

static dt_status create_tables(const creation *c)
{
    dt_text marks = {.arena = c->arena};
    dt_text_print(&marks, "PRAGMA application_id = %d; PRAGMA user_version = %d", DT_APPLICATION_ID,
                  DT_SCHEMA_VERSION);
    dt_status status = dt_database_do(c->database, dt_text_get(&marks));
    for (dt_table table = 0; table < DT_TABLES && status == DT_OK; table++) {
        const char *sql =
            table == DT_TABLE_WORLDS
                ? dt_schema_worlds(c->arena, c->plan->model, c->plan->vary, c->plan->varied)
            : table == DT_TABLE_RESULTS ? dt_schema_results(c->arena, c->plan->model)
                                        : dt_schema_table(table);
        status = dt_database_do(c->database, sql);
    }
    for (dt_table table = DT_TABLE_WORLDS; table < DT_TABLE_DIGESTS && status == DT_OK; table++)
        status = dt_digest_record(c->database, table, (dt_sum){0}); /* as yet */
    return status;
}

dt_status dt_study_create(dt_database *database, const dt_plan *plan)
{
    const creation making = {database, database->arena, plan}, *c = &making;
    assert(plan->policies >= 1 && plan->varied >= 1);
    if (!fits(c))
        return DT_LIMIT;
    /* a world of a hundred parameters fills half a page of the usual 4096 bytes, and wastes the rest */
    dt_status status = dt_database_do(c->database, "PRAGMA page_size = 8192;"
                                                   "PRAGMA journal_mode = WAL; BEGIN");
    if (status == DT_OK)
        status = create_tables(c);
    if (status == DT_OK)
        status = write_facts(c);
    if (status == DT_OK)
        status = write_parameters(c);
    if (status == DT_OK)
        status = write_policies(c);
    if (status == DT_OK)
        status = write_outcomes(c);
    if (status == DT_OK)
        status = write_actors(c);
    return status == DT_OK ? dt_database_do(c->database, "COMMIT") : status;
}
