/*
 * What a signalling game is worth to everybody for given strategies: to those who move and those who look
 * on, to each type of those who know something, and what the best answer from there on would be worth,
 * which changes nobody's beliefs (docs/method.md, Private variables).
 */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "solve/signal_space.h"

static const dt_view_after *view_of(const dt_signal_space *space, int event, int x)
{
    const int at = space->value_of[event * space->game->subjects + x];
    return at < 0 ? NULL : &space->view[at];
}

/* Adds what follows an event at one joint point, with its weight and the corners of subjects. */
static void hear(dt_signal_space *space, int event, uint32_t point, double weight,
                 const int *corner, int voices, const dt_voice *voice)
{
    const dt_signal_game *game = space->game;
    const dt_signal_event *e = &game->event[event];
    double *after = space->after + (size_t)event * (size_t)space->size.columns;
    for (int v = 0; v < voices; v++) {
        const int x = voice[v].subject;
        if (x < 0) {
            after[voice[v].column[0]] +=
                weight * dt_ahead_at(&game->ahead, e->place, voice[v].column[0], point);
            continue;
        }
        const dt_view_after *view = view_of(space, event, x);
        const dt_face *face = &e->face[x];
        for (int k = 0; k < face->types; k++) {
            const int column = voice[v].column[face->type[k]];
            double own = weight;
            if (view) {
                const double at = view->at[corner[x] * face->types + k];
                if (at == 0)
                    continue;
                own *= at / view->belief[k];
            }
            after[column] += own * dt_ahead_at(&game->ahead, e->place, column, point);
        }
    }
}

/* All joint corners of the signal after an event. */
static void listen(dt_signal_space *space, int event, int voices, const dt_voice *voice)
{
    const dt_signal_game *game = space->game;
    int corner[DT_MOST_SUBJECTS] = {0};
    memset(space->after + (size_t)event * (size_t)space->size.columns, 0,
           (size_t)space->size.columns * sizeof(double));
    for (;;) {
        uint32_t point = game->point;
        double weight = 1;
        for (int x = 0; x < game->subjects; x++) {
            const dt_view_after *view = view_of(space, event, x);
            point +=
                view ? view->point[corner[x]] : game->subject[x].point * game->subject[x].stride;
            weight *= view ? view->weight[corner[x]] : 1; /* of width 1 */
        }
        if (weight != 0)
            hear(space, event, point, weight, corner, voices, voice);
        int x = game->subjects - 1;
        for (; x >= 0; x--) {
            if (view_of(space, event, x) && ++corner[x] < game->event[event].face[x].types)
                break;
            corner[x] = 0;
        }
        if (x < 0)
            return;
    }
}

/* The column of a voice if the types are these. */
static int column_of(const dt_signal_game *game, const dt_voice *voice, const int *type)
{
    const int x = voice->subject;
    return voice->column[x < 0 ? 0 : game->subject[x].type[type[x]]];
}

/* What a cell is worth to a voice if the types are these. */
static double worth_of(const dt_signal_space *space, int cell, int joint, const dt_voice *voice,
                       const double *pay)
{
    const dt_signal_game *game = space->game;
    const size_t columns = (size_t)space->size.columns;
    const int *type = space->joint + joint * game->subjects;
    const int own = column_of(game, voice, type), x = voice->subject;
    double sum = pay[((size_t)cell * (size_t)game->types + (size_t)joint) * columns + (size_t)own];
    for (int b = game->cell_branch[cell]; b < game->cell_branch[cell + 1]; b++) {
        const dt_signal_branch *branch = &game->branch[b];
        const int k = game->secret < 0 ? 0 : type[game->secret];
        if (branch->chance[k] == 0)
            continue;
        int column = own;
        if (x >= 0 && x == game->secret)
            column = voice->column[game->event[branch->event].face[x].type[branch->after[k]]];
        sum += branch->chance[k] * space->after[(size_t)branch->event * columns + (size_t)column];
    }
    return sum;
}

/* The chance of what others than a voice have and do in a cell, if the types are these; with its own
 * action's, or without. */
static double chance_of(const dt_signal_space *space, int cell, const int *type,
                        const dt_voice *voice, bool own)
{
    const dt_signal_game *game = space->game;
    double chance = 1;
    for (int x = 0; x < game->subjects; x++)
        chance *= x == voice->subject ? 1 : game->subject[x].belief[type[x]];
    for (int p = 0; p < game->players; p++) {
        if (p == voice->player && !own)
            continue;
        const int x = game->player[p].subject;
        const int agent = space->player_agent[p] + (x < 0 ? 0 : type[x]);
        chance *=
            space->sigma[space->agent_option[agent] + space->choice[cell * game->players + p]];
    }
    return chance;
}

/* The values of one voice: the average over its own options, the greatest, or the surplus. */
static void settle(dt_signal_space *space, const dt_voice *voice, const double *pay, double *value)
{
    const dt_signal_game *game = space->game;
    const bool chooses = voice->player >= 0 && (voice->best || voice->taste);
    const int options = chooses ? game->player[voice->player].options : 1;
    const int types = voice->subject < 0 ? 1 : game->subject[voice->subject].types;
    double *q = space->quality; /* [types][options] */
    assert(types * options <= space->total || !chooses);
    double plain[DT_MOST_TYPES];
    if (!chooses)
        q = plain;
    memset(q, 0, (size_t)(types * options) * sizeof *q);
    for (int c = 0; c < game->cells; c++) {
        const int option = chooses ? space->choice[c * game->players + voice->player] : 0;
        for (int t = 0; t < game->types; t++) {
            const int *type = space->joint + t * game->subjects;
            const int k = voice->subject < 0 ? 0 : type[voice->subject];
            q[k * options + option] +=
                chance_of(space, c, type, voice, !chooses) * worth_of(space, c, t, voice, pay);
        }
    }
    for (int k = 0; k < types; k++, q += options) {
        double *to =
            &value[voice->column[voice->subject < 0 ? 0 : game->subject[voice->subject].type[k]]];
        *to = q[0];
        for (int o = 1; o < options; o++)
            *to = q[o] > *to ? q[o] : *to;
        if (!chooses || voice->best)
            continue;
        const double rationality = game->player[voice->player].rationality, top = *to;
        double sum = 0;
        for (int o = 0; o < options; o++)
            sum += exp(rationality * (q[o] - top));
        *to = top + log(sum) / rationality;
    }
}

bool dt_signal_value(const dt_signal_game *game, dt_signal_space *space, const double *sigma,
                     int voices, const dt_voice *voice, const double *pay, double *value)
{
    if (sigma) {
        dt_signal_begin(space, game);
        if (!dt_signal_put(space, sigma, false))
            return false;
    }
    assert(space->game == game && space->width == 1);
    for (int e = 0; e < game->events; e++)
        listen(space, e, voices, voice);
    for (int v = 0; v < voices; v++)
        settle(space, &voice[v], pay, value);
    return true;
}

bool dt_signal_see(const dt_signal_game *game, dt_signal_space *space, const double *sigma)
{
    dt_signal_begin(space, game);
    return dt_signal_put(space, sigma, false);
}

double dt_signal_chance(const dt_signal_space *space, int player, int type, int cell)
{
    const dt_signal_game *game = space->game;
    const int agent = space->player_agent[player] + (game->player[player].subject < 0 ? 0 : type);
    return space->sigma[space->agent_option[agent] + space->choice[cell * game->players + player]];
}

bool dt_signal_heard(const dt_signal_space *space, int event, int subject, dt_signal_view *view)
{
    const dt_view_after *found = view_of(space, event, subject);
    if (!found)
        return false;
    *view = (dt_signal_view){space->game->event[event].face[subject].types, found->point,
                             found->weight, found->at, found->belief};
    return true;
}
