/*
 * Levers from outside: their settings, which of them a policy uses, and the changes that it makes of its
 * own, of which cells are put together.
 */
#include <string.h>

#include "model/model.h"

static const dt_lever *find_lever(const dt_model *model, size_t lever)
{
    return model && lever < (size_t)model->levers ? &model->lever[lever] : NULL;
}

size_t dt_model_settings(const dt_model *model, size_t lever)
{
    const dt_lever *of = find_lever(model, lever);
    return of ? (size_t)of->settings : 0;
}

const char *dt_model_setting(const dt_model *model, size_t lever, size_t setting)
{
    const dt_lever *of = find_lever(model, lever);
    return of && setting < (size_t)of->settings ? of->setting[setting].is.name : "";
}

const char *dt_model_setting_description(const dt_model *model, size_t lever, size_t setting)
{
    const dt_lever *of = find_lever(model, lever);
    return of && setting < (size_t)of->settings ? of->setting[setting].is.description : "";
}

int dt_model_find_setting(const dt_model *model, size_t lever, const char *name)
{
    const dt_lever *of = find_lever(model, lever);
    for (int s = 0; of && name && s < of->settings; s++) {
        if (strcmp(of->setting[s].is.name, name) == 0)
            return s;
    }
    return DT_NONE;
}

size_t dt_model_policy_setting(const dt_model *model, size_t policy, size_t lever)
{
    const bool right = find_lever(model, lever) && policy < (size_t)model->policies;
    return right ? model->policy[policy].setting[lever] : 0;
}

/* ---- changes of a policy's own ---- */

size_t dt_model_changes(const dt_model *model, size_t policy)
{
    return model && policy < (size_t)model->policies ? (size_t)model->policy[policy].changes : 0;
}

static const dt_change *find_change(const dt_model *model, dt_own_change change)
{
    return change.change < dt_model_changes(model, change.policy)
               ? &model->policy[change.policy].change[change.change]
               : NULL;
}

const char *dt_model_change(const dt_model *model, dt_own_change change)
{
    const dt_change *found = find_change(model, change);
    return found ? found->name : "";
}

const char *dt_model_change_text(const dt_model *model, dt_own_change change)
{
    const dt_change *found = find_change(model, change);
    return found ? found->text : "";
}

/* Members may be written in any order. */
static bool same_team(const dt_team *a, const dt_team *b)
{
    bool same = a->members == b->members;
    for (int i = 0; same && i < a->members; i++) {
        int j = 0;
        while (j < b->members && b->member[j] != a->member[i])
            j++;
        same = j < b->members && b->weight[j] == a->weight[i];
    }
    return same;
}

bool dt_model_same_change(const dt_model *model, dt_own_change a, dt_own_change b)
{
    const dt_change *x = find_change(model, a), *y = find_change(model, b);
    if (!x || !y || x->kind != y->kind)
        return false;
    switch (x->kind) {
    case DT_CHANGE_TEAM:
        return same_team(&x->team, &y->team);
    case DT_CHANGE_FORBID:
    case DT_CHANGE_FORCE:
        return x->order.mover.is_role == y->order.mover.is_role &&
               x->order.mover.index == y->order.mover.index &&
               strcmp(x->order.action, y->order.action) == 0 &&
               dt_same_condition(model, x->order.when, y->order.when);
    case DT_CHANGE_SET:
        return x->set.parameter == y->set.parameter && x->set.value == y->set.value;
    case DT_CHANGE_ROLE:
    case DT_CHANGE_START:
        return x->what == y->what && x->to == y->to;
    }
    return false;
}
