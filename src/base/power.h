/*
 * Powers, the same to the last bit on every machine.
 */
#ifndef DT_BASE_POWER_H
#define DT_BASE_POWER_H

/* base to the power of exponent, within 0.51 units in the last place, or 1 where the result is below
 * the smallest normal number. 1 if the exponent is 0, infinite if the base is 0 and the exponent below
 * 0 or if the result is too large; NaN of a base below 0 whose exponent isn't whole, and of anything
 * that isn't a finite number. */
double dt_raise(double base, double exponent);

#endif
