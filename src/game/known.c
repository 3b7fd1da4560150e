/*
 * What is known: whether a private variable has a value as play begins that is certain, and keeps it. It is
 * certain by a policy's `start`, or by a prior that is 1 for one value and exactly 0 for all others in every
 * world that the game is explored for; it keeps the value if no effect under the rules writes it and its owner
 * has no hidden stage. Then everybody knows it all along: by Bayes' rule no belief leaves a corner of the
 * simplex once it is there (DESIGN §3, Updating), so that of its grid one point can be reached, and of its
 * types one can occur. The variable is a constant of the game then, no secret; a game without secrets is a
 * public one.
 *
 * Invariant: which places and branches a graph has doesn't depend on what is known, only their numbers do
 * (chance.c).
 */
#include <string.h>

#include "base/job.h"
#include "game/explorer.h"
#include "game/hazard.h"

static bool any_writes(dt_effects effects, int variable)
{
    for (int i = 0; i < effects.count; i++) {
        const dt_effect *effect = &effects.at[i];
        if ((effect->kind == DT_ASSIGN || effect->kind == DT_ADD) && effect->target == variable)
            return true;
        for (int a = 0; a < effect->arms; a++) {
            if (any_writes(effect->arm[a].body, variable))
                return true;
        }
    }
    return false;
}

/* Whether the rules forbid an action wherever it could be chosen. */
static bool is_out(const dt_orders *orders)
{
    for (int i = 0; i < orders->forbids; i++) {
        if (orders->forbid[i] == DT_NONE)
            return true;
    }
    return false;
}

/* Whether a variable may change in a stage, or its owner acts there unseen. */
static bool may_change(const dt_rules *rules, int s, int variable)
{
    const dt_stage *stage = &rules->model->stage[s];
    const int owner = rules->model->variable[variable].owner;
    if (stage->hidden && rules->stage[s].mover_actor[0] == owner)
        return true;
    for (int a = 0; a < stage->actions; a++) {
        if (!is_out(&rules->stage[s].orders[a]) && any_writes(stage->action[a].effects, variable))
            return true;
    }
    return any_writes(stage->effects, variable);
}

static bool can_change(const dt_rules *rules, int variable)
{
    bool any = false;
    for (int s = 0; s < rules->model->stages && !any; s++)
        any = may_change(rules, s, variable);
    return any;
}

/* The rank of the value that a prior, worked out in a world, is sure of; DT_NONE if it isn't. */
static int sure_of(const double *value, const uint32_t *prior, int values)
{
    int rank = DT_NONE;
    for (int k = 0; k < values; k++) {
        const double chance = value[prior[k]];
        if (chance == 1 && rank == DT_NONE)
            rank = k;
        else if (chance != 0)
            return DT_NONE;
    }
    return rank;
}

/* Numbers of priors in one world after another. Priors are the first coefficients of a table, and what they
 * are made of stands before them: so all up to the last can be worked out. */
typedef struct reckoning {
    const dt_game *game;
    dt_cone first;
    bool settled;  /* the worlds have the rules' settings already */
    double *world; /* [params] with the rules' settings */
    double *value; /* [coefficients up to the last one wanted] */
} reckoning;

static reckoning begin(dt_arena *arena, const dt_game *game, size_t entries, bool settled)
{
    reckoning r = {.game = game, .first = {.type = DT_NOWHERE}, .settled = settled};
    for (uint32_t i = 0; i < entries; i++)
        dt_push(arena, &r.first.entry, i);
    r.world = dt_new(arena, double, (size_t)game->model->params);
    r.value = dt_new(arena, double, entries);
    return r;
}

static void reckon(const reckoning *r, const double *parameter)
{
    const size_t parameters = (size_t)r->game->model->params;
    if (parameters)
        memcpy(r->world, parameter, parameters * sizeof *parameter);
    if (!r->settled)
        dt_game_settings(r->game, r->world);
    dt_cone_evaluate(r->game, &r->first, r->world, 0, r->value);
}

/* The rank that a prior is sure of in every world, or DT_NONE. */
static int sure_in_all(dt_explorer *explorer, const dt_known *known, const uint32_t *prior,
                       int values)
{
    const reckoning r =
        begin(explorer->arena, explorer->game, explorer->coefficient->list.count, known->settled);
    int rank = DT_NONE;
    for (size_t w = 0; w < known->worlds; w++) {
        reckon(&r, known->parameter + w * (size_t)explorer->model->params);
        const int here = sure_of(r.value, prior, values);
        if (here == DT_NONE || (w > 0 && here != rank))
            return DT_NONE;
        rank = here;
    }
    return rank;
}

/* Whether a prior is of constants, which are worked out in *value [coefficients]. */
static bool is_constant(const dt_explorer *explorer, const uint32_t *prior, int values,
                        double *value)
{
    for (int k = 0; k < values; k++) {
        if (!dt_expression_is_constant(explorer->coefficient, prior[k], &value[prior[k]]))
            return false;
    }
    return true;
}

/* Whether a parameter may have another number than in the worlds given. */
static bool varies(const dt_model *model, const dt_known *known, uint32_t parameter)
{
    return (known->varies && known->varies[parameter]) ||
           (known->ranges && model->param[parameter].uncertainty != DT_FIXED &&
            !(known->held && known->held[parameter]));
}

/* Whether a prior hangs on a number that may be another one, the rules leaving it as it is. */
static bool may_vary(dt_explorer *explorer, const dt_known *known, const uint32_t *prior,
                     int values)
{
    const dt_coefficients *table = explorer->coefficient;
    const dt_regime *in = explorer->rules->regime;
    bool *set = dt_new(explorer->arena, bool, (size_t)explorer->model->params);
    bool *hangs = dt_new(explorer->arena, bool, table->list.count), any = false;
    for (int s = 0; s < in->sets; s++)
        set[in->set[s].parameter] = true;
    for (size_t i = 0; i < table->list.count && (known->varies || known->ranges); i++) {
        const dt_expression *e = &table->list.at[i];
        const uint32_t operand[3] = {e->a, e->b, e->c};
        hangs[i] = e->op == DT_OP_PARAMETER && !set[e->a] && varies(explorer->model, known, e->a);
        for (int k = 0; k < dt_operands[e->op]; k++)
            hangs[i] |= hangs[operand[k]];
    }
    for (int k = 0; k < values; k++)
        any |= hangs[prior[k]];
    return any;
}

/* Whether a list of assignments ("aim=bargain:0.7, will=press:0.5") has one to this name. */
static bool assigns(const char *list, const char *name)
{
    const size_t length = strlen(name);
    for (const char *at = list; at; at = strchr(at, ',')) {
        at += strspn(at, ", ");
        if (strncmp(at, name, length) == 0 && at[length + strspn(at + length, " ")] == '=')
            return true;
    }
    return false;
}

int dt_explorer_know(dt_explorer *explorer, const dt_known *known, int variable,
                     const uint32_t *prior)
{
    const dt_model *model = explorer->model;
    const int values = dt_slot_values(model, variable);
    if (!known)
        return DT_DRAWN;
    if (known->as)
        return known->as[variable];
    if (known->believing && assigns(known->believing, model->variable[variable].is.name))
        return DT_DRAWN;
    if (can_change(explorer->rules, variable) || may_vary(explorer, known, prior, values))
        return DT_DRAWN;
    double *value = dt_new(explorer->arena, double, explorer->coefficient->list.count);
    const int rank = is_constant(explorer, prior, values, value)
                         ? sure_of(value, prior, values)
                         : sure_in_all(explorer, known, prior, values);
    return rank == DT_NONE ? DT_DRAWN : model->variable[variable].low + rank;
}

bool dt_games_know_the_same(const dt_game *one, const dt_game *other)
{
    for (int v = 0; v < one->model->variables; v++) {
        if (one->known[v] != other->known[v])
            return false;
    }
    return true;
}

size_t dt_game_secrets(const dt_game *game)
{
    return game ? game->privates : 0;
}

/* ---- whether it is so elsewhere ------------------------------------------------------------------ */

typedef struct request {
    const dt_game *game;
    const double *parameter;
    size_t worlds;
} request;

/* The last coefficient by which a game takes something for known; 0: none that hangs on the world. */
static uint32_t last_check(const dt_game *game)
{
    uint32_t last = 0;
    for (uint32_t i = 0; i < game->checks; i++) {
        if (game->check[i].kind == DT_CHECK_KNOWN && game->check[i].coefficient > last)
            last = game->check[i].coefficient;
    }
    return last;
}

/* Whether what a game takes for known is so in the world that was reckoned. */
static bool is_so(const reckoning *r)
{
    bool so = true;
    for (uint32_t i = 0; i < r->game->checks; i++) {
        const dt_check *check = &r->game->check[i];
        so &= check->kind != DT_CHECK_KNOWN || r->value[check->coefficient] == 1;
    }
    return so;
}

static dt_status check_known(dt_arena *arena, void *argument)
{
    const request *asked = argument;
    const dt_game *game = asked->game;
    const uint32_t last = last_check(game);
    if (last == 0)
        return DT_OK;
    const reckoning r = begin(arena, game, (size_t)last + 1, false);
    for (size_t w = 0; w < asked->worlds; w++) {
        reckon(&r, asked->parameter + w * (size_t)game->model->params);
        if (!is_so(&r))
            return DT_NO;
    }
    return DT_OK;
}

dt_status dt_game_check_known(const dt_game *game, const double *parameters, size_t worlds,
                              const dt_options *options)
{
    if (!game || (worlds > 0 && !parameters && game->model->params > 0))
        return dt_refuse_call(options, "dt_game_check_known", "no game, or no worlds");
    return dt_job(options, check_known, &(request){game, parameters, worlds});
}

/* ---- whether no more is so ----------------------------------------------------------------------- */

/* The last coefficient of what a game takes for known, and of the priors of its secrets. */
static uint32_t last_prior(const dt_game *game)
{
    uint32_t last = last_check(game);
    for (uint32_t k = 0; k < game->secret_first[game->privates]; k++) {
        if (game->prior[k] > last)
            last = game->prior[k];
    }
    return last;
}

/* Whether a secret of the game is none in the world that was reckoned. */
static bool is_known_here(const reckoning *r, uint32_t secret)
{
    const dt_game *game = r->game;
    const uint32_t *prior = game->prior + game->secret_first[secret];
    return !can_change(game->rules, game->secret_variable[secret]) &&
           sure_of(r->value, prior, (int)game->secret_values[secret]) != DT_NONE;
}

static dt_status check_exactly(dt_arena *arena, void *argument)
{
    const request *asked = argument;
    const dt_game *game = asked->game;
    const reckoning r = begin(arena, game, (size_t)last_prior(game) + 1, true);
    reckon(&r, asked->parameter);
    bool fits = is_so(&r);
    for (uint32_t i = 0; i < game->privates; i++)
        fits = fits && !is_known_here(&r, i);
    return fits ? DT_OK : DT_NO;
}

dt_status dt_game_knows_exactly(const dt_game *game, const double *world, const dt_options *options)
{
    return game->model->privates == 0 ? DT_OK
                                      : dt_job(options, check_exactly, &(request){game, world, 1});
}
