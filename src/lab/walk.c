/*
 * Walking the tree. Situations are the decision nodes that the forward pass gives some probability;
 * the step from one to the next decisions pushes the mass of one node through the graph, stopping at
 * every decision. Places are in the order of stages, so that one pass over them in order does it;
 * what arrives at leaves is carried over into the next period, where it surely meets a decision, an
 * end or the horizon before the periods run out.
 *
 * With private variables mass flows in the exact chain, a column for each point of the grids and joint type:
 * a step begins at one point, with the type that acts and the others' types as they are believed.
 */
#include "lab/walk.h"

#include <assert.h>
#include <string.h>

#include "lab/words.h"
#include "trace/believed.h"
#include "trace/profile.h"

dt_walk *dt_walk_new(dt_arena *arena, const dt_solution *solution)
{
    dt_walk *walk = dt_new(arena, dt_walk, 1);
    *walk = (dt_walk){solution, dt_reach_new(arena, solution)};
    return walk;
}

/* ---- situations -------------------------------------------------------------------------------- */

typedef struct search {
    const dt_walk *walk;
    dt_arena *scratch;
    const dt_game *game;
    uint32_t first, end; /* nodes of the stage in the period */
    int *slot;           /* [slots] work space */
} search;

static uint32_t nearest(const search *s, const int *wanted, int fixed, uint32_t *situations)
{
    const int slots = s->game->model->slots;
    uint32_t best = DT_NOWHERE;
    int least = slots + 1;
    *situations = 0;
    for (uint32_t n = s->first; n < s->end; n++) {
        const double mass = s->walk->reach.mass[n];
        if (mass == 0)
            continue;
        ++*situations;
        int differ = 0;
        if (wanted) {
            dt_game_unpack(s->game, n, s->slot);
            if (fixed >= 0 && s->slot[fixed] != wanted[fixed])
                continue;
            for (int i = 0; i < slots; i++)
                differ += s->slot[i] != wanted[i];
        }
        if (differ < least || (differ == least && mass > s->walk->reach.mass[best])) {
            least = differ;
            best = n;
        }
    }
    return best;
}

enum { OCCURS = 1, FITS = 2 };

/* Marks which values each slot has among the situations, and which with all else as it is. */
static void mark_values(const search *s, const int *here, const size_t *first, uint8_t *mark)
{
    const dt_model *model = s->game->model;
    for (uint32_t n = s->first; n < s->end; n++) {
        if (s->walk->reach.mass[n] == 0)
            continue;
        dt_game_unpack(s->game, n, s->slot);
        int differ = 0, which = -1;
        for (int i = 0; i < model->slots; i++) {
            const int rank = s->slot[i] - dt_slot_low(model, i);
            if (rank < (int)(first[i + 1] - first[i]))
                mark[first[i] + (size_t)rank] |= OCCURS;
            if (s->slot[i] != here[i]) {
                differ++;
                which = i;
            }
        }
        for (int i = 0; differ == 0 && i < model->slots; i++) {
            const int rank = here[i] - dt_slot_low(model, i);
            if (rank < (int)(first[i + 1] - first[i]))
                mark[first[i] + (size_t)rank] |= FITS;
        }
        const int rank = differ == 1 ? s->slot[which] - dt_slot_low(model, which) : 0;
        if (differ == 1 && rank < (int)(first[which + 1] - first[which]))
            mark[first[which] + (size_t)rank] |= FITS;
    }
}

static void write_slots(const search *s, dt_writer *out, uint32_t node)
{
    enum { MOST_VALUES = 256 }; /* offered of one variable */
    const dt_model *model = s->game->model;
    const size_t slots = (size_t)model->slots;
    dt_arena *arena = s->scratch;
    int *here = dt_new(arena, int, slots);
    dt_game_unpack(s->game, node, here);
    size_t *first = dt_new(arena, size_t, slots + 1);
    for (size_t i = 0; i < slots; i++) {
        const int values = dt_slot_values(model, (int)i);
        first[i + 1] = first[i] + (size_t)(values < MOST_VALUES ? values : MOST_VALUES);
    }
    uint8_t *mark = dt_new(arena, uint8_t, first[slots]);
    mark_values(s, here, first, mark);
    for (size_t i = 0; i < slots; i++) {
        const int low = dt_slot_low(model, (int)i);
        dt_text name = {.arena = arena}, value = {.arena = arena};
        dt_slot_name(model, (int)i, &name);
        dt_slot_value_name(model, (int)i, here[i], &value);
        dt_json_print(out, "{name: %s, value: %s, number: %d, values: [", dt_text_get(&name),
                      dt_text_get(&value), here[i]);
        for (size_t v = first[i]; v < first[i + 1]; v++) {
            if (!mark[v])
                continue;
            const int number = low + (int)(v - first[i]);
            dt_text text = {.arena = arena};
            dt_slot_value_name(model, (int)i, number, &text);
            dt_json_print(out, "{name: %s, number: %d, fits: %i}", dt_text_get(&text), number,
                          mark[v] & FITS);
        }
        dt_json_print(out, "]}");
    }
}

static double stage_mass(const dt_walk *walk, uint32_t t, uint32_t stage)
{
    const dt_game *game = walk->solution->game;
    double mass = 0;
    for (uint32_t i = 0; i < dt_game_count(game, stage, t); i++)
        mass += walk->reach.mass[game->stage_first[stage] + i];
    return mass;
}

void dt_walk_situation(dt_walk *walk, dt_arena *scratch, dt_writer *out, uint32_t t, int stage,
                       const int *wanted, int fixed)
{
    const dt_game *game = walk->solution->game;
    const dt_model *model = game->model;
    assert(stage < (int)game->stages && fixed < model->slots);
    dt_reach_to(&walk->reach, t);
    for (uint32_t s = 0; stage < 0 && s < game->stages; s++) {
        if (model->stage[s].movers != 0 && stage_mass(walk, t, s) > 0)
            stage = (int)s;
    }
    if (stage < 0) {
        dt_json_print(out, "null");
        return;
    }
    search s = {walk, scratch, game, game->stage_first[stage], 0, NULL};
    s.end = s.first + dt_game_count(game, (uint32_t)stage, t);
    s.slot = dt_new(scratch, int, (size_t)model->slots);
    uint32_t situations;
    uint32_t node = nearest(&s, wanted, fixed, &situations);
    if (node == DT_NOWHERE) {
        dt_json_print(out, "null");
        return;
    }
    dt_json_print(
        out, "{period: %u, node: %u, situations: %u, stage: %s, reached: %g, text: %s, stages: [",
        t + 1, node, situations, model->stage[stage].is.name, walk->reach.mass[node],
        dt_situation_words(game, t, node, scratch));
    for (uint32_t k = 0; k < game->stages; k++) {
        const double mass = model->stage[k].movers ? stage_mass(walk, t, k) : 0;
        if (mass == 0)
            continue;
        dt_json_print(out, "{name: %s, reached: %g}", model->stage[k].is.name, mass);
    }
    dt_json_print(out, "], slots: [");
    write_slots(&s, out, node);
    dt_json_print(out, "]}");
}

const char *dt_walk_words(const dt_game *game, uint32_t node, const double *belief, dt_arena *arena)
{
    const dt_model *model = game->model;
    int *slot = dt_new(arena, int, (size_t)model->slots);
    dt_game_unpack(game, node, slot);
    dt_text words = {.arena = arena};
    for (int i = 0; i < model->slots; i++) {
        const bool private = i < model->variables && game->secret_of[i] != DT_NONE;
        if (dt_slot_is_private(model, i) && !private)
            continue; /* known: nothing else could be said */
        const int values = private && belief ? dt_slot_values(model, i) : !private;
        for (int k = 0; k < values; k++) {
            char number[32];
            dt_text_print(&words, "%s", words.bytes.count ? ", " : "");
            dt_slot_name(model, i, &words);
            dt_text_print(&words, "=");
            dt_slot_value_name(model, i, private ? dt_slot_low(model, i) + k : slot[i], &words);
            if (private)
                dt_text_print(&words, ":%s", dt_print_number(number, *belief++));
        }
    }
    return dt_text_get(&words);
}

/* ---- one step ---------------------------------------------------------------------------------- */

typedef struct arrival {
    double probability;
    uint32_t period, node;
    double *belief; /* [values of all secrets] sums of mass × what is believed */
} arrival;

enum { TOLD = 12 };

typedef struct step {
    const dt_solution *solution;
    const dt_game *game;
    dt_arena *arena;
    dt_forward *flow;        /* in one of the two the mass flows; */
    dt_private_chain *chain; /* in this with private variables */
    double ended, over, rest;
    int arrivals; /* kept in order, the likeliest first */
    arrival arrival[TOLD];
} step;

static void arrive(step *s, arrival new)
{
    int at = s->arrivals;
    while (at > 0 && s->arrival[at - 1].probability < new.probability)
        at--;
    if (at == TOLD) {
        s->rest += new.probability;
        return;
    }
    if (s->arrivals == TOLD)
        s->rest += s->arrival[--s->arrivals].probability;
    memmove(&s->arrival[at + 1], &s->arrival[at], (size_t)(s->arrivals - at) * sizeof new);
    s->arrival[at] = new;
    s->arrivals++;
}

/* The masses of a place, one for each column. */
static double *masses(const step *s, size_t place, size_t *columns)
{
    *columns = s->chain ? s->chain->columns : 1;
    return s->chain ? s->chain->mass + place * s->chain->stride : &s->flow->mass[place];
}

static double mass_of(const step *s, size_t place)
{
    size_t columns;
    const double *mass = masses(s, place, &columns);
    double sum = 0;
    for (size_t w = 0; w < columns; w++)
        sum += mass[w];
    return sum;
}

/* Takes the mass of a decision node out of the flow, if there is any. */
static void take(step *s, uint32_t t, uint32_t node)
{
    const double sum = mass_of(s, node);
    size_t columns;
    double *mass = masses(s, node, &columns);
    if (sum == 0)
        return;
    arrival here = {
        sum, t, node,
        dt_new(s->arena, double, s->game->privates ? s->game->secret_first[s->game->privates] : 0)};
    for (size_t w = 0; w < columns && s->chain; w++) {
        const dt_beliefs *beliefs = s->chain->work->plan->beliefs;
        for (size_t x = 0; x < beliefs->variables; x++) {
            const double *believed = dt_beliefs_at(beliefs, x, (uint32_t)(w / beliefs->types));
            for (uint32_t k = 0; k < s->game->secret_values[x]; k++)
                here.belief[s->game->secret_first[x] + k] += mass[w] * believed[k];
        }
    }
    memset(mass, 0, columns * sizeof *mass);
    arrive(s, here);
}

/* The rest of period `t` from the masses at its places on: what comes to decisions leaves the flow. True
 * if some mass is carried into the next. */
static bool run_period(step *s, uint32_t t)
{
    const dt_game *game = s->game;
    for (uint32_t k = 0; k < game->stages; k++) {
        const uint32_t first = game->stage_first[k], count = dt_game_count(game, k, t);
        for (uint32_t n = first; n < first + count && game->model->stage[k].movers > 0; n++)
            take(s, t, n);
        if (s->chain)
            dt_private_chain_stage(s->chain, t, k);
        else
            dt_forward_pass(s->flow, dt_strategy_of(s->solution->strategy, game, t), t, k);
    }
    bool carried = false;
    for (uint32_t leaf = 0; leaf < dt_game_count(game, game->stages, t); leaf++) {
        const bool last = t + 1 == game->horizon, ended = game->leaf_ended[leaf];
        const double mass = mass_of(s, (size_t)game->nodes + leaf);
        s->ended += ended ? mass : 0;
        s->over += last && !ended ? mass : 0;
        carried |= !last && !ended && mass != 0;
    }
    if (s->chain)
        dt_private_chain_carry(s->chain, t);
    else
        dt_forward_carry(s->flow, t);
    if (carried && s->chain)
        dt_private_chain_place(s->chain, t + 1);
    else if (carried)
        dt_forward_place(s->flow, t + 1);
    return carried;
}

/* Plays a node: who acts takes its option, the others play their strategies. */
static void play_node(step *s, const dt_walked *from)
{
    const dt_game *game = s->game;
    const dt_menu *menu = &game->menu[game->node_menu[from->node]];
    double *sigma = dt_new(s->arena, double, (size_t)menu->total);
    memcpy(sigma, dt_strategy_at(s->solution->strategy, game, from->t, from->node),
           (size_t)menu->total * sizeof *sigma);
    double *own = sigma;
    for (int k = 0; k < from->agent; k++)
        own += menu->options[k];
    for (int o = 0; o < menu->options[from->agent]; o++)
        own[o] = o == from->option;
    double *space = dt_new(s->arena, double, (size_t)dt_profile_room(game));
    const double *profile = dt_profile(menu, sigma, space);
    for (int c = 0; c < menu->cells; c++)
        dt_forward_enter(s->flow, game->node_cell[from->node] + (uint64_t)c, 0, profile[c]);
}

/* The same at a joint point: types are as they are believed, but that of who acts. */
static void play_typed(step *s, const dt_walked *from)
{
    const dt_beliefs *beliefs = s->chain->work->plan->beliefs;
    const dt_menu *menu = &s->game->menu[s->game->node_menu[from->node]];
    const int own = beliefs->agent_variable[menu->agent[from->agent]];
    const uint32_t point = dt_believed_nearest(beliefs, from->belief);
    double *share = dt_new(s->arena, double, beliefs->types);
    for (uint32_t type = 0; type < beliefs->types; type++) {
        share[type] = 1;
        for (size_t x = 0; x < beliefs->variables; x++) {
            const int rank = dt_beliefs_rank(beliefs, x, type);
            share[type] *=
                (int)x == own ? rank == from->rank : dt_beliefs_at(beliefs, x, point)[rank];
        }
    }
    dt_private_chain_enter(s->chain, from->node, point, share,
                           &(dt_held){from->agent, from->option});
}

static void write_changes(dt_writer *out, const dt_game *game, uint32_t from, uint32_t to,
                          dt_arena *arena)
{
    const dt_model *model = game->model;
    int *before = dt_new(arena, int, (size_t)model->slots);
    int *after = dt_new(arena, int, (size_t)model->slots);
    dt_game_unpack(game, from, before);
    dt_game_unpack(game, to, after);
    for (int i = 0; i < model->slots; i++) {
        if (before[i] == after[i] || (i >= model->variables && after[i] == 0))
            continue;
        dt_text name = {.arena = arena}, old = {.arena = arena}, new = {.arena = arena};
        dt_slot_name(model, i, &name);
        dt_slot_value_name(model, i, before[i], &old);
        dt_slot_value_name(model, i, after[i], &new);
        dt_json_print(out, "{name: %s, from: %s, to: %s, text: %s}", dt_text_get(&name),
                      dt_text_get(&old), dt_text_get(&new),
                      dt_change_words(game, i, before[i], after[i], arena));
    }
}

/* What is believed at an arrival: of each private variable all values. */
static void write_belief(dt_writer *out, const dt_game *game, const arrival *at)
{
    for (int i = 0; i < game->model->privates; i++) {
        const int v = game->model->private_variable[i], low = dt_slot_low(game->model, v);
        for (int k = 0; k < dt_slot_values(game->model, v); k++) {
            if (game->secret_of[v] == DT_NONE)
                dt_json_print(out, "%d", game->known[v] == low + k);
            else
                dt_json_print(out, "%g",
                              at->belief[game->secret_first[game->secret_of[v]] + (size_t)k] /
                                  at->probability);
        }
    }
}

static void write_step(const step *s, dt_writer *out, const dt_walked *from)
{
    const dt_game *game = s->game;
    dt_json_print(out, "{ended: %g, over: %g, rest: %g, next: [", s->ended, s->over, s->rest);
    for (int i = 0; i < s->arrivals; i++) {
        const arrival *at = &s->arrival[i];
        dt_json_print(out, "{probability: %g, period: %u, node: %u, stage: %s, changes: [",
                      at->probability, at->period + 1, at->node,
                      game->model->stage[dt_game_stage(game, at->node)].is.name);
        write_changes(out, game, from->node, at->node, s->arena);
        dt_json_print(out, "], belief: [");
        write_belief(out, game, at);
        dt_json_print(out, "]}");
    }
    dt_json_print(out, "]}");
}

void dt_walk_next(const dt_solution *solution, dt_arena *scratch, dt_writer *out,
                  const dt_walked *from)
{
    const dt_game *game = solution->game;
    step s = {.solution = solution, .game = game, .arena = scratch};
    uint32_t t = from->t;
    assert(t < game->horizon && from->node < game->nodes);
    const dt_menu *menu = &game->menu[game->node_menu[from->node]];
    assert(from->agent < menu->agents && from->option < menu->options[from->agent]);
    (void)menu;
    if (solution->private) {
        s.chain = dt_private_chain_new(scratch, solution->private, 1);
        dt_private_chain_stand(s.chain, t);
        play_typed(&s, from);
    } else {
        s.flow = dt_forward_new(scratch, solution, 1);
        dt_forward_clear(s.flow, 1);
        dt_forward_turn(s.flow, t);
        play_node(&s, from);
    }
    while (run_period(&s, t))
        t++;
    write_step(&s, out, from);
}
