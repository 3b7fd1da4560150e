/*
 * Writing a study. The file is an SQLite database with a write-ahead log, so that a process killed
 * at any moment leaves all that was committed and nothing by halves; with synchronous = NORMAL a
 * power cut may take back the last commits, but not tear them. The log needs no shared memory, as the
 * file is locked for one process: it works on network folders, and two runs can't meet in one file.
 * When a run ends in order the log is folded into the file.
 *
 * Invariant: a row, once committed, is never changed but for the one that says whether the study is
 * complete; which rows there are follows from the plan, their content from their key.
 */
#include "study/store.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "study/check.h"

struct dt_store {
    dt_database database;
    const dt_plan *plan;
    bool complete, writing; /* writing: a transaction is open */
    size_t found;
    sqlite3_stmt *world, *result, *missing;
    dt_sum sum[2]; /* of the rows written: */
};

enum { WORLDS, RESULTS };

/* ---- a file that is there --------------------------------------------------------------------- */

/* DT_INVALID, every difference told, if the file holds another study than the plan's. */
static dt_status compare(dt_store *store, dt_arena *arena)
{
    dt_fact fact[DT_FACTS];
    const size_t facts = dt_schema_facts(arena, store->plan, fact);
    return dt_schema_compare(&store->database, DT_TABLE_NAME[DT_TABLE_STUDY], fact, facts);
}

/* A query for the rows of a table that aren't the study's. */
static const char *strangers(dt_arena *arena, const dt_plan *plan, const char *table)
{
    dt_text text = {.arena = arena};
    dt_text_print(&text, "SELECT count(*) FROM %s WHERE world NOT BETWEEN 0 AND %zu", table,
                  plan->worlds);
    if (strcmp(table, "results") == 0) {
        dt_text_print(&text, " OR policy NOT IN (''");
        for (size_t i = 0; i < plan->policies; i++)
            dt_text_print(&text, ", '%s'", plan->model->policy[plan->policy[i]].is.name);
        dt_text_print(&text, ")");
    }
    return dt_text_get(&text);
}

/* Which rows there are, and whether they are the study's. */
static dt_status look_at_rows(dt_store *store, dt_arena *arena)
{
    const dt_plan *plan = store->plan;
    dt_database *database = &store->database;
    int64_t strange[2] = {0, 0}, complete = 0;
    bool lost;
    dt_status status =
        dt_check_rows(database, plan->model, plan->vary, plan->varied, store->sum, &lost);
    if (status == DT_OK)
        status = dt_database_number(database, strangers(arena, plan, "worlds"), &strange[0]);
    if (status == DT_OK)
        status = dt_database_number(database, strangers(arena, plan, "results"), &strange[1]);
    if (status == DT_OK)
        status = dt_database_number(
            database, "SELECT count(*) FROM study WHERE key = 'state' AND value = 'complete'",
            &complete);
    if (status == DT_OK && (strange[0] != 0 || strange[1] != 0))
        status = dt_database_damaged(database, "it has rows of worlds or policies not its own");
    const size_t worlds = plan->worlds + 1, found = (size_t)store->sum[RESULTS].rows;
    assert(status != DT_OK || found <= worlds * plan->policies);
    store->found = found;
    store->complete =
        complete && (size_t)store->sum[WORLDS].rows == worlds && found == worlds * plan->policies;
    return status;
}

/* Of a file that will be written: the log, and the statements. */
static dt_status prepare_writing(dt_store *store)
{
    dt_database *database = &store->database;
    if (sqlite3_db_readonly(database->handle, "main") == 1) {
        dt_database_complain(database, NULL, DT_STUDY_FILE, "it may not be written");
        return DT_FILE;
    }
    dt_status status =
        dt_database_do(database, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
    const dt_plan *plan = store->plan;
    const dt_model *model = plan->model;
    if (status == DT_OK)
        status = dt_row_prepare(database, DT_TABLE_WORLDS, 1 + model->params + (int)plan->varied,
                                true, &store->world);
    if (status == DT_OK)
        status = dt_row_prepare(database, DT_TABLE_RESULTS,
                                DT_RESULT_COLUMNS + model->declared_outcomes + 2 * model->actors,
                                false, &store->result);
    if (status == DT_OK)
        status = dt_database_prepare(
            database, "SELECT world, policy FROM results WHERE world >= ? AND world < ?",
            &store->missing);
    return status;
}

/* A run that was killed in its last moment may have left its log, or a journal that SQLite has no use
 * for and takes away with the next one. */
static dt_status tidy(dt_database *database)
{
    dt_status status = dt_database_do(database, "PRAGMA journal_mode = DELETE");
    const char *journal = sqlite3_filename_journal(sqlite3_db_filename(database->handle, "main"));
    if (status != DT_OK || access(journal, F_OK) != 0)
        return status;
    char again[64]; /* writes what stands there, but what is the same in a row isn't written */
    snprintf(again, sizeof again, "PRAGMA user_version = %d", DT_SCHEMA_VERSION);
    return dt_database_do(database, again);
}

dt_status dt_store_open(dt_arena *arena, const char *path, const dt_plan *plan,
                        const dt_options *options, dt_store **opened)
{
    dt_store *store = *opened = dt_new(arena, dt_store, 1);
    store->plan = plan;
    bool new = false;
    dt_status status = dt_database_open(arena, path, true, options, &store->database);
    if (status == DT_OK)
        status = dt_database_is_study(&store->database, plan->design == DT_DESIGN_POSTERIOR, &new);
    if (status == DT_OK && new)
        status = dt_study_create(&store->database, plan);
    if (status == DT_OK && !new)
        status = dt_check_pages(&store->database);
    if (status == DT_OK && !new)
        status = dt_check_facts(&store->database);
    if (status == DT_OK && !new)
        status = compare(store, arena);
    if (status == DT_OK)
        status = look_at_rows(store, arena);
    if (status == DT_OK && !store->complete)
        return prepare_writing(store);
    if (status == DT_OK && sqlite3_db_readonly(store->database.handle, "main") == 0)
        status = tidy(&store->database);
    return status;
}

void dt_store_close(dt_store *store)
{
    if (!store)
        return;
    sqlite3_finalize(store->world);
    sqlite3_finalize(store->result);
    sqlite3_finalize(store->missing);
    store->world = store->result = store->missing = NULL;
    dt_database_close(&store->database);
}

size_t dt_store_found(const dt_store *store)
{
    return store->found;
}

bool dt_store_complete(const dt_store *store)
{
    return store->complete;
}

/* ---- rows ------------------------------------------------------------------------------------- */

static size_t column_of(const dt_plan *plan, const char *policy)
{
    size_t column = 0;
    while (column < plan->policies &&
           strcmp(plan->model->policy[plan->policy[column]].is.name, policy) != 0)
        column++;
    return column;
}

dt_status dt_store_missing(dt_store *store, uint64_t first, size_t count, bool *missing)
{
    const dt_plan *plan = store->plan;
    assert(store->missing && first + count <= plan->worlds + 1);
    memset(missing, true, count * plan->policies);
    if (store->found == 0)
        return DT_OK;
    sqlite3_bind_int64(store->missing, 1, (sqlite3_int64)first);
    sqlite3_bind_int64(store->missing, 2, (sqlite3_int64)(first + count));
    dt_status status;
    bool row;
    while ((status = dt_database_step(&store->database, store->missing, &row)) == DT_OK && row) {
        const uint64_t world = (uint64_t)sqlite3_column_int64(store->missing, 0);
        const size_t column = column_of(plan, (const char *)sqlite3_column_text(store->missing, 1));
        assert(world >= first && world < first + count && column < plan->policies);
        missing[(world - first) * plan->policies + column] = false;
    }
    sqlite3_reset(store->missing);
    return status;
}

static dt_status begin(dt_store *store)
{
    assert(!store->complete);
    if (store->writing)
        return DT_OK;
    store->writing = true;
    return dt_database_do(&store->database, "BEGIN");
}

dt_status dt_store_world(dt_store *store, uint64_t world, const double *share, const double *values)
{
    const dt_plan *plan = store->plan;
    const dt_status status = begin(store);
    if (status != DT_OK)
        return status;
    assert(store->writing && world <= plan->worlds);
    dt_row row = dt_row_start(DT_TABLE_WORLDS, store->world);
    dt_row_integer(&row, (int64_t)world);
    for (int i = 0; i < plan->model->params; i++)
        dt_row_number(&row, values[i]);
    for (size_t i = 0; i < plan->varied; i++)
        dt_row_number(&row, share[i]);
    return dt_row_write(&store->database, &row, &store->sum[WORLDS]);
}

dt_status dt_store_result(dt_store *store, uint64_t world, size_t column, const dt_result *result)
{
    const dt_model *model = store->plan->model;
    const dt_status status = begin(store);
    if (status != DT_OK)
        return status;
    assert(column < store->plan->policies && world <= store->plan->worlds);
    assert(result->status <= DT_INVALID && (result->status == DT_OK) == (*result->code == 0));
    const bool solved = result->status == DT_OK;
    dt_row row = dt_row_start(DT_TABLE_RESULTS, store->result);
    dt_row_integer(&row, (int64_t)world);
    dt_row_text(&row, model->policy[store->plan->policy[column]].is.name);
    dt_row_text(&row, DT_STATUS_WORD[result->status]);
    dt_row_text(&row, solved ? NULL : result->code);
    dt_row_text(&row, solved ? NULL : result->reason);
    dt_row_integer(&row, (int64_t)result->failures);
    dt_row_integer(&row, (int64_t)result->crossed);
    dt_row_integer(&row, (int64_t)result->sweeps);
    dt_row_number(&row, result->residual);
    assert(row.at == DT_RESULT_COLUMNS);
    for (int i = 0; i < model->declared_outcomes + 2 * model->actors; i++)
        dt_row_number(&row, solved ? result->number[i] : (double)NAN);
    return dt_row_write(&store->database, &row, &store->sum[RESULTS]);
}

dt_status dt_store_commit(dt_store *store)
{
    /* SQLite has ended a transaction by itself only after an error, and then nothing is committed */
    assert(store->writing == !sqlite3_get_autocommit(store->database.handle));
    if (!store->writing)
        return DT_OK;
    store->writing = false;
    dt_status status = dt_digest_record(&store->database, DT_TABLE_WORLDS, store->sum[WORLDS]);
    if (status == DT_OK)
        status = dt_digest_record(&store->database, DT_TABLE_RESULTS, store->sum[RESULTS]);
    return status == DT_OK ? dt_database_do(&store->database, "COMMIT") : status;
}

/* The study has all its rows. */
static dt_status say_complete(dt_store *store)
{
    dt_database *database = &store->database;
    sqlite3_stmt *statement = NULL;
    dt_sum one = {0}, all;
    dt_status status = dt_database_do(database, "BEGIN; DELETE FROM study WHERE key = 'state'");
    if (status == DT_OK)
        status = dt_row_prepare(database, DT_TABLE_STUDY, 2, false, &statement);
    if (status == DT_OK) {
        dt_row row = dt_row_start(DT_TABLE_STUDY, statement);
        dt_row_text(&row, "state");
        dt_row_text(&row, "complete");
        status = dt_row_write(database, &row, &one);
    }
    sqlite3_finalize(statement);
    if (status == DT_OK)
        status = dt_check_sum(database, DT_TABLE_STUDY, &all);
    if (status == DT_OK)
        status = dt_digest_record(database, DT_TABLE_STUDY, all);
    return status == DT_OK ? dt_database_do(database, "COMMIT") : status;
}

dt_status dt_store_finish(dt_store *store, bool complete)
{
    dt_status status = dt_store_commit(store);
    assert(status != DT_OK || sqlite3_get_autocommit(store->database.handle));
    if (status == DT_OK && complete)
        status = say_complete(store);
    sqlite3_finalize(store->world);
    sqlite3_finalize(store->result);
    sqlite3_finalize(store->missing);
    store->world = store->result = store->missing = NULL;
    if (status == DT_OK)
        status = dt_database_do(&store->database, "PRAGMA journal_mode = DELETE");
    store->complete = complete;
    return status;
}

/* ---- what failed ------------------------------------------------------------------------------ */

static const char *text_of(dt_arena *arena, sqlite3_stmt *statement, int column)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);
    return text ? dt_copy_text(arena, text, strlen(text)) : "";
}

dt_status dt_store_failures(dt_store *store, dt_arena *arena, const dt_study_failure **failure,
                            size_t *failures, size_t *failed)
{
    dt_list(dt_study_failure) list = {0};
    sqlite3_stmt *statement;
    *failed = 0;
    /* SQLite takes the other columns of the row that has the minimum */
    dt_status status = dt_database_prepare(
        &store->database,
        "SELECT policy, code, count(*), min(world), reason FROM results WHERE status <> 'solved'"
        " GROUP BY policy, code",
        &statement);
    bool row = false;
    while (status == DT_OK) {
        status = dt_database_step(&store->database, statement, &row);
        if (status != DT_OK || !row)
            break;
        const char *policy = text_of(arena, statement, 0);
        const size_t column = column_of(store->plan, policy);
        assert(column < store->plan->policies);
        dt_push(arena, &list,
                (dt_study_failure){.policy = store->plan->policy[column],
                                   .code = text_of(arena, statement, 1),
                                   .worlds = (size_t)sqlite3_column_int64(statement, 2),
                                   .first = (uint64_t)sqlite3_column_int64(statement, 3),
                                   .reason = text_of(arena, statement, 4)});
        *failed += list.at[list.count - 1].worlds;
    }
    sqlite3_finalize(statement);
    *failure = list.at;
    *failures = list.count;
    return status;
}
