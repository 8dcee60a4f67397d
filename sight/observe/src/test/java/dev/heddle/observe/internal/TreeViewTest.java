package dev.heddle.observe.internal;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.shield;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static dev.heddle.Heddle.timeout;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.heddle.Action;
import dev.heddle.Config;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.Waiter;
import dev.heddle.internal.sight.Kernel;
import dev.heddle.sim.Sim;
import dev.heddle.sync.Mutex;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A tree has a line for each task, owners before what they own, with what it waits for and who holds that. */
final class TreeViewTest {

    private static final Action PARKED = () -> sleep(ofDays(1));

    /** What is seen of a tree three levels deep. */
    private static List<String> tree(String request) {
        return Sim.run(() -> {
            Task<Void> top = spawn("top", () -> group(outer -> {
                for (int i = 1; i <= 3; i++) {
                    outer.spawn("fetch " + i, () -> group(inner -> {
                        inner.spawn("parse", PARKED);
                        inner.spawn("store", PARKED);
                    }));
                }
                outer.spawnService("log", PARKED);
            }));
            sleep(ofSeconds(1));
            List<String> lines = Asked.of(new TreeView(), request);
            top.cancel();
            return lines;
        });
    }

    private static List<String> names(List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith("{\"kind\":\"task\""))
                .map(line -> line.replaceFirst(".*\"depth\":(\\d+),\"name\":\"([^\"]*)\".*", "$1 $2"))
                .toList();
    }

    private static String lineOf(List<String> lines, String name) {
        return lines.stream()
                .filter(line -> line.contains("\"name\":\"" + name + "\""))
                .findAny()
                .orElseThrow(() -> new AssertionError(name + " is not in " + lines));
    }

    private static void assertHas(String line, String... fields) {
        for (String field : fields) {
            assertTrue(line.contains(field), () -> field + " is not in " + line);
        }
    }

    @Test
    void allTasksAreThereEachBehindItsOwner() {
        List<String> lines = tree("tree");
        assertEquals(
                List.of("1 main", "2 top", "3 fetch 1", "4 parse", "4 store", "3 fetch 2", "4 parse", "4 store",
                        "3 fetch 3", "4 parse", "4 store", "3 log"),
                names(lines));
        assertHas(lines.getFirst(), "\"kind\":\"loop\"", "\"tasks\":12", "\"answers\":true");
        assertHas(lineOf(lines, "fetch 2"), "\"group\":1", "\"state\":\"waiting\"", "\"age\":1000", "\"waited\":1000",
                "the end of its 2 tasks", "TreeViewTest.java:");
        assertHas(lineOf(lines, "log"), "\"service\":true", "\"group\":1");
        assertFalse(lineOf(lines, "top").contains("group\":"), lines::toString);
        assertHas(lineOf(lines, "main"), "\"state\":\"ready\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            tree depth=2            | [1 main, 2 top]
            tree name=fetch*        | [1 main, 2 top, 3 fetch 1, 3 fetch 2, 3 fetch 3]
            tree name=FETCH%202     | [1 main, 2 top, 3 fetch 2]
            tree name=f*h%20?       | [1 main, 2 top, 3 fetch 1, 3 fetch 2, 3 fetch 3]
            tree name=parse max=5   | [1 main, 2 top, 3 fetch 1, 4 parse, 3 fetch 2]
            tree name=nobody        | []
            tree state=ready        | [1 main]
            tree loop=none          | []
            tree max=3              | [1 main, 2 top, 3 fetch 1]
            """)
    void whatIsAskedForIsShownWithItsOwners(String request, String shown) {
        assertEquals(shown, names(tree(request)).toString());
    }

    @Test
    void whatIsLeftOutIsCounted() {
        assertEquals(
                "{\"kind\":\"more\",\"loop\":\"sim\",\"tasks\":9}", tree("tree max=3").getLast());
        List<String> lines = tree("tree depth=3");
        assertEquals(3, lines.stream().filter(line -> line.startsWith("{\"kind\":\"more\"")).count());
        assertHas(lines.get(4), "\"kind\":\"more\"", "\"parent\":3,\"depth\":4,\"tasks\":2}");
    }

    @Test
    void ownerThatIsShownForWhatItOwnsSaysSo() {
        List<String> lines = tree("tree name=parse");
        assertHas(lineOf(lines, "top"), "\"path\":true");
        assertFalse(lineOf(lines, "parse").contains("path"), lines::toString);
    }

    @Test
    void tasksThatWereToldToEndAndLiveOnAreFound() {
        assertEquals(List.of("1 main", "2 stubborn"), Sim.run(() -> {
            spawn("healthy", PARKED);
            Task<?> stubborn = spawn("stubborn", () -> shield(PARKED));
            sleep(ofSeconds(1));
            stubborn.cancel("enough");
            sleep(ofSeconds(1));
            return names(Asked.of(new TreeView(), "tree state=cancelled"));
        }));
    }

    @Test
    void taskHasItsDeadlineItsCancelItsHolderAndItsLine() {
        List<String> lines = Sim.run(() -> {
            Mutex mutex = Mutex.named("noodles");
            Task<Void> ann = spawn("ann", () -> timeout(ofSeconds(10), () -> mutex.run(PARKED)));
            sleep(ofSeconds(1));
            Task<Void> bob = spawn("bob", mutex::acquire);
            Task<?> stubborn = spawn("stubborn", () -> shield(() -> moveOnAfter(ofSeconds(11), PARKED)));
            sleep(ofSeconds(1));
            stubborn.cancel("enough");
            sleep(ofSeconds(2));
            List<String> seen = Asked.of(new TreeView(), "tree lines=1");
            ann.cancel();
            bob.cancel();
            return seen;
        });
        assertHas(lineOf(lines, "ann"), "\"deadline\":6000");
        assertHas(lineOf(lines, "bob"), "acquiring mutex noodles", "\"holders\":[\"task ann (sim, running)\"]",
                "\"at\":\"");
        assertHas(lineOf(lines, "stubborn"), "\"cancelled\":\"enough\",\"cancelledFor\":2000");
        assertFalse(lineOf(lines, "bob").contains("cancelled"), lines::toString);
    }

    @Tag("full")
    @Test
    void loopThatDoesNotAnswerHasItsHolder() {
        var release = new AtomicBoolean();
        try (Loop loop = Loop.start(
                Config.DEFAULT.withName("held").withBlockedAfter(Duration.ZERO))) {
            var begun = new AtomicBoolean();
            loop.spawn("spinning", () -> {
                begun.set(true);
                while (!release.get()) {
                    Thread.onSpinWait();
                }
            });
            while (!begun.get()) {
                Thread.onSpinWait();
            }
            List<String> lines = Asked.of(new TreeView(), "tree loop=held");
            release.set(true);
            assertEquals(1, lines.size());
            assertHas(lines.getFirst(), "\"answers\":false", "\"running\":\"spinning\"", "\"at\":\"");
        }
    }

    @Tag("full")
    @Test
    void loopThatAnswersNoMoreInTheMidstSaysSo() {
        var release = new AtomicBoolean();
        try (Loop loop = Loop.start(
                Config.DEFAULT.withName("held").withBlockedAfter(Duration.ZERO))) {
            var begun = new AtomicBoolean();
            loop.spawn(() -> group(g -> {
                for (int i = 0; i < 2_000; i++) { // some slices
                    g.spawn("parked", PARKED);
                }
                checkpoint(); // each of them waits, so that who comes next is the next to run
                begun.set(true);
            }));
            while (!begun.get()) {
                Thread.onSpinWait();
            }
            var holding = new AtomicBoolean();
            var bytes = new ByteArrayOutputStream() {
                @Override
                public void write(byte[] line, int offset, int length) {
                    super.write(line, offset, length);
                    if (!holding.getAndSet(true)) {
                        loop.spawn("spinning", () -> {
                            while (!release.get()) {
                                Thread.onSpinWait();
                            }
                        });
                    }
                }
            };
            assertDoesNotThrow(
                    () -> new TreeView().write(ViewRequest.parse("tree loop=held"), new JsonLines(bytes)));
            release.set(true);
            List<String> lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
            assertTrue(lines.size() < 2_000, () -> lines.size() + " lines");
            assertHas(lines.getLast(), "\"kind\":\"held\"", "\"loop\":\"held\"", "\"running\":\"spinning\"");
        }
    }

    @Test
    void taskThatHasNotBegunIsPending() {
        List<String> lines = Sim.run(() -> {
            Task<Void> young = spawn("young", () -> {});
            List<String> seen = Asked.of(new TreeView(), "tree");
            young.join();
            return seen;
        });
        assertHas(lineOf(lines, "young"), "\"state\":\"pending\"");
    }

    /**
     * Counted and not guessed from the size of the process. Of compiled code, which allocates less: on a busy machine it
     * takes some looks until it is there.
     */
    @Tag("full")
    @Test
    void lookAtManyTasksLeavesLessThan64BytesOfGarbageForEach() throws IOException {
        int tasks = 20_000;
        try (Loop loop = Loop.start(Config.DEFAULT.withBlockedAfter(Duration.ZERO))) {
            loop.spawn(() -> {
                for (int i = 0; i < tasks; i++) {
                    spawn(() -> new Waiter("the end").await());
                }
                new Waiter("the end").await();
            });
            loop.spawn(() -> sleep(Duration.ofMillis(1))).join(); // all of them wait
            long perTask = Long.MAX_VALUE;
            for (int look = 1; look <= 100 && perTask >= 64; look++) {
                long before = allocatedBy(loop);
                new TreeView().write(ViewRequest.parse("tree"), new JsonLines(OutputStream.nullOutputStream()));
                perTask = (allocatedBy(loop) - before) / tasks;
            }
            assertTrue(perTask < 64, perTask + " bytes");
            assertTrue(perTask > 16, "what the loop allocates is counted");
        }
    }

    /** The bytes that a loop and the calling thread have allocated so far. */
    private static long allocatedBy(Loop loop) {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long driver = Kernel.get().look(loop).driver().threadId();
        return threads.getCurrentThreadAllocatedBytes() + threads.getThreadAllocatedBytes(driver);
    }

    @Test
    void whatIsNoNumberIsRefused() {
        assertThrows(UncheckedIOException.class, () -> Asked.of(new TreeView(), "tree depth=x"));
    }
}
