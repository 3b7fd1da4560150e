/*
 * A fit in its file: a table `fit` of keys and values beside those that the study will be. It holds what was
 * asked for, as the facts of the study have it, and the particles at the last temperature, replaced in one
 * transaction when the next is reached: whenever the process is killed, the file has one temperature
 * whole. When all is drawn they stay, so that the same command finds what it found.
 *
 * The particles are one value, in the byte order of the machine: dt_stage_reached, then score, loglik,
 * excess as doubles and root as 32-bit numbers, then the FNV-1a hash of all that.
 */
#include "fit/keep.h"

#include <assert.h>
#include <string.h>

#include "base/hash.h"
#include "study/schema.h"

static const char CREATE[] =
    "CREATE TABLE fit (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID";

/* ---- what was asked --------------------------------------------------------------------------- */

/* Facts that aren't known before all is drawn come last. */
static size_t facts_asked(dt_arena *arena, const dt_plan *plan, dt_fact fact[DT_FACTS])
{
    const size_t count = dt_schema_facts(arena, plan, fact);
    assert(plan->design == DT_DESIGN_POSTERIOR && count == DT_FACTS);
    return count - DT_FACTS_FOUND;
}

static dt_status write_facts(dt_keep *keep, const dt_plan *plan)
{
    dt_database *database = &keep->database;
    dt_fact fact[DT_FACTS];
    const size_t facts = facts_asked(database->arena, plan, fact);
    dt_text start = {.arena = database->arena};
    dt_text_print(&start, "BEGIN; PRAGMA application_id = %d; PRAGMA user_version = %d; %s",
                  DT_APPLICATION_ID, DT_SCHEMA_VERSION, CREATE);
    dt_status status = dt_database_do(database, dt_text_get(&start));
    sqlite3_stmt *statement = NULL;
    if (status == DT_OK)
        status = dt_database_prepare(database, "INSERT INTO fit VALUES (?, ?)", &statement);
    for (size_t i = 0; i < facts && status == DT_OK; i++) {
        dt_database_bind_text(statement, 1, fact[i].key);
        dt_database_bind_text(statement, 2, fact[i].value);
        status = dt_database_insert(database, statement);
    }
    sqlite3_finalize(statement);
    return status == DT_OK ? dt_database_do(database, "COMMIT") : status;
}

/* DT_INVALID, every difference told, if the file holds another fit. */
static dt_status compare(dt_keep *keep, const dt_plan *plan)
{
    dt_fact fact[DT_FACTS];
    const size_t facts = facts_asked(keep->database.arena, plan, fact);
    return dt_schema_compare(&keep->database, "fit", fact, facts);
}

/* ---- the particles ---------------------------------------------------------------------------- */

/* The parts of the value, in their order. */
typedef struct part {
    void *at;
    size_t bytes;
} part;

enum { PARTS = 5 };

static size_t parts_of(const dt_swarm *swarm, part part[PARTS])
{
    const size_t n = swarm->particles;
    const struct part of[PARTS] = {
        {(void *)(uintptr_t)&swarm->at, sizeof swarm->at                            },
        {swarm->score,                  n * swarm->dimensions * sizeof *swarm->score},
        {swarm->loglik,                 n * sizeof *swarm->loglik                   },
        {swarm->excess,                 n * sizeof *swarm->excess                   },
        {swarm->root,                   n * sizeof *swarm->root                     },
    };
    size_t bytes = 0;
    for (int p = 0; p < PARTS; p++) {
        part[p] = of[p];
        bytes += of[p].bytes;
    }
    return bytes;
}

static dt_status read_swarm(dt_keep *keep, dt_swarm *swarm)
{
    dt_database *database = &keep->database;
    part part[PARTS];
    const size_t bytes = parts_of(swarm, part);
    sqlite3_stmt *statement;
    dt_status status =
        dt_database_prepare(database, "SELECT value FROM fit WHERE key = 'particles'", &statement);
    if (status == DT_OK)
        status = dt_database_step(database, statement, &keep->found);
    if (status == DT_OK && keep->found) {
        const unsigned char *value = sqlite3_column_blob(statement, 0);
        uint64_t hash = 0;
        const bool whole =
            value && (size_t)sqlite3_column_bytes(statement, 0) == bytes + sizeof hash;
        if (whole)
            memcpy(&hash, value + bytes, sizeof hash);
        if (!whole || hash != dt_hash_bytes(value, bytes))
            status = dt_database_damaged(database, "its particles aren't as they were written");
        for (int p = 0; p < PARTS && status == DT_OK; value += part[p++].bytes)
            memcpy(part[p].at, value, part[p].bytes);
    }
    sqlite3_finalize(statement);
    return status;
}

dt_status dt_keep_swarm(dt_keep *keep, const dt_swarm *swarm)
{
    dt_database *database = &keep->database;
    part part[PARTS];
    const size_t bytes = parts_of(swarm, part);
    unsigned char *value = keep->value, *at = value;
    for (int p = 0; p < PARTS; at += part[p++].bytes)
        memcpy(at, part[p].at, part[p].bytes);
    const uint64_t hash = dt_hash_bytes(value, bytes);
    memcpy(at, &hash, sizeof hash);
    sqlite3_stmt *statement;
    dt_status status = dt_database_prepare(
        database, "INSERT OR REPLACE INTO fit VALUES ('particles', ?)", &statement);
    if (status == DT_OK) {
        sqlite3_bind_blob64(statement, 1, value, bytes + sizeof hash, SQLITE_STATIC);
        status = dt_database_insert(database, statement);
    }
    sqlite3_finalize(statement);
    return status;
}

/* ---- the file --------------------------------------------------------------------------------- */

dt_status dt_keep_open(dt_arena *arena, const char *path, const dt_plan *plan,
                       const dt_options *options, dt_swarm *swarm, dt_keep *keep)
{
    dt_database *database = &keep->database;
    int64_t tables = 0, fits = 0;
    part part[PARTS];
    *keep = (dt_keep){0};
    keep->value = dt_take(arena, parts_of(swarm, part) + sizeof(uint64_t), 1);
    dt_status status = dt_database_open(arena, path, true, options, database);
    if (status == DT_OK)
        status = dt_database_is_ours(database);
    if (status == DT_OK)
        status = dt_database_number(database, "SELECT count(*) FROM sqlite_schema", &tables);
    if (status == DT_OK)
        status = dt_database_number(
            database, "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'fit'",
            &fits);
    if (status != DT_OK)
        return status;
    if (tables == 0)
        return write_facts(keep, plan);
    if (fits == 0) {
        dt_database_complain(database, "another -o makes a new file", DT_STUDY_DIFFERS,
                             "it was made by 'detente study', not by a fit");
        return DT_INVALID;
    }
    status = compare(keep, plan);
    return status == DT_OK ? read_swarm(keep, swarm) : status;
}

void dt_keep_close(dt_keep *keep)
{
    dt_database_close(&keep->database);
}
