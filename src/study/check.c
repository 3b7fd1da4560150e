/*
 * Checking a study, from the file to the number: SQLite's check finds pages and indices that don't fit
 * together; the statements that made the tables must be the schema's, or a column might have changed its
 * name; each row must have its digest, which finds a changed value, and each table the number and the sum
 * of them, which finds rows that were taken out or put in; a complete study has every world under every
 * policy. What is found is told with its place. Invariant: nothing is changed.
 */
#include "study/check.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

static const char AGAIN[] = "the same 'detente study' command makes what is missing again";

static dt_status missing(dt_database *database, const char *what)
{
    dt_database_complain(database, AGAIN, DT_STUDY_DAMAGED, what);
    return DT_FILE;
}

/* ---- pages ------------------------------------------------------------------------------------ */

dt_status dt_check_pages(dt_database *database)
{
    sqlite3_stmt *statement;
    bool row = false;
    dt_status status = dt_database_prepare(database, "PRAGMA integrity_check(1)", &statement);
    if (status == DT_OK)
        status = dt_database_step(database, statement, &row);
    const char *found = row ? (const char *)sqlite3_column_text(statement, 0) : NULL;
    if (status == DT_OK && (!found || strcmp(found, "ok") != 0)) {
        /* SQLite speaks of the database first, then of the fault */
        const char *last = found ? strrchr(found, '\n') : NULL;
        dt_text text = {.arena = database->arena};
        dt_text_print(&text, "its pages don't fit together: %s",
                      last    ? last + 1
                      : found ? found
                              : "they can't be read");
        status = dt_database_damaged(database, dt_text_get(&text));
    }
    sqlite3_finalize(statement);
    return status;
}

/* ---- tables ----------------------------------------------------------------------------------- */

static dt_status check_statement(dt_database *database, dt_table table, const char *sql)
{
    sqlite3_stmt *statement;
    bool row = false;
    dt_status status = dt_database_prepare(
        database, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND sql = ?", &statement);
    if (status == DT_OK) {
        dt_database_bind_text(statement, 1, sql);
        status = dt_database_step(database, statement, &row);
    }
    sqlite3_finalize(statement);
    if (status != DT_OK || row)
        return status;
    dt_text text = {.arena = database->arena};
    dt_text_print(&text, "the table '%s' isn't there as it was made", DT_TABLE_NAME[table]);
    return dt_database_damaged(database, dt_text_get(&text));
}

/* The key of the row that the statement stands at, "world 3, policy low". */
static void print_key(dt_text *text, dt_table table, sqlite3_stmt *statement)
{
    const int columns = table == DT_TABLE_RESULTS ? 2 : 1;
    for (int i = 0; i < columns; i++) {
        const char *value = (const char *)sqlite3_column_text(statement, i);
        dt_text_print(text, "%s%s %.60s", i ? ", " : "", sqlite3_column_name(statement, i),
                      value ? value : "NULL");
    }
}

dt_status dt_check_sum(dt_database *database, dt_table table, dt_sum *sum)
{
    dt_text select = {.arena = database->arena}, place = {.arena = database->arena};
    dt_text_print(&select, "SELECT * FROM %s", DT_TABLE_NAME[table]);
    sqlite3_stmt *statement;
    dt_status status = dt_database_prepare(database, dt_text_get(&select), &statement);
    int64_t wrong = 0;
    bool row;
    *sum = (dt_sum){0};
    while (status == DT_OK && (status = dt_database_step(database, statement, &row)) == DT_OK &&
           row) {
        const int last = sqlite3_column_count(statement) - 1;
        const uint64_t digest = dt_digest_of(table, statement);
        const bool right = sqlite3_column_type(statement, last) == SQLITE_INTEGER &&
                           (uint64_t)sqlite3_column_int64(statement, last) == digest;
        if (!right && wrong++ == 0)
            print_key(&place, table, statement);
        sum->rows++;
        sum->digest += digest;
    }
    sqlite3_finalize(statement);
    if (status != DT_OK || wrong == 0)
        return status;
    dt_text text = {.arena = database->arena};
    dt_text_print(&text, "of the table '%s' %" PRId64 " of %" PRId64 " rows %s as written, %s%s",
                  DT_TABLE_NAME[table], wrong, sum->rows, wrong == 1 ? "isn't" : "aren't",
                  wrong == 1 ? "" : "the first: ", dt_text_get(&place));
    return dt_database_damaged(database, dt_text_get(&text));
}

/* What the table `digests` says of another. */
static dt_status recorded(dt_database *database, dt_table table, dt_sum *sum)
{
    sqlite3_stmt *statement;
    bool row = false;
    dt_status status = dt_database_prepare(
        database, "SELECT written, digest FROM digests WHERE name = ?", &statement);
    if (status == DT_OK) {
        dt_database_bind_text(statement, 1, DT_TABLE_NAME[table]);
        status = dt_database_step(database, statement, &row);
    }
    if (row)
        *sum = (dt_sum){sqlite3_column_int64(statement, 0),
                        (uint64_t)sqlite3_column_int64(statement, 1)};
    sqlite3_finalize(statement);
    return status == DT_OK && !row
               ? dt_database_damaged(database, "the table 'digests' isn't complete")
               : status;
}

static dt_status check_table(dt_database *database, dt_table table, const char *sql, dt_sum *sum,
                             bool *lost)
{
    dt_sum wanted = {0};
    dt_status status = check_statement(database, table, sql);
    if (status == DT_OK)
        status = dt_check_sum(database, table, sum);
    if (status == DT_OK)
        status = recorded(database, table, &wanted);
    if (status != DT_OK || (sum->rows == wanted.rows && sum->digest == wanted.digest))
        return status;
    dt_text text = {.arena = database->arena};
    if (sum->rows < wanted.rows) {
        if (lost) {
            *lost = true;
            return DT_OK;
        }
        dt_text_print(&text, "of %" PRId64 " rows written into the table '%s' %" PRId64 " are left",
                      wanted.rows, DT_TABLE_NAME[table], sum->rows);
        return table == DT_TABLE_WORLDS || table == DT_TABLE_RESULTS
                   ? missing(database, dt_text_get(&text))
                   : dt_database_damaged(database, dt_text_get(&text));
    }
    dt_text_print(&text, "the rows of the table '%s' aren't those that were written",
                  DT_TABLE_NAME[table]);
    return dt_database_damaged(database, dt_text_get(&text));
}

dt_status dt_check_facts(dt_database *database)
{
    dt_status status =
        check_statement(database, DT_TABLE_DIGESTS, dt_schema_table(DT_TABLE_DIGESTS));
    for (dt_table table = 0; table < DT_TABLE_WORLDS && status == DT_OK; table++) {
        dt_sum sum;
        status = check_table(database, table, dt_schema_table(table), &sum, NULL);
    }
    return status;
}

dt_status dt_check_rows(dt_database *database, const dt_model *model, const size_t *vary,
                        size_t varied, dt_sum sum[2], bool *lost)
{
    if (lost)
        *lost = false;
    const dt_status status =
        check_table(database, DT_TABLE_WORLDS,
                    dt_schema_worlds(database->arena, model, vary, varied), &sum[0], lost);
    return status == DT_OK ? check_table(database, DT_TABLE_RESULTS,
                                         dt_schema_results(database->arena, model), &sum[1], lost)
                           : status;
}

/* ---- completeness ----------------------------------------------------------------------------- */

dt_status dt_check_complete(dt_database *database, const dt_sum sum[2], size_t worlds,
                            size_t policies)
{
    int64_t complete = 0;
    const dt_status status = dt_database_number(
        database, "SELECT count(*) FROM study WHERE key = 'state' AND value = 'complete'",
        &complete);
    const size_t results = (worlds + 1) * policies;
    if (status != DT_OK || !complete ||
        ((size_t)sum[0].rows == worlds + 1 && (size_t)sum[1].rows == results))
        return status;
    dt_text text = {.arena = database->arena};
    dt_text_print(&text,
                  "it calls itself complete, and has %" PRId64 " of %zu worlds and %" PRId64
                  " of %zu results",
                  sum[0].rows, worlds + 1, sum[1].rows, results);
    return missing(database, dt_text_get(&text));
}
