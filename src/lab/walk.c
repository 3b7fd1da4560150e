/*
 * Walking the tree. Situations are the decision nodes that the forward pass gives some probability;
 * the step from one to the next decisions pushes the mass of one node through the graph, stopping at
 * every decision. Places are in the order of stages, so that one pass over them in order does it;
 * what arrives at leaves is carried over into the next period, where it surely meets a decision, an
 * end or the horizon before the periods run out.
 */
#include "lab/walk.h"

#include <assert.h>
#include <string.h>

#include "trace/profile.h"

dt_walk *dt_walk_new(dt_arena *arena, const dt_solution *solution)
{
    dt_walk *walk = dt_new(arena, dt_walk, 1);
    *walk = (dt_walk){solution, dt_forward_new(arena, solution, 1)};
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
        const double mass = s->walk->forward->mass[n];
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
        if (differ < least || (differ == least && mass > s->walk->forward->mass[best])) {
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
        if (s->walk->forward->mass[n] == 0)
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
        mass += walk->forward->mass[game->stage_first[stage] + i];
    return mass;
}

void dt_walk_situation(dt_walk *walk, dt_arena *scratch, dt_writer *out, uint32_t t, int stage,
                       const int *wanted, int fixed)
{
    const dt_game *game = walk->solution->game;
    const dt_model *model = game->model;
    assert(stage < (int)game->stages && fixed < model->slots);
    dt_forward_to(walk->forward, t);
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
    dt_json_print(out, "{period: %u, node: %u, situations: %u, stage: %s, reached: %g, stages: [",
                  t + 1, node, situations, model->stage[stage].is.name, walk->forward->mass[node]);
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

const char *dt_walk_words(const dt_game *game, uint32_t node, dt_arena *arena)
{
    const dt_model *model = game->model;
    int *slot = dt_new(arena, int, (size_t)model->slots);
    dt_game_unpack(game, node, slot);
    dt_text words = {.arena = arena};
    for (int i = 0; i < model->slots; i++) {
        dt_text_print(&words, "%s", i ? ", " : "");
        dt_slot_name(model, i, &words);
        dt_text_print(&words, "=");
        dt_slot_value_name(model, i, slot[i], &words);
    }
    return dt_text_get(&words);
}

/* ---- one step ---------------------------------------------------------------------------------- */

typedef struct arrival {
    double probability;
    uint32_t period, node;
} arrival;

enum { TOLD = 12 };

typedef struct step {
    const dt_solution *solution;
    dt_forward *flow;
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

/* The rest of period `t` from the masses at its places on: what comes to decisions leaves the flow. True
 * if some mass is carried into the next. */
static bool run_period(step *s, uint32_t t)
{
    const dt_game *game = s->solution->game;
    for (uint32_t k = 0; k < game->stages; k++) {
        const uint32_t first = game->stage_first[k], count = dt_game_count(game, k, t);
        for (uint32_t n = first; n < first + count && game->model->stage[k].movers > 0; n++) {
            if (s->flow->mass[n] != 0)
                arrive(s, (arrival){s->flow->mass[n], t, n});
            s->flow->mass[n] = 0;
        }
        dt_forward_pass(s->flow, dt_strategy_of(s->solution->strategy, game, t), t, k);
    }
    bool carried = false;
    const double *mass = s->flow->mass + game->nodes;
    for (uint32_t leaf = 0; leaf < dt_game_count(game, game->stages, t); leaf++) {
        const bool last = t + 1 == game->horizon, ended = game->leaf_ended[leaf];
        s->ended += ended ? mass[leaf] : 0;
        s->over += last && !ended ? mass[leaf] : 0;
        carried |= !last && !ended && mass[leaf] != 0;
    }
    dt_forward_carry(s->flow, t);
    if (carried)
        dt_forward_place(s->flow, t + 1);
    return carried;
}

/* Plays a node: the agent at `mover` takes `option`, the others play their strategies. */
static void play_node(step *s, uint32_t t, uint32_t node, int mover, int option, dt_arena *arena)
{
    const dt_game *game = s->solution->game;
    const dt_menu *menu = &game->menu[game->node_menu[node]];
    assert(mover < menu->agents && option < menu->options[mover]);
    double *sigma = dt_new(arena, double, (size_t)menu->total);
    memcpy(sigma, dt_strategy_at(s->solution->strategy, game, t, node),
           (size_t)menu->total * sizeof *sigma);
    double *own = sigma;
    for (int k = 0; k < mover; k++)
        own += menu->options[k];
    for (int o = 0; o < menu->options[mover]; o++)
        own[o] = o == option;
    double *space = dt_new(arena, double, (size_t)dt_profile_room(game));
    const double *profile = dt_profile(menu, sigma, space);
    for (int c = 0; c < menu->cells; c++)
        dt_forward_enter(s->flow, game->node_cell[node] + (uint64_t)c, 0, profile[c]);
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
        dt_json_print(out, "{name: %s, from: %s, to: %s}", dt_text_get(&name), dt_text_get(&old),
                      dt_text_get(&new));
    }
}

void dt_walk_next(const dt_solution *solution, dt_arena *scratch, dt_writer *out, uint32_t t,
                  uint32_t node, int mover, int option)
{
    const dt_game *game = solution->game;
    assert(t < game->horizon && node < game->nodes);
    step s = {.solution = solution, .flow = dt_forward_new(scratch, solution, 1)};
    dt_forward_clear(s.flow, 1);
    dt_forward_turn(s.flow, t);
    play_node(&s, t, node, mover, option, scratch);
    while (run_period(&s, t))
        t++;
    dt_json_print(out, "{ended: %g, over: %g, rest: %g, next: [", s.ended, s.over, s.rest);
    for (int i = 0; i < s.arrivals; i++) {
        const arrival *at = &s.arrival[i];
        dt_json_print(out, "{probability: %g, period: %u, node: %u, stage: %s, changes: [",
                      at->probability, at->period + 1, at->node,
                      game->model->stage[dt_game_stage(game, at->node)].is.name);
        write_changes(out, game, node, at->node, scratch);
        dt_json_print(out, "]}");
    }
    dt_json_print(out, "]}");
}
