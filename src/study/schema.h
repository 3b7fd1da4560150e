/*
 * The schema of a study file: the tables, their columns, and what the table `study` says about it.
 * docs/study.md describes it for those who read such files with other programs.
 */
#ifndef DT_STUDY_SCHEMA_H
#define DT_STUDY_SCHEMA_H

#include "model/model.h"
#include "study/database.h"
#include "study/design.h"

/* "DTNT" in the file's header says whose it is; the schema's version stands beside it. */
enum { DT_APPLICATION_ID = 0x44544e54, DT_SCHEMA_VERSION = 4 };

/* World 0 of the file is the nominal one; world w of the design is world w + 1. */
enum { DT_NOMINAL_WORLD = 0 };

/* The tables; `digests` is about the others. */
typedef enum dt_table {
    DT_TABLE_STUDY,
    DT_TABLE_PARAMETERS,
    DT_TABLE_POLICIES,
    DT_TABLE_OUTCOMES,
    DT_TABLE_ACTORS,
    DT_TABLE_WORLDS,
    DT_TABLE_RESULTS,
    DT_TABLE_DIGESTS,
    DT_TABLES
} dt_table;

extern const char *const DT_TABLE_NAME[DT_TABLES];

/* Columns of `results` before those of outcomes and actors. */
enum { DT_RESULT_COLUMNS = 9 };

/* What becomes of a world, as the file says it, by dt_status: DT_OK, DT_NO, DT_INVALID. */
extern const char *const DT_STATUS_WORD[3];

/* A fact of the table `study`. Two studies are the same if all but the hash and the state are. */
typedef struct dt_fact {
    const char *key, *value;
    const char *meaning; /* "seed": what it is called when two studies differ */
} dt_fact;

enum { DT_FACTS = 20, DT_FACTS_FOUND = 2 };

/* The fact `selected` where nothing is. */
#define DT_NONE_SELECTED "limit"

/* The facts of a plan, texts in `arena`. Returns how many: the last three are of a posterior alone, and
 * the last DT_FACTS_FOUND of these aren't known before it is drawn. */
size_t dt_schema_facts(dt_arena *arena, const dt_plan *plan, dt_fact fact[DT_FACTS]);

/* DT_INVALID, every difference told, if a table of keys and values has others for these facts; an
 * incomplete one is damage. */
dt_status dt_schema_compare(dt_database *database, const char *table, const dt_fact *fact,
                            size_t facts);

/* The hash of a model's text: FNV-1a of 64 bits in 16 hexadecimal digits. A name for it, not a seal. */
const char *dt_schema_hash(dt_arena *arena, const dt_source *source);

/* Names of columns are those of the model's items after a letter: p_NAME the number of a parameter,
 * u_NAME its coordinate, o_NAME an outcome, v_NAME and g_NAME an actor's value and gap. SQL doesn't
 * tell capitals apart: an item whose name differs from an earlier one in these alone has $ and its
 * number, from 1, behind its name. */
void dt_schema_column(dt_text *text, char letter, const dt_model *model, dt_kind kind, size_t item);

/* Adds ", p_a, u_a, p_b …" of `worlds`, ", o_a …, v_A, g_A …" of `results`; each followed by `more`. */
void dt_schema_world_columns(dt_text *text, const dt_model *model, const size_t *vary,
                             size_t varied, const char *more);
void dt_schema_result_columns(dt_text *text, const dt_model *model, const char *more);

/* The statements that create the tables, as SQLite keeps them: of all but worlds and results, whose columns
 * are the model's. */
const char *dt_schema_table(dt_table table);
const char *dt_schema_worlds(dt_arena *arena, const dt_model *model, const size_t *vary,
                             size_t varied);
const char *dt_schema_results(dt_arena *arena, const dt_model *model);

#endif
