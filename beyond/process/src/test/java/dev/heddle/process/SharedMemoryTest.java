package dev.heddle.process;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.conformance.LeavesNothing;
import dev.heddle.file.FileFailedException;
import dev.heddle.file.FileFailedException.Reason;
import dev.heddle.internal.SystemUser;
import dev.heddle.process.internal.codec.Codec;
import dev.heddle.process.internal.codec.UnreadableException;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Memory that several processes see, safe from strangers and gone with its owner. */
@LeavesNothing
final class SharedMemoryTest {

    private static final ProcessPoolOptions QUIET = ProcessPoolOptions.DEFAULT
            .withWorkers(1)
            .withOutput(WorkerOutput.DROPPED)
            .withJvmArguments("-XX:TieredStopAtLevel=1", "-Xmx64m");

    /** Others may run the same test on this machine at the same time. */
    private static String unique(String name) {
        return "heddle-test-" + name + "-" + ProcessHandle.current().pid();
    }

    private static Reason reason(Runnable doing) {
        return assertThrows(FileFailedException.class, doing::run).reason();
    }

    // ---- by name ----

    @Test
    void whoOpensItSeesTheSameBytes() {
        String name = unique("bytes");
        try (SharedMemory mine = SharedMemory.create(name, 1000)) {
            assertEquals(0, mine.segment().get(JAVA_INT, 996));
            mine.segment().set(JAVA_INT, 0, 42);
            try (SharedMemory other = SharedMemory.open(name)) {
                assertNotSame(mine, other);
                assertEquals(1000, other.size());
                assertEquals(42, other.segment().get(JAVA_INT, 0));
                other.segment().set(JAVA_INT, 4, 43);
            }
            assertEquals(43, mine.segment().get(JAVA_INT, 4));
        }
    }

    @Test
    void anotherProcessOpensItByName() {
        String name = unique("named");
        try (SharedMemory mine = SharedMemory.create(name, 4);
                ProcessPool pool = ProcessPool.of(QUIET)) {
            pool.run(() -> {
                try (SharedMemory there = SharedMemory.open(name)) {
                    there.segment().set(JAVA_INT, 0, 7);
                }
            });
            assertEquals(7, mine.segment().get(JAVA_INT, 0));
        }
    }

    @Test
    void nameThatIsTakenIsRefusedAndTheMemoryOfThatNameStays() {
        String name = unique("taken");
        try (SharedMemory mine = SharedMemory.create(name, 4)) {
            assertEquals(Reason.EXISTS, reason(() -> SharedMemory.create(name, 4)));
            SharedMemory.open(mine.name()).close();
        }
    }

    @Test
    @Tag("full")
    void nameThatAnotherProcessHasTakenIsRefused() {
        String name = unique("taken-there");
        try (SharedMemory mine = SharedMemory.create(name, 4);
                ProcessPool pool = ProcessPool.of(QUIET)) {
            String reason = pool.call(() -> {
                try {
                    SharedMemory.create(name, 4).close();
                    return "none";
                } catch (FileFailedException e) {
                    return e.reason().name();
                }
            });
            assertEquals("EXISTS", reason);
            SharedMemory.open(mine.name()).close();
        }
    }

    @Test
    @Tag("full")
    void memoryStaysThoughTheSystemsPropertiesAreReplaced() {
        String name = unique("properties");
        Properties before = System.getProperties();
        try (SharedMemory mine = SharedMemory.create(name, 4);
                ProcessPool pool = ProcessPool.of(QUIET)) {
            Properties others = new Properties();
            others.putAll(before);
            others.remove("dev.heddle.process.memoryOwners");
            System.setProperties(others);
            SharedMemory.create(4).close();
            assertEquals(4, pool.call(() -> {
                try (SharedMemory there = SharedMemory.open(name)) {
                    return there.size();
                }
            }));
            assertEquals(name, mine.name());
        } finally {
            System.setProperties(before);
        }
    }

    @Test
    void somethingStrangeAmongTheOwnersIsInNobodysWay() throws IOException {
        Path strange = Files.createFile(MemoryDirectory.ofUser().root().resolve("owners").resolve(unique("strange")));
        try (SharedMemory mine = SharedMemory.create(4)) {
            assertEquals(4, mine.size());
        } finally {
            Files.deleteIfExists(strange);
        }
    }

    @Test
    void nameThatLeadsToAnotherFileIsNotOpened(@TempDir Path elsewhere) throws IOException {
        Path file = Files.writeString(elsewhere.resolve("file"), "not memory");
        Path link = MemoryDirectory.ofUser().root().resolve("names").resolve(unique("elsewhere"));
        Files.createSymbolicLink(link, file);
        try {
            var refused = assertThrows(FileFailedException.class, () -> SharedMemory.open(unique("elsewhere")));
            assertTrue(refused.getMessage().contains("which is no shared memory"), refused.getMessage());
        } finally {
            Files.delete(link);
        }
    }

    @Test
    void whatIsNotThereCannotBeOpened() {
        String name = unique("nothing");
        assertEquals(Reason.NOT_FOUND, reason(() -> SharedMemory.open(name)));
    }

    @Test
    @SuppressWarnings("try") // the close is what is tested
    void ownersCloseTakesTheNameAwayOnceAndLeavesMappingsAlone() {
        String name = unique("gone");
        SharedMemory mine = SharedMemory.create(name, 4);
        mine.segment().set(JAVA_INT, 0, 5);
        try (SharedMemory other = SharedMemory.open(name)) {
            mine.close();
            mine.close();
            assertEquals(5, other.segment().get(JAVA_INT, 0));
            assertEquals(Reason.NOT_FOUND, reason(() -> SharedMemory.open(name)));
            try (SharedMemory again = SharedMemory.create(name, 4)) {
                mine.close();
                other.close();
                assertEquals(0, again.segment().get(JAVA_INT, 0));
                SharedMemory.open(name).close();
            }
        }
    }

    @Test
    void whoHasOpenedItDoesNotTakeTheNameAway() {
        try (SharedMemory mine = SharedMemory.create(4)) {
            SharedMemory.open(mine.name()).close();
            SharedMemory.open(mine.name()).close();
        }
    }

    @Test
    void useAfterTheCloseIsAnErrorAndNoCrash() {
        SharedMemory mine = SharedMemory.create(4);
        assertFalse(mine.isClosed());
        mine.close();
        assertTrue(mine.isClosed());
        assertThrows(IllegalStateException.class, () -> mine.segment().get(JAVA_INT, 0));
        assertEquals(4, mine.size());
    }

    @Test
    void namesThatCouldLeadElsewhereAreRefused() {
        for (String name : List.of("", ".", "..", "../x", "a/b", "-a", ".lock", "a b", "ä", "x".repeat(101), "a\0b")) {
            assertThrows(IllegalArgumentException.class, () -> SharedMemory.create(name, 1), name);
            assertThrows(IllegalArgumentException.class, () -> SharedMemory.open(name), name);
        }
        SharedMemory.create("x".repeat(100), 1).close();
    }

    @Test
    void sizesOutOfRangeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> SharedMemory.create(0));
        assertThrows(IllegalArgumentException.class, () -> SharedMemory.create(-1));
    }

    @Test
    void moreThanThereIsRoomForIsRefusedAtOnceAndLeavesNothing() {
        String name = unique("huge");
        assertEquals(Reason.NO_SPACE, reason(() -> SharedMemory.create(name, 1L << 50)));
        assertEquals(Reason.NOT_FOUND, reason(() -> SharedMemory.open(name)));
    }

    @Test
    void taskMayCreateOpenAndClose() {
        Heddle.run(() -> {
            try (SharedMemory mine = SharedMemory.create(4);
                    SharedMemory other = SharedMemory.open(mine.name())) {
                mine.segment().set(JAVA_INT, 0, 9);
                assertEquals(9, other.segment().get(JAVA_INT, 0));
            }
        });
    }

    @Test
    void cancelledTaskClosesAllTheSame() {
        String name = unique("cancelled");
        Heddle.run(() -> {
            SharedMemory mine = SharedMemory.create(name, 4);
            dev.heddle.CancelScope.open(scope -> {
                scope.cancel("test");
                mine.close();
            });
            assertTrue(mine.isClosed());
            assertEquals(Reason.NOT_FOUND, reason(() -> SharedMemory.open(name)));
        });
    }

    @Test
    void interruptedThreadCreatesNothing() {
        String name = unique("interrupted");
        Thread.currentThread().interrupt();
        try {
            assertThrows(CancelledException.class, () -> SharedMemory.create(name, 4));
        } finally {
            assertTrue(Thread.interrupted());
        }
        assertEquals(Reason.NOT_FOUND, reason(() -> SharedMemory.open(name)));
    }

    // ---- as a handle ----

    @Test
    @SuppressWarnings("try") // the close is what is tested
    void inItsOwnProcessAHandleIsTheObjectItself() {
        Codec codec = new Codec(10_000, List.of());
        ClassLoader loader = getClass().getClassLoader();
        try (SharedMemory mine = SharedMemory.create(4)) {
            byte[] handle = codec.encode("it", false, List.of(mine));
            assertSame(mine, ((List<?>) codec.decode(handle, 0, false, loader)).getFirst());
            mine.close();
            assertThrows(UnreadableException.class, () -> codec.decode(handle, 0, false, loader));
            assertThrows(CannotTravelException.class, () -> codec.encode("it", false, mine));
        }
    }

    @Test
    void inAnotherProcessItIsOneObjectUntilTheOwnerClosesIt() {
        try (ProcessPool pool = ProcessPool.of(QUIET)) {
            int first;
            try (SharedMemory mine = SharedMemory.create(4)) {
                first = pool.call(() -> {
                    mine.segment().set(JAVA_INT, 0, 11);
                    return System.identityHashCode(mine);
                });
                assertEquals(first, pool.call(() -> System.identityHashCode(mine)));
                assertEquals(11, mine.segment().get(JAVA_INT, 0));
                assertEquals(1L, pool.call(() -> mapped(mine.name())));
            }
            assertEquals(0L, pool.call(() -> mapped("")));
        }
    }

    /** How often this process has shared memory mapped, proc(5). */
    private static long mapped(String name) throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.matches(".*/heddle-\\d+/owners/[0-9a-f]+/" + name + ".*")).count();
        }
    }

    @Test
    void handleThatIsNoneIsRefused() {
        assertThrows(UnreadableException.class, () -> SharedMemory.received("../../etc/passwd", "0".repeat(32)));
        assertThrows(UnreadableException.class, () -> SharedMemory.received("a", "../../../../../../../../etc/passw"));
        assertThrows(UnreadableException.class, () -> SharedMemory.received("a", "0".repeat(32)));
    }

    // ---- whose it is ----

    @Test
    void onlyThisUserMayLookIntoIt() throws IOException {
        try (SharedMemory mine = SharedMemory.create(4)) {
            Path root = MemoryDirectory.ofUser().root();
            for (Path each : List.of(root, root.resolve("names"), root.resolve("owners"))) {
                assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(each)));
            }
            Path file = root.resolve("names").resolve(mine.name()).toRealPath();
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        }
    }

    @Test
    void directoryThatOthersMayEnterOrOwnIsRefused(@TempDir Path temporary) throws IOException {
        int user = SystemUser.number();
        Path open = Files.createDirectory(temporary.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path right = temporary.resolve("right");
        new MemoryDirectory(right, user);
        new MemoryDirectory(right, user);
        Path link = Files.createSymbolicLink(temporary.resolve("link"), right);
        Path file = Files.createFile(temporary.resolve("file"));
        for (Path wrong : List.of(open, link, file)) {
            assertThrows(IllegalStateException.class, () -> new MemoryDirectory(wrong, user), wrong.toString());
        }
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> new MemoryDirectory(right, user + 1));
        assertTrue(e.getMessage().contains("must be a directory of user " + (user + 1)), e.getMessage());
    }

    @Test
    void whatIsNotClosedIsToldAtTheEndAndRemoved() throws Exception {
        String name = unique("leak");
        try (Jvm program = Jvm.start(MemoryPrograms.class, "leak", name)) {
            assertEquals("ready", program.line());
            assertEquals(0, program.exitCode());
            List<String> said = program.rest();
            assertEquals(1, said.size(), said.toString());
            assertTrue(said.getFirst().startsWith("shared memory " + name + " (4096 bytes), created at "),
                    said.toString());
            assertTrue(said.getFirst().contains("MemoryPrograms.main(MemoryPrograms.java:"), said.toString());
        }
        assertEquals(Reason.NOT_FOUND, reason(() -> SharedMemory.open(name)));
    }

    @Test
    void whatAKilledOwnerHasLeftIsRemovedAtTheNextCreate() throws Exception {
        String name = unique("killed");
        Path left;
        try (Jvm program = Jvm.start(MemoryPrograms.class, "hold", name)) {
            assertEquals("ready", program.line());
            left = MemoryDirectory.ofUser().root().resolve("names").resolve(name).toRealPath();
            program.kill();
            assertEquals(137, program.exitCode());
        }
        try (SharedMemory mine = SharedMemory.create(name, 4)) {
            assertEquals(4, mine.size());
            assertFalse(Files.exists(left.resolveSibling("")));
        }
    }

    @Test
    void whatAKilledOwnerHasLeftCannotBeOpened() throws Exception {
        String name = unique("killed-too");
        try (Jvm program = Jvm.start(MemoryPrograms.class, "hold", name)) {
            assertEquals("ready", program.line());
            SharedMemory.open(name).close();
            program.kill();
            assertEquals(137, program.exitCode());
        }
        assertEquals(Reason.NOT_FOUND, reason(() -> SharedMemory.open(name)));
    }

    @Test
    void whatALivingOwnerHasIsLeftAlone() throws Exception {
        String name = unique("living");
        try (Jvm program = Jvm.start(MemoryPrograms.class, "hold", name)) {
            assertEquals("ready", program.line());
            for (int i = 0; i < 3; i++) {
                SharedMemory.create(4).close();
                SharedMemory.open(name).close();
            }
        }
    }

    @Test
    @SuppressWarnings("try") // it only has to be there
    @Tag("full")
    void anotherCopyOfTheLibraryInThisJvmDoesNotLoseItsLock() throws Exception {
        String name = unique("copy");
        try (SharedMemory mine = SharedMemory.create(name, 4);
                URLClassLoader loader = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader());
                ProcessPool pool = ProcessPool.of(QUIET)) {
            Class<?> copy = loader.loadClass(SharedMemory.class.getName());
            AutoCloseable other = assertInstanceOf(
                    AutoCloseable.class, copy.getMethod("create", long.class).invoke(null, 4L));
            SharedMemory.create(4).close();
            // Another process looks for what is left by owners that are gone.
            assertEquals(4L, pool.call(() -> {
                try (SharedMemory there = SharedMemory.open(name)) {
                    return there.size();
                }
            }));
            String others = (String) copy.getMethod("name").invoke(other);
            pool.run(() -> SharedMemory.open(others).close());
            other.close();
        }
    }

    private static URL[] classPath() throws IOException {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(java.io.File.pathSeparator)) {
            urls.add(Path.of(entry).toUri().toURL());
        }
        return urls.toArray(URL[]::new);
    }

    @Test
    @Tag("full")
    void processesThatCreateAndLookForLeftoversAtOnceDisturbNobody() {
        List<JvmProcess> children = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            String name = unique("at-once-" + i);
            children.add(JvmProcess.spawn(() -> createAndOpen(name)));
        }
        createAndOpen(unique("at-once"));
        assertEquals(List.of(0, 0, 0), children.stream().map(JvmProcess::join).toList());
    }

    private static void createAndOpen(String name) {
        for (int i = 0; i < 200; i++) {
            try (SharedMemory mine = SharedMemory.create(name, 4);
                    SharedMemory again = SharedMemory.open(name)) {
                mine.segment().set(JAVA_INT, 0, i);
                if (again.segment().get(JAVA_INT, 0) != i) {
                    throw new AssertionError("other memory");
                }
            }
        }
    }

    // ---- numbers ----

    @Test
    @Tag("full")
    void severalProcessesCountWithoutLosingOne() throws Exception {
        try (SharedLongs counts = SharedLongs.create(2);
                SharedDoubles sum = SharedDoubles.create(1)) {
            List<JvmProcess> children = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                children.add(JvmProcess.spawn(() -> {
                    for (int n = 0; n < 20_000; n++) {
                        counts.addAndGet(0, 1);
                        sum.addAndGet(0, 0.5);
                        long before = counts.get(1);
                        while (!counts.compareAndSet(1, before, before + 2)) {
                            before = counts.get(1);
                        }
                    }
                }));
            }
            for (JvmProcess child : children) {
                assertEquals(0, child.join());
            }
            assertEquals(60_000, counts.get(0));
            assertEquals(120_000, counts.get(1));
            assertEquals(30_000.0, sum.get(0));
        }
    }

    @Test
    void manyElementsAreCopiedAtOnce() {
        try (SharedLongs longs = SharedLongs.create(5);
                SharedDoubles doubles = SharedDoubles.create(5)) {
            longs.write(1, new long[]{1, 2, 3});
            doubles.write(2, new double[]{1, 2, 3});
            long[] some = new long[4];
            longs.read(0, some);
            double[] others = new double[3];
            doubles.read(1, others);
            assertEquals(List.of(0L, 1L, 2L, 3L), java.util.Arrays.stream(some).boxed().toList());
            assertEquals(List.of(0.0, 1.0, 2.0), java.util.Arrays.stream(others).boxed().toList());
            assertThrows(IndexOutOfBoundsException.class, () -> longs.write(3, new long[3]));
            assertThrows(IndexOutOfBoundsException.class, () -> doubles.read(-1, new double[1]));
            assertThrows(IndexOutOfBoundsException.class, () -> longs.get(5));
            assertThrows(IndexOutOfBoundsException.class, () -> doubles.set(-1, 1));
        }
    }

    @Test
    void viewsMustLieInsideTheirMemory() {
        try (SharedMemory memory = SharedMemory.create(100)) {
            assertEquals(12, SharedLongs.in(memory).length());
            assertEquals(2, new SharedDoubles(memory, 80, 2).length());
            assertThrows(IllegalArgumentException.class, () -> new SharedLongs(memory, 4, 1));
            assertThrows(IllegalArgumentException.class, () -> new SharedLongs(memory, 0, 13));
            assertThrows(IllegalArgumentException.class, () -> new SharedDoubles(memory, 104, 0));
            assertThrows(IllegalArgumentException.class, () -> new SharedDoubles(memory, 0, -1));
            assertThrows(IllegalArgumentException.class, () -> new SharedLongs(memory, 8, Long.MAX_VALUE));
        }
    }

    @Test
    void closeDuringUseByAnotherThreadIsAnErrorThereAndNoCrash() throws Exception {
        SharedLongs numbers = SharedLongs.create(1);
        Thread user = new Thread(() -> assertThrows(IllegalStateException.class, () -> {
            while (true) {
                numbers.addAndGet(0, 1);
            }
        }));
        user.start();
        while (numbers.get(0) < 1000) {
            Thread.onSpinWait();
        }
        numbers.close();
        assertTrue(user.join(java.time.Duration.ofNanos(TimeUnit.SECONDS.toNanos(30))));
    }
}
