/*
 * Lets: each is checked once, those it uses before it. They may stand in any order, so they are
 * visited depth first along the names in their bodies, without recursion, and checked on the way
 * back (Tarjan 1972). A name in a body may turn out to be an enumeration value, so what looks like a
 * circle needn't be one: what is still unchecked when it is needed is checked there and then, and
 * only if that leads back, or too deep, do the lets go round in a circle.
 */
#include <assert.h>

#include "model/checker.h"

enum { DEEPEST = 16 }; /* lets that wait for each other in what looks like a circle */

/* Tells of the circle that closes at let `index`, beginning with what is declared first. */
static void complain_of_circle(dt_checker *c, int index)
{
    const uint32_t *active = c->active.at;
    size_t from = 0, count = c->active.count;
    while (from < count && active[from] != (uint32_t)index)
        from++;
    bool closed = from < count; /* else too deep to be anything but a circle */
    if (!closed)
        from = 0;
    size_t first = from;
    for (size_t i = from; i < count; i++) {
        assert(c->let[active[i]].state == DT_LET_ACTIVE);
        c->let[active[i]].circular = true;
        if (closed && active[i] < active[first])
            first = i;
    }
    dt_text text = {.arena = c->arena};
    for (size_t k = 0; k < count - from; k++) {
        size_t i = from + (first - from + k) % (count - from);
        dt_text_print(&text, "%.60s -> ", c->let[active[i]].is.name);
    }
    const dt_let *let = &c->let[active[first]];
    dt_text_print(&text, "%.60s", closed ? let->is.name : "...");
    dt_complain(c->diagnostics, DT_CIRCULAR_LET, let->is.place, let->is.name, dt_text_get(&text));
}

/* The value of a let, checked now if it wasn't before. */
dt_value dt_check_let(dt_checker *c, int index)
{
    assert(index >= 0 && index < c->lets);
    dt_let *let = &c->let[index];
    if (let->state == DT_LET_DONE)
        return let->value;
    if (let->state == DT_LET_ACTIVE || c->active.count == DEEPEST) {
        if (!let->circular)
            complain_of_circle(c, index);
        return dt_value_wrong(c);
    }
    dt_push(c->arena, &c->active, (uint32_t)index);
    let->state = DT_LET_ACTIVE;
    let->reads = dt_reads_none();
    let->value = dt_check_operand(c, &let->reads, let->body);
    if (let->circular)
        let->value = dt_value_wrong(c);
    let->state = DT_LET_DONE;
    c->active.count--;
    assert(c->active.at[c->active.count] == (uint32_t)index);
    return let->value;
}

/* The lets whose names occur in the body of each: those of let i are use[first[i] … first[i+1]-1]. */
typedef struct dt_uses {
    uint32_t *first;
    dt_indices use;
} dt_uses;

static dt_uses find_uses(dt_checker *c)
{
    dt_uses uses = {.first = dt_new(c->arena, uint32_t, (size_t)c->lets + 1)};
    dt_syntax_list stack = {0};
    for (int i = 0; i < c->lets; i++) {
        uses.first[i] = (uint32_t)uses.use.count;
        dt_push(c->arena, &stack, c->let[i].body);
        while (stack.count > 0) {
            const dt_syntax *node = stack.at[--stack.count];
            if (node->kind == DT_SYNTAX_NAME) {
                const dt_entry *entry = dt_names_find(c, DT_SPACE_SHARED, 0, node->text);
                if (entry && entry->kind == DT_NAME_LET)
                    dt_push(c->arena, &uses.use, (uint32_t)entry->index);
            }
            for (const dt_syntax *child = node->first; child; child = child->next)
                dt_push(c->arena, &stack, child);
        }
    }
    uses.first[c->lets] = (uint32_t)uses.use.count;
    dt_drop(c->arena, &stack);
    return uses;
}

void dt_check_lets(dt_checker *c)
{
    dt_uses uses = find_uses(c);
    uint32_t *next =
        dt_new(c->arena, uint32_t, (size_t)c->lets); /* 1 + uses looked at; 0: unseen */
    dt_indices path = {0};
    for (int root = 0; root < c->lets; root++) {
        if (next[root] == 0)
            dt_push(c->arena, &path, (uint32_t)root);
        while (path.count > 0) {
            uint32_t let = path.at[path.count - 1];
            uint32_t use = uses.first[let] + next[let]++;
            if (use == uses.first[let + 1]) {
                path.count--;
                dt_check_let(c, (int)let);
                assert(c->active.count == 0);
            } else if (next[uses.use.at[use]] == 0) {
                dt_push(c->arena, &path, uses.use.at[use]);
            }
        }
    }
    dt_drop(c->arena, &path);
}
