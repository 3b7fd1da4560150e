/*
 * Patterns: what a stage does at a node (who can choose what, what is paid, with which probabilities
 * which variables change) depends on what its text reads, which is little beside the whole
 * situation. So it is worked out once for each distinct part that is read, as a pattern, and then
 * followed from every node that looks the same: each branch of a pattern is a mask and an addition
 * on the key. Added to what is read are the variables whose old value decides whether two ways of
 * coming out are one (those assigned in some draws only), the ones that later `when`s read, so that
 * the stage reached is part of the pattern, and how near variables that are counted up or down are
 * to the ends of their domains. Invariant: following a pattern from a node finds the same branches
 * in the same order as working it out there would.
 */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "game/explorer.h"

/* What a stage's effects do to each variable. */
typedef struct writing {
    uint8_t *read;     /* [slots] all of the old value matters */
    uint8_t *assigned; /* [slots] in every draw of some action */
    double *margin;    /* [slots] most that is added or taken away */
} writing;

/* A constant that a variable is counted up by, or more than any domain if it is none. */
static double constant_increment(dt_explorer *explorer, uint32_t expression)
{
    const int *slot;
    if (dt_formula_reads(explorer->formulas, expression, &slot) != 0)
        return INFINITY;
    double value = nearbyint(dt_formula_value(explorer->formulas, expression, explorer->key));
    return isfinite(value) ? fabs(value) : INFINITY;
}

static void find_writes(dt_explorer *explorer, const writing *writing, dt_effects effects,
                        bool always)
{
    for (int i = 0; i < effects.count; i++) {
        const dt_effect *effect = &effects.at[i];
        const bool writes = (effect->kind == DT_ASSIGN || effect->kind == DT_ADD) &&
                            !dt_slot_is_private(explorer->model, effect->target);
        if (writes && effect->kind == DT_ASSIGN && always)
            writing->assigned[effect->target] = 1;
        else if (writes && effect->kind == DT_ASSIGN)
            writing->read[effect->target] = 1;
        else if (writes)
            writing->margin[effect->target] += constant_increment(explorer, effect->expression);
        for (int a = 0; a < effect->arms; a++)
            find_writes(explorer, writing, effect->arm[a].body, false);
    }
}

/* The fields that every draw of some effects overwrites, whatever was there. */
static void find_assigned(const dt_explorer *explorer, const writing *writing, dt_effects effects,
                          uint32_t *fields)
{
    for (int i = 0; i < effects.count; i++) {
        int v = effects.at[i].target;
        if (effects.at[i].kind == DT_ASSIGN && !writing->read[v])
            dt_key_mark(&explorer->layout.field[v], fields);
    }
}

static void find_view(dt_explorer *explorer, uint32_t s)
{
    const dt_model *model = explorer->model;
    const dt_stage *stage = &model->stage[s];
    dt_stage_found *found = &explorer->found[s];
    writing writing = {
        .read = dt_new(explorer->arena, uint8_t, (size_t)model->slots),
        .assigned = dt_new(explorer->arena, uint8_t, (size_t)model->slots),
        .margin = dt_new(explorer->arena, double, (size_t)model->slots),
    };
    dt_explorer_mark_stage(explorer, writing.read, (int)s);
    for (int later = (int)s + 1; later < model->stages; later++) {
        dt_explorer_mark_reads(explorer, writing.read, model->stage[later].when);
        if (model->stage[later].when == DT_NONE)
            break;
    }
    find_writes(explorer, &writing, stage->effects, true);
    for (int a = 0; a < stage->actions; a++)
        find_writes(explorer, &writing, stage->action[a].effects, true);
    for (int v = 0; v < model->variables; v++)
        writing.read[v] |= writing.margin[v] > 0 &&
                           (writing.assigned[v] || writing.margin[v] > dt_key_values(model, v));
    found->view = dt_view_new(explorer, writing.read);
    for (int v = 0; v < model->variables; v++) {
        if (!writing.read[v] && writing.margin[v] > 0)
            dt_view_add_near(explorer, &found->view, v, (uint32_t)writing.margin[v]);
    }
    size_t actions = stage->actions ? (size_t)stage->actions : 1;
    found->assigned = dt_new(explorer->arena, uint32_t, actions * explorer->layout.words);
    find_assigned(explorer, &writing, stage->effects, found->assigned);
    for (int a = 0; a < stage->actions; a++)
        find_assigned(explorer, &writing, stage->action[a].effects,
                      found->assigned + (size_t)a * explorer->layout.words);
}

void dt_explorer_find_patterns(dt_explorer *explorer)
{
    for (uint32_t s = 0; s < explorer->leaf_kind; s++)
        find_view(explorer, s);
}

/* Follows branches first … first+count-1 of a stage's patterns from a key, `count` <= DT_AHEAD. With
 * the number of words known when it is compiled, keys are in registers. */
static inline __attribute__((always_inline)) void follow_words(dt_explorer *explorer,
                                                               dt_stage_found *found, size_t first,
                                                               uint32_t count, uint32_t words)
{
    uint64_t hash[DT_AHEAD];
    const uint32_t *key = explorer->key;
    const uint32_t *write = found->write.at + first * 2 * words;
    const uint8_t *kind = found->write_kind.at + first;
    uint32_t *target = found->target.at + found->target.count;
    uint32_t *ahead = explorer->ahead;
    for (uint32_t b = 0; b < count; b++, ahead += words, write += (size_t)2 * words) {
        for (uint32_t w = 0; w < words; w++)
            ahead[w] = (key[w] & write[w]) + write[words + w];
        hash[b] = dt_key_hash(ahead, words);
        dt_keys_prefetch(&explorer->keys[kind[b]], hash[b]);
    }
    ahead = explorer->ahead;
    for (uint32_t b = 0; b < count; b++, ahead += words)
        target[b] = dt_explorer_intern(explorer, kind[b], ahead, words, hash[b]);
    memcpy(found->kind.at + found->kind.count, kind, count);
    found->target.count += count;
    found->kind.count += count;
}

static void follow(dt_explorer *explorer, dt_stage_found *found, const dt_pattern *pattern)
{
    dt_reserve(explorer->arena, &found->target, pattern->branches);
    dt_reserve(explorer->arena, &found->kind, pattern->branches);
    for (uint32_t done = 0; done < pattern->branches; done += DT_AHEAD) {
        uint32_t count = pattern->branches - done;
        count = count < DT_AHEAD ? count : DT_AHEAD;
        if (explorer->layout.words == 1)
            follow_words(explorer, found, pattern->first + done, count, 1);
        else if (explorer->layout.words == 2)
            follow_words(explorer, found, pattern->first + done, count, 2);
        else
            follow_words(explorer, found, pattern->first + done, count, explorer->layout.words);
    }
}

bool dt_explorer_expand(dt_explorer *explorer, uint32_t stage, uint32_t number)
{
    dt_stage_found *found = &explorer->found[stage];
    const uint32_t words = explorer->layout.words;
    dt_key_copy(explorer->key, explorer->keys[stage].key.at + (size_t)number * words, words);
    bool added;
    uint32_t known = dt_view_find(&found->view, explorer->key, &added);
    if (added) {
        if (found->view.useless)
            found->pattern.count = found->write.count = found->write_kind.count = 0;
        const size_t first = found->write_kind.count;
        if (!dt_explorer_make_pattern(explorer, stage, number)) {
            if (!explorer->roots)
                return false;
            found->write_kind.count = first;
            found->write.count = first * 2 * words;
            dt_explorer_make_dead(explorer, stage);
        }
        if (explorer->roots && explorer->formulas->undefined.length != 0) {
            explorer->formulas->undefined.length = 0;
            found->pattern.at[known].dead = true;
        }
    }
    assert(known < found->pattern.count);
    const dt_pattern *pattern = &found->pattern.at[known];
    dt_push(explorer->arena, &found->outline, pattern->outline);
    if (explorer->roots)
        dt_push(explorer->arena, &found->dead, pattern->dead);
    follow(explorer, found, pattern);
    return true;
}
