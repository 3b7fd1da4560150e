/*
 * A policy applied to a model: who holds each role, who chooses together, what is forbidden or
 * forced, where play starts. Exploring and explaining read the model only through these rules, which
 * are as well those of a cell of the levers that is no policy's.
 *
 * Those who choose together are an agent: a team, or a single actor. Agents are numbered by their
 * first actor. In a stage the agents stand in the order of their first mover there, and each
 * chooses one action for every mover it holds: a joint action.
 */
#ifndef DT_MODEL_RULES_H
#define DT_MODEL_RULES_H

#include "model/model.h"

typedef struct dt_agent {
    int members;
    int *member;    /* [members] actors, ascending */
    double *weight; /* [members]; 1 for a single actor */
    bool team;
    bool unknowing; /* goes on by what its member would do, but doesn't know its type (vantage.h) */
} dt_agent;

/* What applies to one action: it is enabled if its guard holds and no `forbid` does; if a `force`
 * of the same mover holds for an enabled action, only such actions stay. */
typedef struct dt_orders {
    int forbids, forces;
    int64_t *forbid, *force; /* expressions, or DT_NONE: always */
} dt_orders;

typedef struct dt_stage_rules {
    int *mover_actor; /* [movers] */
    int *mover_agent; /* [movers] */
    int agents;
    int *agent;        /* [agents] in the order of their first mover */
    dt_orders *orders; /* [actions] */
} dt_stage_rules;

typedef struct dt_rules {
    const dt_model *model;
    int policy;            /* or DT_NONE: a cell that is no policy's */
    const char *name;      /* the policy's; of another cell "lead=seoul, set c_offer = 0.2" */
    const char *under;     /* the same in a message: "policy 'sequenced'" */
    const size_t *setting; /* [levers] in force */
    dt_place place;        /* of the policy in the text, or of the model */
    const dt_regime *regime;
    const int *holder; /* [roles] actor */
    const int *start;  /* [variables] value, or DT_DRAWN */
    int agents;
    dt_agent *agent;       /* [agents] */
    int *actor_agent;      /* [actors] */
    int *term_actor;       /* [terms] whose payoff it is */
    dt_stage_rules *stage; /* [stages] */
} dt_rules;

/* The rules under a policy, in `arena`. */
dt_rules *dt_rules_make(dt_arena *arena, const dt_model *model, int policy);
/* Those of a cell, which is copied; NULL, and told, if its changes contradict each other. */
dt_rules *dt_rules_of_cell(dt_arena *arena, const dt_model *model, const dt_lever_cell *cell,
                           dt_diagnostics *diagnostics);

/* "US", or of a team "US + ROK". */
void dt_agent_name(const dt_rules *rules, int agent, dt_text *text);
/* "United States and Republic of Korea": the same by their descriptions. */
void dt_agent_title(const dt_rules *rules, int agent, dt_text *text);

#endif
