/*
 * What `report` reads beside a model, and what it takes from a study (report_study.c) and from a referee
 * (report_referee.c).
 */
#ifndef DT_CLI_REPORT_H
#define DT_CLI_REPORT_H

#include "detente_study.h"
#include "record.h"

/* The file that is shown with the model at `path`, if it is there: guard.c. */
const char *cli_coverage_of(const char *path);

/* What a study says. */
typedef struct cli_told {
    const char *text; /* of every outcome, as the JSON that the page reads (web/page/data.ts) */
    dt_comparison *comparison; /* of all outcomes */
    dt_decision **
        decision; /* [outcomes] by which numbers the ranking turns; NULL: none does, or none is known */
    size_t outcomes;
} cli_told;

/* All of it, worked out by `jobs` threads. */
dt_status cli_study_for_page(const dt_study_data *data, const char *file, const dt_options *options,
                             int jobs, cli_told *told);
void cli_told_free(cli_told *told);

/* How each number of a fit was distributed before and is after, as the JSON `posterior` of the page. */
dt_status cli_posterior_for_page(const dt_study_data *data, const dt_options *options,
                                 const char **text);
/* What was observed, by the histories of --history, beside what the worlds say of it, as the JSON `fan` of the page. */
dt_status cli_fan_for_page(const cli_worlds *given, const char **text);

/* What a referee said of the model, from the file that `detente referee --json` has written, as the JSON that
 * the page's panel Referee reads. DT_FILE or DT_INVALID, told, if it isn't one of this model. */
dt_status cli_referee_for_page(const dt_model *model, const char *path, const char **text);

#endif
