/*
 * The engine's assert. What doesn't hold ends the worker as it ends the program, but isn't said in words, which would be a
 * twentieth of the engine: the program, of the same sources, says them.
 */
#undef assert
#define assert(claim) ((claim) ? (void)0 : __builtin_trap())
#undef static_assert
#define static_assert _Static_assert
