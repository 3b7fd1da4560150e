/*
 * Stages at which somebody knows something, in models of the benchmark's own. One is a walk over a hundred squares whose
 * walker has two types and three actions, followed where it passes by somebody who would trust one of them: for
 * small λ all its games are certain, which is asserted, and it is measured beside the same walk of one type. The
 * other is the chain store of models/classics, where some paths have to be followed.
 */
#define _GNU_SOURCE /* asprintf */
#include <stdio.h>
#include <stdlib.h>

#include "lanes.h"
#include "private.h"

static const char WALK[] = "model walk\nhorizon %d\n%s"
                           "actor S discount 0.9 rationality %d\n"
                           "actor R discount 0.9 rationality %d\n"
                           "state x : 0..9 = 0\nstate y : 0..9 = 0\n"
                           "stage tell : S {\n"
                           "  S.north { x += 1; pay S 0.4 * kind }\n"
                           "  S.east { y += 1; pay S 0.2 }\n"
                           "  S.stay { pay S 0.3 * (1 - kind) }\n"
                           "}\n"
                           "stage answer : R when x == 3 or x == 7 {\n"
                           "  R.trust { pay R kind - 0.5; pay S 0.5 }\n"
                           "  R.doubt\n"
                           "}\n"
                           "payoff S { far = 0.02 * x * y }\n"
                           "payoff R { far = 0.01 * (x - y) }\n"
                           "outcome trust = total(answer.R == trust)\n"
                           "outcome north = last(x * kind)\n";
static const char SECRET[] = "beliefs 16\nprivate S kind : 0..1 = {0: 0.5, 1: 0.5}\n";
static const char KNOWN[] = "param kind = 0.5 judgement\n";

static const char STORE[] = "model store\nhorizon 5\nbeliefs %d\n"
                            "actor I rationality 10\nactor E discount 0 rationality 10\n"
                            "private I nerve : {weak, strong} = {weak: 0.9, strong: 0.1}\n"
                            "stage entry : E {\n  E.enter\n  E.stay\n}\n"
                            "stage reply : I when entry.E == enter {\n"
                            "  I.fight { pay I nerve == strong ? 0 : -1; pay E -0.5 }\n"
                            "  I.yield { pay I nerve == strong ? -1 : 0; pay E 0.5 }\n"
                            "}\n"
                            "payoff I { alone = 2 * (entry.E == stay) }\n";

enum { MOST_LAMBDA = 4, MOST_BELIEFS = 32, WORLDS = 17, AGAIN = 8 };

static dt_model *walk(bench *b, int lambda, bool secret)
{
    char *text;
    bench_need(
        asprintf(&text, WALK, bench_small(b) ? 3 : 20, secret ? SECRET : KNOWN, lambda, lambda) > 0,
        "no memory");
    dt_model *model = bench_parse_text(text);
    free(text);
    return model;
}

static const bench_private *typed(bench *b, int lambda)
{
    static bench_private *kept[MOST_LAMBDA + 1];
    if (!kept[lambda])
        kept[lambda] = bench_private_new(walk(b, lambda, true));
    return kept[lambda];
}

/* `which`: everybody's λ, with which all games are certain. */
double bench_typed(bench *b, int which)
{
    const bench_private *p = typed(b, which);
    const double seconds = bench_private_solve(p);
    bench_need(p->work->count.proved == p->work->count.games, "a game of the walk isn't certain");
    return 1e9 * seconds / (double)p->work->count.games;
}

/* The exact chain with the outcomes, for each game as above. */
double bench_typed_chain(bench *b, int which)
{
    const bench_private *p = typed(b, which);
    double seconds = 0;
    for (int i = 0; i < AGAIN; i++)
        seconds += bench_private_outcomes(p);
    return 1e9 * seconds / AGAIN / (double)p->work->count.games;
}

/* The same walk if everybody knows all, in as many worlds as the other has points: for each node of the walker, period
 * and world. */
double bench_typed_public(bench *b, int which)
{
    static bench_group *group[MOST_LAMBDA + 1];
    static double nodes;
    if (!group[which]) {
        dt_game *game;
        const dt_model *model = walk(b, which, false);
        bench_need(dt_game_explore(model, 0, &bench_options, &game) == DT_OK, "can't explore");
        group[which] =
            bench_group_new(game, bench_nominal(game), 0, bench_kernel(DT_KERNEL_AUTO), true);
        for (uint32_t t = nodes = 0; t < game->periods; t++)
            nodes += dt_game_count(game, 0, t);
    }
    double seconds = 0;
    for (int i = 0; i < AGAIN; i++)
        seconds += bench_group_worlds(group[which], WORLDS, false);
    return 1e9 * seconds / AGAIN / (nodes * WORLDS);
}

/* `which`: the fineness of the grid. Microseconds for each game, certain or not. */
double bench_store(bench *b, int which)
{
    static bench_private *kept[MOST_BELIEFS + 1];
    const int again = bench_small(b) ? 1 : AGAIN;
    if (!kept[which]) {
        char *text;
        bench_need(asprintf(&text, STORE, which) > 0, "no memory");
        kept[which] = bench_private_new(bench_parse_text(text));
        free(text);
    }
    double seconds = 0;
    for (int i = 0; i < again; i++)
        seconds += bench_private_solve(kept[which]);
    return 1e6 * seconds / again / (double)kept[which]->work->count.games;
}
