/*
 * The words by which a user says what is to be explained, read before anything is solved: a situation, what
 * is believed in it, a stage, a period and an action. Every word that the model doesn't know is told here, with what
 * it knows in its place; whether play comes to such a situation is for situation.c to say.
 */
#include "trace/asked.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/job.h"
#include "detente_explain.h"
#include "game/secret.h"
#include "model/calendar.h"
#include "trace/because.h"

static const dt_place nowhere = {0, 0};

typedef struct reader {
    dt_arena *arena;
    const dt_model *model;
    dt_diagnostics *diagnostics;
    const char *text;
    const char **slot; /* [slots] names */
    bool beliefs;      /* nothing else is named */
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

static bool is_private(const dt_model *model, int slot)
{
    return slot >= 0 && slot < model->variables && model->variable[slot].owner != DT_NONE;
}

/* "private here: aim, resolve" */
static const char *private_here(const reader *read)
{
    const dt_model *model = read->model;
    dt_text all = {.arena = read->arena};
    dt_text_print(&all, "%s", model->privates ? "private here: " : "nothing is private here");
    for (int i = 0; i < model->privates; i++)
        dt_text_print(&all, "%s%s", i ? ", " : "", read->slot[model->private_variable[i]]);
    return dt_text_get(&all);
}

/* Told: a name that isn't that of a private variable, where only beliefs are named. */
static void refuse_name(const reader *read, dt_slice name)
{
    const dt_model *model = read->model;
    const char **names = dt_new(read->arena, const char *, (size_t)model->privates);
    for (int i = 0; i < model->privates; i++)
        names[i] = read->slot[model->private_variable[i]];
    const char *near = did_you_mean(read, name, names, (size_t)model->privates);
    dt_complain_more(read->diagnostics, DT_BELIEVING_NAME, place_of(read, name),
                     near ? near : private_here(read), NULL,
                     dt_copy_text(read->arena, name.at, name.length));
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
        dt_complain_more(read->diagnostics, read->beliefs ? DT_BELIEVING_SYNTAX : DT_AT_SYNTAX,
                         place_of(read, whole), read->beliefs ? private_here(read) : NULL, NULL);
        return false;
    }
    const size_t slots = (size_t)read->model->slots;
    int slot = find_name(name, read->slot, slots);
    if (read->beliefs && !is_private(read->model, slot)) {
        refuse_name(read, name);
        return false;
    }
    if (slot < 0) {
        dt_complain_more(read->diagnostics, DT_AT_NAME, place_of(read, name),
                         did_you_mean(read, name, read->slot, slots), NULL,
                         dt_copy_text(read->arena, name.at, name.length));
        return false;
    }
    if (is_private(read->model, slot))
        return read_belief(read, slot, value, wanted->belief);
    if (wanted->slot[slot] != DT_ANY) {
        dt_complain(read->diagnostics, DT_AT_TWICE, place_of(read, name), read->slot[slot]);
        return false;
    }
    return read_value(read, slot, value, &wanted->slot[slot]);
}

static dt_wanted_situation anything(dt_arena *arena, const dt_model *model)
{
    size_t values = 0;
    for (int i = 0; i < model->privates; i++)
        values += (size_t)dt_slot_values(model, model->private_variable[i]);
    const dt_wanted_situation wanted = {dt_new(arena, int, (size_t)model->slots),
                                        dt_new(arena, double, values)};
    for (int s = 0; s < model->slots; s++)
        wanted.slot[s] = DT_ANY;
    for (size_t k = 0; k < values; k++)
        wanted.belief[k] = NAN;
    return wanted;
}

/* Reads what a text adds to what is wanted. */
static bool read_list(dt_arena *arena, const dt_model *model, const char *text, bool beliefs,
                      dt_diagnostics *diagnostics, const dt_wanted_situation *wanted)
{
    reader read = {arena, model, diagnostics, text, NULL, beliefs};
    read.slot = dt_new(arena, const char *, (size_t)model->slots);
    for (int s = 0; s < model->slots; s++)
        read.slot[s] = name_slot(arena, model, s);
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

bool dt_asked_situation(dt_arena *arena, const dt_model *model, const char *text,
                        dt_diagnostics *diagnostics, dt_wanted_situation *wanted)
{
    *wanted = anything(arena, model);
    return read_list(arena, model, text, false, diagnostics, wanted);
}

bool dt_asked_known(dt_arena *arena, const dt_game *game, const dt_wanted_situation *wanted,
                    dt_diagnostics *diagnostics)
{
    const dt_model *model = game->model;
    const double *belief = wanted->belief;
    for (int i = 0; i < model->privates; i++) {
        const int v = model->private_variable[i], values = dt_slot_values(model, v);
        bool named = false;
        for (int k = 0; k < values; k++, belief++)
            named |= !isnan(*belief);
        if (!named || game->secret_of[v] != DT_NONE)
            continue;
        dt_text known = {.arena = arena};
        dt_secret_print(model, v, game->known[v], &known);
        dt_complain(diagnostics, DT_AT_KNOWN, nowhere, dt_text_get(&known));
        return false;
    }
    return true;
}

/* ---- a stage and a period ---------------------------------------------------------------------- */

int dt_asked_stage(dt_arena *arena, const dt_model *model, const char *name,
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

bool dt_asked_period(dt_arena *arena, const dt_model *model, int period,
                     dt_diagnostics *diagnostics)
{
    if (period >= 1 && period <= model->horizon)
        return true;
    dt_text text = {.arena = arena};
    dt_period_print(model, period, &text);
    dt_complain(diagnostics, DT_EXPLAIN_PERIOD, nowhere, dt_text_get(&text), model->horizon);
    return false;
}

/* ---- an action --------------------------------------------------------------------------------- */

/* Whether two names are the same but for blanks. */
static bool same_name(const char *a, const char *b)
{
    while (*a || *b) {
        a += strspn(a, " ");
        b += strspn(b, " ");
        if (*a != *b)
            return false;
        a += *a != '\0';
        b += *b != '\0';
    }
    return true;
}

int dt_explained_action_find(const dt_explained_mover *mover, const char *name)
{
    for (size_t a = 0; mover && name && a < mover->actions; a++) {
        if (same_name(mover->action[a].name, name) || same_name(mover->action[a].brief, name))
            return (int)a;
    }
    return -1;
}

typedef dt_list(const char *) names;

static void add_once(dt_arena *arena, names *all, const char *name)
{
    for (size_t i = 0; i < all->count; i++) {
        if (strcmp(all->at[i], name) == 0)
            return;
    }
    dt_push(arena, all, name);
}

/* As many names of actions are told if none is near. */
enum { MOST_LISTED = 16 };

/* Whether anybody has an action of this name in a stage (DT_NONE: in any). */
static bool has_action(dt_arena *arena, const dt_game *game, int stage, const char *name,
                       dt_diagnostics *diagnostics)
{
    names known = {0};
    for (uint32_t m = 0; m < game->menus; m++) {
        const dt_menu *menu = &game->menu[m];
        for (int k = 0; k < menu->agents && (stage == DT_NONE || menu->stage == stage); k++) {
            for (int o = 0; o < menu->options[k]; o++) {
                dt_text text = {.arena = arena};
                dt_option_name(game, menu, k, o, &text);
                const char *full = dt_text_get(&text), *brief = dt_brief_name(arena, full);
                if (same_name(full, name) || same_name(brief, name))
                    return true;
                add_once(arena, &known, brief);
            }
        }
    }
    const reader read = {.arena = arena};
    const char *hint = did_you_mean(&read, dt_slice_of(name), known.at, known.count);
    dt_text all = {.arena = arena}, where = {.arena = arena};
    for (size_t i = 0; i < known.count && known.count <= MOST_LISTED; i++)
        dt_text_print(&all, "%s%s", i ? ", " : "actions are ", known.at[i]);
    if (stage != DT_NONE)
        dt_text_print(&where, " of stage '%s'", game->model->stage[stage].is.name);
    dt_complain_more(diagnostics, DT_EXPLAIN_ACTION, nowhere, hint ? hint : dt_text_get(&all), NULL,
                     dt_text_get(&where), name);
    return false;
}

/* ---- all of them ------------------------------------------------------------------------------- */

typedef struct check {
    const dt_game *game;
    const dt_explain_words *words;
    const dt_options *options;
} check;

/* Reads a list as a source of its own, so that places are places in it. */
static bool read_words(dt_arena *arena, const check *c, const char *name, const char *text,
                       const dt_wanted_situation *wanted)
{
    const dt_source words = {name, text ? text : "", text ? strlen(text) : 0};
    dt_diagnostics *reading = dt_diagnostics_new(arena, c->options, &words);
    const bool beliefs = text && text == c->words->believing;
    const bool good = read_list(arena, c->game->model, words.text, beliefs, reading, wanted);
    dt_diagnostics_flush(reading);
    return good;
}

static dt_status check_words(dt_arena *arena, void *argument)
{
    const check *c = argument;
    const dt_explain_words *words = c->words;
    const dt_model *model = c->game->model;
    dt_wanted_situation wanted = anything(arena, model);
    dt_diagnostics *diagnostics = dt_diagnostics_new(arena, c->options, &model->source);
    bool good = read_words(arena, c, "at", words->at, &wanted);
    good &= read_words(arena, c, "believing", words->believing, &wanted);
    good = good && dt_asked_known(arena, c->game, &wanted, diagnostics);
    good &= dt_asked_period(arena, model, words->period, diagnostics);
    const int stage =
        words->stage ? dt_asked_stage(arena, model, words->stage, diagnostics) : DT_NONE;
    if (words->stage && stage < 0)
        good = false;
    else if (words->against)
        good &= has_action(arena, c->game, stage, words->against, diagnostics);
    dt_diagnostics_flush(diagnostics);
    return good ? DT_OK : DT_INVALID;
}

dt_status dt_explain_check(const dt_game *game, const dt_explain_words *words,
                           const dt_options *options)
{
    if (!game || !words)
        return dt_refuse_call(options, "dt_explain_check", "no game, or no words");
    return dt_job(options, check_words, &(check){game, words, options});
}
