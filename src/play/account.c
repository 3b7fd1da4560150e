/*
 * The account of a match: what each decision gives away, and what the outcomes come to.
 *
 * Strategies are logit, σ(a) = exp(λ Q(a)) / Σ_b exp(λ Q(b)), so that what an action is worth less than another is
 *     Q(b) - Q(a) = (log σ(b) - log σ(a)) / λ,
 * whatever Q is made of: no value has to be worked out again. An outcome gains by each period what lang/form.h says,
 * with its argument at the leaf where the period ends; in expectation over play that is what the forward pass finds
 * (trace/outcomes.c).
 */
#include <assert.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "play/match.h"
#include "trace/because.h"

/* ---- decisions --------------------------------------------------------------------------------- */

/* The probability with which the one whose turn it is takes an option. */
static double chance_of(dt_match *match, const dt_decider *who, int option)
{
    const dt_private *private = match->solution->private;
    if (!private)
        return dt_wide_double(dt_play_chance(match->play, match->place, 0, 0, who->first + option));
    return dt_typed_at(&private->strategy, match->period, match->place,
                       match->column / match->stand->beliefs->types, who->k, who->rank, option);
}

/* The descriptions of the actions that an option consists of. */
static const char *describe(const dt_match *match, const dt_menu *menu, int option)
{
    const dt_stage *stage = &match->model->stage[menu->stage];
    dt_text text = {.arena = match->arena};
    for (int m = 0; m < stage->movers; m++) {
        const int action = menu->action[option * stage->movers + m];
        const char *words = action == DT_NONE ? "" : stage->action[action].is.description;
        if (*words)
            dt_text_print(&text, "%s%s", text.bytes.count ? " + " : "", words);
    }
    return dt_text_get(&text);
}

void dt_account_turn(dt_match *match, const dt_decider *who, dt_match_turn *turn)
{
    const dt_menu *menu = &match->game->menu[match->game->node_menu[match->place]];
    const int agent = menu->agent[who->k];
    dt_match_action *action = dt_new(match->arena, dt_match_action, (size_t)who->options);
    dt_text mover = {.arena = match->arena};
    dt_agent_name(match->game->rules, agent, &mover);
    *turn = (dt_match_turn){
        .period = (int)match->period + 1,
        .stage = menu->stage,
        .actor = dt_match_holder(match, agent),
        .mover = dt_text_get(&mover),
        .team = match->game->rules->agent[agent].team,
        .actions = (size_t)who->options,
        .action = action,
        .drawn = (size_t)match->option[who->k],
        .variable = who->variable,
        .rank = who->value,
    };
    for (int o = 0; o < who->options; o++) {
        dt_text name = {.arena = match->arena};
        dt_option_name(match->game, menu, who->k, o, &name);
        action[o].name = dt_text_get(&name);
        action[o].brief = dt_brief_name(match->arena, action[o].name);
        action[o].text = describe(match, menu, who->first + o);
        action[o].probability = chance_of(match, who, o);
        if (action[o].probability > action[turn->best].probability)
            turn->best = (size_t)o;
    }
    const double rationality = match->solution->world->rationality[agent];
    const double most = action[turn->best].probability;
    for (int o = 0; o < who->options; o++) {
        const double p = action[o].probability;
        action[o].at_least = p < DBL_MIN;
        action[o].less =
            rationality > 0 ? log(most / (p < DBL_MIN ? DBL_MIN : p)) / rationality : (double)NAN;
        turn->mean += p > 0 ? p * action[o].less : 0;
    }
}

void dt_account_move(dt_match *match, size_t index)
{
    const dt_match_turn *turn = &match->turn;
    const dt_match_action *action = &turn->action[index], *best = &turn->action[turn->best];
    const double discount = match->solution->world->discount[turn->actor];
    dt_push(match->arena, &match->move,
            (dt_match_move){
                .period = turn->period,
                .stage = turn->stage,
                .actor = turn->actor,
                .mover = turn->mover,
                .brief = action->brief,
                .text = action->text,
                .best_brief = best->brief,
                .best_text = best->text,
                .action = index,
                .best = turn->best,
                .probability = action->probability,
                .less = action->less,
                .short_of = action->less - turn->mean,
                .at_least = action->at_least,
                .discount = pow(discount, turn->period - 1),
            });
}

size_t dt_match_moves(const dt_match *match)
{
    return match ? match->move.count : 0;
}

dt_match_move dt_match_move_at(const dt_match *match, size_t index)
{
    if (match && index < match->move.count)
        return match->move.at[index];
    return (dt_match_move){.stage = -1,
                           .actor = -1,
                           .mover = "",
                           .brief = "",
                           .text = "",
                           .best_brief = "",
                           .best_text = ""};
}

/* ---- outcomes ---------------------------------------------------------------------------------- */

void dt_account_new(dt_match *match)
{
    const size_t outcomes = (size_t)match->model->declared_outcomes;
    match->value = dt_new(match->arena, double, outcomes);
    match->passed = dt_new(match->arena, bool, outcomes);
    if (match->solution->private)
        match->typed = dt_world_new(match->arena, match->game, 1);
}

void dt_account_begin(dt_match *match)
{
    for (int o = 0; o < match->model->declared_outcomes; o++) {
        match->value[o] = dt_form_none(match->model->outcome[o].form, match->game->horizon);
        match->passed[o] = false;
    }
}

/* The numbers of a period, those of the true types and of what is believed where variables are private. */
static const double *numbers_of(dt_match *match, uint32_t period)
{
    dt_world *world = match->typed;
    const dt_beliefs *beliefs = match->stand->beliefs;
    if (!world)
        return dt_solution_world(match->solution, period)->coefficient;
    for (int i = 0; i < match->model->params; i++)
        world->parameter[i] = match->solution->world->parameter[i];
    for (size_t x = 0; x < beliefs->variables; x++) {
        const int variable = match->game->secret_variable[x];
        const double *share = dt_beliefs_at(beliefs, x, match->column / beliefs->types);
        world->secret[x] = dt_slot_low(match->model, variable) +
                           dt_beliefs_rank(beliefs, x, match->column % beliefs->types);
        for (uint32_t k = 0; k < match->game->secret_values[x]; k++)
            world->share[match->game->secret_first[x] + k] = share[k];
    }
    dt_world_evaluate(match->game, world, match->solution->scale);
    dt_world_turn(match->game, world, period);
    return world->coefficient;
}

/* Adds `share` of the arguments of a row, but of gates. */
static void add_row(dt_match *match, uint32_t row, const double *number, uint32_t left, bool stands)
{
    const dt_game *game = match->game;
    for (uint32_t e = game->row_first[row]; e < game->row_first[row + 1]; e++) {
        const uint32_t o = game->row_column[e];
        if (o >= (uint32_t)match->model->declared_outcomes)
            continue;
        const dt_form form = match->model->outcome[o].form;
        const double x = number[game->row_coefficient[e]];
        const double share = stands ? dt_form_stands(form, left, game->horizon)
                                    : dt_form_now(form, left, game->horizon);
        const bool gate = dt_form_table[form].gate;
        if (!gate && share != 0)
            match->value[o] += share * x;
        if (gate && !stands && x != 0 && !match->passed[o]) {
            match->value[o] += share;
            match->passed[o] = true;
        }
    }
}

void dt_account_period(dt_match *match)
{
    const dt_game *game = match->game;
    const uint32_t leaf = match->place - game->nodes;
    const uint32_t left = game->horizon - match->period - 1;
    add_row(match, game->leaf_outcome[leaf], numbers_of(match, match->period), left, false);
    for (uint32_t t = match->period + 1; t < game->horizon && game->leaf_ended[leaf]; t++)
        add_row(match, game->leaf_standing[leaf], numbers_of(match, t), game->horizon - t - 1,
                true);
}

void dt_match_outcomes(const dt_match *match, double *outcome)
{
    for (int o = 0; match && outcome && o < match->model->declared_outcomes; o++)
        outcome[o] = match->over && isfinite(match->value[o]) ? match->value[o] : (double)NAN;
}
