package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.Action;
import dev.heddle.AwaitCondition;
import dev.heddle.Handle;
import dev.heddle.Outcome;
import dev.heddle.Promise;
import dev.heddle.Task;
import dev.heddle.TaskFailedException;
import dev.heddle.Tasks;
import dev.heddle.examples.Output;
import dev.heddle.sim.Sim;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The code of the guide's chapter on results, promises, and waiting for several. */
final class ResultsTest {

    private static String get(String name) throws IOException {
        sleep(Duration.ofMillis(100L * name.length()));
        if (name.equals("missing")) {
            throw new IOException("no such page");
        }
        return "page " + name;
    }

    private static List<String> linesOf(Action body) {
        return Output.of(() -> Sim.run(body));
    }

    @Test
    void failuresAreValuesIfYouLike() {
        assertEquals(List.of("got page a", "failed: no such page", "got page c"), linesOf(() -> {
            List<Outcome<String>> outcomes = gatherOutcomes(() -> get("a"), () -> get("missing"), () -> get("c"));
            for (Outcome<String> outcome : outcomes) {
                switch (outcome) {
                    case Outcome.Success<String>(String page) -> IO.println("got " + page);
                    case Outcome.Failure<String>(Throwable error) -> IO.println("failed: " + error.getMessage());
                    case Outcome.Cancelled<String>(String reason) -> IO.println(reason);
                }
            }
        }));
    }

    @Test
    void tasksComeInTheOrderInWhichTheyEnd() {
        assertEquals(List.of("got page a", "got page bb", "got page ccc"), linesOf(() -> {
            List<Task<String>> tasks = List.of(spawn(() -> get("ccc")), spawn(() -> get("a")), spawn(() -> get("bb")));
            for (Task<String> done : Tasks.asCompleted(tasks)) {
                IO.println("got " + done.join());
            }
        }));
    }

    @Test
    void waitingForTheFirstOrForATimeCancelsNothing() {
        assertEquals(List.of("1 done, 2 pending", "2 done, 1 pending"), linesOf(() -> {
            List<Task<String>> tasks = List.of(spawn(() -> get("cccc")), spawn(() -> get("a")), spawn(() -> get("bb")));
            Tasks.Waited<Task<String>> waited = Tasks.await(tasks, AwaitCondition.FIRST_COMPLETED);
            IO.println(waited.done().size() + " done, " + waited.pending().size() + " pending");

            waited = Tasks.awaitWithin(Duration.ofMillis(250), tasks, AwaitCondition.ALL_COMPLETED);
            IO.println(waited.done().size() + " done, " + waited.pending().size() + " pending");
            Tasks.cancelAll(waited.pending(), "too slow");
        }));
    }

    @Test
    void promiseIsSetOnceAndAwaitedByAnybody() {
        assertEquals(List.of("the answer"), linesOf(() -> {
            Promise<String> reply = new Promise<>();
            currentLoop().callLater(Duration.ofSeconds(1), () -> reply.complete("the answer"));
            IO.println(reply.join());
        }));
    }

    @Test
    void callbacksMayBeTakenBack() {
        assertEquals(List.of("first has ended"), linesOf(() -> {
            for (Task<String> task : List.of(spawn("first", () -> get("a")), spawn("second", () -> get("b")))) {
                Handle link = task.onDone(ended -> IO.println(ended.name() + " has ended"));
                if (task.name().equals("second")) {
                    link.cancel();
                }
                task.join();
            }
            Sim.current().awaitIdle();
        }));
    }

    @Test
    void killedTaskEndsWithAFailure() {
        Sim.run(() -> {
            Task<String> task = spawn(() -> get("a"));
            task.fail(new IOException("the peer broke the protocol"));
            assertThrows(TaskFailedException.class, task::join);
        });
    }
}
