/*
 * Digests of rows. A row's is the FNV-1a hash, of 64 bits, of its table's name and its values: each a letter
 * for its type and its bytes, a text's after their number, numbers least byte first. The hash is a
 * chain of bijections: whatever is changed within one byte changes it, and anything else but for one
 * chance in 2^64. It stands in the row's last column; the table `digests` has, of each table, the number of
 * its rows and the sum of their digests. Neither is a seal: who means to deceive computes them anew.
 *
 * Invariant: rows and what they sum to are written in one transaction.
 */
#include "study/digest.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static uint64_t absorb(uint64_t digest, const void *bytes, size_t count)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < count; i++)
        digest = (digest ^ at[i]) * 0x100000001b3ULL;
    return digest;
}

static uint64_t absorb_word(uint64_t digest, char type, uint64_t word)
{
    unsigned char bytes[9] = {(unsigned char)type};
    for (int i = 0; i < 8; i++)
        bytes[1 + i] = (unsigned char)(word >> 8 * i);
    return absorb(digest, bytes, sizeof bytes);
}

static uint64_t absorb_null(uint64_t digest)
{
    return absorb(digest, "N", 1);
}

static uint64_t absorb_integer(uint64_t digest, int64_t number)
{
    return absorb_word(digest, 'I', (uint64_t)number);
}

static uint64_t absorb_number(uint64_t digest, double number)
{
    uint64_t word;
    number += 0.0; /* -0 becomes 0 */
    memcpy(&word, &number, sizeof word);
    return absorb_word(digest, 'R', word);
}

/* A text, or what a hand other than ours put there: a blob. */
static uint64_t absorb_bytes(uint64_t digest, char type, const void *bytes, size_t count)
{
    return absorb(absorb_word(digest, type, count), bytes, count);
}

static uint64_t digest_start(dt_table table)
{
    const char *name = DT_TABLE_NAME[table];
    assert(table < DT_TABLE_DIGESTS);
    return absorb_bytes(0xcbf29ce484222325ULL, 'T', name, strlen(name));
}

/* ---- writing ---------------------------------------------------------------------------------- */

dt_status dt_row_prepare(dt_database *database, dt_table table, int columns, bool again,
                         sqlite3_stmt **statement)
{
    dt_text text = {.arena = database->arena};
    assert(columns >= 1);
    dt_text_print(&text, "INSERT %sINTO %s VALUES (", again ? "OR IGNORE " : "",
                  DT_TABLE_NAME[table]);
    for (int i = 0; i < columns; i++)
        dt_text_print(&text, "?, ");
    dt_text_print(&text, "?)");
    return dt_database_prepare(database, dt_text_get(&text), statement);
}

dt_row dt_row_start(dt_table table, sqlite3_stmt *statement)
{
    assert(statement);
    return (dt_row){.statement = statement, .digest = digest_start(table)};
}

void dt_row_integer(dt_row *row, int64_t number)
{
    sqlite3_bind_int64(row->statement, ++row->at, number);
    row->digest = absorb_integer(row->digest, number);
}

void dt_row_number(dt_row *row, double number)
{
    sqlite3_bind_double(row->statement, ++row->at, number); /* NaN becomes NULL */
    row->digest = isnan(number) ? absorb_null(row->digest) : absorb_number(row->digest, number);
}

void dt_row_text(dt_row *row, const char *text)
{
    dt_database_bind_text(row->statement, ++row->at, text);
    row->digest =
        text ? absorb_bytes(row->digest, 'T', text, strlen(text)) : absorb_null(row->digest);
}

dt_status dt_row_write(dt_database *database, dt_row *row, dt_sum *sum)
{
    sqlite3_bind_int64(row->statement, ++row->at, (sqlite3_int64)row->digest);
    assert(row->at == sqlite3_bind_parameter_count(row->statement));
    const dt_status status = dt_database_insert(database, row->statement);
    if (status == DT_OK && sqlite3_changes(database->handle) == 1) {
        sum->rows++;
        sum->digest += row->digest;
    }
    return status;
}

dt_status dt_digest_record(dt_database *database, dt_table table, dt_sum sum)
{
    sqlite3_stmt *statement;
    dt_status status = dt_database_prepare(
        database, "INSERT OR REPLACE INTO digests VALUES (?, ?, ?)", &statement);
    if (status != DT_OK)
        return status;
    assert(!sqlite3_get_autocommit(database->handle) && "one transaction with the rows");
    dt_database_bind_text(statement, 1, DT_TABLE_NAME[table]);
    sqlite3_bind_int64(statement, 2, sum.rows);
    sqlite3_bind_int64(statement, 3, (sqlite3_int64)sum.digest);
    status = dt_database_insert(database, statement);
    sqlite3_finalize(statement);
    return status;
}

/* ---- reading ---------------------------------------------------------------------------------- */

uint64_t dt_digest_of(dt_table table, sqlite3_stmt *statement)
{
    uint64_t digest = digest_start(table);
    for (int i = 0; i + 1 < sqlite3_column_count(statement); i++) {
        switch (sqlite3_column_type(statement, i)) {
        case SQLITE_NULL:
            digest = absorb_null(digest);
            break;
        case SQLITE_INTEGER:
            digest = absorb_integer(digest, sqlite3_column_int64(statement, i));
            break;
        case SQLITE_FLOAT:
            digest = absorb_number(digest, sqlite3_column_double(statement, i));
            break;
        default: {
            const bool text = sqlite3_column_type(statement, i) == SQLITE_TEXT;
            const void *bytes = text ? (const void *)sqlite3_column_text(statement, i)
                                     : sqlite3_column_blob(statement, i);
            digest = absorb_bytes(digest, text ? 'T' : 'B', bytes,
                                  (size_t)sqlite3_column_bytes(statement, i));
        }
        }
    }
    return digest;
}
