package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.sim.Sim;
import dev.heddle.sync.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A node takes short jobs before a slot is free, and gives them back where none becomes free. */
final class JobsAheadTest {

    private static final int LIMIT = 2;

    private int running;
    private int most;
    private final List<String> done = new ArrayList<>();

    /** Ends what is told to wait. */
    private final Event end = Event.create();

    private Bytes handle(JobAttempt job) {
        running++;
        most = Math.max(most, running);
        try {
            if (job.payload().utf8().startsWith("wait")) {
                end.await();
            }
            done.add(job.payload().utf8());
            return Bytes.EMPTY;
        } finally {
            running--;
        }
    }

    private static List<JobHandle> submit(Jobs jobs, String what, int count) {
        List<JobHandle> handles = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            handles.add(jobs.submit("work", Bytes.utf8(what + i)));
        }
        return handles;
    }

    private static long taken(List<JobHandle> handles) {
        return handles.stream().filter(handle -> handle.status() instanceof JobStatus.Running).count();
    }

    @Test
    void shortJobsAreTakenAheadAndNoMoreAreDoneAtATimeThanTheLimit() {
        Sim.seeds(1, 1, () -> {
            try (Cluster cluster = Cluster.local()) {
                Jobs jobs = cluster.jobs("q");
                List<JobHandle> all = submit(jobs, "short", 200);
                try (JobSubscription handling = jobs.handle("work", LIMIT, this::handle)) {
                    all.forEach(JobHandle::join);
                    assertEquals(200, new HashSet<>(done).size());
                    assertEquals(200, done.size());
                    List<JobHandle> waiting = submit(jobs, "wait", 50);
                    Heddle.sleep(Duration.ofMillis(100));
                    assertTrue(handling.running() > LIMIT, "taken ahead: " + handling.running());
                    assertEquals(LIMIT, running);
                    // Those that find no slot go back, so that other nodes may take them.
                    Heddle.sleep(Duration.ofSeconds(2));
                    assertEquals(LIMIT, taken(waiting));
                    assertEquals(LIMIT, handling.running());
                    end.set();
                    waiting.forEach(JobHandle::join);
                    assertEquals(250, done.size());
                    assertEquals(LIMIT, most);
                }
            }
        });
    }

    @Test
    void jobsThatWaitForASlotAreCancelledAndGivenBackAsOthers() {
        Sim.seeds(1, 1, () -> {
            try (Cluster cluster = Cluster.local()) {
                Jobs jobs = cluster.jobs("q");
                List<JobHandle> waiting;
                try (JobSubscription handling = jobs.handle("work", LIMIT, this::handle)) {
                    submit(jobs, "short", 100).forEach(JobHandle::join);
                    waiting = submit(jobs, "wait", 20);
                    Heddle.sleep(Duration.ofMillis(100));
                    assertTrue(handling.running() > LIMIT, "taken ahead: " + handling.running());
                    waiting.getLast().cancel();
                    Heddle.sleep(Duration.ofMillis(100));
                    assertEquals(new JobStatus.Cancelled(""), waiting.getLast().status());
                }
                assertEquals(0, taken(waiting));
                end.set();
                try (JobSubscription _ = jobs.handle("work", LIMIT, this::handle)) {
                    waiting.subList(0, 19).forEach(JobHandle::join);
                    assertEquals(119, done.size());
                }
            }
        });
    }

    @Test
    void jobWithOneAttemptIsNotTakenAhead() {
        Sim.seeds(1, 1, () -> {
            try (Cluster cluster = Cluster.local()) {
                Jobs jobs = cluster.jobs("q");
                try (JobSubscription handling = jobs.handle("work", LIMIT, this::handle)) {
                    submit(jobs, "short", 100).forEach(JobHandle::join);
                    for (int i = 0; i < 20; i++) {
                        jobs.submit(JobSpec.of("work", Bytes.utf8("wait" + i)).withMaxAttempts(1));
                    }
                    Heddle.sleep(Duration.ofMillis(100));
                    assertEquals(LIMIT, handling.running());
                    end.set();
                }
            }
        });
    }
}
