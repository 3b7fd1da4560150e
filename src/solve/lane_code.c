/*
 * What each kernel offers. One source for every kernel (lane.h).
 */
#include "solve/sweep.h"

extern const dt_lane_sweep DT_KERNEL(dt_lane_worlds), DT_KERNEL(dt_lane_nodes);
extern const dt_lane_code DT_KERNEL(dt_lane_code);

const dt_lane_code DT_KERNEL(dt_lane_code) = {
    DT_KERNEL(dt_lane_space_new),    &DT_KERNEL(dt_lane_worlds),
    &DT_KERNEL(dt_lane_nodes),       DT_KERNEL(dt_lane_signal_space_new),
    DT_KERNEL(dt_lane_signal_solve), DT_KERNEL(dt_lane_signal_told),
};
