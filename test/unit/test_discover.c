/*
 * Scenario discovery: PRIM's box sizes on a published kind of example, a box that is known, quasi-p
 * values and trees by hand, parameters with few numbers, and what is constant.
 */
#include "made.h"

#include "robust/tree.h"

enum { POINTS = 1000, PARAMETERS = 5 };

/* x_i = van der Corput(i; 2, 3, 5, 7, 11), i = 1 … 1000; of interest where x0 < .5, x1 > .6, x2 < .7. */
static made *corput(void)
{
    static const size_t base[PARAMETERS] = {2, 3, 5, 7, 11};
    made *m = make(1, PARAMETERS, POINTS);
    for (size_t w = 0; w < POINTS; w++) {
        for (size_t i = 0; i < PARAMETERS; i++)
            *parameter_of(m, w, i) = van_der_corput(w + 1, base[i]);
        const double *x = parameter_of(m, w, 0);
        numbers(m, 0, MORE)[w] = x[0] < 0.5 && x[1] > 0.6 && x[2] < 0.7;
    }
    return m;
}

static dt_discovery *discover(made *m, const char *where, double peel, double least)
{
    dt_criterion criterion;
    assert_int_equal(dt_criterion_read(m->data.model, where, &m->options, &criterion), DT_OK);
    const dt_discover_how how = {
        .criteria = 1, .criterion = &criterion, .peel = peel, .least = least, .box = SIZE_MAX};
    dt_discovery *d;
    assert_int_equal(dt_discover(&m->data, &how, &m->options, &d), DT_OK);
    return d;
}

static void box_sizes(void **state)
{
    (void)state;
    static const size_t size[] = {1000, 900, 810, 729, 656, 590, 531, 477, 429, 386, 347,
                                  312,  280, 252, 226, 203, 182, 163, 146, 131, 117};
    made *m = corput();
    dt_discovery *d = discover(m, "more > 0.5", 0.1, 0.05);
    assert_int_equal(d->boxes, sizeof size / sizeof *size);
    for (size_t b = 0; b < d->boxes; b++)
        assert_int_equal(d->box[b].points, size[b]);
    dt_discovery_free(d);
    unmake(m);
}

/* The box that is described is the one that was put in: three limits, near .5, .6 and .7, in every
 * half, each improbable by chance; the tree splits by the same parameters. */
static void the_box_is_found(void **state)
{
    (void)state;
    made *m = corput();
    dt_discovery *d = discover(m, "more > 0.5", 0.05, 0.05);
    const dt_box *box = &d->pruned;
    assert_int_equal(d->chosen, d->suggested);
    assert_int_equal(box->limits, 3);
    assert_int_equal(box->restricted, 3);
    static const double at[] = {0.5, 0.6, 0.7};
    for (size_t l = 0; l < 3; l++) {
        assert_int_equal(box->limit[l].parameter, l);
        assert_int_equal(box->limit[l].upper, l != 1);
        assert_float_equal(box->limit[l].at, at[l], 0.04);
        assert_true(box->limit[l].quasi_p < 1e-6);
        assert_float_equal(box->limit[l].recurrence, 1, 1e-12);
    }
    assert_true(box->coverage > 0.85 && box->density > 0.85);
    assert_int_equal(d->tree.parameters, 3);
    assert_true(d->tree.density > 0.85 && d->tree.coverage >= box->coverage - 1e-12);
    assert_true(d->tree.agreement > 0.95);
    dt_discovery_free(d);
    unmake(m);
}

/* Numbers that few points share are peeled together; a parameter that has one number never is. */
static void few_numbers(void **state)
{
    (void)state;
    made *m = make(1, 2, 400);
    for (size_t w = 0; w < 400; w++) {
        *parameter_of(m, w, 0) = (double)(w % 4);
        *parameter_of(m, w, 1) = 7;
        numbers(m, 0, MORE)[w] = w % 4 == 2;
    }
    dt_discovery *d = discover(m, "more >= 1", 0.05, 0.05);
    assert_int_equal(d->boxes, 4);
    const dt_box *box = &d->box[3];
    assert_int_equal(box->points, 100);
    assert_float_equal(box->density, 1, 0);
    assert_float_equal(box->coverage, 1, 0);
    assert_int_equal(box->restricted, 1);
    assert_int_equal(box->limits, 2);
    assert_float_equal(box->limit[0].at, 1.5, 0);
    assert_float_equal(box->limit[1].at, 2.5, 0);
    /* without its upper limit the box holds 100 of 200 of interest: .5^100; and so below */
    assert_float_equal(box->limit[1].quasi_p, pow(0.5, 100), 1e-40);
    assert_float_equal(box->limit[0].quasi_p, pow(1.0 / 3, 100), 1e-55);
    dt_discovery_free(d);
    unmake(m);
}

static void nothing_to_discover(void **state)
{
    (void)state;
    made *m = corput();
    dt_discovery *d = discover(m, "more > 2", 0, 0);
    assert_int_equal(d->interest, 0);
    assert_int_equal(d->boxes, 0);
    dt_discovery_free(d);
    d = discover(m, "more < 2", 0, 0);
    assert_int_equal(d->interest, POINTS);
    assert_int_equal(d->boxes, 0);
    dt_discovery_free(d);
    dt_criterion criterion;
    assert_int_equal(dt_criterion_read(m->data.model, "more > 0.5", &m->options, &criterion),
                     DT_OK);
    const dt_discover_how how = {.criteria = 1, .criterion = &criterion, .box = 9999};
    assert_int_equal(dt_discover(&m->data, &how, &m->options, &d), DT_INVALID);
    assert_string_equal(m->log.codes, "no-box");
    assert_null(d);
    unmake(m);
}

/* Interest that has nothing to do with the parameters: whatever box is peeled, no limit of it both
 * is improbable and recurs. */
static void chance_is_not_a_box(void **state)
{
    (void)state;
    made *m = make(1, 3, 600);
    double *column = test_calloc(600, sizeof(double));
    for (size_t i = 0; i < 4; i++) {
        fill_random(column, 600, 20 + i);
        for (size_t w = 0; w < 600; w++) {
            if (i < 3)
                *parameter_of(m, w, i) = column[w];
            else
                numbers(m, 0, MORE)[w] = column[w];
        }
    }
    test_free(column);
    dt_discovery *d = discover(m, "more > 0.7", 0, 0);
    const dt_box *box = &d->box[d->chosen];
    for (size_t l = 0; l < box->limits; l++)
        assert_false(box->limit[l].quasi_p < 0.001 && box->limit[l].recurrence > 0.9);
    dt_discovery_free(d);
    unmake(m);
}

/* Of a crossed study the deep draws are the points, and only deep parameters limit the box. What one
 * world lacks, another program having written to the file, is a world that failed. */
static void crossed(void **state)
{
    (void)state;
    enum { DEEP = 200, RISK = 4 };
    made *m = make(1, 2, DEEP * RISK);
    m->data.deep = DEEP;
    m->data.risk = RISK;
    for (size_t d = 0; d < DEEP; d++) {
        for (size_t r = 0; r < RISK; r++) {
            const size_t w = d * RISK + r;
            *parameter_of(m, w, 0) = van_der_corput(d + 1, 2);
            *parameter_of(m, w, 1) = van_der_corput(d + 1, 3);
            /* on average 1 above .5 and 0 below, whatever a single world brings */
            numbers(m, 0, MORE)[w] = (*parameter_of(m, w, 0) > 0.5) + 10 * ((double)r - 1.5);
        }
    }
    dt_discovery *d = discover(m, "more > 0.5", 0, 0);
    assert_int_equal(d->basis.points, DEEP);
    assert_int_equal(d->interest, DEEP / 2 - 1); /* 1/2 itself is not above it */
    assert_int_equal(d->pruned.limits, 1);
    assert_int_equal(d->pruned.limit[0].parameter, 0);
    assert_float_equal(d->pruned.limit[0].at, 0.5, 0.05);
    dt_discovery_free(d);
    numbers(m, 0, MORE)[17] = NAN;
    numbers(m, 0, LESS)[RISK * 3] = INFINITY;
    *parameter_of(m, 99, 1) = NAN;
    d = discover(m, "more > 0.5", 0, 0);
    assert_int_equal(d->basis.failed, 3);
    assert_int_equal(d->basis.points, DEEP);
    dt_discovery_free(d);
    unmake(m);
}

/* A tree by hand: y = x0 > .5 or (x0 < .25 and x1 > .5), which two splits and one more tell. */
static dt_status grow_tree(dt_arena *arena, void *argument)
{
    (void)argument;
    enum { SIDE = 20 };
    static double x[2 * SIDE * SIDE];
    static bool interest[SIDE * SIDE], inside[SIDE * SIDE];
    size_t count = 0;
    for (size_t n = 0; n < SIDE * SIDE; n++) {
        const double a = x[n] = ((double)(n % SIDE) + 0.5) / SIDE;
        const double b = x[SIDE * SIDE + n] = ((double)n / SIDE + 0.5) / SIDE;
        interest[n] = a > 0.5 || (a < 0.25 && b > 0.5);
        count += interest[n];
    }
    static const size_t name[] = {3, 8};
    dt_prim prim = {.parameters = 2,
                    .points = SIDE * SIDE,
                    .x = x,
                    .interest = interest,
                    .name = name,
                    .peel = 0.05,
                    .least = 0.05};
    prim.sorted = dt_prim_sort(arena, x, 2, SIDE * SIDE);
    dt_tree_answer t = dt_tree(arena, arena, &prim, 1, 0, inside);
    assert_int_equal(t.leaves, 4);
    assert_int_equal(t.taken, 2);
    assert_int_equal(t.parameters, 2);
    assert_int_equal(t.parameter[0], 3);
    assert_int_equal(t.parameter[1], 8);
    assert_float_equal(t.coverage, 1, 0);
    assert_float_equal(t.density, 1, 0);
    assert_memory_equal(inside, interest, sizeof interest);
    t = dt_tree(arena, arena, &prim, 0.5, 0, inside); /* the larger leaf is enough */
    assert_int_equal(t.taken, 1);
    assert_float_equal(t.coverage, 200.0 / (double)count, 1e-15);
    return DT_OK;
}

static void a_tree(void **state)
{
    (void)state;
    in_arena(grow_tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(box_sizes),
        cmocka_unit_test(the_box_is_found),
        cmocka_unit_test(few_numbers),
        cmocka_unit_test(nothing_to_discover),
        cmocka_unit_test(chance_is_not_a_box),
        cmocka_unit_test(crossed),
        cmocka_unit_test(a_tree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
