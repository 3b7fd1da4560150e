/*
 * Namings: what the parser may take a name for, one line of a table each: how that is put where it is
 * wanted and something else stands, what kind of thing the name declares, and among which kinds it is
 * looked up. The parser notes on each name which of them it was (token.h), so that whoever colours a text,
 * or says what may stand at a place of it, goes by the parser alone and by no grammar of its own (marks.h,
 * model/offers.h).
 */
#ifndef DT_LANG_NAMING_H
#define DT_LANG_NAMING_H

/* What a stretch of a text is: id, word. From the model on kinds of names; a name that several of these have
 * is of the first of them, so what shares the one name space stands before what is read beside something. */
#define DT_MARKS(X)                                                                                \
    X(NOTHING, "")                                                                                 \
    X(KEYWORD, "keyword")                                                                          \
    X(NUMBER, "number")                                                                            \
    X(DATE, "date")                                                                                \
    X(STRING, "string")                                                                            \
    X(COMMENT, "comment")                                                                          \
    X(ERROR, "error") /* can't stand in a model */                                                 \
    X(NAME, "name")   /* of nothing that is declared */                                            \
    X(MODEL, "model") /* itself, and its period */                                                 \
    X(ACTOR, "actor")                                                                              \
    X(ROLE, "role")                                                                                \
    X(PARAMETER, "parameter")                                                                      \
    X(LET, "let")                                                                                  \
    X(VARIABLE, "variable")                                                                        \
    X(STAGE, "stage")                                                                              \
    X(LEVER, "lever")                                                                              \
    X(POLICY, "policy")                                                                            \
    X(SOURCE, "source")                                                                            \
    X(OUTCOME, "outcome")                                                                          \
    X(END, "end")                                                                                  \
    X(TERM, "term")                                                                                \
    X(VALUE, "value")     /* of a variable */                                                      \
    X(ACTION, "action")   /* of a mover */                                                         \
    X(SETTING, "setting") /* of a lever */                                                         \
    X(FUNCTION, "function")                                                                        \
    X(PANEL, "panel") /* of the page */

typedef enum dt_mark {
#define X(id, word) DT_MARK_##id,
    DT_MARKS(X)
#undef X
        DT_MARK_COUNT
} dt_mark;

#define DT_MARKED(id) (1u << DT_MARK_##id)

/* What an expression reads as a number or a condition. */
#define DT_MARKED_READ                                                                             \
    (DT_MARKED(VARIABLE) | DT_MARKED(PARAMETER) | DT_MARKED(LET) | DT_MARKED(ACTOR) |              \
     DT_MARKED(ROLE) | DT_MARKED(VALUE) | DT_MARKED(ACTION))

/* id, how it is put, the kind it declares, the kinds among which it is looked up */
#define DT_NAMINGS(X)                                                                              \
    X(NONE, "", NOTHING, 0)                       /* no name, or not read */                       \
    X(WORD, "a word of the language", KEYWORD, 0) /* taken as itself */                            \
    X(DIRECTION, "a direction", KEYWORD, 0)       /* minimise, maximise */                         \
    X(LABEL, "a label", DATE, 0)                  /* of the first period */                        \
    X(MODEL, "the model's name", MODEL, 0)                                                         \
    X(PERIOD, "what a period is: a name such as quarter", MODEL, 0)                                \
    X(SOURCE, "the name of a source", SOURCE, 0)                                                   \
    X(ACTOR, "the name of an actor", ACTOR, 0)                                                     \
    X(PARAMETER, "the name of a parameter", PARAMETER, 0)                                          \
    X(LET, "a name", LET, 0)                                                                       \
    X(VARIABLE, "the name of a state variable", VARIABLE, 0)                                       \
    X(VALUE, "the name of a value", VALUE, 0)                                                      \
    X(ROLE, "the name of a role", ROLE, 0)                                                         \
    X(STAGE, "the name of a stage", STAGE, 0)                                                      \
    X(ACTION, "the name of an action", ACTION, 0)                                                  \
    X(TERM, "the name of a payoff term", TERM, 0)                                                  \
    X(END, "a name for this end", END, 0)                                                          \
    X(OUTCOME, "the name of an outcome", OUTCOME, 0)                                               \
    X(LEVER, "the name of a lever", LEVER, 0)                                                      \
    X(SETTING, "the name of a setting", SETTING, 0)                                                \
    X(POLICY, "the name of a policy", POLICY, 0)                                                   \
    X(FORM, "a form", FUNCTION, 0)                                                                 \
    X(FUNCTION, "a function", FUNCTION, 0)                                                         \
    X(DISTRIBUTION, "the name of a distribution", FUNCTION, 0)                                     \
    X(CITED, "the name of a source", NOTHING, DT_MARKED(SOURCE))                                   \
    X(A_PARAMETER, "a parameter", NOTHING, DT_MARKED(PARAMETER))                                   \
    X(OWNER, "the actor who knows it", NOTHING, DT_MARKED(ACTOR))                                  \
    X(AN_ACTOR, "an actor", NOTHING, DT_MARKED(ACTOR))                                             \
    X(PAID, "an actor or a role", NOTHING, DT_MARKED(ACTOR) | DT_MARKED(ROLE))                     \
    X(MOVES, "an actor, a role or 'chance'", NOTHING, DT_MARKED(ACTOR) | DT_MARKED(ROLE))          \
    X(MOVER, "a mover", NOTHING, DT_MARKED(ACTOR) | DT_MARKED(ROLE))                               \
    X(ORDERED, "an action: MOVER.NAME", NOTHING, DT_MARKED(ACTOR) | DT_MARKED(ROLE))               \
    X(AN_ACTION, "the name of an action", NOTHING, DT_MARKED(ACTION)) /* of the mover before it */ \
    X(A_ROLE, "a role", NOTHING, DT_MARKED(ROLE))                                                  \
    X(A_VARIABLE, "a variable", NOTHING, DT_MARKED(VARIABLE))                                      \
    X(STARTED, "a state variable", NOTHING, DT_MARKED(VARIABLE))                                   \
    X(A_VALUE, "a value: a number, a name, 'yes' or 'no'", NOTHING, DT_MARKED(VALUE))              \
    X(READ, "a value", NOTHING, DT_MARKED_READ)                                                    \
    X(CHOICE, "a value", NOTHING, DT_MARKED(STAGE)) /* of a mover named after it */                \
    X(EXPECTED, "a value", NOTHING, DT_MARKED(OUTCOME))                                            \
    X(A_POLICY, "the name of a policy", NOTHING, DT_MARKED(POLICY))                                \
    X(A_LEVER, "the name of a lever", NOTHING, DT_MARKED(LEVER))                                   \
    X(A_SETTING, "the name of a setting", NOTHING, DT_MARKED(SETTING)) /* of the lever before */   \
    X(SHOWN, "a panel of the page, an outcome or a policy", NOTHING,                               \
      DT_MARKED(POLICY) | DT_MARKED(OUTCOME) | DT_MARKED(PANEL))

typedef enum dt_naming {
#define X(id, shown, declares, among) DT_NAMING_##id,
    DT_NAMINGS(X)
#undef X
        DT_NAMING_COUNT
} dt_naming;

/* "keyword", … */
const char *dt_mark_word(dt_mark mark);

/* How a naming is put: "the name of a policy". */
const char *dt_naming_shown(dt_naming naming);

/* What a name taken for this declares, or is by itself; NOTHING if it is looked up. */
dt_mark dt_naming_declares(dt_naming naming);

/* Among which marks it is looked up: their DT_MARKED bits. */
unsigned dt_naming_among(dt_naming naming);

#endif
