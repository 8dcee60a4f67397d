package dev.heddle;

/**
 * The counters behind a loop's statistics. Written by the loop's thread only; a reader elsewhere sees slightly old
 * numbers.
 */
final class Counters {
    long turns;
    long ran;
    long spawned;
    long ended;
    long polls;
}
