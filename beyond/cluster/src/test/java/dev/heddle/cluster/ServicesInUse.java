package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Cron;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.sync.Subscription;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Uses everything that nodes share, once on each of two nodes, to see that all services of both are alive. */
final class ServicesInUse implements AutoCloseable {

    static final String NAME = "orders";
    static final String QUEUE = "q";

    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final List<Cluster> nodes;
    private final Set<String> done = new TreeSet<>();
    private final List<Subscription<ClusterMapEvent>> changes;
    private final List<Subscription<ClusterTopicEvent>> news;
    private int uses;
    private int ticks;

    ServicesInUse(Cluster... nodes) {
        this.nodes = List.of(nodes);
        changes = this.nodes.stream().map(node -> node.map(NAME, 10).changes(100)).toList();
        news = this.nodes.stream().map(node -> node.topic(NAME, 10).subscribe(100)).toList();
        for (Cluster node : nodes) {
            Jobs jobs = node.jobs(QUEUE);
            jobs.handle("good", 1, job -> {
                done.add(job.payload().utf8());
                return job.payload();
            });
            jobs.handle("tick", 1, _ -> {
                ticks++;
                return Bytes.EMPTY;
            });
        }
        Heddle.sleep(Duration.ofSeconds(1)); // until the subscribers have seen their first picture
        this.nodes.getFirst().jobs(QUEUE).schedule(
                "ticker", Cron.of("* * * * *", ZoneOffset.UTC), JobSpec.of("tick", Bytes.EMPTY));
    }

    /** Fails where a service does nothing. */
    void use() {
        uses++;
        for (Cluster node : nodes) {
            String text = "use " + uses + " by " + node.self().name();
            within("the members", () -> {
                assertTrue(node.members().stream().map(Member::name).toList().containsAll(names()));
            });
            within("a mutex", () -> node.mutex(NAME).run(() -> {}));
            within("a semaphore", () -> node.semaphore(NAME, 1).run(() -> text));
            within("a leader", () -> node.leader(NAME).lead(_ -> {}));
            within("a counter", () -> assertTrue(node.counter(NAME).add(1) > 0));
            within("a limiter", () -> node.limiter(NAME, 100, 10).acquire());
            within("a map", () -> node.map(NAME, 10).put("key", Bytes.utf8(text)));
            within("changes of a map", () -> changes.forEach(each -> awaitChange(each, text)));
            within("a topic", () -> node.topic(NAME, 10).publish(Bytes.utf8(text)));
            within("news of a topic", () -> news.forEach(each -> awaitNews(each, text)));
            within("a job", () -> {
                assertEquals(text, node.jobs(QUEUE).submit("good", Bytes.utf8(text)).join().utf8());
                assertTrue(done.contains(text));
            });
        }
        within("a barrier", () -> {
            List<Task<Void>> waiting = nodes.stream()
                    .map(node -> Heddle.spawn(() -> {
                        node.barrier(NAME, nodes.size()).await();
                    })).toList();
            waiting.forEach(Task::join);
        });
        int before = ticks;
        within("a schedule", () -> {
            while (ticks == before) {
                Heddle.sleep(Duration.ofSeconds(1));
            }
        });
    }

    private Set<String> names() {
        return nodes.stream().map(node -> node.self().name()).collect(Collectors.toSet());
    }

    private static void awaitChange(Subscription<ClusterMapEvent> changes, String text) {
        while (!(changes.receive() instanceof ClusterMapEvent.Put put && put.value().utf8().equals(text))) {
            // an earlier one, or one of another program
        }
    }

    private static void awaitNews(Subscription<ClusterTopicEvent> news, String text) {
        while (!(news.receive() instanceof ClusterTopicEvent.Message message && message.value().utf8().equals(text))) {
            // an earlier one
        }
    }

    private static void within(String what, Runnable use) {
        try {
            assertTrue(Heddle.moveOnAfter(LIMIT, use::run), what + " does nothing");
        } catch (RuntimeException e) {
            throw new AssertionError(what + " fails: " + e, e);
        }
    }

    @Override
    public void close() {
        changes.forEach(Subscription::close);
        news.forEach(Subscription::close);
    }
}
