/*
 * Vantage: the rules of the chain and of what is played beside it, finding a situation of the one in the
 * other, and where rules lead to errors: backwards from the dead nodes over the periods, as a node that can
 * lead to a dead one isn't one of theirs either.
 */
#include "game/vantage.h"

#include <assert.h>
#include <string.h>

#include "game/intern.h"

/* Whether an agent of the rules `from` owns a private variable that somebody who decides its part of a stage
 * under the rules `to` doesn't know. */
static bool forgets(const dt_rules *from, const dt_rules *to, int agent, int s)
{
    const dt_model *model = from->model;
    const dt_agent *who = &from->agent[agent];
    bool owner = false, other = false;
    for (int x = 0; x < model->privates; x++)
        owner |= who->members == 1 &&
                 model->variable[model->private_variable[x]].owner == who->member[0];
    for (int m = 0; m < model->stage[s].movers; m++)
        other |=
            from->stage[s].mover_agent[m] == agent && to->stage[s].mover_actor[m] != who->member[0];
    return owner && other;
}

/* The agents of `from`, and after them the same, unknowing. */
static dt_agent *double_agents(dt_arena *arena, const dt_rules *from)
{
    const size_t agents = (size_t)from->agents;
    dt_agent *doubled = dt_new(arena, dt_agent, 2 * agents);
    for (size_t k = 0; k < agents; k++) {
        doubled[k] = doubled[agents + k] = from->agent[k];
        doubled[agents + k].unknowing = true;
    }
    return doubled;
}

const dt_rules *dt_vantage_rules(dt_arena *arena, const dt_game *chain, const dt_game *rules_of,
                                 bool from)
{
    if (from)
        return rules_of->rules;
    const dt_rules *own = chain->rules, *other = rules_of->rules;
    const size_t stages = (size_t)own->model->stages;
    dt_rules *rules = dt_new(arena, dt_rules, 1);
    *rules = *own;
    rules->agents = 2 * other->agents;
    rules->agent = double_agents(arena, other);
    rules->actor_agent = other->actor_agent;
    rules->stage = dt_new(arena, dt_stage_rules, stages);
    for (size_t s = 0; s < stages; s++) {
        dt_stage_rules *stage = &rules->stage[s];
        const size_t movers = (size_t)own->model->stage[s].movers;
        *stage = other->stage[s];
        stage->mover_actor = own->stage[s].mover_actor;
        stage->orders = own->stage[s].orders;
        stage->agent = dt_new(arena, int, (size_t)stage->agents);
        stage->mover_agent = dt_new(arena, int, movers);
        for (int k = 0; k < stage->agents; k++) {
            const int agent = other->stage[s].agent[k];
            const bool unknowing = forgets(other, own, agent, (int)s);
            stage->agent[k] = agent + (unknowing ? other->agents : 0);
            for (size_t m = 0; m < movers; m++) {
                if (other->stage[s].mover_agent[m] == agent)
                    stage->mover_agent[m] = stage->agent[k];
            }
        }
    }
    return rules;
}

struct dt_meeting {
    const dt_game *game;
    dt_keys *keys; /* [stages] numbers are those of nodes within their stage */
};

dt_meeting *dt_meeting_new(dt_arena *arena, const dt_game *game)
{
    const uint32_t words = game->layout.words;
    dt_meeting *meeting = dt_new(arena, dt_meeting, 1);
    meeting->game = game;
    meeting->keys = dt_new(arena, dt_keys, game->stages);
    for (uint32_t s = 0; s < game->stages; s++) {
        dt_keys *keys = &meeting->keys[s];
        *keys = (dt_keys){.arena = arena, .words = words};
        for (uint32_t n = game->stage_first[s]; n < game->stage_first[s + 1]; n++) {
            const uint32_t *key = game->key + (size_t)n * words;
            bool added;
            dt_keys_intern(keys, key, words, dt_key_hash(key, words), &added);
            assert(added);
        }
    }
    return meeting;
}

uint32_t dt_meeting_find(const dt_meeting *meeting, const dt_game *chain, uint32_t node)
{
    const uint32_t words = chain->layout.words, stage = dt_game_stage(chain, node);
    const uint32_t *key = chain->key + (size_t)node * words;
    const uint32_t found = dt_keys_find(&meeting->keys[stage], key, words, dt_key_hash(key, words));
    return found == DT_NOWHERE ? found : meeting->game->stage_first[stage] + found;
}

/* One period, backwards: whether a node is dead or leads to one that is lost. `next` [nodes]: those of the
 * next period; NULL: there is none. */
static void look_back(const dt_game *game, const uint8_t *next, uint8_t *lost)
{
    for (uint32_t n = game->nodes; n-- > 0;) {
        lost[n] = game->node_dead[n];
        for (uint32_t b = game->cell_branch[game->node_cell[n]];
             b < game->cell_branch[game->node_cell[n + 1]] && !lost[n]; b++) {
            const uint32_t target = game->branch_target[b];
            if (target < game->nodes) {
                lost[n] = lost[target];
                continue;
            }
            const uint32_t state = game->leaf_next[target - game->nodes];
            if (next && state != DT_NOWHERE && game->state_place[state] < game->nodes)
                lost[n] = next[game->state_place[state]];
        }
    }
}

const uint8_t *dt_game_lost(dt_arena *arena, const dt_game *game, uint32_t periods)
{
    const size_t nodes = game->nodes;
    assert(game->node_dead && (game->forever || periods <= game->periods));
    uint8_t *lost = dt_new(arena, uint8_t, (game->forever ? 1 : (size_t)periods) * nodes);
    uint8_t *next = dt_new(arena, uint8_t, nodes), *here = dt_new(arena, uint8_t, nodes);
    if (game->forever) {
        do {
            memcpy(next, lost, nodes);
            look_back(game, next, lost);
        } while (memcmp(next, lost, nodes) != 0);
        return lost;
    }
    for (uint32_t t = game->periods; t-- > 0;) {
        look_back(game, t + 1 < game->periods ? next : NULL, here);
        if (t < periods)
            memcpy(lost + t * nodes, here, nodes);
        memcpy(next, here, nodes);
    }
    return lost;
}
