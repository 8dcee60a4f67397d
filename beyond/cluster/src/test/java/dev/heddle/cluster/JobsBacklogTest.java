package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.InMemoryStore;
import dev.heddle.internal.sight.Events;
import dev.heddle.sim.Sim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The backlog of a queue is what workers could do now, and each attempt is told with its waiting and running time. */
final class JobsBacklogTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final InMemoryStore store = InMemoryStore.create();

    private Cluster join(String node) {
        return Cluster.join(ClusterOptions.of("shop", store).withNode(node));
    }

    @Test
    void backlogIsWhatRunsAndWhatIsReady() {
        Sim.run(() -> {
            try (Cluster shop = join("shop"); Cluster worker = join("worker")) {
                Jobs mail = shop.jobs("mail");
                Jobs theirs = worker.jobs("mail");
                for (int i = 0; i < 5; i++) {
                    mail.submit("send", Bytes.EMPTY);
                }
                mail.submit(JobSpec.of("send", Bytes.EMPTY).withDelay(Duration.ofHours(1)));
                assertEquals(5, mail.nodeStatistics().backlog());
                assertEquals(5, mail.nodeStatistics().load()); // nobody has a slot
                try (JobSubscription _ = theirs.handle("send", 2, _ -> {
                    Heddle.sleep(Duration.ofMinutes(1));
                    return Bytes.EMPTY;
                })) {
                    Heddle.sleep(SECOND);
                    JobsNodeStatistics now = theirs.nodeStatistics();
                    assertEquals(List.of(4, 3, 2, 2, 5), List.of(
                            now.waiting(), now.ready(), now.running(), now.slots(), now.backlog()));
                    assertEquals(2.5, now.load());
                    assertEquals(5, mail.nodeStatistics().backlog()); // of the node that only submits
                    JobsStatistics all = mail.statistics();
                    assertEquals(List.of(3, 2), List.of(all.ready(), all.slots()));
                    theirs.pause();
                    Heddle.sleep(SECOND);
                    assertEquals(2, theirs.nodeStatistics().backlog()); // what waits asks for no more workers
                }
            }
        });
    }

    /** What was told of attempts. */
    private static final class Attempts extends Events {

        private final List<String> told = new ArrayList<>();

        @Override
        public void attempted(String queue, String kind, String outcome, long waitNanos, long runNanos) {
            told.add(queue + ' ' + kind + ' ' + outcome + " after " + Duration.ofNanos(waitNanos).toSeconds() + " in "
                    + Duration.ofNanos(runNanos).toSeconds());
        }

        @Override
        public void loopBegins(Loop loop) {}

        @Override
        public Object begin(Kind kind) {
            return "";
        }

        @Override
        public void served(Object begun, HttpRequest request, Supplier<String> peer) {}

        @Override
        public void requested(Object begun, HttpRequest request, String host, int port) {}

        @Override
        public void ended(Kind kind, Object begun, Supplier<String> peer, @Nullable Throwable failure) {}

        @Override
        public void cancelled(Loop loop, @Nullable Task<?> task, String reason) {}

        @Override
        public void process(String pool, long pid, String what) {}
    }

    @Test
    void attemptsThatEndByThemselvesAreTold() {
        var heard = new Attempts();
        Events before = Events.heard();
        Events.hear(heard);
        try {
            Sim.run(() -> {
                try (Cluster shop = join("shop")) {
                    Jobs mail = shop.jobs("mail");
                    mail.submit(JobSpec.of("send", Bytes.utf8("bad")).withMaxAttempts(1));
                    JobHandle cancelled = mail.submit("send", Bytes.utf8("good"));
                    JobHandle good = mail.submit("send", Bytes.utf8("good"));
                    Heddle.sleep(Duration.ofSeconds(10));
                    try (JobSubscription _ = mail.handle("send", 2, job -> {
                        Heddle.sleep(Duration.ofSeconds(3));
                        if (job.payload().utf8().equals("bad")) {
                            throw new IllegalStateException("no such address");
                        }
                        return Bytes.EMPTY;
                    })) {
                        Heddle.sleep(SECOND);
                        cancelled.cancel();
                        good.join();
                    }
                }
            });
        } finally {
            Events.hear(before);
        }
        assertEquals(List.of("mail send failed after 10 in 3", "mail send done after 11 in 3"), heard.told);
    }
}
