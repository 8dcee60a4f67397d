package dev.heddle.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code kill -9} of a parent, and its end in order. */
@Tag("full")
final class ChildrenEndWithTheirParentTest {

    /** What is promised of children whose bodies run: see {@link Jvm#awaitEnds} for how it is counted. */
    private static final Duration PROMPTLY = Duration.ofSeconds(2);

    /** Kills a program when so many children have said who they are, and waits until none is left. */
    private static List<Long> killWhenUp(String program, int children, Duration limit, TestReporter reporter)
            throws Exception {
        try (Jvm parent = Jvm.start(ParentPrograms.class, program)) {
            List<Long> pids = pids(parent, children);
            Set<Long> all = new LinkedHashSet<>(pids);
            parent.process.descendants().forEach(each -> all.add(each.pid()));
            assertTrue(all.size() >= children, all + " of " + pids);
            long killed = System.nanoTime();
            parent.kill();
            assertEquals(137, parent.exitCode());
            reporter.publishEntry(all.size() + " children of " + program + " ended after",
                    Jvm.awaitEnds(all, killed, limit));
            return pids;
        }
    }

    private static List<Long> pids(Jvm parent, int count) throws IOException {
        List<Long> pids = new ArrayList<>();
        while (pids.size() < count) {
            String line = parent.line();
            assertTrue(line.startsWith("pid "), line);
            pids.add(Long.parseLong(line.substring(4)));
        }
        return pids;
    }

    @ParameterizedTest
    @CsvSource({"busy, 2", "counting, 1", "native, 1", "ten, 10", "nested, 2", "hooked, 1", "pool, 2",
            "orphan of a subprocess, 1"})
    void noneIsLeftWhenTheParentIsKilled(String program, int children, TestReporter reporter) throws Exception {
        killWhenUp(program, children, PROMPTLY, reporter);
    }

    @ParameterizedTest
    @CsvSource({"tree, 7", "tree of a subprocess, 3"})
    @Timeout(3600) // for more rounds than a build has time for
    void noneOfThreeGenerationsIsLeftWhenTheParentIsKilled(String program, int processes, TestReporter reporter)
            throws Exception {
        for (int round = 0; round < ProcessTreeTest.ROUNDS; round++) {
            killWhenUp(program, processes, PROMPTLY, reporter);
        }
    }

    @Test
    void privateDirectoryOfAParentThatIsKilledIsGoneAtOnce() throws Exception {
        try (Jvm parent = Jvm.start(ParentPrograms.class, "directory")) {
            Path directory = Path.of(parent.line());
            assertTrue(Files.exists(directory));
            parent.kill();
            Jvm.awaitTrue("the directory is gone", () -> !Files.exists(directory));
        }
    }

    @Test
    void thoseThatAreStartingEndToo(TestReporter reporter) throws Exception {
        for (int started = 1; started <= 4; started += 3) {
            // A JVM sees that its parent is gone when it is up.
            killWhenUp("starting", started, Jvm.PATIENCE, reporter);
        }
    }

    @Test
    void sharedMemoryOfAChildIsGoneAfterTheNextUse(TestReporter reporter) throws Exception {
        long child = killWhenUp("memory", 1, PROMPTLY, reporter).getFirst();
        Path name = MemoryDirectory.ofUser().root().resolve("names").resolve("heddle-test-of-child-" + child);
        SharedMemory.create(1).close();
        assertFalse(Files.exists(name, LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void parentThatEndsByItselfTerminatesItsDaemons() throws Exception {
        try (Jvm parent = Jvm.start(ParentPrograms.class, "daemon")) {
            long child = pids(parent, 1).getFirst();
            assertEquals(0, parent.exitCode());
            Jvm.awaitTrue("the child has ended", () -> !Jvm.runs(child));
        }
    }

    @Test
    void childThatIsNoDaemonKeepsItsParent() throws Exception {
        try (Jvm parent = Jvm.start(ParentPrograms.class, "no daemon")) {
            assertEquals("the child has ended", parent.line());
            assertEquals(0, parent.exitCode());
        }
    }

    @Test
    void parentThatExitsTerminatesAllInOrder() throws Exception {
        try (Jvm parent = Jvm.start(ParentPrograms.class, "exit")) {
            long child = pids(parent, 1).getFirst();
            parent.process.getOutputStream().close();
            assertEquals(9, parent.exitCode());
            assertEquals(List.of("hook of the child"), parent.rest());
            Jvm.awaitTrue("the child has ended", () -> !Jvm.runs(child));
        }
    }
}
