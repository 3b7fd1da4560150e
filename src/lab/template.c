/*
 * The template's bytes, which the assembler takes from the file that the build has made. Where there
 * is none, as in the engine of the page itself, it is empty.
 */
#include "lab/template.h"

#ifdef DT_TEMPLATE
__asm__(".section .rodata\n"
        ".globl dt_template\n"
        "dt_template:\n"
        ".incbin \"" DT_TEMPLATE "\"\n"
        ".globl dt_template_end\n"
        "dt_template_end:\n"
        ".byte 0\n"
        ".text\n");

extern const char dt_template_end[];

size_t dt_template_length(void)
{
    return (size_t)(dt_template_end - dt_template);
}
#else
const char dt_template[] = "";

size_t dt_template_length(void)
{
    return 0;
}
#endif
