/*
 * Why somebody does what they do: a situation of play, what each action there is worth to whoever moves and by
 * which parts, what follows it, and what it tells the others; and a sentence for one action against another.
 *
 *     dt_explanation *e;    dt_explain(solution, "tension=1", "talks", 3, &options, &e);
 *     const dt_because *b;  dt_explanation_because(e, 0, -1, -1, 0, &options, &b);  // b->text
 */
#ifndef DETENTE_EXPLAIN_H
#define DETENTE_EXPLAIN_H

#include "detente.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- a situation ------------------------------------------------------------------------------- */

typedef struct dt_explained_action {
    const char *name;   /* "US.pressure", joint actions "US.pressure + ROK.engage" */
    const char *brief;  /* the same without the movers: "pressure + engage" */
    const char *text;   /* its description, or "" */
    const char *called; /* where texts stand for names: “its description”, or `brief` */
    double probability;
    double value;          /* Q of the mover, a team's weighted sum */
    const double *term;    /* [terms] the parts of value, in order of dt_explained_mover.term */
    const double *outcome; /* [outcomes] expectation of each outcome after this action */
    /* Of who owns a private variable: what the others believe of it once they have seen the action, [values
     * of the variable] on average over all else that can be seen after the stage. Else NULL. */
    const double *posterior;
} dt_explained_action;

typedef struct dt_explained_mover {
    const char *name;   /* "US", a team "US + ROK", a type "DPRK if aim is stall" */
    const char *called; /* the same by descriptions: "North Korea (what it is after: stall)" */
    double rationality;
    size_t terms, actions;
    const char *const *term;  /* [terms] "war", or in a team "US war" */
    const char *const *words; /* [terms] the same for people: the description if there is one */
    const dt_explained_action *action;
    const char *unit; /* that value and its parts are counted in, "" if the model names none */
    bool team;
    /* Of who owns a private variable: its index among the state variables and the rank of its value; else
     * -1 and 0. There is a mover for each type that is believed possible. */
    int variable;
    size_t rank;
} dt_explained_mover;

/* What happens if each of those who move takes one of its actions at once with the others. */
typedef struct dt_explained_cell {
    const size_t
        *mover; /* [agents] who they are: of one who knows something, which of its types; */
    const size_t *action; /* [agents] one action of each */
    double probability;   /* the product of theirs, if they are of these types */
    const double *
        value; /* [agents] what it is worth from here on to each if they are, a team's weighted sum */
} dt_explained_cell;

/* What is believed of a private variable in a situation. */
typedef struct dt_explained_belief {
    size_t variable;     /* among the state variables */
    const double *share; /* [dt_model_values] probability that others give to each value */
    /* [dt_model_values] what was asked for, of which `share` is the nearest point of the grid; NULL if nothing was */
    const double *asked;
    int fineness; /* N of that grid; 0 if the value is known */
    bool known;   /* everybody knows the value, here and always: there is nothing to believe */
    /* If its owner moves here, what each action does to it, "freeze moves the belief that aim is bargain from
     * 0.4 to 0.655"; else "". */
    const char *text;
    const char *in_texts; /* the same by descriptions */
} dt_explained_belief;

/* One situation and why its movers do what they do. Freed by dt_explanation_free. */
typedef struct dt_explanation {
    const char *stage;
    const char *state; /* "tension=1 deal=none", choices that are live as "talks.envoy=step" */
    int period;        /* from 1 */
    double reached;    /* probability that play comes to this situation */
    size_t movers, outcomes;
    const dt_explained_mover *mover;
    const double *outcome; /* [outcomes] expectation in this situation, before the choice */
    size_t beliefs;        /* private variables */
    const dt_explained_belief *belief;
    double believed; /* probability that play comes to this situation and just this is believed */
    /* Where several move at once, `agents` of them: the stage game, whose payoffs are what follows from each joint
     * choice; the last one's actions vary fastest. Where some of them know something there is one for each joint type
     * that is believed possible, the last one's types varying faster. No cells where one moves alone, or where
     * something is private and there would be more than 256. */
    size_t agents, cells;
    const dt_explained_cell *cell;
    void *owner;
} dt_explanation;

/* Explains the decision at a stage in a period (from 1). `at` names the situation by "variable=value,
 * stage.MOVER=action"; what it leaves out is taken from the likeliest situation that fits. What is believed of a
 * private variable is named by "variable=value:probability", and is taken from the nearest point of the grid; else
 * it is what is likeliest there. `stage` NULL: the first decision that fits. Outcomes are expectations over the
 * periods from this one to the horizon. DT_INVALID if no reachable situation fits, DT_NO if the solution isn't
 * solved; a diagnostic says why. */
DT_API dt_status dt_explain(const dt_solution *solution, const char *at, const char *stage,
                            int period, const dt_options *options, dt_explanation **explanation);
DT_API void dt_explanation_free(dt_explanation *explanation);

/* The words by which an explanation is asked for, as somebody writes them. */
typedef struct dt_explain_words {
    const char *at, *stage; /* as dt_explain takes them; either may be NULL */
    const char *
        believing; /* beliefs alone, "variable=value:probability", to be joined to `at`; NULL: none */
    int period;    /* from 1 */
    const char *against; /* an action, by a name as dt_explained_action_find takes it; NULL: none */
} dt_explain_words;

/* Whether the model of a game knows all that is asked for, before anything is solved: situation, beliefs, stage, period
 * and action. DT_INVALID, all that it doesn't know told, if not. Whether play comes to such a situation, and whether the
 * action can be taken in it, dt_explain and dt_explained_action_find say. */
DT_API dt_status dt_explain_check(const dt_game *game, const dt_explain_words *words,
                                  const dt_options *options);

/* The position of a mover's action of a name, "US.pressure + ROK.engage" or without movers "pressure + engage", blanks as
 * one likes; -1 if it has none. */
DT_API int dt_explained_action_find(const dt_explained_mover *mover, const char *name);

/* ---- one action against another ---------------------------------------------------------------- */

/* A term that tells two actions of a mover apart. */
typedef struct dt_reason {
    size_t term;       /* of the mover */
    double difference; /* what it is worth after the one action, less that after the other */
} dt_reason;

/* Reasons that point the same way, the largest first, and those too many to be told. */
typedef struct dt_reasons {
    size_t count, rest;
    const dt_reason *reason; /* [count] */
    double rest_difference;  /* the sum of the rest */
} dt_reasons;

/* What a choice between two actions rests on. */
typedef enum dt_ground {
    DT_GROUND_REASONS, /* on their difference in value */
    DT_GROUND_NONE,    /* there is one action */
    DT_GROUND_CHANCE,  /* on nothing: the rationality is 0 */
    DT_GROUND_SAME,    /* on nothing: the two are worth the same */
    DT_GROUND_UNKNOWN, /* the probabilities don't follow from the values: it isn't solved here */
} dt_ground;

/* Why a mover takes one action rather than another. */
typedef struct dt_because {
    dt_ground ground;
    size_t action, against; /* the two; the same if there is one */
    double difference;      /* the value of the one less that of the other */
    /* Reasons of the sign of the difference, and those of the other. But for rounding, all that are
     * listed and the rest of both sum to the difference. */
    dt_reasons because, despite;
    const char *text;     /* all this in a sentence without a full stop */
    const char *in_texts; /* the same, movers and actions by their descriptions */
} dt_because;

/* Compares two actions of the mover at a position: `action` (-1: the likeliest other than `against`)
 * with `against` (-1: the likeliest other than `action`). At most `shown` reasons on each side are
 * told (0: four). The result belongs to the explanation. DT_INVALID if there is no such mover or
 * action, or both are the same; DT_LIMIT, told to `options`, if memory ran out. */
DT_API dt_status dt_explanation_because(dt_explanation *explanation, size_t mover, int action,
                                        int against, size_t shown, const dt_options *options,
                                        const dt_because **because);

#ifdef __cplusplus
}
#endif
#endif
