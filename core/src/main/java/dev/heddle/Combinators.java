package dev.heddle;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Gather, race and map: groups with a rule about results. */
final class Combinators {

    private Combinators() {}

    static <T> List<T> gather(Collection<? extends Callable<? extends T>> bodies) {
        List<Task<T>> tasks = new ArrayList<>(bodies.size());
        runGroup(group -> {
            for (Callable<? extends T> body : bodies) {
                tasks.add(group.spawnAs(null, body, body));
            }
            return null;
        });
        List<T> results = new ArrayList<>(tasks.size());
        for (Task<T> task : tasks) {
            results.add(task.join());
        }
        return results;
    }

    static <T> T race(Collection<? extends Callable<? extends T>> bodies) {
        if (bodies.isEmpty()) {
            throw new IllegalArgumentException("a race needs at least one body");
        }
        Race<T> race = new Race<>();
        runGroup(group -> {
            for (Callable<? extends T> body : bodies) {
                Objects.requireNonNull(body);
                group.spawnAs(null, TaskGroup.asCallable(() -> race.run(group, body)), body);
            }
            return null;
        });
        return race.result();
    }

    static <A, B> List<B> map(Iterable<? extends A> items, int limit, Heddle.Mapper<? super A, ? extends B> mapper) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit is " + limit + ", must be at least 1");
        }
        Objects.requireNonNull(mapper);
        List<@Nullable B> results = new ArrayList<>();
        runGroup(group -> {
            Slots slots = new Slots(limit);
            for (A item : items) {
                slots.take();
                int place = results.size();
                results.add(null);
                group.spawnAs(
                        null,
                        () -> {
                            try {
                                return results.set(place, mapper.map(item));
                            } finally {
                                slots.give();
                            }
                        },
                        mapper);
            }
            return null;
        });
        return whole(results);
    }

    /** Every place is filled when all tasks have succeeded. */
    @SuppressWarnings("NullAway")
    private static <B> List<B> whole(List<@Nullable B> results) {
        return results;
    }

    /** A group whose own cancel, which nobody outside can call, is not expected. */
    private static void runGroup(TaskGroup.Body<@Nullable Void> body) {
        TaskGroup.run(body);
    }

    /** The first body that succeeds wins and cancels the rest. */
    private static final class Race<T> {
        private final List<Throwable> failures = new ArrayList<>(0);
        private boolean won;
        private @Nullable T value;

        void run(TaskGroup group, Callable<? extends T> body) throws Exception {
            T mine;
            try {
                mine = body.call();
            } catch (Exception e) {
                if (Cancellation.isCancellation(e)) {
                    throw e;
                }
                failures.add(e);
                return;
            }
            if (!won) {
                won = true;
                value = mine;
                group.cancel("another body won the race");
            }
        }

        @SuppressWarnings("NullAway") // a body may give null, and T then says so
        T result() {
            if (won) {
                return value;
            }
            if (failures.isEmpty()) {
                throw new TaskCancelledException("every body of the race was cancelled");
            }
            throw TaskGroup.asOne(failures);
        }
    }

    /** How many more tasks may run; only the mapping task waits. */
    private static final class Slots {
        private int free;
        private @Nullable Waiter waiter;

        Slots(int limit) {
            free = limit;
        }

        void take() {
            CancelScope.throwIfCancelled();
            while (free == 0) {
                waiter = new Waiter("a free place among the tasks of map(...)");
                waiter.await();
            }
            free--;
        }

        void give() {
            free++;
            if (waiter != null) {
                waiter.complete();
            }
        }
    }
}
