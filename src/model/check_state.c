/*
 * State variables, public and private, and values of their types wherever one is written down:
 * where a state begins, and in a policy's `start`. Enumerations with the same values in the same
 * order are one type.
 */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "lang/habits.h"
#include "model/checker.h"

/* A whole number within bounds, or false after telling. */
bool dt_check_whole(dt_checker *c, const dt_syntax *node, const char *what, int low, int high,
                    int *value)
{
    assert(node->kind == DT_SYNTAX_NUMBER && low <= high);
    double number = node->number;
    if (!(number >= low && number <= high) || number != floor(number)) {
        dt_complain(c->diagnostics, DT_WHOLE_NUMBER, node->place, what, low, high);
        return false;
    }
    *value = (int)number;
    return true;
}

/* ---- types ---- */

static bool same_values(const dt_variable *a, const dt_variable *b)
{
    if (a->type != DT_TYPE_ENUM || a->high != b->high)
        return false;
    for (int i = 0; i <= a->high; i++) {
        if (strcmp(a->value[i], b->value[i]) != 0)
            return false;
    }
    return true;
}

/* Names the values, and finds the variable that declared this enumeration first. */
static void check_enumeration(dt_checker *c, const dt_syntax *type, int index)
{
    dt_model *m = c->model;
    dt_variable *variable = &m->variable[index];
    int values = 0;
    for (const dt_syntax *n = type->first; n; n = n->next)
        values++;
    assert(values > 0 && "the parser wants one");
    const char **names = dt_new(c->arena, const char *, (size_t)values);
    int k = 0;
    for (const dt_syntax *n = type->first; n; n = n->next)
        names[k++] = dt_copy_text(c->arena, n->text.at, n->text.length);
    assert(k == values);
    variable->type = DT_TYPE_ENUM;
    variable->high = values - 1;
    variable->value = names;
    for (int i = 0; i < index; i++) {
        if (c->enumeration[i] == i && same_values(&m->variable[i], variable)) {
            c->enumeration[index] = i;
            return;
        }
    }
    k = 0;
    for (const dt_syntax *n = type->first; n; n = n->next)
        dt_names_add(c, DT_SPACE_VALUES, (uint32_t)index, n->text, n->place, DT_NAME_VALUE, k++);
}

static void check_range(dt_checker *c, const dt_syntax *type, dt_variable *variable)
{
    const dt_syntax *first = type->first, *second = first->next;
    const char *what = "the bound of a range";
    int low, high;
    variable->low = -DT_MAX_BOUND; /* until it is known: nothing is outside */
    variable->high = DT_MAX_BOUND;
    if (!dt_check_whole(c, first, what, -DT_MAX_BOUND, DT_MAX_BOUND, &low) ||
        !dt_check_whole(c, second, what, -DT_MAX_BOUND, DT_MAX_BOUND, &high))
        return;
    if (low > high) {
        dt_complain(c->diagnostics, DT_EMPTY_RANGE, type->place);
        return;
    }
    if ((int64_t)high - low + 1 > DT_MAX_DOMAIN) {
        dt_complain(c->diagnostics, DT_LARGE_DOMAIN, type->place, (int)DT_MAX_DOMAIN);
        return;
    }
    variable->low = low;
    variable->high = high;
}

static const dt_syntax *type_of(const dt_syntax *node)
{
    const dt_syntax *n = node->first;
    for (; n; n = n->next) {
        if (n->kind == DT_SYNTAX_BOOL || n->kind == DT_SYNTAX_RANGE || n->kind == DT_SYNTAX_ENUM)
            break;
    }
    assert(n);
    return n;
}

/* ---- values ---- */

/* "a whole number from 0 to 4", "yes or no", "none, pause or cap". */
const char *dt_check_domain_text(dt_checker *c, const dt_variable *variable)
{
    enum { SHOWN = 8 };
    if (variable->type == DT_TYPE_BOOL)
        return "yes or no";
    if (variable->type == DT_TYPE_RANGE)
        return dt_check_say(c, "a whole number from %d to %d", variable->low, variable->high);
    dt_text text = {.arena = c->arena};
    for (int i = 0; i <= variable->high && i < SHOWN; i++)
        dt_text_print(&text, "%s%s",
                      i == 0                ? ""
                      : i == variable->high ? " or "
                                            : ", ",
                      variable->value[i]);
    if (variable->high >= SHOWN)
        dt_text_print(&text, ", ...");
    return dt_text_get(&text);
}

/* A value written down for a variable; false, told, if it isn't one of its domain. */
bool dt_check_domain_value(dt_checker *c, const dt_syntax *node, int index, int *value)
{
    const dt_variable *variable = &c->model->variable[index];
    bool named = node->kind == DT_SYNTAX_NAME;
    if (node->kind == DT_SYNTAX_NUMBER) {
        if (node->number >= variable->low && node->number <= variable->high &&
            node->number == floor(node->number)) {
            *value = (int)node->number;
            return true;
        }
    } else if (named && variable->type == DT_TYPE_ENUM) {
        const dt_entry *entry =
            dt_names_find(c, DT_SPACE_VALUES, (uint32_t)c->enumeration[index], node->text);
        if (entry) {
            *value = entry->index;
            return true;
        }
    } else if (!named && variable->type == DT_TYPE_BOOL) {
        *value = node->kind == DT_SYNTAX_YES;
        return true;
    }
    const char *nearest =
        named ? dt_names_nearest(c, DT_SPACE_VALUES, (uint32_t)c->enumeration[index],
                                 1u << DT_NAME_VALUE, node->text)
              : NULL;
    if (!nearest && node->kind == DT_SYNTAX_NAME)
        nearest = dt_habit_hint(DT_HABIT_NAME, node->text);
    dt_complain_more(c->diagnostics, DT_NOT_IN_DOMAIN, node->place, nearest, NULL,
                     variable->is.name, dt_check_domain_text(c, variable));
    return false;
}

/* { bargain: p, stall: 1 - p }: the chances with which a private variable begins. */
static void check_chances(dt_checker *c, const dt_syntax *node, int index)
{
    dt_model *m = c->model;
    dt_variable *variable = &m->variable[index];
    if (variable->high == DT_MAX_BOUND && variable->low == -DT_MAX_BOUND)
        return; /* its range is in error */
    size_t values = (size_t)((int64_t)variable->high - variable->low) + 1;
    if (values > DT_MAX_CHANCES) {
        dt_complain(c->diagnostics, DT_LARGE_DOMAIN, node->place, (int)DT_MAX_CHANCES);
        return;
    }
    variable->chance = dt_new(c->arena, uint32_t, values);
    bool *given = dt_new(c->arena, bool, values);
    uint32_t zero = dt_expression_constant(&m->expression, 0);
    for (size_t i = 0; i < values; i++)
        variable->chance[i] = zero;
    uint32_t sum = zero;
    size_t before = dt_diagnostics_errors(c->diagnostics);
    for (const dt_syntax *n = node->first; n; n = n->next) {
        const dt_syntax *at = n->first;
        uint32_t chance =
            dt_check_number(c, at->next, dt_context_parameters("a chance at the start"));
        double known;
        if (dt_expression_is_constant(&m->expression, chance, &known) &&
            !(known >= -DT_SLACK && known <= 1 + DT_SLACK)) {
            char number[32];
            dt_complain(c->diagnostics, DT_CONSTANT_PROBABILITY, at->next->place,
                        dt_print_number(number, known));
        }
        sum = dt_expression_make(&m->expression, DT_OP_ADD, sum, chance, 0);
        int value;
        if (!dt_check_domain_value(c, at, index, &value))
            continue;
        if (given[value - variable->low])
            dt_complain(c->diagnostics, DT_REPEATED, at->place, dt_check_text(c, at->text));
        given[value - variable->low] = true;
        variable->chance[value - variable->low] = chance;
    }
    double total;
    if (dt_expression_is_constant(&m->expression, sum, &total) && fabs(total - 1) > DT_SLACK &&
        dt_diagnostics_errors(c->diagnostics) == before) {
        char number[32];
        dt_complain(c->diagnostics, DT_CHANCES_SUM, node->place, dt_print_number(number, total));
    }
}

/* ---- declarations ---- */

static const dt_syntax *initial_of(const dt_syntax *node)
{
    const dt_syntax *initial = type_of(node)->next;
    assert(initial);
    return initial;
}

/* Whoever knows a private variable: an actor, as what it knows doesn't go over with a role. */
static int check_owner(dt_checker *c, const dt_syntax *name)
{
    const dt_entry *entry = dt_names_find(c, DT_SPACE_SHARED, 0, name->text);
    if (!entry || entry->kind != DT_NAME_ROLE)
        return dt_check_refer(c, name, DT_NAME_ACTOR);
    dt_complain_more(c->diagnostics, DT_WRONG_KIND, name->place,
                     "name the actor: what it knows stays with it when another holds the role",
                     NULL, dt_check_text(c, name->text), dt_name_phrase(DT_NAME_ROLE),
                     dt_name_phrase(DT_NAME_ACTOR));
    return DT_NONE;
}

/* Types and initial values of all variables; chances must wait for parameters and lets. */
void dt_check_variables(dt_checker *c)
{
    dt_model *m = c->model;
    int index = 0;
    for (const dt_syntax *node = c->file->first; node; node = node->next) {
        if (node->kind != DT_SYNTAX_STATE && node->kind != DT_SYNTAX_PRIVATE)
            continue;
        dt_variable *variable = &m->variable[index];
        *variable = (dt_variable){
            .is = dt_check_named(c, node), .type = DT_TYPE_BOOL, .high = 1, .owner = DT_NONE};
        c->enumeration[index] = index;
        const dt_syntax *type = type_of(node), *initial = initial_of(node);
        if (node->kind == DT_SYNTAX_PRIVATE)
            variable->owner = check_owner(c, dt_syntax_child(node, DT_SYNTAX_NAME, 0));
        size_t before = dt_diagnostics_errors(c->diagnostics);
        if (type->kind == DT_SYNTAX_ENUM) {
            variable->type = DT_TYPE_ENUM;
            check_enumeration(c, type, index);
        } else if (type->kind == DT_SYNTAX_RANGE) {
            variable->type = DT_TYPE_RANGE;
            check_range(c, type, variable);
        }
        variable->start = variable->low;
        bool good = dt_diagnostics_errors(c->diagnostics) == before;
        if (good && initial->kind != DT_SYNTAX_CHANCES)
            dt_check_domain_value(c, initial, index, &variable->start);
        index++;
    }
    assert(index == m->variables);
}

void dt_check_all_chances(dt_checker *c)
{
    int index = 0;
    for (const dt_syntax *node = c->file->first; node; node = node->next) {
        if (node->kind != DT_SYNTAX_STATE && node->kind != DT_SYNTAX_PRIVATE)
            continue;
        const dt_syntax *initial = initial_of(node);
        if (initial->kind == DT_SYNTAX_CHANCES)
            check_chances(c, initial, index);
        index++;
    }
}
