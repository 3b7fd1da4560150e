/*
 * The game graph: everything that can happen in a model under a policy, with the index of a
 * coefficient wherever a number that depends on parameters stands. Immutable once explored; all
 * that varies with the world lies in `dt_world` (world.h) and `dt_strategy` (strategy.h).
 *
 * The graph is one period long. A node is a place where somebody moves or chance does: a distinct
 * (stage, state, live choices). A leaf is a period's end: a distinct (state, live choices) with what
 * is paid there, from which the next period's state follows, or nothing if play is over. A place is
 * a node (0 … nodes-1) or a leaf (nodes … nodes+leaves-1). Places are in the order of stages, leaves
 * last, so that every branch leads to a higher index; within a stage they are in the order of the
 * first period in which they can occur. Hence "the nodes of stage s that can occur in period t" is a
 * run of indices: stage_first[s] … stage_first[s] + stage_count[t][s] - 1.
 *
 * What an agent can do at a node is its menu; a cell is one profile of the agents' joint actions, the
 * last agent's varying fastest. A chance node has no agents and one cell. A cell has a row of
 * expected payments and a list of branches whose probabilities sum to one.
 *
 * Private variables are no part of a place: guards can't read them, so what can happen is the same for every
 * type, a value of each private variable. What differs are numbers, and where the variable goes: coefficients
 * may read it, so that a type is a column of their table as a world is, and a branch carries a move, from
 * each value of its stage's secret to the value afterwards. A joint type is a number in mixed radix: the
 * values' ranks, the last private variable's varying fastest.
 */
#ifndef DT_GAME_GAME_H
#define DT_GAME_GAME_H

#include "game/coefficient.h"
#include "game/key.h"
#include "model/rules.h"

#define DT_NOWHERE UINT32_MAX

/* A period that stands for all of them, with lookahead forever: every place can occur. */
#define DT_EVERY_PERIOD (UINT32_MAX - 1)

/* Variables of more values than this aren't watched for values that never occur. */
enum { DT_TRACKED_VALUES = 4096 };

/* Which joint actions each agent of a stage has at a node; one for each distinct case. */
typedef struct dt_menu {
    int stage;
    int agents;         /* 0: chance, 1: sole, else simultaneous */
    const int *agent;   /* [agents] indices into rules->agent */
    const int *options; /* [agents] number of joint actions of each */
    int cells;          /* product of options */
    int total;          /* sum of options */
    /* [total][movers] the action of each mover, as an index into the stage's actions, in an agent's
     * joint action; DT_NONE for movers of other agents. Agents in order, options in order. */
    const int *action;
} dt_menu;

/* A number in the parameters that must satisfy a condition in every world. */
typedef enum dt_check_kind {
    DT_CHECK_PROBABILITY, /* in 0..1 */
    DT_CHECK_SUM,         /* 1: the arms of a branch without else */
    DT_CHECK_REST,        /* at most 1: the arms before an else */
    DT_CHECK_KNOWN,       /* 1: the chance of what a private variable is known to be */
} dt_check_kind;

typedef struct dt_check {
    dt_check_kind kind;
    uint32_t coefficient; /* must be so within DT_SLACK */
    dt_place place;       /* of the expression in the model; of a prior: of its variable */
    uint32_t where;       /* the first node at which it stands; DT_NOWHERE: in a prior */
    int secret, value; /* it is of those only whose private variable has this value, in a prior the
                             chance of that value; or DT_NONE */
} dt_check;

struct dt_game {
    dt_arena *arena;
    const dt_model *model;
    const dt_rules *rules;

    bool carried;     /* everybody goes on by the strategies of other rules (vantage.h) */
    bool forever;     /* lookahead forever: one set of values for all periods */
    uint32_t horizon; /* periods reported on */
    uint32_t periods; /* horizon + lookahead; with forever: horizon */
    uint32_t depths;  /* rows of stage_count: 1 + the last period in which anything new occurs */
    uint32_t stages;
    uint32_t states; /* states in which a period can begin */
    uint32_t nodes;
    uint32_t leaves;
    uint64_t cells;
    uint64_t branches;
    uint64_t options; /* sum of menu totals over distinct nodes: length of one period's strategy */
    uint32_t start;   /* the state of the first period: always 0 */
    uint32_t starts;  /* states in which play can begin, the first ones: 1, but see starts.h */

    dt_coefficients *coefficient;
    uint32_t *discount;    /* [actors] coefficient */
    uint32_t *rationality; /* [agents] coefficient; a team's is the weighted mean */

    /* What reads `now`, so that its numbers differ from period to period (dated.c). */
    uint32_t dated;              /* coefficients; 0: none, and the arrays are NULL */
    uint32_t *dated_coefficient; /* [dated] ascending */
    uint8_t *is_dated;           /* [coefficients] 1: dated */
    uint32_t dated_rows;
    uint32_t *dated_row; /* [dated_rows] rows with such a coefficient, ascending */
    uint32_t *row_since; /* [rows] the first period (from 0) in which the row can count */

    /* Private variables (secret.c): those that are secrets here, whose value isn't known to everybody
     * throughout. */
    uint32_t privates;
    int *secret_variable; /* [privates] which of the state variables */
    int *secret_of;       /* [variables] its place among these; DT_NONE: public, or known */
    int *known;           /* [variables] the value of a private one that is known; else DT_DRAWN */
    uint32_t *
        *known_prior; /* [variables] coefficients: the chance of each value of one that is known
                               because of the world; else NULL */
    uint32_t types;   /* product of their values; 1 without */
    uint32_t *secret_values; /* [privates] */
    uint32_t *secret_first;  /* [privates+1] sums of these */
    uint32_t *fineness;      /* [privates] of the grid of beliefs */
    uint32_t *prior;         /* [secret_first[privates]] coefficients: the chance of each value */
    uint8_t *is_typed; /* [coefficients] 1: it reads a private variable, or what others believe of
                                it; NULL: none does */
    uint32_t moves;
    uint32_t most_values; /* of a private variable; 1 without */
    uint8_t *move;        /* [moves][most_values] rank afterwards; move 0 leaves all as they are */

    uint32_t menus;
    dt_menu *menu; /* [menus] */

    /* rows: sparse vectors of coefficients, each distinct one once. Row 0 is empty. */
    uint32_t rows;
    uint32_t *row_first;  /* [rows+1] into the two below */
    uint16_t *row_column; /* a term, or an outcome, as the row's user says */
    uint32_t *row_coefficient;
    uint8_t *row_pays; /* [rows] 1: columns are terms, 0: columns are outcomes */

    /* Places by stage: first of each stage, first leaf, end; and how many occur in periods <= t. */
    uint32_t *stage_first; /* [stages+2] */
    uint32_t *stage_count; /* [depths][stages+1] */

    uint32_t *node_menu; /* [nodes] */
    uint8_t
        *node_dead; /* [nodes] 1: the rules lead to an error here, which is allowed where they are
                            played from situations that their own play can't bring about (vantage.h): nobody
                            decides anything, and the period ends; NULL: there is none */
    uint32_t *node_cell; /* [nodes+1] first cell */
    uint32_t
        *node_option; /* [nodes] first entry in a period's strategy: that of node_same. By stages,
                              then by the first period in which a node can occur, then by menus */

    /* Forms: what cells have in common but for where they lead. There are few, as what is paid and
     * with which probabilities things happen depends on little; each distinct one once. */
    uint32_t forms;
    uint32_t *form_row;         /* [forms] expected payments: columns are terms */
    uint32_t *form_first;       /* [forms+1] into form_coefficient */
    uint32_t *form_coefficient; /* probability of each branch */
    uint16_t *
        form_move; /* the move of each branch, by which the stage's secret goes; NULL: none moves */

    uint32_t *cell_form;   /* [cells] see dt_cell_row and dt_cell_coefficients */
    uint32_t *cell_branch; /* [cells+1] first branch */

    uint32_t *branch_target; /* [branches] place */

    uint32_t *leaf_next;   /* [leaves] state, or DT_NOWHERE: play has ended, or no period follows */
    uint8_t *leaf_ended;   /* [leaves] 1: an end's condition holds */
    uint32_t *leaf_payoff; /* [leaves] row of payoffs: columns are terms */
    uint32_t *leaf_outcome;  /* [leaves] row of outcome arguments: columns are outcomes */
    uint32_t *leaf_standing; /* [leaves] the same once play has ended, choices none; else row 0 */

    /* What is worth the same, to every actor in every world and period, best responses included
     * (alike.c): each entry is the lowest of its class, which can occur whenever one of its class
     * can. A solver may work out these alone and give the others what they have; the outcomes that
     * follow and how often a place is reached still differ from one to the other. */
    uint32_t *leaf_same; /* [leaves] the lowest leaf of the same row of payoffs and next state */
    /* [cells] the lowest cell of the same stage and row with the same branches, in whatever order:
     * the same coefficients to targets that are the same by leaf_same and node_same. Sums over the
     * branches of the lowest cell, in its order, thus stand for the whole class. Where the stage has a secret
     * the branches have the same moves, too, and those that are one public event in one cell (they lead to
     * one place) are one in the other, all in the same order. */
    uint32_t *cell_same;
    uint32_t *node_same; /* [nodes] the lowest node of the same menu with the same cells in order */

    uint32_t *state_place; /* [states] where a period begins: a leaf if no stage is played */

    dt_key_layout layout; /* of keys */
    uint32_t *key; /* [nodes+leaves][layout.words] state and live choices; see dt_game_unpack */

    uint32_t checks;
    dt_check *check; /* [checks] */

    uint8_t *action_reached; /* [all actions, stages in order] 1: enabled at some node */
    uint8_t *value_reached;  /* [all values of variables in order] 1: occurs at a period's beginning
                                or end; variables of more than DT_TRACKED_VALUES values are left out */
};

/* The row of a cell's expected payments: columns are terms. */
static inline uint32_t dt_cell_row(const dt_game *game, uint64_t cell)
{
    return game->form_row[game->cell_form[cell]];
}

/* The coefficients of the probabilities of a cell's branches, that of cell_branch[cell] first. */
static inline const uint32_t *dt_cell_coefficients(const dt_game *game, uint64_t cell)
{
    return game->form_coefficient + game->form_first[game->cell_form[cell]];
}

/* The moves of its branches; NULL: nothing moves. */
static inline const uint16_t *dt_cell_moves(const dt_game *game, uint64_t cell)
{
    return game->form_move ? game->form_move + game->form_first[game->cell_form[cell]] : NULL;
}

static inline uint32_t dt_branch_coefficient(const dt_game *game, uint64_t cell, uint64_t branch)
{
    return dt_cell_coefficients(game, cell)[branch - game->cell_branch[cell]];
}

/* The situation at a place: `slot` has room for model->slots values (not ranks). Choices that are
 * no longer live, or of skipped stages, read 0: none. Private variables, of which a place says nothing,
 * read what they are known to be, or their lowest value. */
void dt_game_unpack(const dt_game *game, uint32_t place, int *slot);

/* The stage of a place; game->stages for a leaf. */
uint32_t dt_game_stage(const dt_game *game, uint32_t place);

/* Places of a stage (game->stages: leaves) that can occur in period t (from 0). */
uint32_t dt_game_count(const dt_game *game, uint32_t stage, uint32_t period);

/* The situation as text: "arsenal=2 deal=none talks.envoy=step". */
void dt_game_describe(const dt_game *game, uint32_t place, dt_text *text);

/* The first place, of nodes and then leaves, where a row of payments is paid. */
uint32_t dt_game_row_place(const dt_game *game, uint32_t row);

/* Where the text speaks of a place: its stage; of a period's end the first payoff term, if there is one. */
dt_place dt_game_text_place(const dt_game *game, uint32_t place);

/* How a node is reached: one line for each step of a shortest way from the start. */
void dt_game_way(const dt_game *game, uint32_t place, dt_text *text);

/* The name of agent `k`'s joint action `option` in a menu: "US.pressure + ROK.engage". */
void dt_option_name(const dt_game *game, const dt_menu *menu, int k, int option, dt_text *text);

/* The place among the secrets of the one that a stage's probabilities read or its effects write, or DT_NONE. */
static inline int dt_stage_secret(const dt_game *game, int stage)
{
    const int variable = game->model->stage[stage].secret;
    return variable == DT_NONE ? DT_NONE : game->secret_of[variable];
}

/* Whether `count` games are there, and of one model. */
bool dt_games_are_one_models(dt_game *const *games, size_t count);

/* The options of a joint action, one of each agent [agents], numbered through the menu: the last agent's varies
 * fastest. */
static inline void dt_cell_options(const dt_menu *menu, int cell, int *option)
{
    for (int k = menu->agents - 1, first = menu->total; k >= 0; k--) {
        first -= menu->options[k];
        option[k] = first + cell % menu->options[k];
        cell /= menu->options[k];
    }
}

#endif
