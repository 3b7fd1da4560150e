/*
 * Beliefs at a node, from the signalling game that is played there (solve/signal_game.h). With P(e) the
 * probability of what is seen, e, and b'_e what is believed then, the belief after an action is
 * Σ P(e|a) b'_e; as beliefs are right, averaged over the actions it is what would be believed if nothing of
 * the stage were seen. So the average distance from that is what a stage gives away, and a stage in which
 * types do the same gives away nothing, also where the variable itself moves.
 */
#include "trace/believed.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "trace/because.h"

/* ---- which point ------------------------------------------------------------------------------- */

static double sum_at(const dt_private_chain *chain, const double *mass, uint32_t point)
{
    const uint32_t types = chain->work->plan->beliefs->types;
    double sum = 0;
    for (uint32_t type = 0; type < types; type++)
        sum += mass[point * (size_t)types + type];
    return sum;
}

/* The likeliest point at a node, or at the start if play doesn't come there. */
static uint32_t likeliest_point(const dt_private_chain *chain, uint32_t node)
{
    const double *mass = chain->mass + node * chain->stride;
    uint32_t best = 0;
    for (int at_start = 0; at_start <= 1; at_start++) {
        double most = 0;
        for (uint32_t point = 0; point < chain->work->plan->beliefs->points; point++) {
            const double sum = sum_at(chain, mass, point);
            if (sum > most) {
                most = sum;
                best = point;
            }
        }
        if (most > 0)
            break;
        mass = chain->work->begins;
    }
    return best;
}

/* A belief [values] of which some are NAN in `wanted`: these share the rest as `usual` has them. */
static void complete(int values, const double *wanted, const double *usual, double *belief)
{
    double named = 0, others = 0;
    int open = 0;
    for (int k = 0; k < values; k++) {
        named += isnan(wanted[k]) ? 0 : wanted[k];
        others += isnan(wanted[k]) ? usual[k] : 0;
        open += isnan(wanted[k]);
    }
    for (int k = 0; k < values; k++) {
        if (isnan(wanted[k]))
            belief[k] = fmax(0, 1 - named) * (others > 0 ? usual[k] / others : 1.0 / open);
        else
            belief[k] = open == 0 && named > 0 ? wanted[k] / named : wanted[k];
    }
}

static uint32_t nearest_point(const dt_grid *grid, const double *belief)
{
    double least = INFINITY;
    uint32_t best = 0;
    for (uint32_t point = 0; point < grid->points; point++) {
        double off = 0;
        for (int k = 0; k < grid->values; k++)
            off += fabs(grid->belief[point * (size_t)grid->values + (size_t)k] - belief[k]);
        if (off < least) {
            least = off;
            best = point;
        }
    }
    return best;
}

uint32_t dt_believed_find(const dt_private_chain *chain, uint32_t node, const double *wanted,
                          double *asked, double *chance)
{
    const dt_beliefs *beliefs = chain->work->plan->beliefs;
    const uint32_t usual = likeliest_point(chain, node);
    uint32_t found = 0;
    for (size_t x = 0; x < beliefs->variables; x++) {
        const dt_grid *grid = beliefs->grid[x];
        bool named = false;
        for (int k = 0; k < grid->values; k++) {
            named |= !isnan(wanted[k]);
            asked[k] = NAN;
        }
        if (named)
            complete(grid->values, wanted, dt_beliefs_at(beliefs, x, usual), asked);
        found += beliefs->stride[x] *
                 (named ? nearest_point(grid, asked) : dt_beliefs_point(beliefs, x, usual));
        wanted += grid->values;
        asked += grid->values;
    }
    *chance = sum_at(chain, chain->mass + node * chain->stride, found);
    return found;
}

uint32_t dt_believed_nearest(const dt_beliefs *beliefs, const double *belief)
{
    uint32_t found = 0;
    for (size_t x = 0; x < beliefs->variables; x++) {
        found += beliefs->stride[x] * nearest_point(beliefs->grid[x], belief);
        belief += beliefs->grid[x]->values;
    }
    return found;
}

/* ---- what is learned --------------------------------------------------------------------------- */

/* Whether a cell has the option that is taken. */
static bool has_option(const dt_menu *menu, int cell, const dt_held *taken)
{
    if (!taken)
        return true;
    for (int k = menu->agents - 1; k > taken->agent; k--)
        cell /= menu->options[k];
    return cell % menu->options[taken->agent] == taken->option;
}

/* The chance of a branch and its cell, over what is believed of all types. */
static double chance_of(const dt_signal_game *game, const dt_signal_space *space,
                        const dt_signal_branch *branch)
{
    double sum = 0;
    for (int joint = 0; joint < game->types; joint++) {
        int type[DT_MOST_SUBJECTS];
        double chance = 1;
        for (int x = game->subjects - 1, rest = joint; x >= 0; x--) {
            type[x] = rest % game->subject[x].types;
            rest /= game->subject[x].types;
            chance *= game->subject[x].belief[type[x]];
        }
        for (int p = 0; p < game->players; p++) {
            const int x = game->player[p].subject;
            chance *= dt_signal_chance(space, p, x < 0 ? 0 : type[x], branch->cell);
        }
        sum += chance * branch->chance[game->secret < 0 ? 0 : type[game->secret]];
    }
    return sum;
}

/* What is believed of a subject after an event, [values of it]. */
static void believe(const dt_signal_game *game, const dt_signal_space *space, int event, int x,
                    double *belief)
{
    const dt_subject *subject = &game->subject[x];
    dt_signal_view view;
    memset(belief, 0, (size_t)subject->grid->values * sizeof *belief);
    if (!dt_signal_heard(space, event, x, &view)) {
        for (int k = 0; k < subject->types; k++)
            belief[subject->type[k]] = subject->belief[k];
        return;
    }
    for (int k = 0; k < view.corners; k++)
        belief[game->event[event].face[x].type[k]] = view.belief[k];
}

/* The signalling game at a node, and the subject that a variable is in it; NULL if nothing can be learned
 * of it there. */
static const dt_signal_game *see(dt_private *work, uint32_t node, uint32_t point, uint32_t t,
                                 size_t variable, int *subject)
{
    const dt_private_plan *plan = work->plan;
    if (!plan->node_mixes[plan->places->place[node]])
        return NULL;
    const dt_signal_game *game = dt_private_see(work, node, point, t, false);
    for (*subject = 0; game && *subject < game->subjects; ++*subject) {
        if (game->subject[*subject].variable == (int)variable)
            return game;
    }
    return NULL;
}

/* The average over events, as dt_believed_after has it, of a subject. */
static void average(const dt_private *work, const dt_signal_game *game, const dt_menu *menu, int x,
                    const dt_held *taken, double *after)
{
    const dt_signal_space *space = dt_private_signal(work);
    const int values = game->subject[x].grid->values;
    double all = 0;
    memset(after, 0, (size_t)values * sizeof *after);
    for (int b = 0; b < game->branches; b++) {
        const dt_signal_branch *branch = &game->branch[b];
        double belief[DT_MOST_TYPES];
        if (!has_option(menu, branch->cell, taken))
            continue;
        const double chance = chance_of(game, space, branch);
        believe(game, space, branch->event, x, belief);
        for (int k = 0; k < values; k++)
            after[k] += chance * belief[k];
        all += chance;
    }
    for (int k = 0; k < values; k++)
        after[k] /= all;
}

void dt_believed_after(dt_private *work, uint32_t node, uint32_t point, uint32_t t,
                       const dt_held *taken, size_t variable, double *after)
{
    const dt_game *game = work->plan->game;
    const dt_grid *grid = work->plan->beliefs->grid[variable];
    int x;
    const dt_signal_game *seen = see(work, node, point, t, variable, &x);
    if (seen)
        average(work, seen, &game->menu[game->node_menu[node]], x, taken, after);
    else
        memcpy(after, dt_beliefs_at(work->plan->beliefs, variable, point),
               (size_t)grid->values * sizeof *after);
}

double dt_believed_move(dt_private *work, uint32_t node, uint32_t point, uint32_t t,
                        size_t variable)
{
    int x;
    const dt_signal_game *game = see(work, node, point, t, variable, &x);
    if (!game)
        return 0;
    double usual[DT_MOST_TYPES], move = 0;
    average(work, game, NULL, x, NULL, usual);
    for (int b = 0; b < game->branches; b++) {
        double belief[DT_MOST_TYPES], off = 0;
        believe(game, dt_private_signal(work), game->branch[b].event, x, belief);
        for (int k = 0; k < game->subject[x].grid->values; k++)
            off += fabs(belief[k] - usual[k]);
        move += chance_of(game, dt_private_signal(work), &game->branch[b]) * off / 2;
    }
    return move;
}

/* ---- in words ---------------------------------------------------------------------------------- */

/* A move of a belief that isn't told. */
static const double SMALL = 0.0005;

/* "moves the belief that aim is bargain from 40% to 65.5%", of the value that gains most; "hardly moves the belief
 * that aim is bargain, 90.2%" if the two are shown alike. */
static void say_move(const dt_model *model, const dt_moved_belief *moved, const double *after,
                     dt_text *text)
{
    const int slot = moved->variable;
    const double *before = moved->before;
    int most = 0;
    for (int k = 1; k < dt_slot_values(model, slot); k++) {
        if (after[k] - before[k] > after[most] - before[most])
            most = k;
    }
    if (!(after[most] - before[most] > SMALL)) {
        dt_text_print(text, "tells nothing about %s", moved->called);
        return;
    }
    dt_text was = {.arena = text->arena}, is = was;
    dt_say_number("", 100 * before[most], &was);
    dt_say_number("", 100 * after[most], &is);
    const bool hardly = strcmp(dt_text_get(&was), dt_text_get(&is)) == 0;
    dt_text_print(text, "%s the belief that %s is ", hardly ? "hardly moves" : "moves",
                  moved->called);
    dt_slot_value_name(model, slot, dt_slot_low(model, slot) + most, text);
    if (hardly)
        dt_text_print(text, ", %s%%", dt_text_get(&was));
    else
        dt_text_print(text, " from %s%% to %s%%", dt_text_get(&was), dt_text_get(&is));
}

const char *dt_believed_words(dt_arena *arena, const dt_model *model, const dt_moved_belief *moved)
{
    dt_text text = {.arena = arena};
    assert(moved->actions > 0);
    if (moved->hidden) {
        dt_text_print(&text, "nobody sees what is chosen, which ");
        say_move(model, moved, moved->after[0], &text);
    }
    for (size_t a = 0; a < moved->actions && !moved->hidden; a++) {
        dt_text_print(&text, "%s%s ", a ? "; " : "", moved->action[a]);
        say_move(model, moved, moved->after[a], &text);
    }
    return dt_text_get(&text);
}
