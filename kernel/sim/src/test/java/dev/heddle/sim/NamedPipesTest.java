package dev.heddle.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.engine.Stdio;
import dev.heddle.file.AsyncFiles;
import dev.heddle.file.FileChanges;
import dev.heddle.file.FileMutex;
import dev.heddle.file.FileStream;
import dev.heddle.file.TempPath;
import dev.heddle.file.WatchOptions;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;
import dev.heddle.net.SocketHandover;
import dev.heddle.net.Unix;
import dev.heddle.net.UnixOptions;
import dev.heddle.os.Subprocess;
import dev.heddle.os.SubprocessOptions;
import dev.heddle.settings.Settings;
import dev.heddle.tls.TlsAuthority;
import dev.heddle.tls.TlsIdentity;
import dev.heddle.tls.TlsTrust;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each call about files, keys, settings, sockets of the file system and processes that takes a path ends within its deadline, though the path is a
 * FIFO that nobody else opens. To open one hears no interrupt.
 */
final class NamedPipesTest {

    private static final Duration PATIENCE = Duration.ofMillis(300);

    /** After so long the FIFO is opened by somebody, so that a call that hangs ends, too late. */
    private static final Duration RESCUE = Duration.ofSeconds(5);

    private static final List<Class<?>> CLASSES = List.of(AsyncFiles.class, FileStream.class, FileChanges.class,
            FileMutex.class, TempPath.class, ByteStream.class, Unix.class, SocketHandover.class, TlsIdentity.class,
            TlsTrust.class, TlsAuthority.class, Settings.class);

    private static final TlsTrust TRUST = TlsTrust.of(TlsIdentity.selfSigned("a").certificate());

    /** What a parameter of a type is given, beside the path. */
    private static final Map<Class<?>, Object> ARGUMENTS = Map.of(
            int.class, 10,
            byte[].class, new byte[10],
            String.class, "text",
            Duration.class, Duration.ofHours(1),
            WatchOptions.class, WatchOptions.DEFAULT,
            UnixOptions.class, UnixOptions.DEFAULT);

    @TempDir
    private Path directory;

    /** A call with a FIFO. */
    private interface WithPath {
        void call(Path path) throws Exception;
    }

    @TestFactory
    Stream<DynamicTest> callEndsWithItsDeadline() {
        Stream<DynamicTest> found = CLASSES.stream()
                .flatMap(owner -> Arrays.stream(owner.getMethods()))
                .filter(method -> List.of(method.getParameterTypes()).contains(Path.class))
                .flatMap(this::tests);
        return Stream.concat(found, streamsOfAProcess());
    }

    private Stream<DynamicTest> tests(Method method) {
        boolean hasOptions = method.getParameterTypes()[method.getParameterCount() - 1] == OpenOption[].class;
        List<OpenOption> ways = hasOptions
                ? List.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.APPEND)
                : List.of(StandardOpenOption.READ);
        return ways.stream().map(way -> dynamicTest(
                method.getDeclaringClass().getSimpleName() + "." + method.getName() + (hasOptions ? " " + way : ""),
                () -> assertPrompt(fifo -> use(method, fifo, way))));
    }

    private Stream<DynamicTest> streamsOfAProcess() {
        return Stream.of(
                dynamicTest("Subprocess.run, its input", () -> assertPrompt(fifo -> Subprocess.run(
                        SubprocessOptions.DEFAULT.withStdin(Stdio.file(fifo)), "true"))),
                dynamicTest("Subprocess.run, its output", () -> assertPrompt(fifo -> Subprocess.run(
                        SubprocessOptions.DEFAULT.withStdout(Stdio.file(fifo)), "true"))),
                dynamicTest("Subprocess.run, its errors behind others", () -> assertPrompt(fifo -> Subprocess.run(
                        SubprocessOptions.DEFAULT.withStderr(Stdio.appendTo(fifo)), "true"))),
                dynamicTest("Subprocess.run, its directory", () -> assertPrompt(fifo -> Subprocess.run(
                        SubprocessOptions.DEFAULT.withDirectory(fifo), "true"))));
    }

    /** Calls it, and takes the first of what it gives. */
    private static void use(Method method, Path fifo, OpenOption way) throws Exception {
        List<Object> arguments = new ArrayList<>();
        for (Class<?> type : method.getParameterTypes()) {
            arguments.add(type == Path.class
                    ? fifo
                    : type == OpenOption[].class
                            ? new OpenOption[]{way}
                            : Optional.ofNullable(ARGUMENTS.get(type))
                                    .orElseThrow(() -> new AssertionError("nothing for " + type)));
        }
        try (MemoryStreams.Pair pair = MemoryStreams.pair()) {
            Object target = method.getDeclaringClass() == TlsTrust.class ? TRUST : pair.left();
            Object result = method.invoke(Modifier.isStatic(method.getModifiers()) ? null : target,
                    arguments.toArray());
            if (result instanceof Optional<?> optional) {
                result = optional.orElse(null);
            }
            if (result instanceof Iterable<?> all && !(result instanceof FileChanges)) {
                all.iterator().hasNext();
            }
            if (result instanceof AutoCloseable open) {
                open.close();
            }
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (Exception) e.getCause();
        }
    }

    private void assertPrompt(WithPath call) throws Exception {
        Path fifo = Files.createTempDirectory(directory, "pipe").resolve("fifo");
        assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
        var over = new CountDownLatch(1);
        Thread rescuer = Thread.ofPlatform().daemon().start(() -> rescue(fifo, over));
        long begin = System.nanoTime();
        try {
            Heddle.run(() -> Heddle.moveOnAfter(PATIENCE, () -> refusedOrDone(call, fifo)));
        } finally {
            over.countDown();
            rescuer.join();
        }
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        assertTrue(took.compareTo(RESCUE) < 0, () -> "it hung for " + took);
    }

    private static void refusedOrDone(WithPath call, Path fifo) throws Exception {
        try {
            call.call(fifo);
        } catch (CancelledException inTime) {
            throw inTime;
        } catch (HeddleException | IllegalArgumentException | IOException | UncheckedIOException refused) {
            assertTrue(String.valueOf(refused.getMessage()).contains("fifo"), refused::toString);
        }
    }

    private static void rescue(Path fifo, CountDownLatch over) {
        try {
            if (!over.await(RESCUE.toNanos(), TimeUnit.NANOSECONDS)) {
                try (FileChannel _ = FileChannel.open(fifo, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                    over.await(1, TimeUnit.SECONDS);
                }
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void assertFound(WithPath call) {
        AssertionError late = assertThrows(AssertionError.class, () -> assertPrompt(call));
        assertTrue(late.getMessage().startsWith("it hung"), late::getMessage);
    }

    @Tag("full")
    @Test
    void callThatOpensAFifoIsFound() {
        assertFound(fifo -> Heddle.offload(() -> Files.readAllBytes(fifo)));
        assertFound(Files::readAllBytes);
    }
}
