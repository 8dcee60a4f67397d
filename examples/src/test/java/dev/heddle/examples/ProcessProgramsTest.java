package dev.heddle.examples;

import static dev.heddle.Heddle.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertLinesMatch;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The programs about processes, with real ones where the program shows what only a process can. */
@Timeout(120)
final class ProcessProgramsTest {

    private static List<String> outputOf(String example, String method) {
        return Output.of(() -> run(() -> Program.example(example).call(method)));
    }

    @Test
    void numbersAreComputedInProcesses() {
        assertLinesMatch(
                List.of(
                        "exec result 75025",
                        "exec result 121393",
                        "exec result 196418",
                        "last time is: \\d+ ms",
                        "slept 3",
                        "slept 1",
                        "slept 2",
                        "last time is: 300 ms"),
                Simulated.outputOf("Fibonacci", "compute", 25, 27));
    }

    @Test
    void poolOfProcessesAndAPoolOfThreadsAreAskedAlike() {
        assertEquals(
                Stream.of(
                        Stream.of("+++>"),
                        IntStream.range(0, 11).mapToObj(n -> n * n + ", made elsewhere"),
                        IntStream.range(1, 12).mapToObj(n -> n * n + ", made here"))
                        .flatMap(lines -> lines)
                        .toList(),
                outputOf("Squares", "square"));
    }

    @Test
    void poolGivesResultsInOrderOrAsTheyCome() {
        List<String> lines = outputOf("PoolInOrder", "askThePool");
        List<String> ordered = List.of("1 sleep success", "5 sleep success", "3 sleep success");
        assertEquals(List.of("3", "imap:"), lines.subList(0, 2));
        assertEquals(ordered, lines.subList(2, 5));
        assertEquals("imap_unordered:", lines.get(5));
        assertEquals(ordered.stream().sorted().toList(), lines.subList(6, 9).stream().sorted().toList());
        assertEquals("main process end", lines.get(9));
    }

    @Test
    void processesFetchAndTheParentParses() {
        assertEquals(
                List.of(
                        "parse /baidu",
                        "parse /python",
                        "parse /openstack",
                        "parse /github",
                        "parse /sina",
                        "url:</baidu> size:[13]",
                        "url:</python> size:[14]",
                        "url:</openstack> size:[17]",
                        "url:</github> size:[14]",
                        "url:</sina> size:[12]"),
                outputOf("GetAndParse", "serveAndParse"));
    }

    @Test
    void processHasAPidAndVariablesOfItsOwn() {
        assertEquals(
                List.of(
                        "a task has our pid: true",
                        "a process has our pid: false",
                        "hello from a task",
                        "hello from a process",
                        "in the process n is now 0",
                        "here n is still 100",
                        "here n is now 0"),
                outputOf("TasksAndProcesses", "compare"));
    }

    /** What a child prints comes by a thread of its own, with the child's name before it. */
    private static List<String> sorted(List<String> lines) {
        return lines.stream().map(line -> line.replaceFirst("^\\[child-\\d+] ", "[child] ")).sorted().toList();
    }

    @Test
    void childHasItsOwnPidAndAnExitCode() {
        assertEquals(
                List.of(
                        "[child] a child of " + ProcessHandle.current().pid(),
                        "its exit code is 0",
                        "main process end",
                        "the child's pid is ours: false"),
                sorted(outputOf("OneChild", "startAndJoin")));
    }

    @Test
    void producersAndConsumersTalkOverQueuesAndPipes() {
        assertEquals(
                List.of(
                        "[child] got a from the queue",
                        "[child] got b from the pipe",
                        "[child] the other end is closed",
                        "the squares are 14",
                        "the two ended with 0 and 0",
                        "the two ended with 0 and 0"),
                sorted(outputOf("QueueAndPipe", "talk")));
    }

    @Test
    void twoProcessesFillOneMapAndCountInOneMemory() {
        assertEquals(
                List.of("{all=52, fank=25, fank2=27}", "hits: 20000"),
                outputOf("SharedDictionary", "share"));
    }

    @Tag("full")
    @Test
    void chatOfManyShowsTheOneOutWhoDoesNotListen() {
        assertEquals(
                List.of(
                        "50 guests listen, and one does not",
                        "the slow one was shown out: true",
                        "50 guests have heard every message in order"),
                Output.of(() -> run(() -> Program.example("ChatOfThousands").call("chat", 50))));
    }
}
