/*
 * SQLite, and what can go wrong with a file: it isn't a database, or one of another program; it was
 * cut short; another process holds it; the disk is full or may not be written. SQLite's result codes
 * become statuses here and nowhere else. Invariant: every failure is told exactly once.
 */
#include "study/database.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "study/schema.h"

dt_status dt_database_failed(dt_database *database, int code)
{
    const int kind = code & 0xff;
    assert(kind != SQLITE_OK && kind != SQLITE_ROW && kind != SQLITE_DONE);
    char reason[200];
    switch (kind) {
    case SQLITE_NOMEM:
        dt_report_limit(database->options, "the machine has no more memory");
        return DT_LIMIT;
    case SQLITE_NOTADB:
        dt_database_complain(database, NULL, DT_NOT_A_STUDY, "it is no SQLite database");
        return DT_FILE;
    case SQLITE_CORRUPT:
        return dt_database_damaged(database, "parts of it are missing or overwritten");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        dt_database_complain(database, "wait until it is done, or end it", DT_STUDY_FILE,
                             "another program is using it");
        return DT_FILE;
    default:
        break;
    }
    const int error = database->handle ? sqlite3_system_errno(database->handle) : 0;
    const char *text = database->handle ? sqlite3_errmsg(database->handle) : sqlite3_errstr(code);
    if (error != 0 && (kind == SQLITE_IOERR || kind == SQLITE_CANTOPEN || kind == SQLITE_FULL))
        text = dt_file_reason(error, reason, sizeof reason);
    dt_database_complain(database, NULL, DT_STUDY_FILE, text);
    return DT_FILE;
}

dt_status dt_database_damaged(dt_database *database, const char *what)
{
    dt_database_complain(database, "what other programs can save of it: sqlite3 FILE .recover",
                         DT_STUDY_DAMAGED, what);
    return DT_FILE;
}

dt_status dt_database_open(dt_arena *arena, const char *path, bool write, const dt_options *options,
                           dt_database *database)
{
    *database = (dt_database){.path = path, .arena = arena, .options = options};
    /* "" and ":memory:" mean something to SQLite; "./" and "./:memory:" don't */
    dt_text name = {.arena = arena};
    dt_text_print(&name, "%s%s", *path == '/' ? "" : "./", path);
    const int flags = write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
    const int code = sqlite3_open_v2(dt_text_get(&name), &database->handle, flags, NULL);
    if (code != SQLITE_OK)
        return dt_database_failed(database, code);
    sqlite3_extended_result_codes(database->handle, 1);
    /* a text made to do harm must not get SQLite to do more than read tables */
    sqlite3_db_config(database->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(database->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    /* "a column that isn't there" is an error, not a text */
    sqlite3_db_config(database->handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    return write ? dt_database_do(database, "PRAGMA locking_mode = EXCLUSIVE") : DT_OK;
}

void dt_database_close(dt_database *database)
{
    if (!database->handle)
        return;
    for (sqlite3_stmt *left; (left = sqlite3_next_stmt(database->handle, NULL)) != NULL;)
        sqlite3_finalize(left);
    const int code = sqlite3_close(database->handle);
    assert(code == SQLITE_OK && "nothing is in use any more");
    (void)code;
    database->handle = NULL;
}

dt_status dt_database_prepare(dt_database *database, const char *sql, sqlite3_stmt **statement)
{
    *statement = NULL;
    const int code = sqlite3_prepare_v2(database->handle, sql, -1, statement, NULL);
    /* a table or column that isn't there is an error of the statement */
    if (code == SQLITE_ERROR)
        return dt_database_damaged(database, sqlite3_errmsg(database->handle));
    return code == SQLITE_OK ? DT_OK : dt_database_failed(database, code);
}

dt_status dt_database_step(dt_database *database, sqlite3_stmt *statement, bool *row)
{
    const int code = sqlite3_step(statement);
    *row = code == SQLITE_ROW;
    return code == SQLITE_ROW || code == SQLITE_DONE ? DT_OK : dt_database_failed(database, code);
}

dt_status dt_database_insert(dt_database *database, sqlite3_stmt *statement)
{
    bool row;
    const dt_status status = dt_database_step(database, statement, &row);
    assert(!row && "an insertion gives no rows");
    sqlite3_reset(statement);
    return status;
}

void dt_database_bind_text(sqlite3_stmt *statement, int at, const char *text)
{
    assert(at >= 1 && at <= sqlite3_bind_parameter_count(statement));
    sqlite3_bind_text(statement, at, text, -1, SQLITE_STATIC);
}

dt_status dt_database_do(dt_database *database, const char *sql)
{
    const int code = sqlite3_exec(database->handle, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? DT_OK : dt_database_failed(database, code);
}

dt_status dt_database_number(dt_database *database, const char *sql, int64_t *number)
{
    sqlite3_stmt *statement;
    bool row = false;
    dt_status status = dt_database_prepare(database, sql, &statement);
    if (status == DT_OK)
        status = dt_database_step(database, statement, &row);
    if (row)
        *number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return status == DT_OK && !row ? dt_database_damaged(database, "a number is missing") : status;
}

/* Whether a table is there. */
static dt_status has_table(dt_database *database, const char *name, bool *has)
{
    sqlite3_stmt *statement;
    dt_status status = dt_database_prepare(
        database, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", &statement);
    if (status == DT_OK) {
        dt_database_bind_text(statement, 1, name);
        status = dt_database_step(database, statement, has);
    }
    sqlite3_finalize(statement);
    return status;
}

/* What the header of the file and its schema say. */
static dt_status look(dt_database *database, bool *empty)
{
    int64_t application = 0, version = 0, tables = 0;
    dt_status status = dt_database_number(database, "PRAGMA application_id", &application);
    if (status == DT_OK)
        status = dt_database_number(database, "PRAGMA user_version", &version);
    if (status == DT_OK)
        status = dt_database_number(database, "SELECT count(*) FROM sqlite_schema", &tables);
    if (status != DT_OK)
        return status;
    *empty = application == 0 && version == 0 && tables == 0;
    if (*empty)
        return DT_OK;
    if (application != DT_APPLICATION_ID) {
        dt_database_complain(database, NULL, DT_NOT_A_STUDY, "it is another program's database");
        return DT_FILE;
    }
    if (version != DT_SCHEMA_VERSION) {
        dt_database_complain(
            database,
            "the same 'detente study' command with another -o makes it anew, or the "
            "version of detente that wrote it reads it",
            DT_STUDY_SCHEMA, (long long)version, (int)DT_SCHEMA_VERSION);
        return DT_FILE;
    }
    return DT_OK;
}

dt_status dt_database_is_ours(dt_database *database)
{
    bool empty;
    return look(database, &empty);
}

dt_status dt_database_is_study(dt_database *database, bool fits, bool *new)
{
    bool empty = false, fit = false, study = false;
    dt_status status = look(database, &empty);
    if (status == DT_OK && !empty)
        status = has_table(database, "fit", &fit);
    if (status == DT_OK && fit)
        status = has_table(database, "study", &study);
    if (status != DT_OK)
        return status;
    const bool drawn = fit && !study; /* or being drawn: the study begins when that is done */
    if (new)
        *new = empty || (drawn && fits);
    if (new &&*new)
        return DT_OK;
    if (empty || drawn) {
        dt_database_complain(
            database, empty ? NULL : "the same 'detente fit' command goes on with it",
            DT_NOT_A_STUDY, empty ? "it is empty" : "it is a fit that isn't finished");
        return DT_FILE;
    }
    return DT_OK;
}
