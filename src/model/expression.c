/*
 * The table of distinct expressions, its folding rules, and what each operator computes.
 * Invariant: operands stand before their expression, and no two entries are equal.
 */
#include "model/expression.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/hash.h"
#include "base/power.h"

const uint8_t dt_operands[DT_OPS] = {
#define X(name, operands) operands,
    DT_OPERATORS(X)
#undef X
};

/* Whether a condition is known to hold. */
static bool holds(double condition)
{
    return condition != 0 && !isnan(condition);
}

/* a - b floor(a / b): what is left of a, with the sign of b; NaN if b is 0 or either isn't finite. */
static double modulo(double a, double b)
{
    if (!isfinite(a) || !isfinite(b) || b == 0)
        return NAN;
    const double rest = fmod(a, b);
    if (rest == 0)
        return 0;
    return (rest < 0) != (b < 0) ? rest + b : rest;
}

double dt_operate(dt_operator op, double a, double b, double c)
{
    const bool undefined = isnan(a) || isnan(b);
    switch (op) {
    case DT_OP_NEGATE:
        return -a;
    case DT_OP_NOT:
        return isnan(a) ? NAN : a == 0; /* b isn't there */
    case DT_OP_ADD:
        return a + b;
    case DT_OP_SUBTRACT:
        return a - b;
    case DT_OP_MULTIPLY:
        return a * b;
    case DT_OP_DIVIDE:
        return a / b;
    case DT_OP_EQUAL:
        return undefined ? NAN : a == b;
    case DT_OP_UNEQUAL:
        return undefined ? NAN : a != b;
    case DT_OP_LESS:
        return undefined ? NAN : a < b;
    case DT_OP_AT_MOST:
        return undefined ? NAN : a <= b;
    case DT_OP_AND:
        return a == 0 || b == 0 ? 0 : undefined ? NAN : 1;
    case DT_OP_OR:
        return holds(a) || holds(b) ? 1 : undefined ? NAN : 0;
    case DT_OP_MIN:
        return undefined ? NAN : b < a ? b : a;
    case DT_OP_MAX:
        return undefined ? NAN : b > a ? b : a;
    case DT_OP_ABS:
        return fabs(a);
    case DT_OP_EXP:
        return exp(a);
    case DT_OP_LOG:
        return log(a);
    case DT_OP_SQRT:
        return sqrt(a);
    case DT_OP_CLAMP:
        return undefined || isnan(c) ? NAN : a < b ? b : a > c ? c : a;
    case DT_OP_SELECT:
        return isnan(a) ? NAN : a != 0 ? b : c;
    case DT_OP_PROBABILITY:
        return a < 0 ? 0 : a > 1 ? 1 : a;
    case DT_OP_MODULO:
        return modulo(a, b);
    case DT_OP_FLOOR:
        return floor(a);
    case DT_OP_POWER:
        return dt_raise(a, b);
    case DT_OP_BELIEF: /* of what is known: whether it is so */
        return isnan(a) ? NAN : a != 0;
    case DT_OP_CONSTANT:
    case DT_OP_PARAMETER:
    case DT_OP_NOW:
    case DT_OP_SLOT:
    case DT_OP_ROLE:
    case DT_OP_SHARE:
    case DT_OPS:
        break;
    }
    assert(!"a leaf has no operation");
    return NAN;
}

static uint64_t hash(const dt_expression *e)
{
    uint64_t bits;
    memcpy(&bits, &e->value, sizeof bits);
    bits ^= ((uint64_t)e->a << 32 | e->b) * 0x9e3779b97f4a7c15ULL;
    return dt_mix(bits ^ ((uint64_t)e->c << 8 | (uint64_t)e->op));
}

static bool equal(const dt_expression *x, const dt_expression *y)
{
    return x->op == y->op && x->a == y->a && x->b == y->b && x->c == y->c &&
           memcmp(&x->value, &y->value, sizeof x->value) == 0;
}

static void rehash(dt_expressions *table)
{
    size_t buckets = table->buckets ? table->buckets * 2 : 64;
    uint32_t *bucket = NULL;
    size_t room = 0;
    bucket = dt_grow(table->arena, NULL, &room, 0, buckets, sizeof *bucket);
    memset(bucket, 0, buckets * sizeof *bucket);
    for (size_t i = 0; i < table->list.count; i++) {
        size_t at = hash(&table->list.at[i]) & (buckets - 1);
        while (bucket[at])
            at = (at + 1) & (buckets - 1);
        bucket[at] = (uint32_t)i + 1;
    }
    dt_give_back(table->arena, table->bucket);
    table->bucket = bucket;
    table->buckets = buckets;
}

/* The entry equal to `e`, added if there is none. */
static uint32_t intern(dt_expressions *table, dt_expression e)
{
    if (2 * (table->list.count + 1) > table->buckets)
        rehash(table);
    size_t at = hash(&e) & (table->buckets - 1);
    while (table->bucket[at]) {
        uint32_t index = table->bucket[at] - 1;
        if (equal(&table->list.at[index], &e))
            return index;
        at = (at + 1) & (table->buckets - 1);
    }
    dt_push(table->arena, &table->list, e);
    table->bucket[at] = (uint32_t)table->list.count;
    return (uint32_t)table->list.count - 1;
}

uint32_t dt_expression_constant(dt_expressions *table, double value)
{
    if (value == 0)
        value = 0; /* one zero: -0 is the same number */
    return intern(table, (dt_expression){.op = DT_OP_CONSTANT, .value = value});
}

bool dt_expression_is_constant(const dt_expressions *table, uint32_t index, double *value)
{
    assert(index < table->list.count);
    const dt_expression *e = &table->list.at[index];
    if (e->op != DT_OP_CONSTANT)
        return false;
    *value = e->value;
    return true;
}

static bool is(const dt_expressions *table, uint32_t index, double number)
{
    double value = 0;
    return dt_expression_is_constant(table, index, &value) && value == number;
}

/* True if `index` is 1 - other. */
static bool is_rest(const dt_expressions *table, uint32_t index, uint32_t other)
{
    const dt_expression *e = &table->list.at[index];
    return e->op == DT_OP_SUBTRACT && e->b == other && is(table, e->a, 1);
}

/* What op(a, b, c) is without computing it, or UINT32_MAX: the rules of dt_expression_make. */
static uint32_t simplify(dt_expressions *table, dt_operator op, uint32_t a, uint32_t b, uint32_t c)
{
    const dt_expression *first = &table->list.at[a];
    switch (op) {
    case DT_OP_NEGATE:
        return first->op == DT_OP_NEGATE ? first->a : UINT32_MAX;
    case DT_OP_NOT:
        return first->op == DT_OP_NOT ? first->a : UINT32_MAX;
    case DT_OP_ADD:
        if (is(table, a, 0))
            return b;
        if (is(table, b, 0))
            return a;
        if (is_rest(table, b, a) || is_rest(table, a, b))
            return dt_expression_constant(table, 1);
        return UINT32_MAX;
    case DT_OP_SUBTRACT:
        if (is(table, b, 0))
            return a;
        if (is(table, a, 0))
            return dt_expression_make(table, DT_OP_NEGATE, b, 0, 0);
        return UINT32_MAX;
    case DT_OP_MULTIPLY:
        if (is(table, a, 0) || is(table, b, 1))
            return a;
        if (is(table, b, 0) || is(table, a, 1))
            return b;
        return UINT32_MAX;
    case DT_OP_DIVIDE:
        return is(table, a, 0) || is(table, b, 1) ? a : UINT32_MAX;
    case DT_OP_AND:
        if (is(table, a, 0) || is(table, b, 1) || a == b)
            return a;
        return is(table, b, 0) || is(table, a, 1) ? b : UINT32_MAX;
    case DT_OP_OR:
        if (is(table, a, 1) || is(table, b, 0) || a == b)
            return a;
        return is(table, b, 1) || is(table, a, 0) ? b : UINT32_MAX;
    case DT_OP_SELECT:
        if (first->op == DT_OP_CONSTANT)
            return first->value != 0 ? b : c;
        return b == c ? b : UINT32_MAX;
    case DT_OP_PROBABILITY:
        return first->op == DT_OP_PROBABILITY ? a : UINT32_MAX;
    default:
        return UINT32_MAX;
    }
}

static bool commutes(dt_operator op)
{
    return op == DT_OP_ADD || op == DT_OP_MULTIPLY || op == DT_OP_EQUAL || op == DT_OP_UNEQUAL ||
           op == DT_OP_AND || op == DT_OP_OR;
}

static uint32_t make(dt_expressions *table, dt_operator op, uint32_t a, uint32_t b, uint32_t c)
{
    int operands = dt_operands[op];
    if (operands == 0)
        return intern(table, (dt_expression){.op = op, .a = a, .b = b}); /* b: of a SHARE */
    const uint32_t operand[3] = {a, b, c};
    double value[3] = {0, 0, 0};
    bool constant = true;
    for (int i = 0; i < operands; i++) {
        assert(operand[i] < table->list.count);
        constant &= dt_expression_is_constant(table, operand[i], &value[i]);
    }
    if (constant)
        return dt_expression_constant(table, dt_operate(op, value[0], value[1], value[2]));
    uint32_t simple = simplify(table, op, a, b, c);
    if (simple != UINT32_MAX)
        return simple;
    if (commutes(op) && b < a) {
        uint32_t swapped = a;
        a = b;
        b = swapped;
    }
    const bool second = operands > 1 || op == DT_OP_BELIEF; /* an operand, or a belief's variable */
    return intern(table, (dt_expression){op, a, second ? b : 0, operands > 2 ? c : 0, 0});
}

/* The same few expressions are asked for again and again while a game is explored: a table without
 * chains, in which the latest of each hash stands, spares most of them the rules above. */
struct dt_expression_made {
    uint32_t op, a, b, c;
    uint32_t result; /* 1 + index; 0: empty */
};

enum { MADE_BITS = 10 };

uint32_t dt_expression_make(dt_expressions *table, dt_operator op, uint32_t a, uint32_t b,
                            uint32_t c)
{
    assert(op < DT_OPS && op != DT_OP_CONSTANT);
    if (!table->made)
        table->made = dt_new(table->arena, struct dt_expression_made, (size_t)1 << MADE_BITS);
    const uint64_t operands = ((uint64_t)a << 32 | b) ^ ((uint64_t)c << 8 | (uint64_t)op);
    struct dt_expression_made *made =
        &table->made[operands * 0x9e3779b97f4a7c15ULL >> (64 - MADE_BITS)];
    if (made->result == 0 || made->op != (uint32_t)op || made->a != a || made->b != b ||
        made->c != c) {
        const uint32_t index = make(table, op, a, b, c);
        *made = (struct dt_expression_made){(uint32_t)op, a, b, c, index + 1};
    }
    return made->result - 1;
}
