/*
 * How fast exploring and solving are: bench MODEL RESULT.json
 *
 * Each measurement is repeated and the median kept, on one core, with the processor's time of the
 * thread; exploring goes over all policies of the model. The result is printed as a table and
 * written as one JSON object of numbers.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

enum { LEAST_REPEATS = 3, MOST_REPEATS = 15, POLICIES = 64 };

static const double ENOUGH_SECONDS = 3; /* of one measurement's repetitions */

static void report(void *context, const dt_diagnostic *d)
{
    (void)context;
    if (d->severity == DT_ERROR)
        fprintf(stderr, "%s:%d:%d: %s\n", d->file, d->line, d->column, d->message);
}

static const dt_options options = {.report = report};

/* What is measured: a model, its games, a world. */
typedef struct bench {
    const char *path;
    dt_model *model;
    size_t policies;
    double *world;
    dt_game *game[POLICIES];
} bench;

static void parse(bench *b)
{
    dt_model *model;
    bench_need(dt_model_read(b->path, &options, &model) == DT_OK, "the model is refused");
    dt_model_free(model);
}

static void explore_all(bench *b)
{
    for (size_t p = 0; p < b->policies; p++) {
        dt_game_free(b->game[p]);
        bench_need(dt_game_explore(b->model, p, &options, &b->game[p]) == DT_OK, "can't explore");
    }
}

/* Games of the kind that model checkers are measured on: few branches and many nodes. In the walk
 * variables are counted up and down, so that few patterns make up the graph; in the maze each step
 * reads all of the state, so that no two nodes have anything in common. */
static const char WALK[] = "model walk\nhorizon 1500\nactor A\nparam p = 0.3 judgement\n"
                           "state x : 0..1500 = 0\nstate y : 0..200 = 100\n"
                           "stage go : chance {\n"
                           "  with p { x += 1 } else { with 0.5 { y += 1 } else { y -= 1 } }\n"
                           "}\npayoff A { far = x }\n";
static const char MAZE[] = "model maze\nhorizon 1000\nactor A\nparam p = 0.3 judgement\n"
                           "state x : 0..500 = 0\nstate y : 0..500 = 0\n"
                           "stage go : A {\n"
                           "  A.ahead { with p { x := x < 500 ? x + 1 : y } else { x := x } }\n"
                           "  A.aside { y := y < 500 ? y + 1 : x }\n"
                           "}\npayoff A { far = x }\n";

static void solve(bench *b, size_t policy, bool outcomes_too)
{
    dt_solution *solution;
    dt_model_nominal(b->model, b->world);
    dt_game_settings(b->game[policy], b->world);
    bench_need(dt_solve(b->game[policy], b->world, DT_VALUES_AVERAGE, &options, &solution) == DT_OK,
               "can't solve");
    if (outcomes_too) {
        double *outcome = calloc(dt_model_count(b->model, DT_OUTCOMES) + 1, sizeof *outcome);
        bench_need(outcome && dt_solution_outcomes(solution, &options, outcome) == DT_OK,
                   "no outcomes");
        free(outcome);
    }
    dt_solution_free(solution);
}

static void solve_first(bench *b)
{
    solve(b, 0, false);
}

static void solve_first_with_outcomes(bench *b)
{
    solve(b, 0, true);
}

static void solve_all_with_outcomes(bench *b)
{
    for (size_t p = 0; p < b->policies; p++)
        solve(b, p, true);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The median time of one call, in seconds. */
static double median_seconds(void (*work)(bench *b), bench *b)
{
    double seconds[MOST_REPEATS], total = 0;
    int n = 0;
    while (n < MOST_REPEATS && (n < LEAST_REPEATS || total < ENOUGH_SECONDS)) {
        double start = bench_now();
        work(b);
        total += seconds[n++] = bench_now() - start;
    }
    qsort(seconds, (size_t)n, sizeof seconds[0], by_size);
    return n % 2 ? seconds[n / 2] : (seconds[n / 2 - 1] + seconds[n / 2]) / 2;
}

/* Nodes explored per second in a model of one policy. */
static double explore_rate(const char *text)
{
    bench b = {.policies = 1};
    bench_need(dt_model_parse("bench", text, strlen(text), &options, &b.model) == DT_OK,
               "a model of the benchmark is refused");
    const double seconds = median_seconds(explore_all, &b);
    const double nodes = (double)dt_game_counts(b.game[0]).nodes;
    dt_game_free(b.game[0]);
    dt_model_free(b.model);
    return nodes / seconds;
}

int main(int argc, char **argv)
{
    bench_need(argc == 3, "usage: bench MODEL RESULT.json");
    bench b = {.path = argv[1]};
    bench_need(dt_model_read(b.path, &options, &b.model) == DT_OK, "the model is refused");
    b.policies = dt_model_count(b.model, DT_POLICIES);
    bench_need(b.policies <= POLICIES, "too many policies");
    b.world = calloc(dt_model_count(b.model, DT_PARAMETERS) + 1, sizeof *b.world);
    bench_need(b.world, "no memory");

    double parse_s = median_seconds(parse, &b);
    double explore_s = median_seconds(explore_all, &b);
    double nodes = 0, branches = 0, bytes = 0;
    for (size_t p = 0; p < b.policies; p++) {
        dt_counts counts = dt_game_counts(b.game[p]);
        nodes += (double)counts.nodes;
        branches += (double)counts.branches;
        bytes += (double)counts.bytes;
    }
    double solve_s = median_seconds(solve_first, &b);
    double world_s = median_seconds(solve_first_with_outcomes, &b);
    double all_s = median_seconds(solve_all_with_outcomes, &b);
    int lookahead = dt_model_lookahead(b.model);
    double periods = dt_model_horizon(b.model) + (lookahead > 0 ? lookahead : 0);
    double first_nodes = (double)dt_game_counts(b.game[0]).nodes;

    bench_numbers numbers = {.count = 0};
    const struct bench_number result[] = {
        {"policies",                   (double)b.policies,                      "policies of the model"                          },
        {"nodes",                      nodes,                                   "nodes, all policies"                            },
        {"branches",                   branches,                                "branches, all policies"                         },
        {"parse_s",                    parse_s,                                 "seconds to parse and check the text"            },
        {"explore_s",                  explore_s,                               "seconds to explore every policy"                },
        {"explore_nodes_per_s",        nodes / explore_s,                       "nodes explored per second"                      },
        {"explore_branches_per_s",     branches / explore_s,                    "branches explored per second"                   },
        {"explore_walk_nodes_per_s",   explore_rate(WALK),                      "the same, a walk of 3 branches a node"          },
        {"explore_maze_nodes_per_s",   explore_rate(MAZE),
         "the same, where no two nodes have anything in common"                                                                  },
        {"solve_s",                    solve_s,                                 "seconds to solve one world, one policy"         },
        {"korea_world_s",              world_s,                                 "seconds for one world, one policy, outcomes too"},
        {"korea_world_all_policies_s", all_s,                                   "seconds for one world, every policy"            },
        {"korea_check_and_run_s",      parse_s + explore_s + all_s,             "seconds from text to outcomes"                  },
        {"node_ns",                    1e9 * solve_s / (first_nodes * periods), "nanoseconds per node and period"                },
        {"bytes_per_node",             bytes / nodes,                           "bytes of the graph per node"                    },
        {"branches_per_node",          branches / nodes,                        "branches per node"                              },
    };
    for (size_t i = 0; i < sizeof result / sizeof result[0]; i++)
        bench_add(&numbers, result[i].name, result[i].number, result[i].text);
    bench_lanes(b.model, b.game[0], world_s, &numbers);
    FILE *file = fopen(argv[2], "w");
    bench_need(file, "can't write the result");
    fprintf(file, "{\n");
    for (size_t i = 0; i < numbers.count; i++) {
        const struct bench_number *n = &numbers.at[i];
        const char *end = i + 1 < numbers.count ? "," : "";
        if (isfinite(n->number)) {
            printf("%-28s %14.6g  %s\n", n->name, n->number, n->text);
            fprintf(file, "  \"%s\": %.9g%s\n", n->name, n->number, end);
        } else {
            printf("%-28s %14s  %s\n", n->name, "-", n->text);
            fprintf(file, "  \"%s\": null%s\n", n->name, end);
        }
    }
    fprintf(file, "}\n");
    bench_need(fclose(file) == 0, "can't write the result");
    for (size_t p = 0; p < b.policies; p++)
        dt_game_free(b.game[p]);
    dt_model_free(b.model);
    free(b.world);
    return 0;
}
