/*
 * The probability of a profile is the product of its parts, as agents who move at once choose
 * independently. It is built agent by agent: what is there so far is spread over the next agent's
 * options, so that the last agent's option varies fastest, as cells are ordered.
 */
#include "trace/profile.h"

#include <assert.h>

int dt_profile_room(const dt_game *game)
{
    int most = 1;
    for (uint32_t m = 0; m < game->menus; m++) {
        if (game->menu[m].cells > most)
            most = game->menu[m].cells;
    }
    return most;
}

const double *dt_profile(const dt_menu *menu, const double *sigma, double *space)
{
    if (menu->agents == 1)
        return sigma;
    int made = 1;
    space[0] = 1;
    for (int k = 0; k < menu->agents; k++) {
        int options = menu->options[k];
        /* From the back, so that what is still needed isn't overwritten. */
        for (int c = made - 1; c >= 0; c--) {
            double before = space[c];
            for (int o = 0; o < options; o++)
                space[c * options + o] = before * sigma[o];
        }
        made *= options;
        sigma += options;
    }
    assert(made == menu->cells);
    return space;
}
