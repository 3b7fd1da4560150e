/*
 * Private variables in a game: which of them are secrets and which are known (known.c), how many types there
 * are, the prior of each as coefficients, and what follows from the finished graph about them (secret.h). A
 * prior is clamped into 0..1 within the slack and divided by its sum, as arms of a branch without else are
 * (DESIGN §2, State).
 */
#include "game/secret.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/limits.h"
#include "game/explorer.h"
#include "model/beliefs.h"

/* Sees to it that the chance of a value, or the sum of a prior, is right: now if it is a constant, in every world if not. */
static bool check(dt_explorer *explorer, dt_check_kind kind, uint32_t coefficient, int variable,
                  int value_of)
{
    const dt_place place = explorer->model->variable[variable].is.place;
    double value;
    if (!dt_expression_is_constant(explorer->coefficient, coefficient, &value)) {
        const int secret = kind == DT_CHECK_SUM ? DT_NONE : variable;
        const dt_check check = {kind, coefficient, place, DT_NOWHERE, secret, value_of};
        dt_push(explorer->arena, &explorer->engine->checks, check);
        dt_push(explorer->arena, &explorer->check_stage, 0);
        return true;
    }
    if (value <= 1 + DT_SLACK && value >= (kind == DT_CHECK_SUM ? 1 - DT_SLACK : -DT_SLACK))
        return true;
    char number[32];
    dt_complain(explorer->diagnostics,
                kind == DT_CHECK_SUM ? DT_CONSTANT_SUM : DT_CONSTANT_PROBABILITY, place,
                dt_print_number(number, value));
    return false;
}

/* The prior [values] of a variable whose value is drawn. False if it can't be right, and told. */
static bool draw(dt_explorer *explorer, int variable, uint32_t values, uint32_t *prior)
{
    const uint32_t *chance = explorer->model->variable[variable].chance;
    const int low = explorer->model->variable[variable].low;
    dt_coefficients *table = explorer->coefficient;
    uint32_t given = explorer->engine->zero, sum = given;
    for (uint32_t k = 0; k < values; k++) {
        const uint32_t p = dt_formula_coefficient(explorer->formulas, chance[k], explorer->key);
        if (!check(explorer, DT_CHECK_PROBABILITY, p, variable, low + (int)k))
            return false;
        prior[k] = dt_expression_make(table, DT_OP_PROBABILITY, p, 0, 0);
        given = dt_expression_make(table, DT_OP_ADD, given, p, 0);
        sum = dt_expression_make(table, DT_OP_ADD, sum, prior[k], 0);
    }
    for (uint32_t k = 0; k < values; k++)
        prior[k] = dt_expression_make(table, DT_OP_DIVIDE, prior[k], sum, 0);
    return check(explorer, DT_CHECK_SUM, given, variable, low);
}

/* The prior [values] of a variable as coefficients. False if it can't be right, and told. */
static bool find_prior(dt_explorer *explorer, int variable, uint32_t *prior)
{
    const int start = explorer->rules->start[variable];
    const uint32_t values = (uint32_t)dt_slot_values(explorer->model, variable);
    if (start == DT_DRAWN)
        return draw(explorer, variable, values, prior);
    for (uint32_t k = 0; k < values; k++)
        prior[k] = explorer->model->variable[variable].low + (int)k == start
                       ? explorer->engine->one
                       : explorer->engine->zero;
    return true;
}

/* Takes a variable for known: where that hangs on the world, each is asked whether it is so. */
static void take_known(dt_explorer *explorer, int variable, int value, const uint32_t *prior)
{
    const size_t values = (size_t)dt_slot_values(explorer->model, variable);
    const uint32_t chance = prior[value - explorer->model->variable[variable].low];
    explorer->game->known[variable] = value;
    if (chance == explorer->engine->one)
        return;
    uint32_t *kept = dt_new(explorer->arena, uint32_t, values);
    memcpy(kept, prior, values * sizeof *kept);
    explorer->game->known_prior[variable] = kept;
    const dt_check check = {DT_CHECK_KNOWN, chance,   explorer->model->variable[variable].is.place,
                            DT_NOWHERE,     variable, value};
    dt_push(explorer->arena, &explorer->engine->checks, check);
    dt_push(explorer->arena, &explorer->check_stage, 0);
}

bool dt_explorer_find_secrets(dt_explorer *explorer, const dt_known *known)
{
    const dt_model *model = explorer->model;
    dt_game *game = explorer->game;
    const size_t privates = (size_t)model->privates, variables = (size_t)model->variables;
    uint32_t all = 0;
    for (size_t i = 0; i < privates; i++)
        all += (uint32_t)dt_slot_values(model, model->private_variable[i]);
    game->secret_variable = dt_new(explorer->arena, int, privates);
    game->secret_of = dt_new(explorer->arena, int, variables);
    game->known = dt_new(explorer->arena, int, variables);
    game->known_prior = dt_new(explorer->arena, uint32_t *, variables);
    game->secret_values = dt_new(explorer->arena, uint32_t, privates);
    game->secret_first = dt_new(explorer->arena, uint32_t, privates + 1);
    game->fineness = dt_new(explorer->arena, uint32_t, privates);
    game->prior = dt_new(explorer->arena, uint32_t, all);
    game->types = 1; /* at most as many as points of the grid of beliefs, which were counted */
    for (size_t v = 0; v < variables; v++) {
        game->secret_of[v] = DT_NONE;
        game->known[v] = DT_DRAWN;
    }
    for (size_t i = 0; i < privates; i++) {
        const int variable = model->private_variable[i];
        const uint32_t x = game->privates;
        uint32_t *prior = game->prior + game->secret_first[x];
        if (!find_prior(explorer, variable, prior))
            return false;
        const int value = dt_explorer_know(explorer, known, variable, prior);
        if (value != DT_DRAWN) {
            take_known(explorer, variable, value, prior);
            continue;
        }
        game->secret_variable[x] = variable;
        game->secret_of[variable] = (int)x;
        game->secret_values[x] = (uint32_t)dt_slot_values(model, variable);
        game->secret_first[x + 1] = game->secret_first[x] + game->secret_values[x];
        game->fineness[x] = (uint32_t)dt_fineness(model, variable, explorer->options->beliefs);
        game->types *= game->secret_values[x];
        game->privates++;
    }
    return true;
}

/* ---- of the finished graph ---------------------------------------------------------------------- */

static void find_typed(dt_game *game)
{
    const dt_coefficients *table = game->coefficient;
    bool any = false;
    game->is_typed = dt_new(game->arena, uint8_t, table->list.count);
    for (size_t i = 0; i < table->list.count; i++) {
        const dt_expression *e = &table->list.at[i];
        const uint32_t operand[3] = {e->a, e->b, e->c};
        game->is_typed[i] = e->op == DT_OP_SLOT || e->op == DT_OP_SHARE;
        for (int k = 0; k < dt_operands[e->op]; k++)
            game->is_typed[i] |= game->is_typed[operand[k]];
        any |= game->is_typed[i];
    }
    if (!any)
        game->is_typed = NULL;
}

/* [moves] whether a variable is moved so at some node. */
static bool *moves_of(const dt_game *game, int variable)
{
    bool *used = dt_new(game->arena, bool, game->moves);
    for (uint32_t s = 0; s < game->stages && game->form_move; s++) {
        if (game->model->stage[s].secret != variable)
            continue;
        const uint32_t first = game->node_cell[game->stage_first[s]];
        for (uint64_t c = first; c < game->node_cell[game->stage_first[s + 1]]; c++) {
            const uint32_t form = game->cell_form[c];
            for (uint32_t b = game->form_first[form]; b < game->form_first[form + 1]; b++)
                used[game->form_move[b]] = true;
        }
    }
    return used;
}

/* Marks which of its values a prior gives a chance in some world. */
static void find_possible(const dt_game *game, const uint32_t *prior, uint32_t values,
                          uint8_t *reached)
{
    double chance;
    for (uint32_t k = 0; k < values; k++)
        reached[k] =
            !dt_expression_is_constant(game->coefficient, prior[k], &chance) || chance != 0;
}

/* Marks which values a private variable can take: those of its prior, and those that moves lead to from these. */
static void find_reached(const dt_game *game, uint32_t i, uint8_t *reached)
{
    const uint32_t values = game->secret_values[i];
    const bool *used = moves_of(game, game->secret_variable[i]);
    find_possible(game, game->prior + game->secret_first[i], values, reached);
    for (bool more = true; more;) {
        more = false;
        for (uint32_t m = 0; m < game->moves; m++) {
            for (uint32_t k = 0; k < values && used[m]; k++) {
                const uint32_t to = game->move[m * game->most_values + k];
                more |= reached[k] && !reached[to];
                reached[to] |= reached[k];
            }
        }
    }
}

void dt_game_find_secrets(dt_game *game)
{
    size_t first = 0;
    if (game->model->privates == 0)
        return;
    find_typed(game);
    for (int v = 0; v < game->model->variables; v++) {
        const int values = dt_slot_values(game->model, v);
        if (values > DT_TRACKED_VALUES)
            continue;
        if (game->known_prior[v])
            find_possible(game, game->known_prior[v], (uint32_t)values,
                          game->value_reached + first);
        else if (game->known[v] != DT_DRAWN)
            game->value_reached[first + (size_t)(game->known[v] - dt_slot_low(game->model, v))] = 1;
        else if (game->secret_of[v] != DT_NONE)
            find_reached(game, (uint32_t)game->secret_of[v], game->value_reached + first);
        first += (size_t)values;
    }
}

int dt_known_of(const dt_game *game, int actor, size_t *rank)
{
    const int variable = dt_private_of(game->model, actor);
    if (variable == DT_NONE || game->known[variable] == DT_DRAWN)
        return DT_NONE;
    *rank = (size_t)(game->known[variable] - game->model->variable[variable].low);
    return variable;
}

void dt_secret_print(const dt_model *model, int variable, int value, dt_text *text)
{
    dt_slot_name(model, variable, text);
    dt_text_print(text, " is ");
    dt_slot_value_name(model, variable, value, text);
}

uint32_t dt_type_rank(const dt_game *game, uint32_t type, uint32_t i)
{
    assert(type < game->types && i < game->privates);
    for (uint32_t k = game->privates - 1; k > i; k--)
        type /= game->secret_values[k];
    return type % game->secret_values[i];
}

uint32_t dt_true_rank(const dt_game *game, int variable, uint32_t type)
{
    assert(dt_slot_is_private(game->model, variable));
    return game->known[variable] == DT_DRAWN
               ? dt_type_rank(game, type, (uint32_t)game->secret_of[variable])
               : (uint32_t)(game->known[variable] - game->model->variable[variable].low);
}

void dt_coefficient_secrets(const dt_game *game, uint32_t coefficient, bool *reads)
{
    const dt_expression *e = &game->coefficient->list.at[coefficient];
    const uint32_t operand[3] = {e->a, e->b, e->c};
    if (!game->is_typed || !game->is_typed[coefficient])
        return;
    if (e->op == DT_OP_SLOT)
        reads[game->secret_of[e->a]] = true;
    else if (e->op == DT_OP_SHARE)
        reads[e->a] = true;
    for (int k = 0; k < dt_operands[e->op]; k++)
        dt_coefficient_secrets(game, operand[k], reads);
}

void dt_type_print(const dt_game *game, uint32_t type, uint32_t coefficient, dt_text *text)
{
    bool reads[DT_MAX_ACTORS] = {false}, any = false;
    dt_coefficient_secrets(game, coefficient, reads);
    for (uint32_t i = 0; i < game->privates; i++) {
        const int variable = game->secret_variable[i];
        const int low = game->model->variable[variable].low;
        if (!reads[i])
            continue;
        dt_text_print(text, "%s", any ? " and " : "");
        dt_secret_print(game->model, variable, low + (int)dt_type_rank(game, type, i), text);
        any = true;
    }
}
