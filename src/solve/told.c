/*
 * What is told after an event. If k is true of a variable and b' is believed of it, the signal is the point g of the
 * grid with the chance w_g(b') g(k)/b'(k), for each variable by itself (docs/private.md): so a joint point
 * has the product, and whoever stands there believes what is true of those who stand there. A variable
 * of which nothing was learned stays at its point. Points of the last subject come first.
 */
#include "solve/told.h"

void dt_told_begin(dt_told *told, const dt_beliefs *beliefs, const dt_signal_space *space,
                   const dt_signal_game *game, const dt_signal_branch *branch, const int *after,
                   uint32_t type)
{
    const dt_signal_event *event = &game->event[branch->event];
    told->game = game;
    told->after = after;
    told->over = false;
    for (int x = 0; x < game->subjects; x++) {
        const size_t variable = (size_t)game->subject[x].variable;
        const uint32_t stride = beliefs->type_stride[variable];
        told->heard[x] = dt_signal_heard(space, branch->event, x, &told->view[x]);
        told->corner[x] = 0;
        type -= (uint32_t)dt_beliefs_rank(beliefs, variable, type) * stride;
        type += event->face[x].type[after[x]] * stride;
    }
    told->types = beliefs->types;
    told->type = type;
}

static void turn(dt_told *told)
{
    int x = told->game->subjects - 1;
    for (; x >= 0; x--) {
        if (told->heard[x] && ++told->corner[x] < told->view[x].corners)
            break;
        told->corner[x] = 0;
    }
    told->over = x < 0;
}

bool dt_told_next(dt_told *told, uint32_t *column, double *chance)
{
    const dt_signal_game *game = told->game;
    uint32_t point = game->point;
    if (told->over)
        return false;
    *chance = 1;
    for (int x = 0; x < game->subjects; x++) {
        const dt_signal_view *view = &told->view[x];
        const int g = told->corner[x], k = told->after[x];
        if (!told->heard[x]) {
            point += game->subject[x].point * game->subject[x].stride;
            continue;
        }
        point += view->point[g];
        *chance *= view->weight[g] * view->at[g * view->corners + k] / view->belief[k];
    }
    *column = point * told->types + told->type;
    turn(told);
    return true;
}
