package dev.heddle.net;

import dev.heddle.Waiter;
import dev.heddle.internal.Throwables;
import dev.heddle.internal.WaitLine;
import org.jspecify.annotations.Nullable;

/**
 * One look-up of a name: under way, with those who wait for it, or done, with its answer and the time it is good for.
 *
 * @param <T> the answer
 */
final class Lookup<T> {

    private final String name;
    private final WaitLine<Call> waiting = new WaitLine<>();
    private @Nullable T answer;
    private @Nullable Throwable failure;
    private long goodUntilNanos;
    private Runnable abandoned = () -> {};

    Lookup(String name) {
        this.name = name;
    }

    boolean isDone() {
        return answer != null || failure != null;
    }

    /** Whether its answer is too old to be given. */
    boolean isStale(long now) {
        return isDone() && now - goodUntilNanos >= 0;
    }

    /** Waits for the answer, for {@link Dns#DEADLINE} at most. */
    T await() {
        if (!isDone()) {
            park();
        }
        if (answer != null) {
            return answer;
        }
        if (failure != null) {
            throw new ResolveException(name, reason(failure), failure);
        }
        throw new ResolveException(name, "no answer within " + Dns.DEADLINE.toSeconds() + " s", null);
    }

    private void park() {
        Call call = waiting.add(new Call(new Waiter("resolving " + name)));
        try {
            call.waiter.awaitWithin(Dns.DEADLINE);
        } finally {
            waiting.remove(call);
            if (!isDone() && waiting.isEmpty()) {
                abandoned.run();
            }
        }
    }

    /** Says what to do when nobody waits for it any more; else it goes on. */
    void whenAbandoned(Runnable action) {
        abandoned = action;
    }

    /** The JDK's messages begin with the name, which stands in ours already. */
    private String reason(Throwable e) {
        String words = Throwables.describe(e);
        return words.startsWith(name + ": ") ? words.substring(name.length() + 2) : words;
    }

    void succeed(T found, long goodUntil) {
        answer = found;
        done(goodUntil);
    }

    void fail(Throwable e, long goodUntil) {
        failure = e;
        done(goodUntil);
    }

    /** How many wait for it. */
    int waiting() {
        return waiting.size();
    }

    private void done(long goodUntil) {
        goodUntilNanos = goodUntil;
        waiting.wakeAll();
    }

    private static final class Call extends WaitLine.Call<Call> {
        Call(Waiter waiter) {
            super(waiter);
        }
    }
}
