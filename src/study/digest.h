/*
 * Digests: by which a study's rows are known to be as they were written. docs/study.md says how they are
 * computed, for those who check them with other programs.
 */
#ifndef DT_STUDY_DIGEST_H
#define DT_STUDY_DIGEST_H

#include "study/database.h"
#include "study/schema.h"

/* The rows of a table: how many, and the sum of their digests modulo 2^64, which is the same in whatever
 * order they were written. */
typedef struct dt_sum {
    int64_t rows;
    uint64_t digest;
} dt_sum;

/* A row on its way into a table, bound to its statement column after column. */
typedef struct dt_row {
    sqlite3_stmt *statement;
    int at; /* columns bound */
    uint64_t digest;
} dt_row;

/* Prepares the statement that writes rows of `columns` columns and their digest; with `again` a row whose
 * key is there already is left as it is. */
dt_status dt_row_prepare(dt_database *database, dt_table table, int columns, bool again,
                         sqlite3_stmt **statement);

dt_row dt_row_start(dt_table table, sqlite3_stmt *statement);
void dt_row_integer(dt_row *row, int64_t number);
/* NaN becomes NULL, -0 becomes 0, as they do in SQLite. */
void dt_row_number(dt_row *row, double number);
/* The text lives until the row is written; NULL is one. */
void dt_row_text(dt_row *row, const char *text);
/* Writes the row with its digest, and counts it unless it was there. */
dt_status dt_row_write(dt_database *database, dt_row *row, dt_sum *sum);

/* The digest of the row that a SELECT * of a table stands at, from its columns but the last; in the last
 * it says itself what that is. */
uint64_t dt_digest_of(dt_table table, sqlite3_stmt *statement);

/* Makes the table `digests` say what the rows of another sum to. */
dt_status dt_digest_record(dt_database *database, dt_table table, dt_sum sum);

#endif
