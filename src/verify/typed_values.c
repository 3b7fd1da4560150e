/*
 * Values of types, and what deviating gains them, by going back from the last period, at every point of
 * beliefs; all voices in one go. A voice is somebody's reckoning:
 *
 *     VALUE   of an actor: V, in the convention asked for; from it the residual
 *     FOLLOW  of an agent: payments when all play σ, in units of the first period (w_i δ_i^t)
 *     BEST    of an agent: the same if it takes its best option from here on, and is believed as if it hadn't
 *
 * A voice that owns a variable has a number for each value of it, any other one, the expectation over all
 * types. At a point g, with s_k what the voice's own agent does in a cell and the rest P, given its type k,
 *
 *     worth_k = Σ over others' types and actions of pay + Σ_e P(e, k'|k) Σ_c signal_c(k') V_k'(target, c)
 *     V_k     = Σ over cells of s_k · worth_k,        Q_k(o) = Σ over cells with o of worth_k
 *
 * where signal is that of scene.h, so for who owns nothing just the weight of the corner. As nobody's
 * deviation changes what is believed, a type faces a dynamic program over places and points, and BEST takes the
 * largest Q (Puterman 1994, §4.3).
 *
 * Payoffs are counted from the first leaf's, as certify.c says.
 */
#include <assert.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "base/diagnostic.h"
#include "verify/scene.h"
#include "verify/typed.h"
#include "verify/walk.h"

typedef enum voice_kind { VALUE, FOLLOW, BEST } voice_kind;

typedef struct voice {
    voice_kind kind;
    int actor, agent; /* of an agent's voice the actor is its first member */
    int variable;     /* that it owns, or -1 */
    int values;       /* of it; else 1 */
    size_t column;    /* its first */
    int own;          /* position of the agent in the menu at hand, or -1 */
    double *q;        /* [values][options] at the node at hand */
} voice;

typedef struct reckoning {
    dt_scene *scene;
    const dt_game *game;
    dt_values values;
    size_t actors, types, points;
    uint32_t periods;
    size_t voices, columns;
    voice *voice;
    double *at;       /* [nodes+leaves][points][columns] */
    double *next;     /* [states][points][columns] */
    double *discount; /* [agents' members, by actor] δ_i^t */
    double *due;      /* [rows][actors][types] payoffs less the reference */
    double *reference, *term, *constant;
    double *q; /* [options] work space */
    double residual, rounding;
} reckoning;

static void add_voice(reckoning *r, voice_kind kind, int actor, int agent)
{
    const int variable = r->scene->beliefs->owned[actor];
    const bool owns = r->game->rules->agent[agent].members == 1 && variable >= 0;
    voice *v = &r->voice[r->voices++];
    *v = (voice){.kind = kind,
                 .actor = actor,
                 .agent = agent,
                 .variable = owns ? variable : -1,
                 .values = owns ? r->scene->lattice[variable]->values : 1,
                 .column = r->columns};
    r->columns += (size_t)v->values;
}

/* ---- payments ------------------------------------------------------------------------------------ */

static void turn(reckoning *r, uint32_t t)
{
    if (t + 1 < r->periods && r->game->dated == 0)
        return;
    dt_world_turn(r->game, r->scene->world, t);
    dt_walk_due(r->game, r->scene->world, r->term, r->due, r->reference);
}

/* What a row of `paid` [rows][actors][types] is to a voice, if the joint type is this. */
static double pay(const reckoning *r, const voice *v, const double *paid, uint32_t row, size_t type)
{
    const dt_agent *agent = &r->game->rules->agent[v->agent];
    const double *of = paid + row * r->actors * r->types + type;
    if (v->kind == VALUE)
        return of[(size_t)v->actor * r->types];
    double sum = 0;
    for (int m = 0; m < agent->members; m++)
        sum += agent->weight[m] * r->discount[agent->member[m]] *
               of[(size_t)agent->member[m] * r->types];
    return sum;
}

/* The share of a joint type, given that the voice's variable has the value of this rank; with the
 * probability that owners but the voice do their part in the cell, if `acting`. */
static double share_of(const reckoning *r, const voice *v, int rank, uint32_t type, bool acting)
{
    const dt_scene *scene = r->scene;
    double share = 1;
    for (size_t x = 0; x < scene->beliefs->variables; x++) {
        const int own = dt_beliefs_rank(scene->beliefs, x, type);
        if ((int)x == v->variable)
            share *= own == rank;
        else
            share *= scene->belief[x][own] * (acting ? scene->like[x][own] : 1);
    }
    return share;
}

/* A row's expectation over what the voice doesn't know. */
static double expected_pay(const reckoning *r, const voice *v, int rank, const double *paid,
                           uint32_t row, bool acting)
{
    double sum = 0;
    if (paid == r->scene->world->payment && row == 0) /* the empty one */
        return 0;
    for (uint32_t type = 0; type < r->types; type++) {
        const double share = share_of(r, v, rank, type, acting);
        if (share > 0)
            sum += share * pay(r, v, paid, row, type);
    }
    return sum;
}

/* ---- a node -------------------------------------------------------------------------------------- */

/* Σ_c signal_c(rank) V_rank(target, c) */
static double after_signal(const reckoning *r, const voice *v, int rank)
{
    const dt_scene *scene = r->scene;
    const double *at = r->at + scene->target * r->points * r->columns + v->column + (size_t)rank;
    double sum = 0;
    for (uint32_t c = 0; c < scene->corners; c++) {
        const double chance = scene->weight[c] * dt_scene_likelier(scene, c, v->variable, rank);
        if (chance != 0)
            sum += chance * at[scene->corner[c] * r->columns];
    }
    return sum;
}

/* The probability that agents who own nothing, but the one at position `own`, do their part in the cell; */
static double strangers_do(const dt_scene *scene, int own)
{
    double product = 1;
    for (int k = 0; k < scene->menu->agents; k++) {
        if (k != own && scene->beliefs->agent_variable[scene->menu->agent[k]] < 0)
            product *= dt_scene_strategy(scene, k, 0)[scene->option[k]];
    }
    return product;
}

/* that owners do, but those of the secret and of the voice's variable; */
static double owners_do(const dt_scene *scene, const voice *v)
{
    double product = 1;
    for (size_t x = 0; x < scene->beliefs->variables; x++) {
        if ((int)x == v->variable || (int)x == scene->secret || scene->mover[x] < 0)
            continue;
        double sum = 0;
        for (int k = 0; k < scene->lattice[x]->values; k++)
            sum += scene->belief[x][k] * scene->like[x][k];
        product *= sum;
    }
    return product;
}

/* What the event at hand adds to worth_k, but for others' actions that the secret has no part in. */
static double event_worth(const reckoning *r, const voice *v, int rank)
{
    const dt_scene *scene = r->scene;
    if (scene->secret < 0)
        return scene->plain * after_signal(r, v, rank);
    const int values = scene->lattice[scene->secret]->values;
    double sum = 0;
    if (v->variable == scene->secret) {
        for (int to = 0; to < values; to++) {
            const double chance = scene->chance[rank * values + to];
            if (chance > 0)
                sum += chance * after_signal(r, v, to);
        }
        return sum;
    }
    const double *belief = scene->belief[scene->secret], *like = scene->like[scene->secret];
    for (int k = 0; k < values; k++) {
        for (int to = 0; to < values && belief[k] > 0; to++)
            sum += belief[k] * like[k] * scene->chance[k * values + to];
    }
    return sum == 0 ? 0 : sum * after_signal(r, v, rank);
}

static int position(const dt_menu *menu, int agent)
{
    for (int k = 0; k < menu->agents; k++) {
        if (menu->agent[k] == agent)
            return k;
    }
    return -1;
}

/* Whether the voice's variable can have this value at the point. */
static bool is_possible(const reckoning *r, const voice *v, int rank)
{
    return v->variable < 0 || r->scene->belief[v->variable][rank] > 0;
}

/* Adds what the cell at hand is worth to Q of its option, of which the events' part is there already. */
static void add_payment(const reckoning *r, const voice *v)
{
    const int own = v->own;
    const dt_scene *scene = r->scene;
    const uint32_t row = dt_cell_row(r->game, scene->cell);
    const int options = own < 0 ? 1 : scene->menu->options[own];
    const double strangers = strangers_do(scene, own);
    for (int rank = 0; rank < v->values; rank++) {
        if (is_possible(r, v, rank))
            v->q[rank * options + (own < 0 ? 0 : scene->option[own])] +=
                strangers * expected_pay(r, v, rank, scene->world->payment, row, true);
    }
}

static void add_event(const reckoning *r, const voice *v)
{
    const int own = v->own;
    const dt_scene *scene = r->scene;
    const int options = own < 0 ? 1 : scene->menu->options[own];
    const double others = strangers_do(scene, own) * owners_do(scene, v);
    for (int rank = 0; rank < v->values; rank++) {
        if (is_possible(r, v, rank))
            v->q[rank * options + (own < 0 ? 0 : scene->option[own])] +=
                others * event_worth(r, v, rank);
    }
}

/* Compares what an agent does with what its options are worth to it. In the convention of surplus values
 * that is also what the node is. */
static void look_at_agent(reckoning *r, int k, bool compared, double *at)
{
    const dt_scene *scene = r->scene;
    const dt_agent *agent = &r->game->rules->agent[scene->menu->agent[k]];
    const double lambda =
        scene->world->rationality[(size_t)scene->menu->agent[k] * scene->world->width];
    const int options = scene->menu->options[k];
    const voice *first = &r->voice[agent->member[0]]; /* voices of values come first, by actor */
    for (int rank = 0; rank < first->values; rank++) {
        if (!is_possible(r, first, rank))
            continue;
        for (int o = 0; o < options; o++) {
            r->q[o] = 0;
            for (int m = 0; m < agent->members; m++)
                r->q[o] += agent->weight[m] * r->voice[agent->member[m]].q[rank * options + o];
            if (compared && options > 1)
                r->rounding = fmax(r->rounding, lambda * DBL_EPSILON * fabs(r->q[o]));
        }
        if (compared)
            r->residual = dt_walk_worse(
                dt_walk_residual(dt_scene_strategy(scene, k, rank), r->q, options, lambda),
                r->residual);
        if (r->values == DT_VALUES_SURPLUS)
            at[first->column + (size_t)rank] = dt_walk_surplus(r->q, options, lambda);
    }
}

/* What the node is to a voice, from Q. */
static void conclude(const reckoning *r, const voice *v, double *at)
{
    const int own = v->own;
    const int options = own < 0 ? 1 : r->scene->menu->options[own];
    for (int rank = 0; rank < v->values; rank++) {
        const double *q = v->q + rank * options;
        double sum = 0, most = q[0];
        if (!is_possible(r, v, rank))
            continue;
        for (int o = 0; o < options; o++) {
            sum += (own < 0 ? 1 : dt_scene_strategy(r->scene, own, rank)[o]) * q[o];
            most = fmax(most, q[o]);
        }
        at[v->column + (size_t)rank] = v->kind == BEST ? most : sum;
    }
}

static void reckon_node(reckoning *r, uint32_t t, uint32_t node, uint32_t point, bool compared)
{
    dt_scene *scene = r->scene;
    double *at = r->at + (node * r->points + point) * r->columns;
    dt_scene_set(scene, t, node, point);
    for (size_t i = 0; i < r->voices; i++) {
        voice *v = &r->voice[i];
        v->own = position(scene->menu, v->agent);
        const int options = v->own < 0 ? 1 : scene->menu->options[v->own];
        memset(v->q, 0, (size_t)(v->values * options) * sizeof *v->q);
    }
    for (int c = 0; c < scene->menu->cells; c++) {
        dt_scene_cell(scene, c);
        for (size_t i = 0; i < r->voices; i++)
            add_payment(r, &r->voice[i]);
        while (dt_scene_event(scene)) {
            for (size_t i = 0; i < r->voices; i++)
                add_event(r, &r->voice[i]);
        }
    }
    for (size_t i = 0; i < r->voices; i++)
        conclude(r, &r->voice[i], at);
    for (int k = 0; k < scene->menu->agents; k++)
        look_at_agent(r, k, compared, at);
}

/* ---- periods ------------------------------------------------------------------------------------- */

/* What follows a leaf after the end of play, to a voice; see certify.c on K. */
static double nothing(const reckoning *r, const voice *v)
{
    const dt_agent *agent = &r->game->rules->agent[v->agent];
    const double *delta = r->scene->world->discount;
    if (v->kind == VALUE)
        return -delta[(size_t)v->actor * r->types] * r->constant[v->actor];
    double sum = 0;
    for (int m = 0; m < agent->members; m++) {
        const size_t i = (size_t)agent->member[m];
        sum -= agent->weight[m] * r->discount[i] * delta[i * r->types] * r->constant[i];
    }
    return sum;
}

static void reckon_leaf(reckoning *r, uint32_t leaf, uint32_t point, bool last)
{
    dt_scene *scene = r->scene;
    const bool over = last || r->game->leaf_ended[leaf];
    const uint32_t state = r->game->leaf_next[leaf];
    double *at = r->at + ((r->game->nodes + leaf) * r->points + point) * r->columns;
    const double *next = over ? NULL : r->next + (state * r->points + point) * r->columns;
    dt_scene_stand(scene, point);
    for (size_t i = 0; i < r->voices; i++) {
        const voice *v = &r->voice[i];
        const double delta =
            v->kind == VALUE ? scene->world->discount[(size_t)v->actor * r->types] : 1;
        for (int rank = 0; rank < v->values; rank++) {
            const size_t column = v->column + (size_t)rank;
            if (is_possible(r, v, rank))
                at[column] = expected_pay(r, v, rank, r->due, r->game->leaf_payoff[leaf], false) +
                             (over ? nothing(r, v) : delta * next[column]);
        }
    }
}

static void reckon_period(reckoning *r, uint32_t t)
{
    const dt_game *game = r->game;
    const dt_world *world = r->scene->world;
    turn(r, t);
    for (size_t i = 0; i < r->actors; i++)
        r->discount[i] = pow(world->discount[i * r->types], t);
    for (uint32_t leaf = 0; leaf < dt_walk_places(game, game->stages, t); leaf++) {
        for (uint32_t point = 0; point < r->points; point++)
            reckon_leaf(r, leaf, point, t + 1 == r->periods);
    }
    for (uint32_t s = game->stages; s-- > 0;) {
        const uint32_t first = game->stage_first[s];
        for (uint32_t n = first + dt_walk_places(game, s, t); n-- > first;) {
            for (uint32_t point = 0; point < r->points; point++)
                reckon_node(r, t, n, point, !game->forever || t == 0);
        }
    }
    for (size_t i = 0; i < r->actors; i++)
        r->constant[i] = r->reference[i] + world->discount[i * r->types] * r->constant[i];
    for (uint32_t state = 0; state < game->states; state++) {
        uint32_t place;
        if (dt_walk_begins(game, state, t, &place))
            memcpy(r->next + state * r->points * r->columns, r->at + place * r->points * r->columns,
                   r->points * r->columns * sizeof *r->next);
    }
}

/* What a voice has at the start, an owner by the prior: Σ_c Σ_k prior(k) signal_c(k) V_k. */
static double at_start(const reckoning *r, const voice *v)
{
    const dt_scene *scene = r->scene;
    const double *next = r->next + r->game->start * r->points * r->columns;
    double sum = 0;
    for (uint32_t c = 0; c < scene->corners; c++) {
        for (int rank = 0; rank < v->values; rank++) {
            const double prior = v->variable < 0 ? 1 : scene->seen[v->variable].belief[rank];
            if (prior > 0)
                sum += prior * scene->weight[c] * dt_scene_likelier(scene, c, v->variable, rank) *
                       next[scene->corner[c] * r->columns + v->column + (size_t)rank];
        }
    }
    return sum;
}

static void make_room(dt_arena *arena, reckoning *r)
{
    const dt_game *game = r->game;
    const size_t rows = game->rows, each = r->points * r->columns;
    size_t options = 1;
    for (uint32_t m = 0; m < game->menus; m++) {
        for (int k = 0; k < game->menu[m].agents; k++)
            options = (size_t)game->menu[m].options[k] > options ? (size_t)game->menu[m].options[k]
                                                                 : options;
    }
    for (size_t i = 0; i < r->voices; i++)
        r->voice[i].q = dt_take(arena, options, (size_t)r->voice[i].values * sizeof(double));
    r->q = dt_new(arena, double, options);
    r->at = dt_take(arena, (size_t)game->nodes + game->leaves, each * sizeof(double));
    r->next = dt_take(arena, game->states, each * sizeof(double));
    r->discount = dt_new(arena, double, r->actors);
    r->due = dt_take(arena, rows, r->actors * r->types * sizeof(double));
    r->reference = dt_new(arena, double, r->actors);
    r->constant = dt_new(arena, double, r->actors);
    r->term = dt_new(arena, double, (size_t)game->model->terms);
}

dt_certificate dt_certify_typed(dt_arena *arena, const dt_world *world,
                                const dt_typed_strategy *strategy, dt_values values,
                                const dt_options *options)
{
    dt_scene *scene = dt_scene_new(arena, strategy, world);
    const dt_game *game = scene->game;
    const int actors = game->model->actors, agents = game->rules->agents;
    double *value = dt_new(arena, double, (size_t)actors);
    double *gap = dt_new(arena, double, (size_t)actors);
    reckoning r = {.scene = scene,
                   .game = game,
                   .values = values,
                   .actors = (size_t)actors,
                   .types = game->types,
                   .points = scene->beliefs->points,
                   .periods = dt_walk_periods(game, scene->world)};
    assert(scene->strategy->periods == (game->forever ? 1 : game->periods));
    r.voice = dt_new(arena, voice, (size_t)(actors + 2 * agents));
    for (int i = 0; i < actors; i++)
        add_voice(&r, VALUE, i, game->rules->actor_agent[i]);
    for (int k = 0; k < agents; k++) {
        add_voice(&r, FOLLOW, game->rules->agent[k].member[0], k);
        add_voice(&r, BEST, game->rules->agent[k].member[0], k);
    }
    make_room(arena, &r);
    for (uint32_t t = r.periods; t-- > 0;) {
        dt_progress(arena, options, "verifying", 0.9 * (1 - (t + 1.0) / r.periods));
        reckon_period(&r, t);
    }
    dt_scene_start(scene);
    for (int i = 0; i < actors; i++)
        value[i] = at_start(&r, &r.voice[i]) + r.constant[i];
    for (int k = 0; k < agents; k++) {
        const voice *follow = &r.voice[actors + 2 * k], *best = follow + 1;
        const double gain = at_start(&r, best) - at_start(&r, follow);
        for (int m = 0; m < game->rules->agent[k].members; m++)
            gap[game->rules->agent[k].member[m]] = gain;
    }
    return (dt_certificate){.residual = r.residual,
                            .rounding = r.rounding,
                            .gap = gap,
                            .value = value,
                            .calibration = dt_typed_calibration(arena, scene, options)};
}
