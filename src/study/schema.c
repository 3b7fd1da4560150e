/*
 * The tables of a study file as text of SQL, and the facts that say which study it is. Everything in
 * it follows from the plan: there is no time, no path and no machine in the file, so that the same
 * study is the same file's content wherever and however often it was made.
 */
#include "study/schema.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "study/random.h"

const char *const DT_STATUS_WORD[3] = {
    [DT_OK] = "solved", [DT_NO] = "unsolved", [DT_INVALID] = "wrong"};

const char *const DT_TABLE_NAME[DT_TABLES] = {
    [DT_TABLE_STUDY] = "study",       [DT_TABLE_PARAMETERS] = "parameters",
    [DT_TABLE_POLICIES] = "policies", [DT_TABLE_OUTCOMES] = "outcomes",
    [DT_TABLE_ACTORS] = "actors",     [DT_TABLE_WORLDS] = "worlds",
    [DT_TABLE_RESULTS] = "results",   [DT_TABLE_DIGESTS] = "digests"};

/* ---- facts ------------------------------------------------------------------------------------ */

const char *dt_schema_hash(dt_arena *arena, const dt_source *source)
{
    dt_text text = {.arena = arena};
    const char *copy = dt_copy_text(arena, source->text, source->length);
    dt_text_print(&text, "%016" PRIx64, dt_identity(copy));
    return dt_text_get(&text);
}

static const char *count_text(dt_arena *arena, uint64_t count)
{
    dt_text text = {.arena = arena};
    dt_text_print(&text, "%" PRIu64, count);
    return dt_text_get(&text);
}

static const char *number_text(dt_arena *arena, double number)
{
    char text[32];
    dt_print_number(text, number);
    return dt_copy_text(arena, text, strlen(text));
}

static const char *names(dt_arena *arena, const dt_model *model, dt_kind kind, const size_t *item,
                         size_t items)
{
    dt_text text = {.arena = arena};
    for (size_t i = 0; i < items; i++)
        dt_text_print(&text, "%s%s", i ? ", " : "", dt_model_item(model, kind, item[i]));
    return dt_text_get(&text);
}

/* "a=1, b=0.5": the parameters whose nominal number isn't the declared one. */
static const char *held(dt_arena *arena, const dt_plan *plan)
{
    dt_text text = {.arena = arena};
    const char *comma = "";
    for (int i = 0; i < plan->model->params; i++) {
        char number[32];
        if (plan->held[i] == plan->model->param[i].value)
            continue;
        dt_text_print(&text, "%s%s=%s", comma, plan->model->param[i].is.name,
                      dt_print_number(number, plan->held[i]));
        comma = ", ";
    }
    return dt_text_get(&text);
}

size_t dt_schema_facts(dt_arena *arena, const dt_plan *plan, dt_fact fact[DT_FACTS])
{
    const dt_model *model = plan->model;
    size_t count = 0;
    fact[count++] = (dt_fact){"detente", dt_version(), "version of detente"};
    fact[count++] = (dt_fact){"model", model->is.name, "model"};
    fact[count++] = (dt_fact){"text", dt_copy_text(arena, model->source.text, model->source.length),
                              "model's text"};
    fact[count++] =
        (dt_fact){"hash", dt_schema_hash(arena, &model->source), "hash of the model's text"};
    fact[count++] = (dt_fact){"design", dt_design_name(plan->design), "design"};
    fact[count++] = (dt_fact){"seed", count_text(arena, plan->seed), "seed"};
    fact[count++] = (dt_fact){"worlds", count_text(arena, plan->worlds), "number of worlds"};
    fact[count++] = (dt_fact){"deep", count_text(arena, plan->deep), "number of deep draws"};
    fact[count++] = (dt_fact){"risk", count_text(arena, plan->risk), "number of risk draws"};
    fact[count++] = (dt_fact){"base", count_text(arena, plan->base), "base of the design"};
    fact[count++] =
        (dt_fact){"points", count_text(arena, plan->points), "number of points of a parameter"};
    fact[count++] = (dt_fact){"vary", names(arena, model, DT_PARAMETERS, plan->vary, plan->varied),
                              "list of parameters that vary"};
    fact[count++] = (dt_fact){"held", held(arena, plan), "list of parameters held at a number"};
    fact[count++] = (dt_fact){"values", plan->values == DT_VALUES_SURPLUS ? "surplus" : "average",
                              "convention of values"};
    fact[count++] =
        (dt_fact){"beliefs", count_text(arena, (uint64_t)plan->beliefs), "fineness of beliefs"};
    fact[count++] = (dt_fact){"selected", plan->selected ? plan->selected : DT_NONE_SELECTED,
                              "selected equilibrium"};
    fact[count++] =
        (dt_fact){"policies", names(arena, model, DT_POLICIES, plan->policy, plan->policies),
                  "list of policies"};
    if (plan->design == DT_DESIGN_POSTERIOR) {
        fact[count++] = (dt_fact){"fitted", plan->fitted, "record that it was fitted to"};
        fact[count++] = (dt_fact){"evidence", number_text(arena, plan->evidence), "log evidence"};
        fact[count++] = (dt_fact){"evidence_error", number_text(arena, plan->evidence_error),
                                  "error of the log evidence"};
    }
    assert(count <= DT_FACTS);
    return count;
}

/* ---- columns ---------------------------------------------------------------------------------- */

static bool same_but_for_capitals(const char *a, const char *b)
{
    for (; *a && *b; a++, b++) {
        const char x = *a >= 'A' && *a <= 'Z' ? (char)(*a + 32) : *a;
        const char y = *b >= 'A' && *b <= 'Z' ? (char)(*b + 32) : *b;
        if (x != y)
            return false;
    }
    return *a == *b;
}

void dt_schema_column(dt_text *text, char letter, const dt_model *model, dt_kind kind, size_t item)
{
    const char *name = dt_model_item(model, kind, item);
    assert(name && !strchr(name, '"') && !strchr(name, '$'));
    dt_text_print(text, "\"%c_%s", letter, name);
    for (size_t before = 0; before < item; before++) {
        if (same_but_for_capitals(dt_model_item(model, kind, before), name)) {
            dt_text_print(text, "$%zu", item + 1);
            break;
        }
    }
    dt_text_add(text, "\"", 1);
}

static void add_column(dt_text *text, char letter, const dt_model *model, dt_kind kind, size_t item,
                       const char *more)
{
    dt_text_print(text, ", ");
    dt_schema_column(text, letter, model, kind, item);
    dt_text_print(text, "%s", more);
}

void dt_schema_world_columns(dt_text *text, const dt_model *model, const size_t *vary,
                             size_t varied, const char *more)
{
    for (size_t i = 0; i < (size_t)model->params; i++)
        add_column(text, 'p', model, DT_PARAMETERS, i, more);
    for (size_t i = 0; i < varied; i++)
        add_column(text, 'u', model, DT_PARAMETERS, vary[i], more);
}

void dt_schema_result_columns(dt_text *text, const dt_model *model, const char *more)
{
    for (size_t i = 0; i < (size_t)model->declared_outcomes; i++)
        add_column(text, 'o', model, DT_OUTCOMES, i, more);
    for (size_t i = 0; i < (size_t)model->actors; i++)
        add_column(text, 'v', model, DT_ACTORS, i, more);
    for (size_t i = 0; i < (size_t)model->actors; i++)
        add_column(text, 'g', model, DT_ACTORS, i, more);
}

const char *dt_schema_worlds(dt_arena *arena, const dt_model *model, const size_t *vary,
                             size_t varied)
{
    dt_text text = {.arena = arena};
    dt_text_print(&text, "CREATE TABLE worlds (world INTEGER PRIMARY KEY");
    dt_schema_world_columns(&text, model, vary, varied, " REAL");
    dt_text_print(&text, ", digest INTEGER NOT NULL)");
    return dt_text_get(&text);
}

const char *dt_schema_results(dt_arena *arena, const dt_model *model)
{
    dt_text text = {.arena = arena};
    dt_text_print(&text, "CREATE TABLE results (world INTEGER NOT NULL, policy TEXT NOT NULL,"
                         " status TEXT NOT NULL, code TEXT, reason TEXT, failures INTEGER NOT NULL,"
                         " crossed INTEGER NOT NULL, sweeps INTEGER NOT NULL, residual REAL");
    dt_schema_result_columns(&text, model, " REAL");
    dt_text_print(&text, ", digest INTEGER NOT NULL, PRIMARY KEY (world, policy)) WITHOUT ROWID");
    return dt_text_get(&text);
}

const char *dt_schema_table(dt_table table)
{
    static const char *const statement[DT_TABLES] = {
        [DT_TABLE_STUDY] = "CREATE TABLE study (key TEXT PRIMARY KEY, value TEXT NOT NULL,"
                           " digest INTEGER NOT NULL) WITHOUT ROWID",
        [DT_TABLE_PARAMETERS] =
            "CREATE TABLE parameters (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
            " description TEXT NOT NULL, kind TEXT NOT NULL, declared REAL NOT NULL,"
            " nominal REAL NOT NULL, low REAL, high REAL, distribution TEXT NOT NULL,"
            " source TEXT NOT NULL, varied INTEGER NOT NULL, name_of_column TEXT NOT NULL,"
            " digest INTEGER NOT NULL)",
        [DT_TABLE_POLICIES] =
            "CREATE TABLE policies (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
            " description TEXT NOT NULL, source TEXT NOT NULL, digest INTEGER NOT NULL)",
        [DT_TABLE_OUTCOMES] =
            "CREATE TABLE outcomes (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
            " description TEXT NOT NULL, better TEXT NOT NULL, name_of_column TEXT NOT NULL,"
            " digest INTEGER NOT NULL)",
        [DT_TABLE_ACTORS] =
            "CREATE TABLE actors (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
            " description TEXT NOT NULL, value_column TEXT NOT NULL, gap_column TEXT NOT NULL,"
            " digest INTEGER NOT NULL)",
        [DT_TABLE_DIGESTS] = "CREATE TABLE digests (name TEXT PRIMARY KEY,"
                             " written INTEGER NOT NULL, digest INTEGER NOT NULL) WITHOUT ROWID",
    };
    assert(table < DT_TABLES && statement[table]);
    return statement[table];
}

/* ---- another study ---------------------------------------------------------------------------- */

/* The first line in which two texts differ, from 1. */
static int differing_line(const char *a, const char *b)
{
    int line = 1;
    for (; *a && *a == *b; a++, b++)
        line += *a == '\n';
    return line;
}

/* What differs, as a sentence. */
static const char *difference(dt_arena *arena, const dt_fact *fact, const char *there)
{
    dt_text text = {.arena = arena};
    if (strcmp(fact->key, "text") == 0)
        dt_text_print(&text, "its model's text differs from line %d on",
                      differing_line(there, fact->value));
    else
        dt_text_print(&text, "its %s is '%s', not '%s'", fact->meaning, there, fact->value);
    return dt_text_get(&text);
}

static void tell_difference(dt_database *database, const dt_fact *fact, const char *there)
{
    dt_database_complain(
        database, "another -o makes a new file; the same command as before goes on with this one",
        DT_STUDY_DIFFERS, difference(database->arena, fact, there));
}

dt_status dt_schema_compare(dt_database *database, const char *table, const dt_fact *fact,
                            size_t facts)
{
    dt_text query = {.arena = database->arena};
    sqlite3_stmt *statement;
    dt_text_print(&query, "SELECT value FROM %s WHERE key = ?", table);
    dt_status status = dt_database_prepare(database, dt_text_get(&query), &statement);
    bool same = true;
    for (size_t i = 0; i < facts && status == DT_OK; i++) {
        bool row;
        dt_database_bind_text(statement, 1, fact[i].key);
        status = dt_database_step(database, statement, &row);
        const char *there = row ? (const char *)sqlite3_column_text(statement, 0) : NULL;
        if (status == DT_OK && !there) {
            dt_text reason = {.arena = database->arena};
            dt_text_print(&reason, "the table '%s' isn't complete", table);
            status = dt_database_damaged(database, dt_text_get(&reason));
        }
        /* the hash only repeats that the text differs */
        if (status == DT_OK && strcmp(there, fact[i].value) != 0 &&
            strcmp(fact[i].key, "hash") != 0) {
            tell_difference(database, &fact[i], there);
            same = false;
        }
        sqlite3_reset(statement);
    }
    sqlite3_finalize(statement);
    return status == DT_OK && !same ? DT_INVALID : status;
}
