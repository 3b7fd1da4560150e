/*
 * A match in progress, as the files of this folder share it.
 */
#ifndef DT_PLAY_MATCH_H
#define DT_PLAY_MATCH_H

#include "detente_play.h"
#include "history/draw.h"

/* Who decides at the node at hand: an agent of its menu. */
typedef struct dt_decider {
    int k;        /* place in the menu */
    int first;    /* its first option among those of the menu */
    int options;  /* how many it has */
    int rank;     /* of what it alone knows, 0 if it knows nothing */
    int known;    /* that variable, among the secrets; or -1 */
    int variable; /* its private variable, of which others may know, too; or DT_NONE */
    size_t value; /* the rank of that one's value */
} dt_decider;

struct dt_match {
    dt_arena *arena;
    const dt_solution *solution;
    const dt_game *game;
    const dt_model *model;
    uint64_t seed, number;
    bool *held; /* [actors] */
    const char *code;

    dt_stand *stand;
    dt_play *play;
    dt_flow *flow;
    uint32_t place, column; /* where it stands: of a node, until its step is taken; */
    uint32_t period;        /* (from 0) in which; */
    bool over;
    bool quiet;            /* nothing is told of it, only reckoned */
    double u[DT_PURPOSES]; /* the numbers of the node; */
    int drawn;             /* the cell that they draw there; */
    int *option;           /* [movers] and what each agent of its menu does: that of the cell, or
                              what was taken */
    int asked; /* the agent of the menu whose turn it is; the number of agents: nobody's */
    dt_match_turn turn;

    dt_history *history;     /* rows as far as play has come */
    dt_list(dt_event) event; /* all, secret ones of others too */
    dt_list(dt_match_move) move;
    double *value; /* [outcomes] so far; */
    bool *passed;  /* [outcomes] of a gate: it has been gone through */
    double *
        *sure; /* [variables] of a private one that is known: what everybody believes; else NULL */
    dt_world *typed; /* of one world, where arguments may read types and beliefs; else NULL */
};

/* Takes an option of the one whose turn it is. */
void dt_match_go(dt_match *match, size_t action);

/* Whether a side that is held belongs to an agent; the first such. */
int dt_match_holder(const dt_match *match, int agent);

/* Whether an event is to be seen. */
bool dt_match_shows(const dt_match *match, const dt_event *event);

/* The code of a match: code.c. */
const char *dt_code_of(dt_match *match);

/* ---- what is told: told.c ------------------------------------------------------------------------ */

/* What something is called: its description, or its name. */
const char *dt_words_of(const dt_named *is);

void dt_tell_period(dt_match *match);
/* The actions of a cell of the node at hand. */
void dt_tell_cell(dt_match *match, int cell);
/* What is otherwise at a place and column than where the match stands. */
void dt_tell_changes(dt_match *match, uint32_t place, uint32_t column);
void dt_tell_end(dt_match *match, bool ended);

/* ---- what it comes to: account.c ----------------------------------------------------------------- */

/* What an agent of the menu at hand can do. */
void dt_account_turn(dt_match *match, const dt_decider *who, dt_match_turn *turn);
/* Enters the action that is taken at the turn. */
void dt_account_move(dt_match *match, size_t action);
/* A period that has come to its end at the leaf where the match stands. */
void dt_account_period(dt_match *match);
/* Room for it; and that nothing has happened yet. */
void dt_account_new(dt_match *match);
void dt_account_begin(dt_match *match);

#endif
