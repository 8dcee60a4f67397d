package dev.heddle.examples;

import static dev.heddle.Heddle.run;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The programs about tasks, and those about what tasks share: a list, locks, queues, a pool. */
final class TaskProgramsTest {

    private static List<String> lines(Stream<String> first, String... rest) {
        return Stream.concat(first, Stream.of(rest)).toList();
    }

    // ---- tasks ----

    @Test
    void twoTasksFetchSideBySide() {
        assertEquals(
                List.of(
                        "get title html",
                        "get detail html",
                        "get title html done",
                        "get detail html done",
                        "last time 200 ms"),
                Simulated.outputOf("TitleAndDetail", "fetchBoth"));
    }

    @Test
    void listIsSharedWithoutALockAndIsEmptyForThoseWhoDoNotWait() {
        List<String> readers = Collections.nCopies(10, "get detail html");
        List<String> writer = List.of("get title url", "get title url done", "last time 200 ms");
        assertEquals(
                Stream.of(
                        List.of("Readers that sleep as long as the writer:"),
                        readers,
                        writer,
                        List.of("Readers that sleep longer:"),
                        readers,
                        writer,
                        Collections.nCopies(10, "get detail html done"),
                        List.of("10 of 20 left")).flatMap(List::stream).toList(),
                Simulated.outputOf("SharedList", "shareTheList"));
    }

    @Test
    void mainTaskGoesOnOrWaits() {
        assertEquals(
                List.of(
                        "The main task goes on:",
                        "  main task",
                        "  egon says hello",
                        "The main task waits:",
                        "  egon says hello",
                        "  main task",
                        "  alive: false",
                        "A class of its own:",
                        "  egon says hello"),
                Simulated.outputOf("SayHello", "sayHelloThreeTimes"));
    }

    @Test
    void daemonsEndWithTheirOwnersAndCleanUp() {
        assertEquals(
                List.of(
                        "the owner ends, the daemon is alive: true",
                        "the daemon cleans up",
                        "main-------",
                        "123",
                        "456",
                        "789",
                        "end123",
                        "end456"),
                Simulated.outputOf("DaemonTasks", "leaveDaemonsBehind"));
    }

    @Test
    void tasksHaveNamesAndCanBeListed() {
        assertEquals(
                List.of("main", "task main (sim, running)", "[main, worker]", "2 tasks", "worker"),
                Simulated.outputOf("NamesOfTasks", "nameThem"));
    }

    @Test
    void tenCallsAreMadeOneByOneAndTogether() {
        List<String> tasks = IntStream.range(0, 10).mapToObj(number -> "Task " + number + " done").toList();
        assertEquals(
                Stream.of(List.of("Synchronous:"), tasks, List.of("Asynchronous:"), tasks, List.of("DONE"))
                        .flatMap(List::stream)
                        .toList(),
                Simulated.outputOf("SyncAndAsync", "inBothWays"));
    }

    @Test
    void whoSleepsLetsTheOtherPlay() {
        assertEquals(
                List.of("egon eats 1", "egon plays 1", "egon plays 2", "egon eats 2", "main: eaten, played"),
                Simulated.outputOf("EatAndPlay", "withSleepOfHeddle"));
    }

    /** The JDK's sleep is real time, so nothing is said of who wakes first. */
    @Test
    void whoSleepsInTheJdkLetsTheOtherPlayToo() {
        List<String> lines = Output.of(() -> run(() -> Program.example("EatAndPlay").call("withSleepOfTheJdk")))
                .stream()
                .map(line -> line.replaceFirst("task-\\d+ ", ""))
                .toList();
        assertEquals(List.of("eats 1", "plays 1"), lines.subList(0, 2));
        assertEquals(List.of("eats 2", "plays 2"), lines.subList(2, 4).stream().sorted().toList());
        assertEquals("main", lines.get(4));
    }

    // ---- locks ----

    @Test
    void updatesAreLostWhereATaskWaitsInTheMiddleWithoutALock() {
        assertEquals(
                List.of(
                        "without a lock: n is 99, in 5 ms",
                        "with a lock: n is 0, in 530 ms",
                        "one after the other: n is 0, in 3500 ms",
                        "without a wait in the middle: n is 0, in 30 ms"),
                Simulated.outputOf("LostUpdates", "compare"));
    }

    @Test
    void mutexIsNotReentrantAndSaysSo() {
        assertEquals(
                List.of(
                        "mutex A is held by its caller, task main, already: "
                                + "it is not re-entrant, so the wait would never end",
                        "123",
                        "free: true"),
                Simulated.outputOf("LockTwice", "lockTwice"));
    }

    @Test
    void twoSpeakInTurnWhoeverComesFirst() {
        assertEquals(
                List.of(
                        "Tmall Genie: Xiao Ai!",
                        "Xiao Ai: Here.",
                        "Tmall Genie: Let us recite poems.",
                        "Xiao Ai: Oh yes."),
                Simulated.outputOf("Conversation", "talk"));
    }

    @Test
    void threeSpidersAtATimeReadTenPages() {
        assertEquals(
                lines(
                        IntStream.range(0, 10).mapToObj(n -> "get html success: http://www.baidu.com/id/" + n + "/"),
                        "in 800 ms"),
                Simulated.outputOf("ThreeSpiders", "crawl"));
    }

    @Test
    void whatTwoWantIsFetchedOnce() {
        assertEquals(
                List.of("parse this is stuff", "use this is stuff", "the site was asked 1 time",
                        "parse this is more", "use this is more", "the site was asked 2 times"),
                Simulated.outputOf("SharedCache", "serveAndAsk"));
    }

    // ---- queues ----

    @Test
    void endOfTheChannelIsTheEndOfItsReaders() {
        assertEquals(
                lines(
                        Stream.concat(
                                Stream.of("get title url", "get title url done"),
                                IntStream.range(0, 20)
                                        .mapToObj(n -> "get detail html done: http://www.test.com/id/" + n + "/")),
                        "last time 600 ms"),
                Simulated.outputOf("PagesThroughAQueue", "passPages"));
    }

    @Test
    void queueAnswersInsteadOfThrowing() {
        assertEquals(
                List.of(
                        "get with a timeout: Optional.empty",
                        "get_nowait: Optional.empty",
                        "put_nowait: true, then false",
                        "qsize 2, empty false, full true",
                        "task_done: a",
                        "task_done: b",
                        "join: all is done"),
                Simulated.outputOf("QueueCalls", "askForEverything"));
    }

    @Test
    void oldestTheNewestOrTheSmallestComesFirst() {
        assertEquals(
                List.of("first", "second", "third", "third", "second", "first", "10=b", "20=a", "30=c"),
                Simulated.outputOf("QueueOrders", "inEachOrder"));
    }

    // ---- pools ----

    @Test
    void resultsComeAsTheyAreDoneAndInOrderAndTheFirstLeavesOthersPending() {
        assertEquals(
                List.of(
                        "as_completed:",
                        "get html 2 success",
                        "get html 3 success",
                        "get 2 page success",
                        "get 3 page success",
                        "get html 2 success",
                        "get 2 page success",
                        "get html 4 success",
                        "get 4 page success",
                        "map:",
                        "get html 2 success",
                        "get 2 page success",
                        "get html 3 success",
                        "get 3 page success",
                        "get html 2 success",
                        "get html 4 success",
                        "get 4 page success",
                        "get 2 page success",
                        "wait for the first of those that are done already:",
                        "4 done, 0 pending",
                        "wait for the first of new ones:",
                        "get html 2 success",
                        "1 done, 1 pending",
                        "main",
                        "get html 3 success"),
                Simulated.outputOf("SubmitAndWait", "submitAndWait"));
    }

    /** Threads live outside of a simulation. */
    @Test
    void whatWaitsForAThreadIsCancelledAndWhatIsDoneIsNot() {
        assertEquals(
                List.of(
                        "done: false",
                        "cancel the one that waits: true",
                        "get html 2 success",
                        "get html 3 success",
                        "result: 3",
                        "done: true",
                        "cancel the one that is done: false, it has 2",
                        "cancel the one that runs: true, its future is CANCELLED",
                        "get html 4 success"),
                Output.of(() -> run(() -> Program.example("SubmitAndCancel").call("onThreads"))));
    }

    @Test
    void runningTaskIsCancelledUnlessItRefuses() {
        assertEquals(
                List.of(
                        "a running task that is cancelled: CANCELLED",
                        "get html 3 success",
                        "a running task that refuses: SUCCEEDED"),
                Simulated.outputOf("SubmitAndCancel", "asTasks"));
    }

    /** As above. */
    @Test
    void blockingSocketsFetchOnThreads() {
        assertEquals(
                IntStream.range(0, 20).mapToObj(n -> "page " + n).toList(),
                Output.of(() -> run(
                        () -> Program.example("BlockingSockets").call("serveAndFetch"))));
    }
}
