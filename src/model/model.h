/*
 * The checked model: what the syntax tree says, with every name resolved, every type right, and
 * every expression in one table. It is immutable once `dt_model_check` has made it. Indices are
 * used instead of pointers throughout; -1 means none unless a comment says otherwise. Arrays are in
 * the order of declaration.
 *
 * Slots: the state variables come first (0 … variables-1), then one slot for each choice
 * `stage.MOVER` (a stage's movers in order). A situation is one number per slot.
 */
#ifndef DT_MODEL_MODEL_H
#define DT_MODEL_MODEL_H

#include <limits.h>

#include "base/diagnostic.h"
#include "base/limits.h"
#include "lang/form.h"
#include "model/expression.h"

enum { DT_NONE = -1, DT_FOREVER = -1 };
/* In place of a private variable's value at the start: it is drawn by the prior. */
enum { DT_DRAWN = INT_MIN };

typedef struct dt_named {
    const char *name;
    const char *description; /* "" if none */
    dt_place place;          /* of the name where it is declared */
} dt_named;

typedef struct dt_actor {
    dt_named is;
    uint32_t discount;    /* expression of parameters */
    uint32_t rationality; /* likewise */
    dt_place discount_place, rationality_place;
    const char *unit; /* of payoffs; "" if not given */
} dt_actor;

typedef enum dt_distribution_kind {
    DT_DISTRIBUTION_NONE,
    DT_UNIFORM,    /* low, high */
    DT_NORMAL,     /* mean, standard deviation */
    DT_LOGNORMAL,  /* mean and standard deviation of the log */
    DT_BETA,       /* a, b */
    DT_GAMMA,      /* shape, scale */
    DT_TRIANGULAR, /* min, mode, max */
    DT_PERT,       /* min, mode, max */
} dt_distribution_kind;

typedef struct dt_param {
    dt_named is;
    double value;
    dt_uncertainty uncertainty;
    double low, high;   /* declared range, ends of the list, or truncation; ∓INFINITY if none */
    int values;         /* of the list that a deep parameter is declared over; 0: a range */
    const double *list; /* [values] ascending */
    double least, most; /* where range and distribution meet, ∓INFINITY where neither ends; a
                           fixed number's value */
    dt_distribution_kind distribution;
    double argument[3];
    const char *distribution_text; /* "beta(11, 8)", "" if none */
    int source;                    /* index, or DT_NONE */
    bool judgement;
    const char *group; /* title, "" if none */
} dt_param;

typedef struct dt_correlation {
    int a, b; /* parameters */
    double rank;
} dt_correlation;

/* How the risks that correlate hang together: their normal scores are L z with z independent, so a
 * parameter's score depends on those declared before it. */
typedef struct dt_copula {
    size_t rows;          /* parameters that correlate */
    const int *param;     /* [rows] in order of declaration */
    const double *factor; /* [rows][rows] L, the lower triangle alone; the rest means nothing */
} dt_copula;

typedef enum dt_type_kind { DT_TYPE_BOOL, DT_TYPE_RANGE, DT_TYPE_ENUM } dt_type_kind;

typedef struct dt_variable {
    dt_named is;
    dt_type_kind type;
    int low, high;            /* bool: 0, 1; enumeration: 0, values-1 */
    const char *const *value; /* [high+1] names of an enumeration's values; else NULL */
    int start;                /* declared value */
    int owner;                /* actor to whom it is private, or DT_NONE: public */
    uint32_t *chance;         /* [high-low+1] the prior, expressions of parameters; NULL: `start` */
} dt_variable;

typedef struct dt_role {
    dt_named is;
    int actor; /* as declared; a policy may change it */
} dt_role;

/* An actor, or the actor who holds a role. */
typedef struct dt_owner {
    bool is_role;
    int index;
} dt_owner;

typedef enum dt_effect_kind {
    DT_ASSIGN, /* variable := expression */
    DT_ADD,    /* variable += expression; a subtraction is an ADD of the negation */
    DT_PAY,    /* term gets expression */
    DT_IF,     /* arms: one with a guard, then maybe one without: the else */
    DT_WITH,   /* arms with probabilities, the last maybe without: the else, 1 - their sum. With
                  `exhaustive` there is no else and they must sum to 1. `with p {}` without an
                  else has an empty else arm. */
} dt_effect_kind;

typedef struct dt_effect dt_effect;

typedef struct dt_effects {
    const dt_effect *at;
    int count;
} dt_effects;

typedef struct dt_arm {
    int64_t condition; /* expression, or DT_NONE: else */
    dt_place place;    /* of the expression */
    dt_effects body;
} dt_arm;

struct dt_effect {
    dt_effect_kind kind;
    int target;          /* variable, or term; else DT_NONE */
    uint32_t expression; /* of ASSIGN, ADD, PAY */
    dt_place place;      /* of the expression; of a WITH: of the whole effect */
    bool exhaustive;
    const dt_arm *arm;
    int arms;
};

typedef struct dt_action {
    dt_named is;
    int mover;              /* index among the stage's movers */
    int64_t guard;          /* expression, or DT_NONE: always */
    const char *guard_text; /* as written, on one line; "" if none */
    dt_effects effects;
} dt_action;

typedef struct dt_stage {
    dt_named is;
    int movers;            /* 0: chance */
    const dt_owner *mover; /* [movers] */
    int first_choice;      /* slot of the first mover's choice; the others follow */
    int64_t when;          /* expression, or DT_NONE: always */
    const char *when_text; /* as written, on one line; "" if none */
    int actions;
    const dt_action *action; /* [actions], the movers' actions as declared (maybe interleaved) */
    dt_effects effects;      /* of a chance stage */
    bool hidden; /* nobody sees what its one mover, who owns a private variable, has chosen */
    int secret; /* the private variable that its probabilities read or its effects write, or DT_NONE */
} dt_stage;

/* Something an actor is paid: a payoff term, or the payments that carry one label. Payoff terms and
 * payments of one owner with one name are one term. A payment without a label takes the name of
 * its action, "stage.MOVER.action", or of its chance stage. */
typedef struct dt_term {
    dt_named is;
    dt_owner owner;
    int64_t payoff;        /* expression at the end of every period, or DT_NONE: only payments */
    dt_place payoff_place; /* of that, else of the amount of its first payment */
    /* Where the payments without a label are made that alone make up the term; else DT_NONE. */
    int stage;
    const dt_action *action; /* NULL: in a chance stage */
} dt_term;

typedef struct dt_outcome {
    dt_named is;
    int direction; /* +1 maximise, -1 minimise, 0 */
    dt_form form;
    uint32_t argument;
    bool headline;     /* among those shown first */
    const char *group; /* title, "" if none */
    bool declared;     /* false: a form written in an expectation, placed after the declared ones */
} dt_outcome;

/* `forbid` and `force`. */
typedef struct dt_order {
    dt_owner mover;     /* as the stages write it */
    const char *action; /* its name; each stage with this mover and action is meant */
    int64_t when;       /* expression, or DT_NONE: always */
} dt_order;

typedef struct dt_team {
    int members;
    const int *member;    /* [members] actors */
    const double *weight; /* [members]; 1/members unless given */
    dt_place place;
} dt_team;

/* A number given in place of the declared one. */
typedef struct dt_given {
    int parameter;
    double value;
    dt_place place; /* of the number */
} dt_given;

typedef enum dt_change_kind {
    DT_CHANGE_TEAM,
    DT_CHANGE_FORBID,
    DT_CHANGE_FORCE,
    DT_CHANGE_SET,
    DT_CHANGE_ROLE,
    DT_CHANGE_START,
} dt_change_kind;

/* One change of the game: a line of a policy, or of a setting of a lever. */
typedef struct dt_change {
    dt_change_kind kind;
    dt_team team;     /* of a TEAM */
    dt_order order;   /* of a FORBID or FORCE */
    dt_given set;     /* of a SET */
    int what, to;     /* of a ROLE: role and actor; of a START: variable and value */
    dt_place place;   /* of the line */
    const char *name; /* what it is about: "set c_offer", "role envoy", "forbid envoy.grand" */
    const char *text; /* the line as it is written */
} dt_change;

typedef struct dt_setting {
    dt_named is;
    int changes;
    const dt_change *change; /* [changes] in the order written */
} dt_setting;

/* A dimension of policy. */
typedef struct dt_lever {
    dt_named is;
    int settings; /* at least two */
    const dt_setting *setting;
} dt_lever;

/* What the changes that are in force together amount to (regime.c). */
typedef struct dt_regime {
    int teams, forbids, forces, sets;
    const dt_team *team;
    const dt_order *forbid, *force;
    const dt_given *set; /* [sets] each parameter at most once */
    const int *holder;   /* [roles] actor */
    const int *start;    /* [variables] value at the start; DT_DRAWN: by its prior */
} dt_regime;

typedef struct dt_policy {
    dt_named is;
    int source;              /* index, or DT_NONE */
    const size_t *setting;   /* [levers] which setting is in force */
    int changes;             /* of its own */
    const dt_change *change; /* [changes] in the order written */
    dt_regime regime;        /* of the settings and its own changes together */
} dt_policy;

/* The condition of an expectation: a small tree over numbers and outcomes. */
typedef struct dt_condition dt_condition;
struct dt_condition {
    dt_operator op;      /* CONSTANT, SLOT: an outcome, or an operator */
    double value;        /* of a CONSTANT */
    int outcome, policy; /* of a SLOT; policy DT_NONE: the one that is looked at */
    const dt_condition *operand[3];
};

typedef struct dt_expect {
    const char *text;
    dt_place place;
    int policy; /* or DT_NONE: every policy */
    int withs;
    const dt_given *with;
    const dt_condition *condition;
} dt_expect;

struct dt_model {
    dt_arena *arena;
    dt_source source;
    dt_named is;
    const char *question;             /* "" if not given */
    const char *period, *period_from; /* likewise; from: a date or not (calendar.h) */
    dt_place period_from_place;
    int horizon;
    int lookahead; /* or DT_FOREVER */
    int beliefs;   /* fineness of the grid of beliefs; 0: not given */

    int actors, params, correlations, sources, variables, roles, stages, terms, outcomes, levers,
        policies, expects, ends;
    int declared_outcomes; /* outcomes of the model; those of expectations follow */
    int slots;             /* variables, then choices */
    dt_actor *actor;
    dt_param *param;
    dt_correlation *correlation;
    dt_copula copula;
    dt_named *source_list; /* [sources] */
    dt_variable *variable;
    int privates;
    const int *private_variable; /* [privates] variables with an owner, in order of declaration */
    dt_role *role;
    dt_stage *stage;
    dt_term *term;
    dt_outcome *outcome;
    dt_lever *lever;
    dt_policy *policy; /* at least one */
    dt_expect *expect;
    const char *tour; /* its title; "" if none */
    int steps;
    dt_tour_step *step; /* [steps] */
    uint32_t *end;      /* [ends] conditions; play ends when one holds at the end of a period */
    dt_named *end_list; /* [ends] */

    dt_expressions expression;
};

/* Number of values a slot can take: of a variable high-low+1, of a choice 1 + actions. */
int dt_slot_values(const dt_model *model, int slot);
/* The least value of a slot: a variable's low, a choice's 0. */
int dt_slot_low(const dt_model *model, int slot);
/* The stage whose choice a slot past the variables is, and its mover in *mover. */
int dt_slot_stage(const dt_model *model, int slot, int *mover);
/* A slot's name into `text`: "tension", "talks.envoy"; and a value's: "3", "cap", "yes", "step". */
void dt_slot_name(const dt_model *model, int slot, dt_text *text);
void dt_slot_value_name(const dt_model *model, int slot, int value, dt_text *text);
/* The variable that is private to an actor, or DT_NONE. */
int dt_private_of(const dt_model *model, int actor);
bool dt_slot_is_private(const dt_model *model, int slot);
/* Whether two conditions (DT_NONE: always) hold in the same situations (same.c). */
bool dt_same_condition(const dt_model *model, int64_t a, int64_t b);
/* The name of an owner: the actor's or the role's. */
const char *dt_owner_name(const dt_model *model, dt_owner owner);

#endif
