package dev.heddle;

import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static dev.heddle.Heddle.tolerantGroup;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** An instrument sees the life of each task and cannot do harm. */
final class InstrumentTest {

    private final List<String> log = new ArrayList<>();

    private final class Log implements Instrument {
        @Override
        public void spawned(Task<?> task) {
            log.add(task.name() + " spawned");
        }

        @Override
        public void resumed(Task<?> task) {
            log.add(task.name() + " resumed");
        }

        @Override
        public void suspended(Task<?> task) {
            log.add(task.name() + " suspended");
        }

        @Override
        public void ended(Task<?> task) {
            log.add(task.name() + " " + task.state());
        }
    }

    @Test
    void instrumentSeesTasksSpawnedResumedSuspendedAndEnded() {
        Heddle.run(ManualEngine.config().withInstrument(new Log()), () -> spawn("child", () -> sleep(ofSeconds(1)))
                .join());
        assertEquals(
                List.of(
                        "main spawned",
                        "main resumed",
                        "child spawned",
                        "main suspended",
                        "child resumed",
                        "child suspended",
                        "child resumed",
                        "child SUCCEEDED",
                        "child suspended",
                        "main resumed",
                        "main SUCCEEDED",
                        "main suspended"),
                log);
    }

    @Test
    void instrumentThatReadsStatesChangesNothing() {
        List<Task.State> seen = new ArrayList<>();
        Instrument journal = new Instrument() {
            @Override
            public void ended(Task<?> task) {
                seen.add(task.state());
            }
        };
        var failure = new IllegalStateException("not shipped");
        Heddle.run(ManualEngine.config().withInstrument(journal), () -> {
            GroupException grouped = assertThrows(GroupException.class, () -> tolerantGroup(g -> g.spawn(() -> {
                throw failure;
            })));
            assertEquals(List.of(failure), grouped.failures());
        });
        assertEquals(List.of(Task.State.FAILED, Task.State.SUCCEEDED), seen);
    }

    @Test
    void instrumentThatThrowsIsTakenOffAndReportedAndTheRunGoesOn() {
        Instrument broken = new Instrument() {
            @Override
            public void resumed(Task<?> task) {
                throw new IllegalStateException("broken");
            }

            @Override
            public void ended(Task<?> task) {
                log.add("still on");
            }
        };
        Config config = ManualEngine.config()
                .withInstrument(broken)
                .withFailureHandler((what, failure) -> log.add(what + ": " + failure.getMessage()));
        Heddle.run(config, () -> sleep(ofSeconds(1)));
        assertEquals(List.of("an instrument of loop failed and was taken off: broken"), log);
    }

    @Test
    void parentIsTheTaskThatSpawnedOrOpenedTheGroup() {
        ManualEngine.run(() -> {
            Task<?> main = Heddle.currentTask();
            assertEquals(Optional.empty(), main.parent());
            Task<Void> child = spawn(() -> sleep(ofSeconds(1)));
            assertEquals(main, child.parent().orElseThrow());
            Heddle.group(g -> {
                assertEquals(main, g.spawn(() -> {}).parent().orElseThrow());
                assertEquals(main, g.spawnService(() -> {}).parent().orElseThrow());
            });
        });
    }
}
