package dev.heddle;

import java.util.Objects;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** One item of {@link Results} on its way to its result. */
final class MappedItem<A, B> {

    /** How mappings are run: in tasks or on workers. */
    interface Starter {

        /**
         * Starts a mapping.
         *
         * @param wait whether to wait for a place if there is none
         * @return cancels the mapping; null, and nothing is started, if there was no place
         */
        @Nullable Runnable start(MappedItem<?, ?> mapping, boolean wait);
    }

    private final Results<A, B> results;
    private final long index;
    private final A item;

    /** Whether it has ended; behind the lock of the results. */
    boolean ended;

    /** What became of it; null if it was started elsewhere, where it is asked for. */
    @Nullable Outcome<B> outcome;

    private Results.@Nullable Started<B> started;

    /** Cancels it, once it is started. */
    volatile @Nullable Runnable canceller;

    MappedItem(Results<A, B> results, long index, A item) {
        this.results = results;
        this.index = index;
        this.item = item;
    }

    /** What the user wrote, to find the line. */
    Object mapper() {
        return results.mapper();
    }

    /** Maps the item; a cancel of the task around it passes on. */
    @Nullable Void run() throws Exception {
        try {
            end(new Outcome.Success<>(results.mapper().map(item)));
        } catch (Throwable e) {
            Task<?> task = Task.currentOrNull();
            if (task != null && task.isOwnCancellation(e)) {
                end(new Outcome.Cancelled<>("the mapping was cancelled: " + task.cancelReason()));
                throw e;
            }
            end(new Outcome.Failure<>(e));
        }
        return null;
    }

    /** The job of the mapping has ended; perhaps it was cancelled, or its pool broke, before it began. */
    void jobEnded(Future<?> job) {
        if (job.state() == Future.State.CANCELLED) {
            end(new Outcome.Cancelled<>("the mapping was cancelled"));
        } else if (job.state() == Future.State.FAILED) {
            end(new Outcome.Failure<>(job.exceptionNow()));
        }
    }

    private void end(Outcome<B> how) {
        results.end(this, how);
    }

    /** Has it started elsewhere; as {@link Starter#start}. */
    @Nullable Runnable startBy(Results.Starter<? super A, B> starter, boolean wait) {
        Results.Started<B> under = starter.start(item, wait, () -> results.end(this, null));
        started = under;
        return under == null ? null : under::cancel;
    }

    /** What the consumer gets, after the end. */
    Results.Mapped<A, B> mapped() {
        Outcome<B> how = outcome;
        return new Results.Mapped<>(index, item, how != null ? how : Objects.requireNonNull(started).outcome());
    }

    void cancel() {
        Runnable cancel = canceller;
        if (cancel != null) {
            cancel.run();
        }
    }
}
