package dev.heddle.cli.runs;

import java.time.Instant;

/**
 * The record that a page keeps of one run of a load.
 *
 * @param name what people call it
 * @param begun when it began
 * @param url what was asked for, without its query, which may be a secret
 * @param connections how many requests were under way at once
 * @param rate requests that were due per second; 0 if each connection asked again when it had its answer
 * @param seconds the time that was measured
 * @param interrupted whether it was cut off
 * @param requests how many have ended, in whatever way
 * @param bad those of them without a reply with a status below 400
 * @param missed requests that were due and never sent
 * @param perSecond whole replies per second
 * @param times how long the replies took
 */
public record LoadRun(
        String name,
        Instant begun,
        String url,
        int connections,
        int rate,
        double seconds,
        boolean interrupted,
        long requests,
        long bad,
        long missed,
        double perSecond,
        Latencies times) {

    /** Most characters of a name. */
    public static final int MAX_NAME = 60;

    LoadRun withName(String other) {
        return new LoadRun(other, begun, url, connections, rate, seconds, interrupted, requests, bad, missed, perSecond,
                times);
    }

    boolean hasTimes() {
        return times.count() > 0;
    }
}
