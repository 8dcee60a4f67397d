package dev.heddle.internal;

import java.util.concurrent.Callable;

/**
 * A body of a worker pool that somebody else runs, such as another process, and that can be handed over before its turn.
 *
 * <pre>
 *   queued ──{@link AheadWorker#takeAhead}──▶ ahead ──its turn──▶ call(), or settle() if it was cancelled
 *     ▲                                    │
 *     └──────{@link AheadWorker#putBack}────────┘
 * </pre>
 *
 * @param <T> the result
 */
public interface AheadBody<T> extends Callable<T> {

    /** Whether it may be handed over before its turn. Called behind the pool's lock. */
    boolean mayGoAhead();

    /**
     * It is ahead and nobody wants it any more: it should be put back, or else its end be hurried. Any thread; its turn comes all the
     * same, unless it is put back before.
     */
    void forgo();

    /** Called on the worker at the end of its turn: sees to it that it has ended where it was handed over, if it was and was not called. */
    void settle();
}
