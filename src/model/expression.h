/*
 * Expressions: all of a model's expressions in one table, each distinct one once (hash-consed), so
 * that a `let` used a thousand times is one entry and every expression is a small graph without
 * cycles. An expression's operands always stand before it, so that evaluating a table from front
 * to back needs no recursion. Numbers are doubles throughout: no/yes are 0/1, an enumeration value
 * is its rank, a choice is 0 for `none` and 1 + its action's index in the stage.
 *
 * The same operators build the coefficients of a game (src/game/coefficient.h), which are what is
 * left of an expression once the state is known.
 */
#ifndef DT_MODEL_EXPRESSION_H
#define DT_MODEL_EXPRESSION_H

#include "base/arena.h"

/* name, number of operands that are expressions */
#define DT_OPERATORS(X)                                                                            \
    X(CONSTANT, 0)  /* `value` */                                                                  \
    X(PARAMETER, 0) /* operand a: index of the parameter */                                        \
    X(SLOT, 0)      /* a: a state variable, or past them a choice (see dt_model) */                \
    X(NOW, 0)       /* the number of the period, from 1 */                                         \
    X(ROLE, 0)      /* a: a role; its value is the index of the actor who holds it */              \
    X(SHARE, 0) /* a: a private variable by its index among these, b: the rank of a value: the  \
                       probability that others give to it; in coefficients alone */  \
    X(NEGATE, 1)                                                                                   \
    X(NOT, 1)                                                                                      \
    X(ADD, 2)                                                                                      \
    X(SUBTRACT, 2)                                                                                 \
    X(MULTIPLY, 2)                                                                                 \
    X(DIVIDE, 2)                                                                                   \
    X(EQUAL, 2)                                                                                    \
    X(UNEQUAL, 2)                                                                                  \
    X(LESS, 2)                                                                                     \
    X(AT_MOST, 2)                                                                                  \
    X(AND, 2)                                                                                      \
    X(OR, 2)                                                                                       \
    X(MIN, 2)                                                                                      \
    X(MAX, 2)                                                                                      \
    X(ABS, 1)                                                                                      \
    X(EXP, 1)                                                                                      \
    X(LOG, 1)                                                                                      \
    X(SQRT, 1)                                                                                     \
    X(CLAMP, 3)                                                                                    \
    X(MODULO, 2)                                                                                   \
    X(FLOOR, 1)                                                                                    \
    X(POWER, 2)                                                                                    \
    X(SELECT, 3)      /* a ? b : c */                                                              \
    X(PROBABILITY, 1) /* a, taken into 0..1 (its excess was checked to be below 1e-9) */           \
    X(BELIEF, 1)      /* the probability that others give to condition a; b: its private variable */

typedef enum dt_operator {
#define X(name, operands) DT_OP_##name,
    DT_OPERATORS(X)
#undef X
        DT_OPS
} dt_operator;

/* [DT_OPS] operands of each operator that are expressions. */
extern const uint8_t dt_operands[];

typedef struct dt_expression {
    dt_operator op;
    uint32_t a, b, c; /* operands: earlier entries, or an index as the operator says; else 0 */
    double value;     /* of a CONSTANT; else 0 */
} dt_expression;

/* A growing table of distinct expressions. */
typedef struct dt_expressions {
    dt_arena *arena;
    dt_list(dt_expression) list;
    uint32_t *bucket; /* open addressing: 1 + index, 0 empty */
    size_t buckets;
    struct dt_expression_made
        *made; /* what was asked for lately, and what it is; NULL: nothing yet */
} dt_expressions;

/* The index of the expression, which is added if new. Operands that are constants are folded, and
 * so is what needs no parameter to be known: x * 0, 0 / x, no and x, yes or x, yes ? x : y. These
 * rules decide which coefficients are "the constant 0", so they are part of docs/method.md. */
uint32_t dt_expression_make(dt_expressions *table, dt_operator op, uint32_t a, uint32_t b,
                            uint32_t c);
uint32_t dt_expression_constant(dt_expressions *table, double value);

/* True, with its value, if the expression is a constant. */
bool dt_expression_is_constant(const dt_expressions *table, uint32_t index, double *value);

/* The value of one operator for given operand values; not for the leaves. What isn't a number counts as
 * nothing: whatever is compared with NaN, chosen by it, bounded by it or the least of it is NaN too. A
 * condition alone can do without it: no `and` anything is no, yes `or` anything is yes. */
double dt_operate(dt_operator op, double a, double b, double c);

#endif
