/*
 * Detente: play. A match is one course of play of a solved game in which somebody takes the decisions of some
 * sides, and everybody else, chance too, goes on by the strategies found. What isn't decided is drawn by the
 * numbers of a sampled history (detente_history.h): whoever does at each turn what is drawn for it plays that very
 * history, and two who hold the same side against the same seed meet the same chances. A match is told in events, ends
 * with what its outcomes came to and what each decision gave away, and is a history itself. The rest of the public
 * interface, and the conventions, are in detente.h.
 */
#ifndef DETENTE_PLAY_H
#define DETENTE_PLAY_H

#include "detente_history.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Unlike other handles it changes, by dt_match_take: all matches of a solution are used by one thread at a time. */
typedef struct dt_match dt_match;

/* Zeroed: history 0 of seed 0, with nobody holding a side. */
typedef struct dt_match_how {
    uint64_t seed, number; /* as dt_sampler_history has them */
    const bool *held;      /* [actors] whose decisions are taken from outside; NULL: nobody's */
} dt_match_how;

/* Begins, and plays on to the first decision of a side that is held. Who holds a member of a team decides for the
 * team. The solution must live as long, and it lasts its horizon. DT_NO, told, if that isn't solved. */
DT_API dt_status dt_match_new(const dt_solution *solution, const dt_match_how *how,
                              const dt_options *options, dt_match **match);
DT_API void dt_match_free(dt_match *match);

/* ---- whose turn it is -------------------------------------------------------------------------- */

/* What can be done at a turn. In equilibrium an action is taken with a probability of exp(λQ) over its sum, λ being the
 * rationality and Q what it is worth; so what it is worth less than another, log(σ/σ')/λ, is read off the
 * strategy, in the mover's payoff counted from the period at hand. */
typedef struct dt_match_action {
    const char *name;   /* "ROK.engage", of joint actions "US.pressure + ROK.engage" */
    const char *brief;  /* the same without the movers: "engage" */
    const char *text;   /* its description, or "" */
    double probability; /* with which the equilibrium takes it */
    double less;        /* what it is worth less than the best; NAN if the rationality is 0 */
    bool at_least;      /* so rare that no more is known than that it is worth so much less */
} dt_match_action;

typedef struct dt_match_turn {
    bool over;         /* nothing is to be decided any more; then the rest means nothing */
    int period;        /* from 1 */
    int stage;         /* where it decides */
    int actor;         /* who decides: the first side held of a team */
    const char *mover; /* "ROK", a team "US + ROK" */
    bool team;
    size_t actions;
    const dt_match_action *action;
    size_t best;  /* the action that is worth most */
    size_t drawn; /* the action that the equilibrium takes in this history */
    double mean;  /* what the equilibrium's play is worth less than the best, on average */
    int variable; /* that it knows by itself, among the state variables; or -1 */
    size_t rank;  /* the value of that */
} dt_match_turn;

/* The turn at hand, as long as nothing is taken. */
DT_API dt_match_turn dt_match_at(const dt_match *match);

/* Takes an action, and plays on to the next turn. DT_INVALID if there is no such action, or play is over. */
DT_API dt_status dt_match_take(dt_match *match, size_t action, const dt_options *options);

/* The rank of what a state variable is now; of a private one -1, but to whoever holds its owner, and when play is
 * over. */
DT_API int dt_match_value(const dt_match *match, size_t variable);
/* What the others believe of a private variable now, [dt_model_values]; NULL of what is public. */
DT_API const double *dt_match_belief(const dt_match *match, size_t variable);

/* ---- what happened ------------------------------------------------------------------------------- */

typedef enum dt_event_kind {
    DT_EVENT_PERIOD, /* a period begins */
    DT_EVENT_ACTION, /* somebody acts */
    DT_EVENT_CHANGE, /* a state variable has another value */
    DT_EVENT_BELIEF, /* the others believe something else of a private variable */
    DT_EVENT_END,    /* play ends: by an end's condition, or past the horizon */
    DT_EVENTS
} dt_event_kind;

typedef struct dt_event {
    dt_event_kind kind;
    int period;          /* from 1 */
    int stage;           /* in which it happens; -1: of a period, and of the end */
    int actor;           /* who acts; whose variable it is; else -1 */
    int action;          /* among the stage's actions, in the order of declaration; else -1 */
    int variable;        /* among the state variables, or -1 */
    int from, to;        /* ranks, of a change */
    const double *share; /* [dt_model_values] of a belief; else NULL */
    bool secret;         /* nobody but the actor sees it */
    const char *text;    /* the event in a sentence without a full stop */
} dt_event;

/* So far. A secret event of a side that nobody holds is there only when play is over. */
DT_API size_t dt_match_events(const dt_match *match);
DT_API dt_event dt_match_event(const dt_match *match, size_t index);

/* ---- the account --------------------------------------------------------------------------------- */

/* A decision that was taken. */
typedef struct dt_match_move {
    int period, stage, actor;
    const char *mover, *brief, *text; /* who, and what, as dt_match_action has it */
    const char *best_brief, *best_text;
    size_t action, best;
    double probability; /* with which the equilibrium takes it */
    /* What was given away: what the action is worth less than the best, and than the equilibrium's own mixture on
     * average, which may be negative. NAN if the rationality is 0. */
    double less, short_of;
    bool at_least;
    double discount; /* what a payment in that period counts at the start, to the actor */
} dt_match_move;

DT_API size_t dt_match_moves(const dt_match *match);
DT_API dt_match_move dt_match_move_at(const dt_match *match, size_t index);

/* What the outcomes came to: outcome [outcomes]. Under dt_solution's strategies their expectation is
 * dt_solution_outcomes. NAN until play is over, and where an argument isn't a number. */
DT_API void dt_match_outcomes(const dt_match *match, double *outcome);

/* The same for histories first … first+count-1 of a seed in which nobody holds a side: outcome [count][outcomes]. */
DT_API dt_status dt_match_spread(const dt_solution *solution, uint64_t seed, uint64_t first,
                                 size_t count, const dt_options *options, double *outcome);

/* ---- files and codes ------------------------------------------------------------------------------ */

/* The match so far as a history: private variables and hidden choices of sides that are held, too. The row of a period
 * that isn't over has the choices made so far. */
DT_API dt_status dt_match_history(const dt_match *match, const dt_options *options,
                                  dt_history **history);

/* Takes what sides that are held did in a history of the same chances, as far as it goes. DT_NO, told: it isn't the
 * history of such a match; the match stands where they part. */
DT_API dt_status dt_match_follow(dt_match *match, const dt_history *history,
                                 const dt_options *options);

/* Bytes that any code fits into. */
enum { DT_CODE_SIZE = 512 };

/* By what a match can be had again: "as_is.ROK.7.9f3ac0de", the policy, the sides held with '+' between them, or '-', the
 * seed, and a mark of the model's text and numbers. Written into `buffer`, at most size-1 bytes of it, which is
 * returned. */
DT_API const char *dt_match_code(const dt_match *match, char *buffer, size_t size);

/* What a code says. held [actors]. DT_INVALID, told: it is none, or of another model. The mark is that of `parameters`
 * [parameters], before settings of policies; NULL: it isn't looked at. */
DT_API dt_status dt_match_read_code(const dt_model *model, const double *parameters,
                                    const char *code, const dt_options *options, size_t *policy,
                                    uint64_t *seed, bool *held);

#ifdef __cplusplus
}
#endif
#endif
