package dev.heddle.sim.programs;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.gather;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.map;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.shield;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static dev.heddle.Heddle.timeout;

import dev.heddle.Action;
import dev.heddle.Promise;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;
import dev.heddle.sync.Channel;
import dev.heddle.sync.Event;
import dev.heddle.sync.Mutex;
import dev.heddle.sync.Select;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A body by chance that comes back from none of its waits in order: what a loop that swallows every exception goes
 * through once a round.
 *
 * @param words the body, for people
 * @param round goes through it
 */
record Swallower(String words, Action round) {

    private static final Duration LONG = Duration.ofHours(1);

    /** A wait that is one: simulated, it comes round 100 times in 2 ms. */
    private static final Duration SHORT = Duration.ofNanos(20_000);

    /** The limits of polls. */
    private static final List<Duration> LIMITS = List.of(Duration.ofMillis(-1), Duration.ZERO, SHORT);

    /** Makes one of so many waits inside each other at most. */
    static Swallower of(SplittableRandom random, Things things, int depth) {
        return depth == 0 || random.nextInt(3) == 0 ? wait(random, things) : around(random, things, depth - 1);
    }

    private static Swallower wait(SplittableRandom random, Things things) {
        Duration limit = LIMITS.get(random.nextInt(LIMITS.size()));
        return switch (random.nextInt(18)) {
            case 0 -> new Swallower("sleep", () -> sleep(LONG));
            case 1 -> new Swallower("sleep " + limit, () -> sleep(limit));
            case 2 -> new Swallower("checkpoint", () -> checkpoint());
            case 3 -> new Swallower("receive", things.empty::receive);
            case 4 -> new Swallower("receive within " + limit, () -> things.empty.receiveWithin(limit));
            case 5 -> new Swallower("send", () -> things.full.send("more"));
            case 6 -> new Swallower("send within " + limit, () -> things.full.sendWithin("more", limit));
            case 7 -> new Swallower("await event", things.event::await);
            case 8 -> new Swallower("await event within " + limit, () -> things.event.awaitWithin(limit));
            case 9 -> new Swallower("acquire", () -> things.held.acquire());
            case 10 -> new Swallower("acquire within " + limit, () -> things.held.acquireWithin(limit));
            case 11 -> new Swallower("join", things.never::join);
            case 12 -> new Swallower("select", () -> things.select().get());
            case 13 -> new Swallower("select within " + limit, () -> things.select().getWithin(limit));
            case 14 -> new Swallower("take of a JDK queue", things.queue::take);
            case 15 -> new Swallower("receive of a closed channel", things.closed::receive);
            case 16 -> new Swallower("write to a broken stream", () -> things.broken.write("more"));
            default -> new Swallower("read", () -> things.silent.read(new byte[1]));
        };
    }

    private static Swallower around(SplittableRandom random, Things things, int depth) {
        Swallower first = of(random, things, depth);
        Swallower second = of(random, things, depth);
        Duration limit = LIMITS.get(random.nextInt(LIMITS.size()));
        return switch (random.nextInt(10)) {
            case 0 -> first.in("move on after " + limit, () -> moveOnAfter(limit, first.round));
            case 1 -> first.in("timeout " + limit, () -> timeout(limit, first.round));
            case 2 -> first.in("timeout", () -> timeout(LONG, first.round));
            case 3 -> first.in("group", () -> group(g -> {
                g.spawn(first.round);
            }));
            case 4 -> first.in("gather twice", () -> gather(first.round, first.round));
            case 5 -> first.in("map", () -> map(List.of(1, 2), 2, item -> {
                first.round.run();
                return item;
            }));
            case 6 -> first.in("join of a task with", () -> spawn(first.round).join());
            case 7 -> first.in("in a shield, for " + limit + ", try receive finally receive, then", () -> {
                shield(() -> moveOnAfter(limit, () -> {
                    try {
                        things.empty.receive();
                    } finally {
                        things.empty.receive();
                    }
                }));
                first.round.run();
            });
            case 8 -> new Swallower("try " + first.words + " finally " + second.words, () -> {
                try {
                    first.round.run();
                } finally {
                    second.round.run();
                }
            });
            default -> new Swallower("try " + first.words + " catch, then " + second.words, () -> {
                try {
                    first.round.run();
                } catch (Exception e) {
                    second.round.run();
                }
            });
        };
    }

    private Swallower in(String around, Action action) {
        return new Swallower(around + " (" + words + ")", action);
    }

    /** What is waited for, and never comes. */
    static final class Things implements AutoCloseable {
        private final Channel<String> empty = Channel.of(1);
        private final Channel<String> full = Channel.of(1);
        private final Channel<String> closed = Channel.of(1);
        private final Event event = Event.create();
        private final Mutex held = Mutex.create();
        private final Promise<String> never = new Promise<>();
        private final LinkedBlockingQueue<String> queue = new LinkedBlockingQueue<>();
        private final List<ByteStream> streams = new ArrayList<>();
        private final ByteStream silent = stream();
        private final ByteStream broken = stream();

        /** For a task. */
        Things() {
            full.send("one");
            closed.close();
            streams.getLast().abort();
            var taken = Event.create();
            spawn(() -> held.run(() -> {
                taken.set();
                sleep(LONG);
            }));
            taken.await();
        }

        private ByteStream stream() {
            var pair = MemoryStreams.pair();
            streams.add(pair.left());
            streams.add(pair.right());
            return pair.left();
        }

        private Select<String> select() {
            return Select.<String>of().receive(empty, text -> text).await(event, () -> "set");
        }

        @Override
        public void close() {
            streams.forEach(ByteStream::abort);
        }
    }
}
