package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.Cron;
import dev.heddle.Heddle;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.InMemoryStore;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A schedule comes at its times; those that nobody saw come as it says, and a person sees when, and runs it by hand. */
final class JobSchedulesTest {

    private static final JobSpec TICK = JobSpec.of("tick", Bytes.utf8("of a schedule"));
    private static final Cron HOURLY = Cron.of("0 * * * *", ZoneOffset.UTC);
    private static final Instant START = Instant.parse("2030-05-01T02:10:00Z");

    private InMemoryStore store = InMemoryStore.create();

    /** When its jobs began, in minutes since the start. */
    private final List<Long> ticks = new ArrayList<>();

    @Test
    void periodBeginsWithItsFirstNodeAndIsKeptByTheNextOne() {
        sim(() -> {
            node(Duration.ofMinutes(65), Duration.ZERO, JobTimes.every(Duration.ofMinutes(20)));
            node(Duration.ofMinutes(40), Duration.ZERO, JobTimes.every(Duration.ofMinutes(20)));
        });
        assertEquals(List.of(20L, 40L, 60L, 80L, 100L), ticks);
    }

    @Test
    void missedTimesComeOnceOrNotAtAllOrTheLatestOneAfterTheOther() {
        assertEquals(List.of(50L, 345L, 350L), missed(JobTimes.of(HOURLY)));
        assertEquals(List.of(50L, 350L), missed(JobTimes.of(HOURLY).withMaxMissed(0)));
        assertEquals(List.of(50L, 345L, 347L, 349L, 351L), missed(JobTimes.of(HOURLY).withMaxMissed(3)));
        assertEquals(List.of(50L, 345L, 347L, 349L, 351L, 353L), missed(JobTimes.of(HOURLY).withMaxMissed(1_000)));
        JobTimes period = JobTimes.every(Duration.ofMinutes(60));
        assertEquals(List.of(60L, 345L, 360L), missed(period));
        assertEquals(List.of(60L, 360L), missed(period.withMaxMissed(0)));
        assertEquals(List.of(60L, 345L, 347L, 360L), missed(period.withMaxMissed(2)));
    }

    /** Beginnings of jobs that take two minutes, where no node is between 70 and 345 minutes. */
    private List<Long> missed(JobTimes times) {
        sim(() -> {
            node(Duration.ofMinutes(70), Duration.ofMinutes(2), times);
            Heddle.sleep(Duration.ofMinutes(275));
            node(Duration.ofMinutes(20), Duration.ofMinutes(2), times);
        });
        return List.copyOf(ticks);
    }

    @Test
    void timeThatPassesWhileAnEarlierOneRunsIsLeftOutUnlessMissedOnesMayCome() {
        JobTimes minutes = JobTimes.every(Duration.ofMinutes(10));
        sim(() -> node(Duration.ofMinutes(60), Duration.ofMinutes(15), minutes));
        assertEquals(List.of(10L, 30L, 50L), ticks);
        sim(() -> node(Duration.ofMinutes(60), Duration.ofMinutes(15), minutes.withMaxMissed(2)));
        assertEquals(List.of(10L, 25L, 40L, 55L), ticks);
    }

    @Test
    void yearsThatNobodySawAreNotGoneThrough() {
        JobTimes times = JobTimes.of(Cron.of("* * * * *", ZoneOffset.UTC)).withMaxMissed(5);
        SimOptions options = SimOptions.DEFAULT.withStart(START).withMaxVirtualTime(Duration.ofDays(4_000));
        Sim.run(options, _ -> {
            node(Duration.ofMinutes(2), Duration.ZERO, times);
            ticks.clear();
            Heddle.sleep(Duration.ofDays(3_650));
            node(Duration.ofSeconds(40), Duration.ZERO, times);
        });
        assertTrue(ticks.size() >= 4 && ticks.size() <= 6, ticks.toString());
    }

    @Test
    void schedulesAreListedWithTheirNextAndLastTimes() {
        sim(() -> {
            try (Cluster node = join()) {
                Jobs jobs = node.jobs("q");
                jobs.schedule("hourly", HOURLY, TICK);
                jobs.schedule("b", JobTimes.every(Duration.ofMinutes(20)), TICK);
                assertTrue(jobs.schedules().getFirst().next().isEmpty());
                jobs.handle("tick", 1, JobAttempt::payload);
                Heddle.sleep(Duration.ofMinutes(61));
                List<JobScheduleSnapshot> all = jobs.schedules();
                assertEquals(List.of("b", "hourly"), all.stream().map(JobScheduleSnapshot::name).toList());
                assertEquals("every 20 min", all.getFirst().times());
                JobScheduleSnapshot hourly = all.getLast();
                assertEquals("0 * * * * in Z", hourly.times());
                assertEquals("tick", hourly.jobName());
                assertEquals(Instant.parse("2030-05-01T03:00:00Z"), hourly.last().orElseThrow());
                assertEquals(Instant.parse("2030-05-01T04:00:00Z"), hourly.next().orElseThrow());
                assertEquals("of a schedule", hourly.lastJob().orElseThrow().join().utf8());
                assertTrue(jobs.unschedule("hourly"));
                assertEquals(1, jobs.schedules().size());
            }
        });
    }

    @Test
    void scheduleIsRunByHandBesideItsTimes() {
        sim(() -> {
            try (Cluster node = join()) {
                Jobs jobs = node.jobs("q");
                jobs.handle("tick", 1, job -> {
                    Heddle.sleep(Duration.ofMinutes(1));
                    return job.payload();
                });
                jobs.schedule("hourly", HOURLY, TICK.withDeadline(Duration.ofHours(1)));
                JobHandle now = jobs.submitScheduled("hourly");
                assertEquals(now, jobs.submitScheduled("hourly"));
                assertEquals("of a schedule", now.join().utf8());
                assertFalse(now.equals(jobs.submitScheduled("hourly")));
                assertThrows(IllegalArgumentException.class, () -> jobs.submitScheduled("daily"));
                Heddle.sleep(Duration.ofMinutes(60));
                assertEquals("of a schedule", jobs.schedules().getFirst().lastJob().orElseThrow().join().utf8());
            }
        });
    }

    @Test
    void timeThatPassesWhileAJobRunByHandHasNotEndedComesAfterItIfMissedOnesMayCome() {
        sim(() -> {
            try (Cluster node = join()) {
                Jobs jobs = node.jobs("q");
                jobs.handle("tick", 1, _ -> {
                    ticks.add(Duration.between(START, Heddle.currentLoop().engine().now()).toMinutes());
                    Heddle.sleep(Duration.ofMinutes(ticks.size() == 1 ? 12 : 0));
                    return Bytes.EMPTY;
                });
                jobs.schedule("ticker", JobTimes.every(Duration.ofMinutes(10)).withMaxMissed(2), TICK);
                Heddle.sleep(Duration.ofMinutes(5));
                jobs.submitScheduled("ticker");
                Heddle.sleep(Duration.ofMinutes(20));
            }
        });
        assertEquals(List.of(5L, 17L, 20L), ticks);
    }

    @Test
    void periodsAndMissedTimesAndPayloadsAreChecked() {
        assertThrows(IllegalArgumentException.class, () -> JobTimes.every(Duration.ofMillis(1_500)));
        assertThrows(IllegalArgumentException.class, () -> JobTimes.every(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> JobTimes.every(Duration.ofDays(5_000)));
        assertThrows(IllegalArgumentException.class, () -> JobTimes.of(HOURLY).withMaxMissed(-1));
        sim(() -> {
            try (Cluster node = join()) {
                JobSpec large = JobSpec.of("tick", Bytes.of(new byte[60 * 1024]));
                assertThrows(IllegalArgumentException.class, () -> node.jobs("q").schedule("large", HOURLY, large));
            }
        });
    }

    /** A node that handles the schedule for a time, then leaves. */
    private void node(Duration time, Duration work, JobTimes times) {
        try (Cluster node = join()) {
            Jobs jobs = node.jobs("q");
            jobs.handle("tick", 1, _ -> {
                ticks.add(Duration.between(START, Heddle.currentLoop().engine().now()).toMinutes());
                Heddle.sleep(work);
                return Bytes.EMPTY;
            });
            jobs.schedule("ticker", times, TICK);
            Heddle.sleep(time);
        }
    }

    private void sim(Action body) {
        Sim.run(SimOptions.DEFAULT.withStart(START), _ -> {
            store = InMemoryStore.create();
            ticks.clear();
            body.run();
        });
    }

    private Cluster join() {
        return Cluster.join(ClusterOptions.of("shop", store).withNode("a"));
    }
}
