/*
 * Detente: the page. One self-contained HTML file that shows a model and its results and solves the
 * game again, in the reader's browser, when a number is changed. The rest of the public interface, and
 * the conventions, are in detente.h.
 */
#ifndef DETENTE_LAB_H
#define DETENTE_LAB_H

#include "detente_levers.h"
#include "detente_study.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- the answer in words ------------------------------------------------------------------------ */

/* How far a policy leads by an outcome. */
typedef enum dt_lead {
    DT_LEAD_NONE,    /* nothing leads: the outcome has no direction, or there is one policy */
    DT_LEAD_SAME,    /* the policies don't differ by it */
    DT_LEAD_UNTRIED, /* one is best in the one world that is known */
    DT_LEAD_OPEN,    /* over worlds none is clearly best */
    DT_LEAD_CLEAR /* one is best in most worlds, on average by more than noise, and by what shows */
} dt_lead;

/* "none", "same", "untried", "open", "clear". */
DT_API const char *dt_lead_word(dt_lead lead);

/* Which policy is best by one outcome. Policies count those asked about; SIZE_MAX: none. */
typedef struct dt_answered_outcome {
    size_t outcome;
    dt_lead lead;
    size_t best;  /* by the mean over worlds, or in the one */
    size_t next;  /* the second by that */
    double share; /* of worlds in which `best` is best, ties counting for each; NaN of one world */
    double less;  /* the mean, or number, of the baseline less that of the best */
    bool
        by_chance; /* the policies rank so as well if everybody tosses coins, in the nominal world */
    const char *text;    /* which is best, by how much, how sure: sentences */
    size_t names;        /* of the policies asked about that the sentences name, */
    const size_t *named; /* [names] in order */
    const char *turns;   /* by which number that turns most: a sentence; "" if that isn't known */
    const char *work;    /* what does the work against the baseline: sentences; "" likewise */
} dt_answered_outcome;

/* What can be said in a few sentences. Freed by dt_answered_free. */
typedef struct dt_answered {
    const char *basis; /* on what it rests: a sentence */
    size_t outcomes;
    const dt_answered_outcome *outcome; /* [outcomes] the model's headline outcomes, in order */
    void *owner;
} dt_answered;

/* From what it is answered; all of it is read during the call alone. */
typedef struct dt_answer_from {
    const dt_model *model;
    size_t policies;
    const size_t *policy; /* [policies] of the model */
    size_t baseline;      /* of these, the one that the best is set against */
    bool moved;           /* the world isn't the author's: numbers were given or moved */
    /* [policies][outcomes] in the nominal world; NaN where it isn't solved */
    const double *nominal;
    const double *chance; /* the same if everybody tosses coins; NULL or NaN: not known */
    /* A study of these policies in this order, compared by all outcomes in order; NULL: there is none.
     * `decision` [outcomes], of which some may be NULL, or NULL. */
    const dt_comparison *comparison;
    const dt_decision *const *decision;
    size_t tried; /* numbers that were moved to find its flips; 0: all that have a range */
    /* [parameters] the nominal world before anybody's settings, in which the cells between the baseline and a
     * policy that leads are solved to say what does the work; NULL: that isn't said */
    const double *world;
    size_t most_cells; /* that are solved; where there are more it isn't said, either */
    dt_values values;
} dt_answer_from;

/* Answers in words. Policies that aren't solved have no part. Every sentence is backed by the numbers
 * given: a policy is called clearly best only if DT_LEAD_CLEAR holds, that is if it is best at more than half of
 * the points, the 95 % bootstrap interval of its mean lead over the next excludes 0, and that lead isn't lost in
 * the rounding of what is said (half a percentage point of a probability, else a hundredth of the larger mean).
 * DT_INVALID if something is missing; DT_LIMIT if memory runs out. */
DT_API dt_status dt_answer_in_words(const dt_answer_from *from, const dt_options *options,
                                    dt_answered **answered);
DT_API void dt_answered_free(dt_answered *answered);

/* What does the work between two policies, in words: the ingredients of the difference in an outcome, from what
 * dt_levers_solve found in one world, and what of it follows only because others adapt. Writes at most `size` bytes,
 * the NUL included, and returns `text`: "" if there is no difference. The longest are some hundred bytes for each
 * ingredient; what doesn't fit is cut. */
DT_API const char *dt_levers_in_words(const dt_model *model, const dt_levers *levers,
                                      const dt_levers_result *result, size_t outcome, char *text,
                                      size_t size);

/* ---- pictures of a model ------------------------------------------------------------------------- */

typedef enum dt_picture {
    DT_PICTURE_PERIOD, /* one period: who moves when, with guards in full, what is private and what is hidden, ends */
    DT_PICTURE_CAUSES /* what can reach an outcome: from numbers through actors, stages and variables */
} dt_picture;

/* Writes a drawing for Graphviz. No graph is explored: it is there for models of any size. `policy` says who holds a
 * role; `outcome` is the one that causes are drawn of, -1: all. */
DT_API dt_status dt_model_draw(const dt_model *model, size_t policy, dt_picture picture,
                               int outcome, const dt_options *options, dt_write *write,
                               void *context);

/* ---- the page ----------------------------------------------------------------------------------- */

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
    const dt_answer_from *asked; /* from what the answer in words is made; NULL: there is none */
    const char
        *study; /* what a study says, as JSON for the panel Robustness; NULL if there is none */
    const char *posterior; /* a fit's numbers before and after, as JSON; NULL if there is none */
    const char *fan;       /* what was observed beside what is said of it, likewise */
    const char
        *referee; /* what a referee says, as JSON for the panel Referee; NULL if there is none */
} dt_page;

/* So many policies are shown first, if there are so many. */
enum { DT_FEW_SHOWN = 3, DT_MOST_SHOWN = 4 };

/* The policies that a page of this answer shows first, where nobody says which: the baseline, the one that is best most
 * often over the headline outcomes, of each source that policies cite the best of its own, and others in the order of
 * declaration until there are DT_FEW_SHOWN. Writes at most DT_MOST_SHOWN indices of the model's policies to `policy`, in order, and
 * returns how many: 0 if dt_answer_in_words wouldn't take `from`. */
DT_API size_t dt_shown_first(const dt_answer_from *from, size_t *policy);

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
