/*
 * Expressions: from syntax to an entry of the model's table, with a type, and with a note of what
 * is read on the way. What may be read depends on the place where an expression stands (docs/language.md,
 * "Expressions"): guards never read parameters, which keeps the graph independent of the world; a
 * choice can be read only after its stage. Notes pass through lets, so that a let is checked once
 * for its types, and wherever it is used for what it reads.
 *
 * Chains of operators such as a + b + c lean to the left, as deep as the text is long: they are
 * walked with a stack of their own. All other recursion is bounded by DT_MAX_NESTING.
 */
#include <assert.h>
#include <stddef.h>

#include "lang/habits.h"
#include "model/calendar.h"
#include "model/checker.h"

dt_context dt_context_parameters(const char *what)
{
    return (dt_context){.what = what, .parameters = true};
}

dt_context dt_context_guard(const char *what, int stage)
{
    return (dt_context){.what = what, .situation = true, .stage = stage};
}

dt_context dt_context_number(const char *what, int stage)
{
    return (dt_context){what, true, true, true, true, false, stage};
}

dt_context dt_context_outcome(void)
{
    return (dt_context){"an outcome", true, true, true, true, true, DT_PERIOD_END};
}

dt_value dt_value_wrong(dt_checker *c)
{
    return (dt_value){.kind = DT_VALUE_WRONG,
                      .index = DT_NONE,
                      .expression = dt_expression_constant(&c->model->expression, 0)};
}

dt_value dt_value_of(dt_value_kind kind, int index, uint32_t expression)
{
    return (dt_value){.kind = kind, .index = index, .expression = expression};
}

static uint32_t make(dt_checker *c, dt_operator op, uint32_t a, uint32_t b, uint32_t x)
{
    return dt_expression_make(&c->model->expression, op, a, b, x);
}

/* What a value is, for messages: "a number", "a value of 'deal'". */
const char *dt_value_phrase(dt_checker *c, dt_value value)
{
    switch (value.kind) {
    case DT_VALUE_BOOL:
        return "yes or no";
    case DT_VALUE_NUMBER:
        return "a number";
    case DT_VALUE_ENUM:
        return dt_check_say(c, "a value of '%s'", c->model->variable[value.index].is.name);
    case DT_VALUE_CHOICE:
        return value.literal ? "an action" : "a choice";
    case DT_VALUE_ROLE:
        return value.literal ? "an actor" : "a role";
    case DT_VALUE_WRONG:
        break;
    }
    assert(!"a wrong value was told before");
    return "";
}

/* ---- what is read ---- */

static const dt_read nothing = {
    .index = DT_NONE, .let = DT_NONE, .place = {0, 0}
};

dt_reads dt_reads_none(void)
{
    return (dt_reads){nothing, nothing, nothing, nothing, nothing, nothing, nothing, nothing};
}

static void note(dt_read *read, int index, int let, dt_place place)
{
    if (read->index == DT_NONE)
        *read = (dt_read){index, let, place};
}

static void note_secret(dt_reads *reads, int index, int let, dt_place place)
{
    if (reads->secret.index == DT_NONE || reads->secret.index == index)
        note(&reads->secret, index, let, place);
    else
        note(&reads->secret2, index, let, place);
}

static int stage_of_choice(const dt_checker *c, int slot)
{
    int mover;
    return dt_slot_stage(c->model, slot, &mover);
}

static void note_choice(dt_checker *c, dt_reads *reads, int slot, int let, dt_place place)
{
    if (reads->choice.index == DT_NONE ||
        stage_of_choice(c, reads->choice.index) < stage_of_choice(c, slot))
        reads->choice = (dt_read){slot, let, place};
}

/* All that a let reads is read where it is used. */
static void note_let(dt_checker *c, dt_reads *reads, int index, dt_place place)
{
    const dt_reads *of = &c->let[index].reads;
    if (of->parameter.index != DT_NONE)
        note(&reads->parameter, of->parameter.index, index, place);
    if (of->state.index != DT_NONE)
        note(&reads->state, of->state.index, index, place);
    if (of->role.index != DT_NONE)
        note(&reads->role, of->role.index, index, place);
    if (of->choice.index != DT_NONE)
        note_choice(c, reads, of->choice.index, index, place);
    if (of->calendar.index != DT_NONE)
        note(&reads->calendar, of->calendar.index, index, place);
    if (of->secret.index != DT_NONE)
        note_secret(reads, of->secret.index, index, place);
    if (of->secret2.index != DT_NONE)
        note_secret(reads, of->secret2.index, index, place);
    if (of->belief.index != DT_NONE)
        note(&reads->belief, of->belief.index, index, place);
}

/* "it comes in through let 'a', then 'b'", or NULL if it is read directly. `member` is the offset
 * in dt_reads of the read to follow. */
static const char *way_of(dt_checker *c, const dt_read *read, size_t member)
{
    enum { LONGEST = 8 };
    if (read->let == DT_NONE)
        return NULL;
    dt_text text = {.arena = c->arena};
    dt_text_print(&text, "it comes in through let '%s'", c->let[read->let].is.name);
    const dt_read *step = read;
    for (int n = 1; n < LONGEST; n++) {
        const dt_reads *reads = &c->let[step->let].reads;
        step = (const dt_read *)((const char *)reads + member);
        if (step->index != read->index || step->let == DT_NONE)
            break;
        dt_text_print(&text, ", then '%s'", c->let[step->let].is.name);
    }
    return dt_text_get(&text);
}
#define WAY(reads, member) way_of(c, &(reads)->member, offsetof(dt_reads, member))

static const char *slot_name(dt_checker *c, int slot)
{
    dt_text text = {.arena = c->arena};
    dt_slot_name(c->model, slot, &text);
    return dt_text_get(&text);
}

const char *dt_calendar_phrase(int index)
{
    return index == DT_READ_NOW ? "'now'" : "a date";
}

/* Tells what of the calendar is read where nothing of it may be. */
static void judge_calendar(dt_checker *c, const dt_reads *reads, dt_context context)
{
    const dt_read *read = &reads->calendar;
    if (read->index == DT_NONE)
        return;
    const char *phrase = dt_calendar_phrase(read->index);
    if (!context.calendar)
        dt_complain_more(c->diagnostics, DT_CALENDAR_READ, read->place, WAY(reads, calendar), NULL,
                         context.what, phrase);
    else if (c->model->lookahead == DT_FOREVER)
        dt_complain_more(c->diagnostics, DT_CALENDAR_FOREVER, read->place, WAY(reads, calendar),
                         NULL, phrase);
}

/* The same of private variables and of beliefs. */
static void judge_secrets(dt_checker *c, const dt_reads *reads, dt_context context)
{
    const dt_model *m = c->model;
    if (!context.secrets && context.situation && reads->secret.index != DT_NONE) {
        const dt_variable *v = &m->variable[reads->secret.index];
        const char *way = WAY(reads, secret);
        dt_complain_more(c->diagnostics, DT_PRIVATE_READ, reads->secret.place,
                         dt_check_say(c,
                                      "%s%sprobabilities, payments, payoffs and outcomes can read "
                                      "it, as in: with (%s == ...) { }",
                                      way ? way : "", way ? "; " : "", v->is.name),
                         NULL, context.what, v->is.name, m->actor[v->owner].is.name);
    }
    if (!context.beliefs && reads->belief.index != DT_NONE) {
        const char *way = WAY(reads, belief);
        dt_complain_more(c->diagnostics, DT_BELIEF_READ, reads->belief.place,
                         dt_check_say(c, "%s%san outcome can, as in last(belief(...))",
                                      way ? way : "", way ? "; " : ""),
                         NULL, context.what);
    }
}

/* Tells what an expression reads although its context doesn't allow it. */
static void judge(dt_checker *c, const dt_reads *reads, dt_context context)
{
    const dt_model *m = c->model;
    judge_calendar(c, reads, context);
    judge_secrets(c, reads, context);
    if (!context.parameters && reads->parameter.index != DT_NONE)
        dt_complain_more(c->diagnostics, DT_PARAMETER_READ, reads->parameter.place,
                         WAY(reads, parameter), NULL, context.what,
                         m->param[reads->parameter.index].is.name);
    if (!context.situation) {
        if (reads->state.index != DT_NONE)
            dt_complain_more(c->diagnostics, DT_PARAMETERS_ALONE, reads->state.place,
                             WAY(reads, state), NULL, context.what,
                             slot_name(c, reads->state.index));
        if (reads->role.index != DT_NONE)
            dt_complain_more(c->diagnostics, DT_PARAMETERS_ALONE, reads->role.place,
                             WAY(reads, role), NULL, context.what,
                             m->role[reads->role.index].is.name);
        if (reads->secret.index != DT_NONE)
            dt_complain_more(c->diagnostics, DT_PARAMETERS_ALONE, reads->secret.place,
                             WAY(reads, secret), NULL, context.what,
                             m->variable[reads->secret.index].is.name);
        return;
    }
    if (reads->choice.index != DT_NONE && stage_of_choice(c, reads->choice.index) >= context.stage)
        dt_complain_more(c->diagnostics, DT_EARLY_CHOICE, reads->choice.place, WAY(reads, choice),
                         NULL, slot_name(c, reads->choice.index), context.what);
}

/* ---- leaves ---- */

/* The type of a state variable's values. */
dt_value dt_value_of_variable(dt_checker *c, int variable)
{
    const dt_variable *v = &c->model->variable[variable];
    uint32_t slot = make(c, DT_OP_SLOT, (uint32_t)variable, 0, 0);
    if (v->type == DT_TYPE_ENUM)
        return dt_value_of(DT_VALUE_ENUM, c->enumeration[variable], slot);
    return dt_value_of(v->type == DT_TYPE_BOOL ? DT_VALUE_BOOL : DT_VALUE_NUMBER, DT_NONE, slot);
}

static dt_value unknown_value(dt_checker *c, const dt_syntax *node)
{
    if (c->broken)
        return dt_value_wrong(c);
    if (!dt_names_missed(c, DT_SPACE_SHARED, node->text))
        return dt_value_wrong(c);
    const char *hint = dt_names_meaning(c, node->text);
    if (!hint)
        hint = dt_habit_hint(DT_HABIT_NAME, node->text);
    if (!hint)
        hint = dt_names_nearest(c, DT_SPACE_SHARED, 0,
                                1u << DT_NAME_PARAM | 1u << DT_NAME_LET | 1u << DT_NAME_STATE |
                                    1u << DT_NAME_ROLE,
                                node->text);
    dt_complain_more(c->diagnostics, DT_UNKNOWN_NAME, node->place, hint, NULL,
                     dt_check_text(c, node->text), "a parameter, a let or a state variable");
    return dt_value_wrong(c);
}

static dt_value check_name(dt_checker *c, dt_reads *reads, const dt_syntax *node)
{
    dt_entry *entry = dt_names_find(c, DT_SPACE_SHARED, 0, node->text);
    if (!entry)
        return unknown_value(c, node);
    if (entry->twice)
        return dt_value_wrong(c);
    entry->used = true;
    int index = entry->index;
    switch (entry->kind) {
    case DT_NAME_PARAM:
        note(&reads->parameter, index, DT_NONE, node->place);
        return dt_value_of(DT_VALUE_NUMBER, DT_NONE,
                           make(c, DT_OP_PARAMETER, (uint32_t)index, 0, 0));
    case DT_NAME_STATE:
        if (c->model->variable[index].owner == DT_NONE)
            note(&reads->state, index, DT_NONE, node->place);
        else
            note_secret(reads, index, DT_NONE, node->place);
        return dt_value_of_variable(c, index);
    case DT_NAME_LET: {
        dt_value value = dt_check_let(c, index);
        if (value.kind != DT_VALUE_WRONG)
            note_let(c, reads, index, node->place);
        return value;
    }
    case DT_NAME_ROLE:
        note(&reads->role, index, DT_NONE, node->place);
        return dt_value_of(DT_VALUE_ROLE, index, make(c, DT_OP_ROLE, (uint32_t)index, 0, 0));
    default:
        break;
    }
    dt_complain(c->diagnostics, DT_WRONG_KIND, node->place, dt_check_text(c, node->text),
                dt_name_phrase(entry->kind), "a value");
    return dt_value_wrong(c);
}

static dt_value check_choice(dt_checker *c, dt_reads *reads, const dt_syntax *node)
{
    int slot = dt_check_choice(c, node);
    if (slot == DT_NONE)
        return dt_value_wrong(c);
    note(&reads->state, slot, DT_NONE, node->place);
    note_choice(c, reads, slot, DT_NONE, node->place);
    return dt_value_of(DT_VALUE_CHOICE, slot, make(c, DT_OP_SLOT, (uint32_t)slot, 0, 0));
}

static dt_value check_now(dt_checker *c, dt_reads *reads, const dt_syntax *node)
{
    note(&reads->calendar, DT_READ_NOW, DT_NONE, node->place);
    return dt_value_of(DT_VALUE_NUMBER, DT_NONE, make(c, DT_OP_NOW, 0, 0, 0));
}

/* A date is the number of its period. */
static dt_value check_date(dt_checker *c, dt_reads *reads, const dt_syntax *node)
{
    const char *from = c->model->period_from, *text = dt_check_text(c, node->text);
    const dt_date first = dt_date_read(dt_slice_of(from)), date = dt_date_read(node->text);
    if (first.letter == 0) {
        dt_complain_more(
            c->diagnostics, DT_DATE_WITHOUT_FROM, node->place,
            dt_check_say(c, "write 'period %s from %s', with the date of the first period",
                         *c->model->period ? c->model->period : "quarter",
                         date.letter ? text : "2017Q3"),
            NULL, text);
        return dt_value_wrong(c);
    }
    if (date.letter != first.letter) {
        dt_complain_more(
            c->diagnostics, DT_WRONG_DATE, node->place,
            dt_check_say(c, "dates of this model are written %s", dt_date_written(first.letter)),
            NULL, text, from);
        return dt_value_wrong(c);
    }
    note(&reads->calendar, DT_READ_DATE, DT_NONE, node->place);
    return dt_value_of(
        DT_VALUE_NUMBER, DT_NONE,
        dt_expression_constant(&c->model->expression, (double)dt_date_period(date, first)));
}

/* ---- operators ---- */

static const struct function {
    const char *name;
    dt_operator op;
    int least, most;
    const char *arguments;
} functions[] = {
#define X(name, op, least, most, arguments) {name, op, least, most, arguments},
    DT_FUNCTIONS(X)
#undef X
};

/* Tells that a call has more or fewer arguments than what is called takes. */
void dt_check_arity(dt_checker *c, const dt_syntax *node, const char *arguments, int least,
                    bool more, int given)
{
    const char *name = dt_check_text(c, node->text);
    bool comma = dt_habit_decimal_comma(
        (dt_slice){c->source->text + node->place.offset, node->place.length});
    dt_complain_more(c->diagnostics, DT_ARGUMENTS, dt_name_place(node),
                     dt_check_say(c, "it is written %s(%s)%s", name, arguments,
                                  comma ? "; a decimal fraction is written with a point" : ""),
                     NULL, name, more ? "at least " : "", least, least == 1 ? "" : "s", given);
}

/* The function of a call, its number of arguments checked; NULL if there is none such. */
static const struct function *find_function(dt_checker *c, const dt_syntax *node)
{
    int arguments = 0;
    for (const dt_syntax *n = node->first; n; n = n->next)
        arguments++;
    const char *names[sizeof functions / sizeof *functions];
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        const struct function *f = &functions[i];
        names[i] = f->name;
        if (!dt_slice_is(node->text, f->name))
            continue;
        if (arguments >= f->least && arguments <= f->most)
            return f;
        dt_check_arity(c, node, f->arguments, f->least, f->least < f->most, arguments);
        return NULL;
    }
    const char *hint = dt_habit_hint(DT_HABIT_NAME, node->text);
    const char *nearest = dt_nearest(node->text, names, sizeof names / sizeof *names);
    if (!hint && nearest)
        hint = dt_check_say(c, "did you mean '%s'?", nearest);
    dt_complain_more(c->diagnostics, DT_UNKNOWN_FUNCTION, dt_name_place(node),
                     hint ? hint
                          : "the functions are min, max, abs, exp, log, sqrt, clamp, mod, floor, "
                            "pow and belief",
                     NULL, dt_check_text(c, node->text));
    return NULL;
}

/* min and max take any number of arguments from two up, and are applied pair by pair. */
uint32_t dt_check_function(dt_checker *c, const dt_syntax *node, dt_operator *op)
{
    const struct function *f = find_function(c, node);
    if (!f)
        return 0;
    *op = f->op;
    return dt_operands[f->op];
}

static dt_value check_call(dt_checker *c, dt_reads *reads, const dt_syntax *node)
{
    dt_operator op;
    uint32_t operands = dt_check_function(c, node, &op);
    if (operands == 0)
        return dt_value_wrong(c);
    if (op == DT_OP_BELIEF)
        return dt_check_belief(c, reads, node);
    uint32_t argument[3] = {0, 0, 0};
    uint32_t n = 0;
    bool wrong = false;
    for (const dt_syntax *a = node->first; a; a = a->next) {
        dt_value value = dt_check_operand(c, reads, a);
        wrong |= value.kind == DT_VALUE_WRONG;
        if (n == operands) { /* a further argument of min or max */
            assert(operands == 2);
            argument[0] = make(c, op, argument[0], argument[1], 0);
            n = 1;
        }
        argument[n++] = value.expression;
    }
    if (wrong)
        return dt_value_wrong(c);
    assert(n == operands);
    return dt_value_of(DT_VALUE_NUMBER, DT_NONE,
                       make(c, op, argument[0], argument[1], argument[2]));
}

/* Requires a condition; a value in error passes. */
static bool require_condition(dt_checker *c, const dt_syntax *node, dt_value value)
{
    if (value.kind == DT_VALUE_BOOL)
        return true;
    if (value.kind != DT_VALUE_WRONG)
        dt_complain_more(c->diagnostics, DT_NOT_A_CONDITION, node->place,
                         "compare it with something, as in x > 0", NULL, dt_value_phrase(c, value));
    return false;
}

/* What an operator whose chains lean to the left becomes; DT_OPS for all other kinds. */
dt_operator dt_check_chain_operator(dt_syntax_kind kind)
{
    switch (kind) {
    case DT_SYNTAX_PLUS:
        return DT_OP_ADD;
    case DT_SYNTAX_MINUS:
        return DT_OP_SUBTRACT;
    case DT_SYNTAX_TIMES:
        return DT_OP_MULTIPLY;
    case DT_SYNTAX_DIVIDED:
        return DT_OP_DIVIDE;
    case DT_SYNTAX_AND:
        return DT_OP_AND;
    case DT_SYNTAX_OR:
        return DT_OP_OR;
    default:
        return DT_OPS;
    }
}

static dt_value check_chain(dt_checker *c, dt_reads *reads, const dt_syntax *node)
{
    size_t base = c->spine.count;
    const dt_syntax *first = node;
    for (; dt_check_chain_operator(first->kind) != DT_OPS; first = first->first)
        dt_push(c->arena, &c->spine, first);
    dt_value left = dt_check_operand(c, reads, first);
    while (c->spine.count > base) {
        const dt_syntax *here = c->spine.at[--c->spine.count];
        const dt_syntax *left_node = here->first, *right_node = left_node->next;
        dt_value right = dt_check_operand(c, reads, right_node);
        dt_operator op = dt_check_chain_operator(here->kind);
        assert(op != DT_OPS && right_node && !right_node->next);
        bool logical = op == DT_OP_AND || op == DT_OP_OR;
        bool good = left.kind != DT_VALUE_WRONG && right.kind != DT_VALUE_WRONG;
        if (logical) {
            good &= require_condition(c, left_node, left);
            good &= require_condition(c, right_node, right);
        }
        left = good ? dt_value_of(logical ? DT_VALUE_BOOL : DT_VALUE_NUMBER, DT_NONE,
                                  make(c, op, left.expression, right.expression, 0))
                    : dt_value_wrong(c);
    }
    return left;
}

/* ---- the whole ---- */

static dt_value check_prefix(dt_checker *c, dt_reads *reads, const dt_syntax *node)
{
    dt_value value = dt_check_operand(c, reads, node->first);
    if (value.kind == DT_VALUE_WRONG)
        return value;
    if (node->kind == DT_SYNTAX_NEGATE)
        return dt_value_of(DT_VALUE_NUMBER, DT_NONE, make(c, DT_OP_NEGATE, value.expression, 0, 0));
    assert(node->kind == DT_SYNTAX_NOT);
    if (!require_condition(c, node->first, value))
        return dt_value_wrong(c);
    return dt_value_of(DT_VALUE_BOOL, DT_NONE, make(c, DT_OP_NOT, value.expression, 0, 0));
}

dt_value dt_check_value(dt_checker *c, dt_reads *reads, const dt_syntax *node, dt_value wanted)
{
    dt_expressions *table = &c->model->expression;
    dt_value value;
    switch (node->kind) {
    case DT_SYNTAX_NUMBER:
        return dt_value_of(DT_VALUE_NUMBER, DT_NONE, dt_expression_constant(table, node->number));
    case DT_SYNTAX_NOW:
        return check_now(c, reads, node);
    case DT_SYNTAX_DATE:
        return check_date(c, reads, node);
    case DT_SYNTAX_YES:
    case DT_SYNTAX_NO:
        if (wanted.kind == DT_VALUE_CHOICE && dt_check_literal(c, node, wanted, &value))
            return value; /* an action's name */
        return dt_value_of(DT_VALUE_BOOL, DT_NONE,
                           dt_expression_constant(table, node->kind == DT_SYNTAX_YES));
    case DT_SYNTAX_NAME:
        if (dt_check_literal(c, node, wanted, &value))
            return value;
        return check_name(c, reads, node);
    case DT_SYNTAX_CHOICE:
        return check_choice(c, reads, node);
    case DT_SYNTAX_CALL:
        return check_call(c, reads, node);
    case DT_SYNTAX_NEGATE:
    case DT_SYNTAX_NOT:
        return check_prefix(c, reads, node);
    case DT_SYNTAX_PLUS:
    case DT_SYNTAX_MINUS:
    case DT_SYNTAX_TIMES:
    case DT_SYNTAX_DIVIDED:
    case DT_SYNTAX_AND:
    case DT_SYNTAX_OR:
        return check_chain(c, reads, node);
    case DT_SYNTAX_EQUAL:
    case DT_SYNTAX_UNEQUAL:
    case DT_SYNTAX_LESS:
    case DT_SYNTAX_AT_MOST:
    case DT_SYNTAX_GREATER:
    case DT_SYNTAX_AT_LEAST:
        return dt_check_comparison(c, reads, node);
    case DT_SYNTAX_CONDITIONAL:
        return dt_check_conditional(c, reads, node, wanted);
    default:
        break;
    }
    assert(!"an expression");
    return dt_value_wrong(c);
}

/* A value that can be counted with: choices and roles can't. */
dt_value dt_check_plain(dt_checker *c, const dt_syntax *node, dt_value value)
{
    if (value.kind != DT_VALUE_CHOICE && value.kind != DT_VALUE_ROLE)
        return value;
    assert(!value.literal && "actions and actors are read only where one is wanted");
    if (value.kind == DT_VALUE_CHOICE)
        dt_complain_more(c->diagnostics, DT_BARE_CHOICE, node->place,
                         "compare it with an action of its stage, by == or !=", NULL);
    else
        dt_complain_more(c->diagnostics, DT_BARE_ROLE, node->place,
                         "compare it with an actor, by == or !=", NULL);
    return dt_value_wrong(c);
}

dt_value dt_check_operand(dt_checker *c, dt_reads *reads, const dt_syntax *node)
{
    return dt_check_plain(c, node, dt_check_value(c, reads, node, dt_value_unknown));
}

bool dt_check_is_condition(dt_checker *c, dt_reads *reads, const dt_syntax *node, dt_value *value)
{
    *value = dt_check_operand(c, reads, node);
    return require_condition(c, node, *value);
}

static dt_value check_whole(dt_checker *c, const dt_syntax *node, dt_context context,
                            dt_value wanted, dt_reads *reads)
{
    *reads = dt_reads_none();
    dt_value value = dt_check_plain(c, node, dt_check_value(c, reads, node, wanted));
    judge(c, reads, context);
    return value;
}

dt_value dt_check_wanted(dt_checker *c, const dt_syntax *node, dt_context context, dt_value wanted)
{
    dt_reads reads;
    return check_whole(c, node, context, wanted, &reads);
}

uint32_t dt_check_reading(dt_checker *c, const dt_syntax *node, dt_context context, dt_reads *reads)
{
    return check_whole(c, node, context, dt_value_unknown, reads).expression;
}

uint32_t dt_check_number(dt_checker *c, const dt_syntax *node, dt_context context)
{
    return dt_check_wanted(c, node, context, dt_value_unknown).expression;
}

uint32_t dt_check_condition(dt_checker *c, const dt_syntax *node, dt_context context)
{
    dt_value value = dt_check_wanted(c, node, context, dt_value_unknown);
    require_condition(c, node, value);
    return value.expression;
}
