/*
 * What the files of the checker share: the names declared so far, the model that grows, and what
 * an expression may read where it stands. One file for each idea: names (check_names.c),
 * expressions (check_expression.c) and the comparisons that give bare names a meaning
 * (check_compare.c), lets, parameters, the declarations with a domain, stages, effects, the changes of
 * settings and policies, these themselves, expectations, and the warnings at the end.
 *
 * Invariant: a piece that is in error has been told once, and has the type DT_VALUE_WRONG, which
 * nothing complains about a second time.
 */
#ifndef DT_MODEL_CHECKER_H
#define DT_MODEL_CHECKER_H

#include "lang/syntax.h"
#include "model/model.h"

/* ---- names ---- */

/* Where a name must be unique. */
typedef enum dt_space {
    DT_SPACE_SHARED, /* actors, roles, parameters, lets, states, stages, levers, policies */
    DT_SPACE_OUTCOMES,
    DT_SPACE_SOURCES,
    DT_SPACE_VALUES,   /* within: the variable that declares the enumeration first */
    DT_SPACE_ACTIONS,  /* within: the slot of the choice */
    DT_SPACE_MOVES,    /* within: the mover as an owner; index: first stage with mover and action */
    DT_SPACE_TERMS,    /* within: the owner */
    DT_SPACE_SETTINGS, /* within: the lever */
} dt_space;

/* What a name stands for; the second column is told to people. */
#define DT_NAME_KINDS(X)                                                                           \
    X(ACTOR, "an actor")                                                                           \
    X(ROLE, "a role")                                                                              \
    X(PARAM, "a parameter")                                                                        \
    X(LET, "a let")                                                                                \
    X(STATE, "a state variable")                                                                   \
    X(STAGE, "a stage")                                                                            \
    X(LEVER, "a lever")                                                                            \
    X(POLICY, "a policy")                                                                          \
    X(OUTCOME, "an outcome")                                                                       \
    X(SOURCE, "a source")                                                                          \
    X(VALUE, "a value")                                                                            \
    X(ACTION, "an action")                                                                         \
    X(TERM, "a payoff term")                                                                       \
    X(SETTING, "a setting")

typedef enum dt_name_kind {
#define X(kind, phrase) DT_NAME_##kind,
    DT_NAME_KINDS(X)
#undef X
        DT_NAME_KIND_COUNT
} dt_name_kind;

typedef struct dt_entry {
    const char *name;
    dt_place place;
    dt_space space;
    uint32_t within; /* 0 for the spaces that aren't divided */
    dt_name_kind kind;
    int index; /* of the thing among its kind */
    bool used;
    bool twice; /* declared once more, which was told: what it stands for isn't known */
} dt_entry;

/* A name that there isn't, which was told. */
typedef struct dt_missed {
    dt_space space;
    dt_slice name;
} dt_missed;

/* ---- values ---- */

typedef enum dt_value_kind {
    DT_VALUE_WRONG, /* in error, and that was told */
    DT_VALUE_BOOL,
    DT_VALUE_NUMBER,
    DT_VALUE_ENUM,   /* index: the variable that declares the enumeration first */
    DT_VALUE_CHOICE, /* index: its slot; literal: an action of that choice, or `none` */
    DT_VALUE_ROLE,   /* index: the role; literal: an actor */
} dt_value_kind;

typedef struct dt_value {
    dt_value_kind kind;
    int index;
    bool literal;
    uint32_t expression;
} dt_value;

/* Something that an expression reads: what, through which let (DT_NONE: directly), and where. */
typedef struct dt_read {
    int index; /* DT_NONE: nothing of this sort is read */
    int let;
    dt_place place;
} dt_read;

enum { DT_READ_NOW, DT_READ_DATE };

/* What an expression reads, as far as a context may object to it. */
typedef struct dt_reads {
    dt_read parameter; /* the first one */
    dt_read state;     /* the first public variable or choice, as a slot */
    dt_read role;      /* the first one */
    dt_read choice;    /* the slot of the choice made latest in the period */
    dt_read calendar;  /* the first `now` (index DT_READ_NOW) or date (DT_READ_DATE) */
    dt_read secret;    /* the first private variable */
    dt_read secret2;   /* the first private variable other than that */
    dt_read belief;    /* the first belief: the variable that it is about */
} dt_reads;

/* What an expression may read where it stands. */
typedef struct dt_context {
    const char *what; /* "a guard" */
    bool parameters;  /* whether parameters may be read */
    bool situation;   /* state, choices and roles */
    bool calendar;    /* `now` and dates */
    bool secrets;     /* private variables */
    bool beliefs;     /* what others believe about them */
    int stage;        /* choices of earlier stages only; DT_PERIOD_END: of all */
} dt_context;

enum { DT_PERIOD_END = INT32_MAX };

/* ---- the checker ---- */

typedef enum dt_let_state { DT_LET_UNSEEN, DT_LET_ACTIVE, DT_LET_DONE } dt_let_state;

typedef struct dt_let {
    dt_named is;
    const dt_syntax *body;
    dt_let_state state;
    bool circular; /* that was told */
    dt_value value;
    dt_reads reads;
} dt_let;

typedef dt_list(const dt_syntax *) dt_syntax_list;
typedef dt_list(const char *) dt_strings;

typedef struct dt_checker {
    dt_arena *arena;
    const dt_source *source;
    const dt_syntax *file;
    dt_diagnostics *diagnostics;
    dt_model *model;
    bool broken;      /* the syntax has errors: what is missing may have been meant to be there */
    int details;      /* errors that may still have a costly hint */
    dt_indices lines; /* offsets at which lines begin; found when first needed */

    dt_list(dt_entry) entry;
    dt_list(dt_missed) missed;
    uint32_t *bucket; /* 1 + index into entry, 0 empty; open addressing */
    size_t buckets;

    int *enumeration; /* [variables] the variable that declares its enumeration first */
    int lets;
    dt_let *let;          /* [lets] */
    dt_indices active;    /* lets being checked, outermost first */
    dt_syntax_list spine; /* a stack: chains of operators being checked */
    dt_action **action;   /* [stages] the actions of each stage, while they are being made */
    bool broken_levers;   /* a lever is in error: what a policy amounts to isn't known */
    bool *unknown_mover;  /* [stages] a mover is in error: who else is one can't be told */

    dt_list(dt_term) terms;
    dt_list(dt_outcome) outcomes;
    bool *actor_engaged;   /* [actors] moves somewhere, or is paid */
    unsigned *assigned_by; /* [variables] movers of this stage that assign it, as bits */
    unsigned *written_by;  /* [variables] movers of this stage that write it in any way */
    dt_indices written;    /* variables written in this stage */
} dt_checker;

/* ---- check_names.c ---- */

/* The builtin functions: name, operator, least and most arguments, and how these are written. */
#define DT_FUNCTIONS(X)                                                                            \
    X("min", DT_OP_MIN, 2, INT32_MAX, "x, y, …")                                                   \
    X("max", DT_OP_MAX, 2, INT32_MAX, "x, y, …")                                                   \
    X("abs", DT_OP_ABS, 1, 1, "x")                                                                 \
    X("exp", DT_OP_EXP, 1, 1, "x")                                                                 \
    X("log", DT_OP_LOG, 1, 1, "x")                                                                 \
    X("sqrt", DT_OP_SQRT, 1, 1, "x")                                                               \
    X("clamp", DT_OP_CLAMP, 3, 3, "x, low, high")                                                  \
    X("mod", DT_OP_MODULO, 2, 2, "x, y")                                                           \
    X("floor", DT_OP_FLOOR, 1, 1, "x")                                                             \
    X("pow", DT_OP_POWER, 2, 2, "x, y")                                                            \
    X("belief", DT_OP_BELIEF, 1, 1, "condition")
/* The words of the distributions, in order; NULL after the last. */
const char *dt_distribution_word(size_t index);
/* A slice as a text, shortened if it is very long; a text made by printf. In the arena. */
const char *dt_check_text(dt_checker *c, dt_slice text);
/* A piece of the text as it is written, on one line and without comments. */
const char *dt_check_written(dt_checker *c, dt_place place);
const char *dt_check_say(dt_checker *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The line of a place, from 1. */
int dt_check_line(dt_checker *c, dt_place place);
/* Name, description and place of a declaration. */
dt_named dt_check_named(dt_checker *c, const dt_syntax *node);
/* Where the name of a node stands. */
dt_place dt_name_place(const dt_syntax *node);
const char *dt_name_phrase(dt_name_kind kind);
/* Adds a name; false, and told, if the space has it already. */
bool dt_names_add(dt_checker *c, dt_space space, uint32_t within, dt_slice name, dt_place place,
                  dt_name_kind kind, int index);
/* NULL if there is none. Valid until the next name is added. */
dt_entry *dt_names_find(const dt_checker *c, dt_space space, uint32_t within, dt_slice name);
/* "did you mean 'x'?" for the nearest name of some kinds (as bits) in a space, or NULL. */
const char *dt_names_nearest(dt_checker *c, dt_space space, uint32_t within, unsigned kinds,
                             dt_slice name);
/* Notes that a name is missing; false if that was told before: once is enough, as the cause is one. */
bool dt_names_missed(dt_checker *c, dt_space space, dt_slice name);
/* What a name without a meaning would mean elsewhere, as a hint, or NULL. */
const char *dt_names_meaning(dt_checker *c, dt_slice name);
/* The index of what a node's name stands for, or DT_NONE, told, if that isn't of this kind. */
int dt_check_refer(dt_checker *c, const dt_syntax *node, dt_name_kind kind);
/* The actor or role that a node's name stands for; false, and told, if it is neither. */
bool dt_check_owner(dt_checker *c, const dt_syntax *node, dt_owner *owner);
uint32_t dt_owner_code(dt_owner owner);

/* ---- check_expression.c ---- */

dt_context dt_context_parameters(const char *what);       /* parameters alone */
dt_context dt_context_guard(const char *what, int stage); /* no parameters, nothing private */
dt_context dt_context_number(const char *what, int stage);
dt_context dt_context_outcome(void);

/* A value that is in error, and as a type the one that isn't known or wanted. */
extern const dt_value dt_value_unknown;
dt_value dt_value_wrong(dt_checker *c);
dt_value dt_value_of(dt_value_kind kind, int index, uint32_t expression);
/* What reading a state variable gives. */
dt_value dt_value_of_variable(dt_checker *c, int variable);
const char *dt_value_phrase(dt_checker *c, dt_value value);
dt_reads dt_reads_none(void);

/* "'now'" or "a date": what is read of the calendar. */
const char *dt_calendar_phrase(int index);

/* Whole expressions where they stand: any number or condition, with bare names read as values of
 * type `wanted`; a number (yes/no and ranks included); a condition. In error: the constant 0. */
dt_value dt_check_wanted(dt_checker *c, const dt_syntax *node, dt_context context, dt_value wanted);
uint32_t dt_check_number(dt_checker *c, const dt_syntax *node, dt_context context);
uint32_t dt_check_reading(dt_checker *c, const dt_syntax *node, dt_context context,
                          dt_reads *reads); /* a number, and what it reads */
uint32_t dt_check_condition(dt_checker *c, const dt_syntax *node, dt_context context);

/* Parts of expressions: anything; anything but choices and roles; a condition. What is read is
 * added to `reads`. */
dt_value dt_check_value(dt_checker *c, dt_reads *reads, const dt_syntax *node, dt_value wanted);
dt_value dt_check_operand(dt_checker *c, dt_reads *reads, const dt_syntax *node);
bool dt_check_is_condition(dt_checker *c, dt_reads *reads, const dt_syntax *node, dt_value *value);

void dt_check_arity(dt_checker *c, const dt_syntax *node, const char *arguments, int least,
                    bool more, int given);
/* The operator of a call and how many operands it takes; 0, and told, if the call is wrong. */
uint32_t dt_check_function(dt_checker *c, const dt_syntax *node, dt_operator *op);
dt_operator dt_check_chain_operator(dt_syntax_kind kind);

/* ---- check_compare.c ---- */

int dt_stage_mover(const dt_stage *stage, dt_owner owner);
const char *dt_check_movers_hint(dt_checker *c, const dt_stage *stage, dt_owner owner);
int dt_check_choice(dt_checker *c, const dt_syntax *node);
bool dt_check_literal(dt_checker *c, const dt_syntax *node, dt_value wanted, dt_value *value);
dt_operator dt_check_comparison_operator(dt_syntax_kind kind, bool *exchanged);
dt_value dt_check_comparison(dt_checker *c, dt_reads *reads, const dt_syntax *node);
dt_value dt_check_conditional(dt_checker *c, dt_reads *reads, const dt_syntax *node,
                              dt_value wanted);

/* ---- check_private.c ---- */

/* The list of private variables, after all variables; the line `beliefs`. */
void dt_check_privates(dt_checker *c);
void dt_check_fineness(dt_checker *c, const dt_syntax *line);
/* Whether a stage may be hidden, once its movers are known; */
void dt_check_hidden(dt_checker *c, const dt_syntax *node, dt_stage *stage);
/* and what a stage then does: that a probability of it reads a private variable, that an effect of it
 * writes a variable; that a policy's `role` gives its mover another holder. */
void dt_check_secret_read(dt_checker *c, int stage, const dt_read *read);
void dt_check_secret_write(dt_checker *c, int stage, int variable, dt_place place);
void dt_check_hidden_holder(dt_checker *c, const dt_syntax *node, int role, int actor);
/* belief(condition) */
dt_value dt_check_belief(dt_checker *c, dt_reads *reads, const dt_syntax *node);

/* ---- check_let.c ---- */

dt_value dt_check_let(dt_checker *c, int index);
void dt_check_lets(dt_checker *c);

/* ---- the declarations, one file each ---- */

void dt_check_parameters(dt_checker *c);
void dt_check_support(dt_checker *c, const dt_syntax *node, int *source, bool *judgement);

void dt_check_variables(dt_checker *c);
void dt_check_all_chances(dt_checker *c);
/* Tells that there is more than the limit, a line of limits.def, allows. */
void dt_check_too_many(dt_checker *c, dt_place place, int limit);

bool dt_check_whole(dt_checker *c, const dt_syntax *node, const char *what, int low, int high,
                    int *value);
/* What a variable can be: "a whole number from 0 to 4", "yes or no", "none, pause or cap". */
const char *dt_check_domain_text(dt_checker *c, const dt_variable *variable);
bool dt_check_domain_value(dt_checker *c, const dt_syntax *node, int variable, int *value);

void dt_check_stages(dt_checker *c);
void dt_check_stage_bodies(dt_checker *c);
void dt_check_engage(dt_checker *c, dt_owner owner);

dt_effects dt_check_effects(dt_checker *c, const dt_syntax *node, int stage,
                            const dt_action *action);
void dt_check_writes_end(dt_checker *c);
int dt_check_term(dt_checker *c, dt_owner owner, dt_named is);

void dt_check_payoffs(dt_checker *c);
void dt_check_ends(dt_checker *c);
void dt_check_outcomes(dt_checker *c);
void dt_check_form(dt_checker *c, const dt_syntax *node, dt_outcome *outcome);

/* The changes that stand in a policy or a setting, each in the order written; how many in *changes. */
const dt_change *dt_check_changes(dt_checker *c, const dt_syntax *node, int *changes);
/* param = number, of changes and expectations; false, and told, if there is no such parameter. */
bool dt_check_given(dt_checker *c, const dt_syntax *node, dt_given *given);

/* Levers, and then the policies, which use them. */
void dt_check_levers(dt_checker *c);
void dt_check_policies(dt_checker *c);

/* ---- check_expect.c, check_tour.c ---- */

void dt_check_expects(dt_checker *c);
/* Adds what a GIVEN gives to `with`; told if its parameter was given before. */
void dt_check_with(dt_checker *c, const dt_syntax *node, dt_given *with, int *withs);
/* `node`: the one TOUR, or NULL. */
void dt_check_tour(dt_checker *c, const dt_syntax *node);

void dt_check_warnings(dt_checker *c);

#endif
