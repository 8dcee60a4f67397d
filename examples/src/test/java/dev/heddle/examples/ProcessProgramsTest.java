package dev.heddle.examples;

import static dev.heddle.Heddle.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The programs about processes, with real ones where the program shows what only a process can. */
@Timeout(120)
@Tag("full")
final class ProcessProgramsTest {

    private static List<String> outputOf(String example, String method) {
        return Output.of(() -> run(() -> Program.example(example).call(method)));
    }

    /** Those of one kind come in any order. */
    @Test
    void processesThreadsAndTasksComputeAndSleepAlike() {
        List<String> computed = List.of("exec result 121393", "exec result 196418", "exec result 75025");
        List<String> slept = List.of("exec result 1", "exec result 2", "exec result 3");
        List<String> lines = Output.of(() -> run(() -> Program.example("Fibonacci").call("compare", 25, 27)));
        assertEquals("computing:", lines.getFirst());
        assertSection(computed, "processes", lines.subList(1, 5));
        assertSection(computed, "threads", lines.subList(5, 9));
        assertSection(computed, "one by one", lines.subList(9, 13));
        assertEquals("sleeping:", lines.get(13));
        assertSection(slept, "processes", lines.subList(14, 18));
        assertSection(slept, "threads", lines.subList(18, 22));
        assertSection(slept, "tasks", lines.subList(22, 26));
    }

    private static void assertSection(List<String> results, String who, List<String> lines) {
        assertEquals(results, lines.subList(0, 3).stream().sorted().toList());
        assertTrue(lines.get(3).matches(who + ": last time is \\d+ ms"), lines.get(3));
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

    /** What a worker prints comes by a thread of its own, so the lines are compared without their order. */
    @Test
    void processesFetchAndTheParentParsesEachPageAsSoonAsItHasCome() {
        long here = ProcessHandle.current().pid();
        List<String> lines = outputOf("GetAndParse", "serveAndParse");
        List<String> names = List.of("baidu", "github", "openstack", "python", "sina");
        assertEquals(
                names.stream().map(name -> "<process " + here + "> parse /" + name).toList(),
                lines.stream().filter(line -> line.contains("parse")).sorted().toList());
        assertEquals(
                names.stream().map(name -> "get /" + name).toList(),
                lines.stream()
                        .filter(line -> line.contains("> get ") && !line.contains("<process " + here + ">"))
                        .map(line -> line.substring(line.indexOf("get ")))
                        .sorted()
                        .toList());
        assertEquals(
                names.stream().map(name -> "url:</" + name + "> size:[" + (8 + name.length()) + "]").toList(),
                lines.stream().filter(line -> line.startsWith("url:")).sorted().toList());
        assertEquals("url:</baidu> size:[13]", lines.getLast(), "nothing comes behind the result");
        assertEquals(
                "url:</baidu> size:[13]",
                lines.stream().filter(line -> line.startsWith("url:")).toList().getLast(),
                "the slow page holds up no other");
    }

    @Test
    void processHasAPidAStartAndVariablesOfItsOwn() {
        String here = Long.toString(ProcessHandle.current().pid());
        List<String> lines = outputOf("TasksAndProcesses", "compare");
        assertEquals(
                List.of("pids:", "hello " + here, "hello " + here, "main task " + here),
                lines.subList(0, 4));
        List<String> children = lines.stream().filter(line -> line.matches("\\[child-\\d+] hello \\d+")).toList();
        assertEquals(3, children.size());
        assertEquals(3, children.stream().map(line -> line.substring(line.lastIndexOf(' '))).distinct().count());
        assertTrue(children.stream().noneMatch(line -> line.endsWith(" " + here)));
        assertTrue(micros(lines, "a task") < micros(lines, "a process"), lines::toString);
        assertEquals(
                List.of("in the process n is now 0", "here n is still 100", "here n is now 0"),
                lines.subList(lines.indexOf("memory:") + 1, lines.size()).stream()
                        .filter(line -> !line.startsWith("["))
                        .toList());
    }

    private static int micros(List<String> lines, String what) {
        String line = lines.stream().filter(it -> it.startsWith(what + " began and ended in ")).findAny().orElseThrow();
        return Integer.parseInt(line.replaceAll("\\D", ""));
    }

    /** What a child prints comes by a thread of its own, with the child's name before it. */
    private static List<String> sorted(List<String> lines) {
        return lines.stream().map(line -> line.replaceFirst("^\\[child-\\d+] ", "[child] ")).sorted().toList();
    }

    @Test
    void childHasItsOwnPidAndAnExitCode() {
        List<String> lines = sorted(outputOf("OneChild", "startAndJoin"));
        String here = Long.toString(ProcessHandle.current().pid());
        String child = lines.getLast().substring(lines.getLast().lastIndexOf(' ') + 1);
        assertNotEquals(here, child);
        assertEquals(
                List.of(
                        "[child] child process " + child + ", parent process " + here,
                        "[child] sub process success",
                        "its exit code is 0",
                        "main process end",
                        "parent process " + here + ", child process " + child),
                lines);
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
