package dev.heddle.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The examples of tasks and loops: who prints what, and when. */
final class TasksSideBySideTest {

    @Test
    void functionThatBeganFirstEndsLast() {
        assertEquals(
                List.of("the program begins", "fun1 begins", "fun2 begins", "fun2 has ended", "fun1 has ended"),
                Played.simulated("TwoAtOnce", "runBoth"));
    }

    @Test
    void tasksKnowTheirNames() {
        assertEquals(
                List.of(
                        "the program begins",
                        "thread-1 begins fun1",
                        "thread-2 begins fun2",
                        "thread-1 has ended fun1",
                        "thread-2 has ended fun2"),
                Played.simulated("NamedTasks", "runBoth"));
    }

    @Test
    void classOfOnesOwnHoldsWhatATaskRunsAndItsState() {
        assertEquals(
                List.of(
                        "the program begins",
                        "thread-1 begins fun1",
                        "thread-2 begins fun2",
                        "thread-1 has ended fun1",
                        "thread-2 has ended fun2",
                        "runs: 1 and 1"),
                Played.simulated("NamedTasks", "runBothOfAClass"));
    }

    @Test
    void workGoesOnThoughWhoWaitsForItOrWhoDoesItIsCancelled() {
        assertEquals(
                List.of(
                        "A task that another one only waits for, as with asyncio.shield:",
                        "  saving record 1",
                        "  who waited is cancelled, the work goes on: true",
                        "  record 1 is saved",
                        "A body inside of the task that is cancelled:",
                        "  saving record 2",
                        "  record 2 is saved",
                        "  cancelled as soon as it was done"),
                Played.simulated("ShieldedWork", "saveTwice"));
    }

    @Test
    void limitOfTimeCancelsWhatTakesLonger() {
        assertEquals(
                List.of(
                        "yay!",
                        "cancelled, not left running",
                        "timeout!",
                        "cancelled, not left running",
                        "no exception: Optional.empty"),
                Played.simulated("WaitFor", "waitWithALimit"));
    }

    @Test
    void tasksShareTheVariablesOfTheProgram() {
        assertEquals(
                List.of("test1 sees 13", "test2 sees 13"),
                Played.simulated("SharedVariable", "oneAfterTheOther"));
    }

    @Test
    void eachTaskHasAStudentOfItsOwn() {
        assertEquals(
                List.of(
                        "Thread-A, first task, student: Zhang San",
                        "Thread-B, first task, student: Li Si",
                        "Thread-A, second task, student: Zhang San",
                        "Thread-B, second task, student: Li Si"),
                Played.simulated("StudentOfEachTask", "processBoth"));
    }

    @Test
    void callsOneAfterTheOtherTakeTheSumOfTheirTimes() {
        assertEquals(
                List.of("begins", "hello", "world", "ends after 300 ms"),
                Played.simulated("SayAfter", "sayBoth"));
    }

    @Test
    void resultComesByWaitingOrByACallback() {
        assertEquals(
                List.of(
                        "Hello world 01 begin",
                        "Hello again 01 end",
                        "-------------------------------------",
                        "15",
                        "Hello world 01 begin",
                        "Hello again 01 end",
                        "15"),
                Played.simulated("ResultOfATask", "askTwice"));
    }

    @Test
    void tenRequestsTakeTheTimeOfOne() {
        List<String> expected = Stream.of(
                Collections.nCopies(10, "start get url"),
                Collections.nCopies(10, "end get url"),
                Collections.nCopies(10, "Stack hello, stack"),
                List.of("time: 200 ms")).flatMap(List::stream).toList();
        assertEquals(expected, Played.simulated("TenUrls", "getTen"));
    }

    @Test
    void resultsComeInTheOrderOfTheCallsAndNotOfTheirEnds() {
        assertEquals(
                List.of(
                        "Hello world 01 begin",
                        "Hello world 02 begin",
                        "Hello world 03 begin",
                        "Hello again 02 end",
                        "Hello again 01 end",
                        "Hello again 03 end",
                        "15",
                        "5",
                        "50"),
                Played.simulated("GatherThree", "gatherThree"));
    }

    @Test
    void allTasksRunOnOneThread() {
        String all = "tasks: 3, threads: 1";
        assertEquals(
                List.of("sleep 0", all, all, "sleep 1", all, "sleep 2"),
                Played.simulated("SleepAndShow", "sleepAndShow"));
    }

    @Test
    void bothHaveBegunBeforeOneEnds() {
        assertEquals(
                List.of("before ....task", "before ....task", "end ....task", "end ....task"),
                Played.simulated("BeforeAndEnd", "waitTwice"));
    }

    @Test
    void loopMadeByHandWorksUntilItIsClosed() {
        assertEquals(
                List.of(
                        "result: 42",
                        "running: true, and stopped by a callback",
                        "endless work: Cancelled[reason=task task-2 was cancelled: the loop ends]",
                        "running: false"),
                Played.real("LoopByHand"));
    }

    @Test
    void waysToWaitDifferInWhatIsSeenOnTelevision() {
        String boils = "  the water boils";
        String television = "  television";
        assertEquals(
                List.of(
                        "synchronous and blocking:",
                        boils,
                        "synchronous, not blocking:",
                        television,
                        television,
                        television,
                        boils,
                        "asynchronous and blocking:",
                        boils,
                        "asynchronous, not blocking:",
                        television,
                        television,
                        television,
                        boils,
                        television),
                Played.simulated("Kettle", "boilFourTimes"));
    }
}
