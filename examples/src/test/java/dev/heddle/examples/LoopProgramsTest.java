package dev.heddle.examples;

import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertLinesMatch;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.TaskCancelledException;
import dev.heddle.sim.Sim;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The programs about a loop, its callbacks and cancels, and those about generators, which need no loop. */
final class LoopProgramsTest {

    private static List<String> outputOf(String example, String method, Object... arguments) {
        return Output.of(() -> {
            try {
                Program.example(example).call(method, arguments);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    // ---- loops ----

    @Test
    void callbackHearsOfTheEndBeforeTheResultIsPrinted() {
        assertEquals(
                List.of("start get html", "http://www.google.com: SUCCEEDED", "fank", "time: 200 ms"),
                Simulated.outputOf("ResultAndCallback", "fetchWithCallback"));
    }

    @Test
    void groupIsCancelledAsAWhole() {
        assertEquals(
                Stream.of(
                        Collections.nCopies(10, "group 1: start get html"),
                        Collections.nCopies(10, "group 2: start get html"),
                        Collections.nCopies(10, "group 1: end get url"),
                        List.of(
                                "group 1: SUCCEEDED",
                                "group 2: Cancelled[reason=task group 2 was cancelled: not wanted any more]",
                                "time: 200 ms"))
                        .flatMap(List::stream).toList(),
                Simulated.outputOf("GroupsOfTasks", "gatherTwoGroups"));
    }

    @Test
    void uninterruptedTasksAreDone() {
        assertEquals(
                List.of("waiting", "waiting", "waiting", "done after 2", "done after 3", "done after 3"),
                Simulated.outputOf("CancelOnInterrupt", "getThree", Duration.ofMillis(100)));
    }

    @Test
    void cancelOfTheMainTaskReachesThoseThatStillWait() {
        assertEquals(
                List.of("waiting", "waiting", "waiting", "done after 2", "cancel task", "cancel task"),
                Output.of(() -> Sim.run(() -> {
                    var main = spawn(
                            () -> Program.example("CancelOnInterrupt").call("getThree", Duration.ofMillis(100)));
                    sleep(Duration.ofMillis(250));
                    main.cancel();
                    assertThrows(TaskCancelledException.class, main::join);
                })));
    }

    @Test
    @Timeout(120)
    void interruptCancelsAllTasksOfTheProgram() throws Exception {
        Process program = Program.example("CancelOnInterrupt").start("60000");
        try (var out = program.inputReader()) {
            for (int i = 0; i < 3; i++) {
                assertEquals("waiting", out.readLine());
            }
            assertEquals(0, new ProcessBuilder("kill", "-INT", Long.toString(program.pid())).start().waitFor());
            assertLinesMatch(
                    List.of("cancel task", "cancel task", "cancel task", "stopped: .*INT.*"),
                    out.lines().toList());
            assertTrue(program.waitFor(60, TimeUnit.SECONDS));
        } finally {
            program.destroyForcibly();
        }
    }

    @Test
    void callbacksComeInTheOrderOfTheirTimes() {
        assertEquals(
                List.of("soon", "from any thread", "after 100 ms", "after 200 ms", "at 300 ms", "stopped"),
                Simulated.outputOf("CallSoonAndLater", "callBack"));
    }

    @Test
    void loopThatACallbackStopsCallsNothingThatWasToComeLater() {
        assertEquals(List.of("sleep 2 success"), outputOf("CallSoonAndLater", "stopAtOnce"));
    }

    @Test
    void loopCanBeDrivenByHand() {
        assertEquals(List.of("fank2", "done: false", "done: true", "fank2"), outputOf("DrivenByHand", "main"));
    }

    // ---- generators ----

    @Test
    void generatorIsSentValuesClosedAndMadeToFail() {
        assertEquals(
                List.of(
                        "http://www.baidu.com",
                        "fank",
                        "2",
                        "3",
                        "the end: fank",
                        "http://www.baidu.com",
                        "generator (suspended) ignored its close: the body caught it and has yielded again",
                        "http://www.baidu.com",
                        "download error",
                        "CREATED",
                        "RUNNING",
                        "SUSPENDED",
                        "CLOSED"),
                outputOf("SendCloseThrow", "show"));
    }

    @Test
    void generatorYieldsAndSpeaksForAnother() {
        assertEquals(
                List.of(
                        "1",
                        "2",
                        "3",
                        "fank",
                        "fank1",
                        "fank2",
                        "5",
                        "6",
                        "7",
                        "8",
                        "9",
                        "your name?",
                        "hello fank, your city?",
                        "11 letters",
                        "ready",
                        "the inner one caught: download error",
                        "the inner one cleans up",
                        "ready",
                        "the inner one cleans up",
                        "inner CLOSED, outer CLOSED"),
                outputOf("Delegation", "show"));
    }

    @Test
    void turnsChangeNothingOfTheResult() {
        assertLinesMatch(
                List.of(
                        "one after the other: 499501 and 0, run time is \\d+ ms",
                        "taking turns: 499501, run time is \\d+ ms"),
                outputOf("SwitchCost", "compare", 1000));
    }
}
