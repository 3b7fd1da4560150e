/*
 * Judging worlds by their numbers alone, without solving them: what the check over the declared ranges
 * and the count of worlds that will be lost have in common.
 */
#ifndef DT_STUDY_JUDGE_H
#define DT_STUDY_JUDGE_H

#include "base/diagnostic.h"
#include "game/hazard.h"

/* What became of a hazard. */
typedef struct dt_judgement {
    dt_cone cone;
    bool proved;
    double excess;   /* by how much it is off at its worst; 0: nothing found */
    double value;    /* there, */
    uint32_t period; /* in this period, if it reads `now` */
    double *world;   /* [params] there */
    uint64_t wrong;  /* worlds judged by dt_judge_world in which it is off */
} dt_judgement;

/* One game under judgement. */
typedef struct dt_judged {
    const dt_game *game;
    dt_hazards hazard;
    dt_judgement *found; /* [hazards] */
    double *value;       /* [coefficients] work space */
    double *world;       /* [params] work space */
} dt_judged;

typedef struct dt_judge {
    dt_arena *arena;
    const dt_model *model;
    dt_judged *of; /* [count] */
    size_t count;
} dt_judge;

/* Judges `games`, of one model, for parameters within `range` [params], before policies' settings:
 * finds their hazards and proves of them what can be proved. */
dt_judge *dt_judge_new(dt_arena *arena, dt_game *const *games, size_t count,
                       const dt_interval *range);

/* Looks at hazard `h` in a world, a policy's settings included; true if it is wrong there. */
bool dt_judge_number(const dt_judge *judge, dt_judged *of, size_t h, const double *world);

/* Looks at all that isn't proved, in all games, in a world before their policies' settings; true if
 * something is wrong. */
bool dt_judge_world(const dt_judge *judge, const double *world);

/* "the probability 'stray * 30' is 1.8 with stray = 0.06, outside 0..1": a hazard at its worst. */
void dt_judge_print(const dt_judge *judge, dt_judged *of, size_t h, dt_text *text);

#endif
