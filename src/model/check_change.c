/*
 * The changes of the game that policies make, themselves or by the settings of levers: who moves as one,
 * what is forbidden or forced, who holds which role, which parameters and first values are others.
 */
#include <assert.h>

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
            dt_complain_more(c->diagnostics, DT_PRIVATE_MEMBER, node->place,
                             "a team knows what all its members know: leave it out of the team, or "
                             "let everybody know the variable",
                             NULL, name, m->variable[v].is.name);
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

/* ---- numbers ---- */

bool dt_check_given(dt_checker *c, const dt_syntax *node, dt_given *given)
{
    given->parameter = dt_check_refer(c, node, DT_NAME_PARAM);
    const dt_syntax *number = dt_syntax_child(node, DT_SYNTAX_NUMBER, 0);
    given->value = number->number;
    given->place = number->place;
    return given->parameter != DT_NONE;
}

/* Marks that a thing is given once more; told if that was so before. */
static void mark(dt_checker *c, const dt_syntax *node, bool *given)
{
    if (*given)
        dt_complain(c->diagnostics, DT_REPEATED, dt_name_place(node), dt_check_text(c, node->text));
    *given = true;
}

/* ---- the changes ---- */

/* What was given so far in one policy or setting. */
typedef struct dt_marks {
    int *team_of; /* [actors] 1 + team, 0: none */
    int teams;
    bool *role, *start, *param;
} dt_marks;

/* What a change is about, and the line as it is written. */
static void describe(dt_checker *c, const dt_syntax *node, const char *word, dt_change *change)
{
    const dt_syntax *child = dt_syntax_child(node, DT_SYNTAX_NAME, 0);
    dt_text name = {.arena = c->arena};
    dt_text_print(&name, "%s ", word);
    if (change->kind == DT_CHANGE_TEAM) {
        for (const char *before = ""; child && child->kind == DT_SYNTAX_NAME; child = child->next) {
            dt_text_print(&name, "%s%.*s", before, (int)child->text.length, child->text.at);
            before = ", ";
        }
    } else {
        if (change->kind == DT_CHANGE_FORBID || change->kind == DT_CHANGE_FORCE)
            dt_text_print(&name, "%.*s.", (int)child->text.length, child->text.at);
        dt_text_print(&name, "%.*s", (int)node->text.length, node->text.at);
    }
    change->name = dt_text_get(&name);
    change->place = node->place;
    change->text = dt_copy_text(c->arena, c->source->text + node->place.offset, node->place.length);
}

/* One change; false if it is in error, or is none. */
static bool check_change(dt_checker *c, const dt_syntax *node, dt_marks *marks, dt_change *change)
{
    switch (node->kind) {
    case DT_SYNTAX_TEAM:
        change->kind = DT_CHANGE_TEAM;
        change->team = check_team(c, node, marks->team_of, marks->teams++);
        describe(c, node, "team", change);
        return true;
    case DT_SYNTAX_SET_ROLE: {
        change->kind = DT_CHANGE_ROLE;
        change->what = dt_check_refer(c, node, DT_NAME_ROLE);
        change->to = dt_check_refer(c, dt_syntax_child(node, DT_SYNTAX_NAME, 0), DT_NAME_ACTOR);
        if (change->to != DT_NONE)
            dt_check_engage(c, (dt_owner){false, change->to});
        if (change->what == DT_NONE || change->to == DT_NONE)
            return false;
        dt_check_hidden_holder(c, node, change->what, change->to);
        mark(c, node, &marks->role[change->what]);
        describe(c, node, "role", change);
        return true;
    }
    case DT_SYNTAX_FORBID:
    case DT_SYNTAX_FORCE: {
        const bool force = node->kind == DT_SYNTAX_FORCE;
        change->kind = force ? DT_CHANGE_FORCE : DT_CHANGE_FORBID;
        if (!check_order(c, node, &change->order))
            return false;
        describe(c, node, force ? "force" : "forbid", change);
        return true;
    }
    case DT_SYNTAX_SET:
        change->kind = DT_CHANGE_SET;
        if (!dt_check_given(c, node, &change->set))
            return false;
        mark(c, node, &marks->param[change->set.parameter]);
        describe(c, node, "set", change);
        return true;
    case DT_SYNTAX_START:
        change->kind = DT_CHANGE_START;
        change->what = dt_check_refer(c, node, DT_NAME_STATE);
        if (change->what == DT_NONE)
            return false;
        mark(c, node, &marks->start[change->what]);
        dt_check_domain_value(c, node->first, change->what, &change->to);
        describe(c, node, "start", change);
        return true;
    default:
        return false;
    }
}

const dt_change *dt_check_changes(dt_checker *c, const dt_syntax *node, int *changes)
{
    const dt_model *m = c->model;
    size_t count = 0;
    for (const dt_syntax *n = node->first; n; n = n->next)
        count++;
    dt_marks marks = {
        .team_of = dt_new(c->arena, int, (size_t)m->actors),
        .role = dt_new(c->arena, bool, (size_t)m->roles),
        .start = dt_new(c->arena, bool, (size_t)m->variables),
        .param = dt_new(c->arena, bool, (size_t)m->params),
    };
    dt_change *change = dt_new(c->arena, dt_change, count);
    *changes = 0;
    for (const dt_syntax *n = node->first; n; n = n->next)
        *changes += check_change(c, n, &marks, &change[*changes]);
    assert((size_t)*changes <= count);
    return change;
}
