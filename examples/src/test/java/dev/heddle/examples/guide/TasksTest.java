package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Config;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.TaskFailedException;
import dev.heddle.examples.Output;
import dev.heddle.sim.Sim;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The code of the guide's chapter on tasks. */
final class TasksTest {

    private static final ScopedValue<String> USER = ScopedValue.newInstance();

    private int stock = 100;

    private String fetchPage() {
        sleep(Duration.ofSeconds(1));
        return "a page";
    }

    @Test
    void taskIsSpawnedAndJoined() {
        List<String> lines = Output.of(() -> Sim.run(() -> {
            Task<Integer> length = spawn(() -> fetchPage().length());
            Task<Void> greeter = spawn("greeter", () -> IO.println("hello from " + currentTask().name()));

            greeter.join();
            IO.println(length.join() + " characters");
        }));
        assertEquals(List.of("hello from greeter", "6 characters"), lines);
    }

    @Test
    void taskEndsTogetherWithItsOwner() {
        List<String> lines = Output.of(() -> Sim.run(() -> {
            Task<Void> owner = spawn(() -> {
                spawn(() -> {
                    try {
                        sleep(Duration.ofHours(1));
                    } finally {
                        IO.println("cancelled, and awaited");
                    }
                });
                sleep(Duration.ofSeconds(1));
                IO.println("the owner is done");
            });
            owner.join();
            IO.println("both have ended");
        }));
        assertEquals(List.of("the owner is done", "cancelled, and awaited", "both have ended"), lines);
    }

    private void sellWithWait() {
        int before = stock;
        sleep(Duration.ofMillis(100));   // waits: other tasks run here
        stock = before - 1;              // so this undoes what they did
    }

    private void sell() {
        sleep(Duration.ofMillis(100));
        stock = stock - 1;               // no wait in between: nobody can come in
    }

    @Test
    void waitInTheMiddleOfAnUpdateLosesUpdates() {
        Sim.run(() -> {
            group(g -> {
                for (int i = 0; i < 100; i++) {
                    g.spawn(this::sellWithWait);
                }
            });
            assertEquals(99, stock);
            stock = 100;
            group(g -> {
                for (int i = 0; i < 100; i++) {
                    g.spawn(this::sell);
                }
            });
            assertEquals(0, stock);
        });
    }

    @Test
    void checkedExceptionIsTheCause() {
        List<String> lines = Output.of(() -> Sim.run(() -> {
            Task<String> text = spawn(() -> Files.readString(Path.of("missing.txt")));
            try {
                IO.println(text.join());
            } catch (TaskFailedException e) {
                IO.println("failed: " + e.getCause());
            }
        }));
        assertEquals(List.of("failed: " + new NoSuchFileException("missing.txt")), lines);
    }

    @Test
    void tasksAndFuturesBecomeEachOther() {
        Sim.run(() -> {
            CompletableFuture<Integer> future = spawn(() -> fetchPage().length()).toCompletableFuture();
            int length = await(future.thenApply(n -> n * 2));
            assertEquals(12, length);
        });
    }

    @Test
    void scopedValuesComeAlong() {
        List<String> lines = Output.of(() -> Sim.run(() -> {
            ScopedValue.where(USER, "ada").run(() -> spawn(() -> IO.println("user " + USER.get())).join());
        }));
        assertEquals(List.of("user ada"), lines);
    }

    @Test
    void taskOnAnotherLoopIsJoinedLikeAnyOther() {
        List<String> lines = Output.of(() -> {
            run(Config.DEFAULT.withLoops(2), () -> {
                Loop other = currentLoop().siblings().get(1);
                Task<String> there = other.spawn(() -> "made on " + currentLoop().name());
                IO.println(there.join());
            });
        });
        assertEquals(List.of("made on loop-1"), lines);
    }

    @Test
    void failureTellsWhereItsTaskWasSpawned() {
        Sim.run(() -> {
            Task<Void> task = spawn("parser", () -> {
                throw new IllegalStateException("line 3 is broken");
            });
            Throwable failure = assertInstanceOf(IllegalStateException.class, joinFailure(task));
            String note = failure.getSuppressed()[0].getMessage();
            assertTrue(note.startsWith("task parser on sim was spawned"), note);
        });
    }

    private static Throwable joinFailure(Task<?> task) {
        try {
            task.join();
            return new AssertionError("the task did not fail");
        } catch (IllegalStateException e) {
            return e;
        }
    }
}
