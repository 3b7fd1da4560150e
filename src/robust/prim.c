/*
 * The Patient Rule Induction Method (Friedman & Fisher 1999; for scenarios Bryant & Lempert 2010). One
 * step takes a thin slice off one side of the box: of every parameter the lowest or the highest
 * ⌈α n⌉ of its n points are candidates. Points with the same number go together, so that a slice of
 * a parameter with few numbers may be thicker; therefore the slice is taken that raises the density
 * most for each point it costs (Kwakkel & Jaxa-Rozen 2016), which among slices of equal size is
 * Friedman and Fisher's own criterion, the densest box. Among equals the first parameter goes first,
 * and its lower side. Peeling ends when no slice raises the density, or the box would hold less than
 * the least share of the points. Nothing is pasted back.
 *
 * Each parameter's points are sorted once; a step passes over those still in the box.
 *
 * Quasi-p (Bryant & Lempert 2010): without one limit the box would hold n' points, h' of interest. If
 * that limit did nothing, the h of interest among the n in the box would be as binomial(n, h'/n')
 * draws; quasi-p is the probability that there are h or more.
 */
#include "robust/prim.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>

typedef struct side {
    bool limited;
    double at;
} side;

typedef struct peeling {
    const dt_prim *prim;
    size_t *sorted; /* [parameters][points] those in the box, ascending, first `points` of a row */
    size_t points, interest;
    size_t all, all_interest;
    side *side; /* [parameters][2] */
    bool *gone; /* [points] */
} peeling;

/* A slice: of a sorted row of the box the points before `end`, or from `end` on. */
typedef struct slice {
    size_t parameter, end;
    bool upper;
    double gain; /* in density, for each point */
} slice;

const size_t *dt_prim_sort(dt_arena *arena, const double *x, size_t parameters, size_t points)
{
    size_t *sorted = dt_take(arena, parameters, points * sizeof *sorted);
    for (size_t i = 0; i < parameters; i++)
        gsl_sort_index(sorted + i * points, x + i * points, 1, points);
    return sorted;
}

static double number(const peeling *p, size_t parameter, size_t rank)
{
    const size_t all = p->prim->points;
    assert(rank < p->points);
    return p->prim->x[parameter * all + p->sorted[parameter * all + rank]];
}

/* The points that a slice leaves: all but ⌈α n⌉, so ⌊(1 - α) n⌋, whatever rounding makes of α. */
static size_t kept_of(double peel, size_t points)
{
    const size_t kept = (size_t)floor((1 - peel) * (double)points + 1e-9);
    return kept < points ? kept : points - 1;
}

/* The candidate on one side of a parameter. False if it would take all points. */
static bool cut(const peeling *p, size_t parameter, bool upper, slice *found)
{
    const size_t kept = kept_of(p->prim->peel, p->points);
    *found = (slice){.parameter = parameter, .upper = upper};
    if (!upper) {
        size_t end = p->points - kept; /* the first to stay */
        const double at = number(p, parameter, end);
        if (at > number(p, parameter, 0)) {
            while (number(p, parameter, end - 1) == at)
                end--; /* its like stay, too */
        } else {
            while (end < p->points && number(p, parameter, end) == at)
                end++; /* the lowest number is common: all of it goes */
        }
        found->end = end;
        return end < p->points;
    }
    size_t end = kept; /* the first to go */
    const double at = number(p, parameter, end > 0 ? end - 1 : 0);
    if (at < number(p, parameter, p->points - 1)) {
        while (number(p, parameter, end) == at)
            end++;
    } else {
        while (end > 0 && number(p, parameter, end - 1) == at)
            end--;
    }
    found->end = end;
    return end > 0;
}

static void weigh(const peeling *p, slice *s)
{
    const size_t *row = p->sorted + s->parameter * p->prim->points;
    const size_t from = s->upper ? s->end : 0, to = s->upper ? p->points : s->end;
    size_t lost = 0;
    for (size_t r = from; r < to; r++)
        lost += p->prim->interest[row[r]];
    const double before = (double)p->interest / (double)p->points,
                 after = (double)(p->interest - lost) / (double)(p->points - (to - from));
    assert(to > from && lost <= p->interest);
    s->gain = (after - before) / (double)(to - from);
}

/* The slice to take; false if there is none that helps. */
static bool choose(const peeling *p, slice *best)
{
    *best = (slice){.gain = 0};
    for (size_t i = 0; i < p->prim->parameters; i++) {
        for (int upper = 0; upper <= 1; upper++) {
            slice s;
            if (!cut(p, i, upper != 0, &s))
                continue;
            weigh(p, &s);
            const size_t left = s.upper ? s.end : p->points - s.end;
            if ((double)left < p->prim->least * (double)p->all)
                continue;
            if (s.gain > best->gain + 1e-15)
                *best = s;
        }
    }
    return best->gain > 0;
}

static void take(peeling *p, const slice *s)
{
    const size_t all = p->prim->points;
    const size_t *row = p->sorted + s->parameter * all;
    const size_t from = s->upper ? s->end : 0, to = s->upper ? p->points : s->end;
    side *limit = &p->side[2 * s->parameter + s->upper];
    limit->limited = true;
    limit->at = (number(p, s->parameter, s->end - 1) + number(p, s->parameter, s->end)) / 2;
    for (size_t r = from; r < to; r++) {
        p->gone[row[r]] = true;
        p->interest -= p->prim->interest[row[r]];
    }
    const size_t left = p->points - (to - from);
    for (size_t i = 0; i < p->prim->parameters; i++) {
        size_t *points = p->sorted + i * all, stay = 0;
        for (size_t r = 0; r < p->points; r++) { /* without a branch, which nobody could guess */
            const size_t point = points[r];
            points[stay] = point;
            stay += !p->gone[point];
        }
        assert(stay == left);
    }
    p->points = left;
}

static void put_shares(const peeling *p, dt_box *box)
{
    box->coverage = p->all_interest ? (double)box->interest / (double)p->all_interest : (double)NAN;
    box->density = box->points ? (double)box->interest / (double)box->points : (double)NAN;
    box->mass = (double)box->points / (double)p->all;
}

static void take_box(dt_arena *arena, const peeling *p, dt_box *box)
{
    size_t limits = 0;
    for (size_t i = 0; i < 2 * p->prim->parameters; i++)
        limits += p->side[i].limited;
    dt_limit *limit = dt_new(arena, dt_limit, limits);
    *box = (dt_box){.points = p->points,
                    .interest = p->interest,
                    .elsewhere_coverage = NAN,
                    .elsewhere_density = NAN,
                    .limit = limit};
    for (size_t i = 0; i < p->prim->parameters; i++) {
        for (int upper = 0; upper <= 1; upper++) {
            const side *s = &p->side[2 * i + (size_t)upper];
            if (s->limited)
                limit[box->limits++] =
                    (dt_limit){p->prim->name[i], upper != 0, s->at, (double)NAN, (double)NAN};
        }
        box->restricted += p->side[2 * i].limited || p->side[2 * i + 1].limited;
    }
    assert(box->limits == limits);
    put_shares(p, box);
}

struct dt_prim_room {
    size_t *sorted;
    side *side;
    bool *gone;
};

dt_prim_room *dt_prim_room_new(dt_arena *arena, const dt_prim *prim)
{
    dt_prim_room *room = dt_new(arena, dt_prim_room, 1);
    room->sorted = dt_take(arena, prim->parameters, prim->points * sizeof(size_t));
    room->side = dt_new(arena, side, 2 * prim->parameters);
    room->gone = dt_new(arena, bool, prim->points);
    return room;
}

static void start(dt_prim_room *room, const dt_prim *prim, peeling *p)
{
    *p = (peeling){.prim = prim, .sorted = room->sorted, .side = room->side, .gone = room->gone};
    memset(p->side, 0, 2 * prim->parameters * sizeof *p->side);
    memset(p->gone, 0, prim->points * sizeof *p->gone);
    for (size_t n = 0; n < prim->points; n++) {
        const bool in = !prim->in || prim->in[n];
        p->points += in;
        p->interest += in && prim->interest[n];
    }
    p->all = p->points;
    p->all_interest = p->interest;
    for (size_t i = 0; i < prim->parameters; i++) {
        const size_t *from = prim->sorted + i * prim->points;
        size_t *to = p->sorted + i * prim->points, count = 0;
        for (size_t r = 0; r < prim->points; r++) {
            to[count] = from[r];
            count += !prim->in || prim->in[from[r]];
        }
    }
}

size_t dt_prim_peel(dt_arena *arena, dt_prim_room *room, const dt_prim *prim, dt_box **boxes)
{
    assert(prim->peel > 0 && prim->peel < 1 && prim->least > 0);
    dt_list(dt_box) path = {0};
    peeling p;
    start(room, prim, &p);
    dt_box box;
    take_box(arena, &p, &box);
    dt_push(arena, &path, box);
    slice s;
    while (p.points > 1 && p.interest < p.points && choose(&p, &s)) {
        take(&p, &s);
        take_box(arena, &p, &box);
        assert(box.density > path.at[path.count - 1].density);
        dt_push(arena, &path, box);
    }
    *boxes = path.at;
    return path.count;
}

/* ---- a box looked at ---- */

static bool within(const dt_limit *limit, double x)
{
    return limit->upper ? x <= limit->at : x >= limit->at;
}

/* The numbers of the parameter that a limit is about. */
static const double *numbers_of(const dt_prim *prim, const dt_limit *limit)
{
    size_t i = 0;
    while (i < prim->parameters && prim->name[i] != limit->parameter)
        i++;
    assert(i < prim->parameters);
    return prim->x + i * prim->points;
}

void dt_prim_inside(const dt_prim *prim, const dt_box *box, bool *inside)
{
    for (size_t n = 0; n < prim->points; n++)
        inside[n] = !prim->in || prim->in[n];
    for (size_t l = 0; l < box->limits; l++) {
        const double *x = numbers_of(prim, &box->limit[l]);
        for (size_t n = 0; n < prim->points; n++)
            inside[n] &= within(&box->limit[l], x[n]);
    }
}

void dt_prim_count(const dt_prim *prim, dt_box *box, bool *inside)
{
    peeling p = {.prim = prim};
    dt_prim_inside(prim, box, inside);
    box->points = box->interest = box->restricted = 0;
    for (size_t n = 0; n < prim->points; n++) {
        const bool in = !prim->in || prim->in[n];
        p.all += in;
        p.all_interest += in && prim->interest[n];
        box->points += inside[n];
        box->interest += inside[n] && prim->interest[n];
    }
    for (size_t l = 0; l < box->limits; l++)
        box->restricted += l == 0 || box->limit[l].parameter != box->limit[l - 1].parameter;
    put_shares(&p, box);
}

void dt_prim_quasi_p(dt_arena *scratch, const dt_prim *prim, const dt_box *box, dt_limit *limit)
{
    uint32_t *broken = dt_new(scratch, uint32_t, prim->points); /* limits that a point is past, */
    uint32_t *which = dt_new(scratch, uint32_t, prim->points);  /* and the last of them */
    for (size_t l = 0; l < box->limits; l++) {
        const double *x = numbers_of(prim, &box->limit[l]);
        for (size_t n = 0; n < prim->points; n++) {
            if (!within(&box->limit[l], x[n])) {
                broken[n]++;
                which[n] = (uint32_t)l;
            }
        }
    }
    for (size_t l = 0; l < box->limits; l++) {
        size_t points = 0, interest = 0; /* n' and h' */
        for (size_t n = 0; n < prim->points; n++) {
            const bool in =
                (!prim->in || prim->in[n]) && (broken[n] == 0 || (broken[n] == 1 && which[n] == l));
            points += in;
            interest += in && prim->interest[n];
        }
        assert(points >= box->points && interest >= box->interest);
        limit[l].quasi_p = 1;
        if (box->interest > 0)
            limit[l].quasi_p =
                gsl_cdf_binomial_Q((unsigned)box->interest - 1, (double)interest / (double)points,
                                   (unsigned)box->points);
    }
}
