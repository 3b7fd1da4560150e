/*
 * Policies: who holds which role, who moves as one, what is forbidden or forced, which parameters
 * and first values are others. A model without policies has one that changes nothing.
 */
#include <assert.h>
#include <limits.h>

#include "lang/habits.h"
#include "model/checker.h"

/* ---- teams ---- */

static void check_member(dt_checker *c, const dt_syntax *node, int *team_of, int team, int *member,
                         int *members)
{
    int actor = dt_check_refer(c, node, DT_NAME_ACTOR);
    if (actor == DT_NONE)
        return;
    const dt_model *m = c->model;
    const char *name = m->actor[actor].is.name;
    for (int v = 0; v < m->variables; v++) {
        if (m->variable[v].owner == actor) {
            dt_complain(c->diagnostics, DT_PRIVATE_MEMBER, node->place, name,
                        m->variable[v].is.name);
            break;
        }
    }
    if (team_of[actor] != 0) {
        dt_complain(c->diagnostics, DT_TWO_TEAMS, node->place, name,
                    team_of[actor] == team + 1 ? "twice in this team" : "in a team already");
        return;
    }
    team_of[actor] = team + 1;
    member[(*members)++] = actor;
}

/* Why there are more weights than members. */
static const char *weights_hint(dt_checker *c, const dt_syntax *node)
{
    dt_slice text = {c->source->text + node->place.offset, node->place.length};
    return dt_habit_decimal_comma(text) ? "a decimal fraction is written with a point" : NULL;
}

static dt_team check_team(dt_checker *c, const dt_syntax *node, int *team_of, int index)
{
    int names = 0, numbers = 0;
    for (const dt_syntax *n = node->first; n; n = n->next) {
        names += n->kind == DT_SYNTAX_NAME;
        numbers += n->kind == DT_SYNTAX_NUMBER;
    }
    int *member = dt_new(c->arena, int, (size_t)names);
    double *weight = dt_new(c->arena, double, (size_t)names);
    dt_team team = {.member = member, .weight = weight, .place = node->place};
    double sum = 0;
    int k = 0;
    bool good = numbers == 0 || numbers == names;
    for (const dt_syntax *n = node->first; n; n = n->next) {
        if (n->kind == DT_SYNTAX_NAME)
            check_member(c, n, team_of, index, member, &team.members);
        if (n->kind != DT_SYNTAX_NUMBER)
            continue;
        good = good && n->number >= 0;
        sum += n->number;
        if (k < names)
            weight[k++] = n->number;
    }
    if (names < 2 && !c->broken)
        dt_complain(c->diagnostics, DT_SMALL_TEAM, node->place);
    if (numbers > 0 && (!good || !(sum > 0)))
        dt_complain_more(c->diagnostics, DT_BAD_WEIGHTS, node->place, weights_hint(c, node), NULL);
    assert(team.members <= names && k <= names);
    for (int i = 0; i < team.members && numbers == 0; i++)
        weight[i] = 1.0 / team.members;
    return team;
}

/* ---- forbid and force ---- */

/* Why there is no such move: the stages write the mover otherwise, or its action. */
static const char *move_hint(dt_checker *c, const dt_syntax *node, dt_owner owner)
{
    const dt_model *m = c->model;
    if (c->details == 0)
        return NULL;
    for (int s = 0; s < m->stages; s++) {
        for (int i = 0; i < m->stage[s].movers; i++) {
            dt_owner mover = m->stage[s].mover[i];
            if (dt_names_find(c, DT_SPACE_MOVES, dt_owner_code(mover), node->text))
                return dt_check_say(c, "stage '%s' writes %s.%s", m->stage[s].is.name,
                                    dt_owner_name(m, mover), dt_check_text(c, node->text));
        }
    }
    return dt_names_nearest(c, DT_SPACE_MOVES, dt_owner_code(owner), 1u << DT_NAME_ACTION,
                            node->text);
}

static bool check_order(dt_checker *c, const dt_syntax *node, dt_order *order)
{
    const dt_syntax *mover = dt_syntax_child(node, DT_SYNTAX_NAME, 0);
    const dt_syntax *when = dt_syntax_child(node, DT_SYNTAX_WHEN, 0);
    bool good = dt_check_owner(c, mover, &order->mover);
    const dt_entry *move = NULL;
    if (good) {
        move = dt_names_find(c, DT_SPACE_MOVES, dt_owner_code(order->mover), node->text);
        if (!move && !c->broken)
            dt_complain_more(c->diagnostics, DT_UNKNOWN_MOVE, dt_name_place(node),
                             move_hint(c, node, order->mover), NULL, dt_check_text(c, mover->text),
                             dt_check_text(c, node->text));
    }
    order->action = dt_copy_text(c->arena, node->text.at, node->text.length);
    order->when = DT_NONE;
    /* It holds in every stage with that move, so the earliest one decides what can be read. */
    if (when)
        order->when = dt_check_condition(
            c, when->first,
            dt_context_guard("the condition of a move", move ? move->index : DT_PERIOD_END));
    return move != NULL;
}

/* ---- settings ---- */

/* param = number, of policies and expectations. */
bool dt_check_setting(dt_checker *c, const dt_syntax *node, dt_setting *setting)
{
    setting->parameter = dt_check_refer(c, node, DT_NAME_PARAM);
    const dt_syntax *number = dt_syntax_child(node, DT_SYNTAX_NUMBER, 0);
    setting->value = number->number;
    setting->place = number->place;
    return setting->parameter != DT_NONE;
}

/* Marks that a thing is given once more; told if that was so before. */
static void mark(dt_checker *c, const dt_syntax *node, bool *given)
{
    if (*given)
        dt_complain(c->diagnostics, DT_REPEATED, dt_name_place(node), dt_check_text(c, node->text));
    *given = true;
}

/* ---- the policy ---- */

typedef struct dt_parts {
    int *team_of; /* [actors] 1 + team, 0: none */
    bool *role_given, *start_given, *param_given;
    dt_team *team;
    dt_order *forbid, *force;
    dt_setting *setting;
    int *holder, *start;
} dt_parts;

static void check_part(dt_checker *c, const dt_syntax *node, dt_policy *policy, dt_parts *parts)
{
    switch (node->kind) {
    case DT_SYNTAX_TEAM:
        parts->team[policy->teams] = check_team(c, node, parts->team_of, policy->teams);
        policy->teams++;
        break;
    case DT_SYNTAX_SET_ROLE: {
        int role = dt_check_refer(c, node, DT_NAME_ROLE);
        int actor = dt_check_refer(c, dt_syntax_child(node, DT_SYNTAX_NAME, 0), DT_NAME_ACTOR);
        if (actor != DT_NONE)
            dt_check_engage(c, (dt_owner){false, actor});
        if (role == DT_NONE || actor == DT_NONE)
            break;
        mark(c, node, &parts->role_given[role]);
        parts->holder[role] = actor;
        break;
    }
    case DT_SYNTAX_FORBID:
        policy->forbids += check_order(c, node, &parts->forbid[policy->forbids]);
        break;
    case DT_SYNTAX_FORCE:
        policy->forces += check_order(c, node, &parts->force[policy->forces]);
        break;
    case DT_SYNTAX_SET: {
        dt_setting *setting = &parts->setting[policy->settings];
        if (!dt_check_setting(c, node, setting))
            break;
        mark(c, node, &parts->param_given[setting->parameter]);
        policy->settings++;
        break;
    }
    case DT_SYNTAX_START: {
        int variable = dt_check_refer(c, node, DT_NAME_STATE);
        if (variable == DT_NONE)
            break;
        mark(c, node, &parts->start_given[variable]);
        dt_check_domain_value(c, node->first, variable, &parts->start[variable]);
        break;
    }
    default:
        break;
    }
}

static void check_policy(dt_checker *c, const dt_syntax *node, dt_policy *policy)
{
    const dt_model *m = c->model;
    int count[DT_SYNTAX_UNDER_FORM + 1] = {0};
    for (const dt_syntax *n = node ? node->first : NULL; n; n = n->next)
        count[n->kind]++;
    dt_parts parts = {
        .team_of = dt_new(c->arena, int, (size_t)m->actors),
        .role_given = dt_new(c->arena, bool, (size_t)m->roles),
        .start_given = dt_new(c->arena, bool, (size_t)m->variables),
        .param_given = dt_new(c->arena, bool, (size_t)m->params),
        .team = dt_new(c->arena, dt_team, (size_t)count[DT_SYNTAX_TEAM]),
        .forbid = dt_new(c->arena, dt_order, (size_t)count[DT_SYNTAX_FORBID]),
        .force = dt_new(c->arena, dt_order, (size_t)count[DT_SYNTAX_FORCE]),
        .setting = dt_new(c->arena, dt_setting, (size_t)count[DT_SYNTAX_SET]),
        .holder = dt_new(c->arena, int, (size_t)m->roles),
        .start = dt_new(c->arena, int, (size_t)m->variables),
    };
    for (int i = 0; i < m->roles; i++)
        parts.holder[i] = m->role[i].actor;
    for (int i = 0; i < m->variables; i++)
        parts.start[i] = m->variable[i].start;
    for (const dt_syntax *n = node ? node->first : NULL; n; n = n->next)
        check_part(c, n, policy, &parts);
    assert(policy->settings <= count[DT_SYNTAX_SET] && policy->teams == count[DT_SYNTAX_TEAM]);
    assert(policy->forbids <= count[DT_SYNTAX_FORBID]);
    assert(policy->forces <= count[DT_SYNTAX_FORCE]);
    policy->team = parts.team;
    policy->forbid = parts.forbid;
    policy->force = parts.force;
    policy->setting = parts.setting;
    policy->holder = parts.holder;
    policy->start = parts.start;
}

void dt_check_policies(dt_checker *c)
{
    dt_model *m = c->model;
    int index = 0;
    for (const dt_syntax *node = c->file->first; node; node = node->next) {
        if (node->kind != DT_SYNTAX_POLICY)
            continue;
        bool judgement;
        dt_policy *policy = &m->policy[index++];
        policy->is = dt_check_named(c, node);
        dt_check_support(c, node, &policy->source, &judgement);
        check_policy(c, node, policy);
    }
    if (index == 0) {
        m->policy[0] = (dt_policy){
            .is = {"default", "", m->is.place},
              .source = DT_NONE
        };
        check_policy(c, NULL, &m->policy[index++]);
    }
    assert(index == m->policies);
}
