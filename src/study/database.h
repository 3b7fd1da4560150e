/*
 * An SQLite database as the store and the reader need it: whatever goes wrong becomes a status and
 * one diagnostic that names the file.
 */
#ifndef DT_STUDY_DATABASE_H
#define DT_STUDY_DATABASE_H

#include <sqlite3.h>

#include "base/diagnostic.h"

typedef struct dt_database {
    sqlite3 *handle;
    const char *path; /* as given, for messages */
    dt_arena *arena;
    const dt_options *options;
} dt_database;

/* Opens the file for reading, or for writing, in which case it is created if need be and nobody else
 * may use it until it is closed. To be closed whatever the status. */
dt_status dt_database_open(dt_arena *arena, const char *path, bool write, const dt_options *options,
                           dt_database *database);
/* Also when an arena's end left statements behind. */
void dt_database_close(dt_database *database);

/* DT_OK if the file is a study of this schema; with `new` not NULL also if it is empty, or with `fits` a fit
 * whose study isn't begun, and says so. */
dt_status dt_database_is_study(dt_database *database, bool fits, bool *new);

/* DT_OK if the file is empty, or of this program and this schema: a study, or a fit that is to become one. */
dt_status dt_database_is_ours(dt_database *database);

/* Tells what the last call of SQLite came to, `code`, as DT_FILE or DT_LIMIT. */
dt_status dt_database_failed(dt_database *database, int code);
/* Tells that the file is damaged. */
dt_status dt_database_damaged(dt_database *database, const char *what);
/* Any other message: the arguments follow the path in the format of `code`. */
#define dt_database_complain(database, hint, code, ...)                                            \
    do {                                                                                           \
        dt_diagnostics *told = dt_diagnostics_new((database)->arena, (database)->options, NULL);   \
        dt_complain_more(told, code, (dt_place){0, 0}, hint, NULL, (database)->path, __VA_ARGS__); \
        dt_diagnostics_flush(told);                                                                \
    } while (0)

/* Runs statements that give no rows. */
dt_status dt_database_do(dt_database *database, const char *sql);
/* Prepares a statement; *statement is NULL on failure. */
dt_status dt_database_prepare(dt_database *database, const char *sql, sqlite3_stmt **statement);
/* The next row: *row says whether there is one. */
dt_status dt_database_step(dt_database *database, sqlite3_stmt *statement, bool *row);
/* Carries out a statement that gives no rows, and makes it ready for the next time. */
dt_status dt_database_insert(dt_database *database, sqlite3_stmt *statement);
/* Binds a text that lives as long as the statement needs it, or a null for NULL. */
void dt_database_bind_text(sqlite3_stmt *statement, int at, const char *text);
/* The whole number that a query gives. */
dt_status dt_database_number(dt_database *database, const char *sql, int64_t *number);

#endif
