/*
 * From the words of a user to a node of the graph. Where the words leave something open, the
 * forward pass says which of the fitting situations is the likeliest.
 */
#include "trace/situation.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "game/secret.h"
#include "model/calendar.h"
#include "trace/believed.h"
#include "trace/reach.h"

static const dt_place nowhere = {0, 0};

typedef struct reader {
    dt_arena *arena;
    const dt_model *model;
    dt_diagnostics *diagnostics;
    const char *text;
    const char **slot; /* [slots] names */
} reader;

static const char *name_slot(dt_arena *arena, const dt_model *model, int slot)
{
    dt_text text = {.arena = arena};
    dt_slot_name(model, slot, &text);
    return dt_text_get(&text);
}

static const char *name_value(dt_arena *arena, const dt_model *model, int slot, int value)
{
    dt_text text = {.arena = arena};
    dt_slot_value_name(model, slot, value, &text);
    return dt_text_get(&text);
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static dt_slice trim(const char *from, const char *to)
{
    while (from < to && is_space(*from))
        from++;
    while (to > from && is_space(to[-1]))
        to--;
    return (dt_slice){from, (size_t)(to - from)};
}

static dt_place place_of(const reader *read, dt_slice slice)
{
    return (dt_place){(uint32_t)(slice.at - read->text), (uint32_t)slice.length};
}

static const char *did_you_mean(const reader *read, dt_slice given, const char *const *names,
                                size_t count)
{
    const char *near = dt_nearest(given, names, count);
    if (!near)
        return NULL;
    dt_text hint = {.arena = read->arena};
    dt_text_print(&hint, "did you mean '%s'?", near);
    return dt_text_get(&hint);
}

/* The index of `given` among `names`, or -1. */
static int find_name(dt_slice given, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (dt_slice_is(given, names[i]))
            return (int)i;
    }
    return -1;
}

static bool read_integer(dt_slice given, int low, int high, int *value)
{
    size_t at = given.length != 0 && (given.at[0] == '-' || given.at[0] == '+');
    if (at == given.length)
        return false;
    int64_t number = 0;
    for (; at < given.length; at++) {
        if (given.at[at] < '0' || given.at[at] > '9' || number > INT32_MAX)
            return false;
        number = number * 10 + (given.at[at] - '0');
    }
    number = given.at[0] == '-' ? -number : number;
    *value = (int)number;
    return number >= low && number <= high;
}

/* The value of a slot that goes by a name; false, told, if there is none. */
static bool read_value(const reader *read, int slot, dt_slice given, int *value)
{
    const dt_model *model = read->model;
    const int low = dt_slot_low(model, slot);
    const int values = dt_slot_values(model, slot);
    assert(slot >= 0 && slot < model->slots && values > 0);
    const char *copy = dt_copy_text(read->arena, given.at, given.length);
    dt_text hint = {.arena = read->arena};
    if (slot < model->variables && model->variable[slot].type == DT_TYPE_RANGE) {
        if (read_integer(given, low, low + values - 1, value))
            return true;
        dt_text_print(&hint, "it ranges over %d..%d", low, low + values - 1);
        dt_complain_more(read->diagnostics, DT_AT_VALUE, place_of(read, given), dt_text_get(&hint),
                         NULL, read->slot[slot], copy);
        return false;
    }
    /* A stage's movers may have actions of one name: a choice has those of its own mover alone. */
    int mover = 0;
    const dt_stage *stage =
        slot < model->variables ? NULL : &model->stage[dt_slot_stage(model, slot, &mover)];
    const char **names = dt_new(read->arena, const char *, (size_t)values);
    for (int v = 0; v < values; v++) {
        if (stage && v > 0 && stage->action[v - 1].mover != mover) {
            names[v] = "";
            continue;
        }
        names[v] = name_value(read->arena, model, slot, low + v);
        dt_text_print(&hint, "%s%s", v ? ", " : "its values are ", names[v]);
    }
    int index = find_name(given, names, (size_t)values);
    if (index >= 0) {
        *value = low + index;
        return true;
    }
    const char *near = did_you_mean(read, given, names, (size_t)values);
    dt_complain_more(read->diagnostics, DT_AT_VALUE, place_of(read, given),
                     near ? near : dt_text_get(&hint), NULL, read->slot[slot], copy);
    return false;
}

/* The entry of a private variable's first value among those of all. */
static size_t first_belief(const dt_model *model, int variable)
{
    size_t first = 0;
    for (int i = 0; model->private_variable[i] != variable; i++)
        first += (size_t)dt_slot_values(model, model->private_variable[i]);
    return first;
}

/* Beliefs are numbers, but for rounding at most 1 together. */
static const double ALMOST = 1 + 1e-9;

/* "value:probability" of a private variable. */
static bool read_belief(const reader *read, int slot, dt_slice given, double *belief)
{
    const dt_model *model = read->model;
    const char *end = given.at + given.length, *colon = memchr(given.at, ':', given.length);
    const dt_slice value = trim(given.at, colon ? colon : end);
    const dt_slice number = trim(colon ? colon + 1 : end, end);
    int rank;
    double p = -1, sum = 0;
    if (colon && number.length && dt_read_number(number.at, number.length, &p) != number.length)
        p = -1;
    if (!(p >= 0)) {
        dt_complain(read->diagnostics, DT_AT_BELIEF, place_of(read, given), read->slot[slot]);
        return false;
    }
    if (!read_value(read, slot, value, &rank))
        return false;
    rank -= dt_slot_low(model, slot);
    belief += first_belief(model, slot);
    if (!isnan(belief[rank])) {
        dt_complain(read->diagnostics, DT_AT_TWICE, place_of(read, value),
                    name_value(read->arena, model, slot, rank + dt_slot_low(model, slot)));
        return false;
    }
    belief[rank] = p;
    for (int k = 0; k < dt_slot_values(model, slot); k++)
        sum += isnan(belief[k]) ? 0 : belief[k];
    if (sum <= ALMOST)
        return true;
    dt_complain(read->diagnostics, DT_AT_BELIEF, place_of(read, given), read->slot[slot]);
    return false;
}

/* One "name=value". */
static bool read_part(const reader *read, const char *from, const char *to,
                      const dt_wanted_situation *wanted)
{
    assert(from <= to);
    const char *sign = memchr(from, '=', (size_t)(to - from));
    const dt_slice name = trim(from, sign ? sign : to);
    /* "==" is what the language writes; it is as good. */
    const dt_slice value = sign ? trim(sign + (sign + 1 < to && sign[1] == '=') + 1, to) : name;
    if (!sign || name.length == 0 || value.length == 0) {
        dt_slice whole = trim(from, to);
        if (whole.length == 0)
            whole = (dt_slice){to, 1}; /* the comma before which nothing stands */
        dt_complain(read->diagnostics, DT_AT_SYNTAX, place_of(read, whole));
        return false;
    }
    const size_t slots = (size_t)read->model->slots;
    int slot = find_name(name, read->slot, slots);
    if (slot < 0) {
        dt_complain_more(read->diagnostics, DT_AT_NAME, place_of(read, name),
                         did_you_mean(read, name, read->slot, slots), NULL,
                         dt_copy_text(read->arena, name.at, name.length));
        return false;
    }
    if (slot < read->model->variables && read->model->variable[slot].owner != DT_NONE)
        return read_belief(read, slot, value, wanted->belief);
    if (wanted->slot[slot] != DT_ANY) {
        dt_complain(read->diagnostics, DT_AT_TWICE, place_of(read, name), read->slot[slot]);
        return false;
    }
    return read_value(read, slot, value, &wanted->slot[slot]);
}

bool dt_situation_read(dt_arena *arena, const dt_model *model, const char *text,
                       dt_diagnostics *diagnostics, dt_wanted_situation *wanted)
{
    reader read = {arena, model, diagnostics, text, NULL};
    read.slot = dt_new(arena, const char *, (size_t)model->slots);
    wanted->slot = dt_new(arena, int, (size_t)model->slots);
    for (int s = 0; s < model->slots; s++) {
        read.slot[s] = name_slot(arena, model, s);
        wanted->slot[s] = DT_ANY;
    }
    size_t values = 0;
    for (int i = 0; i < model->privates; i++)
        values += (size_t)dt_slot_values(model, model->private_variable[i]);
    wanted->belief = dt_new(arena, double, values);
    for (size_t k = 0; k < values; k++)
        wanted->belief[k] = NAN;
    bool good = true;
    for (const char *from = text; *from;) {
        const char *to = from + strcspn(from, ",");
        dt_slice part = trim(from, to);
        if (part.length != 0 || *to == ',')
            good &= read_part(&read, from, to, wanted);
        from = *to ? to + 1 : to;
    }
    return good;
}

static bool fits(const dt_model *model, const int *slot, const int *wanted)
{
    for (int s = 0; s < model->slots; s++) {
        if (wanted[s] != DT_ANY && wanted[s] != slot[s])
            return false;
    }
    return true;
}

/* The likeliest node of a stage in period t that fits, or DT_NOWHERE. */
static uint32_t likeliest(const dt_reach *reach, uint32_t stage, uint32_t t, const int *wanted,
                          int *slot)
{
    const dt_game *game = reach->game;
    uint32_t best = DT_NOWHERE;
    uint32_t first = game->stage_first[stage];
    uint32_t count = dt_game_count(game, stage, t);
    for (uint32_t n = first; n < first + count; n++) {
        if (best != DT_NOWHERE && reach->mass[n] <= reach->mass[best])
            continue;
        dt_game_unpack(game, n, slot);
        if (!wanted || fits(game->model, slot, wanted))
            best = n;
    }
    return best;
}

/* The index of the stage meant, or -1 when told that there is none that decides. */
static int find_stage(dt_arena *arena, const dt_model *model, const char *name,
                      dt_diagnostics *diagnostics)
{
    const char **names = dt_new(arena, const char *, (size_t)model->stages);
    for (int s = 0; s < model->stages; s++)
        names[s] = model->stage[s].is.name;
    const reader read = {.arena = arena};
    const dt_slice given = dt_slice_of(name);
    int stage = find_name(given, names, (size_t)model->stages);
    if (stage < 0)
        dt_complain_more(diagnostics, DT_EXPLAIN_STAGE, nowhere,
                         did_you_mean(&read, given, names, (size_t)model->stages), NULL, name);
    if (stage >= 0 && model->stage[stage].movers == 0) {
        dt_complain(diagnostics, DT_EXPLAIN_CHANCE, nowhere, name);
        return -1;
    }
    return stage;
}

/* The node meant in period t, which `reach` has gone to: the likeliest of a stage, or with stage
 * DT_NONE of the first stage that has one which is reached; or DT_NOWHERE. */
static uint32_t find_node(const dt_reach *reach, int stage, uint32_t t, const int *wanted,
                          int *slot)
{
    const dt_game *game = reach->game;
    if (stage != DT_NONE)
        return likeliest(reach, (uint32_t)stage, t, wanted, slot);
    for (uint32_t s = 0; s < game->stages; s++) {
        uint32_t node =
            game->model->stage[s].movers == 0 ? DT_NOWHERE : likeliest(reach, s, t, wanted, slot);
        if (node != DT_NOWHERE && reach->mass[node] > 0)
            return node;
    }
    return DT_NOWHERE;
}

/* ---- why nothing fits -------------------------------------------------------------------------- */

typedef struct misfit {
    dt_arena *arena;
    const dt_solution *solution;
    const dt_options *options;
    const int *wanted;
    int stage; /* or DT_NONE */
    uint32_t t;
    int *slot; /* [slots] work space */
} misfit;

/* The last period before t, and the first after it, in which a situation fits; or DT_NOWHERE. */
static void find_periods(const misfit *m, uint32_t *before, uint32_t *after)
{
    const dt_reach reach = dt_reach_new(m->arena, m->solution);
    const uint32_t horizon = m->solution->game->horizon;
    *before = *after = DT_NOWHERE;
    for (uint32_t t = 0; t < horizon && *after == DT_NOWHERE; t++) {
        dt_progress(m->arena, m->options, "following play", (double)t / horizon);
        dt_reach_to(&reach, t);
        if (t != m->t && find_node(&reach, m->stage, t, m->wanted, m->slot) != DT_NOWHERE)
            *(t < m->t ? before : after) = t;
    }
}

/* Whether some decision of the stage, whatever the period, has all that is wanted of two slots. */
static bool occurs(const misfit *m, int one, int other)
{
    const dt_game *game = m->solution->game;
    for (uint32_t n = 0; n < game->nodes; n++) {
        const uint32_t stage = dt_game_stage(game, n);
        if (m->stage != DT_NONE ? stage != (uint32_t)m->stage
                                : game->model->stage[stage].movers == 0)
            continue;
        dt_game_unpack(game, n, m->slot);
        if (m->slot[one] == m->wanted[one] && m->slot[other] == m->wanted[other])
            return true;
    }
    return false;
}

static void say_wanted(const misfit *m, int slot, dt_text *hint)
{
    const dt_model *model = m->solution->game->model;
    dt_slot_name(model, slot, hint);
    dt_text_print(hint, "=");
    dt_slot_value_name(model, slot, m->wanted[slot], hint);
}

/* Says which cell of the description, or which two, no period can bring about. */
static void say_cause(const misfit *m, dt_text *hint)
{
    const dt_model *model = m->solution->game->model;
    for (int apart = 0; apart <= 1; apart++) {
        for (int a = 0; a < model->slots; a++) {
            for (int b = apart ? a + 1 : a; b < (apart ? model->slots : a + 1); b++) {
                if (m->wanted[a] == DT_ANY || m->wanted[b] == DT_ANY || occurs(m, a, b))
                    continue;
                say_wanted(m, a, hint);
                if (apart) {
                    dt_text_print(hint, " and ");
                    say_wanted(m, b, hint);
                }
                dt_text_print(hint, apart ? " never occur together there" : " never occurs there");
                if (a >= model->variables || b >= model->variables)
                    dt_text_print(hint, ": a choice that nothing later reads is forgotten");
                return;
            }
        }
    }
    dt_text_print(hint, m->stage == DT_NONE
                            ? "play never comes to such a decision; --stage looks at what is "
                              "possible, however unlikely"
                            : "any two of these occur together there, but not all of them");
}

/* Says that nothing fits; when something would, or what makes it impossible; and what there is. */
static void complain_nowhere(const misfit *m, const dt_reach *reach, dt_diagnostics *diagnostics)
{
    const dt_game *game = m->solution->game;
    dt_text hint = {.arena = m->arena}, what = {.arena = m->arena}, period = {.arena = m->arena};
    if (m->stage != DT_NONE)
        dt_text_print(&what, "stage '%s'", game->model->stage[m->stage].is.name);
    else
        dt_text_print(&what, "any stage");
    uint32_t before, after;
    find_periods(m, &before, &after);
    const uint32_t there = m->stage == DT_NONE
                               ? DT_NOWHERE
                               : likeliest(reach, (uint32_t)m->stage, m->t, NULL, m->slot);
    if (after != DT_NOWHERE || before != DT_NOWHERE) {
        dt_text_print(&hint, "%s possible in ",
                      after == DT_NOWHERE    ? "last"
                      : before == DT_NOWHERE ? "first"
                                             : "next");
        dt_period_print(game->model, (int64_t)(after != DT_NOWHERE ? after : before) + 1, &hint);
    } else if (m->stage != DT_NONE &&
               game->stage_first[m->stage] == game->stage_first[m->stage + 1]) {
        dt_text_print(&hint, "that stage is never played");
    } else {
        say_cause(m, &hint);
    }
    if (there != DT_NOWHERE) {
        dt_text_print(&hint, "; the likeliest situation in that period is ");
        dt_game_describe(game, there, &hint);
    } else if (m->stage != DT_NONE) {
        dt_text_print(&hint, "; that stage isn't played in that period");
    }
    dt_period_print(game->model, (int64_t)m->t + 1, &period);
    dt_complain_more(diagnostics, DT_EXPLAIN_NOWHERE, nowhere, dt_text_get(&hint), NULL,
                     dt_text_get(&what), dt_text_get(&period));
}

/* ---- finding ----------------------------------------------------------------------------------- */

/* What is wanted of the private variables that are secrets; NULL, and told, if something is of one that is
 * known. */
static const double *wanted_of_secrets(dt_arena *arena, const dt_game *game,
                                       const dt_wanted_situation *wanted,
                                       dt_diagnostics *diagnostics)
{
    const dt_model *model = game->model;
    double *belief = dt_new(arena, double, game->secret_first[game->privates]);
    const double *from = wanted->belief;
    for (int i = 0; i < model->privates; i++) {
        const int v = model->private_variable[i], values = dt_slot_values(model, v);
        for (int k = 0; k < values; k++, from++) {
            if (game->secret_of[v] != DT_NONE) {
                belief[game->secret_first[game->secret_of[v]] + (size_t)k] = *from;
            } else if (!isnan(*from)) {
                dt_text known = {.arena = arena};
                dt_secret_print(model, v, game->known[v], &known);
                dt_complain(diagnostics, DT_AT_KNOWN, nowhere, dt_text_get(&known));
                return NULL;
            }
        }
    }
    return belief;
}

bool dt_situation_find(dt_arena *arena, const dt_solution *solution,
                       const dt_wanted_situation *wanted, const char *stage, uint32_t t,
                       dt_diagnostics *diagnostics, const dt_options *options, dt_situation *found)
{
    const dt_game *game = solution->game;
    assert(t < game->horizon);
    int chosen = stage ? find_stage(arena, game->model, stage, diagnostics) : DT_NONE;
    if (stage && chosen < 0)
        return false;
    const dt_reach reach = dt_reach_new(arena, solution);
    for (uint32_t period = 0; period < t; period++) {
        dt_progress(arena, options, "following play", (double)period / t);
        dt_reach_to(&reach, period);
    }
    dt_reach_to(&reach, t);
    int *slot = dt_new(arena, int, (size_t)game->model->slots);
    uint32_t node = find_node(&reach, chosen, t, wanted->slot, slot);
    if (node == DT_NOWHERE) {
        const misfit m = {arena, solution, options, wanted->slot, chosen, t, slot};
        complain_nowhere(&m, &reach, diagnostics);
        return false;
    }
    assert(node < game->nodes && game->menu[game->node_menu[node]].agents > 0);
    *found =
        (dt_situation){.node = node, .reached = reach.mass[node], .believed = reach.mass[node]};
    const double *belief = wanted_of_secrets(arena, game, wanted, diagnostics);
    if (belief && solution->private)
        found->point = dt_believed_find(reach.chain, node, belief, &found->believed);
    return belief;
}
