package dev.heddle.sync;

import dev.heddle.Joinable;
import dev.heddle.Waiter;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The clause that waits for the end of a task or a promise. */
final class JoinClause<T, R> implements Clause<R> {

    private final Select<R> select;
    private final Joinable<T> joined;
    private final Function<? super T, ? extends R> onResult;
    private @Nullable Runnable forget;

    JoinClause(Select<R> select, Joinable<T> joined, Function<? super T, ? extends R> onResult) {
        this.select = select;
        this.joined = Objects.requireNonNull(joined);
        this.onResult = Objects.requireNonNull(onResult);
    }

    @Override
    public @Nullable OrderedLock lock() {
        return null;
    }

    @Override
    public boolean attempt() {
        return joined.isDone();
    }

    @Override
    public void enqueue(Waiter waiter) {
        forget = waiter.completeAtEndOf(joined, () -> select.ended(this));
    }

    @Override
    public boolean leave() {
        if (forget != null) {
            forget.run();
            forget = null;
        }
        return false;
    }

    @Override
    public R finish() {
        return onResult.apply(joined.join());
    }

    @Override
    public String toString() {
        return "joining " + joined;
    }
}
