package dev.heddle.http.internal.codec;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The budget of all retries of a client or gateway: each request earns a fifth of one. So a server that fails gets
 * little more load than before, however many tries each request may have. Any thread.
 */
public final class RetryBudget {

    /** One retry, in parts. */
    private static final int RETRY = 5;

    /** What each request earns. */
    private static final int EARNED = 1;

    /** What a client has before its first request, and the most that it can save. */
    private static final int START = 10 * RETRY;

    private static final int MAX = 100 * RETRY;

    private final AtomicInteger left = new AtomicInteger(START);

    /** Makes a budget that is not empty. */
    public RetryBudget() {}

    /** Counts a request, which earns its part. A full one is only read, or all loops would write it at each request. */
    public void requested() {
        if (left.get() < MAX) {
            left.getAndUpdate(n -> Math.min(MAX, n + EARNED));
        }
    }

    /** Takes one retry if there is one. */
    public boolean tryTake() {
        return left.getAndUpdate(n -> n < RETRY ? n : n - RETRY) >= RETRY;
    }
}
