/*
 * A new study file: its tables, which study it is, and what its columns mean. All of it is one
 * transaction, so that a file is either empty or a study, whenever the process is killed.
 */
#include <assert.h>
#include <string.h>

#include "study/schema.h"
#include "study/store.h"

typedef struct creation {
    dt_database *database;
    dt_arena *arena;
    const dt_plan *plan;
} creation;

/* Infinities, the ends of no range, become nulls. */
static void bind_finite(sqlite3_stmt *statement, int at, double number)
{
    if (number - number == 0)
        sqlite3_bind_double(statement, at, number);
    else
        sqlite3_bind_null(statement, at);
}

static dt_status write_facts(const creation *c)
{
    sqlite3_stmt *statement;
    dt_fact fact[DT_FACTS];
    dt_schema_facts(c->arena, c->plan, fact);
    dt_status status =
        dt_database_prepare(c->database, "INSERT INTO study VALUES (?, ?)", &statement);
    for (size_t i = 0; i < DT_FACTS && status == DT_OK; i++) {
        dt_database_bind_text(statement, 1, fact[i].key);
        dt_database_bind_text(statement, 2, fact[i].value);
        status = dt_database_insert(c->database, statement);
    }
    if (status == DT_OK) {
        dt_database_bind_text(statement, 1, "state");
        dt_database_bind_text(statement, 2, "running");
        status = dt_database_insert(c->database, statement);
    }
    sqlite3_finalize(statement);
    return status;
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
    dt_status status = dt_database_prepare(
        c->database, "INSERT INTO parameters VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        &statement);
    for (size_t i = 0; i < (size_t)plan->model->params && status == DT_OK; i++) {
        const dt_parameter p = dt_model_parameter(plan->model, i);
        sqlite3_bind_int64(statement, 1, (sqlite3_int64)i + 1);
        dt_database_bind_text(statement, 2, p.name);
        dt_database_bind_text(statement, 3, p.description);
        dt_database_bind_text(statement, 4, kind[p.uncertainty]);
        bind_finite(statement, 5, p.value);
        bind_finite(statement, 6, plan->held[i]);
        bind_finite(statement, 7, p.low);
        bind_finite(statement, 8, p.high);
        dt_database_bind_text(statement, 9, p.distribution);
        dt_database_bind_text(statement, 10, p.source);
        sqlite3_bind_int(statement, 11, varies(plan, i));
        dt_database_bind_text(statement, 12,
                              column_name(c->arena, 'p', plan->model, DT_PARAMETERS, i));
        status = dt_database_insert(c->database, statement);
    }
    sqlite3_finalize(statement);
    return status;
}

static dt_status write_policies(const creation *c)
{
    const dt_model *model = c->plan->model;
    sqlite3_stmt *statement;
    dt_status status =
        dt_database_prepare(c->database, "INSERT INTO policies VALUES (?, ?, ?, ?)", &statement);
    for (size_t i = 0; i < c->plan->policies && status == DT_OK; i++) {
        const dt_policy *policy = &model->policy[c->plan->policy[i]];
        sqlite3_bind_int64(statement, 1, (sqlite3_int64)c->plan->policy[i] + 1);
        dt_database_bind_text(statement, 2, policy->is.name);
        dt_database_bind_text(statement, 3, policy->is.description);
        dt_database_bind_text(
            statement, 4, policy->source == DT_NONE ? "" : model->source_list[policy->source].name);
        status = dt_database_insert(c->database, statement);
    }
    sqlite3_finalize(statement);
    return status;
}

static dt_status write_outcomes(const creation *c)
{
    const dt_model *model = c->plan->model;
    sqlite3_stmt *statement;
    dt_status status =
        dt_database_prepare(c->database, "INSERT INTO outcomes VALUES (?, ?, ?, ?, ?)", &statement);
    for (size_t i = 0; i < (size_t)model->declared_outcomes && status == DT_OK; i++) {
        const int direction = model->outcome[i].direction;
        sqlite3_bind_int64(statement, 1, (sqlite3_int64)i + 1);
        dt_database_bind_text(statement, 2, model->outcome[i].is.name);
        dt_database_bind_text(statement, 3, model->outcome[i].is.description);
        dt_database_bind_text(statement, 4, direction > 0 ? "more" : direction < 0 ? "less" : "");
        dt_database_bind_text(statement, 5, column_name(c->arena, 'o', model, DT_OUTCOMES, i));
        status = dt_database_insert(c->database, statement);
    }
    sqlite3_finalize(statement);
    return status;
}

static dt_status write_actors(const creation *c)
{
    const dt_model *model = c->plan->model;
    sqlite3_stmt *statement;
    dt_status status =
        dt_database_prepare(c->database, "INSERT INTO actors VALUES (?, ?, ?, ?, ?)", &statement);
    for (size_t i = 0; i < (size_t)model->actors && status == DT_OK; i++) {
        sqlite3_bind_int64(statement, 1, (sqlite3_int64)i + 1);
        dt_database_bind_text(statement, 2, model->actor[i].is.name);
        dt_database_bind_text(statement, 3, model->actor[i].is.description);
        dt_database_bind_text(statement, 4, column_name(c->arena, 'v', model, DT_ACTORS, i));
        dt_database_bind_text(statement, 5, column_name(c->arena, 'g', model, DT_ACTORS, i));
        status = dt_database_insert(c->database, statement);
    }
    sqlite3_finalize(statement);
    return status;
}

/* False, and told, if SQLite's tables aren't wide enough for the model. */
static bool fits(const creation *c)
{
    const dt_model *model = c->plan->model;
    const size_t of_worlds = 1 + (size_t)model->params + c->plan->varied;
    const size_t of_results =
        DT_RESULT_COLUMNS + (size_t)model->declared_outcomes + 2 * (size_t)model->actors;
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
    const char *table[DT_TABLES];
    dt_schema_tables(c->arena, c->plan, table);
    dt_text marks = {.arena = c->arena};
    dt_text_print(&marks, "PRAGMA application_id = %d; PRAGMA user_version = %d", DT_APPLICATION_ID,
                  DT_SCHEMA_VERSION);
    dt_status status = dt_database_do(c->database, dt_text_get(&marks));
    for (int i = 0; i < DT_TABLES && status == DT_OK; i++)
        status = dt_database_do(c->database, table[i]);
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
