/*
 * The probability of a profile is the product of its parts, as agents who move at once choose
 * independently. It is built agent by agent, the last one first: what is there so far is repeated for
 * each of the next agent's options, so that the last agent's option varies fastest, as cells are
 * ordered.
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
    sigma += menu->total;
    for (int k = menu->agents - 1; k >= 0; k--) {
        const int options = menu->options[k];
        sigma -= options;
        /* from the back, so that what is still needed isn't overwritten */
        for (int o = options - 1; o >= 0; o--) {
            for (int c = 0; c < made; c++)
                space[o * made + c] = sigma[o] * space[c];
        }
        made *= options;
    }
    assert(made == menu->cells);
    return space;
}
