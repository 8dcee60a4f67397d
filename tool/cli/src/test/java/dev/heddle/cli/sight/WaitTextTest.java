package dev.heddle.cli.sight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

/** A graph of waits is printed with what is worst first, and each below the one that it waits for. */
class WaitTextTest {

    private static String text(String json, LongFunction<Optional<String>> process) {
        var text = new WaitText("", process);
        json.lines().map(AnswerLine::parse).forEach(text::add);
        return text.toString();
    }

    private static String text(String json) {
        return text(json, pid -> Optional.empty());
    }

    private static final String CHAIN = """
            {"kind":"wait","node":3,"who":"task guest (a, running)","what":"acquiring mutex kitchen","whatKind":"lock","holders":[2],"waited":1000,"at":"app//App.eat(App.java:3)","spawned":"App.main(App.java:9)"}
            {"kind":"wait","node":2,"who":"task cook (a, running)","what":"sending to a channel of 1","whatKind":"other","likely":[1],"waited":2000,"limited":true,"at":"App.cook(App.java:2)"}
            {"kind":"wait","node":1,"who":"task waiter (b, running)","what":"sleeping 24 h","whatKind":"other","waited":3000,"at":"App.wait(App.java:1)"}
            {"kind":"summary","plain":7,"leftOut":0}
            """;

    @Test
    void chainIsReadFromWhoHoldsItUp() {
        assertEquals(
                """
                        0 cycles, 0 loops held, 3 waits for others

                        task waiter (b, running): sleeping 24 h, for 3.00 s; holds up 2
                            at App.wait(App.java:1)
                          task cook (a, running): sending to a channel of 1, last served by task waiter (b, running), for 2.00 s, until a deadline
                              at App.cook(App.java:2)
                            task guest (a, running): acquiring mutex kitchen, held by task cook (a, running), for 1.00 s
                                at App.eat(App.java:3)
                                spawned at App.main(App.java:9)

                        7 more tasks wait for a time, for bytes or the like
                        """,
                text(CHAIN));
    }

    @Test
    void whatGoesOnInAnotherProcessStandsBelowWhoWaitsForIt() {
        String parent = """
                {"kind":"wait","node":1,"who":"task main (loop, running)","what":"a body in a child process (4712)","whatKind":"other","pid":4712,"at":"App.main(App.java:1)"}
                {"kind":"wait","node":2,"who":"thread main","what":"the end of loop","whatKind":"lock","holders":[1]}
                """;
        assertEquals("""
                0 cycles, 0 loops held, 2 waits for others

                task main (loop, running): a body in a child process (4712); holds up 1
                    at App.main(App.java:1)
                  in process 4712:
                    0 cycles

                      x
                  thread main: the end of loop, held by task main (loop, running)
                """, text(parent, pid -> Optional.of("0 cycles\n\n  x\n")));
    }

    @Test
    void cyclesAndLoopsThatDoNotAnswerComeFirst() {
        assertEquals("""
                1 cycle, 1 loop held, 3 waits for others

                loop b does not answer, held by task spin (b, running)
                    at App.spin(App.java:8)

                cycle of 2: each waits for the next, the last for the first
                  task ann (a, running): the fork, held by task bob (a, running)
                  task bob (a, running): the spoon, held by task ann (a, running)
                    task eve (a, running): the fork, held by task bob (a, running)
                """,
                text("""
                        {"kind":"wait","node":1,"cycle":1,"who":"task ann (a, running)","what":"the fork","whatKind":"lock","holders":[2]}
                        {"kind":"wait","node":2,"cycle":1,"who":"task bob (a, running)","what":"the spoon","whatKind":"lock","holders":[1]}
                        {"kind":"wait","node":3,"who":"task eve (a, running)","what":"the fork","whatKind":"lock","holders":[2]}
                        {"kind":"starved","loop":"b","heldBy":"task spin (b, running)","at":"App.spin(App.java:8)"}
                        """));
    }

    @Test
    void roundOfThoseWhoServedEachOtherIsPerhapsACycle() {
        String text = text("""
                {"kind":"wait","node":1,"who":"task ann","what":"sending to a channel of 1","likely":[2]}
                {"kind":"wait","node":2,"who":"task bob","what":"sending to a channel of 2","likely":[1]}
                {"kind":"wait","node":3,"who":"task eve","what":"sending to a channel of 2","likely":[2,3]}
                """);
        assertTrue(text.contains("""
                perhaps a cycle: each waits for what the next was the last to do
                  task ann: sending to a channel of 1, last served by task bob
                    task bob: sending to a channel of 2, last served by task ann
                      task eve: sending to a channel of 2, last served by task bob, itself
                """), text);
    }

    @Test
    void manyThatWaitForTheSameAreCounted() {
        var json = new StringBuilder();
        json.append("{\"kind\":\"holder\",\"node\":1,\"who\":\"task ann\",\"state\":\"running\"}\n");
        for (int i = 2; i < 1_002; i++) {
            json.append("{\"kind\":\"wait\",\"node\":").append(i).append(",\"who\":\"task ").append(i).append(
                    "\",\"what\":\"acquiring m\",\"holders\":[1]}\n");
        }
        String text = text(json.toString());
        assertTrue(text.contains("task ann: running; holds up 1,000\n"), text);
        assertTrue(text.endsWith("  task 6: acquiring m, held by task ann\n  ... and 995 more: acquiring m\n"), text);
    }

    @Test
    void whatNobodyIsKnownToHoldComesLast() {
        assertEquals("""
                0 cycles, 0 loops held, 2 waits for others

                waiting for what nobody is known to hold:
                  task ann: acquiring a semaphore
                  task bob: receiving from a channel of 1, last served by #99; nobody who has served it is left

                12 waits left out; --max tells how many to list
                """,
                text("""
                        {"kind":"wait","node":1,"who":"task ann","what":"acquiring a semaphore","whatKind":"lock"}
                        {"kind":"wait","node":2,"who":"task bob","what":"receiving from a channel of 1","likely":[99],"orphaned":true}
                        {"kind":"summary","plain":0,"leftOut":12}
                        """));
    }

    @Test
    void longChainIsNoStackOverflow() {
        var json = new StringBuilder();
        for (int i = 1; i <= 20_000; i++) {
            json.append("{\"kind\":\"wait\",\"node\":").append(i).append(",\"who\":\"t").append(i)
                    .append("\",\"what\":\"joining\",\"holders\":[").append(i + 1).append("]}\n");
        }
        assertTrue(text(json.toString()).contains("holds up 19,999"));
    }
}
