/*
 * Levers and policies. A setting of a lever holds changes; a policy says which settings are in force,
 * the first of each lever unless it says otherwise, and has changes of its own. What they amount to
 * together is worked out for each policy, and must be without contradiction (regime.c). A model
 * without policies has one that changes nothing.
 */
#include <assert.h>

#include "model/checker.h"
#include "model/regime.h"

/* ---- levers ---- */

static void check_lever(dt_checker *c, const dt_syntax *node, int index)
{
    int count = 0, most;
    for (const dt_syntax *n = node->first; n; n = n->next)
        count += n->kind == DT_SYNTAX_SETTING;
    dt_lever *lever = &c->model->lever[index];
    *lever = (dt_lever){.is = dt_check_named(c, node)};
    dt_limit_text(DT_LIMIT_SETTINGS, &most);
    if (count > most) {
        dt_check_too_many(c, node->place, DT_LIMIT_SETTINGS);
        return;
    }
    dt_setting *setting = dt_new(c->arena, dt_setting, (size_t)count);
    for (const dt_syntax *n = node->first; n; n = n->next) {
        if (n->kind != DT_SYNTAX_SETTING)
            continue;
        dt_setting *made = &setting[lever->settings];
        made->is = dt_check_named(c, n);
        made->change = dt_check_changes(c, n, &made->changes);
        dt_names_add(c, DT_SPACE_SETTINGS, (uint32_t)index, n->text, dt_name_place(n),
                     DT_NAME_SETTING, lever->settings++);
    }
    lever->setting = setting;
    if (count < 2 && !c->broken)
        dt_complain_more(
            c->diagnostics, DT_FEW_SETTINGS, dt_name_place(node),
            "the first setting can be one that changes nothing: lever x { off ; on { … } }", NULL,
            lever->is.name, count ? "one" : "none");
}

void dt_check_levers(dt_checker *c)
{
    const size_t before = dt_diagnostics_errors(c->diagnostics);
    int index = 0;
    for (const dt_syntax *node = c->file->first; node; node = node->next) {
        if (node->kind == DT_SYNTAX_LEVER)
            check_lever(c, node, index++);
    }
    assert(index == c->model->levers);
    c->broken_levers = dt_diagnostics_errors(c->diagnostics) > before;
    for (int l = 0; l < index; l++)
        c->broken_levers |= c->model->lever[l].settings == 0;
}

/* ---- policies ---- */

/* `used` [levers] says for which levers there was one. */
static void check_use(dt_checker *c, const dt_syntax *node, size_t *setting, bool *used)
{
    const int lever = dt_check_refer(c, node, DT_NAME_LEVER);
    if (lever == DT_NONE)
        return;
    const dt_lever *of = &c->model->lever[lever];
    const dt_syntax *name = dt_syntax_child(node, DT_SYNTAX_NAME, 0);
    const dt_entry *entry = dt_names_find(c, DT_SPACE_SETTINGS, (uint32_t)lever, name->text);
    if (!entry && !c->broken) {
        const char *hint = dt_names_nearest(c, DT_SPACE_SETTINGS, (uint32_t)lever,
                                            1u << DT_NAME_SETTING, name->text);
        dt_text all = {.arena = c->arena};
        for (int s = 0; s < of->settings; s++)
            dt_text_print(&all, "%s%s", s ? ", " : "its settings are ", of->setting[s].is.name);
        dt_complain_more(c->diagnostics, DT_UNKNOWN_SETTING, name->place,
                         hint ? hint : dt_text_get(&all), NULL, of->is.name,
                         dt_check_text(c, name->text));
    }
    if (used[lever])
        dt_complain_more(c->diagnostics, DT_REPEATED, dt_name_place(node),
                         "a policy uses one setting of a lever", NULL, of->is.name);
    used[lever] = true;
    setting[lever] = entry ? (size_t)entry->index : 0;
}

static void check_policy(dt_checker *c, const dt_syntax *node, int index)
{
    dt_model *m = c->model;
    dt_policy *policy = &m->policy[index];
    const size_t before = dt_diagnostics_errors(c->diagnostics);
    size_t *setting = dt_new(c->arena, size_t, (size_t)m->levers);
    policy->setting = setting;
    if (node) {
        bool *used = dt_new(c->arena, bool, (size_t)m->levers), judgement;
        policy->is = dt_check_named(c, node);
        dt_check_support(c, node, &policy->source, &judgement);
        for (const dt_syntax *n = node->first; n; n = n->next) {
            if (n->kind == DT_SYNTAX_USE)
                check_use(c, n, setting, used);
        }
        policy->change = dt_check_changes(c, node, &policy->changes);
    }
    if (c->broken_levers || dt_diagnostics_errors(c->diagnostics) > before)
        return; /* what it amounts to isn't known */
    const dt_lever_cell cell = dt_cell_of_policy(c->arena, m, index);
    dt_regime_make(c->arena, m, &cell, policy->is.place,
                   dt_check_say(c, "policy '%s'", policy->is.name), c->diagnostics,
                   &policy->regime);
}

void dt_check_policies(dt_checker *c)
{
    dt_model *m = c->model;
    int index = 0;
    for (const dt_syntax *node = c->file->first; node; node = node->next) {
        if (node->kind == DT_SYNTAX_POLICY)
            check_policy(c, node, index++);
    }
    if (index == 0) {
        m->policy[0] = (dt_policy){
            .is = {"default", "", m->is.place},
              .source = DT_NONE
        };
        check_policy(c, NULL, index++);
    }
    assert(index == m->policies);
}
