/*
 * The names of a model: one hash table for all the spaces in which a name must be unique, so that a
 * text with a hundred thousand names is checked in linear time. Looking a name up and not finding
 * it ends in one diagnostic with the nearest name as its hint; such hints are costly, so they are
 * given to the first errors only.
 */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "model/checker.h"

static const char *const phrase[] = {
#define X(kind, phrase) phrase,
    DT_NAME_KINDS(X)
#undef X
};

static const char *const functions[] = {
#define X(name, op, least, most, arguments) name,
    DT_FUNCTIONS(X)
#undef X
};

const char *dt_name_phrase(dt_name_kind kind)
{
    assert(kind < DT_NAME_KIND_COUNT);
    return phrase[kind];
}

/* Between the tokens of an expression there are blanks, line ends and comments, and no strings. */
const char *dt_check_written(dt_checker *c, dt_place place)
{
    dt_text text = {.arena = c->arena};
    const char *at = c->source->text + place.offset, *end = at + place.length;
    bool apart = false;
    while (at < end) {
        if (*at == '#') {
            while (at < end && *at != '\n')
                at++;
        } else if (strchr(" \t\r\n", *at)) {
            apart = true;
            at++;
        } else {
            dt_text_print(&text, "%s", apart && text.bytes.count ? " " : "");
            dt_text_add(&text, at++, 1);
            apart = false;
        }
    }
    return dt_text_get(&text);
}

/* A slice as a text of its own, shortened if it is too long to be read in a message. */
const char *dt_check_text(dt_checker *c, dt_slice text)
{
    enum { READABLE = 60 };
    if (text.length <= READABLE)
        return dt_copy_text(c->arena, text.at, text.length);
    return dt_check_say(c, "%.*s...", (int)READABLE, text.at);
}

const char *dt_check_say(dt_checker *c, const char *format, ...)
{
    assert(format);
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    assert(length >= 0 && "formats are the checker's own");
    char *text = dt_new(c->arena, char, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

int dt_check_line(dt_checker *c, dt_place place)
{
    if (c->lines.count == 0) {
        dt_push(c->arena, &c->lines, 0);
        for (size_t i = 0; i < c->source->length; i++) {
            if (c->source->text[i] == '\n')
                dt_push(c->arena, &c->lines, (uint32_t)(i + 1));
        }
    }
    size_t low = 0, high = c->lines.count; /* lines[low] <= offset < lines[high] */
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (c->lines.at[middle] <= place.offset)
            low = middle;
        else
            high = middle;
    }
    return (int)low + 1;
}

dt_place dt_name_place(const dt_syntax *node)
{
    return node->kind == DT_SYNTAX_NAME ? node->place : node->name_place;
}

dt_named dt_check_named(dt_checker *c, const dt_syntax *node)
{
    const dt_syntax *string = dt_syntax_child(node, DT_SYNTAX_STRING, 0);
    return (dt_named){
        .name = dt_copy_text(c->arena, node->text.at, node->text.length),
        .description = string ? dt_copy_text(c->arena, string->text.at, string->text.length) : "",
        .place = dt_name_place(node),
    };
}

/* ---- the table ---- */

static uint64_t hash(dt_space space, uint32_t within, dt_slice name)
{
    uint64_t h = dt_mix((uint64_t)space << 32 | within);
    for (size_t i = 0; i < name.length; i++)
        h = (h ^ (unsigned char)name.at[i]) * 0x100000001b3ULL; /* FNV-1a */
    return dt_mix(h);
}

/* The bucket in which the name stands or, if it is new, would. */
static size_t find_bucket(const dt_checker *c, dt_space space, uint32_t within, dt_slice name)
{
    assert(c->buckets != 0);
    size_t mask = c->buckets - 1;
    for (size_t i = hash(space, within, name) & mask;; i = (i + 1) & mask) {
        if (c->bucket[i] == 0)
            return i;
        const dt_entry *entry = &c->entry.at[c->bucket[i] - 1];
        if (entry->space == space && entry->within == within && dt_slice_is(name, entry->name))
            return i;
    }
}

static void grow_table(dt_checker *c)
{
    assert((c->buckets & (c->buckets - 1)) == 0);
    c->buckets = c->buckets == 0 ? 256 : 2 * c->buckets;
    c->bucket = dt_new(c->arena, uint32_t, c->buckets);
    for (size_t k = 0; k < c->entry.count; k++) {
        const dt_entry *entry = &c->entry.at[k];
        size_t i = find_bucket(c, entry->space, entry->within, dt_slice_of(entry->name));
        assert(c->bucket[i] == 0);
        c->bucket[i] = (uint32_t)k + 1;
    }
}

dt_entry *dt_names_find(const dt_checker *c, dt_space space, uint32_t within, dt_slice name)
{
    if (c->buckets == 0)
        return NULL;
    uint32_t found = c->bucket[find_bucket(c, space, within, name)];
    assert(found <= c->entry.count);
    return found ? &c->entry.at[found - 1] : NULL;
}

bool dt_names_add(dt_checker *c, dt_space space, uint32_t within, dt_slice name, dt_place place,
                  dt_name_kind kind, int index)
{
    assert(name.length > 0 && index >= 0);
    dt_entry *first = dt_names_find(c, space, within, name);
    if (first) {
        dt_complain(c->diagnostics, DT_DUPLICATE_NAME, place, dt_check_text(c, name),
                    dt_name_phrase(first->kind), dt_check_line(c, first->place));
        first->twice = true;
        c->broken |= space == DT_SPACE_SHARED; /* what the other one declares may be wanted */
        return false;
    }
    if (space == DT_SPACE_SHARED || space == DT_SPACE_OUTCOMES) {
        for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
            if (dt_slice_is(name, functions[i]))
                dt_complain(c->diagnostics, DT_RESERVED_NAME, place, functions[i]);
        }
    }
    if (2 * (c->entry.count + 1) > c->buckets)
        grow_table(c);
    dt_entry entry = {dt_copy_text(c->arena, name.at, name.length),
                      place,
                      space,
                      within,
                      kind,
                      index,
                      false,
                      false};
    c->bucket[find_bucket(c, space, within, name)] = (uint32_t)c->entry.count + 1;
    dt_push(c->arena, &c->entry, entry);
    return true;
}

/* ---- what a name may have meant ---- */

/* "did you mean 'x'?" for the nearest name of some kinds (bits) in a space, or NULL. */
const char *dt_names_nearest(dt_checker *c, dt_space space, uint32_t within, unsigned kinds,
                             dt_slice name)
{
    if (c->details == 0)
        return NULL;
    c->details--;
    dt_strings names = {0};
    for (size_t i = 0; i < c->entry.count; i++) {
        const dt_entry *entry = &c->entry.at[i];
        if (entry->space == space && entry->within == within && (kinds >> entry->kind & 1))
            dt_push(c->arena, &names, entry->name);
    }
    const char *nearest = dt_nearest(name, names.at, names.count);
    dt_drop(c->arena, &names);
    return nearest ? dt_check_say(c, "did you mean '%s'?", nearest) : NULL;
}

/* What a name that stands alone would mean elsewhere: a value of an enumeration, or an action. */
const char *dt_names_meaning(dt_checker *c, dt_slice name)
{
    if (c->details == 0)
        return NULL;
    for (size_t i = 0; i < c->entry.count; i++) {
        const dt_entry *entry = &c->entry.at[i];
        if (!dt_slice_is(name, entry->name))
            continue;
        if (entry->space == DT_SPACE_VALUES)
            return dt_check_say(c, "it is a value of '%s', and is read so only beside it: %s == %s",
                                c->model->variable[entry->within].is.name,
                                c->model->variable[entry->within].is.name, entry->name);
        if (entry->space == DT_SPACE_ACTIONS) {
            dt_text choice = {.arena = c->arena};
            dt_slot_name(c->model, (int)entry->within, &choice);
            return dt_check_say(c,
                                "it is an action, and is read so only beside its choice: "
                                "%s == %s",
                                dt_text_get(&choice), entry->name);
        }
    }
    return NULL;
}

bool dt_names_missed(dt_checker *c, dt_space space, dt_slice name)
{
    for (size_t i = 0; i < c->missed.count; i++) {
        if (c->missed.at[i].space == space && dt_slice_equal(c->missed.at[i].name, name))
            return false;
    }
    enum { REMEMBERED = 100 };
    if (c->missed.count < REMEMBERED)
        dt_push(c->arena, &c->missed, ((dt_missed){space, name}));
    return true;
}

static dt_space space_of(dt_name_kind kind)
{
    assert(kind <= DT_NAME_SOURCE);
    return kind == DT_NAME_OUTCOME  ? DT_SPACE_OUTCOMES
           : kind == DT_NAME_SOURCE ? DT_SPACE_SOURCES
                                    : DT_SPACE_SHARED;
}

/* How what was found is changed, where something else was wanted to be. */
static const char *kind_hint(dt_name_kind found, unsigned kinds)
{
    if (found == DT_NAME_STATE && kinds == 1u << DT_NAME_PARAM)
        return "a policy gives a state variable its first value by 'start'";
    if (found == DT_NAME_PARAM && kinds == 1u << DT_NAME_STATE)
        return "a parameter never changes in play; a policy gives it another number by 'set'";
    return NULL;
}

static void complain_of_name(dt_checker *c, const dt_syntax *node, dt_space space,
                             const dt_entry *found, unsigned kinds, const char *wanted)
{
    const char *name = dt_check_text(c, node->text);
    if (found && found->twice)
        return;
    if (found) {
        dt_complain_more(c->diagnostics, DT_WRONG_KIND, dt_name_place(node),
                         kind_hint(found->kind, kinds), NULL, name, dt_name_phrase(found->kind),
                         wanted);
        return;
    }
    if (c->broken || !dt_names_missed(c, space, node->text))
        return;
    dt_complain_more(c->diagnostics, DT_UNKNOWN_NAME, dt_name_place(node),
                     dt_names_nearest(c, space, 0, kinds, node->text), NULL, name, wanted);
}

int dt_check_refer(dt_checker *c, const dt_syntax *node, dt_name_kind kind)
{
    dt_space space = space_of(kind);
    dt_entry *entry = dt_names_find(c, space, 0, node->text);
    if (!entry || entry->kind != kind) {
        complain_of_name(c, node, space, entry, 1u << kind, dt_name_phrase(kind));
        return DT_NONE;
    }
    entry->used |= kind == DT_NAME_SOURCE;
    return entry->index;
}

bool dt_check_owner(dt_checker *c, const dt_syntax *node, dt_owner *owner)
{
    dt_entry *entry = dt_names_find(c, DT_SPACE_SHARED, 0, node->text);
    if (!entry || (entry->kind != DT_NAME_ACTOR && entry->kind != DT_NAME_ROLE)) {
        complain_of_name(c, node, DT_SPACE_SHARED, entry, 1u << DT_NAME_ACTOR | 1u << DT_NAME_ROLE,
                         "an actor or a role");
        return false;
    }
    entry->used = true;
    *owner = (dt_owner){entry->kind == DT_NAME_ROLE, entry->index};
    return true;
}

uint32_t dt_owner_code(dt_owner owner)
{
    assert(owner.index >= 0);
    return 2 * (uint32_t)owner.index + owner.is_role;
}
