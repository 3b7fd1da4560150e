/*
 * What the files of the diagnosis share: the study, the comparison that is being judged, and the list
 * of findings.
 */
#ifndef DT_ROBUST_FINDING_H
#define DT_ROBUST_FINDING_H

#include "robust/said.h"
#include "robust/view.h"

typedef struct dt_diagnosing {
    const dt_study_data *data;
    const dt_diagnose_how *how;
    const dt_options *options;
    dt_arena *arena, *scratch; /* of the findings; of the work */
    const dt_view *view;
    const dt_comparison *comparison; /* of all outcomes; NULL if there is no world to compare in */
    dt_list(dt_finding) findings;
} dt_diagnosing;

/* Adds a finding with the sentences in `text`, which is of d->arena. */
void dt_find(dt_diagnosing *d, const char *name, dt_verdict verdict, double number,
             const dt_text *text);

/* Names of one kind that a sentence has, at most. */
enum { DT_NAMES_FOUND = 5 };

/* design.c */
void dt_find_design(dt_diagnosing *d);
/* stability.c */
void dt_find_bands(dt_diagnosing *d);
void dt_find_halves(dt_diagnosing *d);
/* rationality.c; DT_LIMIT if solving ended early */
dt_status dt_find_rationality(dt_diagnosing *d);
/* provenance.c */
void dt_find_sources(dt_diagnosing *d);

/* The share of resamples from which on a choice is called firm. */
#define DT_FIRM 0.95

#endif
