/*
 * The export to Graphviz: one period of a small game as a drawing. Decisions are boxes, chance is an
 * ellipse, the end of a period a plain line of text; an edge carries the actions that lead along it and its
 * probability if chance has a say, or the least and the greatest that it has if it reads `now` or a private variable; nobody but who chooses sees what is
 * done at a stage called hidden. Probabilities of actions aren't shown, as they differ by period. What
 * isn't solved is drawn all the same, with the reason below it.
 */
#include "trace/export.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "game/dated.h"
#include "solve/private.h"

/* Text within a quoted label: quotes and backslashes are escaped. */
static void label_text(dt_writer *writer, const char *text)
{
    for (const char *c = text; *c; c++)
        dt_writer_print(writer, *c == '"' || *c == '\\' ? "\\%c" : "%c", *c);
}

/* A number to four digits. */
static void label_number(dt_writer *writer, double number)
{
    char buffer[32];
    snprintf(buffer, sizeof buffer, "%.4g", number);
    dt_writer_number(writer, strtod(buffer, NULL));
}

static void describe(const dt_export_job *job, uint32_t place)
{
    dt_text text = {.arena = job->arena};
    dt_game_describe(job->solution->game, place, &text);
    label_text(job->writer, dt_text_get(&text));
}

/* "US.step, ROK.follow": the actions of a cell. */
static void write_actions(const dt_export_job *job, const dt_menu *menu, int cell)
{
    int cells = menu->cells;
    assert(cell >= 0 && cell < cells);
    for (int k = 0; k < menu->agents; k++) {
        cells /= menu->options[k];
        dt_text name = {.arena = job->arena};
        dt_option_name(job->solution->game, menu, k, cell / cells % menu->options[k], &name);
        label_text(job->writer, k ? ", " : "");
        label_text(job->writer, dt_text_get(&name));
    }
}

/* Widens a range by a probability in a period, of each type. */
static void widen(const dt_export_job *job, uint32_t coefficient, uint32_t t, double *least,
                  double *most)
{
    const dt_solution *solution = job->solution;
    const dt_world *world =
        solution->private ? solution->private->typed : dt_solution_world(solution, t);
    if (solution->private)
        dt_world_turn(solution->game, solution->private->typed, t);
    for (size_t w = 0; w < world->width; w++) {
        *least = fmin(*least, world->coefficient[coefficient * world->width + w]);
        *most = fmax(*most, world->coefficient[coefficient * world->width + w]);
    }
}

/* " : 0.3"; of a probability that differs from period to period or from type to type, from the least to the greatest. */
static void write_probability(const dt_export_job *job, const dt_menu *menu, uint32_t coefficient)
{
    const dt_game *game = job->solution->game;
    const uint32_t periods = dt_game_is_dated(game, coefficient) ? game->periods : 1;
    double least = INFINITY, most = -INFINITY;
    for (uint32_t t = 0; t < periods; t++)
        widen(job, coefficient, t, &least, &most);
    if (least == 1 && most == 1)
        return;
    label_text(job->writer, menu->agents ? " : " : "");
    label_number(job->writer, least);
    if (most > least) {
        label_text(job->writer, " .. ");
        label_number(job->writer, most);
    }
}

static void write_node(const dt_export_job *job, uint32_t n)
{
    const dt_game *game = job->solution->game;
    const dt_menu *menu = &game->menu[game->node_menu[n]];
    dt_writer *writer = job->writer;
    dt_writer_print(writer, "  n%u [shape=%s, label=\"", n, menu->agents ? "box" : "ellipse");
    label_text(writer, game->model->stage[menu->stage].is.name);
    label_text(writer, game->model->stage[menu->stage].hidden ? " (hidden)" : "");
    for (int k = 0; k < menu->agents; k++) {
        dt_text name = {.arena = job->arena};
        dt_agent_name(game->rules, menu->agent[k], &name);
        label_text(writer, k ? ", " : ": ");
        label_text(writer, dt_text_get(&name));
    }
    dt_writer_text(writer, "\\n");
    describe(job, n);
    dt_writer_text(writer, "\"];\n");
    for (uint64_t c = game->node_cell[n]; c < game->node_cell[n + 1]; c++) {
        const uint64_t first = game->cell_branch[c], end = game->cell_branch[c + 1];
        for (uint64_t b = first; b < end; b++) {
            assert(game->branch_target[b] > n);
            dt_writer_print(writer, "  n%u -> n%u [label=\"", n, game->branch_target[b]);
            write_actions(job, menu, (int)(c - game->node_cell[n]));
            write_probability(job, menu, dt_branch_coefficient(game, c, b));
            dt_writer_text(writer, "\"];\n");
        }
    }
}

dt_status dt_export_dot(const dt_export_job *job)
{
    const dt_game *game = job->solution->game;
    const uint64_t places = (uint64_t)game->nodes + game->leaves;
    if (places > DT_DOT_NODES) {
        dt_complain_more(job->diagnostics, DT_TOO_LARGE_DOT, (dt_place){0, 0},
                         "a shorter horizon or fewer variables make a smaller graph", NULL, places,
                         DT_DOT_NODES);
        return DT_LIMIT;
    }
    dt_writer *writer = job->writer;
    dt_writer_text(writer, "digraph \"");
    label_text(writer, game->model->is.name);
    dt_writer_text(writer, "\" {\n  rankdir=LR;\n  node [fontname=\"sans-serif\", fontsize=10];\n"
                           "  edge [fontname=\"sans-serif\", fontsize=9];\n");
    if (!dt_solution_solved(job->solution)) {
        dt_writer_text(writer, "  label=\"not solved: ");
        label_text(writer, dt_solution_reason(job->solution));
        dt_writer_text(writer, "\";\n");
    }
    for (uint32_t n = 0; n < game->nodes; n++)
        write_node(job, n);
    for (uint32_t leaf = 0; leaf < game->leaves; leaf++) {
        dt_writer_print(writer, "  n%u [shape=%s, label=\"", game->nodes + leaf,
                        game->leaf_ended[leaf] ? "doubleoctagon" : "plain");
        describe(job, game->nodes + leaf);
        dt_writer_text(writer, "\"];\n");
        if (game->leaf_next[leaf] != DT_NOWHERE)
            dt_writer_print(writer, "  n%u -> n%u [style=dashed, constraint=false];\n",
                            game->nodes + leaf, game->state_place[game->leaf_next[leaf]]);
    }
    dt_writer_text(writer, "}\n");
    return DT_OK;
}
