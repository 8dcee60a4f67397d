package dev.heddle.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples of locks and queues: what several tasks do with one thing. */
final class SharedThingsTest {

    /** Two of those who count are threads, so it takes real time; if one ends before the other begins, none is lost. */
    @Test
    void stepsAreLostWhereThreadsOrAWaitStandInTheMiddleAndNoMutexAround() {
        int byThreads = 200_000;
        for (int play = 0; play < 20 && byThreads == 200_000; play++) {
            List<String> lines = Played.real("CountTogether");
            assertEquals(
                    List.of(
                            "tasks, no wait in a step: 200000",
                            "tasks, a wait in a step: 100000",
                            "tasks, a wait in a step, a mutex: 200000",
                            "threads, a mutex: 200000"),
                    lines.stream().filter(line -> !line.startsWith("threads: ")).toList());
            byThreads = Integer.parseInt(lines.get(3).substring("threads: ".length()));
        }
        int told = byThreads;
        assertTrue(told > 0 && told < 200_000, () -> "steps of threads: " + told);
    }

    @Test
    void whoWaitsForASecondLockForALimitedTimeLetsTheOtherGoOn() {
        assertEquals(
                List.of(
                        "Without a limit:",
                        "thread-1 runs with one",
                        "thread-2 runs with one",
                        "thread-1 is acquiring mutex B",
                        "thread-2 is acquiring mutex A",
                        "thread-2 runs with both",
                        "With a limit:",
                        "thread-1 runs with one",
                        "thread-2 runs with one",
                        "thread-1 gives up and tries again",
                        "thread-2 runs with both",
                        "thread-1 runs with one",
                        "thread-1 runs with both"),
                Played.simulated("TwoLocks", "lockCrosswise"));
    }

    @Test
    void shopIsNeverMoreThanAPlateAhead() {
        List<String> expected = new ArrayList<>(List.of("the bun shop next door", "hungry for buns"));
        for (int bun = 0; bun < 30; bun++) {
            expected.add("I have eaten bun-" + bun);
            if (bun == 19) {
                expected.add("all are made");
            }
        }
        expected.add("all are eaten");
        assertEquals(expected, Played.simulated("SteamedBuns", "makeAndEat"));
    }
}
