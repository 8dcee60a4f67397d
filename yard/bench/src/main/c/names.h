/*
 * What the programs that look names up have in common: for each line "LETTER ROUND COUNT" of their input they look up as many names
 * and write the time of all and the 99th percentile of one, both in nanoseconds. They end with their input.
 */

#ifndef NAMES_H
#define NAMES_H

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define NAME_BYTES 64
#define MOST_NAMES 100000
#define PERCENTILE 99
#define HUNDRED 100

static char letter;
static int round_number, names;
static long long nanos_of_each[MOST_NAMES];

static void fail(const char *what, const char *why) {
    fprintf(stderr, "%s: %s\n", what, why);
    exit(1);
}

static long long now_nanos(void) {
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000ll + now.tv_nsec;
}

static void write_name(int index, char *name) {
    snprintf(name, NAME_BYTES, "%c%d.r%d.names.test", letter, index, round_number);
}

static int compare(const void *one, const void *other) {
    long long a = *(const long long *)one, b = *(const long long *)other;

    return (a > b) - (a < b);
}

/* Returns whether there is a round. */
static int next_round(void) {
    char line[NAME_BYTES];

    return fgets(line, sizeof line, stdin) != NULL
            && sscanf(line, "%c %d %d", &letter, &round_number, &names) == 3 && names > 0 && names <= MOST_NAMES;
}

static void tell_round(long long begin_nanos) {
    long long all = now_nanos() - begin_nanos;

    qsort(nanos_of_each, (size_t)names, sizeof *nanos_of_each, compare);
    printf("%lld %lld\n", all, nanos_of_each[(names * PERCENTILE + HUNDRED - 1) / HUNDRED - 1]);
    fflush(stdout);
}

#endif
