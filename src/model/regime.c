/*
 * From the changes in force to one regime. The changes that policies make of their own are laid down
 * first, then those of the settings, lever by lever: what a policy of its own gives a number, a role or
 * a start replaces what settings give it, and two that would give it differently contradict each
 * other, as do two teams with one actor. Every cell is worked out here, a policy's too, so that a cell
 * is the same game as the policy that is written out in full.
 */
#include "model/regime.h"

#include <assert.h>

/* A change in force, and whose it is. */
typedef struct in_force {
    const dt_change *change;
    int lever; /* DT_NONE: a policy's own */
    int index; /* of the setting, or of the policy */
} in_force;

typedef struct merging {
    dt_arena *arena;
    const dt_model *model;
    const char *under;
    dt_place place;
    dt_diagnostics *diagnostics;
    size_t changes;
    in_force *reason;        /* [changes] policies' own first, then the settings' */
    const in_force **given;  /* [params + roles + variables] what decides about each, or NULL */
    const in_force **teamed; /* [actors] whose team it is in, or NULL */
    bool good;
} merging;

/* ---- saying it --------------------------------------------------------------------------------- */

void dt_settings_print(const dt_model *model, const size_t *setting, dt_text *text)
{
    for (int l = 0; l < model->levers; l++) {
        const dt_lever *lever = &model->lever[l];
        assert(setting[l] < (size_t)lever->settings);
        dt_text_print(text, "%s%s=%s", l ? ", " : "", lever->is.name,
                      lever->setting[setting[l]].is.name);
    }
}

void dt_cell_print(const dt_model *model, const dt_lever_cell *cell, dt_text *text)
{
    dt_settings_print(model, cell->setting, text);
    for (size_t i = 0; i < cell->changes; i++)
        dt_text_print(text, "%s%s", model->levers || i ? ", " : "",
                      model->policy[cell->change[i].policy].change[cell->change[i].change].text);
}

static const char *whose(const merging *m, const in_force *reason)
{
    dt_text text = {.arena = m->arena};
    if (reason->lever == DT_NONE)
        dt_text_print(&text, "policy '%s'", m->model->policy[reason->index].is.name);
    else
        dt_text_print(&text, "%s=%s", m->model->lever[reason->lever].is.name,
                      m->model->lever[reason->lever].setting[reason->index].is.name);
    return dt_text_get(&text);
}

/* What a change makes of the thing that it is about: "set to 0.2". */
static const char *made_of(const merging *m, const dt_change *change)
{
    dt_text text = {.arena = m->arena};
    char number[32];
    if (change->kind == DT_CHANGE_SET)
        dt_text_print(&text, "set to %s", dt_print_number(number, change->set.value));
    else if (change->kind == DT_CHANGE_ROLE)
        dt_text_print(&text, "held by %s", m->model->actor[change->to].is.name);
    else {
        dt_text_print(&text, "started at ");
        dt_slot_value_name(m->model, change->what, change->to, &text);
    }
    return dt_text_get(&text);
}

static const char *name_of(const merging *m, const dt_change *change)
{
    return change->kind == DT_CHANGE_SET    ? m->model->param[change->set.parameter].is.name
           : change->kind == DT_CHANGE_ROLE ? m->model->role[change->what].is.name
                                            : m->model->variable[change->what].is.name;
}

static void tell_clash(merging *m, const in_force *a, const in_force *b)
{
    m->good = false;
    dt_complain_more(m->diagnostics, DT_SETTINGS_CLASH, m->place,
                     "a policy's own line about it decides; or use other settings", NULL, m->under,
                     name_of(m, a->change), made_of(m, a->change), whose(m, a),
                     made_of(m, b->change), whose(m, b));
}

/* ---- merging ----------------------------------------------------------------------------------- */

static void gather(merging *m, const dt_lever_cell *cell)
{
    const dt_model *model = m->model;
    size_t count = cell->changes;
    for (int l = 0; l < model->levers; l++)
        count += (size_t)model->lever[l].setting[cell->setting[l]].changes;
    m->reason = dt_new(m->arena, in_force, count);
    for (size_t i = 0; i < cell->changes; i++) {
        const dt_own_change own = cell->change[i];
        m->reason[m->changes++] =
            (in_force){&model->policy[own.policy].change[own.change], DT_NONE, (int)own.policy};
    }
    for (int l = 0; l < model->levers; l++) {
        const int s = (int)cell->setting[l];
        const dt_setting *setting = &model->lever[l].setting[s];
        for (int i = 0; i < setting->changes; i++)
            m->reason[m->changes++] = (in_force){&setting->change[i], l, s};
    }
    assert(m->changes == count);
}

/* The place in `given` of what a change gives, or -1 if it gives nothing. */
static int given_by(const merging *m, const dt_change *change)
{
    const dt_model *model = m->model;
    switch (change->kind) {
    case DT_CHANGE_SET:
        return change->set.parameter;
    case DT_CHANGE_ROLE:
        return model->params + change->what;
    case DT_CHANGE_START:
        return model->params + model->roles + change->what;
    case DT_CHANGE_TEAM:
    case DT_CHANGE_FORBID:
    case DT_CHANGE_FORCE:
        break;
    }
    return DT_NONE;
}

static bool agree(const dt_change *a, const dt_change *b)
{
    return a->kind == DT_CHANGE_SET ? a->set.value == b->set.value : a->to == b->to;
}

static void decide(merging *m)
{
    for (size_t i = 0; i < m->changes; i++) {
        const in_force *reason = &m->reason[i];
        const int at = given_by(m, reason->change);
        if (at == DT_NONE)
            continue;
        const in_force *before = m->given[at];
        if (!before)
            m->given[at] = reason;
        else if ((before->lever != DT_NONE || reason->lever == DT_NONE) &&
                 !agree(before->change, reason->change))
            tell_clash(m, before, reason);
    }
}

static void join(merging *m, const in_force *reason)
{
    const dt_team *team = &reason->change->team;
    for (int i = 0; i < team->members; i++) {
        const in_force *before = m->teamed[team->member[i]];
        if (!before) {
            m->teamed[team->member[i]] = reason;
            continue;
        }
        m->good = false;
        dt_complain_more(m->diagnostics, DT_TEAMS_CLASH, m->place,
                         "an actor is in one team at most: use other settings", NULL, m->under,
                         m->model->actor[team->member[i]].is.name, whose(m, before),
                         whose(m, reason));
    }
}

static void fill(merging *m, dt_regime *regime)
{
    const dt_model *model = m->model;
    size_t count[DT_CHANGE_START + 1] = {0};
    for (size_t i = 0; i < m->changes; i++)
        count[m->reason[i].change->kind]++;
    dt_team *team = dt_new(m->arena, dt_team, count[DT_CHANGE_TEAM]);
    dt_order *forbid = dt_new(m->arena, dt_order, count[DT_CHANGE_FORBID]);
    dt_order *force = dt_new(m->arena, dt_order, count[DT_CHANGE_FORCE]);
    dt_given *set = dt_new(m->arena, dt_given, count[DT_CHANGE_SET]);
    int *holder = dt_new(m->arena, int, (size_t)model->roles);
    int *start = dt_new(m->arena, int, (size_t)model->variables);
    *regime = (dt_regime){.team = team, .forbid = forbid, .force = force, .set = set};
    for (int i = 0; i < model->roles; i++)
        holder[i] = model->role[i].actor;
    for (int i = 0; i < model->variables; i++)
        start[i] = model->variable[i].chance ? DT_DRAWN : model->variable[i].start;
    for (size_t i = 0; i < m->changes; i++) {
        const dt_change *change = m->reason[i].change;
        const int at = given_by(m, change);
        if (at != DT_NONE && m->given[at] != &m->reason[i])
            continue; /* another one decides */
        switch (change->kind) {
        case DT_CHANGE_TEAM:
            join(m, &m->reason[i]);
            team[regime->teams++] = change->team;
            break;
        case DT_CHANGE_FORBID:
            forbid[regime->forbids++] = change->order;
            break;
        case DT_CHANGE_FORCE:
            force[regime->forces++] = change->order;
            break;
        case DT_CHANGE_SET:
            set[regime->sets++] = change->set;
            break;
        case DT_CHANGE_ROLE:
            holder[change->what] = change->to;
            break;
        case DT_CHANGE_START:
            start[change->what] = change->to;
            break;
        }
    }
    regime->holder = holder;
    regime->start = start;
}

bool dt_regime_make(dt_arena *arena, const dt_model *model, const dt_lever_cell *cell,
                    dt_place place, const char *under, dt_diagnostics *diagnostics,
                    dt_regime *regime)
{
    const size_t things = (size_t)model->params + (size_t)model->roles + (size_t)model->variables;
    merging m = {.arena = arena,
                 .model = model,
                 .under = under,
                 .place = place,
                 .diagnostics = diagnostics,
                 .given = dt_new(arena, const in_force *, things),
                 .teamed = dt_new(arena, const in_force *, (size_t)model->actors),
                 .good = true};
    gather(&m, cell);
    decide(&m);
    fill(&m, regime);
    return m.good;
}

dt_lever_cell dt_cell_of_policy(dt_arena *arena, const dt_model *model, int policy)
{
    const dt_policy *of = &model->policy[policy];
    dt_own_change *change = dt_new(arena, dt_own_change, (size_t)of->changes);
    for (int i = 0; i < of->changes; i++)
        change[i] = (dt_own_change){(size_t)policy, (size_t)i};
    return (dt_lever_cell){of->setting, (size_t)of->changes, change};
}
