/*
 * What holds by chance alone, for tables that rank: the outcomes of games in which everybody tosses coins, the mark of
 * those by which what is compared ranks as it does then, and the line that explains it.
 */
#include <math.h>
#include <string.h>

#include "cli.h"
#include "detente_referee.h"

dt_status cli_chance_of(const cli_chance *c, const dt_game *game, size_t column)
{
    const size_t parameters = dt_model_count(c->model, DT_PARAMETERS);
    const size_t outcomes = dt_model_count(c->model, DT_OUTCOMES);
    double *own = cli_take(parameters, sizeof *own), *found = cli_take(outcomes, sizeof *found);
    dt_options quiet = *c->options;
    quiet.report = NULL; /* a wrong world was told when it was solved */
    if (parameters)
        memcpy(own, c->world, parameters * sizeof *own);
    dt_game_settings(game, own);
    const dt_status status = dt_game_outcomes_by_chance(game, own, &quiet, found);
    for (size_t o = 0; o < outcomes; o++)
        c->outcome[o * c->columns + column] = found[o];
    return status == DT_INVALID ? DT_OK : status;
}

cli_chance cli_chance_start(const dt_model *model, const double *world, const dt_options *options,
                            size_t columns)
{
    const size_t outcomes = dt_model_count(model, DT_OUTCOMES);
    cli_chance c = {model, world, options, columns,
                    cli_take(outcomes, columns * sizeof *c.outcome)};
    for (size_t i = 0; i < outcomes * columns; i++)
        c.outcome[i] = (double)NAN;
    return c;
}

bool cli_chance_ranks(const cli_chance *c, size_t outcome, const double *nominal)
{
    return c->columns > 1 &&
           dt_ranked_by_chance(nominal, c->outcome + outcome * c->columns, c->columns);
}

const char *cli_chance_mark(const char *name, bool by_chance)
{
    return by_chance ? cli_print("%s%s", name, CLI_BY_CHANCE) : name;
}

void cli_chance_say(bool any, const char *what)
{
    if (any)
        cli_print_wrapped(
            "", cli_print("%s %s, too, if everybody tosses coins", CLI_BY_CHANCE, what), 0);
}
