package dev.heddle.examples;

import static dev.heddle.Heddle.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertLinesMatch;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The examples behind the ideas of the guide: styles of code, loops of one's own, what things cost. */
@Timeout(300)
final class IdeasTest {

    private static final String LIFE = ".{28} +[\\d,]+\\.\\d us +-?[\\d,]+\\.\\d KB";
    private static final String ROUND = ".{36} +\\d+\\.\\d us";

    private static List<String> outputOf(String example, String method, Object... arguments) {
        return Output.of(() -> run(() -> Program.example(example).call(method, arguments)));
    }

    private static List<String> heads(List<String> lines) {
        return lines.stream().skip(1).map(line -> line.replaceFirst("  .*", "")).toList();
    }

    @Test
    void eachStyleBuysFailsAndEndsInTimeAndOnlyFuturesLeaveQuestionsBehind() {
        assertEquals(
                List.of(
                        "Ada:",
                        "  callbacks: paid for tea to Mill Lane, 4 answers, 0 inside",
                        "  futures: paid for tea to Mill Lane, 4 answers, 0 inside",
                        "  plain lines: paid for tea to Mill Lane, 4 answers, 0 inside",
                        "nobody:",
                        "  callbacks: IOException, 1 answers, 0 inside",
                        "  futures: IOException, 1 answers, 0 inside",
                        "  plain lines: IOException, 1 answers, 0 inside",
                        "Bob:",
                        "  callbacks: TimeoutException, 3 answers, 0 inside",
                        "  futures: TimeoutException, 4 answers, 0 inside",
                        "  plain lines: DeadlineExceededException, 3 answers, 0 inside",
                        "Eve:",
                        "  callbacks: TaskCancelledException, 1 answers, 0 inside",
                        "  futures: TaskCancelledException, 3 answers, 0 inside",
                        "  plain lines: TaskCancelledException, 1 answers, 0 inside"),
                Simulated.outputOf("CallbackHell", "buyInEachStyle"));
    }

    @Test
    void cleanUpOfAFutureThatIsCancelledItselfIsSkipped() {
        var purchase = new CompletableFuture<String>();
        var left = new AtomicBoolean();
        CompletableFuture<String> given = purchase.whenComplete((_, _) -> left.set(true));
        assertTrue(given.cancel(true));
        assertTrue(purchase.complete("paid"));
        assertFalse(left.get());
    }

    /** What the guide says of their lengths. */
    @Test
    void plainLinesAreAQuarterOfTheCallbacks() throws IOException {
        List<String> source = Files.readAllLines(Program.example("CallbackHell").file());
        assertEquals(49, lines(source, "Runnable buyWithCallbacks("));
        assertEquals(15, lines(source, "CompletableFuture<String> buyWithFutures("));
        assertEquals(12, lines(source, "String buy("));
    }

    /** Of a method, with its head and its last brace. */
    private static long lines(List<String> source, String head) {
        List<String> fromHere = source.stream().dropWhile(line -> !line.startsWith(head)).toList();
        return fromHere.stream().takeWhile(line -> !line.equals("}")).count() + 1;
    }

    /** Real sockets. */
    @Test
    void loopOfCallbacksCallsBackInTheOrderOfTheAnswers() {
        assertEquals(
                List.of(
                        "all asked",
                        "/quick this is quick",
                        "/middle this is middle",
                        "/slow this is slow",
                        "all answered"),
                Played.real("LoopOfCallbacks"));
    }

    @Test
    void loopOfTasksHasTimersResultsAndFailures() {
        assertEquals(
                List.of(
                        "20 ms later",
                        "this is slow",
                        "this is quick",
                        "failed: /missing: HTTP/1.1 404 Not Found"),
                Played.real("LoopOfTasks"));
    }

    @Test
    @Tag("full")
    @EnabledOnOs(OS.LINUX)
    void selectPollAndEpollFindTheSame() {
        List<String> lines = Output.of(() -> {
            try {
                Program.example("SelectAgainstEpoll").call("measure", 1);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        assertMeasured(30, lines);
        assertEquals(13, lines.size());
        for (String line : lines.subList(1, lines.size())) {
            assertTrue(line.matches("(1 of|all) \\d+ (is ready|are ready|are new) +[\\d.]+ +[\\d.]+ +[\\d.]+"), line);
        }
    }

    @Test
    @Tag("full")
    @EnabledOnOs(OS.LINUX)
    void whatThingsCostIsMeasuredHereAndInPython() throws Exception {
        Python.assumeHas("gevent");
        List<String> lines = outputOf("WhatThingsCost", "measure", 1_000, 10, 1);
        assertLinesMatch(Stream
                .concat(Stream.of(" +start to end +while it waits"), Stream.generate(() -> LIFE).limit(10)).toList(),
                lines);
        assertMeasured(20, lines);
        assertEquals(
                List.of(
                        "Heddle: task",
                        "JDK: virtual thread",
                        "JDK: platform thread",
                        "Heddle: child JVM",
                        "Heddle: program",
                        "CPython: asyncio task",
                        "gevent: greenlet",
                        "CPython: thread",
                        "CPython: process, fork",
                        "CPython: process, spawn"),
                heads(lines));
    }

    @Test
    @Tag("full")
    void twoThreadsComputeAsWellAsTwoProcesses() {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/python3")), "Python is not installed");
        List<String> lines = outputOf("GlobalLock", "measure", 20, 12);
        assertLinesMatch(Stream.generate(() -> ".{24} +[\\d,]+ ms").limit(6).toList(), lines);
    }

    /** At least so many numbers, none of which says that nothing was measured. */
    private static void assertMeasured(int least, List<String> lines) {
        List<Double> numbers = lines.stream()
                .flatMap(line -> Pattern.compile("-?[\\d,]+\\.\\d+").matcher(line).results())
                .map(number -> Double.parseDouble(number.group().replace(",", "")))
                .toList();
        assertTrue(numbers.size() >= least && numbers.stream().allMatch(number -> number > 0), lines::toString);
    }

    @Test
    @Tag("full")
    void questionsAreAnsweredBetweenTasksThreadsAndProcessesHereAndInPython() {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/python3")), "Python is not installed");
        List<String> lines = outputOf("PipeAgainstQueue", "measure", 50);
        assertLinesMatch(
                Stream.concat(Stream.of("a question and its answer"), Stream.generate(() -> ROUND).limit(10)).toList(),
                lines);
        assertMeasured(10, lines);
    }
}
