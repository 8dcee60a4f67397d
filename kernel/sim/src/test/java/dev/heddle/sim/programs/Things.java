package dev.heddle.sim.programs;

import dev.heddle.Promise;
import dev.heddle.sync.Barrier;
import dev.heddle.sync.BoundedSemaphore;
import dev.heddle.sync.Broadcast;
import dev.heddle.sync.Channel;
import dev.heddle.sync.ConcurrencyLimiter;
import dev.heddle.sync.Condition;
import dev.heddle.sync.Event;
import dev.heddle.sync.Mutex;
import dev.heddle.sync.Permits;
import dev.heddle.sync.WorkQueue;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The things that the tasks of one run share, each beside its model. They come into being when they are first used. */
final class Things {

    private final Model model;
    private int elements;
    private int failures;

    /**
     * Whether the program interrupts threads: then a failure that holds an InterruptedException might be how one has answered
     * that, and nobody could tell.
     */
    boolean interrupted;

    private final Map<Integer, Both<Channel<Integer>, ModelChannel>> channels = new HashMap<>();
    private final Map<Integer, Both<WorkQueue<Integer>, ModelChannel>> queues = new HashMap<>();
    private final Map<String, Both<Permits, ModelPermits>> permits = new HashMap<>();
    private final Map<Integer, Both<Event, ModelEvent>> events = new HashMap<>();
    private final Map<Integer, Both<Promise<Object>, ModelPromise>> promises = new HashMap<>();
    private final Map<Integer, Both<Monitor, ModelMonitor>> monitors = new HashMap<>();
    private final Map<Integer, Both<Barrier, ModelBarrier>> barriers = new HashMap<>();
    private final Map<Integer, Both<Broadcast<Integer>, ModelBroadcast>> broadcasts = new HashMap<>();

    Things(Model model) {
        this.model = model;
    }

    /** A thing and its model. */
    record Both<R, M>(R real, M model) {}

    /** A mutex and a condition of it. */
    record Monitor(Mutex mutex, Condition condition) {}

    /** An element that no other is equal to. */
    int newElement() {
        return ++elements;
    }

    /** A failure that no other is equal to. */
    RuntimeException newFailure() {
        failures++;
        return interrupted ? new Failure(failures) : Failure.of(failures);
    }

    /** {@code c2} has a capacity of 2. */
    Both<Channel<Integer>, ModelChannel> channel(Statement it) {
        return get(channels, it.target(), () -> new Both<>(
                Channel.of(it.target()), new ModelChannel(model, it.target(), ModelChannel.Order.OLDEST)));
    }

    /** {@code q1} gives the oldest first, {@code q2} the newest, {@code q3} the largest; the number is the capacity. */
    Both<WorkQueue<Integer>, ModelChannel> queue(Statement it) {
        return get(queues, it.target(), () -> switch (it.target()) {
            case 1 -> new Both<>(WorkQueue.fifo(1), new ModelChannel(model, 1, ModelChannel.Order.OLDEST));
            case 2 -> new Both<>(WorkQueue.lifo(2), new ModelChannel(model, 2, ModelChannel.Order.NEWEST));
            default -> new Both<>(
                    // The largest number is the smallest here, so that the order differs from that of coming.
                    WorkQueue.priority(it.target(), Comparator.<Integer>reverseOrder()),
                    new ModelChannel(model, it.target(), ModelChannel.Order.LARGEST));
        });
    }

    /** {@code m1} is a mutex, {@code s2} a semaphore of two permits, {@code l2} a limiter of two tokens. */
    Both<Permits, ModelPermits> permits(Statement it) {
        char letter = it.verb().letter;
        String name = letter + "" + it.target();
        return get(permits, name, () -> switch (letter) {
            case 'm' -> new Both<>(Mutex.named(name), new ModelPermits(
                    model, 1, false, Sometimes.LOCK_WAS_HANDED_OVER, Sometimes.CANCEL_MET_A_LOCK));
            case 's' -> new Both<>(BoundedSemaphore.named(name, it.target()), new ModelPermits(
                    model, it.target(), true, Sometimes.PERMIT_WAS_HANDED_OVER, Sometimes.CANCEL_MET_A_PERMIT));
            default -> new Both<>(ConcurrencyLimiter.named(name, it.target()), new ModelPermits(
                    model, it.target(), false, Sometimes.TOKEN_WAS_HANDED_OVER, Sometimes.CANCEL_MET_A_TOKEN));
        });
    }

    Both<Event, ModelEvent> event(Statement it) {
        return get(events, it.target(), () -> new Both<>(Event.named("e" + it.target()), new ModelEvent(model)));
    }

    Both<Promise<Object>, ModelPromise> promise(Statement it) {
        return get(promises, it.target(), () -> new Both<>(new Promise<>(), new ModelPromise(model)));
    }

    /** A mutex with a condition. */
    Both<Monitor, ModelMonitor> monitor(Statement it) {
        return get(monitors, it.target(), () -> {
            var mutex = Mutex.named("k" + it.target());
            return new Both<>(new Monitor(mutex, mutex.newCondition()), new ModelMonitor(model));
        });
    }

    /** {@code b3} is for three. */
    Both<Barrier, ModelBarrier> barrier(Statement it) {
        return get(barriers, it.target(), () -> {
            var barrier = Barrier.of(it.target());
            return new Both<>(barrier, new ModelBarrier(model, it.target(), barrier::isBroken));
        });
    }

    Both<Broadcast<Integer>, ModelBroadcast> broadcast(Statement it) {
        return get(broadcasts, it.target(), () -> new Both<>(Broadcast.create(), new ModelBroadcast(model)));
    }

    private static <K, V> V get(Map<K, V> all, K key, Supplier<V> make) {
        V found = all.get(key);
        if (found == null) {
            found = make.get();
            all.put(key, found);
        }
        return found;
    }

    /** Looks whether what is left is what the model has. */
    void checkHeld() {
        channels.forEach((number, each) -> {
            String name = "c" + number;
            Channel<Integer> channel = each.real;
            nobodyWaits(name, channel.statistics().waitingReceivers() + channel.statistics().waitingSenders());
            model.held("the size of " + name, each.model.size(), channel.statistics().size());
            for (Optional<Integer> left = channel.tryReceive(); left.isPresent(); left = channel.tryReceive()) {
                model.held("what is in " + name, each.model.tryReceive(), left.get());
            }
        });
        queues.forEach((number, each) -> {
            String name = "q" + number;
            WorkQueue<Integer> queue = each.real;
            nobodyWaits(name, queue.statistics().waitingTakers() + queue.statistics().waitingPutters());
            model.held("what is not done of " + name, each.model.unfinished(), queue.statistics().unfinished());
            model.held("the size of " + name, each.model.size(), queue.statistics().size());
            for (Optional<Integer> left = queue.tryTake(); left.isPresent(); left = queue.tryTake()) {
                model.held("what is in " + name, each.model.tryReceive(), left.get());
            }
        });
        permits.forEach((name, each) -> {
            nobodyWaits(name, waiting(each.real));
            model.held("how many hold " + name, each.model.holders.size(), holders(each.real));
        });
        events.forEach((number, each) -> nobodyWaits("e" + number, each.real.statistics().waiting()));
        monitors.forEach((number, each) -> {
            nobodyWaits("k" + number,
                    each.real.mutex.statistics().waiting() + each.real.condition.statistics().waiting());
            model.held("k" + number, false, each.real.mutex.isHeld());
        });
        barriers.forEach((number, each) -> {
            model.held("who has come to b" + number, each.model.arrived(), each.real.statistics().arrived());
            model.held("whether b" + number + " is broken", each.model.isBroken(), each.real.isBroken());
        });
        broadcasts.forEach(
                (number, each) -> model.held("the subscribers of r" + number, 0, each.real.statistics().subscribers()));
    }

    private void nobodyWaits(String name, int waiting) {
        model.held("who waits for " + name, 0, waiting);
    }

    private static int waiting(Permits acquirable) {
        return switch (acquirable) {
            case Mutex mutex -> mutex.statistics().waiting();
            case BoundedSemaphore semaphore -> semaphore.statistics().waiting();
            case ConcurrencyLimiter limiter -> limiter.statistics().waiting();
            default -> throw new IllegalStateException("what is " + acquirable);
        };
    }

    private static int holders(Permits acquirable) {
        return switch (acquirable) {
            case Mutex mutex -> mutex.isHeld() ? 1 : 0;
            case BoundedSemaphore semaphore ->
                semaphore.statistics().permits() - semaphore.statistics().available();
            case ConcurrencyLimiter limiter -> limiter.statistics().borrowed();
            default -> throw new IllegalStateException("what is " + acquirable);
        };
    }
}
