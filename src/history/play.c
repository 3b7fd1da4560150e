/*
 * Solving a game for the strategies of its first period alone, and reading these. Strategies are probabilities; one
 * that is less than 1e-290, or 0 by underflow, is found again from what the actions are worth, which still
 * stands where the solver left it:
 *     log σ(a) = λ (Q(a) - max Q) - log Σ_b exp(λ (Q(b) - max Q)).
 */
#include "history/play.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "game/dated.h"
#include "solve/sweep.h"

/* Probabilities below this have lost digits. */
static const double TINY = 1e-290;
/* Chances of branches below this are faint: see likelihood.c. */
static const double FAINT = 1e-40;

/* Whether a strategy hangs on `now`: a probability or what is paid does. */
static bool play_is_dated(const dt_game *game)
{
    for (uint32_t f = 0; f < game->forms; f++) {
        for (uint32_t b = game->form_first[f]; b < game->form_first[f + 1]; b++) {
            if (dt_game_is_dated(game, game->form_coefficient[b]))
                return true;
        }
    }
    for (uint32_t i = 0; i < game->dated_rows; i++) {
        if (game->row_pays[game->dated_row[i]])
            return true;
    }
    return false;
}

dt_play_plan *dt_play_plan_new(dt_arena *arena, const dt_game *game, const dt_play_how *how,
                               size_t width)
{
    dt_play_plan *plan = dt_new(arena, dt_play_plan, 1);
    plan->game = game;
    plan->width = game->privates > 0 ? 1 : width;
    plan->code = how->code;
    plan->dated = play_is_dated(game);
    if (game->privates > 0)
        plan->private =
            dt_private_plan_new(arena, game, how->values, false, how->scale, how->half_beliefs);
    else
        plan->group = dt_group_plan_new(arena, game, how->values, false, how->scale, width);
    plan->places = plan->private ? plan->private->places : plan->group->places;
    return plan;
}

double dt_play_bytes(const dt_play_plan *plan)
{
    return plan->private ? dt_private_bytes(plan->private, DT_KEEP_LAST, 1)
                         : dt_group_bytes(plan->group, DT_KEEP_LAST, 1) +
                               dt_world_bytes(plan->game, plan->width);
}

dt_play *dt_play_new(dt_arena *arena, const dt_play_plan *plan)
{
    dt_play *play = dt_new(arena, dt_play, 1);
    const dt_game *game = plan->game;
    const dt_group_plan *group = plan->private ? plan->private->group : plan->group;
    play->plan = plan;
    play->width = plan->width;
    if (plan->private) {
        play->private = dt_private_new(arena, plan->private, plan->code, DT_KEEP_LAST, 1);
        play->parameter = dt_new(arena, double, (size_t)game->model->params);
    } else {
        play->group = dt_group_new(arena, plan->group, plan->code,
                                   dt_world_new(arena, game, plan->width), DT_KEEP_LAST, 1, NULL);
    }
    play->log_sigma = dt_new(arena, double, (size_t)group->most_total);
    return play;
}

/* ---- solving ----------------------------------------------------------------------------------- */

static dt_status status_of(const dt_wrong *wrong, const dt_found *found)
{
    if (wrong->code != DT_CODES)
        return DT_INVALID;
    return dt_judge(found) == DT_SOLVED ? DT_OK : DT_NO;
}

static void solve_lanes(dt_play *play, const double *parameter, size_t worlds)
{
    dt_group *group = play->group;
    const size_t width = play->width;
    const dt_game *game = play->plan->game;
    const size_t params = (size_t)game->model->params;
    const dt_regime *in = game->rules->regime;
    for (size_t w = 0; w < width; w++) {
        for (size_t i = 0; i < params; i++)
            group->world->parameter[i * width + w] = parameter[(w < worlds ? w : 0) * params + i];
        for (int s = 0; s < in->sets; s++)
            group->world->parameter[(size_t)in->set[s].parameter * width + w] = in->set[s].value;
    }
    group->world->origin = play->origin;
    dt_group_solve(group, worlds);
    play->sigma = dt_group_strategy(group, 0);
    play->coefficient = group->coefficient;
    for (size_t w = 0; w < worlds; w++) {
        play->status[w] = status_of(&group->wrong[w], &group->found[w]);
        play->faint[w] = false;
        for (uint32_t b = 0; b < game->form_first[game->forms]; b++) {
            const double p = play->coefficient[game->form_coefficient[b] * width + w];
            play->faint[w] |= p > 0 && p < FAINT;
        }
    }
}

static void solve_private(dt_play *play, const double *parameter)
{
    dt_private *work = play->private;
    const dt_game *game = play->plan->game;
    const dt_regime *in = game->rules->regime;
    for (int i = 0; i < game->model->params; i++)
        play->parameter[i] = parameter[i];
    for (int s = 0; s < in->sets; s++)
        play->parameter[in->set[s].parameter] = in->set[s].value;
    work->typed->origin = work->world->origin = play->origin;
    dt_private_solve(work, play->parameter);
    play->status[0] = status_of(&work->wrong, &work->found);
}

bool dt_play_solve(dt_play *play, const double *parameter, size_t worlds, uint32_t origin,
                   bool (*go_on)(void *context, double done), void *context)
{
    assert(worlds >= 1 && worlds <= play->width);
    play->origin = origin;
    play->log_node = DT_NOWHERE;
    if (play->private) {
        play->private->go_on = go_on;
        play->private->context = context;
        solve_private(play, parameter);
        play->solved = !play->private->stopped;
    } else {
        play->group->go_on = go_on;
        play->group->context = context;
        solve_lanes(play, parameter, worlds);
        play->solved = !play->group->stopped;
    }
    return play->solved;
}

void dt_play_complain(dt_arena *arena, const dt_play *play, size_t world,
                      dt_diagnostics *diagnostics)
{
    const dt_game *game = play->plan->game;
    const dt_wrong *wrong = play->private ? &play->private->wrong : &play->group->wrong[world];
    const dt_found *found = play->private ? &play->private->found : &play->group->found[world];
    if (play->status[world] == DT_INVALID) {
        dt_wrong_complain(arena, diagnostics, game, wrong);
        return;
    }
    dt_text reason = {.arena = arena};
    if (found->named > 0)
        dt_failure_print(game, &found->failure[0], &reason);
    else
        dt_text_print(&reason, "%s", dt_judgement_reason(dt_judge(found)));
    dt_complain_more(diagnostics, DT_UNSOLVED, (dt_place){0, 0}, dt_judgement_cure(dt_judge(found)),
                     NULL, game->rules->under, dt_text_get(&reason));
}

/* ---- of a solution ----------------------------------------------------------------------------- */

dt_play *dt_play_of(dt_arena *arena, const dt_solution *solution)
{
    dt_play_plan *plan = dt_new(arena, dt_play_plan, 1);
    dt_play *play = dt_new(arena, dt_play, 1);
    plan->game = solution->game;
    plan->width = play->width = 1;
    if (solution->private)
        plan->private = (dt_private_plan *)solution->private->plan;
    play->plan = plan;
    play->private = solution->private;
    play->solved = true;
    play->log_node = DT_NOWHERE;
    dt_play_follow(play, solution, 0);
    return play;
}

void dt_play_follow(dt_play *play, const dt_solution *solution, uint32_t period)
{
    const dt_game *game = solution->game;
    play->period = game->forever ? 0 : period;
    if (solution->private) {
        dt_world_turn(game, solution->private->typed, play->period);
        return;
    }
    play->sigma = dt_strategy_of(solution->strategy, game, play->period);
    play->coefficient = dt_solution_world(solution, play->period)->coefficient;
}

/* ---- strategies -------------------------------------------------------------------------------- */

/* Where the probability of an option at a node is. */
static const double *find_sigma(const dt_play *play, uint32_t node, uint32_t point, size_t lane)
{
    if (!play->private)
        return play->sigma + play->plan->game->node_option[node] * play->width + lane;
    const dt_typed_strategy *typed = &play->private->strategy;
    return dt_typed_of(typed, play->period, point) + typed->node_option[node] * (size_t)DT_POINTS;
}

/* What a cell of a node is worth to an agent who knows nothing by itself, a team's members weighed. */
static double cell_worth(const dt_group *group, size_t lane, uint64_t cell, const dt_agent *agent)
{
    const dt_group_plan *plan = group->plan;
    const dt_game *game = plan->game;
    const size_t width = plan->width;
    const uint32_t *chance = dt_cell_coefficients(game, cell), row = dt_cell_row(game, cell);
    double all = 0;
    for (int m = 0; m < agent->members; m++) {
        const size_t column = (size_t)agent->member[m];
        double worth =
            group->payment[(row * plan->paid + (size_t)plan->column_paid[column]) * width + lane];
        for (uint64_t b = game->cell_branch[cell]; b < game->cell_branch[cell + 1]; b++) {
            const size_t place = plan->places->place[game->branch_target[b]];
            worth += group->coefficient[chance[b - game->cell_branch[cell]] * width + lane] *
                     group->value[(place * plan->columns + column) * width + lane];
        }
        all += agent->weight[m] * worth;
    }
    return all;
}

/* The logarithms of all strategies at a node. */
static void find_logs(dt_play *play, uint32_t node, uint32_t point, size_t lane)
{
    const dt_group *group = play->private ? play->private->pack[point / DT_POINTS] : play->group;
    const size_t in = play->private ? point % DT_POINTS : lane, width = group->plan->width;
    const dt_game *game = play->plan->game;
    const dt_menu *menu = &game->menu[game->node_menu[node]];
    const double *sigma = find_sigma(play, node, point, lane);
    double *log_sigma = play->log_sigma;
    for (int k = 0; k < menu->agents; log_sigma += menu->options[k++]) {
        const int agent = menu->agent[k], options = menu->options[k];
        int choice[DT_MAX_MOVERS] = {0};
        for (int a = 0; a < options; a++)
            log_sigma[a] = 0;
        for (int c = 0; c < menu->cells; c++) {
            double others = 1;
            for (int j = 0, first = 0; j < menu->agents; first += menu->options[j++])
                others *= j == k ? 1 : sigma[(size_t)(first + choice[j]) * width];
            if (others > 0)
                log_sigma[choice[k]] +=
                    others * cell_worth(group, in, game->node_cell[node] + (uint64_t)c,
                                        &game->rules->agent[agent]);
            for (int j = menu->agents - 1; j >= 0 && ++choice[j] == menu->options[j]; j--)
                choice[j] = 0;
        }
        const double rationality = group->world->rationality[(size_t)agent * width + in];
        double top = log_sigma[0], sum = 0;
        for (int a = 1; a < options; a++)
            top = log_sigma[a] > top ? log_sigma[a] : top;
        for (int a = 0; a < options; a++)
            sum += exp(rationality * (log_sigma[a] - top));
        for (int a = 0; a < options; a++)
            log_sigma[a] = rationality * (log_sigma[a] - top) - log(sum);
    }
    play->log_node = node;
    play->log_point = point;
    play->log_lane = lane;
}

dt_wide dt_play_chance(dt_play *play, uint32_t node, uint32_t point, size_t lane, int option)
{
    const double sigma = find_sigma(
        play, node, point, lane)[(size_t)option * (play->private ? DT_POINTS : play->width)];
    if (sigma >= TINY || !play->log_sigma)
        return dt_wide_of(sigma);
    if (play->log_node != node || play->log_point != point || play->log_lane != lane)
        find_logs(play, node, point, lane);
    return dt_wide_exp(play->log_sigma[option]);
}
