package dev.heddle;

import dev.heddle.internal.Checks;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The combinators of tasks, gather, race and map: groups with a rule about results. */
final class Combinators {

    private Combinators() {}

    static <T> List<T> gather(Collection<? extends Callable<? extends T>> bodies) {
        List<Callable<? extends T>> all = List.copyOf(bodies);
        List<Task<T>> tasks = new ArrayList<>(all.size());
        Heddle.group(group -> {
            for (Callable<? extends T> body : all) {
                tasks.add(group.spawnAs(null, body, body));
            }
        });
        return results(tasks);
    }

    static <T> List<Outcome<T>> gatherOutcomes(Collection<? extends Callable<? extends T>> bodies) {
        List<Callable<? extends T>> all = List.copyOf(bodies);
        List<Task<Outcome<T>>> tasks = new ArrayList<>(all.size());
        Heddle.group(group -> {
            for (Callable<? extends T> body : all) {
                tasks.add(group.spawnAs(null, () -> outcomeOf(body), body));
            }
        });
        List<Outcome<T>> outcomes = new ArrayList<>(tasks.size());
        for (Task<Outcome<T>> task : tasks) {
            outcomes.add(switch (task.awaitOutcome()) {
                case Outcome.Cancelled<Outcome<T>>(String reason) -> new Outcome.Cancelled<>(reason);
                case Outcome<Outcome<T>> ended -> ended.get();
            });
        }
        return outcomes;
    }

    private static <T> Outcome<T> outcomeOf(Callable<? extends T> body) throws Exception {
        try {
            return new Outcome.Success<>(body.call());
        } catch (Exception e) {
            if (Task.current().isOwnCancellation(e)) {
                throw e;
            }
            return new Outcome.Failure<>(e);
        }
    }

    /** A task that was cancelled alone has no result, and says so. */
    private static <T> List<T> results(List<Task<T>> ended) {
        List<T> results = new ArrayList<>(ended.size());
        for (Task<T> task : ended) {
            results.add(task.outcome().get());
        }
        return results;
    }

    static <T> T race(Collection<? extends Callable<? extends T>> bodies) {
        List<Callable<? extends T>> all = List.copyOf(bodies);
        if (all.isEmpty()) {
            throw new IllegalArgumentException("a race needs at least one body");
        }
        var race = new Race<T>();
        try {
            Heddle.group(group -> {
                for (Callable<? extends T> body : all) {
                    group.spawnAs(null, TaskGroup.asCallable(() -> race.run(group, body)), body);
                }
            });
        } catch (CancelledException e) {
            // A result that has won is committed: it may be a connection that only the caller can close.
            if (!race.won) {
                throw e;
            }
        }
        return race.result();
    }

    static <A, B> List<B> map(Iterable<? extends A> items, int limit, Heddle.Mapper<? super A, ? extends B> mapper) {
        Objects.requireNonNull(mapper);
        List<Task<B>> tasks = new ArrayList<>();
        Combinators.<A, B>spawnEach(items, new Slots(limit, "map"), mapper, mapper, tasks::add);
        return results(tasks);
    }

    static <A> void forEach(Iterable<? extends A> items, int limit, Heddle.ItemAction<? super A> action) {
        Objects.requireNonNull(action);
        var slots = new Slots(limit, "forEach");
        Combinators.<A, A>spawnEach(items, slots, item -> {
            action.run(item);
            slots.undone--;
            return item;
        }, action, task -> slots.undone++);
        if (slots.undone > 0) {
            throw new TaskCancelledException("of the tasks of forEach(...) " + slots.undone + " were cancelled alone");
        }
    }

    /** @param site the code of the user, which a task is named after */
    private static <A, B> void spawnEach(Iterable<? extends A> items, Slots slots,
            Heddle.Mapper<? super A, ? extends B> mapper, Object site, Consumer<Task<B>> spawned) {
        Heddle.group(group -> {
            for (A item : items) {
                slots.take();
                spawned.accept(group.spawnAs(null, () -> mapOne(mapper, item, slots), site));
            }
        });
    }

    private static <A, B> B mapOne(Heddle.Mapper<A, ? extends B> mapper, A item, Slots slots) throws Exception {
        try {
            return mapper.map(item);
        } finally {
            slots.give();
        }
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
                if (Task.current().isOwnCancellation(e)) {
                    throw e;
                }
                failures.add(e);
                return;
            }
            if (won) {
                close(mine);
            } else {
                won = true;
                value = mine;
                group.cancel("another body won the race");
            }
        }

        /** Nobody but this body knows the result, which may be a connection. */
        @SuppressWarnings("ReferenceEquality") // the winner may have given the same
        private void close(T second) {
            if (second instanceof AutoCloseable resource && second != value) {
                try {
                    Heddle.shield(resource::close);
                } catch (Exception e) {
                    Loop loop = Heddle.currentLoop();
                    String what = "the result of a body that came second in a race could not be closed";
                    loop.scheduler.schedule(new LoopCallback(loop, () -> loop.report(what, e)));
                }
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
            throw DistinctFailures.asOne(failures);
        }
    }

    /** How many more tasks may run; only the task that spawns waits. */
    private static final class Slots {
        private final String of;
        private int free;
        private @Nullable Waiter waiter;

        /** The items whose action has not come to its end. */
        private int undone;

        Slots(int limit, String of) {
            Checks.atLeast("limit", limit, 1);
            free = limit;
            this.of = of;
        }

        void take() {
            CancelScope.throwIfCancelled();
            while (free == 0) {
                waiter = new Waiter("a free place among the tasks of " + of + "(...)");
                waiter.await();
                CancelScope.throwIfCancelled(); // the place may have come from a task that failed
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
