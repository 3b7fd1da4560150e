/*
 * The sheet at the end of a match: where its outcomes lie among those of other histories of the same game, in which
 * everybody plays the equilibrium, and move by move what was given away.
 */
#include <math.h>
#include <string.h>

#include "play.h"

/* Histories that a match is compared with: a share of a half is within 3.4 points at three standard errors. */
enum { HISTORIES = 2000 };

/* The share of `other` [HISTORIES] apart by `stride` that are less than, and more than, a number. */
static void find_shares(const double *other, size_t stride, double number, double *less,
                        double *more)
{
    size_t below = 0, above = 0;
    for (size_t h = 0; h < HISTORIES; h++) {
        below += other[h * stride] < number - 1e-9 * fabs(number);
        above += other[h * stride] > number + 1e-9 * fabs(number);
    }
    *less = (double)below / HISTORIES;
    *more = (double)above / HISTORIES;
}

static dt_status print_outcomes(const cli_seat *seat)
{
    const size_t outcomes = dt_model_count(seat->model, DT_OUTCOMES);
    double *own = cli_take(outcomes, sizeof *own), *expected = cli_take(outcomes, sizeof *expected);
    double *other = cli_take(outcomes * HISTORIES, sizeof *other);
    dt_match_outcomes(seat->match, own);
    dt_status status = dt_solution_outcomes(seat->solution, &seat->session->options, expected);
    if (status <= DT_NO)
        status = dt_match_spread(seat->solution, seat->seed, 1, HISTORIES, &seat->session->options,
                                 other);
    cli_progress_end();
    if (status != DT_OK)
        return status;
    cli_table table;
    cli_table_start(&table, 4);
    table.head[0] = "here";
    table.head[1] = "expected";
    table.head[2] = "less";
    table.head[3] = "more";
    for (size_t o = 0; o < outcomes; o++) {
        const char **cell = cli_table_row(&table, dt_model_item(seat->model, DT_OUTCOMES, o));
        double less, more;
        find_shares(other + o, outcomes, own[o], &less, &more);
        cell[0] = cli_print("%.4g", own[o]);
        cell[1] = cli_print("%.4g", expected[o]);
        cell[2] = cli_print("%.0f %%", 100 * less);
        cell[3] = cli_print("%.0f %%", 100 * more);
    }
    printf("\n");
    cli_table_print(&table);
    cli_print_wrapped(
        "",
        cli_print("expected: exactly, if everybody plays the equilibrium; less, more: "
                  "of %d other such histories",
                  HISTORIES),
        0);
    return DT_OK;
}

static const char *cost_of(const dt_match_move *move)
{
    if (!(move->less >= 0))
        return "-";
    return cli_print("%s%.3g", move->at_least ? ">" : "", move->less);
}

static void print_moves(const cli_seat *seat)
{
    const size_t moves = dt_match_moves(seat->match);
    double *all = cli_take(dt_model_count(seat->model, DT_ACTORS), sizeof *all);
    cli_table table;
    cli_table_start(&table, 4);
    table.head[0] = "taken";
    table.head[1] = "equilibrium";
    table.head[2] = "best";
    table.head[3] = "given away";
    for (size_t m = 0; m < moves; m++) {
        const dt_match_move move = dt_match_move_at(seat->match, m);
        char date[DT_LABEL_SIZE];
        dt_model_period_label(seat->model, move.period, date, sizeof date);
        const char **cell = cli_table_row(
            &table, cli_print("%s %s %s", *date ? date : cli_print("%d", move.period), move.mover,
                              dt_model_item(seat->model, DT_STAGES, (size_t)move.stage)));
        cell[0] = move.brief;
        cell[1] = cli_in_hundred(move.probability);
        cell[2] = move.action == move.best ? "the same" : move.best_brief;
        cell[3] = cost_of(&move);
        all[move.actor] += move.discount * move.less;
    }
    if (moves == 0)
        return;
    printf("\n");
    cli_table_print(&table);
    for (size_t i = 0; i < dt_model_count(seat->model, DT_ACTORS); i++) {
        bool moved = false;
        for (size_t m = 0; m < moves; m++)
            moved |= dt_match_move_at(seat->match, m).actor == (int)i;
        const char *unit = dt_model_unit(seat->model, i);
        if (moved)
            cli_print_wrapped(
                "",
                cli_print("%s gave away %.3g%s%s in all, against always doing what is "
                          "worth most, as it counts at the start",
                          dt_model_item(seat->model, DT_ACTORS, i), all[i], *unit ? " " : "", unit),
                0);
    }
}

dt_status cli_play_sheet(const cli_seat *seat)
{
    const dt_status status = print_outcomes(seat);
    if (status == DT_OK)
        print_moves(seat);
    return status;
}
