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
    dt_fact fact[DT_FACTS];
    size_t facts;
} creation;

/* The end of a range, null if there is none. */
static double end_of_range(double number)
{
    return isfinite(number) ? number : (double)NAN;
}

/* One row of a table. */
typedef void fill(const creation *c, size_t i, dt_row *row);

/* All rows of a table, and what they sum to. */
static dt_status write_rows(const creation *c, dt_table table, int columns, size_t count,
                            fill *fill)
{
    sqlite3_stmt *statement;
    dt_sum sum = {0};
    dt_status status = dt_row_prepare(c->database, table, columns, false, &statement);
    for (size_t i = 0; i < count && status == DT_OK; i++) {
        dt_row row = dt_row_start(table, statement);
        fill(c, i, &row);
        status = dt_row_write(c->database, &row, &sum);
    }
    sqlite3_finalize(statement);
    return status == DT_OK ? dt_digest_record(c->database, table, sum) : status;
}

static void fill_fact(const creation *c, size_t i, dt_row *row)
{
    dt_row_text(row, i < c->facts ? c->fact[i].key : "state");
    dt_row_text(row, i < c->facts ? c->fact[i].value : "running");
}

static const char *column_name(const creation *c, char letter, dt_kind kind, size_t item)
{
    dt_text text = {.arena = c->arena};
    dt_schema_column(&text, letter, c->plan->model, kind, item);
    const char *quoted = dt_text_get(&text);
    assert(quoted[0] == '"' && quoted[strlen(quoted) - 1] == '"');
    return dt_copy_text(c->arena, quoted + 1, strlen(quoted) - 2);
}

static bool varies(const dt_plan *plan, size_t param)
{
    for (size_t i = 0; i < plan->varied; i++) {
        if (plan->vary[i] == param)
            return true;
    }
    return false;
}

/* What a row of everything declared begins with. */
static void fill_item(dt_row *row, size_t number, const char *name, const char *description)
{
    dt_row_integer(row, (int64_t)number + 1);
    dt_row_text(row, name);
    dt_row_text(row, description);
}

static void fill_parameter(const creation *c, size_t i, dt_row *row)
{
    static const char *const kind[] = {
        [DT_FIXED] = "fixed", [DT_DEEP] = "deep", [DT_RISK] = "risk"};
    const dt_parameter p = dt_model_parameter(c->plan->model, i);
    fill_item(row, i, p.name, p.description);
    dt_row_text(row, kind[p.uncertainty]);
    dt_row_number(row, p.value);
    dt_row_number(row, c->plan->held[i]);
    dt_row_number(row, end_of_range(p.low));
    dt_row_number(row, end_of_range(p.high));
    dt_row_text(row, p.distribution);
    dt_row_text(row, p.source);
    dt_row_integer(row, varies(c->plan, i));
    dt_row_text(row, column_name(c, 'p', DT_PARAMETERS, i));
}

static void fill_policy(const creation *c, size_t i, dt_row *row)
{
    const dt_model *model = c->plan->model;
    const dt_policy *policy = &model->policy[c->plan->policy[i]];
    fill_item(row, c->plan->policy[i], policy->is.name, policy->is.description);
    dt_row_text(row, policy->source == DT_NONE ? "" : model->source_list[policy->source].name);
}

static void fill_outcome(const creation *c, size_t i, dt_row *row)
{
    const dt_outcome *outcome = &c->plan->model->outcome[i];
    fill_item(row, i, outcome->is.name, outcome->is.description);
    dt_row_text(row, outcome->direction > 0 ? "more" : outcome->direction < 0 ? "less" : "");
    dt_row_text(row, column_name(c, 'o', DT_OUTCOMES, i));
}

static void fill_actor(const creation *c, size_t i, dt_row *row)
{
    const dt_named *is = &c->plan->model->actor[i].is;
    fill_item(row, i, is->name, is->description);
    dt_row_text(row, column_name(c, 'v', DT_ACTORS, i));
    dt_row_text(row, column_name(c, 'g', DT_ACTORS, i));
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
    creation making = {database, database->arena, plan, {{0}}, 0}, *c = &making;
    assert(plan->policies >= 1 && plan->varied >= 1);
    if (!fits(c))
        return DT_LIMIT;
    making.facts = dt_schema_facts(c->arena, plan, making.fact);
    /* a world of a hundred parameters fills half a page of the usual 4096 bytes, and wastes the rest */
    dt_status status = dt_database_do(c->database, "PRAGMA page_size = 8192;"
                                                   "PRAGMA journal_mode = WAL; BEGIN");
    if (status == DT_OK)
        status = create_tables(c);
    const dt_model *model = plan->model;
    const struct {
        dt_table table;
        int columns;
        size_t count;
        fill *fill;
    } of[] = {
        {DT_TABLE_STUDY,      2,  making.facts + 1,                 fill_fact     },
        {DT_TABLE_PARAMETERS, 12, (size_t)model->params,            fill_parameter},
        {DT_TABLE_POLICIES,   4,  plan->policies,                   fill_policy   },
        {DT_TABLE_OUTCOMES,   5,  (size_t)model->declared_outcomes, fill_outcome  },
        {DT_TABLE_ACTORS,     5,  (size_t)model->actors,            fill_actor    },
    };
    for (size_t t = 0; t < sizeof of / sizeof *of && status == DT_OK; t++)
        status = write_rows(c, of[t].table, of[t].columns, of[t].count, of[t].fill);
    return status == DT_OK ? dt_database_do(c->database, "COMMIT") : status;
}
