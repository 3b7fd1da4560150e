/*
 * The checker, from front to back: first all names, so that anything may be used before its
 * declaration; then what has a domain, numbers, lets, and last whatever holds expressions. Each
 * step reads only what the steps before it have made. Errors don't stop it: every step goes on
 * with what is good.
 */
#include "model/check.h"

#include <assert.h>
#include <math.h>

#include "model/checker.h"

/* The declarations there can be many of: kind of syntax, the model's count, limit. */
#define COUNTED(X)                                                                                 \
    X(DT_SYNTAX_ACTOR, actors, ACTORS)                                                             \
    X(DT_SYNTAX_PARAM, params, PARAMETERS)                                                         \
    X(DT_SYNTAX_CORRELATE, correlations, CORRELATIONS)                                             \
    X(DT_SYNTAX_SOURCE, sources, SOURCES)                                                          \
    X(DT_SYNTAX_STATE, variables, VARIABLES)                                                       \
    X(DT_SYNTAX_PRIVATE, variables, VARIABLES)                                                     \
    X(DT_SYNTAX_ROLE, roles, ROLES)                                                                \
    X(DT_SYNTAX_STAGE, stages, STAGES)                                                             \
    X(DT_SYNTAX_OUTCOME, outcomes, OUTCOMES)                                                       \
    X(DT_SYNTAX_LEVER, levers, LEVERS)                                                             \
    X(DT_SYNTAX_POLICY, policies, POLICIES)                                                        \
    X(DT_SYNTAX_EXPECT, expects, EXPECTATIONS)                                                     \
    X(DT_SYNTAX_END, ends, ENDS)
enum { DETAILED = 200 };

void dt_check_too_many(dt_checker *c, dt_place place, int limit)
{
    int most;
    const char *what = dt_limit_text((size_t)limit, &most);
    dt_complain(c->diagnostics, DT_TOO_MANY, place, most, what);
}

static void count_one(dt_checker *c, const dt_syntax *node, int *count, int limit)
{
    int most;
    dt_limit_text((size_t)limit, &most);
    if (*count == most)
        dt_check_too_many(c, node->place, limit);
    ++*count;
}

/* Counts all that will be allocated; false if there is too much of something. */
static bool count_declarations(dt_checker *c)
{
    dt_model *m = c->model;
    size_t before = dt_diagnostics_errors(c->diagnostics);
    for (const dt_syntax *node = c->file->first; node; node = node->next) {
        switch (node->kind) {
#define X(kind, field, limit)                                                                      \
    case kind:                                                                                     \
        count_one(c, node, &m->field, DT_LIMIT_##limit);                                           \
        break;
            COUNTED(X)
#undef X
        case DT_SYNTAX_LET:
            c->lets++;
            break;
        default:
            break;
        }
    }
    return dt_diagnostics_errors(c->diagnostics) == before;
}

static void allocate(dt_checker *c)
{
    dt_arena *arena = c->arena;
    dt_model *m = c->model;
    if (m->policies == 0)
        m->policies = 1; /* "default" */
    m->actor = dt_new(arena, dt_actor, (size_t)m->actors);
    m->param = dt_new(arena, dt_param, (size_t)m->params);
    m->correlation = dt_new(arena, dt_correlation, (size_t)m->correlations);
    m->correlations = 0; /* counted again as they are found good */
    m->source_list = dt_new(arena, dt_named, (size_t)m->sources);
    m->variable = dt_new(arena, dt_variable, (size_t)m->variables);
    m->role = dt_new(arena, dt_role, (size_t)m->roles);
    m->stage = dt_new(arena, dt_stage, (size_t)m->stages);
    m->lever = dt_new(arena, dt_lever, (size_t)m->levers);
    m->policy = dt_new(arena, dt_policy, (size_t)m->policies);
    m->expect = dt_new(arena, dt_expect, (size_t)m->expects);
    m->end = dt_new(arena, uint32_t, (size_t)m->ends);
    m->end_list = dt_new(arena, dt_named, (size_t)m->ends);
    c->let = dt_new(arena, dt_let, (size_t)c->lets);
    c->enumeration = dt_new(arena, int, (size_t)m->variables);
    c->assigned_by = dt_new(arena, unsigned, (size_t)m->variables);
    c->written_by = dt_new(arena, unsigned, (size_t)m->variables);
    c->action = dt_new(arena, dt_action *, (size_t)m->stages);
    c->unknown_mover = dt_new(arena, bool, (size_t)m->stages);
    c->actor_engaged = dt_new(arena, bool, (size_t)m->actors);
}

/* ---- names ---- */

/* What a kind of declaration declares a name of, or DT_NAME_KIND_COUNT. */
static dt_name_kind declared_kind(dt_syntax_kind kind)
{
    switch (kind) {
    case DT_SYNTAX_ACTOR:
        return DT_NAME_ACTOR;
    case DT_SYNTAX_ROLE:
        return DT_NAME_ROLE;
    case DT_SYNTAX_PARAM:
        return DT_NAME_PARAM;
    case DT_SYNTAX_LET:
        return DT_NAME_LET;
    case DT_SYNTAX_STATE:
    case DT_SYNTAX_PRIVATE:
        return DT_NAME_STATE;
    case DT_SYNTAX_STAGE:
        return DT_NAME_STAGE;
    case DT_SYNTAX_LEVER:
        return DT_NAME_LEVER;
    case DT_SYNTAX_POLICY:
        return DT_NAME_POLICY;
    case DT_SYNTAX_OUTCOME:
        return DT_NAME_OUTCOME;
    case DT_SYNTAX_SOURCE:
        return DT_NAME_SOURCE;
    default:
        return DT_NAME_KIND_COUNT;
    }
}

static void name_declarations(dt_checker *c)
{
    int count[DT_NAME_KIND_COUNT] = {0};
    for (const dt_syntax *node = c->file->first; node; node = node->next) {
        dt_name_kind kind = declared_kind(node->kind);
        if (kind == DT_NAME_KIND_COUNT)
            continue;
        dt_space space = kind == DT_NAME_OUTCOME  ? DT_SPACE_OUTCOMES
                         : kind == DT_NAME_SOURCE ? DT_SPACE_SOURCES
                                                  : DT_SPACE_SHARED;
        int index = count[kind]++;
        dt_names_add(c, space, 0, node->text, dt_name_place(node), kind, index);
        if (kind == DT_NAME_LET)
            c->let[index] = (dt_let){.is = dt_check_named(c, node), .body = node->first};
        if (kind == DT_NAME_SOURCE)
            c->model->source_list[index] = dt_check_named(c, node);
        if (kind == DT_NAME_ACTOR)
            c->model->actor[index].is = dt_check_named(c, node);
    }
    assert(count[DT_NAME_LET] == c->lets && count[DT_NAME_ACTOR] == c->model->actors);
}

/* ---- the lines that stand once ---- */

/* The only declaration of a kind, NULL if there is none; a second one is told. */
static const dt_syntax *only(dt_checker *c, dt_syntax_kind kind, const char *keyword)
{
    const dt_syntax *first = NULL;
    for (const dt_syntax *node = c->file->first; node; node = node->next) {
        if (node->kind != kind)
            continue;
        if (first)
            dt_complain(c->diagnostics, DT_SECOND_LINE, node->place, keyword,
                        dt_check_line(c, first->place));
        else
            first = node;
    }
    return first;
}

static void check_heading(dt_checker *c)
{
    dt_model *m = c->model;
    const dt_syntax *model = only(c, DT_SYNTAX_MODEL, "model");
    const dt_syntax *question = only(c, DT_SYNTAX_QUESTION, "question");
    const dt_syntax *period = only(c, DT_SYNTAX_PERIOD, "period");
    const dt_syntax *horizon = only(c, DT_SYNTAX_HORIZON, "horizon");
    const dt_syntax *lookahead = only(c, DT_SYNTAX_LOOKAHEAD, "lookahead");
    const dt_syntax *beliefs = only(c, DT_SYNTAX_BELIEFS, "beliefs");
    m->is = (dt_named){
        "", "", {0, 1}
    }; /* the beginning of the text, if there is no name */
    m->question = m->period = m->period_from = "";
    m->horizon = 1;
    if (model)
        m->is = dt_check_named(c, model);
    else if (!c->broken)
        dt_complain(c->diagnostics, DT_NO_MODEL, m->is.place);
    if (question && question->first)
        m->question =
            dt_copy_text(c->arena, question->first->text.at, question->first->text.length);
    if (period) {
        const dt_syntax *from = dt_syntax_child(period, DT_SYNTAX_LABEL, 0);
        m->period = dt_copy_text(c->arena, period->text.at, period->text.length);
        if (from) {
            m->period_from = dt_copy_text(c->arena, from->text.at, from->text.length);
            m->period_from_place = from->place;
        }
    }
    if (horizon && horizon->first)
        dt_check_whole(c, horizon->first, "the horizon", 1, DT_MAX_HORIZON, &m->horizon);
    if (lookahead && lookahead->first)
        dt_check_whole(c, lookahead->first, "the lookahead", 0, DT_MAX_HORIZON, &m->lookahead);
    else if (lookahead)
        m->lookahead = DT_FOREVER;
    if (beliefs && beliefs->first)
        dt_check_fineness(c, beliefs);
    if (m->actors == 0 && !c->broken)
        dt_complain(c->diagnostics, DT_NO_ACTORS, model ? model->place : m->is.place);
}

/* ---- what is shown first and together ---- */

/* A `group` holds for the parameters and outcomes up to the next; without any `headline` the first
 * few outcomes are those. Changes no number. */
static void check_presentation(dt_checker *c)
{
    enum { FIRST_OUTCOMES = 6 };
    const char *group = "";
    int param = 0, outcome = 0, headlines = 0;
    for (const dt_syntax *node = c->file->first; node; node = node->next) {
        const dt_syntax *title = node->first;
        if (node->kind == DT_SYNTAX_GROUP && title)
            group = dt_copy_text(c->arena, title->text.at, title->text.length);
        if (node->kind == DT_SYNTAX_PARAM)
            c->model->param[param++].group = group;
        if (node->kind != DT_SYNTAX_OUTCOME)
            continue;
        dt_outcome *is = &c->outcomes.at[outcome++];
        is->group = group;
        is->headline = dt_syntax_child(node, DT_SYNTAX_HEADLINE, 0) != NULL;
        headlines += is->headline;
    }
    assert(param == c->model->params && outcome == c->model->declared_outcomes);
    for (int o = 0; headlines == 0 && o < outcome && o < FIRST_OUTCOMES; o++)
        c->outcomes.at[o].headline = true;
}

/* ---- actors and roles ---- */

static void check_roles(dt_checker *c)
{
    int index = 0;
    for (const dt_syntax *node = c->file->first; node; node = node->next) {
        if (node->kind != DT_SYNTAX_ROLE)
            continue;
        const dt_syntax *name = dt_syntax_child(node, DT_SYNTAX_NAME, 0);
        int actor = name ? dt_check_refer(c, name, DT_NAME_ACTOR) : DT_NONE;
        c->model->role[index++] = (dt_role){dt_check_named(c, node), actor == DT_NONE ? 0 : actor};
        if (actor != DT_NONE)
            dt_check_engage(c, (dt_owner){false, actor});
    }
    assert(index == c->model->roles);
}

/* Notes that an actor, or the holder of a role, has a part in the game. */
void dt_check_engage(dt_checker *c, dt_owner owner)
{
    int actor = owner.is_role ? c->model->role[owner.index].actor : owner.index;
    if (actor < c->model->actors) /* a role may be in error for want of actors */
        c->actor_engaged[actor] = true;
}

/* A discount or a rationality: 1 unless given, and if it is a constant within its bounds. */
static uint32_t check_actor_number(dt_checker *c, const dt_syntax *part, const char *what,
                                   const char *bounds, double high, dt_place *place)
{
    dt_expressions *table = &c->model->expression;
    if (!part)
        return dt_expression_constant(table, 1);
    size_t before = dt_diagnostics_errors(c->diagnostics);
    *place = part->first->place;
    uint32_t index = dt_check_number(c, part->first, dt_context_parameters(what));
    double value;
    if (dt_expression_is_constant(table, index, &value) && !(value >= 0 && value <= high) &&
        dt_diagnostics_errors(c->diagnostics) == before)
        dt_complain(c->diagnostics, DT_ACTOR_NUMBER, *place, what, bounds);
    return index;
}

static void check_actors(dt_checker *c)
{
    int index = 0;
    for (const dt_syntax *node = c->file->first; node; node = node->next) {
        if (node->kind != DT_SYNTAX_ACTOR)
            continue;
        dt_actor *actor = &c->model->actor[index++];
        const dt_syntax *unit = dt_syntax_child(node, DT_SYNTAX_UNIT, 0);
        const dt_syntax *text = unit ? unit->first : NULL;
        actor->unit = text ? dt_copy_text(c->arena, text->text.at, text->text.length) : "";
        actor->discount_place = actor->rationality_place = actor->is.place;
        actor->discount =
            check_actor_number(c, dt_syntax_child(node, DT_SYNTAX_DISCOUNT, 0), "a discount",
                               "from 0 to 1", 1, &actor->discount_place);
        actor->rationality =
            check_actor_number(c, dt_syntax_child(node, DT_SYNTAX_RATIONALITY, 0), "a rationality",
                               "from 0 up", INFINITY, &actor->rationality_place);
    }
    assert(index == c->model->actors);
}

/* ---- the whole ---- */

static void check_file(dt_checker *c)
{
    dt_model *m = c->model;
    if (!count_declarations(c))
        return;
    allocate(c);
    name_declarations(c);
    check_heading(c);
    check_roles(c);
    dt_check_variables(c);
    dt_check_privates(c);
    dt_check_stages(c);
    dt_check_parameters(c);
    dt_check_lets(c);
    dt_check_all_chances(c);
    check_actors(c);
    dt_check_payoffs(c);
    dt_check_stage_bodies(c);
    dt_check_ends(c);
    dt_check_outcomes(c);
    check_presentation(c);
    dt_check_levers(c);
    dt_check_policies(c);
    dt_check_expects(c);
    dt_check_tour(c, only(c, DT_SYNTAX_TOUR, "tour"));
    m->term = c->terms.at;
    m->terms = (int)c->terms.count;
    m->outcome = c->outcomes.at;
    m->outcomes = (int)c->outcomes.count;
    if (dt_diagnostics_errors(c->diagnostics) == 0)
        dt_check_warnings(c);
}

dt_model *dt_model_check(dt_arena *arena, const dt_source *source, const dt_syntax *file,
                         dt_diagnostics *diagnostics)
{
    assert(file->kind == DT_SYNTAX_FILE);
    dt_model *model = dt_new(arena, dt_model, 1);
    model->arena = arena;
    model->source = *source;
    model->expression.arena = arena;
    dt_checker *c = dt_new(arena, dt_checker, 1);
    *c = (dt_checker){.arena = arena,
                      .source = source,
                      .file = file,
                      .diagnostics = diagnostics,
                      .model = model,
                      .broken = dt_diagnostics_errors(diagnostics) > 0,
                      .details = DETAILED};
    check_file(c);
    return model;
}
