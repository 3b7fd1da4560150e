/*
 * Whether the design has rows enough for what it was made for: of Saltelli's and Shapley's so many that
 * an index can be told from noise, and first-order indices whose sum isn't above 1 by more than its
 * error; of Morris' trajectories more than two levels, between whose ends nothing is seen. Every
 * outcome is looked at under every policy.
 */
#include <math.h>

#include "robust/finding.h"
#include "robust/ranking.h"
#include "robust/sobol.h"
#include "study/copula.h"

/* First-order indices that sum to more than 1. */
static void find_sums(dt_diagnosing *d, size_t groups)
{
    const dt_study_data *data = d->data;
    dt_name_list names = dt_names(d->scratch, DT_NAMES_FOUND);
    double most = 0;
    size_t looked_at = 0;
    for (size_t o = 0; o < data->outcomes; o++) {
        for (size_t p = 0; p < data->policies; p++) {
            const dt_blocks blocks = dt_blocks_of(d->scratch, data, p, o, groups);
            if (blocks.rows < 2 || !dt_varies(blocks.a, 2 * blocks.rows))
                continue;
            double sum, error;
            dt_sobol_sum(&blocks, &sum, &error);
            looked_at++;
            most = fmax(most, sum);
            if (sum - error > 1)
                dt_name_add(&names, "%s under %s (%.2f)",
                            dt_model_item(data->model, DT_OUTCOMES, o),
                            dt_model_item(data->model, DT_POLICIES, data->policy[p]), sum);
        }
    }
    dt_text text = {.arena = d->arena};
    if (names.count)
        dt_text_print(
            &text,
            "First-order indices are shares of the variance, but those of %zu of %zu outcomes "
            "under a policy sum to more than 1 by more than their error: %s. The rows are too few.",
            names.count, looked_at, dt_name_list_end(&names));
    else
        dt_text_print(
            &text,
            "%zu rows; nowhere do first-order indices sum to more than 1 by more than their error.",
            data->trajectories);
    dt_find(d, "indices", names.count ? DT_VERDICT_CAUTION : DT_VERDICT_GOOD, most, &text);
}

void dt_find_design(dt_diagnosing *d)
{
    const dt_study_data *data = d->data;
    dt_text text = {.arena = d->arena};
    const bool blocks = data->design == DT_DESIGN_SALTELLI || data->design == DT_DESIGN_SHAPLEY;
    if (data->design == DT_DESIGN_MORRIS) {
        const bool two = data->points == 2;
        if (two)
            dt_text_print(
                &text,
                "Trajectories of two levels step from end to end of a range: what happens between "
                "isn't seen, and a number whose ends are alike seems to do nothing.");
        else
            dt_text_print(&text, "%zu trajectories of %zu levels.", data->trajectories,
                          data->points);
        dt_find(d, "indices", two ? DT_VERDICT_CAUTION : DT_VERDICT_GOOD, (double)data->points,
                &text);
    } else if (blocks && data->trajectories < DT_LEAST_ROWS) {
        dt_text_print(&text,
                      "%zu rows are fewer than %d: no index of this study can be told from noise.",
                      data->trajectories, DT_LEAST_ROWS);
        dt_find(d, "indices", DT_VERDICT_BAD, (double)data->trajectories, &text);
    } else if (data->design == DT_DESIGN_SALTELLI) {
        size_t *group = dt_new(d->scratch, size_t, data->varied);
        find_sums(d, dt_joint_groups(d->scratch, data->model, data->vary, data->varied, group));
    } else if (blocks) {
        dt_text_print(&text, "%zu rows.", data->trajectories);
        dt_find(d, "indices", DT_VERDICT_GOOD, (double)data->trajectories, &text);
    }
}
