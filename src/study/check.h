/*
 * Whether a study's file is as it was written.
 */
#ifndef DT_STUDY_CHECK_H
#define DT_STUDY_CHECK_H

#include "study/digest.h"

/* SQLite's own check of the whole file. DT_FILE, told, if it finds something. */
dt_status dt_check_pages(dt_database *database);

/* What the rows of a table sum to, each as its digest has it; DT_FILE, told, if one isn't. */
dt_status dt_check_sum(dt_database *database, dt_table table, dt_sum *sum);

/* Whether the tables that say what the study is, `study` to `actors`, are whole: made by the schema's own
 * statements, every row as its digest has it, no more and no less rows than were written. DT_FILE, told
 * with the place, if not. */
dt_status dt_check_facts(dt_database *database);

/* The same of the worlds and their results, in a study of `model` in which `vary` [varied] vary; sum is
 * what their rows sum to. With `lost` not NULL rows may be missing, as another run
 * makes them again, and it says whether some are. */
dt_status dt_check_rows(dt_database *database, const dt_model *model, const size_t *vary,
                        size_t varied, dt_sum sum[2], bool *lost);

/* DT_FILE, told, if a study that calls itself complete hasn't `worlds` worlds, beside the nominal one, under
 * `policies` policies. */
dt_status dt_check_complete(dt_database *database, const dt_sum sum[2], size_t worlds,
                            size_t policies);

#endif
