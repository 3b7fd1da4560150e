/*
 * What is alike in a game: the classes found by hashing against the definition, applied here by
 * sorting, on every small model, the classics and the Korea model; a model worked out by hand; and
 * what classes are for: nodes of a class are played alike in every period.
 */
#include "play.h"

#include <math.h>

/* The class of each place and cell, found from the definition: lowest of those that compare equal. */
typedef struct classes {
    const dt_game *game;
    uint32_t *place;  /* [places] */
    uint32_t *cell;   /* [cells] */
    uint64_t *branch; /* [branches] class of target and coefficient, sorted within each cell */
} classes;

static classes *sorted; /* what the comparisons below compare */

static int order(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int by_number(const void *x, const void *y)
{
    return order(*(const uint64_t *)x, *(const uint64_t *)y);
}

static int compare_leaves(uint32_t a, uint32_t b)
{
    const dt_game *game = sorted->game;
    int differ = order(game->leaf_payoff[a - game->nodes], game->leaf_payoff[b - game->nodes]);
    return differ ? differ
                  : order(game->leaf_next[a - game->nodes], game->leaf_next[b - game->nodes]);
}

static int compare_cells(uint32_t a, uint32_t b)
{
    const dt_game *game = sorted->game;
    uint64_t i = game->cell_branch[a], j = game->cell_branch[b];
    uint64_t count = game->cell_branch[a + 1] - i;
    int differ = order(dt_cell_row(game, a), dt_cell_row(game, b));
    if (!differ)
        differ = order(count, game->cell_branch[b + 1] - j);
    for (uint64_t k = 0; k < count && !differ; k++)
        differ = order(sorted->branch[i + k], sorted->branch[j + k]);
    return differ;
}

static int compare_nodes(uint32_t a, uint32_t b)
{
    const dt_game *game = sorted->game;
    int differ = order(game->node_menu[a], game->node_menu[b]);
    uint64_t cells = game->node_cell[a + 1] - game->node_cell[a];
    for (uint64_t k = 0; k < cells && !differ; k++)
        differ = order(sorted->cell[game->node_cell[a] + k], sorted->cell[game->node_cell[b] + k]);
    return differ;
}

static int (*comparison)(uint32_t a, uint32_t b);

static int by_comparison(const void *x, const void *y)
{
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
    int differ = comparison(a, b);
    return differ ? differ : order(a, b);
}

/* Puts into class[] the lowest item among first … end-1 that compares equal. */
static void classify(int (*compare)(uint32_t a, uint32_t b), uint32_t first, uint32_t end,
                     uint32_t *class)
{
    uint32_t *item = calloc(end - first + 1, sizeof *item);
    assert_non_null(item);
    for (uint32_t i = first; i < end; i++)
        item[i - first] = i;
    comparison = compare;
    qsort(item, end - first, sizeof *item, by_comparison);
    for (uint32_t i = 0; i < end - first; i++) {
        bool same = i > 0 && compare(item[i - 1], item[i]) == 0;
        class[item[i]] = same ? class[item[i - 1]] : item[i];
    }
    free(item);
}

static uint32_t distinct(const uint32_t *class, size_t count)
{
    uint32_t own = 0;
    for (size_t i = 0; i < count; i++)
        own += class[i] == i;
    return own;
}

static void check_game(const dt_game *game)
{
    const size_t places = (size_t)game->nodes + game->leaves;
    classes found = {game, calloc(places, sizeof(uint32_t)),
                     calloc(game->cells + 1, sizeof(uint32_t)),
                     calloc(game->branches + 1, sizeof(uint64_t))};
    assert_true(found.place && found.cell && found.branch);
    sorted = &found;
    classify(compare_leaves, game->nodes, game->nodes + game->leaves, found.place);
    for (uint32_t s = game->stages; s-- > 0;) {
        uint64_t first = game->node_cell[game->stage_first[s]];
        uint64_t end = game->node_cell[game->stage_first[s + 1]];
        for (uint64_t c = first; c < end; c++) {
            uint64_t b = game->cell_branch[c], count = game->cell_branch[c + 1] - b;
            for (uint64_t i = b; i < b + count; i++)
                found.branch[i] = (uint64_t)found.place[game->branch_target[i]] << 32 |
                                  dt_branch_coefficient(game, c, i);
            qsort(found.branch + b, count, sizeof *found.branch, by_number);
        }
        classify(compare_cells, (uint32_t)first, (uint32_t)end, found.cell);
        classify(compare_nodes, game->stage_first[s], game->stage_first[s + 1], found.place);
    }
    for (uint32_t n = 0; n < game->nodes; n++)
        assert_int_equal(game->node_same[n], found.place[n]);
    for (uint32_t l = 0; l < game->leaves; l++)
        assert_int_equal(game->nodes + game->leaf_same[l], found.place[game->nodes + l]);
    for (uint64_t c = 0; c < game->cells; c++)
        assert_int_equal(game->cell_same[c], found.cell[c]);
    free(found.place);
    free(found.cell);
    free(found.branch);
}

static int merged; /* nodes of another's class, all models together */

/* Equals do equally well, so they do the same. */
static void check_solution(dt_solution *solution, const dt_options *options)
{
    (void)options;
    const dt_game *game = solution->game;
    check_game(game);
    for (uint32_t n = 0; n < game->nodes; n++) {
        const dt_menu *menu = &game->menu[game->node_menu[n]];
        uint32_t same = game->node_same[n];
        uint32_t stage = dt_game_stage(game, n);
        merged += same != n;
        assert_true(same <= n && dt_game_stage(game, same) == stage);
        for (uint32_t t = 0; t < game->periods; t++) {
            if (n - game->stage_first[stage] >= dt_game_count(game, stage, t))
                continue;
            const double *one = dt_strategy_at(solution->strategy, game, t, n);
            const double *other = dt_strategy_at(solution->strategy, game, t, same);
            for (int o = 0; o < menu->total; o++)
                assert_true(fabs(one[o] - other[o]) <= 1e-12);
        }
    }
}

static void test_small_models(void **state)
{
    (void)state;
    assert_true(play_all(check_solution) > PLAY_MODELS_COUNT);
    assert_true(merged > 0);
}

static void check_model(const char *path)
{
    play_log log;
    const dt_options options = play_options(&log);
    dt_model *model;
    assert_int_equal(dt_model_read(path, &options, &model), DT_OK);
    for (size_t p = 0; p < dt_model_count(model, DT_POLICIES); p++) {
        dt_game *game;
        assert_int_equal(dt_game_explore(model, p, &options, &game), DT_OK);
        check_game(game);
        dt_game_free(game);
    }
    dt_model_free(model);
}

static void test_shipped_models(void **state)
{
    (void)state;
    static const char *const name[] = {"arms-race",        "bargain",           "crisis",
                                       "matching-pennies", "mckelvey-mclennan", "prisoners-dilemma",
                                       "stag-hunt"};
    for (size_t i = 0; i < sizeof name / sizeof name[0]; i++) {
        char path[512];
        snprintf(path, sizeof path, "%s/models/classics/%s.dtn", DT_ROOT, name[i]);
        check_model(path);
    }
    check_model(DT_ROOT "/test/referee/korea-first.dtn");
}

/* Play is over after the one period, so leaves n=0 and n=2 are alike: neither pays. At t1 the first
 * node differs, as its x leads to n=1; the other two are told apart by a choice that makes no
 * difference. The two chance nodes come to the same in another order. */
static void test_by_hand(void **state)
{
    (void)state;
    play_log log;
    const dt_options options = play_options(&log);
    dt_model *model = play_text(
        "model m\nhorizon 1\nactor A\nparam p = 0.3\nstate n : 0..2 = 0\n"
        "stage t0 : A { A.a ; A.b ; A.c ; A.d ; A.e }\n"
        "stage t1 : A when t0.A == a or t0.A == b or t0.A == c {\n"
        "  A.x { if t0.A == a { n := 1 } else { if t0.A == b { n := 0 } else { n := 2 } } }\n"
        "  A.y\n"
        "}\n"
        "stage t2 : chance when t0.A == d or t0.A == e {\n"
        "  if t0.A == d { branch { p { n := 0 } ; p { n := 1 } ; else { n := 2 } } }\n"
        "  else { branch { p { n := 1 } ; p { n := 2 } ; else { n := 0 } } }\n"
        "}\n"
        "payoff A { u = n == 1 }\n",
        &options);
    dt_game *game;
    assert_int_equal(dt_game_explore(model, 0, &options, &game), DT_OK);
    assert_int_equal(game->nodes, 6); /* t0; t1 after a, b, c; t2 after d, e */
    assert_int_equal(game->leaves, 3);
    assert_int_equal(distinct(game->leaf_same, 3), 2);
    const uint32_t node[] = {0, 1, 2, 2, 4, 4};
    assert_memory_equal(game->node_same, node, sizeof node);
    const uint32_t cell[] = {0, 1, 1, 3, 3, 5, 6, 6, 6, 6, 6, 11, 11};
    assert_int_equal(game->cells, sizeof cell / sizeof cell[0]);
    assert_memory_equal(game->cell_same, cell, sizeof cell);
    dt_game_free(game);
    dt_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small_models),
        cmocka_unit_test(test_shipped_models),
        cmocka_unit_test(test_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
