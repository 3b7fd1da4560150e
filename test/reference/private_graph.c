/*
 * Prints what happens in a model with private variables under one policy, as one JSON object: every node and
 * leaf with its public situation, and of each cell for each joint type, in the nominal world, what is paid,
 * and the probability, the place and the ranks of the type that each branch leads to. private_graph.py
 * compares it with the reference.
 *
 *     private_graph MODEL POLICY
 */
#include <assert.h>

#include "game/secret.h"
#include "game/world.h"
#include "secrets.h"

static const char *between(size_t i)
{
    return i ? ", " : "";
}

/* {"tension": 1, ...} of what can be seen, choices by the index of the action, from 1. */
static void print_situation(const dt_game *game, uint32_t place)
{
    const dt_model *model = game->model;
    int *slot = calloc((size_t)model->slots + 1, sizeof *slot);
    bool any = false;
    assert(slot);
    dt_game_unpack(game, place, slot);
    printf("\"stage\": %u, \"state\": {", dt_game_stage(game, place));
    for (int v = 0; v < model->variables; v++) {
        if (dt_slot_is_private(model, v))
            continue;
        printf("%s\"%s\": %d", between(any), model->variable[v].is.name, slot[v]);
        any = true;
    }
    printf("}, \"choices\": {");
    any = false;
    for (int i = model->variables; i < model->slots; i++) {
        int mover;
        const dt_stage *stage = &model->stage[dt_slot_stage(model, i, &mover)];
        if (slot[i] == 0)
            continue;
        printf("%s\"%s.%s\": \"%s\"", between(any), stage->is.name,
               dt_owner_name(model, stage->mover[mover]), stage->action[slot[i] - 1].is.name);
        any = true;
    }
    printf("}");
    free(slot);
}

/* [types][actors], or [types][outcomes], of a row. */
static void print_row(const dt_game *game, const dt_world *world, uint32_t row)
{
    const size_t columns =
        (size_t)(game->row_pays[row] ? game->model->actors : game->model->outcomes);
    double *sum = calloc(columns + 1, sizeof *sum);
    assert(sum);
    printf("[");
    for (size_t t = 0; t < world->width; t++) {
        memset(sum, 0, columns * sizeof *sum);
        for (uint32_t e = game->row_first[row]; e < game->row_first[row + 1]; e++) {
            const size_t column = game->row_pays[row]
                                      ? (size_t)game->rules->term_actor[game->row_column[e]]
                                      : game->row_column[e];
            sum[column] += world->coefficient[game->row_coefficient[e] * world->width + t];
        }
        printf("%s[", between(t));
        for (size_t i = 0; i < columns; i++)
            printf("%s%.17g", between(i), sum[i]);
        printf("]");
    }
    printf("]");
    free(sum);
}

/* The joint type that a branch takes a type to. */
static void print_after(const dt_game *game, uint32_t stage, uint64_t cell, uint32_t branch,
                        uint32_t type)
{
    const uint16_t *move = dt_cell_moves(game, cell);
    for (uint32_t i = 0; i < game->privates; i++) {
        uint32_t rank = dt_type_rank(game, type, i);
        if (move && game->model->private_variable[i] == game->model->stage[stage].secret)
            rank = game->move[move[branch] * game->most_values + rank];
        printf("%s%u", between(i), rank);
    }
}

static void print_cell(const dt_game *game, const dt_world *world, uint32_t node, uint64_t cell)
{
    const uint32_t stage = dt_game_stage(game, node), first = game->cell_branch[cell];
    const uint32_t *coefficient = dt_cell_coefficients(game, cell);
    printf("{\"pays\": ");
    print_row(game, world, dt_cell_row(game, cell));
    printf(", \"types\": [");
    for (uint32_t t = 0; t < game->types; t++) {
        printf("%s[", between(t));
        for (uint32_t b = first; b < game->cell_branch[cell + 1]; b++) {
            printf("%s[%.17g, %u, [", between(b - first),
                   world->coefficient[coefficient[b - first] * world->width + t],
                   game->branch_target[b]);
            print_after(game, stage, cell, b - first, t);
            printf("]]");
        }
        printf("]");
    }
    printf("]}");
}

/* The actions of each agent's options; cells span them, the last agent's varying fastest. */
static void print_menu(const dt_game *game, uint32_t node)
{
    const dt_menu *menu = &game->menu[game->node_menu[node]];
    const dt_stage *stage = &game->model->stage[menu->stage];
    const int *action = menu->action;
    printf("\"agents\": [");
    for (int k = 0; k < menu->agents; k++) {
        printf("%s[", between((size_t)k));
        for (int o = 0; o < menu->options[k]; o++, action += stage->movers) {
            printf("%s[", between((size_t)o));
            for (int m = 0; m < stage->movers; m++)
                printf("%s\"%s\"", between((size_t)m),
                       action[m] == DT_NONE ? "" : stage->action[action[m]].is.name);
            printf("]");
        }
        printf("]");
    }
    printf("]");
}

static void print_places(const dt_game *game, const dt_world *world)
{
    for (uint32_t n = 0; n < game->nodes; n++) {
        printf("%s\n {", n ? "," : "");
        print_situation(game, n);
        printf(", ");
        print_menu(game, n);
        printf(", \"cells\": [");
        for (uint64_t c = game->node_cell[n]; c < game->node_cell[n + 1]; c++) {
            printf("%s", between(c - game->node_cell[n]));
            print_cell(game, world, n, c);
        }
        printf("]}");
    }
    for (uint32_t l = 0; l < game->leaves; l++) {
        printf("%s\n {", game->nodes + l ? "," : "");
        print_situation(game, game->nodes + l);
        printf(", \"ended\": %d, \"payoff\": ", game->leaf_ended[l]);
        print_row(game, world, game->leaf_payoff[l]);
        printf(", \"outcome\": ");
        print_row(game, world, game->leaf_outcome[l]);
        printf("}");
    }
}

/* The nominal world as each joint type sees it. Value k of K has the share (k + 1) / (1 + ... + K). */
static dt_world *evaluate(dt_arena *arena, const dt_game *game)
{
    dt_world *world = dt_world_new(arena, game, game->types);
    double *nominal = dt_new(arena, double, (size_t)game->model->params);
    dt_model_nominal(game->model, nominal);
    dt_game_settings(game, nominal);
    for (uint32_t t = 0; t < game->types; t++) {
        for (size_t p = 0; p < (size_t)game->model->params; p++)
            world->parameter[p * game->types + t] = nominal[p];
        for (uint32_t i = 0; i < game->privates; i++) {
            const int low = game->model->variable[game->model->private_variable[i]].low;
            const uint32_t values = game->secret_values[i];
            world->secret[i * game->types + t] = low + (double)dt_type_rank(game, t, i);
            for (uint32_t k = 0; k < values; k++)
                world->share[(game->secret_first[i] + k) * game->types + t] =
                    2.0 * (k + 1) / (values * (values + 1));
        }
    }
    dt_world_evaluate(game, world, 1);
    for (uint32_t t = 0; t < game->types; t++)
        assert(dt_world_check(game, world, t).code == DT_CODES &&
               dt_world_type(game, world, t) == t);
    return world;
}

static dt_status print(void *argument)
{
    dt_game *game = argument;
    const dt_world *world = evaluate(game->arena, game);
    printf("{\"states\": %u, \"nodes\": %u, \"fineness\": [", game->states, game->nodes);
    for (uint32_t i = 0; i < game->privates; i++)
        printf("%s%u", between(i), game->fineness[i]);
    printf("], \"prior\": [");
    for (uint32_t i = 0; i < game->privates; i++) {
        printf("%s[", between(i));
        for (uint32_t k = 0; k < game->secret_values[i]; k++)
            printf("%s%.17g", between(k),
                   world->coefficient[game->prior[game->secret_first[i] + k] * game->types]);
        printf("]");
    }
    printf("], \"start\": %u, \"places\": [", game->state_place[game->start]);
    print_places(game, world);
    printf("]}\n");
    return DT_OK;
}

int main(int argc, char **argv)
{
    static char text[1 << 16];
    FILE *file = argc == 3 ? fopen(argv[1], "r") : NULL;
    if (!file || fread(text, 1, sizeof text - 1, file) == 0)
        return 4;
    fclose(file);
    dt_model *model = secret_model(argv[1], text);
    const dt_options options = {.report = secret_report};
    const int policy = dt_model_find(model, DT_POLICIES, argv[2]);
    dt_game *game;
    if (policy < 0 || dt_game_explore(model, (size_t)policy, &options, &game) != DT_OK)
        return 2;
    const dt_status status = dt_arena_try(game->arena, print, game);
    dt_game_free(game);
    dt_model_free(model);
    return status;
}
