package dev.heddle.cluster;

import dev.heddle.Heddle;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.StoreUnavailableException;
import dev.heddle.sim.RegisterHistory;
import dev.heddle.sim.SimRandom;
import dev.heddle.sync.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A counter, a map and a topic of a {@link ClusterDay}: all nodes see one order of what was done to them. */
final class DayOfValues {

    private static final int KEPT = 20;
    private static final int EVENTS = 1000;
    private static final List<String> KEYS = List.of("a", "b", "c", "d", "e");
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);

    private final Rules rules;
    private final SimRandom random;

    // ---- the counter ----

    private final Set<Long> numbers = new HashSet<>();
    private long highest;
    private long adds;

    // ---- the map ----

    private final Map<String, RegisterHistory<@Nullable String>> registers = new HashMap<>();
    private int values;

    // ---- the topic ----

    private final Map<Long, String> messages = new HashMap<>();
    private final Set<Reader> readers = new HashSet<>();
    private long published;

    /** Messages of which nobody knows whether they are out. */
    private long open;

    private int texts;

    DayOfValues(Rules rules, SimRandom random) {
        this.rules = rules;
        this.random = random;
        KEYS.forEach(key -> registers.put(key, new RegisterHistory<>(null)));
    }

    /** Takes a number that nobody else has. */
    void count(Cluster node) {
        long before = highest;
        adds++;
        long number = node.counter("numbers").add(1);
        rules.that(number > before, number + " after " + before);
        rules.that(numbers.add(number), number + " twice");
        highest = Math.max(highest, number);
    }

    /** Reads or changes a value. */
    void change(Cluster node) {
        ClusterMap map = node.map("values", 10);
        String key = random.oneOf(KEYS);
        RegisterHistory<@Nullable String> history = registers.get(key);
        String value = "value " + ++values;
        switch (random.below(4)) {
            case 0 -> read(map, key, history);
            case 1 -> write(history.write(value), () -> {
                map.put(key, Bytes.utf8(value));
                return true;
            });
            case 2 -> write(history.write(null), () -> {
                map.remove(key);
                return true;
            });
            default -> {
                Optional<ClusterMap.Value> old = read(map, key, history);
                long version = old.map(ClusterMap.Value::version).orElse(ClusterMap.ABSENT);
                write(history.exchange(text(old), value),
                        () -> map.compareAndSet(key, version, Bytes.utf8(value)).isPresent());
            }
        }
    }

    private interface Write {

        /** Whether it was done, and not refused. */
        boolean tryIt();
    }

    private static void write(RegisterHistory<@Nullable String>.Call call, Write write) {
        try {
            if (write.tryIt()) {
                call.done();
            } else {
                call.refused();
            }
        } catch (StoreUnavailableException e) {
            call.failed();
            throw e;
        }
    }

    private static Optional<ClusterMap.Value> read(
            ClusterMap map, String key, RegisterHistory<@Nullable String> history) {
        var call = history.read();
        Optional<ClusterMap.Value> value = map.get(key);
        call.gave(text(value));
        return value;
    }

    private static @Nullable String text(Optional<ClusterMap.Value> value) {
        return value.map(each -> each.bytes().utf8()).orElse(null);
    }

    /** Publishes a message. */
    void publish(Cluster node) {
        String text = "text " + ++texts;
        open++;
        long number = node.topic("news", KEPT).publish(Bytes.utf8(text));
        open--;
        published = Math.max(published, number);
        said(number, text);
    }

    private void said(long number, String text) {
        String other = messages.putIfAbsent(number, text);
        rules.that(other == null || other.equals(text), "message " + number + " is " + text + " and " + other);
    }

    /** Hears all that is published. */
    void listen(Cluster node) {
        try (Subscription<ClusterTopicEvent> news = node.topic("news", KEPT).subscribe(EVENTS)) {
            Reader reader = new Reader(node.self().name());
            readers.add(reader);
            try {
                while (true) {
                    reader.hear(news.receive());
                }
            } finally {
                readers.remove(reader);
            }
        }
    }

    /** Somebody who listens. */
    private final class Reader {

        private final String name;

        /** The number that must come next; 0 before the first. */
        private long next;

        private Reader(String name) {
            this.name = name;
        }

        private void hear(ClusterTopicEvent event) {
            switch (event) {
                case ClusterTopicEvent.Message(long number, Bytes value) -> {
                    follows(number);
                    said(number, value.utf8());
                    published = Math.max(published, number);
                    next = number + 1;
                }
                case ClusterTopicEvent.Missed(long first, long last) -> {
                    follows(first);
                    rules.that(last + KEPT <= published + open,
                            this + " missed " + last + ", which was kept while there were " + published);
                    next = last + 1;
                }
            }
        }

        private void follows(long number) {
            rules.that(next == 0 || next == number, this + " hears " + number);
        }

        @Override
        public String toString() {
            return "reader on " + name + " who waits for " + next;
        }
    }

    // ---- the evening ----

    /** Looks at the histories, on a node while nothing more is changed. */
    void check(Cluster node) {
        long sum = node.counter("numbers").get();
        rules.that(numbers.size() <= sum && sum <= adds,
                numbers.size() + " numbers of " + adds + ", and the counter has " + sum);
        ClusterMap map = node.map("values", 10);
        registers.forEach((key, history) -> {
            read(map, key, history);
            rules.permits(history::check);
        });
        Heddle.moveOnAfter(Duration.ofMinutes(1), () -> {
            while (!late().isEmpty()) {
                Heddle.sleep(LOOK_EVERY);
            }
        });
        rules.that(late().isEmpty(), late() + " and no more come, of " + published);
    }

    /** Those who have heard something, and not all. */
    private List<Reader> late() {
        List<Reader> late = new ArrayList<>(readers);
        late.removeIf(reader -> reader.next == 0 || reader.next > published);
        return late;
    }
}
