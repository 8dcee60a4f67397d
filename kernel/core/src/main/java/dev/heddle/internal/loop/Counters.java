package dev.heddle.internal.loop;

/**
 * The counters behind a loop's statistics. Written by the loop's thread only; a reader elsewhere sees slightly old
 * numbers.
 */
public final class Counters {
    public long turns;
    public long ran;
    public long spawned;
    public long ended;
    public long polls;
}
