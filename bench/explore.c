/*
 * From the text to the graph: reading and checking, and exploring. Exploring is measured on the model
 * and on two games of the kind that model checkers are measured on: few branches and many nodes. In the
 * walk variables are counted up and down, so that few patterns make up the graph; in the maze each
 * step reads all of the state, so that no two nodes have anything in common.
 */
#include <stdio.h>

#include "bench.h"

static const char WALK[] = "model walk\nhorizon %d\nactor A\nparam p = 0.3 judgement\n"
                           "state x : 0..1500 = 0\nstate y : 0..200 = 100\n"
                           "stage go : chance {\n"
                           "  with p { x += 1 } else { with 0.5 { y += 1 } else { y -= 1 } }\n"
                           "}\npayoff A { far = x }\n";
static const char MAZE[] = "model maze\nhorizon %d\nactor A\nparam p = 0.3 judgement\n"
                           "state x : 0..500 = 0\nstate y : 0..500 = 0\n"
                           "stage go : A {\n"
                           "  A.ahead { with p { x := x < 500 ? x + 1 : y } else { x := x } }\n"
                           "  A.aside { y := y < 500 ? y + 1 : x }\n"
                           "}\npayoff A { far = x }\n";

double bench_parse(bench *b, int which)
{
    (void)which;
    dt_model *model;
    const double start = bench_now();
    bench_need(dt_model_read(bench_path(b), &bench_options, &model) == DT_OK,
               "the model is refused");
    dt_model_free(model);
    return bench_now() - start;
}

/* Counts of a policy's graph, added to *sum. */
static void explore(const dt_model *model, size_t policy, dt_counts *sum)
{
    dt_game *game;
    bench_need(dt_game_explore(model, policy, &bench_options, &game) == DT_OK, "can't explore");
    const dt_counts counts = dt_game_counts(game);
    sum->nodes += counts.nodes;
    sum->branches += counts.branches;
    sum->bytes += counts.bytes;
    dt_game_free(game);
}

static dt_counts explore_all(bench *b)
{
    dt_counts sum = {0};
    for (size_t p = 0; p < dt_model_count(bench_model(b), DT_POLICIES); p++)
        explore(bench_model(b), p, &sum);
    return sum;
}

/* `which`: the first policy alone. */
double bench_explore(bench *b, int which)
{
    dt_counts sum = {0};
    const dt_model *model = bench_model(b);
    const double start = bench_now();
    if (which)
        explore(model, 0, &sum);
    else
        sum = explore_all(b);
    return (double)sum.nodes / (bench_now() - start);
}

static double explore_text(const char *text, int horizon)
{
    char model_text[1024];
    snprintf(model_text, sizeof model_text, text, horizon);
    dt_model *model = bench_parse_text(model_text);
    dt_counts sum = {0};
    const double start = bench_now();
    explore(model, 0, &sum);
    const double rate = (double)sum.nodes / (bench_now() - start);
    dt_model_free(model);
    return rate;
}

double bench_explore_walk(bench *b, int which)
{
    (void)which;
    return explore_text(WALK, bench_small(b) ? 5 : 1500);
}

double bench_explore_maze(bench *b, int which)
{
    (void)which;
    return explore_text(MAZE, bench_small(b) ? 5 : 1000);
}

/* `which`: 0 nodes, 1 branches of each, 2 bytes of each. */
double bench_graph_nodes(bench *b, int which)
{
    const dt_counts sum = explore_all(b);
    return which == 0   ? (double)sum.nodes
           : which == 1 ? (double)sum.branches / (double)sum.nodes
                        : (double)sum.bytes / (double)sum.nodes;
}
