/*
 * Detente: the page. One self-contained HTML file that shows a model and its results and solves the
 * game again, in the reader's browser, when a number is changed. Part of libdetente, beside
 * detente.h.
 */
#ifndef DETENTE_LAB_H
#define DETENTE_LAB_H

#include "detente.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a page is made of. All of it is read during the call alone. */
typedef struct dt_page {
    const dt_model *model;
    const char *file;         /* the name that the page gives to the model's file */
    const double *parameters; /* [parameters] the base case, before settings of policies */
    const size_t *policy;     /* [policies] those shown first; the reader may choose others */
    size_t policies;
    /* [policies] each of them solved in the base case, so that the page has numbers at once */
    const dt_solution *const *solution;
    /* Comma-separated values, a heading first: what the sources say and which elements of the model
     * have it; NULL if there is none. */
    const char *coverage;
    const char
        *study; /* what a study says, as JSON for the panel Robustness; NULL if there is none */
    const char *posterior; /* a fit's numbers before and after, as JSON; NULL if there is none */
    const char *fan;       /* what was observed beside what is said of it, likewise */
    const char
        *referee; /* what a referee says, as JSON for the panel Referee; NULL if there is none */
} dt_page;

/* Whether the page was built into the library. If not, the tools for it weren't there: clang, lld,
 * wasi-libc, Node.js and npm. */
DT_API bool dt_page_available(void);

/* Writes the page. Whatever the model's text holds, the page shows it as text. DT_NO if it is written and
 * some policy isn't solved, which the page marks; DT_LIMIT if memory runs out, DT_INVALID if the page
 * isn't available or the argument of an outcome isn't a finite number. */
DT_API dt_status dt_page_write(const dt_page *page, const dt_options *options, dt_write *write,
                               void *context);

#ifdef __cplusplus
}
#endif
#endif
