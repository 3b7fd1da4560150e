/*
 * The syntax tree. One kind of node for all of the language: what it is, where it stands, the name
 * or text it carries, and its children. The table below is the whole grammar of the tree; the
 * parser builds it (`parse.c`), the checker reads it (`src/model/check*.c`), and the formatter
 * works on the tokens it was made from. A piece that couldn't be parsed is left out (the error is
 * told); the rest of the tree is still good for checking.
 */
#ifndef DT_LANG_SYNTAX_H
#define DT_LANG_SYNTAX_H

#include "base/diagnostic.h"
#include "base/limits.h"

typedef enum dt_syntax_kind {
    /* The file: its declarations in order. */
    DT_SYNTAX_FILE,

    /* Declarations. `text` is the declared name; a DT_SYNTAX_STRING child is its description. */
    DT_SYNTAX_MODEL,     /* [STRING] */
    DT_SYNTAX_QUESTION,  /* STRING */
    DT_SYNTAX_GROUP,     /* STRING: of the outcomes and parameters up to the next */
    DT_SYNTAX_PERIOD,    /* text: "quarter"; [LABEL]: from 2017Q3 */
    DT_SYNTAX_HORIZON,   /* NUMBER */
    DT_SYNTAX_LOOKAHEAD, /* NUMBER, or none: forever */
    DT_SYNTAX_BELIEFS,   /* NUMBER */
    DT_SYNTAX_SOURCE,    /* [STRING] */
    DT_SYNTAX_ACTOR,     /* [STRING] [DISCOUNT] [RATIONALITY] [UNIT] */
    DT_SYNTAX_PARAM,     /* NUMBER, [RANGE | LIST] [DISTRIBUTION] [STRING] [CITE | JUDGEMENT] */
    DT_SYNTAX_CORRELATE, /* NAME NAME NUMBER */
    DT_SYNTAX_LET,       /* expression, [STRING] */
    DT_SYNTAX_STATE,     /* type, initial (a value), [STRING] */
    DT_SYNTAX_PRIVATE,   /* NAME of the actor, type, initial (a value or CHANCES), [STRING] */
    DT_SYNTAX_ROLE,      /* NAME of the actor, [STRING] */
    DT_SYNTAX_STAGE,     /* [HIDDEN] MOVERS [WHEN] [STRING], then ACTIONs; or, if chance, EFFECTS */
    DT_SYNTAX_PAYOFF,    /* text: the actor or role; [STRING], TERMs */
    DT_SYNTAX_END,       /* [STRING] WHEN */
    DT_SYNTAX_OUTCOME,   /* [STRING] [DIRECTION] [HEADLINE] FORM */
    DT_SYNTAX_LEVER,     /* [STRING], SETTINGs */
    DT_SYNTAX_POLICY, /* [STRING] [CITE | JUDGEMENT], then USE, TEAM, FORBID … START in order */
    DT_SYNTAX_EXPECT, /* STRING, [UNDER], GIVENs, then the condition */
    DT_SYNTAX_TOUR,   /* [STRING], STEPs */

    /* Parts of declarations. */
    DT_SYNTAX_STRING,       /* text without its quotes, as written */
    DT_SYNTAX_LABEL,        /* text: 2017Q3 */
    DT_SYNTAX_DISCOUNT,     /* expression */
    DT_SYNTAX_RATIONALITY,  /* expression */
    DT_SYNTAX_UNIT,         /* STRING: of an actor's payoffs */
    DT_SYNTAX_RANGE,        /* NUMBER NUMBER, as a type too: 0..4 */
    DT_SYNTAX_LIST,         /* NUMBERs: {1, 2, 4} */
    DT_SYNTAX_DISTRIBUTION, /* text: "beta"; NUMBERs, [RANGE]: the truncation */
    DT_SYNTAX_CITE,         /* text: the source */
    DT_SYNTAX_JUDGEMENT,    /* no children */
    DT_SYNTAX_BOOL,         /* the type bool */
    DT_SYNTAX_ENUM,         /* the type { a, b }: NAMEs */
    DT_SYNTAX_CHANCES,      /* CHANCEs: { bargain: p, stall: 1 - p } */
    DT_SYNTAX_CHANCE,       /* a value, an expression */
    DT_SYNTAX_HIDDEN,       /* no children */
    DT_SYNTAX_MOVERS,       /* NAMEs; none: chance */
    DT_SYNTAX_WHEN,         /* expression */
    DT_SYNTAX_ACTION,       /* text: the action; NAME of the mover, [STRING] [IF] [EFFECTS] */
    DT_SYNTAX_IF,           /* expression: an action's guard */
    DT_SYNTAX_TERM,         /* text: the term; [STRING] expression */
    DT_SYNTAX_DIRECTION,    /* text: "minimise" or "maximise" */
    DT_SYNTAX_HEADLINE,     /* no children */
    DT_SYNTAX_FORM,         /* text: "ever", …; expression */
    DT_SYNTAX_SETTING,      /* text: its name; [STRING], then TEAM, FORBID … START in order */
    DT_SYNTAX_USE,          /* text: the lever; NAME of the setting */
    DT_SYNTAX_TEAM,         /* NAMEs, then as many NUMBERs, or none */
    DT_SYNTAX_SET_ROLE,     /* text: the role; NAME of the actor */
    DT_SYNTAX_FORBID,       /* text: the action; NAME of the mover, [WHEN] */
    DT_SYNTAX_FORCE,        /* the same */
    DT_SYNTAX_SET,          /* text: the parameter; NUMBER */
    DT_SYNTAX_START,        /* text: the variable; a value */
    DT_SYNTAX_UNDER,        /* text: the policy */
    DT_SYNTAX_GIVEN,        /* text: the parameter; NUMBER */
    DT_SYNTAX_STEP,         /* STRING, [SHOW], GIVENs */
    DT_SYNTAX_SHOW,         /* NAMEs: panel, outcome, policies */

    /* Effects. */
    DT_SYNTAX_EFFECTS,     /* effects in order */
    DT_SYNTAX_ASSIGN,      /* text: the variable; expression */
    DT_SYNTAX_ADD,         /* the same, += */
    DT_SYNTAX_SUBTRACT,    /* the same, -= */
    DT_SYNTAX_PAY,         /* text: the actor or role; expression, [STRING] */
    DT_SYNTAX_IF_EFFECT,   /* expression, EFFECTS, [EFFECTS: else] */
    DT_SYNTAX_WITH_EFFECT, /* expression, EFFECTS, [EFFECTS: else] */
    DT_SYNTAX_BRANCH,      /* ARMs */
    DT_SYNTAX_ARM,         /* [expression], EFFECTS; without an expression: else */

    /* Expressions. Values in types, initials and `start` are NUMBER, NAME, YES or NO. */
    DT_SYNTAX_NUMBER,   /* `number`, its sign and percentage applied; text as written */
    DT_SYNTAX_DATE,     /* text: 2017Q3, or what looks like it */
    DT_SYNTAX_NOW,      /* text */
    DT_SYNTAX_YES,      /* text */
    DT_SYNTAX_NO,       /* text */
    DT_SYNTAX_NAME,     /* text */
    DT_SYNTAX_CHOICE,   /* text: the stage; NAME of the mover: talks.envoy */
    DT_SYNTAX_CALL,     /* text: the function; its arguments */
    DT_SYNTAX_NEGATE,   /* one operand, and so on for what follows */
    DT_SYNTAX_NOT,      /* 1 */
    DT_SYNTAX_PLUS,     /* 2 */
    DT_SYNTAX_MINUS,    /* 2 */
    DT_SYNTAX_TIMES,    /* 2 */
    DT_SYNTAX_DIVIDED,  /* 2 */
    DT_SYNTAX_EQUAL,    /* 2 */
    DT_SYNTAX_UNEQUAL,  /* 2 */
    DT_SYNTAX_LESS,     /* 2 */
    DT_SYNTAX_AT_MOST,  /* 2 */
    DT_SYNTAX_GREATER,  /* 2 */
    DT_SYNTAX_AT_LEAST, /* 2 */
    DT_SYNTAX_AND,      /* 2 */
    DT_SYNTAX_OR,       /* 2 */
    DT_SYNTAX_CONDITIONAL /* 3: condition, value if so, value if not */,

    /* Only in the condition of an expectation. */
    DT_SYNTAX_IN, /* 3: value, low, high */
    DT_SYNTAX_UNDER_NAME /* text: an outcome; [UNDER] is its own policy */,
    DT_SYNTAX_UNDER_FORM /* text: "ever", …; expression, [UNDER] */,
} dt_syntax_kind;

typedef struct dt_syntax dt_syntax;
struct dt_syntax {
    dt_syntax_kind kind;
    dt_place place;      /* of the whole piece; of a declaration: from its keyword to its end */
    dt_place name_place; /* of `text`, to point at the name alone */
    dt_slice text;       /* in the source; {NULL, 0} if the kind carries none */
    double number;
    dt_syntax *first; /* children in order; NULL if none */
    dt_syntax *last;
    dt_syntax *next; /* next child of the same parent */
};

/* Parses a whole text. Always returns a tree (of what could be read); errors are told to
 * `diagnostics`. Leaves through the arena's dt_arena_try when memory runs out. */
dt_syntax *dt_parse(dt_arena *arena, const dt_source *source, dt_diagnostics *diagnostics);

/* The nth child of a kind (from 0), or NULL. */
dt_syntax *dt_syntax_child(const dt_syntax *node, dt_syntax_kind kind, int n);

#endif
