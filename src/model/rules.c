/*
 * Applying a policy: its teams make agents out of actors, its roles give movers their actors, its
 * orders are laid beside the actions they speak of.
 */
#include "model/rules.h"

#include <assert.h>
#include <string.h>

#include "model/regime.h"

static void make_agents(dt_arena *arena, dt_rules *rules)
{
    const dt_model *model = rules->model;
    const dt_regime *in = rules->regime;
    rules->agent = dt_new(arena, dt_agent, (size_t)model->actors);
    rules->actor_agent = dt_new(arena, int, (size_t)model->actors);
    for (int i = 0; i < model->actors; i++)
        rules->actor_agent[i] = DT_NONE;
    for (int i = 0; i < model->actors; i++) {
        if (rules->actor_agent[i] != DT_NONE)
            continue;
        const dt_team *team = NULL;
        for (int t = 0; t < in->teams; t++) {
            for (int m = 0; m < in->team[t].members; m++) {
                if (in->team[t].member[m] == i)
                    team = &in->team[t];
            }
        }
        dt_agent *agent = &rules->agent[rules->agents];
        agent->team = team != NULL;
        agent->member = dt_new(arena, int, team ? (size_t)team->members : 1);
        agent->weight = dt_new(arena, double, team ? (size_t)team->members : 1);
        for (int actor = i; actor < model->actors; actor++) {
            for (int m = 0; m < (team ? team->members : 1); m++) {
                if ((team ? team->member[m] : i) != actor)
                    continue;
                agent->member[agent->members] = actor;
                agent->weight[agent->members++] = team ? team->weight[m] : 1;
                assert(rules->actor_agent[actor] == DT_NONE && "an actor is in one team at most");
                rules->actor_agent[actor] = rules->agents;
            }
        }
        rules->agents++;
    }
}

static int owner_actor(const dt_rules *rules, dt_owner owner)
{
    return owner.is_role ? rules->holder[owner.index] : owner.index;
}

/* The orders among `list` that speak of an action of `stage`: their conditions. */
static int pick_orders(dt_arena *arena, const dt_stage *stage, const dt_action *action,
                       const dt_order *list, int count, int64_t **when)
{
    int found = 0;
    *when = dt_new(arena, int64_t, (size_t)count);
    const dt_owner mover = stage->mover[action->mover];
    for (int i = 0; i < count; i++) {
        if (list[i].mover.is_role == mover.is_role && list[i].mover.index == mover.index &&
            strcmp(list[i].action, action->is.name) == 0)
            (*when)[found++] = list[i].when;
    }
    return found;
}

static void make_stage(dt_arena *arena, dt_rules *rules, int s)
{
    const dt_stage *stage = &rules->model->stage[s];
    const dt_regime *in = rules->regime;
    dt_stage_rules *made = &rules->stage[s];
    made->mover_actor = dt_new(arena, int, (size_t)stage->movers);
    made->mover_agent = dt_new(arena, int, (size_t)stage->movers);
    made->agent = dt_new(arena, int, (size_t)stage->movers);
    for (int m = 0; m < stage->movers; m++) {
        made->mover_actor[m] = owner_actor(rules, stage->mover[m]);
        int agent = made->mover_agent[m] = rules->actor_agent[made->mover_actor[m]];
        bool known = false;
        for (int k = 0; k < made->agents; k++)
            known |= made->agent[k] == agent;
        if (!known)
            made->agent[made->agents++] = agent;
    }
    made->orders = dt_new(arena, dt_orders, (size_t)stage->actions);
    for (int a = 0; a < stage->actions; a++) {
        dt_orders *orders = &made->orders[a];
        orders->forbids =
            pick_orders(arena, stage, &stage->action[a], in->forbid, in->forbids, &orders->forbid);
        orders->forces =
            pick_orders(arena, stage, &stage->action[a], in->force, in->forces, &orders->force);
    }
}

static dt_rules *make(dt_arena *arena, const dt_model *model, const dt_rules *of)
{
    dt_rules *rules = dt_new(arena, dt_rules, 1);
    *rules = *of;
    rules->model = model;
    rules->holder = rules->regime->holder;
    rules->start = rules->regime->start;
    make_agents(arena, rules);
    rules->term_actor = dt_new(arena, int, (size_t)model->terms);
    for (int t = 0; t < model->terms; t++)
        rules->term_actor[t] = owner_actor(rules, model->term[t].owner);
    rules->stage = dt_new(arena, dt_stage_rules, (size_t)model->stages);
    for (int s = 0; s < model->stages; s++)
        make_stage(arena, rules, s);
    return rules;
}

dt_rules *dt_rules_make(dt_arena *arena, const dt_model *model, int policy)
{
    assert(policy >= 0 && policy < model->policies);
    const dt_policy *of = &model->policy[policy];
    dt_text under = {.arena = arena};
    dt_text_print(&under, "policy '%s'", of->is.name);
    return make(arena, model,
                &(dt_rules){.policy = policy,
                            .name = of->is.name,
                            .under = dt_text_get(&under),
                            .setting = of->setting,
                            .place = of->is.place,
                            .regime = &of->regime});
}

dt_rules *dt_rules_of_cell(dt_arena *arena, const dt_model *model, const dt_lever_cell *cell,
                           dt_diagnostics *diagnostics)
{
    size_t *setting = dt_new(arena, size_t, (size_t)model->levers);
    dt_regime *regime = dt_new(arena, dt_regime, 1);
    dt_text name = {.arena = arena}, under = {.arena = arena};
    for (int l = 0; l < model->levers; l++)
        setting[l] = cell->setting[l];
    dt_cell_print(model, cell, &name);
    dt_text_print(&under, "the cell %s", dt_text_get(&name));
    if (!dt_regime_make(arena, model, cell, model->is.place, dt_text_get(&under), diagnostics,
                        regime))
        return NULL;
    return make(arena, model,
                &(dt_rules){.policy = DT_NONE,
                            .name = dt_text_get(&name),
                            .under = dt_text_get(&under),
                            .setting = setting,
                            .place = model->is.place,
                            .regime = regime});
}

void dt_agent_name(const dt_rules *rules, int agent, dt_text *text)
{
    for (int m = 0; m < rules->agent[agent].members; m++) {
        int actor = rules->agent[agent].member[m];
        dt_text_print(text, "%s%s", m ? " + " : "", rules->model->actor[actor].is.name);
    }
}

void dt_agent_title(const dt_rules *rules, int agent, dt_text *text)
{
    const dt_agent *who = &rules->agent[agent];
    for (int m = 0; m < who->members; m++) {
        const dt_named *is = &rules->model->actor[who->member[m]].is;
        const char *between = m == 0 ? "" : m + 1 < who->members ? ", " : " and ";
        dt_text_print(text, "%s%s", between, is->description[0] ? is->description : is->name);
    }
}
